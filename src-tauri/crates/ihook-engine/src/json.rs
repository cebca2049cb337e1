//! The strict JSON guard: what a payload may be, and in plain words why one is refused.
//!
//! A parser of its own rather than a visitor over `serde_json`: with `arbitrary_precision` on, that crate
//! passes numbers around as an object with one reserved key, and a payload could pose as one.

mod parser;

use serde_json::{Map, Value};

use parser::Parser;

/// How deep objects and lists may nest; the outermost counts as one (docs/behavior.md#answers).
pub const MAX_DEPTH: usize = 64;

/// How deep a command's request may nest: a payload or a schema stands inside its own members.
const MAX_REQUEST_DEPTH: usize = 2 * MAX_DEPTH;

/// The names that `serde_json` reserves for numbers and for raw text. Whatever uses one is refused, since every
/// later reader of the stored text would take the object for something else.
const RESERVED: [&str; 2] = ["$serde_json::private::Number", "$serde_json::private::RawValue"];

/// Whether no object may have a member of this name.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Why a body is not JSON as this program takes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid JSON body: {message} at line {line} column {column}")]
pub struct JsonFault {
    /// What is wrong, in plain words, without its place.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
}

/// Reads a body that must be a JSON object. An empty body is the caller's case.
///
/// # Errors
/// Not JSON, not UTF-8, a byte order mark, half a surrogate pair, a key twice in one object, nesting over
/// [`MAX_DEPTH`], something after the value, any value but an object, a reserved name.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, JsonFault> {
    let mut parser = Parser::new(bytes, MAX_DEPTH)?;
    let (start, value) = parser.document()?;
    match value {
        Value::Object(map) => Ok(map),
        other => Err(parser.fault(start, format!("the body must be a JSON object, not {}", kind(&other)))),
    }
}

/// As [`parse_object`], and a top-level list becomes `{"items": […]}` (the trigger's `wrapArray`).
///
/// # Errors
/// As [`parse_object`], lists aside.
pub fn parse_array_or_object(bytes: &[u8]) -> Result<Map<String, Value>, JsonFault> {
    let mut parser = Parser::new(bytes, MAX_DEPTH)?;
    let (start, value) = parser.document()?;
    match value {
        Value::Object(map) => Ok(map),
        list @ Value::Array(_) => Ok(Map::from_iter([("items".to_owned(), list)])),
        other => {
            let message = format!("the body must be a JSON object or a list, not {}", kind(&other));
            Err(parser.fault(start, message))
        }
    }
}

/// Reads any JSON value under the same rules.
///
/// # Errors
/// As [`parse_object`], but for the kind of value.
pub fn parse_value(bytes: &[u8]) -> Result<Value, JsonFault> {
    Ok(Parser::new(bytes, MAX_DEPTH)?.document()?.1)
}

/// Reads the request of a command, or a workflow file, under the same rules: twice as deep.
///
/// # Errors
/// As [`parse_value`].
pub fn parse_request(bytes: &[u8]) -> Result<Value, JsonFault> {
    Ok(Parser::new(bytes, MAX_REQUEST_DEPTH)?.document()?.1)
}

/// Whether a value nests deeper than a payload may.
#[must_use]
pub fn is_too_deep(value: &Value) -> bool {
    fn exceeds(value: &Value, left: usize) -> bool {
        match value {
            Value::Array(items) => left == 0 || items.iter().any(|item| exceeds(item, left - 1)),
            Value::Object(map) => left == 0 || map.values().any(|item| exceeds(item, left - 1)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
    exceeds(value, MAX_DEPTH)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
