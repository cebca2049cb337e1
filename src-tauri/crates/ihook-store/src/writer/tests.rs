//! Groups, panics, damage, and a file that is gone.

use super::*;
use crate::open;

fn writer() -> (tempfile::TempDir, Writer) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.db");
    let connection = open::writable(&path).unwrap();
    open::durable(&connection, &path).unwrap();
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT").unwrap();
    (dir, Writer::start(connection, &path, Arc::default(), Condition::default()).unwrap())
}

fn insert(n: i64) -> impl FnOnce(&Connection) -> Result<usize, StoreError> {
    move |connection| Ok(connection.execute("INSERT INTO t VALUES (?1)", [n])?)
}

fn count(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)
}

#[test]
fn a_failed_change_undoes_itself_and_spares_its_neighbours() {
    let (_dir, writer) = writer();
    let answers = [1, 2, 1, 3].map(|n| writer.submit(insert(n)));
    let results = answers.map(|answer| answer.blocking_recv().unwrap().is_ok());
    assert_eq!(results, [true, true, false, true], "only the repeated key fails");
    assert_eq!(writer.submit(count).blocking_recv().unwrap().unwrap(), 3);
}

/// Has all of `changes` in one group: each inserts a number, one that is there already fails; what became of
/// each, and of a change with a savepoint beside them.
fn together(writer: &Writer, changes: &[i64]) -> (Vec<bool>, bool) {
    let (go_on, blocked) = mpsc::channel::<()>();
    let beside = writer.submit(move |_tx| {
        // Ends when the sender goes.
        let _ = blocked.recv();
        Ok(())
    });
    let queued: Vec<_> = changes.iter().map(|n| writer.submit_whole(insert(*n))).collect();
    drop(go_on);
    let done = queued.into_iter().map(|one| one.blocking_recv().unwrap().is_ok()).collect();
    (done, beside.blocking_recv().unwrap().is_ok())
}

#[test]
fn a_change_without_a_savepoint_that_meets_an_error_of_the_database_takes_its_group_with_it() {
    let (_dir, writer) = writer();
    assert_eq!(together(&writer, &[1, 2]), (vec![true, true], true));
    assert_eq!(together(&writer, &[3, 1, 4]), (vec![false; 3], false), "no answer says that it is stored");
    assert_eq!(writer.submit(count).blocking_recv().unwrap().unwrap(), 2, "and no half of it is");
    let refused = writer.submit_whole(|_tx| -> Result<(), _> { Err(StoreError::NotFound) });
    assert!(matches!(refused.blocking_recv().unwrap(), Err(StoreError::NotFound)));
    assert_eq!(together(&writer, &[3, 4]), (vec![true, true], true), "the writer goes on");
}

#[test]
fn a_panicking_change_leaves_the_writer_alive() {
    let (_dir, writer) = writer();
    let panicked = writer.submit(|connection| -> Result<(), StoreError> {
        connection.execute("INSERT INTO t VALUES (7)", [])?;
        panic!("on purpose");
    });
    assert!(matches!(panicked.blocking_recv().unwrap(), Err(StoreError::Stopped)));
    assert_eq!(writer.submit(count).blocking_recv().unwrap().unwrap(), 0, "and undoes what it did");
}

/// Panics when it is dropped, which the writer does where nobody waits for it any more.
struct Trap;

impl Drop for Trap {
    fn drop(&mut self) {
        panic!("on purpose");
    }
}

#[test]
fn an_answer_that_panics_where_nobody_waits_for_it_costs_its_neighbours_nothing() {
    let (_dir, writer) = writer();
    let (begun, blocked) = mpsc::channel::<()>();
    let before = writer.submit(move |connection| {
        // Until everything below is queued, so that it is one group.
        let _ = blocked.recv();
        insert(1)(connection)
    });
    drop(writer.submit(|_connection| Ok(Trap)));
    let after = writer.submit(insert(2));
    drop(begun);
    assert!(before.blocking_recv().unwrap().is_ok());
    assert!(after.blocking_recv().unwrap().is_ok(), "what is stored is acknowledged");
    assert_eq!(writer.submit(count).blocking_recv().unwrap().unwrap(), 2);
}

#[test]
fn a_panic_outside_of_any_change_leaves_the_writer_alive() {
    let (_dir, writer) = writer();
    writer.condition.damaged("on purpose");
    // Refused unseen, and so dropped by the writer itself.
    let trap = Trap;
    let lost = writer.submit(move |_connection| {
        let _trap = trap;
        Ok(())
    });
    assert!(lost.blocking_recv().is_err(), "its answer went with the panic");
    for _ in 0..2 {
        let refused = writer.submit(insert(1)).blocking_recv().unwrap();
        assert!(matches!(refused, Err(StoreError::Damaged(_))), "answered, with the reason: {refused:?}");
    }
}

#[test]
fn damage_ends_all_writing_and_says_so() {
    let (_dir, writer) = writer();
    let damage = || rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(11), None);
    let met = writer.submit(move |_tx| -> Result<(), StoreError> { Err(damage().into()) });
    assert!(met.blocking_recv().unwrap().is_err());
    let refused = writer.submit(insert(1)).blocking_recv().unwrap();
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
}

#[cfg(unix)]
#[test]
fn nothing_is_acknowledged_once_the_file_or_its_log_is_gone() {
    for name in ["t.db", "t.db-wal"] {
        let (dir, writer) = writer();
        assert!(writer.submit(insert(1)).blocking_recv().unwrap().is_ok());
        std::fs::rename(dir.path().join(name), dir.path().join("elsewhere")).unwrap();
        let lost = writer.submit(insert(2)).blocking_recv().unwrap().unwrap_err();
        assert!(lost.to_string().contains("moved or deleted"), "{name}: {lost}");
        let refused = writer.submit(insert(3)).blocking_recv().unwrap();
        assert!(matches!(refused, Err(StoreError::Damaged(_))), "{name}: {refused:?}");
    }
}

#[test]
fn a_closed_writer_has_done_what_was_queued_and_takes_no_more() {
    let (_dir, writer) = writer();
    let queued = writer.submit(insert(1));
    writer.close();
    assert!(queued.blocking_recv().unwrap().is_ok());
    assert!(writer.submit(insert(2)).blocking_recv().is_err());
}
