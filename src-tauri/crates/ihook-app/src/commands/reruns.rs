//! Doing a delivery again: reruns, and the release of rejected payloads.

use ihook_engine::run::StepStatus;
use ihook_store::run::{self, Lane, NewRun, Run, Status};
use ihook_store::{RunId, StoreError, audit, payload, step, workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::id;
use super::runs::RunListRequest;
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::worker::step_result;

/// Runs of one command at most.
const MOST_RUNS: u32 = 500;

/// Asks for reruns of some runs, or of all that a filter finds.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RunRerun {
    /// These runs.
    pub ids: Option<Vec<String>>,
    /// All runs that `run_list` would find.
    pub filter: Option<RunListRequest>,
    /// Which version of the workflow.
    pub version: Version,
    /// Where to begin.
    pub from: From,
    /// Only say what would be done.
    pub preview: Option<bool>,
}

/// Which version of the workflow a rerun uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Version {
    /// The one that the first run used.
    Original,
    /// The published one.
    Current,
}

/// Where a rerun begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum From {
    /// At the first action. Inserts that succeeded are skipped all the same.
    Start,
    /// At the action that failed.
    Failed,
}

/// The new runs.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RunReran {
    /// In the order asked for; none in a preview.
    pub runs: Vec<Rerun>,
    /// What they will do.
    pub counts: RerunCounts,
}

/// A new run.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rerun {
    /// Its id.
    pub id: String,
    /// The run it repeats.
    pub rerun_of: String,
}

/// What reruns will do, counted in runs.
#[derive(Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RerunCounts {
    /// Will write something.
    pub will_write: usize,
    /// Everything was written already.
    pub already_written: usize,
    /// Not finished, or in doubt: left alone.
    pub need_look: usize,
}

/// Releases a rejected run's payload.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RunRelease {
    /// The run.
    pub id: String,
    /// A mended payload; the one received when not given.
    #[ts(type = "unknown", optional)]
    pub payload: Option<Value>,
}

/// What is to be done again.
struct Original {
    run: Run,
    body: String,
    metadata: Option<String>,
    steps: Vec<step::Step>,
}

pub(super) async fn rerun(app: &App, request: RunRerun) -> Result<RunReran, WireError> {
    let ids = which(app, request.ids, request.filter).await?;
    let mut originals = Vec::with_capacity(ids.len());
    for id in ids {
        originals.push(load(app, id).await?);
    }
    let mut counts = RerunCounts::default();
    let mut chosen = Vec::new();
    for original in originals {
        if !original.run.status.is_final() {
            counts.need_look += 1;
        } else if original.run.status == Status::Succeeded
            && original.steps.iter().any(|s| s.record_key.is_some())
        {
            counts.already_written += 1;
            chosen.push(original);
        } else {
            counts.will_write += 1;
            chosen.push(original);
        }
    }
    if request.preview.unwrap_or(false) {
        return Ok(RunReran { runs: Vec::new(), counts });
    }
    let mut runs = Vec::with_capacity(chosen.len());
    for original in chosen {
        runs.push(again(app, original, request.version, request.from, None).await?);
    }
    Ok(RunReran { runs, counts })
}

pub(super) async fn release(app: &App, request: RunRelease) -> Result<Rerun, WireError> {
    let original = load(app, id(&request.id, "run")?).await?;
    if !original.run.status.is_final() {
        return Err(WireError::new(
            Code::Conflict,
            "The run is not finished: wait for it, or cancel it first.",
        ));
    }
    let body = match request.payload {
        None => None,
        Some(Value::Object(object)) => Some(Value::Object(object).to_string()),
        Some(_) => return Err(WireError::bad_request("payload must be a JSON object.")),
    };
    again(app, original, Version::Current, From::Start, body).await
}

async fn which(
    app: &App,
    ids: Option<Vec<String>>,
    filter: Option<RunListRequest>,
) -> Result<Vec<RunId>, WireError> {
    match (ids, filter) {
        (Some(ids), None) if ids.len() <= MOST_RUNS as usize => {
            ids.iter().map(|text| id(text, "run")).collect()
        }
        (Some(_), None) => Err(WireError::bad_request(format!("At most {MOST_RUNS} runs at once."))),
        (None, Some(filter)) => {
            let list = super::runs::list(app, RunListRequest { limit: Some(MOST_RUNS), ..filter }).await?;
            if list.next.is_some() {
                return Err(WireError::bad_request(format!(
                    "The filter finds more than {MOST_RUNS} runs: narrow it down."
                )));
            }
            list.runs.iter().map(|run| id(&run.id, "run")).collect()
        }
        (Some(_), Some(_)) | (None, None) => Err(WireError::bad_request("Give either ids or a filter.")),
    }
}

async fn load(app: &App, id: RunId) -> Result<Original, WireError> {
    let read = app.store().read(move |database| {
        let run = run::get(database, id)?;
        let kept = payload::get(database, run.seq);
        let steps = step::list(database, run.seq)?;
        Ok((run, kept, steps))
    });
    let (run, kept, steps) = read.await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("run"),
        other => other.into(),
    })?;
    let kept = kept.map_err(|error| match error {
        StoreError::NotFound => WireError::new(
            Code::Conflict,
            "The payload of this run was removed with age: it cannot run again.",
        ),
        other => other.into(),
    })?;
    Ok(Original { run, body: kept.body, metadata: kept.metadata, steps })
}

/// Stores the new run, with what its original did already as steps that are not done again.
async fn again(
    app: &App,
    original: Original,
    version: Version,
    from: From,
    body: Option<String>,
) -> Result<Rerun, WireError> {
    let Original { run, body: received, metadata, steps } = original;
    let workflow_id = run.workflow_id;
    let row =
        app.store().read(move |database| workflow::get(database, workflow_id)).await.map_err(|error| {
            match error {
                StoreError::NotFound => {
                    WireError::new(Code::Conflict, "Its workflow was deleted: it cannot run again.")
                }
                other => other.into(),
            }
        })?;
    let number = match version {
        Version::Original => run.version,
        Version::Current if row.published > 0 => row.published,
        Version::Current => row.latest,
    };
    let plans = app.clone();
    let plan =
        tokio::task::spawn_blocking(move || plans.plans().get_blocking(plans.store(), workflow_id, number))
            .await
            .map_err(|_panicked| WireError::new(Code::Internal, "The version could not be read."))?
            .map_err(|error| WireError::new(Code::Conflict, error.to_string()))?;
    // A mended payload makes other records: nothing of the original stands for them.
    let carried = if body.is_some() { Vec::new() } else { carried(&steps, from) };
    let new = NewRun {
        id: RunId::new(),
        workflow_id,
        version: number,
        connection: plan.workflow().connection.clone(),
        lane: Lane::Rerun,
        received_at: run.received_at,
        rerun_of: Some(run.id),
    };
    let (id, connection, now) = (new.id, new.connection.clone(), app.clock().millis());
    let edited = body.is_some();
    let kept = payload::Payload { body: body.unwrap_or(received), metadata };
    app.store()
        .write(move |tx| {
            let seq = run::enqueue(tx, &new)?;
            payload::insert(tx, seq, &kept)?;
            carried.iter().try_for_each(|row| step::put(tx, seq, row))?;
            let detail = if edited { "with an edited payload" } else { "with the payload received" };
            audit::add(tx, now, "run_rerun", &run.id.to_string(), detail)
        })
        .await?;
    app.wake(&connection);
    app.events().changed(Topic::Runs, id);
    Ok(Rerun { id: id.to_string(), rerun_of: run.id.to_string() })
}

/// The original's steps that count as done: inserts that succeeded, and, from the failed step on, everything
/// that succeeded before it.
fn carried(steps: &[step::Step], from: From) -> Vec<step::Step> {
    steps
        .iter()
        .filter(|row| {
            let done = step_result(row).is_some_and(|result| result.status == StepStatus::Succeeded);
            done && row.undone_at.is_none()
                && (from == From::Failed || row.intent.is_some() || row.status == step::Status::Carried)
        })
        .map(|row| step::Step { status: step::Status::Carried, attempts: 0, ..row.clone() })
        .collect()
}
