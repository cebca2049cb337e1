#![expect(clippy::needless_pass_by_value, reason = "tables of literal values read better without &")]

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::plan::Plan;

mod crash;
mod limits;
mod replay;

fn plan(actions: Value) -> Arc<Plan> {
    let file = json!({
        "format": "ihook.workflow/1", "name": "W", "trigger": {"metadataOutputProperty": "meta"}, "actions": actions
    });
    Arc::new(Plan::from_file(&file).unwrap())
}

fn delivery(payload: Value) -> Delivery {
    let Value::Object(payload) = payload else { panic!("a payload is an object") };
    Delivery {
        run_id: "run-1".to_owned(),
        workflow_name: "W".to_owned(),
        received_at: Timestamp::from_second(1_780_000_000).unwrap(),
        site: SiteTime::utc(),
        payload,
        metadata: Some(json!({"method": "POST"})),
    }
}

/// Runs to the end; `host` answers each task.
fn run(
    plan: &Arc<Plan>,
    payload: Value,
    recorded: Vec<StepResult>,
    host: &mut dyn FnMut(&Task) -> Outcome,
) -> (Vec<Task>, Vec<StepResult>, Next) {
    let mut machine = Machine::new(Arc::clone(plan), delivery(payload), recorded);
    let (mut tasks, mut steps) = (Vec::new(), Vec::new());
    loop {
        let next = machine.next();
        assert_eq!(next, machine.next(), "asking twice changes nothing");
        steps.extend(machine.take_done());
        let Next::Do(task) = next else { return (tasks, steps, next) };
        let outcome = host(&task);
        tasks.push(task);
        machine.resume(outcome);
    }
}

fn done(task: &Task) -> Outcome {
    Outcome::Done { output: json!({"of": task.action_id}), record_key: None }
}

/// Runs with a host that fails the actions whose id begins with `bad`; compares what each step came to.
fn check(actions: Value, payload: Value, steps: &[&str], verdict: &str) {
    let mut host = |task: &Task| match task.action_id.starts_with("bad") {
        true => Outcome::Failed(StepError::new(crate::step_error::ErrorCode::Refused, "iMIS said no.")),
        false => done(task),
    };
    let (_, found, next) = run(&plan(actions.clone()), payload, Vec::new(), &mut host);
    let found: Vec<String> = found.iter().map(told).collect();
    assert_eq!(found, steps, "{actions}");
    assert_eq!(ending(&next), verdict, "{actions}");
}

fn told(step: &StepResult) -> String {
    let item = step.item.map(|item| format!("[{item}]")).unwrap_or_default();
    let error = step.error.as_ref().map(|error| format!(" {}", error.code)).unwrap_or_default();
    format!("{} {}{item} {:?}{error}", step.index, step.action_id, step.status)
}

fn ending(next: &Next) -> String {
    match next {
        Next::Finish(Verdict::Failed { action_id, error }) => {
            format!("failed at {action_id}: {}", error.message)
        }
        Next::Finish(verdict) => format!("{verdict:?}"),
        other => format!("{other:?}"),
    }
}

fn notify(id: &str) -> Value {
    json!({"id": id, "type": "notify", "title": "t", "message": "m"})
}

fn with(mut action: Value, member: &str, value: Value) -> Value {
    action[member] = value;
    action
}

#[test]
fn the_seeds_workflow_inserts_what_was_sent() {
    let actions = json!([
        {"id": "validate", "type": "jsonSchemaValidation", "schema": {"required": ["memberId"]}},
        {"id": "activity", "type": "insertActivity", "markerField": "UF_1", "fields": {
            "ID": "{{ input.memberId }}", "ActivityType": "ATTEND", "TransactionDate": "{{ input.checkInTime }}"}},
        {"id": "panel", "type": "insertPanelRecord", "panel": "Event_Attendance", "checkMember": false,
         "fields": {"Session": "{{ sessionCode | default: 'none' }}"}}
    ]);
    let payload = json!({"memberId": "12345", "checkInTime": "2026-05-27T09:15:00"});
    let mut host = |_: &Task| Outcome::Done { output: json!({}), record_key: Some("7".to_owned()) };
    let (tasks, steps, next) = run(&plan(actions), payload, Vec::new(), &mut host);
    let field = |name: &str, text: &str, template: &str| Field {
        name: name.to_owned(),
        text: text.to_owned(),
        template: template.to_owned(),
    };
    let activity = Insert {
        target: Target::Activity,
        fields: vec![
            field("ID", "12345", "{{ input.memberId }}"),
            field("ActivityType", "ATTEND", "ATTEND"),
            field("TransactionDate", "2026-05-27T09:15:00", "{{ input.checkInTime }}"),
        ],
        check_member: true,
        marker_field: Some("UF_1".to_owned()),
    };
    assert_eq!(tasks[0].effect, Effect::Insert(activity));
    assert_eq!((tasks[0].index, tasks[0].title.as_str()), (1, "Insert Activity"));
    let panel = Insert {
        target: Target::Panel("Event_Attendance".to_owned()),
        fields: vec![field("Session", "none", "{{ sessionCode | default: 'none' }}")],
        check_member: false,
        marker_field: None,
    };
    assert_eq!(tasks[1].effect, Effect::Insert(panel));
    assert_eq!(
        steps.iter().map(|step| step.record_key.as_deref()).collect::<Vec<_>>(),
        [None, Some("7"), Some("7")]
    );
    assert_eq!(next, Next::Finish(Verdict::Succeeded));
}

#[test]
fn a_failure_leads_where_it_was_told() {
    let three = |follow: Value| json!([with(notify("bad"), "onFailure", follow), notify("b"), notify("c")]);
    let failed = "0 bad Failed refused";
    check(three(Value::Null), json!({}), &[failed], "failed at bad: iMIS said no.");
    check(three(json!("fail")), json!({}), &[failed], "failed at bad: iMIS said no.");
    check(three(json!("succeed")), json!({}), &[failed], "Succeeded");
    check(three(json!("continue")), json!({}), &[failed, "1 b Succeeded", "2 c Succeeded"], "Succeeded");
    check(three(json!({"goTo": "c"})), json!({}), &[failed, "1 c Succeeded"], "Succeeded");
}

#[test]
fn a_disabled_action_is_skipped_or_leads_elsewhere() {
    let two = |follow: Value| {
        let off = with(with(notify("bad"), "enabled", json!(false)), "whenDisabled", follow);
        json!([off, notify("b"), notify("c")])
    };
    check(two(json!("skip")), json!({}), &["0 bad Skipped", "1 b Succeeded", "2 c Succeeded"], "Succeeded");
    check(
        two(json!("continue")),
        json!({}),
        &["0 bad Skipped", "1 b Succeeded", "2 c Succeeded"],
        "Succeeded",
    );
    check(two(json!("succeed")), json!({}), &["0 bad Skipped"], "Succeeded");
    check(two(json!({"goTo": "c"})), json!({}), &["0 bad Skipped", "1 c Succeeded"], "Succeeded");
    let ending = "failed at bad: \"Notify\" is disabled, and the workflow fails where it is reached.";
    check(two(json!("fail")), json!({}), &["0 bad Failed disabled"], ending);
}

#[test]
fn a_gate_stops_on_true_and_passes_on_anything_else() {
    let gate = |expression: Value, outcome: Value| {
        json!([{"id": "g", "type": "gate", "expression": expression, "outcome": outcome, "onFailure": "succeed"},
               notify("b"), notify("c")])
    };
    let payload = json!({"code": "KEYNOTE", "vip": true, "n": 1});
    let stops = |expression: Value| {
        check(gate(expression, json!("stopSuccess")), payload.clone(), &["0 g Succeeded"], "Stopped");
    };
    let passes = |expression: Value| {
        let steps = ["0 g Succeeded", "1 b Succeeded", "2 c Succeeded"];
        check(gate(expression, json!("stopSuccess")), payload.clone(), &steps, "Succeeded");
    };
    stops(Value::Null);
    stops(json!("  "));
    stops(json!("input.code == 'KEYNOTE' and input.vip"));
    stops(json!("{{ input.code == 'KEYNOTE' and input.vip }}"));
    stops(json!("{{ vip }}"));
    stops(json!("{% if n == 1 %} true {% endif %}"));
    stops(json!("true"));
    passes(json!("input.code == 'OTHER'"));
    passes(json!("input.missing"));
    passes(json!("{{ code }}"));
    passes(json!("{{ missing }}"));
    passes(json!("{% if n == 2 %}true{% endif %}"));
    check(
        gate(json!("vip"), json!({"goTo": "c"})),
        payload.clone(),
        &["0 g Succeeded", "1 c Succeeded"],
        "Succeeded",
    );
    let failing = gate(json!("vip"), json!("stopFailure"));
    check(
        failing,
        payload.clone(),
        &["0 g Failed gate"],
        "failed at g: \"Gate\" stopped the run: vip is true.",
    );
}

#[test]
fn outputs_and_errors_go_into_the_pipeline_only_where_asked() {
    let actions = json!([
        {"id": "v", "type": "jsonSchemaValidation", "schema": {"required": ["a"]}, "errorProperty": "errors",
         "onFailure": "continue"},
        with(notify("x"), "outputProperty", json!("out")),
        notify("y"),
        {"id": "n", "type": "notify", "title": "{{ errors[0].message }}|{{ out.of }}|{{ y.of }}|{{ meta.method }}",
         "message": "{{ run.id }}"}
    ]);
    let (tasks, steps, _) = run(&plan(actions), json!({}), Vec::new(), &mut done);
    let said = Effect::Notify { title: "a is missing.|x||POST".to_owned(), message: "run-1".to_owned() };
    assert_eq!(tasks[2].effect, said);
    assert_eq!(
        steps[2].output,
        Some(json!({"of": "y"})),
        "without a property the output is recorded all the same"
    );
    let metadata = json!({"method": "POST"});
    let shown = pipelines(&Map::new(), Some(("meta", &metadata)), &steps);
    let error = json!([{"path": "/a", "keyword": "required", "message": "a is missing."}]);
    assert_eq!(shown[0].before, json!({"meta": metadata}));
    assert_eq!(shown[0].after, json!({"meta": metadata, "errors": error}));
    assert_eq!(shown[2].before, shown[2].after, "nothing was put");
    assert_eq!(shown[3].before, json!({"meta": metadata, "errors": error, "out": {"of": "x"}}));
}

#[test]
fn a_schema_may_look_at_a_part_or_be_rendered() {
    let validate = |members: Value| {
        let mut action = json!({"id": "v", "type": "jsonSchemaValidation"});
        action.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        json!([action])
    };
    let payload = json!({"who": {"mail": "x"}, "want": "a"});
    let failed = |members: Value, message: &str| {
        check(validate(members), payload.clone(), &["0 v Failed schema"], &format!("failed at v: {message}"));
    };
    failed(json!({"schema": {"required": ["id"]}, "path": "/who"}), "who › id is missing.");
    failed(json!({"schema": {"type": "string"}, "path": "who"}), "who is not text: {\"mail\":\"x\"}.");
    failed(json!({"schema": {}, "path": "/none"}), "none is missing.");
    failed(json!({"schema": "{\"required\": [\"{{ want }}\"]}"}), "a is missing.");
    failed(json!({"schema": {"required": ["{{ want }}"]}}), "a is missing.");
    failed(
        json!({"schema": "{\"minLength\": \"{{ want }}\"}"}),
        "The schema is not valid at /minLength: minLength is not a whole number: \"a\".",
    );
    let closed = json!({"schema": {"properties": {"who": {}, "want": {}}, "additionalProperties": false}});
    check(validate(closed), payload.clone(), &["0 v Succeeded"], "Succeeded");
}

#[test]
fn a_required_field_that_comes_out_empty_is_named_with_its_template() {
    let insert = |fields: Value| json!([{"id": "i", "type": "insertActivity", "fields": fields}]);
    let failed = |fields: Value, message: &str| {
        check(insert(fields), json!({}), &["0 i Failed emptyField"], &format!("failed at i: {message}"));
    };
    failed(
        json!({"iMIS ID": "{{ input.memberId }}", "ActivityType": "A"}),
        "ID is required, and its template {{ input.memberId }} gives nothing.",
    );
    failed(json!({"ID": "1"}), "Activity Type is required, and this action does not fill it.");
    failed(json!({"ID": "1", "ACTIVITY_TYPE": " "}), "Activity Type is required, and its template is blank.");
    let panel = json!([{"id": "p", "type": "insertPanelRecord", "fields": {}}]);
    check(panel, json!({}), &["0 p Failed panelUnknown"], "failed at p: No panel is chosen.");
}

#[test]
fn requests_keep_secrets_out_and_payloads_in_their_place() {
    let actions = json!([
        {"id": "h", "type": "httpRequest", "method": "POST", "url": "https://e.org/{{ id }}", "timeoutSeconds": 3,
         "headers": {"Authorization": "Bearer {{ secret.api-key }}", "X-Id": "{{ id }}"}, "failOn": ["4xx"],
         "body": {"id": "{{ id }}", "n": 1}},
        {"id": "g", "type": "imisGet", "path": "Party/{{ id }}", "query": {"q": "{{ id }}"}},
        {"id": "c", "type": "alreadyRecorded", "match": {"ID": "{{ id }}"}, "withinHours": 2}
    ]);
    let payload = json!({"id": "a\"{{ secret.api-key }}"});
    let id = "a\"{{ secret.api-key }}";
    let (tasks, ..) = run(&plan(actions), payload, Vec::new(), &mut done);
    let text = |text: &str| HeaderPiece::Text(text.to_owned());
    let call = HttpCall {
        method: "POST".to_owned(),
        url: format!("https://e.org/{id}"),
        headers: vec![
            ("Authorization".to_owned(), vec![text("Bearer "), HeaderPiece::Secret("api-key".to_owned())]),
            ("X-Id".to_owned(), vec![text(id)]),
            ("Content-Type".to_owned(), vec![text("application/json")]),
        ],
        body: Some(json!({"id": id, "n": 1}).to_string()),
        fail_on: vec![FailOn::ClientError],
        timeout_seconds: Some(3),
    };
    assert_eq!(tasks[0].effect, Effect::Http(call));
    let get = Effect::ImisGet {
        path: "Party/a%22%7B%7B%20secret.api-key%20%7D%7D".to_owned(),
        query: vec![("q".to_owned(), format!("eq:{id}"))],
    };
    assert_eq!(tasks[1].effect, get);
    let Effect::CountLike { fields, within_hours } = &tasks[2].effect else { panic!() };
    assert_eq!((fields[0].text.as_str(), *within_hours), (id, Some(2)));
}

fn each(inner: Value, follow: &str) -> Value {
    json!([
        {"id": "l", "type": "forEach", "list": "/people", "as": "person", "actions": inner, "onFailure": follow,
         "outputProperty": "loop"},
        {"id": "z", "type": "notify", "title": "{{ loop.succeeded }} of {{ loop.count }}", "message": "{{ person }}."}
    ])
}

fn person(id: &str) -> Value {
    json!({"id": id, "type": "notify", "title": "{{ person.name }}{{ input.person.name }}", "message": "{{ own.of }}",
           "outputProperty": "own"})
}

#[test]
fn a_loop_runs_once_per_item_and_takes_the_worst_status() {
    let payload = json!({"people": [{"name": "A"}, {"name": "B"}]});
    let mut host = |task: &Task| match (&task.effect, task.item) {
        (Effect::Notify { title, .. }, Some(0)) if title == "AA" && task.action_id == "p" => {
            Outcome::Failed(StepError::new(crate::step_error::ErrorCode::Refused, "No A."))
        }
        _ => done(task),
    };
    let failing = plan(each(json!([person("p"), person("q")]), "fail"));
    let (_, steps, next) = run(&failing, payload.clone(), Vec::new(), &mut host);
    let found: Vec<String> = steps.iter().map(told).collect();
    assert_eq!(
        found,
        ["0 p[0] Failed refused", "1 p[1] Succeeded", "2 q[1] Succeeded", "3 l Failed loopItem"],
        "a failed item does not stop the others"
    );
    assert_eq!(ending(&next), "failed at l: Item 1 of 2 failed: No A.");
    let going_on = plan(each(json!([person("p"), person("q")]), "continue"));
    let (tasks, steps, next) = run(&going_on, payload.clone(), Vec::new(), &mut host);
    assert_eq!(ending(&next), "Succeeded");
    let said = |task: &Task| match &task.effect {
        Effect::Notify { title, message } => format!("{title}|{message}"),
        other => panic!("{other:?}"),
    };
    let said: Vec<String> = tasks.iter().map(said).collect();
    assert_eq!(said, ["AA|", "BB|", "BB|p", "1 of 2|."], "what an item puts stays with that item");
    let Value::Object(payload) = payload else { panic!() };
    let shown = pipelines(&payload, None, &steps);
    assert_eq!(shown[2].before["person"], json!({"name": "B"}));
    assert_eq!(shown[2].before["own"], json!({"of": "p"}));
    assert_eq!(shown[4].before["own"], Value::Null);
    assert_eq!(shown[4].before["loop"]["failed"], json!(1));
}

#[test]
fn a_gate_in_a_loop_ends_its_item_only() {
    let gate = |outcome: &str| json!([{"id": "g", "type": "gate", "expression": "person.name == 'A'", "outcome": outcome}, person("p")]);
    let payload = json!({"people": [{"name": "A"}, {"name": "B"}]});
    let steps =
        ["0 g[0] Succeeded", "1 g[1] Succeeded", "2 p[1] Succeeded", "3 l Succeeded", "4 z Succeeded"];
    check(each(gate("stopSuccess"), "fail"), payload.clone(), &steps, "Succeeded");
    let steps = ["0 g[0] Failed gate", "1 g[1] Succeeded", "2 p[1] Succeeded", "3 l Failed loopItem"];
    let ending = "failed at l: Item 1 of 2 failed: \"Gate\" stopped the run: person.name == 'A' is true.";
    check(each(gate("stopFailure"), "fail"), payload, &steps, ending);
}

#[test]
fn a_list_that_is_none_fails_the_loop() {
    let check_list = |payload: Value, steps: &[&str], ending: &str| {
        check(each(json!([person("p")]), "fail"), payload, steps, ending);
    };
    check_list(json!({"people": []}), &["0 l Succeeded", "1 z Succeeded"], "Succeeded");
    check_list(
        json!({}),
        &["0 l Failed wrongType"],
        "failed at l: There is no list people in this delivery.",
    );
    check_list(json!({"people": "A"}), &["0 l Failed wrongType"], "failed at l: people is not a list: \"A\"");
}

#[test]
fn an_item_in_doubt_lets_the_others_go_on_and_is_settled_later() {
    let plan = plan(each(json!([person("p"), person("q")]), "fail"));
    let payload = json!({"people": [{"name": "A"}, {"name": "B"}]});
    let mut host = |task: &Task| match (task.action_id.as_str(), task.item) {
        ("p", Some(0)) => Outcome::InDoubt,
        _ => done(task),
    };
    let (_, mut steps, next) = run(&plan, payload.clone(), Vec::new(), &mut host);
    let found: Vec<String> = steps.iter().map(told).collect();
    assert_eq!(found, ["1 p[1] Succeeded", "2 q[1] Succeeded"], "0 is the number of the one in doubt");
    assert_eq!(next, Next::Unsettled(vec![StepKey { action_id: "p".to_owned(), item: Some(0) }]));
    steps.push(StepResult { index: 0, item: Some(0), ..steps[0].clone() });
    let (tasks, rest, next) = run(&plan, payload, steps, &mut done);
    let found: Vec<String> = rest.iter().map(told).collect();
    assert_eq!(found, ["3 q[0] Succeeded", "4 l Succeeded", "5 z Succeeded"], "no number is given twice");
    assert_eq!((tasks.len(), next), (2, Next::Finish(Verdict::Succeeded)));
}

#[test]
fn an_effect_in_doubt_outside_a_loop_leaves_the_run_unsettled() {
    let plan = plan(json!([notify("a"), notify("b")]));
    let (_, steps, next) = run(&plan, json!({}), Vec::new(), &mut |_| Outcome::InDoubt);
    assert_eq!(steps, []);
    assert_eq!(next, Next::Unsettled(vec![StepKey { action_id: "a".to_owned(), item: None }]));
}
