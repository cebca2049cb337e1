//! What the editor shows beneath a template.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{RunFacts, Scope, Template};
use crate::step_error::shown;

/// Renders a template over a captured payload, for the editor: the text, and what is wrong with it, one
/// sentence each (syntax, a limit, a name that this payload does not have). The text is empty where the
/// template cannot be rendered.
pub fn preview(
    template: &str,
    payload: &Map<String, Value>,
    zone: &TimeZone,
    received_at: Timestamp,
) -> (String, Vec<String>) {
    let template = match Template::parse(template) {
        Ok(template) => template,
        Err(fault) => return (String::new(), vec![fault]),
    };
    let facts = RunFacts {
        run_id: "00000000-0000-7000-8000-000000000000",
        workflow_name: "Preview",
        received_at,
        zone,
    };
    let scope = Scope::new(payload, &facts);
    let mut problems: Vec<String> = template
        .paths()
        .iter()
        .filter(|path| !scope.leads_to(path))
        .map(|path| unknown(path, payload))
        .collect();
    match template.render(&scope) {
        Ok(text) => (text, problems),
        Err(fault) => {
            problems.push(fault);
            (String::new(), problems)
        }
    }
}

fn unknown(path: &[String], payload: &Map<String, Value>) -> String {
    let what = format!("This payload has no {}", shown(&path.join(".")));
    let name = if path.first().is_some_and(|root| root == "input") { path.get(1) } else { path.first() };
    let near = name.and_then(|name| payload.keys().find(|key| *key != name && alike(key, name)));
    match near {
        Some(near) => format!("{what}; did you mean {}?", shown(near)),
        None => what,
    }
}

/// Whether two names differ in case, in separators, or in one letter added, left out, changed or swapped.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (crate::record::plain(one), crate::record::plain(other));
    if one == other {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - end], &b[..b.len() - end]) {
        ([x, y], [v, w]) => x == w && y == v,
        (a, b) => start > 0 && a.len() <= 1 && b.len() <= 1,
    }
}
