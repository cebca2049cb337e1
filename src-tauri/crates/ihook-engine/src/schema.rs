//! JSON Schema: compiling one within limits, and every violation as a plain sentence.

mod formats;
mod limits;
mod sentence;

pub(crate) use formats::{is_date, is_date_time};
pub(crate) use sentence::{shorten, shown, subject};

use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ReferencingError, Retrieve, Uri, ValidationError, Validator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json;

/// One way in which an instance differs from its schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// JSON pointer; for a missing or unexpected member the path of that member itself.
    pub path: String,
    /// The schema keyword that was not met.
    pub keyword: String,
    /// One plain sentence that names the value at fault.
    pub message: String,
}

/// A compiled schema; cheap to clone.
#[derive(Clone)]
pub struct Schema {
    validator: Arc<Validator>,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema").finish_non_exhaustive()
    }
}

/// References into other documents are never followed, whatever features other crates turn on.
struct Refuse;

impl Retrieve for Refuse {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("{uri} is not fetched").into())
    }
}

impl Schema {
    /// Compiles a schema given as an object, or as text that holds one. Formats are asserted; a
    /// `date-time` may lack its offset unless `strict_date_time` (product.md §2).
    ///
    /// # Errors
    /// One plain sentence: not JSON (with its place), an unknown draft, not a valid schema (with its
    /// path), a reference to another document, a pattern that the linear-time engine cannot take, too
    /// large or too deep (exposure-security.md B5).
    pub fn compile(schema: &Value, strict_date_time: bool) -> Result<Self, String> {
        let parsed;
        let schema = match schema {
            Value::String(text) => {
                parsed = json::parse_value(text.as_bytes()).map_err(|fault| {
                    let json::JsonFault { message, line, column } = fault;
                    format!(
                        "The schema is not JSON: {} at line {line} column {column}.",
                        message.replace("the body", "it")
                    )
                })?;
                &parsed
            }
            other => other,
        };
        if !schema.is_object() {
            return Err("A schema must be an object.".to_owned());
        }
        limits::check(schema)?;
        let draft = draft_of(schema)?;
        let validator = jsonschema::options()
            .with_draft(draft)
            .with_retriever(Refuse)
            .should_validate_formats(true)
            .with_format("date-time", move |text: &str| is_date_time(text, strict_date_time))
            .with_pattern_options(PatternOptions::regex().size_limit(1 << 20))
            .build(schema)
            .map_err(|error| build_fault(&error, schema))?;
        Ok(Self { validator: Arc::new(validator) })
    }

    /// Every violation, each once.
    #[must_use]
    pub fn violations(&self, instance: &Value) -> Vec<Violation> {
        if self.validator.is_valid(instance) {
            return Vec::new();
        }
        let mut found: Vec<Violation> = Vec::new();
        for error in self.validator.iter_errors(instance) {
            for violation in sentence::violations(&error, instance) {
                if !found.contains(&violation) {
                    found.push(violation);
                }
            }
        }
        found
    }
}

fn draft_of(schema: &Value) -> Result<Draft, String> {
    let uri = match schema.get("$schema") {
        None => return Ok(Draft::Draft7),
        Some(Value::String(uri)) => uri,
        Some(_) => return Err("\"$schema\" must be text that names a draft.".to_owned()),
    };
    let name = uri.trim().trim_end_matches('#');
    let name = name.strip_prefix("http://").or_else(|| name.strip_prefix("https://")).unwrap_or(name);
    match name {
        "json-schema.org/draft-04/schema" => Ok(Draft::Draft4),
        "json-schema.org/draft-06/schema" => Ok(Draft::Draft6),
        "json-schema.org/draft-07/schema" => Ok(Draft::Draft7),
        "json-schema.org/draft/2019-09/schema" => Ok(Draft::Draft201909),
        "json-schema.org/draft/2020-12/schema" => Ok(Draft::Draft202012),
        _ => Err(format!(
            "The draft \"{uri}\" is not known; use draft-04, draft-06, draft-07, 2019-09 or 2020-12."
        )),
    }
}

/// What is wrong with a schema, with its place in it; about references and patterns in the crate's own
/// words, which whoever writes schemas can read.
fn build_fault(error: &ValidationError<'_>, schema: &Value) -> String {
    if let ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) = error.kind() {
        return format!(
            "The schema refers to \"{uri}\", and only references within the schema itself are followed; \
             copy that schema in."
        );
    }
    let text = match error.kind() {
        ValidationErrorKind::Referencing(_)
        | ValidationErrorKind::Format { .. }
        | ValidationErrorKind::Pattern { .. }
        | ValidationErrorKind::RegexEngineFailure { .. }
        | ValidationErrorKind::Custom { .. } => format!("{}.", shorten(&error.to_string(), 300)),
        _ => sentence::violations(error, schema)
            .into_iter()
            .map(|found| found.message)
            .collect::<Vec<_>>()
            .join(" "),
    };
    let path = error.instance_path().as_str();
    if path.is_empty() {
        format!("The schema is not valid: {text}")
    } else {
        format!("The schema is not valid at {path}: {text}")
    }
}

#[cfg(test)]
mod tests;
