//! `json` and `parse_json`.

use super::super::meter::Out;
use super::super::value::Value;
use super::{Call, Filter, Result, filter};
use crate::json::parse_value;

pub(super) const FILTERS: &[Filter] = &[filter("json", 0, 0, json), filter("parse_json", 0, 0, parse_json)];

/// The value as JSON; every number keeps its digits and every object its order.
fn json<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let mut out = Out::value(call.meter);
    out.json(&call.input)?;
    Ok(Value::text(out.into_text()))
}

/// Text that holds JSON as a value; what is missing or blank is nil, and a list or an object is itself.
fn parse_json<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    // A sender may as well have sent it as it is.
    if matches!(call.input, Value::List(_) | Value::Object(_)) {
        return Ok(call.input.clone());
    }
    let text = call.text()?;
    if text.trim().is_empty() {
        return Ok(Value::Nil);
    }
    let parsed = parse_value(text.as_bytes()).map_err(|fault| {
        let (line, column) = (fault.line, fault.column);
        call.fault(format!("found no JSON: {} at line {line} column {column} of its text", fault.message))
    })?;
    Ok(Value::owned(parsed))
}
