//! Every template and schema of a workflow, parsed; the first that does not parse is named by its path.

use super::{Gate, HeaderTemplate, JsonTemplate, Step, Validation};
use crate::template::Template;
use crate::workflow::{
    Action, ActionKind, FieldTemplate, FileFault, IdempotencyFrom, Workflow, pointer_step,
};

pub(super) fn steps(actions: &[Action], path: &str) -> Result<Vec<Step>, FileFault> {
    actions.iter().enumerate().map(|(at, action)| step(action, &format!("{path}/{at}"))).collect()
}

/// One template. Secrets are refused: they stand in headers only, where they are taken out first.
pub(super) fn template(text: &str, at: &str) -> Result<Template, FileFault> {
    let template = Template::parse(text).map_err(|fault| FileFault::at(at, fault))?;
    no_secret(&template.names(), at)?;
    Ok(template)
}

/// Refuses `secret`: the engine holds none.
pub(super) fn no_secret(names: &[String], at: &str) -> Result<(), FileFault> {
    if names.iter().any(|name| name == "secret" || name.starts_with("secret.")) {
        let message =
            "A secret may stand only in a header of an HTTP Request, as {{ secret.name }} by itself.";
        return Err(FileFault::at(at, message));
    }
    Ok(())
}

pub(super) fn idempotency(workflow: &Workflow) -> Result<Option<Template>, FileFault> {
    match workflow.trigger.idempotency.as_ref().map(|idempotency| &idempotency.from) {
        Some(IdempotencyFrom::Template(text)) => template(text, "/trigger/idempotency/from").map(Some),
        _ => Ok(None),
    }
}

fn step(action: &Action, path: &str) -> Result<Step, FileFault> {
    let step = match &action.kind {
        ActionKind::JsonSchemaValidation { schema, path: part, strict_date_time, .. } => {
            let at = format!("{path}/schema");
            Step::Validate(Validation::compile(schema, part.as_deref(), *strict_date_time, &at)?)
        }
        ActionKind::InsertActivity { fields, .. } | ActionKind::InsertPanelRecord { fields, .. } => {
            Step::Fields(field_templates(fields, &format!("{path}/fields"))?)
        }
        ActionKind::AlreadyRecorded { fields, .. } => {
            Step::Fields(field_templates(fields, &format!("{path}/match"))?)
        }
        ActionKind::Gate { expression, .. } => {
            Step::Gate(Gate::compile(expression.as_deref(), &format!("{path}/expression"))?)
        }
        ActionKind::HttpRequest { url, headers, body, .. } => {
            let at = |name: &str| format!("{path}/headers/{}", pointer_step(name));
            let headers = headers.iter().map(|(name, text)| {
                HeaderTemplate::parse(text, &at(name)).map(|template| (name.clone(), template))
            });
            Step::Http {
                url: template(url, &format!("{path}/url"))?,
                headers: headers.collect::<Result<_, _>>()?,
                body: match body {
                    None => None,
                    Some(body) => Some(JsonTemplate::parse(body, &format!("{path}/body"))?),
                },
                is_json: body.as_ref().is_some_and(|body| !body.is_string()),
            }
        }
        ActionKind::ImisGet { path: text, query, .. } => Step::Get {
            path: template(text, &format!("{path}/path"))?,
            query: query
                .iter()
                .map(|(name, text)| {
                    let at = format!("{path}/query/{}", pointer_step(name));
                    template(text, &at).map(|template| (name.clone(), template))
                })
                .collect::<Result<_, _>>()?,
        },
        ActionKind::ForEach { actions, .. } => Step::ForEach(steps(actions, &format!("{path}/actions"))?),
        ActionKind::Notify { title, message } => Step::Notify {
            title: template(title, &format!("{path}/title"))?,
            message: template(message, &format!("{path}/message"))?,
        },
    };
    Ok(step)
}

fn field_templates(fields: &[FieldTemplate], path: &str) -> Result<Vec<Template>, FileFault> {
    fields
        .iter()
        .map(|field| template(&field.template, &format!("{path}/{}", pointer_step(&field.name))))
        .collect()
}
