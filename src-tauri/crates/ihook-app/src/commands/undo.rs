//! Deletes in iMIS what a run wrote, on a person's word and with a reason: an event beside the run, whose status
//! stays.

use std::sync::Arc;

use ihook_imis::{FailureKind, Target};
use ihook_store::step::{self, Status, Step};
use ihook_store::{audit, run};
use serde::Deserialize;
use ts_rs::TS;

use super::repair::{RunRepaired, load, only, repaired};
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

/// A record to be deleted.
struct Written {
    index: u32,
    intent: Intent,
    key: String,
}

pub(super) async fn undo(app: &App, request: RunUndo) -> Result<RunRepaired, WireError> {
    let reason = request.reason.trim();
    if reason.is_empty() {
        return Err(WireError::bad_request("reason must not be empty: the audit list keeps it."));
    }
    let (row, steps) = load(app, &request.id).await?;
    let candidates = steps.iter().filter(|step| is_undoable(step));
    let chosen = only(candidates, request.index, "has a record that can be deleted")?;
    let written = written(chosen)?;
    let site = site_of(app, &row, &written.intent).await?;
    let gone = delete(&site, &written).await?;
    let (id, seq, index, now) = (row.id, row.seq, written.index, app.clock().millis());
    let detail = format!("{} {}: {reason}{gone}", written.intent.record.target.entity(), written.key);
    app.store()
        .write(move |tx| {
            step::undone(tx, seq, index, now)?;
            audit::add(tx, now, "run_undo", &id.to_string(), &detail)
        })
        .await?;
    app.events().changed(Topic::Runs, row.id);
    repaired(app, row.id).await
}

/// A step taken over from another run is undone there.
fn is_undoable(step: &Step) -> bool {
    step.record_key.is_some()
        && step.undone_at.is_none()
        && step.status == Status::Succeeded
        && INSERTS.contains(&step.kind.as_str())
}

fn written(step: &Step) -> Result<Written, WireError> {
    let intent = step.intent.as_deref().and_then(Intent::read);
    let unknown =
        || WireError::new(Code::Conflict, "What this step wrote is not known any more: delete it in iMIS.");
    Ok(Written {
        index: step.index,
        intent: intent.ok_or_else(unknown)?,
        key: step.record_key.clone().unwrap_or_default(),
    })
}

/// The site that the record was written to, and no other: elsewhere the same key is somebody else's record.
async fn site_of(app: &App, row: &run::Run, intent: &Intent) -> Result<Arc<Site>, WireError> {
    let site = app.sites().get(app, &row.connection).await;
    let site = site.map_err(|error| WireError::new(Code::Imis, error.to_string()))?;
    if site.identity() != intent.site {
        let message = format!(
            "The record was written to {}, and the connection points elsewhere now: delete it there by hand.",
            intent.site
        );
        return Err(WireError::new(Code::Conflict, message));
    }
    Ok(site)
}

/// Deletes the record and makes sure that it is gone; a remark where iMIS did not have it any more.
async fn delete(site: &Site, written: &Written) -> Result<&'static str, WireError> {
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
        return Err(WireError::new(Code::Conflict, message));
    }
    match site.client.delete(target.entity(), key).await {
        Ok(()) => {}
        // Whether it is gone is seen below.
        Err(failed) if matches!(failed.kind, FailureKind::Unknown { .. }) => {}
        Err(failed) => return Err(told(failed)),
    }
    if site.client.record(target, key).await.map_err(told)?.is_some() {
        let message =
            format!("{what} is still in iMIS although it was to be deleted. Nothing was noted as undone.");
        return Err(WireError::new(Code::Imis, message));
    }
    Ok("")
}

fn name_of(target: &Target, key: &str) -> String {
    match target {
        Target::Activity => format!("Activity {key}"),
        Target::Panel { name, .. } => format!("The row {key} of {name}"),
    }
}
