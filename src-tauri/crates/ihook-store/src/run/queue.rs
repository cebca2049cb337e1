//! Which runs may start, in what order.

use rusqlite::{Connection, params};

use super::guard::{FREE, WAITS};
use super::{Lane, OPEN, Status};
use crate::{StoreError, WorkflowId, step};

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
    /// `Waiting` or `InDoubt`.
    pub status: Status,
}

/// Due runs fetched at once.
pub const DUE_AT_ONCE: usize = 256;

/// Runs of `connection` whose time has come by `now`, or that wait for a guard which nobody holds: live deliveries
/// first, in order of arrival. Doubts of a paused workflow rest: what follows a lookup may be an insert.
///
/// # Errors
/// As SQLite reports them.
pub fn due(database: &Connection, connection: &str, now: i64) -> Result<Vec<Due>, StoreError> {
    let mut query = database.prepare_cached(&format!(
        "SELECT seq, workflow_id, status, lane FROM run
         WHERE connection = ?1 AND {OPEN} AND status IN ('waiting', 'inDoubt') AND resume_at <= ?2
           AND NOT (status = 'inDoubt'
             AND workflow_id IN (SELECT id FROM workflow WHERE workflow.status = 'paused'))
         UNION ALL {FREE}
         ORDER BY lane, seq LIMIT {DUE_AT_ONCE}",
    ))?;
    let rows = query
        .query_map(params![connection, now], |row| {
            Ok(Due { seq: row.get(0)?, workflow_id: row.get(1)?, status: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes up the runs of `connection` that were under way when the program, or its disk, failed them; `going` are
/// under way indeed. One with a request that may be on its way is in doubt, another goes on; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn take_up(tx: &Connection, connection: &str, going: &[i64], now: i64) -> Result<usize, StoreError> {
    let cut_off: Vec<i64> = tx
        .prepare_cached(&format!(
            "SELECT seq FROM run WHERE connection = ?1 AND {OPEN} AND status = 'running'"
        ))?
        .query_map([connection], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut taken = 0;
    for seq in cut_off.into_iter().filter(|seq| !going.contains(seq)) {
        let status = if step::is_request_open(tx, seq)? { Status::InDoubt } else { Status::Waiting };
        super::set_aside(tx, seq, status, Some(now), "iHook was interrupted in the middle of it.")?;
        taken += 1;
    }
    Ok(taken)
}

/// Whether a waiting run keeps the others of its workflow back: for workflows that run strictly in order. One that
/// waits for the guard of a run in that very queue does not: that run goes first.
///
/// # Errors
/// As SQLite reports them.
pub fn has_waiting(
    database: &Connection,
    connection: &str,
    workflow_id: WorkflowId,
) -> Result<bool, StoreError> {
    Ok(database
        .prepare_cached(&format!(
            "SELECT EXISTS (
               SELECT 1 FROM run WHERE connection = ?1 AND {OPEN} AND status = 'waiting' AND workflow_id = ?2
                 AND NOT ({WAITS} AND EXISTS (
                   SELECT 1 FROM run AS holder
                   WHERE holder.connection = ?1 AND holder.workflow_id = ?2 AND holder.status = 'queued'
                     AND holder.guard = run.guard AND holder.guard_held = 1)))",
        ))?
        .query_row(params![connection, workflow_id], |row| row.get(0))?)
}

/// The earliest time after `now` at which a run of `connection` goes on by itself.
///
/// # Errors
/// As SQLite reports them.
pub fn next_due_at(database: &Connection, connection: &str, now: i64) -> Result<Option<i64>, StoreError> {
    Ok(database
        .prepare_cached(&format!(
            "SELECT min(resume_at) FROM run
             WHERE connection = ?1 AND {OPEN} AND status IN ('waiting', 'inDoubt') AND resume_at > ?2
               AND NOT (status = 'inDoubt'
                 AND workflow_id IN (SELECT id FROM workflow WHERE workflow.status = 'paused'))",
        ))?
        .query_row(params![connection, now], |row| row.get(0))?)
}

/// Lets the queued runs of `connection` wait for a reason that time does not fix; how many. Those of a paused workflow
/// stay in their queue.
///
/// # Errors
/// As SQLite reports them.
pub fn wait_all(tx: &Connection, connection: &str, reason: &str) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(
            "UPDATE run SET status = 'waiting', waiting_reason = ?2, resume_at = NULL
             WHERE connection = ?1 AND status = 'queued'
               AND workflow_id NOT IN (SELECT id FROM workflow WHERE workflow.status = 'paused')",
        )?
        .execute([connection, reason])?)
}

/// Lets everything that waits on `connection` go on, whatever it waited for; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn release_waiting(tx: &Connection, connection: &str, now: i64) -> Result<usize, StoreError> {
    let blocked = release_blocked(tx, connection, now)?;
    let timed = tx
        .prepare_cached(&format!(
            "UPDATE run SET resume_at = ?2 WHERE connection = ?1 AND {OPEN} AND status = 'waiting' AND resume_at > ?2",
        ))?
        .execute(params![connection, now])?;
    Ok(blocked + timed)
}

/// Lets what waits on `connection` for something that time does not fix go on; how many. Doubts that could not be
/// looked up are among it, and what waits for a guard is not: it is due when nobody holds that.
///
/// # Errors
/// As SQLite reports them.
pub fn release_blocked(tx: &Connection, connection: &str, now: i64) -> Result<usize, StoreError> {
    let fresh = tx
        .prepare_cached(&format!(
            "UPDATE run SET status = 'queued', waiting_reason = NULL
             WHERE connection = ?1 AND {OPEN} AND status = 'waiting' AND resume_at IS NULL AND started_at IS NULL
               AND NOT {WAITS}",
        ))?
        .execute([connection])?;
    let started = tx
        .prepare_cached(&format!(
            "UPDATE run SET resume_at = ?2
             WHERE connection = ?1 AND {OPEN} AND status IN ('waiting', 'inDoubt') AND resume_at IS NULL
               AND NOT {WAITS}",
        ))?
        .execute(params![connection, now])?;
    Ok(fresh + started)
}

/// Lets what waits on `connection` until later than `latest` go on at `now`; how many. Nothing waits for so long: a
/// clock was set since.
///
/// # Errors
/// As SQLite reports them.
pub fn release_overlong(
    tx: &Connection,
    connection: &str,
    latest: i64,
    now: i64,
) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(&format!(
            "UPDATE run SET resume_at = ?3
             WHERE connection = ?1 AND {OPEN} AND status IN ('waiting', 'inDoubt') AND resume_at > ?2",
        ))?
        .execute(params![connection, latest, now])?)
}

/// Lets the first waiting run of `connection` go on now, to see whether the site takes it; whether there is one.
///
/// # Errors
/// As SQLite reports them.
pub fn hasten_first(tx: &Connection, connection: &str, now: i64) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(&format!(
            "UPDATE run SET resume_at = ?2 WHERE seq =
               (SELECT min(seq) FROM run WHERE connection = ?1 AND {OPEN} AND status = 'waiting'
                 AND NOT {WAITS} AND workflow_id NOT IN (SELECT id FROM workflow WHERE workflow.status = 'paused'))",
        ))?
        .execute(params![connection, now])?;
    Ok(changed > 0)
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
        "UPDATE run SET status = 'queued', resume_at = NULL, waiting_reason = NULL,
           guard = iif(guard_held, guard, NULL)
         WHERE seq = ?1 AND status = 'waiting'",
    )?
    .execute([seq])?;
    Ok(())
}
