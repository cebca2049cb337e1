//! Inserts: the one thing the program writes, judged by iMIS's rules and noted in the ledger.

use ihook_imis::Record;
use ihook_imis::wire::{member, plain, text};
use serde_json::{Map, Value};

use crate::entities::Entity;
use crate::fault::{Fault, FaultKind};
use crate::routes::{Call, Done};
use crate::rows::to_json;
use crate::store::{Attempt, Stored};
use crate::validate::{fault, properties};
use crate::{State, answer, clock, strict};

/// Answers a POST on an entity: an insert, or `_validate`, which only judges.
pub(crate) fn respond(state: &State, entity: &Entity, call: &Call) -> Done {
    let only_judged = match call.segments.get(1).map(|operation| operation.to_ascii_lowercase()) {
        None => false,
        Some(operation) if operation == "_validate" => true,
        Some(_) => return answer::error(501, "Operation not implemented").into(),
    };
    let read = read(entity, &call.body).and_then(|(json, record)| {
        let fine = if state.knobs.is_strict() { strict::check(entity, &json) } else { Ok(()) };
        fine.map(|()| (json, record))
    });
    let (json, record) = match read {
        Ok(read) => read,
        Err(message) => return answer::error(400, message).into(),
    };
    let mut attempt = attempt(entity, &record);
    let stored = match judge(state, entity, &record, &attempt.party_id) {
        Ok(stored) => stored,
        Err(faults) => {
            attempt.status = Some(400);
            attempt.note = faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
            let noted = if only_judged { Ok(()) } else { state.store.note_refused(&attempt) };
            return noted.map_or_else(|fault| answer::broken(&fault), |()| answer::invalid(&faults)).into();
        }
    };
    if only_judged {
        return answer::json(200, &ihook_imis::wire::validation_json(&[])).into();
    }
    let done = write(state, entity, stored, &attempt).unwrap_or_else(|fault| answer::broken(&fault).into());
    match member(&json, "$type") {
        Some(_) => done,
        None => Done { response: answer::warn(done.response, "$type is missing"), ..done },
    }
}

/// Notes an insert that a fault kept from happening.
pub(crate) fn prevented(state: &State, call: &Call, struck: &Fault) -> axum::response::Response {
    let known = call.segments.first().and_then(|name| state.entity(name));
    let read = known.and_then(|entity| read(entity, &call.body).ok().map(|(_, record)| (entity, record)));
    if let Some((entity, record)) = read {
        let attempt = Attempt {
            status: reported_status(struck),
            note: struck.name().to_owned(),
            ..attempt(entity, &record)
        };
        if let Err(fault) = state.store.note_refused(&attempt) {
            return answer::broken(&fault);
        }
    }
    answer::empty(204)
}

/// Notes that the caller of a written insert got another answer, or none.
pub(crate) fn told_otherwise(state: &State, key: &str, struck: &Fault) -> axum::response::Response {
    match state.store.note_misreport(key, reported_status(struck), struck.name()) {
        Ok(()) => answer::empty(204),
        Err(fault) => answer::broken(&fault),
    }
}

fn reported_status(fault: &Fault) -> Option<u16> {
    match fault.kind {
        FaultKind::DropBeforeCommit | FaultKind::DropAfterCommit => None,
        FaultKind::TooManyRequests => Some(429),
        FaultKind::ExpireToken => Some(401),
        FaultKind::Answer => Some(fault.status.unwrap_or(200)),
        FaultKind::Status | FaultKind::Delay => Some(fault.status.unwrap_or(500)),
    }
}

fn read(entity: &Entity, body: &[u8]) -> Result<(Value, Record), String> {
    let json: Value =
        serde_json::from_slice(body).map_err(|fault| format!("The request is invalid: {fault}"))?;
    let record = Record::read(&json).ok_or("The request is invalid: an object is expected.")?;
    let name = &entity.panel.name;
    if !record.entity.is_empty() && !record.entity.eq_ignore_ascii_case(name) {
        return Err(format!("EntityTypeName is {}, but the address is that of {name}.", record.entity));
    }
    if member(&json, "Properties").is_none() {
        return Err("The request is invalid: Properties is missing.".to_owned());
    }
    Ok((json, record))
}

fn attempt(entity: &Entity, record: &Record) -> Attempt {
    // The property counts; the primary parent stands in where it is missing.
    let party_id = match entity.is_standalone() {
        true => None,
        false => record.text(entity.member_column()).or_else(|| record.parent.first().cloned()),
    };
    let own = |(name, value): &(String, Value)| (name.clone(), plain(value).clone());
    Attempt {
        at_us: clock::now_us(),
        entity: entity.panel.name.clone(),
        party_id: party_id.unwrap_or_default().trim().to_owned(),
        status: Some(201),
        note: String::new(),
        properties: record.properties.iter().map(own).collect(),
    }
}

type Judged = Result<Map<String, Value>, Vec<ihook_imis::FieldFault>>;

fn judge(state: &State, entity: &Entity, record: &Record, party_id: &str) -> Judged {
    let column = entity.member_column();
    let (mut stored, mut faults) = match properties(entity, record) {
        Ok(stored) => (stored, Vec::new()),
        Err(faults) => (Map::new(), faults),
    };
    let given = Value::String(party_id.to_owned());
    if !["Party", "Standalone"].contains(&entity.panel.parent.as_str()) {
        let message = format!("There is no {} {party_id}.", entity.panel.parent);
        faults.push(fault(column, &given, message));
    } else if entity.is_standalone() {
        return if faults.is_empty() { Ok(stored) } else { Err(faults) };
    } else if party_id.is_empty() {
        faults.push(fault(column, &Value::Null, format!("{column} is required.")));
    } else if state.store.member(party_id).is_none() {
        faults.push(fault(column, &given, format!("There is no iMIS record with the ID {party_id}.")));
    }
    if entity.is_activity() {
        let kind = record.text("ACTIVITY_TYPE").unwrap_or_default();
        let known = state.types.iter().find(|known| known.code.eq_ignore_ascii_case(kind.trim()));
        match known {
            Some(known) => drop(stored.insert("ACTIVITY_TYPE".to_owned(), Value::String(known.code.clone()))),
            None if kind.trim().is_empty() => {
                faults.push(fault("ACTIVITY_TYPE", &Value::Null, "ACTIVITY_TYPE is required.".to_owned()));
            }
            None => {
                let message = format!("ACTIVITY_TYPE {kind} is not valid.");
                faults.push(fault("ACTIVITY_TYPE", &Value::String(kind), message));
            }
        }
    }
    stored.insert(column.to_owned(), given);
    if faults.is_empty() { Ok(stored) } else { Err(faults) }
}

fn write(
    state: &State,
    entity: &Entity,
    mut stored: Map<String, Value>,
    attempt: &Attempt,
) -> rusqlite::Result<Done> {
    let party_id = attempt.party_id.clone();
    if entity.is_activity() {
        let kind = stored.get("ACTIVITY_TYPE").and_then(text).unwrap_or_default();
        let seqn = state.store.insert_activity(&kind, &stored, attempt)?.to_string();
        let row = Stored { key: vec![seqn.clone()], party_id, properties: stored };
        return Ok(Done { response: answer::json(201, &to_json(entity, row)), committed: Some(seqn) });
    }
    let stamp = Value::String(clock::stamp());
    for name in ["CreatedOn", "UpdatedOn"] {
        stored.insert(name.to_owned(), stamp.clone());
    }
    for name in ["CreatedBy", "UpdatedBy"] {
        stored.insert(name.to_owned(), Value::String("SANDBOX".to_owned()));
    }
    let Some(ordinal) = state.store.insert_row(&entity.panel.name, entity.is_single(), &stored, attempt)?
    else {
        let message = format!("{} has a row for {party_id} already.", entity.panel.name);
        return Ok(answer::error(409, message).into());
    };
    let committed = match (entity.is_single(), entity.is_standalone()) {
        (true, _) => party_id.clone(),
        (false, true) => ordinal.to_string(),
        (false, false) => format!("~{party_id}|{ordinal}"),
    };
    // iMIS is known to answer 0 instead of the ordinal it gave.
    let shown = if state.knobs.echoes_real_ordinal() { ordinal } else { 0 };
    let mut key = if entity.is_standalone() { Vec::new() } else { vec![party_id.clone()] };
    if !entity.is_single() {
        key.push(shown.to_string());
    }
    let row = Stored { key, party_id, properties: stored };
    Ok(Done { response: answer::json(201, &to_json(entity, row)), committed: Some(committed) })
}
