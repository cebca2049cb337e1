//! What only a person can decide: whether a record is there, that it must go again, that a run goes on now.

use ihook_store::run::{self, Status};
use ihook_store::step::{self, Step};
use ihook_store::{RunId, StoreError, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use super::id;
use super::runs::{Run, RunById, one};
use crate::App;
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
    let (row, steps) = load(app, &request.id).await?;
    let open = |step: &&Step| matches!(step.status, step::Status::Held | step::Status::InDoubt);
    let chosen = only(steps.iter().filter(open), request.index, "is in doubt or held")?;
    let (id, seq, index, now) = (row.id, row.seq, chosen.index, app.clock().millis());
    // The run goes on when the last word is spoken.
    let still_held =
        steps.iter().find(|step| step.index != index && step.status == step::Status::Held).map(reason_of);
    let done = Step {
        status: step::Status::Succeeded,
        finished_at: Some(now),
        attempts: 0,
        error: None,
        output: Some(json!({ "key": request.record_key, "foundByPerson": true }).to_string()),
        record_key: request.record_key.clone().or_else(|| chosen.record_key.clone()),
        ..chosen.clone()
    };
    app.store()
        .write(move |tx| {
            let word = match request.found {
                Found::Written => {
                    step::put(tx, seq, &done)?;
                    "written"
                }
                Found::NotWritten => {
                    step::send_again(tx, seq, index)?;
                    "not written: sent again"
                }
            };
            match &still_held {
                Some(reason) => run::set_aside(tx, seq, Status::Held, None, reason)?,
                None => {
                    run::set_aside(tx, seq, Status::Waiting, Some(now), "Goes on after a person's word.")?
                }
            }
            audit::add(tx, now, "run_resolve", &id.to_string(), word)
        })
        .await?;
    go_on(app, &row).await
}

/// Why a step is held, in words.
fn reason_of(step: &Step) -> String {
    let told = step.error.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let message = told.as_ref().and_then(|error| error["message"].as_str());
    message.unwrap_or("A person has to decide.").to_owned()
}

pub(super) async fn retry_now(app: &App, request: RunById) -> Result<RunRepaired, WireError> {
    let (row, steps) = load(app, &request.id).await?;
    let is_open = |step: &Step| matches!(step.status, step::Status::Held | step::Status::InDoubt);
    // A run that is held with no step to decide on was tried for too long, or could not be tried.
    let can_go = row.status == Status::Waiting || (row.status == Status::Held && !steps.iter().any(is_open));
    if !can_go {
        return Err(WireError::new(
            Code::Conflict,
            "Only a run that waits, or is held with no step to decide on, can be tried again now.",
        ));
    }
    let (seq, now) = (row.seq, app.clock().millis());
    let reason = row.waiting_reason.clone().unwrap_or_default();
    app.store().write(move |tx| run::set_aside(tx, seq, Status::Waiting, Some(now), &reason)).await?;
    go_on(app, &row).await
}

pub(super) async fn load(app: &App, text: &str) -> Result<(run::Run, Vec<Step>), WireError> {
    let id: RunId = id(text, "run")?;
    let read = app.store().read(move |database| {
        let row = run::get(database, id)?;
        let steps = step::list(database, row.seq)?;
        Ok((row, steps))
    });
    read.await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("run"),
        other => other.into(),
    })
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
