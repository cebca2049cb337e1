//! Failures by cause: what happened, who can fix it, and what to do next.

use ihook_engine::step_error::{ErrorCode, Owner};
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
    #[ts(type = "StepErrorCode | \"\"")]
    pub code: String,
    /// In words.
    pub cause: String,
    /// Who can fix it.
    #[ts(type = "Owner")]
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

/// A cause in words, and what to do next.
type Words = (&'static str, &'static str);

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
    let (owner, (cause, next_step)) = match code_of(&group) {
        Some(code) => (code.owner(), words(code)),
        None => (Owner::Workflow, ("A step failed", "Open a run to see which step failed and why.")),
    };
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

/// What the runs stand at, as a code; none for one that an earlier version stored and this one does not know.
fn code_of(group: &run::FailureGroup) -> Option<ErrorCode> {
    match group.status {
        Status::InDoubt => Some(ErrorCode::InDoubt),
        Status::Held => Some(ErrorCode::Held),
        _ => group.code.parse().ok(),
    }
}

fn words(code: ErrorCode) -> Words {
    match code {
        ErrorCode::Schema => (
            "The payload does not match the schema",
            "Show the sender what is wrong, or mend the payload or the schema here, then release the runs.",
        ),
        ErrorCode::UnknownMember => (
            "iMIS has no member with the ID that was sent",
            "Find the right member, mend the ID in the payload and run it again.",
        ),
        ErrorCode::EmptyField | ErrorCode::BlankCriterion => (
            "A value that a step needs is empty",
            "Ask the sender for the value, or give the template a default, then rerun.",
        ),
        ErrorCode::BadDate | ErrorCode::WrongType | ErrorCode::TooLong => (
            "A value does not fit its field in iMIS",
            "Mend the value in the payload, or shorten or convert it in the template, then rerun.",
        ),
        ErrorCode::Limits | ErrorCode::TooCostly => (
            "Something is too large for one run",
            "Simplify the schema, the loop or the query, or ask the sender for smaller deliveries, then rerun.",
        ),
        ErrorCode::NotBuilt => (
            "A request cannot be made of these values",
            "Open the step in the editor and see its address and headers with this payload, publish, then rerun.",
        ),
        ErrorCode::Template | ErrorCode::LoopItem => (
            "A template or an item of a list fails on this payload",
            "Open the step in the editor, try it with this payload, publish, then rerun.",
        ),
        ErrorCode::UnknownField | ErrorCode::Gate | ErrorCode::Disabled => (
            "The workflow does not fit",
            "Look at the step in the editor: a field, a gate or a disabled action ends the run there.",
        ),
        ErrorCode::PanelUnknown => (
            "iMIS does not offer the panel",
            "Make the panel available to the REST API in iMIS, or choose another, then rerun.",
        ),
        ErrorCode::PanelParent => (
            "The panel does not belong to members",
            "Choose a panel of members in the workflow, or ask the iMIS administrator for one, then rerun.",
        ),
        ErrorCode::PanelHasRow => (
            "The member has a row in a panel that takes one",
            "Change the row in iMIS by hand: iHook only inserts.",
        ),
        ErrorCode::Refused => (
            "iMIS refused the record",
            "Read what iMIS says, set it right in iMIS or in the workflow, then rerun.",
        ),
        ErrorCode::Http => (
            "A request to another system failed",
            "See what that system answered, or whether this computer may reach it, then rerun.",
        ),
        ErrorCode::InDoubt => (
            "iMIS did not answer; the record may be there",
            "Wait: iHook looks the record up by itself. If you can see it in iMIS, or that it is not there, say so.",
        ),
        ErrorCode::Held => ("A person has to decide", "Open each run: it says what to look for in iMIS."),
    }
}
