//! Equality as JSON Schema has it (`1` is `1.0`, members in any order), every comparison paid for.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use serde_json::{Number, Value};

use super::meter::spend;

/// Digits beyond which the validator does not calculate exactly.
const MAX_DIGITS: u64 = 10_000;

/// Looks for a number that is calculated with: what a machine calculates with is free, others cost the square of
/// their digits.
pub(super) fn weight(number: &Number) -> u64 {
    let text = number.as_str();
    if text.len() <= 20 && !text.contains(['e', 'E']) {
        return 0;
    }
    let written = Written::of(text);
    let digits = written.digits.len() as u64 + written.exponent.unsigned_abs();
    text.len() as u64 / 16 + digits.min(MAX_DIGITS).pow(2) / 256
}

/// A number by its digits, the same for all that are equal: without zeros at either end, and by how many places the
/// point stands behind them.
#[derive(PartialEq, Eq, Hash)]
struct Written {
    is_negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Written {
    fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let most = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = exponent.parse::<i64>().unwrap_or(most);
        let unsigned = mantissa.trim_start_matches('-');
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut digits: Vec<u8> =
            whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        digits.truncate(digits.len() - zeros);
        if digits.is_empty() {
            return Self { is_negative: false, digits, exponent: 0 };
        }
        let places = zeros as i64 - fraction.len() as i64;
        Self { is_negative: mantissa.starts_with('-'), digits, exponent: exponent.saturating_add(places) }
    }
}

/// Whether two values are the same.
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    spend(1);
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| equal(one, other)))
        }
        (Value::String(one), Value::String(other)) => {
            spend(if one.len() == other.len() { one.len() as u64 / 64 } else { 0 });
            one == other
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_str(), other.as_str());
            spend((one.len() + other.len()) as u64 / 16);
            one == other || Written::of(one) == Written::of(other)
        }
        (one, other) => one == other,
    }
}

/// Whether no two of these values are the same. Values of one hash are compared, and paid for.
pub(super) fn are_unique(items: &[Value]) -> bool {
    let keys = RandomState::new();
    let mut seen: HashMap<u64, Vec<&Value>> = HashMap::with_capacity(items.len());
    items.iter().all(|item| {
        let alike = seen.entry(hash(item, &keys)).or_default();
        let is_new = !alike.iter().any(|known| equal(known, item));
        alike.push(item);
        is_new
    })
}

/// The same for values that are the same.
fn hash(value: &Value, keys: &RandomState) -> u64 {
    spend(1);
    let mut hasher = keys.build_hasher();
    std::mem::discriminant(value).hash(&mut hasher);
    match value {
        Value::Null => {}
        Value::Bool(flag) => flag.hash(&mut hasher),
        Value::Number(number) => {
            spend(number.as_str().len() as u64 / 16);
            Written::of(number.as_str()).hash(&mut hasher);
        }
        Value::String(text) => {
            spend(text.len() as u64 / 64);
            text.hash(&mut hasher);
        }
        Value::Array(items) => items.iter().for_each(|item| hash(item, keys).hash(&mut hasher)),
        Value::Object(members) => {
            // In any order: a sum, of which nobody outside can make two alike.
            let sum = members.iter().fold(0_u64, |sum, (name, member)| {
                spend(name.len() as u64 / 64);
                sum.wrapping_add(keys.hash_one((name, hash(member, keys))))
            });
            sum.hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::meter::{self, Rates};
    use super::*;

    const RATES: Rates =
        Rates { text: 1, name: 0, silent: 0, error: 300, level: 0, lists_members: false, keeps_first: true };

    fn check(items: &str, unique: bool) {
        let items: Vec<Value> = serde_json::from_str(items).unwrap();
        let found = meter::run(items.len() as u64, RATES, || are_unique(&items));
        assert_eq!(found.ok(), Some(unique), "{items:?}");
    }

    #[test]
    fn values_are_the_same_whatever_way_they_are_written() {
        check("[]", true);
        check("[1, 2, \"1\", true, null, [1], {\"a\": 1}]", true);
        check("[1, 1.0]", false);
        check("[0, -0.0]", false);
        check("[100, 1e2]", false);
        check("[10e-39, 1e-38]", false);
        check("[0e100, 0]", false);
        check("[-1, 1]", true);
        check("[1e400, 1E+400]", false);
        check("[1e400, 1e401]", true);
        check("[123456789012345678901234567890, 123456789012345678901234567891]", true);
        check("[{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1}]", false);
        check("[{\"a\": 1}, {\"b\": 1}, {\"a\": 1, \"b\": 1}, {}]", true);
        check("[[1, 2], [2, 1]]", true);
        check("[\"a\", \"a\"]", false);
    }

    #[test]
    fn what_takes_long_is_paid_for() {
        let ends = |items: Vec<Value>| meter::run(items.len() as u64, RATES, || are_unique(&items)).is_err();
        let digits = "1".repeat(100);
        let number = |n: u32| serde_json::from_str(&format!("{digits}{n}")).unwrap();
        assert!(!ends((0..20_000).map(number).collect()), "each is looked at once");
        let text = |n: usize| json!("x".repeat(2_000_000 + n));
        assert!(ends((0..40).map(text).collect()), "read once each, 80 MB");
        let weight = |text: &str| weight(&serde_json::from_str(text).unwrap());
        assert_eq!(["7", "-12.50", "12345678901234567890"].map(weight), [0, 0, 0]);
        assert!(weight("1e9999") > 100_000 && weight("1e-9999") > 100_000, "its zeros are written out");
        assert!(weight(&digits.repeat(100)) > 100_000);
    }
}
