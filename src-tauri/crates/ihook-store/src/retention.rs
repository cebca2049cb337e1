//! Removes finished runs with age, in small steps, and gives the space back.

use rusqlite::{Connection, params};

use crate::{StoreError, term};

/// Finished runs received before `before` (milliseconds since 1970), oldest first, each with its payload's
/// text; the ones that are to go next. What is not finished never goes.
///
/// # Errors
/// As SQLite reports them.
pub fn expired(connection: &Connection, before: i64, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT run.seq, coalesce(payload.body, '{}') FROM run LEFT JOIN payload ON payload.run_seq = run.seq
         WHERE run.received_at < ?1 AND run.status IN ('succeeded', 'failed', 'rejected', 'stopped', 'cancelled')
         ORDER BY run.seq LIMIT ?2",
    )?;
    let rows = query
        .query_map(params![before, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Finished runs that wrote to `name`, oldest first, each with its payload's text.
///
/// # Errors
/// As SQLite reports them.
pub fn of_connection(
    connection: &Connection,
    name: &str,
    limit: u32,
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT run.seq, coalesce(payload.body, '{}') FROM run LEFT JOIN payload ON payload.run_seq = run.seq
         WHERE run.connection = ?1 AND run.status IN ('succeeded', 'failed', 'rejected', 'stopped', 'cancelled')
         ORDER BY run.seq LIMIT ?2",
    )?;
    let rows = query
        .query_map(params![name, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Removes a run with its payload, steps and search entries. `values` are those of its payload.
///
/// # Errors
/// As SQLite reports them.
pub fn remove(tx: &Connection, run_seq: i64, values: &[String]) -> Result<(), StoreError> {
    term::forget(tx, run_seq, values)?;
    crate::step::remove_all(tx, run_seq)?;
    tx.prepare_cached("DELETE FROM payload WHERE run_seq = ?1")?.execute([run_seq])?;
    tx.prepare_cached("DELETE FROM run WHERE seq = ?1")?.execute([run_seq])?;
    Ok(())
}

/// Forgets refused requests received before `before`; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn forget_deliveries(tx: &Connection, before: i64) -> Result<usize, StoreError> {
    Ok(tx.prepare_cached("DELETE FROM delivery WHERE at < ?1")?.execute([before])?)
}

/// Gives up to `pages` free pages back to the disk.
///
/// # Errors
/// As SQLite reports them.
pub fn shrink(tx: &Connection, pages: u32) -> Result<(), StoreError> {
    tx.execute_batch(&format!("PRAGMA incremental_vacuum({pages})"))?;
    Ok(())
}
