//! A start while the disk is full already: the program is there, answers 503 and says why.

use std::path::Path;
use std::process::Command;

use ihook_tests::files::workflow_of;
use ihook_tests::process::{self, Program, until};
use ihook_tests::wire::{exchange, status};
use serde_json::json;

use crate::disk::{Disk, Limited, Small};

fn serve(data_dir: &Path, listen: &str) -> Command {
    let mut serve = Command::new(process::program());
    serve.arg("serve").arg("--data-dir").arg(data_dir).args(["--secrets", "file", "--no-sandbox"]);
    serve.args(["--listen", listen, "--admin", "127.0.0.1:0"]);
    serve
}

async fn a_start_on_a_full_disk_receives_once_there_is_room(disk: impl Disk) {
    let app = disk.start(serve(disk.path(), "127.0.0.1:0"));
    let hook = app.import(&workflow_of(json!([]))).await;
    for _ in 0..20 {
        app.post(&hook, &json!({ "padding": "x".repeat(20_000) })).await.unwrap().unwrap();
    }
    // Its log is left behind, for which there will be no room in the database.
    app.kill();
    let app = Program::start(disk.start_full(serve(disk.path(), "127.0.0.1:0")));
    let payload = json!({ "padding": "x".repeat(20_000) });
    let answer = app.http.post(format!("{}{hook}", app.at("hooks"))).json(&payload).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"), "the sender learns when to come again");
    let refused = async || app.call("app_info", json!({})).await["notReceiving"].clone();
    let said = refused().await.as_str().unwrap().to_owned();
    assert!(said.contains("full") || said.contains("disk"), "{said}");

    disk.free(&app);
    until("the screens say that it receives again", async || refused().await.is_null()).await;
    let id = app.post(&hook, &payload).await.unwrap().expect("a delivery is taken");
    let run = async || app.call("run_get", json!({ "id": id })).await["run"]["status"].clone();
    until("its run is done", async || run().await == "succeeded").await;
    until("other programs find it", async || {
        ihook_app::admin_address(disk.path()).is_ok_and(|address| address.admin == app.at("admin"))
    })
    .await;
    assert_eq!(app.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_full_file_system_receives_once_there_is_room() {
    // Only root may mount; the other form is for everybody.
    if let Some(disk) = Small::mounted() {
        a_start_on_a_full_disk_receives_once_there_is_room(disk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_where_files_cannot_grow_receives_once_they_can() {
    a_start_on_a_full_disk_receives_once_there_is_room(Limited(tempfile::tempdir().unwrap())).await;
}

/// The copy that is made before an update has no room.
#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_has_no_room_is_made_once_there_is_some_and_senders_are_answered_until_then() {
    let Some(disk) = Small::mounted() else { return };
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schema-1.db");
    std::fs::copy(old, disk.path().join("ihook.db")).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let start = disk.start_full(serve(disk.path(), &port.to_string()));
    let started = tokio::task::spawn_blocking(move || Program::start(start));
    let url = format!("http://{port}");
    let request = "POST /hooks/a/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut answer = String::new();
    until("it answers", async || {
        if tokio::net::TcpStream::connect(port).await.is_ok() {
            answer = exchange(&url, request).await;
        }
        !answer.is_empty()
    })
    .await;
    assert_eq!(status(&answer), 503, "{answer}");
    assert!(answer.to_ascii_lowercase().contains("\r\nretry-after: "), "{answer}");
    assert!(!started.is_finished(), "it is not ready");
    disk.release();
    let app = started.await.unwrap();
    let health = app.call("database_health", json!({})).await;
    assert_eq!(health["copies"][0]["kind"], "beforeUpdate", "the copy was made: {health}");
    assert_eq!(status(&exchange(&url, request).await), 400, "and it receives");
    assert_eq!(app.terminate(), Some(0));
}
