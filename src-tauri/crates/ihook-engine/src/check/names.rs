//! Names in templates that no delivery will ever have, and placeholders of the old form.

use std::collections::HashSet;

use serde_json::Value;

use super::Report;
use crate::near::Names;
use crate::template::Template;
use crate::workflow::{Action, ActionKind, FieldTemplate, Workflow, pointer_step};

/// The names that templates may use, as far as the workflow itself tells them.
pub(super) struct Known {
    /// What the first schema lists.
    members: HashSet<String>,
    /// The same, and what stands beside the payload: what a mistyped name may mean.
    near: Names,
    /// The schema allows nothing else: what it does not list, no delivery has.
    is_closed: bool,
    /// What stands beside the payload where the present action begins: metadata, outputs, loop variables.
    beside: HashSet<String>,
    /// What actions that are still to come put there.
    later: HashSet<String>,
}

/// Names that are always there.
const ALWAYS: [&str; 5] = ["input", "run", "workflow", "now", "today"];

/// Only a first validation of the whole payload says what it can hold. Without one, any name may come.
pub(super) fn of(workflow: &Workflow) -> Known {
    let mut later = HashSet::new();
    collect(&workflow.actions, &mut later);
    let (members, is_closed) = listed(workflow).unwrap_or_default();
    let mut near = Names::default();
    members.iter().for_each(|name| near.add(name));
    let members = members.into_iter().collect();
    let mut known = Known { members, near, is_closed, beside: HashSet::new(), later };
    known.put(workflow.trigger.metadata_output_property.clone());
    known
}

/// The members that the first schema lists, and whether it allows no others.
fn listed(workflow: &Workflow) -> Option<(Vec<String>, bool)> {
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
    let has_more = ["patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if"]
        .iter()
        .any(|key| schema.get(key).is_some());
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false)) && !has_more;
    let members = schema.get("properties").and_then(Value::as_object)?;
    Some((members.keys().cloned().collect(), is_closed))
}

fn collect(actions: &[Action], names: &mut HashSet<String>) {
    for action in actions.iter().filter(|action| action.enabled) {
        names.extend(outputs(action));
        if let ActionKind::ForEach { actions, .. } = &action.kind {
            collect(actions, names);
        }
    }
}

/// What the action puts into the pipeline object.
fn outputs(action: &Action) -> impl Iterator<Item = String> {
    let error_property = match &action.kind {
        ActionKind::JsonSchemaValidation { error_property, .. } => error_property.clone(),
        _ => None,
    };
    action.output_property.clone().into_iter().chain(error_property)
}

impl Known {
    /// The names within a loop.
    pub(super) fn enter(&mut self, action: &Action) {
        if let ActionKind::ForEach { item, .. } = &action.kind {
            self.put(Some(item.clone()));
        }
    }

    /// From here on, what the action puts there is there.
    pub(super) fn pass(&mut self, action: &Action) {
        self.put(outputs(action));
    }

    fn put(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if !self.beside.contains(&name) {
                self.near.add(&name);
                self.beside.insert(name);
            }
        }
    }

    /// What is wrong with a name, where something surely is.
    fn fault(&self, name: &str) -> Option<String> {
        if ALWAYS.contains(&name) || self.beside.contains(name) || self.members.contains(name) {
            return None;
        }
        if self.later.contains(name) {
            return Some(format!("\"{name}\" is put there by a later step, so this is empty here."));
        }
        if self.is_closed {
            return Some(format!("The schema knows no \"{name}\", so this is always empty."));
        }
        let near = self.near.near(name)?;
        Some(format!("There is no \"{name}\" in the schema or before this step; did you mean \"{near}\"?"))
    }
}

/// Warns of unknown names in the fields of one action.
pub(super) fn check(report: &mut Report<'_>, known: &Known) {
    for (at, field, text) in texts(report.action) {
        let Some(names) = names_in(&text) else { continue };
        for name in names {
            let name = name.strip_prefix("input.").unwrap_or(&name);
            let first = name.split(['.', '[']).next().unwrap_or(name);
            if let Some(fault) = known.fault(first) {
                report.add(&at, &field, fault);
            }
        }
    }
}

/// The names that a template reads; secrets stand apart.
fn names_in(text: &str) -> Option<Vec<String>> {
    let names = Template::parse(text).ok()?.names();
    Some(names.into_iter().filter(|name| name != "secret" && !name.starts_with("secret.")).collect())
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
    let of_pairs = |member: &str, pairs: &[(String, String)]| -> Vec<(String, String, String)> {
        let at = |name: &str| format!("{member}/{}", pointer_step(name));
        pairs.iter().map(|(name, text)| (at(name), name.clone(), text.clone())).collect()
    };
    match &action.kind {
        ActionKind::InsertActivity { fields, .. } | ActionKind::InsertPanelRecord { fields, .. } => {
            of_fields("fields", fields)
        }
        ActionKind::AlreadyRecorded { fields, .. } => of_fields("match", fields),
        ActionKind::Notify { title, message } => {
            vec![("title", title), ("message", message)].into_iter().map(own).collect()
        }
        ActionKind::HttpRequest { url, headers, body, .. } => {
            let mut texts = vec![own(("url", url))];
            texts.extend(of_pairs("headers", headers));
            in_json(body.as_ref().unwrap_or(&Value::Null), "body", &mut texts);
            texts
        }
        ActionKind::ImisGet { path, query, .. } => {
            let mut texts = vec![own(("path", path))];
            texts.extend(of_pairs("query", query));
            texts
        }
        ActionKind::Gate { expression: Some(expression), .. } => {
            // As a template, so that its names can be read; what is no condition is refused elsewhere.
            let is_template = expression.contains("{{") || expression.contains("{%");
            let text = if is_template {
                expression.clone()
            } else {
                format!("{{% if {expression} %}}{{% endif %}}")
            };
            vec![("expression".to_owned(), "expression".to_owned(), text)]
        }
        ActionKind::Gate { .. } | ActionKind::JsonSchemaValidation { .. } | ActionKind::ForEach { .. } => {
            Vec::new()
        }
    }
}

/// The texts of a request's body, each named by its place.
fn in_json(value: &Value, path: &str, texts: &mut Vec<(String, String, String)>) {
    match value {
        Value::String(text) => texts.push((path.to_owned(), path.to_owned(), text.clone())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| in_json(item, &format!("{path}/{at}"), texts));
        }
        Value::Object(members) => members
            .iter()
            .for_each(|(name, item)| in_json(item, &format!("{path}/{}", pointer_step(name)), texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn own((name, text): (&str, &String)) -> (String, String, String) {
    (name.to_owned(), name.to_owned(), text.clone())
}
