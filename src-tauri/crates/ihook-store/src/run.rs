//! Runs: one delivery going through one workflow version.

mod decide;
mod enqueue;
mod filter;
mod found;
pub mod guard;
mod list;
mod long_work;
mod queue;
mod source;
mod work;

pub use decide::{Basis, basis, decided};
pub use enqueue::enqueue;
pub use filter::{Filter, Listed, Reached, list};
pub use list::{
    FailureGroup, Failures, failures, family, last_deliveries, last_of_workflow, open_counts, reruns_of,
};
pub use long_work::{begin_long_work, count_ends, end_long_work};
pub use queue::{
    DUE_AT_ONCE, Due, due, has_waiting, hasten_first, next_due_at, open_connections, queued, release_blocked,
    release_overlong, release_waiting, requeue, take_up, wait_all,
};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::payload::{self, Payload};
use crate::{RunId, StoreError, WorkflowId, minute};

/// Where a run is (docs/behavior.md#statuses). A final status never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Stored, not started.
    Queued,
    /// Under way.
    Running,
    /// Tried again at a set time, or when what it waits for is fixed.
    Waiting,
    /// An insert was cut off; it is being looked up.
    InDoubt,
    /// Needs a person.
    Held,
    /// Final: everything done.
    Succeeded,
    /// Final: a step failed.
    Failed,
    /// Final: refused by the leading schema check.
    Rejected,
    /// Final: ended by a gate.
    Stopped,
    /// Final: ended by a person.
    Cancelled,
}

impl Status {
    /// Every status, in the order of a run's life.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Running,
        Self::Waiting,
        Self::InDoubt,
        Self::Held,
        Self::Succeeded,
        Self::Failed,
        Self::Rejected,
        Self::Stopped,
        Self::Cancelled,
    ];

    /// As stored and as on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::InDoubt => "inDoubt",
            Self::Held => "held",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Stopped => "stopped",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it can never change again.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Rejected | Self::Stopped | Self::Cancelled)
    }
}

crate::text_column::text_column!(Status);

/// One row.
#[derive(Clone, Debug)]
pub struct Run {
    /// Order of arrival.
    pub seq: i64,
    /// Its identifier.
    pub id: RunId,
    /// Whose delivery.
    pub workflow_id: WorkflowId,
    /// The version it is pinned to.
    pub version: u32,
    /// The connection that version writes to.
    pub connection: String,
    /// Where it stands.
    pub status: Status,
    /// Whether it is a rerun: live deliveries go first.
    pub lane: Lane,
    /// Milliseconds since 1970; a rerun keeps the original's.
    pub received_at: i64,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub finished_at: Option<i64>,
    /// How often it was started.
    pub attempts: u32,
    /// The run this one repeats.
    pub rerun_of: Option<RunId>,
    /// When a waiting or in-doubt run goes on: milliseconds since 1970, on the clock of the process.
    pub resume_at: Option<i64>,
    /// Why it waits, in words.
    pub waiting_reason: Option<String>,
    /// Why it failed.
    pub error: Option<RunError>,
    /// When its content was erased at someone's request; milliseconds since 1970.
    pub erased_at: Option<i64>,
    /// How often a person decided something about it, or something was learned of it after its end.
    pub decisions: i64,
    /// Whether it holds what it looked for, so that others that look for the same wait ([`guard`]).
    pub holds_guard: bool,
}

/// Which queue a run stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A delivery.
    Live,
    /// A rerun.
    Rerun,
}

impl Lane {
    fn number(self) -> i64 {
        match self {
            Self::Live => 0,
            Self::Rerun => 1,
        }
    }
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// The action that failed.
    pub action_id: String,
    /// Stable; for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

/// The condition of the index `run_open`.
const OPEN: &str = "status IN ('running', 'waiting', 'inDoubt', 'held')";
/// The condition of the index `run_look`.
const TO_LOOK_AT: &str =
    "status IN ('waiting', 'failed', 'rejected', 'held', 'inDoubt', 'cancelled', 'stopped')";

const COLUMNS: &str = "seq, id, workflow_id, version, connection, status, lane, received_at, started_at, \
    finished_at, attempts, rerun_of, resume_at, waiting_reason, error_action, error_code, error_message, \
    erased_at, decisions, guard_held";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    let error_action: Option<String> = row.get(14)?;
    let lane: i64 = row.get(6)?;
    Ok(Run {
        seq: row.get(0)?,
        id: row.get(1)?,
        workflow_id: row.get(2)?,
        version: row.get(3)?,
        connection: row.get(4)?,
        status: row.get(5)?,
        lane: if lane == 0 { Lane::Live } else { Lane::Rerun },
        received_at: row.get(7)?,
        started_at: row.get(8)?,
        finished_at: row.get(9)?,
        attempts: row.get(10)?,
        rerun_of: row.get(11)?,
        resume_at: row.get(12)?,
        waiting_reason: row.get(13)?,
        error: match error_action {
            Some(action_id) => Some(RunError { action_id, code: row.get(15)?, message: row.get(16)? }),
            None => None,
        },
        erased_at: row.get(17)?,
        decisions: row.get(18)?,
        holds_guard: row.get(19)?,
    })
}

/// A run to be stored.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Its identifier.
    pub id: RunId,
    /// Whose delivery.
    pub workflow_id: WorkflowId,
    /// The version it is pinned to.
    pub version: u32,
    /// The connection that version writes to.
    pub connection: String,
    /// Which queue it joins.
    pub lane: Lane,
    /// Milliseconds since 1970; a rerun keeps the original's.
    pub received_at: i64,
    /// The run this one repeats.
    pub rerun_of: Option<RunId>,
}

#[cfg(test)]
impl NewRun {
    /// A delivery to the sandbox that came at 0.
    pub(crate) fn live(workflow_id: WorkflowId) -> Self {
        Self {
            id: RunId::new(),
            workflow_id,
            version: 1,
            connection: "sandbox".to_owned(),
            lane: Lane::Live,
            received_at: 0,
            rerun_of: None,
        }
    }
}

/// Stores a delivery that the leading schema check refused: final from the start; its sequence number.
///
/// # Errors
/// As SQLite reports them.
pub fn reject(tx: &Connection, run: &NewRun, payload: &Payload, error: &RunError) -> Result<i64, StoreError> {
    tx.prepare_cached(
        "INSERT INTO run (id, workflow_id, version, connection, status, received_at, started_at, finished_at,
           attempts, error_action, error_code, error_message)
         VALUES (?1, ?2, ?3, ?4, 'rejected', ?5, ?5, ?5, 1, ?6, ?7, ?8)",
    )?
    .execute(params![
        run.id,
        run.workflow_id,
        run.version,
        run.connection,
        run.received_at,
        error.action_id,
        error.code,
        error.message
    ])?;
    let seq = tx.last_insert_rowid();
    payload::insert(tx, seq, payload)?;
    minute::received(tx, [(run.workflow_id, run.received_at)], true)?;
    Ok(seq)
}

/// One run.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn get(connection: &Connection, id: RunId) -> Result<Run, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM run WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// One run by its place in the order of arrival.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn get_by_seq(connection: &Connection, seq: i64) -> Result<Run, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM run WHERE seq = ?1"))?
        .query_row([seq], from_row)
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// Marks as under way a run that has the status `from`. The first start sets `started_at`.
///
/// # Errors
/// [`StoreError::Conflict`] when it has another status by now: a person decided something meanwhile.
pub fn start(tx: &Connection, seq: i64, from: Status, now: i64) -> Result<(), StoreError> {
    changed(
        tx.prepare_cached(
            "UPDATE run SET status = 'running', started_at = coalesce(started_at, ?3), attempts = attempts + 1,
               resume_at = NULL, waiting_reason = NULL, guard = iif(guard_held, guard, NULL)
             WHERE seq = ?1 AND status = ?2 AND finished_at IS NULL",
        )?
        .execute(params![seq, from, now])?,
    )
}

/// Makes sure that the run still has this status.
///
/// # Errors
/// [`StoreError::Conflict`] when it has another one by now.
pub fn expect(tx: &Connection, seq: i64, status: Status) -> Result<(), StoreError> {
    let there: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM run WHERE seq = ?1 AND status = ?2)")?
        .query_row(params![seq, status], |row| row.get(0))?;
    changed(usize::from(there))
}

/// Sets an unfinished run aside: `waiting`, `inDoubt` or `held`, until `resume_at` or until someone acts.
///
/// # Errors
/// [`StoreError::Conflict`] when the run is final.
pub fn set_aside(
    tx: &Connection,
    seq: i64,
    status: Status,
    resume_at: Option<i64>,
    reason: &str,
) -> Result<(), StoreError> {
    changed(
        tx.prepare_cached(
            "UPDATE run SET status = ?2, resume_at = ?3, waiting_reason = ?4, guard = iif(guard_held, guard, NULL)
             WHERE seq = ?1 AND status IN ('queued', 'running', 'waiting', 'inDoubt', 'held')",
        )?
        .execute(params![seq, status, resume_at, reason])?,
    )
}

/// Gives the run its final status. `began`: when what ends now began, for a run that had not started before.
///
/// # Errors
/// [`StoreError::Conflict`] when it has one already.
pub fn finish(
    tx: &Connection,
    seq: i64,
    status: Status,
    error: Option<&RunError>,
    began: i64,
    now: i64,
) -> Result<(), StoreError> {
    let workflow_id: Option<WorkflowId> = tx
        .prepare_cached(
            "UPDATE run SET status = ?2, started_at = coalesce(started_at, ?7), finished_at = ?3,
               attempts = max(attempts, 1), resume_at = NULL, waiting_reason = NULL, guard = NULL, guard_held = 0,
               error_action = ?4, error_code = ?5, error_message = ?6
             WHERE seq = ?1 AND status IN ('queued', 'running', 'waiting', 'inDoubt', 'held')
             RETURNING workflow_id",
        )?
        .query_row(
            params![
                seq,
                status,
                now,
                error.map(|e| &e.action_id),
                error.map(|e| &e.code),
                error.map(|e| &e.message),
                began
            ],
            |row| row.get(0),
        )
        .optional()?;
    let workflow_id = workflow_id.ok_or_else(already_final)?;
    minute::finished(tx, workflow_id, now, status)
}

fn changed(rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(already_final()) }
}

fn already_final() -> StoreError {
    StoreError::Conflict("the run has ended, or someone decided about it meanwhile".to_owned())
}
