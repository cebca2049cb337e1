//! Puts a backup in the database's place, in two moves: [`stage`] makes a checked copy of it beside the database
//! while that may be in use, [`swap`] exchanges the two while it is closed.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::copy::sync_directory;
use crate::{OpenError, StoreError, audit, copies, copy, health, migrate, open};

/// While it is being made, and when it is ready to take the database's place.
const DRAFT: &str = ".restoring";
const STAGED: &str = ".restored";

/// What the audit list and the runs are told.
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
    let told = |source| OpenError::from_sqlite(backup, source);
    if let Err(source) = fs::metadata(backup) {
        return Err(OpenError::File { path: backup.to_owned(), source }.into());
    }
    refuse_itself(backup, path)?;
    discard(path);
    let from = open::foreign(backup).map_err(told)?;
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
    audit::add(connection, note.at, "restore", "database", note.detail)
}

/// Puts the staged copy in the place of the closed database at `path`, which is kept beside it under a name
/// with `stamp` in it; that name, when there was a database.
///
/// # Errors
/// When a file cannot be moved; all are then where they were. A move that a power cut interrupts is completed by
/// [`complete`].
pub fn swap(path: &Path, stamp: &str) -> Result<Option<PathBuf>, StoreError> {
    let told = |source| StoreError::File { path: path.to_owned(), source };
    let kept = set_log_aside(path, stamp)?;
    let exchanged = move_if_there(path, &kept).and_then(|()| {
        sync_directory(path);
        fs::rename(staged(path), path)
    });
    if let Err(source) = exchanged {
        swap_back(path, &kept)?;
        return Err(told(source));
    }
    sync_directory(path);
    Ok(kept.exists().then_some(kept))
}

/// Moves what a database left of its log out of the way of another one, which SQLite would mix it into; under
/// which name the database itself may follow.
///
/// # Errors
/// When a file cannot be moved.
pub fn set_log_aside(path: &Path, stamp: &str) -> Result<PathBuf, StoreError> {
    let told = |source| StoreError::File { path: path.to_owned(), source };
    let kept = copies::replaced(path, stamp);
    for suffix in ["-wal", "-shm"] {
        move_if_there(&open::beside(path, suffix), &open::beside(&kept, suffix)).map_err(told)?;
    }
    Ok(kept)
}

/// Undoes a swap, also half a one: puts `kept` back, as far as it was moved there.
///
/// # Errors
/// When a file cannot be moved.
pub fn swap_back(path: &Path, kept: &Path) -> Result<(), StoreError> {
    let told = |source| StoreError::File { path: path.to_owned(), source };
    // Else the database at `path` is still the one before.
    let swapped: &[_] = if kept.exists() { &["-wal", "-shm", ""] } else { &[] };
    for suffix in swapped {
        let gone = fs::remove_file(open::beside(path, suffix));
        if let Err(error) = gone
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(told(error));
        }
    }
    for suffix in ["", "-wal", "-shm"] {
        move_if_there(&open::beside(kept, suffix), &open::beside(path, suffix)).map_err(told)?;
    }
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
}
