#![expect(clippy::needless_pass_by_value, reason = "tables of literal values read better without &")]

use serde_json::json;

use super::*;

fn file(trigger: Value, actions: Value) -> Value {
    json!({"format": "ihook.workflow/1", "name": "W", "trigger": trigger, "actions": actions})
}

/// What the leading check says of `payload`: the steps it ran and the paths it names.
fn check(trigger: Value, actions: Value, payload: Value, expected: Option<(&[&str], &[&str])>) {
    let plan = Plan::from_file(&file(trigger, actions.clone())).unwrap();
    let Value::Object(payload) = payload else { panic!("a payload is an object") };
    let rejection = plan.check_leading(payload);
    let found = rejection.as_ref().map(|rejection| {
        let steps: Vec<&str> = rejection.steps.iter().map(|step| step.action_id.as_str()).collect();
        let paths: Vec<&str> = rejection.violations.iter().map(|found| found.path.as_str()).collect();
        (steps, paths)
    });
    assert_eq!(found, expected.map(|(steps, paths)| (steps.to_vec(), paths.to_vec())), "{actions}");
}

fn validation(id: &str, member: &str) -> Value {
    json!({"id": id, "type": "jsonSchemaValidation", "schema": {"required": [member, "other"]}})
}

fn with(mut action: Value, member: &str, value: Value) -> Value {
    action[member] = value;
    action
}

#[test]
fn leading_validations_refuse_with_every_violation() {
    let both: (&[&str], &[&str]) = (&["a"], &["/x", "/other"]);
    check(json!({}), json!([validation("a", "x")]), json!({}), Some(both));
    check(json!({}), json!([validation("a", "x")]), json!({"x": 1, "other": 2}), None);
    let second: (&[&str], &[&str]) = (&["a", "b"], &["/y"]);
    let two = json!([validation("a", "x"), validation("b", "y")]);
    check(json!({}), two, json!({"x": 1, "other": 2}), Some(second));
    let part = with(validation("a", "x"), "path", json!("/p/q"));
    check(json!({}), json!([part]), json!({"p": {"q": {"x": 1}}}), Some((&["a"], &["/p/q/other"])));
    let part = with(validation("a", "x"), "path", json!("/p"));
    check(json!({}), json!([part]), json!({}), Some((&["a"], &["/p"])));
}

#[test]
fn only_what_leads_and_cannot_be_helped_later_refuses() {
    let none = |actions: Value| check(json!({}), actions, json!({}), None);
    let a = || validation("a", "x");
    let notify = json!({"id": "n", "type": "notify"});
    none(json!([]));
    none(json!([notify, a()]));
    none(json!([with(a(), "errorProperty", json!("e"))]));
    none(json!([with(a(), "onFailure", json!("continue"))]));
    none(json!([with(a(), "onFailure", json!({"goTo": "n"})), validation("b", "y"), notify]));
    none(json!([with(a(), "schema", json!("{\"required\": [\"{{ x }}\"]}"))]));
    none(json!([with(a(), "schema", json!({"required": ["{{ x }}"]}))]));
    none(json!([with(a(), "enabled", json!(false))]));
    check(json!({"validateBeforeAnswering": false}), json!([a()]), json!({}), None);
    let metadata = with(a(), "path", json!("/meta/headers"));
    check(json!({"metadataOutputProperty": "meta"}), json!([metadata]), json!({}), None);
    let off = with(notify, "enabled", json!(false));
    let both: (&[&str], &[&str]) = (&["a"], &["/x", "/other"]);
    check(json!({}), json!([off, a()]), json!({}), Some(both));
    let leaves = with(off, "whenDisabled", json!("succeed"));
    none(json!([leaves, a()]));
    let helped = with(a(), "errorProperty", json!("e"));
    check(json!({}), json!([helped, validation("b", "y")]), json!({}), Some((&["b"], &["/y", "/other"])));
}

fn refused(actions: Value, path: &str, part: &str) {
    let fault = Plan::from_file(&file(json!({}), actions)).unwrap_err();
    assert_eq!(fault.path, path, "{fault}");
    assert!(fault.message.contains(part), "{fault} should say {part}");
}

#[test]
fn what_does_not_compile_is_named_by_its_path() {
    let insert =
        |name: &str, text: &str| json!([{"id": "i", "type": "insertActivity", "fields": {name: text}}]);
    refused(insert("A/B", "{{ x"), "/actions/0/fields/A~1B", "");
    refused(insert("ID", "{% if x %}"), "/actions/0/fields/ID", "");
    refused(insert("ID", "{{ secret.key }}"), "/actions/0/fields/ID", "secret");
    refused(json!([{"id": "g", "type": "gate", "expression": "input.x =="}]), "/actions/0/expression", "");
    refused(
        json!([{"id": "g", "type": "gate", "expression": "secret.x"}]),
        "/actions/0/expression",
        "secret",
    );
    let schema = |schema: Value| json!([{"id": "s", "type": "jsonSchemaValidation", "schema": schema}]);
    refused(schema(json!("{")), "/actions/0/schema", "not JSON");
    refused(schema(json!({"pattern": "(?=x"})), "/actions/0/schema", "pattern");
    refused(schema(json!({"$ref": "https://e.org/s"})), "/actions/0/schema", "refers to");
    refused(schema(json!({"a": [{"const": "{{ x"}]})), "/actions/0/schema/a/0/const", "");
    let header =
        |text: &str| json!([{"id": "h", "type": "httpRequest", "url": "x", "headers": {"X-A": text}}]);
    refused(header("{{ secret.a | upcase }}"), "/actions/0/headers/X-A", "by itself");
    let nested = json!([{"id": "l", "type": "forEach", "list": "/x", "actions": [
        {"id": "n", "type": "notify", "title": "{{ x", "message": ""}]}]);
    refused(nested, "/actions/0/actions/0/title", "");
    let trigger = json!({"idempotency": {"from": "template:{{ x"}});
    assert_eq!(Plan::from_file(&file(trigger, json!([]))).unwrap_err().path, "/trigger/idempotency/from");
}

#[test]
fn a_plan_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Plan>();
    shared::<crate::run::Machine>();
}

#[test]
fn an_idempotency_key_comes_from_header_member_or_template() {
    let check = |from: &str, expected: Option<&str>| {
        let trigger = json!({"idempotency": {"from": from}});
        let plan = Plan::from_file(&file(trigger, json!([]))).unwrap();
        let payload = json!({"a": {"b/c": 7}, "s": " x ", "blank": " ", "none": null});
        let facts = RunFacts {
            run_id: "r",
            workflow_name: "W",
            received_at: jiff::Timestamp::UNIX_EPOCH,
            site: &crate::time::SiteTime::utc(),
        };
        let header = |name: &str| (name == "x-id").then(|| "h1".to_owned());
        let found = plan.idempotency_key(&Arc::new(payload), &facts, header);
        assert_eq!(found.as_deref(), expected, "{from}");
    };
    check("header:X-Id", Some("h1"));
    check("header:X-Other", None);
    check("pointer:/a/b~1c", Some("7"));
    check("pointer:/s", Some("x"));
    check("pointer:/blank", None);
    check("pointer:/none", None);
    check("pointer:/absent", None);
    check("template:{{ s }}-{{ a.absent }}", Some("x -"));
    check("template:{{ absent }}", None);
}

/// Objects that came in an order by chance made ten runs of ten equal deliveries.
#[test]
fn equal_deliveries_have_equal_keys_by_template() {
    let text = r#"{"who": {"z": 1, "a": {"y": 2.50, "b": [1, {"q": null, "c": true}]}, "m": "x"}, "n": 7}"#;
    let facts = RunFacts {
        run_id: "r",
        workflow_name: "W",
        received_at: jiff::Timestamp::UNIX_EPOCH,
        site: &crate::time::SiteTime::utc(),
    };
    let who = r#"{"z":1,"a":{"y":2.50,"b":[1,{"q":null,"c":true}]},"m":"x"}"#;
    for (template, expected) in [
        ("{{ who }}", who),
        ("{% assign w = who %}{{ w }}", who),
        ("{% assign w = who | where: 'm' | first %}{{ w | json }}", who),
        ("{{ input | json }}", &format!(r#"{{"who":{who},"n":7}}"#)),
    ] {
        let trigger = json!({"idempotency": {"from": format!("template:{template}")}});
        let plan = Plan::from_file(&file(trigger, json!([]))).unwrap();
        for _ in 0..10 {
            let payload: Value = serde_json::from_str(text).unwrap();
            let found = plan.idempotency_key(&Arc::new(payload), &facts, |_| None);
            assert_eq!(found.as_deref(), Some(expected), "{template}");
        }
    }
}
