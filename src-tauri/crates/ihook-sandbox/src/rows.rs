//! Activities and panel rows: read, changed, deleted.

use axum::http::Method;
use axum::response::Response;
use ihook_imis::Record;
use ihook_imis::wire::ColumnType;
use ihook_imis::wire::{GENERIC_ENTITY, text, wrap};
use serde_json::Value;

use crate::api::key;
use crate::entities::Entity;
use crate::query::Query;
use crate::routes::Call;
use crate::store::{Narrow, Stored};
use crate::validate::properties;
use crate::{State, answer, clock, strict};

/// Answers everything but a POST on an entity.
pub(crate) fn respond(state: &State, entity: &Entity, call: &Call) -> Response {
    let outcome = match (&call.method, key(call)) {
        (&Method::GET, None) => list(state, entity, &call.query),
        (&Method::GET, Some(key)) => one(state, entity, &key),
        (&Method::PUT, Some(key)) if !entity.is_activity() => change(state, entity, &key, &call.body),
        (&Method::DELETE, Some(key)) => delete(state, entity, &key),
        (&Method::PUT | &Method::DELETE, None) => Ok(answer::error(400, "An EntityId is needed.")),
        _ => Ok(answer::not_allowed("GET, POST, DELETE")),
    };
    outcome.unwrap_or_else(|fault| answer::broken(&fault))
}

/// A record as iMIS sends it: the key first, values wrapped by the type of their column.
pub(crate) fn to_json(entity: &Entity, row: Stored) -> Value {
    let mut values = Vec::with_capacity(row.properties.len() + 2);
    if entity.is_activity() {
        values.push(("SEQN".to_owned(), wrapped_number(row.key.first())));
    } else if !entity.is_single() {
        values.push(("Ordinal".to_owned(), wrapped_number(row.key.last())));
    }
    values.extend(row.properties.into_iter().map(|(name, value)| {
        let kind = entity.column(&name).map_or(ColumnType::String, |column| column.kind);
        let value = wrap(&kind, &value);
        (name, value)
    }));
    let record = Record {
        entity: entity.panel.name.clone(),
        parent_entity: entity.panel.parent.clone(),
        key: row.key,
        parent: if entity.is_standalone() { Vec::new() } else { vec![row.party_id] },
        properties: values,
    };
    record.to_json()
}

/// The type and text of a stored record's property.
pub(crate) fn field(entity: &Entity, row: &Stored, name: &str) -> (ColumnType, Option<String>) {
    let Some(column) = entity.column(name) else { return (ColumnType::String, None) };
    let value = match column.name.as_str() {
        "SEQN" => row.key.first().cloned(),
        "Ordinal" => row.key.last().cloned(),
        name => row.properties.get(name).and_then(text),
    };
    (column.kind, value)
}

fn wrapped_number(digits: Option<&String>) -> Value {
    let number = digits.and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
    wrap(&ColumnType::Integer, &Value::from(number))
}

fn list(state: &State, entity: &Entity, query: &Query) -> rusqlite::Result<Response> {
    if let Some(name) = query.unknown(|name| entity.column(name).is_some()) {
        return Ok(answer::error(400, format!("{name} is not a property of {}.", entity.panel.name)));
    }
    let mut query = query.clone();
    let party_id = if entity.is_standalone() { None } else { query.take_equal(entity.member_column()) };
    let mut rows = if entity.is_activity() {
        let narrow = Narrow { party_id, activity_type: query.take_equal("ACTIVITY_TYPE") };
        if query.is_plain() {
            let (rows, total) = state.store.activities_page(&narrow, query.offset, query.limit)?;
            let items = rows.into_iter().map(|row| to_json(entity, row)).collect();
            return Ok(answer::json(200, &query.paged(items, total).to_json(GENERIC_ENTITY)));
        }
        state.store.activities_page(&narrow, 0, usize::MAX)?.0
    } else {
        state.store.rows(&entity.panel.name, entity.is_single(), party_id.as_deref())?
    };
    rows.retain(|row| query.keeps(|name| field(entity, row, name)));
    query.sort(&mut rows, |row, name| field(entity, row, name));
    Ok(answer::json(200, &query.page(rows, |row| to_json(entity, row)).to_json(GENERIC_ENTITY)))
}

/// The row's key as the store knows it; nothing where it has the wrong number of parts.
fn located(entity: &Entity, key: &[String]) -> Option<(String, i64)> {
    let number = |digits: &str| digits.trim().parse::<i64>().unwrap_or(-1);
    match key {
        [own] if entity.is_activity() || entity.is_standalone() => Some((String::new(), number(own))),
        [party] if entity.is_single() => Some((party.clone(), 0)),
        [party, ordinal] if !entity.is_activity() && !entity.is_single() && !entity.is_standalone() => {
            Some((party.clone(), number(ordinal)))
        }
        _ => None,
    }
}

fn wrong_key() -> Response {
    answer::error(400, "ArgumentFault: Incorrect number of identity elements.")
}

fn find(state: &State, entity: &Entity, party: &str, number: i64) -> rusqlite::Result<Option<Stored>> {
    if entity.is_activity() {
        state.store.activity(number)
    } else {
        state.store.row(&entity.panel.name, entity.is_single(), party, number)
    }
}

fn missing(entity: &Entity, key: &[String]) -> Response {
    answer::not_found(&format!("{} {}", entity.panel.name, key.join(", ")))
}

fn one(state: &State, entity: &Entity, key: &[String]) -> rusqlite::Result<Response> {
    let Some((party, number)) = located(entity, key) else { return Ok(wrong_key()) };
    let row = find(state, entity, &party, number)?;
    Ok(row.map_or_else(|| missing(entity, key), |row| answer::json(200, &to_json(entity, row))))
}

fn change(state: &State, entity: &Entity, key: &[String], body: &[u8]) -> rusqlite::Result<Response> {
    let Some((party, number)) = located(entity, key) else { return Ok(wrong_key()) };
    let Some(mut row) = find(state, entity, &party, number)? else { return Ok(missing(entity, key)) };
    let json = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let Some(record) = Record::read(&json) else { return Ok(answer::error(400, "The request is invalid.")) };
    if state.knobs.is_strict()
        && let Err(message) = strict::check(entity, &json)
    {
        return Ok(answer::error(400, message));
    }
    let changed = match properties(entity, &record) {
        Ok(changed) => changed,
        Err(faults) => return Ok(answer::invalid(&faults)),
    };
    // The member of a row cannot be changed: it is part of the key.
    row.properties.extend(changed.into_iter().filter(|(name, _)| name != entity.member_column()));
    row.properties.insert("UpdatedOn".to_owned(), Value::String(clock::stamp()));
    state.store.update_row(&entity.panel.name, &party, number, &row.properties)?;
    Ok(answer::json(200, &to_json(entity, row)))
}

fn delete(state: &State, entity: &Entity, key: &[String]) -> rusqlite::Result<Response> {
    let Some((party, number)) = located(entity, key) else { return Ok(wrong_key()) };
    let deleted = if entity.is_activity() {
        state.store.delete_activity(number)?
    } else {
        state.store.delete_row(&entity.panel.name, &party, number)?
    };
    Ok(if deleted { answer::empty(204) } else { missing(entity, key) })
}
