//! The delivery log: requests that made no run, with the reason and the body.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{DeliveryId, RunId, StoreError, WorkflowId};

/// Entries with a body, and entries without one: a flood of the latter never drives out a body that may still
/// be wanted.
const MAX_ENTRIES: i64 = 1000;
/// Bytes of all bodies together.
const MAX_BYTES: i64 = 64 * 1024 * 1024;

/// One refused request.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Whose endpoint, when the key was known.
    pub workflow_id: Option<WorkflowId>,
    /// The answer's status code.
    pub status: u16,
    /// In words.
    pub reason: String,
    /// The sender's address.
    pub remote_ip: String,
    /// As sent.
    pub content_type: Option<String>,
    /// Size of the body, also of one that is not kept.
    pub bytes: u64,
    /// How many requests the entry stands for.
    pub times: u32,
    /// Whether its body is kept.
    pub is_kept: bool,
    /// The run that was made of it later.
    pub released_run: Option<RunId>,
}

/// What came with a refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// As sent; never empty.
    pub body: Vec<u8>,
    /// The metadata object as JSON.
    pub metadata: Option<String>,
}

/// Which entries. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this workflow.
    pub workflow_id: Option<WorkflowId>,
    /// With this status code.
    pub status: Option<u16>,
    /// From before this entry.
    pub after: Option<DeliveryId>,
    /// At most so many.
    pub limit: u32,
}

/// Adds an entry, and forgets the oldest beyond what the log may hold.
///
/// # Errors
/// As SQLite reports them.
pub fn add(tx: &Connection, row: &Delivery, kept: Option<&Kept>) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO delivery (id, at, workflow_id, status, reason, remote_ip, content_type, bytes, times, kept)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        row.id,
        row.at,
        row.workflow_id,
        row.status,
        row.reason,
        row.remote_ip,
        row.content_type,
        row.bytes,
        row.times,
        kept.map_or(0, |kept| kept.body.len()),
    ])?;
    let Some(kept) = kept else { return forget_plain(tx) };
    tx.prepare_cached("INSERT INTO kept_delivery (delivery_seq, body, metadata) VALUES (?1, ?2, ?3)")?
        .execute(params![tx.last_insert_rowid(), kept.body, kept.metadata])?;
    forget_kept(tx)
}

fn forget_plain(tx: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached(
        "DELETE FROM delivery WHERE kept = 0 AND seq <=
           (SELECT seq FROM delivery WHERE kept = 0 ORDER BY seq DESC LIMIT 1 OFFSET ?1)",
    )?
    .execute([MAX_ENTRIES])?;
    Ok(())
}

/// Looks cheaply whether there are too many. Then a tenth more than necessary goes, so that this is seldom.
fn forget_kept(tx: &Connection) -> Result<(), StoreError> {
    let (entries, bytes): (i64, i64) = tx
        .prepare_cached("SELECT count(*), coalesce(sum(kept), 0) FROM delivery WHERE kept > 0")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if entries > MAX_ENTRIES || bytes > MAX_BYTES {
        tx.prepare_cached(
            "DELETE FROM delivery WHERE kept > 0 AND seq <= (
               SELECT max(seq) FROM (
                 SELECT seq, sum(kept) OVER newest AS bytes, count(*) OVER newest AS entries
                 FROM delivery WHERE kept > 0 WINDOW newest AS (ORDER BY seq DESC))
               WHERE bytes > ?1 OR entries > ?2)",
        )?
        .execute([MAX_BYTES / 10 * 9, MAX_ENTRIES / 10 * 9])?;
    }
    Ok(())
}

/// Newest first.
///
/// # Errors
/// As SQLite reports them.
pub fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Delivery>, StoreError> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM delivery
         WHERE (?1 IS NULL OR seq < (SELECT seq FROM delivery WHERE id = ?1))
           AND (?2 IS NULL OR workflow_id = ?2) AND (?3 IS NULL OR status = ?3)
         ORDER BY seq DESC LIMIT ?4"
    ))?;
    let rows = query
        .query_map(params![filter.after, filter.workflow_id, filter.status, filter.limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Requests to one workflow that were refused with the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Whose endpoint.
    pub workflow_id: WorkflowId,
    /// The answer's status code.
    pub status: u16,
    /// How many.
    pub count: u64,
    /// When the newest came; milliseconds since 1970.
    pub last_at: i64,
    /// Why that one was refused, in words.
    pub reason: String,
}

/// What was refused at or after `from` (milliseconds since 1970) for what the sender did, by workflow and answer,
/// newest first. What was made a run of later, and what knew no workflow's key, does not count.
///
/// # Errors
/// As SQLite reports them.
pub fn refused(connection: &Connection, from: i64) -> Result<Vec<Refused>, StoreError> {
    // Beside the one max(), SQLite takes the other columns from the row that has it.
    let mut query = connection.prepare_cached(
        "SELECT workflow_id, status, sum(times), max(at), reason FROM delivery
         WHERE at >= ?1 AND workflow_id IS NOT NULL AND status BETWEEN 400 AND 499 AND released_run IS NULL
         GROUP BY workflow_id, status ORDER BY 4 DESC, status",
    )?;
    let rows = query.query_map([from], |row| {
        Ok(Refused {
            workflow_id: row.get(0)?,
            status: row.get(1)?,
            count: row.get(2)?,
            last_at: row.get(3)?,
            reason: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One entry with what is kept of its request.
///
/// # Errors
/// [`StoreError::NotFound`] when it was forgotten.
pub fn get(connection: &Connection, id: DeliveryId) -> Result<(Delivery, Option<Kept>), StoreError> {
    let (seq, row) = connection
        .prepare_cached(&format!("SELECT {COLUMNS}, seq FROM delivery WHERE id = ?1"))?
        .query_row([id], |row| Ok((row.get::<_, i64>(11)?, from_row(row)?)))
        .optional()?
        .ok_or(StoreError::NotFound)?;
    let kept = connection
        .prepare_cached("SELECT body, metadata FROM kept_delivery WHERE delivery_seq = ?1")?
        .query_row([seq], |row| Ok(Kept { body: row.get(0)?, metadata: row.get(1)? }))
        .optional()?;
    Ok((row, kept))
}

/// The run that was made of an entry last, if one was.
///
/// # Errors
/// [`StoreError::NotFound`] when the entry was forgotten.
pub fn released(connection: &Connection, id: DeliveryId) -> Result<Option<RunId>, StoreError> {
    let mut query = connection.prepare_cached("SELECT released_run FROM delivery WHERE id = ?1")?;
    query.query_row([id], |row| row.get(0)).optional()?.ok_or(StoreError::NotFound)
}

/// Notes the run that was made of an entry, after the run `before`.
///
/// # Errors
/// [`StoreError::Conflict`] when another one was made since, or the entry was forgotten.
pub fn release(tx: &Connection, id: DeliveryId, run: RunId, before: Option<RunId>) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE delivery SET released_run = ?2 WHERE id = ?1 AND released_run IS ?3")?
        .execute(params![id, run, before])?;
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict(
        "This delivery was released before: look at the run that was made of it.".to_owned(),
    ))
}

const COLUMNS: &str =
    "id, at, workflow_id, status, reason, remote_ip, content_type, bytes, times, kept, released_run";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let kept: i64 = row.get(9)?;
    Ok(Delivery {
        id: row.get(0)?,
        at: row.get(1)?,
        workflow_id: row.get(2)?,
        status: row.get(3)?,
        reason: row.get(4)?,
        remote_ip: row.get(5)?,
        content_type: row.get(6)?,
        bytes: row.get(7)?,
        times: row.get(8)?,
        is_kept: kept > 0,
        released_run: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    fn entry(at: i64) -> Delivery {
        Delivery {
            id: DeliveryId::new(),
            at,
            workflow_id: None,
            status: 400,
            reason: "no".to_owned(),
            remote_ip: "203.0.113.9".to_owned(),
            content_type: None,
            bytes: 0,
            times: 1,
            is_kept: false,
            released_run: None,
        }
    }

    /// Adds `count` entries with bodies of `size` bytes (none of 0) and says how many of those are left.
    async fn left(store: &Store, count: i64, size: usize) -> i64 {
        let write = store.write(move |tx| {
            for at in 0..count {
                let kept = (size > 0).then(|| Kept { body: vec![b'x'; size], metadata: None });
                add(tx, &entry(at), kept.as_ref())?;
            }
            let kind = if size == 0 { "kept = 0" } else { "kept > 0" };
            Ok(tx.query_row(&format!("SELECT count(*) FROM delivery WHERE {kind}"), [], |row| row.get(0))?)
        });
        write.await.unwrap()
    }

    #[tokio::test]
    async fn the_log_is_bounded_by_number_and_by_size_and_bodies_outlive_a_flood() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        assert_eq!(left(&store, 3, 10).await, 3);
        assert_eq!(left(&store, MAX_ENTRIES + 50, 0).await, MAX_ENTRIES);
        assert_eq!(left(&store, 0, 10).await, 3, "what has no body drives no body out");
        let many = left(&store, MAX_ENTRIES + 50, 10).await;
        assert!((MAX_ENTRIES / 10 * 9..=MAX_ENTRIES).contains(&many), "{many}");
        let large = 1024 * 1024;
        let few = left(&store, 70, large).await;
        assert!(few * i64::try_from(large).unwrap() <= MAX_BYTES && few > 50, "{few}");
        let bodies = store.read(|database| {
            Ok(database.query_row("SELECT count(*) FROM kept_delivery", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(bodies.await.unwrap(), few, "a body goes with its entry");
    }

    #[tokio::test]
    async fn a_delivery_is_released_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let row = entry(1);
        let (id, run) = (row.id, RunId::new());
        store.write(move |tx| add(tx, &row, None)).await.unwrap();
        store.write(move |tx| release(tx, id, run, None)).await.unwrap();
        let again = store.write(move |tx| release(tx, id, RunId::new(), None)).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))));
        assert_eq!(store.read(move |d| released(d, id)).await.unwrap(), Some(run));
        let next = RunId::new();
        store.write(move |tx| release(tx, id, next, Some(run))).await.unwrap();
        assert_eq!(store.read(move |d| get(d, id)).await.unwrap().0.released_run, Some(next));
    }
}
