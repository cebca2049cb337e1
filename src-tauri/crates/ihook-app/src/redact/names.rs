//! The names under which secrets travel in headers and queries.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Parts of a name, without case and punctuation. Better one value too many hidden than one secret in the history.
const PARTS: &[&str] = &[
    AUTH,
    "accesskey",
    "accountkey",
    "apikey",
    "bearer",
    "cookie",
    "credential",
    "csrf",
    "encryptionkey",
    "functionskey",
    "hmac",
    "jsessionid",
    "jwt",
    "masterkey",
    "passcode",
    "passphrase",
    "passw",
    "privatekey",
    "pwd",
    "secret",
    "sessid",
    "sharedkey",
    "signature",
    "signingkey",
    "subscriptionkey",
    "token",
    "xsrf",
];
const AUTH: &str = "auth";
/// Single words of a name.
const WORDS: &[&str] = &["otp", "sig", "sign"];
/// Whole names, without case and punctuation.
const WHOLE: &[&str] = &["key", "pass", "pin", "xkey"];

/// Whether what comes under this name is a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let words = || name.split(|letter: char| !letter.is_ascii_alphanumeric());
    WHOLE.contains(&plain.as_str())
        || words().any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
        || parts().find_overlapping_iter(&plain).any(|found| {
            let part = PARTS[found.pattern().as_usize()];
            part != AUTH || is_authentication(&plain, &plain[found.start()..])
        })
}

/// All of them are looked for at once: every delivery asks for each of its headers.
fn parts() -> &'static AhoCorasick {
    #[expect(clippy::expect_used, reason = "a table of short constants, which a test builds")]
    static FINDER: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(PARTS).expect("short constants"));
    &FINDER
}

/// `authorization`, `x-auth-email`, `oauth_state`: but an author is a person, and `www-authenticate` a question.
/// `rest` is the name from where `auth` stands.
fn is_authentication(plain: &str, rest: &str) -> bool {
    let is_person =
        rest.starts_with("author") && !rest.starts_with("authori") || rest.starts_with("authority");
    !plain.ends_with("authenticate") && !is_person
}

/// The values of `name=value` with such a name, as in the query of a URL, and `user:password@` in front of its host.
pub(super) fn pairs(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains(&b'=') && !text.contains(&b'@') {
        return found;
    }
    for (at, _) in text.iter().enumerate().filter(|(_, byte)| **byte == b'=') {
        let name = text[..at].iter().rposition(|byte| !is_name(*byte)).map_or(0, |before| before + 1)..at;
        // A name that is not text names nothing.
        if std::str::from_utf8(&text[name]).is_ok_and(is_secret) {
            found.push(value(text, at + 1));
        }
    }
    for at in 0..text.len() {
        if text[at..].starts_with(b"://") {
            let host = at + 3..end(text, at + 3, |byte| is_gap(byte) || matches!(byte, b'/' | b'?' | b'#'));
            let user = text[host.clone()].iter().rposition(|byte| *byte == b'@');
            found.extend(user.map(|length| host.start..host.start + length));
        }
    }
    found
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'[' | b']' | b'$')
}

/// Where the value that begins here stands, without its quotes.
fn value(text: &[u8], from: usize) -> Range<usize> {
    match text.get(from) {
        Some(quote @ (b'"' | b'\'')) => from + 1..end(text, from + 1, |byte| byte == *quote),
        _ => from..end(text, from, |byte| is_gap(byte) || matches!(byte, b'&' | b';' | b'#' | b',')),
    }
}

fn is_gap(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>')
}

fn end(text: &[u8], from: usize, is_end: impl Fn(u8) -> bool) -> usize {
    text[from..].iter().position(|byte| is_end(*byte)).map_or(text.len(), |length| from + length)
}
