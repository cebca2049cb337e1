//! What workflow files and drafts hold of a person: test cases go; what else was written into a file stays for a
//! person to decide, but a draft with it goes whole.

use ihook_store::erase::files;
use ihook_store::{Connection, StoreError, draft};
use serde_json::Value;

use super::Wanted;

/// What files hold of a value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct InFiles {
    /// Test cases in saved files, in whatever versions.
    pub(crate) test_cases: usize,
    /// Unsaved drafts that lose test cases, or go.
    pub(crate) drafts: usize,
    /// Workflows with the value elsewhere in a saved file, by name.
    pub(crate) workflows: Vec<String>,
}

/// Looks through every file, and changes none.
pub(super) fn look(database: &Connection, wanted: &Wanted) -> Result<InFiles, StoreError> {
    let mut found = InFiles::default();
    for saved in files::saved(database)? {
        let Some(held) = Held::of(&saved.file, wanted) else { continue };
        found.test_cases += held.test_cases;
        if held.is_elsewhere {
            found.workflows.push(saved.name);
        }
    }
    found.workflows.dedup();
    let drafts = files::drafts(database)?;
    found.drafts = drafts.iter().filter(|(_, file)| Held::of(file, wanted).is_some()).count();
    Ok(found)
}

/// Takes test cases with the value out of every file, and drops drafts that hold it elsewhere. What is there now
/// counts, not what was found before: editors keep their drafts every few seconds.
pub(super) fn take_out(tx: &Connection, wanted: &Wanted) -> Result<(), StoreError> {
    for saved in files::saved(tx)? {
        if let Some(held) = Held::of(&saved.file, wanted)
            && held.test_cases > 0
        {
            files::set_saved(tx, saved.workflow_id, saved.number, &held.left.to_string())?;
        }
    }
    for (editor, file) in files::drafts(tx)? {
        match Held::of(&file, wanted) {
            None => {}
            Some(held) if held.is_elsewhere => draft::discard(tx, &editor)?,
            Some(held) => files::set_draft(tx, &editor, &held.left.to_string())?,
        }
    }
    Ok(())
}

/// What one file holds of a value.
struct Held {
    test_cases: usize,
    is_elsewhere: bool,
    /// The file without those test cases.
    left: Value,
}

impl Held {
    fn of(file: &str, wanted: &Wanted) -> Option<Self> {
        if !wanted.may_be_in(file) {
            return None;
        }
        let mut left: Value = serde_json::from_str(file).ok()?;
        let mut test_cases = 0;
        if let Some(scenarios) = left.get_mut("scenarios").and_then(Value::as_array_mut) {
            let before = scenarios.len();
            scenarios.retain(|scenario| !is_about(scenario, wanted));
            test_cases = before - scenarios.len();
        }
        let is_elsewhere = wanted.is_leaf_of(&left);
        (test_cases > 0 || is_elsewhere).then_some(Self { test_cases, is_elsewhere, left })
    }
}

fn is_about(scenario: &Value, wanted: &Wanted) -> bool {
    let name = scenario.get("name").and_then(Value::as_str).unwrap_or_default();
    wanted.is_word_in(name) || wanted.is_leaf_of(scenario)
}
