//! What the value of a header can be.

use super::HeaderPiece;
use crate::step_error::{ErrorCode, StepError};
use crate::text::code_point;

/// Letters shown on either side of the one that is at fault.
const AROUND: usize = 20;

/// A character that no header can carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderFault {
    /// It in words: "a line break (U+000A)".
    pub what: String,
    /// Where it stands: what is around it, with the character itself by its number. Not for secrets.
    pub place: String,
}

/// The first character of `value` that no header can carry: a control character other than the tab (RFC 9110
/// section 5.5).
#[must_use]
pub fn header_fault(value: &str) -> Option<HeaderFault> {
    let (at, letter) =
        value.chars().enumerate().find(|(_, letter)| letter.is_ascii_control() && *letter != '\t')?;
    let kind = match letter {
        '\r' | '\n' => "a line break",
        _ => "a control character",
    };
    let first = at.saturating_sub(AROUND);
    let mut place = if first > 0 { "…".to_owned() } else { String::new() };
    for letter in value.chars().skip(first).take(at - first + 1 + AROUND) {
        if letter.is_control() {
            place.push_str(&format!("⟨{}⟩", code_point(letter)));
        } else {
            place.push(letter);
        }
    }
    if value.chars().nth(at + 1 + AROUND).is_some() {
        place.push('…');
    }
    Some(HeaderFault { what: format!("{kind} ({})", code_point(letter)), place })
}

/// The failure of a step whose header of this name cannot carry what its template gave.
pub(super) fn checked(name: &str, value: &str) -> Result<(), StepError> {
    let Some(HeaderFault { what, place }) = header_fault(value) else { return Ok(()) };
    let message = format!(
        "The header {name} cannot be sent: its template gives {what} at “{place}”. Nothing was sent. Leave it out, for \
         example with the filter strip_newlines."
    );
    Err(StepError::new(ErrorCode::NotBuilt, message))
}

/// Another length than the body's would cut the body off, or leave the other end waiting for more of it.
pub(super) fn fits_body(headers: &[(String, Vec<HeaderPiece>)], body: Option<&str>) -> Result<(), StepError> {
    let length = body.map_or(0, str::len);
    for (name, pieces) in headers {
        let said = match pieces.as_slice() {
            [HeaderPiece::Text(text)] if name.eq_ignore_ascii_case("content-length") => text.trim(),
            _ => continue,
        };
        if said.parse() != Ok(length) {
            let message = format!(
                "The header {name} says {said}, and the body has {length} bytes. Nothing was sent. Leave the header \
                 out: iHook sets it."
            );
            return Err(StepError::new(ErrorCode::NotBuilt, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_carries_everything_but_control_characters() {
        let check = |value: &str, expected: Option<(&str, &str)>| {
            let found = header_fault(value);
            let found = found.as_ref().map(|fault| (fault.what.as_str(), fault.place.as_str()));
            assert_eq!(found, expected, "{value:?}");
        };
        check("", None);
        check("Bearer abc\tdef", None);
        check("Zoë 🎫 \u{80}", None);
        check("a\nb", Some(("a line break (U+000A)", "a⟨U+000A⟩b")));
        check("a\r\nb", Some(("a line break (U+000D)", "a⟨U+000D⟩⟨U+000A⟩b")));
        check("a\0", Some(("a control character (U+0000)", "a⟨U+0000⟩")));
        check("\u{7F}", Some(("a control character (U+007F)", "⟨U+007F⟩")));
        let long = format!("{}\n{}", "x".repeat(30), "y".repeat(30));
        let place = format!("…{}⟨U+000A⟩{}…", "x".repeat(20), "y".repeat(20));
        check(&long, Some(("a line break (U+000A)", &place)));
    }

    #[test]
    fn the_failure_names_the_header_and_shows_where() {
        let error = checked("X-Note", "first\nsecond").unwrap_err();
        assert!(error.is(ErrorCode::NotBuilt));
        assert!(error.message.contains("X-Note") && error.message.contains("first⟨U+000A⟩second"), "{error}");
        assert_eq!(checked("X-Note", "first second"), Ok(()));
    }

    #[test]
    fn a_length_that_is_not_the_body_s_is_refused() {
        let check = |name: &str, value: &str, body: Option<&str>, fits: bool| {
            let headers = [(name.to_owned(), vec![HeaderPiece::Text(value.to_owned())])];
            assert_eq!(fits_body(&headers, body).is_ok(), fits, "{name}: {value} {body:?}");
        };
        check("Content-Length", "3", Some("abc"), true);
        check("content-length", " 4 ", Some("Zoë"), true);
        check("Content-Length", "2", Some("abc"), false);
        check("Content-Length", "300", Some("abc"), false);
        check("Content-Length", "many", Some("abc"), false);
        check("Content-Length", "0", None, true);
        check("X-Length", "7", Some("abc"), true);
    }
}
