//! The places of a payload that a workflow reads.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::template::Template;
use crate::workflow::pointer;

/// Deeper places are not kept.
const MAX_DEPTH: usize = 32;

/// Places of a payload, as a tree: what lies below each by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used(pub(super) HashMap<String, Self>);

/// The variables of the loops around an action, each with the place of its list.
type Loops = Vec<(String, Vec<String>)>;

impl Used {
    /// What the enabled actions of a workflow file, and its trigger, read; the file need not be complete.
    #[must_use]
    pub fn by(file: &Value) -> Self {
        let mut used = Self::default();
        used.texts(&file["trigger"], &Loops::new());
        used.actions(&file["actions"], &mut Loops::new());
        used
    }

    fn actions(&mut self, actions: &Value, loops: &mut Loops) {
        for action in actions.as_array().into_iter().flatten().filter_map(Value::as_object) {
            if action.get("enabled") != Some(&Value::Bool(false)) {
                self.action(action, loops);
            }
        }
    }

    fn action(&mut self, action: &Map<String, Value>, loops: &mut Loops) {
        let text = |member: &str| action.get(member).and_then(Value::as_str).unwrap_or_default().trim();
        match text("type") {
            // A schema says what comes; it reads nothing.
            "jsonSchemaValidation" => self.add(steps(text("path"))),
            "gate" => self.condition(text("expression"), loops),
            "forEach" => {
                let list = resolved(&steps(text("list")), loops);
                self.add(list.clone());
                let name = Some(text("as")).filter(|name| !name.is_empty()).unwrap_or("item");
                // Any step of digits stands for every item.
                loops.push((name.to_owned(), [list, vec!["0".to_owned()]].concat()));
                self.actions(action.get("actions").unwrap_or(&Value::Null), loops);
                loops.pop();
            }
            _ => action.values().for_each(|member| self.texts(member, loops)),
        }
    }

    /// A bare condition, or a template.
    fn condition(&mut self, text: &str, loops: &Loops) {
        if has_code(text) {
            self.template(text, loops);
        } else {
            self.template(&format!("{{% if {text} %}}{{% endif %}}"), loops);
        }
    }

    fn texts(&mut self, value: &Value, loops: &Loops) {
        match value {
            Value::String(text) if has_code(text) => self.template(text, loops),
            // How an idempotency key names its place.
            Value::String(text) => {
                if let Some(place) = text.strip_prefix("pointer:") {
                    self.add(steps(place));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.texts(item, loops)),
            Value::Object(members) => members.values().for_each(|member| self.texts(member, loops)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn template(&mut self, text: &str, loops: &Loops) {
        let Ok(template) = Template::parse(text) else { return };
        let is_of_payload = |path: &&Vec<String>| {
            !path.first().is_some_and(|root| matches!(root.as_str(), "run" | "workflow" | "secret"))
        };
        for path in template.paths().iter().filter(is_of_payload) {
            self.add(resolved(path, loops));
        }
    }

    fn add(&mut self, path: impl IntoIterator<Item = String>) {
        let mut at = self;
        for step in path.into_iter().take(MAX_DEPTH) {
            at = at.0.entry(step).or_default();
        }
    }

    /// Below these places, those of a member.
    pub(super) fn member<'a>(at: &[&'a Self], name: &str) -> Vec<&'a Self> {
        at.iter().filter_map(|place| place.0.get(name)).collect()
    }

    /// Below these places, those of any item.
    pub(super) fn items<'a>(at: &[&'a Self]) -> Vec<&'a Self> {
        let is_item =
            |step: &str| matches!(step, "first" | "last") || step.bytes().all(|byte| byte.is_ascii_digit());
        at.iter()
            .flat_map(|place| &place.0)
            .filter(|(step, _)| is_item(step))
            .map(|(_, below)| below)
            .collect()
    }
}

/// A path from the payload on: `input` is the payload, and a loop's variable an item of its list.
fn resolved(path: &[String], loops: &Loops) -> Vec<String> {
    let Some((root, rest)) = path.split_first() else { return Vec::new() };
    match loops.iter().rev().find(|(name, _)| name == root) {
        Some((_, list)) => [list, rest].concat(),
        None if root == "input" => rest.to_vec(),
        None => path.to_vec(),
    }
}

fn has_code(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The steps of a JSON pointer, or of a dotted path.
fn steps(place: &str) -> Vec<String> {
    let pointer = pointer(place);
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}
