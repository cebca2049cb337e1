//! A gate's expression: a bare Liquid condition, the same inside `{{ }}`, or a template.

use super::compile;
use crate::template::{Condition, Scope, Template};
use crate::workflow::FileFault;

/// A compiled expression; one that renders `true` stops, and so does one that is blank.
#[derive(Debug)]
pub(crate) enum Gate {
    Blank,
    Condition(Condition),
    Template(Template),
}

impl Gate {
    pub(crate) fn compile(expression: Option<&str>, at: &str) -> Result<Self, FileFault> {
        let expression = expression.unwrap_or_default().trim();
        if expression.is_empty() {
            return Ok(Self::Blank);
        }
        if !expression.contains("{{") && !expression.contains("{%") {
            // A bare value with filters is no condition, but it can be rendered.
            return condition(expression, at).or_else(|fault| {
                compile::template(&format!("{{{{ {expression} }}}}"), at)
                    .map(Self::Template)
                    .map_err(|_| fault)
            });
        }
        compile::template(expression, at).map(Self::Template).or_else(|fault| match unwrapped(expression) {
            Some(inner) => condition(inner, at).map_err(|_| fault),
            None => Err(fault),
        })
    }

    /// The dotted names that it reads.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Blank => Vec::new(),
            Self::Condition(condition) => condition.names(),
            Self::Template(template) => template.names(),
        }
    }

    /// What the expression renders; a blank one stops.
    pub(crate) fn render(&self, scope: &Scope) -> Result<String, String> {
        match self {
            Self::Blank => Ok("true".to_owned()),
            Self::Condition(condition) => condition.holds(scope).map(|holds| holds.to_string()),
            Self::Template(template) => template.render(scope).map(|text| text.trim().to_owned()),
        }
    }
}

fn condition(expression: &str, at: &str) -> Result<Gate, FileFault> {
    let condition = Condition::parse(expression).map_err(|fault| FileFault::at(at, fault))?;
    compile::no_secret(&condition.names(), at)?;
    Ok(Gate::Condition(condition))
}

/// The inside of a text that is one `{{ … }}` and nothing else.
fn unwrapped(expression: &str) -> Option<&str> {
    let inner = expression.strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner).trim();
    (!inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%")).then_some(inner)
}
