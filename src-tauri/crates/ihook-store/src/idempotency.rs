//! Keys of deliveries that were taken, so that the same one again makes no second run. They outlive the runs
//! that retention removes.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{RunId, StoreError, WorkflowId};

/// SHA-256 of a key or a body: neither is kept in clear.
pub type Hash = [u8; 32];

/// A key to be reserved.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Whose endpoint.
    pub workflow_id: WorkflowId,
    /// Of the key.
    pub hash: Hash,
    /// Of the body that came with it.
    pub body: Hash,
    /// Until when it is remembered; milliseconds since 1970.
    pub expires_at: i64,
    /// The time that is believed now: a clock that is ahead for a moment forgets no key.
    pub now: i64,
}

/// The delivery that first used a key.
#[derive(Clone, Copy, Debug)]
pub struct First {
    /// Its run.
    pub run_id: RunId,
    /// Whether it had the same body.
    pub same_body: bool,
}

/// The delivery that used this key before and is still remembered.
///
/// # Errors
/// As SQLite reports them.
pub fn first(connection: &Connection, key: &Key) -> Result<Option<First>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT run_id, body FROM idempotency WHERE workflow_id = ?1 AND hash = ?2 AND expires_at > ?3",
        )?
        .query_row(params![key.workflow_id, key.hash, key.now], |row| {
            let body: Hash = row.get(1)?;
            Ok(First { run_id: row.get(0)?, same_body: body == key.body })
        })
        .optional()?)
}

/// Reserves the key for a run, in the run's own transaction.
///
/// # Errors
/// As SQLite reports them.
pub fn reserve(tx: &Connection, key: &Key, run_id: RunId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO idempotency (workflow_id, hash, body, run_id, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![key.workflow_id, key.hash, key.body, run_id, key.expires_at])?;
    Ok(())
}

/// Forgets what is past its time; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn forget_expired(tx: &Connection, now: i64) -> Result<usize, StoreError> {
    Ok(tx.prepare_cached("DELETE FROM idempotency WHERE expires_at <= ?1")?.execute([now])?)
}
