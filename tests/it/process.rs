//! The real `ihook` process: its ready line, its refusals, a kill at the worst moment.

use std::path::{Path, PathBuf};
use std::process::Command;

use ihook_tests::files::{check_in, workflow, workflow_of};
use ihook_tests::process::{self, Program, until};
use serde_json::{Value, json};

struct Server(Program);

impl Server {
    fn start(data_dir: &Path) -> Self {
        let mut command = process::serve(data_dir);
        command.args(["--sandbox", "127.0.0.1:0"]);
        Self(Program::start(command))
    }

    async fn activities(&self) -> usize {
        let member = self.0.call("member_get", json!({ "connection": "sandbox", "id": "12345" })).await;
        member["activities"].as_array().unwrap().len()
    }

    /// The run once it stays where it is.
    async fn settled(&self, id: &str) -> Value {
        let mut detail = Value::Null;
        until("the run is settled", async || {
            detail = self.0.call("run_get", json!({ "id": id })).await;
            ["succeeded", "failed", "held"].iter().any(|status| detail["run"]["status"] == **status)
        })
        .await;
        detail
    }
}

/// `ihook serve` with these options alone.
fn serve(data_dir: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(process::program());
    command.arg("serve").arg("--data-dir").arg(data_dir).args(["--secrets", "file"]).args(more);
    command
}

#[tokio::test]
async fn a_kill_right_after_the_answer_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let hook = server.0.import(&workflow()).await;
    let id = server.0.call("workflow_list", json!({})).await["workflows"][0]["id"].clone();
    // Paused: nothing has started when the kill comes, so that the outcome does not hang on its moment.
    server.0.call("workflow_set_status", json!({ "id": id, "status": "paused" })).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(server.0.post(&hook, &check_in()).await.unwrap().unwrap());
    }
    server.0.kill();
    let server = Server::start(dir.path());
    server.0.call("workflow_set_status", json!({ "id": id, "status": "active" })).await;
    for id in &ids {
        let detail = server.settled(id).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    }
    assert_eq!(server.activities().await, ids.len(), "each once");
    #[cfg(unix)]
    assert_eq!(server.0.terminate(), Some(0), "SIGTERM ends it in good order");
}

#[cfg(unix)]
#[test]
fn a_stop_as_soon_as_it_is_ready_is_in_good_order() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..5 {
        assert_eq!(
            Server::start(dir.path()).0.terminate(),
            Some(0),
            "the ready line promises that it can be stopped"
        );
    }
}

#[tokio::test]
async fn a_kill_while_a_record_is_on_its_way_writes_it_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "ActivityType": "ATTEND" } }]));
    let hook = server.0.import(&file).await;
    // Written, but the answer never comes: what a kill between the request and its answer leaves behind.
    server.0.faults(json!([{ "kind": "dropAfterCommit", "on": "insert", "count": 1 }])).await;
    let id = server.0.post(&hook, &check_in()).await.unwrap().unwrap();
    until("the record is written", async || server.activities().await > 0).await;
    server.0.kill();
    let server = Server::start(dir.path());
    let detail = server.settled(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(server.activities().await, 1, "found, not sent again");
}

#[test]
fn what_cannot_start_says_what_to_do_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let taken = server.0.at("hooks").strip_prefix("http://").unwrap().to_owned();
    let fresh = tempfile::tempdir().unwrap();
    let other = fresh.path().join("new");
    let file = fresh.path().join("file");
    std::fs::write(&file, "").unwrap();
    let ports = ["--admin", "127.0.0.1:0", "--sandbox", "127.0.0.1:0"];
    let with_ports = |listen: &'static str| [&["--listen", listen][..], &ports].concat();
    let cases: [(&str, PathBuf, Vec<&str>, &str); 5] = [
        ("a bad flag", other.clone(), vec!["--listen", "nonsense"], "--listen"),
        ("an unknown flag", other.clone(), vec!["--colour"], "--colour"),
        (
            "a port in use",
            other.clone(),
            [&["--listen", &taken][..], &ports].concat(),
            "choose another address",
        ),
        ("a directory in use", dir.path().to_owned(), with_ports("127.0.0.1:0"), "in use by another iHook"),
        ("a file as directory", file.join("below"), with_ports("127.0.0.1:0"), "--data-dir"),
    ];
    for (what, data_dir, more, words) in cases {
        let output = serve(&data_dir, &more).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{what}");
        assert!(said.contains(words), "{what}: {said}");
        assert_eq!(output.stdout, b"", "{what}");
    }
    assert!(!other.exists(), "nothing was created");
}
