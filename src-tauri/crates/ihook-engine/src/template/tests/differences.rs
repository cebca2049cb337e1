//! Where we differ from Liquid on purpose: what the rows of docs/templates.md promise.

use super::golden::DOCS;
use super::rendered;

/// `Err` holds a part of the sentence.
fn holds(row: &str, template: &str, expected: Result<&str, &str>) {
    let start = format!("| **{row}**");
    assert!(DOCS.lines().any(|line| line.starts_with(&start)), "docs/templates.md has no row {row:?}");
    match (rendered(template), expected) {
        (Ok(text), Ok(expected)) => assert_eq!(text, expected, "{row}: {template}"),
        (Err(fault), Err(part)) => assert!(fault.contains(part), "{row}: {template} gives {fault:?}"),
        (other, _) => panic!("{row}: {template} gives {other:?} and not {expected:?}"),
    }
}

#[test]
fn each_difference_is_what_its_row_says() {
    for (row, template, expected) in [
        ("Limits", "{% for i in (1..10001) %}{% endfor %}", Err("run more than 10000 times")),
        ("Unknown names are blank", "[{{ nope.a[0].b | upcase }}]{{ nope | default: 'x' }}", Ok("[]x")),
        (
            "Numbers keep their digits",
            "{{ big | plus: 1 }} {{ price }} {{ 0.1 | plus: 0.2 }}",
            Ok("123456789012345678902 12.50 0.3"),
        ),
        ("Objects are shown as JSON", "{{ attendees[1] }}", Ok("{\"id\":2}")),
        ("No other templates", "{% render 'x' %}", Err("there is no tag “render”")),
        ("Quotes may hold braces", "{{ '}}' }}{{ \"{% x %}\" }}", Ok("}}{% x %}")),
        (
            "A number equals its text",
            "{% if memberId == '12345' %}y{% endif %}{% if '9' < 10 %}y{% endif %}",
            Ok("yy"),
        ),
        ("A number equals its text", "{% if name > 5 %}{% endif %}", Err("one of them is no number")),
        ("`date` needs no pattern", "{{ when | date }}", Ok("2026-05-27T09:15:00")),
        ("What is no date is refused", "{{ name | date: '%F' }}", Err("is not a date or time")),
        ("Arithmetic takes numbers only", "{{ name | plus: 1 }}", Err("needs a number")),
        ("Arithmetic takes numbers only", "{{ none | plus: 1 }}{{ '' | plus: 1 }}", Ok("11")),
        ("A loop takes a list", "{% for i in name %}{% endfor %}", Err("a loop needs a list")),
        ("A loop takes a list", "{% for i in none %}{% else %}n{% endfor %}", Ok("n")),
        ("A range takes whole numbers", "{{ (name..5) }}", Err("a range needs whole numbers")),
        ("A null item is refused", "{{ '[null]' | parse_json | has: 'a' }}", Err("not nothing")),
        ("Nothing follows `else`", "{% if vip %}{% else if no %}{% endif %}", Err("“elsif” does")),
        (
            "`when` takes values",
            "{% case vip %}{% when true and no %}{% endcase %}",
            Err("“or”, a comma or the end"),
        ),
        ("A sort takes what can be compared", "{{ '[[1], 2]' | parse_json | sort | join }}", Ok("1 2")),
        (
            "A sort takes what can be compared",
            "{{ attendees | sort }}",
            Err("cannot put an object in an order"),
        ),
    ] {
        holds(row, template, expected);
    }
}

/// The docs name every filter, and no filter that there is not.
#[test]
fn the_docs_name_the_filters_that_there_are() {
    use std::collections::BTreeSet;

    let listed = |line: &str| -> BTreeSet<String> {
        line.split('`').skip(1).step_by(2).map(str::to_owned).filter(|name| !name.contains(' ')).collect()
    };
    let section = DOCS.split("\n## ").find(|section| section.starts_with("Filters\n")).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| --"));
    let named: BTreeSet<String> =
        rows.flat_map(|row| listed(row.split('|').nth(2).unwrap_or_default())).collect();
    let known: BTreeSet<String> = super::super::filters::all().map(|filter| filter.name.to_owned()).collect();
    assert_eq!(named, known);
}
