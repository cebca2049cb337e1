//! Connections to iMIS sites, tried against the sandbox under another name.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use serde_json::{Value, json};

fn site(app: &TestApp, password: &str) -> Value {
    json!({ "name": "live", "baseUrl": app.sandbox_url, "username": "sandbox", "password": password })
}

#[tokio::test]
async fn a_connection_is_tested_and_tells_what_it_has() {
    let app = TestApp::start().await;
    app.call("connection_save", site(&app, "sandbox")).await;
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    assert_eq!(tested["ok"], true, "{tested:#}");
    let metadata = app.call("connection_metadata", json!({ "name": "live" })).await;
    let panels = metadata["panels"].as_array().unwrap();
    let panel = panels.iter().find(|panel| panel["name"] == "Event_Attendance").unwrap();
    assert_eq!(panel["kind"], "multi");
    assert!(
        panel["columns"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["name"] == "Session" && c["maxLength"].is_u64())
    );
    app.stop().await;
}

#[tokio::test]
async fn a_wrong_password_stops_the_connection_until_it_is_changed() {
    let app = TestApp::start().await;
    app.call("connection_save", site(&app, "wrong")).await;
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    assert_eq!(tested["ok"], false);
    assert!(tested.to_string().contains("password"), "{tested:#}");

    let made = app.import(&with(workflow(), "/connection", json!("live"))).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    let waiting = app.wait_for(&first, &["waiting"]).await;
    assert!(waiting["run"]["waitingReason"].as_str().unwrap().contains("password"), "{waiting:#}");
    app.clock.advance(Duration::from_secs(3600));
    let second = app.post(&made["url"], &check_in()).await.run_id();
    app.wait_for(&second, &["waiting"]).await;

    app.call("connection_save", site(&app, "sandbox")).await;
    for id in [&first, &second] {
        app.wait_for(id, &["succeeded"]).await;
    }
    assert_eq!(app.activities("12345").await.len(), 2);
    app.stop().await;
}

#[tokio::test]
async fn runs_for_a_connection_that_is_not_there_wait_for_it() {
    let app = TestApp::start().await;
    let made = app.import(&with(workflow(), "/connection", json!("live"))).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    let waiting = app.wait_for(&id, &["waiting"]).await;
    assert!(waiting["run"]["waitingReason"].as_str().unwrap().contains("live"));
    app.call("connection_save", site(&app, "sandbox")).await;
    app.wait_for(&id, &["succeeded"]).await;
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_and_nothing_is_half_saved() {
    let app = TestApp::start().await;
    let cases = [
        ("baseUrl", json!("not an address")),
        ("name", json!("  ")),
        ("username", json!("")),
        ("password", json!("x".repeat(3000))),
        ("password", json!("")),
        ("timeZone", json!("Mars/Olympus")),
        ("maxConcurrent", json!(0)),
        ("writesPerMinute", json!(0)),
    ];
    for (member, value) in cases {
        let mut request = site(&app, "sandbox");
        request[member] = value.clone();
        let error = app.call_refused("connection_save", request).await;
        assert_eq!(error["code"], "badRequest", "{member} {value}");
        assert!(error["message"].as_str().unwrap().contains(member), "{error}");
    }
    let listed = app.call("connection_list", json!({})).await;
    assert_eq!(listed["connections"].as_array().unwrap().len(), 1, "only the sandbox is there");
    app.call("connection_save", site(&app, "pä$$wörd 🎫 &=%+")).await;
    let stored = std::fs::read(app.data_dir().join("secrets.json")).unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("wörd"));
    app.stop().await;
}
