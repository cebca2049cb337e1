//! docs/behavior.md#running, sentence by sentence: retries, breaker, pauses, doubts, what a person decides.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow_of};
use ihook_tests::site::{Site, faults, ledger, written};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

fn insert(id: &str, member: &str) -> Value {
    json!({ "id": id, "type": "insertActivity", "fields": {
        "ID": member, "ActivityType": "ATTEND", "TransactionDate": "{{ checkInTime }}", "Description": id } })
}

fn one() -> Value {
    workflow_of(json!([insert("activity", "{{ memberId }}")]))
}

fn at(file: Value, connection: &str) -> Value {
    with(file, "/connection", json!(connection))
}

async fn connect(app: &TestApp, name: &str, url: &str) {
    let site = json!({ "name": name, "baseUrl": url, "username": "sandbox", "password": "sandbox" });
    app.call("connection_save", site).await;
}

fn people(names: &[&str]) -> Value {
    json!({ "checkInTime": "2026-05-27T09:15:00", "people": names })
}

fn each(actions: &Value) -> Value {
    workflow_of(
        json!([{ "id": "each", "type": "forEach", "list": "/people", "as": "person", "actions": actions }]),
    )
}

#[tokio::test]
async fn an_item_in_doubt_is_settled_and_no_item_is_lost_or_written_twice() {
    for kind in ["dropBeforeCommit", "dropAfterCommit"] {
        let app = TestApp::start().await;
        let made =
            app.import(&each(&json!([insert("a", "{{ person }}"), insert("b", "{{ person }}")]))).await;
        app.faults(json!([{ "kind": kind, "on": "insert", "count": 1 }])).await;
        let id = app.post(&made["url"], &people(&["10001", "10002", "10003"])).await.run_id();
        let doubt = app.wait_for(&id, &["inDoubt"]).await;
        let of_first: Vec<_> = doubt["steps"].as_array().unwrap().iter().map(|s| s["item"].clone()).collect();
        assert_eq!(of_first[0], 0, "the others did not take its place: {doubt:#}");
        app.clock.advance(11 * SECOND);
        app.clock.advance(60 * SECOND);
        let detail = app.settle(&id).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{kind}: {detail:#}");
        for member in ["10001", "10002", "10003"] {
            let mut rows: Vec<_> =
                app.activities(member).await.iter().map(|row| row["DESCRIPTION"].clone()).collect();
            rows.sort();
            assert_eq!(rows, ["a", "b"], "{kind}: member {member}");
        }
        app.stop().await;
    }
}

#[tokio::test]
async fn a_step_left_to_a_person_is_not_sent_again_when_another_one_is_decided() {
    let app = TestApp::start().await;
    let made = app.import(&each(&json!([insert("a", "{{ person }}")]))).await;
    // Two records for each of two members that belong to no run: a third cannot be told apart.
    let other = app.import(&each(&json!([insert("a", "{{ person }}")]))).await;
    for _ in 0..2 {
        app.faults(json!([{ "kind": "dropAfterCommit", "on": "insert", "count": 2 }])).await;
        let id = app.post(&other["url"], &people(&["10001", "10002"])).await.run_id();
        app.wait_for(&id, &["inDoubt"]).await;
        app.call("run_cancel", json!({ "id": id })).await;
    }
    app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 2 }])).await;
    let id = app.post(&made["url"], &people(&["10001", "10002"])).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.clock.advance(11 * SECOND);
    let held = app.wait_for(&id, &["held"]).await;
    assert_eq!([&held["steps"][0]["status"], &held["steps"][1]["status"]], ["held", "held"], "{held:#}");
    app.call("run_resolve", json!({ "id": id, "index": 0, "as": "notWritten" })).await;
    app.until(async || {
        let now = app.call("run_get", json!({ "id": id })).await;
        now["run"]["status"] == "held" && now["steps"][0]["status"] == "waiting"
    })
    .await;
    assert_eq!(written(&app, &app.sandbox_url).await, 4, "the other one still waits for a word");
    app.call("run_resolve", json!({ "id": id, "index": 1, "as": "written" })).await;
    assert_eq!(app.wait_for(&id, &["succeeded"]).await["run"]["status"], "succeeded");
    assert_eq!(app.activities("10001").await.len(), 3);
    assert_eq!(app.activities("10002").await.len(), 2);
    app.stop().await;
}

#[tokio::test]
async fn retries_come_after_5_s_30_s_2_min_10_min_and_then_hourly() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 3 }])).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    for (attempt, expected) in [(1, 5), (2, 30), (3, 120)] {
        let mut detail = app.wait_for(&id, &["waiting"]).await;
        while detail["run"]["attempts"] != attempt {
            tokio::task::yield_now().await;
            detail = app.wait_for(&id, &["waiting"]).await;
        }
        let until: jiff::Timestamp = detail["run"]["waitingUntil"].as_str().unwrap().parse().unwrap();
        let wait = until.as_second() - ihook_app::clock::Clock::now(&*app.clock).as_second();
        let range = expected * 8 / 10 - 3..=expected * 12 / 10 + 1;
        assert!(range.contains(&wait), "attempt {attempt} waits {wait} s: {detail:#}");
        app.clock.advance(Duration::from_secs(u64::try_from(wait + 1).unwrap()));
    }
    let detail = app.wait_for(&id, &["succeeded"]).await;
    assert_eq!(detail["run"]["attempts"], 4);
    assert_eq!(detail["steps"][0]["attempts"], 4, "{detail:#}");
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_site_that_is_away_is_asked_by_reads_and_then_tried_with_one_run() {
    let app = TestApp::start().await;
    connect(&app, "live", &app.sandbox_url).await;
    let made = app.import(&at(one(), "live")).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert" }])).await;
    let mut ids = Vec::new();
    for _ in 0..10 {
        ids.push(app.post(&made["url"], &check_in()).await.run_id());
    }
    let trouble = async || {
        let list = app.call("connection_list", json!({})).await;
        let connections = list["connections"].as_array().unwrap().clone();
        connections.into_iter().any(|c| c["name"] == "live" && c["trouble"].is_string())
    };
    let arrived = async |count: usize| ledger(&app, &app.sandbox_url).await.len() == count;
    app.until(&trouble).await;
    assert!(arrived(5).await, "five failures, and then none is sent");
    // Reads are answered: one insert each time shows that it is still away.
    for (least, count) in [(5, 6), (15, 7), (30, 8)] {
        let mut waited = 0;
        while !arrived(count).await {
            app.clock.advance(SECOND);
            waited += 1;
            assert!(waited < 1000, "the next one never came");
        }
        assert!(waited >= least - 1, "insert {count} came after {waited} s");
    }
    app.faults(json!([])).await;
    let finished = async || {
        app.clock.advance(SECOND);
        let done = app.call("run_list", json!({ "status": ["succeeded"] })).await;
        done["runs"].as_array().unwrap().len() == ids.len()
    };
    app.until(finished).await;
    assert!(!trouble().await);
    assert_eq!(ledger(&app, &app.sandbox_url).await.len(), 18, "8 refused, 10 written");
    assert_eq!(app.activities("12345").await.len(), 10);
    app.stop().await;
}

#[tokio::test]
async fn retry_after_holds_for_the_whole_connection() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    app.faults(json!([{ "kind": "tooManyRequests", "retryAfter": 600, "on": "insert", "count": 1 }])).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&first, &["waiting"]).await;
    let second = app.post(&made["url"], &check_in()).await.run_id();
    app.clock.advance(590 * SECOND);
    let later = app.post(&made["url"], &check_in()).await.run_id();
    assert_eq!(
        ledger(&app, &app.sandbox_url).await.len(),
        1,
        "nothing goes out while the site asked for that"
    );
    app.clock.advance(11 * SECOND);
    for id in [&first, &second, &later] {
        app.wait_for(id, &["succeeded"]).await;
    }
    assert_eq!(ledger(&app, &app.sandbox_url).await.len(), 4);
    app.stop().await;
}

#[tokio::test]
async fn a_like_key_at_another_site_is_another_record() {
    let app = TestApp::start().await;
    let (a, b) = (Site::start().await, Site::start().await);
    connect(&app, "a", &a.url).await;
    connect(&app, "b", &b.url).await;
    let at_a = app.import(&at(one(), "a")).await;
    let first = app.post(&at_a["url"], &check_in()).await.run_id();
    let key = app.settle(&first).await["steps"][0]["recordKey"].clone();
    let at_b = app.import(&at(one(), "b")).await;
    faults(&app, &b.url, json!([{ "kind": "dropAfterCommit", "count": 1 }])).await;
    let second = app.post(&at_b["url"], &check_in()).await.run_id();
    app.wait_for(&second, &["inDoubt"]).await;
    app.clock.advance(11 * SECOND);
    let detail = app.settle(&second).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(detail["steps"][0]["recordKey"], key, "both sites number from the same");
    assert_eq!(ledger(&app, &b.url).await.len(), 1, "adopted, not sent again");
    app.stop().await;
}

#[tokio::test]
async fn a_connection_that_points_elsewhere_in_the_middle_of_a_run_holds_it() {
    let app = TestApp::start().await;
    let (old, new) = (Site::start().await, Site::start().await);
    connect(&app, "live", &old.url).await;
    let actions = json!([insert("a", "{{ memberId }}"),
        { "id": "read", "type": "imisGet", "path": "Party/{{ memberId }}" }, insert("b", "{{ memberId }}")]);
    let made = app.import(&at(workflow_of(actions), "live")).await;
    // The first one gets the member remembered, so that the second meets the fault only after its first insert.
    let done = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&done, &["succeeded"]).await;
    faults(&app, &old.url, json!([{ "kind": "status", "status": 503, "on": "read" }])).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    let waiting = app.wait_for(&id, &["waiting"]).await;
    assert_eq!(waiting["steps"][0]["status"], "succeeded", "{waiting:#}");
    connect(&app, "live", &new.url).await;
    let held = app.wait_for(&id, &["held"]).await;
    assert!(held["run"]["waitingReason"].as_str().unwrap().contains("elsewhere"), "{held:#}");
    assert_eq!(ledger(&app, &new.url).await.len(), 0, "half a run is not written to another site");
    faults(&app, &old.url, json!([])).await;
    connect(&app, "live", &old.url).await;
    app.call("run_retry_now", json!({ "id": id })).await;
    app.wait_for(&id, &["succeeded"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_run_that_wrote_nothing_yet_follows_its_connection() {
    let app = TestApp::start().await;
    let (wrong, right) = (Site::start().await, Site::start().await);
    faults(&app, &wrong.url, json!([{ "kind": "status", "status": 503, "on": "insert" }])).await;
    connect(&app, "live", &wrong.url).await;
    let made = app.import(&at(one(), "live")).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["waiting"]).await;
    connect(&app, "live", &right.url).await;
    app.wait_for(&id, &["succeeded"]).await;
    assert_eq!(written(&app, &right.url).await, 1);
    app.stop().await;
}

#[tokio::test]
async fn what_waited_for_credentials_goes_on_after_a_restart_and_doubts_with_it() {
    let app = TestApp::start().await;
    // Its own address, which a restart of the application does not change.
    let live = Site::start().await;
    connect(&app, "live", &live.url).await;
    let made = app.import(&at(one(), "live")).await;
    faults(&app, &live.url, json!([{ "kind": "dropAfterCommit", "on": "insert", "count": 1 }])).await;
    let doubtful = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&doubtful, &["inDoubt"]).await;
    let wrong = json!({ "name": "live", "baseUrl": live.url, "username": "sandbox", "password": "no" });
    app.call("connection_save", wrong).await;
    let waits = app.post(&made["url"], &with(check_in(), "/memberId", json!("10001"))).await.run_id();
    app.wait_for(&waits, &["waiting"]).await;
    // What is found at the start is tried once, and the wrong password is still wrong.
    let app = app.restart().await;
    app.until(async || {
        let run = app.call("run_get", json!({ "id": waits })).await["run"].clone();
        run["status"] == "waiting" && run["attempts"] == 2
    })
    .await;
    let waiting = app.call("run_get", json!({ "id": waits })).await;
    assert!(waiting["run"]["waitingReason"].as_str().unwrap().contains("password"), "{waiting:#}");
    app.clock.advance(11 * SECOND);
    connect(&app, "live", &live.url).await;
    app.wait_for(&waits, &["succeeded"]).await;
    // The lookup's own time went by while nothing could be asked.
    app.clock.advance(11 * SECOND);
    app.wait_for(&doubtful, &["succeeded"]).await;
    assert_eq!(written(&app, &live.url).await, 2);
    app.stop().await;
}

#[tokio::test]
async fn a_paused_workflow_sends_nothing_whatever_timer_ends() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 1 }])).await;
    let doubtful = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&doubtful, &["inDoubt"]).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }])).await;
    let waits = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&waits, &["waiting"]).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let before = ledger(&app, &app.sandbox_url).await.len();
    app.clock.advance(200 * SECOND);
    app.wait_for(&waits, &["queued"]).await;
    // Another workflow's run goes through: the dispatcher has looked at everything.
    let other = app.import(&with(one(), "/actions/0/fields/ID", json!("10001"))).await;
    let passes = app.post(&other["url"], &check_in()).await.run_id();
    app.wait_for(&passes, &["succeeded"]).await;
    assert_eq!(ledger(&app, &app.sandbox_url).await.len(), before + 1);
    let doubt = app.call("run_get", json!({ "id": doubtful })).await;
    assert_eq!(doubt["run"]["status"], "inDoubt");
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    app.wait_for(&waits, &["succeeded"]).await;
    app.wait_for(&doubtful, &["succeeded", "held"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_disabled_workflow_drains_and_is_archived_when_it_is_empty() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    let set = async |status: &str| json!({ "id": made["id"], "status": status });
    app.call("workflow_set_status", set("paused").await).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(app.post(&made["url"], &check_in()).await.run_id());
    }
    assert_eq!(app.call_refused("workflow_set_status", set("archived").await).await["code"], "conflict");
    app.call("workflow_set_status", set("disabled").await).await;
    assert_eq!(app.post(&made["url"], &check_in()).await.status, 400);
    for id in &ids {
        app.wait_for(id, &["succeeded"]).await;
    }
    app.call("workflow_set_status", set("archived").await).await;
    app.stop().await;
}

#[tokio::test]
async fn after_72_hours_a_run_is_held_until_a_person_lets_it_go_on() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 2 }])).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["waiting"]).await;
    app.clock.advance(73 * HOUR);
    let held = app.wait_for(&id, &["held"]).await;
    assert_eq!(held["run"]["attempts"], 2, "{held:#}");
    app.call("run_retry_now", json!({ "id": id })).await;
    app.wait_for(&id, &["succeeded"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_lookup_that_is_never_answered_ends_with_a_person() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    app.faults(json!([{ "kind": "dropAfterCommit", "on": "insert", "count": 1 }])).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.faults(json!([{ "kind": "status", "status": 500, "on": "read", "count": 1 }])).await;
    app.clock.advance(73 * HOUR);
    app.wait_for(&id, &["held"]).await;
    app.call("run_resolve", json!({ "id": id, "as": "written" })).await;
    app.wait_for(&id, &["succeeded"]).await;
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn doubtful_and_held_runs_can_be_cancelled_for_good() {
    let app = TestApp::start().await;
    let made = app.import(&one()).await;
    app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 1 }])).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&id, &["inDoubt"]).await;
    app.call("run_cancel", json!({ "id": id })).await;
    app.clock.advance(HOUR);
    let passes = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&passes, &["succeeded"]).await;
    assert_eq!(app.call("run_get", json!({ "id": id })).await["run"]["status"], "cancelled");
    assert_eq!(app.activities("12345").await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn in_order_a_doubt_gives_up_its_place_and_nothing_overtakes_a_wait() {
    let app = TestApp::start().await;
    let mut file = one();
    file["trigger"]["ordered"] = json!(true);
    let made = app.import(&file).await;
    let unordered = app.import(&with(one(), "/actions/0/fields/ID", json!("10001"))).await;
    app.faults(json!([{ "kind": "dropBeforeCommit", "on": "insert", "count": 1 }])).await;
    let doubtful = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&doubtful, &["inDoubt"]).await;
    let passes = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&passes, &["succeeded"]).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }])).await;
    let waits = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&waits, &["waiting"]).await;
    let behind = app.post(&made["url"], &check_in()).await.run_id();
    let elsewhere = app.post(&unordered["url"], &check_in()).await.run_id();
    app.wait_for(&elsewhere, &["succeeded"]).await;
    assert_eq!(app.call("run_get", json!({ "id": behind })).await["run"]["status"], "queued");
    app.clock.advance(75 * SECOND);
    for id in [&waits, &behind, &doubtful] {
        app.wait_for(id, &["succeeded", "held"]).await;
    }
    let app = app.restart().await;
    app.stop().await;
}
