//! How requests leave this computer: through the proxy that is set up, and never past what is refused.

use std::process::Stdio;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use ihook_tests::process::{Program, serve};
use ihook_tests::proxy::Proxy;
use ihook_tests::site::{Site, written};
use serde_json::{Value, json};

/// Only the proxy knows it.
const NAME: &str = "imis.only-proxy.invalid";

fn live() -> Value {
    json!({ "name": "live", "baseUrl": format!("http://{NAME}"), "username": "sandbox", "password": "sandbox" })
}

async fn leave_by(app: &TestApp, proxy: &Value) {
    app.call("settings_save", json!({ "settings": { "outgoingProxy": proxy } })).await;
}

#[tokio::test]
async fn requests_to_imis_take_the_proxy_of_the_settings_and_this_computer_is_reached_without() {
    let (app, site) = (TestApp::start().await, Site::start().await);
    let proxy = Proxy::start(NAME, &site.url).await;
    app.call("connection_save", live()).await;
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    assert!(tested["ok"] == false && tested.to_string().contains("cannot be found"), "{tested:#}");
    let elsewhere = app.import(&with(workflow(), "/connection", json!("live"))).await;
    let waiting = app.post(&elsewhere["url"], &check_in()).await.run_id();
    app.wait_for(&waiting, &["waiting"]).await;

    leave_by(&app, &json!(proxy.url)).await;
    assert_eq!(app.call("settings_get", json!({})).await["settings"]["outgoingProxy"], proxy.url);
    assert_eq!(app.wait_for(&waiting, &["succeeded"]).await["run"]["status"], "succeeded");
    assert_eq!(app.call("connection_test", json!({ "name": "live" })).await["ok"], true);
    let here = app.import(&workflow()).await;
    app.settle(&app.post(&here["url"], &check_in()).await.run_id()).await;
    app.call("sender_send", json!({ "workflowId": here["id"], "body": check_in().to_string() })).await;
    assert_eq!(written(&app, &site.url).await, 2, "an activity and a panel row");
    let heads = proxy.heads();
    assert!(heads.iter().all(|head| head.contains(NAME)), "nothing of this computer: {heads:#?}");

    leave_by(&app, &json!("none")).await;
    assert_eq!(app.call("connection_test", json!({ "name": "live" })).await["ok"], false);
    assert_eq!(proxy.heads().len(), heads.len(), "nothing goes through it any more");
    app.abandon().await;
}

#[tokio::test]
async fn what_is_no_address_of_a_proxy_is_refused_and_none_of_it_is_kept() {
    let app = TestApp::start().await;
    for wrong in [
        "proxy.example:3128",
        "http://user:secret-word@proxy.example:3128",
        "ftp://proxy.example",
        "http://p/x",
    ] {
        let refused =
            app.call_refused("settings_save", json!({ "settings": { "outgoingProxy": wrong } })).await;
        assert_eq!(refused["details"]["path"], "/settings/outgoingProxy", "{wrong}: {refused}");
        assert!(!refused.to_string().contains("secret-word"), "{refused}");
    }
    for (given, kept) in [("none", json!("none")), ("system", Value::Null), ("", Value::Null)] {
        leave_by(&app, &json!(given)).await;
        assert_eq!(app.call("settings_get", json!({})).await["settings"]["outgoingProxy"], kept, "{given}");
    }
    app.stop().await;
}

#[tokio::test]
async fn an_http_request_through_a_proxy_reaches_what_only_the_proxy_knows_and_nothing_private() {
    let (app, site) = (TestApp::start().await, Site::start().await);
    let proxy = Proxy::start(NAME, &site.url).await;
    leave_by(&app, &json!(proxy.url)).await;
    let outcome = async |url: &str| {
        let action = json!([{ "id": "told", "type": "httpRequest", "method": "GET", "url": url }]);
        let made = app.import(&workflow_of(action)).await;
        let run = app.settle(&app.post(&made["url"], &check_in()).await.run_id()).await;
        let status = run["run"]["status"].as_str().unwrap().to_owned();
        (status, run["run"]["error"]["message"].as_str().unwrap_or_default().to_owned(), run)
    };
    let (status, _, run) = outcome(&format!("http://{NAME}/_sandbox")).await;
    assert_eq!(
        (status.as_str(), &run["steps"][0]["result"]["statusCode"]),
        ("succeeded", &json!(200)),
        "{run:#}"
    );
    let asked = proxy.heads().len();
    let port = site.url.rsplit(':').next().unwrap();
    for url in [
        format!("http://127.0.0.1:{port}/_sandbox"),
        format!("http://localhost:{port}/_sandbox"),
        format!("http://[::1]:{port}/"),
        "http://10.1.2.3/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://0x7f.1/".to_owned(),
        "http://[::ffff:192.168.1.1]/".to_owned(),
        "http://[fec0::1]/".to_owned(),
        "https://[64:ff9b::7f00:1]/".to_owned(),
    ] {
        let (status, message, run) = outcome(&url).await;
        assert_eq!(status, "failed", "{url}: {run:#}");
        assert!(message.contains("private network"), "{url}: {message}");
    }
    assert_eq!(proxy.heads().len(), asked, "the proxy was asked for none of them");
    app.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    assert_eq!(outcome(&format!("http://127.0.0.1:{port}/_sandbox")).await.0, "succeeded");
    assert_eq!(proxy.heads().len(), asked, "this computer is reached without it");

    let action =
        json!([{ "id": "told", "type": "httpRequest", "method": "GET", "url": format!("https://{NAME}/x") }]);
    let made = app.import(&workflow_of(action)).await;
    app.wait_for(&app.post(&made["url"], &check_in()).await.run_id(), &["waiting"]).await;
    assert!(
        proxy.heads().iter().any(|head| head.starts_with(&format!("CONNECT {NAME}:443 "))),
        "https is tunneled"
    );
    app.abandon().await;
}

#[tokio::test]
async fn without_a_setting_the_proxy_of_the_environment_is_taken_with_its_password() {
    let site = Site::start().await;
    let proxy = Proxy::start(NAME, &site.url).await;
    let place = tempfile::tempdir().unwrap();
    let with_account = proxy.url.replace("http://", "http://user:proxy-pass-4711@");
    let start = |no_proxy: &str| {
        let mut command = serve(&place.path().join("data"));
        command.arg("--no-sandbox").env("HTTP_PROXY", &with_account).env("NO_PROXY", no_proxy);
        Program::start_telling(command.env_remove("REQUEST_METHOD").stderr(Stdio::null()))
    };
    let server = start("other.example");
    server.call("connection_save", live()).await;
    let tested = server.call("connection_test", json!({ "name": "live" })).await;
    assert_eq!(tested["ok"], true, "{tested:#}");
    let heads = proxy.heads();
    let signed = "proxy-authorization: basic dxnlcjpwcm94es1wyxnzltq3mte=";
    assert!(heads.iter().all(|head| head.to_ascii_lowercase().contains(signed)), "{heads:#?}");
    let settings = json!({ "settings": { "outgoingProxy": "none" } });
    server.call("settings_save", settings).await;
    assert_eq!(server.call("connection_test", json!({ "name": "live" })).await["ok"], false);
    server.call("settings_save", json!({ "settings": { "outgoingProxy": null } })).await;
    assert_eq!(server.call("connection_test", json!({ "name": "live" })).await["ok"], true);
    server.kill();
    let server = start(&format!("other.example,{NAME}"));
    assert_eq!(
        server.call("connection_test", json!({ "name": "live" })).await["ok"],
        false,
        "NO_PROXY counts"
    );
    server.kill();
}
