//! One thread that writes: whatever is waiting goes into one transaction and one fsync.
//!
//! Nothing waits for a timer: under load the groups grow by themselves while the disk is busy with the last one.
//! Between groups the thread tends the log ([`crate::log`]) and takes a backup a step further ([`crate::copy`]).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use crate::StoreError;
use crate::condition::Condition;
use crate::copy::{self, Copy};
use crate::log::Log;
use crate::place::Place;
use crate::readers::Gate;

/// The largest group. Beyond this the fsync is cheap beside the rows, and answers only come later.
const GROUP: usize = 256;

/// `SQLITE_ABORT`.
const ABORTED: i32 = 4;

/// Does the change; the reply is called with the commit's outcome and sends the answer.
type Change = Box<dyn FnOnce(&Connection) -> Done + Send>;
type Reply = Box<dyn FnOnce(Result<(), &rusqlite::Error>) + Send>;

/// What became of a change, before the commit.
struct Done {
    reply: Reply,
    /// Half of it may be there, and nothing less than the whole group can be undone.
    is_half_done: bool,
}

/// What a change that fails takes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undo {
    /// Itself alone: it has a savepoint, for which SQLite copies every page it touches.
    Change,
    /// The whole group.
    Group,
}
type CopyAnswer = oneshot::Sender<Result<Copy, StoreError>>;

enum Job {
    Change(Change),
    /// Fill the copy and give it back.
    Copy(Box<Copy>, CopyAnswer),
    /// Empty the log.
    EmptyLog(oneshot::Sender<bool>),
    /// End, whoever still holds the way here.
    Close,
}

/// The way to the writer thread, which ends when this is dropped and the queue is empty.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: Mutex<Option<thread::JoinHandle<()>>>,
    condition: Condition,
}

impl Writer {
    pub(crate) fn start(
        mut connection: Connection,
        path: &Path,
        gate: Arc<Gate>,
        condition: Condition,
    ) -> Result<Self, std::io::Error> {
        let (jobs, queue) = mpsc::channel();
        let (seen, place) = (condition.clone(), Place::of(path)?);
        let thread = thread::Builder::new().name("store-writer".to_owned()).spawn(move || {
            match Log::of(&mut connection, gate) {
                Ok(log) => {
                    let (connection, queue) = (&connection, &queue);
                    Thread { connection, queue, log, place, condition: seen, next: None }.run();
                }
                Err(error) => seen.damaged(&error.to_string()),
            }
            // Leaves a short log behind; the next start copes with any.
            let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        })?;
        Ok(Self { jobs, thread: Mutex::new(Some(thread)), condition })
    }

    /// Queues `change`; the receiver yields its result once the commit is durable.
    pub(crate) fn submit<T, F>(&self, undo: Undo, change: F) -> oneshot::Receiver<Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let condition = self.condition.clone();
        let change: Change = Box::new(move |connection| {
            let tried = condition.check().and_then(|()| match undo {
                Undo::Change => with_savepoint(connection, change),
                Undo::Group => attempt(connection, change),
            });
            let result = condition.note(tried);
            let is_half_done = undo == Undo::Group && result.is_err();
            let reply: Reply = Box::new(move |committed| {
                // Nobody may be waiting any more; the change holds all the same.
                // What the change itself met says more than what its group did.
                let _ = answer.send(match committed {
                    Ok(()) => result,
                    Err(error) => result.and_then(|_undone| Err(StoreError::Sqlite(restate(error)))),
                });
            });
            Done { reply, is_half_done }
        });
        self.send(Job::Change(change));
        receiver
    }

    /// Queues `copy` to be filled while changes go on.
    pub(crate) fn copy(&self, copy: Copy) -> oneshot::Receiver<Result<Copy, StoreError>> {
        let (answer, receiver) = oneshot::channel();
        self.send(Job::Copy(Box::new(copy), answer));
        receiver
    }

    /// Asks for the log to be emptied; the receiver tells whether it was.
    pub(crate) fn empty_log(&self) -> oneshot::Receiver<bool> {
        let (answer, receiver) = oneshot::channel();
        self.send(Job::EmptyLog(answer));
        receiver
    }

    /// Ends the thread after what is queued, and waits for it. Later changes answer [`StoreError::Stopped`].
    pub(crate) fn close(&self) {
        self.send(Job::Close);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A writer that panicked has already failed every answer.
            let _ = thread.join();
        }
    }

    fn send(&self, job: Job) {
        // A dead writer drops the job and with it the answer's sender: the receiver says so.
        let _ = self.jobs.send(job);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

/// The thread's own state.
struct Thread<'a> {
    connection: &'a Connection,
    queue: &'a mpsc::Receiver<Job>,
    log: Log,
    place: Place,
    condition: Condition,
    /// Taken from the queue while a group was gathered.
    next: Option<Job>,
}

impl Thread<'_> {
    fn run(mut self) {
        loop {
            let patience = self.log.patience();
            match self.wait(patience) {
                Some(Job::Copy(copy, answer)) => {
                    if !self.copy(*copy, answer) {
                        return;
                    }
                }
                Some(Job::Close) => return,
                job => {
                    let quiet = job.is_none();
                    self.turn(job, quiet);
                }
            }
        }
    }

    /// The next job, or `None` when none came within `patience`.
    fn wait(&mut self, patience: Option<Duration>) -> Option<Job> {
        if let Some(job) = self.next.take() {
            return Some(job);
        }
        let Some(patience) = patience else { return Some(self.queue.recv().unwrap_or(Job::Close)) };
        match self.queue.recv_timeout(patience) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Job::Close),
        }
    }

    /// Does one job, and what the log needs after it; `quiet` when there was nothing to do for a while.
    fn turn(&mut self, job: Option<Job>, quiet: bool) {
        match job {
            Some(Job::Change(first)) => self.group(first),
            Some(Job::EmptyLog(told)) => self.log.empty(told),
            Some(Job::Copy(_, answer)) => {
                let busy = StoreError::Conflict("a backup is being made already: wait for it".to_owned());
                let _ = answer.send(Err(busy));
            }
            Some(Job::Close) | None => {}
        }
        self.log.tend(self.connection, quiet);
    }

    /// Commits `first` and whatever else is waiting.
    fn group(&mut self, first: Change) {
        if let Err(error) = self.connection.execute_batch("BEGIN IMMEDIATE") {
            // The change cannot be tried; its answer's sender goes with it, and the receiver says so.
            tracing::error!(%error, "store.begin_failed");
            let _ = self.condition.note::<()>(Err(error.into()));
            return;
        }
        let mut group = vec![first(self.connection)];
        // SQLite ends the whole transaction by itself on a full disk or an I/O error. Whatever is tried after
        // that would be committed alone while its answer says it failed.
        let is_half_done = |group: &[Done]| group.last().is_some_and(|done| done.is_half_done);
        while !self.connection.is_autocommit() && group.len() < GROUP && !is_half_done(&group) {
            match self.queue.try_recv() {
                Ok(Job::Change(change)) => group.push(change(self.connection)),
                Ok(other) => {
                    self.next = Some(other);
                    break;
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        let committed = end(self.connection, is_half_done(&group)).and_then(|()| self.still_kept());
        if let Err(error) = &committed {
            tracing::error!(%error, "store.commit_failed");
            let _ = self.condition.note::<()>(Err(restate(error).into()));
            if !self.connection.is_autocommit() {
                let _ = self.connection.execute_batch("ROLLBACK");
            }
        }
        for done in group {
            (done.reply)(committed.as_ref().copied());
        }
    }

    /// What went to a file that has no name any more is as good as lost.
    fn still_kept(&self) -> Result<(), rusqlite::Error> {
        if self.place.is_kept() {
            return Ok(());
        }
        let reason = "its file was moved or deleted while iHook was using it";
        self.condition.damaged(reason);
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY_DBMOVED);
        Err(rusqlite::Error::SqliteFailure(code, Some(reason.to_owned())))
    }

    /// Fills a copy step by step, with a group of changes after each; whether the thread goes on. Changes of
    /// this very connection are taken into the copy as they happen, so it never has to begin again.
    fn copy(&mut self, mut copy: Copy, answer: CopyAnswer) -> bool {
        let connection = self.connection;
        let filled = copy::fill(connection, &mut copy, || {
            let job = self.wait(Some(Duration::ZERO));
            if matches!(job, Some(Job::Close)) {
                self.next = job;
                return Err(StoreError::Stopped);
            }
            self.turn(job, false);
            Ok(())
        });
        let _ = answer.send(self.condition.note(filled).map(|()| copy));
        !matches!(self.next, Some(Job::Close))
    }
}

/// Commits the group, or refuses to when its last change is only half done.
fn end(connection: &Connection, is_half_done: bool) -> Result<(), rusqlite::Error> {
    if is_half_done {
        let code = rusqlite::ffi::Error { code: ErrorCode::OperationAborted, extended_code: ABORTED };
        let reason = "another change of the same moment could not be made".to_owned();
        return Err(rusqlite::Error::SqliteFailure(code, Some(reason)));
    }
    connection.execute_batch("COMMIT")
}

/// Runs one change inside a savepoint, so that its failure undoes it alone.
fn with_savepoint<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("SAVEPOINT change")?.execute([])?;
    let result = attempt(connection, change);
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO change")?.execute([])?;
    }
    connection.prepare_cached("RELEASE change")?.execute([])?;
    result
}

fn attempt<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(|| change(connection))).unwrap_or_else(|_panic| {
        tracing::error!("store.change_panicked");
        Err(StoreError::Stopped)
    })
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
        let answers = [1, 2, 1, 3].map(|n| writer.submit(Undo::Change, insert(n)));
        let results = answers.map(|answer| answer.blocking_recv().unwrap().is_ok());
        assert_eq!(results, [true, true, false, true], "only the repeated key fails");
        assert_eq!(writer.submit(Undo::Change, count).blocking_recv().unwrap().unwrap(), 3);
    }

    #[test]
    fn a_panicking_change_leaves_the_writer_alive() {
        let (_dir, writer) = writer();
        let panicked = writer.submit(Undo::Change, |connection| -> Result<(), StoreError> {
            connection.execute("INSERT INTO t VALUES (7)", [])?;
            panic!("on purpose");
        });
        assert!(matches!(panicked.blocking_recv().unwrap(), Err(StoreError::Stopped)));
        assert_eq!(
            writer.submit(Undo::Change, count).blocking_recv().unwrap().unwrap(),
            0,
            "and undoes what it did"
        );
    }

    #[test]
    fn a_change_without_a_savepoint_that_fails_takes_its_group_with_it_and_nothing_else() {
        let (_dir, writer) = writer();
        writer.submit(Undo::Group, insert(1)).blocking_recv().unwrap().unwrap();
        let fails = |connection: &Connection| -> Result<usize, StoreError> {
            connection.execute("INSERT INTO t VALUES (2)", [])?;
            Ok(connection.execute("INSERT INTO t VALUES (1)", [])?)
        };
        assert!(writer.submit(Undo::Group, fails).blocking_recv().unwrap().is_err());
        let counted = writer.submit(Undo::Change, count).blocking_recv().unwrap().unwrap();
        assert_eq!(counted, 1, "no half is left");
        writer.submit(Undo::Group, insert(3)).blocking_recv().unwrap().unwrap();
        let counted = writer.submit(Undo::Change, count).blocking_recv().unwrap().unwrap();
        assert_eq!(counted, 2, "and it goes on");
    }

    #[test]
    fn damage_ends_all_writing_and_says_so() {
        let (_dir, writer) = writer();
        let damage = || rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(11), None);
        let met = writer.submit(Undo::Change, move |_tx| -> Result<(), StoreError> { Err(damage().into()) });
        assert!(met.blocking_recv().unwrap().is_err());
        let refused = writer.submit(Undo::Change, insert(1)).blocking_recv().unwrap();
        assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_acknowledged_once_the_file_or_its_log_is_gone() {
        for name in ["t.db", "t.db-wal"] {
            let (dir, writer) = writer();
            assert!(writer.submit(Undo::Change, insert(1)).blocking_recv().unwrap().is_ok());
            std::fs::rename(dir.path().join(name), dir.path().join("elsewhere")).unwrap();
            let lost = writer.submit(Undo::Change, insert(2)).blocking_recv().unwrap().unwrap_err();
            assert!(lost.to_string().contains("moved or deleted"), "{name}: {lost}");
            let refused = writer.submit(Undo::Change, insert(3)).blocking_recv().unwrap();
            assert!(matches!(refused, Err(StoreError::Damaged(_))), "{name}: {refused:?}");
        }
    }

    #[test]
    fn a_closed_writer_has_done_what_was_queued_and_takes_no_more() {
        let (_dir, writer) = writer();
        let queued = writer.submit(Undo::Change, insert(1));
        writer.close();
        assert!(queued.blocking_recv().unwrap().is_ok());
        assert!(writer.submit(Undo::Change, insert(2)).blocking_recv().is_err());
    }
}
