//! How senders check an address before they send: answered where the trigger asks for it, to the right token only, and
//! never with a run.

use ihook_tests::files::workflow_of;
use ihook_tests::{Answer, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

async fn with_trigger(app: &TestApp, members: Value) -> Value {
    let mut file = workflow_of(json!([]));
    for (name, value) in members.as_object().unwrap() {
        file["trigger"][name] = value.clone();
    }
    app.import(&file).await
}

fn wrong(url: &Value) -> Value {
    json!(format!("{}x", url.as_str().unwrap()))
}

async fn assert_no_runs(app: &TestApp) {
    let runs = app.call("run_list", json!({})).await["runs"].clone();
    assert_eq!(runs, json!([]), "a handshake makes no run");
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn cvents_get_is_answered_200_where_the_trigger_asks_for_it() {
    let app = TestApp::start().await;
    let get = async |url: &Value| app.send(app.request(Method::GET, url)).await.status;
    let cvent = with_trigger(&app, json!({ "handshake": "cvent" })).await["url"].clone();
    let elsewhere = json!({ "handshake": "cvent", "allowAddresses": ["203.0.113.0/24"] });
    let elsewhere = with_trigger(&app, elsewhere).await["url"].clone();
    let other = with_trigger(&app, json!({ "handshake": "zoom" })).await["url"].clone();
    for (url, wanted) in [(&cvent, 200), (&wrong(&cvent), 405), (&elsewhere, 405), (&other, 405)] {
        assert_eq!(get(url).await, wanted, "{url}");
    }
    assert_no_runs(&app).await;
    app.stop().await;
}

#[tokio::test]
async fn zooms_token_comes_back_with_its_hmac() {
    let app = TestApp::start().await;
    let signed = json!({ "kind": "hmac", "scheme": "zoom" });
    let zoom = with_trigger(&app, json!({ "handshake": "zoom", "authentication": signed })).await;
    let body = include_str!("../fixtures/senders/zoom-validation.json");
    let send = async |url: &Value, body: &str, signature: &str| {
        let request = app.request(Method::POST, url).header("content-type", "application/json");
        let request =
            request.header("x-zm-request-timestamp", "1614265330").header("x-zm-signature", signature);
        app.send(request.body(body.to_owned())).await
    };
    assert_eq!(send(&zoom["url"], body, SIGNED).await.status, 503, "there is no secret to answer with");
    app.call("workflow_set_secret", json!({ "id": zoom["id"], "secret": "zoom-secret-token" })).await;
    assert_eq!(send(&zoom["url"], body, "v0=00").await.status, 401);
    assert_eq!(send(&wrong(&zoom["url"]), body, SIGNED).await.status, 401);
    let answer = send(&zoom["url"], body, SIGNED).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let expected = json!({ "plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": ENCRYPTED });
    assert_eq!(answer.json(), expected);
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_no_runs(&app).await;

    let bare = with_trigger(&app, json!({ "handshake": "zoom" })).await;
    app.call("workflow_set_secret", json!({ "id": bare["id"], "secret": "zoom-secret-token" })).await;
    assert_eq!(send(&bare["url"], body, "").await.json(), expected, "also where nothing has to be signed");
    let long = json!({ "event": "endpoint.url_validation", "payload": { "plainToken": "x".repeat(1025) } });
    assert_eq!(app.post(&bare["url"], &long).await.status, 400);
    assert_no_runs(&app).await;
    let joined: Value = serde_json::from_str(include_str!("../fixtures/senders/zoom-joined.json")).unwrap();
    let run = app.post(&bare["url"], &joined).await.run_id();
    assert_eq!(app.settle(&run).await["payload"], joined, "every other event is a delivery");

    let off = with_trigger(&app, json!({})).await["url"].clone();
    let run = app.post(&off, &serde_json::from_str(body).unwrap()).await.run_id();
    app.settle(&run).await;
    app.stop().await;
}

/// HMAC-SHA256 with the key `zoom-secret-token`: of `v0:1614265330:` and the body, and of the token.
const SIGNED: &str = "v0=4a96e3706959a839907957afda68a989a2eca61f9b48c5b9a0493323487ab5a1";
const ENCRYPTED: &str = "d9e0d764a78494688ba3f2d5c0ed4ca311394b4834d959759213424d2df961e3";

#[tokio::test]
async fn microsoft_graphs_token_comes_back_as_text_that_no_browser_takes_for_a_page() {
    let app = TestApp::start().await;
    let graph =
        with_trigger(&app, json!({ "handshake": "graph", "omitResponseBody": true })).await["url"].clone();
    let send = async |url: &Value, token: &str| {
        let url = json!(format!("{}?validationToken={token}", url.as_str().unwrap()));
        app.send(app.request(Method::POST, &url).header("content-type", "text/plain; charset=utf-8")).await
    };
    let token = "Validation%3A+Testing+client+%3Cscript%3E%26%3C%2Fscript%3E+%C3%BC";
    let answer = send(&graph, token).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, "Validation: Testing client <script>&</script> ü")
    );
    assert_eq!(header(&answer, "content-type"), "text/plain; charset=utf-8");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(send(&graph, &"x".repeat(1024)).await.status, 200);
    for (what, token) in
        [("long", "x".repeat(1025)), ("no", String::new()), ("broken", "a%0d%0ab".to_owned())]
    {
        let answer = send(&graph, &token).await;
        assert_eq!((answer.status, answer.text.as_str()), (400, ""), "a token that is {what}");
    }
    assert_eq!(send(&wrong(&graph), token).await.status, 401);
    assert_no_runs(&app).await;
    let run = async |url: &Value| {
        let listed = app.call("run_list", json!({ "limit": 1 })).await["runs"][0]["id"].clone();
        assert!(listed.is_string(), "{url} made a run");
        app.settle(listed.as_str().unwrap()).await
    };
    let answer = app.post(&graph, &json!({ "value": [] })).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(run(&graph).await["payload"], json!({ "value": [] }));
    let off = with_trigger(&app, json!({})).await["url"].clone();
    assert_ne!(
        send(&off, token).await.text,
        "Validation: Testing client <script>&</script> ü",
        "off by default"
    );
    run(&off).await;
    app.stop().await;
}

#[tokio::test]
async fn cloudevents_options_are_allowed_for_one_origin_and_a_rate() {
    let app = TestApp::start().await;
    let made = with_trigger(&app, json!({ "handshake": "cloudevents" })).await["url"].clone();
    let slow = json!({ "handshake": "cloudevents", "rateLimit": { "perSecond": 0.5, "burst": 1 } });
    let slow = with_trigger(&app, slow).await["url"].clone();
    let off = with_trigger(&app, json!({})).await["url"].clone();
    let ask = async |url: &Value, origin: &str, rate: &str| {
        let mut request = app.request(Method::OPTIONS, url);
        for (name, value) in [("webhook-request-origin", origin), ("webhook-request-rate", rate)] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let answer = app.send(request).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        let said =
            ["webhook-allowed-origin", "webhook-allowed-rate", "allow"].map(|name| header(&answer, name));
        said.map(str::to_owned)
    };
    let origin = "eventgrid.azure.net";
    for (url, origin, rate, expected) in [
        (&made, origin, "", [origin, "*", "POST"]),
        (&made, origin, "120", [origin, "120", "POST"]),
        (&made, origin, "many", [origin, "*", "POST"]),
        (&slow, origin, "", [origin, "30", "POST"]),
        (&slow, origin, "120", [origin, "30", "POST"]),
        (&slow, origin, "10", [origin, "10", "POST"]),
        (&made, "", "", ["", "", ""]),
        (&made, "<script>", "", ["", "", ""]),
        (&wrong(&made), origin, "", ["", "", ""]),
        (&off, origin, "", ["", "", ""]),
    ] {
        assert_eq!(ask(url, origin, rate).await, expected, "{url} {origin:?} {rate:?}");
    }
    assert_no_runs(&app).await;
    app.stop().await;
}

#[tokio::test]
async fn asanas_secret_comes_back_and_the_first_one_verifies_what_follows() {
    let app = TestApp::start().await;
    let signed = json!({ "kind": "hmac", "header": "X-Hook-Signature" });
    let made = with_trigger(&app, json!({ "handshake": "hookSecret", "authentication": signed })).await;
    let shake = async |url: &Value, secret: &str| {
        let answer = app.send(app.request(Method::POST, url).header("x-hook-secret", secret)).await;
        (answer.status, header(&answer, "x-hook-secret").to_owned())
    };
    let refused = (401, String::new());
    assert_eq!(shake(&wrong(&made["url"]), "sesame-street").await, refused);
    assert_eq!(shake(&made["url"], "short").await, (400, String::new()));
    assert_eq!(shake(&made["url"], "sesame-street").await, (200, "sesame-street".to_owned()));
    assert_eq!(
        shake(&made["url"], "sesame-street").await,
        (200, "sesame-street".to_owned()),
        "the same again"
    );
    assert_eq!(shake(&made["url"], "another-secret").await, refused, "nobody takes its place");
    assert_no_runs(&app).await;
    let audit = app.call("audit_list", json!({})).await;
    assert_eq!(audit["entries"][0]["action"], "workflow_set_secret", "{audit}");
    assert!(!audit.to_string().contains("sesame"), "{audit}");
    assert_eq!(app.call("workflow_secret", json!({ "id": made["id"] })).await, json!({ "isSet": true }));

    // HMAC-SHA256 of `{}` with the key `sesame-street`.
    let send = async |signature: &str| {
        let request = app.request(Method::POST, &made["url"]).header("content-type", "application/json");
        app.send(request.header("x-hook-signature", signature).body("{}")).await
    };
    assert_eq!(send("00").await.status, 401);
    let answer = send("f54dd6790cd225b1a0f64f8d59cac6801c343db02b741f6254015aa2af6b96ac").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    app.settle(&answer.run_id()).await;

    app.call("workflow_secret_remove", json!({ "id": made["id"] })).await;
    assert_eq!(app.call("workflow_secret", json!({ "id": made["id"] })).await, json!({ "isSet": false }));
    let problems = app.call("workflow_get", json!({ "id": made["id"] })).await["problems"].to_string();
    assert!(problems.contains("No secret is set"), "{problems}");
    assert_eq!(send("00").await.status, 503);
    assert_eq!(shake(&made["url"], "another-secret").await, (200, "another-secret".to_owned()));

    let open = with_trigger(&app, json!({ "handshake": "hookSecret" })).await;
    assert_eq!(shake(&open["url"], "sesame-street").await, (200, "sesame-street".to_owned()));
    assert_eq!(
        app.call("workflow_secret", json!({ "id": open["id"] })).await,
        json!({ "isSet": false }),
        "what verifies nothing keeps nothing"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_challenge_comes_back_and_an_event_that_has_one_does_not() {
    let app = TestApp::start().await;
    let url = with_trigger(&app, json!({ "handshake": "challenge" })).await["url"].clone();
    let slack = json!({ "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", "challenge": "3eZbrw1a<b>", "type": "url_verification" });
    for payload in [slack.clone(), json!({ "challenge": "3eZbrw1a<b>" })] {
        let answer = app.post(&url, &payload).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "challenge": "3eZbrw1a<b>" })));
        assert_eq!(header(&answer, "content-type"), "application/json");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    }
    assert_eq!(app.post(&url, &json!({ "challenge": "x".repeat(1025) })).await.status, 400);
    assert_eq!(app.post(&wrong(&url), &slack).await.status, 401);
    assert_no_runs(&app).await;
    let off = with_trigger(&app, json!({})).await["url"].clone();
    for (url, payload) in [
        (&url, json!({ "challenge": "race", "memberId": "12345" })),
        (&url, json!({ "challenge": 7 })),
        (&off, slack),
    ] {
        let run = app.post(url, &payload).await.run_id();
        assert_eq!(app.settle(&run).await["payload"], payload);
    }
    app.stop().await;
}
