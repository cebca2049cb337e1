//! Faults and what the editor shows of them.

use crate::time::SiteTime;
use serde_json::{Map, Value};

use super::{PAYLOAD, check_fault, preview, rendered};

#[test]
fn faults_are_one_sentence_with_their_place() {
    for (template, part) in [
        ("{{ a", "Template, column 1: is not closed"),
        ("x\n  {% if a %}", "Template, line 2 column 13"),
        ("{{ 'a }}", "a quote is not closed"),
        ("{{ a | nope }}", "there is no filter “nope”"),
        ("{% assign x = a | nope: 1 %}", "there is no filter “nope”"),
        ("{% include 'x' %}", "there is no tag “include”"),
        ("{% render 'x' %}", "there is no tag “render”"),
        ("{% %}", "a tag has no name"),
        ("{{ input.größe }}", "stand in brackets"),
        ("{% endif %}", "Template, column 1: “endif” closes nothing"),
        ("{% raw %}", "“raw” is not closed"),
        ("{{ a b }}", "Template, column"),
        ("{{ }}", "Template, column"),
        ("{% for x on y %}{% endfor %}", "“in” is expected here"),
        ("{{ a | append }}", "takes 1 arguments, not 0"),
        ("{{ a | append: x: 1 }}", "takes 1 arguments, not 0"),
        ("{{ a | default: 1, y: 2 }}", "has no argument “y”"),
        ("{{ name | plus: 1 }}", "the filter “plus” needs a number, not “Ann"),
        ("{{ 1 | divided_by: none }}", "the filter “divided_by” cannot divide by zero"),
        ("{{ name | date: '%F' }}", "is not a date or time"),
        ("{{ when | in_zone: 'Mars' }}", "knows no time zone “Mars”"),
        ("{{ when | format: 'q' }}", "“q” is not a standard .NET date pattern"),
        ("{{ name | parse_json }}", "found no JSON"),
        ("{% for c in name %}{% endfor %}", "a loop needs a list, not “Ann"),
        ("{{ address | reverse }}", "the filter “reverse” needs a list, not an object"),
    ] {
        check_fault(template, part);
    }
}

#[test]
fn a_fault_names_the_line_and_the_column_of_what_is_wrong() {
    for (template, expected) in [
        ("ü {{ a | nope }}", "Template, column 10: there is no filter “nope”"),
        ("{{ a | nope }}\n", "Template, line 1 column 8: there is no filter “nope”"),
        ("x\n  {{ a b }}", "Template, line 2 column 8: a filter (|) or the end is expected here"),
        (
            "x\n\n{{ input.größe }}",
            "Template, line 3 column 12: names with other letters than a to z stand in brackets, like input['größe']",
        ),
        (
            "{{ tags.0 }}",
            "Template, column 9: a name is expected here; a place in a list stands in brackets, like tags[0]",
        ),
        ("{% if a %}{% endfor %}", "Template, column 11: “endfor” cannot stand here: “if” is still open"),
        (
            "{% if a %}\n{% else if b %}{% endif %}",
            "Template, line 2 column 1: “else” takes no condition; “elsif” does",
        ),
        ("{% when 1 %}", "Template, column 1: “when” stands in no block"),
        ("{% liquid\n  assign x = 1\n  ecko x\n%}", "Template, line 3 column 3: there is no tag “ecko”"),
        ("{% # a\n  b %}", "Template, line 2 column 3: every line of a comment begins with #"),
        (
            "{% for t in tags upwards %}{% endfor %}",
            "Template, column 18: a loop knows “limit”, “offset” and “reversed”",
        ),
        // While it renders, too.
        (
            "{% if vip %}\n  {{ name | upcase | plus: 1 }}{% endif %}",
            "Template, line 2 column 22: the filter “plus” needs a number, not “ANN \"Ä\" O'NEILL”",
        ),
        (
            "x{% for c in name %}{% endfor %}",
            "Template, column 2: a loop needs a list, not “Ann \"Ä\" O'Neill”",
        ),
        (
            "a{% for i in (1..99999) %}{% endfor %}",
            "Template, column 2: the template's loops run more than 10000 times in all",
        ),
    ] {
        assert_eq!(rendered(template).expect_err(template), expected, "{template}");
    }
}

#[test]
fn a_preview_shows_the_text_and_names_what_is_unknown() {
    let payload: Map<String, Value> = serde_json::from_str(PAYLOAD).unwrap();
    let preview_check = |template: &str, text: &str, problems: &[&str]| {
        let shown = preview(template, &payload, &SiteTime::utc(), "2026-05-27T13:15:30Z".parse().unwrap());
        assert_eq!(
            (shown.text.as_str(), shown.problems),
            (text, problems.iter().map(|&p| p.to_owned()).collect())
        );
        shown.unknown.into_iter().map(|(path, _)| path).collect::<Vec<_>>()
    };
    preview_check("{{ memberId }} {{ run.receivedAt }}", "12345 2026-05-27T13:15:30+00:00", &[]);
    preview_check(
        "{{ input.memberID }}",
        "",
        &["This payload has no “input.memberID”; did you mean “memberId”?"],
    );
    preview_check("{{ sesionCode }}", "", &["This payload has no “sesionCode”; did you mean “sessionCode”?"]);
    let unknown = preview_check("{{ colour | default: '-' }}", "-", &["This payload has no “colour”"]);
    assert_eq!(unknown, ["colour"], "so that the editor can underline it");
    preview_check("{{ a", "", &["Template, column 1: is not closed: {{ … }}"]);
    preview_check(
        "{{ name | plus: 1 }}",
        "",
        &["Template, column 11: the filter “plus” needs a number, not “Ann \"Ä\" O'Neill”"],
    );
}
