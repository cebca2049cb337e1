//! Takes payloads into the search index, a little after they arrived, so that receiving never waits for it.

use std::time::Duration;

use ihook_engine::text::folded;
use ihook_store::term;
use serde_json::Value;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::upkeep::About;

/// A value is found within 5 s of arrival (docs/behavior.md#search); this leaves room for a busy disk.
const EVERY: Duration = Duration::from_millis(1500);
/// Payloads in one transaction: deliveries wait behind it little longer than behind one of their own groups.
const BATCH: u32 = 256;
/// Bytes of payloads in one transaction, and in memory for it.
const BYTES: usize = 4 << 20;
/// Values of one payload that are indexed.
const MOST_VALUES: usize = 200;

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
        let runs: Vec<_> = pending.runs.into_iter().map(|(seq, body)| (seq, values(&body))).collect();
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

/// Every string and number of a payload, folded, so that texts are found that read the same.
fn values(body: &str) -> Vec<String> {
    fn gather(value: &Value, found: &mut Vec<String>) {
        if found.len() >= MOST_VALUES {
            return;
        }
        match value {
            Value::String(text) => found.push(folded(start(text))),
            Value::Number(number) => found.push(folded(&number.to_string())),
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            Value::Object(members) => members.values().for_each(|member| gather(member, found)),
            Value::Null | Value::Bool(_) => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(body) {
        gather(&value, &mut found);
    }
    found
}

/// No more of a long text than could be found.
fn start(text: &str) -> &str {
    const CHARS: usize = 1_000;
    text.char_indices().nth(CHARS).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_numbers_at_any_depth_are_found() {
        let body = r#"{"memberId":"12345","n":123456789012345678901,"list":[{"x":"Ünï"},true,null]}"#;
        assert_eq!(values(body), ["12345", "123456789012345678901", "ünï"]);
        assert!(values("not json").is_empty());
    }
}
