//! Why something failed, and whether it may have been written all the same.

mod class;
mod transport;

pub use class::{Access, Consequence, FailureClass};
pub use transport::{proxy_refused, transport};

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::exchange::Exchange;
use crate::wire::FieldFault;

/// A failed call: its class, one plain sentence with iMIS's own words, and what went over the wire.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Failed {
    /// What went wrong, and by it what follows.
    pub class: FailureClass,
    /// How long the server asked to wait, where it did.
    pub retry_after: Option<Duration>,
    /// A sentence for people.
    pub message: String,
    /// The fields iMIS named, where it named any.
    pub fields: Vec<FieldFault>,
    /// iMIS's words where it refused a record with the status of a success: whether that is true is to be looked up.
    pub refusal: Option<String>,
    /// What was sent and what came back (boxed: a failure is carried through many results).
    pub exchange: Box<Exchange>,
}

impl Failed {
    /// A failure of this class, with its one sentence.
    #[must_use]
    pub fn new(class: FailureClass, message: impl Into<String>, exchange: Exchange) -> Self {
        Self {
            class,
            retry_after: None,
            message: message.into(),
            fields: Vec::new(),
            refusal: None,
            exchange: Box::new(exchange),
        }
    }

    /// What follows from it for a request of this kind.
    #[must_use]
    pub fn consequence(&self, access: Access) -> Consequence {
        self.class.consequence(access)
    }

    /// The HTTP status of the answer, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.exchange.response.as_ref().map(|response| response.status)
    }
}

/// The longest `Retry-After` that is honored: as long as the longest pause between two attempts. A site that needs
/// longer says so again; one that says a day by mistake does not stop check-ins for a day.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// Reads `Retry-After`: seconds, or an HTTP date counted from the answer's own `Date`, so that no clock of ours
/// (which may be wrong) is asked. Never more than [`MAX_RETRY_AFTER`].
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let then = http_date(text)?;
            let now = http_date(headers.get(DATE)?.to_str().ok()?)?;
            u64::try_from(then.as_second() - now.as_second()).unwrap_or(0)
        }
    };
    Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_takes_seconds_and_dates() {
        let check = |value: &str, date: Option<&str>, expected: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().expect("header"));
            if let Some(date) = date {
                headers.insert(DATE, date.parse().expect("header"));
            }
            assert_eq!(retry_after(&headers).map(|wait| wait.as_secs()), expected, "{value}");
        };
        let noon = Some("Mon, 23 Nov 2026 12:00:00 GMT");
        check("7", None, Some(7));
        check(" 0 ", None, Some(0));
        check("Mon, 23 Nov 2026 12:01:30 GMT", noon, Some(90));
        check("Mon, 23 Nov 2026 11:00:00 GMT", noon, Some(0));
        check("Mon, 23 Nov 2026 12:01:30 GMT", None, None);
        check("7200", None, Some(3600));
        check("999999999", None, Some(3600));
        check("soon", noon, None);
        check("-3", None, None);
    }
}
