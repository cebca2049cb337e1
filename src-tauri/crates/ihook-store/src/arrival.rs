//! Deliveries on their way to the disk. Those that wait for the writer at the same time are stored together.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::Connection;

use crate::StoreError;
use crate::idempotency::{self, First, Key};
use crate::payload::Payload;
use crate::run::{self, NewRun};
use crate::workflow;

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

/// An arrival that is on disk, or is not to be.
#[derive(Debug)]
pub struct Settled {
    /// As it came: taking it apart is not the writer's work.
    pub arrival: Box<Arrival>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an arrival.
#[derive(Debug)]
pub enum Outcome {
    /// It is a queued run.
    Queued,
    /// Nothing was stored: this run used its key before.
    Repeated(First),
    /// Nothing was stored: its workflow was deleted since the listener looked, and nothing would ever run it.
    Deleted,
}

/// Stores the arrivals as queued runs, as far as they are to be; what became of each.
pub(crate) fn store<'a>(
    tx: &Connection,
    arrivals: impl Iterator<Item = &'a Arrival>,
) -> Result<Vec<Outcome>, StoreError> {
    let (mut outcomes, mut new, mut known) = (Vec::new(), Vec::new(), HashMap::new());
    // Asked here, where nothing comes in between: two like deliveries may have come together, and a workflow may
    // have been deleted in the very moment.
    for Arrival { run, payload, key } in arrivals {
        let is_there = match known.entry(run.workflow_id) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(workflow::is_there(tx, run.workflow_id)?),
        };
        let first = match key {
            Some(key) if is_there => idempotency::first(tx, key)?,
            _ => None,
        };
        outcomes.push(match first {
            _ if !is_there => Outcome::Deleted,
            Some(first) => Outcome::Repeated(first),
            None => {
                if let Some(key) = key {
                    idempotency::reserve(tx, key, run.id)?;
                }
                new.push((run, payload));
                Outcome::Queued
            }
        });
    }
    run::enqueue(tx, &new)?;
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::{Store, WorkflowId, minute};

    const AT: i64 = 60_000;

    fn arrival(workflow_id: WorkflowId, key: Option<u8>) -> Arrival {
        let run = NewRun { received_at: AT, ..NewRun::live(workflow_id) };
        let key =
            key.map(|hash| Key { workflow_id, hash: [hash; 32], body: [0; 32], expires_at: 2 * AT, now: AT });
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
        let firsts: Vec<_> = settled
            .into_iter()
            .map(|one| match one.unwrap().outcome {
                Outcome::Repeated(first) => Some(first.run_id),
                Outcome::Queued | Outcome::Deleted => None,
            })
            .collect();
        assert_eq!(firsts, [None, None, Some(ids[0]), None]);
        assert_eq!(stored(&store), (3, 3));
    }

    #[tokio::test]
    async fn nothing_is_stored_for_a_workflow_that_was_deleted_in_the_same_moment() {
        let (_dir, store, id) = store().await;
        let other = WorkflowId::new();
        store.write(move |tx| workflow::insert(tx, other, "other", "W", 0)).await.unwrap();
        let (go_on, blocked) = mpsc::channel::<()>();
        let deleted = store.0.writer.submit(move |tx| {
            let _ = blocked.recv();
            workflow::delete(tx, id, AT)
        });
        let all = [arrival(id, Some(1)), arrival(other, Some(1)), arrival(id, None)];
        let queued = all.map(|arrival| store.0.writer.receive(Box::new(arrival)));
        drop(go_on);
        let mut outcomes = Vec::new();
        for one in queued {
            outcomes.push(one.await.unwrap().unwrap().outcome);
        }
        assert!(deleted.await.unwrap().is_ok());
        assert!(
            matches!(outcomes.as_slice(), [Outcome::Deleted, Outcome::Queued, Outcome::Deleted]),
            "no answer says that a run waits which nothing will ever run: {outcomes:?}"
        );
        assert_eq!(stored(&store), (1, 1));
    }

    #[tokio::test]
    async fn one_that_cannot_be_stored_takes_its_group_with_it_and_nothing_else() {
        let (_dir, store, id) = store().await;
        store.receive(arrival(id, None)).await.unwrap();
        let mut all = [Some(1), None, None].map(|key| arrival(id, key));
        // No two runs have one id.
        all[2].run.id = all[1].run.id;
        let (change, settled) = together(&store, all).await;
        assert!(change.is_err() && settled.iter().all(Result::is_err), "no answer says that it is stored");
        assert_eq!(stored(&store), (1, 1), "and no half of it is");
        store.receive(arrival(id, Some(1))).await.unwrap();
        assert_eq!(stored(&store), (2, 2));
    }
}
