#![expect(clippy::needless_pass_by_value, reason = "tables of literal values read better without &")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

mod costs;
mod formats;
mod paths;

const SEED: &str = r#"{
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "memberId":    { "type": "string" },
        "eventCode":   { "type": "string" },
        "checkInTime": { "type": "string", "format": "date-time" },
        "sessionCode": { "type": "string" }
    },
    "required": ["memberId", "eventCode", "checkInTime"]
}"#;

fn check(schema: Value, instance: Value, expected: &[(&str, &str, &str)]) {
    let schema = Schema::compile(&schema, false).unwrap();
    let found = schema.violations(&instance);
    let found: Vec<_> =
        found.list.iter().map(|v| (v.path.as_str(), v.keyword.as_str(), v.message.as_str())).collect();
    assert_eq!(found, expected, "{instance}");
}

#[test]
fn the_seeds_own_sample_passes_its_own_schema() {
    let sample = json!({
        "memberId": "12345", "eventCode": "CONF2026", "checkInTime": "2026-05-27T09:15:00", "sessionCode": "KEYNOTE"
    });
    check(Value::from(SEED), sample.clone(), &[]);
    let strict = Schema::compile(&Value::from(SEED), true).unwrap();
    assert_eq!(strict.violations(&sample).list.len(), 1, "strict asks for the offset");
}

#[test]
fn every_violation_is_named_with_its_value() {
    check(
        Value::from(SEED),
        json!({"memberId": 12345, "checkInTime": "yesterday"}),
        &[
            ("/eventCode", "required", "eventCode is missing."),
            ("/memberId", "type", "memberId is not text: 12345."),
            ("/checkInTime", "format", "checkInTime is not a date and time: \"yesterday\"."),
        ],
    );
    check(
        Value::from(SEED),
        json!({}),
        &[
            ("/memberId", "required", "memberId is missing."),
            ("/eventCode", "required", "eventCode is missing."),
            ("/checkInTime", "required", "checkInTime is missing."),
        ],
    );
}

#[test]
fn sentences_are_plain() {
    let one = |schema: Value, value: Value, path: &str, keyword: &str, message: &str| {
        check(json!({"properties": {"a": schema}}), json!({"a": value}), &[(path, keyword, message)]);
    };
    one(json!({"minLength": 1}), json!(""), "/a", "minLength", "a is blank.");
    one(json!({"maxLength": 2}), json!("abc"), "/a", "maxLength", "a is longer than 2 characters: \"abc\".");
    one(json!({"enum": ["x", "y"]}), json!("z"), "/a", "enum", "a is not one of \"x\", \"y\": \"z\".");
    one(json!({"const": 1}), json!(2), "/a", "const", "a is not 1: 2.");
    one(json!({"minimum": 1}), json!(0), "/a", "minimum", "a is less than 1: 0.");
    one(
        json!({"pattern": "^[0-9]+$"}),
        json!("x"),
        "/a",
        "pattern",
        "a does not have the form ^[0-9]+$: \"x\".",
    );
    one(json!({"format": "email"}), json!("x"), "/a", "format", "a is not an e-mail address: \"x\".");
    one(json!({"type": ["string", "null"]}), json!(1), "/a", "type", "a is not empty (null) or text: 1.");
    one(json!({"minItems": 1}), json!([]), "/a", "minItems", "a has fewer than 1 item: 0.");
    one(
        json!({"items": {"required": ["e/f"]}}),
        json!([{}]),
        "/a/0/e~1f",
        "required",
        "a › item 1 › e/f is missing.",
    );
    one(
        json!({"additionalProperties": false}),
        json!({"b": 1}),
        "/a/b",
        "additionalProperties",
        "a › b is not expected here.",
    );
    one(
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        json!(true),
        "/a",
        "anyOf",
        "a is not text or a whole number: true.",
    );
    one(json!(false), json!(1), "/a", "falseSchema", "a is not allowed: 1.");
}

#[test]
fn every_draft_is_taken_by_its_name() {
    let exclusive = |uri: &str, limit: Value| {
        let schema = json!({"$schema": uri, "minimum": 1, "exclusiveMinimum": limit, "format": "ipv4"});
        let schema = Schema::compile(&schema, false).unwrap();
        assert_eq!(schema.violations(&json!(1)).list.len(), 1, "{uri}");
        assert_eq!(schema.violations(&json!("x")).list.len(), 1, "{uri} asserts formats");
    };
    exclusive("http://json-schema.org/draft-04/schema#", json!(true));
    exclusive("http://json-schema.org/draft-06/schema#", json!(1));
    exclusive("https://json-schema.org/draft-07/schema", json!(1));
    exclusive("https://json-schema.org/draft/2019-09/schema", json!(1));
    exclusive("https://json-schema.org/draft/2020-12/schema", json!(1));
}

const DRAFTS: [&str; 5] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
];

/// `taken` are the drafts, as in [`DRAFTS`], under which the schema finds fault with the instance.
fn check_drafts(schema: Value, instance: Value, taken: [bool; 5]) {
    let finds_fault = |uri: &&str| {
        let mut schema = schema.clone();
        schema["$schema"] = json!(uri);
        !Schema::compile(&schema, false).unwrap().violations(&instance).is_empty()
    };
    let found: Vec<_> = DRAFTS.iter().map(finds_fault).collect();
    assert_eq!(found, taken, "{schema} over {instance}");
}

#[test]
fn each_draft_has_its_own_keywords() {
    let (all, none) = ([true; 5], [false; 5]);
    check_drafts(json!({"required": ["a"]}), json!({}), all);
    check_drafts(json!({"properties": {"a": {"type": "string"}}}), json!({"a": 1}), all);
    check_drafts(json!({"enum": [1]}), json!(2), all);
    check_drafts(json!({"format": "date-time"}), json!("yesterday"), all);
    check_drafts(json!({"format": "date-time"}), json!("2026-05-27T09:15:00"), none);
    check_drafts(json!({"type": "integer"}), json!(1.5), all);
    check_drafts(json!({"const": 1}), json!(2), [false, true, true, true, true]);
    check_drafts(json!({"contains": {"const": 1}}), json!([2]), [false, true, true, true, true]);
    check_drafts(
        json!({"propertyNames": {"maxLength": 1}}),
        json!({"ab": 1}),
        [false, true, true, true, true],
    );
    check_drafts(json!({"if": {"const": 1}, "then": false}), json!(1), [false, false, true, true, true]);
    let dependent = json!({"dependentRequired": {"a": ["b"]}});
    check_drafts(dependent, json!({"a": 1}), [false, false, false, true, true]);
    let closed = json!({"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false});
    check_drafts(closed, json!({"a": 1, "b": 1}), [false, false, false, true, true]);
    check_drafts(
        json!({"prefixItems": [{"type": "string"}]}),
        json!([1]),
        [false, false, false, false, true],
    );
    let listed = json!({"items": [{"type": "string"}], "additionalItems": false});
    let old = |uri: &str| {
        let mut schema = listed.clone();
        schema["$schema"] = json!(uri);
        Schema::compile(&schema, false).map(|schema| schema.violations(&json!(["a", "b"])).list.len())
    };
    assert!(DRAFTS[..4].iter().all(|uri| old(uri) == Ok(1)), "a list of schemas under items, up to 2019-09");
}

#[test]
fn no_draft_fetches_a_schema_from_elsewhere() {
    for uri in DRAFTS {
        for reference in [
            "https://example.org/s.json",
            "http://127.0.0.1:1/s.json",
            "file:///etc/passwd",
            "s.json",
            "//h/s",
        ] {
            refused(json!({"$schema": uri, "$ref": reference}), "only references within the schema");
            let below = json!({"$schema": uri, "properties": {"a": {"allOf": [{"$ref": reference}]}}});
            refused(below, "only references within the schema");
        }
    }
    let dynamic = json!({"$schema": DRAFTS[4], "$dynamicRef": "https://example.org/s.json#a"});
    refused(dynamic, "only references within the schema");
}

fn refused(schema: Value, part: &str) {
    let fault = Schema::compile(&schema, false).map(|_| ()).unwrap_err();
    assert!(fault.contains(part), "{fault} should say {part}");
}

#[test]
fn bad_schemas_are_refused_in_words() {
    refused(json!({"$schema": "http://json-schema.org/draft-03/schema#"}), "is not known; use draft-04");
    refused(json!({"$schema": "https://example.org/own"}), "is not known");
    refused(json!({"$schema": 7}), "must be text");
    refused(json!({"type": "strin"}), "not valid at /type");
    refused(json!({"properties": {"a": {"required": "b"}}}), "not valid at /properties/a/required");
    refused(json!({"$ref": "https://example.org/schema.json"}), "only references within the schema");
    refused(json!({"$ref": "other.json"}), "only references within the schema");
    refused(json!({"$ref": "#/definitions/none"}), "none");
    refused(json!({"properties": {"a": {"pattern": "(?=x"}}}), "not valid at /properties/a/pattern");
    refused(
        json!({"properties": {"a": {"pattern": "(?=x)\\w{500}{500}"}}}),
        "not valid at /properties/a/pattern",
    );
    refused(json!({"patternProperties": {"(?!x": {}}}), "pattern");
    refused(json!({"pattern": "\\w{500}{500}"}), "pattern");
    refused(
        json!("{\n \"type\": }"),
        "not JSON: unexpected '}': a value must stand here at line 2 column 10",
    );
    refused(json!("[]"), "must be an object");
    refused(json!(true), "must be an object");
}

#[test]
fn limits_hold() {
    let mut deep = json!({});
    for _ in 0..40 {
        deep = json!({"not": deep});
    }
    refused(deep, "levels deep");
    refused(json!({"const": "x".repeat(1024 * 1024)}), "larger than 1 MiB");
    let long = json!({"properties": {"x".repeat(200_000): {"enum": vec!["a"; 1000]}}});
    refused(long, "names in the schema are too long");
    let mut definitions = serde_json::Map::new();
    definitions.insert("d0".to_owned(), json!({"type": "string"}));
    for level in 1..31 {
        let below = json!({"$ref": format!("#/definitions/d{}", level - 1)});
        definitions.insert(format!("d{level}"), json!({"allOf": [below, below]}));
    }
    refused(json!({"definitions": definitions, "$ref": "#/definitions/d30"}), "multiply");
    let tree = json!({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}, "required": ["name"]});
    assert!(Schema::compile(&tree, false).is_ok(), "recursion is bounded by the instance");
}

#[test]
fn numbers_of_any_size_are_judged() {
    let schema = json!({"properties": {"a": {"type": "integer", "minimum": 5, "multipleOf": 1}}});
    let schema = Schema::compile(&schema, false).unwrap();
    let judge = |text: &str| schema.violations(&json::parse_value(text.as_bytes()).unwrap()).list.len();
    assert_eq!(judge(r#"{"a":123456789012345678901234567890}"#), 0);
    assert_eq!(judge(r#"{"a":-123456789012345678901234567890}"#), 1);
    for huge in ["1e999999999", "-1e999999999", "1e-999999999", "1e99999999999999999999", "1.5e400"] {
        let _ = judge(&format!("{{\"a\":{huge}}}"));
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-e]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec(("[a-e]{0,2}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["string", "integer", "object", "array", "null"])
            .prop_map(|t| json!({"type": t})),
        (0_u8..4).prop_map(|n| json!({"maxLength": n, "maxItems": n, "minProperties": n})),
        any_value().prop_map(|v| json!({"const": v})),
        Just(json!({"required": ["a", "b/c"], "additionalProperties": false})),
        Just(json!({"format": "date-time", "uniqueItems": true})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|s| json!({"anyOf": s})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|s| json!({"oneOf": s})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|s| json!({"allOf": s})),
            inner.clone().prop_map(|s| json!({"properties": {"a": s, "b/c": s}})),
            inner.clone().prop_map(|s| json!({"items": s})),
            inner.prop_map(|s| json!({"not": s})),
        ]
    })
}

proptest! {
    #[test]
    fn violations_agree_with_validity_and_read_as_sentences(text in any_schema(), value in any_value()) {
        let schema = Schema::compile(&text, false).unwrap();
        let found = schema.violations(&value);
        let plain = jsonschema::options().with_draft(Draft::Draft7).should_validate_formats(true)
            .with_format("date-time", |text: &str| is_date_time(text, false)).build(&text).unwrap();
        prop_assert_eq!(found.is_empty(), plain.is_valid(&value));
        for violation in found.list {
            prop_assert!(violation.message.ends_with('.') && !violation.message.ends_with(".."), "{}", violation.message);
            prop_assert!(violation.path.is_empty() || violation.path.starts_with('/'));
        }
    }
}
