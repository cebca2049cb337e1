//! What two people decide at the same moment, or what is decided on something that is no longer so: the first word
//! holds, and the other one is told what happened.

use std::time::Duration;

use ihook_app::WireError;
use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);

fn activity() -> Value {
    workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "ActivityType": "ATTEND", "TransactionDate": "{{ checkInTime }}" } }]))
}

fn fault(kind: &str) -> Value {
    json!([{ "kind": kind, "on": "insert", "count": 1 }])
}

/// Two commands at once: those that did something, and those that were refused.
async fn both(app: &TestApp, command: &str, one: Value, other: Value) -> (Vec<Value>, Vec<Value>) {
    let (one, other) = tokio::join!(app.try_call(command, one), app.try_call(command, other));
    let mut counts = (Vec::new(), Vec::new());
    for answer in [one, other] {
        match answer {
            Ok(done) => counts.0.push(done),
            Err(refused) => counts.1.push(wire(&refused)),
        }
    }
    counts
}

fn wire(error: &WireError) -> Value {
    serde_json::to_value(error).unwrap()
}

fn says(refused: &Value, by: &str, words: &str) {
    assert_eq!(refused["code"], "conflict", "{refused:#}");
    assert_eq!(refused["details"]["meanwhile"]["by"], by, "{refused:#}");
    assert!(refused["message"].as_str().unwrap().contains(words), "{refused:#}");
}

/// A run that is held, since two records in iMIS look like its own.
async fn held(app: &TestApp) -> String {
    let made = app.import(&activity()).await;
    for _ in 0..2 {
        app.faults(fault("dropAfterCommit")).await;
        let id = app.post(&made["url"], &check_in()).await.run_id();
        app.wait_for(&id, &["inDoubt"]).await;
        app.call("run_cancel", json!({ "id": id })).await;
    }
    app.faults(fault("dropBeforeCommit")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(11 * SECOND);
    app.wait_for(&id, &["held"]).await;
    id
}

#[tokio::test]
async fn of_two_opposite_words_on_one_step_the_first_holds_and_the_other_is_told() {
    let app = TestApp::start().await;
    let id = held(&app).await;
    let word = |found: &str| json!({ "id": id, "index": 0, "as": found });
    let (done, refused) = both(&app, "run_resolve", word("written"), word("notWritten")).await;
    assert_eq!((done.len(), refused.len()), (1, 1), "one of them decides: {done:?} {refused:?}");
    says(&refused[0], "person", "somebody said that the record is");
    assert!(refused[0]["details"]["meanwhile"]["at"].is_string(), "and when: {:#}", refused[0]);
    app.wait_for(&id, &["succeeded"]).await;
    let audit = app.call("audit_list", json!({})).await;
    let words = audit["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "run_resolve");
    assert_eq!(words.count(), 1, "what did not count is not in the list: {audit:#}");
    let late = app.call_refused("run_resolve", word("notWritten")).await;
    says(&late, "iHook", "the run succeeded");
    app.stop().await;
}

#[tokio::test]
async fn a_word_about_an_earlier_request_says_nothing_of_the_one_that_went_out_since() {
    let app = TestApp::start().await;
    let id = held(&app).await;
    let seen = app.call("run_get", json!({ "id": id })).await["steps"][0]["attempts"].clone();
    app.faults(fault("dropAfterCommit")).await;
    let word = json!({ "id": id, "index": 0, "as": "notWritten", "attempts": seen });
    app.call("run_resolve", word.clone()).await;
    app.wait_for(&id, &["inDoubt"]).await;
    let refused = app.call_refused("run_resolve", word).await;
    says(&refused, "iHook", "went out again");
    assert_eq!(app.activities("12345").await.len(), 3, "it was written once more, not twice");
    app.call("run_resolve", json!({ "id": id, "index": 0, "as": "written", "attempts": 2 })).await;
    app.wait_for(&id, &["succeeded"]).await;
    app.stop().await;
}

#[tokio::test]
async fn what_has_ended_says_how_to_whoever_cancels_or_hastens_it() {
    let app = TestApp::start().await;
    let made = app.import(&activity()).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["succeeded"]).await;
    says(&app.call_refused("run_cancel", json!({ "id": id })).await, "iHook", "the run succeeded");
    says(&app.call_refused("run_retry_now", json!({ "id": id })).await, "iHook", "the run succeeded");
    app.faults(fault("dropBeforeCommit")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.call("run_cancel", json!({ "id": id })).await;
    let word = json!({ "id": id, "as": "notWritten" });
    says(&app.call_refused("run_resolve", word).await, "person", "somebody cancelled the run");
    app.stop().await;
}

#[tokio::test]
async fn one_record_is_undone_by_one_person_and_once() {
    let app = TestApp::start().await;
    let made = app.import(&activity()).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["succeeded"]).await;
    let undo = |reason: &str| json!({ "id": id, "reason": reason });
    let (done, refused) = both(&app, "run_undo", undo("wrong badge"), undo("wrong door")).await;
    assert_eq!((done.len(), refused.len()), (1, 1), "{done:?} {refused:?}");
    says(&refused[0], "person", "deleted");
    assert_eq!(app.activities("12345").await.len(), 0);
    let late = app.call_refused("run_undo", undo("wrong room")).await;
    says(&late, "person", "wrong");
    let audit = app.call("audit_list", json!({})).await;
    let undone = audit["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "run_undo");
    assert_eq!(undone.count(), 1, "{audit:#}");
    app.stop().await;
}

#[tokio::test]
async fn an_undo_that_imis_does_not_take_can_be_tried_again() {
    let app = TestApp::start().await;
    let made = app.import(&activity()).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["succeeded"]).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "change", "count": 1 }])).await;
    let undo = json!({ "id": id, "reason": "wrong badge" });
    assert_eq!(app.call_refused("run_undo", undo.clone()).await["code"], "imis");
    app.call("run_undo", undo).await;
    assert_eq!(app.activities("12345").await.len(), 0);
    app.stop().await;
}

#[tokio::test]
async fn a_run_is_not_repeated_while_a_record_of_it_is_being_undone() {
    let app = TestApp::start().await;
    let made = app.import(&activity()).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["succeeded"]).await;
    // The deletion takes its time; the rerun comes in the middle of it.
    app.faults(json!([{ "kind": "delay", "milliseconds": 300, "on": "change", "count": 1 }])).await;
    let again = json!({ "ids": [id], "version": "current", "from": "start" });
    let undo = app.try_call("run_undo", json!({ "id": id, "reason": "wrong badge" }));
    let rerun = async {
        // It has begun as soon as another one may not begin.
        app.until(async || app.try_call("run_undo", json!({ "id": id, "reason": "?" })).await.is_err()).await;
        app.call("run_rerun", again.clone()).await
    };
    let (undone, repeated) = tokio::join!(undo, rerun);
    assert!(undone.is_ok(), "{undone:?}");
    assert_eq!(repeated["runs"], json!([]), "it would skip what is about to go: {repeated:#}");
    assert!(repeated["left"][0]["reason"].as_str().unwrap().contains("being undone"), "{repeated:#}");
    let repeated = app.call("run_rerun", again).await;
    app.settle(repeated["runs"][0]["id"].as_str().unwrap()).await;
    assert_eq!(app.activities("12345").await.len(), 1, "afterwards it is written again");
    app.stop().await;
}

/// A rejected run of the tutorial's workflow: a payload without its required members.
async fn rejected(app: &TestApp) -> String {
    let made = app.import(&workflow()).await;
    app.post(&made["url"], &json!({ "memberId": "12345" })).await.run_id()
}

#[tokio::test]
async fn a_rejected_payload_is_released_once_unless_a_person_says_again() {
    let app = TestApp::start().await;
    let id = rejected(&app).await;
    let edited =
        |session: &str| json!({ "id": id, "payload": with(check_in(), "/sessionCode", json!(session)) });
    let (done, refused) = both(&app, "run_release", edited("KEYNOTE"), edited("KEYNOTE")).await;
    assert_eq!((done.len(), refused.len()), (1, 1), "{done:?} {refused:?}");
    app.settle(done[0]["id"].as_str().unwrap()).await;
    // The same once more, another one, and the one received: each would write the delivery a second time.
    for request in [edited("KEYNOTE"), edited("LATER"), json!({ "id": id })] {
        let refused = app.call_refused("run_release", request.clone()).await;
        assert_eq!(refused["code"], "conflict", "{request}: {refused:#}");
        assert_eq!(refused["details"]["again"], true, "{refused:#}");
        assert_eq!(refused["details"]["runs"], json!([done[0]["id"]]), "{refused:#}");
        assert!(refused["message"].as_str().unwrap().contains("succeeded"), "what became of it: {refused:#}");
    }
    assert_eq!(app.activities("12345").await.len(), 1);
    let again = app.call("run_release", merged(edited("LATER"), &json!({ "again": true }))).await;
    assert_eq!(again["rerunOf"], json!(id));
    app.settle(again["id"].as_str().unwrap()).await;
    assert_eq!(app.activities("12345").await.len(), 2, "a person's word");
    app.stop().await;
}

fn merged(mut one: Value, more: &Value) -> Value {
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one
}

#[tokio::test]
async fn an_edited_payload_does_not_write_again_beside_records_that_stand() {
    let app = TestApp::start().await;
    let made = app.import(&with(workflow(), "/actions/2/panel", json!("No_Such_Panel"))).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(app.settle(&id).await["run"]["status"], "failed");
    app.call("workflow_save", json!({ "id": made["id"], "file": workflow(), "publish": true })).await;
    let edited = json!({ "id": id, "payload": with(check_in(), "/sessionCode", json!("LATER")) });
    let refused = app.call_refused("run_release", edited.clone()).await;
    assert_eq!((&refused["code"], &refused["details"]["records"]), (&json!("conflict"), &json!(1)));
    // The same payload is a rerun, whatever the order of its members: what is there is not written again.
    let mut same: Vec<_> = check_in().as_object().unwrap().clone().into_iter().collect();
    same.reverse();
    let same: Value = same.into_iter().collect::<serde_json::Map<_, _>>().into();
    let again = app.call("run_release", json!({ "id": id, "payload": same })).await;
    let detail = app.settle(again["id"].as_str().unwrap()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(app.activities("12345").await.len(), 1);
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await.len(), 1);
    app.call("run_undo", json!({ "id": id, "index": 1, "reason": "to be written anew" })).await;
    let again = app.call("run_release", merged(edited, &json!({ "again": true }))).await;
    app.settle(again["id"].as_str().unwrap()).await;
    assert_eq!(app.activities("12345").await.len(), 1);
    assert_eq!(app.panel_rows("12345", "Event_Attendance").await.len(), 2, "a person's word");
    app.stop().await;
}

#[tokio::test]
async fn a_refused_delivery_runs_a_second_time_only_when_a_person_says_again() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "disabled" })).await;
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 400);
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    let entry = app.call("delivery_list", json!({})).await["deliveries"][0]["id"].clone();
    let plain = json!({ "id": entry });
    let edited = json!({ "id": entry, "payload": with(check_in(), "/sessionCode", json!("LATER")) });
    let (done, refused) = both(&app, "delivery_release", plain, edited.clone()).await;
    assert_eq!((done.len(), refused.len()), (1, 1), "{done:?} {refused:?}");
    let first = done[0]["id"].as_str().unwrap();
    assert_eq!(app.settle(first).await["run"]["status"], "succeeded");
    let refused = app.call_refused("delivery_release", edited.clone()).await;
    assert_eq!((&refused["details"]["again"], &refused["details"]["runs"]), (&json!(true), &json!([first])));
    assert_eq!(app.activities("12345").await.len(), 1);
    let again = app.call("delivery_release", merged(edited, &json!({ "again": true }))).await;
    let detail = app.settle(again["id"].as_str().unwrap()).await;
    assert_eq!(detail["run"]["rerunOf"], json!(first), "the two belong together: {detail:#}");
    assert_eq!(app.activities("12345").await.len(), 2);
    let entry = app.call("delivery_list", json!({})).await["deliveries"][0].clone();
    assert_eq!(entry["releasedRun"], again["id"]);
    app.stop().await;
}

#[tokio::test]
async fn settings_saved_by_two_people_at_once_are_both_kept() {
    let app = TestApp::start().await;
    let (days, size) = (json!({ "retentionDays": 7 }), json!({ "maxBodyBytes": 4096 }));
    let (done, refused) =
        both(&app, "settings_save", json!({ "settings": days }), json!({ "settings": size })).await;
    assert_eq!((done.len(), refused.len()), (2, 0), "{refused:?}");
    for _ in 0..2 {
        let settings = app.call("settings_get", json!({})).await["settings"].clone();
        assert_eq!((&settings["retentionDays"], &settings["maxBodyBytes"]), (&json!(7), &json!(4096)));
    }
    let app = app.restart().await;
    let settings = app.call("settings_get", json!({})).await["settings"].clone();
    assert_eq!((&settings["retentionDays"], &settings["maxBodyBytes"]), (&json!(7), &json!(4096)));
    app.stop().await;
}

#[tokio::test]
async fn of_two_new_urls_at_once_the_one_that_is_copied_is_the_one_that_works() {
    let app = TestApp::start().await;
    let made = app.import(&activity()).await;
    for _ in 0..5 {
        let id = json!({ "id": made["id"] });
        let (done, refused) = both(&app, "workflow_regenerate_url", id.clone(), id.clone()).await;
        assert_eq!((done.len(), refused.len()), (2, 0), "{refused:?}");
        let url = app.call("workflow_url", id).await["url"].clone();
        let answer = app.post(&url, &check_in()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        app.settle(&answer.run_id()).await;
    }
    app.stop().await;
}
