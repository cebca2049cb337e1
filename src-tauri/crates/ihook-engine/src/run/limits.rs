//! The most steps that one run may have, counted before the first.

use serde_json::Value;

use super::pipeline::Pipeline;
use crate::plan::Plan;
use crate::step_error::{ErrorCode, StepError};
use crate::workflow::{Action, ActionKind};

/// Steps of one run, skipped ones included (docs/behavior.md#for-each).
const MAX_STEPS: usize = 50_000;

/// Steps that the loops of a run may still make.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepRoom(usize);

impl StepRoom {
    /// What is left for loops beside the actions that stand outside of them.
    ///
    /// # Errors
    /// The place of the first loop whose list, as far as it is known by now, is too long, and that in words.
    pub(super) fn of(plan: &Plan, pipeline: &Pipeline) -> Result<Self, (usize, StepError)> {
        let actions = &plan.workflow().actions;
        let room = Self(MAX_STEPS.saturating_sub(actions.len()));
        let mut left = room;
        for (at, action) in actions.iter().enumerate().filter(|(_, action)| action.enabled) {
            let ActionKind::ForEach { list, .. } = &action.kind else { continue };
            let count = pipeline.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
            left.take(action, count).map_err(|error| (at, error))?;
        }
        Ok(room)
    }

    /// Takes the steps of a loop over so many items.
    pub(super) fn take(&mut self, action: &Action, items: usize) -> Result<(), StepError> {
        let ActionKind::ForEach { actions, .. } = &action.kind else { return Ok(()) };
        let steps = items.saturating_mul(actions.len());
        match self.0.checked_sub(steps) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => {
                let message = format!(
                    "\"{}\" would take {steps} steps ({items} items, {} actions each): a run may have at most \
                     {MAX_STEPS}.",
                    action.title(),
                    actions.len()
                );
                Err(StepError::new(ErrorCode::Limits, message))
            }
        }
    }
}
