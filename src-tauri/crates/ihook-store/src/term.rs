//! The search index: every value of a payload, folded and cut, by blocks of runs, and the same by run.

use rusqlite::{Connection, OptionalExtension, ToSql, params};

use crate::{StoreError, block, rows};

/// Longer values are found by their beginning.
const MAX_CHARS: usize = 64;

/// Enters the folded values of payloads that follow each other, each with its run's sequence number, and notes that
/// everything from the first to the last is in. A payload that was erased since it was read is left out.
///
/// # Errors
/// As SQLite reports them.
pub fn index(tx: &Connection, runs: &[(i64, Vec<String>)]) -> Result<(), StoreError> {
    let seqs = || runs.iter().map(|(seq, _)| *seq);
    let (Some(first), Some(last)) = (seqs().min(), seqs().max()) else { return Ok(()) };
    let mut is_kept = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM payload WHERE run_seq = ?1)")?;
    let (mut entries, mut by_run) = (Vec::new(), Vec::new());
    for (seq, values) in runs {
        if !is_kept.query_row([seq], |row| row.get::<_, bool>(0))? {
            continue;
        }
        let mut values: Vec<String> = values.iter().map(|value| cut(value)).collect();
        values.sort_unstable();
        values.dedup();
        values.retain(|value| !value.is_empty());
        by_run.push((*seq, values.iter().map(|value| format!("\n{value}")).collect::<String>()));
        entries.extend(values.into_iter().map(|value| (block::of(*seq), value, *seq)));
    }
    // In the order of the tree, so that neighbours find their page at hand.
    entries.sort_unstable();
    let entries = entries.iter().map(|(block, value, seq)| -> [&dyn ToSql; 3] { [block, value, seq] });
    let into = "INSERT OR IGNORE INTO search (block, value, run_seq)";
    rows::insert(tx, into, "(?, ?, ?)", &entries.collect::<Vec<_>>())?;
    let by_run = by_run.iter().map(|(seq, texts)| -> [&dyn ToSql; 2] { [seq, texts] });
    let into = "INSERT OR REPLACE INTO search_values (run_seq, texts)";
    rows::insert(tx, into, "(?, ?)", &by_run.collect::<Vec<_>>())?;
    reach(tx, first, last)
}

/// Notes that everything from `first` to `last` is in, and closes the blocks that are full by that.
fn reach(tx: &Connection, first: i64, last: i64) -> Result<(), StoreError> {
    let before: i64 = tx.query_row("SELECT high FROM search_reach", [], |row| row.get(0))?;
    tx.prepare_cached("UPDATE search_reach SET high = max(high, ?2), low = min(low, ?1 - 1)")?
        .execute([first, last])?;
    (block::of(before)..block::of(last)).try_for_each(|number| block::seal(tx, number))
}

/// Takes one run out of the index.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn forget(tx: &Connection, run_seq: i64) -> Result<(), StoreError> {
    let texts: Option<String> = tx
        .prepare_cached("DELETE FROM search_values WHERE run_seq = ?1 RETURNING texts")?
        .query_row([run_seq], |row| row.get(0))
        .optional()?;
    let mut delete =
        tx.prepare_cached("DELETE FROM search WHERE block = ?1 AND value = ?2 AND run_seq = ?3")?;
    for value in texts.iter().flat_map(|texts| texts.lines()).filter(|value| !value.is_empty()) {
        delete.execute(params![block::of(run_seq), value, run_seq])?;
    }
    Ok(())
}

/// Payloads to be taken in, and whether they came before the index was begun anew.
#[derive(Debug, Default)]
pub struct Pending {
    /// Each with its run's sequence number.
    pub runs: Vec<(i64, String)>,
    /// Nothing newer waits.
    pub are_old: bool,
}

/// Payloads that are not in the index yet: new ones, the oldest first; where there are none, those from before it was
/// begun anew, the newest first. At most `limit`, and no more than have `bytes` together, but always one.
///
/// # Errors
/// As SQLite reports them.
pub fn pending(connection: &Connection, limit: u32, bytes: usize) -> Result<Pending, StoreError> {
    let read = |sql: &str| -> Result<Vec<(i64, String)>, StoreError> {
        let mut query = connection.prepare_cached(sql)?;
        let mut rows = query.query([limit])?;
        let (mut found, mut size) = (Vec::new(), 0);
        while size < bytes
            && let Some(row) = rows.next()?
        {
            let (seq, body): (i64, String) = (row.get(0)?, row.get(1)?);
            size += body.len();
            found.push((seq, body));
        }
        Ok(found)
    };
    let new = read(
        "SELECT run_seq, body FROM payload WHERE run_seq > (SELECT high FROM search_reach)
         ORDER BY run_seq LIMIT ?1",
    )?;
    if !new.is_empty() {
        return Ok(Pending { runs: new, are_old: false });
    }
    let old = read(
        "SELECT run_seq, body FROM payload WHERE run_seq <= (SELECT low FROM search_reach)
         ORDER BY run_seq DESC LIMIT ?1",
    )?;
    Ok(Pending { runs: old, are_old: true })
}

/// How much of the history the index has, in percent, while it is being built anew; none once it has all.
///
/// # Errors
/// As SQLite reports them.
pub fn rebuilt(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let (low, first, last): (i64, Option<i64>, Option<i64>) = connection
        .prepare_cached(
            "SELECT low, (SELECT min(run_seq) FROM payload), (SELECT max(run_seq) FROM payload) FROM search_reach",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let ends = first.zip(last).filter(|(first, _)| low >= *first);
    Ok(ends.map(|(first, last)| (last - low).max(0) * 100 / (last - first + 1).max(1)))
}

/// The half-open range of stored values that are `text`, as the index has it, or begin with it.
pub(crate) fn range(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10FFFF}"))
}

/// A folded value, or what is searched for, as the index has it: cut, and on one line, for a line break parts values.
pub(crate) fn cut(value: &str) -> String {
    let cut: String =
        value.chars().take(MAX_CHARS).map(|letter| if letter == '\n' { ' ' } else { letter }).collect();
    cut.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::{Store, WorkflowId, workflow};

    /// An empty database with one workflow.
    fn database() -> (tempfile::TempDir, Connection, WorkflowId) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        let tx = crate::open::writable(&path).unwrap();
        let id = WorkflowId::new();
        workflow::insert(&tx, id, "key", "W", 0).unwrap();
        (dir, tx, id)
    }

    fn receive(tx: &Connection, id: WorkflowId, value: &str) -> (i64, Vec<String>) {
        let body = serde_json::json!({ "name": value }).to_string();
        let payload = Payload { body, metadata: None };
        let seq = run::enqueue(tx, &[(&NewRun::live(id), &payload)]).unwrap().start;
        (seq, vec![value.to_lowercase(), value.to_lowercase()])
    }

    fn values(tx: &Connection) -> Vec<String> {
        let mut query = tx.prepare("SELECT value FROM search ORDER BY value").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn waiting(tx: &Connection) -> Vec<i64> {
        pending(tx, 10, usize::MAX).unwrap().runs.into_iter().map(|(seq, _)| seq).collect()
    }

    #[test]
    fn payloads_are_taken_in_once_and_not_after_they_were_erased() {
        let (_dir, tx, id) = database();
        let runs = ["Ada", "Grace", "Edith"].map(|name| receive(&tx, id, name));
        assert_eq!(waiting(&tx), runs.each_ref().map(|(seq, _)| *seq));
        assert_eq!(pending(&tx, 10, 1).unwrap().runs.len(), 1, "a large one is taken in alone");
        tx.execute("DELETE FROM payload WHERE run_seq = ?1", [runs[1].0]).unwrap();
        index(&tx, &runs).unwrap();
        assert_eq!(waiting(&tx), [] as [i64; 0]);
        assert_eq!(values(&tx), ["ada", "edith"]);
        let (late, _) = receive(&tx, id, "Hedy");
        assert_eq!(waiting(&tx), [late]);
        forget(&tx, runs[0].0).unwrap();
        forget(&tx, runs[0].0).unwrap();
        assert_eq!(values(&tx), ["edith"]);
    }

    #[test]
    fn what_came_before_the_index_was_begun_anew_is_taken_in_behind_what_is_new() {
        let (_dir, tx, id) = database();
        let old = ["Ada", "Grace", "Edith"].map(|name| receive(&tx, id, name));
        tx.execute("UPDATE search_reach SET high = ?1, low = ?1", [old[2].0]).unwrap();
        assert_eq!(rebuilt(&tx).unwrap(), Some(0));
        let new = receive(&tx, id, "Hedy");
        assert_eq!(waiting(&tx), [new.0]);
        index(&tx, &[new]).unwrap();
        assert_eq!(waiting(&tx), [old[2].0, old[1].0, old[0].0], "the newest first");
        index(&tx, &[old[2].clone(), old[1].clone()]).unwrap();
        assert_eq!((waiting(&tx), rebuilt(&tx).unwrap()), (vec![old[0].0], Some(75)));
        index(&tx, &old[..1]).unwrap();
        assert_eq!((waiting(&tx), rebuilt(&tx).unwrap()), (vec![], None));
        assert_eq!(values(&tx), ["ada", "edith", "grace", "hedy"]);
    }

    #[test]
    fn a_value_is_cut_to_what_is_searched_for() {
        assert_eq!(cut(&"é".repeat(80)), "é".repeat(64));
        assert_eq!(cut(&format!("{} end", "x".repeat(63))), "x".repeat(63));
        assert_eq!(cut("two\nlines"), "two lines");
    }
}
