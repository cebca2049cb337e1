//! The site is gone for a while: its process ended, its port closed.

use ihook_tests::files::workflow_of;
use ihook_tests::process::until;
use serde_json::json;

use crate::{site, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_was_gone_gets_everything_once_when_it_is_back() {
    let (site_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let gone = site(site_dir.path(), "127.0.0.1:0");
    let address = gone.at("sandbox").strip_prefix("http://").unwrap().to_owned();
    let app = start(dir.path());
    app.connect("live", gone.at("sandbox"), 4).await;
    let mut file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ member }}", "ActivityType": "ATTEND", "Description": "{{ mark }}" } }]));
    file["connection"] = json!("live");
    let hook = app.import(&file).await;
    let send = async |number: usize| {
        let payload = json!({ "member": (10_001 + number).to_string(), "mark": format!("o{number}") });
        app.post(&hook, &payload).await.unwrap().unwrap();
    };
    for number in 0..20 {
        send(number).await;
    }
    until("some are written", async || !gone.ledger().await.is_empty()).await;
    gone.kill();
    for number in 20..60 {
        send(number).await;
    }
    let trouble = async || {
        let list = app.call("connection_list", json!({})).await;
        list["connections"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["name"] == "live" && c["trouble"].is_string())
    };
    until("the outage is noticed", &trouble).await;
    let back = site(site_dir.path(), &address);
    until("everything is written", async || {
        let open = json!({ "status": ["queued", "running", "waiting", "inDoubt"], "limit": 1 });
        app.call("run_list", open).await["runs"].as_array().unwrap().is_empty()
    })
    .await;
    assert!(!trouble().await);
    let runs = app.runs(&json!({})).await;
    assert_eq!(runs.len(), 60);
    assert!(runs.iter().all(|run| run["status"] == "succeeded"), "{runs:#?}");
    let mut marks: Vec<String> = back
        .ledger()
        .await
        .iter()
        .filter(|entry| entry["committed"] == true)
        .map(|entry| entry["properties"]["DESCRIPTION"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(marks.len(), 60, "each once");
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), 60);
}
