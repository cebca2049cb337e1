use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::Offset;
use proptest::prelude::*;

use super::*;

fn new_york() -> SiteTime {
    SiteTime::usual(zone_named("America/New_York").unwrap())
}

fn received() -> Timestamp {
    "2026-05-27T13:15:30.987Z".parse().unwrap()
}

fn check(written: &str, expected: Result<&str, &str>) {
    let read = site_time(written, &new_york(), received());
    assert_eq!(read.as_deref().map_err(String::as_str), expected, "{written:?} at a site in New York");
}

#[test]
fn every_written_form_is_read_as_the_site_takes_it() {
    for (written, expected) in [
        // Without an offset it passes through.
        ("2026-05-27T09:15:00", "2026-05-27T09:15:00"),
        (" 2026-05-27 09:15:00 ", "2026-05-27T09:15:00"),
        ("2026-05-27t09:15", "2026-05-27T09:15:00"),
        ("2026-05-27T09:15:00.5", "2026-05-27T09:15:00.500"),
        ("2026-05-27T09:15:00,1234567", "2026-05-27T09:15:00.123"),
        ("2026-05-27T09:15:00.0000", "2026-05-27T09:15:00"),
        ("2026-05-27", "2026-05-27T00:00:00"),
        ("2026/5/7", "2026-05-07T00:00:00"),
        ("20260527", "2026-05-27T00:00:00"),
        ("20260527T091500", "2026-05-27T09:15:00"),
        ("20260527091500", "2026-05-27T09:15:00"),
        ("2026-12-31T23:59:60", "2026-12-31T23:59:59"),
        // A time that the zone skips is still what the sender wrote.
        ("2026-03-08T02:30:00", "2026-03-08T02:30:00"),
        // With an offset it is converted.
        ("2026-05-27T13:15:00Z", "2026-05-27T09:15:00"),
        ("2026-05-27T13:15:00.250z", "2026-05-27T09:15:00.250"),
        ("2026-01-27T13:15:00Z", "2026-01-27T08:15:00"),
        ("2026-05-27T15:15:00+02:00", "2026-05-27T09:15:00"),
        ("2026-05-27 15:15:00 +0200", "2026-05-27T09:15:00"),
        ("2026-05-27T15:15+02", "2026-05-27T09:15:00"),
        ("2026-05-28T03:15:00+14:00", "2026-05-27T09:15:00"),
        ("2026-05-27T02:00:00Z", "2026-05-26T22:00:00"),
        ("2026-05-27T06:15:00[America/Los_Angeles]", "2026-05-27T09:15:00"),
        ("2026-05-27T06:15:00-07:00[America/Los_Angeles]", "2026-05-27T09:15:00"),
        ("20260527T131500Z", "2026-05-27T09:15:00"),
        // American.
        ("5/27/2026", "2026-05-27T00:00:00"),
        ("05/27/2026 9:15 AM", "2026-05-27T09:15:00"),
        ("5/27/2026 9:15:07pm", "2026-05-27T21:15:07"),
        ("5/27/2026, 9:15:00 p.m.", "2026-05-27T21:15:00"),
        ("5/27/2026 12:05 AM", "2026-05-27T00:05:00"),
        ("5/27/2026 12:05 PM", "2026-05-27T12:05:00"),
        ("5/27/2026 9 PM", "2026-05-27T21:00:00"),
        ("5/27/2026 13:15", "2026-05-27T13:15:00"),
        ("5/27/2026 9:15 AM EDT", "2026-05-27T09:15:00"),
        // Names of months.
        ("Wed, 27 May 2026 09:15:00 -0400", "2026-05-27T09:15:00"),
        ("Wed, 27 May 2026 13:15:00 GMT", "2026-05-27T09:15:00"),
        ("27 May 2026", "2026-05-27T00:00:00"),
        ("27-May-2026 09:15", "2026-05-27T09:15:00"),
        ("May 27, 2026 9:15 PM", "2026-05-27T21:15:00"),
        ("Sept. 1, 2026", "2026-09-01T00:00:00"),
        ("Wed May 27 2026 09:15:00 GMT-0400 (Eastern Daylight Time)", "2026-05-27T09:15:00"),
        // Unix.
        ("1779887700", "2026-05-27T09:15:00"),
        ("1779887700250", "2026-05-27T09:15:00.250"),
        ("/Date(1779887700000)/", "2026-05-27T09:15:00"),
        ("/Date(1779887700000-0400)/", "2026-05-27T09:15:00"),
        // The delivery itself.
        ("", "2026-05-27T09:15:30"),
        ("  ", "2026-05-27T09:15:30"),
        ("now", "2026-05-27T09:15:30"),
        ("Today", "2026-05-27T00:00:00"),
    ] {
        check(written, Ok(expected));
    }
}

#[test]
fn what_is_no_time_is_refused_by_name() {
    for written in [
        "tomorrow",
        "soon",
        "12345",
        "2026-13-01",
        "2026-02-29",
        "27/31/2026",
        "27.05.2026",
        "03-04-2026",
        "5/27/26",
        "2026-05-27T25:00:00",
        "2026-05-27T09:61:00",
        "2026-05-27T09:15:00+25:00",
        "2026-05-27T09:15:00+2",
        "2026-05-27T",
        "2026-05-27 x",
        "2026-05-27T09",
        "5/27/2026 13:15 PM",
        "2026-05-27T09:15:00[Mars/Base]",
        "99999999999999",
        "/Date(x)/",
        "−",
        "27 Mai 2026",
        "2026-05-27T09:15:00 XYZ",
        "(2026)",
    ] {
        let message = format!("“{written}” is not a date or time that can be read");
        check(written, Err(&message));
    }
    check("0001-01-01T00:00:00", Err("“0001-01-01T00:00:00” lies before 1753, where iMIS's dates begin"));
}

#[test]
fn slashes_are_read_in_the_order_of_the_connection_and_never_in_the_other_one() {
    let zone = || zone_named("Australia/Sydney").unwrap();
    for (order, written, expected) in [
        (DateOrder::MonthDay, "03/04/2026", Ok("2026-03-04T00:00:00")),
        (DateOrder::DayMonth, "03/04/2026", Ok("2026-04-03T00:00:00")),
        (DateOrder::DayMonth, "27/5/2026 9:15 PM", Ok("2026-05-27T21:15:00")),
        (DateOrder::DayMonth, "27/05/2026 09:15:00 +1000", Ok("2026-05-27T09:15:00")),
        (DateOrder::DayMonth, "2026/05/27", Ok("2026-05-27T00:00:00")),
        (DateOrder::DayMonth, "May 27, 2026", Ok("2026-05-27T00:00:00")),
        (DateOrder::MonthDay, "27/05/2026", Err("it fits d/m only")),
        (DateOrder::DayMonth, "5/27/2026 9:15", Err("it fits m/d only")),
        (DateOrder::DayMonth, "31/02/2026", Err("is not a date or time that can be read")),
        (DateOrder::DayMonth, "13/13/2026", Err("is not a date or time that can be read")),
    ] {
        let site = SiteTime { zone: zone(), date_order: order };
        match (site_time(written, &site, received()), expected) {
            (Ok(read), Ok(expected)) => assert_eq!(read, expected, "{written} {order:?}"),
            (Err(why), Err(part)) => assert!(why.contains(part) && why.contains(written), "{why}"),
            (read, _) => panic!("{written} {order:?}: {read:?}"),
        }
    }
    assert_eq!(SiteTime::usual(zone()).date_order, DateOrder::DayMonth, "as is usual in Sydney");
}

#[test]
fn dotnet_patterns_format_as_dotnet_does() {
    let civil = date(2026, 5, 7).at(15, 4, 5, 120_000_000);
    let zone = Offset::from_hours(-4).unwrap();
    let dotnet_check = |pattern: &str, expected: &str| {
        assert_eq!(dotnet::format(civil, Some(zone), pattern).as_deref(), Ok(expected), "{pattern:?}");
    };
    for (pattern, expected) in [
        ("yyyy-MM-dd", "2026-05-07"),
        ("M/d/yy h:m:s t", "5/7/26 3:4:5 P"),
        ("dddd dd MMMM yyyy", "Thursday 07 May 2026"),
        ("ddd MMM", "Thu May"),
        ("HH:mm:ss.fff", "15:04:05.120"),
        ("ss.FFF", "05.12"),
        ("hh 'o''clock' tt", "03 oclock PM"),
        ("\\y\\d%d", "yd7"),
        ("zzz z zz K", "-04:00 -4 -04 -04:00"),
        ("d", "5/7/2026"),
        ("g", "5/7/2026 3:04 PM"),
        ("s", "2026-05-07T15:04:05"),
        ("o", "2026-05-07T15:04:05.1200000-04:00"),
        ("u", "2026-05-07 19:04:05Z"),
        ("R", "Thu, 07 May 2026 19:04:05 GMT"),
        ("", "5/7/2026 3:04:05 PM"),
        ("'open", "open"),
    ] {
        dotnet_check(pattern, expected);
    }
    assert_eq!(dotnet::format(civil, None, "HH:mmK").as_deref(), Ok("15:04"), "no offset, no K");
    assert!(dotnet::format(civil, None, "q").is_err(), "q is no standard pattern");
}

proptest! {
    #[test]
    fn reading_a_time_never_panics(text in "\\PC{0,40}", near in "[0-9/:TZ+ .amp()\\[\\]-]{0,30}") {
        let zone = new_york();
        let _ = site_time(&text, &zone, received());
        let _ = site_time(&near, &zone, received());
        let _ = dotnet::format(date(2026, 5, 7).at(0, 0, 0, 0), None, &text);
    }
}
