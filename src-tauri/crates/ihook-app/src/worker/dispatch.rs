//! One connection's dispatcher: starts runs up to the connection's limit, and stops starting them while the
//! site is away or refuses the credentials.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt;
use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_imis::{Access, Consequence};
use ihook_store::{StoreError, run, step};
use jiff::tz::TimeZone;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::drive::{Contact, asked_to_wait, drive};
use super::queue::{InFlight, Queue, Startable};
use super::rows::to_json;
use super::schedule::{CutOff, Next, Schedule, Wait};
use super::stall::UnderWay;
use super::{Lane, Trouble};
use crate::App;
use crate::clock::Moment;
use crate::events::Topic;
use crate::sites::Unavailable;
use crate::supervise::has_ended_after_pause;

/// From one run's start to the next one's while many deliveries come at once. No site over a network takes more
/// inserts than this anyway.
const RUSH_GAP: Duration = Duration::from_millis(4);

struct Dispatcher {
    app: App,
    lane: Arc<Lane>,
    queue: Queue,
    schedule: Schedule,
    going: JoinSet<(i64, Contact)>,
    in_flight: InFlight,
    /// Under way since before the connection was saved: what they meet says nothing of what it is now.
    outdated: HashSet<i64>,
}

/// Dispatches until `shutdown`, then lets what is in flight finish.
pub(super) async fn dispatch(app: App, lane: Arc<Lane>, shutdown: CancellationToken) {
    let queue = Queue::new(&lane.connection);
    let mut dispatcher = Dispatcher {
        app,
        lane,
        queue,
        schedule: Schedule::new(),
        going: JoinSet::new(),
        in_flight: InFlight::new(),
        outdated: HashSet::new(),
    };
    while !shutdown.is_cancelled() {
        if AssertUnwindSafe(dispatcher.round(&shutdown)).catch_unwind().await.is_err() {
            // A bug, and nobody knows in which state it left the queue. What is under way is not touched by it.
            tracing::error!(connection = dispatcher.lane.connection, "worker.dispatcher_panicked");
            dispatcher.queue = Queue::new(&dispatcher.lane.connection);
            dispatcher.pause();
            let _ended = has_ended_after_pause(&shutdown).await;
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
        self.schedule.begin_round();
        self.hear();
        let wait = loop {
            match self.turn().await {
                Ok(None) => {}
                Ok(Some(wait)) => break wait,
                Err(error) => {
                    tracing::error!(%error, connection = self.lane.connection, "worker.store_failed");
                    self.pause();
                }
            }
        };
        self.show().await;
        self.lane.traffic.excuse(self.schedule.excused_until(self.now(), wait, self.in_flight.len()));
        self.wait(wait, shutdown).await;
    }

    /// Takes up what others asked for.
    fn hear(&mut self) {
        if self.lane.mended.swap(false, Ordering::AcqRel) {
            self.outdated = self.in_flight.keys().copied().collect();
            self.schedule.mended();
        }
        if self.lane.try_now.swap(false, Ordering::AcqRel) {
            self.schedule.try_now(self.now());
        }
        if self.lane.afresh.swap(false, Ordering::AcqRel) {
            self.queue.afresh();
        }
    }

    /// Does the next thing that there is to do; how to wait, when there is none.
    async fn turn(&mut self) -> Result<Option<Wait>, StoreError> {
        let now = self.now();
        match self.schedule.next(now, self.in_flight.len()) {
            Next::Wait(wait) => return Ok(Some(wait)),
            Next::TakeUp(cut_off) => self.take_up(cut_off, now).await?,
            Next::Recover => self.recover().await?,
            Next::PutOff => self.put_off().await?,
            Next::Probe => self.probe().await?,
            Next::Limit => {
                let limit = self.limit().await?;
                self.schedule.limited_to(limit);
            }
            Next::Start => match self.queue.next(&self.app, &self.in_flight).await? {
                Some(startable) => self.start(startable),
                None => self.schedule.drained(self.queue.next_due()),
            },
            Next::Hasten => self.hasten().await?,
        }
        Ok(None)
    }

    fn start(&mut self, (seq, workflow, loaded): Startable) {
        let app = self.app.clone();
        self.in_flight.insert(seq, workflow);
        if self.app.rush().is_on() {
            self.schedule.rest(self.now(), RUSH_GAP);
        }
        let under_way = UnderWay::begin(&app, &self.lane);
        self.going.spawn(async move {
            let contact = survived(&app, seq, Box::pin(drive(&app, seq, loaded))).await;
            drop(under_way);
            (seq, contact)
        });
    }

    /// Until something ended, arrived, or its time has come.
    async fn wait(&mut self, wait: Wait, shutdown: &CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = self.going.join_next() => self.ended(ended),
            () = self.lane.work.notified(), if wait.hears_arrivals => self.queue.more(),
            () = self.app.clock().sleep_until(wait.until.unwrap_or(Moment::FIRST)), if wait.until.is_some() => {}
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
        match contact {
            Contact::Failed { .. } | Contact::Blocked(_) if self.outdated.remove(&seq) => {
                self.schedule.ended_outdated();
            }
            Contact::StoreFailed => self.pause(),
            contact => {
                self.outdated.remove(&seq);
                self.schedule.ended(contact, self.now());
            }
        }
    }

    /// Asks the site for something harmless.
    async fn probe(&mut self) -> Result<(), StoreError> {
        let _under_way = UnderWay::begin(&self.app, &self.lane);
        let (answer, is_blocked) = match self.app.sites().get(&self.app, &self.lane.connection).await {
            Err(Unavailable::Store(error)) => return Err(error),
            Err(error) => (Err(error.to_string()), true),
            Ok(site) => match site.client.parties(None, 1).await {
                Ok(_there) => (Ok(()), false),
                Err(failed) => {
                    let is_blocked = failed.consequence(Access::Read) == Consequence::Stop;
                    (Err(failed.message), is_blocked)
                }
            },
        };
        match answer {
            Err(reason) if is_blocked => self.schedule.blocked(reason),
            answer => self.schedule.probed(self.now(), answer),
        }
        Ok(())
    }

    /// The site is there again, or was changed: everything that waits for it goes on.
    async fn recover(&mut self) -> Result<(), StoreError> {
        let (name, now) = (self.lane.connection.clone(), self.now().millis());
        self.app.store().write(move |tx| run::release_waiting(tx, &name, now)).await?;
        self.schedule.recovered();
        self.queue.afresh();
        self.app.events().all_changed(Topic::Runs);
        Ok(())
    }

    /// Everything there is waits for its time: the first one shows whether the site takes it.
    async fn hasten(&mut self) -> Result<(), StoreError> {
        let (name, now) = (self.lane.connection.clone(), self.now().millis());
        if !self.app.store().write(move |tx| run::hasten_first(tx, &name, now)).await? {
            return self.recover().await;
        }
        self.schedule.hastened();
        self.queue.set_aside();
        Ok(())
    }

    /// Runs that are marked as under way and are not: looked up where a request may have left, else begun again.
    async fn take_up(&mut self, cut_off: CutOff, now: Moment) -> Result<(), StoreError> {
        let (name, going) =
            (self.lane.connection.clone(), self.in_flight.keys().copied().collect::<Vec<_>>());
        let (now, latest) = (now.millis(), (now + LONGEST_PAUSE).millis());
        let taken = self.app.store().write(move |tx| {
            let released = match cut_off {
                CutOff::AtStart => {
                    run::count_ends(tx, &name, ENDED_TOO_OFTEN)?
                        + run::release_blocked(tx, &name, now)?
                        + run::release_overlong(tx, &name, latest, now)?
                }
                CutOff::ByStore => 0,
            };
            Ok(run::take_up(tx, &name, &going, now)? + released)
        });
        if taken.await? > 0 {
            self.queue.afresh();
            self.app.events().all_changed(Topic::Runs);
        }
        self.schedule.taken_up();
        Ok(())
    }

    /// Shows at each run why nothing goes out.
    async fn put_off(&mut self) -> Result<(), StoreError> {
        let (reason, _) = self.schedule.trouble(self.now()).unwrap_or_default();
        let (name, reason) = (self.lane.connection.clone(), reason.to_owned());
        if self.app.store().write(move |tx| run::wait_all(tx, &name, &reason)).await? > 0 {
            self.app.events().all_changed(Topic::Runs);
        }
        self.schedule.put_off();
        Ok(())
    }

    /// Shows at the connection why nothing goes out.
    async fn show(&self) {
        let trouble = match self.schedule.trouble(self.now()) {
            None => None,
            Some((reason, None)) => Some(Trouble { reason: reason.to_owned(), until: None }),
            Some((reason, Some(until))) => {
                let site = self.app.sites().get(&self.app, &self.lane.connection).await;
                let zone = site.map_or(TimeZone::UTC, |site| site.time.zone.clone());
                Some(Trouble {
                    reason: asked_to_wait(reason, self.app.clock().shown(until), zone),
                    until: Some(until),
                })
            }
        };
        self.lane.set_trouble(&self.app, trouble);
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
        self.schedule.store_failed(self.now());
        self.queue.afresh();
    }

    fn now(&self) -> Moment {
        self.app.clock().moment()
    }
}

/// Why a run is held that may have taken the program down again and again.
const ENDED_TOO_OFTEN: &str = "iHook ended three times while it was working on this run's schema, templates or loop, \
                               with no step finished between. Look at the payload and the workflow, then retry it, or \
                               cancel it.";

/// The longest time for which a run is set aside: the last of [`retry_after`] and 20 %. A stored time that lies
/// further ahead was noted by a clock that was set since.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600 + 720);

/// Drives a run to its end, or leaves it to a person when a bug in a step makes it panic: whether its request left
/// is not known then, and the same bug would strike again.
async fn survived(app: &App, seq: i64, driven: impl Future<Output = Contact>) -> Contact {
    if let Ok(contact) = AssertUnwindSafe(driven).catch_unwind().await {
        return contact;
    }
    tracing::error!(seq, "worker.run_panicked");
    let reason = "iHook failed in the middle of this run (a bug; its log says more). Look whether the record is \
                  there, then decide.";
    let error = to_json(&StepError::new(ErrorCode::Held, reason));
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
/// hourly (docs/behavior.md#retries).
pub(super) fn retry_after(n: u32) -> Duration {
    const STEPS: [u64; 4] = [5, 30, 120, 600];
    let at = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
    Duration::from_secs(STEPS.get(at).copied().unwrap_or(3600))
}

#[cfg(test)]
mod tests {
    use super::super::drive::jittered;
    use super::*;

    #[test]
    fn retries_grow_to_an_hour() {
        let seconds: Vec<_> = (1..=6).map(|n| retry_after(n).as_secs()).collect();
        assert_eq!(seconds, [5, 30, 120, 600, 3600, 3600]);
    }

    #[test]
    fn no_run_is_set_aside_for_longer_than_the_longest_pause() {
        let longest = (0..1000).map(|seq| jittered(retry_after(u32::MAX), seq)).max();
        assert_eq!(longest, Some(LONGEST_PAUSE));
        assert!(ihook_imis::MAX_RETRY_AFTER <= LONGEST_PAUSE);
    }
}
