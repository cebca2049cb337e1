//! Doing a delivery again: reruns, and the release of rejected payloads.

mod prepare;
mod written;

use std::collections::BTreeSet;

use ihook_store::run::{self, Lane, NewRun, Run};
use ihook_store::{Connection, RunId, StoreError, audit, step};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::id;
use super::runs::RunListRequest;
use super::selection::chosen;
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use prepare::{Prepared, Preparing, Ready};

/// Runs of one change: it keeps deliveries waiting for as long as it takes.
const CHUNK: usize = 50;
/// Runs that are left alone and told of one by one.
const MOST_LEFT: usize = 100;

/// Asks for reruns of some runs, or of all that a filter finds; at most 10,000.
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
#[derive(Debug, Default, Serialize, TS)]
pub(crate) struct RunReran {
    /// In the order in which the deliveries came; none in a preview.
    pub runs: Vec<Rerun>,
    /// What they will do.
    pub counts: RerunCounts,
    /// Runs that are left alone, and why; the first 100.
    pub left: Vec<LeftAlone>,
}

/// A run that is not repeated.
#[derive(Debug, Serialize, TS)]
pub(crate) struct LeftAlone {
    /// The run.
    pub id: String,
    /// In words.
    pub reason: String,
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

/// What reruns will do.
#[derive(Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RerunCounts {
    /// Records that will be written to iMIS.
    pub will_write: usize,
    /// Records that are written already: skipped.
    pub already_written: usize,
    /// A person has to look first: steps whose connection points to another site now, and runs that are left
    /// alone because it is not known yet what they, or reruns of them, wrote.
    pub need_look: usize,
    /// Reruns that will fail as things stand.
    pub will_fail: usize,
    /// Reruns that will send what iMIS refused the last time.
    pub was_refused: usize,
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

pub(super) async fn rerun(app: &App, request: RunRerun) -> Result<RunReran, WireError> {
    let originals = chosen(app, request.ids, request.filter).await?;
    let is_preview = request.preview.unwrap_or(false);
    let detail = format!("{}, {}", request.version.words(), request.from.words());
    let mut preparing = Preparing::new(request.version, request.from);
    let mut answer = RunReran::default();
    for chunk in originals.chunks(CHUNK) {
        let mut ready = Vec::with_capacity(chunk.len());
        for prepared in preparing.prepare(app, chunk).await? {
            match prepared {
                Prepared::Ready(one) => {
                    answer.counts.add(&one);
                    ready.push(*one);
                }
                Prepared::Left(id, reason) => answer.leave(id, reason),
            }
        }
        if !is_preview {
            let stored = store(app, ready, "run_rerun", detail.clone()).await?;
            stored.left.into_iter().for_each(|id| answer.leave(id, prepare::UNDER_WAY.to_owned()));
            answer.runs.extend(stored.runs);
        }
    }
    Ok(answer)
}

pub(super) async fn release(app: &App, request: RunRelease) -> Result<Rerun, WireError> {
    let run = id::<RunId>(&request.id, "run")?;
    let originals = chosen(app, Some(vec![run.to_string()]), None).await?;
    let mut preparing = Preparing::new(Version::Current, From::Start);
    let mut detail = "with the payload received";
    match request.payload {
        None => {}
        Some(Value::Object(object)) => {
            preparing.mended = Some(Value::Object(object).to_string());
            detail = "with an edited payload";
        }
        Some(_) => return Err(WireError::bad_request("payload must be a JSON object.")),
    }
    match preparing.prepare(app, &originals).await?.pop() {
        Some(Prepared::Ready(one)) => {
            let stored = store(app, vec![*one], "run_release", detail.to_owned()).await?;
            stored.runs.into_iter().next().ok_or_else(|| WireError::new(Code::Conflict, prepare::UNDER_WAY))
        }
        Some(Prepared::Left(_, reason)) => Err(WireError::new(Code::Conflict, reason)),
        None => Err(WireError::not_found("run")),
    }
}

impl RunReran {
    fn leave(&mut self, id: RunId, reason: String) {
        self.counts.need_look += 1;
        if self.left.len() < MOST_LEFT {
            self.left.push(LeftAlone { id: id.to_string(), reason });
        }
    }
}

impl RerunCounts {
    fn add(&mut self, one: &Ready) {
        self.will_write += one.will_write;
        self.already_written += one.already_written;
        self.need_look += one.held.len();
        self.will_fail += usize::from(one.will_fail);
        self.was_refused += usize::from(one.was_refused);
    }
}

impl Version {
    fn words(self) -> &'static str {
        match self {
            Self::Original => "original version",
            Self::Current => "current version",
        }
    }
}

impl From {
    fn words(self) -> &'static str {
        match self {
            Self::Start => "from the start",
            Self::Failed => "from the failed step",
        }
    }
}

/// What became of one change.
#[derive(Default)]
struct Stored {
    runs: Vec<Rerun>,
    /// Someone else began a rerun of these meanwhile.
    left: Vec<RunId>,
}

/// Stores new runs in one change; `action` is what the audit list calls it.
async fn store(
    app: &App,
    ready: Vec<Ready>,
    action: &'static str,
    detail: String,
) -> Result<Stored, WireError> {
    let connections: BTreeSet<String> = ready.iter().map(|one| one.run.connection.clone()).collect();
    let now = app.clock().millis();
    let stored = app
        .store()
        .write(move |tx| {
            let mut stored = Stored::default();
            for one in &ready {
                if run::family(tx, &one.original)?.len() != one.relatives {
                    stored.left.push(one.original.id);
                    continue;
                }
                enqueue(tx, one)?;
                let (id, rerun_of) = (one.run.id.to_string(), one.original.id.to_string());
                stored.runs.push(Rerun { id, rerun_of });
            }
            match stored.runs.as_slice() {
                [] => {}
                [one] => audit::add(tx, now, action, &one.rerun_of, &detail)?,
                several => audit::add(tx, now, action, &format!("{} runs", several.len()), &detail)?,
            }
            Ok(stored)
        })
        .await?;
    for connection in connections {
        app.wake(&connection);
    }
    match stored.runs.as_slice() {
        [] => {}
        [one] => app.events().changed(Topic::Runs, &one.id),
        _ => app.events().all_changed(Topic::Runs),
    }
    Ok(stored)
}

fn enqueue(tx: &Connection, one: &Ready) -> Result<(), StoreError> {
    let seq = run::enqueue(tx, &[(&one.run, &one.payload)])?.start;
    one.steps.iter().try_for_each(|row| step::put(tx, seq, row))?;
    match one.held.first() {
        Some(reason) => run::set_aside(tx, seq, run::Status::Held, None, reason),
        None => Ok(()),
    }
}

/// The new run that repeats `original`.
fn new_run(original: &Run, version: u32, connection: &str) -> NewRun {
    NewRun {
        id: RunId::new(),
        workflow_id: original.workflow_id,
        version,
        connection: connection.to_owned(),
        lane: Lane::Rerun,
        received_at: original.received_at,
        rerun_of: Some(original.id),
    }
}
