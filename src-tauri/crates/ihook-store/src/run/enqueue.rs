//! Stores new runs. Together they cost half of what each costs by itself: SQLite then opens the table and its
//! indices once for all of them, and counts the minute once.

use std::ops::Range;

use rusqlite::{Connection, ToSql};

use super::{Lane, NewRun};
use crate::payload::Payload;
use crate::{StoreError, minute, rows};

/// Stores queued runs with what they received; their sequence numbers, in the order given and without a gap.
///
/// # Errors
/// As SQLite reports them.
pub fn enqueue(tx: &Connection, new: &[(&NewRun, &Payload)]) -> Result<Range<i64>, StoreError> {
    let lanes: Vec<i64> = new.iter().map(|(run, _)| run.lane.number()).collect();
    let runs = new.iter().zip(&lanes).map(|((run, _), lane)| -> [&dyn ToSql; 7] {
        let NewRun { id, workflow_id, version, connection, received_at, rerun_of, .. } = run;
        [id, workflow_id, version, connection, lane, received_at, rerun_of]
    });
    rows::insert(
        tx,
        "INSERT INTO run (id, workflow_id, version, connection, status, lane, received_at, rerun_of)",
        "(?, ?, ?, ?, 'queued', ?, ?, ?)",
        &runs.collect::<Vec<_>>(),
    )?;
    // Only the writer adds rows: each has the number after the one before.
    let end = tx.last_insert_rowid() + 1;
    let seqs: Vec<i64> = (end - i64::try_from(new.len()).unwrap_or_default()..end).collect();
    let payloads = seqs
        .iter()
        .zip(new)
        .map(|(seq, (_, payload))| -> [&dyn ToSql; 3] { [seq, &payload.body, &payload.metadata] });
    rows::insert(
        tx,
        "INSERT INTO payload (run_seq, body, metadata)",
        "(?, ?, ?)",
        &payloads.collect::<Vec<_>>(),
    )?;
    let live = new.iter().map(|(run, _)| run).filter(|run| run.lane == Lane::Live);
    minute::received(tx, live.map(|run| (run.workflow_id, run.received_at)), false)?;
    Ok(seqs.first().copied().unwrap_or(end)..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, WorkflowId, payload, run, workflow};

    #[tokio::test]
    async fn many_runs_are_numbered_in_order_each_with_its_own_payload() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let workflow_id = WorkflowId::new();
        store.write(move |tx| workflow::insert(tx, workflow_id, "key", "W", 0)).await.unwrap();
        for count in [0, 1, 16, 17, 53] {
            let new: Vec<_> = (0..count)
                .map(|n| {
                    let run = NewRun {
                        lane: if n % 3 == 0 { Lane::Rerun } else { Lane::Live },
                        received_at: 60_000 * i64::try_from(count).unwrap(),
                        ..NewRun::live(workflow_id)
                    };
                    (run, Payload { body: format!("{{\"n\":{n}}}"), metadata: None })
                })
                .collect();
            let ids: Vec<_> = new.iter().map(|(run, _)| run.id).collect();
            let seqs = store
                .write(move |tx| {
                    let new: Vec<_> = new.iter().map(|(run, payload)| (run, payload)).collect();
                    enqueue(tx, &new)
                })
                .await
                .unwrap();
            assert_eq!(seqs.clone().count(), count);
            for (n, (seq, id)) in seqs.zip(ids).enumerate() {
                let found = store.read(move |d| Ok((run::get(d, id)?, payload::get(d, seq)?))).await.unwrap();
                assert_eq!((found.0.seq, found.1.body), (seq, format!("{{\"n\":{n}}}")));
            }
            let minute = 60_000 * i64::try_from(count).unwrap();
            let counts = store.read(move |d| minute::buckets(d, None, minute, minute + 1, 1)).await.unwrap();
            let live = count - count.div_ceil(3);
            assert_eq!(counts.iter().map(|at| at.received).sum::<u64>(), live as u64, "of {count}");
        }
    }
}
