//! Help for whoever edits a workflow.

use ihook_engine::infer::Used;
use ihook_engine::record::SiteTime;
use ihook_engine::{infer, legacy, template};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::off_thread;
use super::workflow_file::read;
use crate::App;
use crate::error::WireError;

/// Samples of one call at most.
const MAX_SAMPLES: usize = 200;

/// Asks for a schema that fits these payloads.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct SchemaFromSamples {
    /// 1 to 200 payloads.
    #[ts(type = "unknown[]")]
    pub samples: Vec<Value>,
    /// The workflow file, which need be neither saved nor complete: what its templates read is required of every
    /// payload that the schema takes.
    #[ts(type = "unknown", optional)]
    pub file: Option<Value>,
}

/// A schema and what speaks for it.
#[derive(Debug, Serialize, TS)]
pub(crate) struct InferredSchema {
    /// Draft 07.
    #[ts(type = "unknown")]
    pub schema: Value,
    /// One entry for each field.
    pub evidence: Vec<Evidence>,
}

/// What was seen of one field.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Evidence {
    /// JSON pointer.
    pub path: String,
    /// The type seen.
    #[serde(rename = "type")]
    pub kind: String,
    /// In how many samples.
    pub present: usize,
    /// In how many of those without content.
    pub blank: usize,
    /// Of how many.
    pub total: usize,
    /// Whether the schema requires it.
    pub required: bool,
    /// Whether enough samples had a value for it.
    pub sure: bool,
    /// In words.
    pub note: String,
}

/// Asks what a template makes of a payload.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplatePreview {
    /// Liquid.
    pub template: String,
    /// A JSON object.
    #[ts(type = "unknown")]
    pub payload: Value,
}

/// What a template makes of a payload.
#[derive(Debug, Serialize, TS)]
pub(crate) struct PreviewText {
    /// The result; empty when there is none.
    pub text: String,
    /// Why there is none, and names that the payload does not have.
    pub problems: Vec<String>,
    /// The names among them.
    pub unknown: Vec<UnknownName>,
}

/// A name in a template that the payload does not have.
#[derive(Debug, Serialize, TS)]
pub(crate) struct UnknownName {
    /// Its steps with dots between, such as `input.attendee.emial`.
    pub path: String,
    /// What is said of it among the problems.
    pub message: String,
}

impl UnknownName {
    /// As the engine tells them: path and sentence.
    pub(super) fn all(found: Vec<(String, String)>) -> Vec<Self> {
        found.into_iter().map(|(path, message)| Self { path, message }).collect()
    }
}

/// Asks for a pasted text in today's template syntax.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct LegacyConvert {
    /// A template, or a gate's expression.
    pub text: String,
    /// Whether it is a gate's expression: code without braces.
    pub is_expression: Option<bool>,
}

/// A text in today's template syntax.
#[derive(Debug, Serialize, TS)]
pub(crate) struct LegacyConverted {
    /// As it is to be written.
    pub text: String,
    /// Whether anything was rewritten.
    pub changed: bool,
}

pub(super) async fn legacy_convert(_app: &App, request: LegacyConvert) -> Result<LegacyConverted, WireError> {
    let rewritten = legacy::convert_text(&request.text, request.is_expression.unwrap_or(false));
    Ok(LegacyConverted { changed: rewritten.is_some(), text: rewritten.unwrap_or(request.text) })
}

pub(super) async fn schema_from_samples(
    _app: &App,
    request: SchemaFromSamples,
) -> Result<InferredSchema, WireError> {
    if request.samples.is_empty() || request.samples.len() > MAX_SAMPLES {
        return Err(WireError::bad_request(format!("samples must hold 1 to {MAX_SAMPLES} payloads.")));
    }
    if let Some(at) = request.samples.iter().position(|sample| !sample.is_object()) {
        return Err(WireError::bad_request(format!("samples[{at}] must be a JSON object.")));
    }
    let used =
        request.file.map(read).transpose()?.map(|(file, _changes)| Used::by(&file)).unwrap_or_default();
    let made = off_thread("The draft", move || infer::from_samples(&request.samples, &used));
    let inferred = made.await?.map_err(WireError::bad_request)?;
    let evidence = inferred
        .evidence
        .into_iter()
        .map(|seen| Evidence {
            path: seen.path,
            kind: seen.kind,
            present: seen.present,
            blank: seen.blank,
            total: seen.total,
            required: seen.required,
            sure: seen.sure,
            note: seen.note,
        })
        .collect();
    Ok(InferredSchema { schema: inferred.schema, evidence })
}

pub(super) async fn template_preview(app: &App, request: TemplatePreview) -> Result<PreviewText, WireError> {
    let payload = super::payload(request.payload)?;
    let now = app.clock().now();
    let made = off_thread("The preview", move || {
        template::preview(&request.template, &payload, &SiteTime::usual(TimeZone::system()), now)
    });
    let made = made.await?;
    Ok(PreviewText { text: made.text, problems: made.problems, unknown: UnknownName::all(made.unknown) })
}
