//! Exact decimal numbers of up to 38 digits: no amount ever passes through binary fractions.

use std::cmp::Ordering;
use std::fmt;

/// `units / 10^scale`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal {
    units: i128,
    scale: u32,
}

impl Decimal {
    /// Reads `12`, `-0.50`, `.5`, `1e3`; `None` for anything else and for more than 38 digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = whole.len() + fraction.len();
        let plain = whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        if !plain || digits == 0 || digits > 60 || exponent.abs() > 60 {
            return None;
        }
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        let units = if number.starts_with('-') { -units } else { units };
        let scale = i32::try_from(fraction.len()).ok()? - exponent;
        let (units, scale) = match u32::try_from(scale) {
            Ok(scale) => (units, scale),
            Err(_) => (units.checked_mul(power(scale.unsigned_abs())?)?, 0),
        };
        (units.unsigned_abs() < 10_u128.pow(38) && scale <= 38).then_some(Self { units, scale })
    }

    pub(crate) fn whole(number: i64) -> Self {
        Self { units: i128::from(number), scale: 0 }
    }

    /// Without the zeros at the end of its fraction.
    pub(crate) fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The number itself, where it has no fraction and fits.
    pub(crate) fn to_whole(self) -> Option<i64> {
        let trimmed = self.trimmed();
        (trimmed.scale == 0).then_some(())?;
        i64::try_from(trimmed.units).ok()
    }

    /// Digits before the point (none for a mere fraction) and after it.
    pub(crate) fn digits(self) -> (u32, u32) {
        let whole = self.units.unsigned_abs() / 10_u128.pow(self.scale.min(38));
        (if whole == 0 { 0 } else { whole.ilog10() + 1 }, self.scale)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.units == 0
    }

    pub(crate) fn is_negative(self) -> bool {
        self.units < 0
    }

    pub(crate) fn abs(self) -> Self {
        Self { units: self.units.abs(), ..self }
    }

    pub(crate) fn add(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        Self::bounded(left.checked_add(right)?, scale)
    }

    pub(crate) fn subtract(self, other: Self) -> Option<Self> {
        self.add(Self { units: -other.units, ..other })
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let (left, right) = (self.trimmed(), other.trimmed());
        Self::bounded(left.units.checked_mul(right.units)?, left.scale + right.scale)
    }

    /// Divides, to at least 16 places after the point; `None` for a division by zero.
    pub(crate) fn divided_by(self, other: Self) -> Option<Self> {
        const PLACES: u32 = 16;
        let (left, right, _) = self.trimmed().aligned(other.trimmed())?;
        let quotient = left.checked_mul(power(PLACES)?)?.checked_div(right)?;
        Self::bounded(quotient, PLACES).map(Self::trimmed)
    }

    /// What is left of a division that rounds down, as Liquid's `modulo`; its sign is the divisor's.
    pub(crate) fn modulo(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        let rest = left.checked_rem(right)?;
        let rest = if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest };
        Self::bounded(rest, scale)
    }

    /// Cuts to `places` after the point: towards `direction`, or to the nearest, halves away from zero.
    pub(crate) fn rounded(self, places: u32, direction: Rounding) -> Option<Self> {
        if self.scale <= places {
            return Some(self);
        }
        let step = power(self.scale - places)?;
        let (down, rest) = (self.units.div_euclid(step), self.units.rem_euclid(step));
        let up = match direction {
            Rounding::Down => false,
            Rounding::Up => rest > 0,
            Rounding::Nearest if self.units < 0 => rest * 2 > step,
            Rounding::Nearest => rest * 2 >= step,
        };
        Some(Self { units: down + i128::from(up), scale: places })
    }

    fn bounded(units: i128, scale: u32) -> Option<Self> {
        let number = Self { units, scale };
        if scale > 38 { Some(number.trimmed()).filter(|n| n.scale <= 38) } else { Some(number) }
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let raise = |n: Self| n.units.checked_mul(power(scale - n.scale)?);
        Some((raise(self)?, raise(other)?, scale))
    }

    /// Compares by value; `None` only where the two cannot be brought to one scale.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        let (left, right, _) = self.trimmed().aligned(other.trimmed())?;
        Some(left.cmp(&right))
    }
}

/// Which way a number is cut.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rounding {
    Down,
    Up,
    Nearest,
}

fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.units.unsigned_abs().to_string();
        let sign = if self.units < 0 { "-" } else { "" };
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn check(result: Option<Decimal>, expected: &str) {
        assert_eq!(result.map(|n| n.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn text_is_read_and_written_with_its_digits() {
        for (text, expected) in [
            ("12", "12"),
            ("-0.50", "-0.50"),
            ("+7", "7"),
            (".5", "0.5"),
            ("007", "7"),
            ("1e3", "1000"),
            ("1.25E-2", "0.0125"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ] {
            check(Decimal::parse(text), expected);
        }
        for text in ["", "-", ".", "1.2.3", "1,000", "0x1", "1e", "1e999", "NaN", "--1", "１"] {
            assert!(Decimal::parse(text).is_none(), "{text:?} is no number");
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        check(number("0.1").add(number("0.2")), "0.3");
        check(number("1").subtract(number("0.01")), "0.99");
        check(number("19.99").times(number("3")), "59.97");
        check(number("1").divided_by(number("4")), "0.25");
        check(number("10").divided_by(number("3")), "3.3333333333333333");
        check(number("-7").modulo(number("3")), "2");
        check(number("7.5").modulo(number("2")), "1.5");
        check(number("2.5").rounded(0, Rounding::Nearest), "3");
        check(number("-2.5").rounded(0, Rounding::Nearest), "-3");
        check(number("-2.5").rounded(0, Rounding::Up), "-2");
        check(number("-2.5").rounded(0, Rounding::Down), "-3");
        assert!(number("1").divided_by(number("0")).is_none(), "nothing is divided by zero");
        assert_eq!(number("1.50").compare(number("1.5")), Some(Ordering::Equal));
        assert_eq!(number("120.30").digits(), (3, 2));
    }
}
