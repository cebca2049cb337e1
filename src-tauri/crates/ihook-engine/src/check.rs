//! Is this workflow complete? What is missing or looks wrong, each with its action and field.
//!
//! Nothing here blocks anything (docs/behavior.md#what-a-save-refuses): what must be refused is refused by
//! [`crate::workflow::Workflow::parse`] and [`crate::plan::Plan::compile`].

mod fields;
mod names;
mod schema;

use serde::Serialize;

use crate::activity::KnownType;
use crate::record::{Column, Panel, SiteTime};
use crate::template::Template;
use crate::workflow::{Action, ActionKind, Authentication, Handshake, PRESETS, SecretUse, Workflow};

/// What is known of the connection; what is not known is not judged.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The activity types of the site.
    pub activity_types: Option<&'a [KnownType]>,
    /// The columns of an activity there; [`crate::activity::columns`] where the site told none.
    pub activity_columns: &'a [Column],
    /// The panels of the site.
    pub panels: Option<&'a [Panel]>,
    /// How times are read there.
    pub site: &'a SiteTime,
    /// Whether there is a connection of the workflow's name.
    pub connection_known: bool,
    /// What is known of the sender's secret.
    pub sender_secret: SenderSecret,
}

/// What is known of the secret that a sender proves itself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderSecret {
    /// Nothing.
    Unknown,
    /// There is none.
    Missing,
    /// It was set for this use.
    For(SecretUse),
}

/// Something to look at in a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// JSON pointer into the file.
    pub path: String,
    /// The action, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_id: Option<String>,
    /// The field as written, or the member, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// One plain sentence.
    pub message: String,
}

/// Everything worth a look, in the order of the file. Disabled actions count nowhere.
#[must_use]
pub fn problems(workflow: &Workflow, facts: &Facts<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut about = |path: &str, message: String| {
        found.push(Problem { path: path.to_owned(), action_id: None, field: None, message });
    };
    if !facts.connection_known {
        let message = format!("There is no connection \"{}\"; runs will wait or fail.", workflow.connection);
        about("/connection", message);
    }
    if !workflow.actions.iter().any(|action| action.enabled) {
        about(
            "/actions",
            "This workflow has no enabled action: it accepts deliveries and does nothing.".to_owned(),
        );
    }
    if let Some(name) = workflow.trigger.metadata_output_property.as_deref().filter(|name| is_taken(name)) {
        about("/trigger/metadataOutputProperty", taken(name));
    }
    if let Some(message) = workflow.trigger.preset.as_deref().and_then(preset) {
        about("/trigger/preset", message);
    }
    if workflow.trigger.handshake == Some(Handshake::Zoom) && !is_signed(workflow) {
        let message = "Zoom's check of the address is answered with its Secret Token: choose Zoom's signature, and set \
                       the token as its secret.";
        about("/trigger/handshake", message.to_owned());
    }
    if let Some(message) =
        workflow.trigger.authentication.as_ref().and_then(|wanted| secret(wanted, facts.sender_secret))
    {
        found.push(Problem {
            path: "/trigger/authentication".to_owned(),
            action_id: None,
            field: Some("secret".to_owned()),
            message,
        });
    }
    let mut known = names::of(workflow);
    check_actions(&workflow.actions, "/actions", facts, &mut known, &mut found);
    found
}

fn check_actions(
    actions: &[Action],
    path: &str,
    facts: &Facts<'_>,
    known: &mut names::Known,
    found: &mut Vec<Problem>,
) {
    for (at, action) in actions.iter().enumerate().filter(|(_, action)| action.enabled) {
        let mut report = Report { action, path: format!("{path}/{at}"), found };
        if let Some(name) = action.output_property.as_deref().filter(|name| is_taken(name)) {
            report.add("outputProperty", "outputProperty", taken(name));
        }
        check_action(&mut report, facts);
        names::leftovers(&mut report);
        names::check(&mut report, known);
        if let ActionKind::ForEach { actions, .. } = &action.kind {
            known.enter(action);
            check_actions(actions, &format!("{path}/{at}/actions"), facts, known, found);
        }
        known.pass(action);
    }
}

fn is_signed(workflow: &Workflow) -> bool {
    let wanted = workflow.trigger.authentication.as_ref();
    wanted.is_some_and(|wanted| wanted.secret_use() == SecretUse::Signature)
}

fn preset(name: &str) -> Option<String> {
    let is_known = PRESETS.iter().any(|known| known.eq_ignore_ascii_case(name));
    (!is_known).then(|| {
        let known = PRESETS.join(" and ");
        format!("No sender \"{name}\" is known here, only {known}: it is answered like any other.")
    })
}

/// Why no sender can prove itself as it is asked to.
fn secret(wanted: &Authentication, kept: SenderSecret) -> Option<String> {
    let wanted = wanted.secret_use();
    match kept {
        SenderSecret::Missing => {
            Some("No secret is set yet: every delivery is answered 503 until there is one.".to_owned())
        }
        SenderSecret::For(other) if other != wanted => Some(format!(
            "The secret was set as {}, and now {} is asked for: every delivery is answered 401 until it is set \
             again.",
            other.in_words(),
            wanted.in_words()
        )),
        SenderSecret::For(_) | SenderSecret::Unknown => None,
    }
}

/// Whether templates mean something else by this name.
fn is_taken(name: &str) -> bool {
    matches!(name, "input" | "run" | "workflow")
}

fn taken(name: &str) -> String {
    format!(
        "The name \"{name}\" means something else in templates: only input.{name} would reach this. Choose another."
    )
}

/// Collects the problems of one action.
struct Report<'a> {
    action: &'a Action,
    path: String,
    found: &'a mut Vec<Problem>,
}

impl Report<'_> {
    /// `member` is the path below the action, `field` the name that people know.
    fn add(&mut self, member: &str, field: &str, message: impl Into<String>) {
        self.found.push(Problem {
            path: format!("{}/{member}", self.path),
            action_id: Some(self.action.id.clone()),
            field: Some(field.to_owned()),
            message: message.into(),
        });
    }

    /// Asks for a member that may be blank in the file but not in a run.
    fn wants(&mut self, member: &str, value: &str, message: &str) {
        if value.trim().is_empty() {
            self.add(member, member, message);
        }
    }
}

fn check_action(report: &mut Report<'_>, facts: &Facts<'_>) {
    match &report.action.kind {
        ActionKind::JsonSchemaValidation { schema, .. } => {
            schema::check(report, schema);
        }
        ActionKind::InsertActivity { fields, marker_field, .. } => {
            fields::activity(report, fields, facts);
            if let Some(marker) = marker_field {
                fields::marker(report, fields, facts.activity_columns, marker);
            }
        }
        ActionKind::InsertPanelRecord { panel, fields, .. } => {
            report.wants("panel", panel, "No panel is chosen.");
            if let (Some(panels), false) = (facts.panels, panel.is_empty()) {
                fields::panel(report, panel, fields, panels, facts.site);
            }
        }
        ActionKind::Gate { expression, .. } => {
            if expression.is_none() {
                report.add("expression", "expression", "The gate has no expression, so it stops every run.");
            }
        }
        ActionKind::HttpRequest { url, .. } => {
            report.wants("url", url, "The address is missing.");
            let is_constant = Template::parse(url).is_ok_and(|template| template.is_static());
            if is_constant
                && !url.trim().is_empty()
                && !url.starts_with("https://")
                && !url.starts_with("http://")
            {
                report.add("url", "url", "The address should begin with https://.");
            }
        }
        ActionKind::ImisGet { path, query, allow_blank } => {
            report.wants("path", path, "The path is missing; it is what follows /api/.");
            fields::criteria(report, "query", query.iter().map(|(name, text)| (name, text)), allow_blank);
        }
        ActionKind::AlreadyRecorded { fields, allow_blank, .. } => {
            if fields.is_empty() {
                report.add("match", "match", "Nothing is compared, so every activity is alike.");
            }
            fields::known_names(report, fields, facts.activity_columns, "match");
            let written = fields.iter().map(|field| (&field.name, &field.template));
            fields::criteria(report, "match", written, allow_blank);
            if report.action.output_property.is_none() {
                let message = "Without an Output Property no later gate can see what was found.";
                report.add("outputProperty", "outputProperty", message);
            }
        }
        ActionKind::ForEach { list, actions, .. } => {
            report.wants("list", list, "No list is chosen.");
            if !actions.iter().any(|action| action.enabled) {
                report.add("actions", "actions", "The loop has no enabled action, so it does nothing.");
            }
        }
        ActionKind::Notify { title, message } => {
            if title.trim().is_empty() && message.trim().is_empty() {
                report.add("message", "message", "The notification has neither title nor message.");
            }
        }
    }
}

#[cfg(test)]
mod tests;
