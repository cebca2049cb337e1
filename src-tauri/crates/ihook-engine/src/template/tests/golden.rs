//! The public suite of Liquid implementations, golden-liquid, and where we mean to differ from it.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{RunFacts, Scope, Template};
use crate::time::SiteTime;

const SUITE: &str = include_str!("../../../tests/golden_liquid/golden_liquid.json");
pub(super) const DOCS: &str = include_str!("../../../../../../docs/templates.md");

/// How a case came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Passed,
    /// Refused aloud where the suite shows something.
    Refused,
    /// Shown without a word, and something else than the suite wants.
    Silent,
}

/// The cases in scope: all but those of `include` and `render`, which read other templates.
fn cases() -> Vec<Value> {
    let suite: Value = serde_json::from_str(SUITE).unwrap();
    let in_scope = |case: &&Value| case.get("templates").is_none();
    suite["tests"].as_array().unwrap().iter().filter(in_scope).cloned().collect()
}

fn outcome(case: &Value) -> Result<String, String> {
    let none = Map::new();
    let received_at = "2026-05-27T13:15:30Z".parse::<Timestamp>().unwrap();
    let facts = RunFacts { run_id: "r", workflow_name: "W", received_at, site: &SiteTime::utc() };
    let scope = Scope::new(case["data"].as_object().unwrap_or(&none), &facts);
    Template::parse(case["template"].as_str().unwrap())?.render(&scope)
}

fn ending(case: &Value) -> Ending {
    let wanted: Vec<&str> = match case.get("results") {
        Some(results) => results.as_array().unwrap().iter().filter_map(Value::as_str).collect(),
        None => case["result"].as_str().into_iter().collect(),
    };
    match outcome(case) {
        Err(_) if case["invalid"] == true => Ending::Passed,
        Err(_) => Ending::Refused,
        Ok(text) if wanted.contains(&text.as_str()) => Ending::Passed,
        Ok(_) => Ending::Silent,
    }
}

/// Where we differ on purpose: the row of the docs' table that says why, how, and in which cases.
const DIFFERENCES: &[(&str, Ending, &[&str])] = &[
    (
        "A number equals its text",
        Ending::Silent,
        &[
            "filters, has, hash input, string value, no type coercion",
            "tags, if, int does not equal string",
            "tags, if, string does not equal int",
            "tags, if, string greater than int",
        ],
    ),
    ("`date` needs no pattern", Ending::Silent, &["filters, date, missing argument"]),
    (
        "Arithmetic takes numbers only",
        Ending::Refused,
        &[
            "filters, abs, not a string, int or float",
            "filters, abs, string not a number",
            "filters, at least, argument string not a number",
            "filters, at least, left value not a number",
            "filters, at least, left value not a number negative argument",
            "filters, at most, left value not a number",
            "filters, ceil, not a string, int or float",
            "filters, ceil, string not a number",
            "filters, divided by, not a string, int or float",
            "filters, divided by, string not a number",
            "filters, floor, not a string, int or float",
            "filters, floor, string not a number",
            "filters, minus, arg string not a number",
            "filters, minus, not a string, int or float",
            "filters, minus, string not a number",
            "filters, modulo, not a string, int or float",
            "filters, modulo, string not a number",
            "filters, plus, arg string not a number",
            "filters, plus, not a string, int or float",
            "filters, plus, string not a number",
            "filters, round, argument is a string",
            "filters, sum, hashes without property argument",
        ],
    ),
    ("What is no date is refused", Ending::Refused, &["filters, date, negative timestamp string"]),
    (
        "A loop takes a list",
        Ending::Refused,
        &[
            "tags, for, loop over a non-iterable object",
            "tags, for, loop over a string literal",
            "tags, for, loop over a string variable",
        ],
    ),
    (
        "A range takes whole numbers",
        Ending::Refused,
        &["range, end is not a number", "range, start is not a number"],
    ),
    (
        "A null item is refused",
        Ending::Refused,
        &[
            "filters, find, array of hashes, with a nil",
            "filters, find, mixed array, default value",
            "filters, find index, array of hashes, with a nil",
            "filters, find index, mixed array, default value",
            "filters, has, array of hashes, with a nil",
            "filters, has, mixed array, default value",
            "filters, reject, array containing null, default value",
        ],
    ),
    (
        "Nothing follows `else`",
        Ending::Refused,
        &[
            "tags, if, else tag expressions are ignored",
            "tags, if, extra else blocks are ignored",
            "tags, if, extra elsif blocks are ignored",
            "tags, unless, else tag expressions are ignored",
            "tags, unless, extra else blocks are ignored",
            "tags, unless, extra elsif blocks are ignored",
        ],
    ),
    ("`when` takes values", Ending::Refused, &["tags, case, unexpected when token"]),
];

#[test]
fn every_case_of_the_public_suite_passes_but_those_in_the_table() {
    let mut differing: Vec<(Ending, String)> = Vec::new();
    let cases = cases();
    for case in &cases {
        let ending = ending(case);
        if ending != Ending::Passed {
            differing.push((ending, case["name"].as_str().unwrap().to_owned()));
        }
    }
    let mut expected: Vec<(Ending, String)> = DIFFERENCES
        .iter()
        .flat_map(|(_, ending, names)| names.iter().map(|name| (*ending, (*name).to_owned())))
        .collect();
    differing.sort();
    expected.sort();
    assert_eq!(differing, expected, "what differs is what the table says");
    assert_eq!(cases.len(), 1020, "the suite is whole");
    assert!((cases.len() - differing.len()) * 100 >= cases.len() * 92, "at least 92 in a hundred pass");
    let silent = differing.iter().filter(|(ending, _)| *ending == Ending::Silent).count();
    assert!(silent <= 6, "at most six differ in silence");
}

#[test]
fn the_docs_say_where_we_differ_and_why() {
    for (row, _, names) in DIFFERENCES {
        let start = format!("| **{row}**");
        let line = DOCS.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("docs/templates.md has no row {row:?}"));
        for name in *names {
            assert!(line.contains(name), "the row {row:?} does not name the case {name:?}");
        }
    }
}
