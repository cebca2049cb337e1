//! The admin listener: who is let in, and what it says.

use ihook_tests::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn commands_need_the_token_and_come_from_this_computer_only() {
    let app = TestApp::start().await;
    let url = json!(format!("{}/rpc/workflow_list", app.admin_url));
    let token = format!("Bearer {}", app.admin_token());
    let request = || app.request(Method::POST, &url).json(&json!({}));
    let fine = request().header("authorization", &token);
    let cases = [
        ("the token", fine.try_clone().unwrap(), 200),
        ("no token", request(), 401),
        ("a wrong token", request().header("authorization", "Bearer nonsense"), 401),
        ("a cookie", request().header("cookie", format!("token={}", app.admin_token())), 401),
        ("its own origin", fine.try_clone().unwrap().header("origin", app.admin_url.clone()), 200),
        ("a foreign origin", fine.try_clone().unwrap().header("origin", "http://evil.example"), 401),
        ("a null origin", fine.try_clone().unwrap().header("origin", "null"), 401),
        ("a foreign host", fine.header("host", "evil.example"), 401),
    ];
    for (what, request, status) in cases {
        let answer = app.send(request).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
    }
    app.stop().await;
}

#[tokio::test]
async fn errors_have_a_code_a_message_and_a_fitting_status() {
    let app = TestApp::start().await;
    let cases = [
        ("no_such_command", "{}", 404, "unknownCommand"),
        ("workflow_get", "{\"id\":\"nonsense\"}", 404, "notFound"),
        ("workflow_get", "{}", 400, "badRequest"),
        ("workflow_get", "{", 400, "badRequest"),
        ("run_list", "{\"limit\":501}", 400, "badRequest"),
        ("run_list", "{\"colour\":1}", 400, "badRequest"),
        ("workflow_import", "{\"file\":{}}", 400, "badFile"),
    ];
    for (command, body, status, code) in cases {
        let request = app
            .request(Method::POST, &json!(format!("{}/rpc/{command}", app.admin_url)))
            .bearer_auth(app.admin_token())
            .body(body);
        let answer = app.send(request).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{command} {body}");
        assert!(answer.json()["message"].is_string());
    }
    app.stop().await;
}

#[tokio::test]
async fn events_are_streamed_as_they_happen() {
    let app = TestApp::start().await;
    let url = json!(format!("{}/events", app.admin_url));
    let mut stream = app.request(Method::GET, &url).bearer_auth(app.admin_token()).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    let next = async |stream: &mut reqwest::Response, text: &mut String| {
        let chunk = stream.chunk().await.unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(&chunk));
    };
    next(&mut stream, &mut text).await;
    let made = app.import(&ihook_tests::files::workflow()).await;
    while !text.contains(made["id"].as_str().unwrap()) {
        next(&mut stream, &mut text).await;
    }
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let event: Value = serde_json::from_str(data).unwrap();
    assert_eq!(event["topic"], "workflows");
    drop(stream);
    app.stop().await;
}
