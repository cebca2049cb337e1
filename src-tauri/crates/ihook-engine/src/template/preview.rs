//! What the editor shows beneath a template.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{RunFacts, Scope, Template};
use crate::step_error::shown;

/// What a template makes of a captured payload.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Empty where the template cannot be rendered.
    pub text: String,
    /// What is wrong with it, one sentence each: syntax, a limit, every unknown name.
    pub problems: Vec<String>,
    /// Names that this payload does not have, as in `input.attendee.emial`, each with its sentence.
    pub unknown: Vec<(String, String)>,
}

/// Renders a template over a captured payload, for the editor.
pub fn preview(
    template: &str,
    payload: &Map<String, Value>,
    zone: &TimeZone,
    received_at: Timestamp,
) -> Preview {
    let facts = RunFacts {
        run_id: "00000000-0000-7000-8000-000000000000",
        workflow_name: "Preview",
        received_at,
        zone,
    };
    preview_in(template, &Scope::new(payload, &facts), payload)
}

/// Renders a template where more than the payload is known; `payload` is where a mistyped name may be found.
pub fn preview_in(template: &str, scope: &Scope, payload: &Map<String, Value>) -> Preview {
    let template = match Template::parse(template) {
        Ok(template) => template,
        Err(fault) => return Preview { problems: vec![fault], ..Preview::default() },
    };
    let unknown = unknown_names(template.paths(), scope, payload);
    let mut problems: Vec<String> = unknown.iter().map(|(_, sentence)| sentence.clone()).collect();
    let text = template.render(scope).unwrap_or_else(|fault| {
        problems.push(fault);
        String::new()
    });
    Preview { text, problems, unknown }
}

/// The names that lead nowhere, each with its sentence.
pub(crate) fn unknown_names(
    paths: &[Vec<String>],
    scope: &Scope,
    payload: &Map<String, Value>,
) -> Vec<(String, String)> {
    let lost = paths.iter().filter(|path| !scope.leads_to(path));
    lost.map(|path| (path.join("."), unknown(path, payload))).collect()
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
pub(crate) fn alike(one: &str, other: &str) -> bool {
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
