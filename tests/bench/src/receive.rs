//! Deliveries acknowledged per second: the program, with its workers at work, beside the bare handler, itself with
//! one fsync for each delivery, and the disk.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::bare::Bare;
use crate::disk;
use crate::load::{self, Answered, Target, Until};
use crate::numbers::median;
use crate::options::Run;
use crate::report::{Bar, Report};
use crate::server::{Memory, Server};

const CONNECTIONS: [usize; 3] = [1, 16, 64];

struct Ours {
    answered: Answered,
    /// Activities per second that arrived at the sandbox meanwhile.
    arrived: f64,
    memory: Option<Memory>,
}

pub(crate) async fn measure(run: &Run, report: &mut Report) -> Result<()> {
    report.part("Receiving (flat out, workers running, every answer after its fsync)");
    let time = Duration::from_millis(if run.short { 300 } else { 4000 });
    let dir = run.fresh_dir()?;
    let (mut syncs, mut singles) = (Vec::new(), Vec::new());
    for n in 0..run.repeats() {
        syncs.push(disk::syncs(dir.path(), time / 4)?);
        singles.push(disk::single_commits(&dir.path().join(format!("single-{n}.db")), time / 4).await?);
    }
    report.figure("the disk: 1 KiB appended and synced", median(syncs), "/s");
    report.figure("the store alone, one delivery a commit", median(singles), "/s");
    let mut alone = Vec::new();
    for _ in 0..run.repeats() {
        alone.push(one_sync_each(run, time).await?.rate);
    }
    let alone = median(alone);
    report.figure("the program, one fsync a delivery, workers at rest", alone, "/s");
    for connections in CONNECTIONS {
        let (mut bare, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..run.repeats() {
            bare.push(bare_handler(connections, time).await?);
            ours.push(program(run, connections, time).await?);
        }
        tell(report, connections, &bare, &ours, alone);
    }
    Ok(())
}

async fn bare_handler(connections: usize, time: Duration) -> Result<Answered> {
    let bare = Bare::start()?;
    let target = Target { at: bare.at, path: Bare::PATH.to_owned() };
    load::flat_out(&target, connections, 0, Until::After(time)).await
}

/// The program with nothing to share an fsync: one connection, and a paused workflow, so that no worker writes.
/// Whatever 64 connections reach beyond it comes from committing deliveries together, workers running or not.
async fn one_sync_each(run: &Run, time: Duration) -> Result<Answered> {
    let dir = run.fresh_dir()?;
    let server = Server::start(&run.program, dir.path())?;
    let target = server.target().await?;
    server.call("pause_all", &json!({ "paused": true })).await?;
    load::flat_out(&target, 1, 0, Until::After(time)).await
}

async fn program(run: &Run, connections: usize, time: Duration) -> Result<Ours> {
    let dir = run.fresh_dir()?;
    let server = Server::start(&run.program, dir.path())?;
    let target = server.target().await?;
    let answered = load::flat_out(&target, connections, 0, Until::After(time)).await?;
    let (memory, arrived) = (server.memory(), server.activities().await?);
    Ok(Ours { answered, arrived: arrived as f64 / time.as_secs_f64(), memory })
}

fn tell(report: &mut Report, connections: usize, bare: &[Answered], ours: &[Ours], alone: f64) {
    let of = |value: fn(&Ours) -> f64| median(ours.iter().map(value).collect());
    let limit = median(bare.iter().map(|bare| bare.rate).collect());
    let limit_p99 = median(bare.iter().map(|bare| bare.spread.p99).collect());
    let (rate, p99) = (of(|ours| ours.answered.rate), of(|ours| ours.answered.spread.p99));
    let label = |what: &str| format!("{connections:>2} connections: {what}");
    report.figure(label("the bare handler, parses and stores nothing"), limit, "/s");
    report.figure(label("the bare handler, p99"), limit_p99, "ms");
    report.figure(label("acknowledged"), rate, "/s");
    report.figure(label("acknowledged, p50"), of(|ours| ours.answered.spread.p50), "ms");
    report.figure(label("acknowledged, p99"), p99, "ms");
    report.figure(label("activities arriving at the sandbox meanwhile"), of(|ours| ours.arrived), "/s");
    report.figure(label("of the bare handler"), rate / limit * 100.0, "%");
    let most: Vec<f64> = ours.iter().filter_map(|ours| Some(ours.memory?.most)).collect();
    if !most.is_empty() {
        report.figure(label("memory at most"), median(most.clone()), "MB");
    }
    if connections == CONNECTIONS[CONNECTIONS.len() - 1] {
        report.judge("64 connections, of the bare handler", rate / limit * 100.0, "%", Bar::AtLeast(25.0));
        report.judge("64 connections, times one fsync a delivery", rate / alone, "x", Bar::AtLeast(10.0));
        report.judge("64 connections, p99", p99, "ms", Bar::Below(30.0));
        if !most.is_empty() {
            report.judge("64 connections, memory", median(most), "MB", Bar::Below(120.0));
        }
    }
}
