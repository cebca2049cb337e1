//! One connection's dispatcher: starts runs up to the connection's limit, and stops starting them while the
//! site is away or refuses the credentials.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt;
use ihook_imis::FailureKind;
use ihook_store::{StoreError, WorkflowId, run, step};
use jiff::Timestamp;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Lane;
use super::drive::{Contact, drive};
use super::health::Health;
use super::queue::{InFlight, Queue};
use crate::App;
use crate::events::Topic;
use crate::going;
use crate::sites::Unavailable;

/// From one run's start to the next one's while many deliveries come at once. No site over a network takes more
/// inserts than this anyway.
const RUSH_GAP: Duration = Duration::from_millis(4);
/// Pause after the database failed, in milliseconds.
const STORE_PAUSE: i64 = 2_000;

struct Dispatcher {
    app: App,
    lane: Arc<Lane>,
    queue: Queue,
    health: Health,
    going: JoinSet<(i64, Contact)>,
    in_flight: InFlight,
    /// As many run as may: no timer starts another one.
    is_full: bool,
    /// Deliveries go first until then.
    rest_until: Option<Instant>,
    /// Nothing is done before this time, because the database failed; milliseconds since 1970.
    pause_until: i64,
    /// Nothing goes out before this time, because the site asked for that; milliseconds since 1970.
    not_before: i64,
    /// Runs may be marked as under way that are not, and since when.
    cut_off: Option<CutOff>,
    /// A run got through to a site that was away, or one that used what the connection was before had to give up.
    is_back: bool,
    /// Under way since before the connection was saved: what they meet says nothing of what it is now.
    outdated: HashSet<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CutOff {
    /// By the end of the program: what blocked the connection may be gone as well.
    AtStart,
    /// By a database that failed.
    ByStore,
}

/// Dispatches until `shutdown`, then lets what is in flight finish.
pub(super) async fn dispatch(app: App, lane: Arc<Lane>, shutdown: CancellationToken) {
    let queue = Queue::new(&lane.connection);
    let mut dispatcher = Dispatcher {
        app,
        lane,
        queue,
        health: Health::Fine { failures: 0 },
        going: JoinSet::new(),
        in_flight: InFlight::new(),
        is_full: false,
        rest_until: None,
        pause_until: 0,
        not_before: 0,
        cut_off: Some(CutOff::AtStart),
        is_back: false,
        outdated: HashSet::new(),
    };
    while !shutdown.is_cancelled() {
        if AssertUnwindSafe(dispatcher.round(&shutdown)).catch_unwind().await.is_err() {
            // A bug, and nobody knows in which state it left the queue. What is under way is not touched by it.
            tracing::error!(connection = dispatcher.lane.connection, "worker.dispatcher_panicked");
            dispatcher.queue = Queue::new(&dispatcher.lane.connection);
            dispatcher.pause();
            let _ended = going::has_ended_after_pause(&shutdown).await;
        }
    }
    let app = dispatcher.app.clone();
    tokio::select! {
        () = async { while dispatcher.going.join_next().await.is_some() {} } => {}
        () = app.workers().cut_off() => dispatcher.going.shutdown().await,
    }
}

impl Dispatcher {
    /// Starts what may start, and waits for something to change.
    async fn round(&mut self, shutdown: &CancellationToken) {
        if let Err(error) = self.turn().await {
            tracing::error!(%error, connection = self.lane.connection, "worker.store_failed");
            self.pause();
        }
        self.wait(shutdown).await;
    }

    /// Takes up what changed and starts what may start.
    async fn turn(&mut self) -> Result<(), StoreError> {
        self.rest_until = self.rest_until.filter(|until| Instant::now() < *until);
        let now = self.app.clock().millis();
        if now < self.pause_until {
            return Ok(());
        }
        self.take_up(now).await?;
        if self.lane.mended.swap(false, Ordering::AcqRel) {
            self.outdated = self.in_flight.keys().copied().collect();
            self.is_back = true;
        }
        if self.is_back {
            self.recover().await?;
        }
        if self.lane.try_now.swap(false, Ordering::AcqRel) {
            self.health.ask_now(now);
            self.not_before = 0;
        }
        if self.lane.afresh.swap(false, Ordering::AcqRel) {
            self.queue.afresh();
        }
        if self.health == Health::Blocked {
            return self.let_wait().await;
        }
        if now < self.not_before {
            return Ok(());
        }
        if let Health::Away { probe_at, .. } = self.health
            && (now < probe_at || !self.probe().await?)
        {
            return Ok(());
        }
        self.start_runs().await
    }

    async fn start_runs(&mut self) -> Result<(), StoreError> {
        let limit = if matches!(self.health, Health::Trial { .. }) { 1 } else { self.limit().await? };
        loop {
            self.is_full = self.in_flight.len() >= limit;
            if self.is_full || self.rest_until.is_some() {
                return Ok(());
            }
            if let Some((seq, workflow)) = self.queue.next(&self.app, &self.in_flight).await? {
                self.start(seq, workflow);
            } else if matches!(self.health, Health::Trial { .. }) && self.in_flight.is_empty() {
                // Everything there is waits for its time: the first one shows whether the site takes it.
                let (name, now) = (self.lane.connection.clone(), self.app.clock().millis());
                if !self.app.store().write(move |tx| run::hasten_first(tx, &name, now)).await? {
                    return self.recover().await;
                }
                self.queue.set_aside();
            } else {
                return Ok(());
            }
        }
    }

    fn start(&mut self, seq: i64, workflow: WorkflowId) {
        let app = self.app.clone();
        self.in_flight.insert(seq, workflow);
        self.rest_until = self.app.rush().is_on().then(|| Instant::now() + RUSH_GAP);
        self.going.spawn(async move { (seq, survived(&app, seq, drive(&app, seq)).await) });
    }

    /// Until something ended, arrived, or its time has come.
    async fn wait(&mut self, shutdown: &CancellationToken) {
        let now = self.app.clock().millis();
        let asked = Some(self.not_before).filter(|until| *until > now);
        let timer = match self.health {
            Health::Away { probe_at, .. } => Some(probe_at.max(self.not_before)),
            Health::Fine { .. } | Health::Trial { .. } if self.is_full => None,
            Health::Fine { .. } | Health::Trial { .. } => asked.or(self.queue.next_due()),
            Health::Blocked => None,
        };
        let pause = Some(self.pause_until).filter(|until| *until > now);
        let rest = self.rest_until.filter(|_| !self.is_full);
        let wake_at = pause.or(timer).and_then(|at| Timestamp::from_millisecond(at).ok());
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = self.going.join_next() => self.ended(ended),
            () = self.lane.work.notified(), if rest.is_none() => self.queue.more(),
            () = sleep_until(rest.unwrap_or_else(Instant::now)), if rest.is_some() => {}
            () = self.app.clock().sleep_until(wake_at.unwrap_or(Timestamp::MAX)), if wake_at.is_some() => {}
        }
        while let Some(ended) = self.going.try_join_next() {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<(i64, Contact), tokio::task::JoinError>) {
        // A run that panics is caught in its task, and nobody aborts one.
        let Ok((seq, contact)) = ended else { return };
        self.in_flight.remove(&seq);
        // A run that got to its end changes nothing about when others go on.
        if !matches!(contact, Contact::Fine) {
            self.queue.set_aside();
        }
        let now = self.app.clock().millis();
        let is_outdated = self.outdated.remove(&seq);
        match contact {
            Contact::Failed { .. } | Contact::Blocked(_) if is_outdated => self.is_back = true,
            Contact::None | Contact::Aside => {}
            Contact::Fine => self.is_back |= self.health.answered(),
            Contact::Failed { reason, retry_after } => {
                let asked = i64::try_from(retry_after.as_millis()).unwrap_or(i64::MAX);
                self.not_before = self.not_before.max(now.saturating_add(asked));
                if self.health.failed(now) {
                    self.lane.set_trouble(&self.app, Some(reason));
                }
            }
            Contact::Blocked(reason) => {
                self.health = Health::Blocked;
                self.lane.set_trouble(&self.app, Some(reason));
            }
            Contact::StoreFailed => self.pause(),
        }
    }

    /// Asks the site for something harmless; whether it is there again.
    async fn probe(&mut self) -> Result<bool, StoreError> {
        let (trouble, is_blocked) = match self.app.sites().get(&self.app, &self.lane.connection).await {
            Err(Unavailable::Store(error)) => return Err(error),
            Err(error) => (Some(error.to_string()), true),
            Ok(site) => match site.client.parties(None, 1).await {
                Ok(_there) => (None, false),
                Err(failed) => (Some(failed.message), failed.kind == FailureKind::Credentials),
            },
        };
        self.health.probed(self.app.clock().millis(), trouble.is_none());
        if is_blocked {
            self.health = Health::Blocked;
        }
        let is_there = trouble.is_none();
        if !is_there {
            self.lane.set_trouble(&self.app, trouble);
        }
        Ok(is_there)
    }

    /// The site is there again, or was changed: everything that waits for it goes on.
    async fn recover(&mut self) -> Result<(), StoreError> {
        let (name, now) = (self.lane.connection.clone(), self.app.clock().millis());
        self.app.store().write(move |tx| run::release_waiting(tx, &name, now)).await?;
        self.health = Health::Fine { failures: 0 };
        self.is_back = false;
        self.not_before = 0;
        self.lane.set_trouble(&self.app, None);
        self.queue.afresh();
        self.app.events().all_changed(Topic::Runs);
        // There may be something to start at once.
        self.lane.work.notify_one();
        Ok(())
    }

    /// Runs that are marked as under way and are not: looked up where a request may have left, else begun again.
    async fn take_up(&mut self, now: i64) -> Result<(), StoreError> {
        let Some(cut_off) = self.cut_off else { return Ok(()) };
        let (name, going) =
            (self.lane.connection.clone(), self.in_flight.keys().copied().collect::<Vec<_>>());
        let taken = self.app.store().write(move |tx| {
            let released = if cut_off == CutOff::AtStart { run::release_blocked(tx, &name, now)? } else { 0 };
            Ok(run::take_up(tx, &name, &going, now)? + released)
        });
        if taken.await? > 0 {
            self.queue.afresh();
            self.app.events().all_changed(Topic::Runs);
        }
        self.cut_off = None;
        Ok(())
    }

    /// Shows at each run why nothing goes out.
    async fn let_wait(&self) -> Result<(), StoreError> {
        let (name, reason) = (self.lane.connection.clone(), self.lane.trouble().unwrap_or_default());
        if self.app.store().write(move |tx| run::wait_all(tx, &name, &reason)).await? > 0 {
            self.app.events().all_changed(Topic::Runs);
        }
        Ok(())
    }

    async fn limit(&self) -> Result<usize, StoreError> {
        match self.app.sites().get(&self.app, &self.lane.connection).await {
            Ok(site) => Ok(usize::try_from(site.row.max_concurrent).unwrap_or(1)),
            Err(Unavailable::Store(error)) => Err(error),
            // The run itself finds out what is wrong and says so.
            Err(_unavailable) => Ok(1),
        }
    }

    fn pause(&mut self) {
        self.pause_until = self.app.clock().millis() + STORE_PAUSE;
        self.cut_off = Some(self.cut_off.unwrap_or(CutOff::ByStore));
        self.queue.afresh();
    }
}

/// Drives a run to its end, or leaves it to a person when a bug in a step makes it panic: whether its request left
/// is not known then, and the same bug would strike again.
async fn survived(app: &App, seq: i64, driven: impl Future<Output = Contact>) -> Contact {
    if let Ok(contact) = AssertUnwindSafe(driven).catch_unwind().await {
        return contact;
    }
    tracing::error!(seq, "worker.run_panicked");
    let reason = "iHook failed in the middle of this run (a bug; its log says more). Look whether the record is \
                  there, then decide.";
    let error = json!({ "code": "held", "message": reason }).to_string();
    let held = app.store().write(move |tx| {
        step::hold_open(tx, seq, &error)?;
        run::set_aside(tx, seq, run::Status::Held, None, reason)
    });
    match held.await {
        Ok(()) | Err(StoreError::Conflict(_) | StoreError::NotFound) => Contact::Aside,
        Err(
            StoreError::Stopped
            | StoreError::TooLong
            | StoreError::Damaged(_)
            | StoreError::File { .. }
            | StoreError::Sqlite(_),
        ) => Contact::StoreFailed,
    }
}

/// How long to wait before attempt `n` (from 1) goes out again, without jitter: 5 s, 30 s, 2 min, 10 min, then
/// hourly (product.md section 3).
pub(super) fn retry_after(n: u32) -> Duration {
    const STEPS: [u64; 4] = [5, 30, 120, 600];
    let at = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
    Duration::from_secs(STEPS.get(at).copied().unwrap_or(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_grow_to_an_hour() {
        let seconds: Vec<_> = (1..=6).map(|n| retry_after(n).as_secs()).collect();
        assert_eq!(seconds, [5, 30, 120, 600, 3600, 3600]);
    }
}
