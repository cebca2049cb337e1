use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn check(body: &str, expected: Result<Value, &str>) {
    let found = parse_object(body.as_bytes()).map(Value::Object).map_err(|fault| fault.to_string());
    let expected = expected.map_err(|text| format!("Invalid JSON body: {text}"));
    assert_eq!(found, expected, "{body}");
}

#[test]
fn objects_are_taken_as_they_are() {
    check(" {} ", Ok(json!({})));
    check(r#"{"":1,"\u0000":"\u0000"}"#, Ok(json!({"": 1, "\0": "\0"})));
    check(r#"{"a":"\ud83c\udfab\n\/"}"#, Ok(json!({"a": "🎫\n/"})));
    let map = parse_object(br#"{"n":[123456789012345678901,1.10,-0,1e400]}"#).unwrap();
    assert_eq!(map["n"].to_string(), "[123456789012345678901,1.10,-0,1e+400]", "digits are kept");
}

#[test]
fn faults_name_what_and_where() {
    check("", Err("the body ends too early: a value must stand here at line 1 column 1"));
    check("[]", Err("the body must be a JSON object, not a list at line 1 column 1"));
    check("\n  null", Err("the body must be a JSON object, not null at line 2 column 3"));
    check("{\"a\":1,\n\"é\":2 x}", Err("unexpected 'x': a comma or } must follow at line 2 column 7"));
    check("{\"a\":1,}", Err("unexpected '}': a name in quotation marks must stand here at line 1 column 8"));
    check("{\"a\":1,\"\\u0061\":2}", Err("the name \"a\" stands twice in one object at line 1 column 8"));
    check("{\"a\":01}", Err("a number must not begin with 0 at line 1 column 6"));
    check("{\"a\":\"\\ud800\"}", Err("half a character (a lone surrogate) stands here at line 1 column 7"));
    check("{\"a\":\"\\udc00\"}", Err("half a character (a lone surrogate) stands here at line 1 column 7"));
    check("{} {}", Err("unexpected '{': nothing more may follow the value at line 1 column 4"));
    check("\u{feff}{}", Err("the body begins with a byte order mark at line 1 column 1"));
    check(
        r#"{"$serde_json::private::Number":"1"}"#,
        Err("the name \"$serde_json::private::Number\" is reserved at line 1 column 2"),
    );
    check(
        r#"{"a":[{"$serde_json::private::RawValue":"{}"}]}"#,
        Err("the name \"$serde_json::private::RawValue\" is reserved at line 1 column 8"),
    );
    let fault = parse_object(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!((fault.message.as_str(), fault.column), ("the body is not valid UTF-8", 7));
}

#[test]
fn nesting_ends_at_sixty_four() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(parse_object(nested(64).as_bytes()).is_ok());
    assert!(parse_object(nested(65).as_bytes()).unwrap_err().message.contains("64 levels"));
    assert!(parse_object("[".repeat(1_000_000).as_bytes()).is_err(), "the stack is safe");
}

#[test]
fn a_request_may_hold_a_payload_that_is_as_deep_as_one_may_be() {
    let lists = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let payload = lists(MAX_DEPTH);
    let request = parse_request(format!("{{\"payload\":{payload}}}").as_bytes()).unwrap();
    assert!(!is_too_deep(&request["payload"]) && is_too_deep(&request));
    assert!(parse_request(lists(128).as_bytes()).is_ok());
    assert!(parse_request(lists(129).as_bytes()).unwrap_err().message.contains("128 levels"));
}

#[test]
fn a_list_is_wrapped_only_where_asked() {
    let map = parse_array_or_object(b"[{\"a\":1}]").unwrap();
    assert_eq!(Value::Object(map), json!({"items": [{"a": 1}]}));
    assert!(parse_array_or_object(b"7").is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Text that is nearly JSON, so that both sides of every rule are met.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\"", "\\", "\\u12", "\\ud800", "\\udc00", "0", "1",
        "-", ".", "e", "E+", "true", "null", "fals", " ", "\n", "é",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in any_json()) {
        prop_assert_eq!(parse_value(value.to_string().as_bytes()).unwrap(), value);
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_object(&bytes);
    }

    #[test]
    fn serde_json_agrees(text in nearly_json()) {
        let theirs = serde_json::from_str::<Value>(&text);
        match (parse_value(text.as_bytes()), theirs) {
            (Ok(ours), theirs) => prop_assert_eq!(Some(ours), theirs.ok()),
            (Err(fault), Ok(_)) => prop_assert!(fault.message.contains("twice"), "{} in {}", fault, text),
            (Err(_), Err(_)) => {}
        }
    }
}
