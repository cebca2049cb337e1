//! The same table for iMIS itself, where the client's own tests do not reach: what the run and its connection say.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow_of};
use ihook_tests::pretend::{Act, Pretended, answer, json_answer};
use serde_json::{Value, json};

/// A site that signs in any account, and answers the rest by `act`.
async fn site(act: impl Fn(&str) -> Act + Send + Sync + 'static) -> Pretended {
    Pretended::start(move |request| {
        if request.starts_with("POST /token") {
            json_answer(200, "", &json!({ "access_token": "t", "expires_in": 3600 }))
        } else {
            act(request)
        }
    })
    .await
}

async fn connect(app: &TestApp, url: &str) {
    let live = json!({ "name": "live", "baseUrl": url, "username": "u", "password": "p" });
    app.call("connection_save", live).await;
}

async fn post(app: &TestApp, action: Value) -> Value {
    let made = app.import(&with(workflow_of(json!([action])), "/connection", json!("live"))).await;
    let mut payload = check_in();
    payload["long"] = json!("ü".repeat(30_000));
    app.settle(&app.post(&made["url"], &payload).await.run_id()).await
}

fn get(query: &str) -> Value {
    json!({ "id": "read", "type": "imisGet", "path": "query", "query": { "q": query } })
}

#[tokio::test]
async fn a_read_that_can_never_succeed_fails_its_step() {
    let app = TestApp::start().await;
    let site =
        site(|_| json_answer(200, "", &json!({ "$type": "x", "long": "x".repeat(9 * 1024 * 1024) }))).await;
    connect(&app, &site.url).await;
    let run = post(&app, get("eq:1")).await;
    assert_eq!(
        (&run["run"]["status"], &run["run"]["error"]["code"]),
        (&json!("failed"), &json!("limits")),
        "{run:#}"
    );
    let long = post(&app, get("eq:{{ long }}")).await;
    assert_eq!(
        (&long["run"]["status"], &long["run"]["error"]["code"]),
        (&json!("failed"), &json!("notBuilt")),
        "{}",
        long["run"]
    );
    assert_eq!(site.requests().len(), 2, "the sign-in and one read: neither was repeated");
    app.stop().await;
}

#[tokio::test]
async fn a_proxy_that_asks_who_we_are_stops_the_connection_until_it_is_set_right() {
    let app = TestApp::start().await;
    let asks = Pretended::start(|_| answer(407, "proxy-authenticate: Basic\r\n", "")).await;
    connect(&app, "http://imis.only-proxy.invalid").await;
    app.call("settings_save", json!({ "settings": { "outgoingProxy": asks.url } })).await;
    let insert = json!({ "id": "a", "type": "insertActivity", "fields": { "ID": "{{ memberId }}", "ActivityType": "ATTEND" } });
    let run = post(&app, insert).await;
    let reason = run["run"]["waitingReason"].as_str().unwrap_or_default();
    assert!(run["run"]["status"] == "waiting" && reason.contains("407"), "{run:#}");
    let listed = app.call("connection_list", json!({})).await;
    let trouble = listed["connections"][0]["trouble"].as_str().unwrap_or_default();
    assert!(trouble.contains("Fix in: this computer"), "{listed:#}");
    assert_eq!(asks.requests().len(), 1, "nobody signs in again and again");

    let knows = Pretended::start(|request| match request.split(' ').nth(1).unwrap_or_default() {
        path if path.ends_with("/token") => json_answer(200, "", &json!({ "access_token": "t" })),
        path if path.contains("/Party/") => {
            json_answer(200, "", &json!({ "PartyId": "12345", "Name": "Ada" }))
        }
        _ => json_answer(200, "", &json!({ "Identity": { "IdentityElements": { "$values": ["7"] } } })),
    })
    .await;
    app.call("settings_save", json!({ "settings": { "outgoingProxy": knows.url } })).await;
    app.wait_for(run["run"]["id"].as_str().unwrap(), &["succeeded"]).await;
    app.stop().await;
}
