//! Is a record found in iMIS the one that was sent? The question that ends a doubt.

use ihook_engine::record::FieldValue;

use crate::record::{NewRecord, Target};
use crate::wire::{Record, decimal};

/// Names that the read view of activities (`CsActivity`) uses where they differ by more than underscores.
const READ_NAMES: [(&str, &str); 5] = [
    ("TICKLER_DATE", "ReminderDate"),
    ("NOTE_2", "FollowUp"),
    ("SEQN", "Sequence"),
    ("ORG_CODE", "EntityCode"),
    ("MEM_TRIB_CODE", "MemberTributeCode"),
];

impl NewRecord {
    /// Whether `found` belongs to the same member and every sent field has the sent value there.
    ///
    /// Forgiving where databases and iMIS are: case, blanks around, line ends, `12.50` = `12.5`, a date without
    /// time = midnight, fractions of seconds, a time of day with a date before it. A match too few would send a
    /// record a second time; a match too many only among records that are alike in every other field.
    /// What was not sent may be anything.
    #[must_use]
    pub fn matches(&self, found: &Record) -> bool {
        let member = || found.text(self.target.member_column()).or_else(|| found.parent.first().cloned());
        let same_member = self.target.is_standalone()
            || member().is_some_and(|id| id.trim().eq_ignore_ascii_case(self.party_id.trim()));
        same_member
            && self.sent_fields().all(|field| {
                let there = value_of(found, &field.name, self.target == Target::Activity);
                same(&field.value, there.as_deref().unwrap_or_default())
            })
    }
}

/// A property by its name, or by one of the read view's names.
fn value_of(found: &Record, name: &str, activity: bool) -> Option<String> {
    if let Some(text) = found.text(name) {
        return Some(text);
    }
    if !activity {
        return None;
    }
    let bare = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let alias =
        READ_NAMES.iter().find(|(wire, _)| wire.eq_ignore_ascii_case(name)).map(|(_, read)| bare(read));
    let sent = bare(name);
    let user_field = sent.strip_prefix("uf").map(|number| format!("userfield{number}"));
    found.properties.iter().map(|(candidate, _)| candidate).find_map(|candidate| {
        let seen = Some(bare(candidate));
        (seen.as_ref() == Some(&sent) || seen == alias || seen == user_field)
            .then(|| found.text(candidate))
            .flatten()
    })
}

fn same(sent: &FieldValue, there: &str) -> bool {
    match sent {
        FieldValue::Text(text) => same_text(text, there),
        FieldValue::Integer(number) => same_number(&number.to_string(), there),
        FieldValue::Decimal(digits) => same_number(digits, there),
        FieldValue::Boolean(flag) => {
            let there = there.trim();
            let truth = there.eq_ignore_ascii_case("true") || there == "1";
            let falsehood = there.eq_ignore_ascii_case("false") || there == "0";
            if *flag { truth } else { falsehood }
        }
        FieldValue::DateTime(text) => same_text(&whole_time(text), &whole_time(there)),
        FieldValue::Guid(text) => bare_guid(text).eq_ignore_ascii_case(bare_guid(there)),
    }
}

fn same_text(sent: &str, there: &str) -> bool {
    let bare = |text: &str| text.replace('\r', "").trim().to_lowercase();
    let (sent, there) = (bare(sent), bare(there));
    sent == there
        || (is_time_of_day(&sent) && whole_time(&there).to_lowercase().ends_with(&format!("t{sent}")))
}

/// `09:15:00`, as columns for times of day are sent; iMIS gives them back with a date.
fn is_time_of_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 8 && bytes[2] == b':' && bytes[5] == b':'
}

fn same_number(sent: &str, there: &str) -> bool {
    let digits = |text: &str| decimal(text).map(|number| without_zeros(&number.to_string()));
    match (digits(sent), digits(there)) {
        (Some(sent), Some(there)) => sent == there,
        _ => sent.trim() == there.trim(),
    }
}

fn without_zeros(digits: &str) -> String {
    let short =
        if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// `2026-05-27` and `2026-05-27T00:00:00.000` are the same time.
fn whole_time(text: &str) -> String {
    let text = text.trim().replace(' ', "T");
    let text = text.split('.').next().unwrap_or_default();
    match text.len() {
        10 => format!("{text}T00:00:00"),
        16 => format!("{text}:00"),
        _ => text.to_owned(),
    }
}

fn bare_guid(text: &str) -> &str {
    text.trim().trim_matches(['{', '}'])
}

#[cfg(test)]
mod tests {
    use ihook_engine::record::TypedField;
    use serde_json::{Value, json};

    use super::*;

    fn sent(name: &str, value: FieldValue) -> NewRecord {
        let field = TypedField { name: name.to_owned(), written: name.to_owned(), value };
        NewRecord { target: Target::Activity, party_id: "12345".to_owned(), fields: vec![field] }
    }

    fn found(name: &str, value: Value) -> Record {
        Record {
            parent: vec!["12345".to_owned()],
            properties: vec![(name.to_owned(), value)],
            ..Record::default()
        }
    }

    #[test]
    fn values_are_compared_by_meaning() {
        let check = |value: FieldValue, there: Value, expected: bool| {
            assert_eq!(
                sent("X", value.clone()).matches(&found("x", there.clone())),
                expected,
                "{value:?} {there}"
            );
        };
        let text = |text: &str| FieldValue::Text(text.to_owned());
        check(text("a\r\nb"), json!("a\nb  "), true);
        check(text("attend"), json!("ATTEND "), true);
        check(text("Zoë"), json!("ZOË"), true);
        check(text("abc"), json!("abd"), false);
        check(text("09:15:00"), json!("1900-01-01T09:15:00"), true);
        check(text("09:15:00"), json!("1900-01-01T09:16:00"), false);
        check(text(""), Value::Null, true);
        check(text("a"), Value::Null, false);
        check(FieldValue::Integer(3), json!(3), true);
        check(FieldValue::Integer(3), json!("3.0"), true);
        check(FieldValue::Integer(3), json!(4), false);
        check(FieldValue::Decimal("12.50".to_owned()), serde_json::from_str("12.5").expect("number"), true);
        check(FieldValue::Decimal("-0.0".to_owned()), json!(0), true);
        check(FieldValue::Decimal("100".to_owned()), json!(1), false);
        check(FieldValue::Boolean(true), json!("True"), true);
        check(FieldValue::Boolean(false), json!(0), true);
        check(FieldValue::Boolean(false), Value::Null, false);
        let time = |text: &str| FieldValue::DateTime(text.to_owned());
        check(time("2026-05-27"), json!("2026-05-27T00:00:00"), true);
        check(time("2026-05-27T09:15:00"), json!("2026-05-27T09:15:00.000"), true);
        check(time("2026-05-27T09:15"), json!("2026-05-27 09:15:00"), true);
        check(time("2026-05-27T09:15:00"), json!("2026-05-27T09:15:01"), false);
        check(FieldValue::Guid("{AB-1}".to_owned()), json!("ab-1"), true);
    }

    #[test]
    fn both_spellings_of_activity_fields_are_known() {
        let check = |wire: &str, read: &str| {
            let value = FieldValue::Text("v".to_owned());
            assert!(sent(wire, value).matches(&found(read, json!("v"))), "{wire} is {read}");
        };
        check("ACTIVITY_TYPE", "ActivityType");
        check("UF_4", "UserField4");
        check("NOTE_2", "FollowUp");
        check("TICKLER_DATE", "ReminderDate");
    }

    #[test]
    fn another_members_record_never_matches() {
        let mut other = found("X", json!("v"));
        other.parent = vec!["12346".to_owned()];
        assert!(!sent("X", FieldValue::Text("v".to_owned())).matches(&other));
    }
}
