//! Times as senders write them, and as an iMIS site takes them: local, without an offset.

pub(crate) mod dotnet;
mod forms;
mod order;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::step_error::shown;

pub use forms::parse_time;
pub use order::{DateOrder, SiteTime};

/// A time as it was written, before any conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParsedTime {
    /// The day and the time on the wall; midnight where only a day was written.
    pub civil: DateTime,
    /// The offset from UTC, where one was written.
    pub offset: Option<Offset>,
    /// Whether only a day was written.
    pub date_only: bool,
}

impl ParsedTime {
    /// The time on the wall in `zone`: converted where an offset was written, else as it stands
    /// (docs/behavior.md#templates-and-times).
    pub fn in_zone(&self, zone: &TimeZone) -> DateTime {
        // Beside a missing offset only within hours of the years 1 and 9999, where no zone matters.
        self.instant().map_or(self.civil, |instant| zone.to_datetime(instant))
    }

    /// The instant, where an offset was written.
    fn instant(&self) -> Option<Timestamp> {
        self.offset?.to_timestamp(self.civil).ok()
    }
}

/// The clock of one run, by which its times are read.
#[derive(Debug, Clone, Copy)]
pub struct Times<'a> {
    /// How times are read at the connection's iMIS site.
    pub site: &'a SiteTime,
    /// When the original delivery arrived; also in a rerun.
    pub received_at: Timestamp,
}

impl Times<'_> {
    /// The day and time of the original delivery at the site, in whole seconds.
    pub fn delivery(&self) -> DateTime {
        let local = self.site.zone.to_datetime(self.received_at);
        DateTime::from_parts(local.date(), whole_seconds(local.time()))
    }

    /// A time as a template or a payload gives it, at the site. Blank and `now` are the delivery's day
    /// and time, `today` is its day.
    ///
    /// # Errors
    /// A plain sentence, for what is not a time, fits only the other order of day and month, or lies outside the
    /// years that iMIS keeps.
    pub fn read(&self, text: &str) -> Result<DateTime, String> {
        self.read_instant(text).map(|(civil, _)| civil)
    }

    /// [`Self::read`] with the instant, where the text names one by itself: an offset is written, or `now`.
    pub(crate) fn read_instant(&self, text: &str) -> Result<(DateTime, Option<Timestamp>), String> {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case("now") {
            return Ok((self.delivery(), Timestamp::from_second(self.received_at.as_second()).ok()));
        }
        if text.eq_ignore_ascii_case("today") {
            return Ok((DateTime::from_parts(self.delivery().date(), Time::midnight()), None));
        }
        let order = self.site.date_order;
        let Some(parsed) = parse_time(text, order) else {
            let fits_other = parse_time(text, order.other()).is_some();
            return Err(if fits_other { out_of_order(text, order) } else { unreadable(text) });
        };
        let civil = parsed.in_zone(&self.site.zone);
        // SQL Server's `datetime`, which iMIS uses, begins in 1753.
        if civil.year() < 1753 {
            return Err(format!("{} lies before 1753, where iMIS's dates begin", shown(text)));
        }
        Ok((civil, parsed.instant()))
    }
}

fn unreadable(text: &str) -> String {
    format!("{} is not a date or time that can be read", shown(text))
}

fn out_of_order(text: &str, order: DateOrder) -> String {
    format!(
        "{} is no date in the order {}, which the connection reads; it fits {} only. Have it sent as 2026-12-31, or \
         change the date order of the connection",
        shown(text),
        order.as_str(),
        order.other().as_str()
    )
}

/// The time to send to a site: `2026-05-27T09:15:00`, with milliseconds only
/// where there are some.
///
/// # Errors
/// A plain sentence, for what is not a time.
pub fn site_time(text: &str, site: &SiteTime, received_at: Timestamp) -> Result<String, String> {
    Times { site, received_at }.read(text).map(iso)
}

/// `2026-05-27T09:15:00`, with milliseconds only where there are some.
pub(crate) fn iso(civil: DateTime) -> String {
    let millis = civil.subsec_nanosecond() / 1_000_000;
    let seconds = civil.strftime("%Y-%m-%dT%H:%M:%S");
    if millis == 0 { seconds.to_string() } else { format!("{seconds}.{millis:03}") }
}

/// A zone by its IANA name (`America/New_York`), from the table inside the program, so that no machine
/// differs from another.
pub fn zone_named(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("utc") || name.eq_ignore_ascii_case("z") {
        return Some(TimeZone::UTC);
    }
    TimeZoneDatabase::bundled().get(name).ok()
}

fn whole_seconds(time: Time) -> Time {
    time.with().subsec_nanosecond(0).build().unwrap_or(time)
}

#[cfg(test)]
mod tests;
