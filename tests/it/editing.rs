//! Help for whoever edits a workflow: fields shown for a delivery, pasted texts, secrets by name.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};

fn fields(answer: &Value) -> Vec<(String, Value, usize)> {
    let one = |field: &Value| {
        let problems = field["problems"].as_array().unwrap().len();
        (field["name"].as_str().unwrap().to_owned(), field["value"].clone(), problems)
    };
    answer["fields"].as_array().unwrap().iter().map(one).collect()
}

#[tokio::test]
async fn every_field_of_an_action_is_shown_for_a_delivery_that_came() {
    let app = TestApp::start().await;
    let seen = json!({ "id": "seen", "type": "alreadyRecorded", "outputProperty": "seen",
        "match": { "ID": "{{ memberId }}", "ActivityType": "ATTEND" } });
    let mut file = workflow();
    file["actions"] = json!([seen, file["actions"][1].clone()]);
    let made = app.import(&file).await;
    let run = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&run).await;

    let draft = with(
        file,
        "/actions/1/fields",
        json!({
        "ID": "{{ input.memberId }}", "Quantity": "{{ seen.count }}", "Note": "{{ meta.method }} {{ run.id }}",
        "UF_4": "many", "Description": "{{ input.memberId | nothing }}", "TransactionDate": "" }),
    );
    let request = json!({ "file": draft.to_string(), "actionId": "activity", "runId": run });
    let shown = app.call("action_preview", request).await;
    let date = shown["fields"][5]["value"].clone();
    assert_eq!(
        fields(&shown),
        [
            ("ID".to_owned(), json!("12345"), 0),
            ("Quantity".to_owned(), json!("0"), 0),
            ("Note".to_owned(), json!(format!("POST {run}")), 0),
            ("UF_4".to_owned(), Value::Null, 1),
            ("Description".to_owned(), Value::Null, 1),
            ("TransactionDate".to_owned(), date.clone(), 0),
        ],
        "a fault in one field hides no other: {shown:#}"
    );
    assert!(date.as_str().unwrap().starts_with("20"), "a blank date is the day of the delivery");

    let payload = json!({ "memberId": "7" });
    let request = json!({ "file": workflow(), "actionId": "activity", "payload": payload });
    let shown = app.call("action_preview", request).await;
    assert_eq!(fields(&shown)[0], ("ID".to_owned(), json!("7"), 0));
    assert_eq!(fields(&shown)[3].2, 1, "this payload has no eventCode");
    let missing = json!({ "file": workflow(), "actionId": "none", "payload": {} });
    assert_eq!(app.call_refused("action_preview", missing).await["code"], "notFound");
    app.stop().await;
}

#[tokio::test]
async fn a_schema_is_tried_on_a_payload_to_its_depth() {
    let app = TestApp::start().await;
    let schema = json!({ "required": ["attendee"], "properties": { "attendee": {
        "required": ["email"], "properties": { "age": { "minimum": 18 } } } } });
    let check = async |schema: Value, path: &str, payload: Value| {
        let draft = workflow_of(
            json!([{ "id": "s", "type": "jsonSchemaValidation", "schema": schema, "path": path }]),
        );
        let request = json!({ "file": draft, "actionId": "s", "payload": payload });
        let shown = app.call("action_preview", request).await;
        let broken = shown["error"]["violations"].as_array().cloned().unwrap_or_default();
        let paths: Vec<_> = broken.iter().map(|one| one["path"].as_str().unwrap().to_owned()).collect();
        (shown["error"]["message"].as_str().map(str::to_owned), paths)
    };
    let nested = json!({ "attendee": { "age": 7 } });
    assert_eq!(check(schema.clone(), "", nested.clone()).await.1, ["/attendee/email", "/attendee/age"]);
    let good = json!({ "attendee": { "age": 70, "email": "a@b.example" } });
    assert_eq!(check(schema.clone(), "", good).await, (None, Vec::new()), "nothing is wrong with it");
    let part = schema["properties"]["attendee"].clone();
    assert_eq!(check(part, "attendee", nested).await.1, ["/attendee/email", "/attendee/age"], "a part alone");
    let (said, paths) = check(json!("{"), "", json!({})).await;
    assert!(said.unwrap().contains("not JSON") && paths.is_empty(), "a schema that is none is said to be so");
    assert_eq!(
        check(json!(""), "", json!({})).await,
        (None, Vec::new()),
        "nothing typed yet asks for nothing"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_pasted_legacy_text_is_rewritten() {
    let app = TestApp::start().await;
    let convert = async |text: &str, is_expression: bool| {
        let request = json!({ "text": text, "isExpression": is_expression });
        let answer = app.call("legacy_convert", request).await;
        (answer["text"].as_str().unwrap().to_owned(), answer["changed"].as_bool().unwrap())
    };
    assert_eq!(convert("Member $$memberId$$", false).await, ("Member {{ input.memberId }}".to_owned(), true));
    assert_eq!(convert("$$code$$ == 'A'", true).await, ("input.code == 'A'".to_owned(), true));
    assert_eq!(convert("costs $5", false).await, ("costs $5".to_owned(), false));
    app.stop().await;
}

#[tokio::test]
async fn secrets_are_listed_by_name_with_who_uses_them() {
    let app = TestApp::start().await;
    let call = json!([{ "id": "h", "type": "httpRequest", "method": "GET", "url": "http://127.0.0.1:9/",
        "headers": { "Authorization": "Bearer {{ secret.wanted }}" } }]);
    app.call("workflow_import", json!({ "file": workflow_of(call), "activate": false })).await;
    for name in ["kept", "forgotten"] {
        app.call("secret_set", json!({ "name": name, "value": "s3cret-value" })).await;
    }
    app.call("secret_set", json!({ "name": "forgotten" })).await;
    let listed = app.call("secret_list", json!({})).await;
    let name = workflow()["name"].clone();
    assert_eq!(
        listed["secrets"],
        json!([{ "name": "kept", "isSet": true, "usedBy": [] },
               { "name": "wanted", "isSet": false, "usedBy": [name] }])
    );
    assert!(!listed.to_string().contains("s3cret"), "never a value");
    app.stop().await;
}

#[tokio::test]
async fn a_connection_is_deleted_only_when_nothing_needs_it() {
    let app = TestApp::start().await;
    let save =
        json!({ "name": "club", "baseUrl": app.sandbox_url, "username": "sandbox", "password": "sandbox" });
    app.call("connection_save", save).await;
    let made = app.import(&with(workflow(), "/connection", json!("club"))).await;
    let refused = app.call_refused("connection_delete", json!({ "name": "club" })).await;
    assert!(refused["message"].as_str().unwrap().contains("Event Check-In"), "{refused}");
    app.call("workflow_save", json!({ "id": made["id"], "file": workflow(), "publish": false })).await;
    let refused = app.call_refused("connection_delete", json!({ "name": "club" })).await;
    assert_eq!(refused["code"], "conflict", "the published version still writes there");
    app.call("workflow_save", json!({ "id": made["id"], "file": workflow(), "publish": true })).await;
    app.call("connection_delete", json!({ "name": "club" })).await;
    let names = app.call("connection_list", json!({})).await;
    assert_eq!(names["connections"].as_array().unwrap().len(), 1, "only the sandbox is left");
    let refused = app.call_refused("connection_delete", json!({ "name": "club" })).await;
    assert_eq!(refused["code"], "notFound");
    let refused = app.call_refused("connection_delete", json!({ "name": "sandbox" })).await;
    assert_eq!(refused["code"], "badRequest");
    app.stop().await;
}

/// `tests/fixtures/paths.json` is what the editor writes for a place in a payload that somebody clicks: its own tests
/// hold it to that.
#[tokio::test]
async fn a_clicked_value_is_taken_whatever_its_name() {
    let app = TestApp::start().await;
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/paths.json")).unwrap();
    let render = async |template: &str, payload: &Value| {
        app.call("template_preview", json!({ "template": template, "payload": payload })).await
    };
    let mut wrong = Vec::new();
    for case in fixture["cases"].as_array().unwrap() {
        let shown = render(case["template"].as_str().unwrap(), &case["payload"]).await;
        let is_taken = shown["text"] == case["text"] && shown["problems"] == json!([]);
        let is_judged = match case["reference"].as_str() {
            Some(place) if case["text"] == "found" => {
                let condition = format!("{{% if {place} == \"found\" %}}yes{{% endif %}}");
                render(&condition, &case["payload"]).await["text"] == "yes"
            }
            _ => true,
        };
        if !is_taken || !is_judged {
            wrong.push(format!("{}: {shown}", case["template"]));
        }
    }
    assert!(wrong.is_empty(), "{} are not taken:\n{}", wrong.len(), wrong.join("\n"));
    app.stop().await;
}

#[tokio::test]
async fn a_schema_from_samples_takes_what_comes_next_and_says_how_sure_it_is() {
    let app = TestApp::start().await;
    let samples = vec![check_in(); 3];
    let made = app.call("schema_from_samples", json!({ "samples": samples, "file": workflow() })).await;
    let notes: Vec<&str> =
        made["evidence"].as_array().unwrap().iter().map(|seen| seen["note"].as_str().unwrap()).collect();
    assert!(notes.contains(&"seen in 3 of 3 samples, required because this workflow uses it"), "{notes:?}");
    let alone = app.call("schema_from_samples", json!({ "samples": samples })).await;
    assert_eq!(alone["schema"]["required"], Value::Null);
    assert_eq!(alone["evidence"][0]["note"], "seen in 3 of 3 samples, too few to require");
    assert_eq!(
        (&alone["evidence"][0]["required"], &alone["evidence"][0]["sure"]),
        (&json!(false), &json!(false))
    );
    let wide: Value =
        (0..60_000).map(|at| (format!("key{at}"), json!(at))).collect::<serde_json::Map<_, _>>().into();
    let refused = app.call_refused("schema_from_samples", json!({ "samples": [wide] })).await;
    assert_eq!(refused["code"], "badRequest");
    assert_eq!(
        refused["message"],
        "The samples have too many different fields for one schema. Choose samples with fewer fields."
    );
    app.stop().await;
}
