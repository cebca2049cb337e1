//! Templates: Liquid over the pipeline object, lenient about names and strict about resources.

mod blocks;
mod compare;
mod condition;
mod fault;
mod filters;
mod frame;
mod meter;
mod node;
mod preview;
mod scan;
mod scope;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use liquid_core::{Language, Renderable};

use fault::Fault;
use frame::Frame;
use meter::{OUTPUT, Out, TEMPLATE, meter};

pub use condition::Condition;
pub use preview::{Preview, preview, preview_in};
pub(crate) use preview::{alike, unknown_names};
pub use scope::{RunFacts, Scope};

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    blocks::register(&mut language);
    filters::register(&mut language);
    language
});

/// A template, ready to be rendered any number of times.
///
/// Unknown names are nil at every depth; a payload's values are only ever data, never code. At most
/// 16 KiB of template, 64 KiB of output, 10,000 iterations of all loops together, and bounded work and
/// memory in between: what goes beyond fails, always in the same way.
pub struct Template {
    text: String,
    /// `None`: text without code.
    code: Option<liquid_core::Template>,
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
        Self::new(text).map_err(|fault| fault.to_string())
    }

    fn new(text: &str) -> Result<Self, Fault> {
        if text.len() > TEMPLATE {
            return Err(Fault::new(format!("it is longer than {} KiB", TEMPLATE / 1024)));
        }
        let language = &*LANGUAGE;
        let filter = |name: &str| language.filters.get(name).is_some();
        let tag = |name: &str| language.tags.get(name).is_some() || language.blocks.get(name).is_some();
        let scan = scan::scan(text, &filter, &tag)?;
        let code = match scan.code {
            // The parser asserts what it believes about its input; a template must not end the program.
            Some(code) => {
                match catch_unwind(AssertUnwindSafe(|| liquid_core::parser::parse(&code, language))) {
                    Ok(parsed) => {
                        Some(liquid_core::Template::new(parsed.map_err(|error| Fault::of(&error))?))
                    }
                    Err(_) => return Err(Fault::new("it cannot be read")),
                }
            }
            None => None,
        };
        Ok(Self { text: text.to_owned(), code, paths: scan.names })
    }

    /// The template as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it holds no code: it renders to itself.
    pub fn is_static(&self) -> bool {
        self.code.is_none()
    }

    /// The names that it reads, each once, as dotted paths (`input.attendees.0.name`); names that it sets
    /// itself (`assign`, `capture`, loops) are not among them.
    pub fn names(&self) -> Vec<String> {
        self.paths.iter().map(|path| path.join(".")).collect()
    }

    fn paths(&self) -> &[Vec<String>] {
        &self.paths
    }

    /// Renders over a run's names.
    ///
    /// # Errors
    /// One plain sentence: a filter that cannot take its input, or a limit that was met.
    pub fn render(&self, scope: &Scope) -> Result<String, String> {
        let Some(code) = &self.code else { return Ok(self.text.clone()) };
        let frame = Frame::new(scope);
        let meter = meter(&frame);
        let mut out = Out::new(OUTPUT, meter.clone());
        // Liquid's filters are not proven against every payload; one that panics fails its step only.
        let rendered = catch_unwind(AssertUnwindSafe(|| code.render_to(&mut out, &frame)));
        if let Some(fault) = meter.fault() {
            return Err(Fault::new(fault).to_string());
        }
        match rendered {
            Ok(Ok(())) => Ok(out.into_text()),
            Ok(Err(error)) => Err(Fault::new(fault::sentence(&error.to_string())).to_string()),
            Err(_) => Err(Fault::new("it fails over this payload").to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
