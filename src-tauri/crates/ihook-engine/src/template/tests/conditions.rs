//! Conditions of gates.

use super::{Condition, PAYLOAD, scope_of};

fn check_condition(expression: &str, expected: bool) {
    let condition = Condition::parse(expression).unwrap();
    assert_eq!(condition.holds(&scope_of(PAYLOAD)), Ok(expected), "{expression}");
}

#[test]
fn conditions_hold_exactly_when_they_render_true() {
    for (expression, expected) in [
        ("", true),
        (" \n ", true),
        ("true", true),
        ("false", false),
        ("input.sessionCode == 'KEYNOTE' and input.vip", true),
        ("{{ input.sessionCode == 'KEYNOTE' and input.vip }}", true),
        ("{{- input.sessionCode != \"KEYNOTE\" -}}", false),
        ("{% if vip %}true{% endif %}", true),
        (" {{ vip }} ", true),
        ("vip", true),
        ("vipText", true),
        ("name", false),
        ("none", false),
        ("memberId", false),
        ("vip | json", true),
        ("True", false),
        ("no or vip", true),
        ("vip and no or vip", true),
        ("no and vip or no", false),
        // From right to left, as Liquid reads them.
        ("true and false and false or true", false),
        ("vip or vip and no", true),
        ("no and no or vip", false),
        // Numbers and their text are the same, truth and other text are not.
        ("memberId == '12345'", true),
        ("memberId == 12345", true),
        ("price == 12.5", true),
        ("big > 5", true),
        ("'9' < 10", true),
        ("vipText == true", true),
        ("name == true", false),
        ("no == false", true),
        ("none == false", false),
        // What is missing is nil and holds nothing.
        ("none == nil", true),
        ("nothing == nil", true),
        // Empty is what could hold something and does not; blank is what is missing, too.
        ("none == empty", false),
        ("none == blank", true),
        ("empty == blank", false),
        ("input.blank == blank", true),
        ("input.blank != empty", true),
        ("none > 5", false),
        ("none < 5", false),
        ("none contains 'x'", false),
        ("none != 'x'", true),
        ("tags contains 'y'", true),
        ("numbers contains 20", true),
        ("name contains 'Ann'", true),
        ("address contains 'city'", true),
        ("local >= '2026-05-27'", true),
        ("tags.size >= 3", true),
    ] {
        check_condition(expression, expected);
    }
    for expression in ["a ==", "a == b c", "a and", "vip %}", "{{ a == }}", "{% if %}", "a | nope"] {
        let fault = Condition::parse(expression).expect_err(expression);
        assert!(fault.starts_with("Template"), "{expression}: {fault}");
    }
}

#[test]
fn what_a_gate_shows_is_what_it_was_asked() {
    for (expression, expected) in [
        ("vip", "true"),
        ("name", "false"),
        ("{{ name | size }}", "15"),
        ("{{ vip and no }}", "false"),
        ("  {% if vip %} yes {% endif %}  ", "yes"),
        ("", "true"),
    ] {
        let condition = Condition::parse(expression).unwrap();
        assert_eq!(condition.render(&scope_of(PAYLOAD)).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn a_fault_in_a_condition_has_its_place() {
    for (expression, expected) in [
        (" a ==", "Template, column 6: a value is expected here"),
        ("a | nope", "Template, column 5: there is no filter “nope”"),
        ("a == b c", "Template, column 8: a comparison, “and” or “or” is expected here"),
        ("{{ a == }}", "Template, column 9: a value is expected here"),
        ("vip\n and @", "Template, line 2 column 6: “@” means nothing here"),
    ] {
        assert_eq!(Condition::parse(expression).expect_err(expression), expected, "{expression}");
    }
}
