//! Lists, search and statistics over many stored runs, the start on them, and the memory at rest.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::numbers::{Spread, median, now_us};
use crate::options::Run;
use crate::report::{Bar, Report};
use crate::server::{Caller, Server};
use crate::{check_in, stored};

/// Written beside a filled database, so that a half-filled one is not taken for it.
const FILLED: &str = "filled";

pub(crate) async fn measure(run: &Run, report: &mut Report) -> Result<()> {
    let sizes: &[u64] = if run.short { &[2_000] } else { &[100_000, 1_000_000] };
    for &count in sizes {
        report.part(match count {
            100_000 => "History of 100,000 runs",
            1_000_000 => "History of 1,000,000 runs",
            _ => "History of a few runs",
        });
        let (dir, _owned) = place(run, count)?;
        fill(run, &dir, count).await?;
        let server = start(run, &dir, report, count).await?;
        ask(run, &server, report, count).await?;
        if let Some(memory) = server.memory() {
            report.figure("memory after these questions", memory.now, "MB");
        }
        server.stop()?;
    }
    Ok(())
}

fn place(run: &Run, count: u64) -> Result<(PathBuf, Option<TempDir>)> {
    match &run.keep {
        Some(keep) => Ok((keep.join(count.to_string()), None)),
        None => {
            let fresh = run.fresh_dir()?;
            Ok((fresh.path().to_owned(), Some(fresh)))
        }
    }
}

async fn fill(run: &Run, dir: &Path, count: u64) -> Result<()> {
    if dir.join(FILLED).exists() {
        return Ok(());
    }
    std::fs::create_dir_all(dir)?;
    let server = Server::start(&run.program, dir)?;
    let workflow = server.workflow_id().await?;
    server.stop()?;
    stored::fill(&dir.join("ihook.db"), workflow.parse()?, count).await?;
    Ok(std::fs::write(dir.join(FILLED), "")?)
}

/// Started as often as everything is repeated; the last one stays, and has rested.
async fn start(run: &Run, dir: &Path, report: &mut Report, count: u64) -> Result<Server> {
    let mut times = Vec::new();
    for _ in 1..run.repeats() {
        let server = Server::start(&run.program, dir)?;
        times.push(server.ready_after.as_secs_f64());
        server.stop()?;
    }
    let server = Server::start(&run.program, dir)?;
    times.push(server.ready_after.as_secs_f64());
    let ready = median(times);
    report.figure("ready after", ready, "s");
    let rest = Duration::from_secs(if run.short { 1 } else { 60 });
    tokio::time::sleep(rest).await;
    let bars = is_judged(run, count);
    if bars {
        report.judge("1,000,000 runs: ready after", ready, "s", Bar::Below(2.0));
    }
    if let Some(memory) = server.memory() {
        report.figure(format!("memory {} s after that", rest.as_secs()), memory.now, "MB");
        if bars {
            report.judge("1,000,000 runs: memory at rest", memory.now, "MB", Bar::Below(80.0));
        }
    }
    Ok(server)
}

/// Whether the bars are about this size.
fn is_judged(run: &Run, count: u64) -> bool {
    count == 1_000_000 || run.short
}

struct Question {
    what: &'static str,
    /// Commands that a screen gives together.
    commands: Vec<(&'static str, Value)>,
    /// At 1,000,000 runs the slowest is to be below so many milliseconds.
    bar: f64,
}

/// Of a list or a search, whatever it asks for.
const LIST_BAR: f64 = 50.0;

async fn ask(run: &Run, server: &Server, report: &mut Report, count: u64) -> Result<()> {
    let mut caller = server.caller().await?;
    let middle = middle(&mut caller, count).await?;
    for question in questions(&server.workflow_id().await?, &middle, count) {
        let mut micros = Vec::new();
        for _ in 0..if run.short { 2 } else { 20 } {
            let mut sum = 0.0;
            for (command, request) in &question.commands {
                sum += caller.time(command, request).await?;
            }
            micros.push(sum);
        }
        let spread = Spread::of_micros(micros);
        report.figure(format!("{}: p50", question.what), spread.p50, "ms");
        report.figure(format!("{}: slowest", question.what), spread.max, "ms");
        if is_judged(run, count) {
            report.judge(
                format!("1,000,000 runs: {}, slowest", question.what),
                spread.max,
                "ms",
                Bar::Below(question.bar),
            );
        }
    }
    Ok(())
}

/// A run in the middle of them, and when it was received.
async fn middle(caller: &mut Caller, count: u64) -> Result<Value> {
    let found = caller.call("run_list", &json!({ "search": check_in::session(count / 2) })).await?;
    Ok(found["runs"][0].clone())
}

fn questions(workflow: &str, middle: &Value, count: u64) -> Vec<Question> {
    let list = |what, request: Value| Question { what, commands: vec![("run_list", request)], bar: LIST_BAR };
    let (member, at) = (check_in::member(count / 2), &middle["receivedAt"]);
    vec![
        list("the first page", json!({ "limit": 100 })),
        list("search by member ID", json!({ "search": member, "limit": 100 })),
        Question {
            what: "the dashboard's statistics",
            commands: vec![("workflow_list", json!({})), ("stats", today()), ("failure_groups", json!({}))],
            bar: 100.0,
        },
        list("a page in the middle", json!({ "after": middle["id"], "limit": 100 })),
        list("one workflow", json!({ "workflowId": workflow, "limit": 100 })),
        list("failed ones", json!({ "status": "failed", "limit": 100 })),
        list("held ones", json!({ "status": ["held", "inDoubt"], "limit": 100 })),
        list("queued ones", json!({ "status": "queued", "limit": 100 })),
        list("of a cause that there is not", json!({ "errorCode": "tooLong", "limit": 100 })),
        list("search by a value that is in every payload", json!({ "search": "CONF2026", "limit": 100 })),
        list("search by the beginning of every time", json!({ "search": "2026-05-27t", "limit": 100 })),
        list(
            "search by a beginning that every payload has its own value of",
            json!({ "search": "s0", "limit": 100 }),
        ),
        list("the same, held ones", json!({ "search": "s0", "status": "held", "limit": 100 })),
        list(
            "the same, a page in the middle",
            json!({ "search": "s0", "after": middle["id"], "limit": 100 }),
        ),
        list(
            "the same, of a cause that there is not",
            json!({ "search": "s0", "errorCode": "tooLong", "limit": 100 }),
        ),
        list("the same, failed ones", json!({ "search": "s0", "status": "failed", "limit": 100 })),
        list(
            "the same, of a workflow that never ran",
            json!({ "search": "s0", "workflowId": "00000000-0000-7000-8000-000000000000", "limit": 100 }),
        ),
        list(
            "the same, succeeded ones of the first half",
            json!({ "search": "s0", "status": "succeeded", "to": at, "limit": 100 }),
        ),
        list("search by one letter", json!({ "search": "c", "limit": 100 })),
        list("search by the oldest value", json!({ "search": check_in::session(0), "limit": 100 })),
        list("search by a beginning that only the oldest have", json!({ "search": "s00000", "limit": 100 })),
        list("search by a value that is in none", json!({ "search": "nowhere", "limit": 100 })),
        list("failed ones of a member", json!({ "search": member, "status": "failed", "limit": 100 })),
        list("received in the first half", json!({ "to": at, "limit": 100 })),
        list("received in the second half", json!({ "from": at, "limit": 100 })),
        list("failed ones of the first half", json!({ "to": at, "status": "failed", "limit": 100 })),
        list("search in the first half", json!({ "search": "s0", "to": at, "limit": 100 })),
        list(
            "search by a value that is in none, in the second half",
            json!({ "search": "no", "from": at, "limit": 100 }),
        ),
    ]
}

/// Minute by minute over the last day.
fn today() -> Value {
    let now = Timestamp::from_microsecond(now_us()).unwrap_or(Timestamp::UNIX_EPOCH);
    json!({ "from": (now - 24.hours()).to_string(), "to": now.to_string(), "bucket": "minute" })
}
