//! A copy of the database in one file: a private draft beside its place, that takes its name only when it is
//! whole and sound. It never replaces a file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::{StoreError, open};

/// Pages copied before deliveries have their turn again: 1 MiB, a few milliseconds.
const STEP: i32 = 256;

/// A copy under way. Dropped unfinished, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Copy {
    to: PathBuf,
    draft: PathBuf,
    /// Open while it is filled.
    target: Option<Connection>,
}

impl Copy {
    /// Begins an empty draft for the new file `to`.
    pub(crate) fn begin(to: &Path) -> Result<Self, StoreError> {
        let (Some(name), Some(dir)) = (to.file_name(), to.parent()) else {
            return Err(StoreError::Conflict(format!("{} names no file", to.display())));
        };
        if to.exists() {
            let message = format!("{} exists already: choose a new file name", to.display());
            return Err(StoreError::Conflict(message));
        }
        let draft = dir.join(format!(".{}.unfinished", name.to_string_lossy()));
        let failed = |source| StoreError::File { path: to.to_owned(), source };
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            // Left behind by a kill.
            _ => {}
        }
        open::create_private(&draft).map_err(failed)?;
        let mut copy = Self { to: to.to_owned(), draft, target: None };
        copy.target = Some(open::copy_target(&copy.draft)?);
        Ok(copy)
    }

    /// Closes the filled draft, makes sure that it is sound and on disk, and gives it its name; its size.
    pub(crate) fn finish(mut self) -> Result<u64, StoreError> {
        if let Some(target) = self.target.take() {
            // A file by itself: a copy that asked for a log beside it could not be read from a CD.
            target.query_row("PRAGMA journal_mode = DELETE", [], |_row| Ok(()))?;
        }
        check(&self.draft)?;
        let failed = |source| StoreError::File { path: self.to.clone(), source };
        let file = File::options().write(true).open(&self.draft).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        drop(file);
        if self.to.exists() {
            let message = format!("{} was made meanwhile: choose a new file name", self.to.display());
            return Err(StoreError::Conflict(message));
        }
        fs::rename(&self.draft, &self.to).map_err(failed)?;
        sync_directory(&self.to);
        Ok(bytes)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        drop(self.target.take());
        // Gone already when the copy was finished.
        let _ = fs::remove_file(&self.draft);
    }
}

/// Copies everything of `from`; `between` is called after each step and may break off.
pub(crate) fn fill(
    from: &Connection,
    copy: &mut Copy,
    mut between: impl FnMut() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let Some(target) = copy.target.as_mut() else { return Err(StoreError::Stopped) };
    let backup = Backup::new(from, target)?;
    while backup.step(STEP)? != StepResult::Done {
        between()?;
    }
    Ok(())
}

/// A copy of a database that nobody writes to meanwhile; its size.
pub(crate) fn at_once(from: &Connection, to: &Path) -> Result<u64, StoreError> {
    let mut copy = Copy::begin(to)?;
    fill(from, &mut copy, || Ok(()))?;
    copy.finish()
}

/// Refuses a file whose pages do not hang together.
fn check(path: &Path) -> Result<(), StoreError> {
    let verdict: String = open::foreign(path)?.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged(verdict)) }
}

/// A new name is on disk once its directory is. Windows has no such call, and needs none.
pub(crate) fn sync_directory(file: &Path) {
    #[cfg(unix)]
    if let Some(dir) = file.parent()
        && let Err(error) = File::open(dir).and_then(|dir| dir.sync_all())
    {
        tracing::warn!(%error, "store.directory_not_synced");
    }
    #[cfg(not(unix))]
    let _ = file;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Store, audit};

    fn count(path: &Path) -> i64 {
        open::foreign(path).unwrap().query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).unwrap()
    }

    #[tokio::test]
    async fn a_backup_is_whole_although_changes_go_on_and_the_log_stays_short() {
        let dir = tempfile::tempdir().unwrap();
        let (path, to) = (dir.path().join("ihook.db"), dir.path().join("copy.db"));
        let store = Store::open(&path).unwrap();
        let add = || store.write(|tx| audit::add(tx, 0, "test", "test", &"x".repeat(40_000)));
        for _ in 0..500 {
            add().await.unwrap();
        }
        let mut made = std::pin::pin!(store.backup(&to));
        let (mut during, mut longest) = (0, 0);
        let bytes = loop {
            tokio::select! {
                bytes = &mut made => break bytes.unwrap(),
                added = add() => { added.unwrap(); during += 1; }
            }
            longest = longest.max(open::log_bytes(&path));
        };
        assert!(during > 3, "changes went on: {during}");
        assert!(longest < 32 * 1024 * 1024, "the log grew to {longest} bytes");
        assert_eq!(fs::metadata(&to).unwrap().len(), bytes);
        assert!(count(&to) >= 500);
        assert!(matches!(store.backup(&to).await, Err(StoreError::Conflict(_))), "it never replaces a file");
        let nowhere = dir.path().join("no/such/place.db");
        assert!(matches!(store.backup(&nowhere).await, Err(StoreError::File { .. })));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(Store::open(&to).is_ok(), "it is a database of ours");
    }

    #[tokio::test]
    async fn a_backup_that_is_broken_off_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("copy.db");
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        for _ in 0..100 {
            store.write(|tx| audit::add(tx, 0, "test", "test", &"x".repeat(100_000))).await.unwrap();
        }
        let (made, ()) = tokio::join!(store.backup(&to), async {
            tokio::task::yield_now().await;
            let store = store.clone();
            tokio::task::spawn_blocking(move || store.close_blocking()).await.unwrap();
        });
        let left = || {
            let names = fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name());
            names.filter(|name| name.to_string_lossy().contains("copy")).count()
        };
        // It may have been quicker than the end.
        let done = usize::from(made.is_ok());
        tokio::time::timeout(Duration::from_secs(10), async {
            while left() != done {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
    }
}
