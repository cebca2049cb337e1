//! One program per data directory, and how other programs find its admin address.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::StartError;
use crate::files;

const LOCK: &str = "ihook.lock";
const ADMIN: &str = "admin.json";

/// Where the running server of a data directory takes commands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdminAddress {
    /// Base URL without a trailing slash.
    pub admin: String,
    /// For the `Authorization: Bearer` header.
    pub admin_token: String,
}

/// Holds the data directory until the last clone is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the lock lives as long as its file is open")] Arc<File>);

/// Takes the data directory, creating it when it is not there.
pub(crate) fn lock(data_dir: &Path) -> Result<Lock, StartError> {
    let path = data_dir.display().to_string();
    let unusable = |error: std::io::Error| StartError::Directory { path: path.clone(), reason: error };
    files::create_private_dir(data_dir).map_err(unusable)?;
    let file = files::open_private(&data_dir.join(LOCK)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(Arc::new(file))),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse { path }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// Tells other programs of this user where commands go.
pub(crate) fn publish(data_dir: &Path, address: &AdminAddress) -> std::io::Result<()> {
    files::replace_private(&data_dir.join(ADMIN), &serde_json::to_vec(address)?)
}

/// Takes that back.
pub(crate) fn unpublish(data_dir: &Path) {
    // A file that stays behind only points to nobody.
    let _ = fs::remove_file(data_dir.join(ADMIN));
}

/// Whether a server has run here and was not ended in good order, or runs.
pub(crate) fn was_published(data_dir: &Path) -> bool {
    data_dir.join(ADMIN).exists()
}

/// Where the running server of `data_dir` takes commands.
///
/// # Errors
/// When none has been started there, or its file cannot be read.
pub fn admin_address(data_dir: &Path) -> std::io::Result<AdminAddress> {
    Ok(serde_json::from_slice(&fs::read(data_dir.join(ADMIN))?)?)
}
