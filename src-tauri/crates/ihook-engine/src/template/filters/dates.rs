//! Times: `date` (strftime), `format` (.NET patterns) and `in_zone`.

use jiff::civil::DateTime;
use jiff::fmt::strtime::{BrokenDownTime, Config};
use jiff::tz::{Offset, TimeZone};
use liquid::model::{Value, ValueView};
use liquid_core::error::Result;

use super::super::meter::Slot;
use super::{Call, Ours, filter, shown};
use crate::step_error::shown as quoted;
use crate::time::{Times, dotnet, iso, zone_named};

pub(super) const FILTERS: &[Ours] =
    &[filter("date", 0, 1, date), filter("format", 0, 1, format), filter("in_zone", 0, 1, in_zone)];

/// A time at the site, and the site's offset then.
struct Local {
    civil: DateTime,
    zone: TimeZone,
    offset: Option<Offset>,
}

/// The input as a time at the site: converted where an offset was written, else as it stands. `now` and
/// `today` are the delivery's. What is missing or blank stays so (`None`).
fn local(call: &Call<'_>) -> Result<Option<Local>> {
    let text = call.input.to_kstr();
    if text.trim().is_empty() {
        return Ok(None);
    }
    let facts = call.runtime.registers().get_mut::<Slot>().facts.clone();
    let facts = facts.ok_or_else(|| call.fault("works only while a template renders"))?;
    let Times { zone, received_at } = facts.times();
    let times = Times { zone, received_at };
    let civil = times.read(text.as_str()).map_err(|why| call.fault(format!("fails: {why}")))?;
    // Where the zone skips a time that was written without offset, no offset is right.
    let instant = zone.to_timestamp(civil).ok().filter(|instant| zone.to_datetime(*instant) == civil);
    Ok(Some(Local { civil, zone: zone.clone(), offset: instant.map(|instant| zone.to_offset(instant)) }))
}

/// By a strftime pattern; without one the time as a date field sends it.
fn date(call: &Call<'_>) -> Result<Value> {
    let Some(local) = local(call)? else { return Ok(Value::scalar("")) };
    let pattern = call.argument_text(0).unwrap_or_default();
    if pattern.is_empty() {
        return Ok(Value::scalar(iso(local.civil)));
    }
    if pattern.len() > 200 {
        return Err(call.fault("takes a pattern of at most 200 characters"));
    }
    let broken = match local.offset.and_then(|offset| offset.to_timestamp(local.civil).ok()) {
        Some(instant) => BrokenDownTime::from(&instant.to_zoned_datetime(local.zone)),
        None => BrokenDownTime::from(local.civil),
    };
    let text = broken.to_string_with_config(&Config::new().lenient(true), &pattern);
    text.map(Value::scalar).map_err(|_| call.fault(format!("cannot use the pattern {}", quoted(&pattern))))
}

/// By a .NET pattern, custom or standard; numbers are not formatted.
fn format(call: &Call<'_>) -> Result<Value> {
    let Some(local) = local(call)? else { return Ok(Value::scalar("")) };
    let pattern = call.argument_text(0).unwrap_or_default();
    let text = dotnet::format(local.civil, local.offset, &pattern);
    text.map(Value::scalar).map_err(|why| call.fault(format!("fails: {why}")))
}

/// The time on the wall in a zone (by its IANA name; none: the site's), without offset, so that a date
/// field and every other filter take it as it stands.
fn in_zone(call: &Call<'_>) -> Result<Value> {
    let Some(local) = local(call)? else { return Ok(Value::scalar("")) };
    let Some(name) = call.argument(0).filter(|name| !name.to_kstr().trim().is_empty()) else {
        return Ok(Value::scalar(iso(local.civil)));
    };
    let Some(zone) = zone_named(name.to_kstr().as_str()) else {
        return Err(
            call.fault(format!("knows no time zone {}; names are like America/New_York", shown(name)))
        );
    };
    let instant = local.zone.to_timestamp(local.civil);
    let there = instant.map_or(local.civil, |instant| zone.to_datetime(instant));
    Ok(Value::scalar(iso(there)))
}
