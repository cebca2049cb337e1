//! Why something failed, and whether it may have been written all the same.

use std::error::Error as _;
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
    /// What the caller may conclude.
    pub kind: FailureKind,
    /// A sentence for people.
    pub message: String,
    /// The fields iMIS named, where it named any.
    pub fields: Vec<FieldFault>,
    /// iMIS's words where it refused a record with the status of a success: whether that is true is to be looked up.
    pub refusal: Option<String>,
    /// What was sent and what came back (boxed: a failure is carried through many results).
    pub exchange: Box<Exchange>,
}

/// What a failure says about an insert. Reads are never in doubt: for them [`FailureKind::Unknown`] only means
/// that nothing readable came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Certainly nothing was written: not connected, no token, 429, 503, or a second 401.
    NotApplied {
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// iMIS said no (a 4xx other than 401, 408 and 429); asking again would not help.
    Refused {
        /// The HTTP status; 0 where the request was not sent at all because it cannot be right.
        status: u16,
    },
    /// Sent, and the outcome is not known: time-out, cut, 408, a 5xx other than 503, a redirect, an answer that is
    /// not iMIS's own, a success without the key of a record.
    Unknown {
        /// The server may still be working on it.
        timed_out: bool,
    },
    /// The user name or password is refused; no further sign-in was or will be tried.
    Credentials,
}

impl Failed {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>, exchange: Exchange) -> Self {
        Self {
            kind,
            message: message.into(),
            fields: Vec::new(),
            refusal: None,
            exchange: Box::new(exchange),
        }
    }

    /// The HTTP status of the answer, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.exchange.response.as_ref().map(|response| response.status)
    }
}

/// Classes what went wrong between sending and the first byte of an answer.
pub(crate) fn transport(fault: &reqwest::Error, host: &str) -> (FailureKind, String) {
    let cause = innermost(fault);
    if fault.is_connect() || fault.is_builder() {
        return (
            FailureKind::NotApplied { retry_after: None },
            not_connected(host, &cause, fault.is_timeout()),
        );
    }
    if fault.is_timeout() {
        let sentence = format!("{host} did not answer in time.");
        return (FailureKind::Unknown { timed_out: true }, sentence);
    }
    (
        FailureKind::Unknown { timed_out: false },
        format!("The connection to {host} was cut before it answered: {cause}."),
    )
}

fn not_connected(host: &str, cause: &str, timed_out: bool) -> String {
    let lower = cause.to_lowercase();
    if timed_out {
        return format!("{host} cannot be reached: it does not answer the call. Is the address right?");
    }
    if lower.contains("certificate") {
        return format!("{host} shows a certificate that this computer does not trust: {cause}.");
    }
    if lower.contains("lookup address") || lower.contains("dns") || lower.contains("name or service") {
        return format!("The name {host} cannot be found. Is it spelled right, and is the network up?");
    }
    format!("{host} cannot be reached: {cause}.")
}

/// The last cause in a chain is the one that says something: "Connection refused (os error 111)".
fn innermost(fault: &reqwest::Error) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text.trim_end_matches('.').to_owned()
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
    fn what_keeps_from_connecting_is_said_in_plain_words() {
        let check = |cause: &str, timed_out: bool, words: &str| {
            let sentence = not_connected("imis.example.org", cause, timed_out);
            assert!(sentence.contains(words) && sentence.contains("imis.example.org"), "{sentence}");
        };
        check("failed to lookup address information: Name or service not known", false, "cannot be found");
        check("dns error", false, "cannot be found");
        check("invalid peer certificate: UnknownIssuer", false, "does not trust");
        check("Connection refused (os error 111)", false, "Connection refused");
        check("operation timed out", true, "does not answer");
    }

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
