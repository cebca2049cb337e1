//! The answer of another system, read within limits.

use ihook_imis::{FailureClass, Response, proxy_refused, transport};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, SET_COOKIE};
use serde_json::Value;

use super::ready::Ready;

/// A longer answer is cut here: half an answer is none.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Sends it: the answer, or the class of what went wrong, with a sentence.
pub(super) async fn send(ready: Ready) -> Result<Response, (FailureClass, String)> {
    let Ready { method, url, headers, body, client, proxy, timeout } = ready;
    let host = url.host_str().unwrap_or_default().to_owned();
    // What is encrypted goes through a tunnel, in which only the other system speaks.
    let plain_proxy = proxy.clone().filter(|_| url.scheme() == "http");
    let mut outgoing = client.request(method, url).timeout(timeout);
    for (name, value) in headers {
        outgoing = outgoing.header(name, value);
    }
    if let Some(body) = body {
        outgoing = outgoing.body(body);
    }
    let begun = std::time::Instant::now();
    let failed = |fault: &reqwest::Error| transport(fault, &host, proxy.as_deref());
    let mut answer = outgoing.send().await.map_err(|fault| failed(&fault))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    if let Some(proxy) = plain_proxy.filter(|_| status == StatusCode::PROXY_AUTHENTICATION_REQUIRED) {
        return Err((FailureClass::ProxyRefused, proxy_refused(&proxy)));
    }
    if let Some(packed) = packed(&headers) {
        let sentence = format!("{host} answered {status} packed as {packed}, which was not asked for.");
        return Err((FailureClass::Unreadable, sentence));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|fault| failed(&fault))? {
        if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
            let sentence =
                format!("{host} answered {status} with more than {MAX_ANSWER_BYTES} bytes: ask it for less.");
            return Err((FailureClass::TooLong, sentence));
        }
        bytes.extend_from_slice(&chunk);
    }
    let body = (!bytes.is_empty()).then(|| {
        let text = text(&headers, &bytes);
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    });
    let headers = headers
        .iter()
        .filter(|(name, _)| *name != SET_COOKIE)
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Response { status: status.as_u16(), headers, body, ms })
}

/// How the body is packed, where it is although nothing was asked for.
fn packed(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(CONTENT_ENCODING).iter();
    let names = all.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut names = names.map(|name| name.trim().to_ascii_lowercase());
    names.find(|name| !matches!(name.as_str(), "" | "identity"))
}

/// The body in the charset that it declares; UTF-8 where that says nothing.
fn text(headers: &HeaderMap, bytes: &[u8]) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let parameters = kind.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let label = parameters
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, label)| label.trim().trim_matches('"'))
        .next();
    let charset = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    charset.unwrap_or(encoding_rs::UTF_8).decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_body_that_is_packed_is_known_by_its_header() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(packed(&headers("content-encoding", value)).as_deref(), expected, "{value}");
        };
        check("identity", None);
        check("", None);
        check("gzip", Some("gzip"));
        check("identity, BR", Some("br"));
        assert_eq!(packed(&HeaderMap::new()), None);
    }

    #[test]
    fn a_body_is_read_in_its_charset() {
        let check = |kind: &str, bytes: &[u8], expected: &str| {
            assert_eq!(text(&headers("content-type", kind), bytes), expected, "{kind}");
        };
        check("application/json", "Zoë".as_bytes(), "Zoë");
        check("text/plain; charset=iso-8859-1", b"Zo\xEB", "Zoë");
        check("text/plain; format=flowed; Charset=\"UTF-8\"", "Zoë".as_bytes(), "Zoë");
        check("text/plain; charset=nonsense", "Zoë".as_bytes(), "Zoë");
        check("text/plain", "\u{FEFF}a".as_bytes(), "a");
    }
}
