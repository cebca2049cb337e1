//! What a schema says that does nothing, or something else than it seems to.

use serde_json::Value;

use super::Report;
use crate::plan::first_code;
use crate::schema::unchecked;

/// Warns of an empty schema, of template code, and of formats that nothing checks.
pub(super) fn check(report: &mut Report<'_>, schema: &Value) {
    if schema.as_object().is_some_and(serde_json::Map::is_empty) {
        report.add("schema", "schema", "The schema is empty: every payload passes.");
    }
    if let Some(place) = first_code(schema) {
        let at = in_words(&place);
        let message = format!(
            "The schema has template code{at}: each run renders it first. So nothing is refused before the answer; \
             what does not fit fails its run."
        );
        return report.add(&format!("schema{place}"), "schema", message);
    }
    let parsed;
    let (schema, is_text) = match schema {
        // What is no JSON is refused.
        Value::String(text) => match crate::json::parse_value(text.as_bytes()) {
            Ok(value) => {
                parsed = value;
                (&parsed, true)
            }
            Err(_) => return,
        },
        object => (object, false),
    };
    let (formats, more) = unchecked::formats(schema);
    for unchecked::Unchecked { path, message } in formats {
        let message = format!("At {}: {message}", path.trim_end_matches("/format"));
        let message = message.strip_prefix("At : ").unwrap_or(&message);
        // There is no way into a text.
        let member = if is_text { "schema".to_owned() } else { format!("schema{path}") };
        report.add(&member, "schema", message);
    }
    if more > 0 {
        report.add("schema", "schema", format!("And {more} more formats of the schema are not checked."));
    }
}

fn in_words(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" at {place}") }
}
