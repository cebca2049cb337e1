//! One connection's dispatcher: starts runs up to the connection's limit, and stops starting them while the
//! site is away or refuses the credentials.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ihook_imis::FailureKind;
use ihook_store::{StoreError, WorkflowId, run};
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Lane;
use super::drive::{Contact, drive};
use super::queue::{InFlight, Queue};
use crate::App;
use crate::events::Topic;

/// Failures in a row after which the site is probed instead of tried with inserts.
const FAILURES: u32 = 5;
/// How often a site that is away is probed, in milliseconds: quickly at first.
const PROBES: [i64; 4] = [5_000, 15_000, 30_000, 60_000];
/// Pause after the database failed, in milliseconds.
const STORE_PAUSE: i64 = 2_000;

/// What the last contacts say of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Health {
    Fine {
        failures: u32,
    },
    /// Away: asked again at a time (milliseconds since 1970).
    Away {
        probe_at: i64,
        probes: usize,
    },
    /// Refused the credentials, or there are none: only a change of the connection mends that.
    Blocked,
}

struct Dispatcher {
    app: App,
    lane: Arc<Lane>,
    queue: Queue,
    health: Health,
    going: JoinSet<(i64, Contact)>,
    in_flight: InFlight,
    /// Nothing is started before this time; milliseconds since 1970.
    pause_until: i64,
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
        pause_until: 0,
    };
    while !shutdown.is_cancelled() {
        if let Err(error) = dispatcher.turn().await {
            tracing::error!(%error, connection = dispatcher.lane.connection, "worker.store_failed");
            dispatcher.pause();
        }
        dispatcher.wait(&shutdown).await;
    }
    while dispatcher.going.join_next().await.is_some() {}
}

impl Dispatcher {
    /// Takes up what changed and starts what may start.
    async fn turn(&mut self) -> Result<(), StoreError> {
        if self.lane.mended.swap(false, Ordering::AcqRel) {
            self.recover().await?;
        }
        if self.lane.afresh.swap(false, Ordering::AcqRel) {
            self.queue.afresh();
        }
        let now = self.app.clock().millis();
        if now < self.pause_until {
            return Ok(());
        }
        match self.health {
            Health::Fine { .. } => {}
            Health::Away { probe_at, probes } => {
                if now < probe_at || !self.probe(probes).await? {
                    return Ok(());
                }
            }
            Health::Blocked => {
                let (name, reason) = (self.lane.connection.clone(), self.reason());
                let waiting = self.app.store().write(move |tx| run::wait_all(tx, &name, &reason)).await?;
                if waiting > 0 {
                    self.app.events().all_changed(Topic::Runs);
                }
                return Ok(());
            }
        }
        let limit = self.limit().await;
        while self.in_flight.len() < limit {
            let Some((seq, workflow)) = self.queue.next(&self.app, &self.in_flight).await? else { break };
            self.start(seq, workflow);
        }
        Ok(())
    }

    fn start(&mut self, seq: i64, workflow: WorkflowId) {
        let app = self.app.clone();
        self.in_flight.insert(seq, workflow);
        self.going.spawn(async move { (seq, drive(&app, seq).await) });
    }

    /// Until something ended, arrived, or its time has come.
    async fn wait(&mut self, shutdown: &CancellationToken) {
        let now = self.app.clock().millis();
        let probe = match self.health {
            Health::Away { probe_at, .. } => Some(probe_at),
            Health::Fine { .. } => self.queue.next_due(),
            Health::Blocked => None,
        };
        let pause = Some(self.pause_until).filter(|until| *until > now);
        let wake_at = pause.or(probe).and_then(|at| Timestamp::from_millisecond(at).ok());
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = self.going.join_next() => self.ended(ended),
            () = self.lane.work.notified() => self.queue.more(),
            () = self.app.clock().sleep_until(wake_at.unwrap_or(Timestamp::MAX)), if wake_at.is_some() => {}
        }
        while let Some(ended) = self.going.try_join_next() {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<(i64, Contact), tokio::task::JoinError>) {
        let (seq, contact) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                // A bug in a step. The run stays as it is on disk and is taken up at the next start.
                tracing::error!(%error, "worker.run_panicked");
                return;
            }
        };
        self.in_flight.remove(&seq);
        match contact {
            Contact::None => {}
            Contact::Fine => {
                self.health = match self.health {
                    Health::Fine { .. } => Health::Fine { failures: 0 },
                    ref other => other.clone(),
                };
            }
            Contact::Failed(reason) => self.failed(reason),
            Contact::Blocked(reason) => {
                self.health = Health::Blocked;
                self.lane.set_trouble(&self.app, Some(reason));
            }
            Contact::Aside => {}
            Contact::StoreFailed => self.pause(),
        }
        self.queue.set_aside();
    }

    fn failed(&mut self, reason: String) {
        let Health::Fine { failures } = &mut self.health else { return };
        *failures += 1;
        if *failures >= FAILURES {
            let probe_at = self.app.clock().millis() + PROBES[0];
            self.health = Health::Away { probe_at, probes: 0 };
            self.lane.set_trouble(&self.app, Some(reason));
        }
    }

    /// Asks the site for something harmless; whether it is there again.
    async fn probe(&mut self, probes: usize) -> Result<bool, StoreError> {
        let trouble = match self.app.sites().get(&self.app, &self.lane.connection).await {
            Err(error) => Some((error.to_string(), false)),
            Ok(site) => match site.client.parties(None, 1).await {
                Ok(_there) => None,
                Err(failed) => Some((failed.message, failed.kind == FailureKind::Credentials)),
            },
        };
        match trouble {
            None => {
                self.recover().await?;
                Ok(true)
            }
            Some((reason, credentials)) => {
                self.lane.set_trouble(&self.app, Some(reason));
                let wait = PROBES[(probes + 1).min(PROBES.len() - 1)];
                self.health = if credentials {
                    Health::Blocked
                } else {
                    Health::Away { probe_at: self.app.clock().millis() + wait, probes: probes + 1 }
                };
                Ok(false)
            }
        }
    }

    /// The site is there again, or was changed: everything that waits for it goes on.
    async fn recover(&mut self) -> Result<(), StoreError> {
        let (name, now) = (self.lane.connection.clone(), self.app.clock().millis());
        self.app.store().write(move |tx| run::release_waiting(tx, &name, now)).await?;
        self.health = Health::Fine { failures: 0 };
        self.lane.set_trouble(&self.app, None);
        self.queue.afresh();
        self.app.events().all_changed(Topic::Runs);
        Ok(())
    }

    async fn limit(&self) -> usize {
        match self.app.sites().get(&self.app, &self.lane.connection).await {
            Ok(site) => usize::try_from(site.row.max_concurrent).unwrap_or(1),
            // The run itself finds out what is wrong and says so.
            Err(_unavailable) => 1,
        }
    }

    fn reason(&self) -> String {
        self.lane
            .trouble
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
            .unwrap_or_default()
    }

    fn pause(&mut self) {
        self.pause_until = self.app.clock().millis() + STORE_PAUSE;
        self.queue.afresh();
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
