//! What the sender is told.

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::FutureExt;
use ihook_engine::schema::Violation;
use ihook_listen::Fault;
use ihook_store::RunId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// An answer on its way.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    body: Option<AnswerBody>,
    /// What a handshake asks for, in place of a body.
    spoken: Option<(&'static str, String)>,
    headers: Vec<(&'static str, HeaderValue)>,
    retry_after: Option<u32>,
    allow: bool,
    close: bool,
}

/// The answer of `work`, or 500 where a bug ended it.
pub(super) async fn guarded(work: impl Future<Output = Answer>) -> Answer {
    // Nothing that `work` touched is used again: what it shares with others is guarded where it lies.
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_panic| {
        let id = Uuid::new_v4();
        tracing::error!(%id, "receive.bug");
        Answer::of(
            StatusCode::INTERNAL_SERVER_ERROR,
            AnswerBody {
                error: true,
                id: Some(id.to_string()),
                queue_time: None,
                message: Some("Server error".to_owned()),
                validation_errors: None,
                more: None,
            },
        )
    })
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
    /// How many violations more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<u32>,
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
                more: None,
            },
        )
    }

    /// The leading schema check refused the payload; a rejected run keeps it.
    pub(super) fn rejected(id: RunId, at: i64, violations: Vec<Violation>, more: u32) -> Self {
        let first = violations.first().map(|violation| violation.message.as_str()).unwrap_or_default();
        let message = match violations.len() as u64 + u64::from(more) {
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
                more: Some(more).filter(|more| *more > 0),
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
                more: None,
            },
        )
    }

    /// The request is not plain HTTP.
    pub(super) fn of_fault(fault: Fault) -> Self {
        match fault {
            Fault::Bad(reason) => Self::refused(StatusCode::BAD_REQUEST, reason),
            Fault::LongTarget => Self::refused(StatusCode::URI_TOO_LONG, "The address is too long."),
        }
        .closing()
    }

    /// Without a body, and so the same whether the endpoint exists or not.
    pub(super) fn method_not_allowed() -> Self {
        Self { allow: true, ..Self::bare(StatusCode::METHOD_NOT_ALLOWED) }
    }

    /// A status without a body.
    pub(super) fn bare(status: StatusCode) -> Self {
        let (spoken, headers) = (None, Vec::new());
        Self { status, body: None, spoken, headers, retry_after: None, allow: false, close: false }
    }

    /// Gives a handshake what it asks for, as plain text.
    pub(super) fn text(text: &str) -> Self {
        Self::spoken("text/plain; charset=utf-8", text.to_owned())
    }

    /// As [`Self::text`], as JSON.
    pub(super) fn json(value: &Value) -> Self {
        Self::spoken("application/json", value.to_string())
    }

    fn spoken(kind: &'static str, text: String) -> Self {
        Self { spoken: Some((kind, text)), ..Self::bare(StatusCode::OK) }
    }

    /// Adds a header; its name in lower case.
    pub(super) fn with_header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    fn of(status: StatusCode, body: AnswerBody) -> Self {
        Self { body: Some(body), ..Self::bare(status) }
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
        self.body.as_ref().and_then(|body| body.message.as_deref()).unwrap_or_default()
    }

    /// The HTTP answer; `omit` leaves its body out, on errors too. A handshake's is never left out: without it there
    /// would be none.
    pub(super) fn into_response(self, omit: bool) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        if let Some(body) = self.body.filter(|_| !omit) {
            // Strings, booleans and numbers: nothing here can fail to be written.
            *response.body_mut() = Body::from(serde_json::to_vec(&body).unwrap_or_default());
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some((kind, text)) = self.spoken {
            *response.body_mut() = Body::from(text);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            // What a stranger's request says is given back: no browser is to find a page in it.
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        }
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        if self.close {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

fn queue_time(at: i64) -> String {
    Timestamp::from_millisecond(at)
        .map(|time| time.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn a_bug_is_500_with_an_id_and_nothing_of_the_inside() {
        for (omit, words) in [(false, "Server error"), (true, "")] {
            let answer = guarded(async { panic!("internals") }).await.into_response(omit);
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains(words) && !text.contains("internals"), "{text}");
            assert_eq!(text.contains("\"id\":\""), !omit, "{text}");
        }
    }
}
