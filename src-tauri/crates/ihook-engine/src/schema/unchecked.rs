//! Formats of a schema that nothing checks: its draft does not know them.

use jsonschema::Draft;
use serde_json::{Map, Value};

use super::draft_of;
use crate::near::Names;
use crate::workflow::pointer_step;

/// Each format that is checked, and the first draft that knows it (the specifications' own lists; what a draft before
/// it merely calls an extension is checked there too).
const FORMATS: [(&str, Draft); 19] = [
    ("date", Draft::Draft4),
    ("date-time", Draft::Draft4),
    ("duration", Draft::Draft201909),
    ("email", Draft::Draft4),
    ("hostname", Draft::Draft4),
    ("idn-email", Draft::Draft4),
    ("idn-hostname", Draft::Draft7),
    ("ipv4", Draft::Draft4),
    ("ipv6", Draft::Draft4),
    ("iri", Draft::Draft7),
    ("iri-reference", Draft::Draft7),
    ("json-pointer", Draft::Draft6),
    ("regex", Draft::Draft4),
    ("relative-json-pointer", Draft::Draft7),
    ("time", Draft::Draft4),
    ("uri", Draft::Draft4),
    ("uri-reference", Draft::Draft6),
    ("uri-template", Draft::Draft6),
    ("uuid", Draft::Draft201909),
];

/// Formats that are shown of one schema; the others are counted.
const MAX_SHOWN: usize = 20;

/// A format that nothing checks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unchecked {
    /// JSON pointer into the schema, to the keyword.
    pub(crate) path: String,
    /// One plain sentence that names the format and what to do.
    pub(crate) message: String,
}

/// The formats of a schema that nothing checks, in its order, and how many more there are than are shown. A schema of
/// an unknown draft has none: it is refused.
pub(crate) fn formats(schema: &Value) -> (Vec<Unchecked>, usize) {
    let Ok(draft) = draft_of(schema) else { return (Vec::new(), 0) };
    let mut search = Search { draft, near: Names::default(), found: Vec::new(), more: 0 };
    FORMATS.iter().for_each(|(name, _)| search.near.add(name));
    search.schema(schema, "");
    (search.found, search.more)
}

struct Search {
    draft: Draft,
    near: Names,
    found: Vec<Unchecked>,
    more: usize,
}

impl Search {
    fn schema(&mut self, schema: &Value, path: &str) {
        let Value::Object(keywords) = schema else { return };
        if let Some(Value::String(format)) = keywords.get("format") {
            self.format(format, &format!("{path}/format"));
        }
        for (keyword, value) in keywords {
            let path = || format!("{path}/{}", pointer_step(keyword));
            match (keyword.as_str(), value) {
                (
                    "properties" | "patternProperties" | "definitions" | "$defs" | "dependentSchemas"
                    | "dependencies",
                    Value::Object(schemas),
                ) => self.each(schemas, &path()),
                ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "items", Value::Array(schemas)) => {
                    let path = path();
                    let schemas = schemas.iter().enumerate();
                    schemas.for_each(|(at, schema)| self.schema(schema, &format!("{path}/{at}")));
                }
                (
                    "items"
                    | "additionalItems"
                    | "unevaluatedItems"
                    | "contains"
                    | "additionalProperties"
                    | "unevaluatedProperties"
                    | "propertyNames"
                    | "not"
                    | "if"
                    | "then"
                    | "else",
                    schema,
                ) => self.schema(schema, &path()),
                // Anything else is data, whatever it looks like.
                _ => {}
            }
        }
    }

    fn each(&mut self, schemas: &Map<String, Value>, path: &str) {
        for (name, schema) in schemas {
            self.schema(schema, &format!("{path}/{}", pointer_step(name)));
        }
    }

    fn format(&mut self, format: &str, path: &str) {
        let known = FORMATS.iter().find(|(name, _)| *name == format);
        if known.is_some_and(|(_, first)| self.draft >= *first) {
            return;
        }
        if self.found.len() >= MAX_SHOWN {
            self.more += 1;
            return;
        }
        let what = format!("The format {} is not checked", super::shown(&Value::from(format)));
        let message = match (known, self.near.near(format)) {
            (Some((_, first)), _) => format!(
                "{what}: {} does not have it; {} does, if \"$schema\" names that.",
                words(self.draft),
                words(*first)
            ),
            (None, Some(near)) => format!("{what}: nobody knows it. Did you mean \"{near}\"?"),
            (None, None) => {
                format!("{what}: nobody knows it. A \"pattern\" says what the text must look like.")
            }
        };
        self.found.push(Unchecked { path: path.to_owned(), message });
    }
}

fn words(draft: Draft) -> &'static str {
    match draft {
        Draft::Draft4 => "draft-04",
        Draft::Draft6 => "draft-06",
        Draft::Draft7 => "draft-07",
        Draft::Draft201909 => "2019-09",
        _ => "2020-12",
    }
}
