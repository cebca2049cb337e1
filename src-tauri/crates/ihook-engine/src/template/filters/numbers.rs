//! Arithmetic, exact: `0.1 | plus: 0.2` is `0.3`, and no sum overflows.

use std::cmp::Ordering;

use super::super::value::Value;
use super::{Call, Filter, Result, filter, is_fraction};
use crate::decimal::{Decimal, Rounding};

pub(super) const FILTERS: &[Filter] = &[
    filter("abs", 0, 0, |call| Ok(Value::Number(input(call)?.abs().to_string().into()))),
    filter("at_least", 1, 1, |call| extreme(call, Ordering::Less)),
    filter("at_most", 1, 1, |call| extreme(call, Ordering::Greater)),
    filter("ceil", 0, 0, |call| finish(call, input(call)?.rounded(0, Rounding::Up), false)),
    filter("divided_by", 1, 1, divided_by),
    filter("floor", 0, 0, |call| finish(call, input(call)?.rounded(0, Rounding::Down), false)),
    filter("minus", 1, 1, |call| of_two(call, Decimal::subtract)),
    filter("modulo", 1, 1, |call| {
        divisor(call)?;
        of_two(call, Decimal::modulo)
    }),
    filter("plus", 1, 1, |call| of_two(call, Decimal::add)),
    filter("round", 0, 1, round),
    filter("sum", 0, 1, sum),
    filter("times", 1, 1, |call| of_two(call, Decimal::times)),
];

fn input(call: &Call<'_, '_>) -> Result<Decimal> {
    number(call, &call.input)
}

fn operand(call: &Call<'_, '_>) -> Result<Decimal> {
    call.argument(0).map_or(Ok(Decimal::whole(0)), |value| number(call, value))
}

/// A number, or text that reads as one; what is missing or blank counts as zero, as in Liquid.
fn number(call: &Call<'_, '_>, value: &Value<'_>) -> Result<Decimal> {
    if value.is_missing() {
        return Ok(Decimal::whole(0));
    }
    value.decimal().ok_or_else(|| call.fault(format!("needs a number, not {}", value.shown())))
}

fn divisor(call: &Call<'_, '_>) -> Result<Decimal> {
    let divisor = operand(call)?;
    if divisor.is_zero() { Err(call.fault("cannot divide by zero")) } else { Ok(divisor) }
}

/// Whether one of the two numbers was written with a fraction: then the result is, too.
fn has_fraction(call: &Call<'_, '_>) -> bool {
    is_fraction(&call.input) || call.argument(0).is_some_and(is_fraction)
}

fn of_two<'r>(call: &Call<'_, 'r>, work: fn(Decimal, Decimal) -> Option<Decimal>) -> Result<Value<'r>> {
    finish(call, work(input(call)?, operand(call)?), has_fraction(call))
}

/// Between whole numbers the quotient is rounded down, as in Liquid; else it has 16 digits, or as many as it
/// takes to be exact.
fn divided_by<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    const DIGITS: u32 = 16;
    let (dividend, divisor) = (input(call)?, divisor(call)?);
    if !has_fraction(call) {
        let rest = dividend.modulo(divisor);
        let exact = rest.and_then(|rest| dividend.subtract(rest)).and_then(|n| n.divided_by(divisor));
        return finish(call, exact, false);
    }
    let quotient = dividend.divided_by(divisor).and_then(|quotient| match quotient.trimmed().digits() {
        (whole, places) if whole < DIGITS && whole + places > DIGITS => {
            quotient.rounded(DIGITS - whole, Rounding::Nearest)
        }
        _ => Some(quotient),
    });
    finish(call, quotient, true)
}

/// To so many places after the point (none), or to tens and hundreds where that is negative.
fn round<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let places = operand(call)?.rounded(0, Rounding::Down).and_then(Decimal::to_whole).unwrap_or(0);
    let places = i32::try_from(places.clamp(-40, 40)).unwrap_or(0);
    let number = input(call)?;
    if places >= 0 {
        let is_fraction = places > 0 && is_fraction(&call.input);
        return finish(call, number.rounded(places.unsigned_abs(), Rounding::Nearest), is_fraction);
    }
    let step = Decimal::parse(&format!("1e{}", -places));
    let tens = step.and_then(|step| number.divided_by(step)?.rounded(0, Rounding::Nearest)?.times(step));
    // A step beyond 38 digits is greater than any number.
    finish(call, tens.or(Some(Decimal::whole(0))), false)
}

/// The argument, where the input lies on the given side of it.
fn extreme<'r>(call: &Call<'_, 'r>, side: Ordering) -> Result<Value<'r>> {
    let (input, limit) = (input(call)?, operand(call)?);
    let number = if input.compare(limit) == Some(side) { limit } else { input };
    Ok(Value::Number(number.to_string().into()))
}

fn sum<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let mut total = Some(Decimal::whole(0));
    let mut has_fraction = false;
    for item in call.items()? {
        let value = match call.argument(0).filter(|property| !property.is_nil()) {
            Some(property) => call.property(&item, property)?,
            None => item,
        };
        has_fraction |= is_fraction(&value);
        let number = number(call, &value)?;
        total = total.and_then(|total| total.add(number));
    }
    finish(call, total, has_fraction)
}

/// A number without zeros at its end, but for the one that tells a fraction.
fn finish<'r>(call: &Call<'_, 'r>, number: Option<Decimal>, is_fraction: bool) -> Result<Value<'r>> {
    let number = number.ok_or_else(|| call.fault("gives a number of more than 38 digits"))?;
    let mut text = number.trimmed().to_string();
    if is_fraction && !text.contains('.') {
        text.push_str(".0");
    }
    Ok(Value::Number(text.into()))
}
