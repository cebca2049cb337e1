//! Saving and importing workflows: what is refused, what is only warned about.

use ihook_store::workflow::Status;
use ihook_store::{WorkflowId, audit, token, version, workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::meanwhile::decide;
use super::workflow_file::{Accepted, Change, Problem, accept};
use super::workflows::{find, token_name, urls};
use crate::App;
use crate::endpoints;
use crate::error::{Code, WireError};
use crate::events::Topic;

/// Characters of a workflow key.
const KEY_CHARS: usize = 10;

/// Adds a workflow from a file.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowImport {
    /// An object, or its JSON as text.
    #[ts(type = "unknown")]
    pub file: Value,
    /// Whether it receives from now on.
    pub activate: Option<bool>,
}

/// An imported workflow.
#[derive(Debug, Serialize, TS)]
pub(crate) struct WorkflowImported {
    /// Its id.
    pub id: String,
    /// Names it in its URL.
    pub key: String,
    /// Where it receives.
    pub url: String,
    /// Always 1.
    pub version: u32,
    /// What to look at; nothing of it blocks.
    pub problems: Vec<Problem>,
    /// What was rewritten from the legacy syntax.
    pub changes: Vec<Change>,
}

/// Saves a new version, or a new workflow when there is no id.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowSave {
    /// The workflow; none to make one.
    pub id: Option<String>,
    /// An object, or its JSON as text.
    #[ts(type = "unknown")]
    pub file: Value,
    /// Whether the endpoint runs it from now on. Does not activate a draft.
    pub publish: Option<bool>,
    /// The version that was edited: refused with `newerVersion` when it is not the latest any more. Not asked
    /// when not given.
    pub base: Option<u32>,
}

/// A saved version.
#[derive(Debug, Serialize, TS)]
pub(crate) struct WorkflowSaved {
    /// The workflow.
    pub id: String,
    /// The version's number.
    pub version: u32,
    /// Where it receives.
    pub url: String,
    /// What to look at; nothing of it blocks.
    pub problems: Vec<Problem>,
    /// What was rewritten from the legacy syntax.
    pub changes: Vec<Change>,
}

pub(super) async fn import(app: &App, request: WorkflowImport) -> Result<WorkflowImported, WireError> {
    let accepted = accept(app, request.file, None, None).await?;
    let activate = request.activate.unwrap_or(false);
    let made = create(app, &accepted, activate, activate).await?;
    Ok(WorkflowImported {
        id: made.id.to_string(),
        key: made.key,
        url: made.url,
        version: 1,
        problems: accepted.problems,
        changes: accepted.changes,
    })
}

pub(super) async fn save(app: &App, request: WorkflowSave) -> Result<WorkflowSaved, WireError> {
    let publish = request.publish.unwrap_or(false);
    let Some(id) = request.id else {
        let accepted = accept(app, request.file, None, None).await?;
        let made = create(app, &accepted, publish, false).await?;
        return Ok(WorkflowSaved {
            id: made.id.to_string(),
            version: 1,
            url: made.url,
            problems: accepted.problems,
            changes: accepted.changes,
        });
    };
    let row = find(app, &id).await?;
    let accepted = accept(app, request.file, Some(row.id), None).await?;
    let (id, now, name, text) = (row.id, app.clock().millis(), accepted.name.clone(), accepted.text.clone());
    let base = request.base;
    let number = decide(app, "workflow", move |tx| {
        let present = workflow::get(tx, id)?;
        if present.status == Status::Archived {
            let why = "An archived workflow cannot be changed: disable it first.";
            return Ok(Err(WireError::new(Code::Conflict, why)));
        }
        if base.is_some_and(|base| base != present.latest) {
            return Ok(Err(newer_version(present.latest)));
        }
        let number = version::add(tx, id, &name, &text, now)?;
        if publish {
            workflow::publish(tx, id, number, now)?;
            audit::add(tx, now, "workflow_publish", &name, &format!("version {number}"))?;
        }
        Ok(Ok(number))
    });
    let number = number.await?;
    app.reload_endpoints().await?;
    app.events().changed(Topic::Workflows, id);
    // A locked keyring does not undo the save; the URL can be copied when it is open again.
    let url = match app.vault().get(&token_name(id)).await {
        Ok(Some(token)) => urls(app, &row.key, &token).url,
        Ok(None) | Err(_) => String::new(),
    };
    Ok(WorkflowSaved {
        id: id.to_string(),
        version: number,
        url,
        problems: accepted.problems,
        changes: accepted.changes,
    })
}

fn newer_version(latest: u32) -> WireError {
    WireError {
        code: Code::NewerVersion,
        message: format!(
            "Version {latest} was saved somewhere else meanwhile: look at it before you save over it."
        ),
        details: Some(serde_json::json!({ "latestVersion": latest })),
    }
}

struct Made {
    id: WorkflowId,
    key: String,
    url: String,
}

async fn create(app: &App, accepted: &Accepted, publish: bool, activate: bool) -> Result<Made, WireError> {
    let (id, key, now) = (WorkflowId::new(), new_key(), app.clock().millis());
    let token = crate::start::random_token();
    // The URL exists from the first save, so the secret store comes first: without it nothing is saved.
    app.vault().set(&token_name(id), &token).await?;
    let (name, text, row_key, hash) =
        (accepted.name.clone(), accepted.text.clone(), key.clone(), endpoints::hash(&token));
    let written = app
        .store()
        .write(move |tx| {
            workflow::insert(tx, id, &row_key, &name, now)?;
            let number = version::add(tx, id, &name, &text, now)?;
            if publish {
                workflow::publish(tx, id, number, now)?;
                audit::add(tx, now, "workflow_publish", &name, &format!("version {number}"))?;
            }
            if activate {
                workflow::set_status(tx, id, Status::Active, now)?;
            }
            token::replace(tx, id, &hash, now, now)?;
            audit::add(tx, now, "workflow_create", &name, if activate { "active" } else { "draft" })
        })
        .await;
    if let Err(error) = written {
        app.vault().delete(&token_name(id)).await?;
        return Err(error.into());
    }
    app.reload_endpoints().await?;
    app.events().changed(Topic::Workflows, id);
    let url = urls(app, &key, &token).url;
    Ok(Made { id, key, url })
}

/// Lower-case letters and digits that cannot be taken for one another.
fn new_key() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let token = crate::start::random_token();
    token.bytes().take(KEY_CHARS).map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect()
}
