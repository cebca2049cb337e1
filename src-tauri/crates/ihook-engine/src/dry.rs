//! A run in memory: what a plan would do with a delivery. Nothing leaves the program; what a run reads from
//! elsewhere is answered from the steps of a run that was.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::activity;
use crate::plan::Plan;
use crate::record::{self, Column, Field, Times};
use crate::run::{
    Delivery, Effect, HeaderPiece, HttpCall, Insert, Machine, Next, Outcome, StepKey, StepResult, StepStatus,
    Target, Task, Verdict,
};
use crate::step_error::StepError;

/// What a plan would do with a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Dry {
    /// How the run would end.
    pub outcome: DryOutcome,
    /// Why it would not end well.
    pub error: Option<StepError>,
    /// In order.
    pub steps: Vec<DryStep>,
    /// What was asked of the world, by step.
    pub effects: HashMap<StepKey, Effect>,
    /// Reads for which no earlier run has an answer; they count as done, with nothing found.
    pub unanswered: Vec<StepKey>,
}

/// How a run would end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryOutcome {
    /// The end was reached.
    Succeeded,
    /// A step failed it.
    Failed,
    /// The leading schema check refuses the delivery.
    Rejected,
    /// A gate stopped it.
    Stopped,
}

/// What one action would do.
#[derive(Debug, Clone, PartialEq)]
pub struct DryStep {
    /// The action.
    pub action_id: String,
    /// The item, from 0, within a For Each.
    pub item: Option<u32>,
    /// The action's name for people.
    pub name: String,
    /// The action's type as the file writes it.
    pub type_name: String,
    /// How it would end.
    pub status: StepStatus,
    /// What it would write, send or ask: names and values as they would leave. Of a field that cannot be
    /// converted, all fields as rendered.
    pub fields: Vec<(String, String)>,
    /// Why it would fail.
    pub error: Option<StepError>,
}

type Place<'a> = (&'a str, Option<u32>);
type Shown<'a> = (StepStatus, BTreeSet<&'a (String, String)>);

impl Dry {
    /// How many records would be sent to iMIS.
    #[must_use]
    pub fn inserts(&self) -> usize {
        let is_insert =
            |step: &&DryStep| matches!(step.type_name.as_str(), "insertActivity" | "insertPanelRecord");
        self.steps.iter().filter(is_insert).filter(|step| step.status == StepStatus::Succeeded).count()
    }

    /// Whether both do the same: the same end, and the same steps with the same fields. Steps that show no
    /// fields (a validation, a jump around a disabled action) are not compared.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.visible() == other.visible()
    }

    /// By action and item; the order of fields means nothing.
    fn visible(&self) -> BTreeMap<Place<'_>, Shown<'_>> {
        let told = self.steps.iter().filter(|step| !step.fields.is_empty());
        told.map(|step| ((step.action_id.as_str(), step.item), (step.status, step.fields.iter().collect())))
            .collect()
    }
}

/// Runs `delivery` through the plan in memory. `recorded` are the steps of the run that this delivery once
/// made: their answers stand for what a read would get and an insert would give. `columns` knows the columns
/// of a panel; fields of an unknown panel stay as rendered.
#[must_use]
pub fn run(
    plan: &Arc<Plan>,
    delivery: Delivery,
    recorded: &[StepResult],
    columns: impl Fn(&str) -> Option<Vec<Column>>,
) -> Dry {
    if let Some(rejection) = plan.check_leading(&delivery.payload) {
        let error = rejection.error().cloned();
        let steps = rejection.steps.into_iter().map(|result| shown(result, Vec::new())).collect();
        let outcome = DryOutcome::Rejected;
        return Dry { outcome, error, steps, effects: HashMap::new(), unanswered: Vec::new() };
    }
    again(plan, delivery, Vec::new(), recorded, columns)
}

/// What a rerun would do: no check before the answer, and `carried` are steps that are not done again.
#[must_use]
pub fn again(
    plan: &Arc<Plan>,
    delivery: Delivery,
    carried: Vec<StepResult>,
    recorded: &[StepResult],
    columns: impl Fn(&str) -> Option<Vec<Column>>,
) -> Dry {
    let (zone, received_at) = (delivery.zone.clone(), delivery.received_at);
    let world = World { times: Times { zone: &zone, received_at }, recorded, columns };
    let mut machine = Machine::new(Arc::clone(plan), delivery, carried);
    let (mut fields, mut effects, mut unanswered) = (BTreeMap::new(), HashMap::new(), Vec::new());
    let verdict = loop {
        match machine.next() {
            Next::Do(task) => {
                let key = StepKey { action_id: task.action_id.clone(), item: task.item };
                let (outcome, told) = world.answer(&task);
                fields.insert(task.index, told);
                machine.resume(outcome.unwrap_or_else(|| {
                    unanswered.push(key.clone());
                    Outcome::Done { output: Value::Null, record_key: None }
                }));
                effects.insert(key, task.effect);
            }
            Next::Finish(verdict) => break verdict,
            // Only a host calls an effect in doubt.
            Next::Unsettled(_) => break Verdict::Succeeded,
        }
    };
    let steps = machine.take_done();
    let steps = steps.into_iter().map(|step| {
        let told = fields.remove(&step.index).unwrap_or_else(|| gate_value(&step));
        shown(step, told)
    });
    let steps = steps.collect();
    let (outcome, error) = match verdict {
        Verdict::Succeeded => (DryOutcome::Succeeded, None),
        Verdict::Stopped => (DryOutcome::Stopped, None),
        Verdict::Failed { error, .. } => (DryOutcome::Failed, Some(error)),
    };
    Dry { outcome, error, steps, effects, unanswered }
}

/// What stands in for everything outside.
struct World<'a, C> {
    times: Times<'a>,
    recorded: &'a [StepResult],
    columns: C,
}

impl<C: Fn(&str) -> Option<Vec<Column>>> World<'_, C> {
    /// What comes of the task, where that is known, and what it would have sent.
    fn answer(&self, task: &Task) -> (Option<Outcome>, Vec<(String, String)>) {
        match &task.effect {
            Effect::Insert(insert) => {
                let (outcome, fields) = self.insert(task, insert);
                (Some(outcome), fields)
            }
            Effect::Http(call) => (self.read(task), http_fields(call)),
            Effect::ImisGet { path, query } => {
                let mut fields = vec![("path".to_owned(), path.clone())];
                fields.extend(query.iter().cloned());
                (self.read(task), fields)
            }
            Effect::CountLike { fields, .. } => (self.read(task), as_rendered(fields)),
            Effect::Notify { title, message } => {
                let output = json!({ "title": title, "message": message });
                let fields =
                    vec![("title".to_owned(), title.clone()), ("message".to_owned(), message.clone())];
                (Some(Outcome::Done { output, record_key: None }), fields)
            }
        }
    }

    fn insert(&self, task: &Task, insert: &Insert) -> (Outcome, Vec<(String, String)>) {
        let known = match &insert.target {
            Target::Activity => Some(activity::columns().to_vec()),
            Target::Panel(name) => (self.columns)(name),
        };
        let fields = match known {
            None => as_rendered(&insert.fields),
            Some(columns) => match record::convert(&columns, &insert.fields, &self.times) {
                Err(error) => return (Outcome::Failed(error), as_rendered(&insert.fields)),
                Ok(typed) => {
                    typed.into_iter().map(|field| (field.written, field.value.to_string())).collect()
                }
            },
        };
        // Later steps may use the key that the record got.
        let output = self.step(task).and_then(|step| step.output.clone());
        let output = output.unwrap_or_else(|| json!({ "key": null }));
        (Outcome::Done { output, record_key: None }, fields)
    }

    /// What the same action got when it really ran.
    fn read(&self, task: &Task) -> Option<Outcome> {
        let step = self.step(task)?;
        match (step.status, &step.error) {
            (StepStatus::Succeeded, _) => {
                Some(Outcome::Done { output: step.output.clone().unwrap_or_default(), record_key: None })
            }
            (StepStatus::Failed, Some(error)) => Some(Outcome::Failed(error.clone())),
            (StepStatus::Failed, None) | (StepStatus::Skipped, _) => None,
        }
    }

    fn step(&self, task: &Task) -> Option<&StepResult> {
        let same = |step: &&StepResult| {
            step.action_id == task.action_id && step.item == task.item && step.type_name == task.type_name
        };
        self.recorded.iter().find(same)
    }
}

fn as_rendered(fields: &[Field]) -> Vec<(String, String)> {
    fields.iter().map(|field| (field.name.clone(), field.text.clone())).collect()
}

fn http_fields(call: &HttpCall) -> Vec<(String, String)> {
    let mut fields = vec![("method".to_owned(), call.method.clone()), ("url".to_owned(), call.url.clone())];
    for (name, pieces) in &call.headers {
        let text = pieces.iter().map(|piece| match piece {
            HeaderPiece::Text(text) => text.clone(),
            HeaderPiece::Secret(name) => format!("(the secret {name})"),
        });
        fields.push((name.clone(), text.collect()));
    }
    fields.extend(call.body.iter().map(|body| ("body".to_owned(), body.clone())));
    fields
}

/// A gate shows what its expression came to.
fn gate_value(step: &StepResult) -> Vec<(String, String)> {
    let value =
        step.output.as_ref().filter(|_| step.type_name == "gate").and_then(|output| output.get("value"));
    value
        .and_then(Value::as_str)
        .map(|value| ("expression".to_owned(), value.to_owned()))
        .into_iter()
        .collect()
}

fn shown(step: StepResult, fields: Vec<(String, String)>) -> DryStep {
    let StepResult { action_id, item, name, type_name, status, error, .. } = step;
    DryStep { action_id, item, name, type_name, status, fields, error }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    fn plan(actions: &Value) -> Arc<Plan> {
        let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": actions});
        Arc::new(Plan::from_file(&file).unwrap())
    }

    fn dry(actions: &Value, payload: Value, recorded: &[StepResult]) -> Dry {
        let Value::Object(payload) = payload else { panic!("an object") };
        let delivery = Delivery {
            run_id: "run-1".to_owned(),
            workflow_name: "W".to_owned(),
            received_at: Timestamp::UNIX_EPOCH,
            zone: TimeZone::UTC,
            payload,
            metadata: None,
        };
        run(&plan(actions), delivery, recorded, |name| (name == "Known").then(panel))
    }

    fn panel() -> Vec<Column> {
        let column = |name: &str, kind| Column {
            name: name.to_owned(),
            caption: None,
            aliases: Vec::new(),
            kind,
            max_length: None,
            required: false,
            identity: false,
            read_only: false,
            values: Vec::new(),
        };
        vec![column("ID", record::ColumnType::String), column("Seat", record::ColumnType::Integer)]
    }

    fn step(action_id: &str, type_name: &str, output: Value) -> StepResult {
        StepResult {
            index: 0,
            action_id: action_id.to_owned(),
            type_name: type_name.to_owned(),
            name: action_id.to_owned(),
            item: None,
            status: StepStatus::Succeeded,
            output: Some(output),
            output_property: None,
            error: None,
            record_key: None,
        }
    }

    fn told(dry: &Dry) -> Vec<String> {
        let step = |step: &DryStep| {
            let fields = step.fields.iter().map(|(name, value)| format!(" {name}={value}"));
            let error = step.error.as_ref().map(|error| format!(" ! {}", error.code)).unwrap_or_default();
            format!("{} {:?}{}{error}", step.action_id, step.status, fields.collect::<String>())
        };
        dry.steps.iter().map(step).collect()
    }

    #[test]
    fn inserts_show_what_would_be_written_and_write_nothing() {
        let activity = |note: &str| {
            json!([{"id": "a", "type": "insertActivity", "fields": {
                "ID": "{{ memberId }}", "ActivityType": "ATTEND", "TransactionDate": "", "Note": note}}])
        };
        let first = dry(&activity("{{ n }}"), json!({"memberId": "7", "n": 12345}), &[]);
        assert_eq!(
            told(&first),
            ["a Succeeded ID=7 ActivityType=ATTEND Note=12345 TransactionDate=1970-01-01T00:00:00"]
        );
        let same = dry(&activity("12345"), json!({"memberId": "7"}), &[]);
        assert!(first.same_as(&same), "another template, the same values");
        let other = dry(&activity("{{ n }}."), json!({"memberId": "7", "n": 12345}), &[]);
        assert!(!first.same_as(&other), "one field differs");
        let none = dry(&activity("x"), json!({}), &[]);
        assert_eq!(
            (none.outcome, told(&none)),
            (DryOutcome::Failed, vec!["a Failed ! emptyField".to_owned()])
        );
    }

    #[test]
    fn a_known_panel_types_its_fields_and_an_unknown_one_shows_them_as_rendered() {
        let insert = |panel: &str, seat: &str| json!([{"id": "p", "type": "insertPanelRecord", "panel": panel, "fields": {"ID": "7", "Seat": seat}}]);
        let typed = |panel: &str, seat: &str| told(&dry(&insert(panel, seat), json!({}), &[]));
        assert_eq!(typed("Known", "012"), ["p Succeeded ID=7 Seat=12"]);
        assert_eq!(typed("Known", "x"), ["p Failed ID=7 Seat=x ! wrongType"]);
        assert_eq!(typed("Other", "x"), ["p Succeeded ID=7 Seat=x"]);
    }

    #[test]
    fn reads_are_answered_by_the_run_that_was_or_named_as_untried() {
        let actions = json!([
            {"id": "h", "type": "httpRequest", "method": "GET", "url": "http://x/{{ id }}", "outputProperty": "h",
             "headers": {"X": "{{ secret.key }}"}},
            {"id": "g", "type": "gate", "expression": "h.body.count == 1"},
            {"id": "n", "type": "notify", "title": "{{ h.body.count }}", "message": ""}]);
        let recorded = [step("h", "httpRequest", json!({"body": {"count": 2}}))];
        let answered = dry(&actions, json!({"id": "1"}), &recorded);
        assert_eq!(
            told(&answered),
            [
                "h Succeeded method=GET url=http://x/1 X=(the secret key)",
                "g Succeeded expression=false",
                "n Succeeded title=2 message="
            ]
        );
        assert_eq!(answered.unanswered, []);
        let stopped = [step("h", "httpRequest", json!({"body": {"count": 1}}))];
        assert_eq!(dry(&actions, json!({}), &stopped).outcome, DryOutcome::Stopped);
        let untried = dry(&actions, json!({}), &[step("h", "imisGet", json!({}))]);
        assert_eq!(untried.unanswered, [StepKey { action_id: "h".to_owned(), item: None }]);
        assert_eq!(untried.outcome, DryOutcome::Succeeded, "what cannot be read finds nothing");
    }

    #[test]
    fn a_payload_that_breaks_the_leading_schema_is_rejected() {
        let actions = json!([{"id": "v", "type": "jsonSchemaValidation", "schema": {"required": ["a"]}},
            {"id": "n", "type": "notify", "title": "t", "message": ""}]);
        let rejected = dry(&actions, json!({}), &[]);
        assert_eq!(
            (rejected.outcome, told(&rejected)),
            (DryOutcome::Rejected, vec!["v Failed ! schema".to_owned()])
        );
        assert_eq!(rejected.error.map(|error| error.message).as_deref(), Some("a is missing."));
    }
}
