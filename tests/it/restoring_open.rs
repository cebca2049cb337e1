//! The listeners stay open while a backup is put back: senders are told to come again, and nobody takes the addresses.

use std::net::SocketAddr;
use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow, workflow_of};
use ihook_tests::process::{Program, serve};
use ihook_tests::wire::{Wire, exchange, path, status};
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// A listener of another program at this address.
fn bind(url: &str) -> std::io::Result<std::net::TcpListener> {
    std::net::TcpListener::bind(url.strip_prefix("http://").unwrap().parse::<SocketAddr>().unwrap())
}

/// A request that ends its connection.
fn request(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
}

#[tokio::test]
async fn while_a_backup_is_put_back_senders_are_told_to_come_again_and_no_one_else_gets_the_address() {
    let mut app = TestApp::start().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let url = app.import(&workflow()).await["url"].clone();
    let backup = elsewhere.path().join("backup.db");
    app.call("backup", json!({ "path": backup })).await;
    let (hooks, admin, token) = (app.hooks_url.clone(), app.admin_url.clone(), app.admin_token().to_owned());
    let (post, body) = (request(&format!("POST {}", path(&url)), ""), check_in().to_string());
    let mut idle = Wire::connect(&hooks).await;
    let plain = "GET /hooks/a/b HTTP/1.1\r\nHost: localhost\r\n\r\n";
    idle.send(plain).await;
    idle.until("405").await;
    // A delivery that is under way keeps the program from going on.
    let mut slow = Wire::connect(&hooks).await;
    let lines = format!(
        "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n",
        body.len()
    );
    slow.send(request(&format!("POST {}", path(&url)), &lines)).await;
    slow.until("100 Continue").await;
    app.call("restore", json!({ "path": backup })).await;

    let meanwhile = async {
        let mut answer = exchange(&hooks, &post).await;
        while status(&answer) == 200 {
            answer = exchange(&hooks, &post).await;
        }
        assert_eq!(status(&answer), 503, "{answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nretry-after: "), "{answer}");
        idle.send(plain).await;
        idle.until("503").await;
        let call =
            |token: &str| request("POST /rpc/workflow_list", &format!("Authorization: Bearer {token}\r\n"));
        let answer = exchange(&admin, call(&token)).await;
        assert!(status(&answer) == 503 && answer.contains("\"code\":\"starting\""), "{answer}");
        assert!(answer.contains("restoring a backup"), "{answer}");
        assert_eq!(status(&exchange(&admin, call("wrong")).await), 401, "nobody else is told why");
        for url in [&hooks, &admin] {
            assert!(bind(url).is_err(), "{url} was free for a moment");
        }
        slow.send(body).await;
        slow.rest().await
    };
    let ((), answer) = tokio::join!(app.restarted(), meanwhile);
    assert_eq!(status(&answer), 200, "what had begun is answered: {answer}");
    idle.send(plain).await;
    idle.until("405").await;
    let after = app.post(&url, &check_in()).await;
    assert_eq!(after.status, 200, "{}", after.text);
    app.settle(&after.run_id()).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sender_is_refused_a_connection_while_the_running_program_restores() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = serve(dir.path());
    command.args(["--sandbox", "127.0.0.1:0"]);
    let server = Program::start(command);
    let hook = server.import(&workflow_of(json!([]))).await;
    let backup = dir.path().join("mine.db");
    server.call("backup", json!({ "path": backup })).await;
    let (hooks, done) = (server.at("hooks").to_owned(), CancellationToken::new());
    let post = request(&format!("POST {hook}"), "");
    let sent = async {
        let (mut counts, mut restored) = ([0, 0], false);
        // Until it has been away and is back.
        while !(restored && done.is_cancelled()) {
            // Panics where the connection is refused.
            match status(&exchange(&hooks, &post).await) {
                200 => {
                    restored = counts[1] > 0;
                    counts[0] += 1;
                }
                503 => counts[1] += 1,
                other => panic!("answered {other}"),
            }
            assert!(bind(&hooks).is_err(), "the address was free for a moment");
        }
        counts
    };
    let restore = async {
        let answer = server.call("restore", json!({ "path": backup })).await;
        assert_eq!(answer["restarting"], true, "{answer}");
        done.cancel();
    };
    let sent = tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(sent, restore).0 }).await;
    let [taken, told_later] = sent.expect("it came back");
    assert!(taken > 0 && told_later > 0, "{taken} taken, {told_later} told to come again");
    server.kill();
}
