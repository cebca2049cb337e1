//! Where a run stands within a For Each.

use serde_json::{Value, json};

use super::pipeline::Pipeline;
use crate::step_error::{ErrorCode, StepError};

/// A loop that has begun. Loops do not nest, so that a run has at most one.
#[derive(Debug)]
pub(super) struct Each {
    /// The item that is being done.
    pub(super) item: u32,
    /// How many there are.
    pub(super) count: u32,
    /// The action of that item.
    pub(super) at: usize,
    /// The pipeline object of that item.
    pub(super) pipeline: Pipeline,
    failed: u32,
    first_failure: Option<(u32, StepError)>,
    /// Whether an item waits for an effect in doubt.
    pub(super) is_open: bool,
}

impl Each {
    pub(super) fn new(count: u32, pipeline: Pipeline) -> Self {
        Self { item: 0, count, at: 0, pipeline, failed: 0, first_failure: None, is_open: false }
    }

    /// The present item failed; the others go on (product.md §2).
    pub(super) fn fail(&mut self, error: StepError) {
        self.failed += 1;
        if self.first_failure.is_none() {
            self.first_failure = Some((self.item, error));
        }
    }

    /// Where the list came from, for whoever shows the run, and how its items ended.
    pub(super) fn output(&self, list: &str, name: &str) -> Value {
        json!({
            "list": list, "as": name, "count": self.count,
            "succeeded": self.count - self.failed, "failed": self.failed,
        })
    }

    /// The worst status is the loop's own.
    pub(super) fn error(&self) -> Option<StepError> {
        let (item, error) = self.first_failure.as_ref()?;
        let (number, failed, count) = (item + 1, self.failed, self.count);
        let message = if failed == 1 {
            format!("Item {number} of {count} failed: {}", error.message)
        } else {
            format!("{failed} of {count} items failed; the first was item {number}: {}", error.message)
        };
        Some(StepError::new(ErrorCode::LoopItem, message))
    }
}

/// How many items the list has.
pub(super) fn count(found: Option<&Value>, list: &str) -> Result<u32, StepError> {
    match found {
        Some(Value::Array(items)) => {
            u32::try_from(items.len()).map_err(|_| StepError::new(ErrorCode::Limits, "The list is too long."))
        }
        Some(other) => {
            let shown = crate::schema::shown(other);
            Err(StepError::new(
                ErrorCode::WrongType,
                format!("{} is not a list: {shown}", crate::schema::subject(list)),
            ))
        }
        None if list.is_empty() => Err(StepError::new(ErrorCode::EmptyField, "No list is chosen.")),
        None => {
            let message = format!("There is no list {} in this delivery.", crate::schema::subject(list));
            Err(StepError::new(ErrorCode::WrongType, message))
        }
    }
}
