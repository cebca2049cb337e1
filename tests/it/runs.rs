//! What runs record, how they fail, how they are found.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};

#[tokio::test]
async fn an_unknown_member_fails_in_plain_words_and_writes_nothing() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let answer = app.post(&made["url"], &with(check_in(), "/memberId", json!("99999"))).await;
    assert_eq!(answer.status, 200, "the payload itself is fine");
    let run = app.settle(&answer.run_id()).await["run"].clone();
    assert_eq!(run["status"], "failed");
    assert_eq!(run["error"]["code"], "unknownMember");
    assert!(run["error"]["message"].as_str().unwrap().contains("99999"));
    let groups = app.call("failure_groups", json!({})).await;
    assert_eq!(groups["groups"][0]["owner"], "sender");
    app.stop().await;
}

#[tokio::test]
async fn values_are_checked_before_anything_is_sent() {
    let app = TestApp::start().await;
    let fields = |name: &str, value: &str| {
        let mut fields = json!({ "ID": "{{ memberId }}", "ActivityType": "ATTEND" });
        fields[name] = json!(value);
        json!([{ "id": "activity", "type": "insertActivity", "fields": fields }])
    };
    let cases = [
        ("ProductCode", "x".repeat(32), "tooLong", "31"),
        ("Units", "many".to_owned(), "wrongType", "Units"),
        ("TransactionDate", "sometime".to_owned(), "badDate", "TransactionDate"),
        ("Colour", "red".to_owned(), "unknownField", "Colour"),
        ("ID", "{{ nobody }}".to_owned(), "emptyField", "ID"),
    ];
    for (name, value, code, word) in cases {
        let made = app.import(&workflow_of(fields(name, &value))).await;
        let answer = app.post(&made["url"], &check_in()).await;
        let detail = app.settle(&answer.run_id()).await;
        assert_eq!(detail["run"]["error"]["code"], code, "{detail:#}");
        assert!(detail["run"]["error"]["message"].as_str().unwrap().contains(word), "{detail:#}");
        assert_eq!(detail["steps"][0]["request"], Value::Null, "nothing was sent");
    }
    assert_eq!(app.activities("12345").await.len(), 0);
    app.stop().await;
}

#[tokio::test]
async fn a_blank_transaction_date_is_the_day_of_the_delivery() {
    let app = TestApp::start().await;
    let actions = json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "Activity Type": "ATTEND", "Transaction Date": "{{ nothing }}",
        "Description": "{{ sessionCode | default: 'General' }} {{ missing.deep | default: 'none' }}"
    } }]);
    let made = app.import(&workflow_of(actions)).await;
    let answer = app.post(&made["url"], &check_in()).await;
    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let row = &app.activities("12345").await[0];
    assert_eq!(row["DESCRIPTION"], "KEYNOTE none", "default works on names that are not there");
    let received = detail["run"]["receivedAt"].as_str().unwrap();
    assert_eq!(row["TRANSACTION_DATE"][..8], received[..8], "same month; the zone may move the day");
    app.stop().await;
}

#[tokio::test]
async fn a_member_badge_is_written_once_and_never_updated() {
    let app = TestApp::start().await;
    let actions = json!([{ "id": "badge", "type": "insertPanelRecord", "panel": "Member_Badge",
        "fields": { "ID": "{{ memberId }}" } }]);
    let made = app.import(&workflow_of(actions)).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&first).await["run"]["status"], "succeeded");
    let second = app.post(&made["url"], &check_in()).await.run_id();
    let run = app.settle(&second).await["run"].clone();
    assert_eq!(
        (run["status"].as_str(), run["error"]["code"].as_str()),
        (Some("failed"), Some("panelHasRow"))
    );
    app.stop().await;
}

#[tokio::test]
async fn steps_show_the_pipeline_the_request_and_the_answer_without_secrets() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let answer = app.post(&made["url"], &check_in()).await;
    let detail = app.settle(&answer.run_id()).await;
    let step = &detail["steps"][1];
    assert_eq!(step["type"], "insertActivity");
    assert_eq!(step["input"]["memberId"], "12345");
    assert_eq!(step["request"]["method"], "POST");
    assert_eq!(step["response"]["status"], 201);
    assert_eq!(step["request"]["headers"]["authorization"], "Bearer …");
    app.stop().await;
}

#[tokio::test]
async fn runs_are_found_by_any_value_of_their_payload() {
    let app = TestApp::start().await;
    let made = app.import(&with(workflow(), "/actions", json!([]))).await;
    for member in ["10001", "10002", "10003"] {
        let payload = with(check_in(), "/memberId", json!(member));
        let answer = app.post(&made["url"], &payload).await;
        app.settle(&answer.run_id()).await;
    }
    let count = async |search: &str| {
        let found = app.call("run_list", json!({ "search": search })).await;
        found["runs"].as_array().unwrap().len()
    };
    // Indexed a moment after arrival.
    app.until(async || count("keynote").await == 3).await;
    assert_eq!(count("10002").await, 1);
    assert_eq!(count("100").await, 3, "the beginning of a value");
    assert_eq!(count("2").await, 3, "2026-05-27T09:15:00 begins with it");
    assert_eq!(count("0002").await, 0, "not the middle of one");
    let page = app.call("run_list", json!({ "limit": 2 })).await;
    assert_eq!(page["runs"].as_array().unwrap().len(), 2);
    let rest = app.call("run_list", json!({ "limit": 2, "after": page["next"] })).await;
    assert_eq!(rest["runs"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next"], Value::Null);
    app.stop().await;
}

#[tokio::test]
async fn a_gate_stops_a_run_and_disabled_actions_are_passed_over() {
    let app = TestApp::start().await;
    let actions = json!([
        { "id": "off", "type": "insertActivity", "enabled": false, "fields": { "ID": "1", "ActivityType": "CALL" } },
        { "id": "gate", "type": "gate", "expression": "input.sessionCode == 'KEYNOTE'" },
        { "id": "activity", "type": "insertActivity", "fields": { "ID": "{{ memberId }}", "ActivityType": "ATTEND" } }
    ]);
    let made = app.import(&workflow_of(actions)).await;
    let stopped = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&stopped).await["run"]["status"], "stopped");
    let passes = app.post(&made["url"], &with(check_in(), "/sessionCode", json!("LUNCH"))).await.run_id();
    assert_eq!(app.settle(&passes).await["run"]["status"], "succeeded");
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn already_recorded_and_a_gate_keep_a_second_scan_out() {
    let app = TestApp::start().await;
    let actions = json!([
        { "id": "recent", "type": "alreadyRecorded", "outputProperty": "recent",
          "match": { "ID": "{{ memberId }}", "ActivityType": "ATTEND", "ProductCode": "{{ eventCode }}" } },
        { "id": "gate", "type": "gate", "expression": "recent.count > 0" },
        { "id": "activity", "type": "insertActivity", "fields": {
            "ID": "{{ memberId }}", "ActivityType": "ATTEND", "ProductCode": "{{ eventCode }}" } }
    ]);
    let made = app.import(&workflow_of(actions)).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&first).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let second = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&second).await["run"]["status"], "stopped");
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn for_each_writes_one_record_for_each_item() {
    let app = TestApp::start().await;
    let actions = json!([{ "id": "each", "type": "forEach", "list": "/people", "as": "person", "actions": [
        { "id": "activity", "type": "insertActivity", "fields": { "ID": "{{ person.id }}", "ActivityType": "ATTEND" } }
    ] }]);
    let made = app.import(&workflow_of(actions)).await;
    let payload = json!({ "people": [{ "id": "10001" }, { "id": "nobody" }, { "id": "10002" }] });
    let answer = app.post(&made["url"], &payload).await;
    let detail = app.settle(&answer.run_id()).await;
    assert_eq!(detail["run"]["status"], "failed", "the worst of its items");
    assert_eq!(app.activities("10001").await.len(), 1);
    assert_eq!(app.activities("10002").await.len(), 1, "a failed item does not stop the others");
    app.stop().await;
}

#[tokio::test]
async fn http_requests_stay_away_from_private_addresses_unless_allowed() {
    let app = TestApp::start().await;
    let host = app.sandbox_url.clone();
    let actions = json!([
        { "id": "ask", "type": "httpRequest", "method": "GET", "url": format!("{host}/_sandbox/faults"),
          "headers": { "x-key": "{{ secret.api_key }}" }, "failOn": ["4xx", "5xx"], "outputProperty": "asked" },
        { "id": "activity", "type": "insertActivity", "fields": {
            "ID": "{{ memberId }}", "ActivityType": "ATTEND", "Description": "{{ asked.statusCode }}" } }
    ]);
    let made = app.import(&workflow_of(actions)).await;
    let refused = app.post(&made["url"], &check_in()).await.run_id();
    let run = app.settle(&refused).await["run"].clone();
    assert_eq!(run["error"]["code"], "http");
    assert!(run["error"]["message"].as_str().unwrap().contains("private"), "{run:#}");

    app.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    app.call("secret_set", json!({ "name": "api_key", "value": "open-sesame" })).await;
    let allowed = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&allowed).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(app.activities("12345").await[0]["DESCRIPTION"], "200");
    assert!(!detail.to_string().contains("open-sesame"));
    app.stop().await;
}
