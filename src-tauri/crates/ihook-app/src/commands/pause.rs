//! Pausing everything at once, as the tray offers it, and going on.

use ihook_store::audit;
use ihook_store::workflow::{self, Status};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::App;
use crate::error::WireError;
use crate::events::Topic;

/// Pauses what is active, or resumes what is paused.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseAll {
    /// True to pause, false to go on.
    pub paused: bool,
}

/// What was changed.
#[derive(Debug, Serialize, TS)]
pub(crate) struct PausedAll {
    /// How many workflows changed their state.
    pub changed: usize,
}

pub(super) async fn all(app: &App, request: PauseAll) -> Result<PausedAll, WireError> {
    let (from, to) =
        if request.paused { (Status::Active, Status::Paused) } else { (Status::Paused, Status::Active) };
    let now = app.clock().millis();
    let changed = app
        .store()
        .write(move |tx| {
            let rows: Vec<_> = workflow::list(tx)?.into_iter().filter(|row| row.status == from).collect();
            for row in &rows {
                workflow::set_status(tx, row.id, to, now)?;
                audit::add(tx, now, "workflow_set_status", &row.name, to.as_str())?;
            }
            Ok(rows.len())
        })
        .await?;
    app.reload_endpoints().await?;
    app.workers().look_again_everywhere(app);
    app.events().all_changed(Topic::Workflows);
    Ok(PausedAll { changed })
}
