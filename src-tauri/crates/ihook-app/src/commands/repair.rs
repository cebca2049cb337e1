//! What only a person can decide: whether a record is there, that it must go again, that a run goes on now.

use ihook_store::run::{self, Status};
use ihook_store::step::{self, Step};
use ihook_store::{Connection, RunId, StoreError, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use super::id;
use super::meanwhile::{Decision, Event, decide};
use super::runs::{Run, RunById, one};
use crate::App;
use crate::clock::Now;
use crate::error::{Code, WireError};
use crate::events::Topic;

/// Decides a step whose outcome nobody knows.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RunResolve {
    /// The run.
    pub id: String,
    /// Which step; the only open one when not given.
    pub index: Option<u32>,
    /// What was found.
    #[serde(rename = "as")]
    pub found: Found,
    /// The record's key, when it is there.
    pub record_key: Option<String>,
    /// How often the request had gone out when the person looked: the word is about that one, and refused when
    /// another has gone out since. Not asked when not given.
    pub attempts: Option<u32>,
}

/// What a person found in iMIS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Found {
    /// The record is there: go on.
    Written,
    /// It is not: send it again.
    NotWritten,
}

/// A run after a person's word.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RunRepaired {
    /// As it is now.
    pub run: Run,
}

pub(super) async fn resolve(app: &App, request: RunResolve) -> Result<RunRepaired, WireError> {
    let (id, now) = (id(&request.id, "run")?, Now::of(app.clock()));
    let run = decide(app, "run", move |tx| resolved(tx, id, &request, now)).await?;
    go_on(app, &run).await
}

/// Decides about the step as it is now.
fn resolved(
    tx: &Connection,
    id: RunId,
    request: &RunResolve,
    now: Now,
) -> Result<Decision<run::Run>, StoreError> {
    let row = run::get(tx, id)?;
    if row.status.is_final() {
        return Ok(Err(Event::of_run(tx, &row)?.conflict("The run has ended.")));
    }
    let open = step::undecided(tx, row.seq)?;
    let chosen = match only(open.iter(), request.index, "is in doubt or held") {
        Ok(chosen) => chosen,
        Err(refused) => return Ok(Err(undecidable(tx, &row, request.index)?.unwrap_or(refused))),
    };
    if request.attempts.is_some_and(|seen| seen != chosen.attempts) {
        let event = Event::of_step(tx, &row, chosen)?;
        return Ok(Err(event.conflict("What you saw is not so any more.")));
    }
    let word = match request.found {
        Found::Written => {
            let key = request.record_key.clone();
            let done = Step {
                status: step::Status::Succeeded,
                finished_at: Some(now.wall),
                attempts: 0,
                error: None,
                output: Some(json!({ "key": key, "foundByPerson": true }).to_string()),
                record_key: key.or_else(|| chosen.record_key.clone()),
                ..chosen.clone()
            };
            step::put(tx, row.seq, &done)?;
            "written"
        }
        Found::NotWritten => {
            step::send_again(tx, row.seq, chosen.index)?;
            "not written: sent again"
        }
    };
    // The run goes on when the last word is spoken.
    let is_other = |step: &&Step| step.index != chosen.index && step.status == step::Status::Held;
    match open.iter().find(is_other) {
        Some(other) => run::set_aside(tx, row.seq, Status::Held, None, &reason_of(other))?,
        None => {
            let at_once = Some(now.moment.millis());
            run::set_aside(tx, row.seq, Status::Waiting, at_once, "Goes on after a person's word.")?;
        }
    }
    run::decided(tx, row.seq)?;
    audit::add(tx, now.wall, "run_resolve", &id.to_string(), &format!("{word} (\"{}\")", chosen.name))?;
    Ok(Ok(row))
}

/// What became of the step that was meant; none where the run has no such step.
fn undecidable(tx: &Connection, row: &run::Run, index: Option<u32>) -> Result<Option<WireError>, StoreError> {
    let event = match index {
        None if step::undecided(tx, row.seq)?.is_empty() => Event::of_run(tx, row)?,
        None => return Ok(None),
        Some(index) => match step::find(tx, row.seq, index)? {
            Some(step) => Event::of_step(tx, row, &step)?,
            None => return Ok(None),
        },
    };
    Ok(Some(event.conflict("Nobody has to decide about it any more.")))
}

/// Why a step is held, in words.
fn reason_of(step: &Step) -> String {
    let told = step.error.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let message = told.as_ref().and_then(|error| error["message"].as_str());
    message.unwrap_or("A person has to decide.").to_owned()
}

pub(super) async fn retry_now(app: &App, request: RunById) -> Result<RunRepaired, WireError> {
    let (id, at_once) = (id(&request.id, "run")?, app.clock().moment().millis());
    let run = decide(app, "run", move |tx| {
        let row = run::get(tx, id)?;
        // A run that is held with no step to decide on was tried for too long, or could not be tried.
        let can_go = row.status == Status::Waiting
            || (row.status == Status::Held && step::undecided(tx, row.seq)?.is_empty());
        if !can_go {
            let why = "Only a run that waits, or is held with no step to decide on, can be tried again now.";
            return Ok(Err(Event::of_run(tx, &row)?.conflict(why)));
        }
        let reason = row.waiting_reason.clone().unwrap_or_default();
        run::set_aside(tx, row.seq, Status::Waiting, Some(at_once), &reason)?;
        Ok(Ok(row))
    });
    go_on(app, &run.await?).await
}

/// The step meant: the one with this index, or the only candidate.
pub(super) fn only<'a>(
    mut candidates: impl Iterator<Item = &'a Step>,
    index: Option<u32>,
    what: &str,
) -> Result<&'a Step, WireError> {
    let none = || WireError::new(Code::Conflict, format!("No step of this run {what}."));
    match index {
        Some(index) => candidates.find(|step| step.index == index).ok_or_else(none),
        None => {
            let first = candidates.next().ok_or_else(none)?;
            match candidates.next() {
                None => Ok(first),
                Some(_another) => Err(WireError::bad_request(format!(
                    "index is needed: more than one step of this run {what}."
                ))),
            }
        }
    }
}

async fn go_on(app: &App, row: &run::Run) -> Result<RunRepaired, WireError> {
    app.workers().try_now(app, &row.connection);
    app.events().changed(Topic::Runs, row.id);
    repaired(app, row.id).await
}

pub(super) async fn repaired(app: &App, id: RunId) -> Result<RunRepaired, WireError> {
    let run = one(app, id).await.ok_or_else(|| WireError::not_found("run"))?;
    Ok(RunRepaired { run })
}
