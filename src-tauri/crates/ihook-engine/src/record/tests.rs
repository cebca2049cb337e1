use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::activity;

mod properties;

fn zone() -> TimeZone {
    crate::time::zone_named("America/New_York").unwrap()
}

fn fields(written: &[(&str, &str)]) -> Vec<Field> {
    let field = |&(name, text): &(&str, &str)| Field {
        name: name.to_owned(),
        text: text.to_owned(),
        template: format!("{{{{ input.{} }}}}", plain(name)),
    };
    written.iter().map(field).collect()
}

fn converted(columns: &[Column], written: &[(&str, &str)]) -> Result<Vec<(String, FieldValue)>, StepError> {
    let site = SiteTime::usual(zone());
    let times = Times { site: &site, received_at: "2026-05-27T13:15:30Z".parse().unwrap() };
    let typed = convert(columns, &fields(written), &times)?;
    Ok(typed.into_iter().map(|field| (field.name, field.value)).collect())
}

fn column(kind: ColumnType, max_length: Option<u32>) -> Column {
    Column {
        name: "Value".to_owned(),
        caption: None,
        aliases: Vec::new(),
        kind,
        max_length,
        required: false,
        identity: false,
        read_only: false,
        values: vec![("A".to_owned(), "Only A is offered".to_owned())],
    }
}

fn check(kind: ColumnType, text: &str, expected: Result<FieldValue, &str>) {
    let found = converted(&[column(kind, Some(5))], &[("value", text)]);
    let found = found.map(|mut values| values.remove(0).1).map_err(|error| error.code);
    assert_eq!(found, expected.map_err(str::to_owned), "{text:?} into {kind:?}");
}

fn text(value: &str) -> Result<FieldValue, &'static str> {
    Ok(FieldValue::Text(value.to_owned()))
}

fn digits(value: &str) -> Result<FieldValue, &'static str> {
    Ok(FieldValue::Decimal(value.to_owned()))
}

fn time(value: &str) -> Result<FieldValue, &'static str> {
    Ok(FieldValue::DateTime(value.to_owned()))
}

#[test]
fn text_and_numbers_are_converted_by_the_column() {
    const QUANTITY: ColumnType = ColumnType::Decimal { precision: Some(6), scale: Some(2) };
    const FREE: ColumnType = ColumnType::Decimal { precision: None, scale: None };
    for (kind, written, expected) in [
        (ColumnType::String, "abcde", text("abcde")),
        (ColumnType::String, " abc ", text(" abc ")),
        (ColumnType::String, "abcdef", Err("tooLong")),
        (ColumnType::String, "ääääÄ", text("ääääÄ")),
        (ColumnType::String, "🎫🎫x", text("🎫🎫x")),
        (ColumnType::String, "🎫🎫🎫", Err("tooLong")),
        (ColumnType::Integer, " 12345 ", Ok(FieldValue::Integer(12345))),
        (ColumnType::Integer, "-7.0", Ok(FieldValue::Integer(-7))),
        (ColumnType::Integer, "1e3", Ok(FieldValue::Integer(1000))),
        (ColumnType::Integer, "7.5", Err("wrongType")),
        (ColumnType::Integer, "seven", Err("wrongType")),
        (ColumnType::Integer, "3000000000", Err("tooLong")),
        (QUANTITY, "12.50", digits("12.50")),
        (QUANTITY, "12.500", digits("12.5")),
        (QUANTITY, "+0012", digits("12")),
        (QUANTITY, "9999.99", digits("9999.99")),
        (QUANTITY, "10000", Err("tooLong")),
        (QUANTITY, "0.125", Err("tooLong")),
        (QUANTITY, "1,5", Err("wrongType")),
        (FREE, "123456789012345678901.5", digits("123456789012345678901.5")),
        (ColumnType::Monetary, "12.50", digits("12.50")),
        (ColumnType::Monetary, "$1,234.50", digits("1234.50")),
        (ColumnType::Monetary, "-$5", digits("-5")),
        (ColumnType::Monetary, "1,23", Err("wrongType")),
        (ColumnType::Monetary, "1234,500", Err("wrongType")),
        (ColumnType::Monetary, "0.12345", Err("tooLong")),
        (ColumnType::Monetary, "1e16", Err("tooLong")),
    ] {
        check(kind, written, expected);
    }
}

#[test]
fn times_booleans_and_guids_are_converted_by_the_column() {
    let guid = || Ok(FieldValue::Guid("0f8fad5b-d9cb-469f-a165-70867728950e".to_owned()));
    for (kind, written, expected) in [
        (ColumnType::Boolean, "True", Ok(FieldValue::Boolean(true))),
        (ColumnType::Boolean, "0", Ok(FieldValue::Boolean(false))),
        (ColumnType::Boolean, "maybe", Err("wrongType")),
        (ColumnType::DateTime, "2026-05-27T13:15:00Z", time("2026-05-27T09:15:00")),
        (ColumnType::DateTime, "2026-05-27T09:15:00", time("2026-05-27T09:15:00")),
        (ColumnType::DateTime, "now", time("2026-05-27T09:15:30")),
        (ColumnType::DateTime, "soon", Err("badDate")),
        (ColumnType::Date, "2026-05-27T02:00:00Z", time("2026-05-26T00:00:00")),
        (ColumnType::Time, "9:15 PM", text("21:15:00")),
        (ColumnType::Time, "2026-05-27T13:15:00Z", text("09:15:00")),
        (ColumnType::Time, "late", Err("badDate")),
        (ColumnType::Guid, "{0F8FAD5B-D9CB-469F-A165-70867728950E}", guid()),
        (ColumnType::Guid, "0f8fad5bd9cb469fa16570867728950e", guid()),
        (ColumnType::Guid, "0f8f-ad5bd9cb469fa16570867728950e", Err("wrongType")),
        (ColumnType::Binary, "x", Err("wrongType")),
    ] {
        check(kind, written, expected);
    }
}

#[test]
fn an_activity_takes_the_names_of_the_sample_and_adds_the_delivery_time() {
    let values =
        converted(activity::columns(), &[("ID", " 12345 "), ("ActivityType", "ATTEND"), ("UF1", " ")])
            .unwrap();
    let expected = [
        ("PartyId", FieldValue::Text("12345".to_owned())),
        ("ACTIVITY_TYPE", FieldValue::Text("ATTEND".to_owned())),
        ("TRANSACTION_DATE", FieldValue::DateTime("2026-05-27T09:15:30".to_owned())),
    ];
    assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value)), "blank fields are left out");
}

#[test]
fn every_fault_names_the_field_as_written_and_the_limit() {
    let message_check = |written: &[(&str, &str)], code: &str, message: &str| {
        let error = converted(activity::columns(), written).unwrap_err();
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
    };
    const ID: (&str, &str) = ("iMIS ID", "12345");
    message_check(
        &[("iMIS ID", ""), ("Activity Type", "ATTEND")],
        "emptyField",
        "The required field “iMIS ID” is empty: “{{ input.imisid }}” gave nothing for this delivery",
    );
    message_check(&[ID], "emptyField", "The required field “Activity Type” is missing");
    message_check(&[ID, ("Colour", "red")], "unknownField", "There is no column “Colour” here");
    message_check(
        &[ID, ("Activity", "x")],
        "unknownField",
        "There is no column “Activity” here; did you mean ACTIVITY_TYPE?",
    );
    message_check(
        &[ID, ("Note", "a"), ("NOTE", "b")],
        "unknownField",
        "The fields “Note” and “NOTE” both mean the column NOTE: keep one of them",
    );
    message_check(
        &[ID, ("Activity Type", "ATTENDANCES")],
        "tooLong",
        "The field “Activity Type” cannot take “ATTENDANCES”: it has 11 characters, and ACTIVITY_TYPE takes at most 10",
    );
    message_check(
        &[ID, ("TransactionDate", "yesterday")],
        "badDate",
        "The field “TransactionDate” cannot be set: “yesterday” is not a date or time that can be read",
    );
    message_check(
        &[ID, ("SEQN", "1")],
        "unknownField",
        "The field “SEQN” is set by iMIS itself and cannot be written",
    );
}

proptest! {
    #[test]
    fn converting_any_text_never_panics(text in "\\PC{0,40}", near in "[0-9eE+.,$ -]{0,50}") {
        let kinds = [
            ColumnType::String, ColumnType::Integer, ColumnType::Decimal { precision: Some(15), scale: Some(2) },
            ColumnType::Decimal { precision: None, scale: Some(99) }, ColumnType::Monetary, ColumnType::Boolean,
            ColumnType::DateTime, ColumnType::Date, ColumnType::Time, ColumnType::Guid, ColumnType::Binary,
        ];
        for kind in kinds {
            for text in [&text, &near] {
                let _ = converted(&[column(kind, Some(3))], &[("Value", text)]);
            }
        }
    }
}

#[test]
fn an_id_that_only_looks_like_one_is_shown_with_what_is_wrong() {
    let check = |text: &str, expected: Result<&str, &[&str]>| {
        let found = converted(activity::columns(), &[("ID", text), ("ActivityType", "ATTEND")]);
        match (found, expected) {
            (Ok(values), Ok(id)) => assert_eq!(values[0].1, FieldValue::Text(id.to_owned()), "{text:?}"),
            (Err(error), Err(words)) => {
                assert_eq!(error.code, "wrongType", "{text:?}: {error}");
                assert!(words.iter().all(|word| error.message.contains(word)), "{text:?}: {error}");
            }
            (found, _) => panic!("{text:?}: {found:?}"),
        }
    };
    check(" 12345\n", Ok("12345"));
    check("AB.0", Ok("AB.0"));
    check("12345.5", Ok("12345.5"));
    check("\u{200B}12345", Err(&["“⟨U+200B⟩12345”", "cannot be seen (U+200B)"]));
    check("12345\u{A0}", Err(&["“12345⟨U+00A0⟩”", "U+00A0"]));
    check("\u{FEFF}12345", Err(&["U+FEFF"]));
    check("\u{202A}12345\u{202C}", Err(&["⟨U+202A⟩12345⟨U+202C⟩"]));
    check("12\u{AD}345", Err(&["U+00AD"]));
    check("12345.0", Err(&["“12345.0”", "12345", "decimal"]));
    check("12345.00", Err(&["most likely 12345"]));
}

#[test]
fn what_is_no_key_keeps_every_character() {
    let written = [("ID", "1"), ("ActivityType", "ATTEND"), ("Note", "\u{FEFF}12345.0\u{A0}")];
    let values = converted(activity::columns(), &written).unwrap();
    assert_eq!(values[2].1, FieldValue::Text("\u{FEFF}12345.0\u{A0}".to_owned()));
}
