//! What a person decides about one step. Each change holds only while the step is as the decision takes it to be.

use rusqlite::{Connection, OptionalExtension, params};

use super::{COLUMNS, SPAN, Step, from_row, key};
use crate::StoreError;

/// One step of a run, where it has such a one.
///
/// # Errors
/// As SQLite reports them.
pub fn find(connection: &Connection, run_seq: i64, index: u32) -> Result<Option<Step>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM step WHERE id = ?1"))?
        .query_row([key(run_seq, index)?], from_row)
        .optional()?)
}

/// The steps of a run that are in doubt or held, in order.
///
/// # Errors
/// As SQLite reports them.
pub fn undecided(connection: &Connection, run_seq: i64) -> Result<Vec<Step>, StoreError> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM step WHERE id >= ?1 AND id < ?2 AND status IN ('held', 'inDoubt') ORDER BY id"
    ))?;
    let rows =
        query.query_map([run_seq * SPAN, (run_seq + 1) * SPAN], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes the intent of a step in doubt or held back: a person said that the record is not there, so it may be sent
/// again.
///
/// # Errors
/// [`StoreError::Conflict`] when the step is neither: its record may be there.
pub fn send_again(tx: &Connection, run_seq: i64, index: u32) -> Result<(), StoreError> {
    one(tx
        .prepare_cached(
            "UPDATE step SET status = 'waiting', intent = NULL, error = NULL
             WHERE id = ?1 AND status IN ('held', 'inDoubt')",
        )?
        .execute([key(run_seq, index)?])?)
}

/// Notes that a person begins to have the step's record deleted. A deletion that began after `since` (milliseconds
/// since 1970) and never ended keeps others back; an older one was cut off.
///
/// # Errors
/// [`StoreError::Conflict`] when the step wrote no record, it was deleted before, or is being deleted.
pub fn begin_undo(tx: &Connection, run_seq: i64, index: u32, since: i64, now: i64) -> Result<(), StoreError> {
    one(tx
        .prepare_cached(
            "UPDATE step SET undo_since = ?3 WHERE id = ?1 AND status = 'succeeded' AND record_key IS NOT NULL
               AND undone_at IS NULL AND (undo_since IS NULL OR undo_since <= ?2 OR undo_since > ?3)",
        )?
        .execute(params![key(run_seq, index)?, since, now])?)
}

/// Notes that the record was certainly not deleted after all.
///
/// # Errors
/// As SQLite reports them.
pub fn give_up_undo(tx: &Connection, run_seq: i64, index: u32) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE step SET undo_since = NULL WHERE id = ?1 AND undone_at IS NULL")?
        .execute([key(run_seq, index)?])?;
    Ok(())
}

/// Notes that a person had the step's record deleted.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else noted it before.
pub fn undone(tx: &Connection, run_seq: i64, index: u32, now: i64) -> Result<(), StoreError> {
    one(tx
        .prepare_cached("UPDATE step SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL")?
        .execute(params![key(run_seq, index)?, now])?)
}

fn one(changed: usize) -> Result<(), StoreError> {
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict("something else was decided about the step meanwhile".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::step::{Status, put};
    use crate::{Store, WorkflowId, workflow};

    /// Runs `test` on a database with one run, given its sequence number.
    fn with_run(test: impl FnOnce(&Connection, i64)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        let tx = crate::open::writable(&path).unwrap();
        let id = WorkflowId::new();
        workflow::insert(&tx, id, "key", "W", 0).unwrap();
        let payload = Payload { body: "{}".to_owned(), metadata: None };
        let seq = run::enqueue(&tx, &[(&NewRun::live(id), &payload)]).unwrap().start;
        test(&tx, seq);
    }

    fn step(status: Status) -> Step {
        Step {
            status,
            intent: Some("{}".to_owned()),
            record_key: Some("7".to_owned()),
            ..Step::begun(0, "a", "insertActivity", "A", 1)
        }
    }

    #[test]
    fn only_a_step_in_doubt_or_held_is_sent_again() {
        for status in Status::ALL {
            with_run(|tx, seq| {
                put(tx, seq, &step(status)).unwrap();
                let is_open = matches!(status, Status::Held | Status::InDoubt);
                assert_eq!(undecided(tx, seq).unwrap().len(), usize::from(is_open), "{status:?}");
                assert_eq!(send_again(tx, seq, 0).is_ok(), is_open, "{status:?}");
                let now = find(tx, seq, 0).unwrap().unwrap();
                assert_eq!((now.status, now.intent.is_none()), {
                    if is_open { (Status::Waiting, true) } else { (status, false) }
                });
                let again = send_again(tx, seq, 0);
                assert!(matches!(again, Err(StoreError::Conflict(_))), "one word is enough");
            });
        }
    }

    #[test]
    fn a_record_is_deleted_by_one_person_at_a_time_and_once() {
        with_run(|tx, seq| {
            put(tx, seq, &step(Status::Succeeded)).unwrap();
            begin_undo(tx, seq, 0, 0, 100).unwrap();
            assert!(begin_undo(tx, seq, 0, 99, 150).is_err(), "somebody else is at it");
            begin_undo(tx, seq, 0, 100, 150).unwrap();
            begin_undo(tx, seq, 0, 0, 140).unwrap();
            give_up_undo(tx, seq, 0).unwrap();
            begin_undo(tx, seq, 0, 0, 200).unwrap();
            undone(tx, seq, 0, 210).unwrap();
            assert!(undone(tx, seq, 0, 220).is_err() && begin_undo(tx, seq, 0, 300, 300).is_err());
            assert_eq!(find(tx, seq, 0).unwrap().unwrap().undone_at, Some(210));
        });
        for status in [Status::Running, Status::InDoubt, Status::Held, Status::Carried, Status::Failed] {
            with_run(|tx, seq| {
                put(tx, seq, &step(status)).unwrap();
                assert!(begin_undo(tx, seq, 0, 0, 1).is_err(), "{status:?}");
            });
        }
    }
}
