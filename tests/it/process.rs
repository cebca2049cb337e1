//! The real `ihook` process: its ready line, its refusals, a kill at the worst moment.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ihook_tests::files::{check_in, workflow, workflow_of};
use serde_json::{Value, json};

/// The program under test: the one that `IHOOK_PROGRAM` names, or one built now.
#[expect(clippy::disallowed_methods, reason = "how the test command hands over what it has built")]
fn program() -> PathBuf {
    static BUILT: std::sync::Once = std::sync::Once::new();
    if let Some(given) = std::env::var_os("IHOOK_PROGRAM") {
        return given.into();
    }
    BUILT.call_once(|| {
        let status =
            Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "ihook-cli"]).status().unwrap();
        assert!(status.success());
    });
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().and_then(Path::parent).unwrap();
    target.join(format!("ihook{}", std::env::consts::EXE_SUFFIX))
}

struct Server {
    child: Child,
    info: Value,
    http: reqwest::Client,
}

impl Server {
    fn start(data_dir: &Path) -> Self {
        let mut child = serve(data_dir, &[]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let info: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no ready line: {line}"));
        Self { child, info, http: ihook_imis::Client::http().unwrap() }
    }

    fn at(&self, name: &str) -> &str {
        self.info[name].as_str().unwrap()
    }

    async fn call(&self, command: &str, request: Value) -> Value {
        let url = format!("{}/rpc/{command}", self.at("admin"));
        let request = self.http.post(url).bearer_auth(self.at("adminToken")).json(&request);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, url: &Value) -> String {
        let request = self.http.post(url.as_str().unwrap()).json(&check_in());
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["id"].as_str().unwrap().to_owned()
    }

    async fn activities(&self) -> usize {
        let member = self.call("member_get", json!({ "connection": "sandbox", "id": "12345" })).await;
        member["activities"].as_array().unwrap().len()
    }

    /// The run once it stays where it is. Another process has no events to wait for: it is asked.
    async fn settled(&self, id: &str) -> Value {
        let settled = async {
            loop {
                let detail = self.call("run_get", json!({ "id": id })).await;
                if ["succeeded", "failed", "held"].iter().any(|status| detail["run"]["status"] == **status) {
                    return detail;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), settled).await.unwrap()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    #[cfg(unix)]
    fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

fn serve(data_dir: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.arg("serve").arg("--data-dir").arg(data_dir).args(["--secrets", "file"]);
    if more.is_empty() {
        command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--sandbox", "127.0.0.1:0"]);
    }
    command.args(more);
    command
}

#[tokio::test]
async fn a_kill_right_after_the_answer_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let made = server.call("workflow_import", json!({ "file": workflow(), "activate": true })).await;
    // Paused: nothing has started when the kill comes, so that the outcome does not hang on its moment.
    server.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(server.post(&made["url"]).await);
    }
    server.kill();
    let server = Server::start(dir.path());
    server.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    for id in &ids {
        let detail = server.settled(id).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    }
    assert_eq!(server.activities().await, ids.len(), "each once");
    #[cfg(unix)]
    assert_eq!(server.terminate(), Some(0), "SIGTERM ends it in good order");
    #[cfg(not(unix))]
    server.kill();
}

#[cfg(unix)]
#[test]
fn a_stop_as_soon_as_it_is_ready_is_in_good_order() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..5 {
        assert_eq!(
            Server::start(dir.path()).terminate(),
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
    let made = server.call("workflow_import", json!({ "file": file, "activate": true })).await;
    // Written, but the answer never comes: what a kill between the request and its answer leaves behind.
    let cut = json!([{ "kind": "dropAfterCommit", "on": "insert", "count": 1 }]);
    server.call("sandbox_faults", json!({ "faults": cut })).await;
    let id = server.post(&made["url"]).await;
    let written = async {
        while server.activities().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), written).await.unwrap();
    server.kill();
    let server = Server::start(dir.path());
    let detail = server.settled(&id).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(server.activities().await, 1, "found, not sent again");
    server.kill();
}

#[test]
fn what_cannot_start_says_what_to_do_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let taken = server.at("hooks").strip_prefix("http://").unwrap().to_owned();
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
    server.kill();
}
