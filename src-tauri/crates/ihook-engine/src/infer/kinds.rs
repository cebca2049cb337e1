//! What the values of one field have in common, and what may stand there besides.

use serde_json::{Map, Value, json};

use super::draft::{Seen, samples_of};
use super::{ENOUGH, formats};

/// A handful of distinct texts, each in enough samples, among so many values is a fixed list.
const MANY: usize = 20;
const FEW: usize = 6;
/// What a blank matches, as [`is_blank`] has it.
const BLANK: &str = "^[ \\t\\r\\n]*$";

/// What is known of the values of one field.
pub(super) struct Kinds {
    /// `type`, `format` or `enum`.
    pub(super) keywords: Map<String, Value>,
    /// What was seen, for the evidence.
    pub(super) words: String,
    /// How many distinct values there are, where they are a fixed list.
    pub(super) options: Option<usize>,
    /// How many of the values were blank or null.
    pub(super) blank: usize,
    /// Whether enough samples had a value.
    pub(super) sure: bool,
}

/// Where the values stand, which decides what else may come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// They are the payloads.
    Payload,
    /// The workflow reads the field: the draft requires it.
    Needed,
    /// Anything else.
    Other,
}

impl Kinds {
    pub(super) fn of(seen: &[Seen<'_>], role: Role) -> Self {
        let filled: Vec<Seen<'_>> = seen.iter().copied().filter(|seen| !is_blank(seen.value)).collect();
        let has_null = seen.iter().any(|seen| seen.value.is_null());
        let has_blank = seen.len() > filled.len() + seen.iter().filter(|seen| seen.value.is_null()).count();
        let sure = samples_of(&filled) >= ENOUGH;
        let met = types(&filled);
        let format = formats::common(filled.iter().filter_map(|seen| seen.value.as_str()));
        let options = if sure && format.is_none() { options(&filled) } else { None };
        let words = words(&met, has_null, has_blank, format);
        let mut kinds = Self {
            keywords: Map::new(),
            words,
            options: options.as_ref().map(Vec::len),
            blank: seen.len() - filled.len(),
            sure,
        };
        // Null and blanks alone say nothing of what is to come.
        if met.is_empty() {
            return kinds;
        }
        let mut allowed = met;
        if has_blank && !allowed.contains(&"string") {
            allowed.push("string");
        }
        // Many senders write the one where they mean the other.
        if role != Role::Payload {
            allowed.extend(other_container(&allowed, &filled));
        }
        let may_be_null = !sure && (role == Role::Other || role == Role::Needed && format.is_some());
        if has_null || may_be_null {
            allowed.push("null");
        }
        let kind = if let [one] = allowed.as_slice() { Value::from(*one) } else { json!(allowed) };
        kinds.keywords.insert("type".to_owned(), kind);
        match (format, options) {
            (Some(format), _) if has_blank || !sure => {
                let either = json!([{ "format": format }, { "pattern": BLANK }]);
                kinds.keywords.insert("anyOf".to_owned(), either);
            }
            (Some(format), _) => {
                kinds.keywords.insert("format".to_owned(), Value::from(format));
            }
            (None, Some(mut options)) => {
                // What was seen is allowed, whatever else is.
                options.extend(has_null.then_some(Value::Null));
                kinds.keywords.insert("enum".to_owned(), Value::Array(options));
            }
            (None, None) => {}
        }
        kinds
    }
}

fn is_blank(value: &Value) -> bool {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    value.is_null() || value.as_str().is_some_and(|text| text.bytes().all(is_space))
}

/// The types met, each once. A whole number today may have a fraction tomorrow.
fn types(filled: &[Seen<'_>]) -> Vec<&'static str> {
    let mut types = Vec::new();
    for seen in filled {
        let kind = match seen.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    types
}

/// `array` beside `object` or the other way round, where all that were seen are empty.
fn other_container(types: &[&str], filled: &[Seen<'_>]) -> Option<&'static str> {
    let other = match (types.contains(&"array"), types.contains(&"object")) {
        (true, false) => "object",
        (false, true) => "array",
        _ => return None,
    };
    let has_something = |value: &Value| {
        value.as_array().is_some_and(|items| !items.is_empty())
            || value.as_object().is_some_and(|members| !members.is_empty())
    };
    (!filled.iter().any(|seen| has_something(seen.value))).then_some(other)
}

fn words(met: &[&str], has_null: bool, has_blank: bool, format: Option<&str>) -> String {
    let mut words = met.to_vec();
    if met.is_empty() && has_blank {
        words.push("blank");
    }
    if has_null {
        words.push("null");
    }
    let words = words.join(", ");
    format.map_or(words.clone(), |format| format!("{words} ({format})"))
}

/// A fixed list: few different texts, each in enough samples, among many values.
fn options(filled: &[Seen<'_>]) -> Option<Vec<Value>> {
    if filled.len() < MANY {
        return None;
    }
    let mut options: Vec<(&str, Vec<Seen<'_>>)> = Vec::new();
    for seen in filled {
        let text = seen.value.as_str()?;
        if let Some((_, by)) = options.iter_mut().find(|(known, _)| *known == text) {
            by.push(*seen);
        } else if options.len() == FEW {
            return None;
        } else {
            options.push((text, vec![*seen]));
        }
    }
    // A single value is rather this event's code than the only one there will ever be.
    let is_fixed = options.len() > 1 && options.iter().all(|(_, by)| samples_of(by) >= ENOUGH);
    is_fixed.then(|| options.into_iter().map(|(text, _)| Value::from(text)).collect())
}
