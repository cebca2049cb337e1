//! The effect of one action, its templates rendered.

use super::header;
use crate::activity;
use crate::plan::Step;
use crate::record::{self, Field};
use crate::run::lookup;
use crate::run::{Effect, HeaderPiece, HttpCall, Insert, Target};
use crate::step_error::{ErrorCode, StepError};
use crate::template::{Rendered, Scope, Template};
use crate::workflow::{Action, ActionKind, FailOn, FieldTemplate};

/// What the host must do for this action. Actions that need no host never come here.
pub(super) fn of(action: &Action, step: &Step, scope: &Scope) -> Result<Effect, StepError> {
    match (&action.kind, step) {
        (ActionKind::InsertActivity { fields, check_member, marker_field }, Step::Fields(templates)) => {
            let fields = render_fields(fields, templates, scope)?;
            required(&fields, "PartyId", "ID")?;
            required(&fields, "ACTIVITY_TYPE", "Activity Type")?;
            let (target, check_member) = (Target::Activity, *check_member);
            Ok(Effect::Insert(Insert { target, fields, check_member, marker_field: marker_field.clone() }))
        }
        (ActionKind::InsertPanelRecord { panel, fields, check_member }, Step::Fields(templates)) => {
            if panel.is_empty() {
                return Err(StepError::new(ErrorCode::PanelUnknown, "No panel is chosen."));
            }
            let fields = render_fields(fields, templates, scope)?;
            let (target, check_member) = (Target::Panel(panel.clone()), *check_member);
            Ok(Effect::Insert(Insert { target, fields, check_member, marker_field: None }))
        }
        (ActionKind::AlreadyRecorded { fields, within_hours, allow_blank }, Step::Fields(templates)) => {
            let fields = criteria(render_fields(fields, templates, scope)?, allow_blank)?;
            Ok(Effect::CountLike { fields, within_hours: *within_hours })
        }
        (ActionKind::HttpRequest { method, fail_on, timeout_seconds, .. }, Step::Http { .. }) => {
            let call = http(method, fail_on, *timeout_seconds, step, scope)?;
            Ok(Effect::Http(call))
        }
        (ActionKind::ImisGet { allow_blank, .. }, Step::Get { path, query }) => {
            let path = lookup::path(&filled(path, "path", scope)?, path.text())?;
            let query = asked(query, allow_blank, scope)?;
            Ok(Effect::ImisGet { path, query })
        }
        (ActionKind::Notify { .. }, Step::Notify { title, message }) => Ok(Effect::Notify {
            title: render(title, "title", scope)?,
            message: render(message, "message", scope)?,
        }),
        _ => Err(StepError::new(ErrorCode::Template, "This action has nothing to do.")),
    }
}

fn http(
    method: &str,
    fail_on: &[FailOn],
    timeout_seconds: Option<u32>,
    step: &Step,
    scope: &Scope,
) -> Result<HttpCall, StepError> {
    let Step::Http { url, headers, body, is_json } = step else {
        return Err(StepError::new(ErrorCode::Template, "This action has nothing to do."));
    };
    let mut rendered = Vec::with_capacity(headers.len() + 1);
    for (name, template) in headers {
        let pieces = template.render(scope, name)?;
        for piece in &pieces {
            if let HeaderPiece::Text(text) = piece {
                header::checked(name, text)?;
            }
        }
        rendered.push((name.clone(), pieces));
    }
    if *is_json && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        let json = HeaderPiece::Text("application/json".to_owned());
        rendered.push(("Content-Type".to_owned(), vec![json]));
    }
    let body = match body {
        None => None,
        Some(body) => Some(match body.render(scope).map_err(|fault| failed("body", &fault))? {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        }),
    };
    header::fits_body(&rendered, body.as_deref())?;
    let url = filled(url, "url", scope)?.text.trim().to_owned();
    Ok(HttpCall {
        method: method.to_owned(),
        url,
        headers: rendered,
        body,
        fail_on: fail_on.to_vec(),
        timeout_seconds,
    })
}

fn render_fields(
    fields: &[FieldTemplate],
    templates: &[Template],
    scope: &Scope,
) -> Result<Vec<Field>, StepError> {
    fields
        .iter()
        .zip(templates)
        .map(|(field, template)| {
            let text = value(template, &field.name, scope)?.text;
            Ok(Field { name: field.name.clone(), text, template: field.template.clone() })
        })
        .collect()
}

/// A required field that is not mapped, or that renders to nothing: the error names field and template
/// (docs/behavior.md#insert-activity).
fn required(fields: &[Field], property: &str, label: &str) -> Result<(), StepError> {
    let found = fields.iter().find(|field| {
        record::column_named(activity::columns(), &field.name).is_some_and(|column| column.name == property)
    });
    match found {
        None => {
            let message = format!("{label} is required, and this action does not fill it.");
            Err(StepError::new(ErrorCode::EmptyField, message))
        }
        Some(field) if field.text.trim().is_empty() => {
            let message = if field.template.trim().is_empty() {
                format!("{label} is required, and its template is blank.")
            } else {
                format!("{label} is required, and its template {} gives nothing.", field.template)
            };
            Err(StepError::new(ErrorCode::EmptyField, message))
        }
        Some(_) => Ok(()),
    }
}

/// The criteria of a search. One that is blank is left out where that is allowed, and fails the step elsewhere.
fn criteria(fields: Vec<Field>, allow_blank: &[String]) -> Result<Vec<Field>, StepError> {
    let is_blank = |field: &Field| field.text.trim().is_empty();
    let first = fields.first().filter(|_| fields.iter().all(is_blank));
    let wanted = |field: &&Field| is_blank(field) && !allow_blank.contains(&field.name);
    // With nothing left to compare everything is alike.
    if let Some(field) = fields.iter().find(wanted).or(first) {
        return Err(lookup::blank_criterion(&field.name, &field.template));
    }
    Ok(fields.into_iter().filter(|field| !is_blank(field)).collect())
}

/// The query of a lookup, blank members treated as in [`criteria`].
fn asked(
    query: &[(String, Template)],
    allow_blank: &[String],
    scope: &Scope,
) -> Result<Vec<(String, String)>, StepError> {
    let mut asked = Vec::with_capacity(query.len());
    for (name, template) in query {
        match lookup::query_value(name, &value(template, name, scope)?) {
            Some(value) => asked.push((name.clone(), value)),
            None if allow_blank.contains(name) => {}
            None => return Err(lookup::blank_criterion(name, template.text())),
        }
    }
    let mut criteria = query.iter().filter(|(name, _)| lookup::is_criterion(name));
    match criteria.next() {
        Some((name, template)) if !asked.iter().any(|(name, _)| lookup::is_criterion(name)) => {
            Err(lookup::blank_criterion(name, template.text()))
        }
        _ => Ok(asked),
    }
}

fn filled(template: &Template, name: &str, scope: &Scope) -> Result<Rendered, StepError> {
    let rendered = value(template, name, scope)?;
    if rendered.text.trim().is_empty() {
        return Err(StepError::new(ErrorCode::EmptyField, format!("The {name} is blank.")));
    }
    Ok(rendered)
}

/// One value: a list or an object is none (docs/templates.md, “One value”).
pub(crate) fn value(template: &Template, name: &str, scope: &Scope) -> Result<Rendered, StepError> {
    let rendered = template.rendered(scope).map_err(|fault| failed(name, &fault))?;
    match &rendered.compound {
        Some(compound) => Err(StepError::new(ErrorCode::WrongType, compound.refusal(name, template.text()))),
        None => Ok(rendered),
    }
}

fn render(template: &Template, name: &str, scope: &Scope) -> Result<String, StepError> {
    template.render(scope).map_err(|fault| failed(name, &fault))
}

fn failed(name: &str, fault: &str) -> StepError {
    StepError::new(ErrorCode::Template, format!("{name}: {fault}"))
}
