//! `date-time` as senders write it.

/// RFC 3339 `date-time`. The offset may be missing unless `strict`: the tutorial's own sample payload,
/// `2026-05-27T09:15:00`, has none.
pub(crate) fn is_date_time(text: &str, strict: bool) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let Some((clock, offset)) = split_offset(time) else { return false };
    let offset_holds = match offset {
        None => !strict,
        Some(minutes) => minutes.is_some(),
    };
    let minutes_east = offset.flatten().unwrap_or(0);
    offset_holds && is_date(date) && is_clock(clock, minutes_east)
}

/// `YYYY-MM-DD`, a day that exists.
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// The clock and what follows it: no offset, one that can be read (minutes east), or one that cannot.
fn split_offset(time: &str) -> Option<(&str, Option<Option<i32>>)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(Some(0))));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, None)) };
    let (clock, offset) = time.split_at(at);
    let (sign, offset) = offset.split_at(1);
    let (hours, minutes) = offset.split_once(':')?;
    let minutes = match (digits(hours, 2)?, digits(minutes, 2)?) {
        (hours @ 0..=23, minutes @ 0..=59) => Some(hours * 60 + minutes),
        _ => None,
    };
    Some((clock, Some(minutes.map(|east| if sign == "-" { -east } else { east }))))
}

fn is_clock(text: &str, minutes_east: i32) -> bool {
    let (whole, fraction) = match text.split_once('.') {
        None => (text, None),
        Some((whole, fraction)) => (whole, Some(fraction)),
    };
    if fraction.is_some_and(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    let mut parts = whole.split(':').map(|part| digits(part, 2));
    let (Some(Some(hour)), Some(Some(minute)), Some(Some(second)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    // A leap second is only ever the last one of a day in UTC.
    let leap_second = second == 60 && (hour * 60 + minute - minutes_east).rem_euclid(1440) == 1439;
    hour < 24 && minute < 60 && (second < 60 || leap_second)
}

fn digits(text: &str, width: usize) -> Option<i32> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, lenient: bool, strict: bool) {
        assert_eq!((is_date_time(text, false), is_date_time(text, true)), (lenient, strict), "{text}");
    }

    #[test]
    fn an_offset_may_be_missing_unless_strict() {
        check("2026-05-27T09:15:00", true, false);
        check("2026-05-27T09:15:00.123456789", true, false);
        check("2026-05-27T09:15:00Z", true, true);
        check("2026-05-27t09:15:00.5+02:00", true, true);
        check("2024-02-29T23:59:60Z", true, true);
        check("2024-03-01T01:59:60+02:00", true, true);
        check("2024-03-01T01:58:60+02:00", false, false);
        check("2026-02-29T09:15:00", false, false);
        check("2026-13-01T09:15:00", false, false);
        check("2026-05-27 09:15:00", false, false);
        check("2026-05-27T24:00:00", false, false);
        check("2026-05-27T09:15", false, false);
        check("2026-05-27T09:15:00+0200", false, false);
        check("2026-05-27T09:15:00+24:00", false, false);
        check("2026-05-27T09:15:00.", false, false);
        check("2026-05-27T09:15:00-", false, false);
        check("2026-05-27", false, false);
        check("yesterday", false, false);
        check("", false, false);
    }
}
