//! Versions of a workflow: every saved file, as it was written. Never changed, so that a run can pin one (only
//! test cases with a person's data are taken out, see [`crate::erase::files`]).

use rusqlite::{Connection, OptionalExtension, params};

use crate::{StoreError, WorkflowId};

/// One saved file, without its text.
#[derive(Clone, Debug)]
pub struct Version {
    /// Counts from 1 within its workflow.
    pub number: u32,
    /// Milliseconds since 1970.
    pub saved_at: i64,
}

/// Saves `file` as the workflow's next version and takes over its name; the new number.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such workflow.
pub fn add(tx: &Connection, id: WorkflowId, name: &str, file: &str, now: i64) -> Result<u32, StoreError> {
    let number: u32 = tx
        .prepare_cached(
            "UPDATE workflow SET latest = latest + 1, name = ?2, updated_at = ?3
             WHERE id = ?1 AND deleted_at IS NULL RETURNING latest",
        )?
        .query_row(params![id, name, now], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NotFound)?;
    tx.prepare_cached("INSERT INTO version (workflow_id, number, file, saved_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, number, file, now])?;
    Ok(number)
}

/// The text of one version.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such version.
pub fn file(connection: &Connection, id: WorkflowId, number: u32) -> Result<String, StoreError> {
    connection
        .prepare_cached("SELECT file FROM version WHERE workflow_id = ?1 AND number = ?2")?
        .query_row(params![id, number], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// All versions, newest first.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, id: WorkflowId) -> Result<Vec<Version>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT number, saved_at FROM version WHERE workflow_id = ?1 ORDER BY number DESC")?;
    let rows = query
        .query_map([id], |row| Ok(Version { number: row.get(0)?, saved_at: row.get(1)? }))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
