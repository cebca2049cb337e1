//! The value that is looked for, and what counts as holding it.

use ihook_store::erase::RunTexts;
use serde_json::Value;

/// A value of one person.
#[derive(Clone)]
pub(crate) struct Wanted {
    text: String,
    lower: String,
}

// Whom it is about is nobody's business in a log.
impl std::fmt::Debug for Wanted {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Wanted").finish_non_exhaustive()
    }
}

impl Wanted {
    /// In any case.
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), lower: text.to_lowercase() }
    }

    /// As it was asked for.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a closer look at a text could find it; quick, and never wrong when it says no.
    pub(crate) fn may_be_in(&self, text: &str) -> bool {
        self.stands_in(text) || self.may_hide_in(text)
    }

    /// Whether anything that a run keeps, but the keys of records, holds it.
    pub(super) fn is_in(&self, run: &RunTexts) -> bool {
        let mut documents = run.body.iter().chain(&run.metadata).chain(&run.documents);
        documents.any(|text| self.is_value_in(text)) || run.sentences.iter().any(|text| self.is_word_in(text))
    }

    /// Whether a JSON text has it in any field; in an address within it, as a word.
    pub(super) fn is_value_in(&self, text: &str) -> bool {
        self.may_be_in(text)
            && serde_json::from_str::<Value>(text).is_ok_and(|parsed| self.is_leaf_of(&parsed))
    }

    /// [`Self::is_value_in`] of what was parsed already.
    pub(super) fn is_leaf_of(&self, parsed: &Value) -> bool {
        match parsed {
            Value::String(text) => {
                let text = text.trim();
                text.to_lowercase() == self.lower
                    || (text.contains(['/', '=']) && self.is_word_in(text))
                    // A text that is JSON itself, as an answer may be kept.
                    || (text.starts_with(['{', '[']) && self.is_value_in(text))
            }
            Value::Number(number) => number.to_string() == self.text,
            Value::Array(items) => items.iter().any(|item| self.is_leaf_of(item)),
            // A name can be a value too: {"10001": "checked in"}.
            Value::Object(members) => members.iter().any(|(name, member)| {
                name.to_lowercase() == self.lower
                    || self.is_leaf_of(member)
                    || (name == "message" && member.as_str().is_some_and(|text| self.is_word_in(text)))
            }),
            Value::Null | Value::Bool(_) => false,
        }
    }

    /// Whether the text names it: not as a part of a longer word or number.
    pub(super) fn is_word_in(&self, text: &str) -> bool {
        if !self.stands_in(text) {
            return false;
        }
        let text = text.to_lowercase();
        text.match_indices(&self.lower).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            ![before, after].into_iter().flatten().any(char::is_alphanumeric)
        })
    }

    fn stands_in(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return text.to_lowercase().contains(&self.lower);
        }
        let wanted = self.lower.as_bytes();
        let Some(first) = wanted.first() else { return true };
        let (low, high) = (*first, first.to_ascii_uppercase());
        text.as_bytes()
            .windows(wanted.len())
            .any(|here| (here[0] == low || here[0] == high) && here.eq_ignore_ascii_case(wanted))
    }

    /// JSON may write any character as an escape, and must write some so.
    fn may_hide_in(&self, text: &str) -> bool {
        let is_escaped = self.text.contains(|c: char| c.is_control() || ['"', '\\', '/'].contains(&c));
        text.contains(if is_escaped { "\\" } else { "\\u" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_whole_field_and_a_word_stands_by_itself() {
        let check = |text: &str, value: &str, field: bool, word: bool| {
            let wanted = Wanted::new(value);
            let found = (wanted.is_value_in(text), wanted.is_word_in(text));
            assert_eq!(found, (field, word), "{value} in {text}");
            assert!(wanted.may_be_in(text) || (!field && !word), "{value} in {text}");
        };
        check(r#"{"memberId":"12345"}"#, "12345", true, true);
        check(r#"{"memberId":12345}"#, "12345", true, true);
        check(r#"{"memberId":"123456"}"#, "12345", false, false);
        check(r#"{"note":"12345 called"}"#, "12345", false, true);
        check(r#"{"list":[{"mail":" Ann@Example.org "}]}"#, "ann@example.org", true, true);
        check(r#"{"name":"Ren\u00e9"}"#, "René", true, false);
        check(r#"{"url":"https://imis/api/Party/12345?x=1"}"#, "12345", true, true);
        check(r#"{"12345":true}"#, "12345", true, true);
        check(r#"{"body":"{\"ID\":\"12345\"}"}"#, "12345", true, true);
        check(r#"{"code":"x","message":"no member with ID 12345."}"#, "12345", true, true);
        check("no member with ID 12345.", "12345", false, true);
        check("no member with ID 912345.", "12345", false, false);
        check(r#"{"id":"\u0031\u00322"}"#, "122", true, false);
        check(r#"{"url":"https:\/\/a.example\/x"}"#, "https://a.example/x", true, false);
        check(r#"{"name":"O\"Brien"}"#, "o\"brien", true, false);
        check(r#"{"body":"{\"ID\":\"\\u0041bc\"}"}"#, "abc", true, false);
        check(r#"{"sign":"\u212a9 K9"}"#, "k9 k9", true, false);
        check("{\"sign\":\"\u{212a}9\"}", "k9", true, true);
        check(r#"{"memberId":"ABC"}"#, "abc", true, true);
        check("", "abc", false, false);
    }
}
