//! Text, counted in characters and bounded before it grows.

use super::super::compare::truthy;
use super::super::value::{Text, Value};
use super::{Call, Filter, Result, filter};

pub(super) const FILTERS: &[Filter] = &[
    filter("downcase", 0, 0, |call| Ok(Value::text(call.text()?.to_lowercase()))),
    filter("upcase", 0, 0, |call| Ok(Value::text(call.text()?.to_uppercase()))),
    filter("strip", 0, 0, |call| stripped(call, str::trim)),
    filter("lstrip", 0, 0, |call| stripped(call, str::trim_start)),
    filter("rstrip", 0, 0, |call| stripped(call, str::trim_end)),
    filter("append", 1, 1, |call| joined(call, &call.text()?, &part(call, 0)?)),
    filter("prepend", 1, 1, |call| joined(call, &part(call, 0)?, &call.text()?)),
    filter("remove", 1, 1, |call| replaced(call, "", usize::MAX)),
    filter("remove_first", 1, 1, |call| replaced(call, "", 1)),
    filter("remove_last", 1, 1, |call| last_replaced(call, "")),
    filter("replace", 1, 2, |call| replaced(call, &part(call, 1)?, usize::MAX)),
    filter("replace_first", 1, 2, |call| replaced(call, &part(call, 1)?, 1)),
    filter("replace_last", 2, 2, |call| last_replaced(call, &part(call, 1)?)),
    filter("truncate", 0, 2, truncate),
    filter("truncatewords", 0, 2, truncate_words),
    Filter { name: "default", arguments: (0, 1), named: &["allow_false"], weighs: true, run: default },
];

fn part<'r>(call: &Call<'_, 'r>, at: usize) -> Result<Text<'r>> {
    Ok(call.argument_text(at)?.unwrap_or(Text::Part("")))
}

fn stripped<'r>(call: &Call<'_, 'r>, strip: fn(&str) -> &str) -> Result<Value<'r>> {
    Ok(Value::Text(match call.text()? {
        Text::Part(text) => Text::Part(strip(text)),
        Text::Made(text) => strip(&text).to_owned().into(),
    }))
}

fn joined<'r>(call: &Call<'_, 'r>, first: &str, second: &str) -> Result<Value<'r>> {
    call.meter.room(first.len() + second.len())?;
    Ok(Value::text([first, second].concat()))
}

fn replaced<'r>(call: &Call<'_, 'r>, with: &str, times: usize) -> Result<Value<'r>> {
    let (text, what) = (call.text()?, part(call, 0)?);
    let found = text.matches(&*what).take(times).count();
    call.meter.room(text.len().saturating_add(found.saturating_mul(with.len())))?;
    Ok(Value::text(text.replacen(&*what, with, times)))
}

fn last_replaced<'r>(call: &Call<'_, 'r>, with: &str) -> Result<Value<'r>> {
    let (text, what) = (call.text()?, part(call, 0)?);
    call.meter.room(text.len() + with.len())?;
    let Some((before, after)) = text.rsplit_once(&*what) else { return Ok(Value::Text(text)) };
    Ok(Value::text([before, with, after].concat()))
}

/// To a number of characters (50), the ellipsis (`...`) among them.
fn truncate<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let most = usize::try_from(call.whole(0)?.unwrap_or(50)).unwrap_or(0);
    let text = call.text()?;
    if text.chars().count() <= most {
        return Ok(Value::Text(text));
    }
    let ellipsis = call.argument_text(1)?.unwrap_or(Text::Part("..."));
    let kept = most.saturating_sub(ellipsis.chars().count());
    Ok(Value::text(text.chars().take(kept).chain(ellipsis.chars()).collect::<String>()))
}

/// To a number of words (15), at least one, and the ellipsis (`...`) behind them.
fn truncate_words<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let most = usize::try_from(call.whole(0)?.unwrap_or(15).max(1)).unwrap_or(usize::MAX);
    let text = call.text()?;
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if words.len() <= most {
        return Ok(Value::Text(text));
    }
    let ellipsis = call.argument_text(1)?.unwrap_or(Text::Part("..."));
    Ok(Value::text(words[..most].join(" ") + &ellipsis))
}

/// For nil, false and what is empty; with `allow_false: true` false stays.
fn default<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let keeps_false = call.named.iter().any(|(_, value)| truthy(value));
    let is_default = match &call.input {
        Value::Nil | Value::Empty | Value::Blank => true,
        Value::Bool(flag) => !flag && !keeps_false,
        Value::Text(text) => text.is_empty(),
        Value::List(list) => list.len() == 0,
        Value::Object(object) => object.len() == 0,
        Value::Number(_) | Value::Range(..) | Value::Time(_) => false,
    };
    Ok(if is_default { Value::or_nil(call.argument(0).cloned()) } else { call.input.clone() })
}
