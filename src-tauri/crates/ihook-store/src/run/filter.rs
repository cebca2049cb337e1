//! Lists of runs by filter, newest first. Never reads a body.
//!
//! The order is the order of arrival, and a page is short: every list is read off indexes that are in that order
//! already, one source for each status or workflow, each cut at the page's length, then merged; a search goes block by
//! block ([`super::found`]). Blocks that can have nothing of a range of time are left out as a whole. A list costs as
//! much with a million runs as with a thousand.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use rusqlite::Connection;

use super::source::{Conditions, Source};
use super::{Run, Status, found, get_by_seq};
use crate::block::{self, May};
use crate::{StoreError, WorkflowId, term};

/// Which runs. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these workflows; empty for any.
    pub workflow_ids: Vec<WorkflowId>,
    /// With one of these statuses; empty for any.
    pub statuses: Vec<Status>,
    /// That failed for this cause.
    pub error_code: Option<String>,
    /// Leaves out runs that were run again: their reruns speak for them.
    pub is_last: bool,
    /// With a payload value that is, or begins with, this text; folded as the values of the index are.
    pub search: Option<String>,
    /// Received at or after, milliseconds since 1970.
    pub from: Option<i64>,
    /// Received before, milliseconds since 1970.
    pub to: Option<i64>,
    /// Older than the run with this sequence number.
    pub before_seq: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Newest first.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Run>, StoreError> {
    let search = filter.search.as_deref().map(term::cut).filter(|text| !text.is_empty());
    let seqs = match search {
        Some(text) => found::newest(connection, filter, &text)?,
        None => newest(connection, filter)?,
    };
    let mut runs = Vec::with_capacity(seqs.len());
    for seq in seqs {
        match get_by_seq(connection, seq) {
            Ok(run) => runs.push(run),
            // Retention was quicker.
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(runs)
}

/// The newest runs of every source that the filter has, each once.
fn newest(connection: &Connection, filter: &Filter) -> Result<Vec<i64>, StoreError> {
    let blocks = block::blocks(connection, filter.from, filter.to, filter.before_seq)?;
    let (conditions, sources) = (Conditions::of(filter), Source::all(connection, filter)?);
    let (anything, reruns) = (windows(&blocks, May::Anything), windows(&blocks, May::Reruns));
    let mut seqs = BTreeSet::new();
    for source in &sources {
        seqs.extend(source.newest(connection, &anything, &conditions, filter.limit)?);
    }
    seqs.extend(Source::reruns().newest(connection, &reruns, &conditions, filter.limit)?);
    Ok(seqs.into_iter().rev().take(filter.limit as usize).collect())
}

/// Neighbouring blocks of a kind as one range each, newest first. Between two neighbours there are no runs.
fn windows(blocks: &[(Range<i64>, May)], kind: May) -> Vec<Range<i64>> {
    let mut windows: Vec<Range<i64>> = Vec::new();
    let mut goes_on = false;
    for (seqs, may) in blocks {
        match windows.last_mut().filter(|_| goes_on) {
            Some(window) if *may == kind => window.start = seqs.start,
            None if *may == kind => windows.push(seqs.clone()),
            Some(_) | None => {}
        }
        goes_on = *may == kind;
    }
    windows
}
