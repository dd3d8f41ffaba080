//! Intervals of rates, and the mean and standard deviation of whole numbers, from sums that are
//! exact.
//!
//! Sums of integers are equal in whatever order they are added, on however many threads and
//! machines. So everything that is not yet a result is an integer here, and a float only at the
//! very end.

use ethnum::I256;
use serde::{Deserialize, Serialize};

/// The quantile of the normal distribution that leaves 2.5 % above it.
pub const Z95: f64 = 1.959_963_984_540_054;

/// From where to where a rate can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Interval {
    /// Whether a value is in it. What arithmetic rounds off does not put a value outside.
    pub fn holds(&self, value: f64) -> bool {
        const ROUNDING: f64 = 1e-12;
        self.low - ROUNDING <= value && value <= self.high + ROUNDING
    }

    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// The 95 % interval of a rate of which `hits` in `trials` were seen. Without any trial it is
/// everything.
///
/// Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal
/// of the American Statistical Association 22, 1927. It stays within 0 and 1, and is of use where
/// nothing, or everything, was a hit.
pub fn wilson(hits: u64, trials: u64) -> Interval {
    if trials == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = trials as f64;
    let (rate, z2) = (hits as f64 / n, Z95 * Z95);
    let middle = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    Interval {
        low: if hits == 0 { 0.0 } else { (middle - half).max(0.0) },
        high: if hits >= trials { 1.0 } else { (middle + half).min(1.0) },
    }
}

/// The sums of whole numbers and of their squares. 2³² numbers of any size that an `i64` has cannot
/// overflow them: the first stays below 2⁹⁶, the second below 2¹⁵⁹.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// How many numbers there were.
    pub n: u64,
    /// Their sum.
    #[serde(with = "as_text")]
    pub sum: i128,
    /// The sum of their squares.
    #[serde(with = "as_text")]
    pub squares: I256,
}

impl Sums {
    /// Adds a number.
    pub fn add(&mut self, value: i64) {
        let wide = i128::from(value);
        self.n += 1;
        self.sum += wide;
        self.squares += I256::new(wide * wide);
    }

    /// Adds what others have added up. `None` if that is too much to be true.
    #[must_use]
    pub fn plus(&self, other: &Sums) -> Option<Sums> {
        Some(Sums {
            n: self.n.checked_add(other.n)?,
            sum: self.sum.checked_add(other.sum)?,
            squares: self.squares.checked_add(other.squares)?,
        })
    }

    /// The mean. `None` where there is no number.
    pub fn mean(&self) -> Option<f64> {
        let n = i128::from(self.n);
        (n > 0).then(|| self.sum.div_euclid(n) as f64 + self.sum.rem_euclid(n) as f64 / n as f64)
    }

    /// The standard deviation of a sample (n - 1). `None` where there are fewer than two numbers.
    pub fn sd(&self) -> Option<f64> {
        if self.n < 2 {
            return None;
        }
        // About the mean rounded down, exactly: so nothing is lost where all numbers are large and
        // near each other.
        let n = i128::from(self.n);
        let (middle, rest) = (self.sum.div_euclid(n), self.sum.rem_euclid(n));
        let about = self.squares - I256::new(middle) * I256::new(self.sum + rest);
        let rest = rest as f64;
        let variance = (about.as_f64() - rest * rest / self.n as f64) / (self.n - 1) as f64;
        Some(variance.max(0.0).sqrt())
    }

    /// The 95 % interval of the mean, as a normal distribution has it. `None` where there are too
    /// few numbers to tell.
    pub fn interval(&self) -> Option<Interval> {
        let (mean, sd) = (self.mean()?, self.sd()?);
        let half = Z95 * sd / (self.n as f64).sqrt();
        Some(Interval { low: mean - half, high: mean + half })
    }

    /// Whether a mean in theory is one that these numbers may have come from. True where there are
    /// too few to tell.
    pub fn allow(&self, theory: f64) -> bool {
        const ROUNDING: f64 = 1e-9;
        self.interval().is_none_or(|Interval { low, high }| {
            let rounding = ROUNDING * theory.abs().max(1.0);
            Interval { low: low - rounding, high: high + rounding }.holds(theory)
        })
    }
}

/// Numbers beyond what the readers of JSON hold exactly, written as text.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no whole number of the size wanted here")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(value: f64, expect: f64, digits: f64) {
        assert!((value - expect).abs() < digits, "{value}, expected {expect}");
    }

    #[test]
    fn wilsons_intervals_are_those_of_the_tables() {
        let check = |hits, trials, low, high| {
            let interval = wilson(hits, trials);
            near(interval.low, low, 5e-7);
            near(interval.high, high, 5e-7);
        };
        check(0, 10, 0.0, 0.277533);
        check(5, 10, 0.236593, 0.763407);
        check(10, 10, 0.722467, 1.0);
        check(970, 1_000, 0.957497, 0.978906);
        check(0, 0, 0.0, 1.0);
        assert_eq!((wilson(0, 1_000_000_000).low, wilson(7, 7).high), (0.0, 1.0));
    }

    /// Of all binomial outcomes together, those whose interval holds the rate have a probability of
    /// about 95 %.
    #[test]
    fn wilsons_intervals_cover_as_often_as_they_say() {
        for (n, rate) in [(50_u32, 0.5), (200, 0.1), (1_000, 0.02)] {
            let (mut chance, mut covered) = (libm::pow(1.0 - rate, f64::from(n)), 0.0);
            for hits in 0..=n {
                if wilson(hits.into(), n.into()).holds(rate) {
                    covered += chance;
                }
                chance *= f64::from(n - hits) / f64::from(hits + 1) * rate / (1.0 - rate);
            }
            assert!((0.93..0.97).contains(&covered), "{n} trials of {rate}: {covered}");
        }
    }

    fn sums(values: &[i64]) -> Sums {
        values.iter().fold(Sums::default(), |mut sums, &value| {
            sums.add(value);
            sums
        })
    }

    #[test]
    fn means_and_deviations_are_exact_where_floats_would_lose_them() {
        let check = |values: &[i64], mean, sd: Option<f64>| {
            let sums = sums(values);
            assert_eq!(sums.mean(), mean, "{values:?}");
            match (sums.sd(), sd) {
                (Some(found), Some(sd)) => near(found, sd, 1e-9 * sd.max(1.0)),
                (found, sd) => assert_eq!(found, sd, "{values:?}"),
            }
        };
        check(&[], None, None);
        check(&[7], Some(7.0), None);
        check(&[2, 4, 4, 4, 5, 5, 7, 9], Some(5.0), Some(f64::sqrt(32.0 / 7.0)));
        check(&[-1, 0, 1], Some(0.0), Some(1.0));
        let far = 1 << 62;
        check(&[far, far + 1, far + 2], Some(far as f64), Some(1.0));
        check(&[-far - 1, -far, -far + 1], Some(-far as f64), Some(1.0));
        check(&[i64::MIN, i64::MIN, i64::MIN], Some(i64::MIN as f64), Some(0.0));
        check(&[i64::MIN, i64::MAX], Some(-0.5), Some(f64::powi(2.0, 63) * f64::sqrt(2.0)));
    }

    #[test]
    fn a_mean_is_held_against_theory() {
        let tosses: Vec<i64> = (0..10_000).map(|nth| nth % 2).collect();
        // Half of the interval is 1.96 × 0.5 / 100.
        let sums = sums(&tosses);
        assert!(sums.allow(0.5) && sums.allow(0.509) && !sums.allow(0.511) && !sums.allow(0.489));
        assert!(!super::tests::sums(&[3, 3, 3]).allow(3.1) && super::tests::sums(&[3, 3, 3]).allow(3.0));
    }

    proptest! {
        #[test]
        fn sums_are_the_same_in_parts(values in prop::collection::vec(any::<i64>(), 0..50), cut in any::<prop::sample::Index>()) {
            let cut = cut.index(values.len() + 1);
            let parts = sums(&values[..cut]).plus(&sums(&values[cut..]));
            prop_assert_eq!(parts, Some(sums(&values)));
            let text = serde_json::to_string(&sums(&values)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sums>(&text).unwrap(), sums(&values));
        }
    }
}
