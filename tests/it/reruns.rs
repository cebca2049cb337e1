//! Doing a delivery again.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};
use std::time::Duration;

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

    let unmended = app.call("run_release", json!({ "id": first, "again": true })).await;
    let detail = app.settle(unmended["id"].as_str().unwrap()).await;
    assert_eq!(
        detail["run"]["status"], "failed",
        "a rerun that breaks the schema failed, it was not rejected"
    );
    app.stop().await;
}

/// The ids of new runs.
fn ids(answer: &Value) -> Vec<String> {
    let id = |run: &Value| run["id"].as_str().unwrap().to_owned();
    answer["runs"].as_array().unwrap().iter().map(id).collect()
}

/// What a rerun of these runs says and does.
async fn rerun(app: &TestApp, which: Value, from: &str) -> Value {
    let mut request = json!({ "version": "current", "from": from });
    request.as_object_mut().unwrap().extend(which.as_object().unwrap().clone());
    app.call("run_rerun", request).await
}

async fn preview(app: &TestApp, which: Value, from: &str) -> Value {
    let mut which = which;
    which["preview"] = json!(true);
    rerun(app, which, from).await["counts"].clone()
}

fn counts(write: u32, written: u32, look: u32, fail: u32) -> Value {
    json!({
        "willWrite": write, "alreadyWritten": written, "needLook": look, "willFail": fail, "wasRefused": 0
    })
}

/// A workflow whose last step fails until it is mended.
fn broken() -> Value {
    with(workflow(), "/actions/2/panel", json!("No_Such_Panel"))
}

async fn mend(app: &TestApp, id: &Value, file: &Value) {
    app.call("workflow_save", json!({ "id": id, "file": file, "publish": true })).await;
}

#[tokio::test]
async fn a_preview_tells_what_imis_refused_the_last_time() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let body = with(check_in(), "/memberId", json!("99999"));
    let stranger = app.post(&made["url"], &body).await.run_id();
    app.settle(&stranger).await;
    let expected = with(counts(2, 0, 0, 0), "/wasRefused", json!(1));
    assert_eq!(preview(&app, json!({ "ids": [stranger] }), "failed").await, expected);
    app.stop().await;
}

#[tokio::test]
async fn two_reruns_of_one_delivery_write_its_records_once() {
    let app = TestApp::start().await;
    let made = app.import(&broken()).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&first).await;
    mend(&app, &made["id"], &workflow()).await;
    let which = json!({ "ids": [first] });
    assert_eq!(preview(&app, which.clone(), "start").await, counts(1, 1, 0, 0));
    let again = rerun(&app, which.clone(), "start").await;
    app.settle(&ids(&again)[0]).await;
    assert_eq!(
        preview(&app, which.clone(), "start").await,
        counts(0, 2, 0, 0),
        "the rerun wrote the other one"
    );
    let third = rerun(&app, which.clone(), "failed").await;
    assert_eq!(app.settle(&ids(&third)[0]).await["run"]["status"], "succeeded");
    assert_eq!(app.activities("12345").await.len(), 1);
    assert_eq!(
        app.panel_rows("12345", "Event_Attendance").await.len(),
        1,
        "written once, whoever asks again"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_delivery_whose_rerun_has_not_ended_is_left_alone() {
    let app = TestApp::start().await;
    let made = app.import(&broken()).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&first).await;
    mend(&app, &made["id"], &workflow()).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let which = json!({ "ids": [first] });
    let queued = rerun(&app, which.clone(), "start").await;
    assert_eq!(preview(&app, which.clone(), "start").await, counts(0, 0, 1, 0));
    let second = rerun(&app, which, "start").await;
    assert_eq!(second["runs"], json!([]));
    assert_eq!(second["left"][0]["id"], json!(first));
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    app.settle(&ids(&queued)[0]).await;
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn an_undone_record_counts_as_not_written() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&first).await;
    let which = json!({ "ids": [first] });
    assert_eq!(preview(&app, which.clone(), "start").await, counts(0, 2, 0, 0));
    app.call("run_undo", json!({ "id": first, "index": 1, "reason": "scanned twice" })).await;
    assert_eq!(preview(&app, which.clone(), "start").await, counts(1, 1, 0, 0));
    let again = rerun(&app, which.clone(), "start").await;
    app.settle(&ids(&again)[0]).await;
    assert_eq!(app.activities("12345").await.len(), 1, "written again");
    assert_eq!(preview(&app, which, "start").await, counts(0, 2, 0, 0), "by the rerun");
    app.stop().await;
}

#[tokio::test]
async fn a_rerun_whose_connection_points_to_another_site_is_held_and_a_person_decides() {
    let app = TestApp::start().await;
    let save = |url: String| json!({ "name": "club", "baseUrl": url, "username": "sandbox", "password": "sandbox", "timeZone": "UTC" });
    app.call("connection_save", save(app.sandbox_url.clone())).await;
    let made = app.import(&with(workflow(), "/connection", json!("club"))).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&first).await["run"]["status"], "succeeded");
    app.call("connection_save", save(app.sandbox_url.replace("127.0.0.1", "localhost"))).await;

    let which = json!({ "ids": [first] });
    assert_eq!(preview(&app, which.clone(), "start").await, counts(0, 0, 2, 0));
    let again = rerun(&app, which, "start").await;
    let second = ids(&again)[0].clone();
    let held = app.settle(&second).await;
    assert_eq!(held["run"]["status"], "held", "{held:#}");
    assert_eq!(app.activities("12345").await.len(), 1, "neither skipped nor written");
    app.call("run_resolve", json!({ "id": second, "index": 1, "as": "written" })).await;
    assert_eq!(app.settle(&second).await["run"]["status"], "held", "there is another step to decide on");
    app.call("run_resolve", json!({ "id": second, "index": 2, "as": "notWritten" })).await;
    app.wait_for(&second, &["succeeded"]).await;
    assert_eq!(app.activities("12345").await.len(), 1);
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await.len(), 2, "sent to the other site");
    app.stop().await;
}

#[tokio::test]
async fn a_rerun_from_the_failed_step_fits_a_changed_version_by_action_id() {
    let app = TestApp::start().await;
    let note = |id: &str, title: &str| json!({ "id": id, "type": "notify", "title": title, "message": "", "outputProperty": id });
    let fields = json!({ "ID": "{{ memberId }}", "ActivityType": "ATTEND", "Note": "{{ kept.title }}" });
    let insert = |fields: &Value| json!({ "id": "activity", "type": "insertActivity", "fields": fields });
    let long = with(fields.clone(), "/Note", json!("x"));
    let mut wrong = long.clone();
    wrong["Colour"] = json!("red");
    let old = workflow_of(json!([note("gone", "a"), note("kept", "first"), insert(&wrong)]));
    let made = app.import(&old).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&first).await["run"]["error"]["code"], "unknownField");

    let new = workflow_of(json!([note("new", "c"), note("kept", "second"), insert(&fields)]));
    mend(&app, &made["id"], &new).await;
    let which = json!({ "ids": [first] });
    assert_eq!(preview(&app, which.clone(), "failed").await, counts(1, 0, 0, 0));
    let original = json!({ "ids": [first], "version": "original", "from": "failed", "preview": true });
    assert_eq!(app.call("run_rerun", original).await["counts"], counts(0, 0, 0, 1), "as things stood");
    let again = rerun(&app, which, "failed").await;
    let detail = app.settle(&ids(&again)[0]).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let told =
        |step: &Value| format!("{} {}", step["actionId"].as_str().unwrap(), step["status"].as_str().unwrap());
    let mut steps: Vec<_> = detail["steps"].as_array().unwrap().iter().map(told).collect();
    steps.sort();
    assert_eq!(
        steps,
        ["activity succeeded", "kept carried", "new succeeded"],
        "a step that is no more is left out"
    );
    assert_eq!(app.activities("12345").await[0]["NOTE"], "first", "what was done is not done again");
    app.stop().await;
}

#[tokio::test]
async fn a_rerun_of_a_loop_does_only_the_items_without_a_record() {
    let app = TestApp::start().await;
    let insert = json!({ "id": "activity", "type": "insertActivity",
        "fields": { "ID": "{{ who.id }}", "ActivityType": "ATTEND", "Quantity": "{{ who.seats }}" } });
    let each =
        json!([{ "id": "each", "type": "forEach", "list": "/people", "as": "who", "actions": [insert] }]);
    let made = app.import(&workflow_of(each.clone())).await;
    let payload =
        json!({ "people": [{ "id": "10001" }, { "id": "10002", "seats": "many" }, { "id": "10003" }] });
    let first = app.post(&made["url"], &payload).await.run_id();
    assert_eq!(app.settle(&first).await["run"]["status"], "failed");
    let path = "/0/actions/0/fields/Quantity";
    mend(&app, &made["id"], &workflow_of(with(each, path, json!("1")))).await;
    for from in ["start", "failed"] {
        assert_eq!(preview(&app, json!({ "ids": [first] }), from).await, counts(1, 2, 0, 0), "{from}");
    }
    let again = rerun(&app, json!({ "ids": [first] }), "failed").await;
    let detail = app.settle(&ids(&again)[0]).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    for member in ["10001", "10002", "10003"] {
        assert_eq!(app.activities(member).await.len(), 1, "{member}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_blank_date_and_now_mean_the_day_of_the_delivery_also_in_a_rerun() {
    let app = TestApp::start().await;
    let fields = |date: &str, note: &str| {
        json!([{ "id": "a", "type": "insertActivity", "fields":
            { "ID": "{{ memberId }}", "ActivityType": "ATTEND", "TransactionDate": date, "Note": note } }])
    };
    let made = app.import(&workflow_of(fields("", "{{ nothing | append: 1 | divided_by: 0 }}"))).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    let run = app.settle(&first).await["run"].clone();
    assert_eq!(run["status"], "failed", "{run:#}");
    app.clock.advance(Duration::from_secs(3 * 24 * 3600));
    let mut dates = Vec::new();
    for date in ["", "now"] {
        mend(&app, &made["id"], &workflow_of(fields(date, "{{ 'now' | date: '%Y-%m-%dT%H:%M:%S' }}"))).await;
        let release = json!({ "id": first, "payload": check_in(), "again": true });
        let released = app.call("run_release", release).await;
        let detail = app.settle(released["id"].as_str().unwrap()).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
        let newest = app.activities("12345").await[0].clone();
        assert_eq!(newest["TRANSACTION_DATE"], newest["NOTE"], "the template and the field agree");
        dates.push(newest["TRANSACTION_DATE"].clone());
    }
    assert_eq!(dates[0], dates[1]);
    let received: jiff::Timestamp = run["receivedAt"].as_str().unwrap().parse().unwrap();
    let local = received.to_zoned_datetime(jiff::tz::TimeZone::system());
    assert_eq!(dates[0], local.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    app.stop().await;
}

#[tokio::test]
async fn what_came_live_goes_before_reruns() {
    let app = TestApp::start().await;
    let file = |panel: &str| {
        let mut file = with(workflow(), "/actions/2/panel", json!(panel));
        file["trigger"]["ordered"] = json!(true);
        file["actions"] = json!([file["actions"][2].clone()]);
        file
    };
    let made = app.import(&file("No_Such_Panel")).await;
    let first = app.post(&made["url"], &with(check_in(), "/sessionCode", json!("OLD"))).await.run_id();
    app.settle(&first).await;
    mend(&app, &made["id"], &file("Event_Attendance")).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let again = rerun(&app, json!({ "ids": [first] }), "start").await;
    let live = app.post(&made["url"], &with(check_in(), "/sessionCode", json!("NEW"))).await.run_id();
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    app.settle(&live).await;
    app.settle(&ids(&again)[0]).await;
    let rows = app.panel_rows("12345", "Event_Attendance").await;
    let sessions: Vec<_> = rows.iter().map(|row| row["Session"].as_str()).collect();
    assert_eq!(sessions, ["OLD", "NEW"], "newest first: the delivery went before the rerun");
    app.stop().await;
}

#[tokio::test]
async fn more_than_five_hundred_rejected_payloads_are_released_by_a_filter_in_order_of_arrival() {
    let app = TestApp::start().await;
    let strict = with(
        workflow_of(json!([workflow()["actions"][0].clone()])),
        "/actions/0/schema/required",
        json!(["never"]),
    );
    let made = app.import(&strict).await;
    let mut sent = Vec::new();
    for _ in 0..520 {
        sent.push(app.post(&made["url"], &check_in()).await.run_id());
    }
    mend(&app, &made["id"], &workflow_of(json!([workflow()["actions"][0].clone()]))).await;
    let which = json!({ "filter": { "workflowId": made["id"], "status": "rejected" } });
    assert_eq!(
        preview(&app, which.clone(), "start").await,
        counts(0, 0, 0, 0),
        "nothing here writes to iMIS"
    );
    let released = rerun(&app, which, "start").await;
    let of: Vec<_> = released["runs"].as_array().unwrap().iter().map(|run| run["rerunOf"].clone()).collect();
    assert_eq!(of, sent.iter().map(|id| json!(id)).collect::<Vec<_>>());
    for id in ids(&released) {
        assert_eq!(app.settle(&id).await["run"]["status"], "succeeded");
    }
    let audit = app.call("audit_list", json!({ "limit": 1 })).await;
    assert_eq!(audit["entries"][0]["detail"], "current version, from the start");
    app.stop().await;
}
