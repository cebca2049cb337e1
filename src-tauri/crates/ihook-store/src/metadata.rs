//! What a site last said about its activity types and panels, kept so that editing works offline.

use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

/// One row.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// JSON, in the shape the application gave.
    pub json: String,
    /// Milliseconds since 1970.
    pub fetched_at: i64,
}

/// What is kept of this connection.
///
/// # Errors
/// As SQLite reports them.
pub fn get(connection: &Connection, name: &str) -> Result<Option<Metadata>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT json, fetched_at FROM metadata WHERE connection = ?1")?
        .query_row([name], |row| Ok(Metadata { json: row.get(0)?, fetched_at: row.get(1)? }))
        .optional()?)
}

/// When its site last said what is kept of this connection, in milliseconds since 1970; none where nothing is kept.
///
/// # Errors
/// As SQLite reports them.
pub fn fetched_at(connection: &Connection, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT fetched_at FROM metadata WHERE connection = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Whether anything is kept of this connection.
///
/// # Errors
/// As SQLite reports them.
pub fn is_kept(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM metadata WHERE connection = ?1")?.exists([name])?)
}

/// Replaces what is kept of this connection.
///
/// # Errors
/// As SQLite reports them.
pub fn set(tx: &Connection, name: &str, json: &str, fetched_at: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO metadata (connection, json, fetched_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (connection) DO UPDATE SET json = excluded.json, fetched_at = excluded.fetched_at",
    )?
    .execute(params![name, json, fetched_at])?;
    Ok(())
}

/// Forgets what is kept of this connection, because it points to another site now.
///
/// # Errors
/// As SQLite reports them.
pub fn forget(tx: &Connection, name: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM metadata WHERE connection = ?1")?.execute([name])?;
    Ok(())
}
