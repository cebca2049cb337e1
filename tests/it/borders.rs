//! What a changed address, a restored database or a foreign file must not reach.

use std::path::Path;

use ihook_store::{Store, connection};
use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow};
use ihook_tests::process::{Program, serve};
use ihook_tests::site::{Site, ledger};
use serde_json::{Value, json};

fn live(url: &str) -> Value {
    json!({ "name": "live", "baseUrl": url, "username": "sandbox", "timeZone": "UTC" })
}

fn with_password(mut request: Value, password: &str) -> Value {
    request["password"] = json!(password);
    request
}

async fn listed(app: &TestApp, name: &str) -> Value {
    let all = app.call("connection_list", json!({})).await;
    all["connections"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone()
}

/// Sign-ins that a site has seen.
async fn sign_ins(app: &TestApp, site: &Site) -> u64 {
    let asked = app.http.get(format!("{}/_sandbox", site.url)).send().await.unwrap();
    asked.json::<Value>().await.unwrap()["signIns"].as_u64().unwrap()
}

#[tokio::test]
async fn a_password_is_asked_for_again_where_the_address_leads_to_another_origin() {
    let app = TestApp::start().await;
    let (first, second) = (Site::start().await, Site::start().await);
    app.call("connection_save", with_password(live(&first.url), "sandbox")).await;
    for same in [format!("{}/Asi.Scheduler_Demo", first.url), first.url.clone()] {
        app.call("connection_save", live(&same)).await;
    }
    for other in
        [second.url.clone(), first.url.replace("http:", "https:"), "https://imis.example.org".to_owned()]
    {
        let refused = app.call_refused("connection_save", live(&other)).await;
        let message = refused["message"].as_str().unwrap();
        assert!(message.starts_with("password") && message.contains(&first.url), "{other}: {message}");
    }
    assert_eq!(listed(&app, "live").await["baseUrl"], first.url, "nothing is half-saved");
    app.call("connection_save", with_password(live(&second.url), "sandbox")).await;
    let refused = app.call_refused("connection_save", live(&first.url)).await;
    assert!(
        refused["message"].as_str().unwrap().contains(&second.url),
        "the first is no longer kept: {refused}"
    );
    app.stop().await;
}

#[tokio::test]
async fn after_a_restore_no_password_goes_where_the_backup_leads() {
    let mut app = TestApp::start().await;
    let (old, new) = (Site::start().await, Site::start().await);
    app.call("connection_save", with_password(live(&old.url), "sandbox")).await;
    let made = app.import(&with(workflow(), "/connection", json!("live"))).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = elsewhere.path().join("backup.db");
    app.call("backup", json!({ "path": backup })).await;
    app.call("connection_save", with_password(live(&new.url), "sandbox")).await;
    app.settle(&app.post(&made["url"], &check_in()).await.run_id()).await;
    assert_eq!((sign_ins(&app, &old).await, sign_ins(&app, &new).await), (0, 1));

    app.call("restore", json!({ "path": backup })).await;
    app.restarted().await;
    let found = listed(&app, "live").await;
    assert_eq!((&found["baseUrl"], &found["hasPassword"]), (&json!(old.url), &json!(false)), "{found:#}");
    assert!(found["warnings"].to_string().contains(&new.url), "it says for which it was entered: {found:#}");
    let id = app.post(&made["url"], &check_in()).await.run_id();
    let waiting = app.wait_for(&id, &["waiting"]).await;
    assert!(waiting["run"]["waitingReason"].as_str().unwrap().contains("enter it again"), "{waiting:#}");
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    assert_eq!(tested["ok"], false, "{tested:#}");
    assert_eq!(sign_ins(&app, &old).await, 0, "nothing went there");

    app.call("connection_save", with_password(live(&old.url), "sandbox")).await;
    app.wait_for(&id, &["succeeded"]).await;
    assert_eq!(ledger(&app, &old.url).await.len(), 2, "an activity and a panel row");
    app.stop().await;
}

#[tokio::test]
async fn the_sandbox_stays_the_sandbox() {
    let app = TestApp::start().await;
    let other = Site::start().await;
    let sandbox = |name: &str, url: &str| {
        with_password(json!({ "name": name, "baseUrl": url, "username": "sandbox" }), "sandbox")
    };
    for (name, url, words) in [
        ("sandbox", other.url.as_str(), "stays at"),
        ("sandbox", "https://imis.example.org", "stays at"),
        (" sandbox ", &other.url, "stays at"),
        ("Sandbox", &other.url, "choose another"),
        ("SANDBOX", &app.sandbox_url, "choose another"),
    ] {
        let refused = app.call_refused("connection_save", sandbox(name, url)).await;
        assert!(refused["message"].as_str().unwrap().contains(words), "{name} {url}: {refused}");
    }
    let mut account = sandbox("sandbox", &app.sandbox_url);
    account["username"] = json!("readonly");
    assert_eq!(app.call_refused("connection_save", account).await["code"], "badRequest");
    for name in ["sandbox", " sandbox"] {
        app.call_refused("connection_delete", json!({ "name": name })).await;
    }
    let mut paced = sandbox("sandbox", &app.sandbox_url);
    paced["maxConcurrent"] = json!(3);
    app.call("connection_save", paced).await;
    let found = listed(&app, "sandbox").await;
    assert_eq!(
        (&found["baseUrl"], &found["maxConcurrent"]),
        (&json!(app.sandbox_url), &json!(3)),
        "{found:#}"
    );
    app.stop().await;
}

/// Does something to a closed database, as another program could.
fn change(path: &Path, statement: &'static str) {
    let store = Store::open(path).unwrap();
    let write = store.write(move |tx| Ok(tx.execute_batch(statement)?));
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(write)).unwrap();
    store.close_blocking();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_leads_the_sandbox_elsewhere_is_put_right_at_the_start() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("ihook.db");
    let row = |base_url: &str| connection::Connection {
        name: "sandbox".to_owned(),
        base_url: base_url.to_owned(),
        username: "admin".to_owned(),
        time_zone: "UTC".to_owned(),
        date_order: None,
        max_concurrent: 16,
        writes_per_minute: None,
        kind: connection::Kind::Live,
    };
    for (stored, expected) in [
        ("https://imis.example.org", "http://127.0.0.1:8789"),
        ("http://10.0.0.1:8789", "http://127.0.0.1:8789"),
        ("http://127.0.0.1:9999", "http://127.0.0.1:9999"),
    ] {
        let store = Store::open(&path).unwrap();
        let row = row(stored);
        store.write(move |tx| connection::save(tx, &row)).await.unwrap();
        store.close_blocking();
        let mut command = serve(place.path());
        command.arg("--no-sandbox");
        let server = Program::start(command);
        let found = server.call("connection_list", json!({})).await["connections"][0].clone();
        let told = ["baseUrl", "username", "kind"].map(|name| found[name].as_str().unwrap().to_owned());
        assert_eq!(told, [expected, "sandbox", "sandbox"], "{stored}: {found:#}");
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_and_views_of_a_backup_are_refused_by_name_and_do_nothing() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    app.settle(&app.post(&made["url"], &check_in()).await.run_id()).await;
    let elsewhere = tempfile::tempdir().unwrap();
    for (at, (statement, words)) in [
        ("CREATE TRIGGER evil AFTER INSERT ON audit BEGIN DELETE FROM run; END", "trigger “evil”"),
        ("CREATE VIEW spy AS SELECT body FROM payload", "view “spy”"),
    ]
    .into_iter()
    .enumerate()
    {
        let backup = elsewhere.path().join(format!("{at}.db"));
        app.call("backup", json!({ "path": backup })).await;
        change(&backup, statement);
        let bytes = std::fs::read(&backup).unwrap();
        for check in [true, false] {
            let refused = app.call_refused("restore", json!({ "path": backup, "check": check })).await;
            assert!(refused["message"].as_str().unwrap().contains(words), "{refused}");
        }
        assert_eq!(std::fs::read(&backup).unwrap(), bytes, "the file was only read");
    }
    assert_eq!(app.call("run_list", json!({})).await["runs"].as_array().unwrap().len(), 1, "all is there");
    app.stop().await;
}
