//! Finds everything that is kept of one person, by a value of theirs such as the member's ID, and takes it away.
//!
//! A finished run goes where its payload, or what its steps sent and got, has exactly this value in any field,
//! or where a sentence or address of it names the value as a word. The run's row stays, without content.

use ihook_store::erase::{self, RunTexts};
use ihook_store::{RunId, StoreError, audit};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::events::Topic;
use crate::{App, retention, search};

/// Read in one piece.
const RUNS: u32 = 200;
/// Changed in one transaction.
const BATCH: usize = 50;

/// What is kept of a value.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Finished runs.
    runs: Vec<(RunTexts, bool)>,
    /// Runs that have not ended.
    pub(crate) unfinished: Vec<RunId>,
    /// Refused requests, by their place in the log.
    deliveries: Vec<i64>,
    /// Audit entries, by their place in the list.
    audit: Vec<i64>,
    /// Workflows with the value in a saved file, by name.
    pub(crate) workflows: Vec<String>,
}

impl Found {
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    pub(crate) fn deliveries(&self) -> usize {
        self.deliveries.len()
    }
}

/// Looks through everything, in pieces.
pub(crate) async fn find(app: &App, value: &str) -> Result<Found, StoreError> {
    let mut found = Found::default();
    find_runs(app, value, &mut found).await?;
    let mut after = 0;
    loop {
        let rows = app.store().read(move |database| erase::deliveries(database, after, RUNS)).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        let sent = |body: &[u8]| {
            let text = String::from_utf8_lossy(body);
            has_value(&text, value) || has_word(&text, value)
        };
        let ours =
            rows.iter().filter(|row| has_word(&row.reason, value) || row.body.as_deref().is_some_and(sent));
        found.deliveries.extend(ours.map(|row| row.seq));
    }
    let mut after = 0;
    loop {
        let rows = app.store().read(move |database| erase::audit(database, after, RUNS)).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        found.audit.extend(rows.iter().filter(|(_, words)| has_word(words, value)).map(|(seq, _)| *seq));
    }
    let files = app.store().read(erase::workflow_files).await?;
    found.workflows =
        files.into_iter().filter(|(_, file)| has_value(file, value)).map(|(name, _)| name).collect();
    found.workflows.dedup();
    Ok(found)
}

async fn find_runs(app: &App, value: &str, found: &mut Found) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let rows = app.store().read(move |database| erase::runs(database, after, RUNS)).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        for mut run in rows {
            let key = run.keys.iter().any(|key| has_word(key, value));
            if !key && !names(&run, value) {
                continue;
            }
            if run.status.is_final() {
                // Only the values of its payload are needed from here on.
                run.documents.clear();
                found.runs.push((run, key));
            } else {
                found.unfinished.push(run.id);
            }
        }
    }
}

fn names(run: &RunTexts, value: &str) -> bool {
    let mut documents = run.body.iter().chain(&run.metadata).chain(&run.documents);
    documents.any(|text| has_value(text, value)) || run.sentences.iter().any(|text| has_word(text, value))
}

/// Takes away what was found, and leaves no trace of it in the file.
pub(crate) async fn erase(app: &App, value: &str, found: Found) -> Result<(), StoreError> {
    let now = app.clock().millis();
    let detail = format!(
        "{} runs, {} refused requests; SHA-256 of the value {}",
        found.runs(),
        found.deliveries(),
        Sha256::digest(value.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    );
    for runs in found.runs.chunks(BATCH) {
        let runs: Vec<_> = runs
            .iter()
            .map(|(run, key)| (run.clone(), search::values(run.body.as_deref().unwrap_or_default()), *key))
            .collect();
        let erased = app.store().write(move |tx| {
            runs.iter().try_for_each(|(run, values, key)| erase::run(tx, run, values, *key, now))
        });
        erased.await?;
    }
    let (deliveries, entries) = (found.deliveries, found.audit);
    app.store()
        .write(move |tx| {
            deliveries.iter().try_for_each(|seq| erase::delivery(tx, *seq))?;
            entries.iter().try_for_each(|seq| erase::audit_words(tx, *seq))?;
            audit::add(tx, now, "member_erase", "member", &detail)
        })
        .await?;
    let whole = CancellationToken::new();
    retention::give_back(app.store(), &whole).await?;
    retention::sweep(app.store(), &whole).await?;
    app.store().empty_log().await;
    app.events().all_changed(Topic::Runs);
    Ok(())
}

/// Whether a JSON text has this value in any field, in any case; in an address within it, as a word.
fn has_value(text: &str, value: &str) -> bool {
    // Escapes can hide it from a look at the text.
    if !text.contains('\\') && !text.to_lowercase().contains(&value.to_lowercase()) {
        return false;
    }
    serde_json::from_str::<Value>(text).is_ok_and(|parsed| any_leaf(&parsed, value))
}

fn any_leaf(parsed: &Value, value: &str) -> bool {
    match parsed {
        Value::String(text) => {
            let text = text.trim();
            text.to_lowercase() == value.to_lowercase()
                || (text.contains(['/', '=']) && has_word(text, value))
                // A text that is JSON itself, as an answer may be kept.
                || (text.starts_with(['{', '[']) && has_value(text, value))
        }
        Value::Number(number) => number.to_string() == value,
        Value::Array(items) => items.iter().any(|item| any_leaf(item, value)),
        // A name can be a value too: {"10001": "checked in"}.
        Value::Object(members) => members.iter().any(|(name, member)| {
            name.to_lowercase() == value.to_lowercase()
                || any_leaf(member, value)
                || (name == "message" && member.as_str().is_some_and(|text| has_word(text, value)))
        }),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Whether the text names the value: not as a part of a longer word or number.
fn has_word(text: &str, value: &str) -> bool {
    let (text, value) = (text.to_lowercase(), value.to_lowercase());
    text.match_indices(&value).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_whole_field_and_a_word_stands_by_itself() {
        let check = |text: &str, value: &str, field: bool, word: bool| {
            assert_eq!((has_value(text, value), has_word(text, value)), (field, word), "{value} in {text}");
        };
        check(r#"{"memberId":"12345"}"#, "12345", true, true);
        check(r#"{"memberId":12345}"#, "12345", true, true);
        check(r#"{"memberId":"123456"}"#, "12345", false, false);
        check(r#"{"note":"12345 called"}"#, "12345", false, true);
        check(r#"{"list":[{"mail":" Ann@Example.org "}]}"#, "ann@example.org", true, true);
        check(r#"{"name":"Ren\u00e9"}"#, "René", true, false);
        check(r#"{"url":"https://imis/api/Party/12345?x=1"}"#, "12345", true, true);
        check(r#"{"12345":true}"#, "12345", true, true);
        check(r#"{"body":"{\"ID\":\"12345\"}"}"#, "12345", true, true);
        check(r#"{"code":"x","message":"no member with ID 12345."}"#, "12345", true, true);
        check("no member with ID 12345.", "12345", false, true);
        check("no member with ID 912345.", "12345", false, false);
    }
}
