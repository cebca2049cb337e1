//! `json` and `parse_json`.

use std::fmt;

use liquid::model::{Value, ValueView};
use liquid_core::error::Result;

use super::super::meter::VALUE;
use super::super::node::{Node, write_json};
use super::{Call, Ours, filter};

pub(super) const FILTERS: &[Ours] = &[filter("json", 0, 0, json), filter("parse_json", 0, 0, parse_json)];

/// Text that refuses to grow beyond what one value may weigh.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > VALUE {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// The value as JSON; of the payload's values every number keeps its digits and every object its order.
fn json(call: &Call<'_>) -> Result<Value> {
    let mut text = Bounded(String::new());
    match write_json(call.input, &mut text) {
        Ok(()) => Ok(Value::scalar(text.0)),
        Err(_) => Err(call.meter.refuse("the template works on a value of more than 1 MiB")),
    }
}

/// Text that holds JSON as a value; what is missing or blank is nil. Members lose their order.
fn parse_json(call: &Call<'_>) -> Result<Value> {
    let text = call.input.to_kstr();
    if text.trim().is_empty() {
        return Ok(Value::Nil);
    }
    let parsed: serde_json::Value =
        serde_json::from_str(text.as_str()).map_err(|error| call.fault(format!("found no JSON: {error}")))?;
    Ok(Node::of(&parsed).to_value())
}
