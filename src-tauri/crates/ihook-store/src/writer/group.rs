//! One transaction of the writer: changes, each with a savepoint of its own, and the deliveries that came meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use crate::StoreError;
use crate::arrival::{self, Arrival, Outcome, Settled};
use crate::condition::Condition;
use crate::error::restate;

/// The largest group. Beyond this the fsync is cheap beside the rows, and answers only come later.
const LARGEST: usize = 256;

/// Bytes of the payloads in one group: they stand in memory until it is on disk.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// `SQLITE_ABORT`.
const ABORTED: i32 = 4;

/// Does the change.
pub(super) type Change = Box<dyn FnOnce(&Connection) -> Done + Send>;

/// A change that was tried.
pub(super) struct Done {
    /// Called with the commit's outcome; sends the answer.
    reply: Reply,
    /// Nothing of it is half done.
    is_whole: bool,
}

/// What protects the rest of a group from a change that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// A savepoint, for which SQLite copies every page that the change touches.
    Savepoint,
    /// The change itself: it changes nothing before it returns an error of its own. One of the database fails the
    /// whole group.
    Itself,
}

type Reply = Box<dyn FnOnce(Result<(), &rusqlite::Error>) + Send>;
pub(super) type ArrivalAnswer = oneshot::Sender<Result<Settled, StoreError>>;

/// `change` with its answer: the receiver yields the result once the commit is durable.
pub(super) fn change<T, F>(
    condition: Condition,
    guard: Guard,
    change: F,
) -> (Change, oneshot::Receiver<Result<T, StoreError>>)
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let change: Change = Box::new(move |connection| {
        let tried = condition.check().and_then(|()| match guard {
            Guard::Savepoint => with_savepoint(connection, change),
            Guard::Itself => attempt(connection, change),
        });
        let is_own = matches!(tried, Ok(_) | Err(StoreError::Conflict(_) | StoreError::NotFound));
        let is_whole = guard == Guard::Savepoint || is_own;
        let result = condition.note(tried);
        let reply: Reply = Box::new(move |committed| {
            // Nobody may be waiting any more; the change holds all the same.
            // What the change itself met says more than what its group did.
            let _ = answer.send(match committed {
                Ok(()) => result,
                Err(error) => result.and_then(|_undone| Err(StoreError::Sqlite(restate(error)))),
            });
        });
        Done { reply, is_whole }
    });
    (change, receiver)
}

/// What goes into one transaction.
pub(super) struct Group<'a> {
    connection: &'a Connection,
    condition: &'a Condition,
    replies: Vec<Reply>,
    /// No change is half done.
    is_whole: bool,
    arrivals: Vec<(Box<Arrival>, ArrivalAnswer)>,
    /// Of the arrivals' payloads.
    bytes: usize,
}

impl<'a> Group<'a> {
    /// Begins the transaction.
    pub(super) fn begin(
        connection: &'a Connection,
        condition: &'a Condition,
    ) -> Result<Self, rusqlite::Error> {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Self {
            connection,
            condition,
            replies: Vec::new(),
            is_whole: true,
            arrivals: Vec::new(),
            bytes: 0,
        })
    }

    /// Whether nothing more goes in. SQLite ends the whole transaction by itself on a full disk or an I/O error;
    /// whatever is tried after that would be committed alone while its answer says it failed.
    pub(super) fn is_full(&self) -> bool {
        self.connection.is_autocommit()
            || self.replies.len() + self.arrivals.len() >= LARGEST
            || self.bytes >= MAX_BYTES
    }

    /// Whether it can wait for more: no sender waits for its answer, and there is room.
    pub(super) fn has_changes_alone(&self) -> bool {
        self.arrivals.is_empty() && !self.is_full()
    }

    /// How many changes are in it.
    pub(super) fn changes(&self) -> usize {
        self.replies.len()
    }

    pub(super) fn change(&mut self, change: Change) {
        let Done { reply, is_whole } = change(self.connection);
        self.replies.push(reply);
        self.is_whole &= is_whole;
    }

    pub(super) fn arrival(&mut self, arrival: Box<Arrival>, answer: ArrivalAnswer) {
        self.bytes += arrival.payload.body.len();
        self.arrivals.push((arrival, answer));
    }

    /// Stores the arrivals, commits if `is_kept` says afterwards that it counts, and answers everybody.
    pub(super) fn end(self, is_kept: impl FnOnce() -> Result<(), rusqlite::Error>) {
        let Self { connection, condition, replies, is_whole, arrivals, bytes: _ } = self;
        let stored = if arrivals.is_empty() || connection.is_autocommit() {
            Ok(Vec::new())
        } else {
            condition.note(condition.check().and_then(|()| store(connection, &arrivals)))
        };
        let committed = commit(connection, is_whole && stored.is_ok()).and_then(|()| is_kept());
        if let Err(error) = &committed {
            tracing::error!(%error, "store.commit_failed");
            let _ = condition.note::<()>(Err(restate(error).into()));
            if !connection.is_autocommit() {
                let _ = connection.execute_batch("ROLLBACK");
            }
        }
        let stored = stored.and_then(|outcomes| match &committed {
            Ok(()) => Ok(outcomes),
            Err(error) => Err(restate(error).into()),
        });
        answer(arrivals, stored);
        for reply in replies {
            // Where nobody waits for it, a result is dropped here, by code that is not ours to trust.
            let _ = catch_unwind(AssertUnwindSafe(|| reply(committed.as_ref().copied())));
        }
    }
}

/// Arrivals have no savepoint, for which SQLite would copy every page they touch: they add rows, and can fail only
/// with the disk.
fn store(
    connection: &Connection,
    arrivals: &[(Box<Arrival>, ArrivalAnswer)],
) -> Result<Vec<Outcome>, StoreError> {
    attempt(connection, |tx| arrival::store(tx, arrivals.iter().map(|(arrival, _)| &**arrival)))
}

fn answer(arrivals: Vec<(Box<Arrival>, ArrivalAnswer)>, stored: Result<Vec<Outcome>, StoreError>) {
    match stored {
        Ok(outcomes) => {
            for ((arrival, answer), outcome) in arrivals.into_iter().zip(outcomes) {
                let _ = answer.send(Ok(Settled { arrival, outcome }));
            }
        }
        Err(error) => {
            for (_, answer) in arrivals {
                let _ = answer.send(Err(error.restated()));
            }
        }
    }
}

/// Commits the group, or refuses to when something of it is only half done.
fn commit(connection: &Connection, is_whole: bool) -> Result<(), rusqlite::Error> {
    if is_whole {
        return connection.execute_batch("COMMIT");
    }
    let code = rusqlite::ffi::Error { code: ErrorCode::OperationAborted, extended_code: ABORTED };
    let reason = "another change of the same moment could not be made".to_owned();
    Err(rusqlite::Error::SqliteFailure(code, Some(reason)))
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
