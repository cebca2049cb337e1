use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::schema::Schema;

/// The draft without `$schema`, and path, type and note of each field.
#[expect(clippy::needless_pass_by_value, reason = "json! literals read best as plain arguments")]
fn check(samples: &[Value], file: Value, schema: Value, notes: &[(&str, &str, &str)]) {
    let mut found = from_samples(samples, &Used::by(&file)).unwrap();
    found.schema.as_object_mut().unwrap().remove("$schema");
    assert_eq!(found.schema, schema);
    let evidence: Vec<_> =
        found.evidence.iter().map(|e| (e.path.as_str(), e.kind.as_str(), e.note.as_str())).collect();
    assert_eq!(evidence, notes);
}

/// A workflow that reads the members of these names.
fn file(names: &[&str]) -> Value {
    let fields: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!(format!("{{{{ {name} }}}}")))).collect();
    json!({"actions": [{"id": "a", "type": "insertActivity", "fields": fields}]})
}

const BLANK: &str = "^[ \\t\\r\\n]*$";

#[test]
fn one_sample_requires_what_the_workflow_uses_and_rules_out_little() {
    check(
        &[
            json!({"memberId": "12345", "at": "2026-05-27T09:15:00", "mail": "a@example.org", "n": 1, "gone": null}),
        ],
        file(&["input.memberId", "at"]),
        json!({
            "type": "object",
            "properties": {
                "memberId": {"type": "string"},
                "at": {"type": ["string", "null"], "anyOf": [{"format": "date-time"}, {"pattern": BLANK}]},
                "mail": {"type": ["string", "null"], "anyOf": [{"format": "email"}, {"pattern": BLANK}]},
                "n": {"type": ["number", "null"]},
                "gone": {}
            },
            "required": ["memberId", "at"]
        }),
        &[
            ("/memberId", "string", "seen in 1 of 1 samples, required because this workflow uses it"),
            ("/at", "string (date-time)", "seen in 1 of 1 samples, required because this workflow uses it"),
            ("/mail", "string (email)", "seen in 1 of 1 samples, too few to require"),
            ("/n", "number", "seen in 1 of 1 samples, too few to require"),
            ("/gone", "null", "seen in 1 of 1 samples, blank in 1, too few to require"),
        ],
    );
}

#[test]
fn enough_samples_make_rules_of_what_all_have() {
    let mut samples = vec![json!({"day": "2026-05-27", "s": "in", "who": {"mail": "a@b.org"}}); 13];
    samples.extend(vec![json!({"day": "2026-05-27", "s": "out", "who": {"mail": "a@b.org"}}); 5]);
    samples.push(json!({"day": "", "s": "out", "list": [{"a": null}, {"a": 2}]}));
    samples.push(json!({"day": " ", "s": "out"}));
    check(
        &samples,
        json!({}),
        json!({
            "type": "object",
            "properties": {
                "day": {"type": "string", "anyOf": [{"format": "date"}, {"pattern": BLANK}]},
                "s": {"type": "string", "enum": ["in", "out"]},
                "who": {
                    "type": "object",
                    "properties": {"mail": {"type": "string", "format": "email"}},
                    "required": ["mail"]
                },
                "list": {
                    "type": ["array", "null"],
                    "items": {"type": ["object", "null"], "properties": {"a": {"type": ["number", "null"]}}}
                }
            },
            "required": ["day", "s"]
        }),
        &[
            ("/day", "string (date)", "seen in 20 of 20 samples, blank in 2, required"),
            ("/s", "string", "seen in 20 of 20 samples, 2 different values, required"),
            ("/who", "object", "seen in 18 of 20 samples, optional"),
            ("/who/mail", "string (email)", "seen in 18 of 18 samples that have who, required"),
            ("/list", "array", "seen in 1 of 20 samples, optional"),
            ("/list/*/a", "number, null", "seen in 2 of 2 items, blank in 1, too few to require"),
        ],
    );
}

#[test]
fn nothing_gives_an_object() {
    check(&[], json!({}), json!({"type": "object"}), &[]);
}

/// What comes after the samples: fits the draft or not.
#[test]
fn a_draft_takes_what_will_plausibly_come() {
    let drafted = |samples: &[Value], used: &[&str]| {
        let found = from_samples(samples, &Used::by(&file(used))).unwrap();
        Schema::compile(&found.schema, false).unwrap()
    };
    let one = |value: &Value| drafted(&[json!({"a": value})], &[]);
    let takes = [
        ("null for ever", json!(null), json!([null, "x", 7, true, {"b": 1}, [1]])),
        ("a whole number", json!(10), json!([10.5, -1, null])),
        ("a blank", json!(""), json!(["x", 7, null])),
        ("an empty list", json!([]), json!([{}, {"b": 1}, [1], null])),
        ("an empty object", json!({}), json!([[], ["x"], {"b": 1}, null])),
        ("a time", json!("2026-05-27T09:15:00"), json!(["2026-05-28T09:15:00Z", "", " ", null])),
        ("a day", json!("2026-05-27"), json!(["2026-05-28", "", null])),
        ("an address", json!("a@b.org"), json!(["c@d.org", "", null])),
        ("a page", json!("https://b.org/x"), json!(["http://c.org", "", null])),
        ("a text", json!("x"), json!(["", "2026-05-27", null])),
        ("true", json!(true), json!([false, null])),
        ("items", json!([{"b": 1}]), json!([[], [{}], [{"b": 1.5, "c": 2}], [null], null])),
        ("members", json!({"b": ""}), json!([{}, {"b": null}, {"c": 1}, null])),
    ];
    for (what, sample, after) in takes {
        let schema = one(&sample);
        for value in after.as_array().unwrap() {
            assert!(schema.violations(&json!({"a": value})).is_empty(), "{what}: {sample} refuses {value}");
        }
        assert!(schema.violations(&json!({})).is_empty(), "{what}: one sample requires nothing");
    }
    let refuses = [
        ("a time", json!("2026-05-27T09:15:00"), json!(["yesterday", 7])),
        ("a whole number", json!(10), json!(["10", true])),
        ("items", json!([{"b": 1}]), json!([{"b": 1}, [7]])),
    ];
    for (what, sample, after) in refuses {
        let schema = one(&sample);
        for value in after.as_array().unwrap() {
            assert!(!schema.violations(&json!({"a": value})).is_empty(), "{what}: {sample} takes {value}");
        }
    }
    let needed = |samples: usize, used: &[&str], payload: Value| {
        let schema = drafted(&vec![json!({"a": {"b": "x"}, "c": "2026-05-27"}); samples], used);
        schema.violations(&payload).list.into_iter().map(|found| found.message).collect::<Vec<_>>()
    };
    assert_eq!(needed(4, &[], json!({})), [""; 0]);
    assert_eq!(needed(5, &[], json!({})), ["a is missing.", "c is missing."]);
    assert_eq!(needed(1, &["a.b"], json!({})), ["a is missing."]);
    assert_eq!(needed(1, &["a.b"], json!({"a": {}})), ["a › b is missing."]);
    assert_eq!(needed(1, &["a.b"], json!({"a": {"b": null}})), ["a › b is not text: null."]);
    assert_eq!(needed(1, &["c"], json!({"c": null})), [""; 0], "a blank date is today");
    assert_eq!(needed(5, &["c"], json!({"a": {"b": "x"}, "c": ""})), ["c is not a date: \"\"."]);
}

#[test]
fn what_a_workflow_uses_is_found_in_every_place_of_its_file() {
    let used = |file: Value| {
        fn paths(used: &Used, path: &str, into: &mut Vec<String>) {
            let Used(below) = used;
            if below.is_empty() {
                into.push(path.to_owned());
            }
            below.iter().for_each(|(step, below)| paths(below, &format!("{path}/{step}"), into));
        }
        let mut all = Vec::new();
        paths(&Used::by(&file), "", &mut all);
        all.sort();
        all.join(" ")
    };
    let check = |action: Value, expected: &str| assert_eq!(used(json!({"actions": [action]})), expected);
    check(json!({"type": "insertActivity", "fields": {"ID": "{{ input.who.id | strip }}"}}), "/who/id");
    check(json!({"type": "gate", "expression": "input.code == 'K' and vip"}), "/code /vip");
    check(json!({"type": "gate", "expression": "{{ vip }}"}), "/vip");
    check(
        json!({"type": "httpRequest", "headers": {"A": "{{ secret.k }}"}, "body": [{"x": "{{ a['b c'] }}"}]}),
        "/a/b c",
    );
    check(json!({"type": "notify", "title": "{{ run.id }}", "message": "{{ open"}), "");
    check(json!({"type": "notify", "enabled": false, "title": "{{ a }}"}), "");
    check(json!({"type": "jsonSchemaValidation", "path": "/who", "schema": {"title": "{{ a }}"}}), "/who");
    let inner = json!({"type": "forEach", "list": "/who/tags", "as": "tag", "actions": [
        {"type": "notify", "title": "{{ tag.name }} {{ who.id }} {{ other }}"}]});
    check(
        json!({"type": "forEach", "list": "people", "as": "who", "actions": [inner]}),
        "/other /people/0/id /people/0/tags/0/name",
    );
    let trigger = |from: &str| used(json!({"trigger": {"idempotency": {"from": from}}}));
    assert_eq!(trigger("pointer:/a~1b/c"), "/a/b/c");
    assert_eq!(trigger("template:{{ id }}"), "/id");
    assert_eq!(trigger("header:x-id"), "");
}

#[test]
fn items_of_a_list_are_needed_where_the_workflow_goes_over_them() {
    let file = json!({"actions": [{"type": "forEach", "list": "/people", "as": "who", "actions": [
        {"type": "insertActivity", "fields": {"ID": "{{ who.id }}"}}]}]});
    let found = from_samples(&[json!({"people": [{"id": "1", "note": "x"}, {"id": "2"}]})], &Used::by(&file))
        .unwrap();
    assert_eq!(found.schema["required"], json!(["people"]));
    assert_eq!(found.schema["properties"]["people"]["items"]["required"], json!(["id"]));
}

/// Each value costs one step, whatever shape the samples have; what is too much is refused in words.
#[test]
fn the_work_is_one_step_for_each_value() {
    let wide = |names: usize, from: usize| -> Value {
        (from..from + names).map(|at| (format!("key{at}"), json!(at))).collect::<Map<_, _>>().into()
    };
    let steps = |samples: &[Value]| drafted(samples, &Used::default()).map(|(_, steps)| steps);
    let nodes = |samples: &[Value]| samples.iter().map(schema::nodes_of).sum::<u64>();
    let shapes = [
        ("one object of many names", vec![wide(10_000, 0)]),
        ("many objects of the same names", vec![wide(200, 0); 200]),
        ("many objects of different names", (0..100).map(|at| wide(100, at * 100)).collect()),
        ("a long list", vec![json!({"a": vec![json!({"b": [1, "x", null]}); 20_000]})]),
        ("lists in lists", vec![json!([[[[[[1]]]]]]); 100]),
    ];
    for (what, samples) in shapes {
        let steps = steps(&samples).unwrap();
        assert!(steps as u64 <= nodes(&samples), "{what}: {steps} steps");
    }
    let long = json!({"x".repeat(100_000): wide(100, 0)});
    for (what, samples, fault) in [
        (
            "values",
            vec![json!({"a": vec![0; MAX_VALUES]})],
            "The samples hold more than 1000000 values. Choose fewer samples.",
        ),
        (
            "names",
            vec![wide(50_000, 0)],
            "The samples have too many different fields for one schema. Choose samples with fewer fields.",
        ),
        (
            "schema",
            vec![wide(30_000, 0)],
            "The schema is larger than 1 MiB. Choose samples with fewer fields.",
        ),
        (
            "paths",
            vec![long],
            "The samples have too many different fields for one schema. Choose samples with fewer fields.",
        ),
    ] {
        assert_eq!(steps(&samples).unwrap_err(), fault, "{what}");
    }
}

#[test]
fn a_draft_of_the_deepest_payload_can_be_saved() {
    let deep =
        (0..60).fold(
            json!("2026-05-27"),
            |below, at| if at % 2 == 0 { json!({"a": below}) } else { json!([below]) },
        );
    let objects = (0..60).fold(json!("2026-05-27"), |below, _| json!({"a": below}));
    for sample in [deep, objects] {
        let found = from_samples(std::slice::from_ref(&sample), &Used::default()).unwrap();
        assert!(Schema::compile(&found.schema, false).unwrap().violations(&sample).is_empty());
    }
}

fn any_sample() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::from),
        prop::sample::select(vec![
            "",
            " \t",
            "\u{a0}",
            "a",
            "2026-05-27",
            "2026-05-27T09:15:00Z",
            "a@b.org",
            "https://b.org/x"
        ])
        .prop_map(Value::from),
        "[a@.:/-]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec(("[abc/~]{0,2}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_sample_fits_the_schema_made_from_it(
        samples in prop::collection::vec(any_sample(), 1..40),
        used in prop::sample::subsequence(vec!["a", "b.c", "input['a/'].b[0].c", "c.first", "a.a"], 0..5),
    ) {
        let found = from_samples(&samples, &Used::by(&file(&used))).unwrap();
        let schema = Schema::compile(&found.schema, false).unwrap();
        for sample in &samples {
            prop_assert_eq!(schema.violations(sample).list, vec![]);
        }
    }
}
