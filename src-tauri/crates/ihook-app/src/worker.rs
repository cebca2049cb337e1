//! Runs what was received: one dispatcher per connection picks runs in order, each run is driven on its own.

mod advance;
mod dispatch;
mod doubt;
mod drive;
mod effects;
mod guard;
mod health;
mod http;
mod insert;
mod loaded;
mod queue;
mod record;
mod rows;
mod schedule;
mod stall;

pub(crate) use insert::{INSERTS, Intent};
pub(crate) use rows::{readable, step_result, step_row};
pub(crate) use stall::watch as watch_stalls;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ihook_store::{StoreError, connection, run};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::App;
use crate::clock::Moment;
use crate::supervise::supervise;

/// The dispatchers, by connection.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    lanes: Mutex<HashMap<String, Arc<Lane>>>,
    tasks: TaskTracker,
    shutdown: OnceLock<CancellationToken>,
    cut_off: CancellationToken,
}

/// How the rest of the program talks to one dispatcher.
#[derive(Debug, Default)]
struct Lane {
    connection: String,
    work: Notify,
    /// Order or state changed in a way that new arrivals alone do not: look at everything again.
    afresh: AtomicBool,
    /// The address or the credentials changed: whatever blocked the connection may be gone.
    mended: AtomicBool,
    /// A person asked to try now what waits.
    try_now: AtomicBool,
    /// Why nothing goes out, when nothing does.
    trouble: Mutex<Option<Trouble>>,
    /// What goes out now.
    traffic: stall::Traffic,
    /// Why runs do not start that should, where the program itself is at fault.
    stalled: Mutex<Option<String>>,
}

/// Why nothing goes out to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// In words.
    pub(crate) reason: String,
    /// Until when, where the site asked to be left alone.
    pub(crate) until: Option<Moment>,
}

impl Lane {
    fn trouble(&self) -> Option<Trouble> {
        let stalled = self.stalled.lock().unwrap_or_else(PoisonError::into_inner).clone();
        stalled
            .map(|reason| Trouble { reason, until: None })
            .or_else(|| self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Notes why runs do not start that should, or that they do; whether this is the first word of it.
    fn set_stalled(&self, app: &App, reason: Option<String>) -> bool {
        let mut stalled = self.stalled.lock().unwrap_or_else(PoisonError::into_inner);
        let (is_changed, is_new) = (*stalled != reason, stalled.is_none() && reason.is_some());
        *stalled = reason;
        drop(stalled);
        if is_changed {
            app.events().changed(crate::events::Topic::Connections, &self.connection);
        }
        is_new
    }

    fn set_trouble(&self, app: &App, now: Option<Trouble>) {
        let readable =
            |now: Trouble| Trouble { reason: app.redactor().text(&now.reason).into_owned(), ..now };
        let now = now.map(readable);
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = *trouble != now;
        *trouble = now;
        drop(trouble);
        if changed {
            app.events().changed(crate::events::Topic::Connections, &self.connection);
        }
    }
}

impl Workers {
    /// Starts a dispatcher for every connection that there is or that unfinished runs name.
    pub(crate) async fn start(&self, app: &App, shutdown: &CancellationToken) -> Result<(), StoreError> {
        // Set once: a second start would be a bug, and its token would be the wrong one.
        let _ = self.shutdown.set(shutdown.clone());
        let names: BTreeSet<String> = app
            .store()
            .read(|database| {
                let known = connection::list(database)?.into_iter().map(|row| row.name);
                Ok(known.chain(run::open_connections(database)?).collect())
            })
            .await?;
        for name in names {
            self.wake(app, &name);
        }
        Ok(())
    }

    /// There may be something to do.
    pub(crate) fn wake(&self, app: &App, connection: &str) {
        self.lane(app, connection).work.notify_one();
    }

    /// Something other than a new arrival changed: look at all runs of the connection again.
    pub(crate) fn look_again(&self, app: &App, connection: &str) {
        let lane = self.lane(app, connection);
        lane.afresh.store(true, Ordering::Release);
        lane.work.notify_one();
    }

    /// A workflow's state changed: any connection may be concerned.
    pub(crate) fn look_again_everywhere(&self, app: &App) {
        let names: Vec<String> =
            self.lanes.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        for name in names {
            self.look_again(app, &name);
        }
    }

    /// The connection was saved: try again whatever it held up.
    pub(crate) fn mended(&self, app: &App, connection: &str) {
        let lane = self.lane(app, connection);
        lane.mended.store(true, Ordering::Release);
        lane.work.notify_one();
    }

    /// A person wants something that waits to be tried now: a site that is away is asked at once.
    pub(crate) fn try_now(&self, app: &App, connection: &str) {
        self.lane(app, connection).try_now.store(true, Ordering::Release);
        self.look_again(app, connection);
    }

    /// Whether the program is ending: nothing new is begun.
    pub(crate) fn is_stopping(&self) -> bool {
        self.shutdown.get().is_some_and(CancellationToken::is_cancelled)
    }

    /// Ends when the program does.
    pub(crate) async fn stopping(&self) {
        match self.shutdown.get() {
            Some(shutdown) => shutdown.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// Ends when what is under way is to be left where it is.
    async fn cut_off(&self) {
        self.cut_off.cancelled().await;
    }

    /// Leaves what is under way where it is: the next start takes it up, and looks up what may have been written.
    pub(crate) async fn stop_now(&self) {
        self.cut_off.cancel();
        self.stopped().await;
    }

    /// The secrets can be read again: try again whatever any connection held up.
    pub(crate) fn mended_everywhere(&self, app: &App) {
        let names: Vec<String> =
            self.lanes.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        for name in names {
            self.mended(app, &name);
        }
    }

    /// Why nothing goes out to this connection, when nothing does.
    pub(crate) fn trouble(&self, connection: &str) -> Option<Trouble> {
        self.known(connection)?.trouble()
    }

    /// The connections to which nothing goes out, and why.
    pub(crate) fn troubles(&self) -> HashMap<String, Trouble> {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.iter().filter_map(|(name, lane)| Some((name.clone(), lane.trouble()?))).collect()
    }

    fn all(&self) -> Vec<Arc<Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn known(&self, connection: &str) -> Option<Arc<Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }

    /// Ends when every dispatcher has finished what it had begun.
    pub(crate) async fn stopped(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn lane(&self, app: &App, connection: &str) -> Arc<Lane> {
        if let Some(lane) = self.known(connection) {
            return lane;
        }
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        // Someone else may have been quicker.
        let is_new = !lanes.contains_key(connection);
        let new = || Arc::new(Lane { connection: connection.to_owned(), ..Lane::default() });
        let lane = Arc::clone(lanes.entry(connection.to_owned()).or_insert_with(new));
        drop(lanes);
        if is_new && let Some(shutdown) = self.shutdown.get() {
            let context = (app.clone(), Arc::clone(&lane));
            self.tasks.spawn(supervise("dispatcher", context, shutdown.clone(), |(app, lane), shutdown| {
                dispatch::dispatch(app, lane, shutdown)
            }));
        }
        lane
    }
}
