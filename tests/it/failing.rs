//! What becomes of an `httpRequest` that does not come to an answer, line by line of the one table of failures: what
//! can never succeed fails its step, what may succeed later waits, what may have been done is left to a person.

use ihook_tests::TestApp;
use ihook_tests::files::{with, workflow_of};
use ihook_tests::pretend::{Act, Pretended, answer, cut};
use ihook_tests::proxy::Proxy;
use serde_json::{Value, json};

/// Only a proxy knows it.
const NAME: &str = "other.only-proxy.invalid";

/// A request of the workflow: with these members beside its id and type.
fn request(members: &Value) -> Value {
    let mut action = json!({ "id": "call", "type": "httpRequest", "method": "GET", "headers": {} });
    for (name, value) in members.as_object().unwrap() {
        action[name] = value.clone();
    }
    action
}

/// What became of a delivery: status, code and words.
fn ended(run: &Value) -> (String, String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let run = &run["run"];
    let words = if run["error"].is_null() { &run["waitingReason"] } else { &run["error"]["message"] };
    (text(&run["status"]), text(&run["error"]["code"]), text(words))
}

async fn outcome(app: &TestApp, members: &Value) -> (String, String, String) {
    let made = app.import(&workflow_of(json!([request(members)]))).await;
    let long = "ü".repeat(30_000);
    let payload = json!({ "note": "first\nsecond", "address": "http://exa mple/", "long": long });
    let run = app.settle(&app.post(&made["url"], &payload).await.run_id()).await;
    // So that nothing waits for the next one.
    app.try_call("run_cancel", json!({ "id": run["run"]["id"] })).await.ok();
    ended(&run)
}

async fn check(app: &TestApp, members: Value, status: &str, code: &str, words: &str) {
    let (found, found_code, message) = outcome(app, &members).await;
    assert_eq!((found.as_str(), found_code.as_str()), (status, code), "{members}: {message}");
    assert!(message.contains(words), "{members}: {message}");
}

async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    app
}

#[tokio::test]
async fn what_can_never_be_sent_fails_its_step() {
    let app = app().await;
    let there = Pretended::start(|_| answer(200, "", "{}")).await;
    let url = &there.url;
    let with_header = |value: &str| json!({ "url": url, "headers": { "X-Note": value } });
    check(&app, with_header("{{ note }}"), "failed", "notBuilt", "X-Note").await;
    check(&app, with_header("{{ note }}"), "failed", "notBuilt", "first⟨U+000A⟩second").await;
    check(&app, json!({ "url": "{{ address }}" }), "failed", "notBuilt", "no address").await;
    check(&app, json!({ "url": "{{ note }}" }), "failed", "notBuilt", "no address").await;
    check(&app, json!({ "url": "https://a..example/" }), "failed", "notBuilt", "no host").await;
    check(&app, json!({ "url": "http://127.0.0.1:0/" }), "failed", "notBuilt", "port 0").await;
    let long = format!("{url}/?q={{{{ long }}}}");
    check(&app, json!({ "url": long }), "failed", "notBuilt", "No request can be made").await;
    let length = json!({ "url": url, "method": "POST", "body": "abc", "headers": { "Content-Length": "2" } });
    check(&app, length, "failed", "notBuilt", "Content-Length").await;
    check(&app, json!({ "url": "http://10.1.2.3/" }), "failed", "http", "private network").await;
    check(&app, with_header("{{ secret.none }}"), "failed", "http", "no secret named").await;
    app.call("secret_set", json!({ "name": "lines", "value": "s3cr3t\nline" })).await;
    let (status, _, message) = outcome(&app, &with_header("{{ secret.lines }}")).await;
    assert_eq!(status, "failed", "{message}");
    assert!(message.contains("X-Note") && message.contains("line break"), "{message}");
    assert!(!message.contains("s3cr3t"), "{message}");
    assert_eq!(there.requests(), Vec::<String>::new(), "nothing was sent");
    app.stop().await;
}

#[tokio::test]
async fn what_may_be_there_later_is_waited_for() {
    let app = app().await;
    for method in ["GET", "POST"] {
        let at = |url: &str| json!({ "method": method, "url": url });
        check(&app, at("http://nowhere.invalid/"), "waiting", "", "was not found").await;
        check(&app, at("http://127.0.0.1:1/"), "waiting", "", "cannot be reached").await;
        let untrusted = Pretended::start_untrusted().await;
        check(&app, at(&untrusted.url), "waiting", "", "certificate that this computer does not trust").await;
    }
    app.abandon().await;
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_now_is_waited_for() {
    let app = app().await;
    app.call("secret_set", json!({ "name": "key", "value": "k" })).await;
    let app = app
        .restart_after(|data_dir| {
            let path = data_dir.join("secrets.json");
            let mut sealed: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            sealed["secret/key"] = json!("AAAA");
            std::fs::write(&path, sealed.to_string()).unwrap();
        })
        .await;
    let there = Pretended::start(|_| answer(200, "", "{}")).await;
    let members = json!({ "url": there.url, "headers": { "X-Key": "{{ secret.key }}" } });
    check(&app, members, "waiting", "", "another key").await;
    assert_eq!(there.requests(), Vec::<String>::new(), "nothing was sent");
    app.abandon().await;
}

#[tokio::test]
async fn what_was_sent_and_not_answered_is_sent_again_only_where_it_reads() {
    let app = app().await;
    let long = "x".repeat(2 * 1024 * 1024);
    let cut_off = Act::Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec());
    let begun = Act::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec());
    for (act, read, words) in [
        (cut(), ("waiting", ""), "was cut"),
        (cut_off, ("waiting", ""), "was cut"),
        (Act::Hang(Vec::new()), ("waiting", ""), "in time"),
        (begun, ("waiting", ""), "in time"),
        (answer(200, "", long), ("failed", "limits"), "more than 1048576 bytes"),
        (answer(200, "content-encoding: gzip\r\n", [31, 139]), ("failed", "http"), "packed as gzip"),
    ] {
        let there = Pretended::start(move |_| act.clone()).await;
        let asked = |method: &str| json!({ "method": method, "url": there.url, "timeoutSeconds": 1 });
        check(&app, asked("GET"), read.0, read.1, words).await;
        check(&app, asked("POST"), "held", "", words).await;
        assert_eq!(there.requests().len(), 2, "once each: {words}");
    }
    app.stop().await;
}

#[tokio::test]
async fn every_status_is_an_answer_like_any_other_and_the_author_says_which_one_fails() {
    let app = app().await;
    for status in [204, 302, 307, 404, 407, 429, 500, 503] {
        let moved = "location: http://127.0.0.1:1/\r\n";
        let there = Pretended::start(move |_| answer(status, moved, "")).await;
        for (method, fail_on) in [("GET", json!([])), ("POST", json!(["4xx", "5xx"]))] {
            let fails = method == "POST" && status >= 400;
            let expected = if fails { ("failed", "http") } else { ("succeeded", "") };
            let members = json!({ "method": method, "url": there.url, "failOn": fail_on });
            check(&app, members, expected.0, expected.1, "").await;
        }
        assert_eq!(there.requests().len(), 2, "{status}: nothing is followed or repeated");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_proxy_that_does_not_lead_there_is_waited_for_and_one_that_asks_who_we_are_until_it_is_set_right() {
    let app = app().await;
    let leave_by = async |proxy: &str| {
        app.call("settings_save", json!({ "settings": { "outgoingProxy": proxy } })).await;
    };
    let there = Pretended::start(|_| answer(200, "", "{}")).await;
    let asks = Pretended::start(|_| answer(407, "proxy-authenticate: Basic\r\n", "")).await;
    let knows_nobody = Proxy::start("nobody.invalid", &there.url).await;
    let secure = json!({ "url": format!("https://{NAME}/x"), "method": "POST" });
    let plain = json!({ "url": format!("http://{NAME}/x"), "method": "POST" });
    leave_by("http://127.0.0.1:1").await;
    for members in [&plain, &secure] {
        check(&app, members.clone(), "waiting", "", "The proxy 127.0.0.1:1 cannot be reached").await;
    }
    leave_by(&knows_nobody.url).await;
    check(&app, secure.clone(), "waiting", "", "does not lead to other.only-proxy.invalid").await;
    leave_by(&asks.url).await;
    check(&app, secure, "waiting", "", "(407)").await;
    let made = app.import(&workflow_of(json!([request(&plain)]))).await;
    let waits = app.settle(&app.post(&made["url"], &json!({})).await.run_id()).await;
    assert!(ended(&waits).2.contains("(407)"), "{waits:#}");
    assert!(waits["run"]["waitingUntil"].is_null(), "only a person changes that: {waits:#}");
    let knows = Proxy::start(NAME, &there.url).await;
    leave_by(&knows.url).await;
    app.wait_for(waits["run"]["id"].as_str().unwrap(), &["succeeded"]).await;
    app.abandon().await;
}

#[tokio::test]
async fn an_ordered_workflow_goes_on_behind_what_can_never_succeed() {
    let app = app().await;
    let there = Pretended::start(|_| answer(200, "", "{}")).await;
    let action = request(&json!({ "url": there.url, "headers": { "X-Note": "{{ note }}" } }));
    let mut file = workflow_of(json!([action]));
    file = with(file, "/trigger", json!({ "type": "webhook", "ordered": true }));
    let made = app.import(&file).await;
    let broken = app.post(&made["url"], &json!({ "note": "a\r\nb" })).await.run_id();
    let next = app.post(&made["url"], &json!({ "note": "ok" })).await.run_id();
    assert_eq!(app.settle(&next).await["run"]["status"], "succeeded");
    assert_eq!(app.settle(&broken).await["run"]["status"], "failed");
    app.stop().await;
}
