//! In which charset a form's bytes are text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::FormFault;

/// A charset by the names of the Encoding Standard; UTF-8 where nothing is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Charset {
    encoding: &'static Encoding,
    /// Declared as ASCII, which the standard reads as windows-1252: only ASCII fits.
    is_ascii: bool,
}

impl Default for Charset {
    fn default() -> Self {
        Self { encoding: UTF_8, is_ascii: false }
    }
}

impl Charset {
    /// The charset of this name.
    pub(super) fn of(label: &str) -> Result<Self, FormFault> {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes());
        let encoding =
            encoding.ok_or_else(|| FormFault::new(format!("the charset \"{label}\" is not known")))?;
        let is_ascii = ["us-ascii", "ascii"].iter().any(|name| label.trim().eq_ignore_ascii_case(name));
        Ok(Self { encoding, is_ascii })
    }

    /// The charset that the Content-Type's parameter and the form's own fields name. Blank ones name none.
    pub(super) fn declared<'a>(
        parameter: Option<&'a str>,
        fields: impl Iterator<Item = Cow<'a, [u8]>>,
    ) -> Result<Option<Self>, FormFault> {
        let parameter = parameter.map(|label| Cow::Borrowed(label.as_bytes()));
        let labels = parameter.into_iter().chain(fields).filter(|label| !label.trim_ascii().is_empty());
        let mut found = None;
        for label in labels {
            let one = Self::of(&String::from_utf8_lossy(&label))?;
            if found.is_some_and(|before| before != one) {
                return Err(FormFault::new("it names two different charsets"));
            }
            found = Some(one);
        }
        Ok(found)
    }

    /// Itself, where its ASCII bytes are ASCII.
    pub(super) fn ascii_compatible(self) -> Result<Self, FormFault> {
        if self.encoding.is_ascii_compatible() {
            return Ok(self);
        }
        let name = self.encoding.name();
        Err(FormFault::new(format!("a url-encoded form cannot be in the charset {name}")))
    }

    /// The bytes as text, with nothing replaced; `what` they are, for the words of a refusal.
    pub(super) fn decode(self, bytes: &[u8], what: &str) -> Result<String, FormFault> {
        let fits = !self.is_ascii || bytes.is_ascii();
        let text = self.encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.filter(|_| fits).map(Cow::into_owned).ok_or_else(|| {
            let name = if self.is_ascii { "US-ASCII" } else { self.encoding.name() };
            FormFault::new(format!(
                "the bytes of {what:?} are not {name}; declare the charset that they are in"
            ))
        })
    }

    /// As [`Self::decode`], and a byte order mark at the beginning is skipped.
    pub(super) fn decode_marked(self, bytes: &[u8], what: &str) -> Result<String, FormFault> {
        let mark = match Encoding::for_bom(bytes) {
            Some((encoding, length)) if encoding == self.encoding => length,
            _ => 0,
        };
        self.decode(&bytes[mark..], what)
    }
}
