//! Members, metadata, queries and addresses.

use ihook_imis::FailureClass;
use ihook_imis::wire::{ColumnType, PanelKind};
use serde_json::json;

use crate::support::{attendance, client, http, start};

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn members_are_found_by_id_and_strangers_are_not() {
    let sandbox = start().await;
    let client = sandbox.client();
    let ada = client.party("12345").await.expect("read").expect("Ada");
    assert_eq!((ada.name.as_str(), ada.is_active(), ada.organization), ("Ms. Ada Sample", true, false));
    for stranger in ["99999", "", " ", "..", "../token", "a/b", "Zoë 🎫", "12345|1", "%", "1 2"] {
        assert_eq!(client.party(stranger).await.expect(stranger), None, "{stranger}");
    }
    assert_eq!(
        client.party(" 12345 ").await.expect("read"),
        Some(ada),
        "blanks around an ID are not part of it"
    );
    let inactive = client.party("10040").await.expect("read").expect("a member");
    assert!(!inactive.is_active());
    let organization = client.party("10025").await.expect("read").expect("a member");
    assert!(organization.organization);
}

#[tokio::test]
async fn members_are_listed_over_all_pages_and_searched() {
    let sandbox = start().await;
    let client = sandbox.client();
    let (all, total) = client.parties(None, 1000).await.expect("all");
    assert_eq!((all.len(), total), (501, 501), "a page of iMIS holds 500");
    let (some, total) = client.parties(None, 7).await.expect("some");
    assert_eq!((some.len(), total), (7, 501));
    let found = |search: &'static str| {
        let client = client.clone();
        async move { client.parties(Some(search), 50).await.expect(search).0.len() }
    };
    assert_eq!(found("ada sam").await, 1);
    assert_eq!(found("ADA@example").await, 1);
    assert_eq!(found("1234").await, 1);
    assert_eq!(found("1000").await, 9);
    assert_eq!(found("no such person").await, 0);
    assert!(found("chloé").await > 0);
}

#[tokio::test]
async fn metadata_tells_types_and_panels_with_their_columns() {
    let sandbox = start().await;
    let client = sandbox.client();
    let types = client.activity_types().await.expect("types");
    for code in ["ATTEND", "CALL", "MEETING", "CEU"] {
        assert!(types.iter().any(|kind| kind.code == code && !kind.prompts.is_empty()), "{code}");
    }
    let panels = client.panels().await.expect("panels");
    let names: Vec<&str> = panels.iter().map(|panel| panel.name.as_str()).collect();
    assert_eq!(
        names,
        ["Event_Attendance", "Member_Badge", "Door_Scan", "Booth_Staff"],
        "activities are no panel"
    );
    assert_eq!((panels[0].kind, panels[1].kind), (PanelKind::Multi, PanelKind::Single));
    let column = |name: &str| panels[0].columns.iter().find(|column| column.name == name).expect(name);
    assert_eq!((column("Room").kind, column("Room").max_length), (ColumnType::String, Some(20)));
    assert!(matches!(column("Hours").kind, ColumnType::Decimal { .. }));
    assert_eq!(column("CheckInTime").kind, ColumnType::DateTime);
    assert_eq!(column("Vip").kind, ColumnType::Boolean);
    assert_eq!(column("Badge").kind, ColumnType::Integer);
    assert!(column("CreatedOn").read_only && column("Ordinal").identity);
    assert_eq!(client.panel("member_badge").await.expect("read"), Some(panels[1].clone()));
    assert_eq!(client.panel("Nothing").await.expect("read"), None);
    assert_eq!(client.panel("Activity").await.expect("read"), None, "an ordinary object is no panel");
}

#[tokio::test]
async fn rows_are_filtered_ordered_and_cut() {
    let sandbox = start().await;
    let client = sandbox.client();
    for (member, code) in [("12345", "A"), ("12345", "B"), ("10001", "A"), ("10002", "C")] {
        let mut record = attendance(member);
        record.fields.retain(|field| field.name != "PRODUCT_CODE");
        record.fields.push(crate::support::text("PRODUCT_CODE", code));
        client.insert(&record).await.expect("inserted");
    }
    let count = |filters: Vec<(String, String)>| {
        let client = client.clone();
        async move { client.rows("Activity", &filters, 100).await.expect("rows").total }
    };
    assert_eq!(count(vec![]).await, 4);
    assert_eq!(count(vec![pair("PartyId", "12345"), pair("ACTIVITY_TYPE", "attend")]).await, 2);
    assert_eq!(count(vec![pair("partyid", "eq:12345"), pair("product_code", "B")]).await, 1);
    assert_eq!(count(vec![pair("PRODUCT_CODE", "in:A,C")]).await, 3);
    assert_eq!(count(vec![pair("TRANSACTION_DATE", "ge:2026-05-27T09:15:00")]).await, 4);
    assert_eq!(count(vec![pair("TRANSACTION_DATE", "gt:2026-05-27T09:15:00")]).await, 0);
    assert_eq!(count(vec![pair("PartyId", "nobody")]).await, 0);
    let ordered = client.rows("Activity", &[pair("OrderBy", "SEQN:Descending")], 2).await.expect("rows");
    assert_eq!((ordered.records.len(), ordered.total), (2, 4));
    assert_eq!(ordered.records[0].parent, ["10002"]);
    let failed = client.rows("Activity", &[pair("NoSuch", "1")], 2).await.expect_err("unknown property");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(400)));
}

#[tokio::test]
async fn iqa_queries_answer_in_both_forms() {
    let sandbox = start().await;
    let client = sandbox.client();
    client.insert(&attendance("12345")).await.expect("inserted");
    let query = [pair("QueryName", "$/Samples/ActivitiesByMember"), pair("parameter", "eq:12345")];
    let (status, flat) = client.get("/api/query", &query).await.expect("flat rows");
    assert_eq!((status, &flat["Items"]["$values"][0]["Product Code"]), (200, &json!("CONF2026")));
    let (_, records) = client.get("iqa", &query).await.expect("records");
    assert_eq!(records["Items"]["$values"][0]["Properties"]["$values"][0]["Name"], json!("ResultRow"));
    let page = client.rows("query", &query, 10).await.expect("rows");
    assert_eq!(page.records[0].text("id").as_deref(), Some("12345"), "flat rows read as records");
    let failed = client.get("query", &[pair("QueryName", "$/None")]).await.expect_err("no such query");
    assert_eq!((failed.class, failed.status()), (FailureClass::Refused, Some(404)));
    let failed = client.get("../token", &[]).await.expect_err("outside the API");
    assert_eq!(failed.class, FailureClass::NotBuilt, "{}", failed.message);
}

#[tokio::test]
async fn rows_are_addressed_in_all_four_forms() {
    let sandbox = start().await;
    let row = json!({ "EntityTypeName": "Event_Attendance",
        "Properties": { "$values": [{ "Name": "ID", "Value": "12345" }, { "Name": "Session", "Value": "A" }] } });
    let (status, _) = sandbox.raw("POST", "/api/event_attendance", Some(row.clone())).await;
    assert_eq!(status, 201);
    for path in [
        "Event_Attendance?EntityId=~12345%7C1",
        "EVENT_ATTENDANCE/~12345%7C1",
        "Event_Attendance/12345/1",
        "Event_Attendance/12345,1",
    ] {
        let (status, found) = sandbox.raw("GET", &format!("/api/{path}"), None).await;
        assert_eq!(
            (status, &found["Identity"]["IdentityElements"]["$values"]),
            (200, &json!(["12345", "1"])),
            "{path}"
        );
    }
    let (status, wrong) = sandbox.raw("GET", "/api/Event_Attendance/12345", None).await;
    assert_eq!(
        (status, wrong["Message"].as_str().map(|text| text.contains("identity element"))),
        (400, Some(true))
    );
    let mut changed = row;
    changed["Properties"]["$values"][1]["Value"] = json!("B");
    let (status, found) = sandbox.raw("PUT", "/api/Event_Attendance/12345/1", Some(changed)).await;
    assert_eq!(status, 200);
    assert!(found.to_string().contains(r#""Value":"B""#));
    let (status, _) = sandbox.raw("DELETE", "/api/Event_Attendance?EntityId=~12345|1", None).await;
    assert_eq!(status, 204);
}

#[tokio::test]
async fn old_addresses_and_any_case_work_too() {
    let sandbox = start().await;
    let old = client(&format!("{}/Asi.Scheduler_Demo/", sandbox.base), "sandbox", "sandbox");
    old.insert(&attendance("12345")).await.expect("inserted");
    assert!(old.party("12345").await.expect("read").is_some());
    for path in ["/API/PARTY/12345", "/asi.scheduler_web/api/party?EntityId=12345", "/api/partysummary/12345"]
    {
        assert_eq!(sandbox.raw("GET", path, None).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn addresses_that_imis_does_not_know_say_so() {
    let sandbox = start().await;
    let check = |method: &'static str, path: &'static str, expected: u16| {
        let sandbox = &sandbox;
        async move { assert_eq!(sandbox.raw(method, path, None).await.0, expected, "{method} {path}") }
    };
    check("GET", "/api/metadata/BOEntityDefinition", 501).await;
    check("GET", "/api/metadata/Activity", 200).await;
    check("GET", "/api/NoSuchEntity", 404).await;
    check("GET", "/api", 404).await;
    check("GET", "/elsewhere", 404).await;
    check("DELETE", "/api/Party/12345", 405).await;
    check("POST", "/api/Party", 405).await;
    check("POST", "/api/Activity/_execute", 501).await;
    check("POST", "/api/Activity", 400).await;
    check("GET", "/api/LegacyActivityType/attend", 200).await;
    check("GET", "/api/Activity/999", 404).await;
    let bare = http().get(format!("{}/api/Party", sandbox.base)).send().await.expect("an answer");
    assert_eq!((bare.status().as_u16(), bare.headers().contains_key("x-imis-sandbox")), (401, true));
}

#[tokio::test]
async fn the_test_of_a_connection_tells_each_part() {
    let sandbox = start().await;
    let checks = sandbox.client().test(&[]).await;
    assert!(checks.len() == 6 && checks.iter().all(|check| check.ok), "{checks:?}");
    let checks = client(&sandbox.base, "sandbox", "wrong").test(&[]).await;
    let wrong = checks.iter().find(|check| !check.ok).expect("a failed check");
    assert!(wrong.message.contains("password"), "{}", wrong.message);
    assert!(checks[0].ok, "the address is right all the same");
    let checks = client("http://127.0.0.1:1", "sandbox", "sandbox").test(&[]).await;
    assert!(checks.len() == 1 && !checks[0].ok && checks[0].message.contains("127.0.0.1:1"), "{checks:?}");
}
