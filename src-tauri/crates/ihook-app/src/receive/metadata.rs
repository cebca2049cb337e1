//! The metadata object of a delivery: everything about the request that is no secret.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::client::Client;

/// Stands where a secret was.
const HIDDEN: &str = "…";

/// `{method, scheme, host, path, query, headers, remoteIp, contentType, contentLength, receivedAt}`. `path` is
/// that of the hook without its token; the values of credentials, and of the header `secret_header`, are hidden.
pub(super) fn of(
    parts: &Parts,
    client: &Client,
    path: &str,
    secret_header: Option<&str>,
    bytes: usize,
    at: i64,
) -> Value {
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    json!({
        "method": parts.method.as_str(),
        "scheme": client.scheme,
        "host": client.host,
        "path": format!("{path}/{HIDDEN}"),
        "query": query(parts.uri.query().unwrap_or_default()),
        "headers": headers(&parts.headers, secret_header),
        "remoteIp": client.address,
        "contentType": content_type.map(|value| String::from_utf8_lossy(value.as_bytes())),
        "contentLength": bytes,
        "receivedAt": Timestamp::from_millisecond(at).map(|time| time.to_string()).unwrap_or_default(),
    })
}

fn query(text: &str) -> Map<String, Value> {
    url::form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect()
}

/// Names in lower case; repeated values joined by a comma.
fn headers(headers: &HeaderMap, secret: Option<&str>) -> Map<String, Value> {
    headers
        .keys()
        .map(|name| {
            let value = if secret == Some(name.as_str()) || is_credential(name.as_str()) {
                HIDDEN.to_owned()
            } else {
                let values: Vec<_> = headers
                    .get_all(name)
                    .iter()
                    .map(|value| String::from_utf8_lossy(value.as_bytes()))
                    .collect();
                values.join(", ")
            };
            (name.as_str().to_owned(), Value::String(value))
        })
        .collect()
}

/// Better one header too many hidden than one secret in the history.
fn is_credential(name: &str) -> bool {
    const PARTS: [&str; 7] = ["authorization", "cookie", "signature", "token", "secret", "api-key", "auth"];
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
        let value = of(&request.into_parts().0, &client, "/hooks/key", Some("x-door"), 12, 0);
        assert!(!value.to_string().contains("SECRET"), "{value}");
        assert_eq!(value["headers"]["x-event"], "check-in, again");
        assert_eq!(value["query"]["b"], "ü");
        assert_eq!(value["path"], "/hooks/key/…");
        assert_eq!(value["remoteIp"], "203.0.113.9");
    }
}
