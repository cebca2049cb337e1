//! Filters that compare the items of a list with one another: `sort`, `sort_natural`, `uniq`.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::super::compare;
use super::super::meter::text_of;
use super::super::value::Value;
use super::{Call, Filter, Result, filter};
use crate::decimal::Decimal;

pub(super) const FILTERS: &[Filter] =
    &[filter("sort", 0, 1, sort), filter("sort_natural", 0, 1, sort_natural), filter("uniq", 0, 1, uniq)];

/// By what an item is sorted: what is missing last, numbers by value and before text.
struct Key {
    group: u8,
    number: Option<Decimal>,
    text: String,
}

impl Key {
    fn order(&self, other: &Self) -> Ordering {
        let numbers =
            || self.number.zip(other.number).and_then(|(a, b)| a.compare(b)).unwrap_or(Ordering::Equal);
        self.group.cmp(&other.group).then_with(numbers).then_with(|| self.text.cmp(&other.text))
    }
}

fn sort<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    sorted(call, |by| {
        let Some(text) = by.scalar() else {
            return Err(call.fault(format!("cannot put {} in an order with others", by.shown())));
        };
        let number = by.decimal().filter(|_| by.is_number());
        Ok(Key { group: u8::from(number.is_none()), number, text: text.to_owned() })
    })
}

/// By what is shown of an item, in any case.
fn sort_natural<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    sorted(call, |by| {
        let text = text_of(by, call.meter)?.to_lowercase();
        Ok(Key { group: 0, number: None, text })
    })
}

fn sorted<'r>(call: &Call<'_, 'r>, key: impl Fn(&Value<'r>) -> Result<Key>) -> Result<Value<'r>> {
    const LAST: u8 = 2;
    let mut keyed = Vec::new();
    for (by, item) in by_property(call)? {
        let key =
            if by.is_nil() { Key { group: LAST, number: None, text: String::new() } } else { key(&by)? };
        keyed.push((key, item));
    }
    call.meter.spend_bytes(keyed.len() * 64)?;
    keyed.sort_by(|a, b| a.0.order(&b.0));
    Ok(Value::list(keyed.into_iter().map(|(_, item)| item).collect()))
}

fn uniq<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let (mut seen, mut kept) = (HashSet::new(), Vec::new());
    for (by, item) in by_property(call)? {
        if seen.insert(compare::key(&by, call.meter)?) {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

/// The items, each with what it is compared by: itself, or what it has at a property.
fn by_property<'r>(call: &Call<'_, 'r>) -> Result<Vec<(Value<'r>, Value<'r>)>> {
    let property = call.argument(0).filter(|property| !property.is_nil());
    let keyed = call.items()?.into_iter().map(|item| match property {
        Some(property) => Ok((call.property(&item, property)?, item)),
        None => Ok((item.clone(), item)),
    });
    keyed.collect()
}
