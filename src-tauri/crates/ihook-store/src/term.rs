//! The search index: every value of a payload, lower-cased and cut, pointing to its run.

use rusqlite::{Connection, ToSql, params};

use crate::{StoreError, rows};

/// Longer values are found by their beginning.
const MAX_CHARS: usize = 64;

/// Enters the values of payloads that follow each other, each with its run's sequence number, and notes that
/// everything up to the last is in. A payload that was erased since it was read is left out.
///
/// # Errors
/// As SQLite reports them.
pub fn index(tx: &Connection, runs: &[(i64, Vec<String>)]) -> Result<(), StoreError> {
    let Some((last, _)) = runs.last() else { return Ok(()) };
    let mut is_kept = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM payload WHERE run_seq = ?1)")?;
    let mut entries = Vec::new();
    for (seq, values) in runs {
        if is_kept.query_row([seq], |row| row.get(0))? {
            entries.extend(values.iter().map(|value| (normalize(value), *seq)));
        }
    }
    // In the order of the tree, so that neighbours find their page at hand.
    entries.sort_unstable();
    entries.retain(|(value, _)| !value.is_empty());
    let entries = entries.iter().map(|(value, seq)| -> [&dyn ToSql; 2] { [value, seq] });
    rows::insert(tx, "INSERT OR IGNORE INTO term (value, run_seq)", "(?, ?)", &entries.collect::<Vec<_>>())?;
    tx.prepare_cached("UPDATE term_reach SET run_seq = max(run_seq, ?1)")?.execute([last])?;
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

/// Payloads that are not indexed yet, with their run's sequence number, oldest first.
///
/// # Errors
/// As SQLite reports them.
pub fn pending(connection: &Connection, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT run_seq, body FROM payload WHERE run_seq > (SELECT run_seq FROM term_reach)
         ORDER BY run_seq LIMIT ?1",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::{Store, WorkflowId, workflow};

    #[test]
    fn payloads_are_taken_in_once_and_not_after_they_were_erased() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        let tx = crate::open::writable(&path).unwrap();
        let workflow_id = WorkflowId::new();
        workflow::insert(&tx, workflow_id, "key", "W", 0).unwrap();
        let receive = |value: &str| {
            let body = serde_json::json!({ "name": value }).to_string();
            let payload = Payload { body, metadata: None };
            let seq = run::enqueue(&tx, &[(&NewRun::live(workflow_id), &payload)]).unwrap().start;
            (seq, vec![value.to_owned()])
        };
        let runs = [receive("Ada"), receive("Grace"), receive("Edith")];
        let waiting = || pending(&tx, 10).unwrap().into_iter().map(|(seq, _)| seq).collect::<Vec<_>>();
        assert_eq!(waiting(), runs.each_ref().map(|(seq, _)| *seq));
        tx.execute("DELETE FROM payload WHERE run_seq = ?1", [runs[1].0]).unwrap();
        index(&tx, &runs).unwrap();
        assert_eq!(waiting(), [] as [i64; 0]);
        assert_eq!(matching(&tx, "", 10).unwrap().unwrap(), ["ada", "edith"]);
        let (late, _) = receive("Hedy");
        assert_eq!(waiting(), [late]);
    }
}
