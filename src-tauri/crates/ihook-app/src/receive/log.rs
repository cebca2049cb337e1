//! Writes the delivery log at a bounded rate: a flood of refusals neither fills the disk nor keeps deliveries
//! waiting.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ihook_engine::workflow::RateLimit;
use ihook_store::delivery::{self, Delivery, Kept};
use ihook_store::{StoreError, WorkflowId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::rate::Bucket;
use crate::App;
use crate::events::Topic;

/// Entries without a body that are written as they come. Whoever sends a body that is kept knows the URL, and
/// could as well send deliveries.
const RATE: RateLimit = RateLimit { per_second: 10.0, burst: 100 };
/// How long what is over the rate is counted before it is written as one entry.
const SUM_UP: Duration = Duration::from_secs(10);

/// What has been refused over the rate.
#[derive(Debug, Default)]
pub(crate) struct RefusalLog {
    state: Mutex<State>,
    counted: Notify,
}

#[derive(Debug, Default)]
struct State {
    bucket: Option<Bucket>,
    /// The first of each kind, with how many came; as many kinds as there are workflows and answers.
    sums: HashMap<(Option<WorkflowId>, u16), Delivery>,
}

impl RefusalLog {
    /// Gives the entry back when it is to be written now; else counts it.
    fn admit(&self, row: Delivery) -> Option<Delivery> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.bucket.get_or_insert_with(|| Bucket::full(RATE, row.at)).take(RATE, row.at).is_ok() {
            return Some(row);
        }
        match state.sums.get_mut(&(row.workflow_id, row.status)) {
            Some(sum) => sum.times = sum.times.saturating_add(1),
            None => {
                state.sums.insert((row.workflow_id, row.status), row);
            }
        }
        drop(state);
        self.counted.notify_one();
        None
    }

    fn take_sums(&self) -> Vec<Delivery> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.sums.drain().map(|(_, sum)| sum).collect()
    }
}

/// Enters a request in the delivery log. A log that cannot be written changes nothing for the sender.
pub(super) async fn enter(app: &App, row: Delivery, kept: Option<Kept>) {
    let row = match kept {
        Some(_) => Some(row),
        None => app.refusals().admit(row),
    };
    if let Some(row) = row {
        told(app, app.store().write(move |tx| delivery::add(tx, &row, kept.as_ref())).await);
    }
}

/// Writes what was counted, until `shutdown`.
pub(crate) async fn keep_log(app: App, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = app.refusals().counted.notified() => {}
            () = shutdown.cancelled() => return,
        }
        let at = app.clock().moment() + SUM_UP;
        tokio::select! {
            () = app.clock().sleep_until(at) => {}
            () = shutdown.cancelled() => {}
        }
        let sums = app.refusals().take_sums();
        let write = app.store().write(move |tx| sums.iter().try_for_each(|sum| delivery::add(tx, sum, None)));
        told(&app, write.await);
    }
}

fn told(app: &App, written: Result<(), StoreError>) {
    match written {
        Ok(()) => app.events().all_changed(Topic::Deliveries),
        Err(error) => tracing::error!(%error, "receive.refusal_not_logged"),
    }
}
