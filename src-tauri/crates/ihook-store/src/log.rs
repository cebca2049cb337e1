//! Keeps the write-ahead log short. What it holds is put into the database ("checkpoint") by the writer thread
//! after it has answered, never inside a commit, and the log starts over when nobody reads.
//!
//! Steady load finds such a moment by itself. Where readers overlap without end, the log grows to [`GROWN`];
//! then new readers are kept at the gate and those inside end within a second ([`crate::readers`]), while
//! deliveries go on. So the log stays below [`GROWN`] and what is written in that time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use crate::StoreError;
use crate::condition::Condition;
use crate::readers::Gate;

/// Pages after which the log is put into the database: 16 MiB. A page that changed often meanwhile is put there
/// once.
const STEP: i32 = 4000;
/// Pages after which it has to start over: 32 MiB.
const GROWN: i32 = 8000;
/// How long the gate stays closed for that. A reader that does not end within it is not ours to end.
const PRESS: Duration = Duration::from_secs(3);
/// How long it then stays open, whatever the log's length.
const RELAX: Duration = Duration::from_secs(5);
/// With nothing to do for so long, the log is emptied.
const QUIET: Duration = Duration::from_secs(1);

/// The log as the writer thread sees it.
#[derive(Debug)]
pub(crate) struct Log {
    /// Pages in it, as SQLite reported after the last commit.
    pages: Arc<AtomicI32>,
    /// Pages at the last look.
    tended: i32,
    gate: Arc<Gate>,
    /// Since when the gate is closed.
    pressing: Option<Instant>,
    /// Until when it stays open after it was closed in vain.
    relaxed_until: Option<Instant>,
    /// Callers that want the log to be empty: each gets whether it is.
    wanted: Vec<tokio::sync::oneshot::Sender<bool>>,
}

impl Log {
    /// Takes over checkpoints from SQLite, which would do them inside commits.
    pub(crate) fn of(
        connection: &mut Connection,
        gate: Arc<Gate>,
        condition: &Condition,
    ) -> Result<Self, rusqlite::Error> {
        // What an earlier start left behind is put away first. A full disk may have no room for it: it is whole
        // where it is, and tried again later.
        let put_away = connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE);
        let left = match condition.note(put_away.map_err(StoreError::from)) {
            Ok((left, _done)) => left,
            Err(error) => {
                tracing::warn!(%error, "store.log_not_put_away");
                STEP
            }
        };
        let pages = Arc::new(AtomicI32::new(left));
        let reported = Arc::clone(&pages);
        connection.wal_hook(Some(move |_log: &mut Wal, pages| {
            reported.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { pages, tended: 0, gate, pressing: None, relaxed_until: None, wanted: Vec::new() })
    }

    /// How long the writer may sleep before [`Self::tend`] has something to do; `None` for ever.
    pub(crate) fn patience(&self) -> Option<Duration> {
        if self.pressing.is_some() {
            Some(Duration::from_millis(2))
        } else if self.pages.load(Ordering::Relaxed) > 0 {
            Some(QUIET)
        } else {
            None
        }
    }

    /// Empties the log as soon as nobody reads; `done` gets whether that worked.
    pub(crate) fn empty(&mut self, done: tokio::sync::oneshot::Sender<bool>) {
        self.wanted.push(done);
        self.relaxed_until = None;
    }

    /// Does what is due. `quiet` when nothing was written for [`QUIET`].
    pub(crate) fn tend(&mut self, connection: &Connection, quiet: bool) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.tended {
            // It has started over.
            self.tended = 0;
        }
        if self.pressing.is_none() && quiet && pages > 0 && self.gate.is_empty() {
            self.start_over(connection, CheckpointMode::TRUNCATE);
            return;
        }
        if pages - self.tended >= STEP {
            self.tended = pages;
            // Fails only with the disk, which the next commit tells too.
            let _ = connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE);
        }
        if pages >= GROWN || !self.wanted.is_empty() {
            self.press(connection);
        } else if self.pressing.take().is_some() {
            self.gate.relax();
        }
    }

    /// Keeps readers out until the log has started over, but not for long.
    fn press(&mut self, connection: &Connection) {
        if self.relaxed_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        let since = *self.pressing.get_or_insert_with(|| {
            self.gate.press();
            Instant::now()
        });
        let mode = if self.wanted.is_empty() { CheckpointMode::RESTART } else { CheckpointMode::TRUNCATE };
        let done = self.gate.is_empty() && self.start_over(connection, mode);
        if done || since.elapsed() > PRESS {
            if !done {
                tracing::warn!(pages = self.pages.load(Ordering::Relaxed), "store.log_held_open");
                self.relaxed_until = Some(Instant::now() + RELAX);
            }
            self.pressing = None;
            self.gate.relax();
            for caller in self.wanted.drain(..) {
                let _ = caller.send(done);
            }
        }
    }

    /// Puts everything into the database, so that the log begins anew; whether that worked.
    fn start_over(&mut self, connection: &Connection, mode: CheckpointMode) -> bool {
        // Readers of other programs are not waited for: deliveries would wait with us.
        let waiting = connection.busy_timeout(Duration::ZERO);
        let done = connection.wal_checkpoint_v2(None::<&str>, mode);
        let waiting = waiting.and_then(|()| connection.busy_timeout(Duration::from_secs(2)));
        if let Err(error) = waiting {
            tracing::warn!(%error, "store.patience_not_set");
        }
        let done = matches!(done, Ok((left, put)) if left == put);
        if done {
            self.pages.store(0, Ordering::Relaxed);
            self.tended = 0;
        }
        done
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.gate.relax();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::{Store, audit, open};

    /// Reads the database for as long as it is let.
    fn endless(connection: &Connection) -> Result<i64, StoreError> {
        let sql = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
            SELECT max(x) + (SELECT count(*) FROM audit) FROM c";
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// About what 200 deliveries a second write: each some pages of its own and of every index.
    const CHANGES: u32 = 1200;
    const BYTES: usize = 60_000;
    const RATE: Duration = Duration::from_millis(5);
    const LIMIT: u64 = 64 * 1024 * 1024;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_log_stays_short_while_readers_overlap_without_a_pause() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let store = Store::open(&path).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..3)
            .map(|_| {
                let (store, stop) = (store.clone(), Arc::clone(&stop));
                std::thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let ended = store.read_blocking(endless);
                        assert!(matches!(ended, Err(StoreError::TooLong)), "{ended:?}");
                    }
                })
            })
            .collect();
        let (mut longest, mut slowest) = (0, Duration::ZERO);
        let mut pace = tokio::time::interval(RATE);
        for _ in 0..CHANGES {
            pace.tick().await;
            let began = Instant::now();
            let body = "x".repeat(BYTES);
            store.write(move |tx| audit::add(tx, 0, "test", "test", &body)).await.unwrap();
            slowest = slowest.max(began.elapsed());
            longest = longest.max(open::log_bytes(&path));
        }
        stop.store(true, Ordering::Relaxed);
        store.close_blocking();
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        assert!(longest < LIMIT, "the log grew to {longest} bytes");
        assert!(longest > LIMIT / 8, "too little was written to show anything: {longest} bytes");
        assert!(slowest < Duration::from_secs(1), "a change waited {slowest:?}");
        assert_eq!(open::log_bytes(&path), 0, "and is put away at the end");
    }

    #[tokio::test]
    async fn a_quiet_moment_empties_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let store = Store::open(&path).unwrap();
        store.write(|tx| audit::add(tx, 0, "test", "test", "test")).await.unwrap();
        assert!(open::log_bytes(&path) > 0);
        let emptied = async {
            while open::log_bytes(&path) > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), emptied).await.unwrap();
    }
}
