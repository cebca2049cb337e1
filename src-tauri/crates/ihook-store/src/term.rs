//! The search index: every value of a payload, lower-cased and cut, pointing to its run.

use rusqlite::{Connection, params};

use crate::StoreError;

/// Longer values are found by their beginning.
const MAX_CHARS: usize = 64;

/// Enters the values of one run's payload and marks it as indexed.
///
/// # Errors
/// As SQLite reports them.
pub fn index(tx: &Connection, run_seq: i64, values: &[String]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO term (value, run_seq) VALUES (?1, ?2)")?;
    for value in values {
        let value = normalize(value);
        if !value.is_empty() {
            insert.execute(params![value, run_seq])?;
        }
    }
    tx.prepare_cached("UPDATE run SET indexed = 1 WHERE seq = ?1")?.execute([run_seq])?;
    Ok(())
}

/// Removes the values of one run's payload.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn forget(tx: &Connection, run_seq: i64, values: &[String]) -> Result<(), StoreError> {
    let mut delete = tx.prepare_cached("DELETE FROM term WHERE value = ?1 AND run_seq = ?2")?;
    for value in values {
        delete.execute(params![normalize(value), run_seq])?;
    }
    Ok(())
}

/// Runs that are not indexed yet, with their payload text, oldest first.
///
/// # Errors
/// As SQLite reports them.
pub fn pending(connection: &Connection, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT run.seq, coalesce(payload.body, '{}') FROM run LEFT JOIN payload ON payload.run_seq = run.seq
         WHERE run.indexed = 0 ORDER BY run.seq LIMIT ?1",
    )?;
    let rows = query.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The stored values that are `text` or begin with it; nothing when they are more than `most`.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn matching(
    connection: &Connection,
    text: &str,
    most: usize,
) -> Result<Option<Vec<String>>, StoreError> {
    let (low, high) = range(text);
    // From each value straight to the next one, whatever number of runs has it.
    let mut query = connection.prepare_cached(
        "WITH RECURSIVE found (value) AS (
           SELECT min(value) FROM term WHERE value >= ?1 AND value < ?2
           UNION ALL
           SELECT (SELECT min(value) FROM term WHERE value > found.value AND value < ?2) FROM found
           WHERE found.value IS NOT NULL)
         SELECT value FROM found WHERE value IS NOT NULL LIMIT ?3",
    )?;
    let values: Vec<String> =
        query.query_map(params![low, high, most + 1], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Some(values).filter(|values| values.len() <= most))
}

/// The half-open range of stored values that are `text` or begin with it.
#[must_use]
pub fn range(text: &str) -> (String, String) {
    let low = normalize(text);
    let high = format!("{low}\u{10FFFF}");
    (low, high)
}

fn normalize(value: &str) -> String {
    value.trim().to_lowercase().chars().take(MAX_CHARS).collect()
}
