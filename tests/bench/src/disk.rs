//! What the disk itself can do: syncs per second, and deliveries per second where each has a commit of its own.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use ihook_store::payload::Payload;
use ihook_store::{Arrival, RunId, Store, WorkflowId, run, workflow};

use crate::check_in;

/// How often in a second 1 KiB can be appended and synced.
pub(crate) fn syncs(dir: &Path, time: Duration) -> Result<f64> {
    let mut file = File::create(dir.join("syncs"))?;
    let block = [b'x'; 1024];
    let (started, mut count) = (Instant::now(), 0_u32);
    while started.elapsed() < time {
        file.write_all(&block)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}

/// How many deliveries a second the store takes one after the other: each waits for its own commit.
pub(crate) async fn single_commits(database: &Path, time: Duration) -> Result<f64> {
    let store = Store::open(database)?;
    let workflow_id = WorkflowId::new();
    store.write(move |tx| workflow::insert(tx, workflow_id, "bench", "Bench", 0)).await?;
    let (started, mut count) = (Instant::now(), 0_u32);
    while started.elapsed() < time {
        let body = check_in::body(u64::from(count));
        let new = run::NewRun {
            id: RunId::new(),
            workflow_id,
            version: 1,
            connection: "sandbox".to_owned(),
            lane: run::Lane::Live,
            received_at: i64::from(count),
            rerun_of: None,
        };
        store.receive(Arrival { run: new, payload: Payload { body, metadata: None }, key: None }).await?;
        count += 1;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}
