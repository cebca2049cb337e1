//! Arithmetic, exact: `0.1 | plus: 0.2` is `0.3`, and no sum overflows.

use liquid::model::{Value, ValueView};
use liquid_core::error::Result;

use super::super::compare;
use super::{Call, Ours, filter, shown};
use crate::decimal::{Decimal, Rounding};

pub(super) const FILTERS: &[Ours] = &[
    filter("abs", 0, 0, |call| Ok(compare::number(input(call)?.abs()))),
    filter("at_least", 1, 1, |call| extreme(call, std::cmp::Ordering::Less)),
    filter("at_most", 1, 1, |call| extreme(call, std::cmp::Ordering::Greater)),
    filter("ceil", 0, 0, |call| finish(call, input(call)?.rounded(0, Rounding::Up))),
    filter("divided_by", 1, 1, divided_by),
    filter("floor", 0, 0, |call| finish(call, input(call)?.rounded(0, Rounding::Down))),
    filter("minus", 1, 1, |call| finish(call, input(call)?.subtract(operand(call)?))),
    filter("modulo", 1, 1, |call| finish(call, input(call)?.modulo(divisor(call)?))),
    filter("plus", 1, 1, |call| finish(call, input(call)?.add(operand(call)?))),
    filter("round", 0, 1, round),
    filter("times", 1, 1, |call| finish(call, input(call)?.times(operand(call)?))),
];

fn input(call: &Call<'_>) -> Result<Decimal> {
    number(call, call.input)
}

fn operand(call: &Call<'_>) -> Result<Decimal> {
    call.argument(0).map_or(Ok(Decimal::whole(0)), |value| number(call, value))
}

/// A number, or text that reads as one; what is missing or blank counts as zero, as in Liquid.
fn number(call: &Call<'_>, value: &dyn ValueView) -> Result<Decimal> {
    if value.is_nil() || (value.is_scalar() && value.to_kstr().trim().is_empty()) {
        return Ok(Decimal::whole(0));
    }
    compare::decimal(value).ok_or_else(|| call.fault(format!("needs a number, not {}", shown(value))))
}

fn divisor(call: &Call<'_>) -> Result<Decimal> {
    let divisor = operand(call)?;
    if divisor.is_zero() { Err(call.fault("cannot divide by zero")) } else { Ok(divisor) }
}

/// Between whole numbers the quotient is rounded down, as in Liquid.
fn divided_by(call: &Call<'_>) -> Result<Value> {
    let (dividend, divisor) = (input(call)?, divisor(call)?);
    // The constant `4.0` is written `4` again.
    let fraction = |value: &dyn ValueView| value.type_name() == "fractional number";
    let whole = |value: &dyn ValueView| !fraction(value) && !value.to_kstr().contains(['.', 'e', 'E']);
    if whole(call.input) && call.argument(0).is_some_and(whole) {
        let rest = dividend.modulo(divisor);
        let exact = rest.and_then(|rest| dividend.subtract(rest)).and_then(|n| n.divided_by(divisor));
        return finish(call, exact);
    }
    finish(call, dividend.divided_by(divisor))
}

fn round(call: &Call<'_>) -> Result<Value> {
    let places = call.argument_whole(0)?.unwrap_or(0);
    finish(call, input(call)?.rounded(u32::try_from(places).unwrap_or(0), Rounding::Nearest))
}

/// The argument, where the input lies on the given side of it.
fn extreme(call: &Call<'_>, side: std::cmp::Ordering) -> Result<Value> {
    let (input, limit) = (input(call)?, operand(call)?);
    Ok(compare::number(if input.compare(limit) == Some(side) { limit } else { input }))
}

fn finish(call: &Call<'_>, number: Option<Decimal>) -> Result<Value> {
    number.map(compare::number).ok_or_else(|| call.fault("gives a number of more than 38 digits"))
}
