//! Lists of runs by filter, newest first. Never reads a body.
//!
//! The order is the order of arrival, and a page is short: every list is read off indexes that are in that order
//! already, one source for each status or workflow, each cut at the page's length, then merged; a search goes block by
//! block ([`super::found`]). Blocks that can have nothing of a range of time are left out as a whole. Where what a filter
//! leaves is rare and no index has it, a page ends before it is full ([`super::work`]). So a list costs as much with a
//! million runs as with a thousand.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use rusqlite::{Connection, OptionalExtension};

use super::source::{Conditions, Looked, Source};
use super::work::{ROW, Work};
use super::{Run, Status, found, get_by_seq};
use crate::block::{self, May};
use crate::{RunId, StoreError, WorkflowId, term};

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

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Newest first.
    pub runs: Vec<Run>,
    /// Where the page is not full and yet not the last: the run down to which all were looked at.
    pub reached: Option<Reached>,
}

/// A run that a page ended at.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// [`Filter::before_seq`] of the next page.
    pub seq: i64,
    /// Run ID.
    pub id: RunId,
}

/// One page. It ends before it is full where enough work was done for it: what a filter leaves may be anywhere.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, filter: &Filter) -> Result<Listed, StoreError> {
    list_with(connection, filter, &Work::of_a_page())
}

fn list_with(connection: &Connection, filter: &Filter, work: &Work) -> Result<Listed, StoreError> {
    let search = filter.search.as_deref().map(term::cut).filter(|text| !text.is_empty());
    let mut filter = filter.clone();
    loop {
        let looked = match &search {
            Some(text) => found::newest(connection, &filter, text, work)?,
            None => newest(connection, &filter, work)?,
        };
        let Some(down_to) = looked.reached else {
            return Ok(Listed { runs: read(connection, looked.seqs)?, reached: None });
        };
        if let Some(reached) = reached(connection, down_to, filter.before_seq)? {
            return Ok(Listed { runs: read(connection, looked.seqs)?, reached: Some(reached) });
        }
        // Retention left a gap there: a page that looked at no run would never go on.
        filter.before_seq = Some(down_to);
        work.begin_anew();
    }
}

fn read(connection: &Connection, seqs: Vec<i64>) -> Result<Vec<Run>, StoreError> {
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

/// The oldest run of a page that looked at all from `down_to` on.
fn reached(
    connection: &Connection,
    down_to: i64,
    before: Option<i64>,
) -> Result<Option<Reached>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT seq, id FROM run WHERE seq >= ?1 AND seq < ?2 ORDER BY seq LIMIT 1")?;
    let reached = query.query_row([down_to, before.unwrap_or(i64::MAX)], |row| {
        Ok(Reached { seq: row.get(0)?, id: row.get(1)? })
    });
    Ok(reached.optional()?)
}

/// The newest runs of every source that the filter has, each once.
fn newest(connection: &Connection, filter: &Filter, work: &Work) -> Result<Looked, StoreError> {
    let limit = filter.limit as usize;
    let blocks = block::blocks(connection, filter.from, filter.to, filter.before_seq)?;
    let (conditions, sources) = (Conditions::of(filter), Source::all(connection, filter)?);
    let (anything, reruns) = (windows(&blocks, May::Anything), windows(&blocks, May::Reruns));
    // Each has its share, for a page goes down only as far as all of them do.
    let share = work.share(sources.len() + 1).max(limit as u64 * ROW);
    let (mut seqs, mut reached) = (BTreeSet::new(), None);
    let rest = (&Source::reruns(), &reruns);
    for (source, windows) in sources.iter().map(|source| (source, &anything)).chain([rest]) {
        let looked = source.newest(connection, windows, &conditions, limit, share, work)?;
        seqs.extend(looked.seqs);
        reached = reached.max(looked.reached);
    }
    let looked_at = reached.unwrap_or(0);
    let seqs: Vec<i64> = seqs.into_iter().rev().take_while(|seq| *seq >= looked_at).take(limit).collect();
    let is_full = seqs.len() >= limit;
    Ok(Looked { seqs, reached: reached.filter(|_| !is_full) })
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
