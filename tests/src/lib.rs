//! The harness of the black-box tests: the real application with its workers and the real sandbox, on free
//! ports, in a directory of their own.

mod accept;
mod clock;
pub mod files;
#[cfg(target_os = "linux")]
pub mod keyring;
pub mod mutate;
pub mod pretend;
pub mod process;
pub mod proxy;
pub mod site;
pub mod wire;

pub use clock::TestClock;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ihook_app::clock::Clock;
use ihook_app::{Config, Running, SecretsKind, WireError};
use ihook_sandbox::Sandbox;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than anything takes on a busy machine; reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// Statuses at which a run stays without time passing or someone acting.
const SETTLED: [&str; 7] = ["succeeded", "failed", "rejected", "stopped", "cancelled", "held", "waiting"];

/// An application under test. End it with [`TestApp::stop`]: that fails on unfinished runs.
#[derive(Debug)]
pub struct TestApp {
    running: Option<Running>,
    sandbox: Option<(CancellationToken, JoinHandle<std::io::Result<()>>)>,
    /// Where the sandbox listens.
    pub sandbox_url: String,
    /// Where hooks are received.
    pub hooks_url: String,
    /// Where commands are served.
    pub admin_url: String,
    /// Moves time on.
    pub clock: Arc<TestClock>,
    /// For requests of the test's own.
    pub http: reqwest::Client,
    dir: TempDir,
}

/// An answer of a webhook.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: reqwest::header::HeaderMap,
    /// As text.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The id of the run it tells of.
    ///
    /// # Panics
    /// When it tells of none.
    #[must_use]
    pub fn run_id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("no run in {}", self.text)).to_owned()
    }
}

impl TestApp {
    /// A fresh application with a fresh sandbox.
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        Self::start_in(dir, false).await
    }

    /// A fresh application that also has the check-in workflow of a first start.
    pub async fn start_seeded() -> Self {
        let dir = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        Self::start_in(dir, true).await
    }

    /// An application on a database that an earlier program left, at the time it was left.
    pub async fn start_on(database: &Path, time: jiff::Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        std::fs::copy(database, dir.path().join("ihook.db")).unwrap_or_else(|error| panic!("{error}"));
        Self::start_at(dir, false, TestClock::at(time)).await
    }

    async fn start_in(dir: TempDir, seed: bool) -> Self {
        Self::start_at(dir, seed, TestClock::default()).await
    }

    async fn start_at(dir: TempDir, seed: bool, clock: TestClock) -> Self {
        let clock = Arc::new(clock);
        let shutdown = CancellationToken::new();
        let any: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = TcpListener::bind(any).await.unwrap_or_else(|error| panic!("no port: {error}"));
        let sandbox_url = format!("http://{}", listener.local_addr().unwrap_or(any));
        let sandbox = Sandbox::open(&dir.path().join("sandbox.db")).unwrap_or_else(|error| panic!("{error}"));
        let served = tokio::spawn(ihook_sandbox::serve(listener, sandbox, shutdown.clone()));
        let config = Config {
            data_dir: dir.path().to_owned(),
            listen: any,
            admin: Some(any),
            admin_token: None,
            sandbox_url: Some(sandbox_url.clone()),
            secrets: SecretsKind::File { key: None },
            seed,
            clock: clock.clone(),
            proxies: ihook_app::outgoing::SystemProxies::none(),
            redactor: ihook_app::redact::Redactor::default(),
        };
        let running = ihook_app::start(config).await.unwrap_or_else(|error| panic!("{error}"));
        let http = ihook_imis::Client::http().unwrap_or_else(|error| panic!("{error}"));
        Self {
            hooks_url: format!("http://{}", running.hooks),
            admin_url: running.admin.map(|at| format!("http://{at}")).unwrap_or_default(),
            running: Some(running),
            sandbox: Some((shutdown, served)),
            sandbox_url,
            clock,
            http,
            dir,
        }
    }

    /// Stops everything and starts it again on the same data.
    pub async fn restart(self) -> Self {
        self.restart_after(|_data_dir| ()).await
    }

    /// Waits until the application asks to be started again, and does it, as every host does.
    pub async fn restarted(&mut self) {
        let asked = tokio::time::timeout(PATIENCE, self.running().restart_asked()).await;
        assert!(asked.is_ok(), "nobody asked for a restart");
        if let Some(running) = self.running.take() {
            self.running = Some(running.restart().await.unwrap_or_else(|error| panic!("{error}")));
        }
    }

    /// Stops everything, lets `work` be done on the data directory, and starts again.
    pub async fn restart_after(self, work: impl FnOnce(&Path)) -> Self {
        self.restart_with(TestClock::default(), work).await
    }

    /// Stops everything, and starts again on a computer whose clock was set meanwhile.
    pub async fn restart_set(self, by: jiff::SignedDuration) -> Self {
        let clock = TestClock::at(Clock::now(&*self.clock) + by);
        self.restart_with(clock, |_data_dir| ()).await
    }

    async fn restart_with(mut self, clock: TestClock, work: impl FnOnce(&Path)) -> Self {
        self.end().await;
        let dir = std::mem::replace(&mut self.dir, tempfile::tempdir().unwrap_or_else(|e| panic!("{e}")));
        drop(self);
        work(dir.path());
        Self::start_at(dir, false, clock).await
    }

    /// Stops everything; fails when a run is unfinished.
    pub async fn stop(mut self) {
        let unfinished = self.call("run_list", json!({ "status": ["queued", "running", "inDoubt"] })).await;
        self.end().await;
        assert_eq!(unfinished["runs"], json!([]), "a test leaves no run unfinished");
    }

    /// Stops everything, whatever is unfinished.
    pub async fn abandon(mut self) {
        self.end().await;
    }

    async fn end(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        if let Some((shutdown, served)) = self.sandbox.take() {
            shutdown.cancel();
            let _ = served.await;
        }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap_or_else(|| panic!("the application was stopped"))
    }

    /// Where the application keeps its data.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// The admin token.
    #[must_use]
    pub fn admin_token(&self) -> &str {
        &self.running().admin_token
    }

    /// The events for the screens from now on.
    #[must_use]
    pub fn events(&self) -> tokio::sync::broadcast::Receiver<ihook_app::events::Event> {
        self.running().app.subscribe()
    }

    /// A command that must succeed.
    pub async fn call(&self, command: &str, request: Value) -> Value {
        let answer = self.running().app.call(command, request).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error:?}"))
    }

    /// A command that may fail.
    ///
    /// # Errors
    /// As the wire has it.
    pub async fn try_call(&self, command: &str, request: Value) -> Result<Value, WireError> {
        self.running().app.call(command, request).await
    }

    /// A command that must fail: the error as the wire has it.
    pub async fn call_refused(&self, command: &str, request: Value) -> Value {
        match self.try_call(command, request).await {
            Ok(answer) => panic!("{command} succeeded: {answer}"),
            Err(error) => serde_json::to_value(error).unwrap_or_default(),
        }
    }

    /// Imports a workflow file and activates it: `{id, key, url, …}`.
    pub async fn import(&self, file: &Value) -> Value {
        self.call("workflow_import", json!({ "file": file, "activate": true })).await
    }

    /// POSTs JSON to a hook.
    pub async fn post(&self, url: &Value, payload: &Value) -> Answer {
        let request = self.request(Method::POST, url).json(payload);
        self.send(request).await
    }

    /// A request to a hook, to be completed.
    pub fn request(&self, method: Method, url: &Value) -> RequestBuilder {
        self.http.request(method, url.as_str().unwrap_or_else(|| panic!("no URL: {url}")))
    }

    /// Sends a request of [`TestApp::request`].
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap_or_else(|error| panic!("{error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap_or_else(|error| panic!("{error:?}"));
        Answer { status, headers, text }
    }

    /// Waits until the run stays where it is: `{run, payload, steps}`.
    pub async fn settle(&self, run_id: &str) -> Value {
        self.wait_for(run_id, &SETTLED).await
    }

    /// Waits until the run has one of these statuses: `{run, payload, steps}`.
    pub async fn wait_for(&self, run_id: &str, statuses: &[&str]) -> Value {
        let mut changes = self.running().app.subscribe();
        let settled = async {
            loop {
                let detail = self.call("run_get", json!({ "id": run_id })).await;
                if statuses.iter().any(|status| detail["run"]["status"] == **status) {
                    return detail;
                }
                // Any change will do; missed ones too.
                let _ = changes.recv().await;
            }
        };
        match tokio::time::timeout(PATIENCE, settled).await {
            Ok(detail) => detail,
            Err(_late) => {
                let detail = self.call("run_get", json!({ "id": run_id })).await;
                panic!("the run never became {statuses:?}: {detail:#}")
            }
        }
    }

    /// Asks again and again until `holds`; for what no event announces.
    ///
    /// # Panics
    /// When it does not come to hold.
    pub async fn until(&self, holds: impl AsyncFn() -> bool) {
        let asked = async {
            while !holds().await {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, asked).await.is_ok(), "it never came to hold");
    }

    /// The activities of a member in the sandbox, newest first, as property name → text.
    pub async fn activities(&self, member: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let detail = self.call("member_get", json!({ "connection": "sandbox", "id": member })).await;
        rows(&detail["activities"])
    }

    /// The rows of a member in a panel of the sandbox, newest first.
    pub async fn panel_rows(
        &self,
        member: &str,
        panel: &str,
    ) -> Vec<std::collections::BTreeMap<String, String>> {
        let detail = self.call("member_get", json!({ "connection": "sandbox", "id": member })).await;
        let panels = detail["panels"].as_array().cloned().unwrap_or_default();
        panels
            .iter()
            .find(|found| found["name"] == panel)
            .map(|found| rows(&found["rows"]))
            .unwrap_or_default()
    }

    /// Switches faults of the sandbox on.
    pub async fn faults(&self, faults: Value) {
        self.call("sandbox_faults", json!({ "faults": faults })).await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(
            self.running.is_none() || std::thread::panicking(),
            "a test ends its application with stop() or abandon()"
        );
    }
}

fn rows(rows: &Value) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let values = |row: &Value| row["values"].as_array().cloned().unwrap_or_default();
    rows.as_array()
        .map(|rows| {
            rows.iter()
                .map(|row| values(row).iter().map(|v| (text(&v["name"]), text(&v["value"]))).collect())
                .collect()
        })
        .unwrap_or_default()
}
