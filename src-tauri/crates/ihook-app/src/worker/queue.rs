//! Which run of a connection comes next: those whose time has come, then the queues, round robin over the
//! workflows, live deliveries before reruns.

use std::collections::{HashMap, HashSet, VecDeque};

use ihook_store::run::{self, Due, Lane, Status};
use ihook_store::{StoreError, WorkflowId};

use super::loaded::{Loaded, load_ahead};
use crate::App;
use crate::clock::Moment;
use crate::events::Topic;

/// Queued runs fetched at once.
const AHEAD: u32 = 64;
/// Payloads fetched with them, in bytes.
const AHEAD_BYTES: usize = 512 * 1024;

/// A run that may start: its place in the order of arrival, its workflow, and what it is driven from where that
/// was fetched already.
pub(super) type Startable = (i64, WorkflowId, Option<Box<Loaded>>);

/// What runs now: by place in the order of arrival, with the workflow it belongs to.
pub(super) type InFlight = HashMap<i64, WorkflowId>;

/// The order of one connection's runs.
#[derive(Debug)]
pub(super) struct Queue {
    connection: String,
    cursors: HashMap<(WorkflowId, bool), Cursor>,
    due: VecDeque<Due>,
    /// When the earliest run goes on by itself.
    next_due: Option<Moment>,
    due_known: bool,
    /// More were due than were fetched.
    is_more_due: bool,
    turn: usize,
}

/// How far a workflow's queue was read.
#[derive(Debug, Default)]
struct Cursor {
    after: i64,
    ahead: VecDeque<(i64, Option<Box<Loaded>>)>,
    /// Nothing more was there when last asked.
    dry: bool,
}

impl Queue {
    pub(super) fn new(connection: &str) -> Self {
        Self {
            connection: connection.to_owned(),
            cursors: HashMap::new(),
            due: VecDeque::new(),
            next_due: None,
            due_known: false,
            is_more_due: false,
            turn: 0,
        }
    }

    /// Something arrived.
    pub(super) fn more(&mut self) {
        for cursor in self.cursors.values_mut() {
            cursor.dry = false;
        }
    }

    /// Runs went back into the queue: read it from the beginning.
    pub(super) fn afresh(&mut self) {
        self.cursors.clear();
        self.due_known = false;
    }

    /// A run was set aside until some time.
    pub(super) fn set_aside(&mut self) {
        self.due_known = false;
    }

    /// When to ask again although nothing arrived.
    pub(super) fn next_due(&self) -> Option<Moment> {
        self.next_due
    }

    /// The next run that may start.
    pub(super) async fn next(
        &mut self,
        app: &App,
        going: &InFlight,
    ) -> Result<Option<Startable>, StoreError> {
        if let Some((seq, id)) = self.next_due_run(app, going).await? {
            return Ok(Some((seq, id, None)));
        }
        let endpoints = app.endpoints().all();
        let mut workflows: Vec<_> =
            endpoints.values().map(|e| (e.workflow_id, e.status, e.ordered())).collect();
        workflows.sort_by_key(|(id, ..)| *id);
        let busy: HashSet<WorkflowId> = going.values().copied().collect();
        for lane in [Lane::Live, Lane::Rerun] {
            for step in 0..workflows.len() {
                let at = (self.turn + step) % workflows.len();
                let (id, status, ordered) = workflows[at];
                if !status.drains() || (ordered && (busy.contains(&id) || self.is_blocked(app, id).await?)) {
                    continue;
                }
                if let Some((seq, loaded)) = self.take(app, id, lane, going).await? {
                    self.turn = at + 1;
                    return Ok(Some((seq, id, loaded)));
                }
            }
        }
        Ok(None)
    }

    async fn next_due_run(
        &mut self,
        app: &App,
        going: &InFlight,
    ) -> Result<Option<(i64, WorkflowId)>, StoreError> {
        let now = app.clock().moment();
        let is_spent = self.is_more_due && self.due.is_empty();
        if !self.due_known || is_spent || self.next_due.is_some_and(|at| at <= now) {
            let connection = self.connection.clone();
            let (due, next) = app
                .store()
                .read(move |database| {
                    let due = run::due(database, &connection, now.millis())?;
                    Ok((due, run::next_due_at(database, &connection, now.millis())?))
                })
                .await?;
            self.is_more_due = due.len() == run::DUE_AT_ONCE;
            self.due = due.into();
            self.next_due = next.map(Moment::from_millis);
            self.due_known = true;
        }
        let endpoints = app.endpoints().all();
        for _ in 0..self.due.len() {
            let Some(due) = self.due.pop_front() else { break };
            if going.contains_key(&due.seq) {
                continue;
            }
            let endpoint = endpoints.values().find(|endpoint| endpoint.workflow_id == due.workflow_id);
            if endpoint.is_some_and(|endpoint| !endpoint.status.drains()) && due.status == Status::Waiting {
                app.store().write(move |tx| run::requeue(tx, due.seq)).await?;
                app.events().all_changed(Topic::Runs);
                continue;
            }
            if endpoint.is_some_and(|endpoint| endpoint.ordered())
                && going.values().any(|id| *id == due.workflow_id)
            {
                self.due.push_back(due);
                continue;
            }
            return Ok(Some((due.seq, due.workflow_id)));
        }
        Ok(None)
    }

    async fn is_blocked(&self, app: &App, id: WorkflowId) -> Result<bool, StoreError> {
        let connection = self.connection.clone();
        app.store().read(move |database| run::has_waiting(database, &connection, id)).await
    }

    async fn take(
        &mut self,
        app: &App,
        id: WorkflowId,
        lane: Lane,
        going: &InFlight,
    ) -> Result<Option<(i64, Option<Box<Loaded>>)>, StoreError> {
        let cursor = self.cursors.entry((id, lane == Lane::Rerun)).or_default();
        loop {
            while let Some((seq, loaded)) = cursor.ahead.pop_front() {
                if !going.contains_key(&seq) {
                    return Ok(Some((seq, loaded)));
                }
            }
            if cursor.dry {
                return Ok(None);
            }
            let (connection, after) = (self.connection.clone(), cursor.after);
            // With what they are driven from: one way to the database for many runs.
            let read = app.store().read(move |database| {
                let seqs = run::queued(database, &connection, id, lane, after, AHEAD)?;
                Ok(load_ahead(database, seqs, AHEAD_BYTES))
            });
            cursor.ahead = read.await?.into();
            match cursor.ahead.back() {
                Some((last, _)) => cursor.after = *last,
                None => cursor.dry = true,
            }
        }
    }
}
