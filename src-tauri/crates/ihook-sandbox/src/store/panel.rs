//! Rows of panel sources.

use rusqlite::{OptionalExtension as _, Row};
use serde_json::{Map, Value};

use super::ledger::{Attempt, note_attempt};
use super::{Store, Stored, from_text, to_text};

impl Store {
    /// Writes a row and its line in the ledger in one transaction; its ordinal, or nothing where a
    /// single-instance panel has the member's row already.
    pub(crate) fn insert_row(
        &self,
        panel: &str,
        single: bool,
        properties: &Map<String, Value>,
        attempt: &Attempt,
    ) -> rusqlite::Result<Option<i64>> {
        self.write(|transaction| {
            let last: Option<i64> = transaction
                .prepare_cached("SELECT max(ordinal) FROM panel_row WHERE panel = ?1 AND party_id = ?2")?
                .query_row((panel, &attempt.party_id), |row| row.get(0))?;
            if single && last.is_some() {
                let refused = Attempt { status: Some(409), ..attempt.clone() };
                note_attempt(transaction, &refused, None, false)?;
                return Ok(None);
            }
            let ordinal = if single { 0 } else { last.unwrap_or(0) + 1 };
            transaction
                .prepare_cached(
                    "INSERT INTO panel_row (panel, party_id, ordinal, properties) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((panel, &attempt.party_id, ordinal, to_text(properties)))?;
            let key = match (single, attempt.party_id.as_str()) {
                (true, party_id) => party_id.to_owned(),
                // Rows that belong to nobody are numbered through.
                (false, "") => ordinal.to_string(),
                (false, party_id) => format!("~{party_id}|{ordinal}"),
            };
            note_attempt(transaction, attempt, Some(&key), true)?;
            Ok(Some(ordinal))
        })
    }

    /// All rows of a panel, of one member if given.
    pub(crate) fn rows(
        &self,
        panel: &str,
        single: bool,
        party_id: Option<&str>,
    ) -> rusqlite::Result<Vec<Stored>> {
        let condition = if party_id.is_some() { "party_id = ?2" } else { "?2 IS NULL" };
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT party_id, ordinal, properties FROM panel_row WHERE panel = ?1 AND {condition}
             ORDER BY party_id, ordinal"
            ))?;
            statement.query_map((panel, party_id), |row| stored(row, single))?.collect()
        })
    }

    pub(crate) fn row(
        &self,
        panel: &str,
        single: bool,
        party_id: &str,
        ordinal: i64,
    ) -> rusqlite::Result<Option<Stored>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT party_id, ordinal, properties FROM panel_row
             WHERE panel = ?1 AND party_id = ?2 AND ordinal = ?3",
            )?;
            statement.query_row((panel, party_id, ordinal), |row| stored(row, single)).optional()
        })
    }

    /// Whether there was one.
    pub(crate) fn update_row(
        &self,
        panel: &str,
        party_id: &str,
        ordinal: i64,
        properties: &Map<String, Value>,
    ) -> rusqlite::Result<bool> {
        let updated = self.write(|transaction| {
            transaction.execute(
                "UPDATE panel_row SET properties = ?4 WHERE panel = ?1 AND party_id = ?2 AND ordinal = ?3",
                (panel, party_id, ordinal, to_text(properties)),
            )
        })?;
        Ok(updated > 0)
    }

    /// Whether there was one.
    pub(crate) fn delete_row(&self, panel: &str, party_id: &str, ordinal: i64) -> rusqlite::Result<bool> {
        let deleted = self.write(|transaction| {
            transaction.execute(
                "DELETE FROM panel_row WHERE panel = ?1 AND party_id = ?2 AND ordinal = ?3",
                (panel, party_id, ordinal),
            )
        })?;
        Ok(deleted > 0)
    }
}

fn stored(row: &Row<'_>, single: bool) -> rusqlite::Result<Stored> {
    let (party_id, ordinal): (String, i64) = (row.get(0)?, row.get(1)?);
    let mut key = if party_id.is_empty() { Vec::new() } else { vec![party_id.clone()] };
    if !single {
        key.push(ordinal.to_string());
    }
    Ok(Stored { key, party_id, properties: from_text(row.get_ref(2)?.as_str()?) })
}
