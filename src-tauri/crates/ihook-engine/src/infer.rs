//! A draft of a schema from sample payloads, with what speaks for every part of it.
//!
//! Few samples say little: the draft takes what will plausibly come after them, and says how sure it is.

mod draft;
mod formats;
mod kinds;
#[cfg(test)]
mod tests;
mod used;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::schema;
use draft::Draft;
pub use used::Used;

/// From so many samples on, what all of them have is taken for a rule.
const ENOUGH: usize = 5;
/// Values that are looked at in all samples together; each costs a step.
const MAX_VALUES: usize = 1_000_000;

/// A schema (draft-07) and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inferred {
    /// The proposed schema; every sample fits it, and it can be saved.
    pub schema: Value,
    /// One entry per field, parents first.
    pub evidence: Vec<Evidence>,
}

/// What the samples say about one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// JSON pointer; `*` stands for every item of a list.
    pub path: String,
    /// The types seen, such as `string` or `number, null`, with the format if one was found.
    #[serde(rename = "type")]
    pub kind: String,
    /// In how many samples (or items) the field stood.
    pub present: usize,
    /// In how many of them it was blank or null.
    pub blank: usize,
    /// Out of how many.
    pub total: usize,
    /// Whether the draft requires it.
    pub required: bool,
    /// Whether enough samples had a value for it.
    pub sure: bool,
    /// The same for a reader: `seen in 3 of 3 samples, too few to require`.
    pub note: String,
}

/// Proposes a schema that every sample fits, and what comes after them plausibly too: only fields that `used` names,
/// or that enough samples have, are required, and few samples rule out neither null nor a blank.
///
/// # Errors
/// One sentence, where the samples hold more values than are looked at, or give a schema that could not be saved.
pub fn from_samples(samples: &[Value], used: &Used) -> Result<Inferred, String> {
    drafted(samples, used).map(|(inferred, _steps)| inferred)
}

/// The same, and how many values were looked at.
fn drafted(samples: &[Value], used: &Used) -> Result<(Inferred, usize), String> {
    let mut draft = Draft::default();
    let keywords = draft.payloads(samples, used)?;
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), Value::from("http://json-schema.org/draft-07/schema#"));
    if samples.is_empty() {
        schema.insert("type".to_owned(), Value::from("object"));
    }
    schema.extend(keywords);
    let schema = Value::Object(schema);
    schema::check_limits(&schema).map_err(|fault| format!("{fault} {FEWER}"))?;
    let Draft { evidence, steps, .. } = draft;
    Ok((Inferred { schema, evidence }, steps))
}

/// What to do where the samples have too much.
const FEWER: &str = "Choose samples with fewer fields.";
