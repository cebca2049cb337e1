use serde_json::{Value, json};

use super::*;
use crate::signature::{Algorithm, Encoding, Scheme, Signing};

fn file() -> Value {
    json!({
        "format": "ihook.workflow/1",
        "name": "Event Check-In > Insert Attendance Activity",
        "description": "", "connection": "sandbox",
        "trigger": {
            "type": "webhook", "metadataOutputProperty": "meta", "return202Accepted": false,
            "omitResponseBody": false, "validateBeforeAnswering": true, "ordered": false
        },
        "actions": [
            {"id": "validate", "type": "jsonSchemaValidation",
             "schema": {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}},
            {"id": "activity", "type": "insertActivity",
             "fields": {"ID": "{{ input.memberId }}", "ActivityType": "ATTEND", "Units": 1}},
            {"id": "panel", "type": "insertPanelRecord", "panel": "Event_Attendance",
             "fields": {"ID": "{{ input.memberId }}"}}
        ],
        "scenarios": [{"name": "valid", "payload": {}, "expect": {"answer": 200, "status": "succeeded"}}]
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut file = file();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
    file
}

fn refused(file: &Value, path: &str, part: &str) {
    let fault = Workflow::parse(file).unwrap_err();
    assert_eq!(fault.path, path, "{fault}");
    assert!(fault.message.contains(part), "{fault} should say {part}");
}

#[test]
fn the_file_of_the_product_page_is_read() {
    let workflow = Workflow::parse(&file()).unwrap();
    assert_eq!(workflow.trigger.metadata_output_property.as_deref(), Some("meta"));
    let titles: Vec<&str> = workflow.actions.iter().map(Action::title).collect();
    assert_eq!(titles, ["JSON Schema Validation", "Insert Activity", "Insert Panel Record"]);
    let ActionKind::InsertActivity { fields, check_member, .. } = &workflow.actions[1].kind else { panic!() };
    assert!(check_member, "the member is checked unless told otherwise");
    let fields: Vec<_> = fields.iter().map(|field| (field.name.as_str(), field.template.as_str())).collect();
    assert_eq!(fields, [("ID", "{{ input.memberId }}"), ("ActivityType", "ATTEND"), ("Units", "1")]);
    assert_eq!(
        (workflow.scenarios[0].answer, workflow.scenarios[0].status.as_deref()),
        (Some(200), Some("succeeded"))
    );
}

#[test]
fn what_is_left_out_has_its_default() {
    let workflow = Workflow::parse(&json!({"format": FORMAT, "name": "N"})).unwrap();
    assert_eq!(workflow.trigger, Trigger::default());
    assert!(workflow.trigger.validate_before_answering);
    assert_eq!((workflow.connection.as_str(), workflow.actions.len()), ("sandbox", 0));
    let workflow =
        Workflow::parse(&with("/actions", json!([{"id": "g", "type": "gate", "name": "  "}]))).unwrap();
    let gate = &workflow.actions[0];
    assert_eq!(
        (gate.enabled, &gate.on_failure, &gate.when_disabled),
        (true, &OnFailure::Fail, &WhenDisabled::Skip)
    );
    assert_eq!((gate.title(), gate.type_name()), ("Gate", "gate"), "a blank name is none");
    assert_eq!(gate.kind, ActionKind::Gate { expression: None, outcome: GateOutcome::StopSuccess });
}

#[test]
fn every_type_and_member_is_known() {
    let actions = json!([
        {"id": "1", "type": "jsonSchemaValidation", "schema": "{}", "path": "attendee.email", "errorProperty": "e",
         "strictDateTime": true, "name": "Check", "enabled": false, "onFailure": "continue", "whenDisabled": "succeed",
         "outputProperty": "o"},
        {"id": "2", "type": "insertActivity", "fields": {}, "checkMember": false, "markerField": "UF_1"},
        {"id": "3", "type": "insertPanelRecord", "panel": "P", "fields": {}, "checkMember": false},
        {"id": "4", "type": "gate", "expression": "x", "outcome": {"goTo": "6"}},
        {"id": "5", "type": "httpRequest", "method": "post", "url": "https://e.org", "headers": {"X-A": "b"},
         "body": {"a": "{{ b }}"}, "failOn": ["4xx", "5xx", "empty"], "timeoutSeconds": 5},
        {"id": "6", "type": "imisGet", "path": "Party/1", "query": {"a": "b"}},
        {"id": "7", "type": "alreadyRecorded", "match": {"ID": "1"}, "withinHours": 24},
        {"id": "8", "type": "forEach", "list": "/items", "as": "row", "actions": [
            {"id": "9", "type": "notify", "title": "t", "message": "m", "onFailure": {"goTo": "10"}},
            {"id": "10", "type": "gate", "outcome": "stopFailure"}]}
    ]);
    let workflow = Workflow::parse(&with("/actions", actions)).unwrap();
    let names: Vec<_> = workflow.actions.iter().map(|action| (action.type_name(), action.title())).collect();
    assert_eq!(
        names,
        [
            ("jsonSchemaValidation", "Check"),
            ("insertActivity", "Insert Activity"),
            ("insertPanelRecord", "Insert Panel Record"),
            ("gate", "Gate"),
            ("httpRequest", "HTTP Request"),
            ("imisGet", "iMIS API"),
            ("alreadyRecorded", "Already Recorded"),
            ("forEach", "For Each"),
        ]
    );
    let ActionKind::JsonSchemaValidation { path, .. } = &workflow.actions[0].kind else { panic!() };
    assert_eq!(path.as_deref(), Some("/attendee/email"), "dots are taken for a pointer");
    assert_eq!(workflow.actions[0].when_disabled, WhenDisabled::As(OnFailure::Succeed));
}

#[test]
fn unknown_and_wrong_members_are_refused_with_their_path() {
    refused(&json!([]), "", "must be an object");
    refused(&json!({"name": "N"}), "/format", "missing");
    refused(&with("/format", json!("ihook.workflow/2")), "/format", "not known");
    refused(&with("/name", json!(" ")), "/name", "missing");
    refused(&with("/colour", json!(1)), "/colour", "\"colour\" is not known here");
    refused(&with("/trigger/a~b", json!(1)), "/trigger/a~0b", "not known");
    refused(&with("/trigger/type", json!("cron")), "/trigger/type", "no trigger type");
    refused(&with("/trigger/ordered", json!("yes")), "/trigger/ordered", "true or false, not text");
    refused(&with("/trigger/maxBodyBytes", json!(300_000_000)), "/trigger/maxBodyBytes", "209715200");
    refused(&with("/actions", json!({})), "/actions", "must be a list");
    refused(&with("/actions/0/id", json!(7)), "/actions/0/id", "must be text");
    let slow = json!({"id": "h", "type": "httpRequest", "method": "GET", "url": "https://e.org", "timeoutSeconds": 121});
    refused(&with("/actions/0", slow), "/actions/0/timeoutSeconds", "from 1 to 120");
    refused(
        &with("/actions/0/type", json!("javaScript")),
        "/actions/0/type",
        "no action type \"javaScript\"",
    );
    refused(&with("/actions/1/panel", json!("P")), "/actions/1/panel", "not known here");
    refused(
        &with("/actions/1/fields/A~1B", json!({})),
        "/actions/1/fields/A~01B",
        "must be text, not an object",
    );
    refused(&with("/actions/0/schema", json!(true)), "/actions/0/schema", "object");
    refused(&with("/actions/0/onFailure", json!("retry")), "/actions/0/onFailure", "\"fail\", \"succeed\"");
    refused(&with("/actions/0/onFailure", json!("skip")), "/actions/0/onFailure", "must be \"fail\"");
    refused(
        &with("/actions/0/onFailure", json!({"goTo": "panel", "x": 1})),
        "/actions/0/onFailure/x",
        "not known",
    );
    refused(&with("/scenarios/0/expect/code", json!(1)), "/scenarios/0/expect/code", "not known");
    let http = |member: &str, value: Value, path: &str, part: &str| {
        refused(
            &with("/actions/0", json!({"id": "h", "type": "httpRequest", member: value})),
            &format!("/actions/0/{path}"),
            part,
        );
    };
    http("method", json!("BREW"), "method", "not a method");
    http("headers", json!({"a b": "c"}), "headers/a b", "name of a header");
    http("failOn", json!(["3xx"]), "failOn/0", "not known");
    http("body", json!(7), "body", "must be text");
}

#[test]
fn jumps_lead_forward_within_their_list() {
    let go = |target: &str| json!({"goTo": target});
    assert!(Workflow::parse(&with("/actions/0/onFailure", go("panel"))).is_ok());
    refused(&with("/actions/1/onFailure", go("validate")), "/actions/1/onFailure/goTo", "later action");
    refused(&with("/actions/1/onFailure", go("activity")), "/actions/1/onFailure/goTo", "later action");
    refused(
        &with("/actions/1/whenDisabled", go("nowhere")),
        "/actions/1/whenDisabled/goTo",
        "no such action",
    );
    let loops = |outer: Value, inner: Value| {
        with(
            "/actions",
            json!([
                {"id": "g", "type": "gate", "outcome": outer},
                {"id": "l", "type": "forEach", "list": "/x", "as": "x", "actions": [
                    {"id": "i", "type": "gate", "outcome": inner}, {"id": "j", "type": "notify"}]},
                {"id": "z", "type": "notify"}
            ]),
        )
    };
    assert!(Workflow::parse(&loops(go("z"), go("j"))).is_ok());
    refused(&loops(go("j"), go("j")), "/actions/0/outcome/goTo", "into or out of a For Each");
    refused(&loops(go("z"), go("z")), "/actions/1/actions/0/outcome/goTo", "into or out of a For Each");
    refused(&loops(go("z"), go("i")), "/actions/1/actions/0/outcome/goTo", "later action");
}

#[test]
fn ids_are_unique_and_loops_do_not_nest() {
    refused(&with("/actions/2/id", json!("validate")), "/actions/2/id", "more than one action");
    let nested =
        json!({"id": "l", "type": "forEach", "list": "/x", "actions": [{"id": "panel", "type": "notify"}]});
    refused(&with("/actions/0", nested), "/actions/2/id", "more than one action");
    let twice =
        json!({"id": "l", "type": "forEach", "list": "/x", "actions": [{"id": "m", "type": "forEach"}]});
    refused(&with("/actions/0", twice), "/actions/0/actions/0/type", "cannot stand inside another");
}

#[test]
fn trigger_options_are_read_and_checked() {
    let trigger = |member: &str, value: Value| {
        Workflow::parse(&with(&format!("/trigger/{member}"), value)).map(|workflow| workflow.trigger)
    };
    let bad = |member: &str, value: Value, path: &str, part: &str| {
        refused(&with(&format!("/trigger/{member}"), value), &format!("/trigger/{path}"), part);
    };
    let found = trigger("allowAddresses", json!(["192.0.2.0/24", "2001:db8::/32", "10.0.0.1"])).unwrap();
    assert_eq!(found.allow_addresses.len(), 3);
    bad("allowAddresses", json!(["192.0.2.0/33"]), "allowAddresses/0", "not an address block");
    bad("cors", json!(["example.org"]), "cors/0", "not an origin");
    bad("cors", json!(["https://example.org/"]), "cors/0", "not an origin");
    assert!(trigger("cors", json!(["*", "https://app.example.org:8443"])).is_ok());
    for (name, handshake) in Handshake::ALL {
        assert_eq!(trigger("handshake", json!(name)).unwrap().handshake, Some(handshake));
    }
    assert_eq!(trigger("handshake", json!("")).unwrap().handshake, None);
    bad("handshake", json!("Cvent"), "handshake", "use one of \"cvent\"");
    let found = trigger("rateLimit", json!({"perSecond": 0.5, "burst": 20})).unwrap();
    assert_eq!(found.rate_limit, Some(RateLimit { per_second: 0.5, burst: 20 }));
    bad("rateLimit", json!({"perSecond": 0, "burst": 1}), "rateLimit/perSecond", "above 0");
    bad("rateLimit", json!({"burst": 1}), "rateLimit/perSecond", "missing");
    let from =
        |text: &str| trigger("idempotency", json!({"from": text, "windowHours": 48})).map(|t| t.idempotency);
    let key = |from: IdempotencyFrom| Some(Idempotency { from, window_hours: 48 });
    assert_eq!(from("header:X-Request-Id").unwrap(), key(IdempotencyFrom::Header("x-request-id".to_owned())));
    assert_eq!(from("pointer:/a/b").unwrap(), key(IdempotencyFrom::Pointer("/a/b".to_owned())));
    assert_eq!(from("template:{{ a }}:x").unwrap(), key(IdempotencyFrom::Template("{{ a }}:x".to_owned())));
    for wrong in
        ["header:a b", "header:", "pointer:a", "pointer:", "pointer:/~2", "template: ", "cookie:x", "x"]
    {
        bad("idempotency", json!({"from": wrong}), "idempotency/from", "must be \"header:<name>\"");
    }
    bad("idempotency", json!({"from": "header:x", "windowHours": 721}), "idempotency/windowHours", "720");
}

#[test]
fn authentication_is_completed() {
    let check = |given: Value, expected: (AuthenticationKind, &str, &str, Option<u32>)| {
        let file = with("/trigger/authentication", given);
        let found = Workflow::parse(&file).unwrap().trigger.authentication.unwrap();
        let found = (found.kind, found.header.as_str(), found.prefix.as_str(), found.tolerance_seconds);
        assert_eq!(found, expected);
    };
    let hmac = |scheme, algorithm, encoding| {
        AuthenticationKind::Hmac(Signing { scheme: Scheme::of(scheme).unwrap(), algorithm, encoding })
    };
    check(json!({"kind": "header", "header": "X-Key"}), (AuthenticationKind::Header, "x-key", "", None));
    check(json!({"kind": "basic"}), (AuthenticationKind::Basic, "authorization", "Basic ", None));
    check(
        json!({"kind": "hmac", "scheme": "standardWebhooks"}),
        (
            hmac("standardWebhooks", Algorithm::Sha256, Encoding::Base64),
            "webhook-signature",
            "v1,",
            Some(300),
        ),
    );
    check(
        json!({"kind": "hmac", "scheme": "github"}),
        (hmac("github", Algorithm::Sha256, Encoding::Hex), "x-hub-signature-256", "sha256=", None),
    );
    check(
        json!({"kind": "hmac", "scheme": "swapcard", "header": "X-Signature-256"}),
        (hmac("swapcard", Algorithm::Sha256, Encoding::Hex), "x-signature-256", "sha256=", None),
    );
    check(
        json!({"kind": "hmac", "header": "X-S", "algorithm": "SHA-512", "encoding": "base64", "prefix": "v="}),
        (hmac("custom", Algorithm::Sha512, Encoding::Base64), "x-s", "v=", None),
    );
    check(
        json!({"kind": "hmac", "header": "X-S", "encoding": "base64url"}),
        (hmac("custom", Algorithm::Sha256, Encoding::Base64Url), "x-s", "", None),
    );
    check(
        json!({"kind": "hmac", "scheme": "svix", "header": "Webhook-Signature", "toleranceSeconds": 0}),
        (hmac("svix", Algorithm::Sha256, Encoding::Base64), "svix-signature", "v1,", Some(0)),
    );
    check(
        json!({"kind": "hmac", "scheme": "stripe"}),
        (hmac("stripe", Algorithm::Sha256, Encoding::Hex), "stripe-signature", "v1=", None),
    );
    check(
        json!({"kind": "hmac", "scheme": "zoom", "toleranceSeconds": 300}),
        (hmac("zoom", Algorithm::Sha256, Encoding::Hex), "x-zm-signature", "v0=", Some(300)),
    );
}

#[test]
fn authentication_that_contradicts_itself_is_refused() {
    let bad = |given: Value, member: &str, part: &str| {
        refused(&with("/trigger/authentication", given), &format!("/trigger/authentication/{member}"), part);
    };
    bad(json!({}), "kind", "missing");
    bad(json!({"kind": "oauth"}), "kind", "no kind");
    bad(json!({"kind": "header"}), "header", "missing");
    bad(json!({"kind": "header", "header": "a b"}), "header", "name of a header");
    bad(json!({"kind": "header", "header": "a", "scheme": "github"}), "scheme", "\"hmac\" only");
    bad(json!({"kind": "basic", "toleranceSeconds": 5}), "toleranceSeconds", "\"hmac\" only");
    bad(json!({"kind": "basic", "header": "X-A"}), "header", "always uses");
    bad(json!({"kind": "hmac"}), "header", "missing");
    bad(json!({"kind": "hmac", "scheme": "paypal"}), "scheme", "no scheme");
    bad(json!({"kind": "hmac", "header": "a", "encoding": "base32"}), "encoding", "base64url");
    bad(json!({"kind": "hmac", "header": "a", "algorithm": "md5"}), "algorithm", "sha256");
    bad(json!({"kind": "hmac", "scheme": "github", "algorithm": "sha1"}), "algorithm", "decides");
    bad(json!({"kind": "hmac", "scheme": "github", "header": "X-Other"}), "header", "decides");
    bad(json!({"kind": "hmac", "scheme": "swapcard", "toleranceSeconds": 5}), "toleranceSeconds", "decides");
    bad(json!({"kind": "header", "header": "a", "secret": "s"}), "secret", "not known here");
}
