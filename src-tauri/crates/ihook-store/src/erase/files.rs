//! Workflow files: every saved version, and what editors have not saved.

use rusqlite::{Connection, params};

use crate::{StoreError, WorkflowId};

/// A workflow file that was saved.
#[derive(Clone, Debug)]
pub struct SavedFile {
    /// Whose it is.
    pub workflow_id: WorkflowId,
    /// Which version.
    pub number: u32,
    /// The workflow's name now.
    pub name: String,
    /// As it was saved.
    pub file: String,
}

/// Every saved version of every workflow, ordered by the workflows' names.
///
/// # Errors
/// As SQLite reports them.
pub fn saved(connection: &Connection) -> Result<Vec<SavedFile>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT workflow_id, number, name, file FROM version JOIN workflow ON workflow.id = workflow_id
         ORDER BY name, workflow_id, number",
    )?;
    let rows = query
        .query_map([], |row| {
            Ok(SavedFile {
                workflow_id: row.get(0)?,
                number: row.get(1)?,
                name: row.get(2)?,
                file: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Puts `file` in the place of a saved version: the only change of one there is, for test cases that have to go.
/// Runs do not depend on them.
///
/// # Errors
/// As SQLite reports them.
pub fn set_saved(tx: &Connection, id: WorkflowId, number: u32, file: &str) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE version SET file = ?3 WHERE workflow_id = ?1 AND number = ?2")?
        .execute(params![id, number, file])?;
    Ok(())
}

/// What every editor has not saved: the editor and its file.
///
/// # Errors
/// As SQLite reports them.
pub fn drafts(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut query = connection.prepare_cached("SELECT editor, file FROM draft")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Puts `file` in the place of what an editor has not saved.
///
/// # Errors
/// As SQLite reports them.
pub fn set_draft(tx: &Connection, editor: &str, file: &str) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE draft SET file = ?2 WHERE editor = ?1")?.execute([editor, file])?;
    Ok(())
}
