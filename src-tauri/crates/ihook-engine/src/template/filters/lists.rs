//! Lists, lenient about what is missing and bounded before they grow.

use std::cmp::Ordering;
use std::collections::HashSet;

use liquid::model::{Value, ValueView};
use liquid_core::error::Result;

use super::super::compare;
use super::super::meter::ITERATIONS;
use super::{Call, Ours, filter};
use crate::decimal::Decimal;

pub(super) const FILTERS: &[Ours] = &[
    reading("first", |call| Ok(end(call, true))),
    filter("join", 0, 1, join),
    reading("last", |call| Ok(end(call, false))),
    reading("size", size),
    filter("slice", 1, 2, slice),
    filter("sort", 0, 1, |call| sort(call, |value| value.to_kstr().into_string())),
    filter("sort_natural", 0, 1, |call| sort(call, |value| value.to_kstr().to_lowercase())),
    filter("split", 1, 1, split),
    filter("sum", 0, 1, sum),
    filter("uniq", 0, 1, uniq),
];

/// A filter that only looks at its input, however large.
const fn reading(name: &'static str, run: super::Run) -> Ours {
    Ours { name, arguments: (0, 0), named: &[], weighs: false, run }
}

/// The items of the input: of a list, or the one value that it is.
fn items<'c>(call: &'c Call<'_>) -> Vec<&'c dyn ValueView> {
    call.input.as_array().map_or_else(|| vec![call.input], |list| list.values().collect())
}

/// The item itself, or its member where the filter has a property for an argument.
fn member<'v>(call: &Call<'_>, item: &'v dyn ValueView) -> &'v dyn ValueView {
    match call.argument_text(0) {
        Some(property) => {
            item.as_object().and_then(|object| object.get(&property)).unwrap_or(&super::super::node::NULL)
        }
        None => item,
    }
}

fn list(call: &Call<'_>, items: Vec<Value>) -> Result<Value> {
    if items.len() > ITERATIONS as usize {
        return Err(call.fault(format!("gives more than {ITERATIONS} items")));
    }
    Ok(Value::Array(items))
}

fn end(call: &Call<'_>, first: bool) -> Value {
    if let Some(list) = call.input.as_array() {
        let item = if first { list.first() } else { list.last() };
        // Whatever is taken out is weighed with the result.
        return item.map_or(Value::Nil, ValueView::to_value);
    }
    let text = call.text();
    let character = if first { text.chars().next() } else { text.chars().next_back() };
    character.map_or(Value::Nil, |c| Value::scalar(c.to_string()))
}

fn size(call: &Call<'_>) -> Result<Value> {
    let size = match (call.input.as_array(), call.input.as_object()) {
        (Some(list), _) => list.size(),
        (None, Some(object)) => object.size(),
        (None, None) => {
            let text = call.text();
            call.room(text.len().min(super::VALUE))?;
            i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
        }
    };
    Ok(Value::scalar(size))
}

fn join(call: &Call<'_>) -> Result<Value> {
    let separator = call.argument_text(0).unwrap_or_else(|| " ".to_owned());
    let items = items(call);
    let mut text = String::new();
    for (at, item) in items.into_iter().enumerate() {
        let item = item.to_kstr();
        call.room(text.len() + separator.len() + item.len())?;
        text.push_str(if at > 0 { &separator } else { "" });
        text.push_str(item.as_str());
    }
    Ok(Value::scalar(text))
}

/// From a place (negative: from the end), one or as many characters or items as asked for.
fn slice(call: &Call<'_>) -> Result<Value> {
    let start = call.argument_whole(0)?.unwrap_or(0);
    let length = usize::try_from(call.argument_whole(1)?.unwrap_or(1)).unwrap_or(0);
    let text = call.text();
    let size = call
        .input
        .as_array()
        .map_or_else(|| text.chars().count(), |list| usize::try_from(list.size()).unwrap_or(0));
    let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let Some(start) = (if start < 0 { size.checked_sub(back) } else { Some(back) }) else {
        return Ok(Value::Nil);
    };
    Ok(match call.input.as_array() {
        Some(list) => Value::Array(list.values().skip(start).take(length).map(ValueView::to_value).collect()),
        None => Value::scalar(text.chars().skip(start).take(length).collect::<String>()),
    })
}

/// At a text, or into characters at none; nothing gives no items.
fn split(call: &Call<'_>) -> Result<Value> {
    let (text, at) = (call.text(), call.argument_text(0).unwrap_or_default());
    let most = ITERATIONS as usize + 1;
    let parts: Vec<Value> = if text.is_empty() {
        Vec::new()
    } else if at.is_empty() {
        text.chars().take(most).map(|c| Value::scalar(c.to_string())).collect()
    } else {
        text.split(at.as_str()).take(most).map(|part| Value::scalar(part.to_owned())).collect()
    };
    list(call, parts)
}

fn sum(call: &Call<'_>) -> Result<Value> {
    let mut total = Decimal::whole(0);
    for item in items(call) {
        let number = compare::decimal(member(call, item)).unwrap_or_else(|| Decimal::whole(0));
        total = total.add(number).ok_or_else(|| call.fault("gives a number of more than 38 digits"))?;
    }
    Ok(compare::number(total))
}

fn uniq(call: &Call<'_>) -> Result<Value> {
    let mut seen = HashSet::new();
    let kept = items(call).into_iter().filter(|item| seen.insert(compare::key(member(call, *item))));
    list(call, kept.map(ValueView::to_value).collect())
}

/// Numbers by value and before text, what is missing last; one order for whatever the items are.
fn sort(call: &Call<'_>, text: fn(&dyn ValueView) -> String) -> Result<Value> {
    let mut keyed: Vec<(u8, Option<Decimal>, String, &dyn ValueView)> = items(call)
        .into_iter()
        .map(|item| {
            let by = member(call, item);
            let number = compare::decimal(by).filter(|_| by.type_name() != "string");
            let group = if by.is_nil() { 2 } else { u8::from(number.is_none()) };
            (group, number, text(by), item)
        })
        .collect();
    call.meter.spend_bytes(keyed.len() * 64)?;
    keyed.sort_by(|a, b| {
        let numbers = || a.1.zip(b.1).and_then(|(a, b)| a.compare(b)).unwrap_or(Ordering::Equal);
        a.0.cmp(&b.0).then_with(numbers).then_with(|| a.2.cmp(&b.2))
    });
    list(call, keyed.into_iter().map(|(.., item)| item.to_value()).collect())
}
