//! The sandbox as a server: quick to start, quick to end, and what it took is there afterwards.

use std::time::{Duration, Instant};

use ihook_sandbox::{OpenError, Sandbox};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::{attendance, start, start_with};

#[tokio::test]
async fn records_outlive_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sandbox.db");
    let mut sandbox = start_with(Sandbox::open(&path).expect("opens")).await;
    let key = sandbox.client().insert(&attendance("12345")).await.expect("inserted").key;
    sandbox.shutdown.cancel();
    (&mut sandbox.task).await.expect("ends").expect("well");
    drop(sandbox);
    let sandbox = start_with(Sandbox::open(&path).expect("opens again")).await;
    let page = sandbox.client().rows("Activity", &[], 10).await.expect("rows");
    assert_eq!(Some(page.records[0].key_text()), key);
    assert_eq!(sandbox.client().parties(None, 1).await.expect("members").1, 501, "seeded once");
    assert_eq!(sandbox.ledger().await.len(), 1);
}

#[tokio::test]
async fn the_first_start_is_quick() {
    let directory = tempfile::tempdir().expect("a directory");
    let started = Instant::now();
    let sandbox = Sandbox::open(&directory.path().join("sandbox.db")).expect("opens");
    drop(sandbox);
    // 300 ms is the promise of a release build on an idle machine; this build has neither.
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[cfg(unix)]
#[tokio::test]
async fn its_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sandbox.db");
    for _ in 0..2 {
        let sandbox = start_with(Sandbox::open(&path).expect("opens")).await;
        sandbox.client().insert(&attendance("12345")).await.expect("inserted");
        let files =
            std::fs::read_dir(directory.path()).expect("the directory").map(|file| file.expect("a file"));
        let files: Vec<_> = files.map(|file| (file.path(), file.metadata().expect("its rights"))).collect();
        assert!(files.len() >= 2, "with its log: {files:?}");
        for (path, found) in files {
            assert_eq!(found.permissions().mode() & 0o777, 0o600, "{}", path.display());
        }
        drop(sandbox);
        // As an earlier version of the program left it.
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("changed");
    }
}

#[tokio::test]
async fn it_answers_only_to_names_of_this_computer() {
    let sandbox = start().await;
    let port = sandbox.base.rsplit(':').next().expect("a port").to_owned();
    let http = ihook_imis::Client::http().expect("a client");
    for path in ["/api/Party", "/token", "/_sandbox/faults", "/nothing"] {
        let ask = async |host: &str| {
            let asked = http.get(format!("{}{path}", sandbox.base)).header("host", host).send().await;
            asked.expect("an answer").status().as_u16()
        };
        for host in ["evil.example", "127.0.0.1.evil.example", "192.0.2.1", "localhost.evil.example"] {
            assert_eq!(ask(host).await, 403, "{host} {path}");
            assert_eq!(ask(&format!("{host}:{port}")).await, 403, "{host} {path}");
        }
        // What is no name at all may be refused with its request, before anybody looks at the name.
        for host in ["a b", ""] {
            for host in [host.to_owned(), format!("{host}:{port}")] {
                let status = ask(&host).await;
                assert!([400, 403].contains(&status), "{status}: {host} {path}");
            }
        }
        for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.2"] {
            assert_ne!(ask(&format!("{host}:{port}")).await, 403, "{host} {path}");
        }
    }
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sandbox.db");
    drop(Sandbox::open(&path).expect("opens"));
    let mut bytes = std::fs::read(&path).expect("the file");
    // user_version is the big-endian number at offset 60 of the header.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &bytes).expect("written");
    assert!(matches!(Sandbox::open(&path), Err(OpenError::Newer)));
    assert_eq!(std::fs::read(&path).expect("the file"), bytes, "and not touched");
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sandbox.db");
    std::fs::write(&path, "a text, long enough to be no header of a database file at all ".repeat(20))
        .expect("written");
    assert!(matches!(Sandbox::open(&path), Err(OpenError::Sqlite(_))));
}

#[tokio::test]
async fn it_ends_within_a_second_even_with_a_request_in_the_air() {
    let mut sandbox = start().await;
    let client = sandbox.client();
    client.party("12345").await.expect("signed in");
    sandbox.faults(json!([{ "kind": "delay", "milliseconds": 60_000, "on": "insert", "count": 1 }])).await;
    let hanging = tokio::spawn(async move { client.insert(&attendance("12345")).await.is_err() });
    // Once the fault has struck, the request is in the middle of its delay.
    while sandbox.faults_left().await > 0 {}
    sandbox.shutdown.cancel();
    let ended = timeout(Duration::from_secs(1), &mut sandbox.task).await;
    ended.expect("within a second").expect("no panic").expect("well");
    assert!(hanging.await.expect("no panic"), "the caller learns that it was cut");
}

#[tokio::test]
async fn many_inserts_at_once_are_all_there_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let sandbox = start_with(Sandbox::open(&directory.path().join("sandbox.db")).expect("opens")).await;
    let client = sandbox.client();
    let mut inserts = JoinSet::new();
    for number in 0..200 {
        let client = client.clone();
        let member = (10_001 + number).to_string();
        inserts.spawn(async move { client.insert(&attendance(&member)).await.expect("inserted").key });
    }
    let mut keys = inserts.join_all().await;
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 200);
    assert_eq!(client.rows("Activity", &[], 1000).await.expect("rows").records.len(), 200);
}
