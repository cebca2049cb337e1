//! Whether iHook was set up in a data directory before: a database that is gone from there is a loss, never a new
//! beginning.

use std::io::{self, Write};
use std::path::Path;

use ihook_store::{Store, anew, copies, restore};

use crate::clock::Clock;
use crate::error::StartError;
use crate::restore::{DATABASE, stamp};
use crate::{files, instance, secrets};

/// Made once the database is on disk, so that a first start that is cut off bars no later one. Without this file
/// nothing in the directory would tell of secrets that lie in a keyring.
const MARK: &str = "ihook.set-up";

const TEXT: &str = "iHook was set up in this directory. While this file is here, a missing database is told as a loss \
    and not taken for a new beginning.\n";

/// Opens the database of a data directory, or makes it where iHook was never set up.
pub(crate) fn open(data_dir: &Path) -> Result<Store, StartError> {
    let database = data_dir.join(DATABASE);
    restore::complete(&database)?;
    let opened = if is_known(data_dir) { Store::open_existing(&database) } else { Store::open(&database) };
    let store = opened.map_err(|error| StartError::Store {
        error: Box::new(error),
        copies: copies::list(&database).into_iter().map(|copy| copy.path).collect(),
        data_dir: data_dir.to_owned(),
    })?;
    if let Err(error) = mark(data_dir) {
        // A full disk, say: the next start tries again.
        tracing::warn!(%error, "set_up.not_marked");
    }
    Ok(store)
}

/// Makes an empty database in a data directory whose database is lost, because a person wants that.
///
/// # Errors
/// When the directory is in use, or a database is there. Nothing is changed then.
pub fn start_anew(data_dir: &Path, clock: &dyn Clock) -> Result<(), StartError> {
    let _lock = instance::lock(data_dir)?;
    let now = clock.now();
    Ok(anew::begin(&data_dir.join(DATABASE), &stamp(now), now.as_millisecond())?)
}

/// Whether something is there that is only ever written beside a database. The key of the secrets is not: it may be
/// put there before the first start.
pub(crate) fn is_known(data_dir: &Path) -> bool {
    let database = data_dir.join(DATABASE);
    data_dir.join(MARK).exists()
        || secrets::are_filed(data_dir)
        || instance::was_published(data_dir)
        || ihook_store::has_log(&database)
        || !copies::list(&database).is_empty()
}

fn mark(data_dir: &Path) -> io::Result<()> {
    match files::create_private(&data_dir.join(MARK)) {
        Ok(mut file) => file.write_all(TEXT.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
