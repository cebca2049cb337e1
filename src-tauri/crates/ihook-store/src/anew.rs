//! An empty database in the place of one that is lost, on a person's word.

use std::path::Path;

use crate::restore::{RestoreError, complete, set_log_aside};
use crate::{audit, migrate, open};

/// Makes an empty database at `path`. What the one before left of its log is kept beside it, under a name with
/// `stamp` in it. `at` in milliseconds since 1970.
///
/// # Errors
/// [`RestoreError::NotLost`] when a database is there, which is not changed then; when none can be made.
pub fn begin(path: &Path, stamp: &str, at: i64) -> Result<(), RestoreError> {
    complete(path)?;
    if open::is_missing(path) {
        set_log_aside(path, stamp)?;
    }
    let mut connection = open::writable(path)?;
    if migrate::refuse_newer(&connection, path)? > 0 {
        return Err(RestoreError::NotLost(path.to_owned()));
    }
    open::durable(&connection, path)?;
    migrate::apply_missing(&mut connection, path, 0)?;
    Ok(audit::add(&connection, at, "start_anew", "database", "The one before was missing or empty.")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn an_empty_database_is_made_only_where_there_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let log = open::beside(&path, "-wal");
        std::fs::write(&path, "").unwrap();
        std::fs::write(&log, "what the lost one left").unwrap();
        assert!(matches!(Store::open_existing(&path), Err(crate::OpenError::Lost { .. })));
        assert_eq!(std::fs::read(&log).unwrap(), b"what the lost one left", "a refusal touches nothing");

        begin(&path, "20270101-000000", 0).unwrap();
        let kept = dir.path().join("ihook.replaced-20270101-000000-1.db-wal");
        assert_eq!(std::fs::read(kept).unwrap(), b"what the lost one left");
        let bytes = std::fs::read(&path).unwrap();
        assert!(matches!(begin(&path, "20270101-000001", 0), Err(RestoreError::NotLost(_))));
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
        let store = Store::open_existing(&path).unwrap();
        assert_eq!(store.read_blocking(|database| audit::list(database, None, 9)).unwrap().len(), 1);
    }

    #[test]
    fn a_database_without_tables_counts_as_empty() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let bare = open::writable(&path).unwrap();
        open::durable(&bare, &path).unwrap();
        drop(bare);
        assert!(matches!(Store::open_existing(&path), Err(crate::OpenError::Lost { .. })));
        begin(&path, "20270101-000000", 0).unwrap();
        Store::open_existing(&path).unwrap();
    }
}
