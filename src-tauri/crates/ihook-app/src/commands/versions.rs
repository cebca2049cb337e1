//! Saved versions: what differs between two, and going back to one.

use ihook_engine::compare::{self, Kind};
use ihook_store::{StoreError, WorkflowId, version};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::workflow_file::read;
use super::workflow_save::{WorkflowSave, WorkflowSaved, save};
use super::workflows::find;
use crate::App;
use crate::error::WireError;
use crate::stored;

/// Asks what differs between two versions, or between a version and a file that need not be saved.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowCompare {
    /// The workflow.
    pub id: String,
    /// The older version.
    pub a: u32,
    /// The newer version; the latest when neither it nor a file is given.
    pub b: Option<u32>,
    /// In place of `b`: an object, or its JSON as text.
    #[ts(type = "unknown", optional)]
    pub file: Option<Value>,
}

/// What differs.
#[derive(Debug, Serialize, TS)]
pub(crate) struct WorkflowCompared {
    /// In the order of the newer version.
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Difference {
    /// JSON pointer into the newer version; into the older one where the newer has nothing there.
    pub path: String,
    /// The action concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_id: Option<String>,
    /// The member or field concerned, as the file writes it; none where a whole action is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What happened.
    #[ts(type = "\"added\" | \"removed\" | \"changed\" | \"moved\"")]
    pub kind: &'static str,
    /// As it was.
    #[ts(type = "unknown", optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// As it is.
    #[ts(type = "unknown", optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Makes an old version the newest again.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowRestore {
    /// The workflow.
    pub id: String,
    /// The version to go back to; it is saved again under the next number.
    pub version: u32,
    /// Whether the endpoint runs it from now on.
    pub publish: Option<bool>,
}

pub(super) async fn compare(app: &App, request: WorkflowCompare) -> Result<WorkflowCompared, WireError> {
    let row = find(app, &request.id).await?;
    let before = file(app, row.id, request.a).await?;
    let after = match (request.file, request.b) {
        (Some(given), None) => read(given)?.0,
        (None, number) => file(app, row.id, number.unwrap_or(row.latest)).await?,
        (Some(_), Some(_)) => return Err(WireError::bad_request("Give either b or a file.")),
    };
    let differences = compare::differences(&before, &after).into_iter().map(|one| Difference {
        path: one.path,
        action_id: one.action_id,
        field: one.field,
        kind: match one.kind {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
            Kind::Moved => "moved",
        },
        before: one.before,
        after: one.after,
    });
    Ok(WorkflowCompared { differences: differences.collect() })
}

pub(super) async fn restore(app: &App, request: WorkflowRestore) -> Result<WorkflowSaved, WireError> {
    let row = find(app, &request.id).await?;
    let file = file(app, row.id, request.version).await?;
    let again = WorkflowSave { id: Some(request.id), file, publish: request.publish, base: Some(row.latest) };
    save(app, again).await
}

async fn file(app: &App, id: WorkflowId, number: u32) -> Result<Value, WireError> {
    let text = app.store().read(move |database| version::file(database, id, number)).await;
    let text = text.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("version"),
        other => other.into(),
    })?;
    Ok(stored::file(&text, number)?)
}
