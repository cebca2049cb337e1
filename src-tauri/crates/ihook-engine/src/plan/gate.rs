//! A gate's expression: a bare Liquid condition, the same inside `{{ }}`, or a template.

use super::compile;
use crate::template::{Condition, Scope};
use crate::workflow::FileFault;

/// A compiled expression; one that renders `true` stops, and so does one that is blank.
#[derive(Debug)]
pub(crate) struct Gate(Condition);

impl Gate {
    pub(crate) fn compile(expression: Option<&str>, at: &str) -> Result<Self, FileFault> {
        let condition = Condition::parse(expression.unwrap_or_default());
        let condition = condition.map_err(|fault| FileFault::at(at, fault))?;
        compile::no_secret(&condition.names(), at)?;
        Ok(Self(condition))
    }

    /// The dotted names that it reads.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.names()
    }

    /// Whether rendering it may take long whatever the payload.
    pub(super) fn is_heavy(&self) -> bool {
        self.0.is_heavy()
    }

    /// What the expression renders; a blank one stops.
    pub(crate) fn render(&self, scope: &Scope) -> Result<String, String> {
        self.0.render(scope)
    }
}
