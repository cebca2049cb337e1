//! Search: the newest runs with a payload value that is, or begins with, a text.
//!
//! It goes from block to block, the newest first, and ends with the page. In a block either the few runs that the
//! filter leaves are looked into, or what the index has under the text is read and met with them: a text that every
//! payload has costs one block, one that none has costs a look at each.

use std::ops::Range;

use rusqlite::{Connection, params};

use super::Filter;
use super::source::{Conditions, Source};
use crate::block::{self, May};
use crate::{StoreError, term};

/// So many runs of a block are rather judged one by one than met with those that the filter leaves.
const RARE: i64 = 50;
/// With more entries of a block than this under the text, the few runs that a filter leaves are looked into.
const COMMON: i64 = 1_000;
/// So many runs are few.
const FEW: usize = 500;

pub(super) fn newest(connection: &Connection, filter: &Filter, text: &str) -> Result<Vec<i64>, StoreError> {
    let (limit, conditions) = (filter.limit as usize, Conditions::of(filter));
    let (rare, reruns) = (Source::rare(connection, filter)?, [Source::reruns()]);
    let (mut found, mut judge) = (Vec::new(), conditions.judge(connection)?);
    for (seqs, may) in block::blocks(connection, filter.from, filter.to, filter.before_seq)? {
        let sources = match may {
            May::Nothing => continue,
            May::Reruns => &reruns[..],
            May::Anything => &rare,
        };
        let block = Block { connection, seqs, text };
        // The newest first; ends as soon as the page is full.
        for seq in block.matching(sources, &conditions)?.into_iter().rev() {
            if judge.holds(seq)? {
                found.push(seq);
                if found.len() >= limit {
                    return Ok(found);
                }
            }
        }
    }
    Ok(found)
}

/// A block that is searched.
struct Block<'a> {
    connection: &'a Connection,
    seqs: Range<i64>,
    text: &'a str,
}

/// Runs of a block that have such a value.
struct Within {
    /// In order, each once.
    runs: Vec<i64>,
    /// There are no others.
    is_all: bool,
}

impl Block<'_> {
    /// The runs that have such a value, in order, as far as the sources have them; what the conditions leave out may
    /// be among them.
    fn matching(&self, sources: &[Source], conditions: &Conditions) -> Result<Vec<i64>, StoreError> {
        let rare = self.within(RARE)?;
        if rare.is_all {
            return Ok(rare.runs);
        }
        if sources.is_empty() {
            return Ok(self.within(i64::MAX)?.runs);
        }
        let mut left = Vec::new();
        for source in sources {
            left.extend(source.within(self.connection, &self.seqs, conditions, i64::MAX)?);
        }
        if left.is_empty() {
            return Ok(left);
        }
        left.sort_unstable();
        let some = self.within(COMMON)?;
        if !some.is_all && left.len() <= FEW {
            return self.look_into(left);
        }
        let all = if some.is_all { some } else { self.within(i64::MAX)? };
        Ok(all.runs.into_iter().filter(|seq| left.binary_search(seq).is_ok()).collect())
    }

    /// Those of some runs that have such a value.
    fn look_into(&self, some: Vec<i64>) -> Result<Vec<i64>, StoreError> {
        let mut has = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM search_values WHERE run_seq = ?1 AND instr(texts, ?2) > 0)",
        )?;
        let text = format!("\n{}", self.text);
        let mut found = Vec::new();
        for seq in some {
            if has.query_row(params![seq, text], |row| row.get(0))? {
                found.push(seq);
            }
        }
        Ok(found)
    }

    /// Those that the first `limit` entries tell which the index has under the text.
    fn within(&self, limit: i64) -> Result<Within, StoreError> {
        let ((low, high), Range { start, end }) = (term::range(self.text), &self.seqs);
        let mut query = self.connection.prepare_cached(
            "SELECT run_seq FROM search WHERE block = ?1 AND value >= ?2 AND value < ?3
               AND run_seq >= ?4 AND run_seq < ?5 LIMIT ?6",
        )?;
        let mut runs: Vec<i64> = query
            .query_map(params![block::of(*start), low, high, start, end, limit], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let is_all = i64::try_from(runs.len()).is_ok_and(|count| count < limit);
        // A run may have several values that begin like this.
        runs.sort_unstable();
        runs.dedup();
        Ok(Within { runs, is_all })
    }
}
