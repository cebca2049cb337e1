//! Puts a backup in the database's place, in two moves: [`stage`] makes a checked copy of it beside the database
//! while that may be in use, [`swap`] exchanges the two while it is closed.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::copy::sync_directory;
use crate::{OpenError, StoreError, audit, copies, copy, health, migrate, open, setting};

/// While it is being made, and when it is ready to take the database's place.
const DRAFT: &str = ".restoring";
const STAGED: &str = ".restored";

/// What the audit list and the runs say.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// Milliseconds since 1970.
    pub at: i64,
    /// For the audit list, in words.
    pub detail: &'a str,
    /// Why runs do not go on by themselves that were unfinished when the backup was made.
    pub held_reason: &'a str,
}

/// What goes wrong with a restore. The present database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is the database itself.
    #[error("{0} is the database that is in use: name the backup to put in its place")]
    Itself(PathBuf),
    /// An empty database was asked for where there is one.
    #[error("{0} is there: an empty one is made only where it is missing")]
    NotLost(PathBuf),
    /// The backup cannot be used.
    #[error(transparent)]
    Backup(#[from] OpenError),
    /// It could not be copied or put in place.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies `backup` beside the database at `path`, checks it and brings it to the present schema. The backup
/// itself is only read. Runs that were unfinished when it was made are held: they may have been written since.
///
/// # Errors
/// When the backup is the database itself, damaged, not ours, newer than this program, or cannot be copied.
pub fn stage(backup: &Path, path: &Path, note: &Note<'_>) -> Result<(), RestoreError> {
    let draft = open::beside(path, DRAFT);
    let failed = |source| OpenError::from_sqlite(backup, source);
    if let Err(source) = fs::metadata(backup) {
        return Err(OpenError::File { path: backup.to_owned(), source }.into());
    }
    refuse_itself(backup, path)?;
    discard(path);
    let from = open::foreign(backup).map_err(failed)?;
    let found = health::sound(&from, backup)?;
    copy::at_once(&from, &draft)?;
    let ours = || -> Result<(), RestoreError> {
        let mut connection = open::writable(&draft)?;
        open::durable(&connection, &draft)?;
        migrate::apply_missing(&mut connection, &draft, found)?;
        let noted = hold(&connection, note);
        // In one file again, so that one name is all there is to move.
        let whole = connection.query_row("PRAGMA journal_mode = DELETE", [], |_row| Ok(()));
        noted.and_then(|()| whole.map_err(StoreError::from))?;
        drop(connection);
        fs::rename(&draft, staged(path)).map_err(|source| OpenError::File { path: draft.clone(), source })?;
        sync_directory(path);
        Ok(())
    };
    ours().inspect_err(|_failed| discard(path))
}

/// Refuses to take the database at `path` for its own backup, whatever name leads to it.
///
/// # Errors
/// When it is the same file.
pub fn refuse_itself(backup: &Path, path: &Path) -> Result<(), RestoreError> {
    match (fs::canonicalize(backup), fs::canonicalize(path)) {
        (Ok(one), Ok(other)) if one == other => Err(RestoreError::Itself(backup.to_owned())),
        _ => Ok(()),
    }
}

fn hold(connection: &Connection, note: &Note<'_>) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE run SET status = 'held', resume_at = NULL, waiting_reason = ?1
         WHERE status IN ('queued', 'running', 'waiting', 'inDoubt', 'held')",
        [note.held_reason],
    )?;
    // A backup knows nothing of the time since: a person is there, so the clock is believed.
    connection.execute("DELETE FROM setting WHERE name = ?1", [setting::KNOWN_TIME])?;
    audit::add(connection, note.at, "restore", "database", note.detail)
}

/// Puts the staged copy in the place of the closed database at `path`, which is kept beside it under a name
/// with `stamp` in it; that name, when there was a database.
///
/// # Errors
/// When a file cannot be moved; all are then where they were. A move that a power cut interrupts is completed by
/// [`complete`].
pub fn swap(path: &Path, stamp: &str) -> Result<Option<PathBuf>, StoreError> {
    fold_log(path);
    let kept = copies::replaced(path, stamp);
    // The database before its log: as long as it is in its place it must have its log, for it may stay there.
    let exchanged = move_if_there(path, &kept).and_then(|()| {
        sync_directory(path);
        move_log(path, &kept)?;
        fs::rename(staged(path), path)
    });
    if let Err(source) = exchanged {
        move_back(&kept, path)?;
        return Err(StoreError::File { path: path.to_owned(), source });
    }
    sync_directory(path);
    Ok(kept.exists().then_some(kept))
}

/// Moves what a lost database left of its log out of the way of another one, which SQLite would mix it into.
///
/// # Errors
/// When a file cannot be moved.
pub fn set_log_aside(path: &Path, stamp: &str) -> Result<(), StoreError> {
    move_log(path, &copies::replaced(path, stamp))
        .map_err(|source| StoreError::File { path: path.to_owned(), source })
}

/// Writes what is in the log of a closed database into the database, so that one name is all there is to move. What
/// cannot be read keeps its log: SQLite would empty one that it does not understand.
fn fold_log(path: &Path) {
    if !open::has_log(path) || !is_ours(path) {
        return;
    }
    let folded = open::writable(path).and_then(|connection| {
        let failed = |source| OpenError::from_sqlite(path, source);
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_row| Ok(())).map_err(failed)
    });
    if let Err(error) = folded {
        tracing::warn!(%error, "store.log_not_folded");
    }
}

fn is_ours(path: &Path) -> bool {
    let schema = open::foreign(path).map(|database| migrate::refuse_newer(&database, path));
    schema.is_ok_and(|found| found.is_ok_and(|found| found > 0))
}

/// Undoes a swap: puts `kept` back in the place of what was restored.
///
/// # Errors
/// When a file cannot be moved.
pub fn swap_back(path: &Path, kept: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-shm", ""] {
        let gone = fs::remove_file(open::beside(path, suffix));
        if let Err(source) = gone
            && source.kind() != std::io::ErrorKind::NotFound
        {
            return Err(StoreError::File { path: path.to_owned(), source });
        }
    }
    move_back(kept, path)
}

/// Puts the database and its log back, as far as they were moved.
fn move_back(kept: &Path, path: &Path) -> Result<(), StoreError> {
    move_if_there(kept, path)
        .and_then(|()| move_log(kept, path))
        .map_err(|source| StoreError::File { path: path.to_owned(), source })?;
    sync_directory(path);
    Ok(())
}

/// Ends a swap that was interrupted: without a database, the staged copy is it. Beside one, it is rubbish.
///
/// # Errors
/// When the file cannot be moved.
pub fn complete(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        discard(path);
        return Ok(());
    }
    if staged(path).exists() {
        set_log_aside(path, "unfinished")?;
        fs::rename(staged(path), path)
            .map_err(|source| StoreError::File { path: path.to_owned(), source })?;
    }
    Ok(())
}

fn staged(path: &Path) -> PathBuf {
    open::beside(path, STAGED)
}

fn discard(path: &Path) {
    for name in [DRAFT, STAGED] {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // Mostly there is none.
            let _ = fs::remove_file(open::beside(path, &format!("{name}{suffix}")));
        }
    }
}

fn move_log(from: &Path, to: &Path) -> std::io::Result<()> {
    ["-wal", "-shm"]
        .iter()
        .try_for_each(|suffix| move_if_there(&open::beside(from, suffix), &open::beside(to, suffix)))
}

fn move_if_there(from: &Path, to: &Path) -> std::io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_that_fails_leaves_database_and_log_where_they_were() {
        for main in [None, Some("a database")] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("ihook.db");
            if let Some(bytes) = main {
                fs::write(&path, bytes).unwrap();
            }
            fs::write(open::beside(&path, "-wal"), "its log").unwrap();
            swap(&path, "20270101-000000").expect_err("nothing was staged");
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), main);
            assert_eq!(fs::read_to_string(open::beside(&path, "-wal")).unwrap(), "its log");
        }
    }

    #[test]
    fn what_a_killed_database_had_in_its_log_is_in_the_one_file_that_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (path, running) = (dir.path().join("ihook.db"), dir.path().join("running.db"));
        let connection = open::writable(&running).unwrap();
        open::durable(&connection, &running).unwrap();
        let rows = "PRAGMA user_version = 1; CREATE TABLE t (n INTEGER) STRICT; INSERT INTO t VALUES (1)";
        connection.execute_batch(rows).unwrap();
        for suffix in ["", "-wal"] {
            fs::copy(open::beside(&running, suffix), open::beside(&path, suffix)).unwrap();
        }
        fs::write(staged(&path), "the backup").unwrap();
        let kept = swap(&path, "20270101-000000").unwrap().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "the backup");
        assert!(!open::has_log(&path) && !open::has_log(&kept));
        let count =
            |table: &Connection| table.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0));
        assert_eq!(count(&open::foreign(&kept).unwrap()).unwrap(), 1);
    }
}
