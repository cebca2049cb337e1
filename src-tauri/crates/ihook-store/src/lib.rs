//! The only crate with SQL: workflows, runs, steps and settings in one SQLite file.
//!
//! One writer thread groups whatever is waiting into one transaction and one fsync ([`Store::write`]);
//! readers have connections of their own ([`Store::read`]). Tables have a file each; their queries are free
//! functions that take the connection first.

mod migrate;
mod open;
mod readers;
mod text_column;
mod writer;

pub mod audit;
pub mod connection;
pub mod delivery;
pub mod draft;
mod error;
pub mod idempotency;
mod ids;
pub mod metadata;
pub mod minute;
pub mod payload;
pub mod retention;
pub mod run;
pub mod setting;
pub mod step;
pub mod term;
pub mod token;
pub mod version;
pub mod workflow;

pub use error::{OpenError, StoreError};
pub use ids::{DeliveryId, RunId, WorkflowId};
pub use rusqlite::Connection;

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The database of one data directory. Cheap to clone; the file closes when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: writer::Writer,
    readers: readers::Readers,
}

impl Store {
    /// Opens or creates the database at `path`, brings it to the present schema and reads its durability
    /// settings back.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer program; it is left untouched then.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mut connection = open::writable(path)?;
        migrate::migrate(&mut connection, path)?;
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            writer: writer::Writer::start(connection)?,
            readers: readers::Readers::new(path),
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

    /// Runs `query` on a reader connection, off the async threads.
    ///
    /// # Errors
    /// What `query` returned, or why no reader could be had.
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
    /// What `query` returned, or why no reader could be had.
    pub fn read_blocking<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.0.readers.with(query)
    }

    /// Copies the database, consistent as of now, into a new file while writers go on; its size in bytes.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn backup_blocking(&self, to: &Path) -> Result<u64, StoreError> {
        self.read_blocking(|connection| open::copy(connection, to))
    }

    /// Looks at the database at `path` without changing it: its soundness and size, in words.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, or was written by a newer program.
    pub fn examine(path: &Path) -> Result<String, OpenError> {
        migrate::examine(path)
    }

    /// Where the database lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }
}
