//! Where secrets are kept, and moving all of them elsewhere.

use ihook_store::{Connection, StoreError, audit, connection, workflow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Nothing, secrets, workflows};
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::passwords;
use crate::receive::sender_secret_names;
use crate::secrets::{SecretsPlace, Unmoved, secret_name};
use crate::sites::SANDBOX;

/// Where secrets are kept.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct SecretsKept {
    /// The place.
    pub place: SecretsPlace,
    /// What staff should know about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Why they cannot be moved elsewhere; nothing where that can be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cannot_move: Option<String>,
}

/// Moves every secret.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretsMove {
    /// To the keyring or the file.
    pub to: SecretsPlace,
}

/// What was moved.
#[derive(Debug, Serialize, TS)]
pub(crate) struct SecretsMoved {
    /// Where they are now, also after the next start.
    pub kept: SecretsKept,
    /// How many there are.
    pub count: usize,
    /// How many of them the old place still has too, for it does not let go of them.
    pub left: usize,
}

pub(super) async fn kept(app: &App, _request: Nothing) -> Result<SecretsKept, WireError> {
    let vault = app.vault().clone();
    // The keyring may take its time to answer.
    let asked = tokio::task::spawn_blocking(move || vault.can_move()).await;
    let cannot_move = asked.ok().and_then(Result::err).map(|reason| reason.to_string());
    Ok(SecretsKept { place: app.vault().place(), notice: app.vault().notice(), cannot_move })
}

pub(super) async fn move_all(app: &App, request: SecretsMove) -> Result<SecretsMoved, WireError> {
    if request.to == SecretsPlace::Memory {
        return Err(WireError::bad_request("to must be keyring or file."));
    }
    let names = app.store().read(names).await?;
    let moved = app.vault().move_to(request.to, names).await?;
    let kept = kept(app, Nothing {}).await?;
    let (now, to) = (app.clock().millis(), if request.to == SecretsPlace::File { "file" } else { "keyring" });
    let detail = match moved.left {
        0 => format!("{} moved", moved.count),
        left => format!("{} moved, {left} also still in the old place", moved.count),
    };
    app.store().write(move |tx| audit::add(tx, now, "secrets_move", to, &detail)).await?;
    app.events().all_changed(Topic::Settings);
    app.events().all_changed(Topic::Connections);
    Ok(SecretsMoved { kept, count: moved.count, left: moved.left })
}

/// Every name that a secret may have: a keyring cannot list what it holds.
pub(crate) fn names(database: &Connection) -> Result<Vec<String>, StoreError> {
    let connections = connection::list(database)?.into_iter().filter(|row| row.name != SANDBOX);
    let mut names: Vec<_> = connections.map(|row| passwords::entry(&row.name)).collect();
    names.extend(secrets::names(database)?.iter().map(|name| secret_name(name)));
    for row in workflow::list(database)? {
        names.push(workflows::token_name(row.id));
        names.extend(sender_secret_names(row.id));
    }
    Ok(names)
}

impl From<Unmoved> for WireError {
    fn from(error: Unmoved) -> Self {
        let message = error.to_string();
        match error {
            Unmoved::Fixed(_) | Unmoved::There => Self::new(Code::Conflict, message),
            Unmoved::Secrets(_) => Self::new(Code::Secrets, message),
        }
    }
}
