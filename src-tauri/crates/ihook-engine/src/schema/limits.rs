//! What keeps one schema from taking the program down (docs/security.md#what-costs-too-much).

use std::collections::HashSet;

use serde_json::Value;

use super::facts::Facts;

const MAX_BYTES: usize = 1024 * 1024;
const MAX_DEPTH: usize = 32;
const MAX_REFERENCES: u64 = 100_000;
/// Bytes of all pointers into the schema: the validator keeps one for each place.
const MAX_POINTERS: usize = 64 * 1024 * 1024;
/// Bytes of all patterns once they are compiled, and of one.
const MAX_PATTERNS: usize = 32 * 1024 * 1024;
pub(super) const MAX_PATTERN: usize = 1024 * 1024;

/// Refuses a schema that is too large, too deep, or whose references multiply.
pub(super) fn check(schema: &Value, facts: &Facts) -> Result<(), String> {
    if depth(schema) > MAX_DEPTH {
        return Err(format!("The schema is nested more than {MAX_DEPTH} levels deep."));
    }
    if schema.to_string().len() > MAX_BYTES {
        return Err(format!("The schema is larger than {} MiB.", MAX_BYTES / 1024 / 1024));
    }
    if facts.references > MAX_REFERENCES {
        return Err(format!("The references of the schema multiply to more than {MAX_REFERENCES}."));
    }
    if pointers(schema, 0) > MAX_POINTERS {
        return Err("The names in the schema are too long for so many levels.".to_owned());
    }
    let mut patterns = Patterns { known: HashSet::new(), left: MAX_PATTERNS };
    if !patterns.fit(schema) {
        return Err(format!(
            "The patterns of the schema are too large: more than {} MiB in all.",
            MAX_PATTERNS / 1024 / 1024
        ));
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

fn pointers(value: &Value, path: usize) -> usize {
    let below = match value {
        Value::Object(map) => map
            .iter()
            .fold(0, |sum: usize, (name, below)| sum.saturating_add(pointers(below, path + 1 + name.len()))),
        Value::Array(items) => {
            items.iter().fold(0, |sum: usize, item| sum.saturating_add(pointers(item, path + 4)))
        }
        _ => 0,
    };
    below.saturating_add(path)
}

struct Patterns<'a> {
    known: HashSet<&'a str>,
    left: usize,
}

impl<'a> Patterns<'a> {
    fn fit(&mut self, value: &'a Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(|item| self.fit(item)),
            Value::Object(map) => map.iter().all(|(name, below)| {
                let fits = match (name.as_str(), below) {
                    ("pattern", Value::String(pattern)) => self.take(pattern),
                    ("patternProperties", Value::Object(patterns)) => {
                        patterns.keys().all(|pattern| self.take(pattern))
                    }
                    _ => true,
                };
                fits && self.fit(below)
            }),
            _ => true,
        }
    }

    fn take(&mut self, pattern: &'a str) -> bool {
        if !self.known.insert(pattern) {
            return true;
        }
        let size = compiled(pattern);
        self.left = self.left.saturating_sub(size);
        self.left > 0
    }
}

/// The bytes of a compiled pattern, at most; a guess for one that looks around. One that is too large, or none at
/// all, is refused by the validator, with its place.
fn compiled(pattern: &str) -> usize {
    const PLAIN: usize = 2048;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"^$-_ /:@#,".contains(&byte);
    if pattern.len() < 64 && pattern.bytes().all(is_plain) {
        return PLAIN;
    }
    let sizes = [8 * 1024, 64 * 1024, 256 * 1024, MAX_PATTERN];
    let fits = |size: &usize| regex::RegexBuilder::new(pattern).size_limit(*size).build().is_ok();
    sizes.into_iter().find(fits).unwrap_or(64 * 1024)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_are_weighed_together_and_each_once() {
        let check = |schema: Value, left: usize, expected: bool| {
            assert_eq!(Patterns { known: HashSet::new(), left }.fit(&schema), expected, "{schema}");
        };
        let one = json!({"pattern": "[a-z]{20}"});
        check(one.clone(), 8 * 1024, false);
        check(one.clone(), 9 * 1024, true);
        check(json!({"anyOf": [one, one]}), 9 * 1024, true);
        check(json!({"anyOf": [one, {"patternProperties": {"[a-z]{21}": {}}}]}), 9 * 1024, false);
        check(json!({"pattern": "^\\w{20}$"}), 9 * 1024, false);
        check(json!({"pattern": "^[0-9"}), 65 * 1024, true);
    }
}
