//! One thread that writes: whatever is waiting goes into one transaction and one fsync.
//!
//! Nothing waits for a timer: under load the groups grow by themselves while the disk is busy with the last one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use crate::StoreError;

/// The largest group. Beyond this the fsync is cheap beside the rows, and answers only come later.
const GROUP: usize = 256;

/// Does the change; what it returns is called with the commit's outcome and sends the answer.
type Job = Box<dyn FnOnce(&Connection) -> Reply + Send>;
type Reply = Box<dyn FnOnce(Result<(), &rusqlite::Error>) + Send>;

/// The way to the writer thread, which ends when this is dropped and the queue is empty.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, std::io::Error> {
        let (jobs, queue) = mpsc::channel();
        let thread =
            thread::Builder::new().name("store-writer".to_owned()).spawn(move || run(&connection, &queue))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Queues `change`; the receiver yields its result once the commit is durable.
    pub(crate) fn submit<T, F>(&self, change: F) -> oneshot::Receiver<Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = attempt(connection, change);
            Box::new(move |committed| {
                // Nobody may be waiting any more; the change holds all the same.
                let _ = answer.send(match committed {
                    Ok(()) => result,
                    Err(error) => Err(StoreError::Sqlite(restate(error))),
                });
            })
        });
        if let Some(jobs) = &self.jobs {
            // A dead writer drops the job and with it the answer's sender: the receiver says so.
            let _ = jobs.send(job);
        }
        receiver
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has already failed every answer.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            // The change cannot be tried; its answer's sender goes with it, and the receiver says so.
            tracing::error!(%error, "store.begin_failed");
            continue;
        }
        let mut replies = vec![first(connection)];
        // SQLite ends the whole transaction by itself on a full disk or an I/O error. Whatever is tried after
        // that would be committed alone while its answer says it failed.
        while !connection.is_autocommit()
            && replies.len() < GROUP
            && let Ok(job) = queue.try_recv()
        {
            replies.push(job(connection));
        }
        let committed = connection.execute_batch("COMMIT");
        if let Err(error) = &committed {
            tracing::error!(%error, "store.commit_failed");
            if !connection.is_autocommit() {
                let _ = connection.execute_batch("ROLLBACK");
            }
        }
        for reply in replies {
            reply(committed.as_ref().copied());
        }
    }
    // Leaves a short log behind; the next start copes with any.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

/// Runs one change inside a savepoint, so that its failure undoes it alone.
fn attempt<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("SAVEPOINT change")?.execute([])?;
    let result = catch_unwind(AssertUnwindSafe(|| change(connection))).unwrap_or_else(|_panic| {
        tracing::error!("store.change_panicked");
        Err(StoreError::Stopped)
    });
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO change")?.execute([])?;
    }
    connection.prepare_cached("RELEASE change")?.execute([])?;
    result
}

/// `rusqlite::Error` cannot be cloned, and every answer of a failed group needs the reason.
fn restate(error: &rusqlite::Error) -> rusqlite::Error {
    let code = error.sqlite_error().map_or_else(
        || rusqlite::ffi::Error { code: ErrorCode::SystemIoFailure, extended_code: 10 },
        |known| *known,
    );
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    fn writer() -> (tempfile::TempDir, Writer) {
        let dir = tempfile::tempdir().unwrap();
        let connection = open::writable(&dir.path().join("t.db")).unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT").unwrap();
        (dir, Writer::start(connection).unwrap())
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
}
