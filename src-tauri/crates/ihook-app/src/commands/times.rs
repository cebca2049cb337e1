//! Times on the wire: RFC 3339 in UTC with milliseconds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::WireError;

/// `2026-05-27T09:15:00.000Z`.
pub(super) fn text(millis: i64) -> String {
    Timestamp::from_millisecond(millis)
        .map(|time| time.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
        .unwrap_or_default()
}

/// Milliseconds since 1970.
pub(super) fn parse(text: &str, member: &str) -> Result<i64, WireError> {
    let time: Timestamp = text.parse().map_err(|_not_a_time| {
        WireError::bad_request(format!(
            "{member} must be a time such as 2026-05-27T09:15:00Z; \"{text}\" is not."
        ))
    })?;
    Ok(time.as_millisecond())
}
