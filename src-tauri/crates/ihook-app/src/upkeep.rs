//! What staff should know of the program's own state, and the wish to start again after a restore.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::events::Topic;

/// What a notice is about: there is one of each at most, shown in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// Damage.
    Damage,
    /// The start itself: a restore that did not work, a network drive.
    Start,
    /// The write-ahead log.
    Log,
    /// Runs that nobody decides.
    Overdue,
    /// Retention by size that cannot do its work.
    Size,
    /// Copies of the database with old payloads in them.
    Copies,
}

/// The program's own state.
#[derive(Debug)]
pub(crate) struct Upkeep {
    notices: Mutex<BTreeMap<About, String>>,
    restart: watch::Sender<bool>,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { notices: Mutex::default(), restart: watch::Sender::new(false) }
    }
}

impl Upkeep {
    /// The notices, most pressing first.
    pub(crate) fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Puts a notice, or takes it back, and tells the screens when that changes anything.
    pub(crate) fn set(&self, app: &App, about: About, notice: Option<String>) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.get(&about) == notice.as_ref() {
            return;
        }
        match notice {
            Some(text) => notices.insert(about, text),
            None => notices.remove(&about),
        };
        drop(notices);
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
    if app.store().left_uncleanly() {
        let (store, stop) = (app.store().clone(), shutdown.clone());
        tokio::task::spawn_blocking(move || {
            match store.check_blocking(|| !stop.is_cancelled()) {
                Ok(()) => tracing::info!("store.checked_after_unclean_end"),
                // Damage is told below; anything else will be met again by whoever reads there.
                Err(error) => tracing::warn!(%error, "store.check_broken_off"),
            }
        });
    }
    let mut damage = app.store().watch_damage();
    let found = tokio::select! {
        () = shutdown.cancelled() => return,
        found = damage.wait_for(Option::is_some) => found.ok().and_then(|found| found.clone()),
    };
    if let Some(reason) = found {
        app.upkeep().set(&app, About::Damage, Some(damage_notice(&reason)));
    }
}

/// What is said of damage, and what to do.
pub(crate) fn damage_notice(reason: &str) -> String {
    format!(
        "The database is damaged ({reason}). Deliveries are answered 503, so that their senders keep them, and \
         nothing runs. Restore a backup in the settings."
    )
}
