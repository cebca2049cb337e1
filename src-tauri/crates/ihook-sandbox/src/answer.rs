//! Answers in iMIS's form, each saying that it comes from the sandbox.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use ihook_imis::FieldFault;
use ihook_imis::wire::validation_json;
use serde_json::{Value, json};

use crate::clock;
use crate::fault::{Fault, FaultKind};

const SANDBOX: HeaderName = HeaderName::from_static("x-imis-sandbox");
const WARNING: HeaderName = HeaderName::from_static("x-imis-sandbox-warning");

/// The text that iMIS shows for every error of its own.
const OOPS: &str = "An error occurred. Please contact the administrator.";

/// JSON with a status.
pub(crate) fn json(status: u16, body: &Value) -> Response {
    raw(status, Body::from(body.to_string()))
}

/// A status without a body.
pub(crate) fn empty(status: u16) -> Response {
    raw(status, Body::empty())
}

/// An error in Web API's form.
pub(crate) fn error(status: u16, message: impl Into<String>) -> Response {
    json(status, &json!({ "Message": message.into() }))
}

/// A refusal that names fields.
pub(crate) fn invalid(faults: &[FieldFault]) -> Response {
    json(400, &validation_json(faults))
}

/// Nothing at this address.
pub(crate) fn not_found(what: &str) -> Response {
    error(404, format!("{what} was not found."))
}

/// A method that is not for this address.
pub(crate) fn not_allowed(allowed: &'static str) -> Response {
    let mut response = error(405, "The requested resource does not support this method.");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The sandbox's own failure (its file cannot be written, say).
pub(crate) fn broken(fault: &rusqlite::Error) -> Response {
    tracing::error!(%fault, "sandbox.store");
    error(500, format!("The sandbox could not use its data: {fault}"))
}

/// What a fault that answers says.
pub(crate) fn of_fault(fault: &Fault) -> Response {
    let status = match fault.kind {
        FaultKind::Answer => return of_another(fault),
        FaultKind::TooManyRequests => 429,
        FaultKind::ExpireToken => 401,
        FaultKind::Status | FaultKind::Delay | FaultKind::DropBeforeCommit | FaultKind::DropAfterCommit => {
            fault.status.unwrap_or(500)
        }
    };
    let mut response = match status {
        500 => error(500, OOPS),
        401 => error(401, "Authorization has been denied for this request."),
        429 => error(429, "Too many requests."),
        501 => error(501, "Operation not implemented"),
        503 => error(503, "The service is unavailable."),
        _ => error(status, format!("The sandbox was asked to answer {status}.")),
    };
    if let Some(seconds) = fault.retry_after {
        let text = if fault.as_date { clock::http_date(seconds) } else { seconds.to_string() };
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(RETRY_AFTER, value);
        }
    }
    response
}

/// What something else than iMIS answers in its place, without the mark of the sandbox.
fn of_another(fault: &Fault) -> Response {
    let (kind, body) = match &fault.body {
        None => (None, Body::empty()),
        Some(Value::String(text)) if text.trim_start().starts_with('<') => {
            (Some("text/html; charset=utf-8"), Body::from(text.clone()))
        }
        Some(Value::String(text)) => (Some("text/plain; charset=utf-8"), Body::from(text.clone())),
        Some(json) => (Some("application/json"), Body::from(json.to_string())),
    };
    let mut response = raw(fault.status.unwrap_or(200), body);
    let headers = response.headers_mut();
    headers.remove(SANDBOX);
    headers.remove(CONTENT_TYPE);
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if let Some(Ok(location)) = fault.location.as_deref().map(HeaderValue::from_str) {
        headers.insert(LOCATION, location);
    }
    response
}

/// Adds a remark for people who look at the exchange.
pub(crate) fn warn(mut response: Response, remark: &'static str) -> Response {
    response.headers_mut().insert(WARNING, HeaderValue::from_static(remark));
    response
}

fn raw(status: u16, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(SANDBOX, HeaderValue::from_static("1"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
