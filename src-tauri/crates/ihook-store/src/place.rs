//! Whether the database's files are where they were opened. A file that was deleted or moved takes every commit, and
//! all of it is lost with the last handle: no delivery may be acknowledged then.

use std::io;
use std::path::{Path, PathBuf};

use crate::open;

/// The place of an open database.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    log: PathBuf,
    file: Identity,
}

impl Place {
    /// Of the database that was just opened at `path`.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), log: open::beside(path, "-wal"), file: identity(path)? })
    }

    /// Asked after a commit, when the log is there as well. A question that the system does not answer is no.
    pub(crate) fn is_kept(&self) -> bool {
        identity(&self.path).is_ok_and(|file| file == self.file) && identity(&self.log).is_ok()
    }
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

/// Elsewhere nobody can delete or move a file that is open.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_path: &Path) -> io::Result<Identity> {
    Ok(())
}
