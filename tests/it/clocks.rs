//! Somebody sets the computer's clock: nothing waits for longer than it should, and nothing comes earlier.

use std::time::Duration;

use ihook_app::clock::Clock;
use ihook_tests::TestApp;
use ihook_tests::files::workflow_of;
use ihook_tests::site::{ledger, written};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const BACK: SignedDuration = SignedDuration::from_hours(-2);
const AHEAD: SignedDuration = SignedDuration::from_mins(10);
const OPEN: [&str; 4] = ["queued", "running", "waiting", "inDoubt"];

fn file() -> Value {
    workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ member }}", "ActivityType": "ATTEND", "Description": "{{ mark }}" } }]))
}

async fn send(app: &TestApp, made: &Value, mark: &str) -> String {
    app.post(&made["url"], &json!({ "member": "10001", "mark": mark })).await.run_id()
}

async fn all_ended(app: &TestApp) {
    app.until(async || {
        let open = app.call("run_list", json!({ "status": OPEN, "limit": 1 })).await;
        open["runs"].as_array().unwrap().is_empty()
    })
    .await;
}

/// A workflow whose connection takes one write a minute, and has just taken it.
async fn capped_after_one(app: &TestApp) -> Value {
    let capped = json!({ "name": "sandbox", "baseUrl": app.sandbox_url, "username": "sandbox",
        "writesPerMinute": 1 });
    app.call("connection_save", capped).await;
    let made = app.import(&file()).await;
    let first = send(app, &made, "one").await;
    app.wait_for(&first, &["succeeded"]).await;
    made
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_retry_waiting_and_its_time_is_shown_by_the_clock_as_it_is() {
    let app = TestApp::start().await;
    let made = app.import(&file()).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }])).await;
    let id = send(&app, &made, "one").await;
    app.wait_for(&id, &["waiting"]).await;
    app.clock.set(BACK);
    let shown = app.call("run_get", json!({ "id": id })).await["run"]["waitingUntil"].clone();
    let until: Timestamp = shown.as_str().unwrap().parse().unwrap();
    let wait = until.as_second() - app.clock.now().as_second();
    assert!((-3..=7).contains(&wait), "it says {wait} s");
    app.clock.advance(seconds(7));
    assert_eq!(app.wait_for(&id, &["succeeded"]).await["run"]["attempts"], 2);
    app.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_probe_waiting() {
    let app = TestApp::start().await;
    let made = app.import(&file()).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert" }])).await;
    for n in 0..8 {
        send(&app, &made, &format!("m{n}")).await;
    }
    app.until(async || app.call("connection_list", json!({})).await["connections"][0]["trouble"].is_string())
        .await;
    app.clock.set(BACK);
    app.faults(json!([])).await;
    app.clock.advance(seconds(6));
    all_ended(&app).await;
    assert_eq!(written(&app, &app.sandbox_url).await, 8);
    app.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_place_under_the_cap_waiting() {
    let app = TestApp::start().await;
    let made = capped_after_one(&app).await;
    let second = send(&app, &made, "two").await;
    app.clock.set(BACK);
    app.clock.advance(seconds(61));
    app.wait_for(&second, &["succeeded"]).await;
    app.stop().await;
}

#[tokio::test]
async fn after_a_restart_with_the_clock_set_back_what_waited_goes_on_and_the_cap_holds_for_a_minute_only() {
    let mut app = TestApp::start().await;
    let made = capped_after_one(&app).await;
    app.clock.advance(seconds(61));
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }])).await;
    let second = send(&app, &made, "two").await;
    app.wait_for(&second, &["waiting"]).await;
    app = app.restart_set(BACK).await;
    let began = app.clock.moment();
    app.until(async || {
        app.clock.advance(seconds(1));
        app.call("run_get", json!({ "id": second })).await["run"]["status"] == "succeeded"
    })
    .await;
    let took = app.clock.moment().since(began);
    assert!(took < seconds(30 * 60), "it waited for {took:?}");
    app.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_set_ahead_during_a_doubt_makes_no_lookup_come_earlier() {
    let app = TestApp::start().await;
    let made = app.import(&file()).await;
    app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 1 }])).await;
    let doubtful = send(&app, &made, "one").await;
    app.wait_for(&doubtful, &["inDoubt"]).await;
    app.clock.set(AHEAD);
    // Others are worked on meanwhile.
    for n in 0..5 {
        let other = send(&app, &made, &format!("other{n}")).await;
        app.wait_for(&other, &["succeeded"]).await;
    }
    let arrived = async || ledger(&app, &app.sandbox_url).await.len();
    assert_eq!(arrived().await, 6, "not sent again");
    let next = async || app.call("run_get", json!({ "id": doubtful })).await["run"]["waitingUntil"].clone();
    let first = next().await;
    app.clock.advance(seconds(11));
    app.until(async || next().await != first).await;
    assert_eq!(arrived().await, 6, "after one lookup it is not sent again");
    app.clock.advance(seconds(60));
    app.wait_for(&doubtful, &["succeeded"]).await;
    assert_eq!(written(&app, &app.sandbox_url).await, 6, "each once");
    app.stop().await;
}

#[tokio::test]
async fn after_a_restart_a_doubt_counts_from_the_start_whatever_the_clock_says() {
    for set in [AHEAD, BACK] {
        let mut app = TestApp::start().await;
        let made = app.import(&file()).await;
        app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 1 }])).await;
        let doubtful = send(&app, &made, "one").await;
        app.wait_for(&doubtful, &["inDoubt"]).await;
        app = app.restart_set(set).await;
        app.clock.advance(seconds(50));
        let made = app.call("workflow_url", json!({ "id": made["id"] })).await;
        let other = send(&app, &made, "other").await;
        app.wait_for(&other, &["succeeded"]).await;
        app.wait_for(&doubtful, &["inDoubt"]).await;
        assert_eq!(ledger(&app, &app.sandbox_url).await.len(), 2, "not sent again within a minute");
        app.clock.advance(seconds(11));
        app.wait_for(&doubtful, &["succeeded"]).await;
        assert_eq!(written(&app, &app.sandbox_url).await, 2, "each once");
        app.stop().await;
    }
}
