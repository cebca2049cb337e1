//! The names that the templates of one run can see.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::frame;
use super::node::{Members, Node};
use crate::time::Times;

/// What a run tells its templates beside the pipeline object.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// `{{ run.id }}`.
    pub run_id: &'a str,
    /// `{{ workflow.name }}`.
    pub workflow_name: &'a str,
    /// `{{ run.receivedAt }}`, and what `now` means: the original delivery, also in a rerun.
    pub received_at: Timestamp,
    /// The zone of the connection's site, in which times are shown.
    pub zone: &'a TimeZone,
}

/// A [`RunFacts`] kept for a run.
#[derive(Debug)]
pub(super) struct Facts {
    run: Node,
    workflow: Node,
    now: Node,
    received_at: Timestamp,
    zone: TimeZone,
}

impl Facts {
    pub(super) fn times(&self) -> Times<'_> {
        Times { zone: &self.zone, received_at: self.received_at }
    }
}

/// The names that the templates of one run can see: built once, cheap to clone.
///
/// A name means, first to last: the innermost [`Scope::with`] variable; `input`, the pipeline object;
/// `run` (`id`, `receivedAt`) and `workflow` (`name`); a member of the pipeline object; `now`, the same
/// text as `run.receivedAt`. A payload member called `run`, `workflow` or `input` is reached through
/// `input.run`. Anything else is nil, at every depth.
#[derive(Clone)]
pub struct Scope {
    pipeline: Node,
    variables: Vec<(Arc<str>, Node)>,
    pub(super) facts: Arc<Facts>,
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Payloads belong into no log.
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

impl Scope {
    /// The scope of a run over its pipeline object: the payload, and what metadata and outputs add to it.
    pub fn new(pipeline: &Map<String, Value>, facts: &RunFacts<'_>) -> Self {
        let received = facts.received_at.to_zoned_datetime(facts.zone.clone());
        let received = received.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let facts = Facts {
            run: object(&[("id", facts.run_id), ("receivedAt", &received)]),
            workflow: object(&[("name", facts.workflow_name)]),
            now: Node::text(&received),
            received_at: facts.received_at,
            zone: facts.zone.clone(),
        };
        Self { pipeline: Node::object(pipeline), variables: Vec::new(), facts: Arc::new(facts) }
    }

    /// Puts a member into the pipeline object, as an action's output property does.
    pub fn set(&mut self, name: &str, value: &Value) {
        if let Node::Object(members) = &mut self.pipeline {
            Arc::make_mut(members).set(name, Node::of(value));
        }
    }

    /// The same names and one more in front of them, as `forEach`'s variable. The pipeline object has it
    /// too (`input` and the root are the same), in place of a member of that name.
    #[must_use]
    pub fn with(&self, name: &str, value: &Value) -> Self {
        let mut inner = self.clone();
        let node = Node::of(value);
        if let Node::Object(members) = &mut inner.pipeline {
            // Copies the names of the outermost members only.
            Arc::make_mut(members).set(name, node.clone());
        }
        inner.variables.push((name.into(), node));
        inner
    }

    /// Whether a dotted path (`input.attendees.0.name`) leads to a value, `null` included.
    pub fn has(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.split('.').collect();
        self.leads_to(&segments)
    }

    /// [`Scope::has`] for names that may hold dots themselves.
    pub(super) fn leads_to<S: AsRef<str>>(&self, path: &[S]) -> bool {
        let Some((root, rest)) = path.split_first() else { return false };
        let Some(node) = self.root(root.as_ref()) else { return false };
        frame::leads_to(node, rest)
    }

    /// The value of a name without dots.
    pub(super) fn root(&self, name: &str) -> Option<&Node> {
        if let Some((_, node)) = self.variables.iter().rev().find(|(variable, _)| **variable == *name) {
            return Some(node);
        }
        match name {
            "input" => Some(&self.pipeline),
            "run" => Some(&self.facts.run),
            "workflow" => Some(&self.facts.workflow),
            _ => self.member(name).or_else(|| (name == "now").then_some(&self.facts.now)),
        }
    }

    fn member(&self, name: &str) -> Option<&Node> {
        let Node::Object(members) = &self.pipeline else { return None };
        members.get(name)
    }
}

fn object(texts: &[(&str, &str)]) -> Node {
    let mut members = Members::default();
    for (name, text) in texts {
        members.set(name, Node::text(text));
    }
    Node::Object(Arc::new(members))
}
