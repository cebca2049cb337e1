//! What may be called how. Asked when a workflow is saved, not when one is read: whatever was saved before stays
//! readable.

use super::{Action, ActionKind, FileFault, Workflow};

/// Characters of a name; a longer one is cut wherever it is shown.
const LONGEST: usize = 200;

/// Names and ids that people and screens can handle.
///
/// # Errors
/// The first that is too long or holds a control character, such as a line break.
pub(super) fn check(workflow: &Workflow) -> Result<(), FileFault> {
    one("/name", &workflow.name)?;
    actions("/actions", &workflow.actions)?;
    for (index, scenario) in workflow.scenarios.iter().enumerate() {
        one(&format!("/scenarios/{index}/name"), &scenario.name)?;
    }
    Ok(())
}

fn actions(path: &str, list: &[Action]) -> Result<(), FileFault> {
    for (index, action) in list.iter().enumerate() {
        let path = format!("{path}/{index}");
        one(&format!("{path}/id"), &action.id)?;
        if let Some(name) = &action.name {
            one(&format!("{path}/name"), name)?;
        }
        if let ActionKind::ForEach { actions: inner, .. } = &action.kind {
            actions(&format!("{path}/actions"), inner)?;
        }
    }
    Ok(())
}

fn one(path: &str, text: &str) -> Result<(), FileFault> {
    let length = text.chars().count();
    if length > LONGEST {
        let message = format!("This has {length} characters: at most {LONGEST} are taken.");
        return Err(FileFault::at(path, message));
    }
    if text.chars().any(char::is_control) {
        let message = "This holds a line break or another control character: take it out.";
        return Err(FileFault::at(path, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check_file(file: &Value, expected: Option<&str>) {
        let workflow = Workflow::parse(file).expect("it is readable");
        let found = workflow.check_names().err().map(|fault| fault.path);
        assert_eq!(found.as_deref(), expected, "{file}");
    }

    #[test]
    fn what_is_too_long_or_holds_control_characters_is_refused_with_its_place() {
        let long = "ü".repeat(LONGEST + 1);
        let file = |name: &str, id: &str, inner: &str, scenario: &str| {
            json!({
                "format": "ihook.workflow/1",
                "name": name,
                "actions": [{
                    "id": id,
                    "type": "forEach",
                    "list": "/items",
                    "actions": [{ "id": "inner", "name": inner, "type": "notify", "title": "T", "message": "M" }],
                }],
                "scenarios": [{ "name": scenario, "payload": {} }],
            })
        };
        check_file(&file("W", "a", "I", "S"), None);
        check_file(&file(&"ü".repeat(LONGEST), "a", "I", "S"), None);
        check_file(&file(&long, "a", "I", "S"), Some("/name"));
        check_file(&file("W\u{0}", "a", "I", "S"), Some("/name"));
        check_file(&file("W", &long, "I", "S"), Some("/actions/0/id"));
        check_file(&file("W", "a", "one\ntwo", "S"), Some("/actions/0/actions/0/name"));
        check_file(&file("W", "a", "I", "\u{1b}[0m"), Some("/scenarios/0/name"));
    }
}
