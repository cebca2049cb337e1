//! Which runs may start, in what order.

use rusqlite::{Connection, params};

use super::{Lane, Status};
use crate::{StoreError, WorkflowId};

/// Sequence numbers of a workflow's queued runs on `connection`, in order of arrival, from after `after`.
///
/// # Errors
/// As SQLite reports them.
pub fn queued(
    database: &Connection,
    connection: &str,
    workflow_id: WorkflowId,
    lane: Lane,
    after: i64,
    limit: u32,
) -> Result<Vec<i64>, StoreError> {
    let mut query = database.prepare_cached(
        "SELECT seq FROM run WHERE status = 'queued' AND connection = ?1 AND workflow_id = ?2 AND lane = ?3
         AND seq > ?4 ORDER BY seq LIMIT ?5",
    )?;
    let rows = query
        .query_map(params![connection, workflow_id, lane.number(), after, limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// A run whose time has come, or that a stopped program left under way.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// Whose it is.
    pub workflow_id: WorkflowId,
    /// `Running`, `Waiting` or `InDoubt`.
    pub status: Status,
    /// When it goes on; `None` while it waits for a person or a connection, or is running.
    pub resume_at: Option<i64>,
}

/// Every started but unfinished run on `connection` apart from the held ones, in order of arrival.
///
/// # Errors
/// As SQLite reports them.
pub fn due(database: &Connection, connection: &str) -> Result<Vec<Due>, StoreError> {
    let mut query = database.prepare_cached(
        "SELECT seq, workflow_id, status, resume_at FROM run
         WHERE connection = ?1 AND status IN ('running', 'waiting', 'inDoubt') ORDER BY seq",
    )?;
    let rows = query
        .query_map([connection], |row| {
            Ok(Due {
                seq: row.get(0)?,
                workflow_id: row.get(1)?,
                status: row.get(2)?,
                resume_at: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The earliest time at which a run of `connection` goes on by itself.
///
/// # Errors
/// As SQLite reports them.
pub fn next_due_at(database: &Connection, connection: &str) -> Result<Option<i64>, StoreError> {
    Ok(database
        .prepare_cached(
            "SELECT min(resume_at) FROM run WHERE connection = ?1 AND status IN ('waiting', 'inDoubt')",
        )?
        .query_row([connection], |row| row.get(0))?)
}

/// Lets the queued runs of `connection` wait for a reason that no time mends; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn wait_all(tx: &Connection, connection: &str, reason: &str) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(
            "UPDATE run SET status = 'waiting', waiting_reason = ?2, resume_at = NULL
             WHERE connection = ?1 AND status = 'queued'",
        )?
        .execute([connection, reason])?)
}

/// Lets what waits on `connection` without a time go on; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn release_waiting(tx: &Connection, connection: &str, now: i64) -> Result<usize, StoreError> {
    let fresh = tx
        .prepare_cached(
            "UPDATE run SET status = 'queued', waiting_reason = NULL
             WHERE connection = ?1 AND status = 'waiting' AND resume_at IS NULL AND started_at IS NULL",
        )?
        .execute([connection])?;
    let started = tx
        .prepare_cached(
            "UPDATE run SET resume_at = ?2 WHERE connection = ?1 AND status = 'waiting' AND resume_at IS NULL",
        )?
        .execute(params![connection, now])?;
    Ok(fresh + started)
}
