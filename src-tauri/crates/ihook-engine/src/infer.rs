//! A schema proposed from sample payloads, with the evidence for every field.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::schema::{is_date, is_date_time};
use crate::workflow::pointer_step;

/// The most samples looked at.
const MAX_SAMPLES: usize = 200;
/// From so many values on, a handful of distinct ones is taken for a fixed list.
const MANY: usize = 20;
const FEW: usize = 6;
const MAX_DEPTH: usize = 20;

/// A schema (draft-07) and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inferred {
    /// The proposed schema; every sample fits it.
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
    /// The types met, such as `string` or `integer, null`, with the format if one was found.
    #[serde(rename = "type")]
    pub kind: String,
    /// In how many samples (or items) the field stood.
    pub present: usize,
    /// In how many of them it was blank or null.
    pub blank: usize,
    /// Out of how many.
    pub total: usize,
    /// The same for a reader: `198 of 200; 2 blank`.
    pub note: String,
}

/// Proposes a schema that every sample fits; the first 200 samples are looked at.
#[must_use]
pub fn from_samples(samples: &[Value]) -> Inferred {
    let samples: Vec<&Value> = samples.iter().take(MAX_SAMPLES).collect();
    let mut evidence = Vec::new();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), Value::from("http://json-schema.org/draft-07/schema#"));
    if samples.is_empty() {
        schema.insert("type".to_owned(), Value::from("object"));
    }
    schema.extend(describe(&samples, "", 0, &mut evidence));
    Inferred { schema: Value::Object(schema), evidence }
}

/// The keywords that hold for all these values; what lies below is put into `evidence`.
fn describe(values: &[&Value], path: &str, depth: usize, evidence: &mut Vec<Evidence>) -> Map<String, Value> {
    let mut keywords = Map::new();
    let types = types_of(values);
    match types.as_slice() {
        [] => {}
        [one] => {
            keywords.insert("type".to_owned(), Value::from(*one));
        }
        many => {
            keywords.insert("type".to_owned(), json!(many));
        }
    }
    if let Some(format) = format_of(values) {
        keywords.insert("format".to_owned(), Value::from(format));
    } else if let Some(options) = options_of(values, &types) {
        keywords.insert("enum".to_owned(), Value::Array(options));
    }
    if depth >= MAX_DEPTH {
        return keywords;
    }
    let objects: Vec<&Map<String, Value>> = values.iter().filter_map(|value| value.as_object()).collect();
    if !objects.is_empty() {
        members(&objects, path, depth, evidence, &mut keywords);
    }
    let items: Vec<&Value> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
    if !items.is_empty() {
        let below = describe(&items, &format!("{path}/*"), depth + 1, evidence);
        keywords.insert("items".to_owned(), Value::Object(below));
    }
    keywords
}

fn members(
    objects: &[&Map<String, Value>],
    path: &str,
    depth: usize,
    evidence: &mut Vec<Evidence>,
    keywords: &mut Map<String, Value>,
) {
    let mut names: Vec<&String> = Vec::new();
    let mut seen = HashSet::new();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if seen.insert(name) {
            names.push(name);
        }
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for name in names {
        let values: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
        let path = format!("{path}/{}", pointer_step(name));
        let at = evidence.len();
        let below = describe(&values, &path, depth + 1, evidence);
        evidence.insert(at, weigh(path, &below, &values, objects.len()));
        properties.insert(name.clone(), Value::Object(below));
        if values.len() == objects.len() {
            required.push(Value::from(name.as_str()));
        }
    }
    keywords.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        keywords.insert("required".to_owned(), Value::Array(required));
    }
}

fn weigh(path: String, keywords: &Map<String, Value>, values: &[&Value], total: usize) -> Evidence {
    let present = values.len();
    let blank = values.iter().filter(|value| is_blank(value)).count();
    let mut kind = match keywords.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Some(Value::String(one)) => one.clone(),
        _ => String::new(),
    };
    if let Some(Value::String(format)) = keywords.get("format") {
        kind = format!("{kind} ({format})");
    }
    let mut note = format!("{} of {total}", present - blank);
    if blank > 0 {
        note = format!("{note}; {blank} blank");
    }
    if present < total {
        note = format!("{note}; {} missing", total - present);
    }
    if let Some(Value::Array(options)) = keywords.get("enum") {
        note = format!("{note}; {} different values", options.len());
    }
    Evidence { path, kind, present, blank, total, note }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The types met, each once; a list with both kinds of numbers says `number`.
fn types_of(values: &[&Value]) -> Vec<&'static str> {
    let mut types: Vec<&'static str> = Vec::new();
    for value in values {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number)
                if number.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') =>
            {
                "integer"
            }
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    if types.contains(&"number") {
        types.retain(|kind| *kind != "integer");
    }
    types
}

/// A format and what tells that a text has it.
type Format = (&'static str, fn(&str) -> bool);

/// The format that every string has; a blank one has none, and asserting it would refuse that sample.
fn format_of(values: &[&Value]) -> Option<&'static str> {
    let mut texts = values.iter().filter_map(|value| value.as_str()).peekable();
    texts.peek()?;
    let mut open: Vec<Format> = vec![
        ("date-time", |text| is_date_time(text, false)),
        ("date", is_date),
        ("email", is_email),
        ("uri", is_uri),
    ];
    for text in texts {
        open.retain(|(_, holds)| holds(text));
        if open.is_empty() {
            return None;
        }
    }
    open.first().map(|(name, _)| *name)
}

/// Narrower than any validator, so that what is proposed is also accepted.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |part: &str, also: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
    };
    let labels_hold =
        domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-') && label.len() < 64);
    local.len() <= 64
        && domain.len() <= 253
        && domain.contains('.')
        && labels_hold
        && plain(local, "._+-")
        && plain(domain, ".-")
}

fn is_uri(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/".contains(c))
    })
}

/// A fixed list: few different strings, each met more than once, among many values.
fn options_of(values: &[&Value], types: &[&str]) -> Option<Vec<Value>> {
    if values.len() < MANY || types != ["string"] {
        return None;
    }
    let mut options: Vec<(&Value, usize)> = Vec::new();
    for value in values {
        if let Some((_, count)) = options.iter_mut().find(|(known, _)| known == value) {
            *count += 1;
        } else if options.len() == FEW {
            return None;
        } else {
            options.push((value, 1));
        }
    }
    // A single value is rather this event's code than the only one there will ever be.
    let fixed = options.len() > 1 && options.iter().all(|(_, count)| *count > 1);
    fixed.then(|| options.into_iter().map(|(value, _)| value.clone()).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::Schema;

    #[expect(clippy::needless_pass_by_value, reason = "json! literals read best as plain arguments")]
    fn check(samples: &[Value], schema: Value, notes: &[(&str, &str, &str)]) {
        let mut found = from_samples(samples);
        found.schema.as_object_mut().unwrap().remove("$schema");
        assert_eq!(found.schema, schema);
        let evidence: Vec<_> =
            found.evidence.iter().map(|e| (e.path.as_str(), e.kind.as_str(), e.note.as_str())).collect();
        assert_eq!(evidence, notes);
    }

    #[test]
    fn one_sample_gives_types_formats_and_required() {
        check(
            &[
                json!({"memberId": "12345", "at": "2026-05-27T09:15:00", "mail": "a@example.org", "n": 1, "x": 1.5}),
            ],
            json!({
                "type": "object",
                "properties": {
                    "memberId": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
                    "mail": {"type": "string", "format": "email"}, "n": {"type": "integer"}, "x": {"type": "number"}
                },
                "required": ["memberId", "at", "mail", "n", "x"]
            }),
            &[
                ("/memberId", "string", "1 of 1"),
                ("/at", "string (date-time)", "1 of 1"),
                ("/mail", "string (email)", "1 of 1"),
                ("/n", "integer", "1 of 1"),
                ("/x", "number", "1 of 1"),
            ],
        );
    }

    #[test]
    fn blanks_and_gaps_are_counted() {
        let mut samples = vec![json!({"day": "2026-05-27", "s": "in"}); 17];
        samples.push(json!({"day": "2026-05-28", "s": "out", "list": [{"a": null}, {"a": 2}]}));
        samples.push(json!({"day": "", "s": "out"}));
        samples.push(json!({"day": " ", "s": "out"}));
        check(
            &samples,
            json!({
                "type": "object",
                "properties": {
                    "day": {"type": "string"},
                    "s": {"type": "string", "enum": ["in", "out"]},
                    "list": {"type": "array", "items": {
                        "type": "object", "properties": {"a": {"type": ["null", "integer"]}}, "required": ["a"]}}
                },
                "required": ["day", "s"]
            }),
            &[
                ("/day", "string", "18 of 20; 2 blank"),
                ("/s", "string", "20 of 20; 2 different values"),
                ("/list", "array", "1 of 20; 19 missing"),
                ("/list/*/a", "null, integer", "1 of 2; 1 blank"),
            ],
        );
    }

    #[test]
    fn nothing_gives_an_object() {
        check(&[], json!({"type": "object"}), &[]);
    }

    fn any_sample() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::from),
            prop::sample::select(vec![
                "",
                "a",
                "2026-05-27",
                "2026-05-27T09:15:00Z",
                "a@b.org",
                "https://b.org/x"
            ])
            .prop_map(Value::from),
            "[a@.:/-]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::vec(("[abc/~]{0,2}", inner), 0..4)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_sample_fits_the_schema_made_from_it(samples in prop::collection::vec(any_sample(), 1..40)) {
            let found = from_samples(&samples);
            let schema = Schema::compile(&found.schema, false).unwrap();
            for sample in &samples {
                prop_assert_eq!(schema.violations(sample).list, vec![]);
            }
        }
    }
}
