//! What every field of an action would be for a delivery that came, or for a payload at hand.

use ihook_engine::preview::{self, FieldPreview, Sample};
use ihook_engine::record::{Panel, SiteTime, Times};
use ihook_engine::template::{PayloadNames, RunFacts, Scope};
use ihook_store::{RunId, StoreError, connection, payload, run, step, workflow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::editor::UnknownName;
use super::metadata::cached;
use super::run_detail::StepError;
use super::workflow_file::read;
use super::{id, off_thread};
use crate::App;
use crate::error::WireError;
use crate::sites::time_of;
use crate::stored;
use crate::worker::step_result;

/// Asks what the fields of an action would be.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct ActionPreview {
    /// An object, or its JSON as text; need be neither saved nor complete.
    #[ts(type = "unknown")]
    pub file: Value,
    /// The action, also one within a loop: that sees the first item.
    pub action_id: String,
    /// A run: its payload, metadata and outputs, and the time of its delivery.
    pub run_id: Option<String>,
    /// A JSON object in place of the run's payload, or without a run.
    #[ts(type = "unknown", optional)]
    pub payload: Option<Value>,
}

/// What an action would make of the delivery.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct ActionPreviewed {
    /// In the order of the file.
    pub fields: Vec<PreviewField>,
    /// Why a JSON Schema Validation would fail; other actions are judged by their fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<StepError>,
}

/// What one field would be.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct PreviewField {
    /// JSON pointer below the action, such as `/fields/ID`.
    pub path: String,
    /// As the file writes it.
    pub name: String,
    /// What the template renders to; empty where it cannot.
    pub text: String,
    /// The value as its column takes it; missing where no column is known, where the value is left out, and
    /// where it does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
    /// Names that the delivery does not have; what is said of each is among the problems.
    pub unknown: Vec<UnknownName>,
}

/// What a delivery brought, and what became of it.
#[derive(Default)]
struct Delivered {
    run_id: Option<String>,
    received_at: Option<i64>,
    workflow_name: Option<String>,
    payload: Map<String, Value>,
    metadata: Option<Value>,
    /// Outputs by action.
    outputs: Vec<(String, Value)>,
}

pub(super) async fn preview(app: &App, request: ActionPreview) -> Result<ActionPreviewed, WireError> {
    let (file, _changes) = read(request.file)?;
    if preview::find(&file, &request.action_id).is_none() {
        return Err(WireError::not_found("action"));
    }
    let mut delivered = match request.run_id {
        Some(text) => delivered(app, id(&text, "run")?).await?,
        None => Delivered::default(),
    };
    if let Some(given) = request.payload {
        delivered.payload = super::payload(given)?;
    }
    let name = file["connection"].as_str().unwrap_or(crate::sites::SANDBOX).to_owned();
    let panels = cached(app, &name).await.map(|known| known.engine_panels()).unwrap_or_default();
    let row = app.store().read(move |database| connection::get(database, &name)).await.ok();
    let site = row.and_then(|row| time_of(&row).ok()).unwrap_or_else(SiteTime::utc);
    let received_at = delivered.received_at.and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let received_at = received_at.unwrap_or_else(|| app.clock().now());
    off_thread("The preview", move || {
        made(&file, &request.action_id, delivered, &panels, &Times { site: &site, received_at })
    })
    .await?
}

/// What the action would make.
fn made(
    file: &Value,
    action_id: &str,
    delivered: Delivered,
    panels: &[Panel],
    times: &Times<'_>,
) -> Result<ActionPreviewed, WireError> {
    let (action, each) = preview::find(file, action_id).ok_or_else(|| WireError::not_found("action"))?;
    let mut pipeline = pipeline(file, &delivered);
    if let Some(each) = each {
        pipeline = preview::within(pipeline, each);
    }
    let facts = RunFacts {
        run_id: delivered.run_id.as_deref().unwrap_or("00000000-0000-7000-8000-000000000000"),
        workflow_name: delivered.workflow_name.as_deref().or(file["name"].as_str()).unwrap_or_default(),
        received_at: times.received_at,
        site: times.site,
    };
    let mut scope = Scope::new(&pipeline, &facts);
    mark_found(&mut scope, file, &delivered);
    let columns = |panel: &str| {
        let known = panels.iter().find(|known| known.name.eq_ignore_ascii_case(panel))?;
        Some(known.columns.clone())
    };
    let sample =
        Sample { scope: &scope, payload: PayloadNames::of(&delivered.payload), times: *times, columns };
    let fields = preview::fields(action, &sample).into_iter().map(wire).collect();
    let (payload, pipeline) = (Value::Object(delivered.payload), Value::Object(pipeline));
    let error = preview::error(action, &scope, &payload, &pipeline).map(StepError::from);
    Ok(ActionPreviewed { fields, error })
}

fn wire(field: FieldPreview) -> PreviewField {
    let FieldPreview { path, name, text, value, problems, unknown } = field;
    PreviewField { path, name, text, value, problems, unknown: UnknownName::all(unknown) }
}

async fn delivered(app: &App, id: RunId) -> Result<Delivered, WireError> {
    let read = app.store().read(move |database| {
        let run = run::get(database, id)?;
        let kept = match payload::get(database, run.seq) {
            Ok(kept) => Some(kept),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error),
        };
        Ok((workflow::name(database, run.workflow_id)?, step::list(database, run.seq)?, kept, run))
    });
    let (name, steps, kept, run) = read.await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("run"),
        other => other.into(),
    })?;
    stored::check_steps(&steps)?;
    let received = kept.as_ref().map(stored::received).transpose()?;
    let (payload, metadata) =
        received.map(|received| (received.payload, received.metadata)).unwrap_or_default();
    let outputs = steps.iter().filter(|row| row.item.is_none()).filter_map(step_result);
    Ok(Delivered {
        run_id: Some(run.id.to_string()),
        received_at: Some(run.received_at),
        workflow_name: Some(name),
        payload,
        metadata,
        outputs: outputs.filter_map(|result| Some((result.action_id, result.output?))).collect(),
    })
}

/// Lets the names of lookups that found several records stand for several, as in a run.
fn mark_found(scope: &mut Scope, file: &Value, delivered: &Delivered) {
    for (action_id, output) in &delivered.outputs {
        let lookup = preview::find(file, action_id).filter(|(action, _)| action["type"] == "imisGet");
        let property = lookup.and_then(|(action, _)| action["outputProperty"].as_str()).map(str::trim);
        if let (Some(property), Some(count)) = (property, output["count"].as_u64()) {
            scope.set_found(property, output, count);
        }
    }
}

/// The pipeline object as the file would have built it: the payload, and what metadata and outputs put there under
/// the names that the file gives them.
fn pipeline(file: &Value, delivered: &Delivered) -> Map<String, Value> {
    let mut pipeline = delivered.payload.clone();
    let metadata = file["trigger"]["metadataOutputProperty"].as_str().zip(delivered.metadata.as_ref());
    if let Some((property, metadata)) = metadata {
        pipeline.insert(property.to_owned(), metadata.clone());
    }
    for (action_id, output) in &delivered.outputs {
        let property = preview::find(file, action_id).and_then(|(action, _)| {
            let named = |member: &str| action[member].as_str().filter(|name| !name.trim().is_empty());
            named("errorProperty").or_else(|| named("outputProperty"))
        });
        if let Some(property) = property {
            pipeline.insert(property.trim().to_owned(), output.clone());
        }
    }
    pipeline
}
