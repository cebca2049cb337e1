//! Templates: Liquid over the pipeline object, lenient about names and strict about resources.
//!
//! A language of our own that reads as Liquid does (docs/templates.md): the lexer cuts the text into
//! pieces, the parser makes a tree of them, and a rendering goes over the tree and pays for every step.
//! Filters that only rewrite text are those of the `liquid` crate.

mod ast;
mod compare;
mod condition;
mod fault;
mod filters;
mod lexer;
mod meter;
mod names;
mod parse;
mod preview;
mod reader;
mod render;
mod rendered;
mod scope;
mod tokens;
mod value;

use std::fmt;

use ast::Node;
use fault::Fault;
use meter::TEMPLATE;
use parse::Parsed;

pub use condition::Condition;
pub(crate) use preview::unknown_names;
pub use preview::{PayloadNames, Preview, preview, preview_in};
pub use rendered::{Compound, Rendered};
pub use scope::{RunFacts, Scope};

/// Bytes of a template without loops that is rendered at once over a small payload.
const MAX_LIGHT: usize = 2 * 1024;

/// A template, ready to be rendered any number of times.
///
/// Unknown names are nil at every depth; a payload's values are only ever data, never code. At most
/// 16 KiB of template, 64 KiB of output, 10,000 iterations of all loops together, and bounded work and
/// memory in between: what goes beyond fails, always in the same way.
pub struct Template {
    text: String,
    /// `None`: text without code.
    nodes: Option<Vec<Node>>,
    paths: Vec<Vec<String>>,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.text).finish()
    }
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// One plain sentence with the place of the fault: syntax, an unknown tag or filter, too long, nested
    /// too deep.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::new(text).map_err(|fault| fault.sentence(text))
    }

    fn new(text: &str) -> Result<Self, Fault> {
        Self::read(text, parse::template)
    }

    fn read(text: &str, parse: impl FnOnce(&str) -> Result<Parsed, Fault>) -> Result<Self, Fault> {
        if text.len() > TEMPLATE {
            return Err(Fault::new(format!("it is longer than {} KiB", TEMPLATE / 1024)));
        }
        let Parsed { nodes, names } = parse(text)?;
        Ok(Self { text: text.to_owned(), nodes, paths: names })
    }

    /// The template as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it holds no code: it renders to itself.
    pub fn is_static(&self) -> bool {
        self.nodes.is_none()
    }

    /// Whether rendering it may take long whatever the payload: it has a loop, or much code.
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.nodes.as_deref().is_some_and(|nodes| self.text.len() > MAX_LIGHT || ast::has_loop(nodes))
    }

    /// The names that it reads, each once, as dotted paths (`input.attendees.0.name`); names that it sets
    /// itself (`assign`, `capture`, loops) are not among them.
    pub fn names(&self) -> Vec<String> {
        self.paths.iter().map(|path| path.join(".")).collect()
    }

    /// [`Template::names`], each by its steps.
    pub(crate) fn paths(&self) -> &[Vec<String>] {
        &self.paths
    }

    /// Renders over a run's names.
    ///
    /// # Errors
    /// One plain sentence with the place of the fault: a filter that cannot take its input, or a limit that
    /// was met.
    pub fn render(&self, scope: &Scope) -> Result<String, String> {
        self.rendered(scope).map(|rendered| rendered.text)
    }

    /// Renders over a run's names, for a reader who takes the text for one value.
    ///
    /// # Errors
    /// As [`Self::render`]. A list or an object that became text is no fault: [`Rendered::compound`] names it.
    pub fn rendered(&self, scope: &Scope) -> Result<Rendered, String> {
        match &self.nodes {
            Some(nodes) => render::render(nodes, scope).map_err(|fault| fault.sentence(&self.text)),
            None => Ok(Rendered::written(&self.text)),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
