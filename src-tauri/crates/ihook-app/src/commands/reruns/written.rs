//! What of a delivery stands written in iMIS already, by the run itself or by another that repeats it.

use std::collections::{BTreeMap, HashSet};

use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_engine::workflow::{Action, ActionKind};
use ihook_imis::Target;
use ihook_store::step::{Status, Step};
use serde_json::{Value, json};

use super::From;
use crate::worker::{INSERTS, Intent};

/// Steps that a rerun does not do again.
#[derive(Default)]
pub(super) struct Carried {
    pub(super) steps: Vec<Step>,
    /// How many of them wrote a record that the rerun would write otherwise.
    pub(super) written: usize,
    /// Why a person has to decide first.
    pub(super) held: Vec<String>,
}

/// What a rerun of `own` steps takes over. `others` are the steps of runs that repeat the same payload, `actions`
/// finds an action of the version that is to run, `site` is where its connection points now.
pub(super) fn carried(
    own: &[Step],
    others: &[Step],
    from: From,
    actions: &BTreeMap<&str, &Action>,
    site: Option<&str>,
) -> Carried {
    let undone = undone(own, others);
    let stands = |row: &&Step| stands(row, &undone);
    let mut chosen: BTreeMap<(String, Option<u32>), &Step> = BTreeMap::new();
    let inserts = own.iter().chain(others).filter(|row| is_insert(row));
    let rest = own.iter().filter(|row| from == From::Failed && !is_insert(row));
    let rest =
        rest.filter(|row| actions.get(row.action_id.as_str()).is_some_and(|a| a.type_name() == row.kind));
    for row in inserts.chain(rest).filter(stands) {
        chosen.entry((row.action_id.clone(), row.item)).or_insert(row);
    }
    let mut carried = Carried::default();
    let mut taken: HashSet<u32> = HashSet::new();
    for row in chosen.into_values() {
        let Some(mut row) = take_over(row, actions, site, &mut carried) else { continue };
        // A step of another run may have the number of one of this run's.
        while !taken.insert(row.index) {
            row.index += 1;
        }
        carried.steps.push(row);
    }
    carried.steps.sort_by_key(|row| row.index);
    carried
}

/// How many records the run wrote, or took over from others, that are in iMIS still.
pub(super) fn standing(own: &[Step], others: &[Step]) -> usize {
    let undone = undone(own, others);
    own.iter().filter(|row| is_insert(row) && stands(row, &undone)).count()
}

/// Of what kind a record is, and its key.
type Record = (String, String);

fn record(row: &Step) -> Option<Record> {
    Some((row.kind.clone(), row.record_key.clone()?))
}

/// The run that wrote a record and those that took it over have a step each; undone in one, it is gone.
fn undone(own: &[Step], others: &[Step]) -> HashSet<Record> {
    own.iter().chain(others).filter(|row| row.undone_at.is_some()).filter_map(record).collect()
}

/// Whether what the step did is still so.
fn stands(row: &Step, undone: &HashSet<Record>) -> bool {
    let done = matches!(row.status, Status::Succeeded | Status::Carried);
    done && row.undone_at.is_none() && record(row).is_none_or(|record| !undone.contains(&record))
}

/// The row as the rerun has it; none where the version now writes something else under that id.
fn take_over(
    row: &Step,
    actions: &BTreeMap<&str, &Action>,
    site: Option<&str>,
    carried: &mut Carried,
) -> Option<Step> {
    let taken = Step { status: Status::Carried, attempts: 0, ..row.clone() };
    // An action that is no more: kept as evidence, for a rerun that has it again.
    let (true, Some(action)) = (is_insert(row), actions.get(row.action_id.as_str())) else {
        return Some(taken);
    };
    let intent = row.intent.as_deref().and_then(Intent::read);
    let fits = match &intent {
        Some(intent) => writes_there(action, &intent.record.target),
        None => action.type_name() == row.kind,
    };
    if !fits {
        return None;
    }
    let Some(intent) = intent.filter(|intent| site != Some(intent.site.as_str())) else {
        carried.written += 1;
        return Some(taken);
    };
    let reason = format!(
        "\"{}\" wrote its record to {}, and the connection points elsewhere now: someone has to say whether it \
         is written there too.",
        row.name, intent.site
    );
    let error = json!(StepError::new(ErrorCode::Held, reason.as_str())).to_string();
    carried.held.push(reason);
    let mut intended: Value = taken.intent.as_deref().and_then(|text| serde_json::from_str(text).ok())?;
    // The question is now whether the record stands at the other site.
    intended["site"] = json!(site);
    let (intent, error) = (Some(intended.to_string()), Some(error));
    let held = Step { status: Status::Held, finished_at: None, intent, error, ..taken };
    Some(Step { output: None, record_key: None, ..held })
}

pub(super) fn is_insert(row: &Step) -> bool {
    INSERTS.contains(&row.kind.as_str())
}

fn writes_there(action: &Action, target: &Target) -> bool {
    match (&action.kind, target) {
        (ActionKind::InsertActivity { .. }, Target::Activity) => true,
        (ActionKind::InsertPanelRecord { panel, .. }, Target::Panel { name, .. }) => {
            panel.eq_ignore_ascii_case(name)
        }
        _ => false,
    }
}
