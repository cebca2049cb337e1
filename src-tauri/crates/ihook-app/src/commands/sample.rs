//! Removes what was only tried: the runs that wrote to the sandbox, and everything the sandbox holds.

use ihook_store::{StoreError, audit, minute, retention};
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use super::Nothing;
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::sites::SANDBOX;

/// Runs in one transaction, as retention takes them.
const BATCH: u32 = 100;

/// What was removed.
#[derive(Debug, Serialize, TS)]
pub(crate) struct SampleRemoved {
    /// How many runs.
    pub runs: usize,
}

/// Workflows stay: staff may have made them their own. Runs that are not finished stay too.
pub(super) async fn remove(app: &App, _request: Nothing) -> Result<SampleRemoved, WireError> {
    reset_sandbox(app).await?;
    let mut runs = 0;
    loop {
        let tried = app.store().read(|database| retention::of_connection(database, SANDBOX, BATCH)).await?;
        if tried.is_empty() {
            break;
        }
        runs += tried.len();
        app.store().write(move |tx| retention::remove(tx, &tried)).await?;
    }
    let now = app.clock().millis();
    app.store()
        .write(move |tx| -> Result<(), StoreError> {
            minute::forget_runless(tx)?;
            audit::add(tx, now, "sample_remove", SANDBOX, &format!("{runs} runs"))
        })
        .await?;
    app.events().all_changed(Topic::Runs);
    app.events().all_changed(Topic::Workflows);
    Ok(SampleRemoved { runs })
}

async fn reset_sandbox(app: &App) -> Result<(), WireError> {
    let Some(base) = app.facts().sandbox_url.as_deref() else { return Ok(()) };
    let failed =
        |error: reqwest::Error| WireError::new(Code::Imis, format!("The sandbox did not answer: {error}"));
    let answer = app.sites().http().post(format!("{base}/_sandbox/reset")).send().await.map_err(failed)?;
    if !answer.status().is_success() {
        let body: Value = answer.json().await.unwrap_or_default();
        let reason = body["message"].as_str().unwrap_or("it did not say why").to_owned();
        return Err(WireError::new(Code::Imis, format!("The sandbox was not reset: {reason}")));
    }
    // What was remembered of its members is not to outlive them.
    app.sites().forget(SANDBOX);
    Ok(())
}
