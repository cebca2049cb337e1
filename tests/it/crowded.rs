//! More connections than a listener has places for: whoever means it is answered all the same.

use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow_of};
use ihook_tests::process::{self, Program};
use ihook_tests::wire::{Wire, status};
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::json;

/// More than there are places.
const CROWD: usize = 600;
/// More than the program may have files open.
const MULTITUDE: usize = 3000;
const OPEN_FILES: &str = "2500";
/// A new connection is answered within this, well before any limit of a silent one strikes.
const PROMPT: Duration = Duration::from_secs(5);

fn listeners(app: &TestApp) -> [(&'static str, String); 3] {
    let urls = [&app.hooks_url, &app.admin_url, &app.sandbox_url];
    let [hooks, admin, sandbox] = urls.map(ToString::to_string);
    [("hooks", hooks), ("commands", admin), ("the sandbox", sandbox)]
}

/// A new connection, and the status of the answer there.
async fn ask(url: &str) -> u16 {
    let asked = async {
        let mut wire = Wire::connect(url).await;
        wire.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        status(&wire.until("\r\n\r\n").await)
    };
    tokio::time::timeout(PROMPT, asked).await.unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_answered_before_its_body_came_keeps_no_place() {
    let app = TestApp::start().await;
    let head = "PUT /hooks/x/y HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16384\r\n\r\n";
    let body = "x".repeat(16384);
    for (what, url) in listeners(&app) {
        let mut crowd = Vec::new();
        for _ in 0..CROWD {
            let mut wire = Wire::connect(&url).await;
            wire.send(format!("{head}{body}")).await;
            let answered = tokio::time::timeout(PROMPT, wire.until("HTTP/1.1 ")).await;
            assert!(answered.is_ok(), "{what}: connection {} is shut out", crowd.len());
            crowd.push(wire);
        }
        assert_ne!(ask(&url).await, 0, "{what}: whoever comes next is shut out");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_silent_connections_to_one_listener_silence_no_other() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let serve = process::serve(dir.path());
    let mut command = std::process::Command::new("prlimit");
    command.args([&format!("--nofile={OPEN_FILES}:{OPEN_FILES}"), "--"]);
    command.arg(serve.get_program()).args(serve.get_args()).args(["--sandbox", "127.0.0.1:0"]);
    let server = Program::start(command);
    let hook = server.import(&workflow_of(json!([]))).await;
    for listener in ["sandbox", "admin", "hooks"] {
        let url = server.at(listener).to_owned();
        let mut crowd = Vec::new();
        for _ in 0..MULTITUDE {
            crowd.push(Wire::connect(&url).await);
        }
        let posted = tokio::time::timeout(PROMPT, server.post(&hook, &check_in())).await;
        assert!(matches!(posted, Ok(Ok(Ok(_)))), "{listener}: a delivery: {posted:?}");
        let listed = tokio::time::timeout(PROMPT, server.call("workflow_list", json!({}))).await;
        assert!(listed.is_ok(), "{listener}: a command");
        assert_ne!(ask(server.at("sandbox")).await, 0, "{listener}: the sandbox");
    }
    server.kill();
}
