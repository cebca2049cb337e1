//! Reads a request's body within its limits.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;

/// From the end of the headers to the end of the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);
/// Larger bodies of refused requests are not kept.
pub(super) const MOST_KEPT: usize = 1024 * 1024;
/// How long the answer to a refused request waits for a body that is only to be kept.
const KEEP_TIMEOUT: Duration = Duration::from_secs(2);

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Over the limit.
    TooLarge,
    /// Not complete in time.
    Slow,
    /// The connection or its framing broke.
    Broken,
}

/// The size the sender announced, if it did.
pub(super) fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// How many bytes the body can have, where that is known before it comes: none has none.
pub(super) fn most(body: &Body) -> Option<u64> {
    body.size_hint().upper()
}

/// Whether the body comes as it is, not compressed.
pub(super) fn is_identity(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// `application/json` or `text/json` in any case with any parameters, in UTF-8 where a charset is named.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let Ok(text) = value.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let json = ["application/json", "text/json"].iter().any(|known| essence.eq_ignore_ascii_case(known));
    json && parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            let value = value.trim().trim_matches('"');
            ["utf-8", "utf8"].iter().any(|known| value.eq_ignore_ascii_case(known))
        }
        _ => true,
    })
}

/// The whole body, at most `limit` bytes.
pub(super) async fn collect(body: &mut Body, limit: u64) -> Result<Vec<u8>, Fault> {
    tokio::time::timeout(BODY_TIMEOUT, gather(body, limit)).await.unwrap_or(Err(Fault::Slow))
}

/// The whole body of a request that is refused whatever it says, if it is small and soon there.
pub(super) async fn keep(body: &mut Body) -> Option<Vec<u8>> {
    tokio::time::timeout(KEEP_TIMEOUT, gather(body, MOST_KEPT as u64)).await.ok()?.ok()
}

async fn gather(body: &mut Body, limit: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_broken| Fault::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        if (bytes.len() + data.len()) as u64 > limit {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &header::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn json_types_are_taken_in_any_case_and_in_utf_8_only() {
        let check = |values: &[&str], expected: bool| {
            assert_eq!(is_json(&headers(&header::CONTENT_TYPE, values)), expected, "{values:?}");
        };
        check(&["application/json"], true);
        check(&["Text/JSON"], true);
        check(&["application/json; charset=UTF-8; x=y"], true);
        check(&["application/json;charset=\"utf-8\""], true);
        check(&["application/json; charset=latin1"], false);
        check(&["application/problem+json"], false);
        check(&["text/plain"], false);
        check(&["application/json", "application/json"], false);
        check(&[], false);
    }

    #[test]
    fn only_the_identity_encoding_is_taken() {
        let check = |values: &[&str], expected: bool| {
            assert_eq!(is_identity(&headers(&header::CONTENT_ENCODING, values)), expected, "{values:?}");
        };
        check(&[], true);
        check(&["identity"], true);
        check(&["gzip"], false);
        check(&["identity", "gzip"], false);
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_passes_and_one_more_byte_does_not() {
        assert_eq!(collect(&mut Body::from("12345"), 5).await.unwrap(), b"12345");
        assert_eq!(collect(&mut Body::from("123456"), 5).await, Err(Fault::TooLarge));
    }
}
