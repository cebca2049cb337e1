//! What can be told of a schema before anything is judged by it: how large it is, and what its keywords cost.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::meter::Rates;
use super::silent;

/// Bytes of an error of the validator, with its path in pieces and what it is kept in.
const ERROR: u64 = 360;
/// Looks for each name of a member that a pattern with look-around is tried on.
const LOOK_AROUND: u64 = 16;

/// Looks for 64 bytes of text where names in any script are checked: several passes over tables of all letters.
const ANY_SCRIPT: u64 = 8;

/// What is known of a schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Values in it.
    pub(super) nodes: u64,
    /// It may lead back to itself.
    pub(super) is_recursive: bool,
    /// How often its references are followed when each is written out.
    pub(super) references: u64,
    /// A pattern may need backtracking.
    pub(super) has_look_around: bool,
    pub(super) rates: Rates,
}

/// Values in a value, itself counted.
pub(crate) fn nodes(value: &Value) -> u64 {
    match value {
        Value::Array(items) => 1 + items.iter().map(nodes).sum::<u64>(),
        Value::Object(members) => 1 + members.values().map(nodes).sum::<u64>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

impl Facts {
    pub(super) fn of(schema: &Value) -> Self {
        let mut seen = Counts::default();
        seen.count(schema, 0);
        let mut references = References { root: schema, known: HashMap::new(), is_recursive: false };
        let followed = references.of(schema);
        let level = if followed > 0 { seen.deepest } else { 0 };
        Self {
            nodes: seen.nodes,
            is_recursive: references.is_recursive,
            references: followed,
            has_look_around: seen.has_look_around,
            rates: Rates {
                text: if seen.has_any_script { ANY_SCRIPT } else { 1 },
                name: if seen.has_fancy_names { LOOK_AROUND } else { 0 },
                silent: silent::rate(schema),
                error: ERROR + seen.kept,
                level,
                lists_members: seen.is_closed,
                // Where a match may be given up, the validator goes back to the value, which must be there then.
                keeps_first: !seen.has_fancy_names,
            },
        }
    }
}

#[derive(Default)]
struct Counts {
    nodes: u64,
    /// Bytes of the schema that errors carry along: the largest `not`, the longest pattern.
    kept: u64,
    /// Bytes of the longest pointer.
    deepest: u64,
    is_closed: bool,
    has_look_around: bool,
    /// A format takes names in any script.
    has_any_script: bool,
    /// Names of members are matched by a pattern that looks around.
    has_fancy_names: bool,
}

impl Counts {
    fn count(&mut self, value: &Value, path: u64) {
        self.nodes += 1;
        self.deepest = self.deepest.max(path);
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.count(item, path + 4)),
            Value::Object(members) => {
                self.keywords(members);
                for (name, member) in members {
                    self.count(member, path + 1 + name.len() as u64);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Also where an object is data and no schema: then things cost more than they need, and nothing else.
    fn keywords(&mut self, members: &Map<String, Value>) {
        if let Some(Value::String(pattern)) = members.get("pattern") {
            self.kept = self.kept.max(pattern.len() as u64);
            self.has_look_around |= looks_around(pattern);
        }
        let format = members.get("format").and_then(Value::as_str).unwrap_or_default();
        self.has_any_script |= format.starts_with("idn-");
        if let Some(schema @ Value::Object(_)) = members.get("not") {
            self.kept = self.kept.max(copy_of(schema));
        }
        if let Some(Value::Object(patterns)) = members.get("patternProperties") {
            self.has_fancy_names |= patterns.keys().any(|pattern| looks_around(pattern));
            self.has_look_around |= self.has_fancy_names;
        }
        let closed = ["additionalProperties", "unevaluatedProperties", "unevaluatedItems"];
        self.is_closed |= closed.iter().any(|name| members.get(*name).is_some_and(|below| *below != true));
    }
}

/// Bytes of a copy, about.
fn copy_of(value: &Value) -> u64 {
    const NODE: u64 = 72;
    match value {
        Value::Null | Value::Bool(_) => NODE,
        Value::Number(number) => NODE + 32 + number.as_str().len() as u64,
        Value::String(text) => NODE + 16 + text.len() as u64,
        Value::Array(items) => NODE + items.iter().map(copy_of).sum::<u64>(),
        Value::Object(members) => {
            NODE + members.iter().map(|(name, member)| 64 + name.len() as u64 + copy_of(member)).sum::<u64>()
        }
    }
}

/// Whether a pattern can have what only backtracking finds: `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`, `\1`, `\k<…>`.
fn looks_around(pattern: &str) -> bool {
    let back = |after: &str| after.starts_with(|next: char| next == 'k' || ('1'..='9').contains(&next));
    ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| pattern.contains(start))
        || pattern.match_indices('\\').any(|(at, _)| back(&pattern[at + 1..]))
}

/// Counts how often references would be followed if each stood written out. A reference met while it is
/// being followed counts once: recursion is bounded by the payload.
struct References<'a> {
    root: &'a Value,
    /// None while it is being followed.
    known: HashMap<&'a str, Option<u64>>,
    is_recursive: bool,
}

impl<'a> References<'a> {
    fn of(&mut self, value: &'a Value) -> u64 {
        match value {
            Value::Object(map) => {
                let mut sum: u64 = 0;
                for (key, inner) in map {
                    sum = sum.saturating_add(match (key.as_str(), inner) {
                        ("$ref", Value::String(target)) => self.target(target),
                        ("$dynamicRef" | "$recursiveRef", Value::String(_)) => {
                            self.is_recursive = true;
                            1
                        }
                        // Definitions count where they are referred to.
                        ("definitions" | "$defs", _) => 0,
                        _ => self.of(inner),
                    });
                }
                sum
            }
            Value::Array(items) => items.iter().fold(0, |sum: u64, item| sum.saturating_add(self.of(item))),
            _ => 0,
        }
    }

    fn target(&mut self, reference: &'a str) -> u64 {
        if let Some(known) = self.known.get(reference) {
            self.is_recursive |= known.is_none();
            return known.unwrap_or(1);
        }
        self.known.insert(reference, None);
        let pointer =
            reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let pointed = pointer.and_then(|pointer| self.root.pointer(pointer));
        // A name or an address may lead anywhere in the schema.
        self.is_recursive |= pointed.is_none();
        let sum = pointed.map_or(1, |value| self.of(value).saturating_add(1));
        self.known.insert(reference, Some(sum));
        sum
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_that_leads_back_to_itself_is_known() {
        let check =
            |schema: Value, expected: bool| assert_eq!(Facts::of(&schema).is_recursive, expected, "{schema}");
        check(json!({"properties": {"a": {"type": "string"}}}), false);
        check(json!({"$ref": "#/definitions/a", "definitions": {"a": {"type": "string"}}}), false);
        check(json!({"anyOf": [{"properties": {"a": {"$ref": "#"}}}]}), true);
        check(json!({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}), true);
        check(json!({"$ref": "#node", "$defs": {"a": {"$anchor": "node"}}}), true);
        check(json!({"$dynamicRef": "#node"}), true);
    }

    #[test]
    fn patterns_that_need_backtracking_are_told_from_others() {
        let check = |pattern: &str, expected: bool| assert_eq!(looks_around(pattern), expected, "{pattern}");
        check("^[A-Z]{3}\\d+$", false);
        check("(?:a|b)(?<name>c)", false);
        check("^(?!x-)", true);
        check("(?<=a)b", true);
        check("(a)\\1", true);
        check("(?<n>a)\\k<n>", true);
    }
}
