//! What differs between two workflow files, by action id and member, for people to read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::workflow::pointer_step;

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// JSON pointer: into the second file, or into the first where the second has nothing there.
    pub path: String,
    /// The action concerned.
    pub action_id: Option<String>,
    /// The member or field concerned, as the file writes it; none where a whole action is.
    pub field: Option<String>,
    /// What happened.
    pub kind: Kind,
    /// As it was.
    pub before: Option<Value>,
    /// As it is.
    pub after: Option<Value>,
}

/// What happened to a part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
    /// An action stands at another place among those that were there before.
    Moved,
}

/// Members that hold members of their own, each compared by itself.
const NESTED: [&str; 5] = ["trigger", "fields", "match", "headers", "query"];

/// Every difference, in the order of the second file; what is gone comes last in its place.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Found { action: None, differences: Vec::new() };
    found.members(before, after, "");
    found.differences
}

struct Found {
    action: Option<String>,
    differences: Vec<Difference>,
}

impl Found {
    fn add(
        &mut self,
        path: String,
        field: Option<&str>,
        kind: Kind,
        values: (Option<&Value>, Option<&Value>),
    ) {
        self.differences.push(Difference {
            path,
            action_id: self.action.clone(),
            field: field.map(str::to_owned),
            kind,
            before: values.0.cloned(),
            after: values.1.cloned(),
        });
    }

    fn members(&mut self, before: &Value, after: &Value, path: &str) {
        let empty = Map::new();
        let before = before.as_object().unwrap_or(&empty);
        let after = after.as_object().unwrap_or(&empty);
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        for name in after.keys().chain(gone) {
            let at = format!("{path}/{}", pointer_step(name));
            match (before.get(name), after.get(name)) {
                (was, is) if name == "actions" => {
                    self.actions(was.unwrap_or(&Value::Null), is.unwrap_or(&Value::Null), &at);
                }
                (was, is) if NESTED.contains(&name.as_str()) && is_object(was) && is_object(is) => {
                    self.members(was.unwrap_or(&Value::Null), is.unwrap_or(&Value::Null), &at);
                }
                (None, is @ Some(_)) => self.add(at, Some(name), Kind::Added, (None, is)),
                (was @ Some(_), None) => self.add(at, Some(name), Kind::Removed, (was, None)),
                (was, is) if was != is => self.add(at, Some(name), Kind::Changed, (was, is)),
                _ => {}
            }
        }
    }

    fn actions(&mut self, before: &Value, after: &Value, path: &str) {
        let (was, is) = (by_id(before), by_id(after));
        let position = |list: &[(&str, &Value)], id: &str| list.iter().position(|(other, _)| *other == id);
        let places: Vec<_> = is.iter().map(|(id, _)| position(&was, id)).collect();
        let moved = moved(&places);
        let around = self.action.clone();
        for (at, (id, action)) in is.iter().enumerate() {
            self.action = Some((*id).to_owned());
            let path = format!("{path}/{at}");
            let Some((_, old)) = places[at].and_then(|place| was.get(place)) else {
                self.add(path, None, Kind::Added, (None, Some(action)));
                continue;
            };
            if moved.contains(&at) {
                self.add(path.clone(), None, Kind::Moved, (None, None));
            }
            self.members(old, action, &path);
        }
        for (at, (id, action)) in was.iter().enumerate().filter(|(_, (id, _))| position(&is, id).is_none()) {
            self.action = Some((*id).to_owned());
            self.add(format!("{path}/{at}"), None, Kind::Removed, (Some(action), None));
        }
        self.action = around;
    }
}

fn is_object(value: Option<&Value>) -> bool {
    value.is_none_or(Value::is_object)
}

fn by_id(actions: &Value) -> Vec<(&str, &Value)> {
    let actions = actions.as_array().into_iter().flatten();
    actions.filter_map(|action| Some((action["id"].as_str()?, action))).collect()
}

/// Which of the actions changed places: the fewest that explain the order. `places` are where they stood before.
fn moved(places: &[Option<usize>]) -> BTreeSet<usize> {
    // The longest run of actions that kept their order, ending at each.
    let mut longest: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let earlier = (0..at).filter(|other| places[*other].is_some() && places[*other] < *place);
        let best = earlier.max_by_key(|other| longest[*other].0);
        longest.push((best.map_or(1, |best| longest[best].0 + 1), best));
    }
    let known = |at: &usize| places[*at].is_some();
    let mut stayed = BTreeSet::new();
    let mut at = (0..places.len()).filter(known).max_by_key(|at| longest[*at].0);
    while let Some(here) = at {
        stayed.insert(here);
        at = longest[here].1;
    }
    (0..places.len()).filter(known).filter(|at| !stayed.contains(at)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(before: &Value, after: &Value, expected: &[&str]) {
        let told = |one: Difference| {
            let side = |value: Option<Value>| value.map(|value| value.to_string()).unwrap_or_default();
            format!(
                "{} {:?} {}/{}: {} > {}",
                one.path,
                one.kind,
                one.action_id.unwrap_or_default(),
                one.field.unwrap_or_default(),
                side(one.before),
                side(one.after)
            )
        };
        assert_eq!(differences(before, after).into_iter().map(told).collect::<Vec<_>>(), expected);
    }

    fn file(actions: &Value) -> Value {
        json!({"name": "W", "trigger": {"type": "webhook", "ordered": false}, "actions": actions})
    }

    fn action(id: &str, note: &str) -> Value {
        json!({"id": id, "type": "insertActivity", "fields": {"ID": "1", "Note": note}})
    }

    #[test]
    fn members_and_fields_are_told_one_by_one() {
        let old = file(&json!([action("a", "x"), action("b", "y")]));
        check(&old, &old, &[]);
        let mut new = old.clone();
        new["name"] = json!("V");
        new["trigger"]["ordered"] = json!(true);
        new["actions"][1]["fields"]["Note"] = json!("z");
        new["actions"][1]["fields"]["UF 1/2"] = json!("u");
        new["actions"][1]["enabled"] = json!(false);
        check(
            &old,
            &new,
            &[
                "/name Changed /name: \"W\" > \"V\"",
                "/trigger/ordered Changed /ordered: false > true",
                "/actions/1/fields/Note Changed b/Note: \"y\" > \"z\"",
                "/actions/1/fields/UF 1~12 Added b/UF 1/2:  > \"u\"",
                "/actions/1/enabled Added b/enabled:  > false",
            ],
        );
        check(
            &new,
            &old,
            &[
                "/name Changed /name: \"V\" > \"W\"",
                "/trigger/ordered Changed /ordered: true > false",
                "/actions/1/fields/Note Changed b/Note: \"z\" > \"y\"",
                "/actions/1/fields/UF 1~12 Removed b/UF 1/2: \"u\" > ",
                "/actions/1/enabled Removed b/enabled: false > ",
            ],
        );
    }

    #[test]
    fn actions_are_matched_by_id_and_only_what_moved_is_named() {
        let list = |ids: &[&str]| file(&ids.iter().map(|id| json!({"id": id})).collect());
        check(&list(&["a", "b", "c", "d"]), &list(&["b", "c", "d", "a"]), &["/actions/3 Moved a/:  > "]);
        check(
            &list(&["a", "b", "c"]),
            &list(&["x", "b", "c"]),
            &["/actions/0 Added x/:  > {\"id\":\"x\"}", "/actions/0 Removed a/: {\"id\":\"a\"} > "],
        );
        check(&list(&[]), &list(&["a"]), &["/actions/0 Added a/:  > {\"id\":\"a\"}"]);
    }

    #[test]
    fn actions_within_a_loop_are_compared_too() {
        let each =
            |note: &str| file(&json!([{"id": "l", "type": "forEach", "actions": [action("a", note)]}]));
        check(&each("x"), &each("y"), &["/actions/0/actions/0/fields/Note Changed a/Note: \"x\" > \"y\""]);
    }

    #[test]
    fn what_is_no_workflow_is_compared_as_it_is() {
        check(&json!(null), &json!({"actions": 3}), &[]);
        check(&json!({"a": 1}), &json!([]), &["/a Removed /a: 1 > "]);
    }
}
