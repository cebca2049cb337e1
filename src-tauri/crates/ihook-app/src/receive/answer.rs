//! What the sender is told.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use ihook_engine::schema::Violation;
use ihook_store::RunId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// An answer on its way.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    body: AnswerBody,
    retry_after: Option<u32>,
    close: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerBody {
    error: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// UTC, whole seconds, no suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_errors: Option<Vec<Violation>>,
}

impl Answer {
    /// The delivery is on disk.
    pub(super) fn queued(accepted: bool, id: RunId, at: i64) -> Self {
        let status = if accepted { StatusCode::ACCEPTED } else { StatusCode::OK };
        Self::of(
            status,
            AnswerBody {
                error: false,
                id: Some(id.to_string()),
                queue_time: Some(queue_time(at)),
                message: None,
                validation_errors: None,
            },
        )
    }

    /// The leading schema check refused the payload; a rejected run keeps it.
    pub(super) fn rejected(id: RunId, at: i64, violations: Vec<Violation>) -> Self {
        let first = violations.first().map(|violation| violation.message.as_str()).unwrap_or_default();
        let message = match violations.len() {
            0 | 1 => format!("The payload does not match the schema: {first}"),
            n => format!("The payload does not match the schema in {n} places. The first: {first}"),
        };
        Self::of(
            StatusCode::BAD_REQUEST,
            AnswerBody {
                error: true,
                id: Some(id.to_string()),
                queue_time: Some(queue_time(at)),
                message: Some(message),
                validation_errors: Some(violations),
            },
        )
    }

    /// The request made no run.
    pub(super) fn refused(status: StatusCode, reason: impl Into<String>) -> Self {
        Self::of(
            status,
            AnswerBody {
                error: true,
                id: None,
                queue_time: None,
                message: Some(reason.into()),
                validation_errors: None,
            },
        )
    }

    fn of(status: StatusCode, body: AnswerBody) -> Self {
        Self { status, body, retry_after: None, close: false }
    }

    /// Tells the sender when to come again, in seconds.
    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Ends the connection after the answer.
    pub(super) fn closing(mut self) -> Self {
        self.close = true;
        self
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn message(&self) -> &str {
        self.body.message.as_deref().unwrap_or_default()
    }

    /// The HTTP answer; `omit` leaves its body out, on errors too.
    pub(super) fn into_response(self, omit: bool) -> Response {
        let mut response = if omit {
            bare(self.status)
        } else {
            // Strings, booleans and numbers: nothing here can fail to be written.
            let bytes = serde_json::to_vec(&self.body).unwrap_or_default();
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = self.status;
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.close {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// A status without a body.
pub(super) fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The same whether the endpoint exists or not.
pub(super) fn method_not_allowed() -> Response {
    let mut response =
        Answer::refused(StatusCode::METHOD_NOT_ALLOWED, "This address takes POST only.").into_response(false);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

fn queue_time(at: i64) -> String {
    Timestamp::from_millisecond(at)
        .map(|time| time.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string())
        .unwrap_or_default()
}
