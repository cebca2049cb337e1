//! One run with everything that is known of it.

use ihook_engine::run::{Around, pipelines};
use ihook_engine::{schema, step_error};
use ihook_store::step::Status;
use ihook_store::{RunId, StoreError, payload, run, step};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use ts_rs::TS;

use super::runs::{Run, RunById, one};
use super::{id, times};
use crate::App;
use crate::error::WireError;
use crate::heavy::beside;
use crate::worker::step_result;

/// A run with its payload and steps.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct RunDetail {
    /// As in the list.
    pub run: Run,
    /// As received; null when retention has taken it, and its text where that is no JSON object any more.
    #[ts(type = "unknown")]
    pub payload: Value,
    /// What is known of the request.
    #[ts(type = "unknown")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// In order.
    pub steps: Vec<Step>,
    /// The runs that repeat this one, oldest first.
    pub reruns: Vec<String>,
}

/// A step (docs/behavior.md#a-run-and-a-step).
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Step {
    /// Its place in the run.
    pub index: u32,
    /// The action's id.
    pub action_id: String,
    /// The action's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The action's name at that time.
    pub name: String,
    /// Which item of a `forEach`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Where it stands.
    #[ts(type = "StepStatus")]
    pub status: Status,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// The pipeline object before it.
    #[ts(type = "unknown")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
    /// The pipeline object after it.
    #[ts(type = "unknown")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// The pipeline object is large: `input` and `output` show a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_cut: Option<bool>,
    /// What it produced, also where that is not put into the pipeline object.
    #[ts(type = "unknown")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// The last request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<WireRequest>,
    /// The last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<WireResponse>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<StepError>,
    /// The key of the record it wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_key: Option<String>,
    /// What staff should know of what was written: that the member is inactive, say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub warnings: Vec<String>,
    /// How often its request went out.
    pub attempts: u32,
    /// When a person had its record deleted again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<String>,
}

/// What was sent.
#[derive(Debug, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub(crate) struct WireRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Names in lower case; credentials hidden.
    pub headers: BTreeMap<String, String>,
    /// As JSON.
    #[ts(type = "unknown", optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// What came back.
#[derive(Debug, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub(crate) struct WireResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case; cookies hidden.
    pub headers: BTreeMap<String, String>,
    /// JSON where it is JSON, else text.
    #[ts(type = "unknown", optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// From sending to the last byte.
    pub ms: u64,
}

/// Why a step failed.
#[derive(Debug, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub(crate) struct StepError {
    /// Stable; for programs.
    #[ts(type = "StepErrorCode")]
    pub code: String,
    /// For people.
    pub message: String,
    /// Where a schema was broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub violations: Option<Vec<Violation>>,
    /// How many violations more there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u32>,
}

/// One break of a schema.
#[derive(Debug, Serialize, Deserialize, TS)]
pub(crate) struct Violation {
    /// JSON pointer; for a missing member, that member's.
    pub path: String,
    /// The schema's keyword.
    pub keyword: String,
    /// In words.
    pub message: String,
}

impl From<step_error::StepError> for StepError {
    fn from(error: step_error::StepError) -> Self {
        let step_error::StepError { code, message, violations, more } = error;
        let broken: Vec<_> = violations
            .into_iter()
            .map(|schema::Violation { path, keyword, message }| Violation { path, keyword, message })
            .collect();
        Self {
            code,
            message,
            violations: Some(broken).filter(|broken| !broken.is_empty()),
            more: Some(more).filter(|more| *more > 0),
        }
    }
}

pub(super) async fn get(app: &App, request: RunById) -> Result<RunDetail, WireError> {
    let id: RunId = id(&request.id, "run")?;
    let run = one(app, id).await.ok_or_else(|| WireError::not_found("run"))?;
    let (kept, rows, reruns, row) = app
        .store()
        .read(move |database| {
            let row = run::get(database, id)?;
            let kept = match payload::get(database, row.seq) {
                Ok(kept) => Some(kept),
                Err(StoreError::NotFound) => None,
                Err(error) => return Err(error),
            };
            Ok((kept, step::list(database, row.seq)?, run::reruns_of(database, id)?, row))
        })
        .await?;
    let property = metadata_property(app, row.workflow_id, row.version).await;
    // What a run was given and made can be long.
    Ok(beside(move || detail(run, kept, rows, &reruns, property.as_deref())).await)
}

fn detail(
    run: Run,
    kept: Option<payload::Payload>,
    rows: Vec<step::Step>,
    reruns: &[RunId],
    property: Option<&str>,
) -> RunDetail {
    let object = kept.as_ref().and_then(|kept| serde_json::from_str::<Map<String, Value>>(&kept.body).ok());
    let metadata: Option<Value> =
        kept.as_ref().and_then(|kept| serde_json::from_str(kept.metadata.as_deref()?).ok());
    let pipelines = object.as_ref().map(|object| {
        let results: Vec<_> = rows.iter().filter_map(step_result).collect();
        pipelines(object, property.zip(metadata.as_ref()), &results)
    });
    let mut before_after = pipelines.unwrap_or_default().into_iter();
    let steps = rows
        .into_iter()
        .map(|row| {
            let pair = if step_result(&row).is_some() { before_after.next() } else { None };
            wire(row, pair)
        })
        .collect();
    let reruns = reruns.iter().map(ToString::to_string).collect();
    let payload = match (object, kept) {
        (Some(object), _) => Value::Object(object),
        (None, Some(kept)) => Value::String(kept.body),
        (None, None) => Value::Null,
    };
    RunDetail { run, payload, metadata, steps, reruns }
}

async fn metadata_property(app: &App, id: ihook_store::WorkflowId, version: u32) -> Option<String> {
    app.plan(id, version).await.ok()?.workflow().trigger.metadata_output_property.clone()
}

fn wire(row: step::Step, pipeline: Option<Around>) -> Step {
    let pipeline_cut = pipeline.as_ref().and_then(|around| around.is_cut.then_some(true));
    let (input, output) = pipeline.map(|around| (around.before, around.after)).unzip();
    let result: Option<Value> = json(row.output);
    let warnings =
        result.as_ref().and_then(|result| serde_json::from_value(result.get("warnings")?.clone()).ok());
    Step {
        index: row.index,
        action_id: row.action_id,
        kind: row.kind,
        name: row.name,
        item: row.item,
        status: row.status,
        started_at: times::text(row.started_at),
        finished_at: row.finished_at.map(times::text),
        input,
        output,
        pipeline_cut,
        result,
        warnings: warnings.unwrap_or_default(),
        request: json(row.request),
        response: json(row.response),
        error: json(row.error),
        record_key: row.record_key,
        attempts: row.attempts,
        undone_at: row.undone_at.map(times::text),
    }
}

/// A JSON text of our own making.
fn json<T: DeserializeOwned>(text: Option<String>) -> Option<T> {
    text.and_then(|text| serde_json::from_str(&text).ok())
}
