//! The sandbox's SQLite file: the only place in this crate with SQL.

mod activity;
mod ledger;
mod panel;
mod party;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use serde_json::{Map, Value};

pub(crate) use activity::Narrow;
pub(crate) use ledger::Attempt;
pub(crate) use party::Member;

/// Applied in order; a released one is never edited. `PRAGMA user_version` counts them.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_sandbox.sql"), include_str!("../migrations/0002_statuses.sql")];
/// Sequence numbers begin here, so that no one takes one for a member's ID.
const FIRST_SEQN: i64 = 200_001;

/// Why the sandbox cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite says no: not a database, no rights, disk full.
    #[error("the sandbox's data cannot be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A newer program wrote the file.
    #[error("the sandbox's data were written by a newer version of the program")]
    Newer,
}

/// A stored record: its key, its member and its plain properties.
pub(crate) struct Stored {
    pub(crate) key: Vec<String>,
    pub(crate) party_id: String,
    pub(crate) properties: Map<String, Value>,
}

/// Two connections: one writes, one reads beside it (WAL). In memory there is only the one.
pub(crate) struct Store {
    writer: Mutex<Connection>,
    reader: Option<Mutex<Connection>>,
    members: BTreeMap<String, Member>,
}

impl Store {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let writer = prepare(connect(path)?)?;
        let reader = connect(path)?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(Self::of(writer, Some(reader))?)
    }

    pub(crate) fn in_memory() -> Result<Self, OpenError> {
        let writer = prepare(Connection::open_in_memory()?)?;
        Ok(Self::of(writer, None)?)
    }

    fn of(writer: Connection, reader: Option<Connection>) -> rusqlite::Result<Self> {
        let members = party::all(&writer)?;
        Ok(Self { writer: Mutex::new(writer), reader: reader.map(Mutex::new), members })
    }

    /// Runs a job in one transaction of the one writing connection.
    fn write<T>(&self, job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        // A panic elsewhere rolled its transaction back: the connection itself is sound.
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        let outcome = job(&transaction)?;
        transaction.commit()?;
        drop(connection);
        Ok(outcome)
    }

    fn read<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let connection = self.reader.as_ref().unwrap_or(&self.writer);
        job(&connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets all activities, panel rows and the ledger; members stay, as they never change.
    pub(crate) fn reset(&self) -> rusqlite::Result<()> {
        self.write(|transaction| {
            transaction.execute_batch("DELETE FROM activity; DELETE FROM panel_row; DELETE FROM ledger;")?;
            begin_numbers(transaction)
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where the sandbox opens its database")]
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    make_private(path);
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // Statements are few and fixed; keep them all.
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Keeps others on this computer from reading what was tried out. SQLite gives its log the same rights.
#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    // Whatever fails here shows when the file is opened.
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::set_permissions(name, PermissionsExt::from_mode(0o600));
    }
}

/// Elsewhere the user's profile directory keeps others out.
#[cfg(not(unix))]
fn make_private(_path: &Path) {}

fn prepare(mut connection: Connection) -> Result<Connection, OpenError> {
    // NORMAL: a power cut may lose the last moments of a play thing, never its soundness.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > known {
        return Err(OpenError::Newer);
    }
    if version == known {
        // Nothing to write, for which a full disk might have no room.
        return Ok(connection);
    }
    let transaction = connection.transaction()?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    if version == 0 {
        begin_numbers(&transaction)?;
        party::seed(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(connection)
}

fn begin_numbers(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'activity'", [])?;
    connection
        .execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('activity', ?1)", [FIRST_SEQN - 1])
        .map(|_| ())
}

fn to_text(properties: &Map<String, Value>) -> String {
    serde_json::to_string(properties).unwrap_or_default()
}

fn from_text(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}
