//! The real `ihook` program as a child process: started, asked, killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

/// How often another process, which sends no events, is asked whether something happened.
const AGAIN: Duration = Duration::from_millis(50);
/// Longer than anything takes on a busy machine; reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program under test: the one that `IHOOK_PROGRAM` names, or one built now.
///
/// # Panics
/// When it cannot be built.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "how the test command hands over what it has built")]
pub fn program() -> PathBuf {
    static BUILT: Once = Once::new();
    if let Some(given) = std::env::var_os("IHOOK_PROGRAM") {
        return given.into();
    }
    BUILT.call_once(|| {
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "ihook-cli"]).status();
        assert!(built.is_ok_and(|status| status.success()), "the program cannot be built");
    });
    let tests = std::env::current_exe().unwrap_or_default();
    let target = tests.parent().and_then(Path::parent).map(Path::to_owned).unwrap_or_default();
    target.join(format!("ihook{}", std::env::consts::EXE_SUFFIX))
}

/// `ihook serve` on this directory, on free ports, with its secrets in a file.
#[must_use]
pub fn serve(data_dir: &Path) -> Command {
    let mut command = Command::new(program());
    command.arg("serve").arg("--data-dir").arg(data_dir).args(["--secrets", "file"]);
    command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    command
}

/// `ihook sandbox` on this directory and address.
#[must_use]
pub fn sandbox(data_dir: &Path, listen: &str) -> Command {
    let mut command = Command::new(program());
    command.arg("sandbox").arg("--data-dir").arg(data_dir).args(["--listen", listen]);
    command
}

/// A running program. Dropping it kills it.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Its ready line.
    pub info: Value,
    /// For requests of the test's own.
    pub http: reqwest::Client,
}

impl Program {
    /// Starts it and waits for its ready line.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        command.stderr(Stdio::null());
        Self::start_telling(&mut command)
    }

    /// The same, with its log wherever the command sends it.
    ///
    /// # Panics
    /// When there is no ready line.
    #[must_use]
    pub fn start_telling(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            let _ = BufReader::new(out).read_line(&mut line);
        }
        let info = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no ready line: {line:?}"));
        Self { child, info, http: ihook_imis::Client::http().unwrap_or_else(|error| panic!("{error}")) }
    }

    /// An address or token of the ready line.
    ///
    /// # Panics
    /// When it is not there.
    #[must_use]
    pub fn at(&self, name: &str) -> &str {
        self.info[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.info))
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A command that must succeed.
    ///
    /// # Panics
    /// When it does not.
    pub async fn call(&self, command: &str, request: Value) -> Value {
        let (status, body) = self.ask(command, request).await;
        assert_eq!(status, StatusCode::OK, "{command}: {body}");
        body
    }

    /// A command and its answer, whatever it is.
    ///
    /// # Panics
    /// When none comes.
    pub async fn ask(&self, command: &str, request: Value) -> (StatusCode, Value) {
        let url = format!("{}/rpc/{command}", self.at("admin"));
        let sent = self.http.post(url).bearer_auth(self.at("adminToken")).json(&request).send().await;
        let answer = sent.unwrap_or_else(|error| panic!("{command}: {error:?}"));
        let status = answer.status();
        (status, answer.json().await.unwrap_or_else(|error| panic!("{command}: {error:?}")))
    }

    /// Saves a connection to a sandbox.
    pub async fn connect(&self, name: &str, url: &str, max_concurrent: u32) {
        let site = json!({ "name": name, "baseUrl": url, "username": "sandbox", "password": "sandbox",
            "maxConcurrent": max_concurrent });
        self.call("connection_save", site).await;
    }

    /// Imports a workflow and activates it; the path of its hook, which stays when the port changes.
    ///
    /// # Panics
    /// When the answer has no URL.
    pub async fn import(&self, file: &Value) -> String {
        let made = self.call("workflow_import", json!({ "file": file, "activate": true })).await;
        let url = made["url"].as_str().unwrap_or_else(|| panic!("no URL: {made}"));
        url.find("/hooks/").map(|at| url[at..].to_owned()).unwrap_or_default()
    }

    /// POSTs JSON to a hook: the run's id once that is acknowledged, or the status.
    ///
    /// # Errors
    /// When no answer came: nothing is known then.
    pub async fn post(&self, path: &str, payload: &Value) -> Result<Result<String, u16>, reqwest::Error> {
        post(&self.http, &format!("{}{path}", self.at("hooks")), payload).await
    }

    /// All runs that this request to `run_list` finds.
    pub async fn runs(&self, request: &Value) -> Vec<Value> {
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut request = request.clone();
            request["limit"] = json!(500);
            if !after.is_null() {
                request["after"] = after;
            }
            let mut page = self.call("run_list", request).await;
            found.append(page["runs"].as_array_mut().unwrap_or(&mut Vec::new()));
            after = page["next"].take();
            if after.is_null() {
                return found;
            }
        }
    }

    /// What a sandbox program wrote down: every insert that arrived.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub async fn ledger(&self) -> Vec<Value> {
        let url = format!("{}/_sandbox/ledger", self.at("sandbox"));
        let asked = self.http.get(url).send().await.unwrap_or_else(|error| panic!("{error:?}"));
        let mut ledger: Value = asked.json().await.unwrap_or_else(|error| panic!("{error:?}"));
        std::mem::take(ledger["entries"].as_array_mut().unwrap_or(&mut Vec::new()))
    }

    /// Switches faults of a sandbox program on.
    ///
    /// # Panics
    /// When it refuses.
    pub async fn faults(&self, faults: Value) {
        let url = format!("{}/_sandbox/faults", self.at("sandbox"));
        let set = self.http.post(url).json(&faults).send().await;
        assert!(set.is_ok_and(|set| set.status() == StatusCode::OK), "the faults were refused");
    }

    /// Ends it as a power cut would.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Asks it to end, and tells its exit code.
    ///
    /// # Panics
    /// When it cannot be asked.
    #[cfg(unix)]
    #[must_use]
    pub fn terminate(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok(), "there is a kill command");
        self.child.wait().ok().and_then(|status| status.code())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// POSTs JSON to a hook's whole URL; see [`Program::post`].
///
/// # Errors
/// When no answer came.
pub async fn post(
    http: &reqwest::Client,
    url: &str,
    payload: &Value,
) -> Result<Result<String, u16>, reqwest::Error> {
    let answer = http.post(url).json(payload).send().await?;
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    Ok(match body["id"].as_str() {
        Some(id) if status == 200 => Ok(id.to_owned()),
        _ => Err(status),
    })
}

/// Asks again and again until `holds`; for what another process tells nobody.
///
/// # Panics
/// When it does not come to hold.
pub async fn until(what: &str, holds: impl AsyncFnMut() -> bool) {
    until_within(what, PATIENCE, holds).await;
}

/// The same with a limit of one's own.
///
/// # Panics
/// When it does not come to hold.
pub async fn until_within(what: &str, limit: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let asked = async {
        while !holds().await {
            tokio::time::sleep(AGAIN).await;
        }
    };
    assert!(tokio::time::timeout(limit, asked).await.is_ok(), "it never came to hold: {what}");
}
