//! Activities.

use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Map, Value};

use super::ledger::{Attempt, note_attempt};
use super::{Store, Stored, from_text, to_text};

/// What an index can do of a query; the rest is filtered record by record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Narrow {
    pub(crate) party_id: Option<String>,
    pub(crate) activity_type: Option<String>,
}

const NARROWED: &str = "(?1 IS NULL OR party_id = ?1) AND (?2 IS NULL OR activity_type = ?2 COLLATE NOCASE)";
/// The index is only used where the planner sees an equality, hence a query of its own.
const OF_PARTY: &str = "party_id = ?1 AND (?2 IS NULL OR activity_type = ?2 COLLATE NOCASE)";

impl Narrow {
    fn condition(&self) -> &'static str {
        if self.party_id.is_some() { OF_PARTY } else { NARROWED }
    }
}

impl Store {
    /// Writes an activity and its line in the ledger in one transaction; its SEQN.
    pub(crate) fn insert_activity(
        &self,
        activity_type: &str,
        properties: &Map<String, Value>,
        attempt: &Attempt,
    ) -> rusqlite::Result<i64> {
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO activity (party_id, activity_type, properties) VALUES (?1, ?2, ?3)",
                )?
                .execute((&attempt.party_id, activity_type, to_text(properties)))?;
            let seqn = transaction.last_insert_rowid();
            note_attempt(transaction, attempt, Some(&seqn.to_string()), true)?;
            Ok(seqn)
        })
    }

    /// One page of activities in the order of their numbers, and how many there are.
    pub(crate) fn activities_page(
        &self,
        narrow: &Narrow,
        offset: usize,
        limit: usize,
    ) -> rusqlite::Result<(Vec<Stored>, usize)> {
        let condition = narrow.condition();
        self.read(|connection| {
        let total: i64 = connection
            .prepare_cached(&format!("SELECT count(*) FROM activity WHERE {condition}"))?
            .query_row(params![narrow.party_id, narrow.activity_type], |row| row.get(0))?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT seqn, party_id, properties FROM activity WHERE {condition} ORDER BY seqn LIMIT ?3 OFFSET ?4"
        ))?;
        let (limit, offset) =
            (i64::try_from(limit).unwrap_or(i64::MAX), i64::try_from(offset).unwrap_or(i64::MAX));
        let rows =
            statement.query_map(params![narrow.party_id, narrow.activity_type, limit, offset], stored)?;
        Ok((rows.collect::<Result<_, _>>()?, usize::try_from(total).unwrap_or(0)))
        })
    }

    pub(crate) fn activity(&self, seqn: i64) -> rusqlite::Result<Option<Stored>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT seqn, party_id, properties FROM activity WHERE seqn = ?1")?;
            statement.query_row([seqn], stored).optional()
        })
    }

    /// Whether there was one.
    pub(crate) fn delete_activity(&self, seqn: i64) -> rusqlite::Result<bool> {
        let deleted =
            self.write(|transaction| transaction.execute("DELETE FROM activity WHERE seqn = ?1", [seqn]))?;
        Ok(deleted > 0)
    }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let seqn: i64 = row.get(0)?;
    let properties = from_text(row.get_ref(2)?.as_str()?);
    Ok(Stored { key: vec![seqn.to_string()], party_id: row.get(1)?, properties })
}
