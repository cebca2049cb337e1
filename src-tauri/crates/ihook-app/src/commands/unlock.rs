//! One click for a keyring that has been unlocked.

use ihook_store::{Connection, StoreError, WorkflowId, connection, workflow};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use super::{Nothing, secrets};
use crate::App;
use crate::error::WireError;
use crate::events::Topic;
use crate::passwords;
use crate::secrets::{SecretsError, secret_name};
use crate::sites::SANDBOX;

/// Whether secrets can be read now.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct SecretsState {
    /// They can, and everything that waited for them goes on.
    pub ok: bool,
    /// Why not, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Asks the secret store anew; where it answers, everything that waits for it goes on.
pub(super) async fn retry(app: &App, _request: Nothing) -> Result<SecretsState, WireError> {
    let entries = app.store().read(entries).await?;
    if let Err(error) = read(app, entries).await {
        return Ok(SecretsState { ok: false, message: Some(error.to_string()) });
    }
    app.sender_secrets().try_again(app.vault()).await;
    app.workers().mended_everywhere(app);
    app.events().all_changed(Topic::Connections);
    app.events().all_changed(Topic::Workflows);
    Ok(SecretsState { ok: true, message: None })
}

/// Reads every secret once after the start, so that the redactor knows them. While they cannot be read nothing uses
/// them either; whoever unlocks the keyring asks for them again.
pub(crate) async fn learn_secrets(app: App, shutdown: CancellationToken) {
    let learn = async {
        match app.store().read(entries).await {
            Ok(entries) => match read(&app, entries).await {
                Ok(()) => {}
                Err(error) => tracing::info!(%error, "secrets.not_read"),
            },
            Err(error) => tracing::warn!(%error, "secrets.not_listed"),
        }
    };
    tokio::select! {
        () = learn => {}
        () = shutdown.cancelled() => {}
    }
}

/// What the secret store holds besides hook URLs.
struct Entries {
    names: Vec<String>,
    senders: Vec<WorkflowId>,
}

fn entries(database: &Connection) -> Result<Entries, StoreError> {
    let connections = connection::list(database)?.into_iter().filter(|row| row.name != SANDBOX);
    let mut names: Vec<_> = connections.map(|row| passwords::entry(&row.name)).collect();
    names.extend(secrets::names(database)?.iter().map(|name| secret_name(name)));
    Ok(Entries { names, senders: workflow::with_sender_proof(database)? })
}

async fn read(app: &App, entries: Entries) -> Result<(), SecretsError> {
    // An entry that never was shows whether the store can be read at all.
    for name in entries.names.into_iter().chain(["probe".to_owned()]) {
        app.vault().get(&name).await?;
    }
    for id in entries.senders {
        app.sender_secrets().kept(app.vault(), id).await?;
    }
    Ok(())
}
