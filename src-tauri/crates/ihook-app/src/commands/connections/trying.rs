//! Trying a connection: everything that a run needs of the site, and nothing written.

use std::collections::BTreeSet;

use ihook_engine::workflow::{Action, ActionKind, Workflow};
use ihook_store::{version, workflow};

use super::{ByName, Check, ConnectionTested};
use crate::App;
use crate::commands::metadata;
use crate::error::WireError;

pub(in crate::commands) async fn test(app: &App, request: ByName) -> Result<ConnectionTested, WireError> {
    // A test is a person's word to try again, also after refused credentials.
    app.sites().forget(&request.name);
    let site = match app.sites().get(app, &request.name).await {
        Ok(site) => site,
        Err(crate::sites::Unavailable::Unknown(_)) => return Err(WireError::not_found("connection")),
        Err(error) => {
            let check = Check { name: "settings".to_owned(), ok: false, message: error.to_string() };
            return Ok(ConnectionTested { ok: false, checks: vec![check] });
        }
    };
    let panels = panels_used(app, &request.name).await?;
    let checks: Vec<Check> = site
        .client
        .test(&panels)
        .await
        .into_iter()
        .map(|check| {
            let message = app.redactor().text(&check.message).into_owned();
            Check { name: check.name, ok: check.ok, message }
        })
        .collect();
    let ok = checks.iter().all(|check| check.ok);
    if ok {
        app.workers().mended(app, &request.name);
        // What it has is asked for now, so that the editor knows it from here on. It is no part of the test.
        if let Err(error) = metadata::fetch(app, &request.name).await {
            tracing::warn!(message = error.message, "connection.metadata_not_kept");
        }
    }
    Ok(ConnectionTested { ok, checks })
}

/// The panels that workflows write on this connection, as their newest versions have it.
async fn panels_used(app: &App, name: &str) -> Result<Vec<String>, WireError> {
    let files = app.store().read(|database| {
        let all =
            workflow::list(database)?.into_iter().filter(|row| row.status != workflow::Status::Archived);
        all.map(|row| version::file(database, row.id, row.latest)).collect::<Result<Vec<_>, _>>()
    });
    let parsed = files.await?.into_iter().filter_map(|text| {
        let file = serde_json::from_str(&text).ok()?;
        Workflow::parse(&file).ok()
    });
    let mut panels = BTreeSet::new();
    for workflow in parsed.filter(|workflow| workflow.connection == name) {
        collect_panels(&workflow.actions, &mut panels);
    }
    Ok(panels.into_iter().collect())
}

fn collect_panels(actions: &[Action], panels: &mut BTreeSet<String>) {
    for action in actions.iter().filter(|action| action.enabled) {
        match &action.kind {
            ActionKind::InsertPanelRecord { panel, .. } if !panel.trim().is_empty() => {
                panels.insert(panel.clone());
            }
            ActionKind::ForEach { actions, .. } => collect_panels(actions, panels),
            _ => {}
        }
    }
}
