//! A run in memory: what a plan would do with a delivery. Nothing leaves the program; what a run reads from
//! elsewhere is answered from the steps of a run that was.

mod world;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::plan::Plan;
use crate::record::{Column, Times};
use crate::run::{
    Delivery, Effect, Machine, Next, Outcome, StepKey, StepResult, StepStatus, Target, Verdict,
};
use crate::step_error::StepError;
use world::World;

/// What a plan would do with a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Dry {
    /// How the run would end.
    pub outcome: DryOutcome,
    /// Why it would not end well.
    pub error: Option<StepError>,
    /// In order.
    pub steps: Vec<DryStep>,
    /// What was asked of the world, by step.
    pub effects: HashMap<StepKey, Effect>,
    /// Reads for which no earlier run has an answer; they count as done, with nothing found.
    pub unanswered: Vec<StepKey>,
}

/// How a run would end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryOutcome {
    /// The end was reached.
    Succeeded,
    /// A step failed it.
    Failed,
    /// The leading schema check refuses the delivery.
    Rejected,
    /// A gate stopped it.
    Stopped,
}

/// What one action would do.
#[derive(Debug, Clone, PartialEq)]
pub struct DryStep {
    /// The action.
    pub action_id: String,
    /// The item, from 0, within a For Each.
    pub item: Option<u32>,
    /// The action's name for people.
    pub name: String,
    /// The action's type as the file writes it.
    pub type_name: String,
    /// How it would end.
    pub status: StepStatus,
    /// What it would write, send or ask: names and values as they would leave. Of a field that cannot be
    /// converted, all fields as rendered.
    pub fields: Vec<(String, String)>,
    /// Why it would fail.
    pub error: Option<StepError>,
}

type Place<'a> = (&'a str, Option<u32>);
type Shown<'a> = (StepStatus, BTreeSet<&'a (String, String)>);

impl Dry {
    /// How many records would be sent to iMIS.
    #[must_use]
    pub fn inserts(&self) -> usize {
        let is_insert =
            |step: &&DryStep| matches!(step.type_name.as_str(), "insertActivity" | "insertPanelRecord");
        self.steps.iter().filter(is_insert).filter(|step| step.status == StepStatus::Succeeded).count()
    }

    /// Whether both do the same: the same end, and the same steps with the same fields. Steps that show no
    /// fields (a validation, a jump around a disabled action) are not compared.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.visible() == other.visible()
    }

    /// By action and item; the order of fields means nothing.
    fn visible(&self) -> BTreeMap<Place<'_>, Shown<'_>> {
        let told = self.steps.iter().filter(|step| !step.fields.is_empty());
        told.map(|step| ((step.action_id.as_str(), step.item), (step.status, step.fields.iter().collect())))
            .collect()
    }
}

/// Runs `delivery` through the plan in memory. `recorded` are the steps of the run that this delivery once
/// made: their answers stand for what a read would get and an insert would give. `columns` knows the columns
/// of what is written, or why nothing can be; where it knows nothing, fields stay as rendered. `go_on` is asked before
/// each step: none when it says no.
pub fn run(
    plan: &Arc<Plan>,
    delivery: Delivery,
    recorded: &[StepResult],
    columns: impl Fn(&Target) -> Result<Option<Vec<Column>>, StepError>,
    go_on: impl Fn() -> bool,
) -> Option<Dry> {
    if let Some(rejection) = plan.check_leading(delivery.payload.clone()) {
        let error = rejection.error().cloned();
        let steps = rejection.steps.into_iter().map(|result| shown(result, Vec::new())).collect();
        let outcome = DryOutcome::Rejected;
        return Some(Dry { outcome, error, steps, effects: HashMap::new(), unanswered: Vec::new() });
    }
    again(plan, delivery, Vec::new(), recorded, columns, go_on)
}

/// What a rerun would do: no check before the answer, and `carried` are steps that are not done again.
pub fn again(
    plan: &Arc<Plan>,
    delivery: Delivery,
    carried: Vec<StepResult>,
    recorded: &[StepResult],
    columns: impl Fn(&Target) -> Result<Option<Vec<Column>>, StepError>,
    go_on: impl Fn() -> bool,
) -> Option<Dry> {
    let (site, received_at) = (delivery.site.clone(), delivery.received_at);
    let world = World { times: Times { site: &site, received_at }, recorded, columns };
    let mut machine = Machine::new(Arc::clone(plan), delivery, carried);
    let (mut fields, mut effects, mut unanswered) = (BTreeMap::new(), HashMap::new(), Vec::new());
    let verdict = loop {
        if !go_on() {
            return None;
        }
        let Some(next) = machine.step() else { continue };
        match next {
            Next::Do(task) => {
                let key = StepKey { action_id: task.action_id.clone(), item: task.item };
                let (outcome, told) = world.answer(&task);
                fields.insert(task.index, told);
                machine.resume(outcome.unwrap_or_else(|| {
                    unanswered.push(key.clone());
                    Outcome::Done { output: Value::Null, record_key: None }
                }));
                effects.insert(key, task.effect);
            }
            Next::Finish(verdict) => break verdict,
            // Only a host calls an effect in doubt.
            Next::Unsettled(_) => break Verdict::Succeeded,
        }
    };
    let steps = machine.take_done();
    let steps = steps.into_iter().map(|step| {
        let told = fields.remove(&step.index).unwrap_or_else(|| gate_value(&step));
        shown(step, told)
    });
    let steps = steps.collect();
    let (outcome, error) = match verdict {
        Verdict::Succeeded => (DryOutcome::Succeeded, None),
        Verdict::Stopped => (DryOutcome::Stopped, None),
        Verdict::Failed { error, .. } => (DryOutcome::Failed, Some(error)),
    };
    Some(Dry { outcome, error, steps, effects, unanswered })
}

/// A gate shows what its expression came to.
fn gate_value(step: &StepResult) -> Vec<(String, String)> {
    let value =
        step.output.as_ref().filter(|_| step.type_name == "gate").and_then(|output| output.get("value"));
    value
        .and_then(Value::as_str)
        .map(|value| ("expression".to_owned(), value.to_owned()))
        .into_iter()
        .collect()
}

fn shown(step: StepResult, fields: Vec<(String, String)>) -> DryStep {
    let StepResult { action_id, item, name, type_name, status, error, .. } = step;
    DryStep { action_id, item, name, type_name, status, fields, error }
}

#[cfg(test)]
mod tests;
