//! Removes what is older than staff want to keep, a little at a time, so that receiving never waits for it.

use ihook_store::{StoreError, idempotency, retention};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::events::Topic;
use crate::{App, search};

const EVERY: SignedDuration = SignedDuration::from_hours(1);
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Runs in one transaction: deliveries wait behind it no longer than behind one of their own groups.
const BATCH: u32 = 100;
/// Pages given back with each batch: more than a batch frees.
const PAGES: u32 = 2000;

/// Tidies once an hour until `shutdown`.
pub(crate) async fn keep_tidy(app: App, shutdown: CancellationToken) {
    loop {
        if let Err(error) = tidy(&app, &shutdown).await {
            tracing::warn!(%error, "retention.failed");
        }
        let next = app.clock().now().checked_add(EVERY).unwrap_or(Timestamp::MAX);
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.clock().sleep_until(next) => {}
        }
    }
}

async fn tidy(app: &App, shutdown: &CancellationToken) -> Result<(), StoreError> {
    let now = app.clock().millis();
    let before = now - i64::from(app.settings().current().retention_days) * DAY;
    app.store()
        .write(move |tx| {
            idempotency::forget_expired(tx, now)?;
            retention::forget_deliveries(tx, before)
        })
        .await?;
    while !shutdown.is_cancelled() {
        let expired = app.store().read(move |database| retention::expired(database, before, BATCH)).await?;
        if expired.is_empty() {
            break;
        }
        let runs: Vec<_> = expired.into_iter().map(|(seq, body)| (seq, search::values(&body))).collect();
        app.store()
            .write(move |tx| {
                runs.iter().try_for_each(|(seq, values)| retention::remove(tx, *seq, values))?;
                retention::shrink(tx, PAGES)
            })
            .await?;
        app.events().all_changed(Topic::Runs);
    }
    Ok(())
}
