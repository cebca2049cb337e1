//! The delivery log: requests that made no run, and their release.

mod many;

pub(super) use many::{DeliveriesReleased, DeliveryReleaseMany, release_many};

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ihook_engine::plan::{MAX_LIGHT, Plan};
use ihook_store::delivery::{self, Filter, Kept};
use ihook_store::payload::Payload;
use ihook_store::run::{self, Lane, NewRun};
use ihook_store::workflow::{self, Status};
use ihook_store::{Connection, DeliveryId, RunId, StoreError, WorkflowId, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use super::meanwhile::{Decision, decide, local};
use super::reruns::needs_again;
use super::runs::limit;
use super::{Nothing, id, payload, times};
use crate::App;
use crate::clock::DAY;
use crate::endpoints::Endpoint;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::receive;

/// Which refused requests. Everything given must hold.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct DeliveryListRequest {
    /// To this workflow.
    pub workflow_id: Option<String>,
    /// Answered with this status code.
    pub status: Option<u16>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// At most 500; 100 when not given.
    pub limit: Option<u32>,
}

/// Requests that made no run, newest first.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct DeliveryList {
    /// One page.
    pub deliveries: Vec<Delivery>,
    /// Give it as `after` for the next page; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A request that made no run.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Delivery {
    /// Its id.
    pub id: String,
    /// When it came.
    pub received_at: String,
    /// Whose endpoint, when the key was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// The answer's status code.
    pub status: u16,
    /// In words.
    pub reason: String,
    /// The sender's address.
    pub remote_ip: String,
    /// As sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The body's size.
    pub bytes: u64,
    /// How many requests like it came at once; a flood is summed up in one entry.
    pub times: u32,
    /// Whether the body is kept, so that it can be looked at and released.
    pub body_kept: bool,
    /// The run that was made of it later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_run: Option<String>,
}

/// What was refused in the last 24 hours.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DeliveryGroups {
    /// Newest first.
    pub groups: Vec<DeliveryGroup>,
}

/// Requests to one workflow that were refused with the same answer.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryGroup {
    /// Whose endpoint.
    pub workflow_id: String,
    /// The workflow's name now.
    pub workflow_name: String,
    /// The answer's status code.
    pub status: u16,
    /// How many.
    pub count: u64,
    /// When the newest came.
    pub last_at: String,
    /// Why that one was refused.
    pub reason: String,
}

/// Names a refused request.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryById {
    /// Its id.
    pub id: String,
}

/// A refused request with what is kept of it.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct DeliveryDetail {
    /// As in the list.
    pub delivery: Delivery,
    /// The body, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body, where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// The metadata object, as a run has it.
    #[ts(type = "unknown", optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
}

/// Makes a run of a refused request.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct DeliveryRelease {
    /// The refused request.
    pub id: String,
    /// An edited payload; the body received when not given.
    #[ts(type = "unknown", optional)]
    pub payload: Option<Value>,
    /// A person's word that it shall be run once more, although it was released before.
    pub again: Option<bool>,
}

/// The run that was made.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DeliveryReleased {
    /// Its id.
    pub id: String,
}

pub(super) async fn list(app: &App, request: DeliveryListRequest) -> Result<DeliveryList, WireError> {
    let limit = limit(request.limit)?;
    let filter = Filter {
        workflow_id: request.workflow_id.as_deref().map(|text| id(text, "workflow")).transpose()?,
        status: request.status,
        after: request.after.as_deref().map(|text| id(text, "delivery")).transpose()?,
        limit: limit + 1,
    };
    let mut rows = app.store().read(move |database| delivery::list(database, &filter)).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(DeliveryList { deliveries: rows.into_iter().map(wire).collect(), next })
}

pub(super) async fn groups(app: &App, _request: Nothing) -> Result<DeliveryGroups, WireError> {
    let from = app.clock().millis() - DAY;
    let read = app.store().read(move |database| {
        let groups = delivery::refused(database, from)?.into_iter().map(|group| {
            Ok(DeliveryGroup {
                workflow_name: workflow::name(database, group.workflow_id)?,
                workflow_id: group.workflow_id.to_string(),
                status: group.status,
                count: group.count,
                last_at: times::text(group.last_at),
                reason: group.reason,
            })
        });
        groups.collect::<Result<_, StoreError>>()
    });
    Ok(DeliveryGroups { groups: read.await? })
}

pub(super) async fn get(app: &App, request: DeliveryById) -> Result<DeliveryDetail, WireError> {
    let (row, kept) = load(app, &request.id).await?;
    let metadata = kept.as_ref().and_then(|kept| serde_json::from_str(kept.metadata.as_deref()?).ok());
    let (body, body_base64) = match kept.map(|kept| String::from_utf8(kept.body)) {
        None => (None, None),
        Some(Ok(text)) => (Some(text), None),
        Some(Err(error)) => (None, Some(BASE64.encode(error.as_bytes()))),
    };
    Ok(DeliveryDetail { delivery: wire(row), body, body_base64, metadata })
}

pub(super) async fn release(app: &App, request: DeliveryRelease) -> Result<DeliveryReleased, WireError> {
    let (row, kept) = load(app, &request.id).await?;
    let endpoint = endpoint(app, &row).await?;
    let Some((version, plan)) = &endpoint.published else {
        return Err(conflict("Its workflow has no published version: publish one first."));
    };
    let edited = request.payload.is_some();
    let (body, metadata) = match (request.payload, kept) {
        (Some(given), kept) => {
            (Value::Object(payload(given)?).to_string(), kept.and_then(|kept| kept.metadata))
        }
        (None, Some(kept)) => (understood(app, plan, &row, kept.body).await?, kept.metadata),
        (None, None) => {
            return Err(WireError::bad_request(
                "Its body was not kept: give the payload it should have had.",
            ));
        }
    };
    let run = NewRun {
        id: RunId::new(),
        workflow_id: endpoint.workflow_id,
        version: *version,
        connection: plan.workflow().connection.clone(),
        lane: Lane::Rerun,
        received_at: row.at,
        rerun_of: None,
    };
    let (run_id, connection, now) = (run.id, run.connection.clone(), app.clock().millis());
    let (delivery_id, again) = (row.id, request.again.unwrap_or(false));
    decide(app, "delivery", move |tx| {
        let before = delivery::released(tx, delivery_id)?;
        if let Some(before) = before.filter(|_| !again) {
            return Ok(Err(released_before(tx, delivery_id, before)?));
        }
        if let Err(refused) = receiving(tx, run.workflow_id)? {
            return Ok(Err(refused));
        }
        delivery::release(tx, delivery_id, run.id, before)?;
        // A second run of one delivery repeats the first: what that wrote counts for whoever runs either again.
        let run = NewRun { rerun_of: before, ..run };
        run::enqueue(tx, &[(&run, &Payload { body, metadata })])?;
        let with = if edited { "with an edited payload" } else { "with the body received" };
        let detail = format!("{with}: run {}", run.id);
        audit::add(tx, now, "delivery_release", &delivery_id.to_string(), &detail)?;
        Ok(Ok(()))
    })
    .await?;
    app.wake(&connection);
    app.events().changed(Topic::Runs, run_id);
    app.events().all_changed(Topic::Deliveries);
    Ok(DeliveryReleased { id: run_id.to_string() })
}

/// Says what became of the delivery when it was released before.
fn released_before(tx: &Connection, id: DeliveryId, run: RunId) -> Result<WireError, StoreError> {
    let entry = audit::last(tx, &id.to_string())?;
    let when = entry.map(|entry| format!(" at {}", local(entry.at))).unwrap_or_default();
    let became = match run::get(tx, run) {
        Ok(run) => run.status.as_str(),
        Err(StoreError::NotFound) => "removed with age",
        Err(error) => return Err(error),
    };
    let message = format!(
        "This delivery was released before{when}: run {run} ({became}). Look at that one; to run it once more all the \
         same, say so (again)."
    );
    Ok(needs_again(message, json!({ "again": true, "runs": [run.to_string()] })))
}

/// The endpoint the request was meant for.
async fn endpoint(app: &App, row: &delivery::Delivery) -> Result<Arc<Endpoint>, WireError> {
    let Some(id) = row.workflow_id else {
        return Err(conflict("Nobody knows which workflow it was meant for: its URL names none."));
    };
    let found = app.store().read(move |database| receiving(database, id)).await??;
    app.endpoints().get(&found.key).ok_or_else(|| WireError::not_found("workflow"))
}

/// The workflow, where runs of it may be stored.
fn receiving(database: &Connection, id: WorkflowId) -> Result<Decision<workflow::Workflow>, StoreError> {
    Ok(match workflow::get(database, id) {
        Ok(found) if found.status == Status::Archived => {
            Err(conflict("Its workflow is archived: disable or activate it first."))
        }
        Ok(found) => Ok(found),
        Err(StoreError::NotFound) => Err(conflict("Its workflow was deleted: it cannot be released.")),
        Err(error) => return Err(error),
    })
}

/// The payload that a kept body means now.
async fn understood(
    app: &App,
    plan: &Arc<Plan>,
    row: &delivery::Delivery,
    body: Vec<u8>,
) -> Result<String, WireError> {
    let turn = app.heavy().turn(body.len() > MAX_LIGHT).await;
    let (plan, content_type) = (Arc::clone(plan), row.content_type.clone());
    let parse = move || {
        let parsed = receive::parse(&plan.workflow().trigger, content_type.as_deref(), body);
        parsed.map(|payload| payload.text)
    };
    match turn.work(parse).await {
        Ok(text) => Ok(text),
        Err((fault, _)) => Err(WireError::bad_request(format!("{fault}. Give a mended payload."))),
    }
}

async fn load(app: &App, text: &str) -> Result<(delivery::Delivery, Option<Kept>), WireError> {
    let id: DeliveryId = id(text, "delivery")?;
    app.store().read(move |database| delivery::get(database, id)).await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("delivery"),
        other => other.into(),
    })
}

fn conflict(message: &str) -> WireError {
    WireError::new(Code::Conflict, message)
}

fn wire(row: delivery::Delivery) -> Delivery {
    Delivery {
        id: row.id.to_string(),
        received_at: times::text(row.at),
        workflow_id: row.workflow_id.map(|id| id.to_string()),
        status: row.status,
        reason: row.reason,
        remote_ip: row.remote_ip,
        content_type: row.content_type,
        bytes: row.bytes,
        times: row.times,
        body_kept: row.is_kept,
        released_run: row.released_run.map(|id| id.to_string()),
    }
}
