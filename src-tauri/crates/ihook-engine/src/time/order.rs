//! Which comes first where a date is written with slashes: the month, as in America, or the day.

use jiff::tz::TimeZone;

/// The order of day and month in `03/04/2026`. It belongs to the connection: the sender's text does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `m/d`: March 4.
    MonthDay,
    /// `d/m`: April 3.
    DayMonth,
}

/// Where the month comes first: the United States and their territories, the islands that were theirs, and the
/// Philippines (CLDR's short dates of en-US, en-PR, en-GU, en-MP, en-AS, en-VI, en-MH, es-PA and en-PH). Canada
/// is not among them: CLDR has the year first there, and its iMIS sites write the day first.
const MONTH_FIRST: &[&str] = &[
    "America/Adak",
    "America/Anchorage",
    "America/Atka",
    "America/Boise",
    "America/Chicago",
    "America/Denver",
    "America/Detroit",
    "America/Fort_Wayne",
    "America/Indianapolis",
    "America/Juneau",
    "America/Knox_IN",
    "America/Los_Angeles",
    "America/Louisville",
    "America/Menominee",
    "America/Metlakatla",
    "America/New_York",
    "America/Nome",
    "America/Panama",
    "America/Phoenix",
    "America/Puerto_Rico",
    "America/Shiprock",
    "America/Sitka",
    "America/St_Thomas",
    "America/Virgin",
    "America/Yakutat",
    "Asia/Manila",
    "CST6CDT",
    "EST",
    "EST5EDT",
    "HST",
    "MST",
    "MST7MDT",
    "Navajo",
    "PST8PDT",
    "Pacific/Chuuk",
    "Pacific/Guam",
    "Pacific/Honolulu",
    "Pacific/Johnston",
    "Pacific/Kosrae",
    "Pacific/Kwajalein",
    "Pacific/Majuro",
    "Pacific/Midway",
    "Pacific/Pago_Pago",
    "Pacific/Palau",
    "Pacific/Pohnpei",
    "Pacific/Ponape",
    "Pacific/Saipan",
    "Pacific/Samoa",
    "Pacific/Truk",
    "Pacific/Wake",
    "Pacific/Yap",
];
/// Beginnings of names where that holds for all: the regions of two states, and the old names of America's zones.
const MONTH_FIRST_BELOW: &[&str] = &["America/Indiana/", "America/Kentucky/", "America/North_Dakota/", "US/"];
/// Zones of no country. iMIS and most who send to it are American, so the month comes first there.
const NOWHERE: &[&str] = &["UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu"];

impl DateOrder {
    /// As people write it, and as on the wire: `m/d` or `d/m`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MonthDay => "m/d",
            Self::DayMonth => "d/m",
        }
    }

    /// What is usual where a zone of this IANA name is.
    #[must_use]
    pub fn of_zone(name: &str) -> Self {
        let is_it = |known: &&str| known.eq_ignore_ascii_case(name);
        let begins =
            |known: &&str| name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
        let is_nowhere = NOWHERE.iter().any(is_it) || begins(&"Etc/");
        if is_nowhere || MONTH_FIRST.iter().any(is_it) || MONTH_FIRST_BELOW.iter().any(begins) {
            Self::MonthDay
        } else {
            Self::DayMonth
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::MonthDay => Self::DayMonth,
            Self::DayMonth => Self::MonthDay,
        }
    }
}

/// How a site's times are read: where its clock is, and in which order dates are written to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteTime {
    /// Times with an offset are converted to it.
    pub zone: TimeZone,
    /// Of dates with slashes.
    pub date_order: DateOrder,
}

impl SiteTime {
    /// Where no site is known: UTC, with the month first.
    #[must_use]
    pub fn utc() -> Self {
        Self::usual(TimeZone::UTC)
    }

    /// A zone, with the order that is usual there.
    #[must_use]
    pub fn usual(zone: TimeZone) -> Self {
        let date_order = DateOrder::of_zone(zone.iana_name().unwrap_or("UTC"));
        Self { zone, date_order }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::*;

    #[test]
    fn the_month_comes_first_in_america_and_few_other_places() {
        for (zone, expected) in [
            ("America/New_York", "m/d"),
            ("america/new_york", "m/d"),
            ("US/Pacific", "m/d"),
            ("America/Indiana/Knox", "m/d"),
            ("Pacific/Honolulu", "m/d"),
            ("Asia/Manila", "m/d"),
            ("UTC", "m/d"),
            ("Etc/UTC", "m/d"),
            ("Australia/Sydney", "d/m"),
            ("Europe/London", "d/m"),
            ("Pacific/Auckland", "d/m"),
            ("America/Toronto", "d/m"),
            ("America/Mexico_City", "d/m"),
            ("America/Sao_Paulo", "d/m"),
            ("Asia/Singapore", "d/m"),
        ] {
            assert_eq!(DateOrder::of_zone(zone).as_str(), expected, "{zone}");
        }
    }

    #[test]
    fn every_name_in_the_table_is_a_zone() {
        let known: Vec<String> =
            TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect();
        let is_known = |name: &&str| known.iter().any(|known| known == name);
        let unknown: Vec<_> = MONTH_FIRST.iter().chain(NOWHERE).filter(|name| !is_known(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        for start in MONTH_FIRST_BELOW {
            assert!(known.iter().any(|known| known.starts_with(start)), "{start}");
        }
    }
}
