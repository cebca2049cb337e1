//! Puts a delivery on disk and answers, or says that it could not.

use std::sync::Arc;

use axum::http::StatusCode;
use ihook_engine::plan::{Plan, Rejection};
use ihook_engine::template::RunFacts;
use ihook_store::idempotency::{self, First, Key};
use ihook_store::run::{self, Lane, NewRun, RunError};
use ihook_store::{Connection, RunId, StoreError, WorkflowId, payload, step};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::deliver::Payload;
use super::{Received, Refusal, metadata};
use crate::events::Topic;

const HOUR: i64 = 60 * 60 * 1000;

/// What became of a delivery that passed every check.
enum Stored {
    /// A new run.
    New,
    /// The key was used before: by this run.
    Repeated(First),
}

impl Received<'_> {
    pub(super) async fn store(
        &self,
        workflow_id: WorkflowId,
        version: u32,
        plan: &Arc<Plan>,
        delivered: Payload,
    ) -> Result<Answer, Refusal> {
        let trigger = &plan.workflow().trigger;
        let run = NewRun {
            id: RunId::new(),
            workflow_id,
            version,
            connection: plan.workflow().connection.clone(),
            lane: Lane::Live,
            received_at: self.at,
            rerun_of: None,
        };
        let metadata = metadata::of(self.parts, &self.remote_ip(), delivered.bytes, self.at).to_string();
        let (id, connection, at) = (run.id, run.connection.clone(), self.at);
        let key = self.key(plan, &run, &delivered);
        let kept = payload::Payload { body: delivered.text, metadata: Some(metadata) };
        if let Some(key) = key
            && let Some(first) = self.first(key).await?
        {
            return Ok(self.repeated(trigger.return_202_accepted, first));
        }
        let Some(rejection) = plan.check_leading(&delivered.object) else {
            let write = self.app.store().write(move |tx| {
                if let Some(key) = &key {
                    // Asked again inside the transaction: two like deliveries may have come together.
                    if let Some(first) = idempotency::first(tx, key, at)? {
                        return Ok(Stored::Repeated(first));
                    }
                    idempotency::reserve(tx, key, run.id)?;
                }
                let seq = run::enqueue(tx, &run)?;
                payload::insert(tx, seq, &kept)?;
                Ok(Stored::New)
            });
            return match write.await {
                Ok(Stored::New) => {
                    self.app.wake(&connection);
                    self.app.events().changed(Topic::Runs, id);
                    Ok(Answer::queued(trigger.return_202_accepted, id, at))
                }
                Ok(Stored::Repeated(first)) => Ok(self.repeated(trigger.return_202_accepted, first)),
                Err(error) => Err(not_durable(&error, workflow_id)),
            };
        };
        let violations = rejection.violations.clone();
        let write = self.app.store().write(move |tx| reject(tx, &run, &kept, &rejection, at));
        write.await.map_err(|error| not_durable(&error, workflow_id))?;
        self.app.events().changed(Topic::Runs, id);
        Ok(Answer::rejected(id, at, violations))
    }

    /// What tells this delivery from others, where the trigger asks for it.
    fn key(&self, plan: &Plan, run: &NewRun, delivered: &Payload) -> Option<Key> {
        let hours = plan.workflow().trigger.idempotency.as_ref()?.window_hours;
        let facts = RunFacts {
            run_id: &run.id.to_string(),
            workflow_name: &plan.workflow().name,
            received_at: Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::UNIX_EPOCH),
            zone: &TimeZone::UTC,
        };
        let header = |name: &str| Some(self.parts.headers.get(name)?.to_str().ok()?.to_owned());
        let key = plan.idempotency_key(&delivered.object, &facts, header)?;
        Some(Key {
            workflow_id: run.workflow_id,
            hash: Sha256::digest(key.as_bytes()).into(),
            body: Sha256::digest(delivered.text.as_bytes()).into(),
            expires_at: self.at + i64::from(hours) * HOUR,
        })
    }

    async fn first(&self, key: Key) -> Result<Option<First>, Refusal> {
        let at = self.at;
        let read = self.app.store().read(move |database| idempotency::first(database, &key, at));
        read.await.map_err(|error| not_durable(&error, key.workflow_id))
    }

    fn repeated(&self, accepted: bool, first: First) -> Answer {
        if !first.same_body {
            tracing::warn!(run = %first.run_id, "receive.same_key_other_body");
        }
        Answer::queued(accepted, first.run_id, self.at)
    }
}

fn not_durable(error: &StoreError, workflow: WorkflowId) -> Refusal {
    tracing::error!(%error, %workflow, "receive.not_durable");
    let reason = "The delivery could not be stored. Nothing was kept; send it again later.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(5).not_logged()
}

/// Stores a rejected run with the steps of the leading check.
fn reject(
    tx: &Connection,
    run: &NewRun,
    kept: &payload::Payload,
    rejection: &Rejection,
    at: i64,
) -> Result<(), StoreError> {
    let last = rejection.steps.last();
    let error = RunError {
        action_id: last.map(|step| step.action_id.clone()).unwrap_or_default(),
        code: "schema".to_owned(),
        message: last.and_then(|step| step.error.as_ref()).map(|e| e.message.clone()).unwrap_or_default(),
    };
    let seq = run::reject(tx, run, &error)?;
    payload::insert(tx, seq, kept)?;
    rejection.steps.iter().try_for_each(|result| step::put(tx, seq, &crate::worker::step_row(result, at)))
}
