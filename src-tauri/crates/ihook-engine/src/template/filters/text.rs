//! Text, counted in characters and bounded before it grows.

use liquid::model::{Value, ValueView};
use liquid_core::error::Result;

use super::{Call, Ours, filter};

pub(super) const FILTERS: &[Ours] = &[
    filter("append", 1, 1, |call| joined(call, call.text(), &part(call, 0))),
    filter("prepend", 1, 1, |call| joined(call, part(call, 0), &call.text())),
    filter("remove", 1, 1, |call| replaced(call, "", usize::MAX)),
    filter("remove_first", 1, 1, |call| replaced(call, "", 1)),
    filter("replace", 1, 2, |call| replaced(call, &part(call, 1), usize::MAX)),
    filter("replace_first", 1, 2, |call| replaced(call, &part(call, 1), 1)),
    filter("truncate", 0, 2, truncate),
    Ours { name: "default", arguments: (0, 1), named: &["allow_false"], weighs: true, run: default },
];

fn part(call: &Call<'_>, at: usize) -> String {
    call.argument_text(at).unwrap_or_default()
}

fn joined(call: &Call<'_>, mut first: String, second: &str) -> Result<Value> {
    call.room(first.len() + second.len())?;
    first.push_str(second);
    Ok(Value::scalar(first))
}

fn replaced(call: &Call<'_>, with: &str, times: usize) -> Result<Value> {
    let (text, what) = (call.text(), part(call, 0));
    let found = text.matches(what.as_str()).take(times).count();
    call.room(text.len().saturating_add(found.saturating_mul(with.len())))?;
    Ok(Value::scalar(text.replacen(&what, with, times)))
}

/// To a number of characters (50), the ellipsis (`...`) among them.
fn truncate(call: &Call<'_>) -> Result<Value> {
    let most = usize::try_from(call.argument_whole(0)?.unwrap_or(50)).unwrap_or(0);
    let text = call.text();
    if text.chars().count() <= most {
        return Ok(Value::scalar(text));
    }
    let ellipsis = call.argument_text(1).unwrap_or_else(|| "...".to_owned());
    let kept = most.saturating_sub(ellipsis.chars().count());
    Ok(Value::scalar(text.chars().take(kept).chain(ellipsis.chars()).collect::<String>()))
}

/// For nil, false and what is empty; with `allow_false: true` false stays.
fn default(call: &Call<'_>) -> Result<Value> {
    let keep_false = call.named.iter().any(|(_, value)| super::super::compare::truthy(value.as_view()));
    let is_false = call.input.type_name() == "boolean";
    let wanted = call.input.query_state(liquid_core::model::State::DefaultValue) && !(keep_false && is_false);
    let other = call.argument(0).map_or(Value::Nil, ValueView::to_value);
    Ok(if wanted { other } else { call.input.to_value() })
}
