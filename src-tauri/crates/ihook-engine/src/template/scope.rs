//! The names that the templates of one run can see.

use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::value::{Object, Text, Value};
use crate::time::{SiteTime, Times};

/// What a run tells its templates beside the pipeline object.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// `{{ run.id }}`.
    pub run_id: &'a str,
    /// `{{ workflow.name }}`.
    pub workflow_name: &'a str,
    /// `{{ run.receivedAt }}`, and what `now` means: the original delivery, also in a rerun.
    pub received_at: Timestamp,
    /// How times are read and shown at the connection's site.
    pub site: &'a SiteTime,
}

/// A [`RunFacts`] kept for a run.
pub(super) struct Facts {
    run_id: String,
    workflow_name: String,
    received_at: Timestamp,
    pub(super) site: SiteTime,
    /// Made when a template asks, which most never do.
    shown: OnceLock<Shown>,
}

/// The facts as templates see them.
struct Shown {
    run: Json,
    workflow: Json,
    now: String,
}

impl Facts {
    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| {
            let received = self.received_at.to_zoned_datetime(self.site.zone.clone());
            let now = received.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
            Shown {
                run: json!({ "id": self.run_id, "receivedAt": now }),
                workflow: json!({ "name": self.workflow_name }),
                now,
            }
        })
    }

    pub(super) fn times(&self) -> Times<'_> {
        Times { site: &self.site, received_at: self.received_at }
    }
}

/// One name laid over the payload.
#[derive(Clone)]
struct Layer {
    name: Arc<str>,
    value: Arc<Json>,
    /// Whether it stands in front of every other name, `input` and `run` included.
    in_front: bool,
    /// How many records it stands for, where it is what a lookup found.
    found: Option<u64>,
}

impl Layer {
    fn value(&self) -> Value<'_> {
        match self.found {
            Some(count) if count > 1 => Value::found(&self.value, count),
            _ => Value::of(&self.value),
        }
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
    payload: Arc<Json>,
    layers: Vec<Layer>,
    facts: Arc<Facts>,
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Payloads belong into no log.
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

impl Scope {
    /// The scope of a run over a copy of its pipeline object: the payload, and what metadata and outputs
    /// add to it.
    pub fn new(pipeline: &Map<String, Json>, facts: &RunFacts<'_>) -> Self {
        Self::shared(Arc::new(Json::Object(pipeline.clone())), facts)
    }

    /// [`Scope::new`] over an object that is kept anyway: nothing of it is copied. What is no object has no
    /// members.
    #[must_use]
    pub fn shared(pipeline: Arc<Json>, facts: &RunFacts<'_>) -> Self {
        let facts = Facts {
            run_id: facts.run_id.to_owned(),
            workflow_name: facts.workflow_name.to_owned(),
            received_at: facts.received_at,
            site: facts.site.clone(),
            shown: OnceLock::new(),
        };
        Self { payload: pipeline, layers: Vec::new(), facts: Arc::new(facts) }
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Puts a member into the pipeline object, as an action's output property does.
    pub fn set(&mut self, name: &str, value: &Json) {
        self.put(name, value, None);
    }

    /// [`Self::set`] for what a lookup answered that found `count` records: no template takes one of several.
    pub fn set_found(&mut self, name: &str, value: &Json, count: u64) {
        self.put(name, value, Some(count));
    }

    fn put(&mut self, name: &str, value: &Json, found: Option<u64>) {
        let value = Arc::new(value.clone());
        match self.layers.iter_mut().rev().find(|layer| *layer.name == *name) {
            Some(layer) if !layer.in_front => (layer.value, layer.found) = (value, found),
            _ => self.layers.push(Layer { name: name.into(), value, in_front: false, found }),
        }
    }

    /// Makes one member of the pipeline object what it is in `original`, or takes it out.
    pub(crate) fn restore(&mut self, name: &str, original: &Self) {
        self.layers.retain(|layer| layer.in_front || *layer.name != *name);
        let before = original.layers.iter().rev().find(|layer| !layer.in_front && *layer.name == *name);
        self.layers.extend(before.cloned());
    }

    /// The same names and one more in front of them, as `forEach`'s variable. The pipeline object has it
    /// too (`input` and the root are the same), in place of a member of that name. Costs as much as the
    /// value, however large the pipeline object is.
    #[must_use]
    pub fn with(&self, name: &str, value: &Json) -> Self {
        let mut inner = self.clone();
        inner.layers.push(Layer {
            name: name.into(),
            value: Arc::new(value.clone()),
            in_front: true,
            found: None,
        });
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
        let mut value = self.root(root.as_ref());
        for name in rest {
            value = value.and_then(|value| value.at(&Value::text(name.as_ref())));
        }
        value.is_some()
    }

    /// The value of a name without dots.
    pub(super) fn root(&self, name: &str) -> Option<Value<'_>> {
        if let Some(layer) = self.layers.iter().rev().find(|layer| layer.in_front && *layer.name == *name) {
            return Some(layer.value());
        }
        match name {
            "input" => Some(Value::Object(Object::Pipeline(self))),
            "run" => Some(Value::of(&self.facts.shown().run)),
            "workflow" => Some(Value::of(&self.facts.shown().workflow)),
            _ => self
                .member(name)
                .or_else(|| (name == "now").then(|| Value::text(self.facts.shown().now.as_str()))),
        }
    }

    /// A member of the pipeline object.
    pub(super) fn member(&self, name: &str) -> Option<Value<'_>> {
        self.layer(name).map(Layer::value).or_else(|| self.payload.get(name).map(Value::of))
    }

    fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().rev().find(|layer| *layer.name == *name)
    }

    /// The members of the pipeline object: those of the payload in their order, then the others.
    pub(super) fn members(&self) -> impl Iterator<Item = (Text<'_>, Value<'_>)> {
        let own = self.payload.as_object().into_iter().flatten().map(|(name, value)| {
            let value = self.layer(name).map_or_else(|| Value::of(value), Layer::value);
            (name.as_str().into(), value)
        });
        own.chain(
            self.added()
                .map(|layer| (Text::Part(&layer.name), self.layer(&layer.name).unwrap_or(layer).value())),
        )
    }

    /// How many members the pipeline object has.
    pub(super) fn len(&self) -> usize {
        self.payload.as_object().map_or(0, Map::len) + self.added().count()
    }

    /// The names that the payload does not have, each once.
    fn added(&self) -> impl Iterator<Item = &Layer> {
        let payload = self.payload.as_object();
        let is_new = move |layer: &Layer| payload.is_none_or(|payload| !payload.contains_key(&*layer.name));
        let layers = self.layers.iter().enumerate();
        let firsts =
            layers.filter(|(at, layer)| !self.layers[..*at].iter().any(|other| other.name == layer.name));
        firsts.map(|(_, layer)| layer).filter(move |layer| is_new(layer))
    }
}
