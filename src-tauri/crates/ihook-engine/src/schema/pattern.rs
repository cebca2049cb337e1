//! `pattern` in a schema with look-around or back references: linear where that is possible, else with bounded
//! backtracking.
//!
//! Matching itself stays the validator's, so that a pattern means the same in every schema.

use jsonschema::error::ValidationErrorKind;
use jsonschema::json::Node;
use jsonschema::paths::Location;
use jsonschema::{Keyword, PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::counted::{Counted, Seen};
use super::limits::MAX_PATTERN;
use super::meter::{spend, spent};

/// Steps back that are free, and those that are paid for.
pub(super) const QUICK: usize = 1_000;
const THOROUGH: usize = 100_000;
/// Looks for a match that takes more than the quick steps.
const PRICE: u64 = 100_000;
/// Bytes of a text that is looked through so.
const MAX_TEXT: usize = 64 * 1024;

/// One pattern.
struct Pattern {
    text: String,
    kind: Kind,
}

enum Kind {
    Linear(Validator),
    LookAround { quick: Validator, thorough: Validator },
}

/// For [`jsonschema::ValidationOptions::with_keyword`].
pub(super) fn compile<'a>(
    _around: &'a Map<String, Value>,
    pattern: &'a Value,
    _at: Location,
) -> Result<Box<dyn for<'i> Keyword<'i, Counted>>, ValidationError<'a>> {
    let text = pattern.as_str().unwrap_or_default();
    let unusable =
        |_| ValidationError::custom(format!("{} cannot be used as a pattern", super::shorten(text, 200)));
    let schema = json!({ "pattern": text });
    let linear = PatternOptions::regex().size_limit(MAX_PATTERN);
    let kind = match jsonschema::options().with_pattern_options(linear).build(&schema) {
        Ok(validator) => Kind::Linear(validator),
        Err(_) => {
            let within = |steps| PatternOptions::fancy_regex().size_limit(MAX_PATTERN).backtrack_limit(steps);
            let build = |steps| jsonschema::options().with_pattern_options(within(steps)).build(&schema);
            Kind::LookAround {
                quick: build(QUICK).map_err(unusable)?,
                thorough: build(THOROUGH).map_err(unusable)?,
            }
        }
    };
    Ok(Box::new(Pattern { text: text.to_owned(), kind }))
}

impl Pattern {
    fn matches(&self, seen: Seen<'_>) -> bool {
        let Some(text) = seen.as_string() else { return true };
        match &self.kind {
            Kind::Linear(validator) => validator.is_valid(seen.value()),
            Kind::LookAround { quick, thorough } => {
                spend(text.len() as u64 / 4);
                if text.len() > MAX_TEXT {
                    spent();
                }
                decided(quick, seen.value()).unwrap_or_else(|| {
                    spend(PRICE);
                    decided(thorough, seen.value()).unwrap_or_else(|| spent())
                })
            }
        }
    }
}

/// Whether the value matches; none where that takes more steps than are given.
fn decided(validator: &Validator, value: &Value) -> Option<bool> {
    match validator.validate(value) {
        Ok(()) => Some(true),
        Err(error) => match error.kind() {
            ValidationErrorKind::BacktrackLimitExceeded { .. }
            | ValidationErrorKind::RegexEngineFailure { .. } => None,
            _ => Some(false),
        },
    }
}

impl<'i> Keyword<'i, Counted> for Pattern {
    fn validate(&self, instance: Seen<'i>) -> Result<(), ValidationError<'i>> {
        if self.matches(instance) { Ok(()) } else { Err(ValidationError::custom(self.text.clone())) }
    }

    fn is_valid(&self, instance: Seen<'i>) -> bool {
        self.matches(instance)
    }
}
