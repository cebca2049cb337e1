//! Restoring a backup: staged while the program runs, put in place between its stop and its next start.

use std::path::{Path, PathBuf};

use ihook_store::StoreError;
use ihook_store::restore::{self, Note, RestoreError};
use jiff::Timestamp;

use crate::clock::Clock;
use crate::error::StartError;
use crate::instance;

/// The database's name in the data directory.
pub(crate) const DATABASE: &str = "ihook.db";

const HELD: &str = "The database was restored from a backup that was made while this run had not ended. It may have \
    been written since: look in iMIS, then decide or cancel it.";

/// Copies the backup beside the database, checked, up to date, and with its unfinished runs held.
pub(crate) fn stage(backup: &Path, database: &Path, now: Timestamp) -> Result<(), RestoreError> {
    let detail = format!("from {}", backup.display());
    restore::stage(backup, database, &Note { at: now.as_millisecond(), detail: &detail, held_reason: HELD })
}

/// Puts the staged copy in place; where the database is now that it replaced.
pub(crate) fn swap(database: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    restore::swap(database, &stamp(now))
}

/// A time in letters that a file name can have.
pub(crate) fn stamp(now: Timestamp) -> String {
    now.strftime("%Y%m%d-%H%M%S").to_string()
}

/// Restores a backup into a data directory that no program uses; where the database is now that it replaced.
///
/// # Errors
/// When the directory is in use, or the backup cannot be used. Nothing is changed then.
pub fn restore(data_dir: &Path, backup: &Path, clock: &dyn Clock) -> Result<Option<PathBuf>, StartError> {
    let _lock = instance::lock(data_dir)?;
    let (database, now) = (data_dir.join(DATABASE), clock.now());
    stage(backup, &database, now)?;
    Ok(swap(&database, now)?)
}
