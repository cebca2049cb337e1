//! What the engine does for one delivery of the tutorial's workflow, on one thread.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use ihook_engine::json;
use ihook_engine::plan::Plan;
use ihook_engine::run::{Delivery, Machine, Next};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::check_in;
use crate::numbers::median;
use crate::options::Run;
use crate::report::{Bar, Report};
use crate::server::Server;

pub(crate) async fn measure(run: &Run, report: &mut Report) -> Result<()> {
    report.part("The engine, for one delivery of the check-in workflow");
    let plan = Arc::new(plan(run).await?);
    let body = check_in::body(0);
    let object = json::parse_object(body.as_bytes()).ok().context("the payload is no object")?;
    let delivery = delivery(&object);
    if plan.check_leading(object.clone()).is_some() || !matches!(rendered(&plan, &delivery), Next::Do(_)) {
        bail!("the workflow does not take the payload");
    }
    let rounds = if run.short { 100 } else { 20_000 };
    let time = |work: &dyn Fn()| median((0..run.repeats()).map(|_| micros(rounds, work)).collect());
    let parse = time(&|| drop(black_box(json::parse_object(black_box(body.as_bytes())).ok())));
    let leading = time(&|| drop(black_box(plan.check_leading(black_box(object.clone())))));
    let copied = time(&|| drop(black_box(delivery.clone())));
    let machine = time(&|| drop(black_box(rendered(&plan, black_box(&delivery))))) - copied;
    report.figure("parse the payload, strictly", parse, "µs");
    report.figure("validate it before the answer", leading, "µs");
    report.figure("validate it in the run and render the fields of the activity", machine, "µs");
    report.judge("the engine, for one delivery", leading + machine, "µs", Bar::Below(40.0));
    Ok(())
}

/// The workflow as a first start makes it.
async fn plan(run: &Run) -> Result<Plan> {
    let dir = run.fresh_dir()?;
    let server = Server::start(&run.program, dir.path())?;
    let exported = server.call("workflow_export", &json!({ "id": server.workflow_id().await? })).await?;
    server.stop()?;
    match Plan::from_file(&exported["file"]) {
        Ok(plan) => Ok(plan),
        Err(fault) => bail!("{}: {}", fault.path, fault.message),
    }
}

fn delivery(object: &Map<String, Value>) -> Delivery {
    Delivery {
        run_id: "01990000-0000-7000-8000-000000000000".to_owned(),
        workflow_name: "Event Check-In > Insert Attendance Activity".to_owned(),
        received_at: Timestamp::UNIX_EPOCH,
        site: ihook_engine::record::SiteTime::utc(),
        payload: object.clone(),
        metadata: Some(json!({
            "method": "POST", "scheme": "http", "host": "127.0.0.1:8787", "path": "/hooks/k/…", "query": {},
            "headers": { "host": "127.0.0.1:8787", "content-type": "application/json", "content-length": "200" },
            "remoteIp": "127.0.0.1", "contentType": "application/json", "contentLength": 200,
            "receivedAt": "1970-01-01T00:00:00Z"
        })),
    }
}

fn rendered(plan: &Arc<Plan>, delivery: &Delivery) -> Next {
    Machine::new(Arc::clone(plan), delivery.clone(), Vec::new()).next()
}

/// Microseconds for one round.
fn micros(rounds: u32, work: &dyn Fn()) -> f64 {
    let started = Instant::now();
    (0..rounds).for_each(|_| work());
    started.elapsed().as_secs_f64() * 1e6 / f64::from(rounds)
}
