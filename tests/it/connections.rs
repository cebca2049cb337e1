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
    let saved = app.call("connection_save", site(&app, "sandbox")).await;
    assert_eq!(saved["connection"]["hasAnswered"], false, "nobody has asked it yet: {saved}");
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    let listed = app.call("connection_list", json!({})).await;
    let live = listed["connections"].as_array().unwrap().iter().find(|one| one["name"] == "live").unwrap();
    assert_eq!(live["hasAnswered"], true, "{live}");
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
        ("password", json!("x".repeat(70_000))),
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
    // A password that this computer's store takes is none of ours to refuse, and a longer one changes nothing.
    app.call("connection_save", site(&app, &"pässword ".repeat(300))).await;
    app.call("connection_save", site(&app, "sandbox")).await;
    let mut moved = site(&app, &"x".repeat(70_000));
    moved["baseUrl"] = json!("https://imis.example.org");
    let error = app.call_refused("connection_save", moved).await;
    assert!(error["message"].as_str().unwrap().contains("too long"), "{error}");
    assert_eq!(app.call("connection_test", json!({ "name": "live" })).await["ok"], true);
    app.call("connection_save", site(&app, "pä$$wörd 🎫 &=%+")).await;
    let stored = std::fs::read(app.data_dir().join("secrets.json")).unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("wörd"));
    app.stop().await;
}

#[tokio::test]
async fn a_connection_says_whether_it_is_live() {
    let app = TestApp::start().await;
    let kind_of = async |name: &str| {
        let listed = app.call("connection_list", json!({})).await;
        let all = listed["connections"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["name"] == name).unwrap()["kind"].clone()
    };
    assert_eq!(kind_of("sandbox").await, "sandbox");
    app.call("connection_save", site(&app, "sandbox")).await;
    assert_eq!(kind_of("live").await, "live", "live until someone says otherwise");
    let mut test = site(&app, "sandbox");
    test["kind"] = json!("test");
    app.call("connection_save", test).await;
    assert_eq!(kind_of("live").await, "test");
    app.call("connection_save", site(&app, "sandbox")).await;
    assert_eq!(kind_of("live").await, "test", "it stays what it was");
    let mut sandbox = site(&app, "sandbox");
    sandbox["name"] = json!("sandbox");
    sandbox["kind"] = json!("live");
    let error = app.call_refused("connection_save", sandbox).await;
    assert!(error["message"].as_str().unwrap().contains("kind"), "{error}");
    app.stop().await;
}

#[tokio::test]
async fn moving_a_workflow_to_another_site_checks_its_types_and_panels_there() {
    let app = TestApp::start().await;
    app.call("connection_save", site(&app, "sandbox")).await;
    let file = ihook_tests::files::workflow_of(json!([
        { "id": "a", "type": "insertActivity", "fields": { "ID": "{{ id }}", "Activity Type": "NOPE", "Note": "x" } },
        { "id": "b", "type": "insertActivity", "fields": { "ID": "{{ id }}", "Activity Type": "ATTEND", "UF3": "x" } },
        { "id": "p", "type": "insertPanelRecord", "panel": "Elsewhere", "fields": { "ID": "{{ id }}" } } ]));
    let here = app.call("workflow_check", json!({ "file": file })).await;
    assert_eq!(here["problems"], json!([]), "nothing is known yet of the sandbox, so nothing is judged");
    let moved = json!({ "file": file, "connection": "live" });
    let there = app.call("workflow_check", moved.clone()).await;
    let said = there["problems"].to_string();
    for words in ["iMIS has no activity type NOPE", "ATTEND does not use", "iMIS has no panel"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    app.call(
        "connection_save",
        json!({ "name": "live", "baseUrl": "http://127.0.0.1:1", "username": "sandbox", "password": "sandbox" }),
    )
    .await;
    let away = app.call("workflow_check", moved).await;
    assert!(away["problems"][0]["message"].as_str().unwrap().contains("is not known"), "{away:#}");
    let nowhere = app.call("workflow_check", json!({ "file": file, "connection": "nowhere" })).await;
    assert!(nowhere["problems"][0]["message"].as_str().unwrap().contains("nowhere"), "{nowhere:#}");
    app.stop().await;
}

#[tokio::test]
async fn what_a_site_has_is_still_known_when_the_site_is_away() {
    let app = TestApp::start().await;
    let said = app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let attend =
        said["activityTypes"].as_array().unwrap().iter().find(|kind| kind["code"] == "ATTEND").unwrap();
    assert!(attend["fields"].to_string().contains("Event code"), "{attend}");
    let note =
        said["activityColumns"].as_array().unwrap().iter().find(|column| column["name"] == "NOTE").unwrap();
    assert_eq!(note["maxLength"], 65_535, "the site's own length");
    app.clock.advance(Duration::from_secs(3600));
    app.faults(json!([{ "kind": "status", "status": 503, "on": "read" }])).await;
    let kept = app.call("connection_metadata", json!({ "name": "sandbox", "refresh": true })).await;
    assert_eq!(kept["fetchedAt"], said["fetchedAt"], "with the time at which it was said");
    assert_eq!(kept["panels"], said["panels"]);
    assert!(kept["trouble"].as_str().unwrap().contains("503"), "{kept:#}");
    app.faults(json!([])).await;
    let fresh = app.call("connection_metadata", json!({ "name": "sandbox", "refresh": true })).await;
    assert_ne!(fresh["fetchedAt"], said["fetchedAt"]);
    assert_eq!(fresh["trouble"], Value::Null);
    app.stop().await;
}

#[tokio::test]
async fn a_password_that_cannot_be_kept_leaves_no_connection_behind() {
    let app = TestApp::start().await;
    app.call("connection_save", site(&app, "sandbox")).await;
    // The secrets' file cannot be replaced by a directory's name: writing it fails.
    let secrets = app.data_dir().join("secrets.json");
    let aside = app.data_dir().join("secrets.aside");
    std::fs::rename(&secrets, &aside).unwrap();
    std::fs::create_dir_all(secrets.join("in the way")).unwrap();
    let mut other = site(&app, "secret");
    other["name"] = json!("other");
    let error = app.call_refused("connection_save", other.clone()).await;
    assert_eq!(error["code"], "secrets", "{error}");
    let listed = app.call("connection_list", json!({})).await;
    assert_eq!(listed["connections"].as_array().unwrap().len(), 2, "{listed:#}");
    std::fs::remove_dir_all(&secrets).unwrap();
    std::fs::rename(&aside, &secrets).unwrap();
    app.call("connection_save", other).await;
    app.stop().await;
}

#[tokio::test]
async fn a_connection_that_cannot_be_stored_leaves_no_new_password_behind() {
    let app = TestApp::start().await;
    app.call("connection_save", site(&app, "sandbox")).await;
    let path = app.data_dir().join("ihook.db");
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (held, holding) = tokio::sync::oneshot::channel();
    // Another program sits on the database for longer than iHook waits for it.
    let other = tokio::spawn(async move {
        let store = ihook_store::Store::open(&path).unwrap();
        let blocked = store.write(move |_tx| {
            held.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        });
        blocked.await.unwrap();
    });
    holding.await.unwrap();
    let error = app.call_refused("connection_save", site(&app, "another")).await;
    assert_eq!(error["code"], "store", "{error}");
    release.send(()).unwrap();
    other.await.unwrap();
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    assert_eq!(tested["ok"], true, "the old password is still the one: {tested:#}");
    app.stop().await;
}

/// What the failed checks of a connection test say, each with its name.
async fn failed_checks(app: &TestApp, name: &str) -> Vec<(String, String)> {
    let tested = app.call("connection_test", json!({ "name": name })).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = tested["checks"].as_array().unwrap().clone();
    checks
        .iter()
        .filter(|check| check["ok"] == false)
        .map(|check| (text(&check["name"]), text(&check["message"])))
        .collect()
}

#[tokio::test]
async fn the_test_of_a_connection_says_exactly_what_is_wrong() {
    let app = TestApp::start().await;
    let sandbox = app.sandbox_url.clone();
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let not_tls = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"this is no TLS").await;
        }
    });
    let cases = [
        ("http://no-such-host.invalid".to_owned(), "sandbox", "Address", "cannot be found"),
        ("http://127.0.0.1:1".to_owned(), "sandbox", "Address", "cannot be reached"),
        (format!("https://{not_tls}"), "sandbox", "Address", "cannot be reached"),
        (format!("{sandbox}/elsewhere"), "sandbox", "Sign-in", "the path of the base URL is wrong"),
        (sandbox.clone(), "wrong", "Sign-in", "password"),
    ];
    for (url, password, check, words) in cases {
        let request = json!({ "name": "live", "baseUrl": url, "username": "sandbox", "password": password });
        app.call("connection_save", request).await;
        let failed = failed_checks(&app, "live").await;
        assert!(
            failed.len() == 1 && failed[0].0 == check && failed[0].1.contains(words),
            "{url}: {failed:?}"
        );
    }
    app.call("connection_save", site(&app, "sandbox")).await;
    app.faults(json!([{ "kind": "status", "status": 403, "on": "read" }])).await;
    let failed = failed_checks(&app, "live").await;
    assert!(
        failed.iter().any(|(name, said)| name == "Activities" && said.contains("may not read activities")),
        "{failed:?}"
    );
    app.faults(json!([])).await;
    app.stop().await;
}

#[tokio::test]
async fn panels_that_workflows_write_are_tried_too() {
    let app = TestApp::start().await;
    app.call("connection_save", site(&app, "sandbox")).await;
    let row = |panel: &str| {
        let action = json!({ "id": "row", "type": "insertPanelRecord", "panel": panel, "fields": { "ID": "{{ memberId }}" } });
        with(ihook_tests::files::workflow_of(json!([action])), "/connection", json!("live"))
    };
    for panel in ["Event_Attendance", "Nowhere"] {
        app.import(&row(panel)).await;
    }
    let failed = failed_checks(&app, "live").await;
    assert!(failed.len() == 1 && failed[0].1.contains("no panel source named Nowhere"), "{failed:?}");
    let hidden = json!({ "unavailablePanels": ["event_attendance"] });
    let set =
        app.http.post(format!("{}/_sandbox/settings", app.sandbox_url)).json(&hidden).send().await.unwrap();
    assert!(set.status().is_success());
    let failed = failed_checks(&app, "live").await;
    assert!(
        failed
            .iter()
            .any(|(name, said)| name == "Panel Event_Attendance"
                && said.contains("Available via the REST API")),
        "{failed:?}"
    );
    app.stop().await;
}

#[tokio::test]
async fn sixteen_at_once_share_one_sign_in() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let reset = app.http.post(format!("{}/_sandbox/reset", app.sandbox_url)).send().await.unwrap();
    assert!(reset.status().is_success());
    let mut ids = Vec::new();
    for _ in 0..48 {
        ids.push(app.post(&made["url"], &check_in()).await.run_id());
    }
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    for id in &ids {
        app.wait_for(id, &["succeeded"]).await;
    }
    let about: Value =
        app.http.get(format!("{}/_sandbox/", app.sandbox_url)).send().await.unwrap().json().await.unwrap();
    assert_eq!((&about["signIns"], &about["activities"]), (&json!(1), &json!(48)), "{about:#}");
    app.stop().await;
}
