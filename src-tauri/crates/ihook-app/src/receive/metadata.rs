//! The metadata object of a delivery: everything about the request that is no secret.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Serialize;

use super::client::Client;

/// Stands where a secret was.
const HIDDEN: &str = "…";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    method: &'a str,
    scheme: &'a str,
    host: &'a str,
    path: String,
    query: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    headers: BTreeMap<&'a str, Cow<'a, str>>,
    remote_ip: IpAddr,
    content_type: Option<Cow<'a, str>>,
    content_length: usize,
    received_at: String,
}

/// `{method, scheme, host, path, query, headers, remoteIp, contentType, contentLength, receivedAt}` as JSON.
/// `path` is that of the hook without its token; the values of credentials, and of the header `secret_header`,
/// are hidden.
pub(super) fn of(
    parts: &Parts,
    client: &Client,
    path: &str,
    secret_header: Option<&str>,
    bytes: usize,
    at: i64,
) -> String {
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let metadata = Metadata {
        method: parts.method.as_str(),
        scheme: client.scheme,
        host: &client.host,
        path: format!("{path}/{HIDDEN}"),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).collect(),
        headers: headers(&parts.headers, secret_header),
        remote_ip: client.address,
        content_type: content_type.map(|value| String::from_utf8_lossy(value.as_bytes())),
        content_length: bytes,
        received_at: Timestamp::from_millisecond(at).map(|time| time.to_string()).unwrap_or_default(),
    };
    // Texts and numbers only: writing them as JSON cannot fail.
    serde_json::to_string(&metadata).unwrap_or_default()
}

/// Names in lower case; repeated values joined by a comma.
fn headers<'a>(headers: &'a HeaderMap, secret: Option<&str>) -> BTreeMap<&'a str, Cow<'a, str>> {
    headers
        .keys()
        .map(|name| {
            if secret == Some(name.as_str()) || is_credential(name.as_str()) {
                return (name.as_str(), Cow::Borrowed(HIDDEN));
            }
            let mut values =
                headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
            let first = values.next().unwrap_or_default();
            (name.as_str(), values.fold(first, |joined, value| joined + ", " + value))
        })
        .collect()
}

/// Better one header too many hidden than one secret in the history.
fn is_credential(name: &str) -> bool {
    const PARTS: [&str; 6] = ["auth", "cookie", "signature", "token", "secret", "api-key"];
    PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn secrets_are_hidden_and_the_rest_is_kept() {
        let request = Request::post("http://h/hooks/key/SECRETTOKEN?a=1&b=%C3%BC")
            .header("Authorization", "Bearer SECRET")
            .header("Cookie", "SECRET")
            .header("X-Hub-Signature-256", "SECRET")
            .header("X-Api-Key", "SECRET")
            .header("X-Door", "SECRET")
            .header("X-Event", "check-in")
            .header("X-Event", "again")
            .body(())
            .unwrap();
        let client = Client {
            address: "203.0.113.9".parse().unwrap(),
            scheme: "https",
            host: "hooks.example.org".to_owned(),
        };
        let text = of(&request.into_parts().0, &client, "/hooks/key", Some("x-door"), 12, 0);
        assert!(!text.contains("SECRET"), "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["headers"]["x-event"], "check-in, again");
        assert_eq!(value["query"]["b"], "ü");
        assert_eq!(value["path"], "/hooks/key/…");
        assert_eq!(value["remoteIp"], "203.0.113.9");
    }
}
