#![expect(clippy::needless_pass_by_value, reason = "tables of literal values read better without &")]

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::*;
use crate::record::{Column, ColumnType, PanelKind};

mod schema;

static UTC: LazyLock<SiteTime> = LazyLock::new(SiteTime::utc);

/// Nothing is known of the site but that it is there.
fn nothing() -> Facts<'static> {
    Facts {
        activity_types: None,
        activity_columns: crate::activity::columns(),
        panels: None,
        site: &UTC,
        connection_known: true,
        sender_secret: SenderSecret::Unknown,
    }
}

fn panel() -> Panel {
    let column = |name: &str, kind: ColumnType, max_length: Option<u32>| Column {
        name: name.to_owned(),
        caption: None,
        aliases: Vec::new(),
        kind,
        max_length,
        required: false,
        identity: false,
        read_only: name == "Ordinal",
        values: Vec::new(),
    };
    Panel {
        name: "Event_Attendance".to_owned(),
        description: String::new(),
        kind: PanelKind::Multi,
        parent: "Party".to_owned(),
        columns: vec![
            column("ID", ColumnType::String, Some(10)),
            column("Ordinal", ColumnType::Integer, None),
            column("Session", ColumnType::String, Some(5)),
            column("Score", ColumnType::Integer, None),
            Column {
                values: [("A", "Track A"), ("B", "Track B")]
                    .map(|(value, label)| (value.to_owned(), label.to_owned()))
                    .to_vec(),
                ..column("Track", ColumnType::String, Some(5))
            },
        ],
    }
}

fn check(actions: Value, expected: &[(&str, &str, &str)]) {
    let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": actions});
    let workflow = Workflow::parse(&file).unwrap();
    let known = |code: &str, uses: &[&str]| KnownType {
        code: code.to_owned(),
        uses: uses.iter().map(|&field| field.to_owned()).collect(),
    };
    let types = [known("ATTEND", &["PRODUCT_CODE", "UF_4"]), known("CALL", &[])];
    let panels = [panel(), Panel { name: "Booths".to_owned(), parent: "Event".to_owned(), ..panel() }];
    let facts = Facts { activity_types: Some(&types), panels: Some(&panels), ..nothing() };
    let found = problems(&workflow, &facts);
    let found: Vec<_> = found
        .iter()
        .map(|p| (p.path.as_str(), p.field.as_deref().unwrap_or_default(), p.message.as_str()))
        .collect();
    assert_eq!(found, expected, "{actions}");
}

fn insert(fields: Value) -> Value {
    json!([{"id": "i", "type": "insertActivity", "fields": fields}])
}

#[test]
fn a_complete_workflow_has_no_problems() {
    check(
        json!([
            {"id": "v", "type": "jsonSchemaValidation", "schema": {"properties": {"memberId": {}}, "additionalProperties": false}},
            {"id": "i", "type": "insertActivity",
             "fields": {"ID": "{{ input.memberId }}", "Activity Type": "attend", "UF4": "1.5", "Transaction Date": ""}},
            {"id": "p", "type": "insertPanelRecord", "panel": "event_attendance", "fields": {"Session": "{{ memberId }}"}}
        ]),
        &[],
    );
}

#[test]
fn an_output_whose_name_means_something_else_is_told() {
    let message = "The name \"run\" means something else in templates: only input.run would reach this. Choose another.";
    check(
        json!([{"id": "n", "type": "notify", "title": "t", "message": "m", "outputProperty": "run"}]),
        &[("/actions/0/outputProperty", "outputProperty", message)],
    );
    let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": [
        {"id": "n", "type": "notify", "title": "t", "message": "m"}],
        "trigger": {"type": "webhook", "metadataOutputProperty": "input"}});
    let found = problems(&Workflow::parse(&file).unwrap(), &nothing());
    assert!(found.iter().any(|problem| problem.path == "/trigger/metadataOutputProperty"), "{found:?}");
}

#[test]
fn zooms_handshake_without_a_secret_to_answer_it_with_is_told() {
    for (handshake, authentication, expected) in [
        ("zoom", json!(null), 1),
        ("zoom", json!({"kind": "basic"}), 1),
        ("zoom", json!({"kind": "hmac", "scheme": "standardWebhooks"}), 1),
        ("zoom", json!({"kind": "hmac", "scheme": "zoom"}), 0),
        ("hookSecret", json!(null), 0),
    ] {
        let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": [
            {"id": "n", "type": "notify", "title": "t", "message": "m"}],
            "trigger": {"type": "webhook", "handshake": handshake, "authentication": authentication}});
        let found = problems(&Workflow::parse(&file).unwrap(), &nothing());
        let found = found.iter().filter(|problem| problem.path == "/trigger/handshake");
        assert_eq!(found.count(), expected, "{handshake} {authentication}");
    }
}

#[test]
fn a_preset_of_nobody_is_told() {
    for (preset, expected) in [("Cvent", 0), ("swapcard", 0), ("swapcrad", 1)] {
        let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": [
            {"id": "n", "type": "notify", "title": "t", "message": "m"}],
            "trigger": {"type": "webhook", "preset": preset}});
        let found = problems(&Workflow::parse(&file).unwrap(), &nothing());
        let told = found.iter().filter(|problem| problem.path == "/trigger/preset").count();
        assert_eq!(told, expected, "{preset}: {found:?}");
    }
}

#[test]
fn a_secret_that_is_missing_or_for_another_use_is_told() {
    let header = json!({"kind": "header", "header": "X-Key"});
    let signed = |scheme: &str| json!({"kind": "hmac", "scheme": scheme});
    for (authentication, kept, expected) in [
        (json!(null), SenderSecret::Missing, None),
        (header.clone(), SenderSecret::Missing, Some("answered 503")),
        (header.clone(), SenderSecret::Unknown, None),
        (header.clone(), SenderSecret::For(SecretUse::Header), None),
        (header, SenderSecret::For(SecretUse::Basic), Some("as a user and a password, and now the value of")),
        (json!({"kind": "basic"}), SenderSecret::For(SecretUse::Signature), Some("as a signing key")),
        (signed("github"), SenderSecret::For(SecretUse::Signature), None),
        (signed("swapcard"), SenderSecret::For(SecretUse::Signature), None),
        (signed("standardWebhooks"), SenderSecret::For(SecretUse::Signature), Some("answered 401")),
    ] {
        let mut file = json!({"format": "ihook.workflow/1", "name": "W", "trigger": {"type": "webhook"},
            "actions": [{"id": "n", "type": "notify", "title": "t", "message": "m"}]});
        if !authentication.is_null() {
            file["trigger"]["authentication"] = authentication.clone();
        }
        let facts = Facts { sender_secret: kept, ..nothing() };
        let found = problems(&Workflow::parse(&file).unwrap(), &facts);
        let told: Vec<_> = found.iter().map(|problem| (problem.path.as_str(), &*problem.message)).collect();
        match expected {
            None => assert!(told.is_empty(), "{authentication} {kept:?}: {told:?}"),
            Some(part) => assert!(
                matches!(told[..], [("/trigger/authentication", message)] if message.contains(part)),
                "{authentication} {kept:?}: {told:?}"
            ),
        }
    }
}

#[test]
fn an_activity_is_looked_through_field_by_field() {
    check(
        insert(json!({})),
        &[
            ("/actions/0/fields", "ID", "ID is required and not filled in."),
            ("/actions/0/fields", "Activity Type", "Activity Type is required and not filled in."),
        ],
    );
    check(
        insert(
            json!({"ID": " ", "ACTIVITY_TYPE": "Gift", "Colour": "x", "Activity Type": "CALL", "SEQN": "1"}),
        ),
        &[
            ("/actions/0/fields/ID", "ID", "ID is required and blank."),
            ("/actions/0/fields/Colour", "Colour", "An activity has no field \"Colour\"."),
            (
                "/actions/0/fields/Activity Type",
                "Activity Type",
                "\"Activity Type\" and \"ACTIVITY_TYPE\" are the same field.",
            ),
            ("/actions/0/fields/SEQN", "SEQN", "iMIS itself sets \"SEQN\"; it cannot be written."),
            (
                "/actions/0/fields/ACTIVITY_TYPE",
                "ACTIVITY_TYPE",
                "iMIS itself writes activities of the type Gift; choose one of your own.",
            ),
            ("/actions/0/fields/ACTIVITY_TYPE", "ACTIVITY_TYPE", "iMIS has no activity type Gift."),
        ],
    );
}

#[test]
fn constants_must_fit_and_templates_are_left_to_the_run() {
    let constant = |name: &str, text: &str| {
        let mut fields = json!({"ID": "1", "ActivityType": "CALL"});
        fields[name] = json!(text);
        let file = json!({"format": "ihook.workflow/1", "name": "W", "actions": insert(fields)});
        let facts = nothing();
        let found = problems(&Workflow::parse(&file).unwrap(), &facts);
        found.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
    };
    assert_eq!(constant("Source System", "12345678901"), ["/actions/0/fields/Source System"], "too long");
    assert_eq!(constant("UF_4", "many"), ["/actions/0/fields/UF_4"], "no number");
    assert_eq!(constant("Effective Date", "someday"), ["/actions/0/fields/Effective Date"], "no date");
    assert_eq!(constant("UF_4", "{{ many }}"), [""; 0]);
    assert_eq!(constant("Effective Date", "2026-05-27"), [""; 0]);
}

#[test]
fn panels_are_held_against_their_columns() {
    let insert = |panel: &str, fields: Value| json!([{"id": "p", "type": "insertPanelRecord", "panel": panel, "fields": fields}]);
    check(insert("", json!({})), &[("/actions/0/panel", "panel", "No panel is chosen.")]);
    check(insert("Other", json!({})), &[("/actions/0/panel", "panel", "iMIS has no panel \"Other\".")]);
    check(
        insert("Event_Attendance", json!({"Room": "x"})),
        &[("/actions/0/fields/Room", "Room", "The panel \"Event_Attendance\" has no field \"Room\".")],
    );
    let file = json!({"format": "ihook.workflow/1", "name": "W",
        "actions": insert("Event_Attendance", json!({"Session": "KEYNOTE", "Score": "x"}))});
    let panels = [panel()];
    let facts = Facts { panels: Some(&panels), ..nothing() };
    let found = problems(&Workflow::parse(&file).unwrap(), &facts);
    assert_eq!(found.len(), 2, "too long, and no number: {found:?}");
}

#[test]
fn a_lookup_that_can_only_fail_is_shown() {
    check(
        json!([{"id": "g", "type": "imisGet", "path": "Party", "query": {"Email": " ", "Id": "{{ x }}"},
            "allowBlank": ["Name", "Id"]}]),
        &[
            (
                "/actions/0/query/Email",
                "Email",
                "\"Email\" is blank: every run would fail here. Fill it in, or take it out.",
            ),
            ("/actions/0/allowBlank/0", "Name", "\"Name\" may be blank, and nothing is looked up by it."),
        ],
    );
    check(
        json!([{"id": "s", "type": "alreadyRecorded", "outputProperty": "s", "match": {"ID": "", "UF1": ""},
            "allowBlank": ["UF1"]}]),
        &[(
            "/actions/0/match/ID",
            "ID",
            "\"ID\" is blank: every run would fail here. Fill it in, or take it out.",
        )],
    );
}

#[test]
fn fields_that_a_type_does_not_use_are_shown() {
    let fields = |kind: &str| json!({"ID": "1", "Activity Type": kind, "Product Code": "A", "UF5": "{{ x }}", "Note": ""});
    check(
        insert(fields("attend")),
        &[(
            "/actions/0/fields/UF5",
            "UF5",
            "The activity type ATTEND does not use \"UF5\": iMIS stores the value and shows it nowhere.",
        )],
    );
    check(insert(fields("CALL")), &[]);
    check(insert(fields("{{ kind }}")), &[]);
}

#[test]
fn panels_of_other_parents_and_values_that_are_not_offered_are_shown() {
    let insert = |panel: &str, fields: Value| json!([{"id": "p", "type": "insertPanelRecord", "panel": panel, "fields": fields}]);
    check(
        insert("Booths", json!({"Session": "A"})),
        &[(
            "/actions/0/panel",
            "panel",
            "The panel \"Booths\" belongs to Event records; iHook writes only panels of members (Party) and panels \
             of their own (Standalone).",
        )],
    );
    check(
        insert("Event_Attendance", json!({"Track": "c"})),
        &[(
            "/actions/0/fields/Track",
            "Track",
            "\"c\" is not among the values that iMIS offers for \"Track\" (A, B).",
        )],
    );
    check(insert("Event_Attendance", json!({"Track": "a"})), &[]);
    check(insert("Event_Attendance", json!({"Track": "{{ track }}"})), &[]);
}

#[test]
fn names_that_a_closed_schema_rules_out_are_shown() {
    let closed = json!({"id": "v", "type": "jsonSchemaValidation", "errorProperty": "errors",
        "schema": {"properties": {"memberId": {}, "people": {}}, "additionalProperties": false}});
    let say = |text: &str| json!([closed, {"id": "n", "type": "notify", "title": "t", "message": text}]);
    check(say("{{ input.memberId }} {{ run.id }} {{ errors[0].path }} {{ workflow.name }}"), &[]);
    check(
        say("{% for p in people %}{{ p.name }}{{ forloop.index }}{% endfor %}{% assign x = 1 %}{{ x }}"),
        &[],
    );
    check(
        say("{{ input.memberID }}"),
        &[("/actions/1/message", "message", "The schema knows no \"memberID\", so this is always empty.")],
    );
}

#[test]
fn in_an_open_schema_only_what_looks_like_a_slip_is_shown() {
    let say = |text: &str| {
        json!([{"id": "v", "type": "jsonSchemaValidation", "schema": {"properties": {"memberId": {}}}},
        {"id": "n", "type": "notify", "title": text, "message": ""}])
    };
    check(say("{{ other }} {{ input.more.id }} {{ memberId }} {{ memberId2 }}"), &[]);
    let message = "There is no \"memberID\" in the schema or before this step; did you mean \"memberId\"?";
    check(say("{{ input.memberID }}"), &[("/actions/1/title", "title", message)]);
}

#[test]
fn what_a_later_step_puts_there_is_not_there_yet() {
    let notify = |id: &str, text: &str| json!({"id": id, "type": "notify", "title": text, "message": "", "outputProperty": id});
    let later = "\"b\" is put there by a later step, so this is empty here.";
    check(
        json!([notify("a", "{{ b.title }}"), notify("b", "{{ a.title }}"), notify("c", "{{ b.title }}")]),
        &[("/actions/0/title", "title", later)],
    );
    let gate = json!({"id": "g", "type": "gate", "expression": "b.count > 0"});
    check(json!([gate, notify("b", "x")]), &[("/actions/0/expression", "expression", later)]);
    let call = json!({"id": "h", "type": "httpRequest", "method": "POST", "url": "https://e.org",
        "headers": {"X": "{{ b }}", "Authorization": "{{ secret.key }}"}, "body": {"list": ["{{ b }}"]}});
    check(
        json!([call, notify("b", "x")]),
        &[("/actions/0/headers/X", "X", later), ("/actions/0/body/list/0", "body/list/0", later)],
    );
    let each = json!({"id": "l", "type": "forEach", "list": "/people", "as": "who",
        "actions": [notify("own", "{{ who.name }}"), notify("two", "{{ own.title }}")]});
    check(json!([each]), &[]);
}

#[test]
fn the_rest_is_looked_at_too() {
    check(
        json!([]),
        &[("/actions", "", "This workflow has no enabled action: it accepts deliveries and does nothing.")],
    );
    check(
        json!([
            {"id": "v", "type": "jsonSchemaValidation"},
            {"id": "g", "type": "gate"},
            {"id": "h", "type": "httpRequest", "url": "example.org"},
            {"id": "m", "type": "imisGet"},
            {"id": "a", "type": "alreadyRecorded", "match": {"Hue": "1"}},
            {"id": "l", "type": "forEach", "actions": [{"id": "n", "type": "notify", "enabled": false}]},
            {"id": "o", "type": "notify"},
            {"id": "x", "type": "insertActivity", "enabled": false},
            {"id": "p", "type": "notify", "title": "$$old name$$"}
        ]),
        &[
            ("/actions/0/schema", "schema", "The schema is empty: every payload passes."),
            ("/actions/1/expression", "expression", "The gate has no expression, so it stops every run."),
            ("/actions/2/url", "url", "The address should begin with https://."),
            ("/actions/3/path", "path", "The path is missing; it is what follows /api/."),
            ("/actions/4/match/Hue", "Hue", "An activity has no field \"Hue\"."),
            (
                "/actions/4/outputProperty",
                "outputProperty",
                "Without an Output Property no later gate can see what was found.",
            ),
            ("/actions/5/list", "list", "No list is chosen."),
            ("/actions/5/actions", "actions", "The loop has no enabled action, so it does nothing."),
            ("/actions/6/message", "message", "The notification has neither title nor message."),
            (
                "/actions/8/title",
                "title",
                "\"$$\" looks like the old form $$name$$, which is sent as it stands.",
            ),
        ],
    );
    let file = json!({"format": "ihook.workflow/1", "name": "W", "connection": "live", "actions": [{"id": "n", "type": "notify", "title": "t"}]});
    let facts = Facts { connection_known: false, ..nothing() };
    let found = problems(&Workflow::parse(&file).unwrap(), &facts);
    assert_eq!(found[0].path, "/connection");
}
