//! Finds everything that is kept of one person, by a value of theirs such as the member's ID, and takes it away.
//!
//! A finished run goes where its payload, or what its steps sent and got, has exactly this value in any field,
//! or where a sentence or address of it names the value as a word. The run's row stays, without content. The
//! search index cannot say which runs those are: what steps sent and got is not in it, nor names of members,
//! nor what lies within a text. So every text is looked at, without being copied, and only what may hold the value
//! is read closely.

mod files;
mod wanted;

use ihook_store::erase::{self, Words};
use ihook_store::{Connection, RunId, StoreError, audit};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

pub(crate) use files::InFiles;
pub(crate) use wanted::Wanted;

use crate::events::Topic;
use crate::{App, retention};

/// Rows of the shorter lists that are read in one piece.
const ROWS: u32 = 200;
/// Runs that are read closely in one piece, or changed in one transaction.
const RUNS: usize = 50;

/// What is kept of a value.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Finished runs, by their place in the order of arrival, and whether a record's key is the value.
    runs: Vec<(i64, bool)>,
    /// Runs that have not ended.
    pub(crate) unfinished: Vec<RunId>,
    /// Refused requests, by their place in the log.
    deliveries: Vec<i64>,
    /// Audit entries, by their place in the list, and whether they name it as what they are of.
    audit: Vec<(i64, bool)>,
    /// Saved workflow files and drafts.
    pub(crate) files: InFiles,
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
pub(crate) async fn find(app: &App, wanted: &Wanted) -> Result<Found, StoreError> {
    let mut found = Found::default();
    find_runs(app, wanted, &mut found).await?;
    let mut after = 0;
    loop {
        let rows = app.store().read(move |database| erase::deliveries(database, after, ROWS)).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        let sent = |body: &[u8]| {
            let text = String::from_utf8_lossy(body);
            wanted.is_value_in(&text) || wanted.is_word_in(&text)
        };
        let ours =
            rows.iter().filter(|row| wanted.is_word_in(&row.reason) || row.body.as_deref().is_some_and(sent));
        found.deliveries.extend(ours.map(|row| row.seq));
    }
    let mut after = 0;
    loop {
        let rows = app.store().read(move |database| erase::audit(database, after, ROWS)).await?;
        let Some((last, ..)) = rows.last() else { break };
        after = *last;
        for (seq, subject, detail) in rows {
            let names = wanted.is_word_in(&subject);
            if names || wanted.is_word_in(&detail) {
                found.audit.push((seq, names));
            }
        }
    }
    let value = wanted.clone();
    found.files = app.store().read(move |database| files::look(database, &value)).await?;
    Ok(found)
}

async fn find_runs(app: &App, wanted: &Wanted, found: &mut Found) -> Result<(), StoreError> {
    // First: one that ends meanwhile is read closely all the same.
    let mut suspects = app.store().read(erase::unfinished).await?;
    for words in Words::ALL {
        let mut after = Some(0);
        while let Some(place) = after {
            let value = wanted.clone();
            let read = move |database: &Connection| {
                erase::suspects(database, words, place, |text| value.may_be_in(text))
            };
            let (some, next) = app.store().read(read).await?;
            suspects.extend(some);
            after = next;
        }
    }
    suspects.sort_unstable();
    suspects.dedup();
    for some in suspects.chunks(RUNS) {
        let (some, value) = (some.to_vec(), wanted.clone());
        let read = move |database: &Connection| {
            let mut ours = Vec::new();
            for seq in some {
                let Some(run) = erase::texts(database, seq)? else { continue };
                let key = run.keys.iter().any(|key| value.is_word_in(key));
                if key || value.is_in(&run) {
                    ours.push((run.seq, run.id, run.status.is_final(), key));
                }
            }
            Ok(ours)
        };
        for (seq, id, is_final, key) in app.store().read(read).await? {
            if is_final {
                found.runs.push((seq, key));
            } else {
                found.unfinished.push(id);
            }
        }
    }
    Ok(())
}

/// Takes away what was found, and leaves no trace of it in the file.
pub(crate) async fn erase(app: &App, wanted: &Wanted, found: Found) -> Result<(), StoreError> {
    let now = app.clock().millis();
    let detail = format!(
        "{} runs, {} refused requests, {} test cases, {} drafts; SHA-256 of the value {}",
        found.runs(),
        found.deliveries(),
        found.files.test_cases,
        found.files.drafts,
        Sha256::digest(wanted.text().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    );
    for runs in found.runs.chunks(RUNS) {
        let runs = runs.to_vec();
        let erased = app.store().write(move |tx| {
            for (seq, key) in runs {
                erase::run(tx, seq, key, now)?;
            }
            Ok(())
        });
        erased.await?;
    }
    let (deliveries, entries, value) = (found.deliveries, found.audit, wanted.clone());
    app.store()
        .write(move |tx| {
            deliveries.iter().try_for_each(|seq| erase::delivery(tx, *seq))?;
            entries.iter().try_for_each(|(seq, subject)| erase::audit_words(tx, *seq, *subject))?;
            files::take_out(tx, &value)?;
            audit::add(tx, now, "member_erase", "member", &detail)
        })
        .await?;
    let whole = CancellationToken::new();
    retention::give_back(app.store(), &whole).await?;
    retention::sweep(app.store(), &whole).await?;
    app.store().empty_log().await;
    app.events().all_changed(Topic::Runs);
    app.events().all_changed(Topic::Workflows);
    Ok(())
}
