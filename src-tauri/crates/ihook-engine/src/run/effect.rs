//! The effect of one action, its templates rendered.

use super::header;
use crate::activity;
use crate::plan::Step;
use crate::record::{self, Field};
use crate::run::{Effect, HeaderPiece, HttpCall, Insert, Target};
use crate::step_error::{ErrorCode, StepError};
use crate::template::{Scope, Template};
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
        (ActionKind::AlreadyRecorded { fields, within_hours }, Step::Fields(templates)) => {
            let fields = render_fields(fields, templates, scope)?;
            Ok(Effect::CountLike { fields, within_hours: *within_hours })
        }
        (ActionKind::HttpRequest { method, fail_on, timeout_seconds, .. }, Step::Http { .. }) => {
            let call = http(method, fail_on, *timeout_seconds, step, scope)?;
            Ok(Effect::Http(call))
        }
        (ActionKind::ImisGet { .. }, Step::Get { path, query }) => {
            let path = filled(path, "path", scope)?;
            let query = query
                .iter()
                .map(|(name, template)| Ok((name.clone(), render(template, name, scope)?)))
                .collect::<Result<_, StepError>>()?;
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
        let pieces = template.render(scope).map_err(|fault| failed(name, &fault))?;
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
    let url = filled(url, "url", scope)?.trim().to_owned();
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
            let text = render(template, &field.name, scope)?;
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

fn filled(template: &Template, name: &str, scope: &Scope) -> Result<String, StepError> {
    let text = render(template, name, scope)?;
    if text.trim().is_empty() {
        return Err(StepError::new(ErrorCode::EmptyField, format!("The {name} is blank.")));
    }
    Ok(text)
}

fn render(template: &Template, name: &str, scope: &Scope) -> Result<String, StepError> {
    template.render(scope).map_err(|fault| failed(name, &fault))
}

fn failed(name: &str, fault: &str) -> StepError {
    StepError::new(ErrorCode::Template, format!("{name}: {fault}"))
}
