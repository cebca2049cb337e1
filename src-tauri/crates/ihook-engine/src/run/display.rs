//! The pipeline object around each step, folded from what the steps put into it.

use serde_json::{Map, Value};

use super::StepResult;
use super::room::Room;
use crate::plan::member;

/// From so many items on, a list is shown within a loop by its count.
const LONG: usize = 20;

/// The pipeline object around one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Around {
    /// Before it.
    pub before: Value,
    /// After it.
    pub after: Value,
    /// One of them is shown in part only.
    pub is_cut: bool,
}

/// Pipeline objects before and after each of the steps, in the order given, for display: folded from the
/// payload, the metadata (property and value) and the outputs, so that nothing is stored twice. The list
/// of a For Each is known once that loop's own result is among the steps. What is large is cut, and marked.
#[must_use]
pub fn pipelines(
    payload: &Map<String, Value>,
    metadata: Option<(&str, &Value)>,
    steps: &[StepResult],
) -> Vec<Around> {
    let mut outer = payload.clone();
    if let Some((property, value)) = metadata {
        outer.insert(property.to_owned(), value.clone());
    }
    let mut inner: Option<Item> = None;
    let mut room = Room::default();
    let mut shown = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let object = match step.item {
            None => {
                inner = None;
                &mut outer
            }
            Some(number) => {
                let known = inner.take();
                let item = match known {
                    Some(item) if item.number == number => item,
                    Some(item) => enter(item.base, &outer, &steps[at..], number),
                    None => enter(brief(&outer), &outer, &steps[at..], number),
                };
                &mut inner.insert(item).object
            }
        };
        let (before, was_cut) = room.show(object);
        if let (Some(property), Some(output)) = (&step.output_property, &step.output) {
            object.insert(property.clone(), output.clone());
        }
        let (after, is_cut) = room.show(object);
        shown.push(Around { before, after, is_cut: was_cut || is_cut });
    }
    shown
}

/// The pipeline object of one item of a loop.
struct Item {
    number: u32,
    base: Map<String, Value>,
    object: Map<String, Value>,
}

/// The loop's result, which comes after its items, says where the list is.
fn enter(base: Map<String, Value>, outer: &Map<String, Value>, steps: &[StepResult], number: u32) -> Item {
    let mut object = base.clone();
    let found = steps.iter().find(|step| step.item.is_none() && step.type_name == "forEach");
    let output = found.and_then(|step| step.output.as_ref()).unwrap_or(&Value::Null);
    if let (Some(list), Some(name)) = (output["list"].as_str(), output["as"].as_str()) {
        let position = usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(value) = member(outer, list).and_then(|list| list.get(position)) {
            object.insert(name.to_owned(), value.clone());
        }
    }
    Item { number, base, object }
}

/// Long lists by their count alone: repeating a list of a thousand in each of its thousand items would
/// fill the memory, and nobody reads it there.
fn brief(object: &Map<String, Value>) -> Map<String, Value> {
    object.iter().map(|(key, value)| (key.clone(), brief_value(value))).collect()
}

fn brief_value(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.len() > LONG => Value::String(format!("({} items)", items.len())),
        Value::Array(items) => items.iter().map(brief_value).collect(),
        Value::Object(map) => Value::Object(brief(map)),
        other => other.clone(),
    }
}
