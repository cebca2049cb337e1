//! Single values and lists.

use ihook_engine::record::{ColumnType, FieldValue};
use serde_json::{Map, Number, Value, json};

/// Writes a typed value as iMIS takes it: numbers, booleans and GUIDs wrapped, strings and dates plain.
#[must_use]
pub fn encode(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(text) | FieldValue::DateTime(text) => Value::String(text.clone()),
        FieldValue::Integer(number) => {
            let name = if i32::try_from(*number).is_ok() { "System.Int32" } else { "System.Int64" };
            json!({ "$type": name, "$value": number })
        }
        FieldValue::Decimal(digits) => match decimal(digits) {
            Some(number) => json!({ "$type": "System.Decimal", "$value": number }),
            None => Value::String(digits.clone()),
        },
        FieldValue::Boolean(flag) => json!({ "$type": "System.Boolean", "$value": flag }),
        FieldValue::Guid(text) => json!({ "$type": "System.Guid", "$value": text }),
    }
}

/// Writes a plain value as iMIS sends a column of that type.
#[must_use]
pub fn wrap(kind: &ColumnType, plain: &Value) -> Value {
    let name = match kind {
        ColumnType::Integer => "System.Int32",
        ColumnType::Decimal { .. } | ColumnType::Monetary => "System.Decimal",
        ColumnType::Boolean => "System.Boolean",
        ColumnType::Guid => "System.Guid",
        ColumnType::Binary => "System.Byte[], mscorlib",
        ColumnType::String | ColumnType::DateTime | ColumnType::Date | ColumnType::Time => {
            return plain.clone();
        }
    };
    if plain.is_null() { Value::Null } else { json!({ "$type": name, "$value": plain }) }
}

/// A JSON number with exactly these digits, where they are one (`12.50`, `-3`, `.5`, `+4`).
#[must_use]
pub fn decimal(digits: &str) -> Option<Number> {
    let digits = digits.trim();
    let unsigned = digits.trim_start_matches(['-', '+']);
    let sign = if digits.starts_with('-') { "-" } else { "" };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0
        || digits.len() - unsigned.len() > 1
        || !all_digits(whole)
        || !all_digits(fraction)
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if fraction.is_empty() { "" } else { "." };
    serde_json::from_str(&format!("{sign}{whole}{dot}{fraction}")).ok()
}

/// A member of an object whatever the case of its name; nothing where the value is no object.
#[must_use]
pub fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    members.get(name).or_else(|| {
        members.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// The items of a list, as `{"$values": […]}` or as a bare array; none where it is neither.
#[must_use]
pub fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        _ => member(value, "$values").and_then(Value::as_array).map_or(&[], Vec::as_slice),
    }
}

/// A list with its type name.
#[must_use]
pub fn typed_list(type_name: &str, items: Vec<Value>) -> Value {
    let mut members = Map::new();
    members.insert("$type".to_owned(), Value::String(type_name.to_owned()));
    members.insert("$values".to_owned(), Value::Array(items));
    Value::Object(members)
}

/// Takes a value out of its `{"$type", "$value"}` wrapper; plain ones stay as they are.
#[must_use]
pub fn plain(value: &Value) -> &Value {
    const NOTHING: &Value = &Value::Null;
    match value {
        Value::Object(members) => match member(value, "$value") {
            Some(inner) => inner,
            // A wrapper whose value was left out as a default: {"$type": "System.String"}.
            None if members.len() == 1 && members.contains_key("$type") => NOTHING,
            None => value,
        },
        _ => value,
    }
}

/// A value as text: digits as they came, `true`/`false`; nothing for null.
#[must_use]
pub fn text(value: &Value) -> Option<String> {
    match plain(value) {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_imis_takes_them() {
        let check = |value: FieldValue, expected: &str| assert_eq!(encode(&value).to_string(), expected);
        check(FieldValue::Text("12345".to_owned()), r#""12345""#);
        check(FieldValue::Text("Zoë \"Q\"".to_owned()), r#""Zoë \"Q\"""#);
        check(FieldValue::DateTime("2026-05-27T09:15:00".to_owned()), r#""2026-05-27T09:15:00""#);
        check(FieldValue::Integer(42), r#"{"$type":"System.Int32","$value":42}"#);
        check(FieldValue::Integer(3_000_000_000), r#"{"$type":"System.Int64","$value":3000000000}"#);
        check(FieldValue::Decimal("12.50".to_owned()), r#"{"$type":"System.Decimal","$value":12.50}"#);
        check(
            FieldValue::Decimal("1234567890123.4567".to_owned()),
            r#"{"$type":"System.Decimal","$value":1234567890123.4567}"#,
        );
        check(FieldValue::Decimal("twelve".to_owned()), r#""twelve""#);
        check(FieldValue::Boolean(true), r#"{"$type":"System.Boolean","$value":true}"#);
        check(
            FieldValue::Guid("6f0c0000-0000-0000-0000-000000000000".to_owned()),
            r#"{"$type":"System.Guid","$value":"6f0c0000-0000-0000-0000-000000000000"}"#,
        );
    }

    #[test]
    fn values_are_read_wrapped_or_plain() {
        let check = |json: &str, expected: Option<&str>| {
            let value: Value = serde_json::from_str(json).expect(json);
            assert_eq!(text(&value).as_deref(), expected, "{json}");
        };
        check(r#""abc""#, Some("abc"));
        check("null", None);
        check("42", Some("42"));
        check("12.500", Some("12.500"));
        check("true", Some("true"));
        check(r#"{"$type":"System.Int32","$value":42}"#, Some("42"));
        check(r#"{"$TYPE":"System.Decimal","$VALUE":1.10}"#, Some("1.10"));
        check(r#"{"$type":"System.Boolean","$value":false}"#, Some("false"));
        check(r#"{"$type":"System.Guid","$value":"a-b"}"#, Some("a-b"));
        check(r#"{"$type":"System.String"}"#, None);
        check(r#"{"$type":"System.String","$value":null}"#, None);
        check("123456789012345678901", Some("123456789012345678901"));
    }

    #[test]
    fn decimals_keep_their_digits() {
        let check = |digits: &str, expected: Option<&str>| {
            assert_eq!(decimal(digits).map(|number| number.to_string()).as_deref(), expected, "{digits}");
        };
        check("12.50", Some("12.50"));
        check("-0.5", Some("-0.5"));
        check(".5", Some("0.5"));
        check("5.", Some("5"));
        check("+7", Some("7"));
        check("007", Some("7"));
        check("", None);
        check("-", None);
        check("--1", None);
        check("1e5", None);
        check("1,5", None);
    }

    #[test]
    fn lists_are_read_with_and_without_their_wrapper() {
        let check = |json: Value, expected: usize| assert_eq!(list(&json).len(), expected, "{json}");
        check(json!({"$type": "x", "$values": [1, 2]}), 2);
        check(json!([1]), 1);
        check(json!({"$values": null}), 0);
        check(json!("no list"), 0);
        check(Value::Null, 0);
    }
}
