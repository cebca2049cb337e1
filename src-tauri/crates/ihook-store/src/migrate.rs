//! Brings a database to the present schema, each step in its own transaction, with a copy made before.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::{OpenError, open};

/// Never edited once released: a change of schema is a new entry.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_draft.sql"),
    include_str!("../migrations/0003_connection_kind.sql"),
];

/// Applies what is missing.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let sqlite = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let found = version(connection).map_err(sqlite)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let copy = backup_path(path, found);
        open::copy(connection, &copy)
            .map_err(|error| OpenError::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    }
    for (number, sql) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
        apply(connection, number, sql).map_err(sqlite)?;
    }
    Ok(())
}

/// What can be said of a database without changing it.
pub(crate) fn examine(path: &Path) -> Result<String, OpenError> {
    let sqlite = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let connection = open::readable(path).map_err(sqlite)?;
    let found = version(&connection).map_err(sqlite)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    let check: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(sqlite)?;
    if check != "ok" {
        return Err(OpenError::Damaged { path: path.to_owned(), reason: check });
    }
    let runs: i64 = connection.query_row("SELECT count(*) FROM run", [], |row| row.get(0)).map_err(sqlite)?;
    Ok(format!("sound, schema {found}, {runs} runs"))
}

fn apply(connection: &mut Connection, number: i64, sql: &str) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(sql)?;
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Beside the database, under a name no earlier copy has.
fn backup_path(path: &Path, version: i64) -> PathBuf {
    (1..)
        .map(|n| path.with_extension(format!("before-update-{version}-{n}.db")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| path.with_extension("before-update.db"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn a_new_database_gets_every_migration_and_opening_again_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        drop(Store::open(&path).unwrap());
        let connection = open::readable(&path).unwrap();
        assert_eq!(version(&connection).unwrap(), i64::try_from(MIGRATIONS.len()).unwrap());
        assert_eq!(
            std::fs::read_dir(dir.path())
                .unwrap()
                .filter(|f| { f.as_ref().unwrap().file_name().to_string_lossy().contains("before-update") })
                .count(),
            0,
            "nothing was migrated, so nothing was copied"
        );
    }

    #[test]
    fn a_newer_database_is_refused_and_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        open::writable(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Store::open(&path), Err(OpenError::Newer { found: 99, .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        std::fs::write(
            &path,
            "this is a letter, not a database, and it is long enough to look at".repeat(20),
        )
        .unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Store::open(&path), Err(OpenError::Damaged { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
