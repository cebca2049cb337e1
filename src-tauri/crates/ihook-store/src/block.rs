//! Runs in blocks of a fixed number that arrived one after the other: what a list can leave out as a whole.

use std::ops::Range;

use rusqlite::{Connection, params};

use crate::StoreError;

/// Runs of one block, as a power of two. Smaller in tests, which have few runs.
const BITS: u32 = if cfg!(test) { 5 } else { 13 };

/// The block that the run with this sequence number is in.
pub(crate) fn of(seq: i64) -> i64 {
    seq >> BITS
}

/// The sequence numbers of a block.
pub(crate) fn range(number: i64) -> Range<i64> {
    number << BITS..(number + 1) << BITS
}

/// Notes when the runs of a block came, once all of them are there.
pub(crate) fn seal(tx: &Connection, number: i64) -> Result<(), StoreError> {
    let Range { start, end } = range(number);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO block (number, first_at, last_at, first_rerun_at, last_rerun_at)
         SELECT ?1, min(received_at) FILTER (WHERE lane = 0), max(received_at) FILTER (WHERE lane = 0),
           min(received_at) FILTER (WHERE lane = 1), max(received_at) FILTER (WHERE lane = 1)
         FROM run WHERE seq >= ?2 AND seq < ?3 HAVING count(*) > 0",
    )?
    .execute(params![number, start, end])?;
    Ok(())
}

/// Forgets a block of which no run is left.
pub(crate) fn forget_empty(tx: &Connection, number: i64) -> Result<(), StoreError> {
    let Range { start, end } = range(number);
    tx.prepare_cached(
        "DELETE FROM block WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM run WHERE seq >= ?2 AND seq < ?3)",
    )?
    .execute(params![number, start, end])?;
    Ok(())
}

/// What a block can have of the runs that came at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum May {
    /// None.
    Nothing,
    /// Reruns only.
    Reruns,
    /// Any.
    Anything,
}

/// The blocks that have runs, newest first, and what each can have of those that came at or after `from` and before
/// `to` (milliseconds since 1970) with a sequence number below `before`. What a clock that jumps does to the order of
/// times is in what is known of each block.
pub(crate) fn blocks(
    connection: &Connection,
    from: Option<i64>,
    to: Option<i64>,
    before: Option<i64>,
) -> Result<Vec<(Range<i64>, May)>, StoreError> {
    // Two queries: SQLite finds one end of an index at once, but both together by reading all of it.
    let end = |sql: &str| -> Result<Option<i64>, StoreError> {
        Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    };
    let ends = end("SELECT min(seq) FROM run")?.zip(end("SELECT max(seq) FROM run")?);
    let Some((first, last)) = ends else { return Ok(Vec::new()) };
    let meets = |times: Option<(i64, i64)>| {
        times.is_some_and(|(first, last)| {
            from.is_none_or(|from| last >= from) && to.is_none_or(|to| first < to)
        })
    };
    let mut query = connection.prepare_cached(
        "SELECT number, first_at, last_at, first_rerun_at, last_rerun_at FROM block ORDER BY number",
    )?;
    let known = query.query_map([], |row| {
        let [first, last, first_rerun, last_rerun]: [Option<i64>; 4] =
            [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
        let may = match (meets(first.zip(last)), meets(first_rerun.zip(last_rerun))) {
            (true, _) => May::Anything,
            (false, true) => May::Reruns,
            (false, false) => May::Nothing,
        };
        Ok((row.get(0)?, may))
    })?;
    let mut blocks = known.collect::<Result<Vec<(i64, May)>, _>>()?;
    // What came after the last full block.
    let next = blocks.last().map_or(of(first), |(number, _)| number + 1);
    blocks.extend((next..=of(last)).map(|number| (number, May::Anything)));
    let end = before.map_or(last + 1, |before| before.min(last + 1));
    let blocks = blocks.into_iter().rev().map(|(number, may)| {
        let Range { start, end: full } = range(number);
        (start..full.min(end), may)
    });
    Ok(blocks.filter(|(seqs, _)| !seqs.is_empty()).collect())
}

/// A sequence number before which no run came at or after `from`.
pub(crate) fn first_received(connection: &Connection, from: i64) -> Result<i64, StoreError> {
    let blocks = blocks(connection, Some(from), None, None)?;
    let oldest = blocks.iter().rfind(|(_, may)| *may != May::Nothing);
    Ok(oldest.map_or(i64::MAX, |(seqs, _)| seqs.start))
}
