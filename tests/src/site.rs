//! Another iMIS than the application's own sandbox, and what tests ask of either.

use ihook_sandbox::Sandbox;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::TestApp;

/// A sandbox of its own, in memory. It ends when this is dropped.
#[derive(Debug)]
pub struct Site {
    /// Where it listens.
    pub url: String,
    _ends: DropGuard,
}

impl Site {
    /// One with the sandbox's usual members.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap_or_else(|error| panic!("{error}"));
        let at = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
        let sandbox = Sandbox::in_memory().unwrap_or_else(|error| panic!("{error}"));
        let shutdown = CancellationToken::new();
        tokio::spawn(ihook_sandbox::serve(listener, sandbox, shutdown.clone()));
        Self { url: format!("http://{at}"), _ends: shutdown.drop_guard() }
    }
}

/// Switches faults of the sandbox at `url` on.
///
/// # Panics
/// When it refuses them.
pub async fn faults(app: &TestApp, url: &str, faults: Value) {
    let set = app.http.post(format!("{url}/_sandbox/faults")).json(&faults).send().await;
    assert!(set.is_ok_and(|set| set.status() == StatusCode::OK), "the faults were refused");
}

/// Every insert that arrived at the sandbox at `url`, whatever came of it.
///
/// # Panics
/// When it does not answer.
pub async fn ledger(app: &TestApp, url: &str) -> Vec<Value> {
    let asked = app.http.get(format!("{url}/_sandbox/ledger")).send().await;
    let ledger: Value = asked
        .unwrap_or_else(|error| panic!("{error}"))
        .json()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    ledger["entries"].as_array().unwrap_or_else(|| panic!("no ledger: {ledger:#}")).clone()
}

/// How many of them were written.
///
/// # Panics
/// When the sandbox does not answer.
pub async fn written(app: &TestApp, url: &str) -> usize {
    ledger(app, url).await.iter().filter(|entry| entry["committed"] == true).count()
}
