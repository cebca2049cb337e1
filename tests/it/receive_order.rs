//! The order in which a delivery is checked: of several faults the first in the list is answered.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use ihook_app::clock::Clock;
use ihook_tests::files::{check_in, workflow};
use ihook_tests::{Answer, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

const SECRET: &str = "sesame-street";

/// A request with as many faults as are left.
struct Request {
    method: Method,
    key: String,
    token: String,
    forwarded: &'static str,
    encoding: &'static str,
    content_type: &'static str,
    body: String,
    /// Signed with this secret, so many seconds ago.
    signed: (&'static str, i64),
    scan: &'static str,
}

impl Request {
    async fn send(&self, app: &TestApp) -> Answer {
        // One token a second: each request but the one that shall find none has its own.
        app.clock.advance(Duration::from_secs(1));
        self.send_at_once(app).await
    }

    async fn send_at_once(&self, app: &TestApp) -> Answer {
        let stamp = app.clock.millis() / 1000 - self.signed.1;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.signed.0.as_bytes()).unwrap();
        mac.update(format!("{}.{stamp}.{}", self.scan, self.body).as_bytes());
        let signature = format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()));
        let url = json!(format!("{}/hooks/{}/{}", app.hooks_url, self.key, self.token));
        let request = app
            .request(self.method.clone(), &url)
            .header("x-forwarded-for", self.forwarded)
            .header("content-encoding", self.encoding)
            .header("content-type", self.content_type)
            .header("webhook-id", self.scan)
            .header("webhook-timestamp", stamp.to_string())
            .header("webhook-signature", signature)
            .body(self.body.clone());
        app.send(request).await
    }
}

fn strict_workflow() -> Value {
    let mut file = workflow();
    file["trigger"]["allowAddresses"] = json!(["203.0.113.0/24"]);
    file["trigger"]["rateLimit"] = json!({ "perSecond": 1, "burst": 1 });
    file["trigger"]["maxBodyBytes"] = json!(500);
    file["trigger"]["authentication"] = json!({ "kind": "hmac", "scheme": "standardWebhooks" });
    file["trigger"]["idempotency"] = json!({ "from": "header:webhook-id", "windowHours": 1 });
    file
}

#[tokio::test]
async fn of_several_faults_the_first_in_the_list_is_answered() {
    let app = TestApp::start().await;
    let made = app.import(&strict_workflow()).await;
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": SECRET })).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "disabled" })).await;
    let (key, token) =
        (made["key"].as_str().unwrap(), made["url"].as_str().unwrap().rsplit('/').next().unwrap());
    let mut request = Request {
        method: Method::PUT,
        key: "nobody".to_owned(),
        token: "nothing".to_owned(),
        forwarded: "198.51.100.1",
        encoding: "gzip",
        content_type: "text/plain",
        body: "x".repeat(501),
        signed: ("another secret", 1000),
        scan: "scan-1",
    };
    let check = async |request: &Request, status: u16, words: &str| {
        let answer = request.send(&app).await;
        assert!(
            answer.status == status && answer.text.contains(words),
            "{status} {words}: {} {}",
            answer.status,
            answer.text
        );
    };
    check(&request, 405, "").await;
    request.method = Method::POST;
    check(&request, 400, "URL is invalid").await;
    request.key = key.to_owned();
    check(&request, 401, "token").await;
    request.token = token.to_owned();
    check(&request, 400, "disabled").await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    check(&request, 403, "198.51.100.1").await;
    request.forwarded = "203.0.113.9";
    check(&request, 413, "larger than the 500 bytes").await;
    assert_eq!(request.send_at_once(&app).await.status, 429, "the rate comes before the size");
    request.body = "oops".to_owned();
    check(&request, 415, "compressed").await;
    request.encoding = "identity";
    check(&request, 400, "Content-Type is text/plain").await;
    request.content_type = "application/json";
    check(&request, 401, "could not be authenticated").await;
    request.signed.0 = SECRET;
    check(&request, 401, "time stamp").await;
    request.signed.1 = 299;
    check(&request, 400, "Invalid JSON body").await;

    request.body = check_in().to_string();
    let first = request.send(&app).await;
    assert_eq!(first.status, 200, "{}", first.text);
    request.body = "{}".to_owned();
    let again = request.send(&app).await;
    assert_eq!((again.status, again.run_id()), (200, first.run_id()), "the key comes before the schema");
    request.scan = "scan-2";
    check(&request, 400, "validationErrors").await;
    app.settle(&first.run_id()).await;
    app.stop().await;
}

#[tokio::test]
async fn a_workflow_may_leave_the_body_out_of_every_answer() {
    let app = TestApp::start().await;
    let mut file = strict_workflow();
    file["trigger"]["omitResponseBody"] = json!(true);
    let made = app.import(&file).await;
    let (key, token) =
        (made["key"].as_str().unwrap(), made["url"].as_str().unwrap().rsplit('/').next().unwrap());
    let mut request = Request {
        method: Method::POST,
        key: key.to_owned(),
        token: "nothing".to_owned(),
        forwarded: "198.51.100.1",
        encoding: "gzip",
        content_type: "text/plain",
        body: "x".repeat(501),
        signed: (SECRET, 1000),
        scan: "scan-1",
    };
    let check = async |request: &Request, status: u16| {
        let answer = request.send(&app).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, ""));
        assert!(!answer.headers.contains_key("content-type"), "{status}");
    };
    check(&request, 401).await;
    request.token = token.to_owned();
    check(&request, 403).await;
    request.forwarded = "203.0.113.9";
    check(&request, 413).await;
    request.body = "oops".to_owned();
    check(&request, 415).await;
    request.encoding = "identity";
    check(&request, 400).await;
    request.content_type = "application/json";
    check(&request, 503).await;
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": SECRET })).await;
    check(&request, 401).await;
    request.signed.1 = 0;
    check(&request, 400).await;
    request.body = "{}".to_owned();
    check(&request, 400).await;
    let path = ihook_tests::wire::path(&made["url"]).to_owned();
    let twice = "Host: localhost\r\n".repeat(2);
    let unclear =
        ihook_tests::wire::exchange(&app.hooks_url, format!("POST {path} HTTP/1.1\r\n{twice}\r\n")).await;
    assert!(unclear.starts_with("HTTP/1.1 400") && unclear.ends_with("\r\n\r\n"), "{unclear}");
    app.stop().await;
}
