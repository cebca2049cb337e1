//! Drafts: what editors have not saved yet, so that a crash loses nothing.

use rusqlite::{Connection, params};

use crate::{StoreError, WorkflowId};

/// What one editor left.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Chosen by the editor.
    pub editor: String,
    /// The version it was edited from; 0 for a workflow that was never saved.
    pub base: u32,
    /// The file as it stood.
    pub file: String,
    /// Milliseconds since 1970.
    pub saved_at: i64,
}

/// Keeps what an editor has now, in place of what it had, and forgets drafts last kept before `outdated`.
///
/// # Errors
/// As SQLite reports them.
pub fn set(tx: &Connection, id: Option<WorkflowId>, draft: &Draft, outdated: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO draft (editor, workflow_id, base, file, saved_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (editor) DO UPDATE SET workflow_id = excluded.workflow_id, base = excluded.base,
           file = excluded.file, saved_at = excluded.saved_at",
    )?
    .execute(params![draft.editor, id, draft.base, draft.file, draft.saved_at])?;
    tx.prepare_cached("DELETE FROM draft WHERE saved_at < ?1")?.execute([outdated])?;
    Ok(())
}

/// The newest drafts of a workflow, or of workflows that were never saved.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, id: Option<WorkflowId>, limit: u32) -> Result<Vec<Draft>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT editor, base, file, saved_at FROM draft WHERE workflow_id IS ?1
         ORDER BY saved_at DESC, editor LIMIT ?2",
    )?;
    let rows = query
        .query_map(params![id, limit], |row| {
            Ok(Draft { editor: row.get(0)?, base: row.get(1)?, file: row.get(2)?, saved_at: row.get(3)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Forgets what an editor had; nothing when it had nothing.
///
/// # Errors
/// As SQLite reports them.
pub fn discard(tx: &Connection, editor: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM draft WHERE editor = ?1")?.execute([editor])?;
    Ok(())
}
