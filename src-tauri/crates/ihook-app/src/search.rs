//! Takes payloads into the search index, a little after they arrived, so that receiving never waits for it.

mod values;

use std::time::Duration;

use ihook_store::term;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::heavy::beside;
use crate::upkeep::About;
use values::values;

/// A value is found within 5 s of arrival (docs/behavior.md#search); this leaves room for a busy disk.
const EVERY: Duration = Duration::from_millis(1500);
/// Payloads in one transaction: deliveries wait behind it little longer than behind one of their own groups.
const BATCH: u32 = 256;
/// Bytes of payloads in one transaction, and in memory for it.
const BYTES: usize = 4 << 20;

/// Indexes until `shutdown`.
pub(crate) async fn keep_indexing(app: App, shutdown: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        while !shutdown.is_cancelled() {
            let started = Instant::now();
            match index_some(&app).await {
                Ok(0) => {
                    app.upkeep().set(&app, About::Search, None);
                    break;
                }
                // Deliveries come first: the index takes at most half of the writer's time, in a rush a tenth.
                Ok(_more) => {
                    let part = if app.rush().is_on() { 9 } else { 1 };
                    tokio::time::sleep(started.elapsed() * part).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "search.index_failed");
                    break;
                }
            }
        }
    }
}

async fn index_some(app: &App) -> Result<usize, ihook_store::StoreError> {
    let pending = app.store().read(|connection| term::pending(connection, BATCH, BYTES)).await?;
    let count = pending.runs.len();
    if count > 0 {
        let read =
            move || pending.runs.into_iter().map(|(seq, body)| (seq, values(&body))).collect::<Vec<_>>();
        let runs = beside(read).await;
        let write = app.store().write(move |tx| term::index(tx, &runs));
        write.await?;
    }
    if pending.are_old {
        let part = app.store().read(term::rebuilt).await?;
        app.upkeep().set(app, About::Search, part.map(rebuilding_notice));
    }
    Ok(count)
}

fn rebuilding_notice(percent: i64) -> String {
    format!(
        "After an update the search goes through older runs once more; until that is done it does not find all of \
         them. {percent} % are done."
    )
}
