//! The sandbox's own clock: it plays a server elsewhere, whose time is not the program's.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Now.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox stands for another computer and must not share the program's injected clock"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Microseconds since 1970, as the ledger keeps them.
pub(crate) fn now_us() -> i64 {
    now().as_microsecond()
}

/// Today at midnight in this computer's zone, as iMIS fills a blank transaction date.
pub(crate) fn today() -> String {
    format!("{}T00:00:00", TimeZone::system().to_datetime(now()).date())
}

/// This moment in this computer's zone without an offset, as iMIS stamps rows.
pub(crate) fn stamp() -> String {
    TimeZone::system().to_datetime(now()).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// An HTTP date some seconds from now.
pub(crate) fn http_date(seconds: u64) -> String {
    let later = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    let then = now().checked_add(later).unwrap_or(Timestamp::MAX);
    then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
