//! The strict JSON guard: what a payload may be, and in plain words why one is refused.
//!
//! A parser of its own rather than a visitor over `serde_json`: with `arbitrary_precision` on, that crate
//! passes numbers around as an object with one reserved key, and a payload could pose as one.

mod parser;

use serde_json::{Map, Value};

use parser::Parser;

/// How deep objects and lists may nest; the outermost counts as one (product.md §1).
pub const MAX_DEPTH: usize = 64;

/// The key that `serde_json` reserves for numbers. A payload that uses it is refused, since every later
/// reader of the stored text would take the object for a number.
const RESERVED_KEY: &str = "$serde_json::private::Number";

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
/// [`MAX_DEPTH`], something after the value, any value but an object, the one reserved key.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, JsonFault> {
    let mut parser = Parser::new(bytes)?;
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
    let mut parser = Parser::new(bytes)?;
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
    Ok(Parser::new(bytes)?.document()?.1)
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
