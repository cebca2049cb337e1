//! Ending runs that nobody wants any more.

use ihook_store::run::{self, Status};
use ihook_store::{Connection, RunId, audit};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::id;
use super::meanwhile::{Event, decide};
use super::runs::{Run, RunById, RunListRequest, one};
use super::selection::chosen;
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;

/// Runs of one change: it keeps deliveries waiting for as long as it takes.
const CHUNK: usize = 100;

/// A cancelled run.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RunCancelled {
    /// As it is now.
    pub run: Run,
}

/// Asks to cancel some runs, or all that a filter finds; at most 10,000.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RunCancelMany {
    /// These runs.
    pub ids: Option<Vec<String>>,
    /// All runs that `run_list` would find.
    pub filter: Option<RunListRequest>,
    /// Only say what would be done.
    pub preview: Option<bool>,
}

/// What became of several runs.
#[derive(Clone, Copy, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunsCancelled {
    /// Ended by this.
    pub cancelled: usize,
    /// Under way, so that a request may be on its way to iMIS: left alone.
    pub under_way: usize,
    /// Had ended before.
    pub ended: usize,
}

pub(super) async fn cancel(app: &App, request: RunById) -> Result<RunCancelled, WireError> {
    let id: RunId = id(&request.id, "run")?;
    let now = app.clock().millis();
    decide(app, "run", move |tx| {
        let row = run::get(tx, id)?;
        if row.status == Status::Running {
            let why = "The run is under way: a request may be on its way to iMIS. Try again in a moment.";
            return Ok(Err(WireError::new(Code::Conflict, why)));
        }
        if row.status.is_final() {
            return Ok(Err(Event::of_run(tx, &row)?.conflict("The run has ended.")));
        }
        run::finish(tx, row.seq, Status::Cancelled, None, now, now)?;
        audit::add(tx, now, "run_cancel", &id.to_string(), "")?;
        Ok(Ok(()))
    })
    .await?;
    app.events().changed(Topic::Runs, id);
    app.workers().look_again_everywhere(app);
    let run = one(app, id).await.ok_or_else(|| WireError::not_found("run"))?;
    Ok(RunCancelled { run })
}

pub(super) async fn cancel_many(app: &App, request: RunCancelMany) -> Result<RunsCancelled, WireError> {
    let runs = chosen(app, request.ids, request.filter).await?;
    let (is_preview, mut counts) = (request.preview.unwrap_or(false), RunsCancelled::default());
    for chunk in runs.chunks(CHUNK) {
        let (ids, now) = (chunk.iter().map(|run| run.id).collect::<Vec<_>>(), app.clock().millis());
        let change = move |tx: &Connection| {
            let mut counts = RunsCancelled::default();
            for id in ids {
                let row = run::get(tx, id)?;
                if row.status.is_final() {
                    counts.ended += 1;
                } else if row.status == Status::Running {
                    counts.under_way += 1;
                } else {
                    counts.cancelled += 1;
                    if !is_preview {
                        run::finish(tx, row.seq, Status::Cancelled, None, now, now)?;
                        audit::add(tx, now, "run_cancel", &id.to_string(), "")?;
                    }
                }
            }
            Ok(counts)
        };
        let part =
            if is_preview { app.store().read(change).await? } else { app.store().write(change).await? };
        counts.cancelled += part.cancelled;
        counts.under_way += part.under_way;
        counts.ended += part.ended;
        if !is_preview && part.cancelled > 0 {
            app.events().all_changed(Topic::Runs);
        }
    }
    if !is_preview {
        app.workers().look_again_everywhere(app);
    }
    Ok(counts)
}
