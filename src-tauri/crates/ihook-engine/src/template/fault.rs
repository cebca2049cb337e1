//! What is wrong with a template, as one plain sentence with its place.

use std::fmt;

/// A fault in a template's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line and column, both from 1, where they are known.
    pub(super) place: Option<(usize, usize)>,
    pub(super) what: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { place: None, what: what.into() }
    }

    /// A fault at a byte of the template.
    pub(super) fn at(text: &str, at: usize, what: impl Into<String>) -> Self {
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self { place: Some((line, column)), what: what.into() }
    }

    /// From Liquid's own words: several lines, with the place in a drawing.
    pub(super) fn of(error: &liquid_core::Error) -> Self {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("liquid:").trim();
        let Some(place) = first.strip_prefix("--> ") else { return Self::new(sentence(&text)) };
        let place = place.split_once(':').and_then(|(l, c)| Some((l.parse().ok()?, c.parse().ok()?)));
        let what =
            text.lines().find_map(|line| line.trim().strip_prefix("= ")).unwrap_or("it cannot be read");
        let what = what
            .replace("FilterChain", "a value")
            .replace("StringLiteral", "text")
            .replace("NonWhitespaceControlHyphen", "a hyphen")
            .replace("Identifier", "a name")
            .replace("Literal", "a constant")
            .replace("Variable", "a name")
            .replace("Value", "a value")
            .replace("Range", "a range");
        Self { place, what }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((1, column)) => write!(f, "Template, column {column}: {}", self.what),
            Some((line, column)) => write!(f, "Template, line {line} column {column}: {}", self.what),
            None => write!(f, "Template: {}", self.what),
        }
    }
}

/// The gist of an error of Liquid's: its message, its cause and its filter, without the values that it
/// quotes, which may be a whole payload.
pub(super) fn sentence(text: &str) -> String {
    let detail = |key: &str| text.lines().find_map(|line| line.trim().strip_prefix(key));
    let first = text.lines().next().unwrap_or_default().trim_start_matches("liquid:").trim();
    let mut sentence = first.to_owned();
    if let Some(cause) = detail("cause=").or_else(|| detail("argument=")) {
        sentence.push_str(": ");
        sentence.push_str(cause);
    }
    if let Some(filter) = detail("filter=").filter(|_| !first.starts_with("the filter")) {
        sentence.push_str(" (filter “");
        sentence.push_str(filter);
        sentence.push_str("”)");
    }
    sentence
}
