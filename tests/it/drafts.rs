//! What an editor has not saved yet is kept, and a save never goes over a newer version unasked.

use ihook_tests::TestApp;
use ihook_tests::files::{with, workflow};
use serde_json::json;

#[tokio::test]
async fn a_draft_is_kept_for_each_editor_and_forgotten_when_told() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let id = &made["id"];
    for (editor, description) in [("one", "first"), ("two", "other window"), ("one", "second")] {
        let file = with(workflow(), "/name", json!(description));
        app.call("draft_save", json!({ "editor": editor, "id": id, "base": 1, "file": file })).await;
        app.clock.advance(std::time::Duration::from_secs(1));
    }
    app.call("draft_save", json!({ "editor": "new", "base": 0, "file": { "unfinished": true } })).await;

    let kept = app.call("draft_list", json!({ "id": id })).await;
    let found: Vec<_> = kept["drafts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|draft| (draft["editor"].as_str().unwrap(), draft["file"]["name"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("one", "second"), ("two", "other window")], "newest first, one for each editor");
    assert_eq!(kept["drafts"][0]["base"], 1);
    let fresh = app.call("draft_list", json!({})).await;
    assert_eq!(fresh["drafts"][0]["file"], json!({ "unfinished": true }), "what cannot be saved is kept too");

    app.call("draft_discard", json!({ "editor": "one" })).await;
    let kept = app.call("draft_list", json!({ "id": id })).await;
    assert_eq!(kept["drafts"].as_array().unwrap().len(), 1);
    let detail = app.call("workflow_get", json!({ "id": id })).await;
    assert_eq!(detail["workflow"]["latestVersion"], 1, "a draft is no version");

    app.call("workflow_delete", json!({ "id": id })).await;
    let error = app.call_refused("draft_list", json!({ "id": id })).await;
    assert_eq!(error["code"], "notFound");
    app.stop().await;
}

#[tokio::test]
async fn a_draft_nobody_came_back_to_is_forgotten() {
    let app = TestApp::start().await;
    app.call("draft_save", json!({ "editor": "old", "base": 0, "file": {} })).await;
    app.clock.advance(std::time::Duration::from_secs(91 * 24 * 60 * 60));
    app.call("draft_save", json!({ "editor": "new", "base": 0, "file": {} })).await;
    let kept = app.call("draft_list", json!({})).await;
    assert_eq!(kept["drafts"].as_array().unwrap().len(), 1);
    assert_eq!(kept["drafts"][0]["editor"], "new");
    app.stop().await;
}

#[tokio::test]
async fn a_draft_without_a_name_or_an_object_is_refused() {
    let app = TestApp::start().await;
    for request in [
        json!({ "editor": "", "base": 0, "file": {} }),
        json!({ "editor": "x".repeat(65), "base": 0, "file": {} }),
        json!({ "editor": "x", "base": 0, "file": "text" }),
        json!({ "editor": "x", "base": -1, "file": {} }),
    ] {
        assert_eq!(app.call_refused("draft_save", request).await["code"], "badRequest");
    }
    app.stop().await;
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_instead_of_saving_over_the_first() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let id = &made["id"];
    let save = |description: &str, base: u32| {
        let file = with(workflow(), "/name", json!(description));
        json!({ "id": id, "file": file, "base": base, "publish": true })
    };
    assert_eq!(app.call("workflow_save", save("first", 1)).await["version"], 2);
    let error = app.call_refused("workflow_save", save("second", 1)).await;
    assert_eq!(error["code"], "newerVersion");
    assert_eq!(error["details"]["latestVersion"], 2);
    let kept = app.call("workflow_get", json!({ "id": id })).await;
    assert_eq!(kept["file"]["name"], "first");
    assert_eq!(kept["workflow"]["version"], 2);
    assert_eq!(app.call("workflow_save", save("second, having looked", 2)).await["version"], 3);
    app.stop().await;
}
