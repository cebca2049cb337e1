//! What staff should know of the program's own state, and the wish to start again after a restore.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ihook_store::StoreError;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::events::Topic;

/// What a notice is about: there is one of each at most, shown in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// Damage.
    Damage,
    /// Deliveries that cannot be stored: a full disk.
    Storing,
    /// The start itself: a restore that did not work, a network drive.
    Start,
    /// A clock that is not believed.
    Clock,
    /// The write-ahead log.
    Log,
    /// Runs that nobody decides.
    Overdue,
    /// Retention by size that cannot do its work.
    Size,
    /// Copies of the database with old payloads in them.
    Copies,
    /// A search index that does not have everything yet.
    Search,
}

impl About {
    /// Whether deliveries are refused as long as the notice stands.
    const fn stops_receiving(self) -> bool {
        matches!(self, Self::Damage | Self::Storing)
    }
}

/// How long a disk that could not take deliveries is left before it is tried again.
pub(crate) const DISK_RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// The program's own state.
#[derive(Debug)]
pub(crate) struct Upkeep {
    notices: Mutex<BTreeMap<About, String>>,
    /// Told when a delivery could not be stored.
    not_stored: Notify,
    restart: watch::Sender<bool>,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { notices: Mutex::default(), not_stored: Notify::new(), restart: watch::Sender::new(false) }
    }
}

impl Upkeep {
    /// The notices, most pressing first.
    pub(crate) fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Why deliveries are refused; nothing while they are taken.
    pub(crate) fn not_receiving(&self) -> Option<String> {
        let notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.iter().find(|(about, _)| about.stops_receiving()).map(|(_, notice)| notice.clone())
    }

    /// What is said about this, if anything is.
    pub(crate) fn notice(&self, about: About) -> Option<String> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).get(&about).cloned()
    }

    /// Notes that a delivery could not be stored, until [`watch_storing`] finds that they can be again.
    pub(crate) fn not_stored(&self, app: &App, error: &StoreError) {
        // Damage has a notice of its own.
        let is_damage = app.store().watch_damage().borrow().is_some();
        // The first reason stays: those after it say what came of it.
        if !is_damage && self.not_receiving().is_none() {
            self.set(app, About::Storing, Some(storing_notice(error, &app.facts().data_dir)));
            self.not_stored.notify_one();
        }
    }

    /// Puts a notice, or takes it back, and tells the screens when that changes anything.
    pub(crate) fn set(&self, app: &App, about: About, notice: Option<String>) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.get(&about) == notice.as_ref() {
            return;
        }
        let is_known = notices.keys().any(|about| about.stops_receiving());
        let is_alarm = about.stops_receiving() && notice.is_some() && !is_known;
        match notice {
            Some(text) => notices.insert(about, text),
            None => notices.remove(&about),
        };
        drop(notices);
        if is_alarm {
            app.events().alarm("No check-in is received");
        }
        app.events().all_changed(Topic::Settings);
    }

    /// Asks the host to stop the program and start it again.
    pub(crate) fn restart(&self) {
        self.restart.send_replace(true);
    }

    /// Ends when that was asked.
    pub(crate) async fn restart_asked(&self) {
        let mut asked = self.restart.subscribe();
        // The sender lives as long as we do.
        let _ = asked.wait_for(|asked| *asked).await;
    }
}

/// Looks the database over where the last program ended without closing it, and tells of damage whenever any
/// query meets it. Deliveries are answered meanwhile: on a large database this takes minutes.
pub(crate) async fn watch_damage(app: App, shutdown: CancellationToken) {
    let mut damage = app.store().watch_damage();
    let found = tokio::select! {
        () = shutdown.cancelled() => return,
        never = check_after_unclean_end(&app, &shutdown) => never,
        found = damage.wait_for(Option::is_some) => found.ok().and_then(|found| found.clone()),
    };
    if let Some(reason) = found {
        app.upkeep().set(&app, About::Damage, Some(damage_notice(&reason)));
        // It does not go on by itself any more.
        app.upkeep().set(&app, About::Storing, None);
    }
}

/// Never ends, so that only damage or the end of the program does.
async fn check_after_unclean_end<T>(app: &App, shutdown: &CancellationToken) -> T {
    if app.store().left_uncleanly() {
        let (store, stop) = (app.store().clone(), shutdown.clone());
        let check = tokio::task::spawn_blocking(move || store.check_blocking(|| !stop.is_cancelled()));
        match check.await {
            Ok(Ok(())) => tracing::info!("store.checked_after_unclean_end"),
            // Damage is reported elsewhere; anything else will be met again by whoever reads there.
            Ok(Err(error)) => tracing::warn!(%error, "store.check_broken_off"),
            Err(error) => tracing::error!(%error, "store.check_panicked"),
        }
    }
    std::future::pending().await
}

/// Tries again and again whether deliveries can be stored, once one could not be.
pub(crate) async fn watch_storing(app: App, shutdown: CancellationToken) {
    let watch = async {
        loop {
            app.upkeep().not_stored.notified().await;
            loop {
                app.clock().sleep_until(app.clock().moment() + DISK_RETRY_INTERVAL).await;
                if app.store().try_to_write().await.is_ok() {
                    break;
                }
            }
            app.upkeep().set(&app, About::Storing, None);
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = watch => {}
    }
}

fn storing_notice(error: &StoreError, data_dir: &Path) -> String {
    format!(
        "Deliveries cannot be stored ({error}). They are answered 503, so that their senders keep them. Look at \
         the disk that holds {}: receiving goes on by itself once it takes them again.",
        data_dir.display()
    )
}

/// What is said of damage, and what to do.
pub(crate) fn damage_notice(reason: &str) -> String {
    format!(
        "The database is damaged ({reason}). Deliveries are answered 503, so that their senders keep them, and \
         nothing runs. Restore a backup in the settings."
    )
}
