//! One thread that writes: whatever is waiting goes into one transaction and one fsync.
//!
//! A delivery waits for no timer: under load the groups grow by themselves while the disk is busy with the last
//! one. Changes that come several at a time wait a moment for each other ([`GATHER`]).
//! Between groups the thread tends the log ([`crate::log`]) and takes a backup a step further ([`crate::copy`]).

mod group;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::StoreError;
use crate::arrival::{Arrival, Settled};
use crate::condition::Condition;
use crate::copy::{self, Copy};
use crate::log::Log;
use crate::place::Place;
use crate::readers::Gate;
use group::{ArrivalAnswer, Change, Group, Guard};

/// How long changes wait for others to share their commit, while [`COMPANY`] is kept. What a commit costs hardly
/// grows with what is in it.
const GATHER: Duration = Duration::from_micros(500);

/// Changes in the last group from which on others are expected.
const COMPANY: usize = 4;

type CopyAnswer = oneshot::Sender<Result<Copy, StoreError>>;

enum Job {
    Change(Change),
    Arrival(Box<Arrival>, ArrivalAnswer),
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
            match Log::of(&mut connection, gate, &seen) {
                Ok(log) => {
                    let (connection, queue) = (&connection, &queue);
                    let thread =
                        Thread { connection, queue, log, place, condition: seen, next: None, company: 0 };
                    thread.supervise();
                }
                Err(error) => seen.damaged(&error.to_string()),
            }
            // Leaves a short log behind; the next start copes with any.
            let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        })?;
        Ok(Self { jobs, thread: Mutex::new(Some(thread)), condition })
    }

    /// Queues `change`; the receiver yields its result once the commit is durable. A failure undoes it alone.
    pub(crate) fn submit<T, F>(&self, change: F) -> oneshot::Receiver<Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.submit_guarded(Guard::Savepoint, change)
    }

    /// [`Self::submit`], for a change that has changed nothing when it returns an error of its own. One of the
    /// database undoes whatever shares its commit.
    pub(crate) fn submit_whole<T, F>(&self, change: F) -> oneshot::Receiver<Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.submit_guarded(Guard::Itself, change)
    }

    fn submit_guarded<T, F>(&self, guard: Guard, change: F) -> oneshot::Receiver<Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (change, receiver) = group::change(self.condition.clone(), guard, change);
        self.send(Job::Change(change));
        receiver
    }

    /// Queues a delivery; the receiver yields it once it is durable. A failure undoes whatever shares its commit.
    pub(crate) fn receive(&self, arrival: Box<Arrival>) -> oneshot::Receiver<Result<Settled, StoreError>> {
        let (answer, receiver) = oneshot::channel();
        self.send(Job::Arrival(arrival, answer));
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
            // It catches its own panics.
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
    /// Changes in the last group.
    company: usize,
}

impl Thread<'_> {
    /// Runs to the end. A bug that panics outside of any change costs the group that met it its answers, never the
    /// deliveries after it.
    fn supervise(mut self) {
        while catch_unwind(AssertUnwindSafe(|| self.run())).is_err() {
            tracing::error!("store.writer_panicked");
            if !self.connection.is_autocommit() {
                // No answer said that any of it is stored.
                let _ = self.connection.execute_batch("ROLLBACK");
            }
        }
    }

    fn run(&mut self) {
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
            Some(first @ (Job::Change(_) | Job::Arrival(..))) => self.group(first),
            Some(Job::EmptyLog(done)) => self.log.empty(done),
            Some(Job::Copy(_, answer)) => {
                let busy = StoreError::Conflict("a backup is being made already: wait for it".to_owned());
                let _ = answer.send(Err(busy));
            }
            Some(Job::Close) | None => {}
        }
        self.log.tend(self.connection, quiet);
    }

    /// Commits `first` and whatever else is waiting.
    fn group(&mut self, first: Job) {
        let mut group = match Group::begin(self.connection, &self.condition) {
            Ok(group) => group,
            Err(error) => {
                // Nothing can be tried; the answer's sender goes with the job, and the receiver says so.
                tracing::error!(%error, "store.begin_failed");
                let _ = self.condition.note::<()>(Err(error.into()));
                return;
            }
        };
        let gathered_by = Instant::now() + GATHER;
        let mut job = Some(first);
        while let Some(next) = job {
            match next {
                Job::Change(change) => group.change(change),
                Job::Arrival(arrival, answer) => group.arrival(arrival, answer),
                other @ (Job::Copy(..) | Job::EmptyLog(_) | Job::Close) => {
                    self.next = Some(other);
                    break;
                }
            }
            job = if group.is_full() { None } else { self.queue.try_recv().ok() };
            if job.is_none() && self.company >= COMPANY && group.has_changes_alone() {
                job = self.queue.recv_timeout(gathered_by - Instant::now()).ok();
            }
        }
        self.company = group.changes();
        group.end(|| still_kept(&self.place, &self.condition));
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

/// What went to a file that has no name any more is as good as lost.
fn still_kept(place: &Place, condition: &Condition) -> Result<(), rusqlite::Error> {
    if place.is_kept() {
        return Ok(());
    }
    let reason = "its file was moved or deleted while iHook was using it";
    condition.damaged(reason);
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY_DBMOVED);
    Err(rusqlite::Error::SqliteFailure(code, Some(reason.to_owned())))
}

#[cfg(test)]
mod tests;
