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

/// A run that goes on.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// Whose it is.
    pub workflow_id: WorkflowId,
    /// `Running`, `Waiting` or `InDoubt`.
    pub status: Status,
}

/// Runs of `connection` whose time has come by `now`, in order of arrival; with `left_over` also those that a
/// stopped program left under way.
///
/// # Errors
/// As SQLite reports them.
pub fn due(
    database: &Connection,
    connection: &str,
    now: i64,
    left_over: bool,
) -> Result<Vec<Due>, StoreError> {
    let mut query = database.prepare_cached(
        "SELECT seq, workflow_id, status FROM run
         WHERE connection = ?1 AND ((status IN ('waiting', 'inDoubt') AND resume_at <= ?2)
           OR (?3 AND status = 'running')) ORDER BY seq LIMIT 256",
    )?;
    let rows = query
        .query_map(params![connection, now, left_over], |row| {
            Ok(Due { seq: row.get(0)?, workflow_id: row.get(1)?, status: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Whether a waiting run keeps the others of its workflow back: for workflows that run strictly in order.
///
/// # Errors
/// As SQLite reports them.
pub fn has_waiting(
    database: &Connection,
    connection: &str,
    workflow_id: WorkflowId,
) -> Result<bool, StoreError> {
    Ok(database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM run WHERE connection = ?1 AND status = 'waiting' AND workflow_id = ?2)",
        )?
        .query_row(params![connection, workflow_id], |row| row.get(0))?)
}

/// The earliest time after `now` at which a run of `connection` goes on by itself.
///
/// # Errors
/// As SQLite reports them.
pub fn next_due_at(database: &Connection, connection: &str, now: i64) -> Result<Option<i64>, StoreError> {
    Ok(database
        .prepare_cached(
            "SELECT min(resume_at) FROM run
             WHERE connection = ?1 AND status IN ('waiting', 'inDoubt') AND resume_at > ?2",
        )?
        .query_row(params![connection, now], |row| row.get(0))?)
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

/// Lets everything that waits on `connection` go on, whatever it waited for; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn release_waiting(tx: &Connection, connection: &str, now: i64) -> Result<usize, StoreError> {
    let fresh = tx
        .prepare_cached(
            "UPDATE run SET status = 'queued', waiting_reason = NULL, resume_at = NULL
             WHERE connection = ?1 AND status = 'waiting' AND started_at IS NULL",
        )?
        .execute([connection])?;
    let started = tx
        .prepare_cached("UPDATE run SET resume_at = ?2 WHERE connection = ?1 AND status = 'waiting'")?
        .execute(params![connection, now])?;
    Ok(fresh + started)
}

/// The connections that unfinished runs write to.
///
/// # Errors
/// As SQLite reports them.
pub fn open_connections(database: &Connection) -> Result<Vec<String>, StoreError> {
    let mut query = database.prepare_cached(
        "SELECT DISTINCT connection FROM run WHERE status = 'queued'
         UNION SELECT DISTINCT connection FROM run WHERE status IN ('running', 'waiting', 'inDoubt', 'held')",
    )?;
    let rows = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Puts a waiting run back into its queue, because its workflow is paused.
///
/// # Errors
/// As SQLite reports them.
pub fn requeue(tx: &Connection, seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE run SET status = 'queued', resume_at = NULL, waiting_reason = NULL
         WHERE seq = ?1 AND status = 'waiting'",
    )?
    .execute([seq])?;
    Ok(())
}
