//! Names in templates that no delivery will ever have, and placeholders of the old form.

use std::collections::HashSet;

use serde_json::Value;

use super::Report;
use crate::template::Template;
use crate::workflow::{Action, ActionKind, FieldTemplate, Workflow, pointer_step};

/// The names that templates may use, where a closed schema tells them.
pub(super) struct Known(HashSet<String>);

/// Only a first validation that allows no other members says what a payload can hold. Without one, any
/// name may come.
pub(super) fn of(workflow: &Workflow) -> Option<Known> {
    let first = workflow.actions.iter().find(|action| action.enabled)?;
    let ActionKind::JsonSchemaValidation { schema, path: None, .. } = &first.kind else { return None };
    let parsed;
    let schema = match schema {
        Value::String(text) => {
            parsed = crate::json::parse_value(text.as_bytes()).ok()?;
            &parsed
        }
        other => other,
    };
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false))
        && !["patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if"]
            .iter()
            .any(|key| schema.get(key).is_some());
    if !is_closed {
        return None;
    }
    let mut names: HashSet<String> = ["input", "run", "workflow", "now", "today"].map(str::to_owned).into();
    names.extend(
        schema.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.keys().cloned()),
    );
    names.extend(workflow.trigger.metadata_output_property.clone());
    collect(&workflow.actions, &mut names);
    Some(Known(names))
}

fn collect(actions: &[Action], names: &mut HashSet<String>) {
    for action in actions {
        names.extend(action.output_property.clone());
        match &action.kind {
            ActionKind::JsonSchemaValidation { error_property, .. } => names.extend(error_property.clone()),
            ActionKind::ForEach { item, actions, .. } => {
                names.insert(item.clone());
                collect(actions, names);
            }
            _ => {}
        }
    }
}

/// Warns of unknown names in the fields of one action.
pub(super) fn check(report: &mut Report<'_>, known: &Known) {
    for (at, field, text) in texts(report.action) {
        let Ok(template) = Template::parse(&text) else { continue };
        for name in template.names() {
            let name = name.strip_prefix("input.").unwrap_or(&name);
            let first = name.split(['.', '[']).next().unwrap_or(name);
            if !known.0.contains(first) {
                report.add(&at, &field, format!("The schema knows no \"{first}\", so this is always empty."));
            }
        }
    }
}

/// Warns of placeholders that an import could not rewrite.
pub(super) fn leftovers(report: &mut Report<'_>) {
    for (at, field, text) in texts(report.action) {
        if text.contains("$$") {
            report.add(&at, &field, "\"$$\" looks like the old form $$name$$, which is sent as it stands.");
        }
    }
}

/// Path below the action, name for people, template.
fn texts(action: &Action) -> Vec<(String, String, String)> {
    let of_fields = |member: &str, fields: &[FieldTemplate]| -> Vec<(String, String, String)> {
        fields
            .iter()
            .map(|f| (format!("{member}/{}", pointer_step(&f.name)), f.name.clone(), f.template.clone()))
            .collect()
    };
    match &action.kind {
        ActionKind::InsertActivity { fields, .. } | ActionKind::InsertPanelRecord { fields, .. } => {
            of_fields("fields", fields)
        }
        ActionKind::AlreadyRecorded { fields, .. } => of_fields("match", fields),
        ActionKind::Notify { title, message } => {
            vec![("title", title), ("message", message)].into_iter().map(own).collect()
        }
        ActionKind::HttpRequest { url, .. } => vec![own(("url", url))],
        ActionKind::ImisGet { path, .. } => vec![own(("path", path))],
        ActionKind::JsonSchemaValidation { .. } | ActionKind::Gate { .. } | ActionKind::ForEach { .. } => {
            Vec::new()
        }
    }
}

fn own((name, text): (&str, &String)) -> (String, String, String) {
    (name.to_owned(), name.to_owned(), text.clone())
}
