//! What is kept of one person: everything that could hold a value of theirs, read in pieces, and taken away.

use rusqlite::{Connection, params};

use crate::run::Status;
use crate::{RunId, StoreError, step, term};

/// Everything a run keeps in words.
#[derive(Clone, Debug)]
pub struct RunTexts {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// Its identifier.
    pub id: RunId,
    /// Where it stands.
    pub status: Status,
    /// What it received, as JSON.
    pub body: Option<String>,
    /// What is known of the request, as JSON.
    pub metadata: Option<String>,
    /// Its error and what it waits for, as sentences.
    pub sentences: Vec<String>,
    /// What its steps sent, got and made, as JSON.
    pub documents: Vec<String>,
    /// Keys of the records that its steps wrote.
    pub keys: Vec<String>,
}

/// Runs after the place `after` in the order of arrival, at most `limit`.
///
/// # Errors
/// As SQLite reports them.
pub fn runs(connection: &Connection, after: i64, limit: u32) -> Result<Vec<RunTexts>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT run.seq, id, status, body, metadata, error_message, waiting_reason
         FROM run LEFT JOIN payload ON run_seq = seq WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let rows = query.query_map(params![after, limit], |row| {
        let sentences: [Option<String>; 2] = [row.get(5)?, row.get(6)?];
        Ok(RunTexts {
            seq: row.get(0)?,
            id: row.get(1)?,
            status: row.get(2)?,
            body: row.get(3)?,
            metadata: row.get(4)?,
            sentences: sentences.into_iter().flatten().collect(),
            documents: Vec::new(),
            keys: Vec::new(),
        })
    })?;
    let mut runs = rows.collect::<Result<Vec<_>, _>>()?;
    for run in &mut runs {
        for step in step::list(connection, run.seq)? {
            run.documents.extend(
                [step.intent, step.request, step.response, step.output, step.error].into_iter().flatten(),
            );
            run.keys.extend(step.record_key);
        }
    }
    Ok(runs)
}

/// Takes away what a finished run received, sent and got. Its row and the bare rows of its steps stay: that it
/// was, when, and how it ended. `values` are those of its payload.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not finished.
pub fn run(
    tx: &Connection,
    run: &RunTexts,
    values: &[String],
    forget_keys: bool,
    now: i64,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE run SET erased_at = ?2, indexed = 1, waiting_reason = NULL,
               error_message = iif(error_message IS NULL, NULL, 'Erased at someone''s request.')
             WHERE seq = ?1 AND status IN ('succeeded', 'failed', 'rejected', 'stopped', 'cancelled')",
        )?
        .execute(params![run.seq, now])?;
    if changed == 0 {
        return Err(StoreError::Conflict(format!("run {} is not finished", run.id)));
    }
    term::forget(tx, run.seq, values)?;
    step::strip(tx, run.seq, forget_keys)?;
    tx.prepare_cached("DELETE FROM payload WHERE run_seq = ?1")?.execute([run.seq])?;
    Ok(())
}

/// One refused request, as far as it could hold something of a person.
#[derive(Clone, Debug)]
pub struct DeliveryTexts {
    /// Its place in the log.
    pub seq: i64,
    /// The refusal in words, and what the request said beside its body.
    pub reason: String,
    /// As it came.
    pub body: Option<Vec<u8>>,
}

/// Refused requests after the place `after` in the log, at most `limit`.
///
/// # Errors
/// As SQLite reports them.
pub fn deliveries(connection: &Connection, after: i64, limit: u32) -> Result<Vec<DeliveryTexts>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq, reason || ' ' || coalesce(metadata, ''), body
         FROM delivery LEFT JOIN kept_delivery ON delivery_seq = seq WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let rows = query
        .query_map(params![after, limit], |row| {
            Ok(DeliveryTexts { seq: row.get(0)?, reason: row.get(1)?, body: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes away what a refused request sent; that it was refused stays.
///
/// # Errors
/// As SQLite reports them.
pub fn delivery(tx: &Connection, seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE delivery SET kept = 0, reason = 'Erased at someone''s request.' WHERE seq = ?1",
    )?
    .execute([seq])?;
    tx.prepare_cached("DELETE FROM kept_delivery WHERE delivery_seq = ?1")?.execute([seq])?;
    Ok(())
}

/// Audit entries after the place `after`: their place and what they say.
///
/// # Errors
/// As SQLite reports them.
pub fn audit(connection: &Connection, after: i64, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq, subject || ' ' || detail FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let rows = query
        .query_map(params![after, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes away the words of an audit entry; that something was done, and when, stays.
///
/// # Errors
/// As SQLite reports them.
pub fn audit_words(tx: &Connection, seq: i64) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE audit SET detail = 'Erased at someone''s request.' WHERE seq = ?1")?
        .execute([seq])?;
    Ok(())
}

/// Every saved workflow file, with the workflow's name: what a person wrote into it is theirs to take out.
///
/// # Errors
/// As SQLite reports them.
pub fn workflow_files(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT workflow.name, version.file FROM version JOIN workflow ON workflow.id = workflow_id
         ORDER BY workflow.name",
    )?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(rows)
}
