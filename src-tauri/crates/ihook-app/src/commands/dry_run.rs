//! A draft tried on what was received: the last payloads through the published version and through a file,
//! in memory. Nothing is written, sent or shown.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ihook_engine::dry::{self, Dry, DryOutcome, DryStep};
use ihook_engine::plan::Plan;
use ihook_engine::run::{Effect, StepKey, StepResult, StepStatus};
use ihook_store::{StoreError, payload, run, step, workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::side::Side;
use super::times;
use super::workflow_file::read;
use super::workflows::find;
use crate::App;
use crate::error::WireError;
use crate::heavy::beside;
use crate::stored::{self, Unreadable};
use crate::worker::step_result;

/// Payloads tried when the request does not say.
const PAYLOADS: u32 = 20;
const MOST_PAYLOADS: u32 = 100;
/// Longer than anybody waits. Payloads that are left then are counted.
const LONGEST: Duration = Duration::from_secs(10);
/// Steps shown of one run; more are counted.
const MOST_STEPS: usize = 200;
/// Characters shown of one value.
const MOST_CHARS: usize = 2000;

/// Asks what a file would do with the last payloads of a workflow.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct WorkflowDryRun {
    /// The workflow.
    pub id: String,
    /// An object, or its JSON as text; need not be saved.
    #[ts(type = "unknown")]
    pub file: Value,
    /// How many payloads, the newest; 20 when not given, at most 100.
    pub limit: Option<u32>,
}

/// The last payloads through the published version and through the file.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DryRun {
    /// New failures first, then other differences, then the rest; each newest first.
    pub rows: Vec<DryRow>,
    /// Actions of the file that read from elsewhere (`imisGet`, `httpRequest`, `alreadyRecorded`) and ask
    /// something that no earlier run has the answer to.
    pub untried: Vec<String>,
    /// Payloads that were left when the time was over, the oldest ones; 0 when all were tried.
    pub left: usize,
}

/// One payload.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DryRow {
    /// The run that it came with.
    pub run_id: String,
    /// When it came.
    pub received_at: String,
    /// What the published version does; null while there is none.
    pub before: Option<DryResult>,
    /// What the file does.
    pub after: DryResult,
    /// Whether the end, or any field of any step, differs.
    pub changed: bool,
}

/// What would become of a payload.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct DryResult {
    /// How the run would end.
    #[ts(type = "\"succeeded\" | \"failed\" | \"rejected\" | \"stopped\"")]
    pub outcome: &'static str,
    /// Why it would not end well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// In order; at most 200.
    pub steps: Vec<DryResultStep>,
    /// How many steps more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_steps: Option<usize>,
}

/// What one action would do.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct DryResultStep {
    /// The action.
    pub action_id: String,
    /// The action's name for people.
    pub name: String,
    /// The action's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which item of a `forEach`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// How it would end.
    #[ts(type = "\"succeeded\" | \"failed\" | \"skipped\"")]
    pub status: &'static str,
    /// What it would write, send or ask, as it would leave; long values are cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<DryField>>,
    /// Why it would fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A field and its value.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DryField {
    /// As the workflow writes it.
    pub name: String,
    /// As it would leave.
    pub value: String,
}

pub(super) async fn dry_run(app: &App, request: WorkflowDryRun) -> Result<DryRun, WireError> {
    let limit = request.limit.unwrap_or(PAYLOADS);
    if !(1..=MOST_PAYLOADS).contains(&limit) {
        return Err(WireError::bad_request(format!("limit must be between 1 and {MOST_PAYLOADS}.")));
    }
    let row = find(app, &request.id).await?;
    let (file, _changes) = read(request.file)?;
    let after = Side::of(app, Arc::new(Plan::from_file(&file)?)).await;
    let before = match published(app, &row).await {
        Some(plan) => Some(Side::of(app, plan).await),
        None => None,
    };
    let (app, until) = (app.clone(), app.clock().moment() + LONGEST);
    let tried = move || {
        let go_on = || app.clock().moment() < until;
        try_all(&app, &row, limit, before.as_ref(), &after, go_on)
    };
    Ok(beside(tried).await?)
}

/// The version that the endpoint runs. One that this program cannot read does nothing to compare with.
async fn published(app: &App, row: &workflow::Workflow) -> Option<Arc<Plan>> {
    if row.published == 0 {
        return None;
    }
    app.plan(row.id, row.published).await.ok()
}

fn try_all(
    app: &App,
    row: &workflow::Workflow,
    limit: u32,
    before: Option<&Side>,
    after: &Side,
    go_on: impl Fn() -> bool,
) -> Result<DryRun, StoreError> {
    let store = app.store();
    let seqs = store.read_blocking(|database| run::last_deliveries(database, row.id, limit))?;
    let (mut rows, mut untried, mut left) = (Vec::with_capacity(seqs.len()), BTreeSet::new(), seqs.len());
    for seq in seqs {
        let loaded = store.read_blocking(|database| {
            let run = run::get_by_seq(database, seq)?;
            Ok((run, payload::get(database, seq)?, step::list(database, seq)?))
        });
        let (run, kept, steps) = match loaded {
            Ok(loaded) => loaded,
            // Retention was quicker.
            Err(StoreError::NotFound) => {
                left -= 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        // Others have their turn between two payloads.
        let _turn = app.heavy().command_turn_blocking();
        let received = match stored::check_steps(&steps).and_then(|()| stored::received(&kept)) {
            Ok(received) => received,
            Err(unreadable) => {
                left -= 1;
                rows.push(((false, true), unread(&run, &unreadable)));
                continue;
            }
        };
        let recorded: Vec<StepResult> = steps.iter().filter_map(step_result).collect();
        let through = |side: &Side| {
            let delivery = side.delivery(&run, &row.name, received.clone());
            dry::run(&side.plan, delivery, &recorded, |target| side.columns(target), &go_on)
        };
        let was = match before.map(through) {
            Some(None) => break,
            was => was.flatten(),
        };
        let Some(is) = through(after) else { break };
        left -= 1;
        untried.extend(unanswered(was.as_ref(), &is));
        let changed = was.as_ref().is_none_or(|was| !was.same_as(&is));
        let rank = (!is_new_failure(was.as_ref(), &is), !changed);
        let wire = DryRow {
            run_id: run.id.to_string(),
            received_at: times::text(run.received_at),
            before: was.map(result),
            after: result(is),
            changed,
        };
        rows.push((rank, wire));
    }
    // Stable: newest first within a rank.
    rows.sort_by_key(|(rank, _)| *rank);
    Ok(DryRun {
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        untried: untried.into_iter().collect(),
        left,
    })
}

/// A payload that no version can be tried on.
fn unread(run: &run::Run, why: &Unreadable) -> DryRow {
    let after =
        DryResult { outcome: "failed", error: Some(why.to_string()), steps: Vec::new(), more_steps: None };
    let (run_id, received_at) = (run.id.to_string(), times::text(run.received_at));
    DryRow { run_id, received_at, before: None, after, changed: false }
}

/// Actions that ask what nobody asked before: no run has an answer, or the file asks another question than the
/// published version, to which the answer belongs.
fn unanswered(was: Option<&Dry>, is: &Dry) -> Vec<String> {
    let another = |(key, effect): &(&StepKey, &Effect)| {
        effect.is_read() && was.and_then(|was| was.effects.get(key)).is_some_and(|asked| asked != *effect)
    };
    let others = is.effects.iter().filter(another).map(|(key, _)| key);
    is.unanswered.iter().chain(others).map(|key| key.action_id.clone()).collect()
}

fn is_new_failure(was: Option<&Dry>, is: &Dry) -> bool {
    let bad = |dry: &Dry| matches!(dry.outcome, DryOutcome::Failed | DryOutcome::Rejected);
    bad(is) && !was.is_some_and(bad)
}

fn result(dry: Dry) -> DryResult {
    let more = dry.steps.len().saturating_sub(MOST_STEPS);
    DryResult {
        outcome: match dry.outcome {
            DryOutcome::Succeeded => "succeeded",
            DryOutcome::Failed => "failed",
            DryOutcome::Rejected => "rejected",
            DryOutcome::Stopped => "stopped",
        },
        error: dry.error.map(|error| error.message),
        steps: dry.steps.into_iter().take(MOST_STEPS).map(wire_step).collect(),
        more_steps: (more > 0).then_some(more),
    }
}

fn wire_step(step: DryStep) -> DryResultStep {
    let field = |(name, value)| DryField { name, value: cut(value) };
    DryResultStep {
        action_id: step.action_id,
        name: step.name,
        kind: step.type_name,
        item: step.item,
        status: match step.status {
            StepStatus::Succeeded => "succeeded",
            StepStatus::Failed => "failed",
            StepStatus::Skipped => "skipped",
        },
        fields: (!step.fields.is_empty()).then(|| step.fields.into_iter().map(field).collect()),
        error: step.error.map(|error| error.message),
    }
}

fn cut(value: String) -> String {
    match value.char_indices().nth(MOST_CHARS) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value,
    }
}
