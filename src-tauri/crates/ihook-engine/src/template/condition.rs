//! Conditions of gates.

use super::fault::Fault;
use super::{Scope, Template};

/// A gate's expression, ready to be asked.
#[derive(Debug)]
pub struct Condition {
    /// `None`: blank, which always holds.
    template: Option<Template>,
}

impl Condition {
    /// Takes a bare Liquid condition (`input.sessionCode == 'KEYNOTE' and input.vip`), the same inside
    /// `{{ }}`, or any template (product.md §2). A value alone (`input.vip`) is shown, not tested.
    ///
    /// # Errors
    /// One plain sentence, as [`Template::parse`].
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(Self { template: None });
        }
        let template = if trimmed.contains("{{") || trimmed.contains("{%") {
            Template::new(trimmed).or_else(|fault| match only_output(trimmed) {
                Some(inner) => bare(inner),
                None => Err(fault),
            })
        } else {
            bare(trimmed)
        };
        Ok(Self { template: Some(template.map_err(|fault| fault.to_string())?) })
    }

    /// Whether the expression renders exactly `true`, blanks around it aside; a blank one holds.
    ///
    /// # Errors
    /// One plain sentence, as [`Template::render`].
    pub fn holds(&self, scope: &Scope) -> Result<bool, String> {
        self.template.as_ref().map_or(Ok(true), |template| Ok(template.render(scope)?.trim() == "true"))
    }

    /// The dotted names that it reads.
    pub fn names(&self) -> Vec<String> {
        self.template.as_ref().map(Template::names).unwrap_or_default()
    }
}

/// The inside of a text that is one `{{ … }}` and nothing else.
fn only_output(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner);
    (!inner.contains("{{") && !inner.contains("{%")).then(|| inner.trim())
}

/// A condition without braces: a value, or else a test.
fn bare(text: &str) -> Result<Template, Fault> {
    if text.contains("}}") || text.contains("%}") {
        return Err(Fault::new("a condition has braces at its end but none at its beginning"));
    }
    // The place within what we put around it would only mislead.
    let unplaced = |fault: Fault| Fault { place: None, ..fault };
    Template::new(&format!("{{{{ {text} }}}}"))
        .or_else(|_| Template::new(&format!("{{% if {text} %}}true{{% endif %}}")))
        .map_err(unplaced)
}
