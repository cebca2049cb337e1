//! Deliveries on their way to the disk. Those that wait for the writer at the same time are stored together.

use rusqlite::Connection;

use crate::StoreError;
use crate::idempotency::{self, First, Key};
use crate::payload::Payload;
use crate::run::{self, NewRun};

/// A delivery that passed every check.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The run it becomes.
    pub run: NewRun,
    /// What was received.
    pub payload: Payload,
    /// What tells it from others, where its workflow asks for that.
    pub key: Option<Key>,
}

/// An arrival that is on disk, or need not be.
#[derive(Debug)]
pub struct Settled {
    /// As it came: taking it apart is not the writer's work.
    pub arrival: Box<Arrival>,
    /// The run that used its key before. Nothing was stored then.
    pub first: Option<First>,
}

/// Stores the arrivals as queued runs, but for those whose key was used before: the run that used it, for each.
pub(crate) fn store<'a>(
    tx: &Connection,
    arrivals: impl Iterator<Item = &'a Arrival>,
) -> Result<Vec<Option<First>>, StoreError> {
    let (mut firsts, mut new) = (Vec::new(), Vec::new());
    for Arrival { run, payload, key } in arrivals {
        // Asked here, where nothing comes in between: two like deliveries may have come together.
        let first = match key {
            Some(key) => idempotency::first(tx, key, run.received_at)?,
            None => None,
        };
        if first.is_none() {
            if let Some(key) = key {
                idempotency::reserve(tx, key, run.id)?;
            }
            new.push((run, payload));
        }
        firsts.push(first);
    }
    run::enqueue(tx, &new)?;
    Ok(firsts)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::{Store, WorkflowId, minute, workflow};

    const AT: i64 = 60_000;

    fn arrival(workflow_id: WorkflowId, key: Option<u8>) -> Arrival {
        let run = NewRun { received_at: AT, ..NewRun::live(workflow_id) };
        let key = key.map(|hash| Key { workflow_id, hash: [hash; 32], body: [0; 32], expires_at: 2 * AT });
        Arrival { run, payload: Payload { body: "{}".to_owned(), metadata: None }, key }
    }

    async fn store() -> (tempfile::TempDir, Store, WorkflowId) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("ihook.db")).unwrap();
        let id = WorkflowId::new();
        store.write(move |tx| workflow::insert(tx, id, "key", "W", 0)).await.unwrap();
        (dir, store, id)
    }

    /// Has all of `arrivals` queued behind a change that lasts until then, so that they are one group with it:
    /// what became of the change and of each.
    async fn together(
        store: &Store,
        arrivals: impl IntoIterator<Item = Arrival>,
    ) -> (Result<(), StoreError>, Vec<Result<Settled, StoreError>>) {
        let (go_on, blocked) = mpsc::channel::<()>();
        let change = store.0.writer.submit(move |_tx| {
            // Ends when the sender goes.
            let _ = blocked.recv();
            Ok(())
        });
        let queued: Vec<_> =
            arrivals.into_iter().map(|arrival| store.0.writer.receive(Box::new(arrival))).collect();
        drop(go_on);
        let mut settled = Vec::new();
        for one in queued {
            settled.push(one.await.unwrap());
        }
        (change.await.unwrap(), settled)
    }

    fn stored(store: &Store) -> (i64, u64) {
        let query = |connection: &Connection| {
            let runs =
                connection.query_row("SELECT count(*) FROM payload JOIN run ON seq = run_seq", [], |row| {
                    row.get(0)
                });
            let counts = minute::buckets(connection, None, 0, 2 * AT, AT)?;
            Ok((runs?, counts.iter().map(|at| at.received).sum()))
        };
        store.read_blocking(query).unwrap()
    }

    #[tokio::test]
    async fn of_two_with_one_key_that_come_together_the_first_is_stored() {
        let (_dir, store, id) = store().await;
        let all = [Some(1), None, Some(1), Some(2)].map(|key| arrival(id, key));
        let ids = all.each_ref().map(|arrival| arrival.run.id);
        let (_, settled) = together(&store, all).await;
        let firsts: Vec<_> =
            settled.into_iter().map(|one| one.unwrap().first.map(|first| first.run_id)).collect();
        assert_eq!(firsts, [None, None, Some(ids[0]), None]);
        assert_eq!(stored(&store), (3, 3));
    }

    #[tokio::test]
    async fn one_that_cannot_be_stored_takes_its_group_with_it_and_nothing_else() {
        let (_dir, store, id) = store().await;
        store.receive(arrival(id, None)).await.unwrap();
        // A workflow that was never there.
        let all = [id, WorkflowId::new(), id].map(|id| arrival(id, Some(1)));
        let (change, settled) = together(&store, all).await;
        assert!(change.is_err() && settled.iter().all(Result::is_err), "nobody is told that it is stored");
        assert_eq!(stored(&store), (1, 1), "and no half of it is");
        store.receive(arrival(id, Some(1))).await.unwrap();
        assert_eq!(stored(&store), (2, 2));
    }
}
