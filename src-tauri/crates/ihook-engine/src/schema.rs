//! JSON Schema: compiling one within limits, judging within a budget, every violation as a plain sentence.

mod counted;
mod facts;
mod formats;
mod limits;
mod meter;
mod pattern;
mod same;
mod sentence;
mod silent;
pub(crate) mod unchecked;
mod violations;

#[cfg(test)]
pub(crate) use facts::nodes as nodes_of;
pub(crate) use formats::{is_date, is_date_time};
pub(crate) use sentence::{shorten, shown, subject};
pub use violations::Violations;

use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ReferencingError, Retrieve, Uri, ValidationError, Validator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use counted::{Counted, Seen};
use facts::Facts;
use limits::MAX_PATTERN;
use sentence::Sentences;

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
    validator: Arc<Validator<Counted>>,
    facts: Facts,
    /// A pattern of it needs backtracking.
    looks_around: bool,
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
    /// `date-time` may lack its offset unless `strict_date_time`
    /// (docs/behavior.md#json-schema-validation).
    ///
    /// # Errors
    /// One plain sentence: not JSON (with its place), an unknown draft, not a valid schema (with its
    /// path), a reference to another document, a pattern that no engine can take, too large or too deep
    /// (docs/behavior.md#json-schema-validation).
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
        let facts = Facts::of(schema);
        limits::check(schema, &facts)?;
        let draft = draft_of(schema)?;
        let (validator, looks_around) = build(schema, draft, strict_date_time, &facts)?;
        Ok(Self { validator: Arc::new(validator), facts, looks_around })
    }

    /// Whether judging even a small payload may take long: the schema leads back to itself, or a pattern
    /// backtracks.
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.facts.is_recursive || self.looks_around
    }

    /// How large the schema is, its references written out.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.facts.nodes.saturating_add(self.facts.references)
    }

    /// The violations, each once, the first hundred in full. What takes more than 100 evaluations for each node
    /// of payload and schema, and a million beside them, is one violation, `tooCostly`
    /// (docs/behavior.md#json-schema-validation).
    #[must_use]
    pub fn violations(&self, instance: &Value) -> Violations {
        self.violations_below("", instance)
    }

    /// The same for a part of a payload: `base` is the pointer to it, with which every path begins.
    pub(crate) fn violations_below(&self, base: &str, instance: &Value) -> Violations {
        let nodes = facts::nodes(instance).saturating_add(self.facts.nodes);
        let judged = meter::run(nodes, self.facts.rates, || {
            let mut found = Violations::default();
            let seen = Seen::root(instance);
            meter::spend_step();
            if self.validator.is_valid(seen) {
                return found;
            }
            let sentences = Sentences { root: instance, base };
            for error in self.validator.iter_errors(seen) {
                if is_undecided(&error) {
                    meter::spent();
                }
                if !counted::is_late(&error) {
                    found.add(&error, &sentences);
                }
            }
            found.is_least = meter::is_full();
            // What filled the room are not many violations then, but forms within forms of a few.
            if found.is_least && !found.is_complete() {
                meter::spent();
            }
            found
        });
        judged.unwrap_or_else(|meter::Spent| Violations::too_costly(base))
    }
}

/// Linear patterns first: only a schema that has others pays for them.
fn build(
    schema: &Value,
    draft: Draft,
    strict_date_time: bool,
    facts: &Facts,
) -> Result<(Validator<Counted>, bool), String> {
    let options = || {
        jsonschema::options_for::<Counted>()
            .with_draft(draft)
            .with_retriever(Refuse)
            .should_validate_formats(true)
            .with_format("date-time", move |text: &str| is_date_time(text, strict_date_time))
    };
    let linear = PatternOptions::regex().size_limit(MAX_PATTERN);
    let refused = match options().with_pattern_options(linear).build(schema) {
        Ok(validator) => return Ok((validator, false)),
        Err(refused) => refused,
    };
    if !facts.has_look_around {
        return Err(build_fault(&refused, schema));
    }
    let fancy = PatternOptions::fancy_regex().size_limit(MAX_PATTERN).backtrack_limit(pattern::QUICK);
    let options = options().with_keyword("pattern", pattern::compile).with_pattern_options(fancy);
    options.build(schema).map(|validator| (validator, true)).map_err(|error| build_fault(&error, schema))
}

/// Whether a schema is within the limits of [`Schema::compile`].
///
/// # Errors
/// One plain sentence: too large, too deep, or what else it has too much of.
pub(crate) fn check_limits(schema: &Value) -> Result<(), String> {
    limits::check(schema, &Facts::of(schema))
}

/// Whether a pattern was given up.
fn is_undecided(error: &ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        ValidationErrorKind::BacktrackLimitExceeded { .. } | ValidationErrorKind::RegexEngineFailure { .. }
    )
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
        _ => {
            let sentences = Sentences { root: schema, base: "" };
            let found = sentences.violations(error);
            found.take(3).map(|found| found.message).collect::<Vec<_>>().join(" ")
        }
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
