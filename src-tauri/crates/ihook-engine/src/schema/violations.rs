//! What a payload breaks of a schema: the first hundred violations, and how many more there are.

use jsonschema::ValidationError;

use super::Violation;
use super::sentence::{Sentences, subject};

/// Violations that are kept (docs/behavior.md#answers).
const MAX_KEPT: usize = 100;
/// Bytes of all that are kept, as JSON: names in a payload can be long, an answer is not.
const MAX_BYTES: usize = 64 * 1024;

/// The violations of one payload, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// The first ones.
    pub list: Vec<Violation>,
    /// How many more there are.
    pub more: u32,
    /// There may be more than that: so many were not counted.
    pub is_least: bool,
    bytes: usize,
}

impl Violations {
    /// The keyword of the one violation that says that a payload could not be judged.
    pub const TOO_COSTLY: &'static str = "tooCostly";

    /// Whether the payload fits the schema.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the payload could not be judged within the budget.
    #[must_use]
    pub fn is_too_costly(&self) -> bool {
        self.list.iter().any(|violation| violation.keyword == Self::TOO_COSTLY)
    }

    /// The only violation.
    pub(crate) fn one(violation: Violation) -> Self {
        Self { list: vec![violation], ..Self::default() }
    }

    pub(super) fn too_costly(path: &str) -> Self {
        let message = format!("{} takes too much work to be checked against the schema.", subject(path));
        Self::one(Violation { path: path.to_owned(), keyword: Self::TOO_COSTLY.to_owned(), message })
    }

    pub(super) fn add(&mut self, error: &ValidationError<'_>, sentences: &Sentences<'_>) {
        if self.is_complete() {
            self.count(sentences.count(error));
            return;
        }
        let mut looked_at = 0;
        for violation in sentences.violations(error) {
            looked_at += 1;
            if !self.list.contains(&violation) {
                self.keep(violation);
            }
            if self.is_complete() {
                break;
            }
        }
        self.count(sentences.count(error).saturating_sub(looked_at));
    }

    /// Whether no more are kept.
    pub(super) fn is_complete(&self) -> bool {
        self.more > 0 || self.list.len() >= MAX_KEPT
    }

    fn keep(&mut self, violation: Violation) {
        let bytes = serde_json::to_vec(&violation).map_or(0, |json| json.len());
        // The first one always: nothing is refused without a reason.
        if self.list.is_empty() || self.bytes + bytes <= MAX_BYTES {
            self.bytes += bytes;
            self.list.push(violation);
        } else {
            self.count(1);
        }
    }

    fn count(&mut self, more: usize) {
        self.more = self.more.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    }
}
