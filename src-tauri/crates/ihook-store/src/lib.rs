//! The only crate with SQL: workflows, runs, steps and settings in one SQLite file.
//!
//! One writer thread groups whatever is waiting into one transaction and one fsync ([`Store::write`]);
//! readers have connections of their own ([`Store::read`]). Tables have a file each; their queries are free
//! functions that take the connection first.

mod block;
mod condition;
mod copy;
mod log;
mod migrate;
mod open;
mod place;
mod readers;
mod rows;
mod schema;
mod text_column;
mod writer;

pub mod anew;
mod arrival;
pub mod audit;
pub mod connection;
pub mod copies;
pub mod delivery;
pub mod draft;
pub mod erase;
mod error;
mod health;
pub mod idempotency;
mod ids;
pub mod metadata;
pub mod minute;
pub mod payload;
pub mod restore;
pub mod retention;
pub mod run;
pub mod scrub;
pub mod setting;
pub mod step;
pub mod term;
pub mod token;
pub mod version;
pub mod workflow;

pub use arrival::{Arrival, Outcome, Settled};
pub use error::{OpenError, StoreError, is_disk_full};
pub use health::{Health, Summary};
pub use ids::{DeliveryId, RunId, WorkflowId};
pub use open::{has_log, is_missing};
pub use rusqlite::Connection;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use condition::Condition;
use readers::{Gate, Readers};
use writer::Writer;

/// The database of one data directory. Cheap to clone; the file closes when the last clone is gone, or with
/// [`Store::close_blocking`].
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Before the writer: the last connection to be closed tidies the log.
    readers: Readers,
    writer: Writer,
    gate: Arc<Gate>,
    condition: Condition,
    left_uncleanly: bool,
}

impl Store {
    /// Opens or creates the database at `path`, brings it to the present schema and reads its durability
    /// settings back.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer program; it is left untouched then.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_either(path, true)
    }

    /// [`Self::open`] where a database is known to have been: one that is missing or empty is lost, not new.
    ///
    /// # Errors
    /// [`OpenError::Lost`], and as [`Self::open`]. No file is made or touched then.
    pub fn open_existing(path: &Path) -> Result<Self, OpenError> {
        Self::open_either(path, false)
    }

    fn open_either(path: &Path, may_be_new: bool) -> Result<Self, OpenError> {
        let lost = || OpenError::Lost { path: path.to_owned() };
        // Before it is opened, which would make the file.
        if !may_be_new && is_missing(path) {
            return Err(lost());
        }
        let left_uncleanly = has_log(path);
        let mut connection = open::writable(path)?;
        let found = migrate::refuse_newer(&connection, path)?;
        if found == 0 && !may_be_new {
            return Err(lost());
        }
        schema::refuse_foreign(&connection, path, found)?;
        health::refuse_truncated(&connection, path)?;
        open::durable(&connection, path)?;
        migrate::migrate(&mut connection, path)?;
        let (gate, condition) = (Arc::<Gate>::default(), Condition::default());
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            readers: Readers::new(path, Arc::clone(&gate), condition.clone()),
            writer: Writer::start(connection, path, Arc::clone(&gate), condition.clone())?,
            gate,
            condition,
            left_uncleanly,
        })))
    }

    /// Runs `change` on the writer thread inside a transaction shared with whatever else is waiting, and
    /// answers once that transaction is on disk. An error undoes this change alone.
    ///
    /// # Errors
    /// What `change` returned, or why the transaction could not be made durable.
    pub async fn write<T, F>(&self, change: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.writer.submit(change).await.map_err(|_gone| StoreError::Stopped)?
    }

    /// [`Self::write`] for what happens with every run: without the savepoint that lets a change fail alone. `change`
    /// has changed nothing when it returns [`StoreError::Conflict`] or [`StoreError::NotFound`]; any other error
    /// fails whatever shares its transaction.
    ///
    /// # Errors
    /// What `change` returned, or why the transaction could not be made durable.
    pub async fn write_whole<T, F>(&self, change: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.writer.submit_whole(change).await.map_err(|_gone| StoreError::Stopped)?
    }

    /// Stores a delivery as a queued run, in a transaction shared with whatever else is waiting, and answers once
    /// that transaction is on disk. It can fail only with the disk, and everything that shares the transaction
    /// with it.
    ///
    /// # Errors
    /// Why the transaction could not be made durable.
    pub async fn receive(&self, arrival: Arrival) -> Result<Settled, StoreError> {
        self.0.writer.receive(Box::new(arrival)).await.map_err(|_gone| StoreError::Stopped)?
    }

    /// Runs `query` on a reader connection, off the async threads. Reads are bounded in time, because the log
    /// cannot start over while one lasts: what is long is asked for in pieces.
    ///
    /// # Errors
    /// What `query` returned, [`StoreError::TooLong`], or why no reader could be had.
    pub async fn read<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_blocking(query))
            .await
            .map_err(|_panicked| StoreError::Stopped)?
    }

    /// [`Self::read`] for a thread that may block.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_blocking<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.0.readers.with(query)
    }

    /// Copies the database, consistent as of the end, into a new file while changes go on; its size in bytes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the file is there already; when the copy cannot be written or turns out
    /// damaged. Nothing is left behind then.
    pub async fn backup(&self, to: &Path) -> Result<u64, StoreError> {
        let to = to.to_owned();
        let begun = blocking(move || copy::Copy::begin(&to)).await?;
        let filled = self.0.writer.copy(begun).await.map_err(|_gone| StoreError::Stopped)??;
        blocking(move || filled.finish()).await
    }

    /// Empties the write-ahead log, so that nothing of what was removed is left in it; whether that worked.
    /// Fails only when another program has the database open.
    pub async fn empty_log(&self) -> bool {
        self.0.writer.empty_log().await.unwrap_or(false)
    }

    /// Closes the file, whoever still holds a clone: what is queued is done, later use answers
    /// [`StoreError::Stopped`].
    pub fn close_blocking(&self) {
        self.0.gate.close();
        self.0.writer.close();
    }

    /// How the database is doing.
    ///
    /// # Errors
    /// As SQLite reports them.
    pub fn health_blocking(&self) -> Result<Health, StoreError> {
        self.read_blocking(|connection| health::of(connection, &self.0.path))
    }

    /// Whether the disk takes a delivery: writes as much as a large one, and takes it away again.
    ///
    /// # Errors
    /// As SQLite reports them: disk full, I/O error.
    pub async fn try_to_write(&self) -> Result<(), StoreError> {
        self.write(setting::put_probe).await?;
        self.write(setting::remove_probe).await
    }

    /// Tells when damage is found; all writing is refused from then on.
    #[must_use]
    pub fn watch_damage(&self) -> watch::Receiver<Option<String>> {
        self.0.condition.watch()
    }

    /// Reads the whole database in pieces, in search of damage; `go_on` is asked before each. Stops at the
    /// first damage, which [`Self::watch_damage`] then tells.
    ///
    /// # Errors
    /// When a piece could not be read for another reason.
    pub fn check_blocking(&self, go_on: impl FnMut() -> bool) -> Result<(), StoreError> {
        health::check(self, &self.0.condition, go_on)
    }

    /// Whether the program that had the database open before ended without closing it.
    #[must_use]
    pub fn left_uncleanly(&self) -> bool {
        self.0.left_uncleanly
    }

    /// Where the database lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_panicked| StoreError::Stopped)?
}
