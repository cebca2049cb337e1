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
    /// The pipeline object of that item: one copy for the whole loop, changed from item to item, so that a
    /// loop costs what its items weigh and not that many times the payload.
    pub(super) pipeline: Pipeline,
    /// What the steps of that item put into it.
    put: Vec<String>,
    failed: u32,
    first_failure: Option<(u32, StepError)>,
    /// Whether an item waits for an effect in doubt.
    pub(super) is_open: bool,
}

impl Each {
    /// Before the first item of a loop; `around` is the pipeline object there.
    pub(super) fn new(count: u32, around: &Pipeline) -> Self {
        Self {
            item: 0,
            count,
            at: 0,
            pipeline: around.clone(),
            put: Vec::new(),
            failed: 0,
            first_failure: None,
            is_open: false,
        }
    }

    /// Puts an output into the object of the present item.
    pub(super) fn put(&mut self, name: &str, put: impl FnOnce(&mut Pipeline)) {
        put(&mut self.pipeline);
        self.put.push(name.to_owned());
    }

    /// Makes the object that of the present item, which stands under `name`: nothing of another item is left.
    pub(super) fn enter_item(&mut self, around: &Pipeline, list: &str, name: &str) {
        // The last first: what was added last is taken out at the least cost.
        while let Some(name) = self.put.pop() {
            self.pipeline.restore(&name, around);
        }
        let position = usize::try_from(self.item).unwrap_or(usize::MAX);
        let item = around.pointer(list).and_then(|items| items.get(position)).unwrap_or(&Value::Null);
        self.pipeline.put(name, item);
        self.at = 0;
    }

    /// The present item failed; the others go on (docs/behavior.md#for-each).
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
