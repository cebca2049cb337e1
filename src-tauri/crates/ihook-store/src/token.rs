//! Hook tokens, as SHA-256 only: the listener works while the secret store is locked, and a stolen database
//! opens no endpoint.

use rusqlite::{Connection, params};

use crate::{StoreError, WorkflowId};

/// SHA-256 of a token.
pub type Hash = [u8; 32];

/// A token that may be used until `valid_until` (milliseconds since 1970; `None`: until replaced).
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// SHA-256 of the token.
    pub hash: Hash,
    /// Whose endpoint it opens.
    pub workflow_id: WorkflowId,
    /// Set on a replaced token during its overlap.
    pub valid_until: Option<i64>,
}

/// Replaces the workflow's token. The old one ends at `old_until`, or at once when that is not in the future;
/// one that was replaced before it ends no later.
///
/// # Errors
/// As SQLite reports them.
pub fn replace(
    tx: &Connection,
    workflow_id: WorkflowId,
    hash: &Hash,
    old_until: i64,
    now: i64,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE token SET valid_until = min(coalesce(valid_until, ?2), ?2) WHERE workflow_id = ?1",
    )?
    .execute(params![workflow_id, old_until])?;
    tx.prepare_cached("DELETE FROM token WHERE workflow_id = ?1 AND valid_until <= ?2")?
        .execute(params![workflow_id, now])?;
    tx.prepare_cached("INSERT INTO token (hash, workflow_id, valid_until) VALUES (?1, ?2, NULL)")?
        .execute(params![hash, workflow_id])?;
    Ok(())
}

/// Every token of every workflow.
///
/// # Errors
/// As SQLite reports them.
pub fn all(connection: &Connection) -> Result<Vec<Token>, StoreError> {
    let mut query = connection.prepare_cached("SELECT hash, workflow_id, valid_until FROM token")?;
    let rows = query
        .query_map([], |row| {
            Ok(Token { hash: row.get(0)?, workflow_id: row.get(1)?, valid_until: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
