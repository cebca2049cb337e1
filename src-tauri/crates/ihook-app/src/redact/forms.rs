//! How one secret may be written: as it is, and as JSON, HTML, a form or base64 has it. What is percent-encoded is
//! read before it is searched ([`super::spans`]), so that it needs no form here.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Bytes of a piece of base64 that are telling enough to be searched.
const MIN_BASE64: usize = 8;

/// Every form, some of them the same.
pub(super) fn forms(secret: &str) -> Vec<Vec<u8>> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let mut forms = vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        secret.replace(' ', "+"),
        html(secret),
        escaped(secret, |unit| format!("\\u{unit:04x}")),
        escaped(secret, |unit| format!("\\u{unit:04X}")),
    ];
    for offset in 0..3 {
        forms.extend(
            [base64(secret, offset, &STANDARD), base64(secret, offset, &URL_SAFE)].into_iter().flatten(),
        );
    }
    forms.into_iter().map(String::into_bytes).collect()
}

fn html(secret: &str) -> String {
    let escape = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        plain => plain.to_string(),
    };
    secret.chars().map(escape).collect()
}

/// JSON as .NET writes it, which escapes more than it has to.
fn escaped(secret: &str, escape: impl Fn(u16) -> String) -> String {
    let mut units = [0; 2];
    secret
        .chars()
        .map(|letter| match letter {
            '\\' => "\\\\".to_owned(),
            ' '..='~' if !matches!(letter, '<' | '>' | '&' | '"' | '\'' | '+' | '`') => letter.to_string(),
            other => other.encode_utf16(&mut units).iter().map(|unit| escape(*unit)).collect(),
        })
        .collect()
}

/// What stands of the secret in the base64 of a longer text, where the secret begins `offset` bytes after a group of
/// three: in `user:password`, say.
fn base64(secret: &str, offset: usize, alphabet: &impl Engine) -> Option<String> {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let text = alphabet.encode(&bytes);
    // Characters that also carry bits of what stands before or behind it differ from text to text.
    let whole = (offset * 8).div_ceil(6)..bytes.len() * 8 / 6;
    text.get(whole).filter(|piece| piece.len() >= MIN_BASE64).map(str::to_owned)
}
