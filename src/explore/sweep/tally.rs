//! What is counted at one point of a grid: integers only, so that parts add up exactly.
//!
//! While a point is run, a [`Tally`] counts. When it is done, [`Counts`] keep it small: a histogram
//! of fixed bounds takes 59 KiB, and its encoding at most 40 KiB a measure, negative values
//! included, since a billion runs cannot fill all its slots with large counts.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer, V2Serializer};
use serde::{Deserialize, Serialize};

use super::distribution::{self, Bin};
use crate::check::Verdict;
use crate::explore::stats::Sums;
use crate::problems::Entry;
use crate::report::Trial;

/// The largest size of a value: that of the least `i64`.
const LARGEST: u64 = 1 << 63;
/// Digits to which a histogram tells values apart; the first 256 are told apart exactly.
const DIGITS: u8 = 2;

/// What is counted of a property. Runs are named by their number, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    /// Runs that violated it.
    pub violated: u64,
    /// Runs that left it unknown.
    pub unknown: u64,
    /// Runs in which it held of nothing: nobody asked for anything, or nothing was promised.
    pub vacuous: u64,
    /// The first run that violated it.
    pub first_violated: Option<u64>,
    /// The first run in which it held.
    pub first_held: Option<u64>,
}

impl Verdicts {
    fn add(&mut self, run: u64, verdict: &Verdict) {
        self.vacuous += u64::from(verdict.is_vacuous());
        let first = match verdict {
            Verdict::Violated { .. } => {
                self.violated += 1;
                &mut self.first_violated
            }
            Verdict::Holds { .. } => &mut self.first_held,
            Verdict::Unknown { .. } => {
                self.unknown += 1;
                return;
            }
        };
        *first = Some(first.map_or(run, |first| first.min(run)));
    }

    fn plus(&self, other: &Verdicts) -> Option<Verdicts> {
        let first = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
        Some(Verdicts {
            violated: self.violated.checked_add(other.violated)?,
            unknown: self.unknown.checked_add(other.unknown)?,
            vacuous: self.vacuous.checked_add(other.vacuous)?,
            first_violated: first(self.first_violated, other.first_violated),
            first_held: first(self.first_held, other.first_held),
        })
    }
}

/// What is counted of a measure.
#[derive(Clone, Debug, Default)]
struct Spread {
    sums: Sums,
    ends: Option<(i64, i64)>,
    /// Sizes of values from 0 upwards.
    above: Option<Histogram<u64>>,
    /// Sizes of values below 0.
    below: Option<Histogram<u64>>,
}

fn histogram() -> Option<Histogram<u64>> {
    // These bounds are within what the crate allows.
    Histogram::new_with_bounds(1, LARGEST, DIGITS).ok()
}

impl Spread {
    fn add(&mut self, value: i64) {
        self.sums.add(value);
        self.ends = Some(self.ends.map_or((value, value), |(min, max)| (min.min(value), max.max(value))));
        let side = if value < 0 { &mut self.below } else { &mut self.above };
        if side.is_none() {
            *side = histogram();
        }
        if let Some(side) = side {
            side.saturating_record(value.unsigned_abs());
        }
    }

    fn plus(mut self, other: Spread) -> Option<Spread> {
        let join = |one: Option<Histogram<u64>>, other: Option<Histogram<u64>>| match (one, other) {
            (Some(mut one), Some(other)) => one.add(other).ok().map(|()| Some(one)),
            (one, other) => Some(one.or(other)),
        };
        self.sums = self.sums.plus(&other.sums)?;
        let ends = [self.ends, other.ends].into_iter().flatten();
        self.ends = ends.reduce(|(min, max), (least, most)| (min.min(least), max.max(most)));
        self.above = join(self.above, other.above)?;
        self.below = join(self.below, other.below)?;
        Some(self)
    }
}

/// The counts of a point while it is run.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) runs: u64,
    verdicts: Vec<Verdicts>,
    spreads: Vec<Spread>,
}

impl Tally {
    pub(super) fn new(entry: &Entry) -> Tally {
        Tally {
            runs: 0,
            verdicts: vec![Verdicts::default(); entry.properties.len()],
            spreads: vec![Spread::default(); entry.measures.len()],
        }
    }

    /// Counts what `run`, the `nth`, came to.
    pub(super) fn add(&mut self, nth: u64, trial: &mut Trial<'_>) {
        self.runs += 1;
        for (verdicts, verdict) in self.verdicts.iter_mut().zip(trial.verdicts()) {
            verdicts.add(nth, &verdict);
        }
        for (spread, value) in self.spreads.iter_mut().zip(trial.values()) {
            if let Some(value) = value {
                spread.add(value);
            }
        }
    }

    /// Joins two counts of one protocol. `None` if together they are too much to be true.
    pub(super) fn plus(self, other: Tally) -> Option<Tally> {
        Some(Tally {
            runs: self.runs.checked_add(other.runs)?,
            verdicts: self
                .verdicts
                .iter()
                .zip(&other.verdicts)
                .map(|(one, other)| one.plus(other))
                .collect::<Option<_>>()?,
            spreads: self
                .spreads
                .into_iter()
                .zip(other.spreads)
                .map(|(one, other)| one.plus(other))
                .collect::<Option<_>>()?,
        })
    }

    pub(super) fn verdicts(&self) -> &[Verdicts] {
        &self.verdicts
    }

    /// The counts made small.
    pub(super) fn counts(&self) -> Counts {
        let values = |spread: &Spread| Values {
            sums: spread.sums,
            min: spread.ends.map(|(min, _)| min),
            max: spread.ends.map(|(_, max)| max),
            above: spread.above.as_ref().map(encoded),
            below: spread.below.as_ref().map(encoded),
        };
        Counts { runs: self.runs, verdicts: self.verdicts.clone(), values: self.spreads.iter().map(values).collect() }
    }
}

/// The counts of a point that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// How many runs there were.
    pub runs: u64,
    /// What was counted of each property, in the protocol's order.
    #[serde(rename = "properties")]
    pub verdicts: Vec<Verdicts>,
    /// What was counted of each measure, in the protocol's order.
    #[serde(rename = "measures")]
    pub values: Vec<Values>,
}

/// What was counted of a measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// The sums.
    #[serde(flatten)]
    pub sums: Sums,
    /// The least value.
    pub min: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
    /// Values from 0 upwards: an HDR histogram, V2, in base 64.
    #[serde(with = "base_64")]
    above: Option<Vec<u8>>,
    /// The sizes of values below 0, in the same way.
    #[serde(with = "base_64")]
    below: Option<Vec<u8>>,
}

impl Counts {
    /// The counts as those that can be added to. `None` where a histogram is not one of ours.
    pub(super) fn tally(&self) -> Option<Tally> {
        let spread = |values: &Values| {
            let (above, below) = (values.above()?, values.below()?);
            Some(Spread { sums: values.sums, ends: values.min.zip(values.max), above, below })
        };
        let spreads = self.values.iter().map(spread).collect::<Option<_>>()?;
        Some(Tally { runs: self.runs, verdicts: self.verdicts.clone(), spreads })
    }
}

impl Values {
    /// The values from 0 upwards: the inner is `None` where there are none, the outer where they
    /// are not counted as here.
    pub(super) fn above(&self) -> Option<Option<Histogram<u64>>> {
        decoded(self.above.as_deref())
    }

    /// The sizes of the values below 0, in the same way.
    pub(super) fn below(&self) -> Option<Option<Histogram<u64>>> {
        decoded(self.below.as_deref())
    }

    /// The values below which a share of all lies, each share a percentage, to two digits. The ends
    /// are exact.
    pub(super) fn percentiles<const N: usize>(&self, percents: [u64; N]) -> [Option<i64>; N] {
        let (Some(above), Some(below)) = (self.above(), self.below()) else {
            return [None; N];
        };
        let (Some(min), Some(max)) = (self.min, self.max) else { return [None; N] };
        let negative = below.as_ref().map_or(0, Histogram::len);
        percents.map(|percent| {
            // The rank, from 1, of the first value that has so many others at or below it.
            let rank = (u128::from(self.sums.n) * u128::from(percent)).div_ceil(100).max(1) as u64;
            let value = match rank.checked_sub(negative) {
                None | Some(0) => i128::from(at_rank(below.as_ref()?, negative + 1 - rank)).checked_neg()?,
                Some(rank) => i128::from(at_rank(above.as_ref()?, rank)),
            };
            Some(value.clamp(min.into(), max.into()) as i64)
        })
    }
}

impl Values {
    /// How the values are distributed, from the least to the greatest.
    pub(super) fn bins(&self) -> Vec<Bin> {
        let (Some(above), Some(below)) = (decoded(self.above.as_deref()), decoded(self.below.as_deref())) else {
            return Vec::new();
        };
        let Some((min, max)) = self.min.zip(self.max) else { return Vec::new() };
        distribution::bins(below.as_ref(), above.as_ref(), min, max)
    }
}

/// The value of this rank, counted from 1.
fn at_rank(histogram: &Histogram<u64>, rank: u64) -> u64 {
    let mut seen = 0;
    let reached = histogram.iter_recorded().find(|step| {
        seen += step.count_since_last_iteration();
        seen >= rank
    });
    reached.map_or(0, |step| step.value_iterated_to())
}

fn encoded(histogram: &Histogram<u64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail, and no count is beyond what the format holds.
    let _ = V2Serializer::new().serialize(histogram, &mut bytes);
    bytes
}

/// Reads a histogram back: the inner is nothing where there was none, the outer where it is not one
/// of ours.
fn decoded(bytes: Option<&[u8]>) -> Option<Option<Histogram<u64>>> {
    let Some(mut bytes) = bytes else { return Some(None) };
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut bytes).ok()?;
    let is_ours = (histogram.low(), histogram.high(), histogram.sigfig()) == (1, LARGEST, DIGITS);
    (is_ours && bytes.is_empty() && !histogram.is_empty()).then_some(Some(histogram))
}

/// Bytes as text in base 64.
mod base_64 {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{BASE64_STANDARD, Engine};

    pub(super) fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(|bytes| BASE64_STANDARD.encode(bytes)).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| BASE64_STANDARD.decode(text).map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally(values: &[i64]) -> Tally {
        let mut spread = Spread::default();
        values.iter().for_each(|&value| spread.add(value));
        Tally { runs: values.len() as u64, verdicts: Vec::new(), spreads: vec![spread] }
    }

    fn percentiles(values: &[i64]) -> [Option<i64>; 4] {
        tally(values).counts().values[0].percentiles([1, 50, 99, 100])
    }

    #[test]
    fn percentiles_run_through_zero() {
        let check = |values: &[i64], expect: [i64; 4]| assert_eq!(percentiles(values), expect.map(Some), "{values:?}");
        check(&[5], [5; 4]);
        check(&[-3, -2, -1, 0, 1, 2, 3], [-3, 0, 3, 3]);
        check(&[-100, -50], [-100, -100, -50, -50]);
        check(&(-50..50).collect::<Vec<i64>>(), [-50, -1, 48, 49]);
        check(&[i64::MIN, i64::MAX], [i64::MIN, i64::MIN, i64::MAX, i64::MAX]);
        assert_eq!(percentiles(&[]), [None; 4]);
    }

    #[test]
    fn counts_of_a_finished_point_are_small() {
        // A value in every slot, on both sides, as often as a billion runs can.
        let spread = |sign: i64| {
            let slots = histogram().unwrap();
            let mut at = 0;
            std::iter::from_fn(move || {
                let value = at;
                at = slots.next_non_equivalent(at);
                (value < LARGEST && at > value).then(|| sign * value as i64)
            })
        };
        let mut full = Spread::default();
        for value in spread(1).chain(spread(-1)) {
            let side = if value < 0 { &mut full.below } else { &mut full.above };
            side.get_or_insert_with(|| histogram().unwrap()).record_n(value.unsigned_abs(), 70_000).unwrap();
        }
        let bytes = [&full.above, &full.below].map(|side| encoded(side.as_ref().unwrap()).len());
        assert!(bytes.iter().sum::<usize>() <= 64 * 1024, "{bytes:?}");
        assert!(full.above.unwrap().distinct_values() * 8 <= 64 * 1024);
    }

    #[test]
    fn a_histogram_that_is_not_ours_is_refused() {
        let counts = tally(&[1, 2, 3]).counts();
        let check = |change: fn(&mut Values)| {
            let mut counts = counts.clone();
            change(&mut counts.values[0]);
            assert!(counts.tally().is_none(), "{counts:?}");
        };
        assert!(counts.tally().is_some());
        check(|values| values.above = Some(vec![1, 2, 3]));
        check(|values| values.above = Some(encoded(&Histogram::new_with_bounds(1, LARGEST, 3).unwrap())));
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(values in prop::collection::vec(any::<i64>(), 0..60), cut in any::<prop::sample::Index>()) {
            let cut = cut.index(values.len() + 1);
            let text = |values: &[i64]| serde_json::to_string(&tally(values).counts()).unwrap();
            let read = |text: &str| serde_json::from_str::<Counts>(text).unwrap().tally().unwrap();
            let (one, other) = (text(&values[..cut]), text(&values[cut..]));
            let joined = read(&one).plus(read(&other)).unwrap();
            prop_assert_eq!(serde_json::to_string(&joined.counts()).unwrap(), text(&values));
        }

        #[test]
        fn percentiles_are_near_those_of_a_sorted_list(mut values in prop::collection::vec(-1_000_000_i64..1_000_000, 1..200)) {
            let found = percentiles(&values);
            values.sort_unstable();
            for (percent, found) in [1, 50, 99, 100].into_iter().zip(found) {
                let exact = values[(values.len() * percent).div_ceil(100).max(1) - 1];
                let found = found.unwrap();
                prop_assert!((found - exact).abs() <= exact.abs() / 100 + 1, "{percent}: {found}, exactly {exact}");
            }
        }
    }
}
