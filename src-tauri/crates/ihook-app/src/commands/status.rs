//! How things stand: workflows with their last runs, counts over time.

use ihook_store::workflow::{Status, Workflow};
use ihook_store::{RunId, StoreError, minute, run, workflow};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::file_summary::{self, Look};
use super::{Nothing, times};
use crate::App;
use crate::endpoints::Endpoint;
use crate::error::WireError;
use crate::receive::Want;

/// Bars of a workflow's card.
const LAST_RUNS: u32 = 60;
const MINUTE: i64 = 60_000;
/// Buckets of one chart at most.
const MOST_BUCKETS: i64 = 5000;

/// A workflow as lists show it.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct WorkflowSummary {
    /// Its id.
    pub id: String,
    /// Names it in its URL.
    pub key: String,
    /// What staff call it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Its state.
    #[ts(type = "WorkflowStatus")]
    pub status: Status,
    /// Why its deliveries are refused with 503, although its state would take them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusing: Option<Refusing>,
    /// The connection that the latest version writes to.
    pub connection: String,
    /// The version that the endpoint runs; 0 before the first publish.
    pub version: u32,
    /// The newest saved version.
    pub latest_version: u32,
    /// Since midnight on this computer.
    pub today: Counts,
    /// Runs that are queued or under way.
    pub queued: u64,
    /// Runs in doubt or held.
    pub needs_look: u64,
    /// When the last delivery came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_received_at: Option<String>,
    /// Oldest first.
    pub last_runs: Vec<RunBar>,
    /// How many things to look at there are.
    pub problems: usize,
}

/// What stands in the way of a workflow that should receive.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind", content = "reason")]
pub(crate) enum Refusing {
    /// What its sender is to prove itself with was never set.
    NoSecret,
    /// What its sender proves itself with cannot be read; why.
    Secret(String),
    /// Its published version is none that this program understands.
    Version,
}

impl Refusing {
    /// Of a workflow that should receive, if anything stands in its way.
    pub(super) fn of(app: &App, endpoint: &Endpoint) -> Option<Self> {
        if !endpoint.status.accepts() {
            return None;
        }
        let Some((_, plan)) = &endpoint.published else { return Some(Self::Version) };
        plan.workflow().trigger.authentication.as_ref()?;
        app.sender_secrets().want(endpoint.workflow_id).map(|want| match want {
            Want::NeverSet => Self::NoSecret,
            Want::Unreadable(why) => Self::Secret(why),
        })
    }
}

/// How many.
#[derive(Debug, Default, Serialize, TS)]
pub(crate) struct Counts {
    /// Deliveries stored, rejected ones among them.
    pub received: u64,
    /// Runs that ended well.
    pub succeeded: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Deliveries refused by the leading schema check.
    pub rejected: u64,
}

/// One run as a bar.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RunBar {
    /// The run.
    pub id: String,
    /// Where it stands.
    #[ts(type = "RunStatus")]
    pub status: run::Status,
}

/// All workflows.
#[derive(Debug, Serialize, TS)]
pub(crate) struct WorkflowList {
    /// Oldest first.
    pub workflows: Vec<WorkflowSummary>,
}

/// Asks for counts over time.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatsRequest {
    /// From this time on.
    pub from: String,
    /// Before this time.
    pub to: String,
    /// How wide a bucket is.
    pub bucket: Bucket,
}

/// The width of a bucket.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Bucket {
    /// 60 s.
    Minute,
    /// 60 min.
    Hour,
    /// 24 h, beginning at midnight UTC.
    Day,
}

/// Counts over time.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Stats {
    /// Oldest first; empty ones are left out.
    pub buckets: Vec<BucketCounts>,
}

/// Counts of one bucket.
#[derive(Debug, Serialize, TS)]
pub(crate) struct BucketCounts {
    /// Its beginning.
    pub at: String,
    /// Deliveries stored.
    pub received: u64,
    /// Runs that ended well.
    pub succeeded: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Deliveries refused.
    pub rejected: u64,
}

pub(super) async fn list(app: &App, _request: Nothing) -> Result<WorkflowList, WireError> {
    let rows = app.store().read(workflow::list).await?;
    app.file_summaries().keep(&rows);
    Ok(WorkflowList { workflows: summaries(app, rows).await? })
}

/// One workflow as lists show it.
pub(super) async fn summary(app: &App, row: Workflow) -> Result<WorkflowSummary, WireError> {
    let one = summaries(app, vec![row]).await?.pop();
    one.ok_or_else(|| WireError::not_found("workflow"))
}

/// What the database says of a workflow.
struct Stored {
    today: Vec<minute::Counts>,
    /// Queued or under way, and in doubt or held.
    open: (u64, u64),
    last: Vec<(RunId, run::Status, i64)>,
    look: Look,
}

async fn summaries(app: &App, rows: Vec<Workflow>) -> Result<Vec<WorkflowSummary>, WireError> {
    let now = app.clock().now();
    let midnight = midnight(now);
    let (known, until) = (app.file_summaries().known(), now.as_millisecond() + MINUTE);
    let stored = app.store().read(move |database| {
        let stored = rows.into_iter().map(|row| {
            let stored = Stored {
                today: minute::buckets(database, Some(row.id), midnight, until, 2 * 24 * 60 * MINUTE)?,
                open: run::open_counts(database, row.id)?,
                last: run::last_of_workflow(database, row.id, LAST_RUNS)?,
                look: file_summary::look(database, &row, known.get(&row.id))?,
            };
            Ok((row, stored))
        });
        stored.collect::<Result<Vec<_>, StoreError>>()
    });
    let mut summaries = Vec::new();
    for (row, stored) in stored.await? {
        let Stored { today, open, last, look } = stored;
        let file = file_summary::judge(app, &row, look).await?;
        let mut counts = Counts::default();
        for bucket in today {
            counts.received += bucket.received;
            counts.succeeded += bucket.succeeded;
            counts.failed += bucket.failed;
            counts.rejected += bucket.rejected;
        }
        summaries.push(WorkflowSummary {
            refusing: app.endpoints().get(&row.key).and_then(|endpoint| Refusing::of(app, &endpoint)),
            id: row.id.to_string(),
            key: row.key,
            name: row.name,
            description: file.description.clone(),
            status: row.status,
            connection: file.connection.clone(),
            version: row.published,
            latest_version: row.latest,
            today: counts,
            queued: open.0,
            needs_look: open.1,
            last_received_at: last.last().map(|(.., at)| times::text(*at)),
            last_runs: last
                .into_iter()
                .map(|(id, status, _)| RunBar { id: id.to_string(), status })
                .collect(),
            problems: file.problems,
        });
    }
    Ok(summaries)
}

pub(super) async fn stats(app: &App, request: StatsRequest) -> Result<Stats, WireError> {
    let (from, to) = (times::parse(&request.from, "from")?, times::parse(&request.to, "to")?);
    let width = match request.bucket {
        Bucket::Minute => MINUTE,
        Bucket::Hour => 60 * MINUTE,
        Bucket::Day => 24 * 60 * MINUTE,
    };
    if to < from || (to - from) / width > MOST_BUCKETS {
        return Err(WireError::bad_request(format!(
            "to must come after from, by at most {MOST_BUCKETS} buckets: choose a wider bucket."
        )));
    }
    let counts = app.store().read(move |database| minute::buckets(database, None, from, to, width)).await?;
    let buckets = counts
        .into_iter()
        .map(|counts| BucketCounts {
            at: times::text(counts.at),
            received: counts.received,
            succeeded: counts.succeeded,
            failed: counts.failed,
            rejected: counts.rejected,
        })
        .collect();
    Ok(Stats { buckets })
}

/// The last midnight on this computer, in milliseconds since 1970.
pub(super) fn midnight(now: Timestamp) -> i64 {
    let zoned = now.to_zoned_datetime(TimeZone::system());
    let start = zoned.start_of_day().unwrap_or_else(|_| zoned.saturating_sub(24.hours()));
    start.timestamp().as_millisecond()
}
