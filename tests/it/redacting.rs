//! What is recorded holds no secret, whoever brings it: a proxy's header, a query, a site that echoes.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use ihook_tests::pretend::{Pretended, json_answer};
use reqwest::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "Correct Horse&Battery=Stäple 7Q";
const BEARER: &str = "bearer-token-of-the-echoing-site-4711";
const NAMED: &str = "named-secret-a1b2c3d4e5f6";
const SENDER: &str = "sender-secret-9f8e7d6c5b4a";

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn token_of(made: &Value) -> String {
    made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Fails when the database, or one of these answers, holds a secret in any form.
async fn assert_clean(app: &TestApp, answers: &[Value], secrets: &[&str]) {
    let copy = app.data_dir().join("copy.db");
    app.call("backup", json!({ "path": copy })).await;
    let database = std::fs::read(&copy).unwrap();
    let answers: String = answers.iter().map(Value::to_string).collect();
    let found = |text: &str| database.windows(text.len()).position(|window| window == text.as_bytes());
    let around = |at: usize| String::from_utf8_lossy(&database[at.saturating_sub(200)..at + 50]).into_owned();
    for secret in secrets {
        let json = serde_json::to_string(secret).unwrap();
        for form in [(*secret).to_owned(), percent(secret), json.trim_matches('"').to_owned()] {
            assert_eq!(found(&form).map(around), None, "the database holds {form}");
            assert!(!answers.contains(&form), "{form} is told: {answers}");
        }
    }
}

#[tokio::test]
async fn a_hook_token_is_kept_nowhere_whichever_header_or_query_brings_it() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let token = token_of(&made);
    let path = format!("/hooks/{}/{token}", made["key"].as_str().unwrap());
    let query = format!("?back={}&{token}=1", percent(&format!("https://hooks.example.org{path}")));
    let url = json!(format!("{}{query}", made["url"].as_str().unwrap()));
    let proxied = |kind: &str, body: String| {
        app.request(Method::POST, &url)
            .header("content-type", kind)
            .header("X-Original-URL", &path)
            .header("X-Forwarded-Uri", path.replace(&token, &percent(&token)))
            .header("Referer", format!("https://front.example/?u={}", percent(&percent(&path))))
            .header("X-Forwarded-Host", format!("{token}.example"))
            .body(body)
    };
    let taken = app.send(proxied("application/json", check_in().to_string())).await;
    let run = app.settle(&taken.run_id()).await;
    assert_eq!(run["run"]["status"], "succeeded", "{run:#}");
    let headers = &run["metadata"]["headers"];
    assert_eq!(headers["x-original-url"], path.replace(&token, "…"), "the rest is there: {headers:#}");
    assert_eq!(app.send(proxied(&format!("text/{token}"), "{}".to_owned())).await.status, 400);
    let refused = app.call("delivery_list", json!({ "limit": 1 })).await;
    let refused = app.call("delivery_get", json!({ "id": refused["deliveries"][0]["id"] })).await;
    assert_eq!(refused["body"], "{}", "the body is kept: {refused:#}");
    assert_clean(&app, &[run, refused], &[&token]).await;
    app.stop().await;
}

#[tokio::test]
async fn what_is_named_like_a_secret_is_not_kept_and_no_header_that_only_a_draft_asks_for() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let with_proof = |header: &str| {
        let mut file = workflow();
        file["trigger"]["authentication"] = json!({ "kind": "header", "header": header });
        file
    };
    let saved = json!({ "id": made["id"], "file": with_proof("X-Gate"), "publish": false });
    app.call("workflow_save", saved).await;
    let draft = json!({ "id": made["id"], "editor": "e", "base": 1, "file": with_proof("X-Door") });
    app.call("draft_save", draft).await;
    let url = json!(format!("{}?token=s3cr3t&api_key=s3cr3t&a=1", made["url"].as_str().unwrap()));
    let names = ["x-apikey", "x-shopify-hmac-sha256", "x-door", "x-gate", "password", "authorization"];
    let mut request = app.request(Method::POST, &url).json(&check_in()).header("x-session", "KEYNOTE");
    for name in names {
        request = request.header(name, "s3cr3t");
    }
    let run = app.settle(&app.send(request).await.run_id()).await;
    for name in names {
        assert_eq!(run["metadata"]["headers"][name], "…", "{name}: {run:#}");
    }
    assert_eq!(run["metadata"]["query"], json!({ "token": "…", "api_key": "…", "a": "1" }));
    assert_eq!(run["metadata"]["headers"]["x-session"], "KEYNOTE");
    assert_clean(&app, &[run], &["s3cr3t"]).await;
    app.stop().await;
}

/// A site that tells whatever it was told: sign-in, members and records are taken, the rest is an error.
async fn echoing_site() -> Pretended {
    Pretended::start(|request| {
        let words = format!("{PASSWORD}, {BEARER}, {NAMED}, {SENDER}");
        let (status, body) = match request.split(' ').nth(1).unwrap_or_default() {
            "/token" => (200, json!({ "access_token": BEARER, "expires_in": 3600 })),
            "/api/Party/12345" => (200, json!({ "PartyId": "12345", "Name": "Ms. Ada Sample" })),
            "/api/Party/503" => (503, json!({ "error": words })),
            "/api/Activity" => (400, json!({ "Message": words, "asForm": percent(PASSWORD) })),
            _ => (200, json!({ "$type": "Asi.Told", "told": { "words": [words] }, NAMED: "name" })),
        };
        json_answer(status, &format!("x-told: {NAMED} {BEARER}\r\nx-api-key: s3cr3t\r\n"), &body)
    })
    .await
}

#[tokio::test]
async fn a_site_that_echoes_our_secrets_brings_them_into_nothing_that_is_kept_or_shown() {
    let app = TestApp::start().await;
    let pretended = echoing_site().await;
    let site = &pretended.url;
    let live = json!({ "name": "live", "baseUrl": site, "username": "ihook", "password": PASSWORD });
    app.call("connection_save", live).await;
    app.call("secret_set", json!({ "name": "other", "value": NAMED })).await;
    app.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    let insert = json!({ "id": "activity", "type": "insertActivity", "fields": { "ID": "{{ memberId }}", "Activity Type": "ATTEND" } });
    let actions = json!([
        { "id": "read", "type": "imisGet", "path": "Things", "query": {}, "outputProperty": "read" },
        { "id": "told", "type": "httpRequest", "method": "POST", "url": format!("{site}/told?password=s3cr3t"),
          "headers": { "X-Sent": "{{ secret.other }}", "X-Access-Token": "s3cr3t" }, "body": "{}", "outputProperty": "told" },
        insert ]);
    let made = app.import(&with(workflow_of(actions), "/connection", json!("live"))).await;
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": SENDER })).await;
    let run = app.settle(&app.post(&made["url"], &check_in()).await.run_id()).await;
    assert_eq!(run["run"]["status"], "failed", "{run:#}");
    let message = run["run"]["error"]["message"].as_str().unwrap();
    assert!(message.contains("…, …, …"), "iMIS's own words are there but for the secrets: {run:#}");
    assert_eq!(run["steps"][0]["result"]["body"]["told"]["words"][0], "…, …, …, …", "{run:#}");
    let told = &run["steps"][1];
    assert_eq!(told["response"]["headers"]["x-told"], "… …", "{run:#}");
    assert_eq!(told["result"]["headers"]["x-told"], "… …", "{run:#}");
    let (sent, came) = (&told["request"], &told["response"]["headers"]);
    for by_name in [&sent["headers"]["x-access-token"], &sent["headers"]["x-sent"], &came["x-api-key"]] {
        assert_eq!(by_name, "…", "{run:#}");
    }
    assert!(sent["url"].as_str().unwrap().ends_with("/told?password=…"), "{run:#}");

    let away = with(check_in(), "/memberId", json!("503"));
    let waiting = app.wait_for(&app.post(&made["url"], &away).await.run_id(), &["waiting"]).await;
    assert!(waiting["run"]["waitingReason"].as_str().unwrap().contains("503"), "{waiting:#}");
    let tested = app.call("connection_test", json!({ "name": "live" })).await;
    let listed = app.call("connection_list", json!({})).await;
    let asked = json!({ "connection": "live", "id": "503" });
    let refused = app.call_refused("member_get", asked).await;
    let answers = [run, waiting, tested, listed, refused, app.call("run_list", json!({})).await];
    // What the workflow's own file says stays there.
    assert_clean(&app, &answers, &[PASSWORD, BEARER, NAMED, SENDER]).await;
    app.abandon().await;
}

#[tokio::test]
async fn after_a_start_secrets_are_known_before_anything_uses_them() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    app.call("secret_set", json!({ "name": "other", "value": NAMED })).await;
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": SENDER })).await;
    let app = app.restart().await;
    let send = async || {
        let url = app.call("workflow_url", json!({ "id": made["id"] })).await["url"].clone();
        let request = app.request(Method::POST, &url).json(&check_in());
        let sent = request.header("x-one", format!("<{NAMED}>")).header("x-two", SENDER);
        app.settle(&app.send(sent).await.run_id()).await["metadata"]["headers"].clone()
    };
    // They are read beside everything else, so that a keyring that asks for its password holds nothing up.
    app.until(async || {
        let headers = send().await;
        headers["x-one"] == "<…>" && headers["x-two"] == "…"
    })
    .await;
    app.stop().await;
}

#[tokio::test]
async fn the_payload_and_what_is_written_stay_as_they_came() {
    let app = TestApp::start().await;
    app.call("secret_set", json!({ "name": "other", "value": NAMED })).await;
    let made = app.import(&workflow()).await;
    let payload = with(check_in(), "/eventCode", json!(NAMED));
    let run = app.settle(&app.post(&made["url"], &payload).await.run_id()).await;
    assert_eq!((&run["run"]["status"], &run["payload"]), (&json!("succeeded"), &payload), "{run:#}");
    assert_eq!(app.activities("12345").await[0]["PRODUCT_CODE"], NAMED, "iMIS gets what the workflow says");
    let told = run["steps"][1]["request"]["body"].to_string();
    assert!(told.contains('…') && !told.contains(NAMED), "the exchange is kept without it: {told}");
    app.stop().await;
}
