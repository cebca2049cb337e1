//! What arrives in iMIS: every property of an activity, on the right member, adopted from the right site.

use std::time::Duration;

use ihook_engine::activity;
use ihook_engine::record::ColumnType;
use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow_of};
use ihook_tests::site::{Site, faults};
use serde_json::{Value, json};

fn activity_of(fields: &Value) -> Value {
    workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": fields }]))
}

fn attendance() -> Value {
    activity_of(
        &json!({ "ID": "{{ memberId }}", "Activity Type": "ATTEND", "Product Code": "{{ eventCode }}" }),
    )
}

/// A value for the property, and how it stands in iMIS afterwards.
fn sample(name: &str, kind: ColumnType, longest: Option<u32>) -> (String, String) {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    match (name, kind) {
        ("PartyId", _) => same("12345"),
        ("ACTIVITY_TYPE", _) => same("CEU"),
        (_, ColumnType::Integer) => same("42"),
        (_, ColumnType::Decimal { .. } | ColumnType::Monetary) => same("12.50"),
        (_, ColumnType::Boolean) => same("true"),
        (_, ColumnType::DateTime) => same("2026-05-27T09:15:00"),
        _ => same(
            &"Zoë “q”".chars().cycle().take(longest.map_or(500, |most| most as usize)).collect::<String>(),
        ),
    }
}

#[tokio::test]
async fn every_property_of_an_activity_arrives_as_it_was_given() {
    let app = TestApp::start().await;
    let strict =
        app.http.post(format!("{}/_sandbox/settings", app.sandbox_url)).json(&json!({ "strict": true }));
    assert!(strict.send().await.unwrap().status().is_success());
    let columns: Vec<_> = activity::columns().iter().filter(|column| !column.read_only).collect();
    let mut fields = json!({});
    for column in &columns {
        let label = column.caption.as_deref().unwrap_or(&column.name);
        fields[label] = json!(sample(&column.name, column.kind, column.max_length).0);
    }
    let made = app.import(&activity_of(&fields)).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let stored = &app.activities("12345").await[0];
    for column in columns {
        let expected = sample(&column.name, column.kind, column.max_length).1;
        assert_eq!(stored.get(&column.name), Some(&expected), "{}", column.name);
    }
    assert_eq!(Some(stored["SEQN"].as_str()), detail["steps"][0]["recordKey"].as_str());
    app.stop().await;
}

#[tokio::test]
async fn a_member_who_is_inactive_or_left_over_from_a_merge_is_pointed_out() {
    let app = TestApp::start().await;
    let made = app.import(&attendance()).await;
    for (member, word) in [("10040", Some("inactive")), ("10440", Some("merge")), ("12345", None)] {
        let id = app.post(&made["url"], &with(check_in(), "/memberId", json!(member))).await.run_id();
        let detail = app.settle(&id).await;
        assert_eq!(detail["run"]["status"], "succeeded", "a warning, no refusal: {detail:#}");
        let warnings = detail["steps"][0]["warnings"].to_string();
        assert_eq!(word.is_some(), warnings.contains(member), "{warnings}");
        assert!(warnings.contains(word.unwrap_or("null")), "{warnings}");
        assert!(detail["steps"][0]["result"]["memberName"].is_string(), "{detail:#}");
    }
    app.stop().await;
}

#[tokio::test]
async fn leading_zeros_of_an_id_are_part_of_it() {
    let app = TestApp::start().await;
    let made = app.import(&attendance()).await;
    let id = app.post(&made["url"], &with(check_in(), "/memberId", json!("012345"))).await.run_id();
    let run = app.settle(&id).await["run"].clone();
    assert_eq!(run["error"]["code"], "unknownMember", "{run:#}");
    assert!(run["error"]["message"].as_str().unwrap().contains("012345"), "{run:#}");
    app.stop().await;
}

#[tokio::test]
async fn the_same_key_on_another_site_is_another_record() {
    let app = TestApp::start().await;
    // It numbers its records as the first one does.
    let site = Site::start().await;
    let live = json!({ "name": "live", "baseUrl": site.url, "username": "sandbox", "password": "sandbox" });
    app.call("connection_save", live).await;
    let here = app.import(&attendance()).await;
    let first = app.post(&here["url"], &check_in()).await.run_id();
    let key = app.settle(&first).await["steps"][0]["recordKey"].clone();

    let there = app.import(&with(attendance(), "/connection", json!("live"))).await;
    let cut = json!([{ "kind": "dropAfterCommit", "count": 1 }]);
    faults(&app, &site.url, cut).await;
    let second = app.post(&there["url"], &check_in()).await.run_id();
    app.wait_for(&second, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    let detail = app.wait_for(&second, &["succeeded", "failed", "held"]).await;
    assert_eq!(detail["steps"][0]["recordKey"], key, "both sites count from the same number: {detail:#}");
    let of_member = json!({ "connection": "live", "id": "12345" });
    let member = app.call("member_get", of_member).await;
    assert_eq!(member["activities"].as_array().unwrap().len(), 1, "adopted, not sent again");

    // The connection is moved: what was written stays where it is.
    let moved = json!({ "name": "live", "baseUrl": app.sandbox_url, "username": "sandbox",
        "password": "sandbox" });
    app.call("connection_save", moved).await;
    let refused = app.call_refused("run_undo", json!({ "id": second, "reason": "a test" })).await;
    assert_eq!(refused["code"], "conflict", "the same key is somebody else's record here: {refused}");
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_like_record_of_the_same_run_is_not_adopted_for_another_item() {
    let app = TestApp::start().await;
    let insert = attendance()["actions"].clone();
    let file = workflow_of(
        json!([{ "id": "each", "type": "forEach", "list": "/days", "as": "day", "actions": insert }]),
    );
    let made = app.import(&file).await;
    app.faults(json!([{ "kind": "dropBeforeCommit", "count": 1 }])).await;
    let mut payload = check_in();
    payload["days"] = json!([1, 2]);
    let id = app.post(&made["url"], &payload).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(60));
    let detail = app.wait_for(&id, &["succeeded", "failed", "held"]).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(app.activities("12345").await.len(), 2, "two days, two records");
    app.stop().await;
}

#[tokio::test]
async fn likely_members_are_suggested_for_a_run_whose_member_is_unknown() {
    let app = TestApp::start().await;
    let made = app.import(&attendance()).await;
    let mut payload = with(check_in(), "/memberId", json!("0012345"));
    payload["attendee"] = json!({ "firstName": "Ada", "lastName": "Sample", "email": "ADA@example.org" });
    let id = app.post(&made["url"], &payload).await.run_id();
    assert_eq!(app.settle(&id).await["run"]["error"]["code"], "unknownMember");
    let said = app.call("member_suggest", json!({ "runId": id })).await;
    assert_eq!(said["members"].as_array().map(Vec::len), Some(1), "found three ways, told once: {said:#}");
    assert_eq!(said["members"][0]["member"]["id"], "12345");
    assert!(said["members"][0]["because"].as_str().unwrap().contains("e-mail"), "{said:#}");
    assert!(said["lookedFor"].to_string().contains("Ada Sample"), "{said:#}");
    let unknown = app.call_refused("member_suggest", json!({ "runId": "nothing" })).await;
    assert_eq!(unknown["code"], "notFound");
    app.stop().await;
}
