//! Subschemas that say nothing of the value that they stand for: the validator goes through them without a look at
//! it, so that nothing would be paid for thousands of them.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Subschemas that go with one look: going past one takes far less.
const FREE: u64 = 4;

/// Keywords that take a look at the value whenever they are met.
const LOOKS: [&str; 12] = [
    "type",
    "enum",
    "const",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];
/// Those that do where they are not empty.
const LOOKS_WHERE_FILLED: [&str; 2] = ["required", "properties"];

/// Looks to be paid beside each one that leads to another value: for the most silent subschemas that one value can
/// meet in one place, references written out.
pub(super) fn rate(schema: &Value) -> u64 {
    let draft = schema.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let mut silent = Silent { root: schema, has_const: !draft.contains("draft-04"), known: HashMap::new() };
    silent.most(schema) / FREE
}

struct Silent<'a> {
    root: &'a Value,
    has_const: bool,
    /// By reference; none while it is being followed.
    known: HashMap<&'a str, Option<u64>>,
}

impl<'a> Silent<'a> {
    /// The largest number at any place. Data counts as a schema: then things cost more than they need.
    fn most(&mut self, value: &'a Value) -> u64 {
        let here = if value.is_object() { self.at(value) } else { 0 };
        let below = match value {
            Value::Array(items) => items.iter().map(|item| self.most(item)).max(),
            Value::Object(members) => members.values().map(|member| self.most(member)).max(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
        here.max(below.unwrap_or(0))
    }

    /// How many are met where a value meets this schema.
    fn at(&mut self, schema: &'a Value) -> u64 {
        let Value::Object(members) = schema else { return 1 };
        let mut sum = u64::from(!members.contains_key("$ref") && !self.looks(members));
        for (keyword, below) in members {
            let met = match (keyword.as_str(), below) {
                ("allOf" | "anyOf" | "oneOf", Value::Array(forms)) => {
                    forms.iter().fold(0, |sum: u64, form| sum.saturating_add(self.at(form)))
                }
                ("not" | "if" | "then" | "else", form) => self.at(form),
                ("dependentSchemas" | "dependencies", Value::Object(forms)) => {
                    forms.values().fold(0, |sum: u64, form| sum.saturating_add(self.at(form)))
                }
                ("$ref", Value::String(target)) => self.target(target),
                _ => 0,
            };
            sum = sum.saturating_add(met);
        }
        sum
    }

    fn looks(&self, members: &Map<String, Value>) -> bool {
        let is_filled = |value: &Value| match value {
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => false,
        };
        LOOKS.iter().any(|name| members.contains_key(*name) && (*name != "const" || self.has_const))
            || LOOKS_WHERE_FILLED.iter().any(|name| members.get(*name).is_some_and(is_filled))
    }

    fn target(&mut self, reference: &'a str) -> u64 {
        if let Some(known) = self.known.get(reference) {
            return known.unwrap_or(1);
        }
        self.known.insert(reference, None);
        let pointer =
            reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let pointed = pointer.and_then(|pointer| self.root.pointer(pointer));
        let sum = pointed.map_or(1, |schema| self.at(schema));
        self.known.insert(reference, Some(sum));
        sum
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, expected: u64) {
        let mut silent = Silent { root: schema, has_const: true, known: HashMap::new() };
        assert_eq!(silent.most(schema), expected, "{schema}");
    }

    #[test]
    fn subschemas_that_look_at_nothing_are_counted_where_they_are_met_together() {
        check(&json!({"type": "object"}), 0);
        check(&json!({"properties": {"a": {}, "b": true, "c": {"title": "C"}}}), 1);
        check(&json!({"type": "object", "allOf": [true, true, {}]}), 3);
        check(
            &json!({"items": {"allOf": [true, true]}, "anyOf": [{"type": "string"}, {"required": ["a"]}]}),
            3,
        );
        check(&json!({"oneOf": [{"const": 1, "title": "One"}, {"const": 2}]}), 1);
        check(&json!({"not": {"not": {"not": false}}}), 4);
        check(&json!({"type": "object", "dependencies": {"a": ["b"], "b": true}}), 2);
    }

    #[test]
    fn a_reference_counts_as_what_it_leads_to() {
        let forms = |target: &Value| {
            json!({"$defs": {"t": target}, "type": "object",
            "allOf": [{"$ref": "#/$defs/t"}, {"$ref": "#/$defs/t", "type": "string"}, {"$ref": "#/$defs/t"}]})
        };
        // Definitions count as a schema themselves.
        check(&forms(&json!({"type": "string"})), 1);
        check(&forms(&json!(true)), 3);
        check(&forms(&json!({"allOf": [true, true, true]})), 12);
        check(&json!({"properties": {"a": {"$ref": "#"}}}), 1);
        check(&json!({"type": "object", "allOf": [{"$ref": "#"}, {"$ref": "#other"}]}), 3);
    }
}
