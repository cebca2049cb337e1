//! Fuzz targets: the JSON guard and the workflow file. Each takes anything, and what it takes keeps its promises.

use ihook_engine::activity;
use ihook_engine::check::{self, Facts, SenderSecret};
use ihook_engine::json;
use ihook_engine::plan::Plan;
use ihook_engine::record::SiteTime;
use ihook_engine::workflow::Workflow;
use ihook_tests::mutate::{corpus, mutated};
use proptest::prelude::*;
use serde_json::Value;

/// Never panics, and agrees with a reader of another make on what it takes.
fn json_guard(bytes: &[u8]) -> Result<(), TestCaseError> {
    match json::parse_object(bytes) {
        Ok(object) => {
            let theirs: Value =
                serde_json::from_slice(bytes).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(Value::Object(object.clone()), theirs);
            let again = json::parse_object(Value::Object(object.clone()).to_string().as_bytes());
            prop_assert_eq!(again, Ok(object.clone()), "what is stored is read back");
            prop_assert_eq!(json::parse_array_or_object(bytes), Ok(object));
        }
        Err(fault) => {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            prop_assert!(fault.line >= 1 && fault.line <= lines && fault.column >= 1, "{}", fault);
        }
    }
    Ok(())
}

/// Never panics. Whether a file is taken hangs on the file alone, a fault says where it is, and what was taken runs
/// through the check for problems as well.
fn workflow_file(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(file) = json::parse_object(bytes).map(Value::Object) else { return Ok(()) };
    let parsed = Workflow::parse(&file);
    let written: Value =
        serde_json::from_str(&file.to_string()).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert_eq!(Workflow::parse(&written).ok(), parsed.as_ref().ok().cloned(), "stored and read again");
    let compiled = Plan::from_file(&file);
    match (&parsed, &compiled) {
        (Ok(workflow), Ok(plan)) => prop_assert_eq!(plan.workflow(), workflow),
        (Ok(_), Err(fault)) | (Err(fault), Err(_)) => prop_assert!(!fault.to_string().is_empty()),
        (Err(fault), Ok(_)) => return Err(TestCaseError::fail(format!("compiled all the same: {fault}"))),
    }
    if let Ok(workflow) = parsed {
        let facts = Facts {
            activity_types: None,
            activity_columns: activity::columns(),
            panels: None,
            site: &SiteTime::utc(),
            connection_known: false,
            sender_secret: SenderSecret::Missing,
        };
        let _ = check::problems(&workflow, &facts);
    }
    Ok(())
}

#[test]
fn every_file_of_the_corpus_is_survived() {
    corpus("json").iter().for_each(|bytes| json_guard(bytes).unwrap());
    corpus("workflow").iter().for_each(|bytes| workflow_file(bytes).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_json_guard_takes_anything(bytes in mutated("json")) {
        json_guard(&bytes)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_workflow_file_may_be_anything(bytes in mutated("workflow")) {
        workflow_file(&bytes)?;
    }
}
