//! What keeps one schema from taking the program down (exposure-security.md B5).

use std::collections::HashMap;

use serde_json::Value;

const MAX_BYTES: usize = 64 * 1024;
const MAX_DEPTH: usize = 32;
const MAX_EXPANSION: u64 = 10_000;

/// Refuses a schema that is too large, too deep, or whose references multiply.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    if depth(schema) > MAX_DEPTH {
        return Err(format!("The schema is nested more than {MAX_DEPTH} levels deep."));
    }
    if schema.to_string().len() > MAX_BYTES {
        return Err(format!("The schema is larger than {} KiB.", MAX_BYTES / 1024));
    }
    if (Expansion { root: schema, known: HashMap::new() }).of(schema) > MAX_EXPANSION {
        return Err(format!("The references of the schema multiply to more than {MAX_EXPANSION}."));
    }
    Ok(())
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Counts how often references would be followed if each stood written out. A reference met while it is
/// being followed counts once: recursion is bounded by the instance.
struct Expansion<'a> {
    root: &'a Value,
    known: HashMap<&'a str, u64>,
}

impl<'a> Expansion<'a> {
    fn of(&mut self, value: &'a Value) -> u64 {
        match value {
            Value::Object(map) => {
                let mut sum: u64 = 0;
                for (key, inner) in map {
                    sum = sum.saturating_add(match (key.as_str(), inner) {
                        ("$ref", Value::String(target)) => self.target(target),
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
        if let Some(&known) = self.known.get(reference) {
            return known;
        }
        self.known.insert(reference, 1);
        let pointed = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
        let sum = pointed.map_or(1, |value| self.of(value).saturating_add(1));
        self.known.insert(reference, sum);
        sum
    }
}
