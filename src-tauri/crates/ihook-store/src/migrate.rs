//! Brings a database to the present schema, each step in its own transaction, with a copy made before.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::{OpenError, copies, copy};

/// Never edited once released: a change of schema is a new entry.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_draft.sql"),
    include_str!("../migrations/0003_connection_kind.sql"),
    include_str!("../migrations/0004_keeping.sql"),
    include_str!("../migrations/0005_kept_delivery.sql"),
    include_str!("../migrations/0006_term_reach.sql"),
    include_str!("../migrations/0007_sender_proof.sql"),
    include_str!("../migrations/0008_decisions.sql"),
    include_str!("../migrations/0009_search.sql"),
    include_str!("../migrations/0010_foreign_steps.sql"),
    include_str!("../migrations/0011_long_work.sql"),
    include_str!("../migrations/0012_date_order.sql"),
    include_str!("../migrations/0013_guard.sql"),
];

/// The newest schema that this program knows.
pub(crate) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// Refuses what a newer program wrote, or another one; the schema's number.
pub(crate) fn refuse_newer(connection: &Connection, path: &Path) -> Result<i64, OpenError> {
    let found = version(connection).map_err(|source| OpenError::from_sqlite(path, source))?;
    if found > KNOWN {
        return Err(OpenError::Newer { path: path.to_owned(), found, known: KNOWN });
    }
    let count = "SELECT count(*) FROM sqlite_schema";
    let tables = |source| OpenError::from_sqlite(path, source);
    if found < 0
        || found == 0 && connection.query_row(count, [], |row| row.get::<_, i64>(0)).map_err(tables)? > 0
    {
        return Err(OpenError::NotOurs { path: path.to_owned() });
    }
    Ok(found)
}

/// Applies what is missing, after a copy of what is there.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let found = refuse_newer(connection, path)?;
    if found > 0 && found < KNOWN {
        copy::at_once(connection, &copies::before_update(path, found)).map_err(OpenError::Copy)?;
        copies::prune(path);
    }
    apply_missing(connection, path, found)
}

/// Applies what is missing, without a copy: the file is one.
pub(crate) fn apply_missing(connection: &mut Connection, path: &Path, found: i64) -> Result<(), OpenError> {
    for (number, sql) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
        apply(connection, number, sql).map_err(|source| OpenError::from_sqlite(path, source))?;
    }
    Ok(())
}

/// Makes the schema of this number in an empty database.
pub(crate) fn apply_up_to(connection: &mut Connection, number: i64) -> Result<(), rusqlite::Error> {
    (1_i64..)
        .zip(MIGRATIONS)
        .filter(|(at, _)| *at <= number)
        .try_for_each(|(at, sql)| apply(connection, at, sql))
}

fn apply(connection: &mut Connection, number: i64, sql: &str) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(sql)?;
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

pub(crate) fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, open};

    #[test]
    fn a_new_database_gets_every_migration_and_opening_again_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        drop(Store::open(&path).unwrap());
        assert_eq!(version(&open::foreign(&path).unwrap()).unwrap(), KNOWN);
        assert_eq!(copies::list(&path), [], "nothing was migrated, so nothing was copied");
    }

    #[test]
    fn a_newer_database_is_refused_and_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        drop(Store::open(&path).unwrap());
        open::writable(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let files = || {
            let mut files: Vec<_> = std::fs::read_dir(dir.path())
                .unwrap()
                .map(|file| file.unwrap().path())
                .map(|path| (std::fs::read(&path).unwrap(), path))
                .collect();
            files.sort();
            files
        };
        let before = files();
        assert!(before.len() > 1, "its log is not tidied away either");
        assert!(matches!(Store::open(&path), Err(OpenError::Newer { found: 99, .. })));
        assert!(files() == before, "no file was touched");
    }

    #[test]
    fn a_database_of_another_program_is_refused_and_left_as_it_was() {
        for (number, tables) in [(0, "CREATE TABLE theirs (a)"), (-1, "")] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("ihook.db");
            let theirs = open::writable(&path).unwrap();
            theirs.execute_batch(tables).unwrap();
            theirs.pragma_update(None, "user_version", number).unwrap();
            drop(theirs);
            let before = std::fs::read(&path).unwrap();
            let refused = Store::open(&path).unwrap_err();
            assert!(matches!(refused, OpenError::NotOurs { .. }), "{refused}");
            assert_eq!(std::fs::read(&path).unwrap(), before);
        }
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
