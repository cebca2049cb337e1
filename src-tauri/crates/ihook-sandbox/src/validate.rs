//! The rules a record must keep before the sandbox stores it.

use ihook_imis::wire::{Column, ColumnType};
use ihook_imis::wire::{decimal, plain};
use ihook_imis::{FieldFault, Record};
use jiff::civil::{Date, DateTime, Time};
use serde_json::{Map, Value};

use crate::clock;
use crate::entities::Entity;

/// The plain values to store, or what is wrong, field by field.
///
/// The member and the activity type are judged by the caller, who knows which there are.
pub(crate) fn properties(entity: &Entity, record: &Record) -> Result<Map<String, Value>, Vec<FieldFault>> {
    let mut stored = Map::new();
    let mut faults = Vec::new();
    for (name, value) in &record.properties {
        let value = plain(value);
        let Some(column) = entity.column(name) else {
            faults.push(fault(name, value, format!("{name} is not a property of {}.", entity.panel.name)));
            continue;
        };
        // The key and what iMIS fills by itself is not the caller's to say.
        if column.read_only || (column.identity && column.name != entity.member_column()) || value.is_null() {
            continue;
        }
        match convert(column, value) {
            Ok(value) => drop(stored.insert(column.name.clone(), value)),
            Err(message) => faults.push(fault(&column.name, value, message)),
        }
    }
    if entity.is_activity() && !stored.contains_key("TRANSACTION_DATE") {
        stored.insert("TRANSACTION_DATE".to_owned(), Value::String(clock::today()));
    }
    if faults.is_empty() { Ok(stored) } else { Err(faults) }
}

/// A fault of one field.
pub(crate) fn fault(field: &str, value: &Value, message: String) -> FieldFault {
    let value = ihook_imis::wire::text(value).unwrap_or_default();
    FieldFault { field: field.to_owned(), value, message }
}

fn convert(column: &Column, value: &Value) -> Result<Value, String> {
    let name = &column.name;
    match &column.kind {
        ColumnType::String | ColumnType::Guid | ColumnType::Binary => text(column, value),
        ColumnType::Integer => {
            let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
            number.map(Value::from).ok_or_else(|| format!("{name} must be a whole number."))
        }
        ColumnType::Decimal { precision, scale } => {
            let digits = value.as_number().map(ToString::to_string);
            let number = digits.as_deref().and_then(decimal);
            let number = number.ok_or_else(|| format!("{name} must be a number."))?;
            let whole = number.to_string();
            let whole = whole.trim_start_matches('-').split('.').next().unwrap_or_default().len();
            let room = precision.zip(*scale).map(|(precision, scale)| precision.saturating_sub(scale));
            match room.and_then(|room| usize::try_from(room).ok()) {
                Some(room) if whole > room => {
                    Err(format!("{name} may have at most {room} digits before the point."))
                }
                _ => Ok(Value::Number(number)),
            }
        }
        ColumnType::Monetary => match value.as_number().and_then(|number| decimal(&number.to_string())) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(format!("{name} must be an amount of money.")),
        },
        ColumnType::Boolean => match value {
            Value::Bool(_) => Ok(value.clone()),
            _ => Err(format!("{name} must be true or false.")),
        },
        ColumnType::DateTime | ColumnType::Date | ColumnType::Time => {
            let text = value.as_str().and_then(time);
            text.map(Value::String)
                .ok_or_else(|| format!("{name} must be a date and time without an offset."))
        }
    }
}

fn text(column: &Column, value: &Value) -> Result<Value, String> {
    let Some(text) = value.as_str() else { return Err(format!("{} must be text.", column.name)) };
    let most = column.max_length.and_then(|most| usize::try_from(most).ok());
    match most {
        Some(most) if text.encode_utf16().count() > most => {
            Err(format!("{} may have at most {most} characters.", column.name))
        }
        _ if column.values.is_empty() || column.values.iter().any(|(known, _)| known == text) => {
            Ok(value.clone())
        }
        _ => Err(format!("{} is not one of the values of {}.", text, column.name)),
    }
}

/// iMIS's form of a time, `2026-05-27T09:15:00`; nothing where the text is no time or carries an offset.
fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_uppercase();
    let after_date = lower.split_once(['T', ' ']).map_or("", |(_, time)| time);
    if after_date.contains(['Z', '+', '-', '[']) {
        return None;
    }
    if let Ok(time) = text.parse::<DateTime>() {
        return Some(time.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    }
    if let Ok(date) = text.parse::<Date>() {
        return Some(format!("{date}T00:00:00"));
    }
    // A column that holds a time of day only is stored on the day zero of the vendor's database.
    text.parse::<Time>().ok().map(|time| format!("1900-01-01T{}", time.strftime("%H:%M:%S")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::entities::entities;

    fn outcome(entity: usize, name: &str, value: Value) -> Result<Value, String> {
        let entity = &entities()[entity];
        let record = Record { properties: vec![(name.to_owned(), value)], ..Record::default() };
        match properties(entity, &record) {
            Ok(stored) => Ok(stored.get(name).cloned().unwrap_or_default()),
            Err(faults) => Err(faults.iter().map(FieldFault::sentence).collect()),
        }
    }

    #[test]
    fn activity_values_are_held_to_their_columns() {
        let good = |name: &str, value: Value, stored: Value| {
            assert_eq!(outcome(0, name, value), Ok(stored), "{name}")
        };
        let bad =
            |name: &str, value: Value| assert!(outcome(0, name, value.clone()).is_err(), "{name} {value}");
        good("PRODUCT_CODE", json!("x".repeat(31)), json!("x".repeat(31)));
        bad("PRODUCT_CODE", json!("x".repeat(32)));
        bad("PRODUCT_CODE", json!(5));
        good("UNITS", json!({"$type": "System.Decimal", "$value": 1.5}), json!(1.5));
        good("UNITS", json!(2), json!(2));
        bad("UNITS", json!("2"));
        bad("UNITS", json!(12_345_678_901_234_i64));
        good("GRACE_PERIOD", json!(7), json!(7));
        bad("GRACE_PERIOD", json!(1.5));
        bad("GRACE_PERIOD", json!(3_000_000_000_i64));
        good("RECURRING_REQUEST", json!({"$type": "System.Boolean", "$value": true}), json!(true));
        bad("RECURRING_REQUEST", json!("true"));
        good("UF_6", json!("2026-05-27T09:15:00"), json!("2026-05-27T09:15:00"));
        good("UF_6", json!("2026-05-27"), json!("2026-05-27T00:00:00"));
        bad("UF_6", json!("2026-05-27T09:15:00Z"));
        bad("UF_6", json!("2026-05-27T09:15:00+02:00"));
        bad("UF_6", json!("tomorrow"));
        bad("NO_SUCH", json!("x"));
        good("SEQN", json!(99), Value::Null);
        good("NOTE", Value::Null, Value::Null);
    }

    #[test]
    fn names_are_stored_as_the_column_is_called_and_dates_are_filled() {
        let record =
            Record { properties: vec![("product_code".to_owned(), json!("A"))], ..Record::default() };
        let stored = properties(&entities()[0], &record).expect("stored");
        assert!(stored.contains_key("PRODUCT_CODE") && stored.contains_key("TRANSACTION_DATE"));
    }

    #[test]
    fn panel_values_are_held_to_their_columns() {
        assert!(outcome(1, "Room", json!("x".repeat(21))).is_err());
        assert_eq!(outcome(1, "Ordinal", json!(3)), Ok(Value::Null), "iMIS counts rows itself");
        assert_eq!(outcome(1, "CreatedBy", json!("me")), Ok(Value::Null), "iMIS fills this itself");
        assert_eq!(outcome(1, "ID", json!("12345")), Ok(json!("12345")));
    }
}
