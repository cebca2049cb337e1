//! Makes one run ready to be repeated: which version, what it takes over, what it will do.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ihook_engine::dry::{self, DryOutcome};
use ihook_engine::run::StepResult;
use ihook_engine::step_error::ErrorCode;
use ihook_engine::workflow::{Action, ActionKind};
use ihook_store::run::{self, NewRun, Run};
use ihook_store::step::Step;
use ihook_store::{Connection, RunId, StoreError, WorkflowId, payload, step, workflow};
use serde_json::{Map, Value};

use super::super::side::Side;
use super::release::is_same;
use super::written::{Carried, carried, standing};
use super::{From, Version, new_run};
use crate::App;
use crate::error::WireError;
use crate::stored::{self, Received, Unreadable};
use crate::worker::step_result;

/// Why a run is left alone whose rerun is not done.
const UNDER_WAY: &str =
    "A rerun of it has not ended yet: see what becomes of that one, or cancel it, before there is another.";

/// Why a run is left alone of whose records one may be gone in a moment.
const BEING_UNDONE: &str = "A record that it wrote is being undone, or was when iHook ended: wait for that, or undo it \
                            once more, before it runs again.";

/// How a step fails whose record iMIS did not take.
const REFUSALS: [ErrorCode; 2] = [ErrorCode::UnknownMember, ErrorCode::Refused];

/// A run to be stored, and what it will do.
pub(super) struct Ready {
    pub(super) original: Run,
    pub(super) run: NewRun,
    pub(super) payload: payload::Payload,
    /// What is not done again.
    pub(super) steps: Vec<Step>,
    /// What it was prepared from.
    pub(super) basis: run::Basis,
    /// Its payload is not the one received.
    pub(super) is_edited: bool,
    /// Records of the original that stand and would be written anew, with the edited payload.
    pub(super) standing: usize,
    pub(super) will_write: usize,
    pub(super) already_written: usize,
    /// Why a person has to decide first.
    pub(super) held: Vec<String>,
    pub(super) will_fail: bool,
    /// It would write what iMIS refused the last time.
    pub(super) was_refused: bool,
}

/// What becomes of one run.
pub(super) enum Prepared {
    Ready(Box<Ready>),
    /// It is left alone, for this reason.
    Left(RunId, String),
}

/// Prepares reruns; what several runs share is looked up once.
pub(super) struct Preparing {
    version: Version,
    from: From,
    /// The payload, where it is not the one received: other records, for which nothing of the original stands.
    pub(super) edited: Option<Map<String, Value>>,
    workflows: HashMap<WorkflowId, Option<Arc<workflow::Workflow>>>,
    sides: HashMap<(WorkflowId, u32), Result<Arc<Side>, String>>,
}

/// What is known of the runs that repeat the same payload.
struct Known {
    body: payload::Payload,
    own: Vec<Step>,
    others: Vec<Step>,
    basis: run::Basis,
    is_edited: bool,
    standing: usize,
    is_under_way: bool,
    /// A person is having a record deleted, or was cut off in the middle of that.
    is_being_undone: bool,
}

impl Known {
    /// What the new run starts from, where that and what it takes over can be read.
    fn received(&self) -> Result<Received, Unreadable> {
        stored::check_steps(&self.own)?;
        stored::check_steps(&self.others)?;
        stored::received(&self.body)
    }
}

impl Preparing {
    pub(super) fn new(version: Version, from: From) -> Self {
        Self { version, from, edited: None, workflows: HashMap::new(), sides: HashMap::new() }
    }

    /// In the order given.
    pub(super) async fn prepare(&mut self, app: &App, runs: &[Run]) -> Result<Vec<Prepared>, WireError> {
        let mut prepared = Vec::with_capacity(runs.len());
        for run in runs {
            prepared.push(match self.ready(app, run).await? {
                Ok(ready) => Prepared::Ready(Box::new(ready)),
                Err(reason) => Prepared::Left(run.id, reason),
            });
        }
        Ok(prepared)
    }

    async fn ready(&mut self, app: &App, original: &Run) -> Result<Result<Ready, String>, WireError> {
        if !original.status.is_final() {
            return Ok(Err("It has not ended: wait for it, decide about it, or cancel it first.".to_owned()));
        }
        let Some(row) = self.workflow(app, original.workflow_id).await? else {
            return Ok(Err("Its workflow was deleted: it cannot run again.".to_owned()));
        };
        let number = match self.version {
            Version::Original => original.version,
            Version::Current if row.published > 0 => row.published,
            Version::Current => row.latest,
        };
        let side = match self.side(app, row.id, number).await {
            Ok(side) => side,
            Err(reason) => return Ok(Err(reason)),
        };
        let (run, edited) = (original.clone(), self.edited.clone());
        let known = app.store().read(move |database| known(database, &run, edited)).await?;
        let Some(known) = known else {
            return Ok(Err("Its payload was removed with age or erased: it cannot run again.".to_owned()));
        };
        if known.is_under_way {
            return Ok(Err(UNDER_WAY.to_owned()));
        }
        if known.is_being_undone {
            return Ok(Err(BEING_UNDONE.to_owned()));
        }
        let (from, original) = (self.from, original.clone());
        let is_heavy = side.plan.run_weight().is_heavy(known.body.body.len());
        let prepare = move || match known.received() {
            Ok(received) => Ok(foretold(&side, original, number, &row.name, known, received, from)),
            Err(unreadable) => Err(unreadable.to_string()),
        };
        Ok(app.heavy().turn(is_heavy).await.work(prepare).await)
    }

    async fn workflow(
        &mut self,
        app: &App,
        id: WorkflowId,
    ) -> Result<Option<Arc<workflow::Workflow>>, WireError> {
        if let Some(known) = self.workflows.get(&id) {
            return Ok(known.clone());
        }
        let row = match app.store().read(move |database| workflow::get(database, id)).await {
            Ok(row) => Some(Arc::new(row)),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(self.workflows.entry(id).or_insert(row).clone())
    }

    async fn side(&mut self, app: &App, id: WorkflowId, number: u32) -> Result<Arc<Side>, String> {
        if let Some(known) = self.sides.get(&(id, number)) {
            return known.clone();
        }
        let side = match app.plan(id, number).await {
            Ok(plan) => Ok(Arc::new(Side::of(app, plan).await)),
            Err(error) => Err(error.to_string()),
        };
        self.sides.entry((id, number)).or_insert(side).clone()
    }
}

/// The payload and steps of the run, and of those that repeat the same payload; none when retention has taken it. An
/// `edited` payload that says the same as the one received is none.
fn known(
    database: &Connection,
    run: &Run,
    edited: Option<Map<String, Value>>,
) -> Result<Option<Known>, StoreError> {
    let body = match payload::get(database, run.seq) {
        Ok(body) => body,
        Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (basis, own) = (run::basis(database, run)?, step::list(database, run.seq)?);
    let (mut others, mut is_under_way) = (Vec::new(), false);
    for relative in run::family(database, run)? {
        // One with an edited payload writes other records.
        let has_same = match payload::get(database, relative.seq) {
            Ok(other) => other.body == body.body,
            Err(StoreError::NotFound) => true,
            Err(error) => return Err(error),
        };
        if has_same {
            is_under_way |= !relative.status.is_final();
            others.extend(step::list(database, relative.seq)?);
        }
    }
    let is_being_undone =
        own.iter().chain(&others).any(|step| step.undo_since.is_some() && step.undone_at.is_none());
    let mut known =
        Known { body, own, others, basis, is_edited: false, standing: 0, is_under_way, is_being_undone };
    if let Some(edited) = edited.filter(|edited| !is_same(edited, &known.body.body)) {
        known.is_edited = true;
        known.standing = standing(&known.own, &known.others);
        known.body.body = Value::Object(edited).to_string();
        (known.own, known.others, known.is_under_way) = (Vec::new(), Vec::new(), false);
    }
    Ok(Some(known))
}

/// The new run and what it will do, as far as that can be said without asking anybody.
fn foretold(
    side: &Side,
    original: Run,
    number: u32,
    name: &str,
    known: Known,
    received: Received,
    from: From,
) -> Ready {
    let mut actions = BTreeMap::new();
    by_id(&side.plan.workflow().actions, &mut actions);
    let Carried { steps, written, held } =
        carried(&known.own, &known.others, from, &actions, side.site.as_deref());
    let recorded: Vec<StepResult> = known.own.iter().filter_map(step_result).collect();
    let taken_over: Vec<StepResult> = steps.iter().filter_map(step_result).collect();
    let (mut will_write, mut will_fail) = (0, false);
    if held.is_empty() {
        let delivery = side.delivery(&original, name, received);
        if let Some(dry) =
            dry::again(&side.plan, delivery, taken_over, &recorded, |target| side.columns(target), || true)
        {
            (will_write, will_fail) = (dry.inserts(), dry.outcome == DryOutcome::Failed);
        }
    }
    let was_refused = will_write > 0
        && original
            .error
            .as_ref()
            .is_some_and(|error| REFUSALS.iter().any(|code| code.as_str() == error.code));
    Ready {
        run: new_run(&original, number, &side.plan.workflow().connection),
        original,
        payload: known.body,
        steps,
        basis: known.basis,
        is_edited: known.is_edited,
        standing: known.standing,
        will_write,
        already_written: written,
        held,
        will_fail,
        was_refused,
    }
}

fn by_id<'a>(actions: &'a [Action], found: &mut BTreeMap<&'a str, &'a Action>) {
    for action in actions {
        found.insert(&action.id, action);
        if let ActionKind::ForEach { actions, .. } = &action.kind {
            by_id(actions, found);
        }
    }
}
