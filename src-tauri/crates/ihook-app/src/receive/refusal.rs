//! Why a request makes no run, and what the delivery log keeps of it.

use axum::http::StatusCode;

use super::answer::Answer;

/// An answer other than success.
pub(super) struct Refusal {
    pub(super) answer: Box<Answer>,
    pub(super) log: Log,
}

/// What the delivery log keeps.
pub(super) enum Log {
    /// Nothing: our own trouble, which the program's log tells of.
    Nothing,
    /// The reason.
    Reason,
    /// The reason and the body, which nobody has read yet.
    Unread,
    /// The reason and this body.
    Body(Vec<u8>),
}

impl Refusal {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { answer: Box::new(Answer::refused(status, reason)), log: Log::Reason }
    }

    /// There is no such webhook, or none any more.
    pub(super) fn unknown_url() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The webhook URL is invalid.")
    }

    /// Keeps what was sent, so that it can be mended and released.
    pub(super) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.log = Log::Body(body);
        self
    }

    /// As [`Self::with_body`], for a body that is still to come.
    pub(super) fn with_unread_body(mut self) -> Self {
        self.log = Log::Unread;
        self
    }

    /// Ends the connection after the answer.
    pub(super) fn closing(mut self) -> Self {
        *self.answer = self.answer.closing();
        self
    }

    /// Tells the sender when to come again, in seconds.
    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        *self.answer = self.answer.retry_after(seconds);
        self
    }

    pub(super) fn not_logged(mut self) -> Self {
        self.log = Log::Nothing;
        self
    }
}
