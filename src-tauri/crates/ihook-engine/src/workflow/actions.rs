//! Actions from the file: one function per type.

use serde_json::Value;

use super::members::{self, Members};
use super::{Action, ActionKind, FailOn, FieldTemplate, FileFault, GateOutcome, OnFailure, WhenDisabled};

/// An `httpRequest` holds up its connection's other runs no longer.
const MOST_SECONDS: u64 = 120;

/// Reads a list of actions.
pub(super) fn parse_list(value: Option<&Value>, path: &str, nested: bool) -> Result<Vec<Action>, FileFault> {
    members::list(value, path)?.into_iter().map(|(path, item)| parse(item, path, nested)).collect()
}

/// Reads the action that stands at `path`; `nested` says that it stands within a loop.
pub(crate) fn parse(value: &Value, path: String, nested: bool) -> Result<Action, FileFault> {
    let mut members = Members::of(value, path, "An action")?;
    let id = members.required_text("id")?.to_owned();
    let type_name = members.required_text("type")?;
    let name = members.filled("name")?.map(str::to_owned);
    let enabled = members.flag("enabled", true)?;
    let on_failure = match members.value("onFailure") {
        None => OnFailure::Fail,
        Some(value) => on_failure(&members, "onFailure", value, "")?,
    };
    let when_disabled = match members.value("whenDisabled") {
        None => WhenDisabled::Skip,
        Some(Value::String(text)) if text == "skip" => WhenDisabled::Skip,
        Some(value) => WhenDisabled::As(on_failure_or_skip(&members, value)?),
    };
    let output_property = members.filled("outputProperty")?.map(|name| name.trim().to_owned());
    let kind = match type_name {
        "jsonSchemaValidation" => schema_validation(&mut members)?,
        "insertActivity" => insert_activity(&mut members)?,
        "insertPanelRecord" => insert_panel_record(&mut members)?,
        "gate" => gate(&mut members)?,
        "httpRequest" => http_request(&mut members)?,
        "imisGet" => imis_get(&mut members)?,
        "alreadyRecorded" => already_recorded(&mut members)?,
        "forEach" if nested => {
            return Err(members.fault("type", "A For Each cannot stand inside another For Each."));
        }
        "forEach" => for_each(&mut members)?,
        "notify" => notify(&mut members)?,
        other => return Err(members.fault("type", format!("There is no action type \"{other}\"."))),
    };
    members.finish()?;
    Ok(Action { id, name, enabled, on_failure, when_disabled, output_property, kind })
}

fn on_failure_or_skip(members: &Members<'_>, value: &Value) -> Result<OnFailure, FileFault> {
    on_failure(members, "whenDisabled", value, "\"skip\", ")
}

fn on_failure(members: &Members<'_>, name: &str, value: &Value, also: &str) -> Result<OnFailure, FileFault> {
    match value {
        Value::String(text) => match text.as_str() {
            "fail" => return Ok(OnFailure::Fail),
            "succeed" => return Ok(OnFailure::Succeed),
            "continue" => return Ok(OnFailure::Continue),
            _ => {}
        },
        Value::Object(_) => return Ok(OnFailure::GoTo(go_to(members, name, value)?)),
        _ => {}
    }
    let message = format!(
        "\"{name}\" must be {also}\"fail\", \"succeed\", \"continue\" or {{\"goTo\": \"<id of a later action>\"}}."
    );
    Err(members.fault(name, message))
}

fn go_to(members: &Members<'_>, name: &str, value: &Value) -> Result<String, FileFault> {
    let mut inner = Members::of(value, members.path_of(name), "A jump")?;
    let target = inner.required_text("goTo")?.to_owned();
    inner.finish()?;
    Ok(target)
}

fn fields(members: &mut Members<'_>, name: &'static str) -> Result<Vec<FieldTemplate>, FileFault> {
    let pairs = members.templates(name)?;
    Ok(pairs.into_iter().map(|(name, template)| FieldTemplate { name, template }).collect())
}

/// A JSON pointer, also where it was written with dots (`attendee.email`, `input.attendee`).
pub(crate) fn pointer(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.starts_with('/') {
        return text.to_owned();
    }
    let text = text.strip_prefix("input.").unwrap_or(text);
    text.split('.').map(|step| format!("/{}", members::pointer_step(step))).collect()
}

fn schema_validation(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    let schema = match members.value("schema") {
        None => Value::Object(Default::default()),
        // As the editor leaves it before anything is typed.
        Some(Value::String(text)) if text.trim().is_empty() => Value::Object(Default::default()),
        Some(schema @ (Value::Object(_) | Value::String(_))) => schema.clone(),
        Some(_) => {
            return Err(members.fault("schema", "\"schema\" must be an object, or text that holds one."));
        }
    };
    Ok(ActionKind::JsonSchemaValidation {
        schema,
        path: members.filled("path")?.map(pointer),
        error_property: members.filled("errorProperty")?.map(|name| name.trim().to_owned()),
        strict_date_time: members.flag("strictDateTime", false)?,
    })
}

fn insert_activity(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    Ok(ActionKind::InsertActivity {
        fields: fields(members, "fields")?,
        check_member: members.flag("checkMember", true)?,
        marker_field: members.filled("markerField")?.map(|name| name.trim().to_owned()),
    })
}

fn insert_panel_record(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    Ok(ActionKind::InsertPanelRecord {
        panel: members.text("panel")?.unwrap_or_default().trim().to_owned(),
        fields: fields(members, "fields")?,
        check_member: members.flag("checkMember", true)?,
    })
}

fn gate(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    let expression = members.filled("expression")?.map(str::to_owned);
    let outcome = match members.value("outcome") {
        None => GateOutcome::StopSuccess,
        Some(Value::String(text)) if text == "stopSuccess" => GateOutcome::StopSuccess,
        Some(Value::String(text)) if text == "stopFailure" => GateOutcome::StopFailure,
        Some(value @ Value::Object(_)) => GateOutcome::GoTo(go_to(members, "outcome", value)?),
        Some(_) => {
            let message = "\"outcome\" must be \"stopSuccess\", \"stopFailure\" or {\"goTo\": \"<id of a later action>\"}.";
            return Err(members.fault("outcome", message));
        }
    };
    Ok(ActionKind::Gate { expression, outcome })
}

fn http_request(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    let method = members.filled("method")?.unwrap_or("GET").trim().to_ascii_uppercase();
    if !["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&method.as_str()) {
        let message =
            format!("\"{method}\" is not a method; use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.");
        return Err(members.fault("method", message));
    }
    let url = members.text("url")?.unwrap_or_default().trim().to_owned();
    let headers = members.templates("headers")?;
    for (name, _) in &headers {
        if !super::trigger::is_header_name(name) {
            let path = format!("{}/{}", members.path_of("headers"), members::pointer_step(name));
            return Err(FileFault::at(path, format!("\"{name}\" cannot be the name of a header.")));
        }
    }
    let body = match members.value("body") {
        Some(Value::String(text)) if text.is_empty() => None,
        Some(body @ (Value::String(_) | Value::Object(_) | Value::Array(_))) => Some(body.clone()),
        None => None,
        Some(_) => return Err(members.fault("body", "\"body\" must be text, an object or a list.")),
    };
    let mut fail_on = Vec::new();
    for (path, text) in members.texts("failOn")? {
        fail_on.push(match text {
            "4xx" => FailOn::ClientError,
            "5xx" => FailOn::ServerError,
            "empty" => FailOn::Empty,
            other => {
                let message = format!("\"{other}\" is not known; use \"4xx\", \"5xx\" or \"empty\".");
                return Err(FileFault::at(path, message));
            }
        });
    }
    let timeout_seconds =
        members.whole("timeoutSeconds", 1, MOST_SECONDS)?.and_then(|seconds| u32::try_from(seconds).ok());
    Ok(ActionKind::HttpRequest { method, url, headers, body, fail_on, timeout_seconds })
}

fn imis_get(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    let path = members.text("path")?.unwrap_or_default().trim().to_owned();
    let query = members.templates("query")?;
    Ok(ActionKind::ImisGet { path, query, allow_blank: names(members, "allowBlank")? })
}

fn already_recorded(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    let fields = fields(members, "match")?;
    let within_hours = members.whole("withinHours", 1, 876_000)?.and_then(|hours| u32::try_from(hours).ok());
    Ok(ActionKind::AlreadyRecorded { fields, within_hours, allow_blank: names(members, "allowBlank")? })
}

fn names(members: &mut Members<'_>, name: &'static str) -> Result<Vec<String>, FileFault> {
    Ok(members.texts(name)?.into_iter().map(|(_, text)| text.to_owned()).collect())
}

fn for_each(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    let list = pointer(members.text("list")?.unwrap_or_default());
    let item = members.filled("as")?.unwrap_or("item").trim().to_owned();
    let path = members.path_of("actions");
    let actions = parse_list(members.value("actions"), &path, true)?;
    Ok(ActionKind::ForEach { list, item, actions })
}

fn notify(members: &mut Members<'_>) -> Result<ActionKind, FileFault> {
    Ok(ActionKind::Notify {
        title: members.text("title")?.unwrap_or_default().to_owned(),
        message: members.text("message")?.unwrap_or_default().to_owned(),
    })
}
