//! What each field of an action would be for one delivery, while the action is still being written.

use serde_json::{Map, Value};

use crate::activity;
use crate::plan::{Gate, HeaderTemplate, JsonTemplate, Validation};
use crate::record::{self, Column, Field, Times};
use crate::run::{HeaderPiece, blank_criterion, lookup_path, query_value};
use crate::step_error::{ErrorCode, StepError};
use crate::template::{PayloadNames, Preview, Rendered, Scope, preview_in, unknown_names};
use crate::workflow::{Action, ActionKind, FileFault, parse_action, pointer, pointer_step};

/// One field of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPreview {
    /// JSON pointer below the action: `/fields/ID`.
    pub path: String,
    /// As the file writes it.
    pub name: String,
    /// What the template renders to; empty where it cannot.
    pub text: String,
    /// What would leave: the value as its column takes it. None where there is no column to ask, where the value
    /// is left out, and where it does not fit.
    pub value: Option<String>,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
    /// Names that the delivery does not have, as in `input.attendee.emial`, each with its sentence among the
    /// problems.
    pub unknown: Vec<(String, String)>,
}

/// The delivery that fields are tried on, and what is known of the site.
pub struct Sample<'a, C> {
    /// The pipeline object and the other names, as the action would see them.
    pub scope: &'a Scope,
    /// Where a mistyped name may be found.
    pub payload: PayloadNames<'a>,
    /// By which dates are read.
    pub times: Times<'a>,
    /// The columns of a panel, where they are known.
    pub columns: C,
}

impl<C> std::fmt::Debug for Sample<'_, C> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Payloads belong into no log.
        out.debug_struct("Sample").finish_non_exhaustive()
    }
}

/// The action of this id in a file that need not be complete, and the loop around it.
#[must_use]
pub fn find<'a>(file: &'a Value, id: &str) -> Option<(&'a Value, Option<&'a Value>)> {
    let actions = file["actions"].as_array()?;
    let is_it = |action: &&Value| action["id"] == id;
    actions.iter().find(is_it).map(|action| (action, None)).or_else(|| {
        actions.iter().find_map(|each| {
            let inner = each["actions"].as_array()?.iter().find(is_it)?;
            Some((inner, Some(each)))
        })
    })
}

/// The pipeline object within a loop, at its first item.
#[must_use]
pub fn within(pipeline: Map<String, Value>, each: &Value) -> Map<String, Value> {
    let list = pointer(each["list"].as_str().unwrap_or_default());
    let name = each["as"].as_str().map(str::trim).filter(|name| !name.is_empty()).unwrap_or("item");
    let mut pipeline = Value::Object(pipeline);
    let first = pipeline.pointer(&list).and_then(|list| list.get(0)).unwrap_or(&Value::Null).clone();
    pipeline[name] = first;
    match pipeline {
        Value::Object(within) => within,
        _ => Map::new(),
    }
}

/// Every template of the action, each by itself: a fault in one hides no other.
pub fn fields<C: Fn(&str) -> Option<Vec<Column>>>(
    action: &Value,
    sample: &Sample<'_, C>,
) -> Vec<FieldPreview> {
    let one =
        |name: &str| texts(action, name).into_iter().map(|(path, name, text)| sample.text(path, name, &text));
    let record = |name: &str, columns: Option<Vec<Column>>| {
        let fields = texts(action, name).into_iter();
        fields.map(|(path, name, text)| sample.field(path, name, &text, columns.as_deref())).collect()
    };
    match action["type"].as_str().unwrap_or_default() {
        "insertActivity" => record("fields", Some(activity::columns().to_vec())),
        "insertPanelRecord" => {
            record("fields", (sample.columns)(action["panel"].as_str().unwrap_or_default().trim()))
        }
        "alreadyRecorded" => {
            let any = activity::columns().iter().map(|column| Column { required: false, ..column.clone() });
            let mut fields = record("match", Some(any.collect()));
            for (field, (_, _, template)) in fields.iter_mut().zip(texts(action, "match")) {
                if field.text.trim().is_empty() {
                    blank(action, field, &template);
                }
            }
            fields
        }
        "gate" => texts(action, "expression")
            .into_iter()
            .map(|(path, name, text)| sample.gate(path, name, &text))
            .collect(),
        "httpRequest" => {
            let headers = texts(action, "headers").into_iter();
            let headers = headers.map(|(path, name, text)| sample.header(path, name, &text));
            let url = texts(action, "url").into_iter();
            let url = url.map(|(path, name, text)| sample.value(path, name, &text));
            url.chain(headers).chain(sample.body(&action["body"])).collect()
        }
        "imisGet" => {
            let query = texts(action, "query").into_iter();
            let query = query.map(|(path, name, text)| sample.asked(action, path, name, &text));
            let paths = texts(action, "path").into_iter();
            paths.map(|(path, name, text)| sample.lookup_path(path, name, &text)).chain(query).collect()
        }
        "notify" => one("title").chain(one("message")).collect(),
        _ => Vec::new(),
    }
}

/// Says that a criterion is blank, unless it may be.
fn blank(action: &Value, field: &mut FieldPreview, template: &str) {
    let allowed = action["allowBlank"].as_array().into_iter().flatten();
    // What does not render needs no second complaint, and a name that is not there has one.
    let is_clear = field.problems.is_empty() || !field.unknown.is_empty();
    if is_clear && !{ allowed }.any(|name| *name == *field.name) {
        field.problems.push(blank_criterion(&field.name, template).message);
    }
}

/// What the action would fail with: only a JSON Schema Validation is judged without a site.
///
/// `payload` is the delivery's, `pipeline` what the action would find: with metadata and outputs.
#[must_use]
pub fn error(action: &Value, scope: &Scope, payload: &Value, pipeline: &Value) -> Option<StepError> {
    if action["type"] != "jsonSchemaValidation" {
        return None;
    }
    let failed = |fault: FileFault| Some(StepError::new(ErrorCode::Schema, fault.message));
    let (schema, path, strict) = match parse_action(action, String::new(), true) {
        Ok(Action {
            kind: ActionKind::JsonSchemaValidation { schema, path, strict_date_time, .. }, ..
        }) => (schema, path, strict_date_time),
        Ok(_) => return None,
        Err(fault) => return failed(fault),
    };
    match Validation::compile(&schema, path.as_deref(), strict, "/schema") {
        Ok(validation) => validation.judge_in(scope, payload, |path| pipeline.pointer(path)),
        Err(fault) => failed(fault),
    }
}

/// The templates of a member: one text, or an object of texts. Path, name and template.
fn texts(action: &Value, member: &str) -> Vec<(String, String, String)> {
    match &action[member] {
        Value::String(text) => vec![(format!("/{member}"), member.to_owned(), text.clone())],
        Value::Object(texts) => texts
            .iter()
            .filter_map(|(name, text)| {
                let path = format!("/{member}/{}", pointer_step(name));
                Some((path, name.clone(), text.as_str()?.to_owned()))
            })
            .collect(),
        _ => Vec::new(),
    }
}

impl<C> Sample<'_, C> {
    fn text(&self, path: String, name: String, template: &str) -> FieldPreview {
        self.rendered(path, name, template).0
    }

    fn rendered(&self, path: String, name: String, template: &str) -> (FieldPreview, Option<Rendered>) {
        let Preview { text, problems, unknown, rendered } = preview_in(template, self.scope, &self.payload);
        (FieldPreview { path, name, text, value: None, problems, unknown }, rendered)
    }

    /// A place that takes one value; what it is, where it is one.
    fn sole(&self, path: String, name: String, template: &str) -> (FieldPreview, Option<Rendered>) {
        let (mut shown, rendered) = self.rendered(path, name, template);
        if let Some(compound) = rendered.as_ref().and_then(|rendered| rendered.compound.as_ref()) {
            shown.problems.push(compound.refusal(&shown.name, template));
            return (shown, None);
        }
        (shown, rendered)
    }

    fn value(&self, path: String, name: String, template: &str) -> FieldPreview {
        self.sole(path, name, template).0
    }

    /// A member of a lookup's query: as it would be asked.
    fn asked(&self, action: &Value, path: String, name: String, template: &str) -> FieldPreview {
        let (mut shown, rendered) = self.sole(path, name, template);
        let Some(rendered) = rendered else { return shown };
        match query_value(&shown.name, &rendered) {
            Some(value) => shown.value = Some(value),
            None => blank(action, &mut shown, template),
        }
        shown
    }

    fn lookup_path(&self, path: String, name: String, template: &str) -> FieldPreview {
        let (mut shown, rendered) = self.sole(path, name, template);
        let Some(rendered) = rendered else { return shown };
        match lookup_path(&rendered, template) {
            Ok(value) => shown.value = Some(value),
            Err(error) => shown.problems.push(error.message),
        }
        shown
    }

    fn field(&self, path: String, name: String, template: &str, columns: Option<&[Column]>) -> FieldPreview {
        let (mut shown, rendered) = self.sole(path, name, template);
        let (Some(columns), Some(_)) = (columns, rendered) else { return shown };
        let field =
            Field { name: shown.name.clone(), text: shown.text.clone(), template: template.to_owned() };
        match record::convert_field(columns, &field, &self.times) {
            Ok(value) => shown.value = value.map(|value| value.to_string()),
            // What gives nothing has a complaint already.
            Err(_) if !shown.problems.is_empty() && shown.text.is_empty() => {}
            Err(error) => shown.problems.push(error.message),
        }
        shown
    }

    fn gate(&self, path: String, name: String, expression: &str) -> FieldPreview {
        let shown = |text: String, problems, unknown| FieldPreview {
            path,
            name,
            text,
            value: None,
            problems,
            unknown,
        };
        let gate = match Gate::compile(Some(expression), "") {
            Ok(gate) => gate,
            Err(fault) => return shown(String::new(), vec![fault.message], Vec::new()),
        };
        let paths: Vec<Vec<String>> =
            gate.names().iter().map(|name| name.split('.').map(str::to_owned).collect()).collect();
        let unknown = unknown_names(&paths, self.scope, &self.payload);
        let mut problems: Vec<String> = unknown.iter().map(|(_, sentence)| sentence.clone()).collect();
        match gate.render(self.scope) {
            Ok(text) => shown(text, problems, unknown),
            Err(fault) => {
                problems.push(fault);
                shown(String::new(), problems, unknown)
            }
        }
    }

    fn header(&self, path: String, name: String, template: &str) -> FieldPreview {
        let told = HeaderTemplate::parse(template, "").map_err(|fault| fault.message).and_then(|template| {
            let pieces = template.render(self.scope, &name).map_err(|error| error.message)?;
            let words = pieces.into_iter().map(|piece| match piece {
                HeaderPiece::Text(text) => text,
                HeaderPiece::Secret(name) => format!("(the secret {name})"),
            });
            Ok(words.collect::<String>())
        });
        let (text, problems) =
            told.map_or_else(|fault| (String::new(), vec![fault]), |text| (text, Vec::new()));
        FieldPreview { path, name, text, value: None, problems, unknown: Vec::new() }
    }

    fn body(&self, body: &Value) -> Option<FieldPreview> {
        if body.is_null() {
            return None;
        }
        let told = JsonTemplate::parse(body, "")
            .map_err(|fault| fault.message)
            .and_then(|template| template.render(self.scope));
        let (text, problems) = match told {
            Ok(Value::String(text)) => (text, Vec::new()),
            Ok(json) => (json.to_string(), Vec::new()),
            Err(fault) => (String::new(), vec![fault]),
        };
        let (path, name) = ("/body".to_owned(), "body".to_owned());
        Some(FieldPreview { path, name, text, value: None, problems, unknown: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::record::SiteTime;
    use crate::template::RunFacts;

    fn check(action: &Value, expected: &[&str]) {
        let Value::Object(payload) = json!({"memberId": "7", "seats": "many", "at": "2026-05-27T09:15:00Z"})
        else {
            panic!("an object")
        };
        let (site, received_at) = (SiteTime::utc(), Timestamp::UNIX_EPOCH);
        let facts = RunFacts { run_id: "r", workflow_name: "W", received_at, site: &site };
        let scope = Scope::new(&payload, &facts);
        let times = Times { site: &site, received_at };
        let sample =
            Sample { scope: &scope, payload: PayloadNames::of(&payload), times, columns: |_: &str| None };
        let told = |one: FieldPreview| {
            let value = one.value.map(|value| format!(" = {value}")).unwrap_or_default();
            let problems: Vec<_> = one.problems.iter().map(|problem| format!(" ! {problem}")).collect();
            format!("{} {}{value}{}", one.path, one.text, problems.concat())
        };
        assert_eq!(fields(action, &sample).into_iter().map(told).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn each_field_is_told_by_itself() {
        check(
            &json!({"type": "insertActivity", "fields": {
                "ID": "{{ memberId }}", "ActivityType": "{{ memberID }}", "TransactionDate": "{{ at }}",
                "Quantity": "{{ seats }}", "Note": "{{ open", "UF/1": ""}}),
            &[
                "/fields/ID 7 = 7",
                "/fields/ActivityType  ! This payload has no “memberID”; did you mean “memberId”?",
                "/fields/TransactionDate 2026-05-27T09:15:00Z = 2026-05-27T09:15:00",
                "/fields/Quantity many ! The field “Quantity” cannot take “many”: it takes numbers, like 12.50",
                "/fields/Note  ! Template, column 1: is not closed: {{ … }}",
                "/fields/UF~11 ",
            ],
        );
        check(
            &json!({"type": "insertPanelRecord", "panel": "P", "fields": {"Seat": "{{ seats }}"}}),
            &["/fields/Seat many"],
        );
    }

    #[test]
    fn other_actions_show_what_they_send() {
        check(
            &json!({"type": "httpRequest", "url": "http://e/{{ memberId }}", "headers": {"A": "Bearer {{ secret.k }}"},
                "body": {"id": "{{ memberId }}"}}),
            &["/url http://e/7", "/headers/A Bearer (the secret k)", "/body {\"id\":\"7\"}"],
        );
        check(&json!({"type": "gate", "expression": "seats == 'many'"}), &["/expression true"]);
        check(
            &json!({"type": "gate", "expression": "seat == 'many'"}),
            &["/expression false ! This payload has no “seat”; did you mean “seats”?"],
        );
        check(&json!({"type": "notify", "title": "{{ run.id }}", "message": 3}), &["/title r"]);
        check(&json!({"type": "forEach"}), &[]);
    }

    #[test]
    fn an_action_is_found_within_a_loop() {
        let file = json!({"actions": [{"id": "l", "list": "people", "as": "who", "actions": [{"id": "a"}]}]});
        let (action, each) = find(&file, "a").unwrap();
        assert_eq!(action["id"], "a");
        let facts = RunFacts {
            run_id: "r",
            workflow_name: "W",
            received_at: Timestamp::UNIX_EPOCH,
            site: &SiteTime::utc(),
        };
        let pipeline = json!({"people": [{"name": "Ann"}]});
        let pipeline = within(pipeline.as_object().unwrap().clone(), each.unwrap());
        let scope = Scope::new(&pipeline, &facts);
        let payload = Map::new();
        assert_eq!(preview_in("{{ who.name }}", &scope, &PayloadNames::of(&payload)).text, "Ann");
        assert_eq!(find(&file, "z"), None);
    }
}
