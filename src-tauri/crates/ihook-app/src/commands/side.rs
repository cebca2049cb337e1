//! A version with what is already known of its connection: what it would do can be said without asking a site.

use std::sync::Arc;

use ihook_engine::plan::Plan;
use ihook_engine::record::{Column, Panel};
use ihook_engine::run::Delivery;
use ihook_store::{connection, payload, run};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::metadata::cached;
use crate::App;
use crate::sites;

/// A version and its connection.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) plan: Arc<Plan>,
    /// Which site the connection points to; none while there is no such connection.
    pub(super) site: Option<String>,
    panels: Vec<Panel>,
    zone: TimeZone,
}

impl Side {
    pub(super) async fn of(app: &App, plan: Arc<Plan>) -> Self {
        let name = plan.workflow().connection.clone();
        let panels = cached(app, &name).await.map(|known| known.engine_panels()).unwrap_or_default();
        let row = app.store().read(move |database| connection::get(database, &name)).await.ok();
        let zone = row.as_ref().and_then(|row| TimeZone::get(&row.time_zone).ok()).unwrap_or(TimeZone::UTC);
        Self { plan, site: row.as_ref().and_then(sites::identity), panels, zone }
    }

    /// What a run of this version starts from.
    pub(super) fn delivery(&self, run: &run::Run, workflow_name: &str, kept: &payload::Payload) -> Delivery {
        Delivery {
            run_id: run.id.to_string(),
            workflow_name: workflow_name.to_owned(),
            received_at: Timestamp::from_millisecond(run.received_at).unwrap_or(Timestamp::UNIX_EPOCH),
            zone: self.zone.clone(),
            payload: serde_json::from_str(&kept.body).unwrap_or_default(),
            metadata: kept.metadata.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        }
    }

    /// The columns of a panel, as the site said last.
    pub(super) fn columns(&self, panel: &str) -> Option<Vec<Column>> {
        let known = self.panels.iter().find(|known| known.name.eq_ignore_ascii_case(panel))?;
        Some(known.columns.clone())
    }
}
