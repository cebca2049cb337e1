//! Faults that can be switched on: what a real iMIS does on a bad day, on demand.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// One fault, as it is set and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// For `delay`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) milliseconds: Option<u64>,
    /// For `status`, 500 if not given; for `answer`, 200 if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// For `answer`: a text goes out as it is, anything else as JSON; nothing if not given.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub(crate) body: Option<Value>,
    /// For `answer`: where a redirect leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    /// Seconds, for `tooManyRequests` and `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after: Option<u64>,
    /// `retryAfter` goes out as an HTTP date instead of seconds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) as_date: bool,
    /// For `delay`, `status` and `answer`: strikes when the record is written already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) after_commit: bool,
    /// Which requests it strikes; without a word the drops strike inserts and the others everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) on: Option<On>,
    /// How many requests it strikes yet; null for all.
    #[serde(default)]
    pub(crate) count: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FaultKind {
    /// Waits before it does anything.
    Delay,
    /// Answers with an error instead of doing it.
    Status,
    /// Answers as something in front of iMIS might, whatever that is, instead of doing it.
    Answer,
    /// Answers 429.
    TooManyRequests,
    /// Cuts the connection before anything is written.
    DropBeforeCommit,
    /// Writes, then cuts the connection.
    DropAfterCommit,
    /// The token that comes is not good any more: 401.
    ExpireToken,
}

/// Kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum On {
    /// Every request, sign-ins too (only those with a token for `expireToken`).
    All,
    /// A POST that makes a record.
    Insert,
    /// A GET on the API.
    Read,
    /// PUT and DELETE.
    Change,
    /// A sign-in.
    Token,
}

/// The point in a request's life at which a fault may strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Arrived,
    Done,
}

/// What befalls one request at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Blow {
    pub(crate) delay: Duration,
    pub(crate) end: Option<Fault>,
}

impl Fault {
    fn moment(&self) -> Moment {
        match self.kind {
            FaultKind::DropAfterCommit => Moment::Done,
            FaultKind::Delay | FaultKind::Status | FaultKind::Answer if self.after_commit => Moment::Done,
            FaultKind::Delay
            | FaultKind::Status
            | FaultKind::Answer
            | FaultKind::TooManyRequests
            | FaultKind::DropBeforeCommit
            | FaultKind::ExpireToken => Moment::Arrived,
        }
    }

    fn strikes(&self, request: On, moment: Moment) -> bool {
        let drops = matches!(self.kind, FaultKind::DropBeforeCommit | FaultKind::DropAfterCommit);
        let on = self.on.unwrap_or(if drops { On::Insert } else { On::All });
        let sign_in = self.kind == FaultKind::ExpireToken && request == On::Token;
        self.moment() == moment && (on == On::All || on == request) && !sign_in && self.count != Some(0)
    }

    /// Its name as it is written, for the ledger.
    pub(crate) fn name(&self) -> &'static str {
        match self.kind {
            FaultKind::Delay => "delay",
            FaultKind::Status => "status",
            FaultKind::Answer => "answer",
            FaultKind::TooManyRequests => "tooManyRequests",
            FaultKind::DropBeforeCommit => "dropBeforeCommit",
            FaultKind::DropAfterCommit => "dropAfterCommit",
            FaultKind::ExpireToken => "expireToken",
        }
    }
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Replaces all faults; an empty list switches them off.
    pub(crate) fn set(&self, mut faults: Vec<Fault>) {
        faults.retain(|fault| fault.count != Some(0));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Those that still strike.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What befalls a request now: all delays that match, and the first other fault. Counts go down.
    pub(crate) fn strike(&self, request: On, moment: Moment) -> Blow {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut blow = Blow::default();
        for fault in faults.iter_mut() {
            if !fault.strikes(request, moment) || (fault.kind != FaultKind::Delay && blow.end.is_some()) {
                continue;
            }
            fault.count = fault.count.map(|count| count - 1);
            if fault.kind == FaultKind::Delay {
                blow.delay += Duration::from_millis(fault.milliseconds.unwrap_or(1000).min(600_000));
            } else {
                blow.end = Some(fault.clone());
            }
        }
        faults.retain(|fault| fault.count != Some(0));
        drop(faults);
        blow
    }
}

/// Reads a list of faults, a single one, or `{"faults": […]}`.
pub(crate) fn read(body: Value) -> Result<Vec<Fault>, String> {
    let list = match body {
        Value::Array(list) => list,
        Value::Object(mut members) => match members.remove("faults") {
            Some(Value::Array(list)) if members.is_empty() => list,
            Some(_) => return Err("faults must be a list and stand alone".to_owned()),
            None => vec![Value::Object(members)],
        },
        _ => return Err("a list of faults is expected".to_owned()),
    };
    list.into_iter()
        .map(|fault| {
            let fault: Fault = serde_json::from_value(fault).map_err(|fault| fault.to_string())?;
            let least = if fault.kind == FaultKind::Answer { 200 } else { 400 };
            match fault.status {
                Some(status) if !(least..=599).contains(&status) => {
                    Err(format!("status must be {least} to 599"))
                }
                _ => Ok(fault),
            }
        })
        .collect()
}

/// A body that is null is one that says `null`.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_strike_what_they_are_set_on_as_often_as_they_are_set() {
        let faults = Faults::default();
        faults.set(
            read(json!([
                { "kind": "delay", "milliseconds": 5, "on": "read", "count": null },
                { "kind": "dropAfterCommit", "count": 1 },
                { "kind": "status", "status": 503, "count": 2 },
            ]))
            .expect("faults"),
        );
        let kind = |blow: &Blow| blow.end.as_ref().map(|fault| fault.kind);
        let read = faults.strike(On::Read, Moment::Arrived);
        assert_eq!((read.delay.as_millis(), kind(&read)), (5, Some(FaultKind::Status)));
        assert_eq!(kind(&faults.strike(On::Token, Moment::Arrived)), Some(FaultKind::Status));
        assert_eq!(kind(&faults.strike(On::Insert, Moment::Arrived)), None, "two were struck already");
        assert_eq!(kind(&faults.strike(On::Read, Moment::Done)), None, "a drop strikes inserts");
        assert_eq!(kind(&faults.strike(On::Insert, Moment::Done)), Some(FaultKind::DropAfterCommit));
        assert_eq!(kind(&faults.strike(On::Insert, Moment::Done)), None);
        assert_eq!(faults.list().len(), 1, "the delay for all stays");
    }

    #[test]
    fn lists_single_faults_and_wrapped_lists_are_read_and_nonsense_is_not() {
        let check = |json: Value, count: Option<usize>| {
            assert_eq!(read(json.clone()).ok().map(|faults| faults.len()), count, "{json}");
        };
        check(json!([]), Some(0));
        check(json!({ "kind": "expireToken", "count": 1 }), Some(1));
        check(json!({ "faults": [{ "kind": "delay", "milliseconds": 10 }] }), Some(1));
        check(json!([{ "kind": "explode" }]), None);
        check(json!([{ "kind": "status", "status": 200 }]), None);
        check(json!([{ "kind": "answer", "status": 200, "body": null }]), Some(1));
        check(json!([{ "kind": "answer", "status": 100 }]), None);
        check(json!([{ "kind": "delay", "minutes": 10 }]), None);
        check(json!("delay"), None);
    }
}
