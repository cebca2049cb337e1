//! Formats that a text can be seen to have.

use crate::schema::{is_date, is_date_time};

/// A format and what shows that a text has it.
type Format = (&'static str, fn(&str) -> bool);

/// The format that all these texts have.
pub(super) fn common<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let mut texts = texts.peekable();
    texts.peek()?;
    let mut open: Vec<Format> = vec![
        ("date-time", |text| is_date_time(text, false)),
        ("date", is_date),
        ("email", is_email),
        ("uri", is_uri),
    ];
    for text in texts {
        open.retain(|(_, holds)| holds(text));
        if open.is_empty() {
            return None;
        }
    }
    open.first().map(|(name, _)| *name)
}

/// Narrower than any validator, so that what is proposed is also accepted.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |part: &str, also: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
    };
    let labels_hold =
        domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-') && label.len() < 64);
    local.len() <= 64
        && domain.len() <= 253
        && domain.contains('.')
        && labels_hold
        && plain(local, "._+-")
        && plain(domain, ".-")
}

fn is_uri(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/".contains(c))
    })
}
