//! Saving and importing workflows: what is refused, what is only warned about.

use std::sync::Arc;

use ihook_engine::activity;
use ihook_engine::check::{self, Facts};
use ihook_engine::legacy;
use ihook_engine::plan::Plan;
use ihook_engine::workflow::{FileFault, Workflow};
use ihook_store::workflow::Status;
use ihook_store::{WorkflowId, audit, connection, token, version, workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::metadata::{self, cached};
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

/// Asks what saving a file would say.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowCheck {
    /// An object, or its JSON as text.
    #[ts(type = "unknown")]
    pub file: Value,
    /// As if the workflow wrote there: whether the types and panels exist on that site.
    pub connection: Option<String>,
    /// Ask that site first instead of taking what it last said.
    pub refresh: Option<bool>,
}

/// What saving would say.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct WorkflowChecked {
    /// What to look at; nothing of it blocks.
    pub problems: Vec<Problem>,
    /// Why it would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// Why a file is refused.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Fault {
    /// JSON pointer into the file.
    pub path: String,
    /// In words.
    pub message: String,
}

/// Something to look at; it never blocks.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Problem {
    /// JSON pointer into the file.
    pub path: String,
    /// The action concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_id: Option<String>,
    /// The field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// In words.
    pub message: String,
}

/// A rewritten template.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Change {
    /// JSON pointer into the file.
    pub path: String,
    /// As it was.
    pub from: String,
    /// As it is now.
    pub to: String,
}

/// A file that may be saved.
struct Accepted {
    name: String,
    text: String,
    changes: Vec<Change>,
    problems: Vec<Problem>,
}

pub(super) async fn import(app: &App, request: WorkflowImport) -> Result<WorkflowImported, WireError> {
    let accepted = accept(app, request.file, None).await?;
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
    let accepted = accept(app, request.file, None).await?;
    let publish = request.publish.unwrap_or(false);
    let Some(id) = request.id else {
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
    if row.status == Status::Archived {
        return Err(WireError::new(
            Code::Conflict,
            "An archived workflow cannot be changed: disable it first.",
        ));
    }
    let (id, now, name, text) = (row.id, app.clock().millis(), accepted.name.clone(), accepted.text.clone());
    let base = request.base;
    let saved = app
        .store()
        .write(move |tx| {
            let latest = workflow::get(tx, id)?.latest;
            if base.is_some_and(|base| base != latest) {
                return Ok(Err(latest));
            }
            let number = version::add(tx, id, &name, &text, now)?;
            if publish {
                workflow::publish(tx, id, number, now)?;
                audit::add(tx, now, "workflow_publish", &name, &format!("version {number}"))?;
            }
            Ok(Ok(number))
        })
        .await?;
    let number = saved.map_err(newer_version)?;
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

pub(super) async fn check(app: &App, request: WorkflowCheck) -> Result<WorkflowChecked, WireError> {
    let mut trouble = Vec::new();
    if let Some(name) = &request.connection {
        trouble.extend(learn(app, name, request.refresh.unwrap_or(false)).await);
    }
    Ok(match accept(app, request.file, request.connection.as_deref()).await {
        Ok(mut accepted) => {
            accepted.problems.splice(0..0, trouble);
            WorkflowChecked { problems: accepted.problems, fault: None }
        }
        Err(error) => {
            let path =
                error.details.as_ref().and_then(|details| details["path"].as_str()).unwrap_or_default();
            let fault = Fault { path: path.to_owned(), message: error.message };
            WorkflowChecked { problems: Vec::new(), fault: Some(fault) }
        }
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

/// Sees to it that something is known of a site before a workflow is held against it; what is in the way.
async fn learn(app: &App, name: &str, refresh: bool) -> Option<Problem> {
    let about =
        |message: String| Problem { path: "/connection".to_owned(), action_id: None, field: None, message };
    let known = cached(app, name).await.map(|known| known.fetched_at);
    if known.is_some() && !refresh {
        return None;
    }
    let error = metadata::fetch(app, name).await.err()?;
    let judged = known.map_or_else(
        || "Whether its activity types and panels fit is not known".to_owned(),
        |at| format!("It is judged by what it said on {at}"),
    );
    // A connection that is not there at all is told by the check itself.
    (error.code != Code::NotFound)
        .then(|| about(format!("\"{name}\" could not be asked. {judged}. {}", error.message)))
}

/// Everything that saving refuses, then everything it only warns about; as if for `connection` where one is
/// given.
async fn accept(app: &App, file: Value, connection: Option<&str>) -> Result<Accepted, WireError> {
    let (file, changes) = read(file)?;
    let mut workflow = Workflow::parse(&file)?;
    if let Some(connection) = connection {
        connection.clone_into(&mut workflow.connection);
    }
    let name = workflow.name.clone();
    let problems = problems(app, &workflow).await;
    Plan::compile(workflow)?;
    let text =
        serde_json::to_string(&file).map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    Ok(Accepted { name, text, changes, problems })
}

/// A file as given, an object or its text, in today's template syntax, and what had to be rewritten for that.
pub(super) fn read(file: Value) -> Result<(Value, Vec<Change>), FileFault> {
    let mut file = match file {
        // Editors of one system begin every file with a mark.
        Value::String(text) => {
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| FileFault {
                path: String::new(),
                message: format!("this is not JSON: {error}"),
            })?
        }
        other => other,
    };
    let changes = legacy::convert(&mut file)
        .into_iter()
        .map(|change| Change { path: change.path, from: change.from, to: change.to })
        .collect();
    Ok((file, changes))
}

/// What to look at in a stored file.
pub(super) async fn problems_of(app: &App, file: &Value) -> Vec<Problem> {
    match Workflow::parse(file) {
        Ok(workflow) => problems(app, &workflow).await,
        Err(fault) => {
            vec![Problem { path: fault.path, action_id: None, field: None, message: fault.message }]
        }
    }
}

/// Never waits for the network: what the site said last is what counts.
async fn problems(app: &App, workflow: &Workflow) -> Vec<Problem> {
    let name = workflow.connection.clone();
    let known = app.store().read(move |database| Ok(connection::get(database, &name).is_ok())).await;
    let metadata = cached(app, &workflow.connection).await.map(Arc::new);
    let types = metadata.as_ref().map(|known| known.engine_types());
    let columns = metadata.as_ref().map(|known| known.engine_columns());
    let panels = metadata.as_ref().map(|known| known.engine_panels());
    let facts = Facts {
        activity_types: types.as_deref(),
        activity_columns: columns.as_deref().unwrap_or_else(|| activity::columns()),
        panels: panels.as_deref(),
        connection_known: known.unwrap_or(true),
    };
    check::problems(workflow, &facts)
        .into_iter()
        .map(|problem| Problem {
            path: problem.path,
            action_id: problem.action_id,
            field: problem.field,
            message: problem.message,
        })
        .collect()
}
