//! Secrets: nowhere but in the secret store, and a locked or missing keyring stops neither listener nor commands.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ihook_tests::files::{check_in, workflow_of};
use ihook_tests::pretend::{Pretended, json_answer};
use ihook_tests::process::{Program, program, until};
use serde_json::{Value, json};

const ENDED: [&str; 3] = ["succeeded", "failed", "held"];
const PASSWORD: &str = "Correct-Horse&Battery=Staple 7Q";
const TOKEN: &str = "bearer-token-of-the-pretended-site-4711";
const SENDER: &str = "sender-secret-9f8e7d6c5b4a";
const HEADER: &str = "header-secret-a1b2c3d4e5f6";
const COOKIE: &str = "session-cookie-0a9b8c7d6e5f";

/// A site that takes whatever it gets, so that its token is known.
async fn pretended_site() -> Pretended {
    Pretended::start(|request| {
        let body = if request.starts_with("POST /token") {
            json!({ "access_token": TOKEN, "token_type": "bearer", "expires_in": 3600 })
        } else if request.starts_with("GET /api/Party/") {
            json!({ "PartyId": "12345", "Name": "Ms. Ada Sample" })
        } else {
            json!({ "Identity": { "IdentityElements": { "$values": ["7"] } } })
        };
        json_answer(200, &format!("set-cookie: s={COOKIE}\r\n"), &body)
    })
    .await
}

fn serve(data_dir: &Path, secrets: &str) -> Command {
    let mut command = Command::new(program());
    command.arg("serve").arg("--data-dir").arg(data_dir).args(["--secrets", secrets]);
    command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--sandbox", "127.0.0.1:0"]);
    command
}

/// The run once it has one of these statuses.
async fn run_at(server: &Program, id: &str, statuses: &[&str]) -> Value {
    let mut detail = Value::Null;
    until("the run comes that far", async || {
        detail = server.call("run_get", json!({ "id": id })).await;
        statuses.iter().any(|status| detail["run"]["status"] == **status)
    })
    .await;
    detail
}

/// Every file below a directory.
fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn is_in(bytes: &[u8], secret: &str) -> bool {
    let hidden = [
        secret.to_owned(),
        BASE64.encode(secret),
        secret.replace('&', "%26").replace('=', "%3D").replace(' ', "%20"),
    ];
    hidden.iter().any(|form| bytes.windows(form.len()).any(|window| window == form.as_bytes()))
}

#[tokio::test]
async fn a_password_that_cannot_be_read_is_told_as_such_and_no_try_calls_it_well() {
    let place = tempfile::tempdir().unwrap();
    let start = || Program::start(serve(place.path(), "file"));
    let server = start();
    let live =
        json!({ "name": "live", "baseUrl": "https://imis.example.org", "username": "u", "password": "p" });
    server.call("connection_save", live).await;
    assert_eq!(server.call("secrets_retry", json!({})).await["ok"], true);
    server.kill();
    let path = place.path().join("secrets.json");
    let mut sealed: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for (_, text) in sealed.as_object_mut().unwrap().iter_mut().filter(|(name, _)| name.contains("live")) {
        *text = json!(BASE64.encode([0; 40]));
    }
    std::fs::write(&path, sealed.to_string()).unwrap();
    let server = start();
    let listed = server.call("connection_list", json!({})).await;
    let trouble = listed["connections"][0]["passwordTrouble"].as_str().unwrap_or_default();
    assert!(trouble.contains("another key"), "{listed:#}");
    let still = server.call("secrets_retry", json!({})).await;
    assert_eq!((&still["ok"], still["message"].as_str()), (&json!(false), Some(trouble)), "{still:#}");
    server.kill();
}

#[tokio::test]
async fn no_file_that_the_program_writes_and_no_answer_holds_a_secret() {
    let place = tempfile::tempdir().unwrap();
    let (data, log) = (place.path().join("data"), place.path().join("stderr.log"));
    let logged = std::fs::File::create(&log).unwrap();
    let pretended = pretended_site().await;
    let site = &pretended.url;
    let server = Program::start_telling(serve(&data, "file").env("IHOOK_LOG", "trace").stderr(logged));
    let live = json!({ "name": "live", "baseUrl": site, "username": "ihook", "password": PASSWORD });
    server.call("connection_save", live).await;
    server.call("secret_set", json!({ "name": "other", "value": HEADER })).await;
    server.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    let mut file = workflow_of(json!([
        { "id": "activity", "type": "insertActivity", "fields": { "ID": "{{ memberId }}", "Activity Type": "ATTEND" } },
        { "id": "told", "type": "httpRequest", "method": "POST", "url": format!("{site}/told"), "onFailure": "continue",
          "headers": { "X-Key": "{{ secret.other }}" }, "body": "{}" } ]));
    file["connection"] = json!("live");
    file["trigger"]["authentication"] = json!({ "kind": "header", "header": "Authorization" });
    let made = server.call("workflow_import", json!({ "file": file, "activate": true })).await;
    server.call("workflow_set_secret", json!({ "id": made["id"], "secret": SENDER })).await;
    let url = made["url"].as_str().unwrap();
    let hook = url.rsplit('/').next().unwrap().to_owned();
    let http = ihook_imis::Client::http().unwrap();
    let send = |secret: &'static str| {
        http.post(url).header("authorization", secret).header("cookie", COOKIE).json(&check_in()).send()
    };
    assert_eq!(send("wrong").await.unwrap().status().as_u16(), 401);
    let answer: Value = send(SENDER).await.unwrap().json().await.unwrap();
    let id = answer["id"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let detail = run_at(&server, id, &ENDED).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");

    let backup = place.path().join("data").join("copy.db");
    server.call("backup", json!({ "path": backup })).await;
    let mut answers = vec![detail];
    for (command, request) in [
        ("workflow_export", json!({ "id": made["id"] })),
        ("workflow_get", json!({ "id": made["id"] })),
        ("workflow_list", json!({})),
        ("connection_list", json!({})),
        ("connection_test", json!({ "name": "live" })),
        ("run_list", json!({})),
        ("delivery_list", json!({})),
        ("audit_list", json!({})),
        ("settings_get", json!({})),
    ] {
        answers.push(server.call(command, request).await);
    }
    let answers = answers.iter().map(Value::to_string).collect::<String>();
    server.kill();
    std::fs::write(place.path().join("answers.json"), &answers).unwrap();
    let files = files_below(place.path());
    assert!(files.len() >= 6 && files.contains(&log), "there is something to search: {files:?}");
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        for secret in [PASSWORD, TOKEN, SENDER, HEADER, COOKIE, &hook] {
            // Where a workflow is to be called is told to those who may see it.
            let told = secret == hook && path.ends_with("answers.json");
            assert!(told || !is_in(&bytes, secret), "{} holds {secret}", path.display());
        }
    }
    #[cfg(unix)]
    assert_for_owner_alone(&data);
}

#[cfg(unix)]
fn assert_for_owner_alone(data: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let files = files_below(data);
    for name in
        ["secrets.key", "secrets.json", "ihook.lock", "ihook.db", "sandbox.db", "ihook.set-up", "copy.db"]
    {
        assert!(files.contains(&data.join(name)), "{name} is among {files:?}");
    }
    for path in files {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is for its owner alone", path.display());
    }
}

#[test]
fn the_key_comes_from_the_environment_or_a_credential_and_a_wrong_one_wipes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let with_key = |key: &str| {
        Program::start_telling(serve(&data, "file").env("IHOOK_SECRETS_KEY", key).stderr(Stdio::null()))
    };
    with_key("the right key").kill();
    assert!(!data.join("secrets.key").exists(), "no key lies about");
    let before = std::fs::read(data.join("secrets.json")).unwrap();
    let output = serve(&data, "file").env("IHOOK_SECRETS_KEY", "a wrong key").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("another key") && said.contains("IHOOK_SECRETS_KEY"),
        "{said}"
    );
    assert_eq!(std::fs::read(data.join("secrets.json")).unwrap(), before, "nothing is wiped");
    let credentials = place.path().join("credentials");
    std::fs::create_dir(&credentials).unwrap();
    std::fs::write(credentials.join("ihook-secrets-key"), "the right key\n").unwrap();
    Program::start_telling(
        serve(&data, "file").env("CREDENTIALS_DIRECTORY", &credentials).stderr(Stdio::null()),
    )
    .kill();
}

#[cfg(target_os = "linux")]
mod keyring {
    use std::time::{Duration, Instant};

    use ihook_tests::keyring::{Desk, has_keyring};
    use ihook_tests::site::Site;

    use super::*;

    fn activity() -> Value {
        let mut file = workflow_of(json!([{ "id": "activity", "type": "insertActivity", "fields": {
            "ID": "{{ memberId }}", "Activity Type": "ATTEND" } }]));
        file["connection"] = json!("live");
        file
    }

    #[tokio::test]
    async fn a_locked_keyring_lets_deliveries_in_and_one_click_goes_on() {
        if !has_keyring() {
            return;
        }
        let mut desk = Desk::new();
        desk.start_keyring();
        let data = desk.place.path().join("data");
        // A site that stays where it is while the program is started anew.
        let site = Site::start().await;
        let start = |desk: &Desk| {
            Program::start_telling(desk.env(&mut serve(&data, "keyring")).stderr(Stdio::null()))
        };
        let server = start(&desk);
        let live =
            json!({ "name": "live", "baseUrl": site.url, "username": "sandbox", "password": "sandbox" });
        server.call("connection_save", live).await;
        let made = server.call("workflow_import", json!({ "file": activity(), "activate": true })).await;
        let path = made["url"].as_str().unwrap().split_once("/hooks/").unwrap().1.to_owned();
        let path = format!("/hooks/{path}");
        let first = server.post(&path, &check_in()).await.unwrap().unwrap();
        assert_eq!(run_at(&server, &first, &ENDED).await["run"]["status"], "succeeded");
        server.kill();

        desk.lock();
        let began = Instant::now();
        let server = start(&desk);
        assert!(began.elapsed() < Duration::from_secs(20), "a locked keyring does not keep it from starting");
        let id = server.post(&path, &check_in()).await.unwrap().unwrap();
        let waiting = run_at(&server, &id, &["waiting"]).await;
        assert!(waiting["run"]["waitingReason"].as_str().unwrap().contains("keyring"), "{waiting:#}");
        let listed = server.call("connection_list", json!({})).await;
        assert!(
            listed["connections"].as_array().is_some_and(|all| all.len() == 2),
            "commands answer: {listed:#}"
        );
        let trouble = listed["connections"][0]["passwordTrouble"].as_str().unwrap_or_default();
        assert!(trouble.contains("unlock"), "the connection says what to do: {listed:#}");
        let (_, refused) = server
            .ask(
                "connection_save",
                json!({ "name": "new", "baseUrl": server.at("sandbox"), "username": "u", "password": "p" }),
            )
            .await;
        assert_eq!(refused["code"], "secrets", "nothing is half-saved: {refused:#}");
        let still = server.call("secrets_retry", json!({})).await;
        assert_eq!(still["ok"], false, "{still:#}");

        desk.stop_keyring();
        desk.start_keyring();
        let retried = server.call("secrets_retry", json!({})).await;
        assert_eq!(retried["ok"], true, "{retried:#}");
        assert_eq!(run_at(&server, &id, &ENDED).await["run"]["status"], "succeeded");
        server.kill();
    }

    #[test]
    fn without_any_keyring_it_says_what_to_do() {
        if !has_keyring() {
            return;
        }
        let desk = Desk::new();
        let data = desk.place.path().join("data");
        let output = desk.env(&mut serve(&data, "keyring")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("--secrets file"), "{said}");
    }
}
