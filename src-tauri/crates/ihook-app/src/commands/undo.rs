//! Deletes in iMIS what a run wrote, on a person's word and with a reason: an event beside the run, whose status
//! stays.

use std::sync::Arc;

use ihook_imis::{Access, Consequence, Target};
use ihook_store::step::{self, Status, Step};
use ihook_store::{Connection, RunId, StoreError, audit, run};
use serde::Deserialize;
use ts_rs::TS;

use super::id;
use super::meanwhile::{Decision, Event, decide};
use super::repair::{RunRepaired, only, repaired};
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::sites::Site;
use crate::worker::{INSERTS, Intent};

/// Deletes a record that a run wrote.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RunUndo {
    /// The run.
    pub id: String,
    /// Which step; the only one with a record when not given.
    pub index: Option<u32>,
    /// Why; goes into the audit list.
    pub reason: String,
}

/// How long one deletion may take: the lookups before and after it and itself, each with its time limit, and more.
/// Longer ones were cut off, with the program or its computer, and are taken up by whoever asks again.
const LONGEST: i64 = 10 * 60 * 1000;

/// A record to be deleted.
struct Written {
    run: run::Run,
    index: u32,
    intent: Intent,
    key: String,
}

/// Why a record was not deleted, as far as can be seen.
struct Undeleted {
    error: WireError,
    /// It may be gone all the same.
    is_doubtful: bool,
}

impl From<WireError> for Undeleted {
    fn from(error: WireError) -> Self {
        Self { error, is_doubtful: false }
    }
}

pub(super) async fn undo(app: &App, request: RunUndo) -> Result<RunRepaired, WireError> {
    let (id, now) = (id(&request.id, "run")?, app.clock().millis());
    let reason = request.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(WireError::bad_request("reason must not be empty: the audit list keeps it."));
    }
    let index = request.index;
    let written = decide(app, "run", move |tx| begin(tx, id, index, now)).await?;
    let deleted = match site_of(app, &written).await {
        Ok(site) => delete(&site, &written).await,
        Err(error) => Err(error.into()),
    };
    let (seq, index) = (written.run.seq, written.index);
    let gone = match deleted {
        Ok(gone) => gone,
        Err(Undeleted { error, is_doubtful }) => {
            if !is_doubtful {
                app.store().write(move |tx| step::give_up_undo(tx, seq, index)).await?;
            }
            return Err(error);
        }
    };
    let now = app.clock().millis();
    let detail = format!("{} {}: {reason}{gone}", written.intent.record.target.entity(), written.key);
    let detail = app.redactor().text(&detail).into_owned();
    app.store()
        .write(move |tx| {
            step::undone(tx, seq, index, now)?;
            run::decided(tx, seq)?;
            audit::add(tx, now, "run_undo", &id.to_string(), &detail)
        })
        .await?;
    app.events().changed(Topic::Runs, id);
    repaired(app, id).await
}

/// Notes which record is about to be deleted, unless another person is at it or was before.
fn begin(tx: &Connection, id: RunId, index: Option<u32>, now: i64) -> Result<Decision<Written>, StoreError> {
    let run = run::get(tx, id)?;
    let steps = match index {
        Some(index) => step::find(tx, run.seq, index)?.into_iter().collect(),
        None => step::list(tx, run.seq)?,
    };
    let chosen = match only(
        steps.iter().filter(|step| is_undoable(step)),
        index,
        "has a record that can be deleted",
    ) {
        Ok(chosen) => chosen,
        Err(refused) => return Ok(Err(undone_before(tx, &run, &steps)?.unwrap_or(refused))),
    };
    let Some(intent) = chosen.intent.as_deref().and_then(Intent::read) else {
        let why = "What this step wrote is not known any more: delete it in iMIS.";
        return Ok(Err(WireError::new(Code::Conflict, why)));
    };
    let (index, key) = (chosen.index, chosen.record_key.clone().unwrap_or_default());
    match step::begin_undo(tx, run.seq, index, now - LONGEST, now) {
        Ok(()) => {}
        Err(StoreError::Conflict(_)) => {
            let event = Event::person(chosen.undo_since, "somebody began to have it deleted");
            return Ok(Err(event.conflict("The record is being deleted already.")));
        }
        Err(error) => return Err(error),
    }
    run::decided(tx, run.seq)?;
    Ok(Ok(Written { run, index, intent, key }))
}

/// Says who was quicker, where the record that is meant was deleted before.
fn undone_before(tx: &Connection, run: &run::Run, steps: &[Step]) -> Result<Option<WireError>, StoreError> {
    let Some(at) = steps.iter().filter_map(|step| step.undone_at).max() else { return Ok(None) };
    let entry = audit::last(tx, &run.id.to_string())?.filter(|entry| entry.action == "run_undo");
    let why = entry.map(|entry| format!(" ({})", entry.detail)).unwrap_or_default();
    let event = Event::person(Some(at), format!("somebody had the record deleted{why}"));
    Ok(Some(event.conflict("There is no record left to delete.")))
}

/// A step taken over from another run is undone there.
fn is_undoable(step: &Step) -> bool {
    step.record_key.is_some()
        && step.undone_at.is_none()
        && step.status == Status::Succeeded
        && INSERTS.contains(&step.kind.as_str())
}

/// The site that the record was written to, and no other: elsewhere the same key is somebody else's record.
async fn site_of(app: &App, written: &Written) -> Result<Arc<Site>, WireError> {
    let site = app.sites().get(app, &written.run.connection).await;
    let site = site.map_err(|error| WireError::new(Code::Imis, error.to_string()))?;
    if site.identity() != written.intent.site {
        let message = format!(
            "The record was written to {}, and the connection points elsewhere now: delete it there by hand.",
            written.intent.site
        );
        return Err(WireError::new(Code::Conflict, message));
    }
    Ok(site)
}

/// Deletes the record and makes sure that it is gone; a remark where iMIS did not have it any more.
async fn delete(site: &Site, written: &Written) -> Result<&'static str, Undeleted> {
    let told = |failed: ihook_imis::Failed| WireError::new(Code::Imis, failed.message);
    let (target, key) = (&written.intent.record.target, written.key.as_str());
    let what = name_of(target, key);
    let Some(there) = site.client.record(target, key).await.map_err(told)? else {
        return Ok(" (iMIS did not have it any more)");
    };
    if !written.intent.record.matches(&there) {
        let message = format!(
            "{what} in iMIS is not what this run wrote any more: someone has changed it. Look at it there, and \
             delete it by hand if it should go."
        );
        return Err(WireError::new(Code::Conflict, message).into());
    }
    match site.client.delete(target.entity(), key).await {
        Ok(()) => {}
        // Whether it is gone is seen below.
        Err(failed) if failed.consequence(Access::Write) == Consequence::Doubt => {}
        Err(failed) => return Err(told(failed).into()),
    }
    let left = site.client.record(target, key).await;
    let left = left.map_err(|failed| Undeleted { error: told(failed), is_doubtful: true })?;
    if left.is_some() {
        let message =
            format!("{what} is still in iMIS although it was to be deleted. Nothing was noted as undone.");
        return Err(WireError::new(Code::Imis, message).into());
    }
    Ok("")
}

fn name_of(target: &Target, key: &str) -> String {
    match target {
        Target::Activity => format!("Activity {key}"),
        Target::Panel { name, .. } => format!("The row {key} of {name}"),
    }
}
