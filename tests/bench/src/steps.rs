//! The shape in which workflow engines publish themselves: three durable steps (validate, look the member up,
//! insert), 200 runs in flight, beside the two steps of the tutorial's workflow.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::end_to_end::{PER_SECOND, arrivals, arrived, at_a_steady_rate};
use crate::load::{self, Target};
use crate::numbers::{median, now_us};
use crate::options::Run;
use crate::report::{Bar, Report};
use crate::server::{self, Server};

/// Acknowledged and not yet arrived at the sandbox, at most.
const IN_FLIGHT: u64 = 200;
const CONNECTIONS: usize = 16;
/// The median of one run at rest that the best of the published figures has (Restate, one developer PC), in ms.
const PUBLISHED_MEDIAN: f64 = 4.1;

pub(crate) async fn measure(run: &Run, report: &mut Report) -> Result<()> {
    report.part("Two and three steps, 200 runs in flight (everything durable)");
    let (steady, count) = if run.short { (10, 200) } else { (500, 6_000) };
    let (mut two, mut three, mut medians) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..run.repeats() {
        let dir = run.fresh_dir()?;
        let server = Server::start(&run.program, dir.path())?;
        let targets = (server.target().await?, with_look_up(&server).await?);
        // Once for each member: the program's own look-ups are not what is measured.
        let warm = crate::check_in::MEMBERS;
        load::flat_out(&targets.0, CONNECTIONS, 0, load::Until::Count(warm)).await?;
        arrived(&server, warm).await?;
        medians.push(at_a_steady_rate(&server, &targets.1, warm, steady).await?.p50);
        two.push(rate(&server, &targets.0, (warm + steady, count)).await?);
        three.push(rate(&server, &targets.1, (warm + steady + count, count)).await?);
        server.stop()?;
    }
    let (two, three, p50) = (median(two), median(three), median(medians));
    report.figure("two steps", two, "/s");
    report.figure("three steps", three, "/s");
    report.figure(format!("three steps, {PER_SECOND} a second: p50 to the insert's arrival"), p50, "ms");
    report.figure("the best published median of three durable steps, elsewhere", PUBLISHED_MEDIAN, "ms");
    report.judge("three steps, of the rate of two", three / two, "x", Bar::AtLeast(0.8));
    Ok(())
}

/// The tutorial's workflow once more, with a look at the member before the insert.
async fn with_look_up(server: &Server) -> Result<Target> {
    let mut file =
        server.call("workflow_export", &json!({ "id": server.workflow_id().await? })).await?["file"].take();
    let actions = file["actions"].as_array_mut().context("the workflow has no actions")?;
    actions.insert(1, look_up());
    server::target(&server.call("workflow_import", &json!({ "file": file, "activate": true })).await?)
}

fn look_up() -> Value {
    json!({ "id": "member", "type": "imisGet", "path": "Party/{{ input.memberId }}", "query": {} })
}

/// From the first POST to the last arrival, so many a second.
async fn rate(server: &Server, target: &Target, (first, count): (u64, u64)) -> Result<f64> {
    let started = now_us();
    load::windowed(target, CONNECTIONS, IN_FLIGHT, (first, count), || server.activities()).await?;
    arrived(server, first + count).await?;
    let last = arrivals(server, first).await?.values().max().copied().unwrap_or(started);
    Ok(count as f64 / ((last - started) as f64 / 1e6))
}
