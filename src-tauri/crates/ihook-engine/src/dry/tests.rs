//! What a dry run shows, sentence by sentence.

use std::cell::Cell;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::record::SiteTime;
use crate::{activity, record};

fn plan(actions: &Value) -> Arc<Plan> {
    let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": actions});
    Arc::new(Plan::from_file(&file).unwrap())
}

fn delivery(payload: Value) -> Delivery {
    let Value::Object(payload) = payload else { panic!("an object") };
    Delivery {
        run_id: "run-1".to_owned(),
        workflow_name: "W".to_owned(),
        received_at: Timestamp::UNIX_EPOCH,
        site: SiteTime::utc(),
        payload,
        metadata: None,
    }
}

fn dry(actions: &Value, payload: Value, recorded: &[StepResult]) -> Dry {
    let delivery = delivery(payload);
    run(&plan(actions), delivery, recorded, columns, || true).unwrap()
}

/// A site that has one panel and tells nothing of another.
fn columns(target: &Target) -> Result<Option<Vec<Column>>, StepError> {
    match target {
        Target::Activity => Ok(Some(activity::columns().to_vec())),
        Target::Panel(name) if name == "Known" => Ok(Some(panel())),
        Target::Panel(name) if name == "Missing" => {
            Err(StepError::new(crate::step_error::ErrorCode::PanelUnknown, "No panel Missing."))
        }
        Target::Panel(_) => Ok(None),
    }
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
    assert_eq!((none.outcome, told(&none)), (DryOutcome::Failed, vec!["a Failed ! emptyField".to_owned()]));
}

#[test]
fn a_panel_types_its_fields_or_fails_the_step_and_one_nobody_asked_for_shows_them_as_rendered() {
    let insert = |panel: &str, seat: &str| json!([{"id": "p", "type": "insertPanelRecord", "panel": panel, "fields": {"ID": "7", "Seat": seat}}]);
    let typed = |panel: &str, seat: &str| told(&dry(&insert(panel, seat), json!({}), &[]));
    assert_eq!(typed("Known", "012"), ["p Succeeded ID=7 Seat=12"]);
    assert_eq!(typed("Known", "x"), ["p Failed ID=7 Seat=x ! wrongType"]);
    assert_eq!(typed("Missing", "12"), ["p Failed ID=7 Seat=12 ! panelUnknown"]);
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

#[test]
fn a_run_breaks_off_between_any_two_steps_when_the_time_is_over() {
    let actions = json!([
        {"id": "each", "type": "forEach", "list": "/items", "as": "item", "actions": [
            {"id": "g", "type": "gate", "expression": "item > 0"}]},
        {"id": "n", "type": "notify", "title": "t", "message": ""}]);
    let payload = json!({"items": [1, 2, 3, 4]});
    let left_after = |steps: u32| {
        let left = Cell::new(steps);
        let go_on = || left.get().checked_sub(1).is_some_and(|fewer| left.replace(fewer) > 0);
        let done = run(&plan(&actions), delivery(payload.clone()), &[], columns, go_on);
        (done.is_some(), left.get())
    };
    assert_eq!(left_after(0), (false, 0));
    assert_eq!(left_after(3), (false, 0), "in the middle of the list, where nothing is asked of the host");
    assert!(left_after(100).0, "and with enough of it the run ends");
}
