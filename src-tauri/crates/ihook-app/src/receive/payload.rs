//! From a body to the object that a run starts from.

use ihook_engine::json::{self, JsonFault};
use ihook_engine::workflow::Trigger;
use serde_json::{Map, Value};

use super::form::{self, FormFault};

/// What some systems put before every text that they write in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A body that was understood.
#[derive(Debug)]
pub(crate) struct Payload {
    /// What it says.
    pub(crate) object: Map<String, Value>,
    /// The object as JSON: the very text that came, where it came as one.
    pub(crate) text: String,
}

/// Why a body is not taken, in words for the sender.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PayloadFault {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] JsonFault),
    /// It is no form.
    #[error(transparent)]
    Form(#[from] FormFault),
}

/// Reads a body as the trigger takes it; nothing at all counts as an empty object.
///
/// # Errors
/// What is wrong with it, and the body.
pub(crate) fn parse(
    trigger: &Trigger,
    content_type: Option<&str>,
    mut bytes: Vec<u8>,
) -> Result<Payload, (PayloadFault, Vec<u8>)> {
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let object = match read(trigger, content_type, &bytes[mark..]) {
        Ok(object) => object,
        Err(fault) => return Err((fault, bytes)),
    };
    bytes.drain(..mark);
    Ok(match String::from_utf8(bytes) {
        Ok(text) if text.trim_start().starts_with('{') && !is_form(trigger, content_type) => {
            Payload { object, text }
        }
        _ => written(object),
    })
}

fn is_form(trigger: &Trigger, content_type: Option<&str>) -> bool {
    trigger.accept_form && form::is_form(content_type)
}

fn read(
    trigger: &Trigger,
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<Map<String, Value>, PayloadFault> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    if is_form(trigger, content_type) {
        return Ok(form::parse(content_type.unwrap_or_default(), bytes)?);
    }
    Ok(if trigger.wrap_array { json::parse_array_or_object(bytes)? } else { json::parse_object(bytes)? })
}

fn written(object: Map<String, Value>) -> Payload {
    // A map of strings to values: nothing here can fail to be written.
    let text = serde_json::to_string(&object).unwrap_or_default();
    Payload { object, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_skipped_and_given_back_with_a_body_that_is_refused() {
        let trigger = Trigger { accept_form: true, wrap_array: true, ..Trigger::default() };
        let form = Some("application/x-www-form-urlencoded");
        let parts = Some("multipart/form-data; boundary=X");
        for (content_type, body, text) in [
            (None, "\u{feff}{\"a\": 1}", "{\"a\": 1}"),
            (None, "\u{feff}[1]", "{\"items\":[1]}"),
            (None, "\u{feff}", "{}"),
            (form, "\u{feff}a=1", "{\"a\":\"1\"}"),
            (form, "{\"a\":1}", "{\"{\\\"a\\\":1}\":\"\"}"),
            (
                parts,
                "\u{feff}--X\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--X--",
                "{\"a\":\"1\"}",
            ),
        ] {
            let payload = parse(&trigger, content_type, body.as_bytes().to_vec()).unwrap();
            assert_eq!(payload.text, text, "{body:?}");
            assert_eq!(
                serde_json::to_value(payload.object).unwrap(),
                json::parse_value(text.as_bytes()).unwrap()
            );
        }
        let twice = "\u{feff}\u{feff}{}".as_bytes().to_vec();
        let (fault, bytes) = parse(&trigger, None, twice.clone()).unwrap_err();
        assert_eq!(bytes, twice);
        assert!(fault.to_string().contains("byte order mark"), "{fault}");
    }
}
