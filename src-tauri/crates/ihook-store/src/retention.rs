//! Removes finished runs, those first that ended first, in small steps, and gives the space back.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::{StoreError, block, health, term};

/// Finished runs, those first that ended first: the ones that are to go next, at most `limit`, and no more than have
/// payloads of `bytes` together. With `before` (milliseconds since 1970) only those that ended earlier. What is not
/// finished never goes.
///
/// # Errors
/// As SQLite reports them.
pub fn oldest_finished(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
    bytes: u64,
) -> Result<Vec<i64>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT run.seq, coalesce(octet_length(payload.body), 0)
         FROM run LEFT JOIN payload ON payload.run_seq = run.seq
         WHERE run.finished_at < ?1
           AND run.status IN ('succeeded', 'failed', 'rejected', 'stopped', 'cancelled')
         ORDER BY run.finished_at LIMIT ?2",
    )?;
    let mut rows = query.query(params![before.unwrap_or(i64::MAX), limit])?;
    let (mut found, mut size) = (Vec::new(), 0);
    while size < bytes
        && let Some(row) = rows.next()?
    {
        found.push(row.get(0)?);
        size += row.get::<_, u64>(1)?;
    }
    Ok(found)
}

/// Finished runs that wrote to `name`, oldest first.
///
/// # Errors
/// As SQLite reports them.
pub fn of_connection(connection: &Connection, name: &str, limit: u32) -> Result<Vec<i64>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq FROM run
         WHERE connection = ?1 AND status IN ('succeeded', 'failed', 'rejected', 'stopped', 'cancelled')
         ORDER BY seq LIMIT ?2",
    )?;
    let rows = query.query_map(params![name, limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Unfinished runs that were received before `before`, and when the oldest was; milliseconds since 1970.
///
/// # Errors
/// As SQLite reports them.
pub fn overdue(connection: &Connection, before: i64) -> Result<(u64, Option<i64>), StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*), min(received_at) FROM
               (SELECT received_at FROM run WHERE status = 'queued'
                UNION ALL
                SELECT received_at FROM run WHERE status IN ('running', 'waiting', 'inDoubt', 'held'))
             WHERE received_at < ?1",
        )?
        .query_row([before], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Removes runs with their payloads, steps and search entries.
///
/// # Errors
/// As SQLite reports them.
pub fn remove(tx: &Connection, runs: &[i64]) -> Result<(), StoreError> {
    runs.iter().try_for_each(|run_seq| remove_one(tx, *run_seq))?;
    let blocks: BTreeSet<i64> = runs.iter().map(|run_seq| block::of(*run_seq)).collect();
    blocks.into_iter().try_for_each(|number| block::forget_empty(tx, number))
}

fn remove_one(tx: &Connection, run_seq: i64) -> Result<(), StoreError> {
    term::forget(tx, run_seq)?;
    crate::step::remove_all(tx, run_seq)?;
    tx.prepare_cached("DELETE FROM payload WHERE run_seq = ?1")?.execute([run_seq])?;
    tx.prepare_cached("DELETE FROM run WHERE seq = ?1")?.execute([run_seq])?;
    Ok(())
}

/// Forgets refused requests that came before `before`, a limited number at once; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn forget_deliveries(tx: &Connection, before: i64, limit: u32) -> Result<usize, StoreError> {
    // The log is in order of arrival.
    let sql = "DELETE FROM delivery WHERE at < ?1
        AND seq < (SELECT coalesce(min(seq), 0) FROM delivery) + ?2";
    Ok(tx.prepare_cached(sql)?.execute(params![before, limit])?)
}

/// Forgets counts and audit entries older than `before`, a limited number at once; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn forget_records(tx: &Connection, before: i64, limit: u32) -> Result<usize, StoreError> {
    let minutes = "DELETE FROM minute WHERE (minute, workflow_id) IN
        (SELECT minute, workflow_id FROM minute WHERE minute < ?1 / 60000 ORDER BY minute LIMIT ?2)";
    let audit = "DELETE FROM audit WHERE at < ?1 AND seq < (SELECT coalesce(min(seq), 0) FROM audit) + ?2";
    Ok(tx.prepare_cached(minutes)?.execute(params![before, limit])?
        + tx.prepare_cached(audit)?.execute(params![before, limit])?)
}

/// Bytes of the database file that hold something.
///
/// # Errors
/// As SQLite reports them.
pub fn used_bytes(connection: &Connection) -> Result<u64, StoreError> {
    health::used_bytes(connection)
}

/// Gives up to `pages` free pages back to the disk; how many are left.
///
/// # Errors
/// As SQLite reports them.
pub fn shrink(tx: &Connection, pages: u32) -> Result<u64, StoreError> {
    // Each page is a step of the statement.
    let mut query = tx.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut rows = query.query([])?;
    while rows.next()?.is_some() {}
    health::free_pages(tx)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{self, Delivery, Kept};
    use crate::{DeliveryId, Store};

    #[tokio::test]
    async fn removed_rows_give_their_space_back_to_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let store = Store::open(&path).unwrap();
        let fill = |tx: &Connection| {
            for _ in 0..100 {
                let row = Delivery {
                    id: DeliveryId::new(),
                    at: 0,
                    workflow_id: None,
                    status: 400,
                    reason: String::new(),
                    remote_ip: String::new(),
                    content_type: None,
                    bytes: 50_000,
                    times: 1,
                    is_kept: true,
                    released_run: None,
                };
                let kept = Kept { body: vec![7; 50_000], metadata: None };
                delivery::add(tx, &row, Some(&kept))?;
            }
            Ok(())
        };
        store.write(fill).await.unwrap();
        assert!(store.empty_log().await);
        let full = std::fs::metadata(&path).unwrap().len();
        assert!(full > 5_000_000, "{full}");
        assert_eq!(store.write(|tx| forget_deliveries(tx, 1, 40)).await.unwrap(), 40, "in small steps");
        while store.write(|tx| forget_deliveries(tx, 1, 40)).await.unwrap() > 0 {}
        while store.write(|tx| shrink(tx, 300)).await.unwrap() > 0 {}
        assert!(store.empty_log().await);
        let left = std::fs::metadata(&path).unwrap().len();
        assert!(left < 300_000, "{left} of {full} bytes are left");
    }
}
