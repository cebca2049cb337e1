//! Filters that choose items by a property: `find`, `find_index`, `has`, `reject`, `where`.

use super::super::compare::{equal, truthy};
use super::super::value::Value;
use super::{Call, Filter, Result, filter};

pub(super) const FILTERS: &[Filter] = &[
    filter("find", 1, 2, |call| {
        let found = first(call)?;
        Ok(Value::or_nil(found.map(|(_, item)| item)))
    }),
    filter("find_index", 1, 2, |call| {
        let found = first(call)?;
        Ok(Value::or_nil(found.map(|(at, _)| Value::size(at))))
    }),
    filter("has", 1, 2, |call| Ok(Value::Bool(first(call)?.is_some()))),
    filter("reject", 1, 2, |call| chosen(call, false)),
    filter("where", 1, 2, |call| chosen(call, true)),
];

fn first<'r>(call: &Call<'_, 'r>) -> Result<Option<(usize, Value<'r>)>> {
    for (at, item) in call.items()?.into_iter().enumerate() {
        if fits(call, &item)? {
            return Ok(Some((at, item)));
        }
    }
    Ok(None)
}

/// The items that fit, or those that do not. Without a property there are none, as Liquid has it.
fn chosen<'r>(call: &Call<'_, 'r>, wanted: bool) -> Result<Value<'r>> {
    let mut kept = Vec::new();
    if call.argument(0).is_some_and(Value::is_nil) {
        return Ok(Value::list(kept));
    }
    for item in call.items()? {
        if fits(call, &item)? == wanted {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

/// Whether an item has the wanted value at the property, or any that is neither nil nor false where no
/// value is wanted. The property of a text is what it contains.
fn fits<'r>(call: &Call<'_, 'r>, item: &Value<'r>) -> Result<bool> {
    let property = Value::or_nil(call.argument(0).cloned());
    let found = match (item, &property) {
        (_, Value::Nil) => Value::Nil,
        (Value::Text(text), Value::Text(part)) if text.contains(&**part) => property.clone(),
        (Value::Text(_), Value::Text(_)) => Value::Nil,
        // A number among numbers.
        (Value::Number(_), Value::Number(_)) => Value::Bool(equal(item, &property)),
        (Value::Nil, _) => {
            return Err(call.fault(format!("needs objects to find {} in, not nothing", property.shown())));
        }
        _ => call.property(item, &property)?,
    };
    Ok(match call.argument(1).filter(|wanted| !wanted.is_nil()) {
        Some(wanted) => equal(&found, wanted),
        None => truthy(&found),
    })
}
