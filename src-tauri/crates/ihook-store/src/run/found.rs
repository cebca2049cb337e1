//! Search: the newest runs with a payload value that is, or begins with, a text.
//!
//! It goes from block to block, the newest first, and ends with the page. In a block either the few runs that the
//! filter leaves are looked into, or what the index has under the text is read and met with them: a text that every
//! payload has costs one block, one that none has costs a look at each. Where a common text meets none of what the
//! filter leaves, in block after block, the page ends when its work is done ([`super::work`]).

use std::ops::{ControlFlow, Range};

use rusqlite::{Connection, params};

use super::Filter;
use super::source::{Conditions, Looked, Source};
use super::work::{ENTRY, JUDGE, LOOK, Work};
use crate::block::{self, May};
use crate::{StoreError, term};

/// So many runs of a block are rather judged one by one than met with those that the filter leaves.
const RARE: usize = 50;
/// With more entries of a block than this under the text, the few runs that a filter leaves are looked into.
const COMMON: usize = 1_000;
/// With more entries than this, any runs that a filter leaves are.
const MANY: usize = 1 << 15;
/// So many runs are few.
const FEW: usize = 500;

pub(super) fn newest(
    connection: &Connection,
    filter: &Filter,
    text: &str,
    work: &Work,
) -> Result<Looked, StoreError> {
    let conditions = Conditions::of(filter);
    let (rare, reruns) = (Source::rare(connection, filter)?, [Source::reruns()]);
    if rare.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Looked { seqs: Vec::new(), reached: None });
    }
    let mut page = Page { limit: filter.limit as usize, found: Vec::new(), work };
    for (seqs, may) in block::blocks(connection, filter.from, filter.to, filter.before_seq)? {
        let sources = match may {
            May::Nothing => continue,
            May::Reruns => Some(&reruns[..]),
            May::Anything => rare.as_deref(),
        };
        if work.is_spent() {
            return Ok(Looked { seqs: page.found, reached: Some(seqs.end) });
        }
        let block = Block { connection, seqs, text, conditions: &conditions, work };
        if let ControlFlow::Break(reached) = block.search(sources, &mut page)? {
            return Ok(Looked { seqs: page.found, reached });
        }
    }
    Ok(Looked { seqs: page.found, reached: None })
}

/// What is found, newest first.
struct Page<'a> {
    limit: usize,
    found: Vec<i64>,
    work: &'a Work,
}

/// Ends a page: full, or with the run that was looked at last.
type End = ControlFlow<Option<i64>>;

impl Page<'_> {
    /// Asks of these runs, newest first, what costs `each`, and keeps those for which it holds.
    fn take(
        &mut self,
        runs: impl IntoIterator<Item = i64>,
        each: u64,
        mut holds: impl FnMut(i64) -> Result<bool, StoreError>,
    ) -> Result<End, StoreError> {
        for seq in runs {
            if holds(seq)? {
                self.found.push(seq);
                if self.found.len() >= self.limit {
                    return Ok(ControlFlow::Break(None));
                }
            }
            self.work.spend(1, each);
            if self.work.is_spent() {
                return Ok(ControlFlow::Break(Some(seq)));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// A block that is searched.
struct Block<'a> {
    connection: &'a Connection,
    seqs: Range<i64>,
    text: &'a str,
    conditions: &'a Conditions,
    work: &'a Work,
}

/// Runs of a block that have such a value.
struct Within {
    /// In order, each once.
    runs: Vec<i64>,
    /// There are no others.
    is_all: bool,
}

impl Block<'_> {
    /// Puts the runs that have such a value, and for which the conditions hold, on the page.
    fn search(&self, sources: Option<&[Source]>, page: &mut Page<'_>) -> Result<End, StoreError> {
        let rare = self.within(RARE)?;
        if rare.is_all {
            return self.judge(rare.runs, page);
        }
        let Some(sources) = sources else {
            let some = self.within(MANY)?;
            if some.is_all {
                return self.judge(some.runs, page);
            }
            let any = Source::any().within(self.connection, &self.seqs, self.conditions, self.work)?;
            return self.look_into(any, page);
        };
        let mut left = Vec::new();
        for source in sources {
            left.extend(source.within(self.connection, &self.seqs, self.conditions, self.work)?);
        }
        if left.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        left.sort_unstable_by(|one, other| other.cmp(one));
        let some = self.within(if left.len() <= FEW { COMMON } else { MANY })?;
        if !some.is_all {
            return self.look_into(left, page);
        }
        let has = |seq: i64| Ok(some.runs.binary_search(&seq).is_ok());
        page.take(left, ENTRY, has)
    }

    /// Those of runs with such a value for which the conditions hold.
    fn judge(&self, runs: Vec<i64>, page: &mut Page<'_>) -> Result<End, StoreError> {
        let mut judge = self.conditions.judge(self.connection)?;
        page.take(runs.into_iter().rev(), JUDGE, |seq| judge.holds(seq))
    }

    /// Those of some runs that have such a value.
    fn look_into(&self, some: Vec<i64>, page: &mut Page<'_>) -> Result<End, StoreError> {
        let mut has = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM search_values WHERE run_seq = ?1 AND instr(texts, ?2) > 0)",
        )?;
        let text = format!("\n{}", self.text);
        page.take(some, LOOK, |seq| Ok(has.query_row(params![seq, text], |row| row.get(0))?))
    }

    /// Those of the first `limit` entries that the index has under the text.
    fn within(&self, limit: usize) -> Result<Within, StoreError> {
        let (low, high) = term::range(self.text);
        // Runs beyond the page's beginning are left out below, so that the limit counts what is read.
        let mut query = self.connection.prepare_cached(
            "SELECT run_seq FROM search WHERE block = ?1 AND value >= ?2 AND value < ?3 LIMIT ?4",
        )?;
        let at_most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut runs: Vec<i64> = query
            .query_map(params![block::of(self.seqs.start), low, high, at_most], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        self.work.spend(runs.len(), ENTRY);
        let is_all = runs.len() < limit;
        runs.retain(|seq| self.seqs.contains(seq));
        // A run may have several values that begin like this.
        runs.sort_unstable();
        runs.dedup();
        Ok(Within { runs, is_all })
    }
}
