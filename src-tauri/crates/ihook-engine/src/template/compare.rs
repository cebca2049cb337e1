//! Comparisons of conditions: numbers by value, whether they came as numbers or as text.

use std::cmp::Ordering;

use super::fault::Fault;
use super::meter::{Meter, Out};
use super::value::{Object, Value};

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
pub(super) fn truthy(value: &Value<'_>) -> bool {
    !matches!(value, Value::Nil | Value::Bool(false))
}

/// Compares as Liquid does, but: a number equals its text (senders disagree on which of the two they
/// send), and what is missing is neither less nor greater than anything.
pub(super) fn holds(
    left: &Value<'_>,
    operator: Operator,
    right: &Value<'_>,
    meter: &Meter,
) -> Result<bool, Fault> {
    meter.weigh(left)?;
    meter.weigh(right)?;
    let ordered = |wanted: &[Ordering]| Ok(order(left, right)?.is_some_and(|order| wanted.contains(&order)));
    match operator {
        Operator::Equal => Ok(equal(left, right)),
        Operator::Unequal => Ok(!equal(left, right)),
        Operator::Less => ordered(&[Ordering::Less]),
        Operator::AtMost => ordered(&[Ordering::Less, Ordering::Equal]),
        Operator::Greater => ordered(&[Ordering::Greater]),
        Operator::AtLeast => ordered(&[Ordering::Greater, Ordering::Equal]),
        Operator::Contains => contains(left, right, meter),
    }
}

fn contains(left: &Value<'_>, right: &Value<'_>, meter: &Meter) -> Result<bool, Fault> {
    // Nothing contains nil or false, as Liquid has it.
    if !truthy(right) {
        return Ok(false);
    }
    Ok(match (left, right.scalar()) {
        (Value::List(list), _) => list.iter().any(|item| equal(&item, right)),
        (Value::Range(first, last), _) => right
            .decimal()
            .and_then(crate::decimal::Decimal::to_whole)
            .is_some_and(|number| (first..=last).contains(&&number)),
        (Value::Object(object), Some(name)) => object.get(name).is_some(),
        (_, wanted) => match left.scalar().filter(|_| !matches!(left, Value::Bool(_))) {
            Some(text) => match wanted {
                Some(wanted) => text.contains(wanted),
                None => text.contains(&*super::meter::text_of(right, meter)?),
            },
            None => false,
        },
    })
}

/// Equality of [`holds`].
pub(super) fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Empty, Value::Empty) | (Value::Blank, Value::Blank) | (Value::Nil, Value::Nil) => true,
        (Value::Empty, other) | (other, Value::Empty) => is_empty(other),
        (Value::Blank, other) | (other, Value::Blank) => is_blank(other),
        (Value::Range(a, b), Value::Range(c, d)) => (a, b) == (c, d),
        (Value::List(_) | Value::Range(..), Value::List(_) | Value::Range(..)) => {
            let pairs = (0..).map_while(|at| left.place(at).zip(right.place(at)));
            left.length() == right.length() && { pairs }.all(|(a, b)| equal(&a, &b))
        }
        (Value::Object(a), Value::Object(b)) => equal_objects(a, b),
        _ => equal_scalars(left, right),
    }
}

/// Whatever the order of their members.
fn equal_objects(left: &Object<'_>, right: &Object<'_>) -> bool {
    let same = |name: &str, value: &Value<'_>| right.get(name).is_some_and(|other| equal(value, &other));
    left.len() == right.len() && left.iter().all(|(name, value)| same(&name, &value))
}

fn equal_scalars(left: &Value<'_>, right: &Value<'_>) -> bool {
    let (Some(one), Some(other)) = (left.scalar(), right.scalar()) else { return false };
    let are_numbers = left.is_number() || right.is_number();
    match left.decimal().zip(right.decimal()).filter(|_| are_numbers) {
        Some((left, right)) => left.compare(right) == Some(Ordering::Equal),
        None => one == other,
    }
}

fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        Value::List(list) => list.len() == 0,
        Value::Object(object) => object.len() == 0,
        _ => false,
    }
}

fn is_blank(value: &Value<'_>) -> bool {
    match value {
        Value::Nil | Value::Bool(false) => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => is_empty(value),
    }
}

/// Which is the greater; none where one of them is missing, or neither text nor a number.
fn order(left: &Value<'_>, right: &Value<'_>) -> Result<Option<Ordering>, Fault> {
    let is_ordered = |value: &Value<'_>| value.is_number() || value.as_text().is_some();
    if !is_ordered(left) || !is_ordered(right) {
        return Ok(None);
    }
    if !left.is_number() && !right.is_number() {
        return Ok(left.as_text().zip(right.as_text()).map(|(left, right)| left.cmp(right)));
    }
    match left.decimal().zip(right.decimal()) {
        Some((one, other)) => Ok(one.compare(other)),
        None if left.is_missing() || right.is_missing() => Ok(None),
        None => {
            let (left, right) = (left.shown(), right.shown());
            Err(Fault::new(format!("{left} and {right} cannot be put in an order: one of them is no number")))
        }
    }
}

/// Text that tells two items apart, for finding doubles in one pass.
pub(super) fn key(value: &Value<'_>, meter: &Meter) -> Result<String, Fault> {
    if let (Value::Number(_), Some(number)) = (value, value.decimal()) {
        return Ok(number.trimmed().to_string());
    }
    if let Some(text) = value.scalar() {
        return Ok(text.to_owned());
    }
    let mut out = Out::value(meter);
    out.json(value)?;
    Ok(out.into_text())
}
