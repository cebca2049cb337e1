//! Comparisons of conditions: numbers by value, whether they came as numbers or as text.

use std::cmp::Ordering;

use liquid::model::State;
use liquid::model::{Value, ValueView};
use liquid_core::error::Result;

use super::meter::Meter;
use super::node::write_json;
use crate::decimal::Decimal;

/// What stands between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
}

impl Operator {
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "==" => Self::Equal,
            "!=" | "<>" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::Greater,
            ">=" => Self::AtLeast,
            "contains" => Self::Contains,
            _ => return None,
        })
    }
}

/// Everything but nil and false.
pub(super) fn truthy(value: &dyn ValueView) -> bool {
    value.query_state(State::Truthy)
}

/// Compares as Liquid does, but: a number equals its text (senders disagree on which of the two they
/// send), text equals `true` only if it reads so, nil equals nothing but nil, and what is missing
/// contains nothing and is neither less nor greater than anything.
pub(super) fn holds(
    left: &dyn ValueView,
    operator: Operator,
    right: &dyn ValueView,
    meter: &Meter,
) -> Result<bool> {
    meter.weigh(left)?;
    meter.weigh(right)?;
    let ordered = |wanted: &[Ordering]| order(left, right).is_some_and(|order| wanted.contains(&order));
    Ok(match operator {
        Operator::Equal => equal(left, right),
        Operator::Unequal => !equal(left, right),
        Operator::Less => ordered(&[Ordering::Less]),
        Operator::AtMost => ordered(&[Ordering::Less, Ordering::Equal]),
        Operator::Greater => ordered(&[Ordering::Greater]),
        Operator::AtLeast => ordered(&[Ordering::Greater, Ordering::Equal]),
        Operator::Contains => contains(left, right),
    })
}

fn contains(left: &dyn ValueView, right: &dyn ValueView) -> bool {
    if left.is_nil() || right.is_nil() {
        return false;
    }
    if let Some(list) = left.as_array() {
        return list.values().any(|item| equal(item, right));
    }
    let wanted = right.to_kstr();
    match left.as_object() {
        Some(object) => object.contains_key(wanted.as_str()),
        None => left.to_kstr().contains(wanted.as_str()),
    }
}

/// Equality of [`holds`].
pub(super) fn equal(left: &dyn ValueView, right: &dyn ValueView) -> bool {
    if let Some(state) = right.as_state() {
        return left.query_state(state);
    }
    if let Some(state) = left.as_state() {
        return right.query_state(state);
    }
    if left.is_nil() || right.is_nil() {
        return left.is_nil() && right.is_nil();
    }
    if let (Some(left), Some(right)) = (left.as_array(), right.as_array()) {
        return left.size() == right.size() && left.values().zip(right.values()).all(|(a, b)| equal(a, b));
    }
    if let (Some(left), Some(right)) = (left.as_object(), right.as_object()) {
        let same = |name: &str, value| right.get(name).is_some_and(|other| equal(value, other));
        return left.size() == right.size() && left.iter().all(|(name, value)| same(name.as_str(), value));
    }
    if !left.is_scalar() || !right.is_scalar() {
        return false;
    }
    let numbers = if is_number(left) || is_number(right) { decimals(left, right) } else { None };
    match numbers {
        Some((left, right)) => left.compare(right) == Some(Ordering::Equal),
        None => left.to_kstr() == right.to_kstr(),
    }
}

fn order(left: &dyn ValueView, right: &dyn ValueView) -> Option<Ordering> {
    if !left.is_scalar() || !right.is_scalar() {
        return None;
    }
    if is_number(left) || is_number(right) {
        let (left, right) = decimals(left, right)?;
        return left.compare(right);
    }
    Some(left.to_kstr().as_str().cmp(right.to_kstr().as_str()))
}

fn is_number(value: &dyn ValueView) -> bool {
    matches!(value.type_name(), "number" | "whole number" | "fractional number")
}

fn decimals(left: &dyn ValueView, right: &dyn ValueView) -> Option<(Decimal, Decimal)> {
    Some((decimal(left)?, decimal(right)?))
}

/// The number that a value is or reads as.
pub(super) fn decimal(value: &dyn ValueView) -> Option<Decimal> {
    value.is_scalar().then(|| Decimal::parse(value.to_kstr().trim()))?
}

/// A number as a value: whole, or with exactly its digits.
pub(super) fn number(number: Decimal) -> Value {
    let number = number.trimmed();
    if let Some(whole) = number.to_whole() {
        return Value::scalar(whole);
    }
    let text = number.to_string();
    match text.parse::<f64>() {
        Ok(fraction) if fraction.to_string() == text => Value::scalar(fraction),
        _ => Value::scalar(text),
    }
}

/// Text that tells two items apart, for finding doubles in one pass.
pub(super) fn key(value: &dyn ValueView) -> String {
    if is_number(value) {
        return decimal(value)
            .map_or_else(|| value.to_kstr().into_string(), |number| number.trimmed().to_string());
    }
    let mut text = String::new();
    if value.is_scalar() {
        text.push_str(value.to_kstr().as_str());
    } else {
        // Writing to a string cannot fail.
        let _ = write_json(value, &mut text);
    }
    text
}
