//! One click for a keyring that has been unlocked.

use serde::Serialize;
use ts_rs::TS;

use super::Nothing;
use crate::App;
use crate::error::WireError;
use crate::events::Topic;

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
    if let Err(error) = app.vault().get("probe").await {
        return Ok(SecretsState { ok: false, message: Some(error.to_string()) });
    }
    app.workers().mended_everywhere(app);
    app.events().all_changed(Topic::Connections);
    Ok(SecretsState { ok: true, message: None })
}
