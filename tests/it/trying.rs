//! Trying things out: the built-in sender, pausing everything, and getting rid of the sample.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use serde_json::json;

#[tokio::test]
async fn a_batch_is_answered_in_its_own_order() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let good = check_in().to_string();
    let bodies = json!([good, "{", good]);
    let request = json!({ "workflowId": made["id"], "bodies": bodies, "concurrency": 3 });
    let answers = app.call("sender_batch", request).await["answers"].clone();
    let statuses: Vec<_> = (0..3).map(|at| answers[at]["status"].clone()).collect();
    assert_eq!(statuses, [200, 400, 200]);
    for at in [0, 2] {
        app.settle(answers[at]["runId"].as_str().unwrap()).await;
    }
    let none = json!({ "workflowId": made["id"], "bodies": [] });
    assert_eq!(app.call_refused("sender_batch", none).await["code"], "badRequest");
    app.stop().await;
}

#[tokio::test]
async fn the_sender_comes_as_the_trigger_asks_unless_told_otherwise() {
    let app = TestApp::start().await;
    let signature = json!({ "kind": "hmac", "scheme": "github" });
    let signed = with(workflow(), "/trigger", json!({ "type": "webhook", "authentication": signature }));
    let made = app.import(&signed).await;
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": "open sesame" })).await;
    let send = |authenticate: bool| json!({ "workflowId": made["id"], "body": check_in().to_string(), "authenticate": authenticate });
    assert_eq!(app.call("sender_send", send(false)).await["status"], 401);
    let answer = app.call("sender_send", send(true)).await;
    assert_eq!(answer["status"], 200, "{answer}");
    app.settle(answer["runId"].as_str().unwrap()).await;
    let public = json!({ "workflowId": made["id"], "body": "{}", "via": "public" });
    assert_eq!(
        app.call_refused("sender_send", public).await["code"],
        "conflict",
        "there is no public address"
    );
    app.stop().await;
}

#[tokio::test]
async fn everything_is_paused_and_goes_on_again() {
    let app = TestApp::start().await;
    let first = app.import(&workflow()).await;
    let second = app.import(&workflow()).await;
    app.call("workflow_set_status", json!({ "id": second["id"], "status": "disabled" })).await;
    assert_eq!(app.call("pause_all", json!({ "paused": true })).await["changed"], 1);
    let answer = app.post(&first["url"], &check_in()).await;
    assert_eq!(answer.status, 200, "what is paused still accepts");
    let queued = app.call("run_get", json!({ "id": answer.run_id() })).await;
    assert_eq!(queued["run"]["status"], "queued");
    assert_eq!(
        app.call("pause_all", json!({ "paused": false })).await["changed"],
        1,
        "disabled stays disabled"
    );
    assert_eq!(app.settle(&answer.run_id()).await["run"]["status"], "succeeded");
    app.stop().await;
}

#[tokio::test]
async fn the_sample_goes_with_its_runs_and_records_and_leaves_the_workflow() {
    let app = TestApp::start_seeded().await;
    let workflows = app.call("workflow_list", json!({})).await;
    let url = app.call("workflow_url", json!({ "id": workflows["workflows"][0]["id"] })).await["url"].clone();
    let answer = app.post(&url, &check_in()).await;
    app.settle(&answer.run_id()).await;
    assert_eq!(app.activities("12345").await.len(), 1);
    let health = app.call("connection_list", json!({})).await["connections"][0]["answeredInMs"].clone();
    assert!(health.is_u64(), "the sandbox answered: {health}");
    assert_eq!(app.call("sample_remove", json!({})).await["runs"], 1);
    assert!(app.activities("12345").await.is_empty());
    assert_eq!(app.call("run_list", json!({})).await["runs"], json!([]));
    let after = app.call("workflow_list", json!({})).await["workflows"][0].clone();
    assert_eq!((after["status"].clone(), after["today"]["received"].clone()), (json!("active"), json!(0)));
    app.stop().await;
}
