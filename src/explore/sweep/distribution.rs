//! How a measure was distributed over the runs of a point: in how many of them it had which value.
//!
//! Values up to 255 are told apart exactly, larger ones to two digits: a bin then stands for the
//! values that a histogram counts as one. Counts stay exact, so that the share of runs with at
//! least so much can be read off at any bin's end.

use hdrhistogram::Histogram;
use serde_json::{Value as Json, json};

use crate::explore::stats::{Interval, wilson};

/// More bins than this are joined with their neighbours, so that a point of a sweep stays small.
pub const MOST_BINS: usize = 64;

/// The runs in which a measure had one of these values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// The least of the values.
    pub low: i64,
    /// The greatest of them.
    pub high: i64,
    /// How many runs there were.
    pub runs: u64,
}

impl Bin {
    /// The bin as JSON: `[low, high, runs]`.
    pub fn to_json(self) -> Json {
        json!([self.low, self.high, self.runs])
    }
}

/// A bin with the runs in which the measure was in it or above it.
#[derive(Clone, Copy, Debug)]
pub struct Tail {
    /// The bin.
    pub bin: Bin,
    /// The runs in which the measure was at least the bin's least value.
    pub at_least: u64,
    /// The share of these among the runs in which the measure is defined.
    pub share: f64,
    /// The 95 % interval of that share.
    pub interval: Interval,
}

/// The bins from the least value to the greatest, each with the share of runs from there on.
pub fn tails(bins: &[Bin]) -> Vec<Tail> {
    let n: u64 = bins.iter().map(|bin| bin.runs).sum();
    let mut below = 0;
    let tail = |&bin: &Bin| {
        let at_least = n - below;
        below += bin.runs;
        Tail { bin, at_least, share: at_least as f64 / n as f64, interval: wilson(at_least, n) }
    };
    bins.iter().map(tail).collect()
}

/// The bins of values that lie between `min` and `max`: those of the sizes of values below zero,
/// and those of values from zero upwards.
pub(super) fn bins(below: Option<&Histogram<u64>>, above: Option<&Histogram<u64>>, min: i64, max: i64) -> Vec<Bin> {
    let negative = below.into_iter().flat_map(sizes).map(|(low, high, runs)| (-high, -low, runs));
    let mut all: Vec<(i128, i128, u64)> = negative.collect();
    all.reverse();
    all.extend(above.into_iter().flat_map(sizes));
    let held = |value: i128| value.clamp(min.into(), max.into()) as i64;
    let bin = |(low, high, runs)| Bin { low: held(low), high: held(high), runs };
    joined(all.into_iter().map(bin).collect())
}

/// The ranges of sizes that a histogram has counted, from the least, each with its count.
fn sizes(histogram: &Histogram<u64>) -> impl Iterator<Item = (i128, i128, u64)> {
    histogram.iter_recorded().map(|step| {
        let size = step.value_iterated_to();
        let (low, high) = (histogram.lowest_equivalent(size), histogram.highest_equivalent(size));
        (i128::from(low), i128::from(high), step.count_at_value())
    })
}

/// Joins neighbours, as many to each, until there are at most [`MOST_BINS`].
fn joined(bins: Vec<Bin>) -> Vec<Bin> {
    let each = bins.len().div_ceil(MOST_BINS).max(1);
    let join = |part: &[Bin]| {
        let (first, last) = (part.first()?, part.last()?);
        Some(Bin { low: first.low, high: last.high, runs: part.iter().map(|bin| bin.runs).sum() })
    };
    bins.chunks(each).filter_map(join).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histogram(values: impl Iterator<Item = u64>) -> Option<Histogram<u64>> {
        let mut histogram = Histogram::new_with_bounds(1, 1 << 63, 2).unwrap();
        values.for_each(|value| histogram.record(value).unwrap());
        (!histogram.is_empty()).then_some(histogram)
    }

    fn of(values: &[i64]) -> Vec<Bin> {
        let below = histogram(values.iter().filter(|&&value| value < 0).map(|value| value.unsigned_abs()));
        let above = histogram(values.iter().filter(|&&value| value >= 0).map(|value| value.unsigned_abs()));
        let (min, max) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
        bins(below.as_ref(), above.as_ref(), min, max)
    }

    #[test]
    fn small_values_have_a_bin_each() {
        let bin = |value, runs| Bin { low: value, high: value, runs };
        assert_eq!(of(&[2, 0, 0, -1, 1, 2, 2]), [bin(-1, 1), bin(0, 2), bin(1, 1), bin(2, 3)]);
        assert_eq!(of(&[]), []);
    }

    #[test]
    fn the_share_of_at_least_two_can_be_read_off() {
        let read_off = tails(&of(&[0, 0, 0, 0, 0, 0, 1, 1, 2, 3]));
        let read: Vec<(i64, u64, f64)> =
            read_off.iter().map(|tail| (tail.bin.low, tail.at_least, tail.share)).collect();
        assert_eq!(read, [(0, 10, 1.0), (1, 4, 0.4), (2, 2, 0.2), (3, 1, 0.1)]);
        assert!(read_off[2].interval.holds(0.2) && read_off[2].interval.high < 0.6);
    }

    proptest! {
        #[test]
        fn every_run_is_in_one_bin(values in prop::collection::vec(any::<i64>(), 1..400)) {
            let bins = of(&values);
            prop_assert!(bins.len() <= MOST_BINS);
            prop_assert_eq!(bins.iter().map(|bin| bin.runs).sum::<u64>(), values.len() as u64);
            prop_assert!(bins.iter().all(|bin| bin.low <= bin.high));
            prop_assert!(bins.windows(2).all(|pair| pair[0].high < pair[1].low));
            for bin in &bins {
                let inside = values.iter().filter(|&&value| (bin.low..=bin.high).contains(&value)).count();
                prop_assert_eq!(inside as u64, bin.runs, "{:?}", bin);
            }
        }
    }
}
