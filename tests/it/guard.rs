//! Runs that look for the same before they write go one after the other, and say so.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::workflow_of;
use ihook_tests::process::{self, Program, serve};
use ihook_tests::site;
use serde_json::{Value, json};

const ENDED: [&str; 4] = ["succeeded", "stopped", "failed", "held"];

/// Looks for a like record, and writes one where there is none.
fn once() -> Value {
    workflow_of(json!([
        { "id": "seen", "type": "alreadyRecorded", "outputProperty": "seen",
          "match": { "ID": "{{ member }}", "ActivityType": "ATTEND", "ProductCode": "{{ code }}" } },
        { "id": "gate", "type": "gate", "expression": "seen.count > 0" },
        { "id": "activity", "type": "insertActivity", "fields": {
            "ID": "{{ member }}", "ActivityType": "ATTEND", "ProductCode": "{{ code }}",
            "TransactionDate": "2026-05-27" } }
    ]))
}

fn payload(member: &str) -> Value {
    json!({ "member": member, "code": "CONF" })
}

async fn runs(app: &TestApp, statuses: &[&str]) -> Vec<Value> {
    let list = app.call("run_list", json!({ "status": statuses })).await;
    list["runs"].as_array().unwrap().clone()
}

/// Waits until the run waits for this other one, and says so; no time ends that.
async fn waits_for(app: &TestApp, id: &str, other: &str) {
    app.until(async || {
        let run = app.call("run_get", json!({ "id": id })).await["run"].clone();
        let reason = run["waitingReason"].as_str().unwrap_or_default().to_owned();
        run["status"] == "waiting" && run["waitingUntil"].is_null() && reason.contains(other)
    })
    .await;
}

/// A run in doubt, and an equal one that waits for it.
async fn in_doubt_and_behind(app: &TestApp, made: &Value) -> (String, String) {
    app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 1 }])).await;
    let first = app.post(&made["url"], &payload("10001")).await.run_id();
    app.wait_for(&first, &["inDoubt"]).await;
    let second = app.post(&made["url"], &payload("10001")).await.run_id();
    waits_for(app, &second, &first).await;
    (first, second)
}

#[tokio::test]
async fn equal_deliveries_at_once_make_one_record() {
    let app = TestApp::start().await;
    let made = app.import(&once()).await;
    let set = async |status: &str| {
        app.call("workflow_set_status", json!({ "id": made["id"], "status": status })).await;
    };
    // So that all of them look before the first has written.
    app.faults(json!([{ "kind": "delay", "milliseconds": 30, "on": "insert" }])).await;
    set("paused").await;
    for _ in 0..12 {
        for member in ["10001", "10002", "10003"] {
            assert_eq!(app.post(&made["url"], &payload(member)).await.status, 200);
        }
    }
    set("active").await;
    // Counted where they end: between two statuses a run may be in neither list.
    app.until(async || runs(&app, &ENDED).await.len() == 36).await;
    assert_eq!(site::written(&app, &app.sandbox_url).await, 3, "one for each member");
    assert_eq!(runs(&app, &["succeeded"]).await.len(), 3);
    assert_eq!(runs(&app, &["stopped"]).await.len(), 33);
    app.stop().await;
}

#[tokio::test]
async fn who_waits_says_for_whom_while_the_others_are_in_doubt_and_held_and_goes_on_after_a_word() {
    let app = TestApp::start().await;
    let made = app.import(&once()).await;
    let (first, second) = in_doubt_and_behind(&app, &made).await;
    let third = app.post(&made["url"], &payload("10001")).await.run_id();
    waits_for(&app, &third, &first).await;
    // Others go on beside them.
    let other = app.post(&made["url"], &payload("10002")).await.run_id();
    app.wait_for(&other, &["succeeded"]).await;
    // Another look changes nothing about that.
    app.call("run_retry_now", json!({ "id": second })).await;
    waits_for(&app, &second, &first).await;
    let app = app.restart().await;
    waits_for(&app, &second, &first).await;
    waits_for(&app, &third, &first).await;
    // Nothing was written: the first is sent again, and the others find its record.
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(60));
    app.wait_for(&first, &["succeeded"]).await;
    for id in [&second, &third] {
        app.wait_for(id, &["stopped"]).await;
    }
    assert_eq!(app.activities("10001").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_held_run_keeps_the_others_waiting_until_somebody_decides() {
    let app = TestApp::start().await;
    let made = app.import(&once()).await;
    // A wrong ID makes nothing; what came of this insert nobody can say, for two look like it.
    let twin = workflow_of(json!([{ "id": "a", "type": "insertActivity", "fields": {
        "ID": "{{ member }}", "ActivityType": "ATTEND", "ProductCode": "{{ code }}",
        "TransactionDate": "2026-05-27" } }]));
    let twin = app.import(&twin).await;
    let (first, second) = in_doubt_and_behind(&app, &made).await;
    for _ in 0..2 {
        app.faults(json!([{ "kind": "dropAfterCommit", "on": "insert", "count": 1 }])).await;
        let id = app.post(&twin["url"], &payload("10001")).await.run_id();
        app.wait_for(&id, &["inDoubt"]).await;
        app.call("run_cancel", json!({ "id": id })).await;
    }
    app.clock.advance(Duration::from_secs(11));
    app.wait_for(&first, &["held"]).await;
    waits_for(&app, &second, &first).await;
    let late = app.post(&made["url"], &payload("10001")).await.run_id();
    waits_for(&app, &late, &first).await;
    let word = json!({ "id": first, "index": 2, "as": "notWritten" });
    app.call("run_resolve", word).await;
    app.wait_for(&first, &["succeeded"]).await;
    for id in [&second, &late] {
        app.wait_for(id, &["stopped"]).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn a_cancelled_run_lets_the_next_one_go() {
    let app = TestApp::start().await;
    let made = app.import(&once()).await;
    let (first, second) = in_doubt_and_behind(&app, &made).await;
    app.call("run_cancel", json!({ "id": first })).await;
    app.wait_for(&second, &["succeeded"]).await;
    assert_eq!(app.activities("10001").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn within_a_loop_the_guard_ends_with_its_item() {
    let app = TestApp::start().await;
    let each = workflow_of(
        json!([{ "id": "each", "type": "forEach", "list": "/people", "as": "who", "actions": [
        { "id": "seen", "type": "alreadyRecorded", "outputProperty": "seen",
          "match": { "ID": "{{ who.id }}", "ActivityType": "ATTEND" } },
        { "id": "gate", "type": "gate", "expression": "seen.count > 0" },
        { "id": "activity", "type": "insertActivity", "fields": { "ID": "{{ who.id }}", "ActivityType": "ATTEND" } }
    ] }]),
    );
    let made = app.import(&each).await;
    let list =
        |ids: &[&str]| json!({ "people": ids.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>() });
    let both = [list(&["10002", "10003"]), list(&["10003", "10002"])];
    let ids =
        [app.post(&made["url"], &both[0]).await.run_id(), app.post(&made["url"], &both[1]).await.run_id()];
    for id in &ids {
        app.wait_for(id, &["succeeded"]).await;
    }
    for member in ["10002", "10003"] {
        assert_eq!(app.activities(member).await.len(), 1, "{member}: crosswise, nobody waits for ever");
    }
    app.stop().await;
}

/// Waits until the run is so.
async fn until(server: &Program, id: &str, holds: impl Fn(&Value) -> bool) {
    process::until(id, async || holds(&server.call("run_get", json!({ "id": id })).await)).await;
}

#[tokio::test]
async fn after_a_kill_the_others_still_wait_for_the_one_that_held() {
    let place = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = serve(place.path());
        command.args(["--sandbox", "127.0.0.1:0"]);
        Program::start(command)
    };
    let server = start();
    let hook = server.import(&once()).await;
    server.faults(json!([{ "kind": "delay", "milliseconds": 100_000, "on": "insert" }])).await;
    let first = server.post(&hook, &payload("10001")).await.unwrap().unwrap();
    until(&server, &first, |run| run["steps"][2]["status"] == "running").await;
    let second = server.post(&hook, &payload("10001")).await.unwrap().unwrap();
    let waits = |run: &Value| {
        let reason = run["run"]["waitingReason"].as_str().unwrap_or_default();
        run["run"]["status"] == "waiting" && reason.contains(&first)
    };
    until(&server, &second, waits).await;
    server.kill();

    let server = start();
    until(&server, &first, |run| run["run"]["status"] == "inDoubt").await;
    until(&server, &second, waits).await;
    let third = server.post(&hook, &payload("10001")).await.unwrap().unwrap();
    until(&server, &third, waits).await;
    server.call("run_cancel", json!({ "id": first })).await;
    until(&server, &second, |run| run["run"]["status"] == "succeeded").await;
    until(&server, &third, |run| run["run"]["status"] == "stopped").await;
    server.kill();
}
