//! A workflow compiled once per version: schemas and templates parsed, so that a run only evaluates.

mod compile;
mod gate;
mod header;
mod leading;
mod texts;
mod validation;
mod weight;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::run::StepResult;
use crate::schema::Violation;
use crate::step_error::StepError;
use crate::template::{RunFacts, Scope, Template};
use crate::workflow::{FileFault, IdempotencyFrom, Workflow};

pub(crate) use gate::Gate;
pub(crate) use header::HeaderTemplate;
pub use header::secret_names;
pub(crate) use texts::{JsonTemplate, first_code};
pub(crate) use validation::Validation;
pub use weight::{MAX_LIGHT, Weight};

/// A workflow ready to run; immutable and shared between runs.
#[derive(Debug)]
pub struct Plan {
    workflow: Workflow,
    pub(crate) steps: Vec<Step>,
    idempotency: Option<Template>,
    request_weight: Weight,
    run_weight: Weight,
}

/// The compiled part of one action; stands at the same place as its action.
#[derive(Debug)]
pub(crate) enum Step {
    Validate(Validation),
    /// Fields of an insert or of a look-up.
    Fields(Vec<Template>),
    Gate(Gate),
    Http {
        url: Template,
        headers: Vec<(String, HeaderTemplate)>,
        body: Option<JsonTemplate>,
        /// Whether the body is JSON, where no header says what it is.
        is_json: bool,
    },
    Get {
        path: Template,
        query: Vec<(String, Template)>,
    },
    ForEach(Vec<Self>),
    Notify {
        title: Template,
        message: Template,
    },
}

/// A payload that the leading schema check refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// The leading steps, the last one failed.
    pub steps: Vec<StepResult>,
    /// The violations of that last step's schema, the first hundred at most.
    pub violations: Vec<Violation>,
    /// How many more there are.
    pub more: u32,
}

impl Rejection {
    /// The failure of the last step.
    #[must_use]
    pub fn error(&self) -> Option<&StepError> {
        self.steps.last().and_then(|step| step.error.as_ref())
    }
}

/// What a non-empty JSON pointer names in an object.
pub(crate) fn member<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let rest = path.strip_prefix('/')?;
    let (first, below) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    object.get(&first.replace("~1", "/").replace("~0", "~"))?.pointer(below)
}

impl Plan {
    /// Compiles every template and schema.
    ///
    /// # Errors
    /// The first template that does not parse, or schema that does not compile, with its path in the file.
    pub fn compile(workflow: Workflow) -> Result<Self, FileFault> {
        let steps = compile::steps(&workflow.actions, "/actions")?;
        let idempotency = compile::idempotency(&workflow)?;
        let run_weight = weight::of_run(&steps);
        let mut plan = Self { workflow, steps, idempotency, request_weight: Weight::default(), run_weight };
        plan.request_weight = weight::of_request(&plan);
        Ok(plan)
    }

    /// What the work within the request may cost: [`Self::idempotency_key`] and [`Self::check_leading`].
    #[must_use]
    pub fn request_weight(&self) -> Weight {
        self.request_weight
    }

    /// What a run may cost beside its effects.
    #[must_use]
    pub fn run_weight(&self) -> Weight {
        self.run_weight
    }

    /// Reads a workflow file and compiles it.
    ///
    /// # Errors
    /// As [`Workflow::parse`] and [`Self::compile`].
    pub fn from_file(file: &Value) -> Result<Self, FileFault> {
        Self::compile(Workflow::parse(file)?)
    }

    /// What was compiled.
    #[must_use]
    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// What tells this delivery from others, where the trigger asks for it: a header's value, a member of
    /// the payload, or a rendered template. `None` too where that is absent or blank: such a delivery is
    /// like no other. `header` looks a header up by its lower-case name.
    pub fn idempotency_key(
        &self,
        payload: &Arc<Value>,
        facts: &RunFacts<'_>,
        header: impl FnOnce(&str) -> Option<String>,
    ) -> Option<String> {
        let key = match &self.workflow.trigger.idempotency.as_ref()?.from {
            IdempotencyFrom::Header(name) => header(name)?,
            IdempotencyFrom::Pointer(path) => match member(payload.as_object()?, path)? {
                Value::Null => return None,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            IdempotencyFrom::Template(_) => {
                // Nothing of the payload is copied.
                self.idempotency.as_ref()?.render(&Scope::shared(Arc::clone(payload), facts)).ok()?
            }
        };
        let key = key.trim();
        (!key.is_empty()).then(|| key.to_owned())
    }

    /// The leading schema check (docs/behavior.md#leading-schema-check). `None`: it passes, or nothing leads, or the
    /// trigger does not want it before the answer.
    #[must_use]
    pub fn check_leading(&self, payload: Map<String, Value>) -> Option<Rejection> {
        leading::check(self, &Value::Object(payload))
    }
}

#[cfg(test)]
mod tests;
