//! Counts per minute and workflow, kept as they happen, so that charts never scan runs.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::run::Status;
use crate::{StoreError, WorkflowId};

const MINUTE: i64 = 60_000;

/// Counts of one bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Start of the bucket, milliseconds since 1970.
    pub at: i64,
    /// Deliveries stored, rejected ones among them.
    pub received: u64,
    /// Runs that ended well.
    pub succeeded: u64,
    /// Runs that ended badly, counted when they end.
    pub failed: u64,
    /// Deliveries answered 400 by the leading schema check.
    pub rejected: u64,
}

/// Counts deliveries received: each with its workflow and when it came.
///
/// # Errors
/// As SQLite reports them.
pub fn received(
    tx: &Connection,
    deliveries: impl IntoIterator<Item = (WorkflowId, i64)>,
    rejected: bool,
) -> Result<(), StoreError> {
    let mut counts = BTreeMap::<(i64, WorkflowId), i64>::new();
    for (id, at) in deliveries {
        *counts.entry((at / MINUTE, id)).or_default() += 1;
    }
    let mut add = tx.prepare_cached(
        "INSERT INTO minute (minute, workflow_id, received, rejected) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (minute, workflow_id) DO UPDATE SET received = received + ?3, rejected = rejected + ?4",
    )?;
    for ((minute, id), count) in counts {
        add.execute(params![minute, id, count, if rejected { count } else { 0 }])?;
    }
    Ok(())
}

/// Counts one run finished.
///
/// # Errors
/// As SQLite reports them.
pub fn finished(tx: &Connection, id: WorkflowId, at: i64, status: Status) -> Result<(), StoreError> {
    let succeeded = i64::from(matches!(status, Status::Succeeded | Status::Stopped));
    let failed = i64::from(status == Status::Failed);
    tx.prepare_cached(
        "INSERT INTO minute (minute, workflow_id, succeeded, failed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (minute, workflow_id)
         DO UPDATE SET succeeded = succeeded + ?3, failed = failed + ?4",
    )?
    .execute(params![at / MINUTE, id, succeeded, failed])?;
    Ok(())
}

/// Forgets the counts of workflows that have no run any more.
///
/// # Errors
/// As SQLite reports them.
pub fn forget_runless(tx: &Connection) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM minute WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.workflow_id = minute.workflow_id)",
        [],
    )?;
    Ok(())
}

/// Counts in buckets of `width` milliseconds (a multiple of a minute), oldest first, empty ones left out.
///
/// # Errors
/// As SQLite reports them.
pub fn buckets(
    connection: &Connection,
    workflow: Option<WorkflowId>,
    from: i64,
    to: i64,
    width: i64,
) -> Result<Vec<Counts>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT (minute * 60000) / ?3 * ?3 AS at, sum(received), sum(succeeded), sum(failed), sum(rejected)
         FROM minute WHERE minute >= ?1 / 60000 AND minute < (?2 + 59999) / 60000
           AND (?4 IS NULL OR workflow_id = ?4)
         GROUP BY at ORDER BY at",
    )?;
    let rows = query
        .query_map(params![from, to, width.max(MINUTE), workflow], |row| {
            Ok(Counts {
                at: row.get(0)?,
                received: row.get(1)?,
                succeeded: row.get(2)?,
                failed: row.get(3)?,
                rejected: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
