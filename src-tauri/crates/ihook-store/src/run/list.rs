//! Lists and counts of runs. Never reads a body.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::{COLUMNS, Run, Status, from_row};
use crate::{RunId, StoreError, WorkflowId, term};

/// Which runs. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this workflow.
    pub workflow_id: Option<WorkflowId>,
    /// With one of these statuses; empty for any.
    pub statuses: Vec<Status>,
    /// With a payload value that is, or begins with, this text, in any case.
    pub search: Option<String>,
    /// Received at or after, milliseconds since 1970.
    pub from: Option<i64>,
    /// Received before, milliseconds since 1970.
    pub to: Option<i64>,
    /// Older than the run with this sequence number.
    pub before_seq: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Newest first.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Run>, StoreError> {
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("?{}", values.len())));
    };
    if let Some(id) = filter.workflow_id {
        add("workflow_id = ?", Value::Blob(id.uuid().as_bytes().to_vec()));
    }
    if let Some(from) = filter.from {
        add("received_at >= ?", from.into());
    }
    if let Some(to) = filter.to {
        add("received_at < ?", to.into());
    }
    if let Some(seq) = filter.before_seq {
        add("seq < ?", seq.into());
    }
    if let Some(text) = &filter.search {
        let (low, high) = term::range(text);
        add("seq IN (SELECT run_seq FROM term WHERE value >= ?", low.into());
        // Completes the condition begun above.
        add("value < ?)", high.into());
    }
    if !filter.statuses.is_empty() {
        // Names from our own enum: nothing to escape.
        let names: Vec<_> = filter.statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
        conditions.push(format!("status IN ({})", names.join(", ")));
    }
    values.push(i64::from(filter.limit).into());
    let sql = format!(
        "SELECT {COLUMNS} FROM run WHERE {} ORDER BY seq DESC LIMIT ?{}",
        conditions.join(" AND "),
        values.len()
    );
    let mut query = connection.prepare_cached(&sql)?;
    let rows = query.query_map(params_from_iter(values), from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

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
    let count = |sql: &str| -> Result<u64, StoreError> {
        Ok(connection.prepare_cached(sql)?.query_row([workflow_id], |row| row.get(0))?)
    };
    let queued = count("SELECT count(*) FROM run WHERE workflow_id = ?1 AND status = 'queued'")?;
    let going =
        count("SELECT count(*) FROM run WHERE workflow_id = ?1 AND status IN ('running', 'waiting')")?;
    let look = count("SELECT count(*) FROM run WHERE workflow_id = ?1 AND status IN ('inDoubt', 'held')")?;
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

/// Failures since `from` (milliseconds since 1970), grouped by cause, most frequent first. A run that was
/// rerun counts no more: its rerun speaks for it.
///
/// # Errors
/// As SQLite reports them.
pub fn failures(connection: &Connection, from: i64) -> Result<Vec<FailureGroup>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT coalesce(error_code, ''), status, count(*), max(seq) FROM run AS r
         WHERE status IN ('failed', 'rejected', 'held', 'inDoubt')
           AND (received_at >= ?1 OR status IN ('held', 'inDoubt'))
           AND NOT EXISTS (SELECT 1 FROM run AS again WHERE again.rerun_of = r.id)
         GROUP BY 1, 2 ORDER BY 3 DESC",
    )?;
    let groups: Vec<(String, Status, u64, i64)> = query
        .query_map([from], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    groups
        .into_iter()
        .map(|(code, status, count, seq)| {
            Ok(FailureGroup { code, status, count, last: super::get_by_seq(connection, seq)? })
        })
        .collect()
}
