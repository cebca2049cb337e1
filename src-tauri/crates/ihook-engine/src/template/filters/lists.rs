//! Lists, lenient about what is missing and bounded before they grow.

use super::super::value::{Text, Value};
use super::{Call, Filter, Result, filter};
use crate::template::meter::ITERATIONS;

pub(super) const FILTERS: &[Filter] = &[
    filter("compact", 0, 1, compact),
    filter("concat", 1, 1, concat),
    reading("first", |call| end(call, true)),
    filter("join", 0, 1, join),
    reading("last", |call| end(call, false)),
    filter("map", 1, 1, map),
    filter("reverse", 0, 0, reverse),
    reading("size", size),
    filter("slice", 1, 2, slice),
    filter("split", 1, 1, split),
];

/// A filter that only looks at its input, however large.
const fn reading(name: &'static str, run: super::Run) -> Filter {
    Filter { name, arguments: (0, 0), named: &[], weighs: false, run }
}

/// The first item or the last.
fn end<'r>(call: &Call<'_, 'r>, is_first: bool) -> Result<Value<'r>> {
    call.input.sole()?;
    Ok(Value::or_nil(call.input.end(is_first)))
}

/// Without what is nil, or has nothing at a property.
fn compact<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let mut kept = Vec::new();
    for item in call.items()? {
        let value = match call.argument(0) {
            Some(property) => call.property(&item, property)?,
            None => item.clone(),
        };
        if !value.is_nil() {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

fn concat<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let mut items = call.items()?;
    match call.argument(0) {
        Some(other @ (Value::List(_) | Value::Range(..))) => call.flatten(other, &mut items)?,
        other => {
            let shown = other.map(Value::shown).unwrap_or_default();
            return Err(call.fault(format!("needs a list to add, not {shown}")));
        }
    }
    Ok(Value::list(items))
}

fn join<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let separator = call.argument_text(0)?.unwrap_or(Text::Part(" "));
    let mut text = String::new();
    for (at, item) in call.items()?.iter().enumerate() {
        let item = call.text_of(item)?;
        call.meter.room(text.len() + separator.len() + item.len())?;
        text.push_str(if at > 0 { &separator } else { "" });
        text.push_str(&item);
    }
    Ok(Value::text(text))
}

/// What each item has at a property.
fn map<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let property = Value::or_nil(call.argument(0).cloned());
    let items = call.items()?;
    let values = items.iter().map(|item| call.property(item, &property)).collect::<Result<_>>()?;
    Ok(Value::list(values).found_as(&call.input))
}

fn reverse<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    if matches!(call.input, Value::Object(_)) {
        return Err(call.fault("needs a list, not an object"));
    }
    let mut items = call.items()?;
    items.reverse();
    Ok(Value::list(items))
}

fn size<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    if let (Value::List(_) | Value::Object(_) | Value::Range(..), Some(size)) =
        (&call.input, call.input.length())
    {
        return Ok(Value::size(size));
    }
    let text = call.text()?;
    call.meter.spend_bytes(text.len())?;
    Ok(Value::size(text.chars().count()))
}

/// From a place (negative: from the end), one or as many characters or items as asked for.
fn slice<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let start = call.whole(0)?.unwrap_or(0);
    let length = match call.argument(1) {
        None | Some(Value::Nil) => 1,
        Some(_) => usize::try_from(call.whole(1)?.unwrap_or(1)).unwrap_or(0),
    };
    let is_list = matches!(call.input, Value::List(_) | Value::Range(..));
    let text = if is_list { Text::Part("") } else { call.text()? };
    let size = if is_list { call.input.length().unwrap_or(0) } else { text.chars().count() };
    let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let Some(start) = (if start < 0 { size.checked_sub(back) } else { Some(back) }) else {
        return Ok(Value::Nil);
    };
    if is_list {
        let end = start.saturating_add(length).min(size);
        call.counted(end.saturating_sub(start))?;
        let place = |at: usize| i64::try_from(at).ok().and_then(|at| call.input.place(at));
        return Ok(Value::list((start..end).filter_map(place).collect()));
    }
    Ok(Value::text(text.chars().skip(start).take(length).collect::<String>()))
}

/// At a text, at blanks of any kind where that is one blank, or into characters at none. Nothing that is
/// empty stands at the end, and nothing gives no items.
fn split<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let (text, at) = (call.text()?, call.argument_text(0)?.unwrap_or(Text::Part("")));
    let most = ITERATIONS as usize + 1;
    let part = |part: &str| Value::text(part.to_owned());
    let mut parts: Vec<Value<'r>> = match &*at {
        "" => text.chars().take(most).map(|c| Value::text(c.to_string())).collect(),
        " " => text.split_ascii_whitespace().take(most).map(part).collect(),
        at => text.split(at).take(most).map(part).collect(),
    };
    call.counted(parts.len())?;
    while parts.last().and_then(Value::scalar).is_some_and(str::is_empty) {
        parts.pop();
    }
    Ok(Value::list(parts))
}
