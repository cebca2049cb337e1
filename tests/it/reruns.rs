//! Doing a delivery again.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use serde_json::json;

#[tokio::test]
async fn a_rerun_skips_what_was_written_and_does_the_rest() {
    let app = TestApp::start().await;
    let file = with(workflow(), "/actions/2/panel", json!("No_Such_Panel"));
    let made = app.import(&file).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    let run = app.settle(&first).await["run"].clone();
    assert_eq!(
        (run["status"].as_str(), run["error"]["code"].as_str()),
        (Some("failed"), Some("panelUnknown"))
    );

    app.call("workflow_save", json!({ "id": made["id"], "file": workflow(), "publish": true })).await;
    let request = json!({ "ids": [first], "version": "current", "from": "start", "preview": true });
    let preview = app.call("run_rerun", request).await;
    assert_eq!(preview["counts"]["willWrite"], 1);
    assert_eq!(preview["runs"], json!([]), "a preview does nothing");
    let again = app.call("run_rerun", json!({ "ids": [first], "version": "current", "from": "start" })).await;
    let second = again["runs"][0]["id"].as_str().unwrap().to_owned();
    let detail = app.settle(&second).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(detail["run"]["rerunOf"], json!(first));
    assert_eq!(detail["run"]["receivedAt"], run["receivedAt"], "a rerun keeps the time of the delivery");
    assert_eq!(app.activities("12345").await.len(), 1, "the activity was there already");
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await.len(), 1);
    let original = app.call("run_get", json!({ "id": first })).await;
    assert_eq!(original["run"]["status"], "failed", "the old run stays as it was");
    assert_eq!(original["reruns"], json!([second]));
    app.stop().await;
}

#[tokio::test]
async fn a_rejected_payload_is_mended_and_released_as_a_new_run() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let broken = json!({ "memberId": "12345", "eventCode": "CONF2026" });
    let first = app.post(&made["url"], &broken).await.run_id();
    let released = app.call("run_release", json!({ "id": first, "payload": check_in() })).await;
    let detail = app.settle(released["id"].as_str().unwrap()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(
        app.call("run_get", json!({ "id": first })).await["payload"],
        broken,
        "the evidence is untouched"
    );

    let unmended = app.call("run_release", json!({ "id": first })).await;
    let detail = app.settle(unmended["id"].as_str().unwrap()).await;
    assert_eq!(
        detail["run"]["status"], "failed",
        "a rerun that breaks the schema failed, it was not rejected"
    );
    app.stop().await;
}
