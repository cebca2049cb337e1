//! The names that a template reads from outside.

use std::collections::HashSet;

use super::ast::{Expression, Path, Step};

/// Names as they come up: those that are read, and those that the template itself sets.
#[derive(Default)]
pub(super) struct Names {
    read: Vec<Vec<String>>,
    own: HashSet<String>,
}

impl Names {
    /// A name that the template sets.
    pub(super) fn own(&mut self, name: &str) {
        self.own.insert(name.to_owned());
    }

    /// A path that the template reads: as far as it is known without a payload.
    pub(super) fn read(&mut self, path: &Path) {
        let known = std::iter::once(&path.root).chain(&path.steps).map_while(|step| match step {
            Step::Name(name) => Some(name.to_string()),
            Step::Index(index) => match &**index {
                Expression::Text(text) | Expression::Number(text) => Some(text.to_string()),
                _ => None,
            },
        });
        let known: Vec<String> = known.collect();
        if !known.is_empty() {
            self.read.push(known);
        }
    }

    /// How many were read so far, to go back to.
    pub(super) fn mark(&self) -> usize {
        self.read.len()
    }

    /// Forgets what was read since: it is a label and no value.
    pub(super) fn forget(&mut self, mark: usize) {
        self.read.truncate(mark);
    }

    /// Each once, in the order of the template, without the template's own.
    pub(super) fn finish(self) -> Vec<Vec<String>> {
        let mut seen = HashSet::new();
        let Self { read, own } = self;
        let is_new = |name: &Vec<String>| {
            !name.first().is_some_and(|root| own.contains(root)) && seen.insert(name.clone())
        };
        read.into_iter().filter(is_new).collect()
    }
}
