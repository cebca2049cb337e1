//! Answers that are not what they should be: what does not name the record is no success, and what is not iMIS is
//! not taken for iMIS.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow_of};
use ihook_tests::site::{ledger, written};
use serde_json::{Value, json};

const SOMETHING_ELSE: &str = "something else answered at 127.0.0.1:";

fn activity_only() -> Value {
    workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "ActivityType": "ATTEND", "ProductCode": "{{ eventCode }}" } }]))
}

fn of(code: &str) -> Value {
    with(check_in(), "/eventCode", json!(code))
}

/// Answers in the place of iMIS that do not carry the key of a record.
fn keyless() -> [Value; 8] {
    [
        json!({ "status": 200, "body": null }),
        json!({ "status": 200, "body": {} }),
        json!({ "status": 200, "body": [] }),
        json!({ "status": 200, "body": "fine" }),
        json!({ "status": 200, "body": "<html>Welcome</html>" }),
        json!({ "status": 204 }),
        json!({ "status": 302, "location": "https://login.example.org/" }),
        json!({ "status": 403, "body": "<html>blocked</html>" }),
    ]
}

fn answer(told: &Value, on: &str, after_commit: bool, count: Option<u32>) -> Value {
    let mut fault = told.clone();
    fault["kind"] = json!("answer");
    fault["on"] = json!(on);
    fault["afterCommit"] = json!(after_commit);
    fault["count"] = json!(count);
    json!([fault])
}

#[tokio::test]
async fn an_insert_that_was_taken_without_a_key_is_looked_up_and_adopted() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    let late = json!({ "status": 202, "body": {} });
    for (at, told) in keyless().iter().chain([&late]).enumerate() {
        app.faults(answer(told, "insert", true, Some(1))).await;
        let id = app.post(&made["url"], &of(&format!("E{at}"))).await.run_id();
        let doubt = app.wait_for(&id, &["inDoubt", "succeeded", "failed"]).await;
        assert_eq!(doubt["run"]["status"], "inDoubt", "{told}: nobody said which record it is");
        app.clock.advance(Duration::from_secs(11));
        let detail = app.settle(&id).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{told}: {detail:#}");
        assert!(detail["steps"][0]["recordKey"].is_string(), "{told}: it is known by its key");
        assert_eq!(written(&app, &app.sandbox_url).await, at + 1, "{told}: and written once");
    }
    app.stop().await;
}

#[tokio::test]
async fn an_insert_that_was_not_taken_whatever_was_answered_is_sent_again_after_the_lookups() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    for (at, told) in keyless().iter().enumerate() {
        app.faults(answer(told, "insert", false, Some(1))).await;
        let id = app.post(&made["url"], &of(&format!("E{at}"))).await.run_id();
        app.wait_for(&id, &["inDoubt"]).await;
        app.clock.advance(Duration::from_secs(11));
        app.clock.advance(Duration::from_secs(60));
        let detail = app.settle(&id).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{told}: {detail:#}");
        assert_eq!(written(&app, &app.sandbox_url).await, at + 1, "{told}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_record_taken_for_later_is_looked_for_until_five_minutes_have_passed() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    app.faults(answer(&json!({ "status": 202, "body": {} }), "insert", false, Some(1))).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(60));
    let attempts = ledger(&app, &app.sandbox_url).await.len();
    assert_eq!(attempts, 1, "it may still be on its way into the database");
    app.clock.advance(Duration::from_secs(240));
    assert_eq!(app.settle(&id).await["run"]["status"], "succeeded");
    assert_eq!(written(&app, &app.sandbox_url).await, 1);
    app.stop().await;
}

#[tokio::test]
async fn a_refusal_in_a_success_fails_in_imis_own_words_once_no_record_was_found() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    let refusal = json!({ "status": 200, "body": { "IsValid": false, "Errors": { "$values": [
        { "FieldName": "ACTIVITY_TYPE", "Message": "The activity type is closed." }] } } });
    app.faults(answer(&refusal, "insert", false, Some(1))).await;
    let id = app.post(&made["url"], &of("E1")).await.run_id();
    let doubt = app.wait_for(&id, &["inDoubt", "failed", "succeeded"]).await;
    assert_eq!(doubt["run"]["status"], "inDoubt", "first a look: {doubt:#}");
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(60));
    let detail = app.settle(&id).await;
    assert_eq!(
        (&detail["run"]["status"], &detail["run"]["error"]["code"]),
        (&json!("failed"), &json!("refused"))
    );
    let words = detail["run"]["error"]["message"].as_str().unwrap();
    assert!(words.contains("The activity type is closed."), "{words}");
    assert_eq!(ledger(&app, &app.sandbox_url).await.len(), 1, "not sent again");

    app.faults(answer(&refusal, "insert", true, Some(1))).await;
    let id = app.post(&made["url"], &of("E2")).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "the record is there, whatever was said: {detail:#}");
    app.stop().await;
}

#[tokio::test]
async fn what_never_names_a_record_is_left_to_a_person_in_the_end() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    app.faults(answer(&json!({ "status": 200, "body": {} }), "insert", false, None)).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(73 * 60 * 60));
    let held = app.wait_for(&id, &["held"]).await;
    assert_eq!(written(&app, &app.sandbox_url).await, 0, "{held:#}");
    app.abandon().await;
}

#[tokio::test]
async fn a_member_read_answered_by_something_else_waits_and_says_so() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    // A run that gets through keeps the site from counting as away.
    let others = json!({ "status": 200, "body": { "id": "12345", "name": "Somebody" } });
    let missing = [
        json!({ "status": 404, "body": "<html><h1>404</h1></html>" }),
        json!({ "status": 404, "body": {} }),
        json!({ "status": 404, "body": { "message": "no Route matched with those values" } }),
        json!({ "status": 404 }),
        json!({ "status": 404, "body": "404 page not found" }),
    ];
    for (at, told) in keyless().iter().chain(&missing).chain([&others]).enumerate() {
        app.faults(answer(told, "read", false, Some(1))).await;
        // A member whom nobody asked for before.
        let payload = with(of("E"), "/memberId", json!(format!("{}", 10_100 + at)));
        let id = app.post(&made["url"], &payload).await.run_id();
        let waiting = app.wait_for(&id, &["waiting", "failed", "succeeded"]).await;
        assert_eq!(waiting["run"]["status"], "waiting", "{told}: {waiting:#}");
        let reason = waiting["run"]["waitingReason"].as_str().unwrap();
        assert!(reason.contains(SOMETHING_ELSE), "{told}: {reason}");
        assert!(waiting["run"]["waitingUntil"].is_string(), "{told}: it goes on by itself");
        app.clock.advance(Duration::from_secs(10));
        let detail = app.wait_for(&id, &["succeeded", "failed", "held"]).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{told}: {detail:#}");
    }
    let stranger = app.post(&made["url"], &with(check_in(), "/memberId", json!("99999"))).await.run_id();
    let detail = app.settle(&stranger).await;
    assert_eq!(detail["run"]["error"]["code"], "unknownMember", "iMIS itself says that there is none");
    app.stop().await;
}

#[tokio::test]
async fn every_other_read_waits_for_imis_itself() {
    let app = TestApp::start().await;
    let panel = json!({ "id": "panel", "type": "insertPanelRecord", "panel": "Member_Badge", "checkMember": false,
        "fields": { "ID": "{{ memberId }}" } });
    let seen = json!({ "id": "seen", "type": "alreadyRecorded", "outputProperty": "seen",
        "match": { "ID": "{{ memberId }}", "ActivityType": "ATTEND" } });
    let get = json!({ "id": "get", "type": "imisGet", "path": "Party", "query": { "PartyId": "eq:{{ memberId }}" } });
    for action in [panel, seen, get] {
        let made = app.import(&workflow_of(json!([action]))).await;
        for told in
            [json!({ "status": 200, "body": [] }), json!({ "status": 200, "body": "<html>Hi</html>" })]
        {
            app.faults(answer(&told, "read", false, Some(1))).await;
            let id = app.post(&made["url"], &with(check_in(), "/memberId", json!("10200"))).await.run_id();
            let waiting = app.wait_for(&id, &["waiting", "failed", "succeeded"]).await;
            let reason = waiting["run"]["waitingReason"].as_str().unwrap_or_default();
            assert!(reason.contains(SOMETHING_ELSE), "{told}: {waiting:#}");
            app.clock.advance(Duration::from_secs(10));
            let detail = app.wait_for(&id, &["succeeded", "failed"]).await;
            // A member has one badge: a second one is refused, which was read from iMIS itself.
            let ended = detail["run"]["error"]["code"].as_str().unwrap_or("fine");
            assert!(["fine", "panelHasRow"].contains(&ended), "{detail:#}");
        }
    }
    app.faults(answer(&json!({ "status": 200, "body": { "items": [] } }), "read", false, None)).await;
    let refused =
        app.call_refused("connection_metadata", json!({ "name": "sandbox", "refresh": true })).await;
    assert!(refused["message"].as_str().unwrap().contains(SOMETHING_ELSE), "{refused}");
    let tested = app.call("connection_test", json!({ "name": "sandbox" })).await;
    assert_eq!(tested["ok"], false, "{tested:#}");
    app.faults(json!([])).await;
    app.stop().await;
}

#[tokio::test]
async fn a_probe_answered_by_something_else_does_not_bring_the_site_back() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    app.faults(answer(&json!({ "status": 200, "body": {} }), "read", false, None)).await;
    let mut runs = Vec::new();
    for at in 0..5 {
        let payload = with(check_in(), "/memberId", json!(format!("{}", 10_300 + at)));
        runs.push(app.post(&made["url"], &payload).await.run_id());
        app.wait_for(&runs[at], &["waiting"]).await;
    }
    let trouble = async || app.call("connection_list", json!({})).await["connections"][0]["trouble"].clone();
    app.until(async || trouble().await.is_string()).await;
    app.clock.advance(Duration::from_secs(6));
    app.until(async || trouble().await.as_str().is_some_and(|why| why.contains(SOMETHING_ELSE))).await;
    app.faults(json!([])).await;
    app.clock.advance(Duration::from_secs(20));
    for id in &runs {
        assert_eq!(app.wait_for(id, &["succeeded", "failed"]).await["run"]["status"], "succeeded");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_sign_in_answered_by_something_else_stops_no_connection() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    for told in [
        json!({ "status": 401, "body": "<html>Proxy sign-in</html>" }),
        json!({ "status": 400, "body": {} }),
        json!({ "status": 200, "body": "<html>Welcome</html>" }),
    ] {
        app.faults(answer(&told, "token", false, Some(1))).await;
        // Asks for a new token.
        app.call(
            "connection_save",
            json!({ "name": "sandbox", "baseUrl": app.sandbox_url, "username": "sandbox" }),
        )
        .await;
        let id = app.post(&made["url"], &check_in()).await.run_id();
        let waiting = app.wait_for(&id, &["waiting", "failed", "succeeded"]).await;
        assert!(
            waiting["run"]["waitingReason"].as_str().unwrap_or_default().contains("something else answered")
        );
        assert!(waiting["run"]["waitingUntil"].is_string(), "{told}: no password was refused: {waiting:#}");
        app.clock.advance(Duration::from_secs(10));
        assert_eq!(app.wait_for(&id, &["succeeded", "failed"]).await["run"]["status"], "succeeded");
    }
    app.stop().await;
}
