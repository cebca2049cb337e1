//! Inserting several rows with one statement, for which SQLite opens the table and its indices once.

use rusqlite::{CachedStatement, Connection, ToSql};

use crate::StoreError;

/// Rows of one statement at most: each number of them is a statement of its own, and more gain little.
pub(crate) const TOGETHER: usize = 16;

/// Runs `insert` (`INSERT INTO table (columns)`) for at most [`TOGETHER`] rows; how many came in. `row` is what
/// stands for each, its values as question marks.
pub(crate) fn insert<'a, const N: usize>(
    tx: &Connection,
    insert: &str,
    row: &str,
    rows: impl ExactSizeIterator<Item = [&'a dyn ToSql; N]>,
) -> Result<usize, StoreError> {
    let all = vec![row; rows.len()].join(", ");
    let mut statement: CachedStatement<'_> = tx.prepare_cached(&format!("{insert} VALUES {all}"))?;
    for (place, value) in (1..).zip(rows.flatten()) {
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(statement.raw_execute()?)
}
