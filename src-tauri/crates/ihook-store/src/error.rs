//! What can go wrong with the database, as far as a caller acts on it.

use std::path::PathBuf;

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row.
    #[error("not found")]
    NotFound,
    /// The change contradicts what is stored: a final status, a name that is taken.
    #[error("{0}")]
    Conflict(String),
    /// The writer has ended: the program is stopping, or a change panicked.
    #[error("the database is closed")]
    Stopped,
    /// SQLite's own words: disk full, I/O error, damage.
    #[error("the database could not be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
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
    /// A durability setting did not hold when it was read back.
    #[error("SQLite did not accept {setting} (it says {found}), so a power cut could lose deliveries")]
    NotDurable {
        /// The setting asked for.
        setting: &'static str,
        /// What was read back.
        found: String,
    },
    /// SQLite's own words.
    #[error("cannot open the database {path}: {source}")]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The writer thread could not be started.
    #[error("cannot start the database's writer: {0}")]
    Thread(#[from] std::io::Error),
}
