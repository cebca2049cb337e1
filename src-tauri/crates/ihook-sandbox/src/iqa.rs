//! Sample IQA queries, as flat rows (`/api/query`) or as records (`/api/iqa`, the older form).

use std::collections::BTreeMap;

use axum::response::Response;
use ihook_imis::Record;
use ihook_imis::wire::{GENERIC_ENTITY, text};
use serde_json::{Map, Value, json};

use crate::routes::Call;
use crate::store::{Narrow, Stored};
use crate::{State, answer};

const ROW: &str = "System.Dynamic.ExpandoObject, System.Core";

type Rows = rusqlite::Result<Vec<Map<String, Value>>>;
type Run = fn(&State, Option<&str>) -> Rows;

/// Names of the queries; a prompt's answer comes as `parameter`.
const QUERIES: [(&str, Run); 4] = [
    ("$/Samples/Members", members),
    ("$/Samples/ActivitiesByMember", activities_by_member),
    ("$/Samples/EventAttendance", event_attendance),
    ("$/Samples/ActivityCounts", activity_counts),
];

/// Runs a query by its path.
pub(crate) fn respond(state: &State, call: &Call, flat: bool) -> Response {
    let Some(name) = call.query.query_name.as_deref() else {
        return answer::error(400, "QueryName is required.");
    };
    let Some((_, run)) = QUERIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
        return answer::not_found(&format!("The query {name}"));
    };
    let rows = match run(state, call.query.parameters.first().map(String::as_str)) {
        Ok(rows) => rows,
        Err(fault) => return answer::broken(&fault),
    };
    let page = if flat {
        call.query.page(rows, Value::Object).to_json(ROW)
    } else {
        let numbered: Vec<_> = rows.into_iter().enumerate().collect();
        call.query.page(numbered, |(number, row)| record(number, row)).to_json(GENERIC_ENTITY)
    };
    answer::json(200, &page)
}

fn record(number: usize, row: Map<String, Value>) -> Value {
    let mut properties = vec![("ResultRow".to_owned(), Value::String((number + 1).to_string()))];
    properties.extend(row);
    Record { entity: "QueryResult".to_owned(), properties, ..Record::default() }.to_json()
}

fn row<const N: usize>(cells: [(&str, Value); N]) -> Map<String, Value> {
    cells.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn property(activity: &Stored, name: &str) -> Value {
    activity.properties.get(name).cloned().unwrap_or_default()
}

fn members(state: &State, part: Option<&str>) -> Rows {
    let part = part.unwrap_or_default().to_lowercase();
    let members = state.store.members().map(|member| &member.party);
    let rows = members.filter(|party| party.name.to_lowercase().contains(&part)).map(|party| {
        row([
            ("ID", json!(party.id)),
            ("Full Name", json!(party.name)),
            ("Email", json!(party.email)),
            ("City", json!(party.city)),
            ("Status", json!(party.status)),
        ])
    });
    Ok(rows.collect())
}

fn activities_by_member(state: &State, id: Option<&str>) -> Rows {
    let narrow = Narrow { party_id: Some(id.unwrap_or_default().to_owned()), activity_type: None };
    let (activities, _) = state.store.activities_page(&narrow, 0, usize::MAX)?;
    Ok(activities.iter().map(activity_row).collect())
}

fn event_attendance(state: &State, event: Option<&str>) -> Rows {
    let narrow = Narrow { party_id: None, activity_type: Some("ATTEND".to_owned()) };
    let (activities, _) = state.store.activities_page(&narrow, 0, usize::MAX)?;
    let attended = |activity: &&Stored| {
        let code = text(&property(activity, "PRODUCT_CODE")).unwrap_or_default();
        event.is_none_or(|event| code.eq_ignore_ascii_case(event))
    };
    Ok(activities.iter().filter(attended).map(activity_row).collect())
}

fn activity_row(activity: &Stored) -> Map<String, Value> {
    row([
        ("ID", json!(activity.party_id)),
        ("Sequence", json!(activity.key.first())),
        ("Activity Type", property(activity, "ACTIVITY_TYPE")),
        ("Transaction Date", property(activity, "TRANSACTION_DATE")),
        ("Product Code", property(activity, "PRODUCT_CODE")),
        ("Description", property(activity, "DESCRIPTION")),
    ])
}

fn activity_counts(state: &State, _: Option<&str>) -> Rows {
    let (activities, _) = state.store.activities_page(&Narrow::default(), 0, usize::MAX)?;
    let mut counts = BTreeMap::<String, u64>::new();
    for activity in &activities {
        *counts.entry(text(&property(activity, "ACTIVITY_TYPE")).unwrap_or_default()).or_default() += 1;
    }
    Ok(counts
        .into_iter()
        .map(|(kind, count)| row([("Activity Type", json!(kind)), ("Count", json!(count))]))
        .collect())
}
