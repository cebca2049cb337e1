//! Whether a database has the schema that our migrations make, and nothing besides: what somebody put into a backup
//! file, a trigger that deletes runs say, is refused before anything reads or writes there.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use crate::{OpenError, migrate, open};

/// Objects named in an error.
const MAX_NAMED: usize = 5;
/// Characters of a name that are shown.
const MAX_NAME: usize = 60;

/// Kind and name of an object, with the statement that makes it.
type Objects = BTreeMap<(String, String), Option<String>>;

/// Refuses a database of the schema `found` that differs from what the migrations up to it make.
pub(crate) fn refuse_foreign(connection: &Connection, path: &Path, found: i64) -> Result<(), OpenError> {
    let failed = |source| OpenError::from_sqlite(path, source);
    let theirs = objects(connection).map_err(failed)?;
    let mut scratch = open::in_memory().map_err(failed)?;
    migrate::apply_up_to(&mut scratch, found).map_err(failed)?;
    let ours = objects(&scratch).map_err(failed)?;
    let named = |(kind, name): &(String, String), what: &str| format!("{what}{kind} “{}”", shown(name));
    let foreign = theirs.iter().filter_map(|(object, statement)| match ours.get(object) {
        None => Some(named(object, "")),
        Some(made) if made != statement => Some(named(object, "another ")),
        Some(_) => None,
    });
    let missing =
        ours.keys().filter(|object| !theirs.contains_key(object)).map(|object| named(object, "no "));
    let mut all: Vec<_> = foreign.chain(missing).collect();
    if all.is_empty() {
        return Ok(());
    }
    let more = all.len().saturating_sub(MAX_NAMED);
    all.truncate(MAX_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(OpenError::Foreign { path: path.to_owned(), objects: format!("{}{more}", all.join(", ")) })
}

fn objects(connection: &Connection) -> Result<Objects, rusqlite::Error> {
    // What SQLite keeps for itself: the indexes behind keys, and its statistics.
    let mut query = connection.prepare(
        "SELECT type, name, sql FROM sqlite_schema
         WHERE NOT (type = 'index' AND sql IS NULL) AND NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))",
    )?;
    query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?.collect()
}

fn shown(name: &str) -> String {
    name.chars().take(MAX_NAME).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::restore::{Note, RestoreError, stage};
    use crate::{Store, audit};

    const NOTE: Note<'_> = Note { at: 0, detail: "from a test", held_reason: "restored" };

    /// A database of ours with this done to it.
    fn changed(dir: &Path, statements: &str) -> PathBuf {
        let path = dir.join("changed.db");
        drop(Store::open(&path).unwrap());
        let connection = open::writable(&path).unwrap();
        connection.execute_batch(statements).unwrap();
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_row| Ok(())).unwrap();
        path
    }

    #[test]
    fn what_a_file_brings_besides_our_schema_is_refused_by_name_and_nothing_is_touched() {
        for (statements, words) in [
            ("CREATE TRIGGER evil AFTER INSERT ON audit BEGIN DELETE FROM run; END", "trigger “evil”"),
            ("CREATE VIEW spy AS SELECT body FROM payload", "view “spy”"),
            ("CREATE TABLE more (a TEXT) STRICT", "table “more”"),
            ("CREATE INDEX odd ON run (abs(version))", "index “odd”"),
            ("ALTER TABLE setting ADD COLUMN x TEXT DEFAULT (hex(randomblob(9)))", "another table “setting”"),
            (
                "ALTER TABLE setting RENAME TO kept; CREATE VIEW setting AS SELECT * FROM kept",
                "view “setting”",
            ),
            ("DROP INDEX run_by_workflow", "no index “run_by_workflow”"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let path = changed(dir.path(), statements);
            let before = fs::read(&path).unwrap();
            for refused in [Store::open(&path).unwrap_err(), Store::open_existing(&path).unwrap_err()] {
                assert!(matches!(refused, OpenError::Foreign { .. }), "{statements}: {refused}");
                assert!(refused.to_string().contains(words), "{statements}: {refused}");
            }
            let place = dir.path().join("ihook.db");
            drop(Store::open(&place).unwrap());
            let present = fs::read(&place).unwrap();
            let refused = stage(&path, &place, &NOTE).unwrap_err();
            assert!(matches!(refused, RestoreError::Backup(OpenError::Foreign { .. })), "{refused}");
            assert_eq!(fs::read(&path).unwrap(), before, "{statements}: the file is as it was");
            assert_eq!(fs::read(&place).unwrap(), present, "{statements}: so is the database");
            let names: Vec<_> =
                fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
            assert!(!names.iter().any(|name| name.to_string_lossy().contains("restor")), "{names:?}");
        }
    }

    #[tokio::test]
    async fn a_trigger_or_view_that_is_there_all_the_same_does_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let store = Store::open(&path).unwrap();
        store
            .write(|tx| {
                tx.execute_batch(
                    "CREATE TRIGGER evil AFTER INSERT ON audit BEGIN DELETE FROM setting; END;
                     CREATE VIEW spy AS SELECT name FROM setting;
                     INSERT INTO setting (name, value) VALUES ('a', 'b')",
                )?;
                audit::add(tx, 0, "test", "test", "")
            })
            .await
            .unwrap();
        let count = |sql: &'static str| {
            store.read_blocking(move |database| Ok(database.query_row(sql, [], |row| row.get::<_, i64>(0))?))
        };
        assert_eq!(
            count("SELECT count(*) FROM setting WHERE name = 'a'").unwrap(),
            1,
            "the trigger did not run"
        );
        assert!(count("SELECT count(*) FROM spy").is_err(), "the view cannot be read");
        let copy = open::foreign(&path);
        assert!(copy.is_err() || copy.unwrap().prepare("SELECT * FROM spy").is_err());
    }

    #[test]
    fn what_sqlite_keeps_for_itself_is_not_foreign() {
        let dir = tempfile::tempdir().unwrap();
        let path = changed(dir.path(), "INSERT INTO setting VALUES ('a', 'b'); ANALYZE");
        drop(Store::open(&path).unwrap());
    }
}
