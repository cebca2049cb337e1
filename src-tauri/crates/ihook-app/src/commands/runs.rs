//! Runs: lists and small changes.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use ihook_engine::text::folded;
use ihook_store::run::{self, Filter, Status};
use ihook_store::{Connection, RunId, StoreError, WorkflowId, step, workflow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{id, times};
use crate::App;
use crate::error::WireError;
use crate::worker::{INSERTS, Intent, Trouble};

/// Rows of one page at most (docs/behavior.md#commands).
const MOST_ROWS: u32 = 500;
const ROWS: u32 = 100;

/// Names a run.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunById {
    /// Its id.
    pub id: String,
}

/// One page of something that is listed newest first.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct Page {
    /// `next` of the page before.
    pub after: Option<String>,
    /// At most 500; 100 when not given.
    pub limit: Option<u32>,
}

/// Which runs. Everything given must hold.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(optional_fields)]
pub(crate) struct RunListRequest {
    /// Of this workflow.
    pub workflow_id: Option<String>,
    /// Of one of these workflows.
    pub workflow_ids: Option<Vec<String>>,
    /// With this status, or one of these.
    #[ts(type = "RunStatus | RunStatus[]", optional)]
    pub status: Option<OneOrMany>,
    /// That failed for this cause: the `code` of its error.
    pub error_code: Option<String>,
    /// Leaves out runs that were run again: their reruns speak for them.
    pub not_rerun: Option<bool>,
    /// A payload value, or its beginning, in any case; or a run's id.
    pub search: Option<String>,
    /// Received at or after.
    pub from: Option<String>,
    /// Received before.
    pub to: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// At most 500; 100 when not given.
    pub limit: Option<u32>,
}

/// One status or several.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "one of queued, running, waiting, inDoubt, held, succeeded, failed, rejected, stopped, \
    cancelled, or a list of them, was expected"
)]
pub(crate) enum OneOrMany {
    /// Just this one.
    One(Status),
    /// Any of these.
    Many(Vec<Status>),
}

/// Runs, newest first.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct RunList {
    /// One page. With a `next`, a short or empty one is not the last: older runs were not looked at yet.
    pub runs: Vec<Run>,
    /// Give it as `after` for the next page; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A run (docs/behavior.md#a-run-and-a-step).
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Run {
    /// Its id.
    pub id: String,
    /// Whose delivery.
    pub workflow_id: String,
    /// The workflow's name now.
    pub workflow_name: String,
    /// The version it is pinned to.
    pub version: u32,
    /// The member of its first record, once that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Where it stands.
    #[ts(type = "RunStatus")]
    pub status: Status,
    /// When the delivery came; a rerun keeps the original's.
    pub received_at: String,
    /// When it first started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// From the first start to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// How often it was started.
    pub attempts: u32,
    /// The run this one repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rerun_of: Option<String>,
    /// When it goes on by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_until: Option<String>,
    /// Why it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_reason: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    /// When what it received, sent and got was erased at someone's request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<String>,
}

/// Why a run failed.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct RunError {
    /// The action's id.
    pub step: String,
    /// Stable; for programs.
    #[ts(type = "StepErrorCode")]
    pub code: String,
    /// For people.
    pub message: String,
}

pub(super) async fn list(app: &App, request: RunListRequest) -> Result<RunList, WireError> {
    let limit = limit(request.limit)?;
    let after: Option<RunId> = request.after.as_deref().map(|text| id(text, "run")).transpose()?;
    let mut filter = match wanted(request)? {
        Wanted::One(run) => {
            return Ok(RunList { runs: one(app, run).await.into_iter().collect(), next: None });
        }
        Wanted::All(filter) => Filter { limit: limit + 1, ..filter },
    };
    let behind = Behind::of(app);
    let (mut runs, reached) = app
        .store()
        .read(move |database| {
            filter.before_seq = after.map(|id| run::get(database, id)).transpose()?.map(|run| run.seq);
            let run::Listed { runs, reached } = run::list(database, &filter)?;
            let mut names = HashMap::new();
            let runs = runs.into_iter().map(|row| wire(database, row, &mut names, &behind));
            Ok((runs.collect::<Result<Vec<_>, _>>()?, reached))
        })
        .await?;
    let more = runs.len() > limit as usize;
    runs.truncate(limit as usize);
    let last = runs.last().filter(|_| more).map(|run| run.id.clone());
    Ok(RunList { next: last.or_else(|| reached.map(|reached| reached.id.to_string())), runs })
}

/// What a request asks for.
pub(super) enum Wanted {
    /// The run of this id, which was searched for.
    One(RunId),
    /// All that fit; no page of them is chosen yet.
    All(Filter),
}

pub(super) fn wanted(request: RunListRequest) -> Result<Wanted, WireError> {
    let search = request.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(run) = search.and_then(|text| text.parse::<RunId>().ok()) {
        return Ok(Wanted::One(run));
    }
    let workflows: Vec<String> =
        request.workflow_ids.unwrap_or_default().into_iter().chain(request.workflow_id).collect();
    if workflows.len() > MOST_ROWS as usize {
        return Err(WireError::bad_request(format!("workflowIds must be at most {MOST_ROWS}.")));
    }
    Ok(Wanted::All(Filter {
        workflow_ids: workflows.iter().map(|text| id(text, "workflow")).collect::<Result<_, _>>()?,
        error_code: request.error_code,
        is_last: request.not_rerun.unwrap_or(false),
        statuses: match request.status {
            None => Vec::new(),
            Some(OneOrMany::One(status)) => vec![status],
            Some(OneOrMany::Many(statuses)) => statuses,
        },
        search: search.map(folded),
        from: request.from.as_deref().map(|text| times::parse(text, "from")).transpose()?,
        to: request.to.as_deref().map(|text| times::parse(text, "to")).transpose()?,
        before_seq: None,
        limit: 0,
    }))
}

/// The run of this id as the wire has it, if there is one.
pub(super) async fn one(app: &App, id: RunId) -> Option<Run> {
    let behind = Behind::of(app);
    let read = app.store().read(move |database| {
        let row = run::get(database, id)?;
        wire(database, row, &mut HashMap::new(), &behind)
    });
    read.await.ok()
}

/// What queued runs wait behind: connections to which nothing goes out. A paused workflow's wait for a person.
struct Behind {
    troubles: HashMap<String, Trouble>,
    paused: HashSet<WorkflowId>,
    /// [`Clock::ahead`](crate::clock::Clock::ahead): what is to come is shown as the computer's clock goes now.
    ahead: i64,
}

impl Behind {
    fn of(app: &App) -> Self {
        let endpoints = app.endpoints().all();
        let paused = endpoints.values().filter(|endpoint| !endpoint.status.drains());
        Self {
            paused: paused.map(|endpoint| endpoint.workflow_id).collect(),
            troubles: app.workers().troubles(),
            ahead: app.clock().ahead(),
        }
    }

    fn trouble(&self, row: &run::Run) -> Option<&Trouble> {
        let waits = row.status == Status::Queued && !self.paused.contains(&row.workflow_id);
        self.troubles.get(&row.connection).filter(|_| waits)
    }
}

/// `names` of workflows are kept from one run to the next, those of deleted ones too.
fn wire(
    database: &Connection,
    row: run::Run,
    names: &mut HashMap<WorkflowId, String>,
    behind: &Behind,
) -> Result<Run, StoreError> {
    let trouble = behind.trouble(&row);
    let until = row.resume_at.or_else(|| Some(trouble?.until?.millis()));
    let workflow_name = match names.entry(row.workflow_id) {
        Entry::Occupied(known) => known.get().clone(),
        Entry::Vacant(entry) => entry.insert(workflow::name(database, row.workflow_id)?).clone(),
    };
    let intent = step::first_intent(database, row.seq, INSERTS)?;
    Ok(Run {
        id: row.id.to_string(),
        workflow_id: row.workflow_id.to_string(),
        workflow_name,
        member: intent.and_then(|text| Intent::read(&text)).map(|intent| intent.record.party_id),
        version: row.version,
        status: row.status,
        received_at: times::text(row.received_at),
        started_at: row.started_at.map(times::text),
        finished_at: row.finished_at.map(times::text),
        duration_ms: row.started_at.zip(row.finished_at).map(|(start, end)| end - start),
        attempts: row.attempts,
        rerun_of: row.rerun_of.map(|id| id.to_string()),
        waiting_until: until.map(|at| times::text(at.saturating_add(behind.ahead))),
        waiting_reason: row.waiting_reason.or_else(|| Some(trouble?.reason.clone())),
        error: row.error.map(|error| RunError {
            step: error.action_id,
            code: error.code,
            message: error.message,
        }),
        erased_at: row.erased_at.map(times::text),
    })
}

/// How many rows a page has.
pub(super) fn limit(asked: Option<u32>) -> Result<u32, WireError> {
    match asked.unwrap_or(ROWS) {
        0 => Err(WireError::bad_request("limit must be at least 1.")),
        limit if limit > MOST_ROWS => {
            Err(WireError::bad_request(format!("limit must be at most {MOST_ROWS}.")))
        }
        limit => Ok(limit),
    }
}
