//! One run as a machine without IO: it says what to do next, is told what came of it, and goes on.
//!
//! Everything it decides follows from the plan, the delivery and the outcomes of its effects. So a run that
//! was cut off, one that is tried again and one that is rerun are all the same: a new machine, given the
//! steps that are already done.

mod display;
mod each;
mod effect;
mod header;
mod limits;
mod lookup;
mod machine;
mod pipeline;
mod room;
mod step;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::record::Field;
use crate::step_error::StepError;
use crate::time::SiteTime;
use crate::workflow::FailOn;

pub use display::{Around, pipelines};
pub(crate) use effect::value;
pub use header::{HeaderFault, header_fault};
pub(crate) use lookup::{blank_criterion, path as lookup_path, query_value};
pub use machine::Machine;
pub(crate) use pipeline::Pipeline;

/// What a run starts from.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The run's id, as `run.id` in templates.
    pub run_id: String,
    /// As `workflow.name` in templates.
    pub workflow_name: String,
    /// When the original delivery arrived; also in a rerun.
    pub received_at: Timestamp,
    /// How times are read at the connection's site.
    pub site: SiteTime,
    /// The body.
    pub payload: Map<String, Value>,
    /// The request's metadata; goes under the trigger's metadata property, where it has one.
    pub metadata: Option<Value>,
}

/// What the host has to do now.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Do this, then [`Machine::resume`].
    Do(Task),
    /// The run is over.
    Finish(Verdict),
    /// Nothing more can be done until these steps, which the host called [`Outcome::InDoubt`], are settled.
    /// Then a new machine, with their results among the recorded steps, goes on.
    Unsettled(Vec<StepKey>),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The end was reached, or an action was told to end the run as succeeded.
    Succeeded,
    /// A gate stopped it.
    Stopped,
    /// This action failed it.
    Failed {
        /// The action's id.
        action_id: String,
        /// Why.
        error: StepError,
    },
}

/// Names one step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StepKey {
    /// The action.
    pub action_id: String,
    /// The item, from 0, within a For Each.
    pub item: Option<u32>,
}

/// An effect and the step it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The number that the step's result will have, from 0 in a run.
    pub index: u32,
    /// The action.
    pub action_id: String,
    /// The action's type as the file writes it.
    pub type_name: &'static str,
    /// The action's name for people.
    pub title: String,
    /// The item, from 0, within a For Each.
    pub item: Option<u32>,
    /// What to do.
    pub effect: Effect,
}

/// Something that the engine cannot do itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Insert a record into iMIS.
    Insert(Insert),
    /// Call another system.
    Http(HttpCall),
    /// Read from the iMIS API.
    ImisGet {
        /// What follows `/api/`.
        path: String,
        /// Names and values, not yet encoded.
        query: Vec<(String, String)>,
    },
    /// Look for an activity with these values; the output is `{count, keys}`.
    CountLike {
        /// What must be equal.
        fields: Vec<Field>,
        /// How far back to look.
        within_hours: Option<u32>,
    },
    /// Show a desktop notification.
    Notify {
        /// Its first line.
        title: String,
        /// Its text.
        message: String,
    },
}

impl Effect {
    /// Whether it asks something of the world outside, so that what follows hangs on the answer.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Http(_) | Self::ImisGet { .. } | Self::CountLike { .. })
    }
}

/// A record to insert, its fields rendered but not yet converted (that takes the panel's columns).
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// Where to.
    pub target: Target,
    /// In the order of the workflow.
    pub fields: Vec<Field>,
    /// Whether the member is looked up first.
    pub check_member: bool,
    /// The field that carries a marker of the run.
    pub marker_field: Option<String>,
}

/// Where a record goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// The member's activities.
    Activity,
    /// The panel of this name.
    Panel(String),
}

/// A request to another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpCall {
    /// An upper-case method.
    pub method: String,
    /// Rendered; not yet checked.
    pub url: String,
    /// Names and the pieces of their values.
    pub headers: Vec<(String, Vec<HeaderPiece>)>,
    /// Rendered.
    pub body: Option<String>,
    /// Which answers are failures.
    pub fail_on: Vec<FailOn>,
    /// Seconds to wait for the answer; none: the host's own limit.
    pub timeout_seconds: Option<u32>,
}

/// A part of a header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderPiece {
    /// As it is.
    Text(String),
    /// The secret of this name, which the host puts in and never shows.
    Secret(String),
}

/// What came of a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done {
        /// What the action produced.
        output: Value,
        /// The key of an inserted record, where iMIS gave a true one.
        record_key: Option<String>,
    },
    /// It was certainly not done.
    Failed(StepError),
    /// Nobody knows yet. Within a For Each the other items go on.
    InDoubt,
}

/// What one action did in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepResult {
    /// From 0, in the order in which steps ended.
    pub index: u32,
    /// The action.
    pub action_id: String,
    /// The action's type as the file writes it.
    pub type_name: String,
    /// The action's name for people.
    pub name: String,
    /// The item, from 0, within a For Each.
    pub item: Option<u32>,
    /// How it ended.
    pub status: StepStatus,
    /// What the action produced.
    pub output: Option<Value>,
    /// The pipeline property that took the output.
    pub output_property: Option<String>,
    /// Why it failed.
    pub error: Option<StepError>,
    /// The key of the record it inserted.
    pub record_key: Option<String>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepStatus {
    /// It did what it should.
    Succeeded,
    /// It did not.
    Failed,
    /// It is disabled.
    Skipped,
}

#[cfg(test)]
mod tests;
