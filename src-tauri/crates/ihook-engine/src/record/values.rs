//! One rendered text into one column's value.

use jiff::civil::{DateTime, Time};

use super::{Column, ColumnType, FieldValue, Times};
use crate::decimal::Decimal;
use crate::step_error::ErrorCode;
use crate::text::{code_point, is_unseen};
use crate::time::iso;

/// Why a column cannot take a text.
pub(super) struct Fault {
    pub(super) code: ErrorCode,
    /// The end of a sentence: what the column takes.
    pub(super) reason: String,
}

fn wrong(reason: impl Into<String>) -> Fault {
    Fault { code: ErrorCode::WrongType, reason: reason.into() }
}

fn too_long(reason: String) -> Fault {
    Fault { code: ErrorCode::TooLong, reason }
}

/// Converts text that is not blank.
pub(super) fn value(column: &Column, text: &str, times: &Times<'_>) -> Result<FieldValue, Fault> {
    let trimmed = text.trim();
    match column.kind {
        ColumnType::String => string(column, text),
        ColumnType::Integer => integer(trimmed),
        ColumnType::Decimal { precision, scale } => decimal(trimmed, precision, scale),
        ColumnType::Monetary => money(trimmed),
        ColumnType::Boolean => boolean(trimmed),
        ColumnType::DateTime => Ok(FieldValue::DateTime(iso(read(trimmed, times)?))),
        ColumnType::Date => {
            let day = read(trimmed, times)?.date();
            Ok(FieldValue::DateTime(iso(DateTime::from_parts(day, Time::midnight()))))
        }
        ColumnType::Time => time_of_day(trimmed, times),
        ColumnType::Guid => guid(trimmed),
        ColumnType::Binary => Err(wrong("it holds a file, which iHook does not write")),
    }
}

fn string(column: &Column, text: &str) -> Result<FieldValue, Fault> {
    if let Some(reason) = is_key(column).then(|| not_a_key(column, text)).flatten() {
        return Err(wrong(reason));
    }
    // Required text is a key (a member's ID, a code): blanks around it would only make it unknown.
    let text = if column.required { text.trim() } else { text };
    let length = text.encode_utf16().count();
    match column.max_length {
        Some(longest) if length > longest as usize => {
            Err(too_long(format!("it has {length} characters, and {} takes at most {longest}", column.name)))
        }
        _ => Ok(FieldValue::Text(text.to_owned())),
    }
}

/// Whether the column holds a key: a member's ID, a code.
fn is_key(column: &Column) -> bool {
    column.required || names_member(column)
}

/// Whether the column holds a member's ID, by the names that iMIS gives such columns.
fn names_member(column: &Column) -> bool {
    let name = column.name.to_ascii_uppercase();
    name == "ID" || name == "PARTYID" || name.ends_with("_ID")
}

/// Why a text is no key, although it looks like one: iMIS would only say that it has no such thing.
fn not_a_key(column: &Column, text: &str) -> Option<String> {
    if let Some(unseen) = text.chars().find(|letter| is_unseen(*letter)) {
        return Some(format!(
            "it has a character in it that cannot be seen ({}). Have it sent without that",
            code_point(unseen)
        ));
    }
    let (whole, places) = text.trim().split_once('.')?;
    let digits = |text: &str, all: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|byte| all(&byte));
    if names_member(column) && digits(whole, u8::is_ascii_digit) && digits(places, |byte| *byte == b'0') {
        return Some(format!(
            "an ID has no decimal places: it was sent as a number, and is most likely {whole}. Have it sent as text, \
             or add | round to the template"
        ));
    }
    None
}

fn integer(text: &str) -> Result<FieldValue, Fault> {
    let whole = Decimal::parse(text).and_then(Decimal::to_whole);
    match whole {
        Some(number) if i32::try_from(number).is_ok() => Ok(FieldValue::Integer(number)),
        Some(_) => Err(too_long(format!("it takes whole numbers from {} to {}", i32::MIN, i32::MAX))),
        None => Err(wrong("it takes whole numbers")),
    }
}

fn decimal(text: &str, precision: Option<u32>, scale: Option<u32>) -> Result<FieldValue, Fault> {
    let number = Decimal::parse(text).ok_or_else(|| wrong("it takes numbers, like 12.50"))?;
    let (whole, _) = number.digits();
    let (_, places) = number.trimmed().digits();
    if let Some(scale) = scale.filter(|scale| places > *scale) {
        return Err(too_long(format!("it takes at most {scale} digits after the point")));
    }
    let before = precision.map(|precision| precision.saturating_sub(scale.unwrap_or(0)));
    if let Some(before) = before.filter(|before| whole > *before) {
        return Err(too_long(format!("it takes at most {before} digits before the point")));
    }
    // Zeros that the column has no room for are dropped, those it has room for stay as written.
    let kept = if scale.is_some_and(|scale| number.digits().1 > scale) { number.trimmed() } else { number };
    Ok(FieldValue::Decimal(kept.to_string()))
}

/// `$1,234.50` and plain numbers; commas only between groups of three, so that none is a decimal comma.
fn money(text: &str) -> Result<FieldValue, Fault> {
    let bare = match text.strip_prefix('-') {
        Some(rest) => format!("-{}", rest.trim_start().trim_start_matches('$').trim_start()),
        None => text.trim_start_matches('$').trim_start().to_owned(),
    };
    let (whole, fraction) = bare.split_once('.').unwrap_or((&bare, ""));
    let mut groups = whole.trim_start_matches('-').split(',');
    let grouped = groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3)
        && !fraction.contains(',');
    let plain = if grouped { bare.replace(',', "") } else { bare };
    let most = Decimal::parse("922337203685477.5807");
    let fits = |number: Decimal| Some(number.abs().compare(most?)? != std::cmp::Ordering::Greater);
    match Decimal::parse(&plain) {
        Some(number) if fits(number) == Some(true) => decimal(&plain, None, Some(4)),
        Some(_) => Err(too_long("it takes amounts up to 922337203685477.5807".to_owned())),
        None => Err(wrong("it takes amounts, like 12.50")),
    }
}

fn boolean(text: &str) -> Result<FieldValue, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "t" | "on" => Ok(FieldValue::Boolean(true)),
        "false" | "0" | "no" | "n" | "f" | "off" => Ok(FieldValue::Boolean(false)),
        _ => Err(wrong("it takes true or false")),
    }
}

fn read(text: &str, times: &Times<'_>) -> Result<DateTime, Fault> {
    times.read(text).map_err(|reason| Fault { code: ErrorCode::BadDate, reason })
}

/// `09:15`, `9:15 PM`, or the time of a whole date and time.
fn time_of_day(text: &str, times: &Times<'_>) -> Result<FieldValue, Fault> {
    let alone = crate::time::parse_time(&format!("2000-01-01 {text}"), times.site.date_order);
    let civil = match alone {
        Some(time) if !time.date_only && time.offset.is_none() => time.civil,
        _ => read(text, times)?,
    };
    Ok(FieldValue::Text(civil.strftime("%H:%M:%S").to_string()))
}

fn guid(text: &str) -> Result<FieldValue, Fault> {
    let bare = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let digits: String = bare.chars().filter(|c| *c != '-').flat_map(char::to_lowercase).collect();
    let hyphens: Vec<usize> = bare.match_indices('-').map(|(at, _)| at).collect();
    let shaped = hyphens.is_empty() || hyphens == [8, 13, 18, 23];
    if !shaped || digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(wrong("it takes GUIDs, like 0f8fad5b-d9cb-469f-a165-70867728950e"));
    }
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(FieldValue::Guid(parts.join("-")))
}
