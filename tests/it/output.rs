//! A log or an output that cannot be written harms nothing.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ihook_tests::files::{check_in, workflow};
use ihook_tests::process::{self, Program, until};
use serde_json::{Value, json};

const DELIVERIES: usize = 10;
/// Longer than anything takes on a busy machine; reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// `ihook serve` that logs everything it can.
fn serve(data_dir: &Path) -> Command {
    let mut command = process::serve(data_dir);
    command.args(["--sandbox", "127.0.0.1:0"]).env("IHOOK_LOG", "trace");
    command
}

fn full_disk() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

async fn receives_and_runs(server: &Program) {
    let hook = server.import(&workflow()).await;
    for _ in 0..DELIVERIES {
        let id = server.post(&hook, &check_in()).await.unwrap().expect("acknowledged");
        until("its run is done", async || {
            let detail = server.call("run_get", json!({ "id": id })).await;
            detail["run"]["status"] == "succeeded"
        })
        .await;
    }
}

#[tokio::test]
async fn a_log_on_a_full_disk_or_whose_reader_is_gone_or_asleep_changes_nothing() {
    let (gone, to_nobody) = std::io::pipe().unwrap();
    let (_asleep, to_a_sleeper) = std::io::pipe().unwrap();
    drop(gone);
    let cases: [(&str, Stdio); 3] = [
        ("a full disk", full_disk().into()),
        ("a reader that is gone", to_nobody.into()),
        ("a reader that does not read", to_a_sleeper.into()),
    ];
    for (what, stderr) in cases {
        let dir = tempfile::tempdir().unwrap();
        let server = Program::start_telling(serve(dir.path()).stderr(stderr));
        let done = tokio::time::timeout(PATIENCE, receives_and_runs(&server)).await;
        assert!(done.is_ok(), "{what}: it stands still");
        assert_eq!(server.terminate(), Some(0), "{what}: and it ends in good order");
    }
}

#[tokio::test]
async fn a_server_whose_ready_line_cannot_be_written_serves_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = serve(dir.path());
    let mut child = command.stdout(full_disk()).stderr(full_disk()).spawn().unwrap();
    let mut address = None;
    until("it can be called", async || {
        assert_eq!(child.try_wait().unwrap(), None, "it did not end");
        address = ihook_app::admin_address(dir.path()).ok();
        address.is_some()
    })
    .await;
    let address = address.unwrap();
    let url = format!("{}/rpc/workflow_list", address.admin);
    let http = ihook_imis::Client::http().unwrap();
    let answer = http.post(url).bearer_auth(address.admin_token).body("{}").send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["workflows"], json!([]));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_command_whose_output_is_lost_fails_and_does_not_crash() {
    let dir = tempfile::tempdir().unwrap();
    let mut doctor = Command::new(process::program());
    doctor.arg("doctor").arg("--data-dir").arg(dir.path()).stdout(full_disk());
    for stderr in [Stdio::null(), full_disk().into()] {
        let status = doctor.stderr(stderr).status().unwrap();
        assert_eq!(status.code(), Some(1), "a failure, and no panic: {status}");
    }
}
