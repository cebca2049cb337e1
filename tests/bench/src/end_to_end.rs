//! End to end: from the POST to the insert that arrives at the sandbox, by the sandbox's own ledger.
//!
//! The program, its sandbox and the load share this machine. A latency begins before the POST is written and ends
//! when the sandbox has read the insert; between them lie the payload's fsync, the run, and the intent's fsync.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::check_in;
use crate::load::{self, Target, Until};
use crate::numbers::{Spread, median, now_us};
use crate::options::Run;
use crate::report::{Bar, Report};
use crate::server::Server;

pub(crate) const PER_SECOND: u32 = 50;
/// What the sandbox's connection allows at a time; the load uses as many connections.
const CONCURRENCY: usize = 16;
/// Longest wait for what was acknowledged to arrive.
const PATIENCE: Duration = Duration::from_secs(120);
const GLANCE: Duration = Duration::from_millis(100);

pub(crate) async fn measure(run: &Run, report: &mut Report) -> Result<()> {
    report.part("End to end (POST in, insert arriving at the sandbox; members known)");
    let (steady, flat) = if run.short { (10, 100) } else { (500, 10_000) };
    let (mut spreads, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..run.repeats() {
        let dir = run.fresh_dir()?;
        let server = Server::start(&run.program, dir.path())?;
        let target = server.target().await?;
        // Once for each member: their look-ups are not what is measured.
        let warm = check_in::MEMBERS;
        load::flat_out(&target, CONCURRENCY, 0, Until::Count(warm)).await?;
        arrived(&server, warm).await?;
        spreads.push(at_a_steady_rate(&server, &target, warm, steady).await?);
        rates.push(flat_out(&server, &target, warm + steady, flat).await?);
        server.stop()?;
    }
    let of = |value: fn(&Spread) -> f64| median(spreads.iter().map(value).collect());
    let (p50, p99, rate) = (of(|spread| spread.p50), of(|spread| spread.p99), median(rates));
    report.figure(format!("{PER_SECOND} a second: p50"), p50, "ms");
    report.figure(format!("{PER_SECOND} a second: p99"), p99, "ms");
    report.figure(format!("{PER_SECOND} a second: at most"), of(|spread| spread.max), "ms");
    report.figure(format!("{flat} flat out over 16 connections, from first POST to last insert"), rate, "/s");
    report.judge("end to end at 50 a second, p50", p50, "ms", Bar::Below(8.0));
    report.judge("end to end at 50 a second, p99", p99, "ms", Bar::Below(20.0));
    report.judge("end to end flat out, sandbox concurrency 16", rate, "/s", Bar::AtLeast(1000.0));
    Ok(())
}

pub(crate) async fn at_a_steady_rate(
    server: &Server,
    target: &Target,
    first: u64,
    count: u64,
) -> Result<Spread> {
    let sent = load::steady(target, PER_SECOND, first, count).await?;
    arrived(server, first + count).await?;
    let arrivals = arrivals(server, first).await?;
    let micros: Option<Vec<f64>> =
        sent.iter().map(|(number, at)| Some((arrivals.get(number)? - at) as f64)).collect();
    Ok(Spread::of_micros(micros.context("an acknowledged check-in never arrived")?))
}

/// Everything in, everything out: so many a second from the first POST to the last arrival.
async fn flat_out(server: &Server, target: &Target, first: u64, count: u64) -> Result<f64> {
    let started = now_us();
    load::flat_out(target, CONCURRENCY, first, Until::Count(count)).await?;
    arrived(server, first + count).await?;
    let arrivals = arrivals(server, first).await?;
    if arrivals.len() as u64 != count {
        bail!("{count} check-ins were acknowledged, {} arrived", arrivals.len());
    }
    let last = arrivals.values().max().copied().unwrap_or(started);
    Ok(count as f64 / ((last - started) as f64 / 1e6))
}

/// Waits until the sandbox has so many activities in all.
pub(crate) async fn arrived(server: &Server, count: u64) -> Result<()> {
    let started = Instant::now();
    loop {
        let there = server.activities().await?;
        if there >= count {
            return Ok(());
        }
        if started.elapsed() > PATIENCE {
            bail!("{there} of {count} inserts arrived within {} s", PATIENCE.as_secs());
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// When the check-ins from `first` on arrived, in microseconds since 1970, by number.
pub(crate) async fn arrivals(server: &Server, first: u64) -> Result<HashMap<u64, i64>> {
    let ledger = server.sandbox("/ledger").await?;
    let entries = ledger["entries"].as_array().context("the sandbox shows no ledger")?;
    let mut arrivals = HashMap::new();
    for entry in entries {
        let number = entry["properties"]["DESCRIPTION"].as_str().and_then(check_in::number_of);
        let (Some(number), Some(at)) = (number, entry["atUs"].as_i64()) else {
            bail!("an insert that nobody sent: {}", short(entry));
        };
        if number >= first && arrivals.insert(number, at).is_some() {
            bail!("check-in {number} was inserted twice");
        }
    }
    Ok(arrivals)
}

fn short(entry: &Value) -> String {
    entry.to_string().chars().take(300).collect()
}
