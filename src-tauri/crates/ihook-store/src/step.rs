//! Steps: what one action did in one run.

mod decide;

pub use decide::{begin_undo, find, give_up_undo, send_again, undecided, undone};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// The distance between two runs in the table's key. A run has far fewer steps (the engine allows 50,000), and
/// [`key`] makes none beyond.
const SPAN: i64 = 1 << 20;

/// The key of a step: always one of its own run's.
///
/// # Errors
/// When the place lies beyond what belongs to the run.
fn key(run_seq: i64, index: u32) -> Result<i64, StoreError> {
    let index = i64::from(index);
    let own = (index < SPAN).then(|| run_seq.checked_mul(SPAN)?.checked_add(index)).flatten();
    own.ok_or_else(|| rusqlite::Error::IntegralValueOutOfRange(0, index).into())
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Its request is under way; after a crash that means in doubt.
    Running,
    /// Its request certainly changed nothing and goes out again.
    Waiting,
    /// It is not known whether its insert happened.
    InDoubt,
    /// A person has to decide.
    Held,
    /// Done.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Disabled.
    Skipped,
    /// Not done again, because the run that this one repeats did it.
    Carried,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Waiting,
        Self::InDoubt,
        Self::Held,
        Self::Succeeded,
        Self::Failed,
        Self::Skipped,
        Self::Carried,
    ];

    /// As stored and as on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::InDoubt => "inDoubt",
            Self::Held => "held",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Carried => "carried",
        }
    }
}

crate::text_column::text_column!(Status);

/// One row. `intent`, `request`, `response`, `output` and `error` are JSON texts.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its place in the run.
    pub index: u32,
    /// The action, by its id in the workflow file.
    pub action_id: String,
    /// The action's type.
    pub kind: String,
    /// The action's name at that time.
    pub name: String,
    /// Which item of a `forEach`.
    pub item: Option<u32>,
    /// Where it stands.
    pub status: Status,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970.
    pub finished_at: Option<i64>,
    /// How often its request went out.
    pub attempts: u32,
    /// Site, member and values of an insert, durable before its request left.
    pub intent: Option<String>,
    /// The last request.
    pub request: Option<String>,
    /// The last answer.
    pub response: Option<String>,
    /// What the action produced.
    pub output: Option<String>,
    /// Where the output stands in the pipeline object.
    pub output_property: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// The key of the record it wrote.
    pub record_key: Option<String>,
    /// When a person had that record deleted again; milliseconds since 1970.
    pub undone_at: Option<i64>,
    /// When a person began to have it deleted; milliseconds since 1970.
    pub undo_since: Option<i64>,
}

impl Step {
    /// A step that has begun and has nothing to show yet.
    #[must_use]
    pub fn begun(index: u32, action_id: &str, kind: &str, name: &str, started_at: i64) -> Self {
        Self {
            index,
            action_id: action_id.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            item: None,
            status: Status::Running,
            started_at,
            finished_at: None,
            attempts: 0,
            intent: None,
            request: None,
            response: None,
            output: None,
            output_property: None,
            error: None,
            record_key: None,
            undone_at: None,
            undo_since: None,
        }
    }
}

const COLUMNS: &str = "id, action_id, type, name, item, status, started_at, finished_at, attempts, intent, request, \
    response, output, output_property, error, record_key, undone_at, undo_since";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Step> {
    let id: i64 = row.get(0)?;
    Ok(Step {
        index: u32::try_from(id % SPAN).unwrap_or_default(),
        action_id: row.get(1)?,
        kind: row.get(2)?,
        name: row.get(3)?,
        item: row.get(4)?,
        status: row.get(5)?,
        started_at: row.get(6)?,
        finished_at: row.get(7)?,
        attempts: row.get(8)?,
        intent: row.get(9)?,
        request: row.get(10)?,
        response: row.get(11)?,
        output: row.get(12)?,
        output_property: row.get(13)?,
        error: row.get(14)?,
        record_key: row.get(15)?,
        undone_at: row.get(16)?,
        undo_since: row.get(17)?,
    })
}

/// Writes the step as it stands now, over the row it had. `attempts` adds up; an intent, request or answer
/// that is not given keeps the earlier one; `started_at` keeps the first.
///
/// # Errors
/// As SQLite reports them.
pub fn put(tx: &Connection, run_seq: i64, step: &Step) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO step (id, action_id, type, name, item, status, started_at, finished_at, attempts, intent,
           request, response, output, output_property, error, record_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, finished_at = excluded.finished_at,
           attempts = attempts + excluded.attempts, intent = coalesce(excluded.intent, intent),
           request = coalesce(excluded.request, request), response = coalesce(excluded.response, response),
           output = excluded.output, output_property = excluded.output_property, error = excluded.error,
           record_key = excluded.record_key",
    )?
    .execute(params![
        key(run_seq, step.index)?,
        step.action_id,
        step.kind,
        step.name,
        step.item,
        step.status,
        step.started_at,
        step.finished_at,
        step.attempts,
        step.intent,
        step.request,
        step.response,
        step.output,
        step.output_property,
        step.error,
        step.record_key
    ])?;
    Ok(())
}

/// The intent of a run's first step of one of these kinds that has one.
///
/// # Errors
/// As SQLite reports them.
pub fn first_intent(
    connection: &Connection,
    run_seq: i64,
    kinds: [&str; 2],
) -> Result<Option<String>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT intent FROM step WHERE id >= ?1 AND id < ?2 AND type IN (?3, ?4) AND intent IS NOT NULL
         ORDER BY id LIMIT 1",
    )?;
    let [one, other] = kinds;
    let found = params![run_seq * SPAN, (run_seq + 1) * SPAN, one, other];
    Ok(query.query_row(found, |row| row.get(0)).optional()?)
}

/// All steps of a run, in order.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, run_seq: i64) -> Result<Vec<Step>, StoreError> {
    let mut query = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM step WHERE id >= ?1 AND id < ?2 ORDER BY id"))?;
    let rows =
        query.query_map([run_seq * SPAN, (run_seq + 1) * SPAN], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Removes all steps of a run.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn remove_all(tx: &Connection, run_seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM step WHERE id >= ?1 AND id < ?2")?
        .execute([run_seq * SPAN, (run_seq + 1) * SPAN])?;
    Ok(())
}

/// Takes away what the steps of a run sent, got and made, with `forget_keys` also the keys of what they wrote.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn strip(tx: &Connection, run_seq: i64, forget_keys: bool) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE step SET intent = NULL, request = NULL, response = NULL, output = NULL, error = NULL,
           record_key = iif(?3, NULL, record_key)
         WHERE id >= ?1 AND id < ?2",
    )?
    .execute(params![run_seq * SPAN, (run_seq + 1) * SPAN, forget_keys])?;
    Ok(())
}

/// Whether a request of the run may be on its way, so that nobody knows yet what became of it.
///
/// # Errors
/// As SQLite reports them.
pub fn is_request_open(connection: &Connection, run_seq: i64) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM step WHERE id >= ?1 AND id < ?2 AND intent IS NOT NULL
               AND status IN ('running', 'inDoubt'))",
        )?
        .query_row([run_seq * SPAN, (run_seq + 1) * SPAN], |row| row.get(0))?)
}

/// How many steps of the run have ended.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn finished(connection: &Connection, run_seq: i64) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM step WHERE id >= ?1 AND id < ?2 AND finished_at IS NOT NULL")?
        .query_row([run_seq * SPAN, (run_seq + 1) * SPAN], |row| row.get(0))?)
}

/// Leaves the run's steps whose request may be on its way to a person; `error` says why, as JSON.
///
/// # Errors
/// As SQLite reports them.
pub fn hold_open(tx: &Connection, run_seq: i64, error: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE step SET status = 'held', error = ?3 WHERE id >= ?1 AND id < ?2 AND intent IS NOT NULL
           AND status IN ('running', 'inDoubt')",
    )?
    .execute(params![run_seq * SPAN, (run_seq + 1) * SPAN, error])?;
    Ok(())
}

/// Intents of requests that other runs on `connection` have under way right now.
///
/// # Errors
/// As SQLite reports them.
pub fn under_way(
    database: &Connection,
    connection: &str,
    but_run_seq: i64,
) -> Result<Vec<String>, StoreError> {
    let mut query = database.prepare_cached(
        "SELECT step.intent FROM run
         JOIN step ON step.id >= run.seq * ?3 AND step.id < (run.seq + 1) * ?3
         WHERE run.connection = ?1 AND run.status = 'running' AND run.seq <> ?2
           AND step.status = 'running' AND step.intent IS NOT NULL",
    )?;
    let rows = query
        .query_map(params![connection, but_run_seq, SPAN], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// A write to a site that may have left lately.
#[derive(Clone, Debug)]
pub struct LateWrite {
    /// What was sent, and when.
    pub intent: String,
    /// How often it went out; the last time counts.
    pub attempts: u32,
    /// When its answer was kept, in milliseconds since 1970; none while it may be under way or will go out again.
    pub finished_at: Option<i64>,
}

/// The writes on `connection` of runs that have not ended, or ended at or after `since`: all that can have left
/// since then are among them.
///
/// # Errors
/// As SQLite reports them.
pub fn late_writes(
    database: &Connection,
    connection: &str,
    since: i64,
) -> Result<Vec<LateWrite>, StoreError> {
    let mut query = database.prepare_cached(
        "SELECT intent, step.attempts, step.finished_at
         FROM (SELECT seq FROM run WHERE connection = ?1 AND finished_at >= ?2
               UNION ALL
               SELECT seq FROM run WHERE connection = ?1 AND status IN ('running', 'waiting', 'inDoubt', 'held'))
         JOIN step ON step.id >= seq * ?3 AND step.id < (seq + 1) * ?3
         WHERE intent IS NOT NULL AND step.attempts > 0",
    )?;
    let rows = query
        .query_map(params![connection, since, SPAN], |row| {
            Ok(LateWrite { intent: row.get(0)?, attempts: row.get(1)?, finished_at: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The runs whose steps have a record with this key, each with the step's intent: keys are unique within one site
/// and one kind of record only.
///
/// # Errors
/// As SQLite reports them.
pub fn writers_of(database: &Connection, record_key: &str) -> Result<Vec<(i64, Option<String>)>, StoreError> {
    let mut query = database.prepare_cached("SELECT id / ?2, intent FROM step WHERE record_key = ?1")?;
    let rows = query
        .query_map(params![record_key, SPAN], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::{Store, WorkflowId, workflow};

    #[test]
    fn no_step_is_ever_another_runs() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        let tx = crate::open::writable(&path).unwrap();
        let workflow_id = WorkflowId::new();
        workflow::insert(&tx, workflow_id, "key", "W", 0).unwrap();
        let payload = Payload { body: "{}".to_owned(), metadata: None };
        let new = [NewRun::live(workflow_id), NewRun::live(workflow_id)];
        let seq = run::enqueue(&tx, &[(&new[0], &payload), (&new[1], &payload)]).unwrap().start;
        let step = |index: u32| Step::begun(index, "a", "notify", "A", 0);
        for index in [0, 49_999, (1 << 20) - 1] {
            put(&tx, seq, &step(index)).unwrap();
        }
        for index in [1 << 20, (1 << 20) + 1, u32::MAX] {
            assert!(put(&tx, seq, &step(index)).is_err(), "{index} would be a step of the next run");
            assert!(undone(&tx, seq, index, 0).is_err(), "{index}");
            assert!(send_again(&tx, seq, index).is_err(), "{index}");
        }
        assert_eq!(list(&tx, seq).unwrap().len(), 3);
        assert_eq!(list(&tx, seq + 1).unwrap().len(), 0);
    }
}
