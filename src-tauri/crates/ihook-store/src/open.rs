//! The one place where connections are opened, so that their settings are the same everywhere.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::OpenError;

/// How long a start waits for another program that has the database open.
const PATIENCE: Duration = Duration::from_secs(2);

/// The log is cut to this length when it starts over after a burst.
const LOG_KEPT: u32 = 16 * 1024 * 1024;

/// On Unix the database belongs to this process alone: a foreign reader could hold a snapshot for hours, and
/// the write-ahead log would grow as long. SQLite then keeps the log's index in memory that all connections of
/// the process share. Windows has no such mode; there a log that grows is reported ([`crate::Health`]).
const VFS: &str = if cfg!(unix) { "unix-excl" } else { "win32" };

/// Opens or creates the database for writing, and leaves what is there as it is: [`durable`] follows once the
/// file is known to be ours.
pub(crate) fn writable(path: &Path) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::from_sqlite(path, source);
    let is_new = private(path)?;
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed)?;
    // A database that turns out to be newer is closed without as much as tidying its log.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
    if is_new {
        // Takes effect only before the first table: space of removed runs can be given back later.
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL").map_err(failed)?;
    }
    Ok(connection)
}

/// Sets what makes a commit durable and reads it back: a payload may only be acknowledged when
/// `synchronous=FULL` on a write-ahead log really holds.
pub(crate) fn durable(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::from_sqlite(path, source);
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(failed)?;
    if mode != "wal" {
        return Err(OpenError::NotDurable { setting: "journal_mode = WAL", found: mode });
    }
    connection
        .execute_batch(&format!(
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
             PRAGMA secure_delete = ON; PRAGMA journal_size_limit = {LOG_KEPT};"
        ))
        .map_err(failed)?;
    let synchronous: i64 =
        connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(failed)?;
    if synchronous != 2 {
        return Err(OpenError::NotDurable { setting: "synchronous = FULL", found: synchronous.to_string() });
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(failed)?;
    Ok(())
}

/// Opens the program's own database for reading.
pub(crate) fn readable(path: &Path) -> Result<Connection, rusqlite::Error> {
    // Opened for writing all the same: a read-only file cannot take part in the process's lock.
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    Ok(connection)
}

/// Opens a database that is not the running program's, without changing it or anything beside it.
pub(crate) fn foreign(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if has_log(path) {
        let connection = inert(Connection::open_with_flags(path, flags)?)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        return Ok(connection);
    }
    // Promised not to change: SQLite then makes no files beside it, and reads from a read-only disk too.
    let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let rooted = if name.starts_with('/') { name } else { format!("/{}", name.replace('\\', "/")) };
    let address = if path.is_absolute() { rooted } else { rooted.trim_start_matches('/').to_owned() };
    let address = format!("file:{address}?immutable=1");
    inert(Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)?)
}

/// Nothing that lies in a file executes: our schema has neither triggers nor views, and its expressions need no
/// function that could do harm.
fn inert(connection: Connection) -> Result<Connection, rusqlite::Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    Ok(connection)
}

/// An empty database that is never on disk.
pub(crate) fn in_memory() -> Result<Connection, rusqlite::Error> {
    Connection::open_in_memory()
}

/// Opens a new file to copy a database into. It counts only once it is whole, so nothing waits for the disk.
pub(crate) fn copy_target(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = inert(Connection::open_with_flags(path, flags)?)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")?;
    Ok(connection)
}

/// Whether nothing is there: no file, or one without a byte.
#[must_use]
pub fn is_missing(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(file) => file.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Size of the write-ahead log beside the database at `path`.
pub(crate) fn log_bytes(path: &Path) -> u64 {
    std::fs::metadata(beside(path, "-wal")).map_or(0, |file| file.len())
}

/// Whether a log with something in it lies beside the database at `path`.
#[must_use]
pub fn has_log(path: &Path) -> bool {
    log_bytes(path) > 0
}

/// The file of the same name with `suffix` after it.
pub(crate) fn beside(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, rusqlite::Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = inert(Connection::open_with_flags_and_vfs(path, flags, VFS)?)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection
        .execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;")?;
    Ok(connection)
}

/// Creates a new file that only its owner may read. Elsewhere than on Unix the user's profile directory keeps
/// others out.
pub(crate) fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Makes sure that the file is there and that only its owner may read it; whether it is new. SQLite gives its
/// log the same rights.
fn private(path: &Path) -> Result<bool, OpenError> {
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    match create_private(path) {
        Ok(_created) => return Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error)),
    }
    let found = std::fs::metadata(path).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut rights = found.permissions();
        if rights.mode() & 0o077 != 0 {
            rights.set_mode(0o600);
            // Someone else's file, then; whether it can be used shows when it is opened.
            let _ = std::fs::set_permissions(path, rights);
        }
    }
    Ok(found.len() == 0)
}

/// Whether SQLite says that the file itself is bad.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// Whether SQLite says that there is no room: it calls a full disk full, and a quota or a limit on the size of files a
/// write that failed.
pub(crate) fn is_disk_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.code == ErrorCode::DiskFull || error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_database_and_no_other_program_may_open_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        let connection = writable(&path).unwrap();
        durable(&connection, &path).unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER) STRICT").unwrap();
        for file in std::fs::read_dir(dir.path()).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
        }
        assert!(!dir.path().join("t.db-shm").exists(), "the log's index lies in memory");
        let own = readable(&path).unwrap();
        own.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)).unwrap();
        assert!(own.execute("INSERT INTO t VALUES (1)", []).is_err(), "a reader cannot write");
    }
}
