//! What can go wrong with the database, as far as a caller acts on it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::open;

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row.
    #[error("not found")]
    NotFound,
    /// The change contradicts what is stored: a final status, a name that is taken.
    #[error("{0}")]
    Conflict(String),
    /// A read was broken off, because the write-ahead log grows as long as it lasts.
    #[error("it took too long: ask for less at once")]
    TooLong,
    /// The file itself is bad: nothing more is written.
    #[error("the database is damaged ({0}): restore a backup")]
    Damaged(String),
    /// The writer has ended: the program is stopping, or a change panicked.
    #[error("the database is closed")]
    Stopped,
    /// A file beside the database could not be used.
    #[error("{path} cannot be used ({source})")]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// SQLite's own words: disk full, I/O error.
    #[error("the database could not be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// Whether nothing more can be written there now: a full disk, a quota, a limit on the size of files.
#[must_use]
pub fn is_disk_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

impl StoreError {
    /// Whether only room on the disk is missing.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::File { source, .. } => is_disk_full(source),
            Self::Sqlite(error) => open::is_disk_full(error),
            Self::NotFound | Self::Conflict(_) | Self::TooLong | Self::Damaged(_) | Self::Stopped => false,
        }
    }

    /// The same again, for another who was waiting for the same.
    pub(crate) fn restated(&self) -> Self {
        match self {
            Self::NotFound => Self::NotFound,
            Self::Conflict(reason) => Self::Conflict(reason.clone()),
            Self::TooLong => Self::TooLong,
            Self::Damaged(reason) => Self::Damaged(reason.clone()),
            Self::Stopped => Self::Stopped,
            Self::File { path, source } => Self::File { path: path.clone(), source: source.kind().into() },
            Self::Sqlite(error) => Self::Sqlite(restate(error)),
        }
    }
}

/// `rusqlite::Error` cannot be cloned, and every answer of a failed group needs the reason.
pub(crate) fn restate(error: &rusqlite::Error) -> rusqlite::Error {
    let code = error.sqlite_error().map_or_else(
        || rusqlite::ffi::Error { code: ErrorCode::SystemIoFailure, extended_code: 10 },
        |known| *known,
    );
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer program wrote it. Nothing was touched.
    #[error(
        "{path} was written by a newer iHook (schema {found}, this program knows {known}): install the newer \
         program, or restore the backup that was made before the update"
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its schema number.
        found: i64,
        /// The newest schema number this program knows.
        known: i64,
    },
    /// The file is no sound database.
    #[error("{path} is damaged ({reason}): restore a backup; the file was left as it is")]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What the check found.
        reason: String,
    },
    /// There was one, and it is gone. Nothing was made in its place.
    #[error(
        "{path} is missing or empty, although iHook was set up here before: if it was moved, put it back; else \
         restore a backup"
    )]
    Lost {
        /// Where it was.
        path: PathBuf,
    },
    /// A sound database of another program.
    #[error("{path} is not a database of iHook")]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Something is in it that no program of ours puts there, or ours was changed. Nothing of it was used.
    #[error(
        "{path} is not as iHook makes it ({objects}): another program has changed it, and nothing of it is used. \
         Restore another backup"
    )]
    Foreign {
        /// The database file.
        path: PathBuf,
        /// What differs, by kind and name.
        objects: String,
    },
    /// Another program has it open.
    #[error("{path} is open in another program: close that program, then try again")]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// A durability setting did not hold when it was read back.
    #[error("SQLite did not accept {setting} (it says {found}), so a power cut could lose deliveries")]
    NotDurable {
        /// The setting asked for.
        setting: &'static str,
        /// What was read back.
        found: String,
    },
    /// The copy that is made before an update could not be written.
    #[error("the copy before the update could not be made, so nothing was updated: {0}")]
    Copy(StoreError),
    /// SQLite's own words.
    #[error("cannot open the database {path}: {source}")]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file system's words.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The writer thread could not be started.
    #[error("cannot start the database's writer: {0}")]
    Thread(#[from] io::Error),
}

impl OpenError {
    /// What SQLite said while `path` was opened or looked at.
    pub(crate) fn from_sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            _ if open::is_damage(&source) => Self::Damaged { path, reason: source.to_string() },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse { path },
            _ => Self::Sqlite { path, source },
        }
    }

    /// Whether only room on the disk is missing, so that a later try may succeed.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Sqlite { source, .. } => open::is_disk_full(source),
            Self::File { source, .. } | Self::Thread(source) => is_disk_full(source),
            Self::Copy(error) => error.is_disk_full(),
            Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::Lost { .. }
            | Self::NotOurs { .. }
            | Self::Foreign { .. }
            | Self::InUse { .. }
            | Self::NotDurable { .. } => false,
        }
    }
}
