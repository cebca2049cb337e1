//! Bodies as real senders write them: byte order marks, forms of every kind and charset, and names that no object
//! may have.

use ihook_tests::files::{check_in, workflow, workflow_of};
use ihook_tests::{Answer, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=XX";
/// What `serde_json` takes for a number and for raw text when it reads an object.
const RESERVED: [&str; 2] = ["$serde_json::private::Number", "$serde_json::private::RawValue"];

async fn forms(app: &TestApp) -> Value {
    let mut file = workflow_of(json!([]));
    file["trigger"]["acceptForm"] = json!(true);
    file["trigger"]["metadataOutputProperty"] = json!("meta");
    app.import(&file).await
}

async fn send(app: &TestApp, url: &Value, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    app.send(app.request(Method::POST, url).header("content-type", kind).body(body)).await
}

/// A part with one more header line each, its content and the end of its line.
fn part(disposition: &str, header: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--XX\r\nContent-Disposition: form-data; {disposition}\r\n{header}\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_and_the_signature_still_covers_it() {
    let app = TestApp::start().await;
    let url = forms(&app).await["url"].clone();
    for (kind, body, payload) in [
        ("application/json", "\u{feff}{\"a\": 1}", json!({ "a": 1 })),
        ("text/json; charset=utf-8", "\u{feff}", json!({})),
        (FORM, "\u{feff}a=1", json!({ "a": "1" })),
    ] {
        let answer = send(&app, &url, kind, body).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text);
        assert_eq!(app.settle(&answer.run_id()).await["payload"], payload, "{kind}");
    }
    let twice = send(&app, &url, "application/json", "\u{feff}\u{feff}{}").await;
    assert_eq!(twice.status, 400, "one mark is skipped, not two: {}", twice.text);

    let mut file = workflow_of(json!([]));
    file["trigger"]["authentication"] = json!({ "kind": "hmac", "scheme": "github" });
    let made = app.import(&file).await;
    app.call("workflow_set_secret", json!({ "id": made["id"], "secret": "sesame-street" })).await;
    // HMAC-SHA256 of the bytes EF BB BF 7B 7D, and of 7B 7D, with the key `sesame-street`.
    for (signature, wanted) in [(MARKED, 200), (UNMARKED, 401)] {
        let request = app.request(Method::POST, &made["url"]).header("content-type", "application/json");
        let request = request.header("x-hub-signature-256", format!("sha256={signature}"));
        let answer = app.send(request.body("\u{feff}{}")).await;
        assert_eq!(answer.status, wanted, "the raw bytes are signed: {}", answer.text);
        if wanted == 200 {
            app.settle(&answer.run_id()).await;
        }
    }
    app.stop().await;
}

const MARKED: &str = "001c38822072d3ad15bf33a339c404875bcea820f9446a4bd84b5d7f5205d515";
const UNMARKED: &str = "f54dd6790cd225b1a0f64f8d59cac6801c343db02b741f6254015aa2af6b96ac";

#[tokio::test]
async fn forms_of_every_kind_and_charset_become_an_object() {
    let app = TestApp::start().await;
    let url = forms(&app).await["url"].clone();
    let latin = format!("{FORM}; charset=iso-8859-1");
    let text = [
        part("name=\"name\"", "", "Ada L\u{fc}".as_bytes()),
        part("name=\"tag\"", "", b"a"),
        part("name=\"tag\"", "Content-Type: text/plain; charset=latin1\r\n", b"\xfc"),
        part("name=\"photo\"; filename=\"\"", "Content-Type: application/octet-stream\r\n", b""),
        b"--XX--\r\n".to_vec(),
    ]
    .concat();
    for (kind, body, payload) in [
        (FORM, b"name=Ada+L%C3%BC&tag=a&tag=b".to_vec(), json!({ "name": "Ada L\u{fc}", "tag": ["a", "b"] })),
        (&latin, b"name=L%FC".to_vec(), json!({ "name": "L\u{fc}" })),
        (FORM, b"n=%FC&_charset_=latin1".to_vec(), json!({ "n": "\u{fc}", "_charset_": "latin1" })),
        (PARTS, text, json!({ "name": "Ada L\u{fc}", "tag": ["a", "\u{fc}"], "photo": "" })),
    ] {
        let answer = send(&app, &url, kind, body).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text);
        assert_eq!(app.settle(&answer.run_id()).await["payload"], payload, "{kind}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_form_that_cannot_be_text_is_400_and_its_body_kept() {
    let app = TestApp::start().await;
    let made = forms(&app).await;
    let file = part("name=\"photo\"; filename=\"a.png\"", "Content-Type: image/png\r\n", b"\x89PNG");
    let file = [file, b"--XX--".to_vec()].concat();
    let cut = part("name=\"a\"", "", b"1");
    let unknown = format!("{FORM}; charset=klingon");
    for (kind, body, reason) in [
        (FORM, b"name=L%FC".to_vec(), "\"name\" are not UTF-8"),
        (FORM, b"name=L\xfc".to_vec(), "\"name\" are not UTF-8"),
        (&unknown, b"a=1".to_vec(), "klingon"),
        (PARTS, file.clone(), "\"photo\" is a file"),
        (PARTS, cut, "ends before its last boundary"),
        ("multipart/form-data", b"--XX--".to_vec(), "boundary"),
    ] {
        let answer = send(&app, &made["url"], kind, body.clone()).await;
        assert_eq!(answer.status, 400, "{kind}: {}", answer.text);
        assert!(
            answer.text.contains("Invalid form: ")
                && answer.json()["message"].to_string().contains(&reason.replace('"', "\\\"")),
            "{reason}: {}",
            answer.text
        );
        let entry = app.call("delivery_list", json!({ "limit": 1 })).await["deliveries"][0].clone();
        assert_eq!((&entry["bodyKept"], &entry["bytes"]), (&json!(true), &json!(body.len())), "{entry}");
    }
    let plain = app.import(&workflow_of(json!([]))).await["url"].clone();
    assert_eq!(send(&app, &plain, PARTS, file).await.status, 400, "only where the trigger accepts forms");
    app.stop().await;
}

#[tokio::test]
async fn names_that_no_object_may_have_are_400_wherever_they_come_in() {
    let app = TestApp::start().await;
    let url = forms(&app).await["url"].clone();
    let rejecting = app.import(&workflow()).await;
    let rejected = app.post(&rejecting["url"], &json!({})).await.run_id();
    app.settle(&rejected).await;
    send(&app, &url, "application/json", "oops").await;
    let refused = app.call("delivery_list", json!({ "limit": 1 })).await["deliveries"][0]["id"].clone();
    for name in RESERVED {
        let escaped = name.replace('$', "%24").replace(':', "%3A");
        let object = json!({ name: "7" });
        let query = json!(format!("{}?{escaped}=7", url.as_str().unwrap()));
        let parts = [part(&format!("name=\"{name}\""), "", b"7"), b"--XX--".to_vec()].concat();
        for (what, answer) in [
            ("JSON", send(&app, &url, "application/json", json!({ "a": object }).to_string()).await),
            ("the query", send(&app, &query, "application/json", "{}").await),
            ("a form", send(&app, &url, FORM, format!("{escaped}=7")).await),
            ("parts", send(&app, &url, PARTS, parts).await),
        ] {
            assert_eq!(answer.status, 400, "{what}: {}", answer.text);
            assert!(answer.text.contains("reserved"), "{what}: {}", answer.text);
        }
        for (command, request) in [
            ("run_release", json!({ "id": rejected, "payload": { "memberId": object } })),
            ("delivery_release", json!({ "id": refused, "payload": { "a": object } })),
            ("template_preview", json!({ "template": "{{ a }}", "payload": { "a": object } })),
            ("schema_from_samples", json!({ "samples": [object] })),
            ("workflow_import", json!({ "file": workflow_of(json!([object])), "activate": false })),
            (
                "workflow_import",
                json!({ "file": workflow_of(json!([object])).to_string(), "activate": false }),
            ),
            ("sender_send", json!({ "workflowId": rejecting["id"], "headers": object })),
        ] {
            let to = json!(format!("{}/rpc/{command}", app.admin_url));
            let request =
                app.request(Method::POST, &to).bearer_auth(app.admin_token()).body(request.to_string());
            let answer = app.send(request).await;
            assert_eq!(answer.status, 400, "{command}: {}", answer.text);
            assert!(answer.text.contains("reserved"), "{command}: {}", answer.text);
        }
    }
    let runs = app.call("run_list", json!({})).await["runs"].clone();
    assert_eq!(runs.as_array().unwrap().len(), 1, "none of it made a run: {runs}");
    let released = app.call("run_release", json!({ "id": rejected, "payload": check_in() })).await;
    app.settle(released["id"].as_str().unwrap()).await;
    app.stop().await;
}
