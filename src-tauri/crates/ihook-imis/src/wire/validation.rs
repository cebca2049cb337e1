//! Refusals: `ValidationResultsData` and the other bodies that errors come in.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::VALIDATION_RESULTS;
use super::value::{list, member, text, typed_list};

/// Error texts are cut to this many characters.
const SHOWN_CHARACTERS: usize = 400;
/// At most this many field faults are read from one answer.
const SHOWN_FAULTS: usize = 50;

/// What iMIS says about one field of a refused record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldFault {
    /// The property; empty where iMIS named none.
    pub field: String,
    /// The refused value as text; empty where iMIS did not repeat it.
    pub value: String,
    /// iMIS's own words.
    pub message: String,
}

impl FieldFault {
    /// One sentence that names the field and the value at fault along with iMIS's words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentence = self.message.trim().to_owned();
        if !self.field.is_empty() && !contains(&sentence, &self.field) {
            sentence = format!("{}: {sentence}", self.field);
        }
        if !self.value.is_empty() && !contains(&sentence, &self.value) {
            sentence = format!("{} (“{}”).", sentence.trim_end_matches('.'), cut(&self.value, 80));
        }
        sentence
    }
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// The field faults of a body, where it is a validation result; told by its content, for HTTP/2 has no reason
/// phrase.
#[must_use]
pub fn read_faults(body: &Value) -> Vec<FieldFault> {
    // Some calls put the result one level down.
    let body = member(body, "ValidationResults").unwrap_or(body);
    let Some(errors) = member(body, "Errors") else { return Vec::new() };
    list(errors)
        .iter()
        .take(SHOWN_FAULTS)
        .filter_map(|error| {
            let word = |name: &str| member(error, name).and_then(text).filter(|word| !word.trim().is_empty());
            let message = word("Message").or_else(|| word("FormattedMessage"))?;
            let message = cut(&message, SHOWN_CHARACTERS);
            let value = cut(&word("FieldValue").unwrap_or_default(), SHOWN_CHARACTERS);
            Some(FieldFault { field: word("FieldName").unwrap_or_default(), value, message })
        })
        .collect()
}

/// What a refusal says, for people: the field faults, else the summary, else the message, else the text itself.
#[must_use]
pub fn error_text(body: &[u8]) -> String {
    let raw = String::from_utf8_lossy(body);
    let raw = raw.trim().trim_start_matches('\u{feff}');
    let Ok(json) = serde_json::from_str::<Value>(raw) else {
        return if is_markup(raw) { String::new() } else { cut(raw, SHOWN_CHARACTERS) };
    };
    let faults = read_faults(&json);
    if !faults.is_empty() {
        let sentences: Vec<String> = faults.iter().map(FieldFault::sentence).collect();
        return cut(&sentences.join(" "), SHOWN_CHARACTERS);
    }
    let inner = member(&json, "ValidationResults").unwrap_or(&json);
    let named = ["Summary", "error_description", "ExceptionMessage", "MessageDetail", "Message", "error"]
        .iter()
        .find_map(|name| member(inner, name).and_then(text).filter(|word| !word.trim().is_empty()));
    let words = named
        .or_else(|| json.as_str().map(str::to_owned))
        .unwrap_or_else(|| if says_nothing(&json) { String::new() } else { json.to_string() });
    cut(words.trim(), SHOWN_CHARACTERS)
}

fn says_nothing(json: &Value) -> bool {
    json.is_null()
        || json.as_object().is_some_and(Map::is_empty)
        || json.as_array().is_some_and(Vec::is_empty)
}

/// Writes a validation result, as the sandbox answers.
#[must_use]
pub fn validation_json(faults: &[FieldFault]) -> Value {
    const COLLECTION: &str = "Asi.Soa.Core.DataContracts.ValidationResultDataCollection, Asi.Contracts";
    let errors: Vec<Value> = faults
        .iter()
        .map(|fault| {
            json!({
                "$type": "Asi.Soa.Core.DataContracts.ValidationResultData, Asi.Contracts",
                "FieldName": fault.field, "FieldValue": fault.value,
                "FormattedMessage": fault.message, "Location": "", "Message": fault.message,
            })
        })
        .collect();
    let summary: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    json!({
        "$type": VALIDATION_RESULTS,
        "Errors": typed_list(COLLECTION, errors),
        "Warnings": typed_list(COLLECTION, Vec::new()),
        "HasErrors": !faults.is_empty(), "HasWarnings": false, "IsValid": faults.is_empty(),
        "Summary": summary.join(" "),
    })
}

/// Whether a text is a web page rather than words.
pub(crate) fn is_markup(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}

fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(field: &str, value: &str, message: &str) -> FieldFault {
        FieldFault { field: field.to_owned(), value: value.to_owned(), message: message.to_owned() }
    }

    #[test]
    fn a_fault_names_field_and_value_once() {
        let check = |fault: FieldFault, expected: &str| assert_eq!(fault.sentence(), expected);
        check(
            fault("ACTIVITY_TYPE", "NOPE", "ACTIVITY_TYPE is not valid."),
            "ACTIVITY_TYPE is not valid (“NOPE”).",
        );
        check(fault("PartyId", "7", "Party 7 does not exist."), "PartyId: Party 7 does not exist.");
        check(fault("", "", "Something is wrong."), "Something is wrong.");
    }

    #[test]
    fn refusals_in_every_form_give_words() {
        let check = |body: &str, expected: &str| assert_eq!(error_text(body.as_bytes()), expected, "{body}");
        let written = validation_json(&[fault("A", "", "A is wrong."), fault("B", "", "B is wrong.")]);
        check(&written.to_string(), "A is wrong. B is wrong.");
        check(&json!({ "ValidationResults": written }).to_string(), "A is wrong. B is wrong.");
        check(r#"{"Errors":{"$values":[]},"Summary":"In short."}"#, "In short.");
        check(r#"{"Message":"An error has occurred."}"#, "An error has occurred.");
        check(r#"{"message":"lower"}"#, "lower");
        check(
            r#"{"error":"invalid_grant","error_description":"The password is wrong."}"#,
            "The password is wrong.",
        );
        check(r#""a bare string""#, "a bare string");
        check("plain words", "plain words");
        check("\u{feff}plain words", "plain words");
        check("<html><body>Oops</body></html>", "");
        check("", "");
        check("null", "");
        check("{}", "");
        check("[]", "");
        check(&"x".repeat(1000), &format!("{}…", "x".repeat(400)));
    }

    #[test]
    fn faults_are_read_as_written() {
        let faults = vec![fault("PRODUCT_CODE", "CONF", "too long"), fault("UF_4", "x", "not a number")];
        assert_eq!(read_faults(&validation_json(&faults)), faults);
        assert!(read_faults(&json!({"Message": "no"})).is_empty());
        assert!(read_faults(&json!({"Errors": [{"FieldName": "X"}]})).is_empty(), "a fault needs words");
    }
}
