//! Puts a delivery on disk and answers, or says that it could not.

use std::sync::Arc;

use axum::http::StatusCode;
use ihook_engine::plan::{Plan, Rejection};
use ihook_engine::record::SiteTime;
use ihook_engine::template::RunFacts;
use ihook_engine::workflow::{IdempotencyFrom, Trigger};
use ihook_store::idempotency::{self, First, Key};
use ihook_store::run::{self, Lane, NewRun, RunError};
use ihook_store::{Arrival, Outcome, RunId, Settled, StoreError, WorkflowId, payload, step};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::payload::Payload;
use super::{Received, Refusal};
use crate::clock::Now;
use crate::endpoints::Endpoint;
use crate::events::Topic;
use crate::heavy::Turn;
use crate::worker::{readable, step_row};

const HOUR: i64 = 60 * 60 * 1000;

impl Received<'_> {
    /// `size` is that of the body as it came; the `turn` ends once nothing but storing is left.
    pub(super) async fn store(
        &self,
        endpoint: &Endpoint,
        version: u32,
        plan: &Arc<Plan>,
        delivered: Payload,
        (size, turn): (usize, Turn),
    ) -> Result<Answer, Refusal> {
        let _taking = self.app.rush().taking();
        let trigger = &plan.workflow().trigger;
        let run = NewRun {
            id: RunId::new(),
            workflow_id: endpoint.workflow_id,
            version,
            connection: plan.workflow().connection.clone(),
            lane: Lane::Live,
            received_at: self.at,
            rerun_of: None,
        };
        let (key, delivered) = self.key(plan, &run, delivered, &turn).await;
        let Payload { object, text } = delivered;
        let metadata = self.metadata(Some(endpoint), size);
        let kept = payload::Payload { body: text, metadata: Some(metadata) };
        if let Some(key) = key
            && let Some(first) = self.first(key).await?
        {
            turn.work(move || drop(object)).await;
            return Ok(self.repeated(endpoint, trigger, first, kept).await);
        }
        let judge = Arc::clone(plan);
        let rejection = turn.work(move || judge.check_leading(object)).await;
        drop(turn);
        if let Some(rejection) = rejection {
            return self.reject(run, kept, rejection).await;
        }
        let arrival = Arrival { run, payload: kept, key };
        let settled = self.app.store().receive(arrival).await;
        let Settled { arrival, outcome } =
            settled.map_err(|error| self.not_stored(&error, endpoint.workflow_id))?;
        match outcome {
            Outcome::Queued => {}
            Outcome::Repeated(first) => {
                return Ok(self.repeated(endpoint, trigger, first, arrival.payload).await);
            }
            Outcome::Deleted => return Err(Refusal::unknown_url()),
        }
        self.app.wake(&arrival.run.connection);
        self.app.events().changed(Topic::Runs, arrival.run.id);
        Ok(Answer::queued(trigger.return_202_accepted, arrival.run.id, self.at))
    }

    async fn reject(
        &self,
        run: NewRun,
        kept: payload::Payload,
        rejection: Rejection,
    ) -> Result<Answer, Refusal> {
        let (id, workflow_id, at) = (run.id, run.workflow_id, self.at);
        let (violations, more) = (rejection.violations.clone(), rejection.more);
        let redactor = self.app.redactor();
        let steps: Vec<_> =
            rejection.steps.iter().map(|step| readable(step_row(step, at), redactor)).collect();
        let action_id = rejection.steps.last().map(|step| step.action_id.clone()).unwrap_or_default();
        let (code, message) = rejection
            .error()
            .map(|error| (error.code.clone(), redactor.text(&error.message).into_owned()))
            .unwrap_or_default();
        let error = RunError { action_id, code, message };
        let write = self.app.store().write(move |tx| {
            let seq = run::reject(tx, &run, &kept, &error)?;
            steps.iter().try_for_each(|row| step::put(tx, seq, row))
        });
        write.await.map_err(|error| self.not_stored(&error, workflow_id))?;
        self.app.events().changed(Topic::Runs, id);
        Ok(Answer::rejected(id, at, violations, more))
    }

    fn not_stored(&self, error: &StoreError, workflow: WorkflowId) -> Refusal {
        self.app.upkeep().not_stored(self.app, error);
        not_durable(error, workflow)
    }

    /// What tells this delivery from others, where the trigger asks for it; and the delivery.
    async fn key(
        &self,
        plan: &Arc<Plan>,
        run: &NewRun,
        delivered: Payload,
        turn: &Turn,
    ) -> (Option<Key>, Payload) {
        let Some(wanted) = &plan.workflow().trigger.idempotency else { return (None, delivered) };
        let header = match &wanted.from {
            IdempotencyFrom::Header(name) => {
                self.parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
            }
            IdempotencyFrom::Pointer(_) | IdempotencyFrom::Template(_) => None,
        };
        let (plan, run_id, at) = (Arc::clone(plan), run.id.to_string(), self.at);
        let (workflow_id, expires_at) = (run.workflow_id, at + i64::from(wanted.window_hours) * HOUR);
        let now = self.app.known_time().plausible(Now { wall: at, moment: self.app.clock().moment() });
        let make = move || {
            let facts = RunFacts {
                run_id: &run_id,
                workflow_name: &plan.workflow().name,
                received_at: Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH),
                site: &SiteTime::utc(),
            };
            let Payload { object, text } = delivered;
            let object = Arc::new(Value::Object(object));
            let key = plan.idempotency_key(&object, &facts, |_name| header);
            let key = key.map(|key| Key {
                workflow_id,
                hash: Sha256::digest(key.as_bytes()).into(),
                body: Sha256::digest(text.as_bytes()).into(),
                expires_at,
                now,
            });
            // Nobody else has it: nothing is copied.
            let object = match Arc::unwrap_or_clone(object) {
                Value::Object(object) => object,
                _ => Map::new(),
            };
            (key, Payload { object, text })
        };
        turn.work(make).await
    }

    async fn first(&self, key: Key) -> Result<Option<First>, Refusal> {
        let read = self.app.store().read(move |database| idempotency::first(database, &key));
        read.await.map_err(|error| not_durable(&error, key.workflow_id))
    }

    /// Answers with the run that used the key first. That another body came with it is told in the delivery
    /// log, where it can be released.
    async fn repeated(
        &self,
        endpoint: &Endpoint,
        trigger: &Trigger,
        first: First,
        kept: payload::Payload,
    ) -> Answer {
        let answer = Answer::queued(trigger.return_202_accepted, first.run_id, self.at);
        if !first.same_body {
            let reason = format!(
                "The idempotency key was used before, with another body, by run {}: no second run was made.",
                first.run_id
            );
            self.enter(Some(endpoint), answer.status(), reason, Some(kept.body.into_bytes())).await;
        }
        answer
    }
}

fn not_durable(error: &StoreError, workflow: WorkflowId) -> Refusal {
    tracing::error!(%error, %workflow, "receive.not_durable");
    let reason = "The delivery could not be stored. Nothing was kept; send it again later.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason).retry_after(5).not_logged()
}
