//! What a workflow's sender proves itself with: setting it, and whether it is there. It never comes back.

use ihook_engine::workflow::{Authentication, SecretUse};
use ihook_store::{WorkflowId, audit, workflow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::workflows::{ById, HOUR, find, overlap};
use super::{Nothing, times};
use crate::App;
use crate::error::WireError;
use crate::events::Topic;
use crate::receive::note_secret;

/// Bytes of a sender's secret: no key or password is longer, and two have to fit into one entry of a keyring.
const MOST_SECRET: std::ops::RangeInclusive<usize> = 8..=1024;

/// Sets what the sender proves itself with.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct SetSecret {
    /// The workflow.
    pub id: String,
    /// The header's value, `user:password`, or the signing key. Never comes back.
    pub secret: String,
    /// What it is used as; what the latest version asks for when not given.
    #[ts(type = "\"header\" | \"basic\" | \"standardWebhooks\" | \"signature\"", optional)]
    pub used_as: Option<SecretUse>,
    /// How long the secret before is still taken; not at all when not given.
    pub overlap_hours: Option<u32>,
}

impl std::fmt::Debug for SetSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SetSecret").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Whether a sender can prove itself, without what it does so with.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct SenderSecret {
    /// Whether there is a secret.
    pub is_set: bool,
    /// Until when the one before is still taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_until: Option<String>,
}

pub(super) async fn get(app: &App, request: ById) -> Result<SenderSecret, WireError> {
    let row = find(app, &request.id).await?;
    let was_wanted = app.sender_secrets().want(row.id).is_some();
    let kept = app.sender_secrets().kept(app.vault(), row.id).await?;
    if was_wanted && kept.is_set {
        app.events().changed(Topic::Workflows, row.id);
    }
    let before_until = kept.before_until.filter(|until| *until > app.clock().millis());
    Ok(SenderSecret { is_set: kept.is_set, before_until: before_until.map(times::text) })
}

pub(super) async fn set(app: &App, request: SetSecret) -> Result<Nothing, WireError> {
    let row = find(app, &request.id).await?;
    let length = request.secret.len();
    if !(MOST_SECRET.contains(&length)) {
        return Err(WireError::bad_request(format!(
            "secret must have {} to {} bytes; this one has {length}.",
            MOST_SECRET.start(),
            MOST_SECRET.end()
        )));
    }
    let used_as = match request.used_as {
        Some(used_as) => Some(used_as),
        None => asked_for(app, row.id, row.latest).await,
    };
    if let Some(why) = SecretUse::fault_of(used_as, &request.secret) {
        return Err(WireError::bad_request(why));
    }
    let (hours, now, id) = (overlap(request.overlap_hours)?, app.clock().millis(), row.id);
    let _turn = app.vault().turn().await;
    app.sender_secrets()
        .replace(app.vault(), id, &request.secret, now + i64::from(hours) * HOUR, now)
        .await?;
    let detail = format!("overlap {hours} h");
    note_secret(app, id, used_as, detail, now).await?;
    Ok(Nothing {})
}

/// Forgets every secret: until another one is set, deliveries that need one are answered 503.
pub(super) async fn remove(app: &App, request: ById) -> Result<Nothing, WireError> {
    let row = find(app, &request.id).await?;
    let _turn = app.vault().turn().await;
    app.sender_secrets().forget(app.vault(), row.id).await?;
    let (id, now) = (row.id, app.clock().millis());
    app.store()
        .write(move |tx| {
            workflow::set_sender_proof(tx, id, None)?;
            audit::add(tx, now, "workflow_secret_remove", &row.name, "")
        })
        .await?;
    app.events().changed(Topic::Workflows, id);
    Ok(Nothing {})
}

/// What a version's trigger uses the secret as; none where its sender need not prove itself, or it cannot be read.
async fn asked_for(app: &App, id: WorkflowId, number: u32) -> Option<SecretUse> {
    let plan = app.plan(id, number).await.ok()?;
    plan.workflow().trigger.authentication.as_ref().map(Authentication::secret_use)
}
