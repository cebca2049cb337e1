//! Lets pages of chosen origins read the answers. Closed unless the trigger names origins.

use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;

/// Adds what the browser asks for, when the request's origin is among `origins`.
pub(super) fn add(response: &mut Response, parts: &Parts, origins: &[String]) {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return };
    let any = origins.iter().any(|known| known == "*");
    if !any && !origins.iter().any(|known| known.as_bytes() == origin.as_bytes()) {
        return;
    }
    let headers = response.headers_mut();
    let allowed = if any { HeaderValue::from_static("*") } else { origin.clone() };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if parts.method == Method::OPTIONS {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        if let Some(asked) = parts.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
        }
    }
}
