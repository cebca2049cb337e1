//! What a run received: the pipeline object it starts from, and the request's metadata.

use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

/// One row. Both are JSON texts.
#[derive(Clone, Debug)]
pub struct Payload {
    /// A JSON object, as received.
    pub body: String,
    /// The metadata object, without Authorization, Cookie and signatures.
    pub metadata: Option<String>,
}

/// Keeps the payload of the run with this sequence number.
pub(crate) fn insert(tx: &Connection, run_seq: i64, payload: &Payload) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO payload (run_seq, body, metadata) VALUES (?1, ?2, ?3)")?
        .execute(params![run_seq, payload.body, payload.metadata])?;
    Ok(())
}

/// The payload of the run with this sequence number.
///
/// # Errors
/// [`StoreError::NotFound`] when retention has taken it.
pub fn get(connection: &Connection, run_seq: i64) -> Result<Payload, StoreError> {
    connection
        .prepare_cached("SELECT body, metadata FROM payload WHERE run_seq = ?1")?
        .query_row([run_seq], |row| Ok(Payload { body: row.get(0)?, metadata: row.get(1)? }))
        .optional()?
        .ok_or(StoreError::NotFound)
}
