//! Backups, restore, and a database that is damaged or newer.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow};
use ihook_tests::process::{Program, program, serve, until};
use serde_json::{Value, json};

fn path_in(dir: &tempfile::TempDir, name: &str) -> String {
    dir.path().join(name).to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_backup_is_made_while_receiving_and_put_back_with_the_program_running() {
    let mut app = TestApp::start().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let made = app.import(&workflow()).await;
    let before = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&before).await;
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "paused" })).await;
    let queued = app.post(&made["url"], &check_in()).await.run_id();
    let backup = path_in(&elsewhere, "backup.db");
    let (copied, posted) = tokio::join!(app.call("backup", json!({ "path": backup })), async {
        let mut ids = Vec::new();
        for _ in 0..50 {
            ids.push(app.post(&made["url"], &check_in()).await.run_id());
        }
        ids
    });
    assert_eq!(copied["bytes"].as_u64().unwrap(), std::fs::metadata(&backup).unwrap().len());
    assert_eq!(
        app.call_refused("backup", json!({ "path": backup })).await["code"],
        "conflict",
        "never over one"
    );
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 1, "nothing else is left");
    let bytes = std::fs::read(&backup).unwrap();

    let look = app.call("restore", json!({ "path": backup, "check": true })).await;
    assert_eq!((&look["workflows"], &look["restarting"]), (&json!(1), &json!(false)), "{look}");
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    for id in posted.iter().chain([&queued]) {
        app.settle(id).await;
    }
    let activities = app.activities("12345").await.len();
    let after = app.import(&workflow()).await;
    let answer = app.call("restore", json!({ "path": backup })).await;
    assert_eq!(answer["restarting"], true);
    app.restarted().await;

    assert_eq!(std::fs::read(&backup).unwrap(), bytes, "the backup itself was only read");
    assert_eq!(app.call_refused("workflow_get", json!({ "id": after["id"] })).await["code"], "notFound");
    assert_eq!(app.call("run_get", json!({ "id": before })).await["run"]["status"], "succeeded");
    let held = app.call("run_get", json!({ "id": queued })).await["run"].clone();
    assert_eq!(held["status"], "held", "it has been written since, which the backup cannot know");
    assert!(held["waitingReason"].as_str().unwrap().contains("restored from a backup"), "{held}");
    assert_eq!(app.activities("12345").await.len(), activities, "nothing was written a second time");
    let copies = app.call("database_health", json!({})).await["copies"].clone();
    assert_eq!(copies[0]["kind"], "replaced", "the database before is kept");
    app.call("workflow_set_status", json!({ "id": made["id"], "status": "active" })).await;
    let again = app.post(&made["url"], &check_in()).await;
    assert_eq!(again.status, 200, "at the same address: {}", again.text);
    app.settle(&again.run_id()).await;
    // And back to what was there before.
    app.call("restore", json!({ "path": copies[0]["path"] })).await;
    app.restarted().await;
    assert_eq!(app.call("workflow_get", json!({ "id": after["id"] })).await["workflow"]["id"], after["id"]);
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_with_a_reason_and_changes_nothing() {
    let app = TestApp::start().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let made = app.import(&workflow()).await;
    let backup = path_in(&elsewhere, "backup.db");
    app.call("backup", json!({ "path": backup })).await;
    let bytes = std::fs::read(&backup).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = path_in(&elsewhere, name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut newer = bytes.clone();
    // The header's user version.
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let mut damaged = bytes.clone();
    let middle = bytes.len() / 2 / 4096 * 4096;
    damaged[middle..middle + 3 * 4096].fill(0xA5);
    let cases = [
        ("a letter", file("letter.db", "dear sir ".repeat(1000).as_bytes()), "damaged"),
        ("an empty file", file("empty.db", b""), "not a database of iHook"),
        ("half a backup", file("half.db", &bytes[..bytes.len() / 2]), "damaged"),
        ("a damaged backup", file("damaged.db", &damaged), "damaged"),
        ("a newer one", file("newer.db", &newer), "newer"),
        ("nothing", path_in(&elsewhere, "nothing.db"), "nothing.db"),
        ("the sandbox", app.data_dir().join("sandbox.db").to_str().unwrap().to_owned(), ""),
    ];
    for (what, path, words) in cases {
        for check in [true, false] {
            let refused = app.call_refused("restore", json!({ "path": path, "check": check })).await;
            assert_eq!(refused["code"], "conflict", "{what}: {refused}");
            assert!(refused["message"].as_str().unwrap().contains(words), "{what}: {refused}");
        }
    }
    assert_eq!(app.call_refused("restore", json!({ "path": "backup.db" })).await["code"], "badRequest");
    assert_eq!(app.call("workflow_list", json!({})).await["workflows"][0]["id"], made["id"]);
    let names = std::fs::read_dir(app.data_dir()).unwrap().map(|file| file.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().contains("restor")), "no leftovers");
    app.stop().await;
}

#[tokio::test]
async fn the_database_in_use_is_no_backup_of_itself() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let id = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&id).await;
    let itself = app.data_dir().join("ihook.db");
    let link = app.data_dir().join("backup.db");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&itself, &link).unwrap();
    for path in [&itself, &link].into_iter().filter(|path| path.exists()) {
        for check in [true, false] {
            let asked = json!({ "path": path, "check": check });
            let refused = app.call_refused("restore", asked).await;
            assert_eq!(refused["code"], "conflict", "{refused}");
            assert!(
                refused["message"].as_str().unwrap().contains("is the database that is in use"),
                "{refused}"
            );
        }
    }
    assert_eq!(app.call("run_get", json!({ "id": id })).await["run"]["status"], "succeeded");
    app.stop().await;
}

/// A file without a name takes every commit and is gone with the program.
#[cfg(unix)]
#[tokio::test]
async fn nothing_is_acknowledged_into_a_database_that_was_deleted_under_the_program() {
    let app = TestApp::start().await;
    let made = app.import(&workflow()).await;
    let kept = app.post(&made["url"], &check_in()).await.run_id();
    app.settle(&kept).await;
    std::fs::rename(app.data_dir().join("ihook.db"), app.data_dir().join("moved.db")).unwrap();
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    let notices = app.call("app_info", json!({})).await["notices"].to_string();
    assert!(notices.contains("moved or deleted"), "{notices}");
    // What the open file holds can still be saved.
    let elsewhere = tempfile::tempdir().unwrap();
    let saved = app.call("backup", json!({ "path": path_in(&elsewhere, "saved.db") })).await;
    assert!(saved["bytes"].as_u64().unwrap() > 0);
    app.abandon().await;
}

#[tokio::test]
async fn damage_met_while_running_ends_receiving_until_a_backup_is_restored() {
    let mut app = TestApp::start().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let made = app.import(&workflow()).await;
    let marked = json!({ "memberId": "10001", "eventCode": "Damage-Marker", "checkInTime": "2026-05-27" });
    let run = app.post(&made["url"], &marked).await.run_id();
    app.settle(&run).await;
    let backup = path_in(&elsewhere, "backup.db");
    app.call("backup", json!({ "path": backup })).await;
    app = app.restart_after(|data_dir| ruin(&data_dir.join("ihook.db"), b"Damage-Marker")).await;
    // At another port now.
    let made = app.call("workflow_url", json!({ "id": made["id"] })).await;
    let answer = app.post(&made["url"], &check_in()).await;
    // The hit may come with the very first write, or with a reader.
    if answer.status == 200 {
        assert_eq!(app.call_refused("run_get", json!({ "id": run })).await["code"], "store");
    }
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(answer.status, 503, "never a 200: {}", answer.text);
    assert!(answer.headers.contains_key("retry-after"));
    let notices = async || app.call("app_info", json!({})).await["notices"].to_string();
    app.until(async || notices().await.contains("The database is damaged")).await;
    let info = app.call("app_info", json!({})).await;
    assert!(info["notReceiving"].as_str().unwrap().contains("damaged"), "{info:#}");
    assert_eq!(app.call("standing", json!({})).await["standing"], "refusing");
    app.call("restore", json!({ "path": backup })).await;
    app.restarted().await;
    assert!(!notices_of(&app).await.contains("damaged"));
    assert_eq!(app.call("standing", json!({})).await["standing"], "receiving");
    let answer = app.post(&made["url"], &check_in()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    app.settle(&answer.run_id()).await;
    app.stop().await;
}

async fn notices_of(app: &TestApp) -> String {
    app.call("app_info", json!({})).await["notices"].to_string()
}

/// Overwrites every page that holds the text.
fn ruin(database: &Path, text: &[u8]) {
    let mut bytes = std::fs::read(database).unwrap();
    let pages: Vec<_> = (0..bytes.len() - text.len())
        .filter(|at| bytes[*at..].starts_with(text))
        .map(|at| at / 4096)
        .collect();
    assert!(!pages.is_empty());
    for page in pages {
        bytes[page * 4096..(page + 1) * 4096].fill(0xA5);
    }
    std::fs::write(database, bytes).unwrap();
}

fn start(data_dir: &Path) -> Program {
    let mut command = serve(data_dir);
    command.args(["--sandbox", "127.0.0.1:0"]);
    Program::start(command)
}

fn restore(data_dir: &Path, backup: &str) -> Output {
    Command::new(program()).arg("restore").arg("--data-dir").arg(data_dir).arg(backup).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_database_that_cannot_start_says_how_to_restore_and_ihook_restore_does_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(dir.path());
    let hook = server.import(&workflow()).await;
    let backup = path_in(&dir, "ihook.before-update-1-1.db");
    server.call("backup", json!({ "path": backup })).await;
    let busy = restore(dir.path(), &backup);
    assert!(!busy.status.success() && stderr(&busy).contains("in use"), "{}", stderr(&busy));
    server.kill();
    let database = dir.path().join("ihook.db");
    std::fs::write(&database, "no database at all, but a text of some length".repeat(100)).unwrap();
    for log in ["ihook.db-wal", "ihook.db-shm"] {
        // After a kill they are there, and belong to the database that is not.
        let _ = std::fs::remove_file(dir.path().join(log));
    }
    let bytes = std::fs::read(&database).unwrap();
    let refused = serve(dir.path()).args(["--sandbox", "127.0.0.1:0"]).output().unwrap();
    let said = stderr(&refused);
    let command = format!("ihook restore --data-dir \"{}\" \"{backup}\"", dir.path().display());
    assert!(!refused.status.success() && said.contains("damaged") && said.contains(&command), "{said}");
    assert_eq!(std::fs::read(&database).unwrap(), bytes, "it was left as it is");
    let doctor = Command::new(program()).arg("doctor").arg("--data-dir").arg(dir.path()).output().unwrap();
    assert!(!doctor.status.success());
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("WRONG database"), "{doctor:?}");

    let wrong = restore(dir.path(), "/no/such/backup.db");
    assert!(!wrong.status.success() && stderr(&wrong).contains("/no/such/backup.db"), "{}", stderr(&wrong));
    let done = restore(dir.path(), &backup);
    assert!(done.status.success(), "{}", stderr(&done));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let kept: PathBuf =
        said.split("kept as ").nth(1).unwrap().lines().next().unwrap().trim_end_matches('.').into();
    assert_eq!(std::fs::read(kept).unwrap(), bytes, "the damaged one is kept");
    let server = start(dir.path());
    assert!(server.post(&hook, &check_in()).await.unwrap().is_ok(), "the workflow is there, and it receives");
}

#[tokio::test]
async fn the_running_program_restores_and_comes_back_at_the_same_addresses() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(dir.path());
    let hook = server.import(&workflow()).await;
    let backup = path_in(&dir, "mine.db");
    server.call("backup", json!({ "path": backup })).await;
    server.import(&workflow()).await;
    let answer = server.call("restore", json!({ "path": backup })).await;
    assert_eq!(answer["restarting"], true, "{answer}");
    until("the program is back with the one workflow of the backup", async || {
        let url = format!("{}/rpc/workflow_list", server.at("admin"));
        let asked = server.http.post(url).bearer_auth(server.at("adminToken")).body("{}").send().await;
        let Ok(answer) = asked else { return false };
        let list: Value = answer.json().await.unwrap_or_default();
        list["workflows"].as_array().is_some_and(|all| all.len() == 1)
    })
    .await;
    assert!(server.post(&hook, &check_in()).await.unwrap().is_ok(), "and it receives");
    #[cfg(unix)]
    assert_eq!(server.terminate(), Some(0), "and still ends in good order");
}

fn refused_start(data_dir: &Path) -> String {
    let refused = serve(data_dir).args(["--sandbox", "127.0.0.1:0"]).output().unwrap();
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
    stderr(&refused)
}

/// The files of a data directory that a refusal must not touch. The lock is opened by whoever looks.
fn files_of(data_dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = std::fs::read_dir(data_dir).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_and_not_begun_anew_without_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("ihook.db");
    let server = start(dir.path());
    let hook = server.import(&workflow()).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = path_in(&elsewhere, "backup.db");
    server.call("backup", json!({ "path": backup })).await;
    // After the backup, so that it stands in the log that the kill leaves behind.
    server.import(&workflow()).await;
    server.kill();
    let (at, log) = (dir.path().display().to_string(), dir.path().join("ihook.db-wal"));
    assert!(log.metadata().unwrap().len() > 0, "a log that belongs to the lost database");
    for empty in [false, true] {
        std::fs::remove_file(&database).unwrap();
        if empty {
            std::fs::write(&database, "").unwrap();
        }
        let before = files_of(dir.path());
        let said = refused_start(dir.path());
        for words in [
            "is missing or empty",
            database.to_str().unwrap(),
            &format!("ihook restore --data-dir \"{at}\" FILE"),
            &format!("ihook start-anew --data-dir \"{at}\""),
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert_eq!(files_of(dir.path()), before, "nothing was made or changed");
        let doctor =
            Command::new(program()).arg("doctor").arg("--data-dir").arg(dir.path()).output().unwrap();
        assert!(String::from_utf8_lossy(&doctor.stdout).contains("WRONG database"), "{doctor:?}");
        std::fs::write(&database, "").unwrap();
    }

    let done = restore(dir.path(), &backup);
    assert!(done.status.success(), "{}", stderr(&done));
    let server = start(dir.path());
    let listed = server.call("workflow_list", json!({})).await["workflows"].as_array().unwrap().len();
    assert_eq!(listed, 1, "the backup as it was, without the log of the lost database mixed in");
    assert!(server.post(&hook, &check_in()).await.unwrap().is_ok(), "and it receives");
}

fn start_anew(data_dir: &Path) -> Output {
    Command::new(program()).arg("start-anew").arg("--data-dir").arg(data_dir).output().unwrap()
}

#[tokio::test]
async fn an_empty_database_takes_the_place_of_a_lost_one_on_a_persons_word_alone() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(dir.path());
    server.import(&workflow()).await;
    let busy = start_anew(dir.path());
    assert!(!busy.status.success() && stderr(&busy).contains("in use"), "{}", stderr(&busy));
    server.kill();
    let before = files_of(dir.path());
    let there = start_anew(dir.path());
    assert!(!there.status.success() && stderr(&there).contains("is there"), "{}", stderr(&there));
    assert_eq!(files_of(dir.path()), before, "a database that is there is never emptied");
    for log in ["ihook.db", "ihook.db-wal", "ihook.db-shm", "admin.json", "secrets.json"] {
        // Like a directory whose secrets lie in a keyring: nothing else tells of the earlier set-up.
        let _ = std::fs::remove_file(dir.path().join(log));
    }
    refused_start(dir.path());
    let done = start_anew(dir.path());
    assert!(done.status.success(), "{}", stderr(&done));
    let server = start(dir.path());
    assert_eq!(server.call("workflow_list", json!({})).await["workflows"], json!([]));
    let audit = server.call("audit_list", json!({ "limit": 9 })).await.to_string();
    assert!(audit.contains("start_anew"), "{audit}");
}

#[tokio::test]
async fn a_first_start_that_was_cut_off_bars_no_later_one() {
    // What a kill leaves at any moment before the database is whole, and what may be put there before.
    let blank: &[(&str, &[u8])] =
        &[("ihook.lock", b""), ("secrets.key", b"a key of one's own"), ("ihook.db", b"")];
    for made in 0..=blank.len() {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &blank[..made] {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        let server = start(dir.path());
        assert_eq!(server.call("workflow_list", json!({})).await["workflows"], json!([]));
    }
}
