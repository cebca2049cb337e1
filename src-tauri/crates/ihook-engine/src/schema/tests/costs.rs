//! Whatever schema and payload: a verdict comes, within bounds of work and memory.

use std::time::{Duration, Instant};

use super::*;

/// Far more than any of these takes, far less than what they took before.
const SOON: Duration = Duration::from_secs(20);

fn judge(schema: &Value, instance: &Value) -> Violations {
    let schema = Schema::compile(schema, false).unwrap();
    let began = Instant::now();
    let found = schema.violations(instance);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    found
}

fn is_too_costly(schema: &Value, instance: &Value) {
    let found = judge(schema, instance);
    assert_eq!(found.list.len(), 1, "{:?}", found.list);
    assert!(found.is_too_costly(), "{:?}", found.list);
}

#[test]
fn a_hundred_violations_are_kept_and_the_rest_is_counted() {
    let schema = json!({"properties": {"tags": {"items": {"type": "string"}}}});
    let found = judge(&schema, &json!({"tags": vec![1; 150_000]}));
    assert_eq!((found.list.len(), found.more, found.is_least), (100, 149_900, false));
    assert_eq!(found.list[99].path, "/tags/99");
    assert!(serde_json::to_string(&found.list).unwrap().len() < 100_000);
    let found = judge(&schema, &json!({"tags": vec![1; 100]}));
    assert_eq!((found.list.len(), found.more), (100, 0));
}

#[test]
fn members_that_nobody_expects_are_counted_too() {
    let members: serde_json::Map<String, Value> = (0..50_000).map(|n| (format!("m{n}"), json!(n))).collect();
    let members = Value::Object(members);
    for closed in [
        json!({"additionalProperties": false}),
        json!({"properties": {"a": {}}, "additionalProperties": false}),
    ] {
        let found = judge(&closed, &members);
        assert_eq!((found.list.len(), found.more), (100, 49_900));
    }
}

#[test]
fn there_is_no_room_for_endless_errors() {
    let schema = json!({"items": {"type": "string"}});
    let found = judge(&schema, &Value::Array(vec![json!(0); 600_000]));
    assert_eq!((found.list.len(), found.is_least), (100, true));
    assert!(found.more > 100_000, "{}", found.more);
    // Errors that are found late would be wrong: the list is not looked at to its end any more.
    let schema = json!({"items": {"type": "string"}, "contains": {"const": 1}});
    let mut items = vec![json!(0); 600_000];
    items.push(json!(1));
    let found = judge(&schema, &Value::Array(items));
    assert!(found.list.iter().all(|violation| violation.keyword == "type"), "{:?}", found.list);
}

#[test]
fn long_names_make_no_long_answers() {
    let name = "\u{1}n".repeat(100_000);
    let instance = json!({&name: vec![0; 5_000]});
    let found = judge(&json!({"additionalProperties": {"items": {"type": "string"}}}), &instance);
    assert!(found.list.len() > 10 && found.more > 0, "{} and {}", found.list.len(), found.more);
    let bytes = serde_json::to_string(&found.list).unwrap().len();
    assert!(bytes < 80_000, "{bytes} bytes");
}

/// `{"a": {"a": … }}`.
fn chain(levels: usize) -> Value {
    (0..levels).fold(json!({}), |below, _| json!({"a": below}))
}

#[test]
fn a_schema_that_leads_back_to_itself_ends() {
    let again = json!({"properties": {"a": {"$ref": "#"}}, "required": ["a"]});
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let schema = json!({keyword: [again, again]});
        assert!(!judge(&schema, &chain(3)).is_too_costly());
        is_too_costly(&schema, &chain(40));
    }
    // Two forms that both nearly fit, at every level.
    let node = |name: &str| json!({"properties": {"a": {"$ref": "#/definitions/node"}, "kind": {"const": name}}, "required": ["kind"]});
    let schema =
        json!({"$ref": "#/definitions/node", "definitions": {"node": {"oneOf": [node("x"), node("y")]}}});
    is_too_costly(&schema, &chain(40));
    let tree = json!({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}, "required": ["name"]});
    let deep = (0..60).fold(json!({"name": "n"}), |below, _| json!({"name": "n", "left": below}));
    assert!(judge(&tree, &deep).is_empty(), "an ordinary tree is judged at any depth");
}

#[test]
fn keywords_cost_what_they_do() {
    let options: Vec<Value> = (0..200).map(|n| json!({"n": n, "m": [n]})).collect();
    let items: Vec<Value> = (0..8_000).map(|n| json!({"n": n + 10_000, "m": [n]})).collect();
    is_too_costly(&json!({"items": {"enum": options}}), &json!(items));
    let long = json!(vec!["x".repeat(300_000); 3]);
    let patterns: Vec<Value> = (0..300).map(|n| json!({"pattern": format!("^[a-z]{{{n}}}[0-9]?")})).collect();
    is_too_costly(&json!({"items": {"allOf": patterns}}), &long);
    let number: Value = serde_json::from_str("1e9999").unwrap();
    is_too_costly(&json!({"items": {"multipleOf": 7}}), &json!(vec![number; 100]));
    let many: Vec<Value> = (0..200).map(|n| json!({"contains": {"const": n}})).collect();
    is_too_costly(&json!({"allOf": many}), &json!(vec![-1; 5_000]));
    let same: Vec<Value> = (0..60_000).map(|n| json!({"id": n, "tags": ["a", "b"]})).collect();
    assert!(judge(&json!({"uniqueItems": true}), &json!(same)).is_empty(), "a set is no search in pairs");
}

#[test]
fn subschemas_that_look_at_nothing_cost_what_they_do() {
    let items = json!(vec![0; 20_000]);
    is_too_costly(&json!({"items": {"allOf": vec![true; 20_000]}}), &items);
    is_too_costly(&json!({"items": {"allOf": vec![json!({"title": "any"}); 20_000]}}), &items);
    let forms = vec![json!({"$ref": "#/definitions/many"}); 500];
    let many = json!({"allOf": vec![true; 500]});
    is_too_costly(&json!({"items": {"allOf": forms}, "definitions": {"many": many}}), &items);
    is_too_costly(&json!({"contains": {"allOf": vec![true; 20_000], "const": 1}}), &items);
    let named: serde_json::Map<String, Value> = (0..20_000).map(|n| (format!("m{n}"), json!(n))).collect();
    is_too_costly(&json!({"propertyNames": {"allOf": vec![true; 20_000]}}), &Value::Object(named));
    let kinds: Vec<Value> = (0..200).map(|n| json!({"const": n, "title": "Kind"})).collect();
    assert!(
        judge(&json!({"items": {"oneOf": kinds}}), &json!(vec![0; 2_000])).is_empty(),
        "each takes a look"
    );
    assert!(judge(&json!({"items": {"anyOf": [true, {"title": "any"}, {}]}}), &items).is_empty());
}

#[test]
fn a_long_enum_of_objects_is_paid_for() {
    let options: Vec<Value> = (0..2_000).map(|n| json!({"n": n, "m": [n]})).collect();
    let items: Vec<Value> = (0..2_000).map(|n| json!({"n": 1_999, "m": [n + 2_000]})).collect();
    is_too_costly(&json!({"items": {"enum": options}}), &json!(items));
    let few: Vec<Value> = (0..100).map(|n| json!({"n": n, "m": [n]})).collect();
    assert!(judge(&json!({"items": {"enum": options}}), &json!(few)).is_empty());
}

#[test]
fn an_error_carries_no_copies_along() {
    // Each would hold the whole payload, or the whole schema.
    let forms: Vec<Value> =
        (0..1_000).map(|n| json!({"properties": {"none": false}, "required": [format!("m{n}")]})).collect();
    let found = judge(&json!({"anyOf": forms}), &json!({"list": vec![0; 100_000]}));
    assert_eq!(found.list[0].keyword, "anyOf");
    let large: Vec<usize> = (0..2_000).collect();
    let found = judge(&json!({"items": {"not": {"not": {"enum": large}}}}), &json!(vec!["x"; 100_000]));
    assert_eq!((found.list.len(), found.is_least), (100, true));
}

#[test]
fn what_is_usual_is_judged_whole() {
    let person = json!({"type": "object", "required": ["id", "email", "at"], "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"}, "email": {"type": "string", "format": "email"},
        "at": {"type": "string", "format": "date-time"}, "tags": {"type": "array", "items": {"enum": ["a", "b"]}}}});
    let schema = json!({"properties": {"people": {"items": {"$ref": "#/definitions/person"}}}, "definitions": {"person": person}});
    let one =
        json!({"id": "12345", "email": "a@example.org", "at": "2026-05-27T09:15:00", "tags": ["a", "b"]});
    assert!(judge(&schema, &json!({"people": vec![one; 10_000]})).is_empty());
}

#[test]
fn patterns_may_look_around_within_bounds() {
    let strong = json!({"pattern": "^(?=.*[A-Z])(?=.*[0-9]).{8,}$"});
    assert!(judge(&strong, &json!("Passw0rd")).is_empty());
    let found = judge(&strong, &json!("password"));
    assert_eq!(
        found.list[0].message,
        "The payload does not have the form ^(?=.*[A-Z])(?=.*[0-9]).{8,}$: \"password\"."
    );
    assert_eq!(found.list[0].keyword, "pattern");
    assert!(judge(&json!({"pattern": "(a+)\\1b"}), &json!("aaaab")).is_empty(), "a back reference");
    let named = json!({"patternProperties": {"^(?!x-)": {"type": "string"}}});
    assert!(judge(&named, &json!({"a": "b", "x-n": 1})).is_empty());
    assert_eq!(judge(&named, &json!({"a": 1})).list[0].path, "/a");
    // Linear patterns stay linear beside it.
    let both = json!({"properties": {"n": {"pattern": "^\\d+$"}, "s": {"pattern": "^(?!0)"}}});
    assert_eq!(judge(&both, &json!({"n": "x", "s": "0"})).list.len(), 2);
    let evil = json!({"items": {"pattern": "^(?=(a|aa)+$)(a|aa)+b$|(x+x+)+\\2y"}});
    is_too_costly(&evil, &json!(vec!["a".repeat(60); 50]));
    is_too_costly(&strong, &json!("x".repeat(100_000)));
    let names: serde_json::Map<String, Value> =
        (0..2_000).map(|n| (format!("{}{n}", "a".repeat(60)), json!(1))).collect();
    is_too_costly(
        &json!({"patternProperties": {"^((a+)\\2?)+$": {"type": "string"}}}),
        &Value::Object(names),
    );
}

#[test]
fn a_schema_may_be_large() {
    let properties: serde_json::Map<String, Value> = (0..9_000)
        .map(|n| {
            (
                format!("field{n}"),
                json!({"type": "string", "maxLength": 50, "description": "One of very many fields."}),
            )
        })
        .collect();
    let schema = json!({"type": "object", "properties": properties});
    assert!(schema.to_string().len() > 700_000);
    assert_eq!(judge(&schema, &json!({"field1": 1, "field2": "x"})).list.len(), 1);

    // A full mebibyte of other shapes, each with a payload that takes its way through all of it.
    let many = |count: usize, one: fn(usize) -> Value| (0..count).map(one).collect::<Vec<Value>>();
    let shapes = [
        (json!({"enum": many(95_000, |n| json!(format!("v{n:06}")))}), json!("none")),
        (
            json!({"anyOf": many(24_000, |n| json!({"const": format!("v{n}"), "type": "string"}))}),
            json!("none"),
        ),
        (
            json!({"allOf": many(20_000, |n| json!({"required": [format!("v{n}")], "type": "object"}))}),
            json!({}),
        ),
        (json!({"items": many(40_000, |_| json!({"type": "string"}))}), json!(vec![1; 40_000])),
        (json!({"required": many(95_000, |n| json!(format!("v{n:06}")))}), json!({})),
        (
            json!({"properties": {"a": {"pattern": format!("^({})$", "abc|".repeat(200_000))}}}),
            json!({"a": 1}),
        ),
    ];
    for (schema, payload) in shapes {
        let size = schema.to_string().len();
        assert!((600_000..=1024 * 1024).contains(&size), "{size}");
        let Ok(compiled) = Schema::compile(&schema, false) else {
            assert!(schema.to_string().contains("pattern"), "only a pattern can be too large for less");
            continue;
        };
        let found = compiled.violations(&payload);
        assert!(!found.is_too_costly(), "{}", &schema.to_string()[..60]);
    }
}
