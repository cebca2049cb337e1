//! What a run does by itself between its effects: it reads the payload, judges, renders, loops.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ihook_engine::plan::{MAX_LIGHT, Plan};
use ihook_engine::record::SiteTime;
use ihook_engine::run::{Delivery, Machine, Next, Outcome, StepKey, StepResult};
use ihook_store::step::{Status, Step};
use ihook_store::{StoreError, payload, run};
use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::drive::Drive;
use super::insert::Intent;
use super::rows::{step_result, step_row};
use crate::App;
use crate::heavy::{Room, Turn, ended, size_in_memory};
use crate::stored::{self, Received, Unreadable};

/// Steps in memory at most, beside those that an effect waits for.
const MAX_STEPS: usize = 256;
/// How long others wait for their turn meanwhile. A step that takes longer has its time all the same.
const GO: Duration = Duration::from_millis(100);
/// From then on it is on record that the run executes our own code (docs/behavior.md).
const LONG: Duration = Duration::from_secs(1);
/// More steps of earlier attempts than are read back within a millisecond.
const MAX_LIGHT_STEPS: usize = 50;

/// How far a run came.
pub(super) struct Advanced {
    /// None once the run is over: its payload is gone by then, which takes a while for a large one.
    pub(super) machine: Option<Box<Machine>>,
    /// None where more is to be done before anything is asked of the host.
    pub(super) next: Option<Next>,
    /// Steps that ended.
    pub(super) done: Vec<Step>,
}

/// A run ready to be driven.
struct Prepared {
    machine: Box<Machine>,
    written_to: BTreeSet<String>,
}

/// What the run goes on with.
pub(super) struct Begun {
    pub(super) machine: Box<Machine>,
    /// What its payload takes of the memory for large ones, until the run is left.
    pub(super) _room: Room,
}

impl Drive<'_> {
    /// Reads the payload and the steps of earlier attempts; `settled` were looked up just now.
    pub(super) async fn begin(
        &mut self,
        plan: Arc<Plan>,
        payload: payload::Payload,
        settled: Vec<StepResult>,
    ) -> Result<Result<Begun, Unreadable>, StoreError> {
        self.bytes = payload.body.len();
        self.is_heavy = plan.run_weight().is_heavy(self.bytes) || self.stored.len() > MAX_LIGHT_STEPS;
        let (payload, room) = self.room(payload).await?;
        // Without a site there is no insert either; its clock then only shows in templates.
        let site = match self.site().await {
            Ok(site) => site.time.clone(),
            Err(_unavailable) => SiteTime::utc(),
        };
        let about = About {
            run_id: self.run.id.to_string(),
            workflow_name: self.workflow_name.clone(),
            received_at: Timestamp::from_millisecond(self.run.received_at).unwrap_or(Timestamp::UNIX_EPOCH),
            site,
        };
        let stored = std::mem::take(&mut self.stored);
        let turn = self.turn().await?;
        let prepared = self.section(&turn, move || prepare(plan, &payload, about, &stored, settled)).await?;
        drop(turn);
        if self.is_marked {
            self.flush().await?;
        }
        Ok(match prepared {
            Ok(Prepared { machine, written_to }) => {
                self.written_to = written_to;
                Ok(Begun { machine, _room: room })
            }
            Err(unreadable) => Err(unreadable),
        })
    }

    /// Waits until there is room for what a large payload takes in memory.
    async fn room(&mut self, payload: payload::Payload) -> Result<(payload::Payload, Room), StoreError> {
        if payload.body.len() <= MAX_LIGHT {
            return Ok((payload, None));
        }
        let turn = self.turn().await?;
        let measure = move || (size_in_memory(&payload.body), payload);
        let (size, payload) = self.section(&turn, measure).await?;
        drop(turn);
        if self.is_marked {
            self.flush().await?;
        }
        tokio::select! {
            room = self.app.heavy().room_for_payload(size) => Ok((payload, room)),
            () = self.app.workers().stopping() => Err(StoreError::Stopped),
        }
    }

    /// Lets the run go on by itself, with what came of its last effect, and keeps the steps that ended.
    pub(super) async fn advance(
        &mut self,
        machine: Box<Machine>,
        outcome: Option<Outcome>,
    ) -> Result<(Option<Box<Machine>>, Option<Next>), StoreError> {
        // What an effect led to is kept, also while the program ends.
        let has_outcome = outcome.is_some();
        let turn = if has_outcome { self.app.heavy().turn(self.is_heavy).await } else { self.turn().await? };
        let app = self.app.clone();
        let Advanced { machine, next, done } =
            self.section(&turn, move || advanced(&app, machine, outcome)).await?;
        if machine.is_none() {
            turn.give_back_after(self.bytes);
        }
        drop(turn);
        self.keep(done).await;
        let is_stopping = next.is_none() && self.app.workers().is_stopping();
        if self.is_marked || is_stopping || self.pending.len() >= MAX_STEPS {
            self.flush().await?;
        }
        if is_stopping && !has_outcome { Err(StoreError::Stopped) } else { Ok((machine, next)) }
    }

    /// Drops a run that is left, which takes a while for a large payload; nobody waits for it.
    pub(super) fn forget(&self, machine: Option<Box<Machine>>) {
        if self.is_heavy {
            drop(spawn_blocking(move || drop(machine)));
        }
    }

    /// The run's turn to work, where that can take long.
    async fn turn(&self) -> Result<Turn, StoreError> {
        tokio::select! {
            biased;
            turn = self.app.heavy().turn(self.is_heavy) => Ok(turn),
            () = self.app.workers().stopping() => Err(StoreError::Stopped),
        }
    }

    /// Does a part of the run's own work. While it takes long, that stands on record.
    async fn section<T: Send + 'static>(
        &mut self,
        turn: &Turn,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        if !turn.is_heavy() {
            return Ok(work());
        }
        let mut going = turn.begin(work);
        let long = self.app.clock().moment() + LONG;
        let soon = tokio::select! {
            biased;
            done = &mut going => Some(done),
            () = self.app.clock().sleep_until(long) => None,
        };
        let done = match soon {
            Some(done) => done,
            None => {
                self.mark().await?;
                going.await
            }
        };
        Ok(ended(done).await)
    }

    async fn mark(&mut self) -> Result<(), StoreError> {
        let seq = self.run.seq;
        self.has_tried = true;
        self.record(None, move |tx| run::begin_long_work(tx, seq)).await?;
        self.is_marked = true;
        Ok(())
    }

    /// Puts what is done on disk. The run is under way from then on.
    async fn flush(&mut self) -> Result<(), StoreError> {
        self.has_tried = true;
        self.record(None, |_tx| Ok(())).await
    }
}

/// What templates see of the run.
struct About {
    run_id: String,
    workflow_name: String,
    received_at: Timestamp,
    site: SiteTime,
}

fn prepare(
    plan: Arc<Plan>,
    payload: &payload::Payload,
    about: About,
    stored: &[Step],
    settled: Vec<StepResult>,
) -> Result<Prepared, Unreadable> {
    stored::check_steps(stored)?;
    let Received { payload, metadata } = stored::received(payload)?;
    let About { run_id, workflow_name, received_at, site } = about;
    let delivery = Delivery { run_id, workflow_name, received_at, site, payload, metadata };
    let recorded = stored.iter().filter_map(step_result).chain(settled).collect();
    // Steps that an earlier attempt began and nobody finished.
    let open = stored.iter().filter(|step| step_result(step).is_none());
    let begun: Vec<_> = open
        .map(|step| (StepKey { action_id: step.action_id.clone(), item: step.item }, step.index))
        .collect();
    let wrote = |step: &&Step| matches!(step.status, Status::Succeeded | Status::Carried);
    let intents = stored.iter().filter(wrote).filter_map(|step| Intent::read(step.intent.as_deref()?));
    let written_to = intents.map(|intent| intent.site).collect();
    Ok(Prepared { machine: Box::new(Machine::new(plan, delivery, recorded).with_open(begun)), written_to })
}

fn advanced(app: &App, mut machine: Box<Machine>, outcome: Option<Outcome>) -> Advanced {
    let until = Instant::now() + GO;
    let mut done = Vec::new();
    // What an effect led to is kept before something else is begun that may take long.
    let has_outcome = outcome.is_some();
    if let Some(outcome) = outcome {
        machine.resume(outcome);
    }
    loop {
        let next = if has_outcome { None } else { machine.step() };
        done.extend(machine.take_done().iter().map(|result| step_row(result, app.clock().millis())));
        match next {
            Some(Next::Do(_)) => return Advanced { machine: Some(machine), next, done },
            Some(Next::Finish(_) | Next::Unsettled(_)) => return Advanced { machine: None, next, done },
            None if has_outcome || done.len() >= MAX_STEPS || Instant::now() >= until => {
                return Advanced { machine: Some(machine), next, done };
            }
            None => {}
        }
    }
}
