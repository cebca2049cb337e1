//! What happened before a person's word came: a decision is taken on what is so now, in one change, and one that is
//! about something else is answered 409 with this.

use ihook_store::run::{Run, Status};
use ihook_store::step::{self, Step};
use ihook_store::{Connection, StoreError, audit};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::times;
use crate::App;
use crate::error::{Code, WireError};

/// What a decision came to: something of the caller's, or why it does not count.
pub(super) type Decision<T> = Result<T, WireError>;

/// Takes a decision on the present state, in one change of its own; one that does not count must have changed nothing.
/// `what` names the thing that is decided about.
pub(super) async fn decide<T: Send + 'static>(
    app: &App,
    what: &'static str,
    decision: impl FnOnce(&Connection) -> Result<Decision<T>, StoreError> + Send + 'static,
) -> Result<T, WireError> {
    app.store().write(decision).await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found(what),
        other => other.into(),
    })?
}

/// Something that happened.
pub(super) struct Event {
    /// Milliseconds since 1970; none where nobody kept it.
    at: Option<i64>,
    by: By,
    /// The rest of a sentence.
    what: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Person,
    Ihook,
}

impl Event {
    /// A person did it.
    pub(super) fn person(at: Option<i64>, what: impl Into<String>) -> Self {
        Self { at, by: By::Person, what: what.into() }
    }

    /// iHook did it by itself.
    pub(super) fn ihook(at: Option<i64>, what: impl Into<String>) -> Self {
        Self { at, by: By::Ihook, what: what.into() }
    }

    /// What became of a run: how it ended, or where it stands now.
    pub(super) fn of_run(connection: &Connection, run: &Run) -> Result<Self, StoreError> {
        if run.status == Status::Cancelled {
            return Ok(Self::person(run.finished_at, "somebody cancelled the run"));
        }
        if run.status.is_final() {
            let how = match run.status {
                Status::Succeeded => "succeeded",
                Status::Stopped => "was stopped by a gate",
                Status::Rejected => "was rejected",
                _ => "failed",
            };
            return Ok(Self::ihook(run.finished_at, format!("the run {how}")));
        }
        if let Some(entry) = audit::last(connection, &run.id.to_string())?
            && entry.action == "run_resolve"
        {
            return Ok(Self::person(Some(entry.at), format!("somebody decided: {}", entry.detail)));
        }
        Ok(Self::ihook(
            None,
            match (run.status, &run.waiting_reason) {
                (Status::Running, _) => "the run goes on, and a request may be on its way".to_owned(),
                (_, Some(reason)) => format!("the run waits: {}", reason.trim_end_matches('.')),
                (_, None) => "the run stands in its queue".to_owned(),
            },
        ))
    }

    /// What became of a step.
    pub(super) fn of_step(connection: &Connection, run: &Run, step: &Step) -> Result<Self, StoreError> {
        let at = step.finished_at;
        let key = step.record_key.as_ref().map(|key| format!(" (key {key})")).unwrap_or_default();
        Ok(match step.status {
            step::Status::Succeeded if says(step, "foundByPerson") => {
                Self::person(at, format!("somebody said that the record is there{key}"))
            }
            step::Status::Succeeded if says(step, "foundAfterDoubt") => {
                Self::ihook(at, format!("iHook found the record in iMIS{key}"))
            }
            step::Status::Succeeded => Self::ihook(at, format!("the step succeeded{key}")),
            step::Status::Failed => Self::ihook(at, "the step failed"),
            step::Status::Skipped | step::Status::Carried => Self::ihook(at, "the step was passed over"),
            step::Status::Running => Self::ihook(Some(step.started_at), "its request went out"),
            step::Status::Waiting if step.intent.is_none() => {
                let entry = audit::last(connection, &run.id.to_string())?;
                let at = entry.filter(|entry| entry.action == "run_resolve").map(|entry| entry.at);
                Self::person(at, "somebody said that the record is not there: it is sent again")
            }
            step::Status::Waiting => Self::ihook(None, "iMIS did not take it yet: it is sent again"),
            step::Status::InDoubt | step::Status::Held => {
                Self::ihook(None, format!("its request went out again, for the {}. time", step.attempts))
            }
        })
    }

    /// The 409: why the decision does not count, what happened, and that one should look again.
    pub(super) fn conflict(self, why: &str) -> WireError {
        let message = format!("{why} {} Look at it as it is now.", self.sentence());
        WireError {
            details: Some(json!({ "meanwhile": self.details() })),
            ..WireError::new(Code::Conflict, message)
        }
    }

    /// `At 2026-05-27 09:15:04, somebody cancelled the run.`
    pub(super) fn sentence(&self) -> String {
        let when = self.at.map(|at| format!("At {}, ", local(at))).unwrap_or_default();
        let sentence = format!("{when}{}.", self.what);
        let (first, rest) = sentence.split_at(sentence.chars().next().map_or(0, char::len_utf8));
        format!("{}{rest}", first.to_uppercase())
    }

    fn details(&self) -> Value {
        let by = if self.by == By::Person { "person" } else { "iHook" };
        json!({ "at": self.at.map(times::text), "by": by, "what": self.what })
    }
}

/// Whether the step's output has this mark.
fn says(step: &Step, mark: &str) -> bool {
    let output = step.output.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    output.is_some_and(|output| output[mark] == true)
}

/// `2026-05-27 09:15:04`, as the clock of this computer shows it.
pub(super) fn local(millis: i64) -> String {
    let time = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
