//! Times: `date` (strftime), `format` (.NET patterns) and `in_zone`. An instant stays the same instant
//! through all of them, also where the clock of its zone shows an hour twice.

use std::rc::Rc;

use jiff::fmt::strtime::{BrokenDownTime, Config, PosixCustom};

use super::super::value::{Moment, Value};
use super::{Call, Filter, Result, filter};
use crate::step_error::shown;
use crate::time::{dotnet, zone_named};

pub(super) const FILTERS: &[Filter] =
    &[filter("date", 0, 1, date), filter("format", 0, 1, format), filter("in_zone", 0, 1, in_zone)];

/// The longest pattern, in bytes.
const PATTERN: usize = 200;

/// The input as a time at the site: converted where an offset was written, else as it stands. `now` and
/// `today` are the delivery's. What is missing or blank stays so (`None`).
fn moment(call: &Call<'_, '_>) -> Result<Option<Rc<Moment>>> {
    if let Value::Time(moment) = &call.input {
        return Ok(Some(Rc::clone(moment)));
    }
    let text = call.text()?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let times = call.facts.times();
    let (civil, named) = times.read_instant(&text).map_err(|why| call.fault(format!("fails: {why}")))?;
    let zone = times.site.zone.clone();
    let instant = named.or_else(|| {
        // Where the zone skips a time that was written without an offset, no instant is right.
        zone.to_timestamp(civil).ok().filter(|instant| zone.to_datetime(*instant) == civil)
    });
    Ok(Some(Rc::new(Moment::new(civil, zone, instant))))
}

/// By a strftime pattern; without one the time as a date field sends it.
fn date<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let pattern = call.argument_text(0)?;
    if pattern.as_ref().is_some_and(|pattern| pattern.is_empty()) {
        return Ok(call.input.clone());
    }
    let Some(moment) = moment(call)? else { return Ok(Value::Text("".into())) };
    let Some(pattern) = pattern else { return Ok(Value::Time(moment)) };
    if pattern.len() > PATTERN {
        return Err(call.fault(format!("takes a pattern of at most {PATTERN} characters")));
    }
    let broken = match moment.instant {
        Some(instant) => BrokenDownTime::from(&instant.to_zoned_datetime(moment.zone.clone())),
        None => BrokenDownTime::from(moment.civil),
    };
    let config = Config::new().lenient(true).custom(PosixCustom::new());
    let text = broken.to_string_with_config(&config, known(&pattern));
    text.map(Value::text).map_err(|_| call.fault(format!("cannot use the pattern {}", shown(&pattern))))
}

/// A pattern with what Ruby's strftime has beyond jiff's: `%L` (milliseconds), `%v` and `%+`.
fn known(pattern: &str) -> String {
    let mut known = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            known.push(letter);
            continue;
        }
        match letters.next() {
            Some('L') => known.push_str("%3N"),
            Some('v') => known.push_str("%e-%^b-%Y"),
            Some('+') => known.push_str("%a %b %e %H:%M:%S %Z %Y"),
            other => {
                known.push('%');
                known.extend(other);
            }
        }
    }
    known
}

/// By a .NET pattern, custom or standard; numbers are not formatted.
fn format<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let Some(moment) = moment(call)? else { return Ok(Value::Text("".into())) };
    let pattern = call.argument_text(0)?.unwrap_or("".into());
    let offset = moment.instant.map(|instant| moment.zone.to_offset(instant));
    let text = dotnet::format(moment.civil, offset, &pattern);
    text.map(Value::text).map_err(|why| call.fault(format!("fails: {why}")))
}

/// The time on the wall in a zone (by its IANA name; none: the site's). It is shown without offset, so that a
/// date field takes it as it stands, and other filters still know its instant.
fn in_zone<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let Some(moment) = moment(call)? else { return Ok(Value::Text("".into())) };
    let name = call.argument_text(0)?.unwrap_or("".into());
    let zone = match name.trim() {
        "" => call.facts.site.zone.clone(),
        name => zone_named(name).ok_or_else(|| {
            call.fault(format!("knows no time zone {}; names are like America/New_York", shown(name)))
        })?,
    };
    let civil = moment.instant.map_or(moment.civil, |instant| zone.to_datetime(instant));
    Ok(Value::Time(Rc::new(Moment::new(civil, zone, moment.instant))))
}
