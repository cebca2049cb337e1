//! The parts of a `multipart/form-data` body (RFC 7578), read strictly: what could be read in two ways is refused.
//!
//! A parser of its own rather than a crate's: it reads a whole body where it lies, without a future, since released
//! bodies go the same way; and it drops nothing in silence, neither text around the parts nor bytes that do not fit.

use memchr::memmem::{self, Finder};

use super::FormFault;
use crate::receive::media::Parameters;

/// Bytes of one part's headers.
const MAX_HEAD: usize = 8 * 1024;
/// Headers of one part.
const MAX_HEADERS: usize = 16;
/// Characters of a boundary (RFC 2046 §5.1.1).
const MAX_BOUNDARY: usize = 70;

/// One field.
pub(super) struct Part<'a> {
    /// In the form's charset.
    pub(super) name: Vec<u8>,
    /// It has a file's name.
    pub(super) is_file: bool,
    /// Its own charset.
    pub(super) charset: Option<String>,
    /// As sent.
    pub(super) content: &'a [u8],
}

/// All parts in their order.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, FormFault> {
    if boundary.is_empty() || boundary.len() > MAX_BOUNDARY {
        return Err(FormFault::new("the Content-Type names no boundary of 1 to 70 characters"));
    }
    let delimiter = format!("\r\n--{boundary}");
    let finder = Finder::new(&delimiter);
    let start = body.strip_prefix(b"\r\n").unwrap_or(body);
    let mut rest = start
        .strip_prefix(&delimiter.as_bytes()[2..])
        .ok_or_else(|| FormFault::new("it does not begin with its boundary"))?;
    let mut parts = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(b"--") {
            if after.trim_ascii().is_empty() {
                return Ok(parts);
            }
            return Err(FormFault::new("something follows the last boundary"));
        }
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let text = rest[blanks..]
            .strip_prefix(b"\r\n")
            .ok_or_else(|| FormFault::new("something follows a boundary in its line"))?;
        let (head, content) = split_head(text)?;
        let end = finder.find(content).ok_or_else(|| FormFault::new("it ends before its last boundary"))?;
        parts.push(part(head, &content[..end])?);
        rest = &content[end + delimiter.len()..];
    }
}

/// The headers of a part with their blank line, and everything behind it.
fn split_head(text: &[u8]) -> Result<(&[u8], &[u8]), FormFault> {
    let window = &text[..text.len().min(MAX_HEAD)];
    let end = memmem::find(window, b"\r\n\r\n")
        .ok_or_else(|| FormFault::new("a part has no headers, or more than 8 KiB of them"))?;
    Ok(text.split_at(end + 4))
}

fn part<'a>(head: &[u8], content: &'a [u8]) -> Result<Part<'a>, FormFault> {
    let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let Ok(httparse::Status::Complete((_, headers))) = httparse::parse_headers(head, &mut lines) else {
        return Err(FormFault::new("the headers of a part cannot be read"));
    };
    let header = |name: &str| {
        let mut found = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(FormFault::new(format!("a part has two headers {name}"))),
            (found, _) => Ok(found.map(|header| header.value)),
        }
    };
    let disposition = header("Content-Disposition")?.unwrap_or_default();
    // Latin-1 keeps every byte, so that the name can be read in the form's charset later.
    let disposition = encoding_rs::mem::decode_latin1(disposition);
    let disposition = Parameters::of(&disposition);
    let Some(name) = disposition.get("name").filter(|_| disposition.is("form-data")) else {
        return Err(FormFault::new("a part has no Content-Disposition: form-data with a name"));
    };
    let kind = header("Content-Type")?.map(encoding_rs::mem::decode_latin1).unwrap_or_default();
    let kind = Parameters::of(&kind);
    if kind.value.to_ascii_lowercase().starts_with("multipart/") {
        return Err(FormFault::new("a part holds parts of its own"));
    }
    let coding = header("Content-Transfer-Encoding")?.unwrap_or(b"binary").trim_ascii();
    if !["7bit", "8bit", "binary"].iter().any(|plain| coding.eq_ignore_ascii_case(plain.as_bytes())) {
        return Err(FormFault::new("a part is encoded; send it as it is"));
    }
    Ok(Part {
        name: encoding_rs::mem::encode_latin1_lossy(&unescaped(name)).into_owned(),
        is_file: disposition.get("filename").or_else(|| disposition.get("filename*")).is_some(),
        charset: kind.get("charset").map(str::to_owned),
        content,
    })
}

/// Browsers write these three characters of a name as percent signs, and nothing else (HTML §4.10.21.8).
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}
