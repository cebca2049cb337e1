//! What is wrong with a template, or ended its rendering, as one plain sentence with its place.

/// A fault at a byte of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// None where the template as a whole is at fault.
    pub(super) at: Option<usize>,
    what: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { at: None, what: what.into() }
    }

    pub(super) fn at(at: usize, what: impl Into<String>) -> Self {
        Self { at: Some(at), what: what.into() }
    }

    /// The same with this place, unless it has a nearer one.
    pub(super) fn or_at(self, at: usize) -> Self {
        Self { at: self.at.or(Some(at)), ..self }
    }

    /// `Template, line 2 column 5: …`; without the line where the template has only one.
    pub(super) fn sentence(&self, template: &str) -> String {
        let what = &self.what;
        let Some(before) = self.at.and_then(|at| template.get(..at)) else {
            return format!("Template: {what}");
        };
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        if template.contains('\n') {
            let line = before.matches('\n').count() + 1;
            format!("Template, line {line} column {column}: {what}")
        } else {
            format!("Template, column {column}: {what}")
        }
    }
}
