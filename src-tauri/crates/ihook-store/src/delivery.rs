//! The delivery log: requests that made no run, with the reason and the body.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{DeliveryId, StoreError, WorkflowId};

/// One refused request.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Whose endpoint, when the key was known.
    pub workflow_id: Option<WorkflowId>,
    /// The answer's status code.
    pub status: u16,
    /// In words.
    pub reason: String,
    /// The sender's address.
    pub remote_ip: String,
    /// As sent.
    pub content_type: Option<String>,
    /// Size of the body, also of one that is not kept.
    pub bytes: u64,
}

/// Adds an entry and forgets the oldest beyond `keep`.
///
/// # Errors
/// As SQLite reports them.
pub fn add(tx: &Connection, row: &Delivery, body: Option<&[u8]>, keep: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO delivery (id, at, workflow_id, status, reason, remote_ip, content_type, bytes, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        row.id,
        row.at,
        row.workflow_id,
        row.status,
        row.reason,
        row.remote_ip,
        row.content_type,
        row.bytes,
        body
    ])?;
    tx.prepare_cached("DELETE FROM delivery WHERE seq <= ?1 - ?2")?
        .execute(params![tx.last_insert_rowid(), keep])?;
    Ok(())
}

/// Newest first, from before the entry `after`.
///
/// # Errors
/// As SQLite reports them.
pub fn list(
    connection: &Connection,
    after: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT id, at, workflow_id, status, reason, remote_ip, content_type, bytes FROM delivery
         WHERE ?1 IS NULL OR seq < (SELECT seq FROM delivery WHERE id = ?1) ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = query.query_map(params![after, limit], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// One entry with its body.
///
/// # Errors
/// [`StoreError::NotFound`] when it was forgotten.
pub fn get(connection: &Connection, id: DeliveryId) -> Result<(Delivery, Option<Vec<u8>>), StoreError> {
    connection
        .prepare_cached(
            "SELECT id, at, workflow_id, status, reason, remote_ip, content_type, bytes, body FROM delivery
             WHERE id = ?1",
        )?
        .query_row([id], |row| Ok((from_row(row)?, row.get(8)?)))
        .optional()?
        .ok_or(StoreError::NotFound)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: row.get(0)?,
        at: row.get(1)?,
        workflow_id: row.get(2)?,
        status: row.get(3)?,
        reason: row.get(4)?,
        remote_ip: row.get(5)?,
        content_type: row.get(6)?,
        bytes: row.get(7)?,
    })
}
