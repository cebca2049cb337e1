//! How the database is doing: its sizes, its soundness, what waits in it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::condition::Condition;
use crate::{OpenError, Store, StoreError, migrate, open, schema, setting};

/// Rows looked at in one piece: some milliseconds.
const PIECE: i64 = 2000;
/// How often a piece is tried again that was broken off because much was being received.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(200);
/// Tables that grow, with a row number to walk along. The others are looked at whole.
const LONG: [&str; 6] = ["run", "payload", "step", "delivery", "kept_delivery", "audit"];

/// Sizes in bytes, times in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The schema's number.
    pub schema: i64,
    /// Of the database file.
    pub file_bytes: u64,
    /// Of the write-ahead log.
    pub log_bytes: u64,
    /// Of the file, what holds something.
    pub used_bytes: u64,
    /// Of the file, what was freed and not yet given back to the disk.
    pub free_bytes: u64,
    /// Runs stored.
    pub runs: u64,
    /// Of these, the ones that have not ended.
    pub unfinished: u64,
    /// When the oldest unfinished run was received.
    pub oldest_unfinished: Option<i64>,
    /// When the run ended that ended first.
    pub oldest_finished: Option<i64>,
}

/// What a database holds that is not the running program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its health.
    pub health: Health,
    /// Workflows that were not deleted.
    pub workflows: u64,
    /// When the newest run was received; milliseconds since 1970.
    pub newest_run: Option<i64>,
    /// What staff have set, as JSON.
    pub settings: Option<String>,
}

impl Summary {
    /// Looks at the database at `path` without changing it.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, is not ours, or was written by a newer program.
    pub fn of(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::from_sqlite(path, source);
        if let Err(source) = std::fs::metadata(path) {
            return Err(OpenError::File { path: path.to_owned(), source });
        }
        let connection = open::foreign(path).map_err(failed)?;
        sound(&connection, path)?;
        let read = || -> Result<Self, StoreError> {
            Ok(Self {
                health: of(&connection, path)?,
                workflows: connection.query_row(
                    "SELECT count(*) FROM workflow WHERE deleted_at IS NULL",
                    [],
                    |row| row.get(0),
                )?,
                newest_run: connection
                    .query_row("SELECT received_at FROM run ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
                    .optional()?,
                settings: setting::get(&connection, setting::GENERAL)?,
            })
        };
        read().map_err(|error| match error {
            StoreError::Sqlite(source) => failed(source),
            other => OpenError::Copy(other),
        })
    }
}

/// Refuses a database that is not ours, newer than this program, or damaged; its schema's number.
pub(crate) fn sound(connection: &Connection, path: &Path) -> Result<i64, OpenError> {
    let failed = |source| OpenError::from_sqlite(path, source);
    let found = migrate::refuse_newer(connection, path)?;
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('run', 'workflow', 'step')",
            [],
            |row| row.get(0),
        )
        .map_err(failed)?;
    if found == 0 || tables < 3 {
        return Err(OpenError::NotOurs { path: path.to_owned() });
    }
    schema::refuse_foreign(connection, path, found)?;
    refuse_truncated(connection, path)?;
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if verdict != "ok" {
        return Err(OpenError::Damaged { path: path.to_owned(), reason: verdict });
    }
    Ok(found)
}

/// Refuses a file that is shorter than it says: what is left of a copy that was broken off.
pub(crate) fn refuse_truncated(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::from_sqlite(path, source);
    if open::has_log(path) {
        // The end may still be in the log.
        return Ok(());
    }
    let wanted =
        pages(connection, "page_count").map_err(failed)? * pages(connection, "page_size").map_err(failed)?;
    let found =
        std::fs::metadata(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?.len();
    if found < wanted {
        let reason = format!("it has {found} bytes and should have {wanted}");
        return Err(OpenError::Damaged { path: path.to_owned(), reason });
    }
    Ok(())
}

pub(crate) fn of(connection: &Connection, path: &Path) -> Result<Health, StoreError> {
    let page = pages(connection, "page_size")?;
    let (all, free) = (pages(connection, "page_count")?, pages(connection, "freelist_count")?);
    let unfinished = "FROM run WHERE status = 'queued'
        UNION ALL SELECT received_at FROM run WHERE status IN ('running', 'waiting', 'inDoubt', 'held')";
    let (unfinished, oldest_unfinished) = connection.query_row(
        &format!("SELECT count(*), min(received_at) FROM (SELECT received_at {unfinished})"),
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Health {
        schema: migrate::version(connection)?,
        file_bytes: all * page,
        log_bytes: open::log_bytes(path),
        used_bytes: (all - free) * page,
        free_bytes: free * page,
        runs: connection.query_row("SELECT count(*) FROM run", [], |row| row.get(0))?,
        unfinished,
        oldest_unfinished,
        oldest_finished: connection.query_row("SELECT min(finished_at) FROM run", [], |row| row.get(0))?,
    })
}

/// Bytes of the file that hold something, cheaply.
///
/// # Errors
/// As SQLite reports them.
pub(crate) fn used_bytes(connection: &Connection) -> Result<u64, StoreError> {
    let held = pages(connection, "page_count")? - pages(connection, "freelist_count")?;
    Ok(held * pages(connection, "page_size")?)
}

/// Pages that were freed and not yet given back.
pub(crate) fn free_pages(connection: &Connection) -> Result<u64, StoreError> {
    Ok(pages(connection, "freelist_count")?)
}

fn pages(connection: &Connection, pragma: &str) -> Result<u64, rusqlite::Error> {
    connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
}

/// See [`Store::check_blocking`].
pub(crate) fn check(
    store: &Store,
    condition: &Condition,
    mut go_on: impl FnMut() -> bool,
) -> Result<(), StoreError> {
    let tables: Vec<String> = store.read_blocking(|connection| {
        let mut query = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
        let names = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    })?;
    let term = "SELECT value, run_seq FROM term WHERE (value, run_seq) > (?1, ?2)
        ORDER BY value, run_seq LIMIT 1 OFFSET ?3";
    let mut at = (String::new(), 0);
    for table in &tables {
        let mut after = 0_i64;
        let mut more = true;
        while more && go_on() {
            more = patiently(|| {
                store.read_blocking(|connection| {
                    if table == "term" {
                        let next = connection
                            .prepare_cached(term)?
                            .query_row(params![at.0, at.1, PIECE * 5], |row| Ok((row.get(0)?, row.get(1)?)));
                        let next: Option<(String, i64)> = next.optional()?;
                        return Ok(next.map(|next| at = next).is_some());
                    }
                    if LONG.contains(&table.as_str()) {
                        let last = walk(connection, table, after)?;
                        return Ok(last.map(|last| after = last).is_some());
                    }
                    let verdict: String =
                        connection
                            .query_row(&format!("PRAGMA quick_check('{table}')"), [], |row| row.get(0))?;
                    if verdict != "ok" {
                        condition.damaged(&verdict);
                    }
                    Ok(false)
                })
            })?;
            condition.check()?;
        }
    }
    Ok(())
}

/// Reads the next rows whole, which meets whatever does not hang together; the last one's number.
fn walk(connection: &Connection, table: &str, after: i64) -> Result<Option<i64>, StoreError> {
    let columns: Vec<String> = connection
        .prepare_cached("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let lengths: Vec<_> = columns.iter().map(|column| format!("coalesce(length(\"{column}\"), 0)")).collect();
    let sql = format!(
        "SELECT max(row), sum(size) FROM (SELECT rowid AS row, {} AS size FROM {table} WHERE rowid > ?1
         ORDER BY rowid LIMIT ?2)",
        lengths.join(" + ")
    );
    Ok(connection.prepare_cached(&sql)?.query_row([after, PIECE], |row| row.get(0))?)
}

/// Tries again what was broken off, when there is less to do.
fn patiently<T>(mut piece: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 0..TRIES {
        match piece() {
            Err(StoreError::TooLong) => thread::sleep(PAUSE),
            done => return done,
        }
    }
    piece()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use crate::run::{self, NewRun};
    use crate::{WorkflowId, workflow};

    fn filled(path: &Path) {
        let store = Store::open(path).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let fill = store.write(|tx| {
            let workflow_id = WorkflowId::new();
            workflow::insert(tx, workflow_id, "key", "name", 0)?;
            for _ in 0..300 {
                let new = NewRun::live(workflow_id);
                run::enqueue(tx, &[(&new, &Payload { body: "x".repeat(3000), metadata: None })])?;
            }
            Ok(())
        });
        runtime.block_on(fill).unwrap();
        assert_eq!(store.health_blocking().unwrap().unfinished, 300);
        store.check_blocking(|| true).unwrap();
        store.close_blocking();
    }

    #[test]
    fn damage_is_found_in_pieces_and_ends_writing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        filled(&path);
        assert_eq!(Summary::of(&path).unwrap().health.runs, 300);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 4096 * 8].fill(0xA5);
        std::fs::write(&path, &bytes).unwrap();
        assert!(matches!(Summary::of(&path), Err(OpenError::Damaged { .. })));
        let store = Store::open(&path).unwrap();
        let damage = store.watch_damage();
        assert!(store.check_blocking(|| true).is_err());
        assert!(damage.borrow().is_some());
    }

    #[test]
    fn half_a_file_is_refused_when_it_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        filled(&path);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(matches!(Store::open(&path), Err(OpenError::Damaged { .. })));
        assert_eq!(std::fs::read(&path).unwrap().len(), bytes.len() / 2, "and left as it is");
    }
}
