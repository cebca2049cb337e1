//! The API: who asks, what is meant, and the collections that are only read.

use axum::http::Method;
use axum::response::Response;
use ihook_imis::wire::ColumnType;
use ihook_imis::wire::{GENERIC_ENTITY, definition_json, member, text, typed_list};
use serde_json::{Value, json};

use crate::routes::{Call, Done};
use crate::store::Member;
use crate::tokens::Role;
use crate::{State, answer, insert, iqa, rows};

const PARTY: &str = "Asi.Soa.Membership.DataContracts.PartyData, Asi.Contracts";
const SUMMARY: &str = "Asi.Soa.Membership.DataContracts.PartySummaryData, Asi.Contracts";
const DEFINITION: &str = "Asi.Soa.Core.DataContracts.BOEntityDefinitionData, Asi.Contracts";
const ACTIVITY_TYPE: &str = "Asi.Soa.Membership.DataContracts.LegacyActivityTypeData, Asi.Contracts";

/// Answers a call below `/api/`.
pub(crate) fn respond(state: &State, call: &Call) -> Done {
    let Some(role) = call.token.as_deref().and_then(|token| state.tokens.role(token)) else {
        return answer::error(401, "Authorization has been denied for this request.").into();
    };
    let Some(name) = call.segments.first() else { return answer::not_found("The resource").into() };
    let lower = name.to_ascii_lowercase();
    if let Some(entity) = state.entity(name) {
        if call.method != Method::GET && role != Role::Staff {
            return answer::error(403, "Access to the requested operation is denied.").into();
        }
        if !state.knobs.serves(&entity.panel.name) {
            let message = format!("{} is not available via the REST API.", entity.panel.name);
            return answer::error(403, message).into();
        }
        return match call.method {
            Method::POST => insert::respond(state, entity, call),
            _ => rows::respond(state, entity, call).into(),
        };
    }
    let read: fn(&State, &Call) -> Response = match lower.as_str() {
        "party" => |state, call| parties(state, call, PARTY, party_json),
        "partysummary" => |state, call| parties(state, call, SUMMARY, summary_json),
        "legacyactivitytype" => activity_types,
        "boentitydefinition" => definitions,
        "query" => |state, call| iqa::respond(state, call, true),
        "iqa" => |state, call| iqa::respond(state, call, false),
        "metadata" => metadata,
        _ => return answer::not_found(&format!("The entity type {name}")).into(),
    };
    match (&call.method, role) {
        (&Method::GET, _) => read(state, call).into(),
        (_, Role::Reader) => answer::error(403, "Access to the requested operation is denied.").into(),
        (&Method::POST, Role::Staff) if call.segments.len() > 1 => {
            answer::error(501, "Operation not implemented").into()
        }
        (_, Role::Staff) => answer::not_allowed("GET").into(),
    }
}

/// The key in a call, in any of the forms that iMIS takes: `/101`, `/101/2`, `/101,2`, `?EntityId=~101|2`.
pub(crate) fn key(call: &Call) -> Option<Vec<String>> {
    let split = |text: &str| -> Vec<String> {
        match text.strip_prefix('~') {
            Some(parts) => parts.split('|').map(str::to_owned).collect(),
            None => text.split(',').map(|part| part.trim().to_owned()).collect(),
        }
    };
    match call.segments.as_slice() {
        [_] => call.query.entity_id.as_deref().map(split),
        [_, single] => Some(split(single)),
        [_, parts @ ..] => Some(parts.to_vec()),
        [] => None,
    }
}

fn parties(state: &State, call: &Call, item: &str, json: fn(&Member) -> Value) -> Response {
    if let Some(key) = key(call) {
        return match state.store.member(&key.join(",")) {
            Some(member) => answer::json(200, &json(member)),
            None => answer::not_found(&format!("Party {}", key.join(","))),
        };
    }
    let mut query = call.query.clone();
    let id = query.take_equal("PartyId").or_else(|| query.take_equal("Id"));
    let mut members: Vec<Member> = match &id {
        Some(id) => state.store.member(id).cloned().into_iter().collect(),
        None => state.store.members().cloned().collect(),
    };
    let known = |name: &str| PARTY_FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name));
    if let Some(name) = query.unknown(known) {
        return answer::error(400, format!("{name} is not a property of Party."));
    }
    members.retain(|member| query.keeps(|name| party_field(member, name)));
    query.sort(&mut members, party_field);
    answer::json(200, &query.page(members, |member| json(&member)).to_json(item))
}

const PARTY_FIELDS: [&str; 13] = [
    "PartyId",
    "Id",
    "UniformId",
    "Name",
    "FullName",
    "FirstName",
    "LastName",
    "Sort",
    "Email",
    "CityName",
    "City",
    "Status",
    "IsOrganization",
];

fn party_field(member: &Member, name: &str) -> (ColumnType, Option<String>) {
    let party = &member.party;
    let text = match name.to_ascii_lowercase().as_str() {
        "partyid" | "id" => Some(party.id.clone()),
        "uniformid" => Some(member.uniform_id.clone()),
        "name" | "fullname" => Some(party.name.clone()),
        "firstname" => Some(member.first.clone()),
        "lastname" => Some(member.last.clone()),
        "sort" => Some(format!("{}, {}", member.last.to_uppercase(), member.first.to_uppercase())),
        "email" => party.email.clone(),
        "cityname" | "city" => party.city.clone(),
        "status" => party.status.clone(),
        "isorganization" => return (ColumnType::Boolean, Some(party.organization.to_string())),
        _ => None,
    };
    (ColumnType::String, text)
}

fn party_json(member: &Member) -> Value {
    member.party.to_json(&member.first, &member.last, &member.uniform_id)
}

fn summary_json(member: &Member) -> Value {
    let party = &member.party;
    json!({
        "$type": SUMMARY, "PartyId": party.id, "Id": party.id, "UniformId": member.uniform_id,
        "Name": party.name, "Email": party.email, "CityName": party.city,
        "IsOrganization": party.organization, "Status": party.status,
    })
}

fn activity_types(state: &State, call: &Call) -> Response {
    let all = state.types.iter().map(ihook_imis::ActivityType::to_json).collect();
    listed(call, all, "ActivityTypeId", ACTIVITY_TYPE)
}

fn definitions(state: &State, call: &Call) -> Response {
    let json = |entity: &crate::entities::Entity| {
        definition_json(&entity.panel, entity.object, !entity.is_activity())
    };
    listed(call, state.entities.iter().map(json).collect(), "EntityTypeName", DEFINITION)
}

/// A short list: one item by its key, or a page of those that pass.
fn listed(call: &Call, mut all: Vec<Value>, key_name: &str, item: &str) -> Response {
    let field = |json: &Value, name: &str| (ColumnType::String, member(json, name).and_then(text));
    if let Some(key) = key(call) {
        let key = key.join(",");
        let found =
            all.iter().find(|json| field(json, key_name).1.is_some_and(|id| id.eq_ignore_ascii_case(&key)));
        return found.map_or_else(|| answer::not_found(&key), |json| answer::json(200, json));
    }
    let known = |name: &str| all.iter().any(|json| member(json, name).is_some());
    if let Some(name) = call.query.unknown(known) {
        return answer::error(400, format!("{name} is not a property of these."));
    }
    all.retain(|json| call.query.keeps(|name| field(json, name)));
    call.query.sort(&mut all, field);
    answer::json(200, &call.query.page(all, |json| json).to_json(item))
}

/// Definitions of entities; iMIS answers 501 for those that define entities themselves.
fn metadata(state: &State, call: &Call) -> Response {
    let Some(name) = call.segments.get(1) else { return answer::not_found("The resource") };
    if name.eq_ignore_ascii_case("BOEntityDefinition") {
        return answer::error(501, "Operation not implemented");
    }
    let Some(entity) = state.entity(name) else {
        return answer::not_found(&format!("The entity type {name}"));
    };
    let definition = definition_json(&entity.panel, entity.object, !entity.is_activity());
    answer::json(
        200,
        &json!({
            "$type": "Asi.Soa.Core.DataContracts.EntityDefinitionData, Asi.Contracts",
            "EntityTypeName": entity.panel.name, "Description": entity.panel.description,
            "PrimaryParentEntityTypeName": entity.panel.parent,
            "Properties": definition.get("Properties").cloned().unwrap_or_else(|| typed_list(GENERIC_ENTITY, Vec::new())),
        }),
    )
}
