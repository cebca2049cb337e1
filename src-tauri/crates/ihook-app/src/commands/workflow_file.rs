//! A workflow file as it comes in: read, converted, held against its site, and refused or warned about.

use ihook_engine::activity;
use ihook_engine::check::{self, Facts, SenderSecret};
use ihook_engine::plan::Plan;
use ihook_engine::record::SiteTime;
use ihook_engine::workflow::{FileFault, SecretUse, Workflow};
use ihook_engine::{json, legacy};
use ihook_store::{StoreError, WorkflowId, connection, workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::metadata::{self, cached};
use super::off_thread;
use super::workflows::find;
use crate::App;
use crate::error::{Code, WireError};
use crate::sites::time_of;

/// Asks what saving a file would say.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowCheck {
    /// An object, or its JSON as text.
    #[ts(type = "unknown")]
    pub file: Value,
    /// The workflow that it is or will be; none for one that was never saved.
    pub id: Option<String>,
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
pub(super) struct Accepted {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) changes: Vec<Change>,
    pub(super) problems: Vec<Problem>,
}

pub(super) async fn check(app: &App, request: WorkflowCheck) -> Result<WorkflowChecked, WireError> {
    let mut trouble = Vec::new();
    if let Some(name) = &request.connection {
        trouble.extend(learn(app, name, request.refresh.unwrap_or(false)).await);
    }
    let owner = match &request.id {
        Some(id) => Some(find(app, id).await?.id),
        None => None,
    };
    Ok(match accept(app, request.file, owner, request.connection.as_deref()).await {
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

/// Everything that saving refuses, then everything it only warns about; `owner` is the workflow that the file is
/// of, where there is one already. As if for `connection` where one is given.
pub(super) async fn accept(
    app: &App,
    file: Value,
    owner: Option<WorkflowId>,
    connection: Option<&str>,
) -> Result<Accepted, WireError> {
    let connection = connection.map(str::to_owned);
    let read = off_thread("Reading the file", move || -> Result<_, WireError> {
        let (file, changes) = read(file)?;
        let mut workflow = Workflow::parse(&file)?;
        workflow.check_names()?;
        workflow.connection = connection.unwrap_or(workflow.connection);
        Plan::compile(workflow.clone())?;
        let text = serde_json::to_string(&file)
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        Ok((workflow, text, changes))
    });
    let (workflow, text, changes) = read.await??;
    let name = workflow.name.clone();
    Ok(Accepted { name, text, changes, problems: problems(app, workflow, owner).await? })
}

/// A file as given, an object or its text, in today's template syntax, and what had to be rewritten for that.
pub(super) fn read(file: Value) -> Result<(Value, Vec<Change>), FileFault> {
    let mut file = match file {
        // Editors of one system begin every file with a mark.
        Value::String(text) => {
            json::parse_request(text.trim_start_matches('\u{feff}').as_bytes()).map_err(|fault| {
                let json::JsonFault { message, line, column } = fault;
                let message = format!("this is not JSON: {message} at line {line} column {column}");
                FileFault { path: String::new(), message }
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

/// What to look at in a stored file of this workflow.
///
/// # Errors
/// Only a fault of our own.
pub(super) async fn problems_of(
    app: &App,
    file: &Value,
    owner: WorkflowId,
) -> Result<Vec<Problem>, WireError> {
    match Workflow::parse(file) {
        Ok(workflow) => problems(app, workflow, Some(owner)).await,
        Err(fault) => {
            Ok(vec![Problem { path: fault.path, action_id: None, field: None, message: fault.message }])
        }
    }
}

/// Never waits for the network or the keyring, and rests on nothing but what [`super::file_summary`] looks at: what the site said last is what counts, and what the sender's
/// secret was set for.
async fn problems(
    app: &App,
    workflow: Workflow,
    owner: Option<WorkflowId>,
) -> Result<Vec<Problem>, WireError> {
    let name = workflow.connection.clone();
    let row = app.store().read(move |database| match connection::get(database, &name) {
        Ok(row) => Ok(Some(row)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    });
    let row = row.await;
    let site = row.as_ref().ok().and_then(Option::as_ref).and_then(|row| time_of(row).ok());
    let metadata = cached(app, &workflow.connection).await;
    let sender_secret = sender_secret(app, owner).await;
    let found = off_thread("The check", move || {
        let site = site.unwrap_or_else(SiteTime::utc);
        let types = metadata.as_ref().map(|known| known.engine_types());
        let columns = metadata.as_ref().map(|known| known.engine_columns());
        let panels = metadata.as_ref().map(|known| known.engine_panels());
        let facts = Facts {
            activity_types: types.as_deref(),
            activity_columns: columns.as_deref().unwrap_or_else(|| activity::columns()),
            panels: panels.as_deref(),
            site: &site,
            connection_known: row.map_or(true, |row| row.is_some()),
            sender_secret,
        };
        check::problems(&workflow, &facts)
    });
    let wire = |problem: check::Problem| Problem {
        path: problem.path,
        action_id: problem.action_id,
        field: problem.field,
        message: problem.message,
    };
    Ok(found.await?.into_iter().map(wire).collect())
}

/// What the sender's secret of this workflow was set for.
async fn sender_secret(app: &App, owner: Option<WorkflowId>) -> SenderSecret {
    let Some(owner) = owner else { return SenderSecret::Missing };
    match app.store().read(move |database| workflow::sender_proof(database, owner)).await {
        Ok(None) => SenderSecret::Missing,
        Ok(Some(text)) => SecretUse::of(&text).map_or(SenderSecret::Unknown, SenderSecret::For),
        Err(_) => SenderSecret::Unknown,
    }
}
