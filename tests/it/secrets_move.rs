//! Moving secrets between the real keyring and the file: whatever happens, the next start finds every one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use ihook_tests::files::{check_in, workflow_of};
use ihook_tests::keyring::{Desk, has_keyring};
use ihook_tests::process::{Program, program, serve};
use ihook_tests::site::Site;
use serde_json::{Value, json};

/// Started without a word on secrets.
fn start(desk: &Desk, data: &Path) -> Program {
    let mut command = Command::new(program());
    command.arg("serve").arg("--data-dir").arg(data).arg("--no-sandbox");
    command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    Program::start_telling(desk.env(&mut command).env_remove("IHOOK_SECRETS_KEY").stderr(Stdio::null()))
}

/// A connection, a secret for other systems and a workflow with a URL.
async fn set_up(server: &Program, site: &Site) -> Value {
    server.connect("live", &site.url, 1).await;
    server.call("secret_set", json!({ "name": "other", "value": "k" })).await;
    let mut file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
        "ID": "{{ memberId }}", "Activity Type": "ATTEND" } }]));
    file["connection"] = json!("live");
    server.call("workflow_import", json!({ "file": file, "activate": true })).await
}

/// A program whose secrets are in a keyring.
struct Kept {
    desk: Desk,
    data: PathBuf,
    /// The connection's, as long as this is there.
    _site: Site,
    server: Program,
    made: Value,
}

async fn kept_in_keyring() -> Kept {
    let mut desk = Desk::new();
    desk.start_keyring();
    let (data, site) = (desk.place.path().join("data"), Site::start().await);
    let server = start(&desk, &data);
    let made = set_up(&server, &site).await;
    Kept { desk, data, _site: site, server, made }
}

/// All secrets can be read, and the one place has them.
async fn assert_whole(server: &Program, made: &Value, data: &Path, place: &str) {
    let kept = server.call("secrets_kept", json!({})).await;
    assert_eq!(kept["place"], place, "{kept:#}");
    assert_eq!(data.join("secrets.json").exists(), place == "file");
    let url = server.call("workflow_url", json!({ "id": made["id"] })).await;
    let token = |url: &Value| url["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(token(&url), token(made));
    let tested = server.call("connection_test", json!({ "name": "live" })).await;
    assert_eq!(tested["ok"], true, "{tested:#}");
    let secrets = server.call("secret_list", json!({})).await;
    assert_eq!(secrets["secrets"][0]["isSet"], true, "{secrets:#}");
}

#[tokio::test]
async fn secrets_move_from_the_keyring_to_the_file_and_back_without_a_stop() {
    if !has_keyring() {
        return;
    }
    let Kept { mut desk, data, _site, server, made } = kept_in_keyring().await;
    assert_whole(&server, &made, &data, "keyring").await;
    let moved = server.call("secrets_move", json!({ "to": "file" })).await;
    assert_eq!((&moved["count"], &moved["left"]), (&json!(3), &json!(0)), "{moved:#}");
    assert!(moved["kept"]["notice"].as_str().unwrap().contains("as safe as"), "{moved:#}");
    assert_whole(&server, &made, &data, "file").await;
    let path = made["url"].as_str().unwrap().split_once("/hooks/").unwrap().1;
    let run = server.post(&format!("/hooks/{path}"), &check_in()).await.unwrap();
    assert!(run.is_ok(), "deliveries are taken all the time: {run:?}");
    server.kill();

    let server = start(&desk, &data);
    assert_whole(&server, &made, &data, "file").await;
    desk.lock();
    let (status, refused) = server.ask("secrets_move", json!({ "to": "keyring" })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (503, &json!("secrets")), "{refused:#}");
    assert!(refused["message"].as_str().unwrap().contains("Nothing was moved"), "{refused:#}");
    assert_whole(&server, &made, &data, "file").await;
    desk.stop_keyring();
    desk.start_keyring();
    let moved = server.call("secrets_move", json!({ "to": "keyring" })).await;
    assert_eq!((&moved["count"], &moved["left"]), (&json!(3), &json!(0)), "{moved:#}");
    assert_whole(&server, &made, &data, "keyring").await;
    assert!(!data.join("secrets.key").exists(), "no key lies about");
    let audit = server.call("audit_list", json!({})).await;
    let actions: Vec<_> = audit["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions.iter().filter(|action| **action == "secrets_move").count(), 2, "{audit:#}");
    server.kill();
    assert_whole(&start(&desk, &data), &made, &data, "keyring").await;
}

#[tokio::test]
async fn a_place_that_the_start_names_stays() {
    let place = tempfile::tempdir().unwrap();
    let server = Program::start(serve(place.path()));
    let kept = server.call("secrets_kept", json!({})).await;
    assert!(kept["cannotMove"].as_str().unwrap().contains("--secrets file"), "{kept:#}");
    let (status, refused) = server.ask("secrets_move", json!({ "to": "keyring" })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("conflict")), "{refused:#}");
    let (status, _) = server.ask("secrets_move", json!({ "to": "memory" })).await;
    assert_eq!(status.as_u16(), 400);
    server.kill();
}

#[tokio::test]
async fn killed_at_any_time_of_a_move_the_next_start_finds_every_secret() {
    if !has_keyring() {
        return;
    }
    let Kept { desk, data, _site, server, made } = kept_in_keyring().await;
    server.kill();
    for millis in [0, 2, 4, 7, 11, 16, 24, 40] {
        let server = start(&desk, &data);
        let place = server.call("secrets_kept", json!({})).await["place"].clone();
        assert_whole(&server, &made, &data, place.as_str().unwrap()).await;
        let to = if place == "file" { "keyring" } else { "file" };
        // At a moment that nobody chooses: the answer, if one comes, is of no interest.
        let asked = server.http.post(format!("{}/rpc/secrets_move", server.at("admin")));
        let asked = asked.bearer_auth(server.at("adminToken")).json(&json!({ "to": to })).send();
        let _ = tokio::time::timeout(Duration::from_millis(millis), asked).await;
        server.kill();
    }
    let server = start(&desk, &data);
    let place = server.call("secrets_kept", json!({})).await["place"].clone();
    assert_whole(&server, &made, &data, place.as_str().unwrap()).await;
    server.kill();
}
