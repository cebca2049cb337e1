//! A workflow as plain data, and the file it is kept in (docs/behavior.md#the-file, `ihook.workflow/1`).

mod actions;
mod authentication;
mod goto;
mod handshake;
mod members;
mod names;
mod network;
mod trigger;

use serde_json::Value;

pub(crate) use actions::{parse as parse_action, pointer};
pub use authentication::{Authentication, AuthenticationKind, SecretUse};
pub use handshake::Handshake;
pub(crate) use members::pointer_step;
pub use network::{Network, is_public};
pub(crate) use trigger::PRESETS;
pub use trigger::{Idempotency, IdempotencyFrom, RateLimit, Trigger};

use members::Members;

/// The one file format this program reads and writes.
pub const FORMAT: &str = "ihook.workflow/1";

/// A trigger and an ordered list of actions.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// What staff call it; need not be unique.
    pub name: String,
    /// Free text.
    pub description: String,
    /// The connection's name; `sandbox` where the file names none, since that one always exists.
    pub connection: String,
    /// How deliveries are received.
    pub trigger: Trigger,
    /// The steps, in order.
    pub actions: Vec<Action>,
    /// Saved test payloads.
    pub scenarios: Vec<Scenario>,
}

/// A payload to try, and what should come of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What the scenario is called.
    pub name: String,
    /// The body to send; any JSON, since a scenario may be a wrong one.
    pub payload: Value,
    /// The HTTP status that should be answered.
    pub answer: Option<u16>,
    /// The status the run should end with.
    pub status: Option<String>,
}

/// One step of a workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Unique in the whole workflow, nested actions included.
    pub id: String,
    /// What staff call it, where they gave it a name.
    pub name: Option<String>,
    /// A disabled action counts nowhere but in `when_disabled`.
    pub enabled: bool,
    /// What happens when it fails.
    pub on_failure: OnFailure,
    /// What happens when it is reached while disabled.
    pub when_disabled: WhenDisabled,
    /// The name under which its output is put into the pipeline object.
    pub output_property: Option<String>,
    /// What it does.
    pub kind: ActionKind,
}

/// What follows a failed action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OnFailure {
    /// The run ends as failed.
    #[default]
    Fail,
    /// The run ends as succeeded.
    Succeed,
    /// The next action runs as if nothing had happened.
    Continue,
    /// The run goes on at a later action of the same list.
    GoTo(String),
}

/// What follows a disabled action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WhenDisabled {
    /// The next action runs.
    #[default]
    Skip,
    /// As after a failure.
    As(OnFailure),
}

/// A field of a record and the template that fills it, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTemplate {
    /// Label, alias or property name, as written.
    pub name: String,
    /// The template.
    pub template: String,
}

/// Where a gate that stops leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum GateOutcome {
    /// The run ends as stopped.
    #[default]
    StopSuccess,
    /// The run ends as failed.
    StopFailure,
    /// The run goes on at a later action of the same list.
    GoTo(String),
}

/// An answer that counts as a failure of an HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Status 400 to 499.
    ClientError,
    /// Status 500 to 599.
    ServerError,
    /// An empty body.
    Empty,
}

/// What an action does, with its members (docs/behavior.md#actions).
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// Compares the payload, or a part of it, with a JSON Schema.
    JsonSchemaValidation {
        /// An object, or text that holds JSON and perhaps template code.
        schema: Value,
        /// JSON pointer to the part that is looked at; none: the whole pipeline object.
        path: Option<String>,
        /// The property that takes the violations.
        error_property: Option<String>,
        /// Whether a `date-time` must carry an offset, as RFC 3339 has it.
        strict_date_time: bool,
    },
    /// Writes an activity.
    InsertActivity {
        /// The fields in the order written.
        fields: Vec<FieldTemplate>,
        /// Whether the member is looked up first.
        check_member: bool,
        /// The field that carries a marker of the run.
        marker_field: Option<String>,
    },
    /// Writes a row of a panel.
    InsertPanelRecord {
        /// The panel's name.
        panel: String,
        /// The columns in the order written.
        fields: Vec<FieldTemplate>,
        /// Whether the member is looked up first.
        check_member: bool,
    },
    /// Stops the run, or lets it pass.
    Gate {
        /// A bare Liquid condition or a template; absent stops.
        expression: Option<String>,
        /// What stopping means.
        outcome: GateOutcome,
    },
    /// Calls another system.
    HttpRequest {
        /// An upper-case method.
        method: String,
        /// Template.
        url: String,
        /// Names and templates; `{{ secret.name }}` is allowed here only.
        headers: Vec<(String, String)>,
        /// A template, or JSON whose strings are templates.
        body: Option<Value>,
        /// Which answers are failures.
        fail_on: Vec<FailOn>,
        /// Seconds to wait for the answer.
        timeout_seconds: Option<u32>,
    },
    /// Reads from the iMIS API.
    ImisGet {
        /// Template; what follows `/api/`.
        path: String,
        /// Names and templates.
        query: Vec<(String, String)>,
        /// Names of the query that may be blank: they are left out then.
        allow_blank: Vec<String>,
    },
    /// Looks for a like activity.
    AlreadyRecorded {
        /// The fields that must be equal.
        fields: Vec<FieldTemplate>,
        /// How far back to look.
        within_hours: Option<u32>,
        /// Names of fields that may be blank: they are left out then.
        allow_blank: Vec<String>,
    },
    /// Runs its actions once per item of a list.
    ForEach {
        /// JSON pointer to the list in the pipeline object.
        list: String,
        /// The name of the present item in templates.
        item: String,
        /// The steps, in order; none of them a loop.
        actions: Vec<Action>,
    },
    /// Shows a desktop notification.
    Notify {
        /// Template.
        title: String,
        /// Template.
        message: String,
    },
}

/// Why a workflow file is refused: where, and in plain words what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at {path})")]
pub struct FileFault {
    /// JSON pointer into the file; empty for the file itself.
    pub path: String,
    /// One plain sentence.
    pub message: String,
}

impl FileFault {
    pub(crate) fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl Action {
    /// The action's type as the file writes it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            ActionKind::JsonSchemaValidation { .. } => "jsonSchemaValidation",
            ActionKind::InsertActivity { .. } => "insertActivity",
            ActionKind::InsertPanelRecord { .. } => "insertPanelRecord",
            ActionKind::Gate { .. } => "gate",
            ActionKind::HttpRequest { .. } => "httpRequest",
            ActionKind::ImisGet { .. } => "imisGet",
            ActionKind::AlreadyRecorded { .. } => "alreadyRecorded",
            ActionKind::ForEach { .. } => "forEach",
            ActionKind::Notify { .. } => "notify",
        }
    }

    /// Its own name, or else the name that its type has on the screens.
    #[must_use]
    pub fn title(&self) -> &str {
        if let Some(name) = &self.name {
            return name;
        }
        match self.kind {
            ActionKind::JsonSchemaValidation { .. } => "JSON Schema Validation",
            ActionKind::InsertActivity { .. } => "Insert Activity",
            ActionKind::InsertPanelRecord { .. } => "Insert Panel Record",
            ActionKind::Gate { .. } => "Gate",
            ActionKind::HttpRequest { .. } => "HTTP Request",
            ActionKind::ImisGet { .. } => "iMIS API",
            ActionKind::AlreadyRecorded { .. } => "Already Recorded",
            ActionKind::ForEach { .. } => "For Each",
            ActionKind::Notify { .. } => "Notify",
        }
    }
}

impl Workflow {
    /// Reads a workflow file. Templates and schemas are not looked into here but in
    /// [`crate::plan::Plan::compile`].
    ///
    /// # Errors
    /// The first fault: an unknown member or type, a value of the wrong kind, a repeated id, a `goTo`
    /// that does not lead forward, a loop within a loop, contradicting trigger options.
    pub fn parse(file: &Value) -> Result<Self, FileFault> {
        let mut members = Members::of(file, String::new(), "A workflow file")?;
        match members.text("format")? {
            Some(FORMAT) => {}
            Some(other) => {
                let message =
                    format!("The format \"{other}\" is not known; this program reads \"{FORMAT}\".");
                return Err(FileFault::at("/format", message));
            }
            None => return Err(members.missing("format")),
        }
        let workflow = Self {
            name: members.required_text("name")?.to_owned(),
            description: members.text("description")?.unwrap_or_default().to_owned(),
            connection: members.filled("connection")?.unwrap_or("sandbox").to_owned(),
            trigger: Trigger::parse(members.value("trigger"))?,
            actions: actions::parse_list(members.value("actions"), "/actions", false)?,
            scenarios: parse_scenarios(members.value("scenarios"))?,
        };
        members.finish()?;
        goto::check(&workflow.actions)?;
        Ok(workflow)
    }

    /// Whether names and ids are such as may be saved.
    ///
    /// # Errors
    /// The first that is too long or holds a control character, with its path in the file.
    pub fn check_names(&self) -> Result<(), FileFault> {
        names::check(self)
    }
}

fn parse_scenarios(value: Option<&Value>) -> Result<Vec<Scenario>, FileFault> {
    let mut scenarios = Vec::new();
    for (path, item) in members::list(value, "/scenarios")? {
        let mut members = Members::of(item, path.clone(), "A scenario")?;
        let name = members.required_text("name")?.to_owned();
        let payload = members.value("payload").cloned().unwrap_or_else(|| Value::Object(Default::default()));
        let (mut answer, mut status) = (None, None);
        if let Some(expect) = members.value("expect") {
            let mut members = Members::of(expect, format!("{path}/expect"), "What a scenario expects")?;
            answer = members.whole("answer", 100, 599)?.and_then(|code| u16::try_from(code).ok());
            status = members.filled("status")?.map(str::to_owned);
            members.finish()?;
        }
        members.finish()?;
        scenarios.push(Scenario { name, payload, answer, status });
    }
    Ok(scenarios)
}

#[cfg(test)]
mod tests;
