//! The secrets that are known, and finding them in a text.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use ihook_store::token::Hash;
use zeroize::Zeroizing;

use super::forms::forms;
use crate::endpoints;

/// A shorter secret is hidden only where it is a whole value: inside of texts it would hide words.
const MIN_INSIDE: usize = 8;
/// A shorter one is no secret, and is not looked for.
const MIN_WHOLE: usize = 4;
/// Secrets of one name: the present one and the one before.
const KEPT: usize = 2;
/// Characters of a hook token.
const TOKEN: usize = 43;

/// What is to be hidden.
#[derive(Default)]
pub(super) struct Known {
    secrets: BTreeMap<String, Vec<Zeroizing<String>>>,
    tokens: HashSet<Hash>,
}

impl Known {
    /// Whether it is new.
    pub(super) fn learn(&mut self, name: &str, secret: &str) -> bool {
        if secret.len() < MIN_WHOLE {
            return false;
        }
        let known = self.secrets.entry(name.to_owned()).or_default();
        if known.last().is_some_and(|last| last.as_str() == secret) {
            return false;
        }
        known.retain(|before| before.as_str() != secret);
        known.push(Zeroizing::new(secret.to_owned()));
        known.drain(..known.len().saturating_sub(KEPT));
        true
    }

    pub(super) fn set_tokens(&mut self, tokens: HashSet<Hash>) -> bool {
        let changed = tokens != self.tokens;
        self.tokens = tokens;
        changed
    }

    pub(super) fn finder(&self) -> Finder {
        let (inside, whole): (Vec<_>, Vec<_>) =
            self.secrets.values().flatten().partition(|secret| secret.len() >= MIN_INSIDE);
        let patterns: HashSet<Vec<u8>> = inside.into_iter().flat_map(|secret| forms(secret)).collect();
        let build = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns);
        if let Err(error) = &build {
            tracing::error!(%error, "redact.too_many_secrets");
        }
        Finder {
            inside: build.ok().filter(|_| !patterns.is_empty()),
            whole: whole.into_iter().cloned().collect(),
            tokens: self.tokens.clone(),
        }
    }
}

/// Finds what is known.
#[derive(Default)]
pub(super) struct Finder {
    inside: Option<AhoCorasick>,
    whole: Vec<Zeroizing<String>>,
    tokens: HashSet<Hash>,
}

impl Finder {
    /// Where secrets and hook tokens stand.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found: Vec<_> = match &self.inside {
            Some(inside) => inside.find_iter(text).map(|found| found.range()).collect(),
            None => Vec::new(),
        };
        if text.len() >= TOKEN && !self.tokens.is_empty() {
            found
                .extend(words(text).filter(|word| word.len() == TOKEN && self.is_token(&text[word.clone()])));
        }
        found
    }

    /// All of the text, when it is a short secret.
    pub(super) fn whole(&self, text: &[u8]) -> Option<Range<usize>> {
        let trimmed = text.trim_ascii();
        self.whole.iter().any(|secret| secret.as_bytes() == trimmed).then_some(0..text.len())
    }

    fn is_token(&self, word: &[u8]) -> bool {
        std::str::from_utf8(word).is_ok_and(|word| self.tokens.contains(&endpoints::hash(word)))
    }
}

/// Runs of the characters that a hook token is made of.
fn words(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].iter().position(is_part)?;
        let length = text[start..].iter().position(|byte| !is_part(byte));
        at = length.map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}
