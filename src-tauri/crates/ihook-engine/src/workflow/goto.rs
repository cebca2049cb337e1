//! Ids are unique, and every jump leads forward within its own list.

use std::collections::HashSet;

use super::{Action, ActionKind, FileFault, GateOutcome, OnFailure, WhenDisabled};

/// Looks through the whole workflow, nested actions included.
pub(super) fn check(actions: &[Action]) -> Result<(), FileFault> {
    unique(actions, "/actions", &mut HashSet::new())?;
    let everywhere = ids(actions);
    forward(actions, "/actions", &everywhere)
}

fn ids(actions: &[Action]) -> HashSet<&str> {
    let mut found = HashSet::new();
    for action in actions {
        found.insert(action.id.as_str());
        if let ActionKind::ForEach { actions, .. } = &action.kind {
            found.extend(ids(actions));
        }
    }
    found
}

fn unique<'a>(actions: &'a [Action], path: &str, seen: &mut HashSet<&'a str>) -> Result<(), FileFault> {
    for (at, action) in actions.iter().enumerate() {
        if !seen.insert(&action.id) {
            let message = format!("The id \"{}\" is used by more than one action.", action.id);
            return Err(FileFault::at(format!("{path}/{at}/id"), message));
        }
        if let ActionKind::ForEach { actions, .. } = &action.kind {
            unique(actions, &format!("{path}/{at}/actions"), seen)?;
        }
    }
    Ok(())
}

fn forward(actions: &[Action], path: &str, everywhere: &HashSet<&str>) -> Result<(), FileFault> {
    for (at, action) in actions.iter().enumerate() {
        for (member, target) in jumps(action) {
            let path = format!("{path}/{at}/{member}/goTo");
            match actions.iter().position(|other| other.id == target) {
                Some(found) if found > at => {}
                Some(_) => {
                    let message = format!(
                        "goTo must name a later action, and \"{target}\" is not after \"{}\".",
                        action.id
                    );
                    return Err(FileFault::at(path, message));
                }
                None if everywhere.contains(target) => {
                    let message =
                        format!("goTo must not lead into or out of a For Each, where \"{target}\" is.");
                    return Err(FileFault::at(path, message));
                }
                None => {
                    let message = format!("goTo names \"{target}\", and there is no such action.");
                    return Err(FileFault::at(path, message));
                }
            }
        }
        if let ActionKind::ForEach { actions, .. } = &action.kind {
            forward(actions, &format!("{path}/{at}/actions"), everywhere)?;
        }
    }
    Ok(())
}

fn jumps(action: &Action) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    if let OnFailure::GoTo(target) = &action.on_failure {
        found.push(("onFailure", target.as_str()));
    }
    if let WhenDisabled::As(OnFailure::GoTo(target)) = &action.when_disabled {
        found.push(("whenDisabled", target.as_str()));
    }
    if let ActionKind::Gate { outcome: GateOutcome::GoTo(target), .. } = &action.kind {
        found.push(("outcome", target.as_str()));
    }
    found
}
