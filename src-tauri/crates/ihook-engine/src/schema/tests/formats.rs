//! Formats beyond ASCII as the official suite (JSON-Schema-Test-Suite, `optional/format`) has them.

use super::*;

fn check(format: &str, accepted: &[&str], refused: &[&str]) {
    let schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "format": format});
    let schema = Schema::compile(&schema, false).unwrap();
    for text in accepted {
        assert_eq!(schema.violations(&json!(text)).list, [], "{format}: {text}");
    }
    for text in refused {
        assert_eq!(schema.violations(&json!(text)).list.len(), 1, "{format}: {text}");
    }
    assert_eq!(schema.violations(&json!(12)).list, [], "{format} is about texts alone");
}

#[test]
fn names_in_any_script_are_checked() {
    check(
        "idn-email",
        &["실례@실례.테스트", "joe.bloggs@example.com", "\"joe bloggs\"@example.com"],
        &["2962", "", "실례", "@실례.테스트", "실례@"],
    );
    check(
        "idn-hostname",
        &[
            "실례.테스트",
            "example.com",
            "l·l",
            "α͵β",
            "א׳ב",
            "ァ・",
            "क्‍ष",
            "xn--ihqwcrb4cv8a8dqg056pqjye",
            "faß.de",
        ],
        &[
            "〮실례.테스트",
            "실〮례.테스트",
            "-> $1.00 <--",
            "xn--ihqwcrb4cv8a8dqg056pqjye--",
            "XN--aa---o47jg78q",
            "-hello",
            "hello-",
            "ab--cd",
            "\u{903}hello",
            "\u{300}hello",
            "a·l",
            "·l",
            "l·",
            "α͵S",
            "A׳ב",
            "def・abc",
            "ب٠۰",
            "\u{302E}",
            "",
        ],
    );
    check(
        "iri",
        &["http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://[2001:0db8:85a3:0000:0000:8a2e:0370:7334]"],
        &["http://2001:0db8:85a3:0000:0000:8a2e:0370:7334", "/abc", "\\\\WINDOWS\\filëßåré", "âππ"],
    );
    check(
        "iri-reference",
        &["//ƒøø.ßår/?∂éœ=πîx#πîüx", "âππ", "#ƒrägmênt"],
        &["\\\\WINDOWS\\filëßåré", "#ƒräg\\mênt"],
    );
}

/// A long text costs the budget about what it costs the processor.
#[test]
fn a_long_text_is_no_long_work() {
    let texts = [
        "é".repeat(50_000),
        "xn--".repeat(20_000),
        format!("xn--{}", "a9".repeat(40_000)),
        "é.".repeat(30_000),
    ];
    for text in texts {
        for format in ["idn-hostname", "idn-email"] {
            let schema = Schema::compile(&json!({"format": format}), false).unwrap();
            assert!(!schema.violations(&json!(text)).is_too_costly(), "{format}");
        }
    }
    let often =
        Schema::compile(&json!({"anyOf": vec![json!({"format": "idn-hostname"}); 100]}), false).unwrap();
    assert!(often.violations(&json!("é".repeat(500_000))).is_too_costly());
}

#[test]
fn formats_that_nothing_checks_are_named_with_their_place() {
    let check = |schema: Value, expected: &[(&str, &str)]| {
        let (found, more) = unchecked::formats(&schema);
        let found: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.message.as_str())).collect();
        assert_eq!((found.as_slice(), more), (expected, 0), "{schema}");
    };
    let uuid = "The format \"uuid\" is not checked: draft-07 does not have it; 2019-09 does, if \"$schema\" names that.";
    check(json!({"properties": {"a/b": {"format": "uuid"}}}), &[("/properties/a~1b/format", uuid)]);
    check(
        json!({"format": "dateTime"}),
        &[(
            "/format",
            "The format \"dateTime\" is not checked: nobody knows it. Did you mean \"date-time\"?",
        )],
    );
    check(
        json!({"items": [{"not": {"format": "phone"}}]}),
        &[(
            "/items/0/not/format",
            "The format \"phone\" is not checked: nobody knows it. A \"pattern\" says what the text must look like.",
        )],
    );
    check(
        json!({"$schema": "http://json-schema.org/draft-04/schema#", "definitions": {"d": {"format": "iri"}}}),
        &[(
            "/definitions/d/format",
            "The format \"iri\" is not checked: draft-04 does not have it; draft-07 does, if \"$schema\" names that.",
        )],
    );
    check(
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"d": {"format": "uuid"}}}),
        &[],
    );
    // Data, and a member that is called like the keyword.
    check(
        json!({"enum": [{"format": "x"}], "const": {"format": "x"}, "default": {"format": "x"}, "properties": {"format": {"type": "string"}}}),
        &[],
    );
    let many: Vec<Value> = (0..50).map(|_| json!({"format": "x"})).collect();
    let (found, more) = unchecked::formats(&json!({"allOf": many}));
    assert_eq!((found.len(), more), (20, 30));
}

/// What the table of formats says of a draft is what the validator does.
#[test]
fn every_format_is_checked_from_its_draft_on() {
    let drafts = [
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
    ];
    let formats = [
        "date",
        "date-time",
        "duration",
        "email",
        "hostname",
        "idn-email",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "iri",
        "iri-reference",
        "json-pointer",
        "regex",
        "relative-json-pointer",
        "time",
        "uri",
        "uri-reference",
        "uri-template",
        "uuid",
        "color",
        "phone",
        "style",
    ];
    for draft in drafts {
        for format in formats {
            let text = json!({"$schema": draft, "format": format});
            let schema = Schema::compile(&text, false).unwrap();
            let is_checked = !schema.violations(&json!("{ \\ (")).is_empty();
            let is_warned_of = !unchecked::formats(&text).0.is_empty();
            assert_ne!(is_checked, is_warned_of, "{format} in {draft}");
        }
    }
}
