//! From a body to the object that a run starts from.

use ihook_engine::json::{self, JsonFault};
use ihook_engine::workflow::Trigger;
use serde_json::{Map, Value};

use super::body;

/// A body that was understood.
#[derive(Debug)]
pub(crate) struct Payload {
    /// What it says.
    pub(crate) object: Map<String, Value>,
    /// The object as JSON: the very text that came, where it came as one.
    pub(crate) text: String,
}

/// Reads a body as the trigger takes it; nothing at all counts as an empty object.
///
/// # Errors
/// What is wrong with it, and the body.
pub(crate) fn parse(
    trigger: &Trigger,
    content_type: Option<&str>,
    bytes: Vec<u8>,
) -> Result<Payload, (JsonFault, Vec<u8>)> {
    if bytes.is_empty() {
        return Ok(Payload { object: Map::new(), text: "{}".to_owned() });
    }
    if trigger.accept_form && body::is_form(content_type) {
        return Ok(written(body::form(&bytes)));
    }
    let parsed =
        if trigger.wrap_array { json::parse_array_or_object(&bytes) } else { json::parse_object(&bytes) };
    let object = match parsed {
        Ok(object) => object,
        Err(fault) => return Err((fault, bytes)),
    };
    Ok(match String::from_utf8(bytes) {
        Ok(text) if !text.trim_start().starts_with('[') => Payload { object, text },
        _ => written(object),
    })
}

fn written(object: Map<String, Value>) -> Payload {
    // A map of strings to values: nothing here can fail to be written.
    let text = serde_json::to_string(&object).unwrap_or_default();
    Payload { object, text }
}
