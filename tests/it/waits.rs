//! A connection never stands still: what is due and allowed starts by itself, without any other event.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::workflow_of;
use ihook_tests::site;
use serde_json::{Value, json};

fn file() -> Value {
    workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ member }}", "ActivityType": "ATTEND", "Description": "{{ mark }}" } }]))
}

/// The sandbox with so many requests at once.
async fn limited_to(app: &TestApp, at_once: u32) {
    let sandbox = json!({ "name": "sandbox", "baseUrl": app.sandbox_url, "username": "sandbox",
        "maxConcurrent": at_once });
    app.call("connection_save", sandbox).await;
}

/// Deliveries that were stored while the workflow was paused, and start together.
async fn thirty_at_once(app: &TestApp) {
    let made = app.import(&file()).await;
    let set = async |status: &str| {
        app.call("workflow_set_status", json!({ "id": made["id"], "status": status })).await;
    };
    set("paused").await;
    for number in 0..30 {
        let stored =
            app.post(&made["url"], &json!({ "member": "10001", "mark": format!("m{number}") })).await;
        assert_eq!(stored.status, 200);
    }
    set("active").await;
}

/// The runs with one of these statuses.
async fn runs(app: &TestApp, statuses: &[&str]) -> Vec<Value> {
    let list = app.call("run_list", json!({ "status": statuses })).await;
    list["runs"].as_array().unwrap().clone()
}

const OPEN: [&str; 4] = ["queued", "running", "waiting", "inDoubt"];

#[tokio::test]
async fn after_one_answer_that_asks_to_wait_everything_ends_when_the_time_has_come() {
    let asked = [
        json!({ "kind": "tooManyRequests", "retryAfter": 2, "on": "insert", "count": 1 }),
        json!({ "kind": "status", "status": 503, "retryAfter": 2, "on": "insert", "count": 1 }),
    ];
    for (at_once, fault) in [(1, &asked[0]), (1, &asked[1]), (4, &asked[0])] {
        let app = TestApp::start().await;
        limited_to(&app, at_once).await;
        app.faults(json!([fault])).await;
        thirty_at_once(&app).await;
        app.until(async || !runs(&app, &["waiting"]).await.is_empty()).await;
        // The first retry comes after 5 s and up to 20 %; nothing else happens from here on.
        app.clock.advance(Duration::from_secs(7));
        app.until(async || runs(&app, &OPEN).await.is_empty()).await;
        assert_eq!(runs(&app, &["succeeded"]).await.len(), 30, "{at_once} at once, {fault}");
        assert_eq!(site::written(&app, &app.sandbox_url).await, 30, "each once");
        app.stop().await;
    }
}

#[tokio::test]
async fn what_a_site_asked_for_is_shown_at_the_connection_and_at_the_runs_that_wait_behind() {
    let app = TestApp::start().await;
    limited_to(&app, 1).await;
    app.faults(json!([{ "kind": "tooManyRequests", "retryAfter": 600, "on": "insert", "count": 1 }])).await;
    thirty_at_once(&app).await;
    let trouble = async || {
        let list = app.call("connection_list", json!({})).await;
        list["connections"][0]["trouble"].as_str().unwrap_or_default().to_owned()
    };
    app.until(async || trouble().await.contains("asked to wait until ")).await;
    let text = trouble().await;
    let behind = runs(&app, &["queued"]).await;
    assert_eq!(behind.len(), 29);
    for run in &behind {
        assert_eq!(run["waitingReason"], json!(text), "the same words");
        assert!(run["waitingUntil"].is_string(), "and when: {run:#}");
    }
    let one = app.call("run_get", json!({ "id": behind[0]["id"] })).await;
    assert_eq!(one["run"]["waitingReason"], json!(text));
    app.clock.advance(Duration::from_secs(601));
    app.until(async || runs(&app, &OPEN).await.is_empty()).await;
    assert_eq!(trouble().await, "", "nothing is shown any more");
    app.stop().await;
}
