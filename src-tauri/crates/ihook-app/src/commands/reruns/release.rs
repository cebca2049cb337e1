//! The release of one payload: of a rejected run once its schema is fixed, or of any run that has ended, edited.

use ihook_store::run;
use ihook_store::{Connection, RunId, StoreError, audit};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ts_rs::TS;

use super::super::meanwhile::{decide, local};
use super::super::selection::chosen;
use super::super::{id, payload};
use super::prepare::{Prepared, Preparing, Ready};
use super::{From, Rerun, Version, begin};
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;

/// Releases the payload of a run that has ended.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct RunRelease {
    /// The run.
    pub id: String,
    /// An edited payload; the one received when not given.
    #[ts(type = "unknown", optional)]
    pub payload: Option<Value>,
    /// A person's word that it shall go once more, although it was released before or its records stand.
    pub again: Option<bool>,
}

pub(in super::super) async fn release(app: &App, request: RunRelease) -> Result<Rerun, WireError> {
    let run = id::<RunId>(&request.id, "run")?;
    let originals = chosen(app, Some(vec![run.to_string()]), None).await?;
    let mut preparing = Preparing::new(Version::Current, From::Start);
    preparing.edited = request.payload.map(payload).transpose()?;
    let ready = match preparing.prepare(app, &originals).await?.pop() {
        Some(Prepared::Ready(one)) => *one,
        Some(Prepared::Left(_, reason)) => return Err(WireError::new(Code::Conflict, reason)),
        None => return Err(WireError::not_found("run")),
    };
    let (again, now, connection) =
        (request.again.unwrap_or(false), app.clock().millis(), ready.run.connection.clone());
    let released = decide(app, "run", move |tx| {
        if !again && let Some(refused) = written_before(tx, &ready)? {
            return Ok(Err(refused));
        }
        let released = match begin(tx, &ready)? {
            Ok(released) => released,
            Err(event) => return Ok(Err(event.conflict("Nothing was released."))),
        };
        let with = if ready.is_edited { "with an edited payload" } else { "with the payload received" };
        let detail = format!("{with}: run {}", released.id);
        audit::add(tx, now, "run_release", &released.rerun_of, &detail)?;
        Ok(Ok(released))
    });
    let released = released.await?;
    app.wake(&connection);
    app.events().changed(Topic::Runs, &released.id);
    Ok(released)
}

/// Why a person has to say that it shall go again: it was run again before, or what it wrote stands and would be
/// written once more.
fn written_before(tx: &Connection, one: &Ready) -> Result<Option<WireError>, StoreError> {
    let before = run::reruns_of(tx, one.original.id)?;
    if let Some(last) = before.last() {
        let entry = audit::last(tx, &one.original.id.to_string())?;
        let at = entry.filter(|entry| entry.detail.contains(&last.to_string())).map(|entry| entry.at);
        let became = run::get(tx, *last)?.status.as_str();
        let when = at.map(|at| format!(" at {}", local(at))).unwrap_or_default();
        let message = format!(
            "It was run again before{when}: run {last} ({became}). Look at that one; to run it once more all the \
             same, say so (again)."
        );
        let runs: Vec<_> = before.iter().map(ToString::to_string).collect();
        return Ok(Some(needs_again(message, json!({ "again": true, "runs": runs }))));
    }
    if one.standing == 0 {
        return Ok(None);
    }
    let message = format!(
        "{} it wrote are in iMIS, and would be written anew with the edited payload: undo them first, or say that \
         they shall be written again (again).",
        if one.standing == 1 { "A record that".to_owned() } else { format!("{} records that", one.standing) },
    );
    Ok(Some(needs_again(message, json!({ "again": true, "records": one.standing }))))
}

/// A refusal that `again: true` overrules.
pub(in super::super) fn needs_again(message: String, details: Value) -> WireError {
    WireError { details: Some(details), ..WireError::new(Code::Conflict, message) }
}

/// Whether the payload says the same as the text.
pub(super) fn is_same(payload: &Map<String, Value>, text: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(text).is_ok_and(|kept| kept == *payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_the_same_whatever_its_blanks_and_the_order_of_its_members() {
        let payload = json!({ "a": 1, "b": [1.50, "x"] });
        let check = |text: &str, same: bool| {
            assert_eq!(is_same(payload.as_object().unwrap(), text), same, "{text}");
        };
        check(r#"{"a":1,"b":[1.5,"x"]}"#, true);
        check(r#" { "b" : [ 1.5, "x" ], "a" : 1 } "#, true);
        check(r#"{"a":"1","b":[1.5,"x"]}"#, false);
        check(r#"{"a":1,"b":[1.5,"x"],"c":null}"#, false);
        check("oops", false);
    }
}
