//! Versions of a workflow: compared, restored, pinned by runs; and the states around them.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use serde_json::json;

#[tokio::test]
async fn versions_are_compared_by_action_and_field_and_an_old_one_comes_back() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let id = &made["id"];
    let other = with(workflow(), "/actions/1/fields/ProductCode", json!("{{ input.eventCode | downcase }}"));
    let saved = app.call("workflow_save", json!({ "id": id, "file": other, "publish": true })).await;
    assert_eq!(saved["version"], 2);

    let expected = json!([{ "path": "/actions/1/fields/ProductCode", "actionId": "activity", "field": "ProductCode",
        "kind": "changed", "before": "{{ input.eventCode }}", "after": "{{ input.eventCode | downcase }}" }]);
    let compared = app.call("workflow_compare", json!({ "id": id, "a": 1, "b": 2 })).await;
    assert_eq!(compared["differences"], expected);
    let draft = app.call("workflow_compare", json!({ "id": id, "a": 1, "file": other.to_string() })).await;
    assert_eq!(draft["differences"], expected, "a file that is not saved is compared all the same");
    let refused = app.call_refused("workflow_compare", json!({ "id": id, "a": 9 })).await;
    assert_eq!(refused["code"], "notFound");

    let first = app.call("workflow_get", json!({ "id": id, "version": 1 })).await;
    assert_eq!(first["file"], workflow());
    let restored = app.call("workflow_restore", json!({ "id": id, "version": 1, "publish": true })).await;
    assert_eq!(restored["version"], 3, "history only grows");
    let now = app.call("workflow_get", json!({ "id": id })).await;
    assert_eq!(now["file"], workflow());
    let told: Vec<_> = now["versions"].as_array().unwrap().iter().map(|v| v["published"].clone()).collect();
    assert_eq!(told, [json!(true), json!(false), json!(false)]);
    app.stop().await;
}

#[tokio::test]
async fn a_run_keeps_its_version_and_a_disabled_workflow_drains() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let id = &made["id"];
    let set = |status: &str| json!({ "id": id, "status": status });
    app.call("workflow_set_status", set("paused")).await;
    let run = app.post(&made["url"], &check_in()).await.run_id();
    let other = with(workflow(), "/actions/1/fields/ActivityType", json!("CALL"));
    app.call("workflow_save", json!({ "id": id, "file": other, "publish": true })).await;

    let refused = app.call_refused("workflow_set_status", set("archived")).await;
    assert_eq!(refused["code"], "conflict", "its queue is not empty");
    let refused = app.call_refused("workflow_delete", json!({ "id": id })).await;
    assert_eq!(refused["code"], "conflict");
    app.call("workflow_set_status", set("disabled")).await;
    let detail = app.settle(&run).await;
    assert_eq!((&detail["run"]["status"], &detail["run"]["version"]), (&json!("succeeded"), &json!(1)));
    assert_eq!(
        app.activities("12345").await[0]["ACTIVITY_TYPE"],
        "ATTEND",
        "as it was when the delivery came"
    );
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 400);
    app.call("workflow_set_status", set("archived")).await;
    let refused = app.call_refused("workflow_save", json!({ "id": id, "file": workflow() })).await;
    assert_eq!(refused["code"], "conflict", "an archived workflow cannot be edited");
    app.call("workflow_delete", json!({ "id": id })).await;
    let listed = app.call("run_get", json!({ "id": run })).await;
    assert_eq!(listed["run"]["workflowName"], workflow()["name"], "its runs stay as evidence");
    app.stop().await;
}

#[tokio::test]
async fn publishing_a_draft_does_not_activate_it() {
    let app = TestApp::start().await;
    let made = app.call("workflow_save", json!({ "file": workflow(), "publish": true })).await;
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 400);
    let got = app.call("workflow_get", json!({ "id": made["id"] })).await;
    assert_eq!((&got["workflow"]["status"], &got["workflow"]["version"]), (&json!("draft"), &json!(1)));
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    let run = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&run).await;
    app.stop().await;
}

/// As a file that a later program wrote may be, when somebody goes back to this one.
#[tokio::test]
async fn a_published_version_that_cannot_be_read_leaves_its_deliveries_with_their_sender() {
    use ihook_store::erase::files;
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let app = app
        .restart_after(|data_dir| {
            let store = ihook_store::Store::open(&data_dir.join("ihook.db")).unwrap();
            let spoilt = store.write(|tx| {
                files::saved(tx)?.iter().try_for_each(|file| {
                    files::set_saved(tx, file.workflow_id, file.number, "{\"format\": \"ihook.workflow/9\"}")
                })
            });
            on_a_thread(spoilt).unwrap();
            store.close_blocking();
        })
        .await;
    let url = app.call("workflow_url", json!({ "id": made["id"] })).await["url"].clone();
    let answer = app.post(&url, &check_in()).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
    assert!(answer.text.contains("cannot be used now"), "{}", answer.text);
    let listed = app.call("workflow_list", json!({})).await;
    assert_eq!(listed["workflows"][0]["refusing"], json!({ "kind": "version" }), "{listed:#}");
    assert_eq!(app.call("standing", json!({})).await["standing"], "refusing");
    app.stop().await;
}

/// On a thread of its own: the test's own runtime is busy with the test.
pub(crate) fn on_a_thread<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let done = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(work)
        });
        done.join().unwrap()
    })
}
