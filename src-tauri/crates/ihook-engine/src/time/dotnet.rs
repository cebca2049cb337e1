//! .NET date and time patterns (`MM/dd/yyyy h:mm tt`), as iDMS templates use them; names in English.

use std::fmt::Write as _;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::Offset;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Formats a time by a .NET pattern: custom, or one letter for a standard one. `offset` is what `K`, `z`
/// and the universal patterns need; without it `K` and `z` are empty.
///
/// # Errors
/// A plain sentence, for a single letter that is no standard pattern, or a pattern beyond 200 characters.
pub(crate) fn format(civil: DateTime, offset: Option<Offset>, pattern: &str) -> Result<String, String> {
    if pattern.len() > 200 {
        return Err("a date pattern has at most 200 characters".to_owned());
    }
    let mut letters = pattern.chars();
    let (civil, offset, pattern) = match (letters.next(), letters.next()) {
        (Some(letter), None) => standard(civil, offset, letter)?,
        (None, _) => standard(civil, offset, 'G')?,
        _ => (civil, offset, pattern),
    };
    let mut out = String::new();
    custom(civil, offset, pattern, &mut out);
    Ok(out)
}

/// A standard pattern of one letter, as the culture en-US has it.
fn standard(
    civil: DateTime,
    offset: Option<Offset>,
    letter: char,
) -> Result<(DateTime, Option<Offset>, &'static str), String> {
    let pattern = match letter {
        'd' => "M/d/yyyy",
        'D' => "dddd, MMMM d, yyyy",
        'f' => "dddd, MMMM d, yyyy h:mm tt",
        'F' | 'U' => "dddd, MMMM d, yyyy h:mm:ss tt",
        'g' => "M/d/yyyy h:mm tt",
        'G' => "M/d/yyyy h:mm:ss tt",
        'm' | 'M' => "MMMM d",
        'o' | 'O' => "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
        'r' | 'R' => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
        's' => "yyyy-MM-dd'T'HH:mm:ss",
        't' => "h:mm tt",
        'T' => "h:mm:ss tt",
        'u' => "yyyy-MM-dd HH:mm:ss'Z'",
        'y' | 'Y' => "MMMM yyyy",
        other => return Err(format!("“{other}” is not a standard .NET date pattern")),
    };
    let universal = matches!(letter, 'r' | 'R' | 'u' | 'U');
    let instant = offset.filter(|_| universal).and_then(|offset| offset.to_timestamp(civil).ok());
    Ok(match instant {
        Some(instant) => (Offset::UTC.to_datetime(instant), Some(Offset::UTC), pattern),
        None => (civil, offset, pattern),
    })
}

fn custom(civil: DateTime, offset: Option<Offset>, pattern: &str, out: &mut String) {
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => out.extend(letters.by_ref().take_while(|c| *c != letter)),
            '\\' => out.extend(letters.next()),
            '%' => {}
            'd' | 'f' | 'F' | 'g' | 'h' | 'H' | 'K' | 'm' | 'M' | 's' | 't' | 'y' | 'z' => {
                let mut count = 1;
                while letters.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                part(civil, offset, letter, count, out);
            }
            other => out.push(other),
        }
    }
}

/// One run of a pattern's letter. Writing into a `String` cannot fail, so its results are dropped.
fn part(civil: DateTime, offset: Option<Offset>, letter: char, count: usize, out: &mut String) {
    let width = count.min(2);
    let twelve = (civil.hour() + 11) % 12 + 1;
    match letter {
        'd' if count == 3 => out.push_str(&weekday(civil)[..3]),
        'd' if count > 3 => out.push_str(weekday(civil)),
        'd' => padded(out, civil.day(), width),
        'M' if count == 3 => out.push_str(&month(civil)[..3]),
        'M' if count > 3 => out.push_str(month(civil)),
        'M' => padded(out, civil.month(), width),
        'y' if count <= 2 => padded(out, civil.year() % 100, width),
        'y' => padded(out, civil.year(), count.min(5)),
        'h' => padded(out, twelve, width),
        'H' => padded(out, civil.hour(), width),
        'm' => padded(out, civil.minute(), width),
        's' => padded(out, civil.second(), width),
        't' => out.push_str(&(if civil.hour() < 12 { "AM" } else { "PM" })[..width]),
        'g' => out.push_str("A.D."),
        'f' | 'F' => fraction(civil, letter == 'F', count.min(7), out),
        _ => zone(offset, letter, count, out),
    }
}

fn padded(out: &mut String, number: impl Into<i64>, width: usize) {
    let number = number.into();
    let _ = write!(out, "{number:0width$}");
}

fn fraction(civil: DateTime, trimmed: bool, digits: usize, out: &mut String) {
    let all = format!("{:09}", civil.subsec_nanosecond());
    let shown = &all[..digits];
    let shown = if trimmed { shown.trim_end_matches('0') } else { shown };
    // .NET drops the point as well when the trimmed fraction is empty.
    if shown.is_empty() && out.ends_with('.') {
        out.pop();
    }
    out.push_str(shown);
}

fn zone(offset: Option<Offset>, letter: char, count: usize, out: &mut String) {
    let Some(offset) = offset else { return };
    let seconds = offset.seconds();
    if letter == 'K' && seconds == 0 {
        out.push('Z');
        return;
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let _ = match (letter, count) {
        ('z', 1) => write!(out, "{sign}{hours}"),
        ('z', 2) => write!(out, "{sign}{hours:02}"),
        _ => write!(out, "{sign}{hours:02}:{minutes:02}"),
    };
}

fn month(civil: DateTime) -> &'static str {
    usize::try_from(civil.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

fn weekday(civil: DateTime) -> &'static str {
    match civil.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
