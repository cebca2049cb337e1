//! Saving, publishing, regenerating: what is kept and what is refused.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use serde_json::json;

#[tokio::test]
async fn a_regenerated_url_works_and_the_old_one_is_401() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let new = app.call("workflow_regenerate_url", json!({ "id": made["id"] })).await;
    assert_ne!(new["url"], made["url"]);
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 401);
    let answer = app.post(&new["url"], &check_in()).await;
    assert_eq!(answer.status, 200);
    app.settle(&answer.run_id()).await;
    let shown = app.call("workflow_url", json!({ "id": made["id"] })).await;
    assert_eq!(shown["url"], new["url"], "staff can copy it again");
    app.stop().await;
}

#[tokio::test]
async fn an_overlap_lets_both_urls_work_until_it_ends() {
    let app = TestApp::start().await;
    let made = app.import(&with(workflow(), "/actions", json!([]))).await;
    app.call("workflow_regenerate_url", json!({ "id": made["id"], "overlapHours": 2 })).await;
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(answer.status, 200);
    app.settle(&answer.run_id()).await;
    app.clock.advance(std::time::Duration::from_secs(2 * 60 * 60));
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 401);
    let error =
        app.call_refused("workflow_regenerate_url", json!({ "id": made["id"], "overlapHours": 200 })).await;
    assert_eq!(error["code"], "badRequest");
    app.stop().await;
}

#[tokio::test]
async fn only_the_published_version_receives_and_a_run_keeps_its_version() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let edited = with(workflow(), "/actions/1/fields/ActivityType", json!("MEETING"));
    let saved = app.call("workflow_save", json!({ "id": made["id"], "file": edited })).await;
    assert_eq!(saved["version"], 2);
    let first = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&first).await["run"]["version"], 1, "saving alone changes nothing outside");
    app.call("workflow_save", json!({ "id": made["id"], "file": edited, "publish": true })).await;
    let second = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&second).await["run"]["version"], 3);
    let kinds: Vec<_> =
        app.activities("12345").await.iter().map(|row| row["ACTIVITY_TYPE"].clone()).collect();
    assert_eq!(kinds, ["MEETING", "ATTEND"]);
    let detail = app.call("workflow_get", json!({ "id": made["id"], "version": 1 })).await;
    assert_eq!(detail["file"]["actions"][1]["fields"]["ActivityType"], "ATTEND", "every version is kept");
    app.stop().await;
}

#[tokio::test]
async fn an_export_is_the_file_as_it_was_written() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let exported = app.call("workflow_export", json!({ "id": made["id"] })).await;
    assert_eq!(exported["file"].to_string(), workflow().to_string(), "names and order are kept");
    app.stop().await;
}

#[tokio::test]
async fn a_faulty_file_is_refused_with_its_place_and_what_was_stored_stays() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let mut unknown = workflow();
    unknown["trigger"]["retries"] = json!(3);
    let cases = [
        (json!("{ not json"), ""),
        (unknown, "/trigger/retries"),
        (with(workflow(), "/actions/1/type", json!("updateActivity")), "/actions/1/type"),
        (with(workflow(), "/actions/1/fields/ID", json!("{{ input.memberId ")), "/actions/1/fields/ID"),
        (with(workflow(), "/actions/0/schema", json!({ "type": "nonsense" })), "/actions/0/schema"),
        (
            with(workflow(), "/actions/0/schema", json!({ "$ref": "http://example.org/schema.json" })),
            "/actions/0/schema",
        ),
        (with(workflow(), "/format", json!("ihook.workflow/9")), "/format"),
        (with(workflow(), "/name", json!("W".repeat(201))), "/name"),
        (with(workflow(), "/actions/1/id", json!("two\nlines")), "/actions/1/id"),
    ];
    for (file, path) in cases {
        let error = app.call_refused("workflow_save", json!({ "id": made["id"], "file": file })).await;
        assert_eq!(error["code"], "badFile", "{error}");
        let found = error["details"]["path"].as_str().unwrap();
        assert!(found.starts_with(path), "{error} should point to {path}");
    }
    let kept = app.call("workflow_get", json!({ "id": made["id"] })).await;
    assert_eq!(kept["workflow"]["latestVersion"], 1);
    app.stop().await;
}

#[tokio::test]
async fn legacy_placeholders_are_converted_with_a_list_of_changes() {
    let app = TestApp::start().await;
    let file = with(workflow(), "/actions/1/fields/ID", json!("$$memberId$$"));
    let made = app.import(&file).await;
    assert_eq!(made["changes"][0]["path"], "/actions/1/fields/ID");
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(app.settle(&answer.run_id()).await["run"]["status"], "succeeded");
    app.stop().await;
}

#[tokio::test]
async fn problems_warn_and_never_block() {
    let app = TestApp::start().await;
    app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let file = with(workflow(), "/actions/1/fields/ActivityType", json!("NOPE"));
    let made = app.import(&file).await;
    let problems = made["problems"].as_array().unwrap();
    assert!(problems.iter().any(|problem| problem["actionId"] == "activity"), "{problems:?}");
    let listed = app.call("workflow_list", json!({})).await;
    assert_eq!(listed["workflows"][0]["status"], "active");
    app.stop().await;
}

#[tokio::test]
async fn a_first_start_finds_the_check_in_workflow_active_and_only_once() {
    let app = TestApp::start_seeded().await;
    let listed = app.call("workflow_list", json!({})).await;
    let workflow = &listed["workflows"][0];
    assert_eq!(workflow["status"], "active");
    let sent = json!({ "workflowId": workflow["id"], "body": check_in().to_string() });
    let answer = app.call("sender_send", sent).await;
    assert_eq!(answer["status"], 200, "{answer}");
    let detail = app.settle(answer["runId"].as_str().unwrap()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(app.activities("12345").await.len(), 1);

    app.call("workflow_set_status", json!({ "id": workflow["id"], "status": "disabled" })).await;
    app.call("workflow_delete", json!({ "id": workflow["id"] })).await;
    let listed = app.call("workflow_list", json!({})).await;
    assert_eq!(listed["workflows"], json!([]));
    let runs = app.call("run_list", json!({})).await;
    assert_eq!(runs["runs"].as_array().unwrap().len(), 1, "its runs stay as evidence");
    app.stop().await;
}
