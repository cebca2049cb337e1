//! Outages: what certainly did not happen goes out again, what may have happened is looked up first.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};

fn activity_only() -> Value {
    workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "ActivityType": "ATTEND", "TransactionDate": "{{ checkInTime }}" } }]))
}

fn fault(kind: &str) -> Value {
    json!([{ "kind": kind, "on": "insert", "count": 1 }])
}

#[tokio::test]
async fn a_connection_cut_after_the_commit_is_found_and_not_written_twice() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    app.faults(fault("dropAfterCommit")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    let doubt = app.wait_for(&id, &["inDoubt"]).await;
    assert!(doubt["run"]["waitingUntil"].is_string(), "the screen shows when it is looked up");
    app.clock.advance(Duration::from_secs(11));
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let activities = app.activities("12345").await;
    assert_eq!(activities.len(), 1, "adopted, not sent again");
    assert_eq!(detail["steps"][0]["recordKey"].as_str(), activities[0].get("SEQN").map(String::as_str));
    app.stop().await;
}

#[tokio::test]
async fn a_connection_cut_before_the_commit_is_sent_again_after_two_lookups() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    app.faults(fault("dropBeforeCommit")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(60));
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn records_of_other_runs_are_not_taken_for_ones_own() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&first).await;
    app.faults(fault("dropBeforeCommit")).await;
    let second = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&second, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(app.settle(&second).await["run"]["status"], "succeeded");
    assert_eq!(app.activities("12345").await.len(), 2, "the like record belongs to the first run");
    app.stop().await;
}

#[tokio::test]
async fn several_like_records_are_left_to_a_person() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    // Two records that no run of ours wrote.
    let deleted = app.import(&activity_only()).await;
    for _ in 0..2 {
        app.faults(fault("dropAfterCommit")).await;
        let id = app.post(&deleted["url"], &check_in()).await.run_id();
        app.wait_for(&id, &["inDoubt"]).await;
    }
    app.faults(fault("dropAfterCommit")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "held", "{detail:#}");
    app.abandon().await;
}

#[tokio::test]
async fn what_certainly_did_not_happen_goes_out_again_by_itself() {
    for kind in
        [json!({ "kind": "tooManyRequests", "retryAfter": 2 }), json!({ "kind": "status", "status": 503 })]
    {
        let app = TestApp::start().await;
        let made = app.import(&activity_only()).await;
        let mut fault = kind.clone();
        fault["on"] = json!("insert");
        fault["count"] = json!(1);
        app.faults(json!([fault])).await;
        let id = app.post(&made["url"], &check_in()).await.run_id();
        let waiting = app.wait_for(&id, &["waiting"]).await;
        assert!(waiting["run"]["waitingUntil"].is_string() && waiting["run"]["waitingReason"].is_string());
        app.clock.advance(Duration::from_secs(10));
        let detail = app.wait_for(&id, &["succeeded", "failed", "held"]).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{kind}: {detail:#}");
        assert_eq!(app.activities("12345").await.len(), 1);
        app.stop().await;
    }
}

#[tokio::test]
async fn what_imis_refuses_fails_with_its_own_words() {
    let app = TestApp::start().await;
    let made = app.import(&with(activity_only(), "/actions/0/fields/ActivityType", json!("NOPE"))).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "failed");
    assert_eq!(detail["run"]["error"]["code"], "refused");
    assert!(detail["run"]["error"]["message"].as_str().unwrap().contains("NOPE"), "{detail:#}");
    app.stop().await;
}

#[tokio::test]
async fn an_expired_token_is_renewed_without_anyone_noticing() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&first).await;
    app.faults(json!([{ "kind": "expireToken", "count": 1 }])).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&id).await["run"]["status"], "succeeded");
    assert_eq!(app.activities("12345").await.len(), 2);
    app.stop().await;
}

#[tokio::test]
async fn ordered_runs_wait_for_one_another_and_keep_their_order() {
    let app = TestApp::start().await;
    let mut file = workflow();
    file["trigger"]["ordered"] = json!(true);
    let made = app.import(&file).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }])).await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let payload = with(check_in(), "/eventCode", json!(format!("E{n}")));
        ids.push(app.post(&made["url"], &payload).await.run_id());
    }
    app.wait_for(&ids[0], &["waiting"]).await;
    let second = app.call("run_get", json!({ "id": ids[1] })).await;
    assert_eq!(second["run"]["status"], "queued", "the first keeps its place");
    app.clock.advance(Duration::from_secs(10));
    for id in &ids {
        app.wait_for(id, &["succeeded"]).await;
    }
    let codes: Vec<_> =
        app.activities("12345").await.iter().rev().map(|row| row["PRODUCT_CODE"].clone()).collect();
    assert_eq!(codes, ["E0", "E1", "E2", "E3", "E4"]);
    app.stop().await;
}

#[tokio::test]
async fn a_person_resolves_what_was_held_and_can_undo_a_record() {
    let app = TestApp::start().await;
    let made = app.import(&activity_only()).await;
    // Two records that belong to no run, so that a third like it cannot be told apart.
    for _ in 0..2 {
        app.faults(fault("dropAfterCommit")).await;
        let id = app.post(&made["url"], &check_in()).await.run_id();
        app.wait_for(&id, &["inDoubt"]).await;
        app.call("run_resolve", json!({ "id": id, "as": "written" })).await;
        app.wait_for(&id, &["succeeded"]).await;
    }
    app.faults(fault("dropBeforeCommit")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    app.wait_for(&id, &["held"]).await;
    app.call("run_resolve", json!({ "id": id, "as": "notWritten" })).await;
    let detail = app.wait_for(&id, &["succeeded"]).await;
    assert_eq!(app.activities("12345").await.len(), 3, "sent again on a person's word");

    let undone = json!({ "id": id, "reason": "scanned the wrong badge" });
    app.call("run_undo", undone.clone()).await;
    assert_eq!(app.activities("12345").await.len(), 2);
    assert_eq!(app.call("run_get", json!({ "id": id })).await["run"]["status"], detail["run"]["status"]);
    assert_eq!(app.call_refused("run_undo", undone).await["code"], "conflict", "once is enough");
    let again = app.call("run_rerun", json!({ "ids": [id], "version": "current", "from": "start" })).await;
    app.settle(again["runs"][0]["id"].as_str().unwrap()).await;
    assert_eq!(app.activities("12345").await.len(), 3, "an undone insert is not skipped");
    app.stop().await;
}
