//! Where the runs of a list are read from, and what must hold for each of them.

use std::ops::Range;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params_from_iter};

use super::{Filter, OPEN, Status, TO_LOOK_AT};
use crate::{StoreError, WorkflowId};

/// Workflows with at most so many runs are read run by run rather than by status.
const FEW: u32 = 5_000;

/// Where runs are read from, in order: an index with the conditions that it is made for.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// `run INDEXED BY … WHERE …`.
    from: String,
    values: Vec<Value>,
}

impl Source {
    fn new(from: impl Into<String>, values: Vec<Value>) -> Self {
        Self { from: from.into(), values }
    }

    pub(super) fn reruns() -> Self {
        Self::new("run INDEXED BY run_reruns_in_order WHERE lane = 1", Vec::new())
    }

    /// The sources that have all runs of the filter: by status where its runs are rare, else by workflow, else the
    /// whole table.
    pub(super) fn all(connection: &Connection, filter: &Filter) -> Result<Vec<Self>, StoreError> {
        let by_status = Self::by_status(connection, filter)?;
        if by_status.is_empty() || Self::has_few(connection, filter)? {
            let by_workflow = Self::by_workflow(filter);
            if !by_workflow.is_empty() {
                return Ok(by_workflow);
            }
        }
        Ok(if by_status.is_empty() { vec![Self::new("run WHERE 1 = 1", Vec::new())] } else { by_status })
    }

    /// The sources to look into before the search index, block by block; none where the filter has nothing that is
    /// rare, or where they are too many.
    pub(super) fn rare(connection: &Connection, filter: &Filter) -> Result<Vec<Self>, StoreError> {
        const MANY: usize = 8;
        let by_status = Self::by_status(connection, filter)?;
        let sources = if by_status.is_empty() { Self::by_workflow(filter) } else { by_status };
        Ok(if sources.len() > MANY { Vec::new() } else { sources })
    }

    /// From the partial indexes that hold the statuses; none where nearly every run may have one. SQLite takes a
    /// partial index only where the query repeats the index's own condition word for word.
    fn by_status(connection: &Connection, filter: &Filter) -> Result<Vec<Self>, StoreError> {
        let failures = [Status::Failed, Status::Rejected];
        let statuses = match filter.statuses.as_slice() {
            // Only these have a cause.
            [] if filter.error_code.is_some() => &failures,
            statuses => statuses,
        };
        if statuses.contains(&Status::Succeeded) {
            return Ok(Vec::new());
        }
        let mut sources = Vec::new();
        for status in statuses {
            let name = status.as_str();
            match status {
                Status::Queued => sources.extend(Self::queues(connection)?),
                // Never more than a connection runs at once.
                Status::Running => {
                    let from = format!("run INDEXED BY run_open WHERE status = '{name}' AND {OPEN}");
                    sources.push(Self::new(from, Vec::new()));
                }
                _ => {
                    let from = format!("run INDEXED BY run_look WHERE status = '{name}' AND {TO_LOOK_AT}");
                    sources.push(Self::new(from, Vec::new()));
                }
            }
        }
        Ok(sources)
    }

    /// The queues there are, from each to the next one, whatever number of runs stands in it.
    fn queues(connection: &Connection) -> Result<Vec<Self>, StoreError> {
        let mut next = connection.prepare_cached(
            "SELECT connection, workflow_id, lane FROM run INDEXED BY run_queue
             WHERE status = 'queued' AND (connection, workflow_id, lane) > (?1, ?2, ?3)
             ORDER BY connection, workflow_id, lane LIMIT 1",
        )?;
        let (mut queues, mut last) =
            (Vec::new(), [Value::Text(String::new()), Value::Blob(Vec::new()), Value::Integer(-1)]);
        while let Some(queue) = next
            .query_row(params_from_iter(&last), |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
            .optional()?
        {
            let from = "run INDEXED BY run_queue
                 WHERE status = 'queued' AND connection = ? AND workflow_id = ? AND lane = ?";
            queues.push(Self::new(from, queue.to_vec()));
            last = queue;
        }
        Ok(queues)
    }

    fn by_workflow(filter: &Filter) -> Vec<Self> {
        let from = "run INDEXED BY run_by_workflow WHERE workflow_id = ?";
        filter.workflow_ids.iter().map(|id| Self::new(from, vec![blob(id)])).collect()
    }

    /// Whether the filter's workflows are small.
    fn has_few(connection: &Connection, filter: &Filter) -> Result<bool, StoreError> {
        let mut left = FEW;
        for id in &filter.workflow_ids {
            let count: u32 = connection
                .prepare_cached(
                    "SELECT count(*) FROM (SELECT 1 FROM run INDEXED BY run_by_workflow WHERE workflow_id = ?1
                       LIMIT ?2)",
                )?
                .query_row((id, left + 1), |row| row.get(0))?;
            if count > left {
                return Ok(false);
            }
            left -= count;
        }
        Ok(true)
    }

    /// The newest runs of these windows for which the conditions hold.
    pub(super) fn newest(
        &self,
        connection: &Connection,
        windows: &[Range<i64>],
        conditions: &Conditions,
        limit: u32,
    ) -> Result<Vec<i64>, StoreError> {
        let mut seqs = Vec::new();
        for window in windows {
            let left = i64::from(limit) - i64::try_from(seqs.len()).unwrap_or(i64::MAX);
            if left <= 0 {
                break;
            }
            seqs.extend(self.within(connection, window, conditions, left)?);
        }
        Ok(seqs)
    }

    /// At most `limit` runs of a window for which the conditions hold, newest first.
    pub(super) fn within(
        &self,
        connection: &Connection,
        window: &Range<i64>,
        conditions: &Conditions,
        limit: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let bounds = [Value::Integer(window.start), Value::Integer(window.end)];
        let values = self.values.iter().cloned().chain(bounds).chain(conditions.values.iter().cloned());
        let values = params_from_iter(values.chain([Value::Integer(limit)]));
        let mut query = connection.prepare_cached(&self.sql(conditions))?;
        Ok(query.query_map(values, |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    fn sql(&self, conditions: &Conditions) -> String {
        format!(
            "SELECT seq FROM {} AND seq >= ? AND seq < ? AND {} ORDER BY seq DESC LIMIT ?",
            self.from, conditions.sql
        )
    }
}

fn blob(id: &WorkflowId) -> Value {
    Value::Blob(id.uuid().as_bytes().to_vec())
}

/// What must hold for every run, whatever source it comes from.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// None at all.
    pub(super) fn none() -> Self {
        Self { sql: "1 = 1".to_owned(), values: Vec::new() }
    }

    pub(super) fn of(filter: &Filter) -> Self {
        let mut all = Self::none();
        let mut and = |sql: String, values: Vec<Value>| {
            all.sql = format!("{} AND {sql}", all.sql);
            all.values.extend(values);
        };
        if !filter.workflow_ids.is_empty() {
            let marks = vec!["?"; filter.workflow_ids.len()].join(", ");
            // The plus keeps SQLite from choosing an index by this.
            and(format!("+workflow_id IN ({marks})"), filter.workflow_ids.iter().map(blob).collect());
        }
        if !filter.statuses.is_empty() {
            // Names from our own enum: nothing to escape.
            let names: Vec<_> =
                filter.statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
            and(format!("+status IN ({})", names.join(", ")), Vec::new());
        }
        if let Some(code) = &filter.error_code {
            and("error_code = ?".to_owned(), vec![Value::Text(code.clone())]);
        }
        if filter.is_last {
            let sql = "NOT EXISTS (SELECT 1 FROM run AS again WHERE again.rerun_of = run.id)";
            and(sql.to_owned(), Vec::new());
        }
        if let Some(from) = filter.from {
            and("received_at >= ?".to_owned(), vec![Value::Integer(from)]);
        }
        if let Some(to) = filter.to {
            and("received_at < ?".to_owned(), vec![Value::Integer(to)]);
        }
        all
    }

    /// Asks whether they hold for one run after the other.
    pub(super) fn judge<'a>(&self, connection: &'a Connection) -> Result<Judge<'a>, StoreError> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM run WHERE seq = ? AND {})", self.sql);
        let mut query = connection.prepare_cached(&sql)?;
        for (place, value) in (2..).zip(&self.values) {
            query.raw_bind_parameter(place, value)?;
        }
        Ok(Judge(query))
    }
}

/// Conditions, ready to be asked of many runs.
pub(super) struct Judge<'a>(CachedStatement<'a>);

impl Judge<'_> {
    /// Whether they hold for this run.
    pub(super) fn holds(&mut self, seq: i64) -> Result<bool, StoreError> {
        self.0.raw_bind_parameter(1, seq)?;
        let mut rows = self.0.raw_query();
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::{Store, workflow};

    /// Every source is read in order off its index: nothing is sorted, however many runs there are.
    #[test]
    fn no_source_of_a_list_sorts_anything() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let id = WorkflowId::new();
        let everything = Filter {
            workflow_ids: vec![id, WorkflowId::new()],
            error_code: Some("c".to_owned()),
            is_last: true,
            from: Some(1),
            to: Some(2),
            ..Filter::default()
        };
        let conditions = Conditions::of(&everything);
        let of = |statuses: &[Status]| Filter { statuses: statuses.to_vec(), ..everything.clone() };
        let is_rare = |status: &Status| !matches!(status, Status::Succeeded | Status::Running);
        let rare = of(&Status::ALL.into_iter().filter(is_rare).collect::<Vec<_>>());
        let written = store.0.writer.submit(move |tx| {
            workflow::insert(tx, id, "key", "W", 0)?;
            run::enqueue(tx, &[(&NewRun::live(id), &Payload { body: "{}".to_owned(), metadata: None })])
        });
        written.blocking_recv().unwrap().unwrap();
        let sources = store.read_blocking(|connection| Source::by_status(connection, &rare)).unwrap();
        assert_eq!(sources.len(), 8, "a queue and the other statuses");
        let sources = sources.into_iter().chain(Source::by_workflow(&everything));
        for source in sources.chain([Source::reruns(), Source::new("run WHERE 1 = 1", Vec::new())]) {
            let sql = format!("EXPLAIN QUERY PLAN {}", source.sql(&conditions));
            let plan: Vec<String> = store
                .read_blocking(|connection| {
                    let mut query = connection.prepare(&sql)?;
                    let empty = vec![Value::Null; query.parameter_count()];
                    Ok(query
                        .query_map(params_from_iter(empty), |row| row.get(3))?
                        .collect::<Result<_, _>>()?)
                })
                .unwrap();
            let plan = plan.join("; ");
            assert!(
                !plan.contains("TEMP B-TREE") && plan.contains("seq") | plan.contains("rowid"),
                "{sql}: {plan}"
            );
        }
    }
}
