//! What is inserted is there, once, as it was sent; what is wrong is refused with its field.

use ihook_imis::wire::FieldValue;
use ihook_imis::{FailureClass, NewRecord, Target};
use serde_json::json;

use crate::support::{attendance, client, field, start, text};

fn member(id: &str) -> Vec<(String, String)> {
    vec![("PartyId".to_owned(), id.to_owned())]
}

#[tokio::test]
async fn an_activity_is_written_once_and_read_back() {
    let sandbox = start().await;
    let client = sandbox.client();
    let record = attendance("12345");
    let inserted = client.insert(&record).await.expect("inserted");
    let page = client.rows("Activity", &member("12345"), 10).await.expect("rows");
    assert_eq!(page.total, 1);
    assert_eq!(inserted.key.as_deref(), Some(page.records[0].key_text().as_str()));
    assert!(record.matches(&page.records[0]), "{:?}", page.records[0]);
    let request = inserted.exchange.request.expect("a request");
    assert_eq!(request.headers["authorization"], "Bearer …", "no token is ever shown");
    assert_eq!(request.body, Some(record.body()));
    let response = inserted.exchange.response.expect("a response");
    assert_eq!((response.status, response.headers["x-imis-sandbox"].as_str()), (201, "1"));
    assert_eq!(sandbox.ledger().await.len(), 1);
}

#[tokio::test]
async fn the_same_record_twice_makes_two() {
    let sandbox = start().await;
    let client = sandbox.client();
    let first = client.insert(&attendance("12345")).await.expect("first");
    let second = client.insert(&attendance("12345")).await.expect("second");
    assert_ne!(first.key, second.key);
    assert_eq!(client.rows("Activity", &member("12345"), 10).await.expect("rows").total, 2);
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_was_sent() {
    let sandbox = start().await;
    let client = sandbox.client();
    let mut activity = attendance("12345");
    activity.fields.extend([
        text("NOTE", "Zoë said “🎫”,\r\nthen <left> & 'more'"),
        field("UNITS", FieldValue::Decimal("12.50".to_owned())),
        field("AMOUNT", FieldValue::Decimal("-0.01".to_owned())),
        field("UF_4", FieldValue::Decimal("1234567890.1234".to_owned())),
        field("UF_6", FieldValue::DateTime("2026-05-27T00:00:00".to_owned())),
        field("GRACE_PERIOD", FieldValue::Integer(-7)),
        field("RECURRING_REQUEST", FieldValue::Boolean(false)),
    ]);
    client.insert(&activity).await.expect("inserted");
    let found = client.rows("Activity", &member("12345"), 10).await.expect("rows").records.remove(0);
    assert!(activity.matches(&found), "{found:?}");
    assert_eq!(found.text("UF_4").as_deref(), Some("1234567890.1234"), "digits are kept");

    let panel = client.panel("Event_Attendance").await.expect("read").expect("a panel");
    let row = NewRecord {
        target: Target::panel(&panel),
        party_id: "10001".to_owned(),
        fields: vec![
            text("Session", "KEYNOTE"),
            field("CheckInTime", FieldValue::DateTime("2026-05-27T09:15:00".to_owned())),
            field("Hours", FieldValue::Decimal("1.5".to_owned())),
            field("Vip", FieldValue::Boolean(true)),
            field("Badge", FieldValue::Integer(42)),
        ],
    };
    client.insert(&row).await.expect("inserted");
    let filters = [("ID".to_owned(), "10001".to_owned())];
    let found = client.rows("Event_Attendance", &filters, 10).await.expect("rows").records.remove(0);
    assert!(row.matches(&found), "{found:?}");
}

#[tokio::test]
async fn what_imis_refuses_names_the_field_and_the_value() {
    let sandbox = start().await;
    let client = sandbox.client();
    let with = |name: &str, value: FieldValue| {
        let mut record = attendance("12345");
        record.fields.retain(|field| field.name != name);
        record.fields.push(field(name, value));
        record
    };
    let typed = |text: &str| FieldValue::Text(text.to_owned());
    let cases = [
        (attendance("99999"), "PartyId", "99999"),
        (attendance(""), "PartyId", "required"),
        (with("ACTIVITY_TYPE", typed("NOPE")), "ACTIVITY_TYPE", "NOPE"),
        (with("PRODUCT_CODE", typed(&"x".repeat(32))), "PRODUCT_CODE", "31"),
        (with("UNITS", typed("many")), "UNITS", "many"),
        (with("RECURRING_REQUEST", typed("yes")), "RECURRING_REQUEST", "yes"),
        (with("UF_6", typed("2026-05-27T09:15:00Z")), "UF_6", "offset"),
        (with("NO_SUCH", typed("x")), "NO_SUCH", "not a property"),
    ];
    for (record, name, word) in cases {
        let failed = client.insert(&record).await.expect_err(name);
        assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(400)), "{name}");
        assert!(failed.message.contains(name) && failed.message.contains(word), "{}", failed.message);
        assert!(failed.fields.iter().any(|fault| fault.field == name), "{:?}", failed.fields);
    }
    assert_eq!(client.rows("Activity", &[], 10).await.expect("rows").total, 0);
    assert!(sandbox.ledger().await.iter().all(|entry| entry["committed"] == json!(false)));
}

#[tokio::test]
async fn several_faults_are_told_together() {
    let sandbox = start().await;
    let mut record = attendance("99999");
    record.fields.push(text("OTHER_CODE", &"x".repeat(31)));
    let failed = sandbox.client().insert(&record).await.expect_err("refused");
    assert_eq!(failed.fields.len(), 2, "{}", failed.message);
}

#[tokio::test]
async fn panel_rows_are_numbered_by_imis_and_single_ones_are_single() {
    let sandbox = start().await;
    let client = sandbox.client();
    let row = |panel: &str, name: &str| NewRecord {
        target: Target::panel_named(panel),
        party_id: "12345".to_owned(),
        fields: vec![text(name, "A")],
    };
    for _ in 0..2 {
        let inserted = client.insert(&row("Event_Attendance", "Session")).await.expect("inserted");
        assert_eq!(inserted.key, None, "the ordinal in the answer is not to be believed");
        let body = inserted.exchange.response.and_then(|response| response.body).expect("a body");
        assert_eq!(body["Identity"]["IdentityElements"]["$values"], json!(["12345", "0"]));
    }
    let page = client.rows("Event_Attendance", &[], 10).await.expect("rows");
    let keys: Vec<String> = page.records.iter().map(ihook_imis::Record::key_text).collect();
    assert_eq!(keys, ["~12345|1", "~12345|2"]);

    client.insert(&row("Member_Badge", "BadgeName")).await.expect("the first row");
    let failed = client.insert(&row("Member_Badge", "BadgeName")).await.expect_err("the second row");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(409)));
    assert!(failed.message.contains("12345"), "{}", failed.message);
    let failed = client.insert(&row("No_Such_Panel", "X")).await.expect_err("no panel");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(404)));
}

#[tokio::test]
async fn a_reader_may_not_write() {
    let sandbox = start().await;
    let reader = client(&sandbox.base, "readonly", "readonly");
    let failed = reader.insert(&attendance("12345")).await.expect_err("refused");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(403)));
    assert!(reader.party("12345").await.expect("read").is_some());
    let failed = reader.delete("Activity", "200001").await.expect_err("refused");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(403)));
}

#[tokio::test]
async fn what_was_inserted_can_be_deleted_once() {
    let sandbox = start().await;
    let client = sandbox.client();
    let key = client.insert(&attendance("12345")).await.expect("inserted").key.expect("a key");
    client.delete("Activity", &key).await.expect("deleted");
    let failed = client.delete("Activity", &key).await.expect_err("gone already");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(404)));

    let target = Target::panel_named("Event_Attendance");
    let row = NewRecord { target, party_id: "12345".to_owned(), fields: vec![text("Session", "A")] };
    client.insert(&row).await.expect("inserted");
    client.delete("Event_Attendance", "~12345|1").await.expect("deleted");
    assert_eq!(client.rows("Event_Attendance", &[], 10).await.expect("rows").total, 0);
}

#[tokio::test]
async fn an_activity_without_a_date_gets_today() {
    let sandbox = start().await;
    let client = sandbox.client();
    let mut record = attendance("12345");
    record.fields.retain(|field| field.name != "TRANSACTION_DATE");
    client.insert(&record).await.expect("inserted");
    let found = client.rows("Activity", &[], 1).await.expect("rows").records.remove(0);
    assert!(found.text("TRANSACTION_DATE").expect("a date").ends_with("T00:00:00"));
}
