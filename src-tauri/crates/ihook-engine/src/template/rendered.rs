//! What a rendering gave, and which parts of it came out of values rather than out of the template's own text.

use std::ops::Range;

use crate::schema::shorten;

/// Characters of a template or a value that a message shows.
const MAX_SHOWN: usize = 200;

/// The text of a rendering, with what a reader has to know who takes it for one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// What the template shows.
    pub text: String,
    /// The bytes of [`Self::text`] that outputs wrote, in order; one that wrote nothing is an empty range. What
    /// lies between them stands in the template itself.
    pub values: Vec<Range<usize>>,
    /// The first list or object that was made into text although nothing asked for it: no `join`, no `json`.
    pub compound: Option<Compound>,
}

/// A list or an object where text was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compound {
    /// Whether it is a list rather than an object.
    pub is_list: bool,
    /// The value as JSON, cut to what a message shows.
    pub json: String,
}

impl Compound {
    /// A sentence for the step whose field takes one value.
    #[must_use]
    pub fn refusal(&self, field: &str, template: &str) -> String {
        let (what, remedy) = if self.is_list {
            ("a list", "Take one item of it, or put them together with join")
        } else {
            ("an object", "Take one of its fields, or write it with json")
        };
        let (template, json) = (shorten(template, MAX_SHOWN), shorten(&self.json, MAX_SHOWN));
        format!("“{field}” takes one value, and its template {template} gives {what}: {json}. {remedy}.")
    }
}

impl Rendered {
    /// Text that stands in a template without code.
    pub(super) fn written(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// What the template itself says before its first output.
    #[must_use]
    pub fn written_start(&self) -> &str {
        let end = self.values.first().map_or(self.text.len(), |value| value.start);
        self.text.get(..end).unwrap_or_default()
    }

    /// The parts between the places where the template itself has one of `marks`: a mark within a value is part
    /// of the value. Each with the mark that ends it.
    pub(crate) fn split(&self, marks: &[char]) -> Vec<(Self, Option<char>)> {
        let is_written = |at: usize| !self.values.iter().any(|value| value.contains(&at));
        let mut parts = Vec::new();
        let mut from = 0;
        for (at, mark) in self.text.match_indices(marks).filter(|(at, _)| is_written(*at)) {
            parts.push((self.part(from..at), mark.chars().next()));
            from = at + mark.len();
        }
        parts.push((self.part(from..self.text.len()), None));
        parts
    }

    /// What comes after the first `from` bytes.
    pub(crate) fn after(&self, from: usize) -> Self {
        self.part(from..self.text.len())
    }

    fn part(&self, range: Range<usize>) -> Self {
        let within = |value: &&Range<usize>| value.start >= range.start && value.end <= range.end;
        let values = self.values.iter().filter(within);
        Self {
            text: self.text.get(range.clone()).unwrap_or_default().to_owned(),
            values: values.map(|value| value.start - range.start..value.end - range.start).collect(),
            compound: None,
        }
    }

    /// The text with `change` made to everything that came out of a value.
    pub(crate) fn with_values(&self, change: impl Fn(&str) -> String) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for value in &self.values {
            text.push_str(self.text.get(done..value.start).unwrap_or_default());
            text.push_str(&change(self.text.get(value.clone()).unwrap_or_default()));
            done = value.end;
        }
        text.push_str(self.text.get(done..).unwrap_or_default());
        text
    }
}
