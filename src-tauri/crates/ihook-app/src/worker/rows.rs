//! Between the engine's steps and the store's rows.

use ihook_engine::run::{StepResult, StepStatus};
use ihook_engine::step_error::StepError;
use ihook_imis::Exchange;
use ihook_store::step::{Status, Step};
use serde::Serialize;

use crate::redact::Redactor;

/// A finished step as it is stored.
pub(crate) fn step_row(result: &StepResult, at: i64) -> Step {
    Step {
        item: result.item,
        status: match result.status {
            StepStatus::Succeeded => Status::Succeeded,
            StepStatus::Failed => Status::Failed,
            StepStatus::Skipped => Status::Skipped,
        },
        finished_at: Some(at),
        output: result.output.as_ref().map(ToString::to_string),
        output_property: result.output_property.clone(),
        error: result.error.as_ref().map(to_json),
        record_key: result.record_key.clone(),
        ..Step::begun(result.index, &result.action_id, &result.type_name, &result.name, at)
    }
}

/// A stored step as the engine replays it; `None` while it is not finished.
pub(crate) fn step_result(row: &Step) -> Option<StepResult> {
    let status = match row.status {
        Status::Succeeded | Status::Carried => StepStatus::Succeeded,
        Status::Failed => StepStatus::Failed,
        Status::Skipped => StepStatus::Skipped,
        Status::Running | Status::Waiting | Status::InDoubt | Status::Held => return None,
    };
    Some(StepResult {
        index: row.index,
        action_id: row.action_id.clone(),
        type_name: row.kind.clone(),
        name: row.name.clone(),
        item: row.item,
        status,
        output: row.output.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        output_property: row.output_property.clone(),
        error: row.error.as_deref().and_then(|text| serde_json::from_str::<StepError>(text).ok()),
        record_key: row.record_key.clone(),
    })
}

/// Puts what went over the wire into a row.
pub(super) fn add_exchange(row: &mut Step, exchange: &Exchange, redactor: &Redactor) {
    let exchange = redactor.exchange(exchange);
    row.request = exchange.request.as_ref().map(to_json);
    row.response = exchange.response.as_ref().map(to_json);
}

/// The step with its error as it may be read.
pub(crate) fn readable(step: Step, redactor: &Redactor) -> Step {
    let error = step.error.as_deref().map(|error| redactor.json(error));
    Step { error, ..step }
}

/// Plain data of our own: writing it as JSON cannot fail.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
