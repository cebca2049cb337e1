//! docs/behavior.md says everything that there is: what is added to a table in code is added to the page.

use ihook_engine::signature::SCHEMES;
use ihook_engine::step_error::{ErrorCode, Owner};
use ihook_engine::workflow::Handshake;
use ihook_store::{run, workflow};
use regex::Regex;
use serde_json::Value;

use super::root;

fn page() -> String {
    std::fs::read_to_string(root().join("docs").join("behavior.md")).unwrap()
}

/// The part of the page below this heading, up to the next one of its level.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n{heading}\n")).unwrap();
    let level = heading.split(' ').next().unwrap();
    rest.split(&format!("\n{level} ")).next().unwrap()
}

/// Those that the text does not have in code marks, by themselves or at their beginning.
fn missing<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let has = |name: &str| Regex::new(&format!(r"`[^`\n]*\b{name}\b")).unwrap().is_match(text);
    names.into_iter().filter(|name| !has(name)).collect()
}

#[test]
fn every_command_is_named() {
    let bindings = ihook_app::commands::bindings();
    let row = Regex::new(r"(?m)^  (\w+_\w+): \{ request: ").unwrap();
    let names: Vec<_> = row.captures_iter(&bindings).map(|found| found.get(1).unwrap().as_str()).collect();
    assert!(names.len() > 50, "the commands are where they are looked for");
    let page = page();
    assert_eq!(missing(section(&page, "### Commands"), names), [""; 0]);
}

#[test]
fn every_failure_code_stands_with_who_can_fix_it() {
    let page = page();
    let codes = section(&page, "### Failure codes");
    let place = |owner: Owner| match owner {
        Owner::Sender => "event app",
        Owner::Workflow => "this workflow",
        Owner::Imis => "iMIS",
        Owner::Computer => "this computer",
    };
    for owner in Owner::ALL {
        let start = format!("| {} |", place(owner));
        let row = codes.lines().find(|line| line.starts_with(&start)).unwrap();
        let own = ErrorCode::ALL.iter().filter(|code| code.owner() == owner).map(|code| code.as_str());
        assert_eq!(missing(row, own), [""; 0], "{row}");
    }
}

#[test]
fn every_status_state_action_scheme_and_handshake_is_explained() {
    let page = page();
    let named = |heading: &str, names: Vec<&str>| {
        assert_eq!(missing(section(&page, heading), names), [""; 0], "{heading}");
    };
    named("### Statuses", run::Status::ALL.iter().map(|status| status.as_str()).collect());
    named("### States", workflow::Status::ALL.iter().map(|status| status.as_str()).collect());
    named("### Handshakes", Handshake::ALL.iter().map(|(name, _)| *name).collect());
    named("### Sender verification", SCHEMES.iter().map(|scheme| scheme.id).collect());
    let file = root().join("tests").join("fuzz").join("workflow").join("all-actions.json");
    let file: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let types = file["actions"].as_array().unwrap().iter().map(|action| action["type"].as_str().unwrap());
    named("## Actions", types.collect());
    let trigger = file["trigger"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(missing(&page, Vec::clone(&trigger)), [""; 0], "members of the trigger");
}
