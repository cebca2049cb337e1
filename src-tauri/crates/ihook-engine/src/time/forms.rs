//! Every written form of a time that a date field takes.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::{DateOrder, ParsedTime, zone_named};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// The zone names of RFC 2822 §4.3, in hours from UTC.
const ZONES: [(&str, i8); 11] = [
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// Reads a time in any form that senders use; `None` for anything else, never a guess:
///
/// - ISO 8601 and RFC 3339, with `T` or a blank, with or without seconds, fraction and offset, also
///   `2026/05/27`, `20260527` and `20260527T091500Z`; a day alone means midnight
/// - with slashes `5/27/2026`, `5/27/2026 9:15 AM`; day and month in the given order
/// - names of months: `27 May 2026 09:15`, `May 27, 2026 9:15 PM`, RFC 2822
///   (`Wed, 27 May 2026 09:15:00 -0400`) and what JavaScript prints
/// - Unix seconds as 10 digits, milliseconds as 13, and `/Date(1779873300000)/`
pub fn parse_time(text: &str, order: DateOrder) -> Option<ParsedTime> {
    let text = text.trim();
    if text.len() > 100 {
        return None;
    }
    if let Some(unix) = unix(text) {
        return Some(unix);
    }
    let mut rest = Cursor(text);
    let (date, compact) = rest.date(order)?;
    let time = rest.time(compact);
    let offset = if time.is_some() { rest.zone(date.to_datetime(time?)) } else { Ok(None) };
    rest.comment();
    (rest.0.is_empty()).then_some(())?;
    Some(ParsedTime {
        civil: date.to_datetime(time.unwrap_or_else(Time::midnight)),
        offset: offset.ok()?,
        date_only: time.is_none(),
    })
}

fn unix(text: &str) -> Option<ParsedTime> {
    let digits = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let instant = match (digits, text.len()) {
        (Some(inner), _) => {
            // An offset after the milliseconds only says where the sender sat.
            let end = inner.rfind(['+', '-']).filter(|at| *at > 0).unwrap_or(inner.len());
            Timestamp::from_millisecond(inner[..end].parse().ok()?)
        }
        (None, 10) if all_digits(text) => Timestamp::from_second(text.parse().ok()?),
        (None, 13) if all_digits(text) => Timestamp::from_millisecond(text.parse().ok()?),
        _ => return None,
    };
    let civil = Offset::UTC.to_datetime(instant.ok()?);
    Some(ParsedTime { civil, offset: Some(Offset::UTC), date_only: false })
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// What is left of the text; every method takes from its front what it knows.
struct Cursor<'a>(&'a str);

impl Cursor<'_> {
    /// The day, and whether it was written without separators.
    fn date(&mut self, order: DateOrder) -> Option<(Date, bool)> {
        let digits = self.digits_ahead();
        let compact = matches!(digits, 8 | 14);
        let date = match digits {
            8 | 14 => (self.number(4, 4)?, self.number(2, 2)?, self.number(2, 2)?),
            4 => {
                let year = self.number(4, 4)?;
                let separator = self.any(&['-', '/', '.'])?;
                let month = self.number(1, 2)?;
                self.any(&[separator])?;
                (year, month, self.number(1, 2)?)
            }
            1 | 2 if self.0[digits..].starts_with('/') => {
                let first = self.number(1, 2)?;
                self.any(&['/'])?;
                let second = self.number(1, 2)?;
                self.any(&['/'])?;
                let (month, day) = match order {
                    DateOrder::MonthDay => (first, second),
                    DateOrder::DayMonth => (second, first),
                };
                (self.number(4, 4)?, month, day)
            }
            _ => self.named_date()?,
        };
        let date =
            Date::new(i16::try_from(date.0).ok()?, i8::try_from(date.1).ok()?, i8::try_from(date.2).ok()?);
        Some((date.ok()?, compact))
    }

    /// `27 May 2026`, `May 27, 2026`, either after a day of the week.
    fn named_date(&mut self) -> Option<(u32, u32, u32)> {
        if self.name(&DAYS).is_some() {
            self.any(&[',', '.']);
            self.blanks();
        }
        let (day, month) = match self.name(&MONTHS) {
            Some(month) => {
                self.any(&['.']);
                self.blanks();
                (self.number(1, 2)?, month)
            }
            None => {
                let day = self.number(1, 2)?;
                self.any(&['-']);
                self.blanks();
                let month = self.name(&MONTHS)?;
                self.any(&['-', '.']);
                (day, month)
            }
        };
        self.any(&[',']);
        self.blanks();
        Some((self.number(4, 4)?, month, day))
    }

    /// The time of day; `None` leaves the cursor where it was.
    fn time(&mut self, compact: bool) -> Option<Time> {
        let before = self.0;
        let time = self.time_after_separator(compact);
        if time.is_none() {
            self.0 = before;
        }
        time
    }

    fn time_after_separator(&mut self, compact: bool) -> Option<Time> {
        self.any(&[',']);
        let blank = self.blanks();
        let letter = !blank && self.any(&['T', 't']).is_some();
        let joined = compact && self.digits_ahead() == 6;
        (blank || letter || joined).then_some(())?;
        let hour = self.number(if joined { 2 } else { 1 }, 2)?;
        let (mut minute, mut second, mut nanos) = (0, 0, 0);
        let mut bare = true;
        if joined || (compact && self.digits_ahead() == 4) {
            (minute, second, bare) = (self.number(2, 2)?, self.number(2, 2)?, false);
        } else if self.any(&[':']).is_some() {
            (minute, bare) = (self.number(2, 2)?, false);
            if self.any(&[':']).is_some() {
                second = self.number(2, 2)?;
                nanos = self.fraction()?;
            }
        }
        self.clock(hour, bare, (minute, second, nanos))
    }

    /// Puts a time together, with `AM` or `PM` where it follows; an hour alone needs it.
    fn clock(&mut self, hour: u32, bare: bool, (minute, second, nanos): (u32, u32, u32)) -> Option<Time> {
        let before = self.0;
        self.blanks();
        let hour = match self.word(&["am", "a.m.", "pm", "p.m."]) {
            Some(which) if (1..=12).contains(&hour) => hour % 12 + if which < 2 { 0 } else { 12 },
            Some(_) => return None,
            None if bare => return None,
            None => {
                self.0 = before;
                hour
            }
        };
        // A leap second is shown as the second before it: SQL has no 60.
        let second = if second == 60 { 59 } else { second };
        Time::new(
            i8::try_from(hour).ok()?,
            i8::try_from(minute).ok()?,
            i8::try_from(second).ok()?,
            i32::try_from(nanos).ok()?,
        )
        .ok()
    }

    /// The offset after a time; an error is text that looks like one and is none.
    fn zone(&mut self, civil: DateTime) -> Result<Option<Offset>, ()> {
        self.blanks();
        let mut offset = None;
        if let Some(at) = self.word(&ZONES.map(|(name, _)| name)) {
            offset = Some(Offset::constant(ZONES[at].1));
        }
        if let Some(sign) = self.any(&['+', '-', '−']) {
            let hours = self.number(2, 2).ok_or(())?;
            let colon = self.any(&[':']).is_some();
            let minutes = if colon || self.digits_ahead() > 0 { self.number(2, 2).ok_or(())? } else { 0 };
            if hours > 23 || minutes > 59 {
                return Err(());
            }
            let seconds = i32::try_from(hours * 3600 + minutes * 60).map_err(|_| ())?;
            let signed = if sign == '+' { seconds } else { -seconds };
            offset = Some(Offset::from_seconds(signed).map_err(|_| ())?);
        }
        if let Some((name, rest)) = self.0.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let zone = zone_named(name).ok_or(())?;
            self.0 = rest;
            let there = || zone.to_timestamp(civil).map(|instant| zone.to_offset(instant)).map_err(|_| ());
            offset = Some(offset.map_or_else(there, Ok)?);
        }
        Ok(offset)
    }

    /// JavaScript prints the name of its zone in parentheses.
    fn comment(&mut self) {
        let rest = self.0.trim();
        self.0 = if rest.starts_with('(') && rest.ends_with(')') { "" } else { rest };
    }

    fn digits_ahead(&self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// A number of `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let digits = self.digits_ahead().min(most);
        (digits >= least).then_some(())?;
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        number.parse().ok()
    }

    /// A fraction of a second in nanoseconds; none is zero.
    fn fraction(&mut self) -> Option<u32> {
        if self.any(&['.', ',']).is_none() {
            return Some(0);
        }
        let digits = self.digits_ahead();
        (digits > 0).then_some(())?;
        let (fraction, rest) = self.0.split_at(digits);
        self.0 = rest;
        format!("{:0<9}", &fraction[..digits.min(9)]).parse().ok()
    }

    fn any(&mut self, characters: &[char]) -> Option<char> {
        let first = self.0.chars().next().filter(|c| characters.contains(c))?;
        self.0 = &self.0[first.len_utf8()..];
        Some(first)
    }

    fn blanks(&mut self) -> bool {
        let rest = self.0.trim_start();
        let any = rest.len() < self.0.len();
        self.0 = rest;
        any
    }

    /// The place in `words` of the word that comes next, in any case.
    fn word(&mut self, words: &[&str]) -> Option<usize> {
        let at = words.iter().position(|word| {
            let end = self.0.as_bytes().get(word.len());
            self.0.get(..word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word))
                && !end.is_some_and(u8::is_ascii_alphabetic)
        })?;
        self.0 = &self.0[words[at].len()..];
        Some(at)
    }

    /// The number, from 1, of the day or month that comes next: whole, or its first three letters.
    fn name(&mut self, names: &[&str]) -> Option<u32> {
        let length = self.0.bytes().take_while(u8::is_ascii_alphabetic).count();
        let written = self.0[..length].to_ascii_lowercase();
        let fits = |name: &&str| {
            written == **name || written == name[..3] || (written == "sept" && name.starts_with("sept"))
        };
        let at = (length >= 3).then(|| names.iter().position(fits))??;
        self.0 = &self.0[length..];
        u32::try_from(at + 1).ok()
    }
}
