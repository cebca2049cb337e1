//! HTML forms as objects: url-encoded ones and those in parts (`multipart/form-data`).

mod charset;
mod multipart;

use std::borrow::Cow;

use axum::http::{HeaderMap, header};
use ihook_engine::json;
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use super::media::Parameters;
use charset::Charset;

/// The field in which a form may name its own charset (HTML §4.10.21.4, RFC 7578 §4.6).
const CHARSET_FIELD: &str = "_charset_";

/// Why a form is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid form: {0}.")]
pub(crate) struct FormFault(Cow<'static, str>);

impl FormFault {
    fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }
}

enum Kind {
    UrlEncoded,
    Multipart,
}

fn kind(content_type: &Parameters<'_>) -> Option<Kind> {
    if content_type.is("application/x-www-form-urlencoded") {
        return Some(Kind::UrlEncoded);
    }
    content_type.is("multipart/form-data").then_some(Kind::Multipart)
}

/// Whether a request's body is a form, as its one Content-Type says.
pub(super) fn is_sent(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    is_form(value.to_str().ok())
}

/// Whether a body of this type is a form.
pub(super) fn is_form(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|text| kind(&Parameters::of(text)).is_some())
}

/// A form as an object: a field that comes once is text, one that comes again a list.
///
/// # Errors
/// Bytes that do not fit the declared charset (UTF-8 where none is), an unknown charset or two that contradict each
/// other, a file, parts that cannot be told apart, a name that is reserved.
pub(super) fn parse(content_type: &str, bytes: &[u8]) -> Result<Map<String, Value>, FormFault> {
    let content_type = Parameters::of(content_type);
    match kind(&content_type) {
        Some(Kind::UrlEncoded) => url_encoded(&content_type, bytes),
        Some(Kind::Multipart) => in_parts(&content_type, bytes),
        None => Err(FormFault::new("the Content-Type is no form's")),
    }
}

fn url_encoded(content_type: &Parameters<'_>, bytes: &[u8]) -> Result<Map<String, Value>, FormFault> {
    let pairs = || bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(pair);
    let named = pairs().filter(|(name, _)| name.as_ref() == CHARSET_FIELD.as_bytes()).map(|(_, value)| value);
    let charset = Charset::declared(content_type.get("charset"), named)?;
    // Percent signs, digits and ampersands are ASCII: a charset in which they are not cannot be url-encoded.
    let charset = charset.unwrap_or_default().ascii_compatible()?;
    let mut object = Map::new();
    for (name, value) in pairs() {
        let name = charset.decode(&name, "the name of a field")?;
        let value = charset.decode(&value, &name)?;
        add(&mut object, name, value)?;
    }
    Ok(object)
}

/// Name and value of a field, decoded from their percent signs.
fn pair(bytes: &[u8]) -> (Cow<'_, [u8]>, Cow<'_, [u8]>) {
    let at = bytes.iter().position(|byte| *byte == b'=');
    let (name, value) = at.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 1..]));
    (unescaped(name), unescaped(value))
}

fn unescaped(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'+') {
        return percent_decode(bytes).into();
    }
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

fn in_parts(content_type: &Parameters<'_>, bytes: &[u8]) -> Result<Map<String, Value>, FormFault> {
    let boundary = content_type.get("boundary").unwrap_or_default();
    let parts = multipart::parts(bytes, boundary)?;
    let named =
        parts.iter().filter(|part| part.name == CHARSET_FIELD.as_bytes()).map(|part| part.content.into());
    let charset = Charset::declared(content_type.get("charset"), named)?.unwrap_or_default();
    let mut object = Map::new();
    for part in parts {
        let name = charset.decode(&part.name, "the name of a field")?;
        if part.is_file && !part.content.is_empty() {
            return Err(FormFault::new(format!("the field \"{name}\" is a file; only text is taken")));
        }
        let own = part.charset.map(|label| Charset::of(&label)).transpose()?.unwrap_or(charset);
        let value = own.decode_marked(part.content, &name)?;
        add(&mut object, name, value)?;
    }
    Ok(object)
}

fn add(object: &mut Map<String, Value>, name: String, value: String) -> Result<(), FormFault> {
    if json::is_reserved(&name) {
        return Err(FormFault::new(format!("the name \"{name}\" is reserved")));
    }
    let value = Value::String(value);
    match object.get_mut(&name) {
        None => {
            object.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
