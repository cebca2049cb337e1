//! The disk is full: a small file system filled to the brim, and a limit on file sizes where none may be mounted.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ihook_store::Summary;
use ihook_tests::files::workflow_of;
use ihook_tests::process::{self, Program, until};
use serde_json::{Value, json};

use crate::site;

/// A directory for the program's data whose space can be taken away.
pub(crate) trait Disk {
    fn path(&self) -> &Path;
    fn start(&self, serve: Command) -> Program;
    fn fill(&self, program: &Program);
    fn free(&self, program: &Program);
    /// Takes the space away from a program that is yet to start.
    fn start_full(&self, serve: Command) -> Command;
}

/// A file system of a few megabytes in memory.
pub(crate) struct Small(tempfile::TempDir);

impl Small {
    /// Nothing where this user may not mount.
    pub(crate) fn mounted() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(dir.path());
        mount.output().is_ok_and(|done| done.status.success()).then(|| Self(dir))
    }

    fn filler(&self) -> PathBuf {
        self.0.path().join("filler")
    }

    pub(crate) fn release(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn occupy(&self) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }
}

impl Disk for Small {
    fn path(&self) -> &Path {
        self.0.path()
    }

    fn start(&self, serve: Command) -> Program {
        Program::start(serve)
    }

    fn fill(&self, _program: &Program) {
        self.occupy();
    }

    fn free(&self, _program: &Program) {
        self.release();
    }

    fn start_full(&self, serve: Command) -> Command {
        self.occupy();
        serve
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

/// A limit on the size of files: nothing can be written beyond it.
pub(crate) struct Limited(pub(crate) tempfile::TempDir);

impl Limited {
    /// Too large a file shall fail, not end the program.
    fn failing(command: &Command) -> Command {
        let mut failing = Command::new("sh");
        failing
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(command.get_program())
            .args(command.get_args());
        failing
    }

    fn limit(program: &Program, limit: &str) {
        let limit = format!("--fsize={limit}:");
        let mut prlimit = Command::new("prlimit");
        let done = prlimit.args(["--pid", &program.id().to_string(), &limit]).status();
        assert!(done.unwrap().success());
    }
}

impl Disk for Limited {
    fn path(&self) -> &Path {
        self.0.path()
    }

    fn start(&self, serve: Command) -> Program {
        Program::start(Self::failing(&serve))
    }

    fn fill(&self, program: &Program) {
        Self::limit(program, "4096");
    }

    fn free(&self, program: &Program) {
        Self::limit(program, "unlimited");
    }

    fn start_full(&self, serve: Command) -> Command {
        let mut limited = Command::new("prlimit");
        limited.args(["--fsize=4096:", "--"]).arg(serve.get_program()).args(serve.get_args());
        Self::failing(&limited)
    }
}

fn file(mark: &str) -> Value {
    let mut file = workflow_of(json!([
        { "id": "activity", "type": "insertActivity", "fields": {
            "ID": "12345", "ActivityType": "ATTEND", "Description": mark } }
    ]));
    file["connection"] = json!("live");
    file
}

async fn status(app: &Program, id: &str) -> Value {
    app.call("run_get", json!({ "id": id })).await["run"]["status"].clone()
}

async fn send(app: &Program, hook: &str, mark: &str) -> Result<String, u16> {
    let padding = "x".repeat(20_000);
    app.post(hook, &json!({ "mark": mark, "padding": padding })).await.unwrap()
}

/// Sends until deliveries are refused; those that were acknowledged until then.
async fn send_until_full(app: &Program, hook: &str) -> Vec<String> {
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for number in 0..400 {
        match send(app, hook, &format!("full-{number}")).await {
            Ok(id) => acknowledged.push(id),
            Err(status) => {
                assert_eq!(status, 503, "never a 200, and nothing else");
                refused += 1;
                if refused == 5 {
                    break;
                }
            }
        }
    }
    assert_eq!(refused, 5, "the disk never was full");
    let body = json!({ "mark": "x", "padding": "y".repeat(20_000) });
    let answer = app.http.post(format!("{}{hook}", app.at("hooks"))).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"), "the sender learns when to come again");
    acknowledged
}

async fn a_full_disk_loses_nothing(disk: impl Disk) {
    let site_dir = tempfile::tempdir().unwrap();
    let site = site(site_dir.path(), "127.0.0.1:0");
    let mut serve = process::serve(disk.path());
    serve.arg("--no-sandbox");
    let app = disk.start(serve);
    app.connect("live", site.at("sandbox"), 4).await;
    let hook = app.import(&file("{{ mark }}")).await;
    let before = send(&app, &hook, "before").await.unwrap();
    until("the first one is done", async || status(&app, &before).await == "succeeded").await;

    // Its record is written, and the answer comes when the disk is full: the result cannot be stored.
    let slow =
        json!([{ "kind": "delay", "milliseconds": 6000, "afterCommit": true, "on": "insert", "count": 1 }]);
    site.faults(slow).await;
    let caught = send(&app, &hook, "caught").await.unwrap();
    until("its record is there", async || site.ledger().await.len() == 2).await;
    disk.fill(&app);
    let mut acknowledged = vec![before, caught.clone()];
    acknowledged.extend(send_until_full(&app, &hook).await);
    let refused = async || app.call("app_info", json!({})).await["notReceiving"].clone();
    let said = refused().await.as_str().unwrap().to_owned();
    assert!(said.contains("full") || said.contains("disk"), "{said}");
    assert_eq!(app.call("standing", json!({})).await["standing"], "refusing");
    // Longer than the delayed answer takes.
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_ne!(status(&app, &caught).await, "succeeded", "its result could not be stored");
    assert_eq!(refused().await, said, "a disk that was tried again and is full is still said to be");

    disk.free(&app);
    until("the screens say that it receives again", async || refused().await.is_null()).await;
    until("it takes deliveries again", async || match send(&app, &hook, "after").await {
        Ok(id) => {
            acknowledged.push(id);
            true
        }
        Err(_full) => false,
    })
    .await;
    for id in &acknowledged {
        until("each run is done", async || status(&app, id).await == "succeeded").await;
    }
    let ledger = site.ledger().await;
    let mark = |entry: &Value| entry["properties"]["DESCRIPTION"].as_str().unwrap().to_owned();
    let mut marks: Vec<_> = ledger.iter().filter(|entry| entry["committed"] == true).map(mark).collect();
    assert_eq!(marks.len(), acknowledged.len(), "one record for each that was acknowledged: {marks:?}");
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), acknowledged.len(), "none twice: what was caught is looked up, not sent again");
    assert_eq!(app.terminate(), Some(0));
    Summary::of(&disk.path().join("ihook.db")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_system_is_answered_with_503_and_recovered_from() {
    // Only root may mount; the other form is for everybody.
    if let Some(disk) = Small::mounted() {
        a_full_disk_loses_nothing(disk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_grow_are_answered_with_503_and_recovered_from() {
    a_full_disk_loses_nothing(Limited(tempfile::tempdir().unwrap())).await;
}
