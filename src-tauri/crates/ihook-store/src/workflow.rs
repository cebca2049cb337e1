//! Workflows: a name, a state and the number of the version that the endpoint runs.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::{StoreError, WorkflowId, run};

/// Where a workflow is (docs/behavior.md#states).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Never activated.
    Draft,
    /// Accepts and runs.
    Active,
    /// Accepts; its runs wait.
    Paused,
    /// Refuses; what is queued drains.
    Disabled,
    /// Put away.
    Archived,
}

impl Status {
    /// Every state, in the order of a workflow's life.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Active, Self::Paused, Self::Disabled, Self::Archived];

    /// As stored and as on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::Archived => "archived",
        }
    }

    /// Whether its endpoint takes deliveries.
    #[must_use]
    pub fn accepts(self) -> bool {
        matches!(self, Self::Active | Self::Paused)
    }

    /// Whether its queued runs may start.
    #[must_use]
    pub fn drains(self) -> bool {
        !matches!(self, Self::Paused)
    }
}

crate::text_column::text_column!(Status);

/// One row.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Its identifier.
    pub id: WorkflowId,
    /// Names it in the hook URL.
    pub key: String,
    /// As in the latest version's file.
    pub name: String,
    /// Its state.
    pub status: Status,
    /// The version that the endpoint runs; 0 before the first publish.
    pub published: u32,
    /// The newest saved version.
    pub latest: u32,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

const COLUMNS: &str = "id, key, name, status, published, latest, created_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Workflow> {
    Ok(Workflow {
        id: row.get(0)?,
        key: row.get(1)?,
        name: row.get(2)?,
        status: row.get(3)?,
        published: row.get(4)?,
        latest: row.get(5)?,
        created_at: row.get(6)?,
    })
}

/// Adds a draft without versions; [`crate::version::add`] follows in the same change.
///
/// # Errors
/// As SQLite reports them.
pub fn insert(tx: &Connection, id: WorkflowId, key: &str, name: &str, now: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO workflow (id, key, name, status, published, latest, created_at, updated_at)
         VALUES (?1, ?2, ?3, 'draft', 0, 0, ?4, ?4)",
    )?
    .execute(params![id, key, name, now])?;
    Ok(())
}

/// All that were not deleted, oldest first.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection) -> Result<Vec<Workflow>, StoreError> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM workflow WHERE deleted_at IS NULL ORDER BY created_at, id"
    ))?;
    let rows = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// One that was not deleted.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn get(connection: &Connection, id: WorkflowId) -> Result<Workflow, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM workflow WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// Whether it is known and was not deleted.
///
/// # Errors
/// As SQLite reports them.
pub fn is_there(connection: &Connection, id: WorkflowId) -> Result<bool, StoreError> {
    let mut query =
        connection.prepare_cached("SELECT 1 FROM workflow WHERE id = ?1 AND deleted_at IS NULL")?;
    Ok(query.exists([id])?)
}

/// Its name, also when it was deleted: runs outlive their workflow.
///
/// # Errors
/// [`StoreError::NotFound`] when there never was one.
pub fn name(connection: &Connection, id: WorkflowId) -> Result<String, StoreError> {
    connection
        .prepare_cached("SELECT name FROM workflow WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// Sets the state.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such workflow.
pub fn set_status(tx: &Connection, id: WorkflowId, status: Status, now: i64) -> Result<(), StoreError> {
    one(tx
        .prepare_cached(
            "UPDATE workflow SET status = ?2, updated_at = ?3 WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .execute(params![id, status, now])?)
}

/// Makes `version` the one that the endpoint runs.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such workflow.
pub fn publish(tx: &Connection, id: WorkflowId, version: u32, now: i64) -> Result<(), StoreError> {
    one(tx
        .prepare_cached(
            "UPDATE workflow SET published = ?2, updated_at = ?3 WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .execute(params![id, version, now])?)
}

/// What is kept where nobody knows what the sender's secret was set for.
pub const PROOF_UNKNOWN: &str = "unknown";

/// Keeps for which way of proving itself the sender's secret was set; none where there is no secret any more.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such workflow.
pub fn set_sender_proof(tx: &Connection, id: WorkflowId, proof: Option<&str>) -> Result<(), StoreError> {
    one(tx
        .prepare_cached("UPDATE workflow SET sender_proof = ?2 WHERE id = ?1 AND deleted_at IS NULL")?
        .execute(params![id, proof])?)
}

/// The workflows for which [`set_sender_proof`] kept something.
///
/// # Errors
/// As SQLite reports them.
pub fn with_sender_proof(connection: &Connection) -> Result<Vec<WorkflowId>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT id FROM workflow WHERE sender_proof IS NOT NULL AND deleted_at IS NULL")?;
    let rows = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The headers in which senders prove themselves, as the published and the latest version of each workflow and the
/// drafts of it name them.
///
/// # Errors
/// As SQLite reports them.
pub fn proof_headers(connection: &Connection) -> Result<Vec<(WorkflowId, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT id, header FROM (
           SELECT w.id, v.file ->> '$.trigger.authentication.header' AS header
           FROM workflow w JOIN version v ON v.workflow_id = w.id AND v.number IN (w.published, w.latest)
           WHERE w.deleted_at IS NULL
           UNION
           SELECT workflow_id, file ->> '$.trigger.authentication.header' FROM draft
           WHERE workflow_id IS NOT NULL
         ) WHERE typeof(header) = 'text'",
    )?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What [`set_sender_proof`] kept; none where no secret is set.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such workflow.
pub fn sender_proof(connection: &Connection, id: WorkflowId) -> Result<Option<String>, StoreError> {
    let mut query = connection.prepare_cached("SELECT sender_proof FROM workflow WHERE id = ?1")?;
    query.query_row([id], |row| row.get(0)).optional()?.ok_or(StoreError::NotFound)
}

/// Marks as deleted and forgets its tokens and drafts, so that the endpoint is gone while the runs stay readable.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such workflow, [`StoreError::Conflict`] while runs are unfinished.
pub fn delete(tx: &Connection, id: WorkflowId, now: i64) -> Result<(), StoreError> {
    let (going, look) = run::open_counts(tx, id)?;
    let open = going + look;
    if open > 0 {
        return Err(StoreError::Conflict(format!(
            "{open} of its runs are not finished: let them finish or cancel them, then delete it"
        )));
    }
    one(tx
        .prepare_cached(
            "UPDATE workflow SET deleted_at = ?2, status = 'archived' WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .execute(params![id, now])?)?;
    tx.prepare_cached("DELETE FROM token WHERE workflow_id = ?1")?.execute([id])?;
    tx.prepare_cached("DELETE FROM draft WHERE workflow_id = ?1")?.execute([id])?;
    Ok(())
}

fn one(changed: usize) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}
