//! Nothing is guessed: one value is one value, a value is no operator, several hits are not one, and the order of a
//! date is the connection's.

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, with, workflow, workflow_of};
use serde_json::{Value, json};

fn insert(fields: &Value) -> Value {
    json!({ "id": "activity", "type": "insertActivity", "fields": fields })
}

fn error(detail: &Value) -> (String, String) {
    let text = |name: &str| detail["run"]["error"][name].as_str().unwrap_or_default().to_owned();
    (text("code"), text("message"))
}

/// A run of these actions that must fail with this code, naming all of `parts`.
async fn fails(app: &TestApp, actions: Value, payload: &Value, code: &str, parts: &[&str]) {
    let made = app.import(&workflow_of(actions.clone())).await;
    let detail = app.settle(&app.post(&made["url"], payload).await.run_id()).await;
    assert_eq!(detail["run"]["status"], "failed", "{actions} {payload}: {detail:#}");
    let (found, message) = error(&detail);
    assert_eq!(found, code, "{actions}: {message}");
    for part in parts {
        assert!(message.contains(part), "{actions}: {message} names {part}");
    }
}

#[tokio::test]
async fn a_list_or_an_object_is_no_value() {
    let app = TestApp::start().await;
    app.call("settings_save", json!({ "settings": { "allowPrivateAddresses": ["127.0.0.0/8"] } })).await;
    let payload =
        json!({ "memberId": ["123", "45"], "who": { "id": "12345" }, "none": [], "one": ["12345"] });
    let id = |template: &str| json!([insert(&json!({ "ID": template, "ActivityType": "ATTEND" }))]);
    let other = |name: &str, template: &str| {
        json!([insert(&json!({ "ID": "12345", "ActivityType": "ATTEND", name: template }))])
    };
    let get =
        |path: &str, query: Value| json!([{ "id": "get", "type": "imisGet", "path": path, "query": query }]);
    let call = |url: &str, header: &str| json!([{ "id": "call", "type": "httpRequest", "url": url, "headers": { "X-Who": header } }]);
    for (actions, parts) in [
        (id("{{ input.memberId }}"), ["“ID”", "{{ input.memberId }}", r#"["123","45"]"#]),
        (id("{{ memberId | strip }}"), ["“ID”", "{{ memberId | strip }}", "a list"]),
        (id("{% echo memberId %}"), ["“ID”", "{% echo memberId %}", "a list"]),
        (id("{% for x in (1..1) %}{{ one }}{% endfor %}"), ["“ID”", "{{ one }}", r#"["12345"]"#]),
        (id("{% capture x %}{{ one }}{% endcapture %}{{ x }}"), ["“ID”", "capture", r#"["12345"]"#]),
        (id("{{ one | append: '' }}"), ["“ID”", "append", r#"["12345"]"#]),
        (id("{{ '' | append: one }}"), ["“ID”", "append", r#"["12345"]"#]),
        (id("{{ who }}"), ["“ID”", "an object", r#"{"id":"12345"}"#]),
        (other("Note", "{{ memberId }}"), ["“Note”", "{{ memberId }}", "join"]),
        (other("Quantity", "{{ one }}"), ["“Quantity”", "{{ one }}", "a list"]),
        (other("TransactionDate", "{{ none }}"), ["“TransactionDate”", "{{ none }}", "[]"]),
        (
            json!([{ "id": "panel", "type": "insertPanelRecord", "panel": "Event_Attendance",
                     "fields": { "ID": "12345", "Session": "{{ who }}" } }]),
            ["“Session”", "{{ who }}", "an object"],
        ),
        (
            json!([{ "id": "seen", "type": "alreadyRecorded", "match": { "ID": "{{ memberId }}" } }]),
            ["“ID”", "{{ memberId }}", "a list"],
        ),
        (get("Party/{{ one }}", json!({})), ["“path”", "Party/{{ one }}", "a list"]),
        (get("Party", json!({ "Email": "eq:{{ one }}" })), ["“Email”", "eq:{{ one }}", "a list"]),
        (call("http://127.0.0.1:1/{{ one }}", "x"), ["“url”", "{{ one }}", "a list"]),
        (call("http://127.0.0.1:1/", "{{ who }}"), ["“X-Who”", "{{ who }}", "an object"]),
    ] {
        fails(&app, actions, &payload, "wrongType", &parts).await;
    }
    assert_eq!(app.activities("12345").await.len(), 0, "nothing was written");
    // What the author chose is done.
    let chosen =
        insert(&json!({ "ID": "{{ one | join }}", "ActivityType": "ATTEND", "Note": "{{ who | json }}",
        "Description": "{{ memberId | join: ', ' }}", "UF1": "{{ one[0] }}{{ one | first }}{{ who.id }}" }));
    let made = app.import(&workflow_of(json!([chosen]))).await;
    let detail = app.settle(&app.post(&made["url"], &payload).await.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(app.activities("12345").await[0]["DESCRIPTION"], "123, 45");
    app.stop().await;
}

#[tokio::test]
async fn a_field_that_a_form_sends_twice_is_a_list_too() {
    let app = TestApp::start().await;
    let mut file = workflow_of(json!([insert(&json!({ "ID": "{{ memberId }}", "ActivityType": "ATTEND" }))]));
    file["trigger"]["acceptForm"] = json!(true);
    let made = app.import(&file).await;
    let form = app
        .request(reqwest::Method::POST, &made["url"])
        .header("content-type", "application/x-www-form-urlencoded")
        .body("memberId=123&memberId=45");
    let detail = app.settle(&app.send(form).await.run_id()).await;
    assert_eq!(error(&detail).0, "wrongType", "{detail:#}");
    assert_eq!(app.activities("12345").await.len(), 0);
    app.stop().await;
}

#[tokio::test]
async fn the_preview_and_the_dry_run_say_what_the_run_says() {
    let app = TestApp::start().await;
    let file = workflow_of(json!([insert(&json!({ "ID": "{{ memberId }}", "ActivityType": "ATTEND" })),
        { "id": "get", "type": "imisGet", "path": "Party", "query": { "Email": "{{ mail }}", "Name": "{{ name }}" } },
        { "id": "seen", "type": "alreadyRecorded", "match": { "ID": "{{ mail }}" } }]));
    let made = app.import(&file).await;
    let payload = json!({ "memberId": ["123", "45"], "name": "ne:x", "mail": "" });
    let detail = app.settle(&app.post(&made["url"], &payload).await.run_id()).await;
    let (_, message) = error(&detail);
    let dry = app.call("workflow_dry_run", json!({ "id": made["id"], "file": file })).await;
    assert_eq!(dry["rows"][0]["after"]["error"], json!(message), "{dry:#}");
    let preview = async |action: &str| {
        let asked = json!({ "file": file, "actionId": action, "payload": payload });
        app.call("action_preview", asked).await["fields"].clone()
    };
    assert_eq!(preview("activity").await[0]["problems"], json!([message]));
    let get = preview("get").await;
    assert!(get[1]["problems"][0].as_str().unwrap().starts_with("“Email” is blank"), "{get:#}");
    assert_eq!(get[2]["value"], "eq:ne:x", "as it would be asked");
    let seen = preview("seen").await;
    assert!(seen[0]["problems"][0].as_str().unwrap().starts_with("“ID” is blank"), "{seen:#}");
    app.stop().await;
}

#[tokio::test]
async fn a_lookup_without_a_value_is_not_made() {
    let app = TestApp::start().await;
    let get = |query: Value| json!([{ "id": "get", "type": "imisGet", "path": "Party", "query": query }]);
    let payload = json!({ "event_profile": {}, "blank": "  ", "id": "12345" });
    for template in ["{{ event_profile.email }}", "eq:{{ blank }}", "startsWith:{{ nope }}", ""] {
        let parts = ["“Email”", if template.is_empty() { "filled in" } else { template }];
        fails(&app, get(json!({ "Email": template })), &payload, "blankCriterion", &parts).await;
    }
    let by_path = json!([{ "id": "get", "type": "imisGet", "path": "Party/{{ nope }}" }]);
    fails(&app, by_path, &payload, "blankCriterion", &["“path”", "Party/{{ nope }}"]).await;
    // Allowed, it is left out.
    let mut allowed = get(json!({ "Id": "{{ id }}", "Email": "{{ blank }}" }));
    allowed[0]["allowBlank"] = json!(["Email"]);
    let made = app.import(&workflow_of(allowed)).await;
    let detail = app.settle(&app.post(&made["url"], &payload).await.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    assert_eq!(detail["steps"][0]["result"]["count"], 1, "{detail:#}");
    // But not where nothing else would be left to look for.
    let mut only = get(json!({ "Email": "{{ blank }}", "limit": "1" }));
    only[0]["allowBlank"] = json!(["Email"]);
    fails(&app, only, &payload, "blankCriterion", &["“Email”"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_value_of_the_payload_is_never_an_operator() {
    let app = TestApp::start().await;
    for (template, value, count) in [
        ("{{ id }}", "12345", 1),
        ("eq:{{ id }}", "12345", 1),
        ("{{ id }}", "ne:12345", 0),
        ("eq:{{ id }}", "ne:12345", 0),
        ("{{ id }}", "notEmpty", 0),
        ("{{ id }}", "startsWith:1", 0),
        ("startsWith:{{ id }}", "1234", 1),
        ("isEmpty", "", 0),
    ] {
        let get = json!([{ "id": "get", "type": "imisGet", "path": "Party", "query": { "Id": template } }]);
        let made = app.import(&workflow_of(get)).await;
        let detail = app.settle(&app.post(&made["url"], &json!({ "id": value })).await.run_id()).await;
        assert_eq!(detail["steps"][0]["result"]["count"], count, "{template} {value}: {detail:#}");
    }
    // In a path too.
    for (path, value, part) in
        [("Party/{{ id }}", "12345?limit=1", "refused"), ("Party?Id={{ id }}", "ne:1", "")]
    {
        let get = json!([{ "id": "get", "type": "imisGet", "path": path }]);
        let made = app.import(&workflow_of(get)).await;
        let detail = app.settle(&app.post(&made["url"], &json!({ "id": value })).await.run_id()).await;
        assert_eq!(error(&detail).0, part, "{path} {value}: {detail:#}");
        if part.is_empty() {
            assert_eq!(detail["steps"][0]["result"]["count"], 0, "{path} {value}: {detail:#}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn several_hits_are_never_taken_for_one() {
    let app = TestApp::start().await;
    let actions = |query: Value, id: &str| {
        json!([{ "id": "get", "type": "imisGet", "path": "Party", "query": query, "outputProperty": "party" },
               insert(&json!({ "ID": id, "ActivityType": "ATTEND" }))])
    };
    let many = || json!({ "Id": "startsWith:1000" });
    for id in [
        "{{ party.body.Items[\"$values\"][0].PartyId }}",
        "{{ input.party.body.Items[\"$values\"][-1].PartyId }}",
        "{{ party.body.Items[\"$values\"].first.PartyId }}",
        "{% assign all = party.body.Items[\"$values\"] %}{{ all[0].PartyId }}",
        "{% assign one = party.body.Items[\"$values\"] | first %}{{ one.PartyId }}",
        "{{ party.body.Items[\"$values\"] | map: 'PartyId' | first }}",
    ] {
        fails(&app, actions(many(), id), &json!({}), "template", &["ID", "found 9 records"]).await;
    }
    // One of a page of one is still one of several.
    let page = json!({ "Id": "startsWith:1000", "limit": "1" });
    let id = "{{ party.body.Items[\"$values\"][0].PartyId }}";
    fails(&app, actions(page, id), &json!({}), "template", &["found 9 records"]).await;
    // Who chooses, or counts, may.
    for id in [
        "{% assign one = party.body.Items[\"$values\"] | find: 'PartyId', '10003' %}{{ one.PartyId }}",
        "{% for one in party.body.Items[\"$values\"] %}{% if one.PartyId == '10003' %}{{ one.PartyId }}{% endif %}{% endfor %}",
        "{% if party.count == 9 and party.body.TotalCount == 9 %}10003{% endif %}",
    ] {
        let made = app.import(&workflow_of(actions(many(), id))).await;
        let detail = app.settle(&app.post(&made["url"], &json!({})).await.run_id()).await;
        assert_eq!(detail["run"]["status"], "succeeded", "{id}: {detail:#}");
    }
    // The preview says so as well.
    let file = workflow_of(actions(many(), id));
    let made = app.import(&file).await;
    let run = app.post(&made["url"], &json!({})).await.run_id();
    app.settle(&run).await;
    let asked = json!({ "file": file, "actionId": "activity", "runId": run });
    let preview = app.call("action_preview", asked).await;
    assert!(preview["fields"][0]["problems"].to_string().contains("found 9 records"), "{preview:#}");
    assert_eq!(app.activities("10003").await.len(), 3);
    assert_eq!(app.activities("10001").await.len(), 0);
    // And the only one is it.
    let made = app.import(&workflow_of(actions(json!({ "Id": "eq:10004" }), id))).await;
    let detail = app.settle(&app.post(&made["url"], &json!({})).await.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    app.stop().await;
}

#[tokio::test]
async fn a_blank_criterion_fails_the_look_for_a_like_record() {
    let app = TestApp::start().await;
    let like = |allowed: Value| {
        json!([{ "id": "seen", "type": "alreadyRecorded", "outputProperty": "seen", "allowBlank": allowed,
                 "match": { "ID": "{{ memberId }}", "ActivityType": "ATTEND", "UF1": "{{ session }}" } }])
    };
    fails(&app, like(json!([])), &json!({}), "blankCriterion", &["“ID”", "{{ memberId }}"]).await;
    fails(&app, like(json!([])), &json!({ "memberId": "12345" }), "blankCriterion", &["“UF1”"]).await;
    fails(&app, like(json!(["UF1"])), &json!({ "session": "A" }), "blankCriterion", &["“ID”"]).await;
    let made = app.import(&workflow_of(like(json!(["UF1"])))).await;
    let detail = app.settle(&app.post(&made["url"], &json!({ "memberId": "12345" })).await.run_id()).await;
    assert_eq!(detail["run"]["status"], "succeeded", "{detail:#}");
    let only = json!([{ "id": "seen", "type": "alreadyRecorded", "allowBlank": ["ID"], "match": { "ID": "{{ no }}" } }]);
    fails(&app, only, &json!({}), "blankCriterion", &["“ID”"]).await;
    app.stop().await;
}

/// The sandbox in this zone; with this date order where one is given.
async fn sandbox_in(app: &TestApp, zone: &str, order: Option<Value>) -> Value {
    let mut request =
        json!({ "name": "sandbox", "baseUrl": app.sandbox_url, "username": "sandbox", "timeZone": zone });
    if let Some(order) = order {
        request["dateOrder"] = order;
    }
    app.call("connection_save", request).await["connection"].clone()
}

#[tokio::test]
async fn the_order_of_a_date_is_the_connections() {
    let app = TestApp::start().await;
    let fields = json!({ "ID": "{{ memberId }}", "ActivityType": "ATTEND", "TransactionDate": "{{ at }}",
        "Description": "{{ at | date: '%Y-%m-%d' }}" });
    let file = workflow_of(json!([insert(&fields)]));
    let made = app.import(&file).await;
    for (zone, order, effective, at, expected) in [
        ("America/New_York", None, "m/d", "03/04/2026", Ok("2026-03-04")),
        ("Australia/Sydney", None, "d/m", "03/04/2026", Ok("2026-04-03")),
        ("Australia/Sydney", None, "d/m", "27/05/2026 9:15 PM", Ok("2026-05-27")),
        ("Australia/Sydney", None, "d/m", "05/27/2026", Err("it fits m/d only")),
        ("Australia/Sydney", Some(json!("m/d")), "m/d", "03/04/2026", Ok("2026-03-04")),
        // Chosen once, it stays.
        ("Europe/London", None, "m/d", "27/05/2026", Err("it fits d/m only")),
        ("Europe/London", Some(Value::Null), "d/m", "27/05/2026", Ok("2026-05-27")),
    ] {
        let what = format!("{at} in {zone}, {order:?}");
        let saved = sandbox_in(&app, zone, order).await;
        assert_eq!(saved["dateOrder"], effective, "{what}");
        let listed = app.call("connection_list", json!({})).await["connections"][0].clone();
        assert_eq!(listed["dateOrder"], effective, "{what}");
        let payload = json!({ "memberId": "12345", "at": at });
        let id = app.post(&made["url"], &payload).await.run_id();
        let detail = app.settle(&id).await;
        let asked = json!({ "file": file, "actionId": "activity", "payload": payload });
        let preview = app.call("action_preview", asked).await["fields"][2].clone();
        let dry = app.call("workflow_dry_run", json!({ "id": made["id"], "file": file, "limit": 1 })).await;
        let dry = dry["rows"][0]["after"].clone();
        let mut constant = file.clone();
        constant["actions"][0]["fields"]["TransactionDate"] = json!(at);
        let check = app.call("workflow_check", json!({ "file": constant })).await.to_string();
        match expected {
            Ok(day) => {
                assert_eq!(detail["run"]["status"], "succeeded", "{what}: {detail:#}");
                let written = app.activities("12345").await[0].clone();
                assert!(written["TRANSACTION_DATE"].starts_with(day), "{what}: {written:?}");
                assert_eq!(written["DESCRIPTION"], day, "{what}");
                assert!(preview["value"].as_str().unwrap().starts_with(day), "{what}: {preview}");
                assert_eq!(dry["outcome"], "succeeded", "{what}: {dry}");
                assert!(!check.contains("fits"), "{what}: {check}");
            }
            Err(why) => {
                let (code, message) = error(&detail);
                // The template's own filter says it first or the field does.
                assert!(["badDate", "template"].contains(&code.as_str()), "{what}: {code}");
                assert!(message.contains(why) && message.contains(at), "{what}: {message}");
                assert!(preview["problems"].to_string().contains(why), "{what}: {preview}");
                assert!(dry["error"].as_str().unwrap().contains(why), "{what}: {dry}");
                assert!(check.contains(why), "{what}: {check}");
            }
        }
    }
    let refused = app
        .call_refused(
            "connection_save",
            json!({ "name": "sandbox", "baseUrl": app.sandbox_url, "username": "sandbox", "dateOrder": "y/m" }),
        )
        .await;
    assert_eq!(refused["code"], "badRequest", "{refused}");
    app.stop().await;
}

#[tokio::test]
async fn a_date_that_fits_only_the_other_order_names_its_field() {
    let app = TestApp::start().await;
    sandbox_in(&app, "Australia/Sydney", None).await;
    let made = app.import(&workflow()).await;
    let mut file = workflow();
    file["actions"][0]["schema"] = json!({});
    let made_free = app.import(&file).await;
    let payload = with(check_in(), "/checkInTime", json!("05/27/2026"));
    assert_eq!(app.post(&made["url"], &payload).await.status, 400, "the schema wants ISO");
    let detail = app.settle(&app.post(&made_free["url"], &payload).await.run_id()).await;
    let (code, message) = error(&detail);
    assert_eq!(code, "badDate", "{message}");
    assert!(message.contains("TransactionDate") && message.contains("d/m"), "{message}");
    app.stop().await;
}
