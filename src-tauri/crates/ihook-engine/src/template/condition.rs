//! Conditions of gates.

use super::lexer::Code;
use super::{Scope, Template, parse};

/// A gate's expression, ready to be asked.
#[derive(Debug)]
pub struct Condition {
    /// `None`: blank, which always holds.
    template: Option<Template>,
    /// Whether it is a condition, which either holds or not, rather than a template.
    is_bare: bool,
}

impl Condition {
    /// Takes a bare Liquid condition (`input.sessionCode == 'KEYNOTE' and input.vip`), the same inside
    /// `{{ }}`, or any template (docs/behavior.md#gate). A value alone (`input.vip`) is shown, not tested.
    ///
    /// # Errors
    /// One plain sentence, as [`Template::parse`].
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self { template: None, is_bare: false });
        }
        let bare =
            |code: Code<'_>| Template::read(text, |_| parse::bare(code)).map(|template| (template, true));
        let made = if text.contains("{{") || text.contains("{%") {
            let template = Template::new(text).map(|template| (template, false));
            template.or_else(|fault| only_output(text).map_or(Err(fault), bare))
        } else {
            bare(Code { at: 0, body: text })
        };
        let (template, is_bare) = made.map_err(|fault| fault.sentence(text))?;
        Ok(Self { template: Some(template), is_bare })
    }

    /// Whether the expression renders exactly `true`, blanks around it aside; a blank one holds.
    ///
    /// # Errors
    /// One plain sentence, as [`Template::render`].
    pub fn holds(&self, scope: &Scope) -> Result<bool, String> {
        Ok(self.text(scope)? == "true")
    }

    /// What the expression renders, without the blanks around it: `true` or `false` for a condition.
    ///
    /// # Errors
    /// One plain sentence, as [`Template::render`].
    pub fn render(&self, scope: &Scope) -> Result<String, String> {
        if self.is_bare { self.holds(scope).map(|holds| holds.to_string()) } else { self.text(scope) }
    }

    fn text(&self, scope: &Scope) -> Result<String, String> {
        let Some(template) = &self.template else { return Ok("true".to_owned()) };
        Ok(template.render(scope)?.trim().to_owned())
    }

    /// As [`Template::is_heavy`].
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.template.as_ref().is_some_and(Template::is_heavy)
    }

    /// The dotted names that it reads.
    pub fn names(&self) -> Vec<String> {
        self.template.as_ref().map(Template::names).unwrap_or_default()
    }
}

/// The inside of a text that is one `{{ … }}` and nothing else.
fn only_output(text: &str) -> Option<Code<'_>> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let body = inner.strip_suffix('-').unwrap_or(inner);
    let at = text.len() - text.trim_start().len() + 2 + usize::from(text.trim_start().starts_with("{{-"));
    (!body.contains("{{") && !body.contains("{%")).then_some(Code { at, body })
}
