//! A run that the program itself fails to start is an alarm of its own: the last net below everything that should
//! have started it.

use std::time::Duration;

use ihook_app::clock::Clock as _;
use ihook_store::payload::Payload;
use ihook_store::run::{self, Lane, NewRun};
use ihook_store::{RunId, Store};
use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow};
use serde_json::json;

async fn trouble(app: &TestApp) -> String {
    let list = app.call("connection_list", json!({})).await;
    list["connections"][0]["trouble"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_run_that_nobody_starts_is_reported_with_who_can_fix_it_and_is_started_all_the_same() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let first = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&first).await;
    // Behind the dispatcher's back: nobody wakes it.
    let store = Store::open(&app.data_dir().join("ihook.db")).unwrap();
    let id = RunId::new();
    let new = NewRun {
        id,
        workflow_id: made["id"].as_str().unwrap().parse().unwrap(),
        version: 1,
        connection: "sandbox".to_owned(),
        lane: Lane::Live,
        received_at: app.clock.now().as_millisecond(),
        rerun_of: None,
    };
    let stored = store.write(move |tx| {
        let payload = Payload { body: check_in().to_string(), metadata: None };
        run::enqueue(tx, &[(&new, &payload)])
    });
    stored.await.unwrap();
    let events = std::cell::RefCell::new(app.events());
    app.until(async || {
        app.clock.advance(Duration::from_secs(5));
        let mut came = std::iter::from_fn(|| events.borrow_mut().try_recv().ok());
        came.any(|event| event.notice.is_some_and(|notice| notice.title == "Runs do not start"))
    })
    .await;
    let shown = trouble(&app).await;
    assert!(shown.contains("Fix in: this computer") && shown.contains("sandbox"), "{shown}");
    assert_eq!(app.call("standing", json!({})).await["standing"], "trouble");
    let run = app.settle(&id.to_string()).await;
    assert_eq!(run["run"]["status"], "succeeded", "everything was looked at again: {run:#}");
    app.until(async || {
        app.clock.advance(Duration::from_secs(5));
        trouble(&app).await.is_empty()
    })
    .await;
    tokio::task::spawn_blocking(move || store.close_blocking()).await.unwrap();
    app.stop().await;
}
