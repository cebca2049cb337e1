//! Why a step failed: a stable code for programs, a plain sentence for people.

mod code;

pub use code::{ErrorCode, Owner};

use serde::{Deserialize, Serialize};

use crate::schema::Violation;
use crate::text::{code_point, is_unseen};

/// The reason of one failed step. Data, never a Rust error: a run records it and goes on as the action's
/// `onFailure` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepError {
    /// An [`ErrorCode`] as text, for what was stored may be older than the list.
    pub code: String,
    /// One plain sentence that names the field and the value at fault.
    pub message: String,
    /// The violations, where a schema was not met, the first hundred at most; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// How many violations more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl StepError {
    /// A failure without schema violations.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code: code.as_str().to_owned(), message: message.into(), violations: Vec::new(), more: 0 }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, code: ErrorCode) -> bool {
        self.code == code.as_str()
    }
}

impl std::fmt::Display for StepError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// A value as it is shown inside a message: quoted, on one line, and short. What nobody would see is named.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut line = String::with_capacity(text.len().min(4 * MOST));
    for letter in text.chars().take(MOST) {
        match letter {
            '\t' | '\n' | '\r' => line.push(' '),
            letter if is_unseen(letter) => line.push_str(&format!("⟨{}⟩", code_point(letter))),
            letter => line.push(letter),
        }
    }
    if text.chars().nth(MOST).is_some() {
        line.push('…');
    }
    format!("“{line}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_shows_what_nobody_would_see() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected);
        check("12345", "“12345”");
        check("a\tb\nc", "“a b c”");
        check("\u{200B}12345\u{A0}", "“⟨U+200B⟩12345⟨U+00A0⟩”");
        check("\u{FEFF}x\u{0}", "“⟨U+FEFF⟩x⟨U+0000⟩”");
        check(&"x".repeat(61), &format!("“{}…”", "x".repeat(60)));
    }
}
