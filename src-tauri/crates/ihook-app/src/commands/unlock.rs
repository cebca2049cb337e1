//! One click for a keyring that has been unlocked.

use ihook_store::connection;
use serde::Serialize;
use ts_rs::TS;

use super::Nothing;
use crate::App;
use crate::error::WireError;
use crate::events::Topic;
use crate::sites::{SANDBOX, password_name};

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
    let rows = app.store().read(connection::list).await?;
    let passwords = rows.iter().filter(|row| row.name != SANDBOX).map(|row| password_name(&row.name));
    for name in passwords.chain(["probe".to_owned()]) {
        if let Err(error) = app.vault().get(&name).await {
            return Ok(SecretsState { ok: false, message: Some(error.to_string()) });
        }
    }
    app.sender_secrets().try_again(app.vault()).await;
    app.workers().mended_everywhere(app);
    app.events().all_changed(Topic::Connections);
    app.events().all_changed(Topic::Workflows);
    Ok(SecretsState { ok: true, message: None })
}
