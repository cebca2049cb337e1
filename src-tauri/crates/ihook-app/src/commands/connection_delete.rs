//! Removing a connection that nothing needs any more.

use ihook_store::{StoreError, audit, connection, metadata, run, version, workflow};
use serde_json::Value;

use super::Nothing;
use super::connections::ByName;
use crate::App;
use crate::error::WireError;
use crate::events::Topic;
use crate::passwords;
use crate::sites::SANDBOX;

/// Forgets the connection and its password. Refused while a workflow names it, or runs on it have not ended.
pub(super) async fn delete(app: &App, request: ByName) -> Result<Nothing, WireError> {
    if request.name == SANDBOX {
        return Err(WireError::bad_request("The sandbox is built in: it cannot be deleted."));
    }
    let (name, now) = (request.name.clone(), app.clock().millis());
    app.store()
        .write(move |tx| {
            let users = users(tx, &name)?;
            if !users.is_empty() {
                return Err(StoreError::Conflict(format!(
                    "It is in use by {}: choose another connection there first.",
                    users.join(", ")
                )));
            }
            if run::open_connections(tx)?.contains(&name) {
                return Err(StoreError::Conflict(
                    "Some of its runs have not ended: let them finish or cancel them first.".to_owned(),
                ));
            }
            connection::delete(tx, &name)?;
            metadata::forget(tx, &name)?;
            audit::add(tx, now, "connection_delete", &name, "")
        })
        .await
        .map_err(|error| match error {
            StoreError::NotFound => WireError::not_found("connection"),
            other => other.into(),
        })?;
    app.sites().forget(&request.name);
    if let Err(error) = app.vault().delete(&passwords::entry(&request.name)).await {
        // Nothing reads it any more, and a new connection of that name gets a password of its own.
        tracing::warn!(%error, "connection.secret_left_behind");
    }
    app.events().changed(Topic::Connections, &request.name);
    Ok(Nothing {})
}

/// Names of the workflows whose newest or published version writes there.
fn users(database: &ihook_store::Connection, name: &str) -> Result<Vec<String>, StoreError> {
    let mut users = Vec::new();
    for row in workflow::list(database)? {
        for number in [row.latest, row.published] {
            let text = match version::file(database, row.id, number) {
                Ok(text) => text,
                Err(StoreError::NotFound) => continue,
                Err(error) => return Err(error),
            };
            // Where one that cannot be read writes to, nobody knows.
            if serde_json::from_str::<Value>(&text).map_or(true, |file| file["connection"] == name) {
                users.push(format!("\"{}\"", row.name));
                break;
            }
        }
    }
    Ok(users)
}
