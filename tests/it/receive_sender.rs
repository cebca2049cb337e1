//! Who may send: signatures, rotation, presets, replaced URLs; and what the audit list tells of it.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow, workflow_of};
use reqwest::Method;
use serde_json::{Value, json};

async fn with_trigger(app: &TestApp, members: Value) -> Value {
    let mut file = workflow_of(json!([]));
    for (name, value) in members.as_object().unwrap() {
        file["trigger"][name] = value.clone();
    }
    app.import(&file).await
}

#[tokio::test]
async fn a_workflow_that_cannot_judge_its_sender_says_so_until_it_can() {
    let app = TestApp::start().await;
    let made =
        with_trigger(&app, json!({ "authentication": { "kind": "header", "header": "X-Door" } })).await;
    let send = async || {
        let request = app.request(Method::POST, &made["url"]).header("content-type", "application/json");
        app.send(request.header("x-door", "sesame-street").body("{}")).await
    };
    let refusing = async || app.call("workflow_list", json!({})).await["workflows"][0]["refusing"].clone();
    assert_eq!(refusing().await, Value::Null, "nobody was turned away yet");
    assert_eq!(send().await.status, 503);
    assert_eq!(refusing().await, json!({ "kind": "noSecret" }));
    assert_eq!(app.call("standing", json!({})).await["standing"], "refusing");
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": "sesame-street" })).await;
    assert_eq!(refusing().await, Value::Null);
    let answer = send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    app.settle(&answer.run_id()).await;
    app.stop().await;
}

#[tokio::test]
async fn each_kind_of_authentication_takes_its_own_proof_and_nothing_else() {
    let app = TestApp::start().await;
    let swapcard = "{\n  \"context\": {},\n  \"event_profile\": {\n  },\n  \"action\": \"profile_create\",\n  \
                    \"datetime\": \"2024-04-01T00:00:00.000Z\"\n}";
    let signature = "sha256=dabe126d047775d1685e1a28eef57381dc2b31688a49959802c1f9b72a569590";
    let cases = [
        (json!({ "kind": "header", "header": "X-Door" }), "sesame-street", "x-door", "sesame-street", "{}"),
        (
            json!({ "kind": "header", "header": "Authorization", "prefix": "Bearer " }),
            "sesame-street",
            "authorization",
            "Bearer sesame-street",
            "{}",
        ),
        (json!({ "kind": "basic" }), "user:pass-word", "authorization", "Basic dXNlcjpwYXNzLXdvcmQ=", "{}"),
        (
            json!({ "kind": "hmac", "scheme": "swapcard" }),
            "my_secret",
            "x-signature-256",
            signature,
            swapcard,
        ),
        (
            json!({ "kind": "hmac", "header": "X-Sum", "algorithm": "sha1", "encoding": "base64" }),
            "sesame-street",
            "x-sum",
            SHA1,
            "{}",
        ),
    ];
    for (authentication, secret, header, proof, body) in cases {
        let made =
            with_trigger(&app, json!({ "authentication": authentication, "metadataOutputProperty": "meta" }))
                .await;
        app.call("workflow_set_secret", json!({ "id": made["id"], "secret": secret })).await;
        let send = async |proof: Option<&str>, body: &str| {
            let mut request =
                app.request(Method::POST, &made["url"]).header("content-type", "application/json");
            if let Some(proof) = proof {
                request = request.header(header, proof);
            }
            app.send(request.body(body.to_owned())).await
        };
        assert_eq!(send(None, body).await.status, 401, "{authentication}");
        assert_eq!(send(Some("x"), body).await.status, 401, "{authentication}");
        let answer = send(Some(proof), body).await;
        assert_eq!(answer.status, 200, "{authentication}: {}", answer.text);
        let run = app.settle(&answer.run_id()).await;
        assert_eq!(run["metadata"]["headers"][header], "…", "the proof is not kept: {run}");
        if authentication["kind"] == "hmac" {
            assert_eq!(send(Some(proof), &format!("{body} ")).await.status, 401, "the raw bytes count");
        }
    }
    app.stop().await;
}

/// HMAC-SHA1 of `{}` with the key `sesame-street`, in base64.
const SHA1: &str = "cFxELqfRasdhELEFMUn0502n1QA=";

#[tokio::test]
async fn two_secrets_count_while_one_is_rotated() {
    let app = TestApp::start().await;
    let made =
        with_trigger(&app, json!({ "authentication": { "kind": "header", "header": "X-Door" } })).await;
    let set = async |secret: &str, hours: Value| {
        let request = json!({ "id": made["id"], "secret": secret, "overlapHours": hours });
        app.call("workflow_set_secret", request).await;
    };
    let status = async |secret: &str| {
        let answer = app.send(app.request(Method::POST, &made["url"]).header("x-door", secret)).await;
        if answer.status == 200 {
            app.settle(&answer.run_id()).await;
        }
        answer.status
    };
    let known = async || app.call("workflow_secret", json!({ "id": made["id"] })).await;
    assert_eq!(known().await, json!({ "isSet": false }));
    set("secret-one", Value::Null).await;
    assert_eq!(known().await, json!({ "isSet": true }), "that there is one is told, never which");
    set("secret-two", json!(24)).await;
    assert!(known().await["beforeUntil"].is_string(), "how long the one before counts is told");
    assert_eq!((status("secret-one").await, status("secret-two").await), (200, 200));
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!((status("secret-one").await, status("secret-two").await), (401, 200), "the overlap is over");
    assert_eq!(known().await, json!({ "isSet": true }));
    set("secret-three", Value::Null).await;
    assert_eq!(
        (status("secret-two").await, status("secret-three").await),
        (401, 200),
        "without one it ends at once"
    );
    let long = json!({ "id": made["id"], "secret": "secret-four", "overlapHours": 169 });
    assert_eq!(app.call_refused("workflow_set_secret", long).await["code"], "badRequest");
    let broken = json!({ "id": made["id"], "secret": "whsec_sesame street", "usedAs": "standardWebhooks" });
    let error = app.call_refused("workflow_set_secret", broken).await;
    assert!(error["message"].as_str().unwrap().contains("no base64"), "{error}");
    assert_eq!(status("secret-three").await, 200, "the one before is still taken");
    app.stop().await;
}

#[tokio::test]
async fn a_secret_that_is_missing_or_for_another_use_is_a_problem() {
    let app = TestApp::start().await;
    let of = |authentication: Value| {
        let mut file = workflow_of(json!([]));
        file["trigger"]["authentication"] = authentication;
        file
    };
    let made = app.import(&of(json!({ "kind": "header", "header": "X-Door" }))).await;
    let about = |answer: &Value| {
        let found = answer["problems"].as_array().unwrap().iter();
        let told = found.filter(|problem| problem["path"] == "/trigger/authentication");
        told.map(|problem| problem["message"].as_str().unwrap().to_owned()).collect::<String>()
    };
    let stored = async || about(&app.call("workflow_get", json!({ "id": made["id"] })).await);
    assert!(about(&made).contains("No secret is set"), "{made}");
    assert!(stored().await.contains("No secret is set"));
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": "sesame-street" })).await;
    assert_eq!(stored().await, "", "it was set for what the workflow asks for");

    let basic = of(json!({ "kind": "basic" }));
    let check = json!({ "file": basic, "id": made["id"] });
    let told = about(&app.call("workflow_check", check.clone()).await);
    assert!(told.contains("the value of a header, and now a user and a password"), "{told}");
    let saved = app.call("workflow_save", json!({ "id": made["id"], "file": basic, "publish": true })).await;
    assert!(about(&saved).contains("answered 401"), "{saved}");
    let listed = app.call("workflow_list", json!({})).await;
    assert!(listed["workflows"][0]["problems"].as_u64().unwrap() > 0, "{listed}");

    let nobody = json!({ "id": made["id"], "secret": "sesame-street" });
    assert_eq!(app.call_refused("workflow_set_secret", nobody).await["code"], "badRequest");
    let key = json!({ "id": made["id"], "secret": "whsec_c2VzYW1l", "usedAs": "standardWebhooks" });
    app.call("workflow_set_secret", key).await;
    assert!(stored().await.contains("a key of Standard Webhooks"), "the request said what it is for");
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": "bob:builder" })).await;
    assert_eq!(about(&app.call("workflow_check", check).await), "");
    app.stop().await;
}

#[tokio::test]
async fn a_replaced_url_ends_at_once_or_after_its_overlap() {
    let app = TestApp::start().await;
    let made = app.import(&workflow_of(json!([]))).await;
    let regenerate = async |hours: Value| {
        let request = json!({ "id": made["id"], "overlapHours": hours });
        app.call("workflow_regenerate_url", request).await["url"].clone()
    };
    let until = async || app.call("workflow_get", json!({ "id": made["id"] })).await["oldUrlUntil"].clone();
    let status = async |url: &Value| {
        let answer = app.post(url, &json!({})).await;
        if answer.status == 200 {
            app.settle(&answer.run_id()).await;
        }
        answer.status
    };
    assert_eq!(until().await, Value::Null);
    let second = regenerate(Value::Null).await;
    assert_eq!((status(&made["url"]).await, status(&second).await), (401, 200));
    assert_eq!(until().await, Value::Null);
    let third = regenerate(json!(168)).await;
    assert_eq!((status(&second).await, status(&third).await), (200, 200));
    assert!(until().await.is_string(), "shown as a countdown");
    let fourth = regenerate(json!(0)).await;
    let all = (status(&second).await, status(&third).await, status(&fourth).await);
    assert_eq!(all, (401, 401, 200), "at once means every old one");
    let fifth = regenerate(json!(1)).await;
    app.clock.advance(Duration::from_secs(60 * 60));
    assert_eq!((status(&fourth).await, status(&fifth).await, until().await), (401, 200, Value::Null));
    let long = json!({ "id": made["id"], "overlapHours": 169 });
    assert_eq!(app.call_refused("workflow_regenerate_url", long).await["code"], "badRequest");
    app.stop().await;
}

#[tokio::test]
async fn cvents_handshake_is_a_get_with_the_right_token() {
    let app = TestApp::start().await;
    let cvent = with_trigger(&app, json!({ "preset": "cvent" })).await["url"].clone();
    let plain = with_trigger(&app, json!({})).await["url"].clone();
    let wrong = json!(format!("{}x", cvent.as_str().unwrap()));
    for (url, wanted) in [(&cvent, 200), (&wrong, 405), (&plain, 405)] {
        let answer = app.send(app.request(Method::GET, url)).await;
        assert_eq!((answer.status, answer.text.as_str()), (wanted, ""), "{url}");
    }
    app.stop().await;
}

#[tokio::test]
async fn what_a_trusted_proxy_says_is_in_the_metadata_and_what_a_stranger_says_is_not() {
    let app = TestApp::start().await;
    let made = with_trigger(&app, json!({ "metadataOutputProperty": "meta" })).await;
    let base = "https://hooks.example.org/ihook";
    app.call("settings_save", json!({ "settings": { "publicBaseUrl": base } })).await;
    let metadata = async || {
        let request = app
            .request(Method::POST, &made["url"])
            .header("x-forwarded-for", "192.0.2.66, 203.0.113.9")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "hooks.example.org");
        let answer = app.send(request).await;
        app.settle(&answer.run_id()).await["metadata"].clone()
    };
    let told = metadata().await;
    let path = format!("/hooks/{}/…", made["key"].as_str().unwrap());
    assert_eq!(told["scheme"], "https");
    assert_eq!(told["host"], "hooks.example.org");
    assert_eq!(told["path"], format!("/ihook{path}"));
    assert_eq!(told["remoteIp"], "203.0.113.9");
    app.call("settings_save", json!({ "settings": { "trustedProxies": [] } })).await;
    let told = metadata().await;
    assert_eq!(told["scheme"], "http");
    assert_eq!(told["host"], app.hooks_url.strip_prefix("http://").unwrap());
    assert_eq!(told["path"], path);
    assert_eq!(told["remoteIp"], "127.0.0.1");

    let bad = json!({ "settings": { "trustedProxies": ["10.0.0.0/8", "0.0.0.0/0"] } });
    let error = app.call_refused("settings_save", bad).await;
    assert_eq!(error["details"]["path"], "/settings/trustedProxies/1", "{error}");
    assert_eq!(app.call("settings_get", json!({})).await["settings"]["trustedProxies"], json!([]));
    app.stop().await;
}

#[tokio::test]
async fn everything_that_changes_what_happens_is_in_the_audit_list() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let id = &made["id"];
    app.call("workflow_save", json!({ "id": id, "file": workflow(), "publish": true })).await;
    app.call("workflow_regenerate_url", json!({ "id": id })).await;
    let url = app.call("workflow_url", json!({ "id": id })).await["url"].clone();
    app.call("workflow_set_secret", json!({ "id": id, "secret": "sesame-street" })).await;
    app.call("settings_save", json!({ "settings": { "retentionDays": 30 } })).await;
    let run = app.post(&url, &check_in()).await.run_id();
    app.settle(&run).await;
    app.call("run_undo", json!({ "id": run, "index": 1, "reason": "scanned twice" })).await;
    let rejected = app.post(&url, &json!({})).await.run_id();
    let released = app.call("run_release", json!({ "id": rejected, "payload": check_in() })).await;
    app.settle(released["id"].as_str().unwrap()).await;
    app.call("workflow_set_status", json!({ "id": id, "status": "disabled" })).await;
    let audit = app.call("audit_list", json!({})).await;
    let actions: Vec<_> = audit["entries"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "workflow_publish",
            "workflow_create",
            "workflow_publish",
            "workflow_regenerate_url",
            "workflow_set_secret",
            "settings_save",
            "run_undo",
            "run_release",
            "workflow_set_status",
        ]
    );
    let token = url.as_str().unwrap().rsplit('/').next().unwrap();
    assert!(!audit.to_string().contains(token) && !audit.to_string().contains("sesame"), "without secrets");
    app.stop().await;
}
