//! Drives one run: asks the engine what to do, does it, records it, until the run ends or is set aside.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use ihook_engine::plan::Plan;
use ihook_engine::run::{Effect, Next, Outcome, Task};
use ihook_imis::{Access, Consequence, Exchange, Failed, FailureClass};
use ihook_store::run::guard::GuardKey;
use ihook_store::run::{self, Run};
use ihook_store::step::{self, Step};
use ihook_store::{StoreError, payload};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::advance::Begun;
use super::dispatch::retry_after;
use super::doubt::{self, Settled};
use super::guard::Guard;
use super::loaded::{Loaded, load};
use super::rows::{self, step_result};
use crate::App;
use crate::clock::Moment;
use crate::events::Topic;
use crate::heavy::beside;
use crate::plans::PlanError;
use crate::sites::{Site, Unavailable};

/// A run that certainly inserted nothing is tried again for so long, then held (72 h; milliseconds).
const LONGEST_WAIT: i64 = 72 * 60 * 60 * 1000;

/// What driving a run said about its site.
#[derive(Debug)]
pub(super) enum Contact {
    /// Nothing: the site was not asked.
    None,
    /// It answered.
    Fine,
    /// It did not answer, or not usefully, or asked to be left alone for a while.
    Failed { reason: String, retry_after: Duration },
    /// It refuses the credentials, or there are none to use.
    Blocked(String),
    /// The run was set aside for a reason of its own.
    Aside,
    /// The database failed: the run is as it was.
    StoreFailed,
}

/// Why a run does not go on now.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) status: run::Status,
    /// `None` until someone acts.
    pub(super) resume_at: Option<Moment>,
    pub(super) reason: String,
    pub(super) contact: Contact,
    /// The step as it stands, when there is something to keep of it.
    pub(super) step: Option<Step>,
    /// What another run holds that this one waits for.
    pub(super) awaits: Option<GuardKey>,
}

impl Aside {
    /// A person has to decide.
    pub(super) fn held(reason: String) -> Self {
        Self { status: run::Status::Held, ..Self::waiting(reason) }
    }

    /// Until something else changes, for a reason of the run's own.
    pub(super) fn waiting(reason: String) -> Self {
        let (status, contact) = (run::Status::Waiting, Contact::Aside);
        Self { status, resume_at: None, reason, contact, step: None, awaits: None }
    }

    /// Of several reasons the most pressing comes first: what goes on by itself before what needs a person.
    fn rank(&self) -> (u8, Moment) {
        let kind = match self.status {
            run::Status::InDoubt => 0,
            run::Status::Held => 2,
            _ => 1,
        };
        (kind, self.resume_at.unwrap_or(Moment::LAST))
    }
}

/// What an effect led to.
pub(super) enum Flow {
    /// Tell the engine.
    Go(Outcome),
    /// Nobody knows whether it was done: go on with what does not depend on it, then leave the run.
    Doubt(Box<Aside>),
    /// Leave the run.
    Leave(Box<Aside>),
}

/// One run under way.
pub(super) struct Drive<'a> {
    pub(super) app: &'a App,
    pub(super) run: Run,
    /// When this attempt began, in milliseconds since 1970.
    pub(super) began: i64,
    pub(super) workflow_name: String,
    /// Its own work can take long.
    pub(super) is_heavy: bool,
    /// Of its payload.
    pub(super) bytes: usize,
    /// It stands on record that its own work takes long.
    pub(super) is_marked: bool,
    /// Steps as stored before this attempt, until the run goes on from them.
    pub(super) stored: Vec<Step>,
    /// The sites that they wrote to.
    pub(super) written_to: BTreeSet<String>,
    /// The site, once something needed it.
    site: Option<Arc<Site>>,
    /// When tasks began and what went over the wire for them, by step.
    notes: HashMap<u32, Note>,
    /// Finished steps that are not on disk yet.
    pub(super) pending: Vec<Step>,
    /// Why the run cannot go on to its end now.
    aside: Option<Aside>,
    pub(super) answered: bool,
    /// This attempt did something beyond looking a doubt up.
    pub(super) has_tried: bool,
    /// The run is marked as under way by this attempt.
    pub(super) has_begun: bool,
    /// What the run holds so that others which look for the same wait.
    pub(super) guard: Guard,
}

struct Note {
    started_at: i64,
    exchange: Exchange,
}

/// Drives the run with this place in the order of arrival, from what was `loaded` before where that was done.
pub(super) async fn drive(app: &App, seq: i64, loaded: Option<Box<Loaded>>) -> Contact {
    let driven = async {
        let loaded = match loaded {
            Some(loaded) => *loaded,
            None => app.store().read(move |database| load(database, seq)).await?,
        };
        let Loaded { run, workflow_name, payload, steps: stored } = loaded;
        if run.status.is_final() {
            return Ok(Contact::None);
        }
        let (id, guard) = (run.id, Guard::of(&run));
        let drive = Drive {
            app,
            run,
            guard,
            began: app.clock().millis(),
            workflow_name,
            is_heavy: false,
            bytes: 0,
            is_marked: false,
            stored,
            written_to: BTreeSet::new(),
            site: None,
            notes: HashMap::new(),
            pending: Vec::new(),
            aside: None,
            answered: false,
            has_tried: false,
            has_begun: false,
        };
        let contact = drive.go(payload).await;
        app.events().changed(Topic::Runs, id);
        contact
    };
    driven.await.unwrap_or_else(|error: StoreError| match error {
        // A person decided something meanwhile: nothing more to do.
        StoreError::Conflict(_) | StoreError::NotFound => Contact::None,
        // The program ends: the next one takes the run up.
        StoreError::Stopped if app.workers().is_stopping() => Contact::None,
        StoreError::Stopped
        | StoreError::TooLong
        | StoreError::Damaged(_)
        | StoreError::File { .. }
        | StoreError::Sqlite(_) => {
            tracing::error!(%error, seq, "worker.store_failed");
            Contact::StoreFailed
        }
    })
}

impl Drive<'_> {
    async fn go(mut self, payload: payload::Payload) -> Result<Contact, StoreError> {
        let plan = match self.plan().await? {
            Ok(plan) => plan,
            Err(reason) => return self.hold(reason).await,
        };
        let mut settled = Vec::new();
        let open: Vec<_> = self.stored.iter().filter(|step| doubt::is_open(step)).cloned().collect();
        for step in open {
            match self.settle(step).await? {
                Settled::Ended(step) => {
                    settled.extend(step_result(&step));
                    self.pending.push(*step);
                }
                Settled::NotThere => {}
                Settled::Leave(aside) => self.put_aside(*aside),
            }
        }
        if let Some(reason) = self.stored.iter().find_map(doubt::held_reason) {
            self.put_aside(Aside::held(reason));
        }
        if let Some(aside) = self.aside.take() {
            return self.leave(aside).await;
        }
        let Begun { mut machine, _room } = match self.begin(plan, payload, settled).await? {
            Ok(begun) => begun,
            Err(unreadable) => return self.hold(unreadable.to_string()).await,
        };
        let mut outcome = None;
        loop {
            let (on, next) = self.advance(machine, outcome.take()).await?;
            match next {
                None => {}
                Some(Next::Do(task)) => {
                    self.notes
                        .insert(task.index, Note { started_at: self.now(), exchange: Exchange::default() });
                    outcome = Some(match self.perform(&task).await? {
                        Flow::Go(outcome) => self.app.redactor().outcome(outcome),
                        Flow::Doubt(aside) => {
                            self.guard.in_doubt(task.item);
                            self.put_aside(*aside);
                            Outcome::InDoubt
                        }
                        Flow::Leave(aside) => {
                            self.forget(on);
                            return self.leave(*aside).await;
                        }
                    });
                }
                Some(Next::Finish(verdict)) => return self.finish(verdict).await,
                Some(Next::Unsettled(_)) => return self.leave_unsettled().await,
            }
            machine = match on {
                Some(on) => on,
                None => return self.leave_unsettled().await,
            };
        }
    }

    /// Leaves the run with steps that are not settled.
    async fn leave_unsettled(mut self) -> Result<Contact, StoreError> {
        match self.aside.take() {
            Some(aside) => self.leave(aside).await,
            None => self.hold("A step was left open without a reason.".to_owned()).await,
        }
    }

    /// Remembers why the run will be left once nothing else can be done: the step goes to disk with the rest.
    fn put_aside(&mut self, mut aside: Aside) {
        self.pending.extend(aside.step.take());
        if self.aside.as_ref().is_none_or(|known| aside.rank() < known.rank()) {
            self.aside = Some(aside);
        }
    }

    async fn plan(&self) -> Result<Result<Arc<Plan>, String>, StoreError> {
        match self.app.plan(self.run.workflow_id, self.run.version).await {
            Ok(plan) => Ok(Ok(plan)),
            Err(PlanError::Store(error)) => Err(error),
            Err(error @ PlanError::File { .. }) => Ok(Err(error.to_string())),
        }
    }

    /// Milliseconds since 1970: for what happens now.
    pub(super) fn now(&self) -> i64 {
        self.app.clock().millis()
    }

    /// For what waits.
    pub(super) fn moment(&self) -> Moment {
        self.app.clock().moment()
    }

    pub(super) async fn site(&mut self) -> Result<Arc<Site>, Unavailable> {
        if let Some(site) = &self.site {
            return Ok(Arc::clone(site));
        }
        let site = self.app.sites().get(self.app, &self.run.connection).await?;
        self.site = Some(Arc::clone(&site));
        Ok(site)
    }

    async fn perform(&mut self, task: &Task) -> Result<Flow, StoreError> {
        self.has_tried = true;
        self.leave_item(task.item).await?;
        match &task.effect {
            Effect::Insert(insert) => self.insert(task, insert).await,
            Effect::Http(call) => self.http(task, call).await,
            Effect::ImisGet { path, query } => self.imis_get(task, path, query).await,
            Effect::CountLike { fields, within_hours } => self.count_like(task, fields, *within_hours).await,
            Effect::Notify { title, message } => Ok(self.notify(title, message)),
        }
    }

    /// Remembers what went over the wire to iMIS for a task, to be kept with its step.
    pub(super) fn note_exchange(&mut self, task: &Task, exchange: &Exchange) {
        self.answered |= exchange.response.is_some();
        self.note_request(task, exchange);
    }

    /// The same for another system, whose answer says nothing about iMIS.
    pub(super) fn note_request(&mut self, task: &Task, exchange: &Exchange) {
        if let Some(note) = self.notes.get_mut(&task.index) {
            note.exchange = exchange.clone();
        }
    }

    /// Keeps steps that ended, with what went over the wire for them, until they are put on disk.
    pub(super) async fn keep(&mut self, done: Vec<Step>) {
        for mut row in done {
            if let Some(note) = self.notes.remove(&row.index) {
                row.started_at = note.started_at;
                let redactor = self.app.redactor().clone();
                let add = move || {
                    rows::add_exchange(&mut row, &note.exchange, &redactor);
                    row
                };
                row = if self.is_heavy { beside(add).await } else { add() };
            }
            self.pending.push(row);
        }
    }

    /// The row of a task that is not finished.
    pub(super) fn open_row(&self, task: &Task, status: step::Status) -> Step {
        let started_at = self.notes.get(&task.index).map_or_else(|| self.now(), |note| note.started_at);
        let begun = Step::begun(task.index, &task.action_id, task.type_name, &task.title, started_at);
        Step { item: task.item, status, ..begun }
    }

    /// A connection that cannot be used: the run waits until somebody changes it.
    pub(super) fn unavailable(&self, error: Unavailable) -> Result<Aside, StoreError> {
        if let Unavailable::Store(error) = error {
            return Err(error);
        }
        let failed = Failed::new(FailureClass::Unusable, error.to_string(), Exchange::default());
        Ok(self.put_off(&failed, None, self.run.attempts + 1))
    }

    /// A failure that certainly changed nothing: the run waits and tries again. `step` as it stands.
    pub(super) fn try_later(&self, failed: &Failed, step: Option<Step>) -> Flow {
        Flow::Leave(Box::new(self.put_off(failed, step, self.run.attempts + 1)))
    }

    /// The same, after the `nth` failure in a row (from 1).
    pub(super) fn put_off(&self, failed: &Failed, step: Option<Step>, nth: u32) -> Aside {
        let (now, reason) = (self.moment(), failed.message.clone());
        let aside = |status, resume_at, reason, contact| Aside {
            status,
            resume_at,
            contact,
            step,
            ..Aside::waiting(reason)
        };
        // What a lookup met says nothing more of the record: from here on it is a read.
        if failed.consequence(Access::Read) == Consequence::Stop {
            let contact = Contact::Blocked(failed.message.clone());
            return aside(run::Status::Waiting, None, reason, contact);
        }
        let asked = failed.retry_after.unwrap_or_default();
        let contact = Contact::Failed { reason: failed.message.clone(), retry_after: asked };
        if self.has_waited_too_long() {
            return aside(run::Status::Held, None, reason, contact);
        }
        let zone = || self.site.as_ref().map_or(TimeZone::UTC, |site| site.time.zone.clone());
        let reason = if asked.is_zero() {
            reason
        } else {
            asked_to_wait(&reason, self.app.clock().shown(now + asked), zone())
        };
        let wait = jittered(retry_after(nth), self.run.seq).max(asked);
        aside(run::Status::Waiting, Some(now + wait), reason, contact)
    }

    /// Whether a person has to see to it that the run still does not get through.
    pub(super) fn has_waited_too_long(&self) -> bool {
        self.has_waited() > LONGEST_WAIT
    }

    /// For how long the run has been tried, in milliseconds. A clock that was set ahead since makes it no longer.
    fn has_waited(&self) -> i64 {
        let now = self.now().min(self.moment().millis());
        now - self.run.received_at.max(self.run.started_at.unwrap_or(now))
    }
}

/// What a site said with a `Retry-After`, and until when (milliseconds since 1970) it is left alone for that.
pub(super) fn asked_to_wait(reason: &str, until: i64, zone: TimeZone) -> String {
    let until = Timestamp::from_millisecond(until).unwrap_or(Timestamp::MAX).to_zoned_datetime(zone);
    format!("{reason} It asked to wait until {}.", until.strftime("%H:%M:%S %Z"))
}

/// ±20 %, so that runs that failed together do not come back together. Spread by the run's number: random
/// enough, and the same each time.
pub(super) fn jittered(wait: Duration, seq: i64) -> Duration {
    let percent = 80 + u32::try_from(seq.wrapping_mul(7919).rem_euclid(41)).unwrap_or(20);
    wait * percent / 100
}
