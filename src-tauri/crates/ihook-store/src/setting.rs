//! Settings: a name and a JSON text.

use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

/// Under which name what staff can set is kept.
pub const GENERAL: &str = "settings";

/// What is believed of the computer's clock.
pub const KNOWN_TIME: &str = "known_time";

/// What was kept there last and could not be read, before somebody saved settings anew.
pub const UNREADABLE: &str = "settings.unreadable";

/// The stored text, if the setting was ever saved.
///
/// # Errors
/// As SQLite reports them.
pub fn get(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Saves.
///
/// # Errors
/// As SQLite reports them.
pub fn set(tx: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![name, value])?;
    Ok(())
}

/// Writes 32 KiB that were never there before: SQLite spares itself a write that changes nothing.
pub(crate) fn put_probe(tx: &Connection) -> Result<(), StoreError> {
    let random = "SELECT 'probe', '\"' || hex(randomblob(16384)) || '\"' WHERE true";
    let insert = format!(
        "INSERT INTO setting (name, value) {random} ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    );
    tx.execute(&insert, [])?;
    Ok(())
}

pub(crate) fn remove_probe(tx: &Connection) -> Result<(), StoreError> {
    tx.execute("DELETE FROM setting WHERE name = 'probe'", [])?;
    Ok(())
}
