//! Where the runs of a list are read from, and what must hold for each of them.

use std::ops::Range;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params_from_iter};

use super::work::{ENTRY, ROW, Work};
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
    /// Status and cause are in the index: to ask for them the run itself is not read.
    has_cause: bool,
}

impl Source {
    fn new(from: impl Into<String>, values: Vec<Value>) -> Self {
        Self { from: from.into(), values, has_cause: false }
    }

    pub(super) fn any() -> Self {
        Self::new("run WHERE 1 = 1", Vec::new())
    }

    pub(super) fn reruns() -> Self {
        Self::new("run INDEXED BY run_reruns_in_order WHERE lane = 1", Vec::new())
    }

    /// The sources that have all runs of the filter: by status where its runs are rare, else by workflow, else the
    /// whole table.
    pub(super) fn all(connection: &Connection, filter: &Filter) -> Result<Vec<Self>, StoreError> {
        Ok(Self::narrow(connection, filter)?.unwrap_or_else(|| vec![Self::any()]))
    }

    /// The sources to look into before the search index, block by block; none where the filter has nothing that is
    /// rare, or where they are too many.
    pub(super) fn rare(connection: &Connection, filter: &Filter) -> Result<Option<Vec<Self>>, StoreError> {
        const MANY: usize = 8;
        Ok(Self::narrow(connection, filter)?.filter(|sources| sources.len() <= MANY))
    }

    /// By status where its runs are rare, else by workflow; none where the filter has neither.
    fn narrow(connection: &Connection, filter: &Filter) -> Result<Option<Vec<Self>>, StoreError> {
        let by_status = Self::by_status(connection, filter)?;
        if by_status.as_ref().is_some_and(Vec::is_empty) || filter.workflow_ids.is_empty() {
            return Ok(by_status);
        }
        if by_status.is_some() && !Self::has_few(connection, filter)? {
            return Ok(by_status);
        }
        Ok(Some(Self::by_workflow(filter)))
    }

    /// From the partial indexes that hold the statuses, and nothing at all where no run can have one; none where
    /// nearly every run may. SQLite takes a partial index only where the query repeats the index's own condition word
    /// for word.
    fn by_status(connection: &Connection, filter: &Filter) -> Result<Option<Vec<Self>>, StoreError> {
        // Only these have a cause.
        let causes = [Status::Failed, Status::Rejected];
        let statuses: Vec<Status> = match (filter.statuses.as_slice(), &filter.error_code) {
            ([], None) => return Ok(None),
            ([], Some(_)) => causes.to_vec(),
            (statuses, None) => statuses.to_vec(),
            (statuses, Some(_)) => causes.into_iter().filter(|status| statuses.contains(status)).collect(),
        };
        if statuses.contains(&Status::Succeeded) {
            return Ok(None);
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
                    sources.push(Self { has_cause: true, ..Self::new(from, Vec::new()) });
                }
            }
        }
        Ok(Some(sources))
    }

    /// What it cost to ask the conditions of a run that was read here.
    fn cost(&self, conditions: &Conditions, holds: Option<bool>) -> u64 {
        let is_in_index = self.has_cause || conditions.cause.is_empty();
        if is_in_index && (holds.is_none() || conditions.run.is_empty()) { ENTRY } else { ROW }
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

    /// The newest runs of these windows for which the conditions hold, at most `limit`; ends before that where `share`
    /// was paid.
    pub(super) fn newest(
        &self,
        connection: &Connection,
        windows: &[Range<i64>],
        conditions: &Conditions,
        limit: usize,
        share: u64,
        work: &Work,
    ) -> Result<Looked, StoreError> {
        let (mut seqs, mut left) = (Vec::new(), share);
        for window in windows {
            let mut query = connection.prepare_cached(&self.sql(conditions))?;
            let mut rows = query.query(params_from_iter(self.values(window, conditions)))?;
            while let Some(row) = rows.next()? {
                let (seq, holds): (i64, Option<bool>) = (row.get(0)?, row.get(1)?);
                let cost = self.cost(conditions, holds);
                work.spend(1, cost);
                if holds == Some(true) {
                    seqs.push(seq);
                    if seqs.len() >= limit {
                        return Ok(Looked { seqs, reached: None });
                    }
                }
                left = left.saturating_sub(cost);
                if left == 0 {
                    return Ok(Looked { seqs, reached: Some(seq) });
                }
            }
        }
        Ok(Looked { seqs, reached: None })
    }

    /// The runs of a block for which the conditions hold, newest first.
    pub(super) fn within(
        &self,
        connection: &Connection,
        block: &Range<i64>,
        conditions: &Conditions,
        work: &Work,
    ) -> Result<Vec<i64>, StoreError> {
        let mut query = connection.prepare_cached(&self.sql(conditions))?;
        let mut rows = query.query(params_from_iter(self.values(block, conditions)))?;
        let mut seqs = Vec::new();
        while let Some(row) = rows.next()? {
            let holds = row.get(1)?;
            work.spend(1, self.cost(conditions, holds));
            if holds == Some(true) {
                seqs.push(row.get(0)?);
            }
        }
        Ok(seqs)
    }

    fn values(&self, window: &Range<i64>, conditions: &Conditions) -> Vec<Value> {
        let bounds = [Value::Integer(window.start), Value::Integer(window.end)];
        // In the order in which the statement has them: the conditions stand among its columns.
        conditions.values().chain(&self.values).cloned().chain(bounds).collect()
    }

    /// Whether the conditions hold is a column: who reads the rows can end at any of them.
    fn sql(&self, conditions: &Conditions) -> String {
        format!(
            "SELECT seq, {} FROM {} AND seq >= ? AND seq < ? ORDER BY seq DESC",
            conditions.column(),
            self.from
        )
    }
}

/// What was found among the runs that were looked at.
pub(super) struct Looked {
    /// Newest first.
    pub(super) seqs: Vec<i64>,
    /// Where there may be more: down to which run all were looked at.
    pub(super) reached: Option<i64>,
}

fn blob(id: &WorkflowId) -> Value {
    Value::Blob(id.uuid().as_bytes().to_vec())
}

/// What must hold for every run, whatever source it comes from.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    /// Of status and cause, which an index may have.
    cause: Part,
    /// Of what stands in the run alone.
    run: Part,
}

/// Conditions that are asked together.
#[derive(Clone, Debug, Default)]
struct Part {
    /// Each behind an `AND`.
    sql: String,
    values: Vec<Value>,
}

impl Part {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql = format!("{} AND {sql}", self.sql);
        self.values.extend(values);
    }

    fn is_empty(&self) -> bool {
        self.sql.is_empty()
    }
}

impl Conditions {
    pub(super) fn of(filter: &Filter) -> Self {
        let (mut cause, mut run) = (Part::default(), Part::default());
        if !filter.statuses.is_empty() {
            // Names from our own enum: nothing to escape.
            let names: Vec<_> =
                filter.statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
            // The plus keeps SQLite from choosing an index by this.
            cause.and(&format!("+status IN ({})", names.join(", ")), []);
        }
        if let Some(code) = &filter.error_code {
            cause.and("error_code = ?", [Value::Text(code.clone())]);
        }
        if !filter.workflow_ids.is_empty() {
            let marks = vec!["?"; filter.workflow_ids.len()].join(", ");
            run.and(&format!("+workflow_id IN ({marks})"), filter.workflow_ids.iter().map(blob));
        }
        if let Some(from) = filter.from {
            run.and("received_at >= ?", [Value::Integer(from)]);
        }
        if let Some(to) = filter.to {
            run.and("received_at < ?", [Value::Integer(to)]);
        }
        if filter.is_last {
            run.and("NOT EXISTS (SELECT 1 FROM run AS again WHERE again.rerun_of = run.id)", []);
        }
        Self { cause, run }
    }

    /// Whether they hold, as a column: NULL where status or cause rule it out, for which the run itself is not read.
    fn column(&self) -> String {
        let (cause, run) = (&self.cause.sql, &self.run.sql);
        format!("CASE WHEN (1 = 1{cause}) THEN (1 = 1{run}) END")
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.cause.values.iter().chain(&self.run.values)
    }

    /// Asks whether they hold for one run after the other.
    pub(super) fn judge<'a>(&self, connection: &'a Connection) -> Result<Judge<'a>, StoreError> {
        let (cause, run) = (&self.cause.sql, &self.run.sql);
        let sql = format!("SELECT EXISTS (SELECT 1 FROM run WHERE seq = ?{cause}{run})");
        let mut query = connection.prepare_cached(&sql)?;
        for (place, value) in (2..).zip(self.values()) {
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
        let of = |statuses: &[Status]| Filter {
            statuses: statuses.to_vec(),
            error_code: None,
            ..everything.clone()
        };
        let is_rare = |status: &Status| !matches!(status, Status::Succeeded | Status::Running);
        let rare = of(&Status::ALL.into_iter().filter(is_rare).collect::<Vec<_>>());
        let written = store.0.writer.submit(move |tx| {
            workflow::insert(tx, id, "key", "W", 0)?;
            run::enqueue(tx, &[(&NewRun::live(id), &Payload { body: "{}".to_owned(), metadata: None })])
        });
        written.blocking_recv().unwrap().unwrap();
        let sources =
            store.read_blocking(|connection| Source::by_status(connection, &rare)).unwrap().unwrap();
        assert_eq!(sources.len(), 8, "a queue and the other statuses");
        let sources = sources.into_iter().chain(Source::by_workflow(&everything));
        for source in sources.chain([Source::reruns(), Source::any()]) {
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
