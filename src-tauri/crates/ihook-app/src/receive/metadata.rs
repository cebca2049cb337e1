//! The metadata object of a delivery: everything about the request that is no secret.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde::Serialize;

use super::client::Client;
use crate::redact::{HIDDEN, Redactor};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    method: &'a str,
    scheme: &'a str,
    host: Cow<'a, str>,
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<&'a str, String>,
    remote_ip: IpAddr,
    content_type: Option<String>,
    content_length: usize,
    received_at: String,
}

/// `{method, scheme, host, path, query, headers, remoteIp, contentType, contentLength, receivedAt}` as JSON.
/// `path` is that of the hook without its token. What is named like a secret or is one, and what comes in the
/// headers `proof`, is hidden.
pub(super) fn of(
    parts: &Parts,
    client: &Client,
    path: &str,
    (redactor, proof): (&Redactor, &HashSet<String>),
    bytes: usize,
    at: i64,
) -> String {
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let query = url::form_urlencoded::parse(query)
        .map(|(name, value)| (redactor.text(&name).into_owned(), redactor.named(&name, &value).into_owned()));
    let metadata = Metadata {
        method: parts.method.as_str(),
        scheme: client.scheme,
        host: redactor.text(&client.host),
        path: format!("{path}/{HIDDEN}"),
        query: query.collect(),
        headers: headers(&parts.headers, redactor, proof),
        remote_ip: client.address,
        content_type: content_type.map(|value| redactor.text(&lossy(value)).into_owned()),
        content_length: bytes,
        received_at: Timestamp::from_millisecond(at).map(|time| time.to_string()).unwrap_or_default(),
    };
    // Texts and numbers only: writing them as JSON cannot fail.
    serde_json::to_string(&metadata).unwrap_or_default()
}

/// Names in lower case; repeated values joined by a comma.
fn headers<'a>(
    headers: &'a HeaderMap,
    redactor: &Redactor,
    proof: &HashSet<String>,
) -> BTreeMap<&'a str, String> {
    headers
        .keys()
        .map(|name| {
            if proof.contains(name.as_str()) {
                return (name.as_str(), HIDDEN.to_owned());
            }
            let values: Vec<_> = headers.get_all(name).iter().map(lossy).collect();
            (name.as_str(), redactor.named(name.as_str(), &values.join(", ")).into_owned())
        })
        .collect()
}

fn lossy(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    const TOKEN: &str = "x9_0kQzJ3vTt4mB-8sYpLr2WcNf7GhUe1aDiXoMb5Ec";

    #[test]
    fn secrets_are_hidden_and_the_rest_is_kept() {
        let request = Request::post(format!(
            "http://h/hooks/key/{TOKEN}?a=1&b=%C3%BC&token=SECRET&to=%2Fx%3Fsig%3DSECRET"
        ))
        .header("Authorization", "Bearer SECRET")
        .header("Cookie", "SECRET")
        .header("X-Hub-Signature-256", "SECRET")
        .header("X-Apikey", "SECRET")
        .header("X-Door", "SECRET")
        .header("X-Original-URL", format!("/hooks/key/{TOKEN}?a=1&api_key=SECRET"))
        .header("Referer", format!("https://h/%2Fhooks%2Fkey%2F{}", TOKEN.replace('_', "%5f")))
        .header("Content-Type", format!("application/json; x={TOKEN}"))
        .header("X-Event", "check-in")
        .header("X-Event", "again")
        .body(())
        .unwrap();
        let client = Client {
            address: "203.0.113.9".parse().unwrap(),
            scheme: "https",
            host: "hooks.example.org".to_owned(),
        };
        let redactor = Redactor::default();
        redactor.learn_tokens(HashSet::from([crate::endpoints::hash(TOKEN)]));
        let proof = HashSet::from(["x-door".to_owned()]);
        let text = of(&request.into_parts().0, &client, "/hooks/key", (&redactor, &proof), 12, 0);
        for hidden in ["SECRET", TOKEN, &TOKEN[..10]] {
            assert!(!text.contains(hidden), "{hidden} is in {text}");
        }
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["headers"]["x-event"], "check-in, again");
        assert_eq!(value["headers"]["x-original-url"], "/hooks/key/…?a=1&api_key=…");
        assert_eq!(value["query"], serde_json::json!({ "a": "1", "b": "ü", "to": "/x?sig=…", "token": "…" }));
        assert_eq!(value["path"], "/hooks/key/…");
        assert_eq!(value["remoteIp"], "203.0.113.9");
    }
}
