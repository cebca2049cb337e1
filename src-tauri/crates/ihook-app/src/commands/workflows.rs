//! Workflows: reading, state, URL.

use ihook_store::workflow::{self, Status, Workflow};
use ihook_store::{WorkflowId, audit, token, version};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::meanwhile::decide;
use super::status::{WorkflowSummary, summary};
use super::workflow_file::{Problem, problems_of};
use super::{Nothing, id, times};
use crate::App;
use crate::endpoints;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::receive::hook_path;
use crate::stored;

pub(super) const HOUR: i64 = 60 * 60 * 1000;
/// The longest overlap of an old URL (docs/behavior.md#the-url).
const MOST_OVERLAP_HOURS: u32 = 7 * 24;

/// Names a workflow.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ById {
    /// Its id.
    pub id: String,
}

/// Names a workflow and, by choice, a version.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowGet {
    /// Its id.
    pub id: String,
    /// The latest when not given.
    pub version: Option<u32>,
}

/// A workflow file.
#[derive(Debug, Serialize, TS)]
pub(crate) struct WorkflowFile {
    /// As it was written.
    #[ts(type = "unknown")]
    pub file: Value,
}

/// One saved version.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionSummary {
    /// Counts from 1.
    pub version: u32,
    /// When it was saved.
    pub saved_at: String,
    /// Whether the endpoint runs it.
    pub published: bool,
}

/// A workflow with one version's file.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct WorkflowDetail {
    /// As in the list.
    pub workflow: WorkflowSummary,
    /// As it was written.
    #[ts(type = "unknown")]
    pub file: Value,
    /// Newest first.
    pub versions: Vec<VersionSummary>,
    /// What to look at; nothing of it blocks.
    pub problems: Vec<Problem>,
    /// Until when a replaced URL is still taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_url_until: Option<String>,
}

/// Moves a workflow to another state.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetStatus {
    /// Its id.
    pub id: String,
    /// The state wanted.
    #[ts(type = "WorkflowStatus")]
    pub status: Status,
}

/// The state a workflow has now.
#[derive(Debug, Serialize, TS)]
pub(crate) struct StatusSet {
    /// The state.
    #[ts(type = "WorkflowStatus")]
    pub status: Status,
}

/// Where senders reach a workflow.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowUrl {
    /// Under the public base URL, or the local one while there is none.
    pub url: String,
    /// On this computer.
    pub local_url: String,
}

/// Asks for a new URL.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RegenerateUrl {
    /// Its id.
    pub id: String,
    /// How long the old URL is still taken; not at all when not given.
    pub overlap_hours: Option<u32>,
}

/// The new URL.
#[derive(Debug, Serialize, TS)]
pub(crate) struct NewUrl {
    /// As [`WorkflowUrl::url`].
    pub url: String,
}

pub(super) async fn get(app: &App, request: WorkflowGet) -> Result<WorkflowDetail, WireError> {
    let row = find(app, &request.id).await?;
    let (id, number) = (row.id, request.version.unwrap_or(row.latest));
    let (text, versions) = app
        .store()
        .read(move |database| Ok((version::file(database, id, number)?, version::list(database, id)?)))
        .await?;
    let file = stored::file(&text, number)?;
    let problems = problems_of(app, &file, id).await?;
    let versions = versions
        .into_iter()
        .map(|version| VersionSummary {
            version: version.number,
            saved_at: times::text(version.saved_at),
            published: version.number == row.published,
        })
        .collect();
    let endpoint = app.endpoints().get(&row.key);
    let old_url_until = endpoint.and_then(|endpoint| endpoint.overlap_until(app.clock().millis()));
    Ok(WorkflowDetail {
        workflow: summary(app, row).await?,
        file,
        versions,
        problems,
        old_url_until: old_url_until.map(times::text),
    })
}

pub(super) async fn export(app: &App, request: ById) -> Result<WorkflowFile, WireError> {
    let row = find(app, &request.id).await?;
    let text = app.store().read(move |database| version::file(database, row.id, row.latest)).await?;
    Ok(WorkflowFile { file: stored::file(&text, row.latest)? })
}

pub(super) async fn set_status(app: &App, request: SetStatus) -> Result<StatusSet, WireError> {
    let id: WorkflowId = id(&request.id, "workflow")?;
    let (status, now) = (request.status, app.clock().millis());
    decide(app, "workflow", move |tx| {
        let row = workflow::get(tx, id)?;
        if status == Status::Draft && row.status != Status::Draft {
            let why = "A workflow that was active cannot become a draft again: disable it.";
            return Ok(Err(WireError::bad_request(why)));
        }
        if status == Status::Archived && ihook_store::run::open_counts(tx, id)? != (0, 0) {
            let why = "Some of its runs are not finished: archive it when they are.";
            return Ok(Err(WireError::new(Code::Conflict, why)));
        }
        if status.accepts() && row.published == 0 {
            // Activating something never published publishes what there is.
            workflow::publish(tx, id, row.latest, now)?;
            audit::add(tx, now, "workflow_publish", &row.name, &format!("version {}", row.latest))?;
        }
        workflow::set_status(tx, id, status, now)?;
        audit::add(tx, now, "workflow_set_status", &row.name, status.as_str())?;
        Ok(Ok(()))
    })
    .await?;
    app.reload_endpoints().await?;
    app.workers().look_again_everywhere(app);
    app.events().changed(Topic::Workflows, id);
    Ok(StatusSet { status })
}

pub(super) async fn url(app: &App, request: ById) -> Result<WorkflowUrl, WireError> {
    let row = find(app, &request.id).await?;
    let kept = app.vault().get(&token_name(row.id)).await?;
    let token = kept.ok_or_else(|| {
        WireError::new(
            Code::Secrets,
            "The URL is not known on this computer: it was made elsewhere, or its keyring was emptied. Senders that \
             have it are still heard. Regenerate it to get one that you can copy, and tell the sender.",
        )
    })?;
    // After a restore the keyring may know a newer token than the database.
    if !app.endpoints().get(&row.key).is_some_and(|endpoint| endpoint.opens(&token, app.clock().millis())) {
        return Err(WireError::new(
            Code::Conflict,
            "The URL that this computer knows is not the one that the database accepts, most likely because the \
             database was restored from a backup. Regenerate it, and tell the sender.",
        ));
    }
    Ok(urls(app, &row.key, &token))
}

pub(super) async fn regenerate_url(app: &App, request: RegenerateUrl) -> Result<NewUrl, WireError> {
    let overlap = overlap(request.overlap_hours)?;
    let row = find(app, &request.id).await?;
    let url = new_token(app, row.id, &row.key, &row.name, overlap).await?;
    Ok(NewUrl { url })
}

/// Gives the workflow a new token; its URL. The secret store comes first: a token that nobody could read again
/// must not become the valid one.
pub(super) async fn new_token(
    app: &App,
    id: WorkflowId,
    key: &str,
    name: &str,
    overlap_hours: u32,
) -> Result<String, WireError> {
    let token = crate::start::random_token();
    let _turn = app.vault().turn().await;
    let before = app.vault().get(&token_name(id)).await?;
    app.vault().set(&token_name(id), &token).await?;
    let (hash, now, name) = (endpoints::hash(&token), app.clock().millis(), name.to_owned());
    let written = app
        .store()
        .write(move |tx| {
            token::replace(tx, id, &hash, now + i64::from(overlap_hours) * HOUR, now)?;
            audit::add(tx, now, "workflow_regenerate_url", &name, &format!("overlap {overlap_hours} h"))
        })
        .await;
    if let Err(error) = written {
        if let Some(before) = before {
            app.vault().set(&token_name(id), &before).await?;
        }
        return Err(error.into());
    }
    app.reload_endpoints().await?;
    app.events().changed(Topic::Workflows, id);
    Ok(urls(app, key, &token).url)
}

/// Hours for which something replaced is still taken.
pub(super) fn overlap(asked: Option<u32>) -> Result<u32, WireError> {
    match asked.unwrap_or(0) {
        hours if hours > MOST_OVERLAP_HOURS => {
            Err(WireError::bad_request(format!("overlapHours must be between 0 and {MOST_OVERLAP_HOURS}.")))
        }
        hours => Ok(hours),
    }
}

pub(super) async fn delete(app: &App, request: ById) -> Result<Nothing, WireError> {
    let row = find(app, &request.id).await?;
    let (id, now) = (row.id, app.clock().millis());
    app.store()
        .write(move |tx| {
            workflow::delete(tx, id, now)?;
            audit::add(tx, now, "workflow_delete", &row.name, "")
        })
        .await?;
    app.reload_endpoints().await?;
    let url = app.vault().delete(&token_name(id)).await;
    if let Err(error) = url.and(app.sender_secrets().forget(app.vault(), id).await) {
        // The token opens nothing any more; what stays in the keyring harms nobody.
        tracing::warn!(%error, "workflow.secret_left_behind");
    }
    app.events().changed(Topic::Workflows, id);
    Ok(Nothing {})
}

/// The workflow a request names.
pub(super) async fn find(app: &App, text: &str) -> Result<Workflow, WireError> {
    let id: WorkflowId = id(text, "workflow")?;
    app.store().read(move |database| workflow::get(database, id)).await.map_err(|error| match error {
        ihook_store::StoreError::NotFound => WireError::not_found("workflow"),
        other => other.into(),
    })
}

/// The URLs of a key and token.
pub(super) fn urls(app: &App, key: &str, token: &str) -> WorkflowUrl {
    let path = hook_path(key, token);
    let local_url = format!("{}{path}", app.facts().hooks_url);
    let settings = app.settings().stored();
    let base = settings.values.public_base_url.as_ref();
    let url = base.map_or_else(|| local_url.clone(), |base| format!("{base}{path}"));
    WorkflowUrl { url, local_url }
}

/// Under which name a hook token is kept.
pub(super) fn token_name(id: WorkflowId) -> String {
    format!("hook/{id}")
}
