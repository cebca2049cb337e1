//! Runs that look for the same before they write go one after the other, from the look to the end.
//!
//! Who holds a guard is told by the run's row and its status, so that nothing has to be given back: a run that has
//! ended holds nothing, one that is held by a person or was cut off by a kill holds what it held. Who waits is due as
//! soon as nobody holds what it waits for ([`super::due`]): no wake-up can be lost.

use rusqlite::{Connection, OptionalExtension, params};

use super::changed;
use crate::{RunId, StoreError};

/// The condition of the index `run_guard`.
const UNFINISHED: &str = "status IN ('queued', 'running', 'waiting', 'inDoubt', 'held')";

/// Whether a row waits for the guard of another: of the table `run`, by no other name.
pub(super) const WAITS: &str = "(guard IS NOT NULL AND guard_held = 0)";

/// A digest of what a run looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardKey(pub [u8; 32]);

/// What came of [`take`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The run holds it. Whether others wait for what it held before.
    Held {
        /// They are due now.
        is_awaited: bool,
    },
    /// This other run holds it, and nothing was changed.
    By(RunId),
}

/// Gives the run the guard of `key`, in place of any that it held before, unless another run of the connection holds
/// it. `reason` is what those who wait for it say from now on.
///
/// # Errors
/// As SQLite reports them.
pub fn take(
    tx: &Connection,
    seq: i64,
    connection: &str,
    key: GuardKey,
    reason: &str,
) -> Result<Taken, StoreError> {
    let holder: Option<RunId> = tx
        .prepare_cached(&format!(
            "SELECT id FROM run INDEXED BY run_guard
             WHERE connection = ?1 AND guard = ?2 AND {UNFINISHED} AND guard_held = 1 AND seq <> ?3",
        ))?
        .query_row(params![connection, key.0, seq], |row| row.get(0))
        .optional()?;
    if let Some(holder) = holder {
        return Ok(Taken::By(holder));
    }
    let is_awaited = is_awaited(tx, seq)?;
    tx.prepare_cached("UPDATE run SET guard = ?2, guard_held = 1 WHERE seq = ?1")?
        .execute(params![seq, key.0])?;
    tx.prepare_cached(&format!(
        "UPDATE run INDEXED BY run_guard SET waiting_reason = ?3
         WHERE connection = ?1 AND guard = ?2 AND {UNFINISHED} AND status = 'waiting' AND guard_held = 0",
    ))?
    .execute(params![connection, key.0, reason])?;
    Ok(Taken::Held { is_awaited })
}

/// Lets the run wait until nobody holds the guard of `key`. What it held before it holds no more.
///
/// # Errors
/// [`StoreError::Conflict`] when the run is final.
pub fn wait(tx: &Connection, seq: i64, key: GuardKey, reason: &str) -> Result<(), StoreError> {
    changed(
        tx.prepare_cached(&format!(
            "UPDATE run SET status = 'waiting', resume_at = NULL, waiting_reason = ?3, guard = ?2, guard_held = 0
             WHERE seq = ?1 AND {UNFINISHED}",
        ))?
        .execute(params![seq, key.0, reason])?,
    )
}

/// Gives back what the run holds; whether others wait for it.
///
/// # Errors
/// As SQLite reports them.
pub fn release(tx: &Connection, seq: i64) -> Result<bool, StoreError> {
    let is_awaited = is_awaited(tx, seq)?;
    tx.prepare_cached("UPDATE run SET guard = NULL, guard_held = 0 WHERE seq = ?1")?.execute([seq])?;
    Ok(is_awaited)
}

/// Whether others wait for what the run holds.
///
/// # Errors
/// As SQLite reports them.
pub fn is_awaited(tx: &Connection, seq: i64) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT EXISTS (
               SELECT 1 FROM run AS holder CROSS JOIN run AS waiter INDEXED BY run_guard
               WHERE holder.seq = ?1 AND holder.guard_held = 1
                 AND waiter.connection = holder.connection AND waiter.guard = holder.guard
                 AND waiter.status IN ('queued', 'running', 'waiting', 'inDoubt', 'held')
                 AND waiter.status = 'waiting' AND waiter.guard_held = 0)",
        )?
        .query_row([seq], |row| row.get(0))?)
}

/// The first of those who wait for each guard of `?1`, the connection, that nobody holds.
pub(super) const FREE: &str = "
    SELECT min(waiter.seq) AS seq, waiter.workflow_id, waiter.status, waiter.lane
    FROM run AS waiter INDEXED BY run_guard
    WHERE waiter.connection = ?1 AND waiter.guard IS NOT NULL
      AND waiter.status IN ('queued', 'running', 'waiting', 'inDoubt', 'held')
      AND waiter.status = 'waiting' AND waiter.guard_held = 0
      AND NOT EXISTS (
        SELECT 1 FROM run AS holder INDEXED BY run_guard
        WHERE holder.connection = ?1 AND holder.guard = waiter.guard AND holder.guard_held = 1
          AND holder.status IN ('queued', 'running', 'waiting', 'inDoubt', 'held'))
    GROUP BY waiter.guard";

#[cfg(test)]
mod tests;
