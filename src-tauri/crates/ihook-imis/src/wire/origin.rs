//! Whether an answer is iMIS's own, judged by its form: a proxy or a firewall in front of it answers too.

use serde_json::Value;

use super::validation::{error_text, read_faults};
use super::value::{list, member, text};

/// Who may have said that something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// iMIS: one of the forms of its errors (docs/imis-rest.md#errors).
    Imis,
    /// Nothing or plain words, which anybody may have said.
    Unclear,
    /// Something else: a web page, or JSON of another form.
    Foreign,
}

impl Origin {
    /// Judges the body of an error.
    pub(crate) fn of_error(body: &[u8]) -> Self {
        let bytes = bare(body);
        if bytes.is_empty() {
            return Self::Unclear;
        }
        if bytes.starts_with(b"<") {
            return Self::Foreign;
        }
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::String(_)) => Self::Imis,
            Ok(json) if is_error(&json) => Self::Imis,
            Ok(_) => Self::Foreign,
            Err(_) => Self::Unclear,
        }
    }
}

/// A body without byte order mark and blanks around.
pub(crate) fn bare(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii()
}

/// Whether the JSON of a success has a form that iMIS answers in: typed, or one of its shapes without types.
pub(crate) fn is_contract(json: &Value) -> bool {
    let holds_list = |name: &str| {
        member(json, name).and_then(|inner| member(inner, "$values")).is_some_and(Value::is_array)
    };
    json.get("$type").is_some_and(Value::is_string)
        || holds_list("Items")
        || holds_list("Properties")
        || member(json, "Identity").is_some_and(Value::is_object)
        || member(json, "PartyId").and_then(text).is_some_and(|id| !id.trim().is_empty())
}

/// Whether the body of a 404 says that there is no such record. Web API's own "no handler for this address"
/// (it has a `MessageDetail`) comes from whatever site of the host has no iMIS at this path.
pub(crate) fn is_missing(body: &[u8]) -> bool {
    Origin::of_error(body) == Origin::Imis
        && serde_json::from_slice::<Value>(bare(body)).is_ok_and(|json| json.get("MessageDetail").is_none())
}

/// iMIS's words where JSON says that something was refused, whatever the status it came with.
pub(crate) fn refusal(json: &Value) -> Option<String> {
    if !is_error(json) {
        return None;
    }
    let words = error_text(json.to_string().as_bytes());
    Some(if words.is_empty() { "it did not say why".to_owned() } else { words })
}

fn is_error(json: &Value) -> bool {
    let says = |name: &str, said: bool| {
        let flag = member(json, name).and_then(text);
        flag.is_some_and(|flag| flag.eq_ignore_ascii_case(if said { "true" } else { "false" }))
    };
    // The exact case: other gateways write `message`.
    json.get("Message").and_then(Value::as_str).is_some_and(|message| !message.trim().is_empty())
        || !read_faults(json).is_empty()
        || says("IsValid", false)
        || says("HasErrors", true)
        || says("IsSuccessStatusCode", false)
        || member(json, "ValidationResults").is_some_and(Value::is_object)
        || member(json, "Errors").is_some_and(|errors| !list(errors).is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::validation::validation_json;
    use super::*;

    #[test]
    fn only_the_forms_of_imis_are_taken_for_its_errors() {
        let check = |body: &str, expected: Origin| {
            assert_eq!(Origin::of_error(body.as_bytes()), expected, "{body}");
        };
        let refused = validation_json(&[super::super::FieldFault {
            field: "A".to_owned(),
            value: String::new(),
            message: "A is wrong.".to_owned(),
        }]);
        check(&refused.to_string(), Origin::Imis);
        check(r#"{"Message":"Party 7 was not found."}"#, Origin::Imis);
        check("\u{feff} {\"Message\":\"Not you.\"} ", Origin::Imis);
        check(r#""The key is taken.""#, Origin::Imis);
        check(r#"{"Errors":{"$values":[{"FieldName":"X","Message":"X is bad."}]}}"#, Origin::Imis);
        check(r#"{"IsValid":false,"Errors":{"$values":[]}}"#, Origin::Imis);
        check("", Origin::Unclear);
        check("  \r\n", Origin::Unclear);
        check("404 page not found", Origin::Unclear);
        check("<!DOCTYPE html><title>404</title>", Origin::Foreign);
        check("\u{feff}<html>", Origin::Foreign);
        check("{}", Origin::Foreign);
        check("[]", Origin::Foreign);
        check("null", Origin::Foreign);
        check(r#"{"message":"no Route matched with those values"}"#, Origin::Foreign);
        check(r#"{"error":"not found"}"#, Origin::Foreign);
        check(r#"{"Message":""}"#, Origin::Foreign);
    }

    #[test]
    fn a_missing_record_is_told_from_an_address_without_a_handler() {
        let check = |body: &str, expected: bool| assert_eq!(is_missing(body.as_bytes()), expected, "{body}");
        check(r#"{"Message":"Party 7 was not found."}"#, true);
        check(r#"{"Message":"No HTTP resource was found.","MessageDetail":"No type was found."}"#, false);
        check("", false);
        check("404 page not found", false);
        check("<html>404</html>", false);
        check("{}", false);
    }

    #[test]
    fn what_imis_answers_with_is_known_by_its_form() {
        let check = |json: Value, expected: bool| assert_eq!(is_contract(&json), expected, "{json}");
        check(json!({"$type": "Asi.Soa.Membership.DataContracts.PersonData, Asi.Contracts"}), true);
        check(json!({"PartyId": "7"}), true);
        check(json!({"Items": {"$values": []}}), true);
        check(json!({"Properties": {"$values": []}}), true);
        check(json!({"Identity": {"IdentityElements": {"$values": ["7"]}}}), true);
        check(json!({}), false);
        check(json!([]), false);
        check(json!([1]), false);
        check(Value::Null, false);
        check(json!("text"), false);
        check(json!({"id": 7, "name": "Seven"}), false);
        check(json!({"items": [], "total": 0}), false);
        check(json!({"PartyId": " "}), false);
    }

    #[test]
    fn a_refusal_keeps_its_words_whatever_it_came_with() {
        let check = |json: Value, expected: Option<&str>| {
            assert_eq!(refusal(&json).as_deref(), expected, "{json}");
        };
        check(
            json!({"IsValid": false, "Errors": {"$values": [{"Message": "The type is closed."}]}}),
            Some("The type is closed."),
        );
        check(json!({"IsValid": false}), Some("{\"IsValid\":false}"));
        check(json!({"HasErrors": true, "Summary": "In short."}), Some("In short."));
        check(json!({"Message": "An error has occurred."}), Some("An error has occurred."));
        check(json!({"IsValid": true, "Errors": {"$values": []}}), None);
        check(json!({}), None);
        check(Value::Null, None);
    }
}
