//! What went over the wire, in the form a person may see: no token, no password, bounded bodies.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A recorded body never takes more than this many bytes of text.
const SHOWN_BYTES: usize = 64 * 1024;

/// One request and its answer; either may be missing where it never came to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// What was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
}

/// A request as sent, its Authorization shown as `Bearer …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole URL with its query.
    pub url: String,
    /// Header names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The JSON body; a sign-in's form is never recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// An answer as it came, its body cut at 64 KiB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case; cookies are shown as `…`.
    pub headers: BTreeMap<String, String>,
    /// JSON where it is JSON, else the text; a longer body is text that ends in `…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Milliseconds from sending to the last byte.
    pub ms: u64,
}

impl Exchange {
    /// Records a request that carries a bearer token.
    pub(crate) fn sent(method: &str, url: &str, body: Option<&Value>) -> Self {
        let mut headers = BTreeMap::from([
            ("accept".to_owned(), "application/json".to_owned()),
            ("authorization".to_owned(), "Bearer …".to_owned()),
        ]);
        if body.is_some() {
            headers.insert("content-type".to_owned(), "application/json".to_owned());
        }
        let body = body.map(shown_value);
        let request = Request { method: method.to_owned(), url: url.to_owned(), headers, body };
        Self { request: Some(request), response: None }
    }

    /// Records a sign-in: where it went, and nothing that was said.
    pub(crate) fn signed_in(url: &str) -> Self {
        let headers =
            BTreeMap::from([("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())]);
        let request = Request { method: "POST".to_owned(), url: url.to_owned(), headers, body: None };
        Self { request: Some(request), response: None }
    }

    /// Adds the answer.
    pub(crate) fn answered(&mut self, status: u16, headers: &HeaderMap, body: Option<&[u8]>, took: Duration) {
        self.response = Some(Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_string(), shown_header(name.as_str(), value.as_bytes())))
                .collect(),
            body: body.filter(|bytes| !bytes.is_empty()).map(shown_bytes),
            ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        });
    }
}

fn shown_header(name: &str, value: &[u8]) -> String {
    if matches!(name, "set-cookie" | "authorization" | "proxy-authorization") {
        return "…".to_owned();
    }
    String::from_utf8_lossy(value).into_owned()
}

fn shown_value(value: &Value) -> Value {
    let text = value.to_string();
    if text.len() <= SHOWN_BYTES { value.clone() } else { Value::String(cut(&text)) }
}

fn shown_bytes(bytes: &[u8]) -> Value {
    if bytes.len() > SHOWN_BYTES {
        // One character more than shown may be cut in two: the lossy reading mends the edge.
        return Value::String(cut(&String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN_BYTES + 4)])));
    }
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

fn cut(text: &str) -> String {
    let mut end = SHOWN_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_json_where_they_can_be_and_bounded_where_they_cannot() {
        assert_eq!(shown_bytes(br#"{"a":1.50}"#).to_string(), r#"{"a":1.50}"#);
        assert_eq!(shown_bytes(b"<html>"), Value::String("<html>".to_owned()));
        let long = "ü".repeat(SHOWN_BYTES);
        let Value::String(shown) = shown_bytes(long.as_bytes()) else { panic!("a long body is text") };
        assert!(shown.len() <= SHOWN_BYTES + '…'.len_utf8() && shown.ends_with('…'));
    }

    #[test]
    fn a_short_body_just_over_the_limit_is_cut_without_a_panic() {
        for extra in 1..6 {
            let text = "x".repeat(SHOWN_BYTES + extra);
            assert!(matches!(shown_bytes(text.as_bytes()), Value::String(_)), "{extra}");
        }
    }
}
