//! Fills a database with finished runs as an event would leave them: payload, steps with intent, request and
//! answer, search entries, counts per minute.

use std::path::Path;

use anyhow::Result;
use ihook_engine::text::folded;
use ihook_store::payload::Payload;
use ihook_store::step::{Status as StepStatus, Step};
use ihook_store::{Connection, RunId, Store, StoreError, WorkflowId, run, step, term};

use crate::check_in;
use crate::numbers::now_us;

/// Runs in one transaction.
const BATCH: u64 = 5_000;
/// Over so many days.
const DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Adds `count` runs, the last of them of this moment.
pub(crate) async fn fill(database: &Path, workflow_id: WorkflowId, count: u64) -> Result<()> {
    let store = Store::open(database)?;
    let (now, gap) = (now_us() / 1000, DAYS * DAY / i64::try_from(count)?);
    for first in (0..count).step_by(usize::try_from(BATCH)?) {
        let last = (first + BATCH).min(count);
        let batch = move |tx: &Connection| {
            (first..last).try_for_each(|number| {
                let age = i64::try_from(count - number).unwrap_or_default() * gap;
                add(tx, workflow_id, number, now - age)
            })
        };
        store.write(batch).await?;
    }
    Ok(())
}

/// How a run ended: of a thousand some fail, some are refused, and of a hundred thousand one waits for a person.
enum End {
    Succeeded,
    Failed,
    Rejected,
    Held,
}

fn end(number: u64) -> End {
    match number {
        n if n % 100_000 == 77 => End::Held,
        n if n % 100 == 13 => End::Failed,
        n if n % 200 == 51 => End::Rejected,
        _ => End::Succeeded,
    }
}

fn add(tx: &Connection, workflow_id: WorkflowId, number: u64, at: i64) -> Result<(), StoreError> {
    let new = run::NewRun {
        id: RunId::new(),
        workflow_id,
        version: 1,
        connection: "sandbox".to_owned(),
        lane: run::Lane::Live,
        received_at: at,
        rerun_of: None,
    };
    let end = end(number);
    let payload = Payload { body: check_in::body(number), metadata: Some(METADATA.to_owned()) };
    let seq = match end {
        End::Rejected => {
            run::reject(tx, &new, &payload, &error("validate", "schema", "memberId is required."))?
        }
        End::Succeeded | End::Failed | End::Held => run::enqueue(tx, &[(&new, &payload)])?.start,
    };
    term::index(tx, &[(seq, values(number))])?;
    step::put(tx, seq, &validation(at))?;
    match end {
        End::Rejected => Ok(()),
        End::Held => {
            run::start(tx, seq, run::Status::Queued, at + 2)?;
            step::put(tx, seq, &insert(number, at, StepStatus::Held))?;
            run::set_aside(tx, seq, run::Status::Held, None, "Two records look like it: choose one.")
        }
        End::Failed => {
            let member = check_in::member(number);
            let error = error("activity", "unknownMember", &format!("iMIS has no member with ID {member}."));
            run::start(tx, seq, run::Status::Queued, at + 2)?;
            run::finish(tx, seq, run::Status::Failed, Some(&error), at, at + 4)
        }
        End::Succeeded => {
            run::start(tx, seq, run::Status::Queued, at + 2)?;
            step::put(tx, seq, &insert(number, at, StepStatus::Succeeded))?;
            run::finish(tx, seq, run::Status::Succeeded, None, at, at + 6)
        }
    }
}

fn error(action: &str, code: &str, message: &str) -> run::RunError {
    run::RunError { action_id: action.to_owned(), code: code.to_owned(), message: message.to_owned() }
}

/// What the program's own index would take of this payload.
fn values(number: u64) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&check_in::body(number)).unwrap_or_default();
    let members = json.as_object().into_iter().flat_map(serde_json::Map::values);
    members.filter_map(|value| value.as_str().map(folded)).collect()
}

fn validation(at: i64) -> Step {
    let begun = Step::begun(0, "validate", "jsonSchemaValidation", "JSON Schema Validation", at);
    Step { status: StepStatus::Succeeded, finished_at: Some(at), ..begun }
}

fn insert(number: u64, at: i64, status: StepStatus) -> Step {
    let (member, session, seqn) = (check_in::member(number), check_in::session(number), 200_001 + number);
    let written = format!(
        r#"{{"$type":"Asi.Soa.Core.DataContracts.GenericEntityData, Asi.Contracts","EntityTypeName":"Activity","PrimaryParentEntityTypeName":"Party","PrimaryParentIdentity":{{"$type":"Asi.Soa.Core.DataContracts.IdentityData, Asi.Contracts","EntityTypeName":"Party","IdentityElements":{{"$type":"System.Collections.ObjectModel.Collection`1[[System.String, mscorlib]], mscorlib","$values":["{member}"]}}}},"Properties":{{"$values":[{{"Name":"PartyId","Value":"{member}"}},{{"Name":"ACTIVITY_TYPE","Value":"ATTEND"}},{{"Name":"TRANSACTION_DATE","Value":"2026-05-27T09:15:00"}},{{"Name":"PRODUCT_CODE","Value":"CONF2026"}},{{"Name":"DESCRIPTION","Value":"{session}"}}]}}}}"#
    );
    Step {
        finished_at: Some(at + 6),
        attempts: 1,
        status,
        intent: Some(format!(r#"{{"site":"sandbox","record":{{"partyId":"{member}","fields":5}}}}"#)),
        request: Some(format!(
            r#"{{"method":"POST","url":"http://127.0.0.1:8789/api/Activity","headers":{{"accept":"application/json","authorization":"Bearer …"}},"body":{written}}}"#
        )),
        response: Some(format!(
            r#"{{"status":201,"headers":{{"content-type":"application/json"}},"body":{written},"ms":3}}"#
        )),
        output: Some(format!(r#"{{"key":"{seqn}","memberId":"{member}"}}"#)),
        record_key: Some(seqn.to_string()),
        ..Step::begun(1, "activity", "insertActivity", "Insert Activity", at + 2)
    }
}

const METADATA: &str = r#"{"method":"POST","scheme":"http","host":"127.0.0.1:8787","path":"/hooks/abcdefghijkm/…","query":{},"headers":{"host":"127.0.0.1:8787","user-agent":"event-app/1.0","content-type":"application/json","content-length":"203"},"remoteIp":"127.0.0.1","contentType":"application/json","contentLength":203,"receivedAt":"2026-05-27T09:15:00Z"}"#;
