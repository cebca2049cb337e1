//! Values with parameters, as `Content-Type` and `Content-Disposition` have them.

use std::borrow::Cow;

/// `text/plain; charset="utf-8"` (RFC 9110 §5.6.6), split into its parts.
pub(super) struct Parameters<'a> {
    /// What stands before the first semicolon.
    pub(super) value: &'a str,
    /// Names as they are written, values without their quotation marks.
    list: Vec<(&'a str, Cow<'a, str>)>,
}

impl<'a> Parameters<'a> {
    /// Whatever is no `name=value` is passed over.
    pub(super) fn of(text: &'a str) -> Self {
        let (value, mut rest) = next(text);
        let mut list = Vec::new();
        while !rest.is_empty() {
            let (part, after) = next(rest);
            if let Some((name, value)) = part.split_once('=') {
                list.push((name.trim(), unquoted(value.trim())));
            }
            rest = after;
        }
        Self { value, list }
    }

    /// Whether this is what stands before the parameters, in any case.
    pub(super) fn is(&self, value: &str) -> bool {
        self.value.eq_ignore_ascii_case(value)
    }

    /// The parameter of this name, in any case: the first where it stands twice.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.list.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_ref())
    }
}

/// Up to the next semicolon outside quotation marks, and what stands behind it.
fn next(text: &str) -> (&str, &str) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return (text[..at].trim(), &text[at + 1..]),
            _ => {}
        }
    }
    (text.trim(), "")
}

fn unquoted(text: &str) -> Cow<'_, str> {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Cow::Borrowed(text);
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut plain = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        // Browsers do not escape a backslash: only before these two is it one that was put there.
        let escaped = characters.next_if(|next| character == '\\' && matches!(next, '"' | '\\'));
        plain.push(escaped.unwrap_or(character));
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_with_and_without_quotation_marks() {
        let check = |text: &str, value: &str, name: &str, parameter: Option<&str>| {
            let found = Parameters::of(text);
            assert_eq!((found.value, found.get(name)), (value, parameter), "{text}");
        };
        check("text/plain", "text/plain", "charset", None);
        check("text/plain ; Charset = UTF-8;x", "text/plain", "charset", Some("UTF-8"));
        check("a/b; boundary=\"a;b=\\\"c\\\\\"; charset=x", "a/b", "boundary", Some("a;b=\"c\\"));
        check("a/b; boundary=\"a;b\"; charset=x", "a/b", "charset", Some("x"));
        check("form-data; name=\"a\\b\"", "form-data", "name", Some("a\\b"));
        check("a/b; charset=a; charset=b", "a/b", "charset", Some("a"));
        check("a/b; charset=\"open", "a/b", "charset", Some("\"open"));
        check("", "", "charset", None);
        check(";;=;", "", "", Some(""));
        assert!(Parameters::of("Text/PLAIN;").is("text/plain"));
    }
}
