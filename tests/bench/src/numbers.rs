//! Medians, percentiles and the clock.

/// Half and nearly all of a set of times, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spread {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of_micros(micros: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = micros.into_iter().map(|micros| micros / 1000.0).collect();
        sorted.sort_by(f64::total_cmp);
        Self { p50: at(&sorted, 50), p99: at(&sorted, 99), max: sorted.last().copied().unwrap_or_default() }
    }
}

/// The value that so many percent lie at or below.
fn at(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The one in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    at(&values, 50)
}

/// Microseconds since 1970: the clock that the sandbox's ledger shows too.
#[expect(clippy::disallowed_methods, reason = "what is measured here is time itself")]
pub(crate) fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let spread = Spread::of_micros((1..=200).map(|n| f64::from(n) * 1000.0));
        assert_eq!(spread, Spread { p50: 100.0, p99: 198.0, max: 200.0 });
        assert_eq!(Spread::of_micros([]), Spread::default());
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
