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

/// The pointer to the first string that holds template code; empty where that is the value itself.
pub(crate) fn first_code(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (text.contains("{{") || text.contains("{%")).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| first_code(item).map(|below| format!("/{at}{below}"))),
        Value::Object(map) => map
            .iter()
            .find_map(|(name, item)| first_code(item).map(|below| format!("/{}{below}", pointer_step(name)))),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Whether any string below holds template code.
pub(super) fn has_code(value: &Value) -> bool {
    first_code(value).is_some()
}

impl JsonTemplate {
    pub(crate) fn parse(source: &Value, at: &str) -> Result<Self, FileFault> {
        let mut templates = Vec::new();
        collect(source, "", at, &mut templates)?;
        Ok(Self { source: source.clone(), templates })
    }

    /// Whether rendering it may take long whatever the payload.
    pub(super) fn is_heavy(&self) -> bool {
        self.templates.iter().any(|(_, template)| template.is_heavy())
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
