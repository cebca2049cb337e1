//! Runs that execute our own code for long: a mark stands meanwhile, so that one which takes the program down again
//! and again is known.

use rusqlite::{Connection, params};

use super::{OPEN, Status};
use crate::{StoreError, step};

/// Ends of the program in a row after which a person has to look at the run (docs/behavior.md).
const MAX_ENDS: i64 = 3;

/// Marks the run as executing our own code for long.
///
/// # Errors
/// As SQLite reports them.
pub fn begin_long_work(tx: &Connection, seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO long_work (run_seq, is_open) VALUES (?1, 1) ON CONFLICT (run_seq) DO UPDATE SET is_open = 1",
    )?
    .execute([seq])?;
    Ok(())
}

/// Takes the mark off. What is known of earlier ends stays.
///
/// # Errors
/// As SQLite reports them.
pub fn end_long_work(tx: &Connection, seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE long_work SET is_open = 0 WHERE run_seq = ?1")?.execute([seq])?;
    Ok(())
}

/// Counts that the program ended while runs of `connection` were marked, takes the marks off, and holds for `reason`
/// those of which that was the third time in a row without a finished step between; how many.
///
/// # Errors
/// As SQLite reports them.
pub fn count_ends(tx: &Connection, connection: &str, reason: &str) -> Result<usize, StoreError> {
    let sql = format!(
        "SELECT run_seq, ends, steps FROM long_work JOIN run ON seq = run_seq
         WHERE is_open = 1 AND connection = ?1 AND (status = 'queued' OR {OPEN} AND status = 'running')"
    );
    let marked: Vec<(i64, i64, i64)> = tx
        .prepare_cached(&sql)?
        .query_map([connection], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut held = 0;
    tx.prepare_cached(
        "UPDATE long_work SET is_open = 0
         WHERE is_open = 1 AND run_seq IN (SELECT seq FROM run WHERE connection = ?1)",
    )?
    .execute([connection])?;
    for (seq, ends, steps) in marked {
        // With a request out it is looked up, whatever it did beside that.
        if step::is_request_open(tx, seq)? {
            continue;
        }
        let finished = step::finished(tx, seq)?;
        let ends = if finished == steps { ends + 1 } else { 1 };
        tx.prepare_cached("UPDATE long_work SET ends = ?2, steps = ?3 WHERE run_seq = ?1")?
            .execute(params![seq, ends, finished])?;
        if ends >= MAX_ENDS {
            super::set_aside(tx, seq, Status::Held, None, reason)?;
            held += 1;
        }
    }
    tx.execute(
        "DELETE FROM long_work WHERE run_seq NOT IN (SELECT seq FROM run WHERE finished_at IS NULL)",
        [],
    )?;
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::step::Step;
    use crate::{Store, WorkflowId, workflow};

    /// What one life of the program did to the run, and whether the next start held it.
    fn lives(did: &[(&str, bool)]) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        let tx = crate::open::writable(&path).unwrap();
        let workflow_id = WorkflowId::new();
        workflow::insert(&tx, workflow_id, "key", "W", 0).unwrap();
        let payload = Payload { body: "{}".to_owned(), metadata: None };
        let seq = run::enqueue(&tx, &[(&NewRun::live(workflow_id), &payload)]).unwrap().start;
        let mut index = 0;
        for (at, (what, is_held)) in did.iter().enumerate() {
            for word in what.split(' ') {
                match word {
                    "starts" => run::start(&tx, seq, Status::Queued, 0).unwrap(),
                    "long" => begin_long_work(&tx, seq).unwrap(),
                    "over" => end_long_work(&tx, seq).unwrap(),
                    "step" => {
                        let begun = Step::begun(index, "a", "gate", "A", 0);
                        let done = Step { status: step::Status::Succeeded, finished_at: Some(1), ..begun };
                        step::put(&tx, seq, &done).unwrap();
                        index += 1;
                    }
                    "sends" => {
                        let begun = Step::begun(index, "b", "insertActivity", "B", 0);
                        step::put(&tx, seq, &Step { intent: Some("{}".to_owned()), ..begun }).unwrap();
                    }
                    "waits" => run::set_aside(&tx, seq, Status::Waiting, None, "").unwrap(),
                    other => panic!("{other}"),
                }
            }
            let held = count_ends(&tx, "sandbox", "It ended three times.").unwrap();
            assert_eq!(held == 1, *is_held, "{did:?}, life {at}");
            assert_eq!(run::get_by_seq(&tx, seq).unwrap().status == Status::Held, *is_held);
        }
    }

    #[test]
    fn a_run_is_held_after_three_ends_in_a_row_within_its_own_work() {
        lives(&[("long", false), ("long", false), ("long", true)]);
        lives(&[("starts long", false), ("long", false), ("long", true)]);
        lives(&[("long", false), ("long over", false), ("long", false), ("long", true)]);
        lives(&[
            ("long", false),
            ("long", false),
            ("long over step long", false),
            ("long", false),
            ("long", true),
        ]);
        lives(&[("long", false), ("long", false), ("long step", false), ("long", false), ("long", true)]);
    }

    #[test]
    fn an_end_in_doubt_or_while_it_waits_or_with_a_request_out_does_not_count() {
        lives(&[("long", false), ("long", false), ("long over sends", false), ("long sends", false)]);
        lives(&[("long", false), ("long", false), ("long waits", false)]);
        lives(&[("starts sends long", false), ("long", false), ("long", false)]);
    }
}
