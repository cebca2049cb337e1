//! JSON whose strings are templates: a schema with template code, the body of a request.

use serde_json::Value;

use crate::template::{Scope, Template};
use crate::workflow::{FileFault, pointer_step};

/// Text that is one template, or JSON whose string values each are one. Values are rendered into strings,
/// never into the JSON around them, so that no payload can break out of its place.
#[derive(Debug)]
pub(crate) struct JsonTemplate {
    source: Value,
    templates: Vec<(String, Template)>,
}

/// Whether any string below holds template code.
pub(super) fn has_code(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("{{") || text.contains("{%"),
        Value::Array(items) => items.iter().any(has_code),
        Value::Object(map) => map.values().any(has_code),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

impl JsonTemplate {
    pub(crate) fn parse(source: &Value, at: &str) -> Result<Self, FileFault> {
        let mut templates = Vec::new();
        collect(source, "", at, &mut templates)?;
        Ok(Self { source: source.clone(), templates })
    }

    /// The JSON with every template rendered; text where the source is text.
    pub(crate) fn render(&self, scope: &Scope) -> Result<Value, String> {
        let mut rendered = self.source.clone();
        for (path, template) in &self.templates {
            let text = template.render(scope)?;
            if let Some(place) = rendered.pointer_mut(path) {
                *place = Value::String(text);
            }
        }
        Ok(rendered)
    }
}

fn collect(
    value: &Value,
    path: &str,
    at: &str,
    templates: &mut Vec<(String, Template)>,
) -> Result<(), FileFault> {
    match value {
        Value::String(text) if has_code(value) => {
            templates.push((path.to_owned(), super::compile::template(text, &format!("{at}{path}"))?));
            Ok(())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(i, item)| collect(item, &format!("{path}/{i}"), at, templates)),
        Value::Object(map) => map.iter().try_for_each(|(key, item)| {
            collect(item, &format!("{path}/{}", pointer_step(key)), at, templates)
        }),
        _ => Ok(()),
    }
}
