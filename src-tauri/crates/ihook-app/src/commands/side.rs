//! A version with what is already known of its connection: what it would do can be said without asking a site.

use std::sync::Arc;

use ihook_engine::activity;
use ihook_engine::plan::Plan;
use ihook_engine::record::{Column, Panel, SiteTime};
use ihook_engine::run::{Delivery, Target};
use ihook_engine::step_error::StepError;
use ihook_store::{connection, run};
use jiff::Timestamp;

use super::metadata::{Metadata, cached};
use crate::App;
use crate::sites;
use crate::stored::Received;

/// A version and its connection.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) plan: Arc<Plan>,
    /// Which site the connection points to; none while there is no such connection.
    pub(super) site: Option<String>,
    /// The columns of an activity.
    activity: Vec<Column>,
    /// The panels that the site has, as it said last; none when it was never asked.
    panels: Option<Vec<Panel>>,
    time: SiteTime,
}

impl Side {
    pub(super) async fn of(app: &App, plan: Arc<Plan>) -> Self {
        let name = plan.workflow().connection.clone();
        let known = cached(app, &name).await;
        let row = app.store().read(move |database| connection::get(database, &name)).await.ok();
        let time = row.as_ref().and_then(|row| sites::time_of(row).ok()).unwrap_or_else(SiteTime::utc);
        Self {
            plan,
            site: row.as_ref().and_then(sites::identity),
            activity: known.as_ref().map_or_else(|| activity::columns().to_vec(), Metadata::engine_columns),
            panels: known.as_ref().map(Metadata::engine_panels),
            time,
        }
    }

    /// What a run of this version starts from.
    pub(super) fn delivery(&self, run: &run::Run, workflow_name: &str, received: Received) -> Delivery {
        Delivery {
            run_id: run.id.to_string(),
            workflow_name: workflow_name.to_owned(),
            received_at: Timestamp::from_millisecond(run.received_at).unwrap_or(Timestamp::UNIX_EPOCH),
            site: self.time.clone(),
            payload: received.payload,
            metadata: received.metadata,
        }
    }

    /// The columns of what is written, as the site said last; none of a panel while it was never asked.
    ///
    /// # Errors
    /// When the site has no such panel, or iHook does not write it.
    pub(super) fn columns(&self, target: &Target) -> Result<Option<Vec<Column>>, StepError> {
        let Target::Panel(name) = target else {
            return Ok(Some(self.activity.clone()));
        };
        let Some(panels) = &self.panels else { return Ok(None) };
        let panel = panels.iter().find(|panel| panel.name.eq_ignore_ascii_case(name));
        let panel = panel.ok_or_else(|| sites::panel_unknown(name))?;
        sites::writable(panel)?;
        Ok(Some(panel.columns.clone()))
    }
}
