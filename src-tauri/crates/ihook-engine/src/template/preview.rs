//! What the editor shows beneath a template.

use std::cell::RefCell;
use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Rendered, RunFacts, Scope, Template};
use crate::near::Names;
use crate::step_error::shown;
use crate::time::SiteTime;

/// What a template makes of a captured payload.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Empty where the template cannot be rendered.
    pub text: String,
    /// What is wrong with it, one sentence each: syntax, a limit, every unknown name.
    pub problems: Vec<String>,
    /// Names that this payload does not have, as in `input.attendee.emial`, each with its sentence.
    pub unknown: Vec<(String, String)>,
    /// All of the rendering, where it was one.
    pub rendered: Option<Rendered>,
}

/// Renders a template over a captured payload, for the editor.
pub fn preview(
    template: &str,
    payload: &Map<String, Value>,
    site: &SiteTime,
    received_at: Timestamp,
) -> Preview {
    let facts = RunFacts {
        run_id: "00000000-0000-7000-8000-000000000000",
        workflow_name: "Preview",
        received_at,
        site,
    };
    preview_in(template, &Scope::new(payload, &facts), &PayloadNames::of(payload))
}

/// Renders a template where more than the payload is known.
pub fn preview_in(template: &str, scope: &Scope, payload: &PayloadNames<'_>) -> Preview {
    let template = match Template::parse(template) {
        Ok(template) => template,
        Err(fault) => return Preview { problems: vec![fault], ..Preview::default() },
    };
    let unknown = unknown_names(template.paths(), scope, payload);
    let mut problems: Vec<String> = unknown.iter().map(|(_, sentence)| sentence.clone()).collect();
    let rendered = template.rendered(scope).map_err(|fault| problems.push(fault)).ok();
    let text = rendered.as_ref().map(|rendered| rendered.text.clone()).unwrap_or_default();
    Preview { text, problems, unknown, rendered }
}

/// The names that lead nowhere, each with its sentence.
pub(crate) fn unknown_names(
    paths: &[Vec<String>],
    scope: &Scope,
    payload: &PayloadNames<'_>,
) -> Vec<(String, String)> {
    let lost = paths.iter().filter(|path| !scope.leads_to(path));
    lost.map(|path| (path.join("."), unknown(path, scope, payload))).collect()
}

fn unknown(path: &[String], scope: &Scope, payload: &PayloadNames<'_>) -> String {
    let what = format!("This payload has no {}", shown(&path.join(".")));
    let path = match path.split_first() {
        Some((root, below)) if root == "input" => below,
        // A name of the run or of a step before, whose members the payload does not have.
        Some((root, _)) if !payload.members.contains_key(root) && scope.leads_to(&[root]) => &[],
        _ => path,
    };
    match payload.near(path) {
        Some(near) => format!("{what}; did you mean {}?", shown(&near)),
        None => what,
    }
}

/// The names in a payload, among which a mistyped one may be found; each object is looked through once.
#[derive(Debug)]
pub struct PayloadNames<'a> {
    members: &'a Map<String, Value>,
    /// By the address of the object that they stand in.
    known: RefCell<HashMap<*const Map<String, Value>, Names>>,
}

impl<'a> PayloadNames<'a> {
    /// The names of this payload.
    pub fn of(members: &'a Map<String, Value>) -> Self {
        Self { members, known: RefCell::default() }
    }

    /// What may be meant where a path leaves the payload.
    fn near(&self, path: &[String]) -> Option<String> {
        let (mut members, mut steps) = (self.members, path.iter());
        let lost = loop {
            let step = steps.next()?;
            let Some(mut value) = members.get(step) else { break step };
            while let Value::Array(items) = value {
                value = items.get(steps.next()?.parse::<usize>().ok()?)?;
            }
            members = value.as_object()?;
        };
        let mut known = self.known.borrow_mut();
        let names = known.entry(std::ptr::from_ref(members)).or_insert_with(|| {
            let mut names = Names::default();
            members.keys().for_each(|name| names.add(name));
            names
        });
        names.near(lost).map(str::to_owned)
    }
}
