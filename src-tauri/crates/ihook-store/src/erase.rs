//! What is kept of one person: everything that could hold a value of theirs, read in pieces, and taken away.

pub mod files;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};

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

/// Where words of runs are kept, apart from one another.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// Errors and reasons of runs.
    Runs,
    /// Payloads and what is known of the requests.
    Payloads,
    /// What steps sent, got and made.
    Steps,
}

impl Words {
    /// Every place.
    pub const ALL: [Self; 3] = [Self::Runs, Self::Payloads, Self::Steps];

    /// A row's place, its run and its texts, from after a place on.
    fn sql(self) -> &'static str {
        match self {
            Self::Runs => {
                "SELECT seq, seq, error_message, waiting_reason FROM run WHERE seq > ?1 ORDER BY seq LIMIT ?2"
            }
            Self::Payloads => {
                "SELECT run_seq, run_seq, body, metadata FROM payload WHERE run_seq > ?1
                 ORDER BY run_seq LIMIT ?2"
            }
            Self::Steps => {
                "SELECT id, id >> 20, intent, request, response, output, error, record_key FROM step
                 WHERE id > ?1 ORDER BY id LIMIT ?2"
            }
        }
    }
}

/// Rows that are read in one piece, and bytes after which it ends early: reads are bounded in time.
const PIECE: (u32, usize) = (5_000, 16 << 20);

/// Goes through one piece of `words` from after the place `after` on: the runs that have a text for which
/// `holds`, and the place to go on from, none at the end. Texts are lent, not copied: there may be millions.
///
/// # Errors
/// As SQLite reports them.
pub fn suspects(
    connection: &Connection,
    words: Words,
    after: i64,
    holds: impl Fn(&str) -> bool,
) -> Result<(Vec<i64>, Option<i64>), StoreError> {
    let mut query = connection.prepare_cached(words.sql())?;
    let columns = query.column_count();
    let mut rows = query.query(params![after, PIECE.0])?;
    let (mut found, mut next, mut count, mut bytes) = (Vec::new(), None, 0, 0);
    while let Some(row) = rows.next()? {
        for column in 2..columns {
            // A text that is no text is looked at more closely.
            let is_held = match row.get_ref(column)? {
                ValueRef::Null => false,
                ValueRef::Text(text) => {
                    bytes += text.len();
                    std::str::from_utf8(text).map_or(true, &holds)
                }
                ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => true,
            };
            if is_held {
                found.push(row.get(1)?);
                break;
            }
        }
        count += 1;
        if count == PIECE.0 || bytes > PIECE.1 {
            next = Some(row.get(0)?);
            break;
        }
    }
    found.dedup();
    Ok((found, next))
}

/// The runs that have not ended: what their steps are yet to write is not there to be found.
///
/// # Errors
/// As SQLite reports them.
pub fn unfinished(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT seq FROM run WHERE status = 'queued'
         UNION SELECT seq FROM run WHERE status IN ('running', 'waiting', 'inDoubt', 'held')",
    )?;
    let rows = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Everything that this run keeps; none when there is no such run any more.
///
/// # Errors
/// As SQLite reports them.
pub fn texts(connection: &Connection, seq: i64) -> Result<Option<RunTexts>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT id, status, body, metadata, error_message, waiting_reason
         FROM run LEFT JOIN payload ON run_seq = seq WHERE seq = ?1",
    )?;
    let found = query
        .query_row([seq], |row| {
            let sentences: [Option<String>; 2] = [row.get(4)?, row.get(5)?];
            Ok(RunTexts {
                seq,
                id: row.get(0)?,
                status: row.get(1)?,
                body: row.get(2)?,
                metadata: row.get(3)?,
                sentences: sentences.into_iter().flatten().collect(),
                documents: Vec::new(),
                keys: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut run) = found else { return Ok(None) };
    for step in step::list(connection, seq)? {
        run.documents.extend(
            [step.intent, step.request, step.response, step.output, step.error].into_iter().flatten(),
        );
        run.keys.extend(step.record_key);
    }
    Ok(Some(run))
}

/// Takes away what a finished run received, sent and got. Its row and the bare rows of its steps stay: that it
/// was, when, and how it ended.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not finished.
pub fn run(tx: &Connection, seq: i64, forget_keys: bool, now: i64) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE run SET erased_at = ?2, waiting_reason = NULL,
               error_message = iif(error_message IS NULL, NULL, 'Erased at someone''s request.')
             WHERE seq = ?1 AND status IN ('succeeded', 'failed', 'rejected', 'stopped', 'cancelled')",
        )?
        .execute(params![seq, now])?;
    if changed == 0 {
        return Err(StoreError::Conflict(format!("run number {seq} is not finished")));
    }
    term::forget(tx, seq)?;
    step::strip(tx, seq, forget_keys)?;
    tx.prepare_cached("DELETE FROM payload WHERE run_seq = ?1")?.execute([seq])?;
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

/// Audit entries after the place `after`: their place, of what they are, and what they say.
///
/// # Errors
/// As SQLite reports them.
pub fn audit(
    connection: &Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, String, String)>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT seq, subject, detail FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let rows = query
        .query_map(params![after, limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes away the words of an audit entry, with `subject` also of what it is; that something was done, and when,
/// stays.
///
/// # Errors
/// As SQLite reports them.
pub fn audit_words(tx: &Connection, seq: i64, subject: bool) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE audit SET detail = 'Erased at someone''s request.', subject = iif(?2, 'erased', subject)
         WHERE seq = ?1",
    )?
    .execute(params![seq, subject])?;
    Ok(())
}
