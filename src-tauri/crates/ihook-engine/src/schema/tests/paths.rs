//! Every path, also within a message, begins where the part that is checked stands in the payload.

use super::*;

fn check(schema: Value, part: Value, expected: &[(&str, &str)]) {
    let found = Schema::compile(&schema, false).unwrap().violations_below("/people/0", &part);
    let found: Vec<_> =
        found.list.iter().map(|found| (found.path.as_str(), found.message.as_str())).collect();
    assert_eq!(found, expected, "{schema}");
}

#[test]
fn a_part_of_the_payload_is_named_from_the_top() {
    check(json!({"type": "object"}), json!(1), &[("/people/0", "people › item 1 is not an object: 1.")]);
    check(
        json!({"required": ["a/b"]}),
        json!({}),
        &[("/people/0/a~1b", "people › item 1 › a/b is missing.")],
    );
    check(
        json!({"additionalProperties": false}),
        json!({"x": 1}),
        &[("/people/0/x", "people › item 1 › x is not expected here.")],
    );
    check(
        json!({"properties": {"a": {}}, "additionalProperties": false}),
        json!({"x": 1}),
        &[("/people/0/x", "people › item 1 › x is not expected here.")],
    );
    check(
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "unevaluatedProperties": false}),
        json!({"x": 1}),
        &[("/people/0/x", "people › item 1 › x is not expected here.")],
    );
}

#[test]
fn what_forms_and_references_say_is_named_from_the_top_too() {
    for keyword in ["anyOf", "oneOf"] {
        check(
            json!({"properties": {"a": {keyword: [{"required": ["b"]}, {"required": ["c", "d"]}]}}}),
            json!({"a": {}}),
            &[(
                "/people/0/a",
                "people › item 1 › a fits none of the allowed forms. In the nearest: people › item 1 › a › b is missing.",
            )],
        );
    }
    check(
        json!({"anyOf": [{"properties": {"a": {"anyOf": [{"required": ["b"]}]}}}]}),
        json!({"a": {}}),
        &[(
            "/people/0",
            "people › item 1 fits none of the allowed forms. In the nearest: people › item 1 › a fits none of \
            the allowed forms. In the nearest: people › item 1 › a › b is missing.",
        )],
    );
    check(
        json!({"allOf": [{"items": {"$ref": "#/definitions/n"}}], "definitions": {"n": {"type": "number"}}}),
        json!([1, "x"]),
        &[("/people/0/1", "people › item 1 › item 2 is not a number: \"x\".")],
    );
    check(
        json!({"if": {"required": ["a"]}, "then": {"properties": {"b": {"minimum": 2}}}}),
        json!({"a": 1, "b": 1}),
        &[("/people/0/b", "people › item 1 › b is less than 2: 1.")],
    );
    check(
        json!({"dependencies": {"a": ["b"]}}),
        json!({"a": 1}),
        &[("/people/0/b", "people › item 1 › b is missing.")],
    );
    check(
        json!({"propertyNames": {"maxLength": 2}}),
        json!({"abc": 1}),
        &[("/people/0", "people › item 1 has a member whose name is longer than 2 characters: \"abc\".")],
    );
    check(
        json!({"not": {"required": ["a"]}}),
        json!({"a": 1}),
        &[("/people/0", "people › item 1 is of a kind that is not allowed: {\"a\":1}.")],
    );
}
