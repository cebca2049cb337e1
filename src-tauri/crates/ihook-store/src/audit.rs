//! Who-did-what: every publish, regenerate, release and settings change.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::StoreError;

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the list.
    pub seq: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The command.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// In words, without secrets.
    pub detail: String,
}

/// Adds an entry, in the transaction of what it tells of.
///
/// # Errors
/// As SQLite reports them.
pub fn add(tx: &Connection, at: i64, action: &str, subject: &str, detail: &str) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO audit (at, action, subject, detail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![at, action, subject, detail])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        action: row.get(2)?,
        subject: row.get(3)?,
        detail: row.get(4)?,
    })
}

/// Newest first, from before the entry `after`.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, after: Option<i64>, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq, at, action, subject, detail FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows =
        query.query_map(params![after.unwrap_or(i64::MAX), limit], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What was done last to `subject`.
///
/// # Errors
/// As SQLite reports them.
pub fn last(connection: &Connection, subject: &str) -> Result<Option<Entry>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq, at, action, subject, detail FROM audit WHERE subject = ?1 ORDER BY seq DESC LIMIT 1",
    )?;
    Ok(query.query_row([subject], from_row).optional()?)
}

/// What this action was ever done to, each once.
///
/// # Errors
/// As SQLite reports them.
pub fn subjects(connection: &Connection, action: &str) -> Result<Vec<String>, StoreError> {
    let mut query =
        connection.prepare_cached("SELECT DISTINCT subject FROM audit WHERE action = ?1 ORDER BY subject")?;
    let rows = query.query_map([action], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}
