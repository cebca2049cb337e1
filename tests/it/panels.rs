//! Rows of panels: read back for their key, undone by it, found again when in doubt, and refused where iHook
//! writes none.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow_of};
use serde_json::{Value, json};

fn row_of(panel: &str, fields: &Value) -> Value {
    workflow_of(json!([{ "id": "row", "type": "insertPanelRecord", "panel": panel, "fields": fields }]))
}

fn attendance() -> Value {
    row_of(
        "Event_Attendance",
        &json!({ "ID": "{{ memberId }}", "Session": "{{ sessionCode }}", "Hours": "1.50" }),
    )
}

fn session(name: &str) -> Value {
    with(check_in(), "/sessionCode", json!(name))
}

async fn written(app: &TestApp, url: &Value, payload: &Value) -> (String, Value) {
    let id = app.post(url, payload).await.run_id();
    let detail = app.settle(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    (id, detail["steps"][0]["recordKey"].clone())
}

#[tokio::test]
async fn a_new_row_is_read_back_for_its_key_which_the_answer_does_not_tell() {
    let app = TestApp::start().await;
    let made = app.import(&attendance()).await;
    let (id, first) = written(&app, &made["url"], &session("A")).await;
    let (_, second) = written(&app, &made["url"], &session("B")).await;
    let (_, like_the_first) = written(&app, &made["url"], &session("A")).await;
    assert_eq!((first, second), (json!("~12345|1"), json!("~12345|2")));
    assert_eq!(like_the_first, "~12345|3", "the first row belongs to another run");
    let response = app.call("run_get", json!({ "id": id })).await["steps"][0]["response"].clone();
    assert_eq!(response["body"]["Identity"]["IdentityElements"]["$values"], json!(["12345", "0"]));
    let badge =
        app.import(&row_of("Member_Badge", &json!({ "ID": "{{ memberId }}", "BadgeName": "Ada" }))).await;
    assert_eq!(
        written(&app, &badge["url"], &check_in()).await.1,
        "12345",
        "one row a member needs no number"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_row_is_undone_by_its_key_with_a_reason_and_only_while_it_is_as_written() {
    let app = TestApp::start().await;
    let made = app.import(&attendance()).await;
    let (first, _) = written(&app, &made["url"], &session("A")).await;
    let (second, _) = written(&app, &made["url"], &session("B")).await;
    let undo = |id: &str| json!({ "id": id, "reason": "wrong badge" });
    assert_eq!(
        app.call_refused("run_undo", json!({ "id": first, "reason": " " })).await["code"],
        "badRequest"
    );
    app.call("run_undo", undo(&first)).await;
    let left = app.panel_rows("12345", "Event_Attendance").await;
    assert_eq!(left.iter().map(|row| row["Session"].as_str()).collect::<Vec<_>>(), ["B"]);
    assert_eq!(app.call_refused("run_undo", undo(&first)).await["code"], "conflict", "once is enough");
    let audit = app.call("audit_list", json!({})).await;
    assert!(audit.to_string().contains("Event_Attendance ~12345|1: wrong badge"), "{audit:#}");

    change_row(&app, "~12345%7C2", "Session", "C").await;
    let refused = app.call_refused("run_undo", undo(&second)).await;
    assert_eq!(refused["code"], "conflict", "someone has worked on the row since: {refused}");
    change_row(&app, "~12345%7C2", "Session", "B").await;
    app.faults(json!([{ "kind": "dropAfterCommit", "on": "change", "count": 1 }])).await;
    app.call("run_undo", undo(&second)).await;
    assert_eq!(
        app.panel_rows("12345", "Event_Attendance").await.len(),
        0,
        "the answer was lost, the row is gone"
    );
    app.stop().await;
}

/// Changes a row in the sandbox behind iHook's back.
async fn change_row(app: &TestApp, key: &str, column: &str, value: &str) {
    let token = app.http.post(format!("{}/token", app.sandbox_url));
    let token = token.body("grant_type=password&username=sandbox&password=sandbox").send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let body = json!({ "Properties": { "$values": [{ "Name": column, "Value": value }] } });
    let url = format!("{}/api/Event_Attendance?EntityId={key}", app.sandbox_url);
    let request = app.http.put(url).bearer_auth(token["access_token"].as_str().unwrap()).json(&body);
    assert!(request.send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn a_row_in_doubt_is_told_by_all_its_columns() {
    let app = TestApp::start().await;
    let made = app.import(&attendance()).await;
    // A row that is like it but for one column, and that no run wrote.
    app.faults(json!([{ "kind": "dropAfterCommit", "count": 1 }])).await;
    let other = app.post(&made["url"], &session("OTHER")).await.run_id();
    app.wait_for(&other, &["inDoubt"]).await;
    app.call("run_cancel", json!({ "id": other })).await;
    app.faults(json!([{ "kind": "dropAfterCommit", "count": 1 }])).await;
    let id = app.post(&made["url"], &session("MINE")).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    let detail = app.wait_for(&id, &["succeeded", "failed", "held"]).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(detail["steps"][0]["recordKey"], "~12345|2");
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await.len(), 2, "adopted, not sent again");
    app.stop().await;
}

#[tokio::test]
async fn rows_of_nobody_are_written_and_rows_of_other_parents_are_refused() {
    let app = TestApp::start().await;
    let scan = row_of("Door_Scan", &json!({ "Door": "NORTH", "Badge": "{{ memberId }}", "Admitted": "yes" }));
    let scans = app.import(&scan).await;
    let (first, key) = written(&app, &scans["url"], &check_in()).await;
    assert_eq!(key, "1", "numbered through");
    app.faults(json!([{ "kind": "dropAfterCommit", "count": 1 }])).await;
    let doubt = app.post(&scans["url"], &check_in()).await.run_id();
    app.wait_for(&doubt, &["inDoubt"]).await;
    app.clock.advance(Duration::from_secs(11));
    let found = app.wait_for(&doubt, &["succeeded", "failed", "held"]).await;
    assert_eq!(found["steps"][0]["recordKey"], "2", "{found:#}");
    app.call("run_undo", json!({ "id": first, "reason": "a test" })).await;

    let booth = app.import(&row_of("Booth_Staff", &json!({ "ID": "{{ memberId }}", "Booth": "12" }))).await;
    let id = app.post(&booth["url"], &check_in()).await.run_id();
    let run = app.settle(&id).await["run"].clone();
    assert_eq!(
        (run["status"].as_str(), run["error"]["code"].as_str()),
        (Some("failed"), Some("panelParent"))
    );
    assert!(run["error"]["message"].as_str().unwrap().contains("Event"), "{run:#}");
    let groups = app.call("failure_groups", json!({})).await["groups"].clone();
    assert_eq!((&groups[0]["code"], &groups[0]["owner"]), (&json!("panelParent"), &json!("workflow")));
    assert!(groups[0]["cause"].as_str().unwrap().contains("panel"), "it is told apart: {groups:#}");
    app.stop().await;
}

#[tokio::test]
async fn columns_are_held_to_their_type_scale_and_choices() {
    let app = TestApp::start().await;
    app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let cases = [
        ("Hours", "1.255", "tooLong"),
        ("Hours", "many", "wrongType"),
        ("Room", "a room with a very long name", "tooLong"),
        ("Vip", "perhaps", "wrongType"),
        ("CheckInTime", "early", "badDate"),
        ("Ordinal", "7", "unknownField"),
        ("CreatedBy", "me", "unknownField"),
        ("Colour", "red", "unknownField"),
        ("Attendance", "XX", "refused"),
    ];
    for (column, value, code) in cases {
        let file = row_of("Event_Attendance", &json!({ "ID": "{{ memberId }}", column: value }));
        let made = app.import(&file).await;
        assert_ne!(made["problems"], json!([]), "{column}: a constant is judged before anything runs");
        let id = app.post(&made["url"], &check_in()).await.run_id();
        let run = app.settle(&id).await["run"].clone();
        assert_eq!(run["error"]["code"], code, "{column} {value}: {run:#}");
        assert!(run["error"]["message"].as_str().unwrap().contains(column), "{run:#}");
    }
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await.len(), 0);
    app.stop().await;
}
