//! The actions that need no effect, and what follows a step.

use serde_json::{Value, json};

use super::{StepResult, StepStatus, Verdict};
use crate::plan::{Gate, Validation};
use crate::run::pipeline::Pipeline;
use crate::step_error::{ErrorCode, StepError};
use crate::workflow::{Action, ActionKind, GateOutcome, OnFailure, WhenDisabled};

/// What an action came to, before it becomes a numbered result.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: StepStatus,
    pub(super) output: Option<Value>,
    pub(super) output_property: Option<String>,
    pub(super) error: Option<StepError>,
    pub(super) record_key: Option<String>,
}

/// Where a run, or an item of a loop, goes from here.
#[derive(Debug)]
pub(super) enum Flow {
    On,
    Jump(String),
    End(Verdict),
}

impl Ended {
    pub(super) fn succeeded(action: &Action, output: Option<Value>) -> Self {
        let output_property = action.output_property.clone();
        Self { status: StepStatus::Succeeded, output, output_property, error: None, record_key: None }
    }

    pub(super) fn failed(action: &Action, error: StepError) -> Self {
        let output_property = action.output_property.clone();
        Self {
            status: StepStatus::Failed,
            output: None,
            output_property,
            error: Some(error),
            record_key: None,
        }
    }

    pub(super) fn result(self, index: u32, action: &Action, item: Option<u32>) -> StepResult {
        StepResult {
            index,
            action_id: action.id.clone(),
            type_name: action.type_name().to_owned(),
            name: action.title().to_owned(),
            item,
            status: self.status,
            output: self.output,
            output_property: self.output_property,
            error: self.error,
            record_key: self.record_key,
        }
    }
}

pub(super) fn disabled(action: &Action) -> Ended {
    let mut ended = Ended::succeeded(action, None);
    ended.status = StepStatus::Skipped;
    if action.when_disabled == WhenDisabled::As(OnFailure::Fail) {
        let message =
            format!("\"{}\" is disabled, and the workflow fails where it is reached.", action.title());
        ended.status = StepStatus::Failed;
        ended.error = Some(StepError::new(ErrorCode::Disabled, message));
    }
    ended
}

pub(super) fn validate(action: &Action, validation: &Validation, pipeline: &Pipeline) -> Ended {
    let error = validation.judge(pipeline);
    let error_property = match &action.kind {
        ActionKind::JsonSchemaValidation { error_property, .. } => error_property.clone(),
        _ => None,
    };
    let output = match (&error_property, &action.output_property) {
        (Some(_), _) => Some(Validation::errors(error.as_ref())),
        (None, Some(_)) => Some(Validation::output(error.as_ref())),
        (None, None) => None,
    };
    let mut ended = Ended::succeeded(action, output);
    if error_property.is_some() {
        ended.output_property = error_property;
    }
    if error.is_some() {
        ended.status = StepStatus::Failed;
    }
    ended.error = error;
    ended
}

pub(super) fn gate(action: &Action, gate: &Gate, pipeline: &Pipeline) -> Ended {
    let value = match gate.render(pipeline.scope()) {
        Ok(value) => value,
        Err(fault) => {
            return Ended::failed(
                action,
                StepError::new(ErrorCode::Template, format!("expression: {fault}")),
            );
        }
    };
    let stopped = value == "true";
    let mut ended = Ended::succeeded(action, Some(json!({ "stopped": stopped, "value": value })));
    if let (true, ActionKind::Gate { expression, outcome: GateOutcome::StopFailure }) =
        (stopped, &action.kind)
    {
        let why = match expression {
            Some(expression) => format!("{} is true", expression.trim()),
            None => "it has no expression".to_owned(),
        };
        ended.status = StepStatus::Failed;
        ended.error =
            Some(StepError::new(ErrorCode::Gate, format!("\"{}\" stopped the run: {why}.", action.title())));
    }
    ended
}

/// Where the result of an action leads; the same for one just made and one replayed.
pub(super) fn flow(action: &Action, result: &StepResult) -> Flow {
    if !action.enabled {
        return match &action.when_disabled {
            WhenDisabled::Skip => Flow::On,
            WhenDisabled::As(follow) => after_failure(action, follow, result),
        };
    }
    match (&action.kind, result.status) {
        // A gate's own outcome is no failure of the action: sequencing does not apply to it.
        (ActionKind::Gate { .. }, StepStatus::Failed) if has_failed_as_gate(result) => {
            after_failure(action, &OnFailure::Fail, result)
        }
        (_, StepStatus::Failed) => after_failure(action, &action.on_failure, result),
        (ActionKind::Gate { outcome, .. }, _) if has_stopped(result) => match outcome {
            GateOutcome::StopSuccess => Flow::End(Verdict::Stopped),
            GateOutcome::StopFailure => after_failure(action, &OnFailure::Fail, result),
            GateOutcome::GoTo(target) => Flow::Jump(target.clone()),
        },
        (_, StepStatus::Succeeded | StepStatus::Skipped) => Flow::On,
    }
}

/// How many records a lookup found.
pub(super) fn found(action: &Action, output: &Value) -> Option<u64> {
    matches!(action.kind, ActionKind::ImisGet { .. }).then(|| output["count"].as_u64()).flatten()
}

fn has_failed_as_gate(result: &StepResult) -> bool {
    result.error.as_ref().is_some_and(|error| error.is(ErrorCode::Gate))
}

fn has_stopped(result: &StepResult) -> bool {
    result.output.as_ref().is_some_and(|output| output["stopped"] == Value::Bool(true))
}

fn after_failure(action: &Action, follow: &OnFailure, result: &StepResult) -> Flow {
    match follow {
        OnFailure::Succeed => Flow::End(Verdict::Succeeded),
        OnFailure::Continue => Flow::On,
        OnFailure::GoTo(target) => Flow::Jump(target.clone()),
        OnFailure::Fail => {
            let error = result
                .error
                .clone()
                .unwrap_or_else(|| StepError::new(ErrorCode::Gate, "A gate stopped the run."));
            Flow::End(Verdict::Failed { action_id: action.id.clone(), error })
        }
    }
}
