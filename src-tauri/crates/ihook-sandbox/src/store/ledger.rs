//! The ledger: every insert that was asked for, and whether it was committed.

use rusqlite::{Connection, Row};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Store, from_text, to_text};

/// An insert as it was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) at_us: i64,
    pub(crate) entity: String,
    pub(crate) party_id: String,
    /// What was answered; nothing where the connection was cut.
    pub(crate) status: Option<u16>,
    /// The fault at work or the reason of a refusal, else empty.
    pub(crate) note: String,
    /// The sent properties, plain.
    pub(crate) properties: Map<String, Value>,
}

/// A line of the ledger as it is served.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    pub(crate) id: i64,
    /// The sandbox's clock in UTC.
    pub(crate) at: String,
    pub(crate) at_us: i64,
    pub(crate) entity: String,
    pub(crate) party_id: String,
    /// The key of the record that was written.
    pub(crate) key: Option<String>,
    pub(crate) committed: bool,
    pub(crate) status: Option<u16>,
    pub(crate) note: String,
    pub(crate) properties: Map<String, Value>,
}

impl Store {
    /// Notes an insert that was not committed.
    pub(crate) fn note_refused(&self, attempt: &Attempt) -> rusqlite::Result<()> {
        self.write(|transaction| note_attempt(transaction, attempt, None, false))
    }

    /// Corrects what was reported to the caller of the last committed insert with this key.
    pub(crate) fn note_misreport(&self, key: &str, status: Option<u16>, note: &str) -> rusqlite::Result<()> {
        self.write(|transaction| {
        let mut statement = transaction.prepare_cached(
            "UPDATE ledger SET status = ?2, note = ?3 WHERE id = (SELECT max(id) FROM ledger WHERE record_key = ?1)",
        )?;
        statement.execute((key, status, note)).map(|_| ())
        })
    }

    /// The lines after `after`, oldest first.
    pub(crate) fn ledger(&self, after: i64, limit: i64) -> rusqlite::Result<Vec<Entry>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, at_us, entity, party_id, record_key, committed, status, note, properties
             FROM ledger WHERE id > ?1 ORDER BY id LIMIT ?2",
            )?;
            statement.query_map((after, limit), entry)?.collect()
        })
    }

    /// How many activities, panel rows and ledger lines there are.
    pub(crate) fn counts(&self) -> rusqlite::Result<(i64, i64, i64)> {
        self.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT (SELECT count(*) FROM activity), (SELECT count(*) FROM panel_row), (SELECT count(*) FROM ledger)",
        )?;
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        })
    }
}

pub(super) fn note_attempt(
    connection: &Connection,
    attempt: &Attempt,
    key: Option<&str>,
    committed: bool,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO ledger (at_us, entity, party_id, record_key, committed, status, note, properties)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            attempt.at_us,
            &attempt.entity,
            &attempt.party_id,
            key,
            committed,
            attempt.status,
            &attempt.note,
            to_text(&attempt.properties),
        ))
        .map(|_| ())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let at_us: i64 = row.get(1)?;
    let at = jiff::Timestamp::from_microsecond(at_us).map(|at| at.to_string()).unwrap_or_default();
    Ok(Entry {
        id: row.get(0)?,
        at,
        at_us,
        entity: row.get(2)?,
        party_id: row.get(3)?,
        key: row.get(4)?,
        committed: row.get(5)?,
        status: row.get(6)?,
        note: row.get(7)?,
        properties: from_text(row.get_ref(8)?.as_str()?),
    })
}
