//! Doing a delivery again: reruns, and the release of rejected payloads.

mod prepare;
mod release;
mod written;

pub(super) use release::{RunRelease, needs_again, release};

use std::collections::BTreeSet;

use ihook_store::run::{self, Lane, NewRun, Run};
use ihook_store::{Connection, RunId, StoreError, audit, step, workflow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::meanwhile::Event;
use super::runs::RunListRequest;
use super::selection::chosen;
use crate::App;
use crate::error::WireError;
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
            let stored = store(app, ready, detail.clone()).await?;
            stored.left.into_iter().for_each(|(id, reason)| answer.leave(id, reason));
            answer.runs.extend(stored.runs);
        }
    }
    Ok(answer)
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
    /// What these depend on changed meanwhile, and how.
    left: Vec<(RunId, String)>,
}

/// Stores new runs in one change.
async fn store(app: &App, ready: Vec<Ready>, detail: String) -> Result<Stored, WireError> {
    let connections: BTreeSet<String> = ready.iter().map(|one| one.run.connection.clone()).collect();
    let now = app.clock().millis();
    let stored = app
        .store()
        .write(move |tx| {
            let mut stored = Stored::default();
            for one in &ready {
                match begin(tx, one)? {
                    Ok(run) => stored.runs.push(run),
                    Err(event) => stored.left.push((one.original.id, event.sentence())),
                }
            }
            match stored.runs.as_slice() {
                [] => {}
                [one] => audit::add(tx, now, "run_rerun", &one.rerun_of, &detail)?,
                several => audit::add(tx, now, "run_rerun", &format!("{} runs", several.len()), &detail)?,
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

/// Stores one new run, unless what it was prepared from is not so any more.
fn begin(tx: &Connection, one: &Ready) -> Result<Result<Rerun, Event>, StoreError> {
    if let Some(event) = changed(tx, one)? {
        return Ok(Err(event));
    }
    let seq = run::enqueue(tx, &[(&one.run, &one.payload)])?.start;
    one.steps.iter().try_for_each(|row| step::put(tx, seq, row))?;
    if let Some(reason) = one.held.first() {
        run::set_aside(tx, seq, run::Status::Held, None, reason)?;
    }
    Ok(Ok(Rerun { id: one.run.id.to_string(), rerun_of: one.original.id.to_string() }))
}

/// What happened since the run was prepared, if anything did that it depends on.
fn changed(tx: &Connection, one: &Ready) -> Result<Option<Event>, StoreError> {
    match workflow::get(tx, one.run.workflow_id) {
        Ok(_there) => {}
        Err(StoreError::NotFound) => return Ok(Some(Event::person(None, "its workflow was deleted"))),
        Err(error) => return Err(error),
    }
    let present = match run::basis(tx, &one.original) {
        Ok(present) => present,
        Err(StoreError::NotFound) => return Ok(Some(Event::ihook(None, "the run was removed with age"))),
        Err(error) => return Err(error),
    };
    if present == one.basis {
        return Ok(None);
    }
    let entry = audit::last(tx, &one.original.id.to_string())?;
    Ok(Some(match present.newest_since(&one.basis) {
        Some(run) => {
            let at = entry.filter(|entry| entry.detail.contains(&run.to_string())).map(|entry| entry.at);
            Event::person(at, format!("somebody began to run it again (run {run})"))
        }
        None => match entry {
            Some(entry) => Event::person(Some(entry.at), format!("somebody decided: {}", entry.detail)),
            None => Event::ihook(None, "something was learned of what it, or a rerun of it, wrote"),
        },
    }))
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
