//! Running goes on, and keeps its limits: when a bug makes the dispatcher panic, when a connection is saved while
//! runs use it, and when the program is started again in the middle of a rush.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow_of};
use ihook_tests::site::{Site, written};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn insert(connection: &str) -> Value {
    let file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "ActivityType": "ATTEND" } }]));
    with(file, "/connection", json!(connection))
}

async fn save(app: &TestApp, url: &str, cap: Option<u32>) {
    let mut row = json!({ "name": "live", "baseUrl": url, "username": "sandbox", "password": "sandbox" });
    if let Some(cap) = cap {
        row["writesPerMinute"] = json!(cap);
    }
    app.call("connection_save", row).await;
}

/// Every dispatcher sleeps on the clock until its next run goes on: the clock breaks there.
#[tokio::test]
async fn a_dispatcher_that_panics_goes_on() {
    let app = TestApp::start().await;
    let made = app.import(&insert("sandbox")).await;
    app.faults(json!([{ "kind": "status", "status": 503, "on": "insert", "count": 1 }])).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    let waiting = app.wait_for(&first, &["waiting"]).await;
    let until: Timestamp = waiting["run"]["waitingUntil"].as_str().unwrap().parse().unwrap();
    app.clock.break_at(until);
    app.clock.advance(Duration::from_secs(8));
    app.until(async || app.clock.has_broken()).await;
    let second = app.post(&made["url"], &check_in()).await.run_id();
    for id in [&first, &second] {
        app.until(async || {
            app.clock.advance(Duration::from_secs(1));
            app.call("run_get", json!({ "id": id })).await["run"]["status"] == "succeeded"
        })
        .await;
    }
    assert_eq!(app.activities("12345").await.len(), 2, "each once");
    app.stop().await;
}

/// A site that takes one request, says that it did, and answers when it is told to.
async fn slow_site(
    answer: &'static str,
) -> (String, tokio::sync::oneshot::Receiver<()>, tokio::sync::oneshot::Sender<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let ((asked, is_asked), (go, may_go)) =
        (tokio::sync::oneshot::channel(), tokio::sync::oneshot::channel());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut space = [0; 4096];
        assert!(stream.read(&mut space).await.unwrap() > 0);
        asked.send(()).unwrap();
        may_go.await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    (url, is_asked, go)
}

#[tokio::test]
async fn what_a_run_meets_at_the_old_address_says_nothing_of_a_connection_that_was_saved_meanwhile() {
    let unavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let refused = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\
                   Connection: close\r\n\r\n{\"error\":\"invalid_grant\"}";
    for answer in [unavailable, refused] {
        let app = TestApp::start().await;
        let (old, is_asked, go) = slow_site(answer).await;
        save(&app, &old, None).await;
        let made = app.import(&insert("live")).await;
        let id = app.post(&made["url"], &check_in()).await.run_id();
        is_asked.await.unwrap();
        let new = Site::start().await;
        save(&app, &new.url, None).await;
        go.send(()).unwrap();
        // No time passes: the clock stands as far as any retry is concerned.
        app.wait_for(&id, &["succeeded"]).await;
        assert_eq!(written(&app, &new.url).await, 1);
        let list = app.call("connection_list", json!({})).await["connections"].clone();
        let live = list.as_array().unwrap().iter().find(|row| row["name"] == "live").unwrap();
        assert_eq!(live["trouble"], Value::Null, "{live}");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_restart_in_a_rush_gives_no_more_writes_a_minute() {
    let mut app = TestApp::start().await;
    let site = Site::start().await;
    save(&app, &site.url, Some(3)).await;
    let made = app.import(&insert("live")).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(app.post(&made["url"], &check_in()).await.run_id());
    }
    app.until(async || written(&app, &site.url).await == 3).await;
    for id in &ids[..3] {
        app.settle(id).await;
    }
    app = app.restart().await;
    // Whatever would have gone out at once has gone by the time another site has been written to.
    let other = app.import(&insert("sandbox")).await;
    let elsewhere = app.post(&other["url"], &check_in()).await.run_id();
    app.settle(&elsewhere).await;
    assert_eq!(written(&app, &site.url).await, 3, "the minute has not passed");
    app.clock.advance(Duration::from_secs(61));
    for id in &ids[3..] {
        app.wait_for(id, &["succeeded"]).await;
    }
    assert_eq!(written(&app, &site.url).await, 5);
    // A cap that is new counts what was written without it.
    save(&app, &site.url, None).await;
    let url = app.call("workflow_url", json!({ "id": made["id"] })).await["url"].clone();
    let free = app.post(&url, &check_in()).await.run_id();
    app.settle(&free).await;
    save(&app, &site.url, Some(1)).await;
    let paced = app.post(&url, &check_in()).await.run_id();
    let elsewhere = app.post(&other["url"], &check_in()).await.run_id();
    app.settle(&elsewhere).await;
    assert_eq!(written(&app, &site.url).await, 6);
    app.clock.advance(Duration::from_secs(61));
    app.wait_for(&paced, &["succeeded"]).await;
    app.stop().await;
}
