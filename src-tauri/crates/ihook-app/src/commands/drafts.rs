//! What an editor has not saved yet, kept so that a crash loses nothing.

use ihook_store::{WorkflowId, draft};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::workflows::find;
use super::{Nothing, times};
use crate::App;
use crate::error::WireError;

/// Characters of an editor's name for itself.
const MOST_EDITOR: usize = 64;
/// Drafts of one workflow that are listed at most.
const MOST_LISTED: u32 = 10;
/// Drafts that nobody came back to are forgotten after 90 days.
const OUTDATED: i64 = 90 * 24 * 60 * 60 * 1000;

/// Keeps what an editor has now, in place of what it had.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct DraftSave {
    /// Chosen by the editor, at random.
    pub editor: String,
    /// The workflow; none for one that was never saved.
    pub id: Option<String>,
    /// The version that is edited; 0 for a workflow that was never saved.
    pub base: u32,
    /// The file as it stands, right or wrong.
    #[ts(type = "unknown")]
    pub file: Value,
}

/// Asks for the drafts of a workflow.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct DraftListRequest {
    /// The workflow; none for those that were never saved.
    pub id: Option<String>,
}

/// Drafts.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DraftList {
    /// Newest first, at most ten.
    pub drafts: Vec<Draft>,
}

/// What an editor left.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Draft {
    /// The editor that left it.
    pub editor: String,
    /// The version that was edited; 0 for a workflow that was never saved.
    pub base: u32,
    /// The file as it stood.
    #[ts(type = "unknown")]
    pub file: Value,
    /// When it was kept last.
    pub saved_at: String,
}

/// Forgets a draft.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftDiscard {
    /// The editor that left it.
    pub editor: String,
}

pub(super) async fn save(app: &App, request: DraftSave) -> Result<Nothing, WireError> {
    if request.editor.is_empty() || request.editor.len() > MOST_EDITOR {
        return Err(WireError::bad_request(format!("editor must have 1 to {MOST_EDITOR} characters.")));
    }
    if !request.file.is_object() {
        return Err(WireError::bad_request("file must be a JSON object."));
    }
    let row = match request.id {
        Some(id) => Some(find(app, &id).await?),
        None => None,
    };
    let is_new_proof = row.as_ref().is_some_and(|row| is_new_proof(app, &row.key, &request.file));
    let (id, now) = (row.map(|row| row.id), app.clock().millis());
    let kept = draft::Draft {
        editor: request.editor,
        base: request.base,
        file: request.file.to_string(),
        saved_at: now,
    };
    app.store().write(move |tx| draft::set(tx, id, &kept, now - OUTDATED)).await?;
    if is_new_proof {
        app.reload_endpoints().await?;
    }
    Ok(Nothing {})
}

pub(super) async fn list(app: &App, request: DraftListRequest) -> Result<DraftList, WireError> {
    let id = workflow(app, request.id).await?;
    let rows = app.store().read(move |database| draft::list(database, id, MOST_LISTED)).await?;
    let drafts = rows
        .into_iter()
        .map(|row| Draft {
            editor: row.editor,
            base: row.base,
            file: serde_json::from_str(&row.file).unwrap_or(Value::Null),
            saved_at: times::text(row.saved_at),
        })
        .collect();
    Ok(DraftList { drafts })
}

pub(super) async fn discard(app: &App, request: DraftDiscard) -> Result<Nothing, WireError> {
    app.store().write(move |tx| draft::discard(tx, &request.editor)).await?;
    Ok(Nothing {})
}

/// Whether the draft names a header for the sender's proof that the listener does not know yet: what comes in it is
/// a secret from now on.
fn is_new_proof(app: &App, key: &str, file: &Value) -> bool {
    let header = file.pointer("/trigger/authentication/header").and_then(Value::as_str);
    header.is_some_and(|header| {
        app.endpoints()
            .get(key)
            .is_some_and(|endpoint| !endpoint.proof_headers.contains(&header.to_ascii_lowercase()))
    })
}

async fn workflow(app: &App, id: Option<String>) -> Result<Option<WorkflowId>, WireError> {
    match id {
        Some(id) => Ok(Some(find(app, &id).await?.id)),
        None => Ok(None),
    }
}
