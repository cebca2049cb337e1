//! Inserting several rows with one statement, for which SQLite opens the table and its indices once.

use rusqlite::{Connection, ToSql};

use crate::StoreError;

/// Rows of one statement at most: each number of them is a statement of its own, and more gain little.
const TOGETHER: usize = 16;

/// Runs `insert` (`INSERT INTO table (columns)`) for all `rows`, in their order. `row` is what stands for each, its
/// values as question marks.
pub(crate) fn insert<const N: usize>(
    tx: &Connection,
    insert: &str,
    row: &str,
    rows: &[[&dyn ToSql; N]],
) -> Result<(), StoreError> {
    for some in rows.chunks(TOGETHER) {
        let all = vec![row; some.len()].join(", ");
        let mut statement = tx.prepare_cached(&format!("{insert} VALUES {all}"))?;
        for (place, value) in (1..).zip(some.as_flattened()) {
            statement.raw_bind_parameter(place, value)?;
        }
        statement.raw_execute()?;
    }
    Ok(())
}
