//! Lists of runs by filter, newest first. Never reads a body.
//!
//! The order is the order of arrival, and a page is short: so every list is read off indexes that are in that
//! order already, one stream for each status or searched value, each cut at the page's length, then merged. A
//! list costs as much with a million runs as with a thousand.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::list::first_received;
use super::{COLUMNS, Run, Status, from_row};
use crate::{StoreError, WorkflowId, term};

/// Values that a searched beginning may stand for before the search goes through all their runs at once.
const MOST_VALUES: usize = 32;

/// Which runs. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these workflows; empty for any.
    pub workflow_ids: Vec<WorkflowId>,
    /// With one of these statuses; empty for any.
    pub statuses: Vec<Status>,
    /// That failed for this cause.
    pub error_code: Option<String>,
    /// Leaves out runs that were run again: their reruns speak for them.
    pub is_last: bool,
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
    let mut sql = Sql::default();
    let limit = sql.bind(i64::from(filter.limit));
    let common = sql.common(connection, filter)?;
    let mut streams = Vec::new();
    let is_rare = !filter.statuses.is_empty() && !filter.statuses.contains(&Status::Succeeded);
    let values = match &filter.search {
        None => None,
        Some(text) => Some((text, term::matching(connection, text, MOST_VALUES)?)),
    };
    match values {
        Some((_, Some(values))) if values.is_empty() => return Ok(Vec::new()),
        // Rare runs are few enough to look into each; the value may be in every payload.
        Some((_, Some(values))) if is_rare => {
            let values: Vec<_> = values.into_iter().map(|value| sql.bind(value)).collect();
            let has_value = format!(
                "EXISTS (SELECT 1 FROM term WHERE value IN ({}) AND run_seq = seq)",
                values.join(", ")
            );
            streams.extend(filter.statuses.iter().map(|status| of_status(*status, &common, &has_value)));
        }
        Some((_, Some(values))) => {
            let status = any_of(&filter.statuses);
            let before = sql.bind(filter.before_seq.unwrap_or(i64::MAX));
            streams.extend(values.into_iter().map(|value| {
                format!(
                    "FROM term CROSS JOIN run ON seq = run_seq
                     WHERE value = {} AND run_seq < {before} AND {common} AND {status} ORDER BY run_seq",
                    sql.bind(value)
                )
            }));
        }
        Some((text, None)) => {
            let (low, high) = term::range(text);
            let (low, high, status) = (sql.bind(low), sql.bind(high), any_of(&filter.statuses));
            streams.push(format!(
                "FROM run WHERE seq IN (SELECT run_seq FROM term WHERE value >= {low} AND value < {high})
                 AND {common} AND {status} ORDER BY seq"
            ));
        }
        None if filter.statuses.is_empty() => streams.push(format!("FROM run WHERE {common} ORDER BY seq")),
        None => streams.extend(filter.statuses.iter().map(|status| of_status(*status, &common, "1 = 1"))),
    }
    sql.merged(connection, &streams, &limit)
}

/// The runs of one status in order, from the partial index that holds them. SQLite takes a partial index only
/// where the query repeats the index's own condition word for word.
fn of_status(status: Status, common: &str, and: &str) -> String {
    let name = status.as_str();
    let from = match status {
        Status::Queued => "run INDEXED BY run_queue WHERE status = 'queued'".to_owned(),
        Status::Running | Status::Waiting => {
            format!("run INDEXED BY run_open WHERE status = '{name}' AND {}", super::OPEN)
        }
        Status::InDoubt
        | Status::Held
        | Status::Failed
        | Status::Rejected
        | Status::Stopped
        | Status::Cancelled => {
            format!("run INDEXED BY run_look WHERE status = '{name}' AND {}", super::TO_LOOK_AT)
        }
        // Nearly every run: no index is better than the table.
        Status::Succeeded => "run WHERE status = 'succeeded'".to_owned(),
    };
    format!("FROM {from} AND {common} AND {and} ORDER BY seq")
}

fn any_of(statuses: &[Status]) -> String {
    if statuses.is_empty() {
        return "1 = 1".to_owned();
    }
    // Names from our own enum: nothing to escape.
    let names: Vec<_> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
    format!("status IN ({})", names.join(", "))
}

/// The values of a query that is being written.
#[derive(Default)]
struct Sql(Vec<Value>);

impl Sql {
    /// The placeholder of a value.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("?{}", self.0.len())
    }

    /// What holds for the runs of every stream.
    fn common(&mut self, connection: &Connection, filter: &Filter) -> Result<String, StoreError> {
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut blob = |id: &WorkflowId| self.bind(id.uuid().as_bytes().to_vec());
        match filter.workflow_ids.as_slice() {
            [] => {}
            [id] => conditions.push(format!("workflow_id = {}", blob(id))),
            ids => {
                let ids: Vec<_> = ids.iter().map(blob).collect();
                conditions.push(format!("workflow_id IN ({})", ids.join(", ")));
            }
        }
        if let Some(code) = &filter.error_code {
            conditions.push(format!("error_code = {}", self.bind(code.clone())));
        }
        if filter.is_last {
            conditions
                .push("NOT EXISTS (SELECT 1 FROM run AS again WHERE again.rerun_of = run.id)".to_owned());
        }
        if let Some(from) = filter.from {
            conditions.push(format!("received_at >= {}", self.bind(from)));
            // Spares reading everything older.
            conditions.push(format!("seq >= {}", self.bind(first_received(connection, from)?)));
        }
        if let Some(to) = filter.to {
            conditions.push(format!("received_at < {}", self.bind(to)));
        }
        if let Some(seq) = filter.before_seq {
            conditions.push(format!("seq < {}", self.bind(seq)));
        }
        Ok(conditions.join(" AND "))
    }

    /// The newest of all streams. A run that two of them hold counts once.
    fn merged(
        self,
        connection: &Connection,
        streams: &[String],
        limit: &str,
    ) -> Result<Vec<Run>, StoreError> {
        let parts: Vec<_> = streams
            .iter()
            .map(|stream| format!("SELECT * FROM (SELECT {COLUMNS} {stream} DESC LIMIT {limit})"))
            .collect();
        let sql = format!("{} ORDER BY seq DESC LIMIT {limit}", parts.join(" UNION "));
        let mut query = connection.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(self.0), from_row)?.collect::<Result<_, _>>()?;
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun, RunError};
    use crate::{Store, workflow};

    /// What a run of the test has, beside its place.
    struct Sample {
        workflow_id: WorkflowId,
        status: Status,
        values: Vec<String>,
        at: i64,
    }

    fn samples(workflows: [WorkflowId; 2]) -> Vec<Sample> {
        (0..400_usize)
            .map(|n| Sample {
                workflow_id: workflows[n / 3 % 2],
                status: Status::ALL[n * 7 % Status::ALL.len()],
                // One that all have, one of ten, one of its own; the last two begin alike.
                values: vec!["CONF2026".to_owned(), format!("m{}", n % 10), format!("mine{n:03}")],
                at: i64::try_from(n).unwrap() * 10,
            })
            .collect()
    }

    fn add(tx: &Connection, sample: &Sample) -> Result<(), StoreError> {
        let new = NewRun { received_at: sample.at, ..NewRun::live(sample.workflow_id) };
        let error = RunError { action_id: "a".to_owned(), code: "c".to_owned(), message: "m".to_owned() };
        let payload = Payload { body: "{}".to_owned(), metadata: None };
        let seq = run::enqueue(tx, &[(&new, &payload)])?.start;
        term::index(tx, &[(seq, sample.values.clone())])?;
        match sample.status {
            Status::Queued => Ok(()),
            Status::Running => run::start(tx, seq, Status::Queued, 1),
            status if status.is_final() => run::finish(tx, seq, status, Some(&error), 1, 1),
            status => run::set_aside(tx, seq, status, None, "because"),
        }
    }

    /// Every page of a filter has what a look at each run would find, newest first.
    #[test]
    fn a_list_finds_what_a_look_at_every_run_would() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let workflows = [WorkflowId::new(), WorkflowId::new()];
        let written = store.0.writer.submit(move |tx| {
            for id in workflows {
                workflow::insert(tx, id, &id.to_string(), "W", 0)?;
            }
            samples(workflows).iter().try_for_each(|sample| add(tx, sample))
        });
        written.blocking_recv().unwrap().unwrap();
        let samples = samples(workflows);
        let searches = [None, Some("conf2026"), Some("m3"), Some("M"), Some("mine12"), Some("nobody")];
        let statuses: [&[Status]; 6] = [
            &[],
            &[Status::Succeeded],
            &[Status::Held],
            &[Status::Queued, Status::Running, Status::Waiting],
            &[Status::Succeeded, Status::Rejected],
            &[Status::InDoubt, Status::Held],
        ];
        for search in searches {
            for statuses in statuses {
                for (workflow_id, before_seq, from) in
                    [(None, None, None), (Some(workflows[1]), Some(300), None), (None, None, Some(1500))]
                {
                    let filter = Filter {
                        workflow_ids: workflow_id.into_iter().collect(),
                        error_code: None,
                        is_last: false,
                        statuses: statuses.to_vec(),
                        search: search.map(str::to_owned),
                        from,
                        to: from.map(|from| from + 1000),
                        before_seq,
                        limit: 25,
                    };
                    let found = store.read_blocking(|connection| list(connection, &filter)).unwrap();
                    let found: Vec<i64> = found.iter().map(|run| run.seq).collect();
                    assert_eq!(found, looked_at(&samples, &filter), "{filter:?}");
                }
            }
        }
    }

    fn looked_at(samples: &[Sample], filter: &Filter) -> Vec<i64> {
        let text = filter.search.as_deref().map(str::to_lowercase);
        let holds = |(seq, sample): &(i64, &Sample)| {
            (filter.workflow_ids.is_empty() || filter.workflow_ids.contains(&sample.workflow_id))
                && (filter.statuses.is_empty() || filter.statuses.contains(&sample.status))
                && text.as_ref().is_none_or(|text| {
                    sample.values.iter().any(|value| value.to_lowercase().starts_with(text))
                })
                && filter.from.is_none_or(|from| sample.at >= from)
                && filter.to.is_none_or(|to| sample.at < to)
                && filter.before_seq.is_none_or(|before| *seq < before)
        };
        let found = (1_i64..).zip(samples).filter(holds).map(|(seq, _)| seq);
        let mut found: Vec<i64> = found.collect();
        found.reverse();
        found.truncate(25);
        found
    }
}
