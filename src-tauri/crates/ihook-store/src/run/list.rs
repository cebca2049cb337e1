//! Counts of runs and small lists of them. Never reads a body.

use rusqlite::{Connection, OptionalExtension, params};

use super::{COLUMNS, OPEN, Run, Status, TO_LOOK_AT, from_row};
use crate::{RunId, StoreError, WorkflowId, block};

/// The last `limit` runs of a workflow, oldest first.
///
/// # Errors
/// As SQLite reports them.
pub fn last_of_workflow(
    connection: &Connection,
    workflow_id: WorkflowId,
    limit: u32,
) -> Result<Vec<(RunId, Status, i64)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT id, status, received_at FROM run WHERE workflow_id = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let mut rows: Vec<_> = query
        .query_map(params![workflow_id, limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    rows.reverse();
    Ok(rows)
}

/// The last `limit` deliveries of a workflow whose payload is still there, newest first; reruns are none.
///
/// # Errors
/// As SQLite reports them.
pub fn last_deliveries(
    connection: &Connection,
    workflow_id: WorkflowId,
    limit: u32,
) -> Result<Vec<i64>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq FROM run WHERE workflow_id = ?1 AND lane = 0
           AND EXISTS (SELECT 1 FROM payload WHERE run_seq = seq)
         ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = query.query_map(params![workflow_id, limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The runs that repeat this one, oldest first.
///
/// # Errors
/// As SQLite reports them.
pub fn reruns_of(connection: &Connection, id: RunId) -> Result<Vec<RunId>, StoreError> {
    let mut query = connection.prepare_cached("SELECT id FROM run WHERE rerun_of = ?1 ORDER BY seq")?;
    let rows = query.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The runs that repeat the same delivery as this one, all the way up and down, without it itself.
///
/// # Errors
/// As SQLite reports them.
pub fn family(connection: &Connection, run: &Run) -> Result<Vec<Run>, StoreError> {
    let mut top = run.rerun_of.unwrap_or(run.id);
    // A parent that retention has taken is known by name alone.
    while let Some(above) = rerun_of(connection, top)? {
        top = above;
    }
    let mut query = connection.prepare_cached(&format!(
        "WITH RECURSIVE member (id) AS (
           VALUES (?1) UNION SELECT run.id FROM run JOIN member ON run.rerun_of = member.id
         ) SELECT {COLUMNS} FROM run WHERE id IN member AND seq <> ?2 ORDER BY seq"
    ))?;
    let rows = query.query_map(params![top, run.seq], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

fn rerun_of(connection: &Connection, id: RunId) -> Result<Option<RunId>, StoreError> {
    let mut query = connection.prepare_cached("SELECT rerun_of FROM run WHERE id = ?1")?;
    Ok(query.query_row([id], |row| row.get(0)).optional()?.flatten())
}

/// How many of a workflow's runs are queued or under way, and how many need a person (in doubt, held).
///
/// # Errors
/// As SQLite reports them.
pub fn open_counts(connection: &Connection, workflow_id: WorkflowId) -> Result<(u64, u64), StoreError> {
    // The plus keeps SQLite from the index by workflow, which would lead through every run there is.
    let queued: u64 = connection
        .prepare_cached(
            "SELECT count(*) FROM run INDEXED BY run_queue WHERE status = 'queued' AND +workflow_id = ?1",
        )?
        .query_row([workflow_id], |row| row.get(0))?;
    let (going, look): (u64, u64) = connection
        .prepare_cached(&format!(
            "SELECT count(*) FILTER (WHERE status IN ('running', 'waiting')),
               count(*) FILTER (WHERE status IN ('inDoubt', 'held'))
             FROM run INDEXED BY run_open WHERE {OPEN} AND +workflow_id = ?1"
        ))?
        .query_row([workflow_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((queued + going, look))
}

/// Runs that ended badly, or need a person, for one cause.
#[derive(Clone, Debug)]
pub struct FailureGroup {
    /// The error's code; empty for held and in-doubt runs.
    pub code: String,
    /// What the runs stand at.
    pub status: Status,
    /// How many.
    pub count: u64,
    /// The newest of them.
    pub last: Run,
}

/// Which failures are grouped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Failures {
    /// Of this workflow.
    pub workflow_id: Option<WorkflowId>,
    /// Received at or after, milliseconds since 1970. What needs a person counts from any time.
    pub from: i64,
    /// Received before, milliseconds since 1970.
    pub to: Option<i64>,
}

/// Failures grouped by cause, most frequent first. A run that was rerun counts no more: its rerun speaks for it.
///
/// # Errors
/// As SQLite reports them.
pub fn failures(connection: &Connection, which: &Failures) -> Result<Vec<FailureGroup>, StoreError> {
    let groups = |condition: &str| {
        format!(
            "SELECT coalesce(error_code, '') AS code, status, count(*) AS many, max(seq) AS last
             FROM run AS r INDEXED BY run_look WHERE {TO_LOOK_AT} AND {condition}
               AND (?3 IS NULL OR received_at < ?3) AND (?4 IS NULL OR workflow_id = ?4)
               AND NOT EXISTS (SELECT 1 FROM run AS again WHERE again.rerun_of = r.id) GROUP BY 1, 2"
        )
    };
    let ended = groups("status IN ('failed', 'rejected') AND seq >= ?1 AND received_at >= ?2");
    let open = groups("status IN ('held', 'inDoubt')");
    let sql = format!("{ended} UNION ALL {open} ORDER BY many DESC");
    let first = block::first_received(connection, which.from)?;
    let mut query = connection.prepare_cached(&sql)?;
    let groups: Vec<(String, Status, u64, i64)> = query
        .query_map(params![first, which.from, which.to, which.workflow_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    groups
        .into_iter()
        .map(|(code, status, count, seq)| {
            Ok(FailureGroup { code, status, count, last: super::get_by_seq(connection, seq)? })
        })
        .collect()
}
