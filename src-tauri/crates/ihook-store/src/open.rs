//! The one place where connections are opened, so that their settings are the same everywhere.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::{OpenError, StoreError};

/// Opens or creates the database for writing and reads the durability settings back: a payload may only be
/// acknowledged when `synchronous=FULL` on a write-ahead log really holds.
pub(crate) fn writable(path: &Path) -> Result<Connection, OpenError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sqlite = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let is_new = !path.exists();
    let connection = connect(path, flags).map_err(|source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            OpenError::Damaged { path: path.to_owned(), reason: source.to_string() }
        }
        _ => sqlite(source),
    })?;
    if is_new {
        // Takes effect only before the first table: space of removed runs can be given back later.
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL").map_err(sqlite)?;
    }
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(
        |source| match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
                OpenError::Damaged { path: path.to_owned(), reason: source.to_string() }
            }
            _ => sqlite(source),
        },
    )?;
    if mode != "wal" {
        return Err(OpenError::NotDurable { setting: "journal_mode = WAL", found: mode });
    }
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
             PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(sqlite)?;
    let synchronous: i64 =
        connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(sqlite)?;
    if synchronous != 2 {
        return Err(OpenError::NotDurable { setting: "synchronous = FULL", found: synchronous.to_string() });
    }
    Ok(connection)
}

/// Opens the database for reading only.
pub(crate) fn readable(path: &Path) -> Result<Connection, rusqlite::Error> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection
        .execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;")?;
    Ok(connection)
}

/// Writes a consistent copy of `connection`'s database to the new file `to`; the copy's size in bytes.
pub(crate) fn copy(connection: &Connection, to: &Path) -> Result<u64, StoreError> {
    let target = to.to_str().ok_or_else(|| StoreError::Conflict("the path is not valid text".to_owned()))?;
    if to.exists() {
        return Err(StoreError::Conflict(format!("{target} exists already: choose a new file name")));
    }
    connection.execute("VACUUM INTO ?1", [target])?;
    std::fs::metadata(to).map(|file| file.len()).map_err(|error| StoreError::Conflict(error.to_string()))
}
