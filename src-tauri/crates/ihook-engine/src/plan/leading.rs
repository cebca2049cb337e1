//! The schema check that runs inside the request (docs/behavior.md#leading-schema-check).

use serde_json::Value;

use super::{Plan, Rejection, Step, Validation};
use crate::run::{StepResult, StepStatus};
use crate::step_error::StepError;
use crate::workflow::{Action, ActionKind, OnFailure, WhenDisabled};

pub(super) fn check(plan: &Plan, payload: &Value) -> Option<Rejection> {
    if !plan.workflow.trigger.validate_before_answering {
        return None;
    }
    let metadata = plan.workflow.trigger.metadata_output_property.as_deref();
    let mut passed = Vec::new();
    for (action, step) in plan.workflow.actions.iter().zip(&plan.steps) {
        if !action.enabled {
            if leads_on_when_disabled(action) {
                continue;
            }
            break;
        }
        let Step::Validate(validation) = step else { break };
        if qualifies(action, validation, metadata) {
            if let Some(error) = validation.judge_payload(payload) {
                return Some(rejection(&passed, action, error));
            }
            passed.push(action);
        } else if matches!(action.on_failure, OnFailure::GoTo(_) | OnFailure::Succeed) {
            // Whether what follows is ever reached is known only in the run.
            break;
        }
    }
    None
}

/// A disabled action counts nowhere, unless it was told to end or to redirect the run.
fn leads_on_when_disabled(action: &Action) -> bool {
    matches!(action.when_disabled, WhenDisabled::Skip | WhenDisabled::As(OnFailure::Continue))
}

fn qualifies(action: &Action, validation: &Validation, metadata: Option<&str>) -> bool {
    let ActionKind::JsonSchemaValidation { error_property, path, .. } = &action.kind else { return false };
    // Metadata is not part of the payload that is judged here.
    let looks_at_metadata = match (path, metadata) {
        (Some(path), Some(metadata)) => path.split('/').nth(1) == Some(metadata),
        _ => false,
    };
    let is_default = error_property.is_none() && action.on_failure == OnFailure::Fail;
    is_default && validation.is_fixed() && !looks_at_metadata
}

/// The steps are told only here: nearly every delivery passes, and needs none.
fn rejection(passed: &[&Action], failed: &Action, error: StepError) -> Rejection {
    let (violations, more) = (error.violations.clone(), error.more);
    let judged = passed.iter().map(|action| (*action, None)).chain([(failed, Some(error))]);
    let steps = (0..).zip(judged).map(|(index, (action, error))| step(index, action, error)).collect();
    Rejection { steps, violations, more }
}

fn step(index: u32, action: &Action, error: Option<StepError>) -> StepResult {
    let output = action.output_property.as_ref().map(|_| Validation::output(error.as_ref()));
    StepResult {
        index,
        action_id: action.id.clone(),
        type_name: action.type_name().to_owned(),
        name: action.title().to_owned(),
        item: None,
        status: if error.is_none() { StepStatus::Succeeded } else { StepStatus::Failed },
        output,
        output_property: action.output_property.clone(),
        error,
        record_key: None,
    }
}
