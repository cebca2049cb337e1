//! Connections for reading, kept between uses, and bounded in time.
//!
//! As long as anyone reads, the write-ahead log cannot start over. So a read holds its view of the database for
//! one statement, not for several in a transaction. No statement lasts longer than [`LONGEST`],
//! none longer than [`PRESSED`] while the log has grown, and then new readers wait at a gate until the log has
//! been put away ([`crate::log`]).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ErrorCode};

use crate::condition::Condition;
use crate::{StoreError, open};

/// As many idle connections as are worth keeping; under load more are opened and closed again.
const KEEP: usize = 8;
/// No read lasts longer.
const LONGEST: Duration = Duration::from_secs(20);
/// No read lasts longer while the log wants to start over.
const PRESSED: Duration = Duration::from_secs(1);
/// How long a new reader waits at the gate before it goes in all the same.
const GATE: Duration = Duration::from_secs(2);
/// Instructions of SQLite's machine between two looks at the time: about a tenth of a millisecond.
const STEPS: i32 = 5000;

/// A pool that opens on demand.
#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    gate: Arc<Gate>,
    condition: Condition,
}

/// What the readers and the writer share.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    inside: Mutex<Inside>,
    changed: Condvar,
    /// The log has grown: readers are to come to an end. Apart, because every reader holds it.
    pressed: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Inside {
    idle: Vec<Reader>,
    reading: usize,
    closed: bool,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    /// When the present read began, in milliseconds since the connection was opened.
    began: Arc<AtomicU64>,
    opened: Instant,
}

impl Readers {
    pub(crate) fn new(path: &Path, gate: Arc<Gate>, condition: Condition) -> Self {
        Self { path: path.to_owned(), gate, condition }
    }

    /// Lends a connection to `query`. A query that panics loses its connection, not the pool.
    pub(crate) fn with<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (pass, kept) = self.gate.enter()?;
        let reader = match kept {
            Some(reader) => reader,
            None => self.condition.note(Reader::open(&self.path, &self.gate).map_err(StoreError::from))?,
        };
        reader.began.store(millis(reader.opened), Ordering::Relaxed);
        let result = self.condition.note(query(&reader.connection));
        pass.leave(reader);
        result.map_err(|error| match error {
            StoreError::Sqlite(error)
                if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
            {
                StoreError::TooLong
            }
            other => other,
        })
    }
}

impl Reader {
    fn open(path: &Path, gate: &Gate) -> Result<Self, rusqlite::Error> {
        let mut connection = open::readable(path)?;
        let (began, opened) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let (start, pressed) = (Arc::clone(&began), Arc::clone(&gate.pressed));
        let overdue = move || {
            let lasted = Duration::from_millis(millis(opened) - start.load(Ordering::Relaxed));
            lasted > LONGEST || (lasted > PRESSED && pressed.load(Ordering::Relaxed))
        };
        connection.progress_handler(STEPS, Some(overdue))?;
        // What a transaction holds open between its statements nothing could end.
        connection.authorizer(Some(|asked: AuthContext<'_>| match asked.action {
            AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => Authorization::Deny,
            _ => Authorization::Allow,
        }))?;
        Ok(Self { connection, began, opened })
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// One reader inside; it leaves when this is dropped, also by a panic.
struct Pass<'a>(&'a Gate);

impl Pass<'_> {
    /// Leaves the connection for the next one.
    fn leave(self, reader: Reader) {
        let mut inside = self.0.inside();
        if inside.idle.len() < KEEP && !inside.closed {
            inside.idle.push(reader);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.inside().reading -= 1;
        self.0.changed.notify_all();
    }
}

impl Gate {
    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while the log wants to start over, within reason; with a connection that is kept.
    fn enter(&self) -> Result<(Pass<'_>, Option<Reader>), StoreError> {
        let pressed = |inside: &mut Inside| self.pressed.load(Ordering::Relaxed) && !inside.closed;
        let (mut inside, _) = self
            .changed
            .wait_timeout_while(self.inside(), GATE, pressed)
            .unwrap_or_else(PoisonError::into_inner);
        if inside.closed {
            return Err(StoreError::Stopped);
        }
        inside.reading += 1;
        let kept = inside.idle.pop();
        drop(inside);
        Ok((Pass(self), kept))
    }

    /// Keeps new readers out for now, and has those inside come to an end.
    pub(crate) fn press(&self) {
        self.pressed.store(true, Ordering::Relaxed);
    }

    /// Lets readers in again.
    pub(crate) fn relax(&self) {
        // Under the lock, so that nobody begins to wait just after the notice.
        let inside = self.inside();
        self.pressed.store(false, Ordering::Relaxed);
        drop(inside);
        self.changed.notify_all();
    }

    /// Whether nobody reads now.
    pub(crate) fn is_empty(&self) -> bool {
        self.inside().reading == 0
    }

    /// Lets nobody in any more, waits for those inside (they are bounded), and closes the connections.
    pub(crate) fn close(&self) {
        self.pressed.store(true, Ordering::Relaxed);
        self.inside().closed = true;
        self.changed.notify_all();
        let (mut inside, _) = self
            .changed
            .wait_timeout_while(self.inside(), LONGEST, |inside| inside.reading > 0)
            .unwrap_or_else(PoisonError::into_inner);
        inside.idle.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    fn endless(connection: &Connection) -> Result<i64, StoreError> {
        let sql = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c";
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    }

    #[test]
    fn a_read_ends_when_the_log_has_grown_and_new_ones_wait_at_the_gate() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        drop(Store::open(&path).unwrap());
        let gate = Arc::new(Gate::default());
        let readers = Readers::new(&path, Arc::clone(&gate), Condition::default());
        std::thread::scope(|scope| {
            let (inside, began) = std::sync::mpsc::channel();
            let reader = scope.spawn(|| {
                readers.with(move |connection| {
                    inside.send(()).unwrap();
                    endless(connection)
                })
            });
            began.recv().unwrap();
            gate.press();
            assert!(!gate.is_empty());
            let waited = scope.spawn(|| readers.with(|_connection| Ok(())));
            assert!(matches!(reader.join().unwrap(), Err(StoreError::TooLong)));
            assert!(gate.is_empty(), "the second one is still outside");
            gate.relax();
            waited.join().unwrap().unwrap();
        });
        gate.close();
        assert!(matches!(readers.with(|_connection| Ok(())), Err(StoreError::Stopped)));
    }
}
