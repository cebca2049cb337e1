//! Failures by cause: what happened, who can mend it, and what to do next.

use ihook_store::run::{self, Failures, Status};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::status::midnight;
use super::{id, times};
use crate::App;
use crate::error::WireError;

/// Which failures. Everything given must hold.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(optional_fields)]
pub(crate) struct FailureGroupsRequest {
    /// Received at or after; since midnight on this computer when not given. Runs that need a person count from
    /// any time.
    pub from: Option<String>,
    /// Received before.
    pub to: Option<String>,
    /// Of this workflow.
    pub workflow_id: Option<String>,
}

/// Failures by cause.
#[derive(Debug, Serialize, TS)]
pub(crate) struct FailureGroups {
    /// Most frequent first.
    pub groups: Vec<FailureGroup>,
}

/// Failures of one cause.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailureGroup {
    /// The error's code; empty for runs in doubt or held.
    pub code: String,
    /// In words.
    pub cause: String,
    /// Who can mend it.
    pub owner: Owner,
    /// What to do, in words.
    pub next_step: String,
    /// How many runs.
    pub count: u64,
    /// What the newest of them says.
    pub example: String,
    /// The newest of them.
    pub last_run_id: String,
    /// Where they stand.
    #[ts(type = "RunStatus")]
    pub status: Status,
    /// With this, `run_list` and `run_rerun` find them.
    pub filter: GroupFilter,
}

/// A filter as `run_list` takes it.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct GroupFilter {
    /// Where they stand.
    #[ts(type = "RunStatus")]
    pub status: Status,
    /// The cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// As everywhere: a run that was run again needs no look any more.
    pub not_rerun: bool,
    /// As asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// As asked for; none for runs that count from any time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// As asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Who can mend a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Owner {
    /// The system that sends.
    Sender,
    /// iMIS, or its staff.
    Imis,
    /// Whoever edits the workflow.
    Workflow,
    /// This computer.
    Computer,
}

/// A cause in words, who can mend it, and what to do next.
type Cause = (&'static str, Owner, &'static str);

pub(super) async fn groups(app: &App, request: FailureGroupsRequest) -> Result<FailureGroups, WireError> {
    let from = request.from.as_deref().map(|text| times::parse(text, "from")).transpose()?;
    let which = Failures {
        workflow_id: request.workflow_id.as_deref().map(|text| id(text, "workflow")).transpose()?,
        from: from.unwrap_or_else(|| midnight(app.clock().now())),
        to: request.to.as_deref().map(|text| times::parse(text, "to")).transpose()?,
    };
    let groups = app.store().read(move |database| run::failures(database, &which)).await?;
    let groups = groups.into_iter().map(|group| wire(group, &request, which.from)).collect();
    Ok(FailureGroups { groups })
}

fn wire(group: run::FailureGroup, request: &FailureGroupsRequest, from: i64) -> FailureGroup {
    let (cause, owner, next_step) = cause(&group.code, group.status);
    let example = match &group.last.error {
        Some(error) => error.message.clone(),
        None => group.last.waiting_reason.clone().unwrap_or_default(),
    };
    FailureGroup {
        cause: cause.to_owned(),
        owner,
        next_step: next_step.to_owned(),
        count: group.count,
        example,
        last_run_id: group.last.id.to_string(),
        status: group.status,
        filter: GroupFilter {
            status: group.status,
            error_code: Some(group.code.clone()).filter(|code| !code.is_empty()),
            not_rerun: true,
            workflow_id: request.workflow_id.clone(),
            from: group.status.is_final().then(|| times::text(from)),
            to: request.to.clone(),
        },
        code: group.code,
    }
}

/// By the code of the failed step.
const CAUSES: [(&[&str], Cause); 10] = [
    (
        &["schema"],
        (
            "The payload does not match the schema",
            Owner::Sender,
            "Show the sender what is wrong, or mend the payload or the schema here, then release the runs.",
        ),
    ),
    (
        &["unknownMember"],
        (
            "iMIS has no member with the ID that was sent",
            Owner::Sender,
            "Find the right member, mend the ID in the payload and run it again.",
        ),
    ),
    (
        &["emptyField"],
        (
            "A field that iMIS needs is empty",
            Owner::Sender,
            "Ask the sender for the value, or give the template a default, then rerun.",
        ),
    ),
    (
        &["badDate", "wrongType", "tooLong"],
        (
            "A value does not fit its field in iMIS",
            Owner::Sender,
            "Mend the value in the payload, or shorten or convert it in the template, then rerun.",
        ),
    ),
    (
        &["template", "limits", "loopItem"],
        (
            "A template or an item of a list fails on this payload",
            Owner::Workflow,
            "Open the step in the editor, try it with this payload, publish, then rerun.",
        ),
    ),
    (
        &["unknownField", "gate", "disabled"],
        (
            "The workflow does not fit",
            Owner::Workflow,
            "Look at the step in the editor: a field, a gate or a disabled action ends the run there.",
        ),
    ),
    (
        &["panelUnknown", "panelUnsupported"],
        (
            "iMIS does not offer the panel",
            Owner::Imis,
            "Make the panel available to the REST API in iMIS, or choose another, then rerun.",
        ),
    ),
    (
        &["panelHasRow"],
        (
            "The member has a row in a panel that takes one",
            Owner::Imis,
            "Change the row in iMIS by hand: iHook only inserts.",
        ),
    ),
    (
        &["refused"],
        (
            "iMIS refused the record",
            Owner::Imis,
            "Read what iMIS says, set it right in iMIS or in the workflow, then rerun.",
        ),
    ),
    (
        &["http"],
        (
            "A request to another system failed",
            Owner::Computer,
            "See what that system answered, or whether this computer may reach it, then rerun.",
        ),
    ),
];

fn cause(code: &str, status: Status) -> Cause {
    match status {
        Status::InDoubt => (
            "iMIS did not answer; the record may be there",
            Owner::Imis,
            "Wait: iHook looks the record up by itself. If you can see it in iMIS, or that it is not there, say so.",
        ),
        Status::Held => {
            ("A person has to decide", Owner::Workflow, "Open each run: it says what to look for in iMIS.")
        }
        _ => CAUSES.iter().find(|(codes, _)| codes.contains(&code)).map_or(
            ("A step failed", Owner::Workflow, "Open a run to see which step failed and why."),
            |(_, cause)| *cause,
        ),
    }
}
