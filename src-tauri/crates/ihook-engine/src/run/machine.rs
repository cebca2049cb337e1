//! The machine itself: which action is next, and what its result leads to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::each::{self, Each};
use super::limits::StepRoom;
use super::pipeline::Pipeline;
use super::step::{self, Ended, Flow};
use super::{Delivery, Next, Outcome, StepKey, StepResult, Task, Verdict, effect};
use crate::plan::{Plan, Step};
use crate::template::{RunFacts, Scope};
use crate::workflow::{Action, ActionKind};

/// One run. Never fails and never panics on data: bad data gives failed steps.
#[derive(Debug)]
pub struct Machine {
    plan: Arc<Plan>,
    pipeline: Pipeline,
    at: usize,
    each: Option<Each>,
    /// Once the steps were counted.
    room: Option<StepRoom>,
    recorded: HashMap<StepKey, StepResult>,
    /// Numbers of steps that ended or were begun.
    taken: HashSet<u32>,
    /// Numbers of steps that were begun and have not ended: whatever becomes of one, it keeps its number.
    open: HashMap<StepKey, u32>,
    /// No number below this one is free.
    next_index: u32,
    done: Vec<StepResult>,
    pending: Option<Task>,
    unsettled: Vec<StepKey>,
    is_stuck: bool,
    verdict: Option<Verdict>,
}

impl Machine {
    /// A run that begins, or goes on after the recorded steps. Those are matched by action and item and
    /// replayed as they ended, failed ones too: whoever wants a step done again leaves it out.
    #[must_use]
    pub fn new(plan: Arc<Plan>, delivery: Delivery, recorded: Vec<StepResult>) -> Self {
        let Delivery { run_id, workflow_name, received_at, site, payload, metadata } = delivery;
        let facts = RunFacts { run_id: &run_id, workflow_name: &workflow_name, received_at, site: &site };
        let payload = Arc::new(Value::Object(payload));
        let mut pipeline = Pipeline::new(Arc::clone(&payload), Scope::shared(payload, &facts));
        if let (Some(property), Some(metadata)) =
            (&plan.workflow().trigger.metadata_output_property, &metadata)
        {
            pipeline.put(property, metadata);
        }
        let taken = recorded.iter().map(|step| step.index).collect();
        let recorded = recorded.into_iter().map(|step| (key_of(&step), step)).collect();
        Self {
            plan,
            pipeline,
            at: 0,
            each: None,
            room: None,
            recorded,
            taken,
            open: HashMap::new(),
            next_index: 0,
            done: Vec::new(),
            pending: None,
            unsettled: Vec::new(),
            is_stuck: false,
            verdict: None,
        }
    }

    /// Tells of steps that were begun and have not ended, with their numbers, so that no other step takes one.
    #[must_use]
    pub fn with_open(mut self, open: impl IntoIterator<Item = (StepKey, u32)>) -> Self {
        for (key, index) in open {
            self.taken.insert(index);
            self.open.insert(key, index);
        }
        self
    }

    /// What to do now. Actions without an effect are run here, until one needs the host or the run ends.
    /// Asked again before [`Self::resume`], it answers the same.
    #[expect(clippy::should_implement_trait, reason = "what comes next depends on resume: no iterator")]
    pub fn next(&mut self) -> Next {
        loop {
            if let Some(next) = self.step() {
                return next;
            }
        }
    }

    /// [`Self::next`], one action at a time: none as long as nothing is to be done by the host.
    pub fn step(&mut self) -> Option<Next> {
        if let Some(task) = &self.pending {
            return Some(Next::Do(task.clone()));
        }
        if let Some(verdict) = &self.verdict {
            return Some(Next::Finish(verdict.clone()));
        }
        if self.is_stuck {
            return Some(Next::Unsettled(self.unsettled.clone()));
        }
        self.advance();
        None
    }

    /// Tells what came of the last task. Without one, nothing happens.
    pub fn resume(&mut self, outcome: Outcome) {
        let Some(task) = self.pending.take() else { return };
        let plan = Arc::clone(&self.plan);
        let Some(action) = self.action(&plan) else { return };
        match outcome {
            Outcome::Done { output, record_key } => {
                let mut ended = Ended::succeeded(action, Some(output).filter(|output| !output.is_null()));
                ended.record_key = record_key;
                self.conclude(&plan, action, task.item, ended);
            }
            Outcome::Failed(error) => self.conclude(&plan, action, task.item, Ended::failed(action, error)),
            Outcome::InDoubt => {
                let key = StepKey { action_id: task.action_id, item: task.item };
                self.taken.insert(task.index);
                self.open.insert(key.clone(), task.index);
                self.unsettled.push(key);
                match &mut self.each {
                    Some(each) => {
                        each.is_open = true;
                        self.next_item(&plan);
                    }
                    None => self.is_stuck = true,
                }
            }
        }
    }

    /// The steps that ended since the last call, in order; replayed ones are not among them.
    pub fn take_done(&mut self) -> Vec<StepResult> {
        std::mem::take(&mut self.done)
    }

    fn action<'a>(&self, plan: &'a Plan) -> Option<&'a Action> {
        let action = plan.workflow().actions.get(self.at)?;
        match (&self.each, &action.kind) {
            (Some(each), ActionKind::ForEach { actions, .. }) => actions.get(each.at),
            _ => Some(action),
        }
    }

    fn advance(&mut self) {
        let plan = Arc::clone(&self.plan);
        if self.room.is_none() {
            return self.count(&plan);
        }
        let Some(step) = plan.steps.get(self.at) else {
            self.verdict = Some(Verdict::Succeeded);
            return;
        };
        let (step, item) = match (&self.each, step) {
            (Some(each), Step::ForEach(steps)) => (steps.get(each.at), Some(each.item)),
            _ => (Some(step), None),
        };
        match (self.action(&plan), step) {
            (Some(action), Some(step)) => self.begin(&plan, action, step, item),
            _ => self.next_item(&plan),
        }
    }

    /// Makes sure that the run stays within its steps, before it has any.
    fn count(&mut self, plan: &Plan) {
        match StepRoom::of(plan, &self.pipeline) {
            Ok(room) => self.room = Some(room),
            Err((at, error)) => {
                let Some(action) = plan.workflow().actions.get(at) else { return };
                let index = self.index_of(&StepKey { action_id: action.id.clone(), item: None });
                self.done.push(Ended::failed(action, error.clone()).result(index, action, None));
                self.verdict = Some(Verdict::Failed { action_id: action.id.clone(), error });
            }
        }
    }

    fn begin(&mut self, plan: &Plan, action: &Action, step: &Step, item: Option<u32>) {
        if !action.enabled {
            let key = StepKey { action_id: action.id.clone(), item };
            return match self.recorded.remove(&key) {
                Some(result) => self.follow(plan, action, &result),
                None => self.conclude(plan, action, item, step::disabled(action)),
            };
        }
        let key = StepKey { action_id: action.id.clone(), item };
        if let Some(mut result) = self.recorded.remove(&key) {
            // In a rerun the present version decides where the output goes.
            if result.output_property.is_some() && !matches!(step, Step::Validate(_)) {
                result.output_property.clone_from(&action.output_property);
            }
            return self.follow(plan, action, &result);
        }
        let pipeline = self.each.as_ref().map_or(&self.pipeline, |each| &each.pipeline);
        match step {
            Step::Validate(validation) => {
                let ended = step::validate(action, validation, pipeline);
                self.conclude(plan, action, item, ended);
            }
            Step::Gate(gate) => {
                let ended = step::gate(action, gate, pipeline);
                self.conclude(plan, action, item, ended);
            }
            Step::ForEach(_) => self.enter(plan, action),
            Step::Fields(_) | Step::Http { .. } | Step::Get { .. } | Step::Notify { .. } => {
                match effect::of(action, step, pipeline.scope()) {
                    Err(error) => self.conclude(plan, action, item, Ended::failed(action, error)),
                    Ok(effect) => {
                        self.pending = Some(Task {
                            index: self.index_of(&key),
                            action_id: action.id.clone(),
                            type_name: action.type_name(),
                            title: action.title().to_owned(),
                            item,
                            effect,
                        });
                    }
                }
            }
        }
    }

    fn enter(&mut self, plan: &Plan, action: &Action) {
        let ActionKind::ForEach { list, item: name, .. } = &action.kind else { return };
        let counted = each::count(self.pipeline.pointer(list), list).and_then(|count| {
            // A list that an earlier step made is known only now.
            let items = usize::try_from(count).unwrap_or(usize::MAX);
            self.room.iter_mut().try_for_each(|room| room.take(action, items)).map(|()| count)
        });
        match counted {
            Err(error) => self.conclude(plan, action, None, Ended::failed(action, error)),
            Ok(count) => {
                let mut each = Each::new(count, &self.pipeline);
                each.enter_item(&self.pipeline, list, name);
                self.each = Some(each);
                if count == 0 {
                    self.leave(plan, action);
                }
            }
        }
    }

    fn next_item(&mut self, plan: &Plan) {
        let Some(action) = plan.workflow().actions.get(self.at) else { return };
        let ActionKind::ForEach { list, item: name, .. } = &action.kind else { return };
        let Some(each) = &mut self.each else { return };
        each.item += 1;
        if each.item >= each.count {
            return self.leave(plan, action);
        }
        each.enter_item(&self.pipeline, list, name);
    }

    fn leave(&mut self, plan: &Plan, action: &Action) {
        let ActionKind::ForEach { list, item: name, .. } = &action.kind else { return };
        let Some(each) = self.each.take() else { return };
        if each.is_open {
            self.is_stuck = true;
            return;
        }
        let mut ended = Ended::succeeded(action, Some(each.output(list, name)));
        if let Some(error) = each.error() {
            ended.status = super::StepStatus::Failed;
            ended.error = Some(error);
        }
        self.conclude(plan, action, None, ended);
    }

    fn conclude(&mut self, plan: &Plan, action: &Action, item: Option<u32>, ended: Ended) {
        let index = self.index_of(&StepKey { action_id: action.id.clone(), item });
        self.taken.insert(index);
        let result = ended.result(index, action, item);
        self.follow(plan, action, &result);
        self.done.push(result);
    }

    /// The step's number: the one it was begun with, or the next that no other step has.
    fn index_of(&mut self, key: &StepKey) -> u32 {
        if let Some(index) = self.open.get(key) {
            return *index;
        }
        while self.taken.contains(&self.next_index) {
            self.next_index += 1;
        }
        self.next_index
    }

    fn follow(&mut self, plan: &Plan, action: &Action, result: &StepResult) {
        if let (Some(property), Some(output)) = (&result.output_property, &result.output) {
            let put = |pipeline: &mut Pipeline| match step::found(action, output) {
                Some(count) => pipeline.put_found(property, output, count),
                None => pipeline.put(property, output),
            };
            match &mut self.each {
                Some(each) => each.put(property, put),
                None => put(&mut self.pipeline),
            }
        }
        match (step::flow(action, result), &mut self.each) {
            (Flow::On, Some(each)) => each.at += 1,
            (Flow::On, None) => self.at += 1,
            (Flow::Jump(target), _) => self.jump(plan, &target),
            (Flow::End(verdict), Some(each)) => {
                if let Verdict::Failed { error, .. } = verdict {
                    each.fail(error);
                }
                self.next_item(plan);
            }
            (Flow::End(verdict), None) => self.verdict = Some(verdict),
        }
    }

    fn jump(&mut self, plan: &Plan, target: &str) {
        let actions = &plan.workflow().actions;
        let place = |actions: &[Action]| {
            actions.iter().position(|action| action.id == target).unwrap_or(actions.len())
        };
        match (&mut self.each, actions.get(self.at).map(|action| &action.kind)) {
            (Some(each), Some(ActionKind::ForEach { actions, .. })) => each.at = place(actions),
            _ => self.at = place(actions),
        }
    }
}

fn key_of(step: &StepResult) -> StepKey {
    StepKey { action_id: step.action_id.clone(), item: step.item }
}
