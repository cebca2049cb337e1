//! Strictness: bodies as the vendor's own JSON reader needs them. `$type` comes first in every object, numbers and
//! booleans are wrapped with the name of their type, strings and dates are plain (docs/imis-rest.md#json).

use ihook_imis::wire::{ColumnType, list, member, text};
use serde_json::Value;

use crate::entities::Entity;

/// What a lenient sandbox lets pass; the first thing found.
pub(crate) fn check(entity: &Entity, body: &Value) -> Result<(), String> {
    typed(body, "The record")?;
    for property in member(body, "Properties").map(list).unwrap_or_default() {
        let name = member(property, "Name").and_then(text).unwrap_or_default();
        let Some(value) = member(property, "Value") else { continue };
        let kind = entity.column(&name).map_or(ColumnType::String, |column| column.kind);
        wrapped(&name, &kind, value)?;
    }
    Ok(())
}

/// Every object says its type, and says it first.
fn typed(value: &Value, what: &str) -> Result<(), String> {
    match value {
        Value::Object(members) => {
            if members.keys().next().is_none_or(|first| first != "$type") {
                return Err(format!("{what} must begin with $type."));
            }
            members.iter().try_for_each(|(name, value)| typed(value, name))
        }
        Value::Array(items) => items.iter().try_for_each(|item| typed(item, &format!("An item of {what}"))),
        _ => Ok(()),
    }
}

fn wrapped(name: &str, kind: &ColumnType, value: &Value) -> Result<(), String> {
    let expected: &[&str] = match kind {
        ColumnType::Integer => &["System.Int32"],
        ColumnType::Decimal { .. } | ColumnType::Monetary => &["System.Decimal"],
        ColumnType::Boolean => &["System.Boolean"],
        ColumnType::Guid => &["System.Guid"],
        ColumnType::Binary => &["System.Byte[], mscorlib"],
        ColumnType::String | ColumnType::DateTime | ColumnType::Date | ColumnType::Time => &[],
    };
    let given = member(value, "$type").and_then(text);
    match (expected, given) {
        _ if value.is_null() => Ok(()),
        ([], None) if value.is_string() => Ok(()),
        ([], _) => Err(format!("The value of {name} must be plain text.")),
        (names, Some(given)) if names.contains(&given.as_str()) => Ok(()),
        (names, _) => {
            let form = names.first().copied().unwrap_or_default();
            Err(format!("The value of {name} must be wrapped: {{\"$type\":\"{form}\",\"$value\":…}}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use ihook_imis::wire::{GENERIC_ENTITY, typed_list};
    use serde_json::json;

    use super::*;
    use crate::entities::entities;

    #[test]
    fn only_what_is_typed_and_wrapped_passes() {
        let body = |name: &str, value: Value| {
            let property = json!({ "$type": "p", "Name": name, "Value": value });
            json!({ "$type": GENERIC_ENTITY, "Properties": typed_list("bag", vec![property]) })
        };
        let passes = |name: &str, value: Value, expected: bool| {
            let outcome = check(&entities()[0], &body(name, value.clone()));
            assert_eq!(outcome.is_ok(), expected, "{name} {value}: {outcome:?}");
        };
        passes("NOTE", json!("text"), true);
        passes("NOTE", Value::Null, true);
        passes("NOTE", json!({"$type": "System.String", "$value": "text"}), false);
        passes("UF_6", json!("2026-05-27T09:15:00"), true);
        passes("UNITS", json!({"$type": "System.Decimal", "$value": 1.5}), true);
        passes("UNITS", json!({"$type": "System.Int32", "$value": 1}), false);
        passes("UNITS", json!(1.5), false);
        passes("UNITS", json!({"$value": 1.5, "$type": "System.Decimal"}), false);
        passes("GRACE_PERIOD", json!({"$type": "System.Int32", "$value": 1}), true);
        passes("RECURRING_REQUEST", json!(true), false);
        passes("RECURRING_REQUEST", json!({"$type": "System.Boolean", "$value": true}), true);
        let mut untyped = body("NOTE", json!("text"));
        untyped["Properties"]["$values"][0] = json!({ "Name": "NOTE", "Value": "text" });
        assert!(check(&entities()[0], &untyped).is_err());
        assert!(check(&entities()[0], &json!({ "Properties": [] })).is_err());
    }
}
