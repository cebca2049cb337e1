//! Removes what is older or larger than staff want to keep, a little at a time, so that receiving never waits
//! for it.

use std::time::{Duration, Instant, SystemTime};

use ihook_store::{Connection, Store, StoreError, copies, idempotency, retention, scrub};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::clock::{DAY, Now};
use crate::events::Topic;
use crate::settings::Retention;
use crate::upkeep::About;

const EVERY: Duration = Duration::from_secs(5 * 60);
/// Runs in one transaction: deliveries wait behind it no longer than behind one of their own groups.
const BATCH: u32 = 50;
/// Bytes of their payloads: each is overwritten, which goes through the log.
const BYTES: u64 = 2_000_000;
/// Pages given back in one transaction.
const PAGES: u32 = 500;
/// Pages looked at, and pages wiped, at once.
const SWEEP: (u32, usize) = (1000, 100);
/// Counts and audit entries hold no payload: they are kept for last year's conference to be compared with.
const RECORDS_KEPT: i64 = 800 * DAY;
/// The log is kept well below this; only another program can hold it open.
const LOG_LIMIT: u64 = 64 * 1024 * 1024;

/// Tidies every few minutes until `shutdown`.
pub(crate) async fn keep_tidy(app: App, shutdown: CancellationToken) {
    let mut swept_at = i64::MIN;
    loop {
        // From its beginning: what happens while it looks is seen at the next time.
        let next = app.clock().moment() + EVERY;
        if let Err(error) = tidy(&app, &shutdown, &mut swept_at).await {
            tracing::warn!(%error, "retention.failed");
        }
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "retention.not_looked");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.known_time().confirmed.notified() => {}
            () = app.clock().sleep_until(next) => {}
        }
    }
}

async fn tidy(app: &App, shutdown: &CancellationToken, swept_at: &mut i64) -> Result<(), StoreError> {
    let store = app.store();
    app.known_time().look(store, Now::of(app.clock())).await?;
    let retention = app.settings().retention();
    let ahead = app.known_time().ahead().filter(|_| retention.is_some());
    app.upkeep().set(app, About::Clock, ahead.map(|ahead| clock_notice(app.clock().now(), ahead)));
    let Some(now) = app.known_time().removing() else { return Ok(()) };
    store.write(move |tx| idempotency::forget_expired(tx, now)).await?;
    let Some(Retention { days, megabytes }) = retention else { return Ok(()) };
    let kept = i64::from(days) * DAY;
    let (before, records) = (now - kept, now - RECORDS_KEPT.max(kept));
    let mut removed =
        in_steps(store, shutdown, move |tx| retention::forget_deliveries(tx, before, BATCH)).await?;
    in_steps(store, shutdown, move |tx| retention::forget_records(tx, records, 10 * BATCH)).await?;
    while !shutdown.is_cancelled() && remove_some(app, Some(before), BYTES).await? {
        removed = true;
    }
    let most = u64::from(megabytes) * 1_000_000;
    let mut too_large = false;
    while !shutdown.is_cancelled() {
        let excess = store.read(retention::used_bytes).await?.saturating_sub(most);
        if excess == 0 {
            break;
        }
        if !remove_some(app, None, excess.min(BYTES)).await? {
            too_large = true;
            break;
        }
        removed = true;
    }
    app.upkeep().set(app, About::Size, too_large.then(|| too_large_notice(megabytes)));
    if removed {
        give_back(store, shutdown).await?;
        if now.saturating_sub(*swept_at) >= DAY {
            *swept_at = now;
            sweep(store, shutdown).await?;
        }
        store.empty_log().await;
    }
    Ok(())
}

/// Repeats a small removal until it finds nothing; whether it found anything.
async fn in_steps(
    store: &Store,
    shutdown: &CancellationToken,
    step: impl Fn(&Connection) -> Result<usize, StoreError> + Clone + Send + 'static,
) -> Result<bool, StoreError> {
    let mut any = false;
    while !shutdown.is_cancelled() && store.write(step.clone()).await? > 0 {
        any = true;
    }
    Ok(any)
}

/// Removes the next few finished runs, with `before` only those that ended earlier; whether there were any.
async fn remove_some(app: &App, before: Option<i64>, bytes: u64) -> Result<bool, StoreError> {
    let oldest =
        app.store().read(move |database| retention::oldest_finished(database, before, BATCH, bytes)).await?;
    if oldest.is_empty() {
        return Ok(false);
    }
    app.store().write(move |tx| retention::remove(tx, &oldest)).await?;
    app.events().all_changed(Topic::Runs);
    Ok(true)
}

/// Gives what was freed back to the disk.
pub(crate) async fn give_back(store: &Store, shutdown: &CancellationToken) -> Result<(), StoreError> {
    let mut left = u64::MAX;
    while !shutdown.is_cancelled() && left > 0 {
        let now = store.write(|tx| retention::shrink(tx, PAGES)).await?;
        if now >= left {
            // Deliveries free pages too; the rest waits for the next round.
            break;
        }
        left = now;
    }
    Ok(())
}

/// Wipes what removed runs left in unused parts of pages, at half the speed it could have.
pub(crate) async fn sweep(store: &Store, shutdown: &CancellationToken) -> Result<(), StoreError> {
    let mut from = Some(1);
    while let Some(page) = from
        && !shutdown.is_cancelled()
    {
        let began = Instant::now();
        let (stale, next) = store.read(move |database| scrub::stale(database, page, SWEEP.0)).await?;
        for some in stale.chunks(SWEEP.1) {
            let some = some.to_vec();
            store.write(move |tx| scrub::wipe(tx, &some)).await?;
        }
        if next.is_some() {
            tokio::time::sleep(began.elapsed().min(Duration::from_millis(500))).await;
        }
        from = next;
    }
    Ok(())
}

/// Looks for what retention cannot mend by itself.
async fn look(app: &App) -> Result<(), StoreError> {
    if let Some((Retention { days, .. }, now)) = app.settings().retention().zip(app.known_time().removing()) {
        look_at_age(app, days, now).await?;
    }
    let health = ask(app, Store::health_blocking).await??;
    let log = (health.log_bytes > LOG_LIMIT).then(|| {
        format!(
            "The database's log has grown to {} MB: another program has the database open. Close that program.",
            health.log_bytes / 1_000_000
        )
    });
    app.upkeep().set(app, About::Log, log);
    Ok(())
}

/// Runs that do not end and copies that stay, of more than so many days.
async fn look_at_age(app: &App, days: u32, now: i64) -> Result<(), StoreError> {
    let before = now - i64::from(days) * DAY;
    let (count, oldest) = app.store().read(move |database| retention::overdue(database, before)).await?;
    let overdue = oldest.map(|oldest| {
        let since = Timestamp::from_millisecond(oldest).map(|at| at.strftime("%Y-%m-%d").to_string());
        let since = since.unwrap_or_default();
        let runs = if count == 1 { "1 run has" } else { &format!("{count} runs have") };
        format!(
            "{runs} not ended for more than {days} days, the oldest since {since}. Retention never removes what \
             is not ended: decide them or cancel them."
        )
    });
    app.upkeep().set(app, About::Overdue, overdue);
    let oldest_kept =
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(before).unwrap_or_default());
    let old = ask(app, move |store| {
        copies::remove_older(store.path(), oldest_kept);
        copies::list(store.path()).into_iter().find(|copy| copy.modified < oldest_kept)
    })
    .await?;
    let old = old.map(|copy| {
        format!(
            "{} is older than {days} days and still holds what was received then. Delete it when you no longer \
             need it.",
            copy.path.display()
        )
    });
    app.upkeep().set(app, About::Copies, old);
    Ok(())
}

/// Does what waits for the disk.
async fn ask<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Store) -> T + Send + 'static,
) -> Result<T, StoreError> {
    let store = app.store().clone();
    tokio::task::spawn_blocking(move || work(&store)).await.map_err(|_panicked| StoreError::Stopped)
}

fn clock_notice(shown: Timestamp, ahead: i64) -> String {
    let shown = shown.to_zoned_datetime(TimeZone::system()).strftime("%B %-d, %Y");
    let days = ahead / DAY;
    let days = if days == 1 { "a day".to_owned() } else { format!("{days} days") };
    format!(
        "This computer's clock shows {shown}, more than {days} later than iHook expected. In case the clock is \
         wrong, nothing old is removed until it has shown so for 24 hours while iHook runs. If the date is right, \
         confirm it."
    )
}

fn too_large_notice(megabytes: u32) -> String {
    format!(
        "The database is larger than {megabytes} MB although no finished run is left to remove. Let what waits \
         end, or allow more in the settings."
    )
}
