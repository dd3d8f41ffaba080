//! Whether the counts of a part can have been counted: what is said of one thing in several fields
//! must agree.
//!
//! A checksum tells that a file was damaged; this tells in which field, and finds what was wrong
//! before it was written.

use std::ops::Range;

use ethnum::I256;
use hdrhistogram::Histogram;

use super::tally::{Counts, Values, Verdicts};

/// A field that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nonsense {
    /// Its path in the file: `points[0].measures[1].sum`.
    pub(super) field: String,
    /// Why it cannot be.
    pub(super) why: String,
}

type Sense = Result<(), Nonsense>;

/// Fails with the first of these that is not so.
fn all(checks: impl IntoIterator<Item = (bool, &'static str, String)>) -> Sense {
    match checks.into_iter().find(|(holds, ..)| !holds) {
        None => Ok(()),
        Some((_, field, why)) => Err(Nonsense { field: field.to_owned(), why }),
    }
}

fn below(place: &str, sense: Sense) -> Sense {
    sense.map_err(|Nonsense { field, why }| Nonsense { field: format!("{place}.{field}"), why })
}

/// Whether a point's counts can be those of these runs. The protocol has so many properties and
/// measures.
pub(super) fn point(counts: &Counts, runs: &Range<u64>, properties: usize, measures: usize) -> Sense {
    let (has, wants) = (counts.verdicts.len(), counts.values.len());
    all([
        (counts.runs == runs.end - runs.start, "runs", {
            format!("is {}, and such a part has {}", counts.runs, runs.end - runs.start)
        }),
        (has == properties, "properties", format!("has {has} rows, and the protocol has {properties} properties")),
        (wants == measures, "measures", format!("has {wants} rows, and the protocol has {measures} measures")),
    ])?;
    for (index, verdicts) in counts.verdicts.iter().enumerate() {
        below(&format!("properties[{index}]"), property(verdicts, runs))?;
    }
    for (index, values) in counts.values.iter().enumerate() {
        below(&format!("measures[{index}]"), measure(values, counts.runs))?;
    }
    Ok(())
}

/// Whether a property can have had these verdicts in these runs.
fn property(verdicts: &Verdicts, runs: &Range<u64>) -> Sense {
    let &Verdicts { violated, unknown, vacuous, first_violated, first_held } = verdicts;
    let all_runs = runs.end - runs.start;
    let is_within = violated.checked_add(unknown).is_some_and(|some| some <= all_runs);
    all([(is_within, "violated", format!("is {violated}, with {unknown} unknown, of {all_runs} runs"))])?;
    let held = all_runs - violated - unknown;
    all([(vacuous <= held, "vacuous", format!("is {vacuous}, and it held in {held} runs"))])?;
    first("first_violated", first_violated, violated, runs)?;
    first("first_held", first_held, held, runs)?;
    all([
        (first_violated.is_none() || first_violated != first_held, "first_held", {
            "is the run that `first_violated` is too".to_owned()
        }),
        // Before the first run that is known to be either, all are unknown.
        (
            first_violated.into_iter().chain(first_held).min().is_none_or(|first| first - runs.start <= unknown),
            "unknown",
            { format!("is {unknown}, and more runs than that are before the first whose verdict is known") },
        ),
    ])
}

/// Checks that `first` can be the first of the `count` runs that had this verdict.
fn first(field: &'static str, first: Option<u64>, count: u64, runs: &Range<u64>) -> Sense {
    let Some(run) = first else {
        return all([(count == 0, field, format!("is not there, and {count} runs are counted"))]);
    };
    let range = || format!("the part has the runs from {} to {}", runs.start, runs.end.saturating_sub(1));
    all([
        (count > 0, field, format!("is {run}, and no such run is counted")),
        (runs.contains(&run), field, format!("is {run}, and {}", range())),
        (count <= runs.end.saturating_sub(run), field, format!("is {run}, which leaves no room for {count} runs")),
    ])
}

/// Whether a measure can have had these values in so many runs.
fn measure(values: &Values, runs: u64) -> Sense {
    let sums = &values.sums;
    let n = sums.n;
    all([(n <= runs, "n", format!("is {n}, of {runs} runs"))])?;
    let ends = match (values.min, values.max) {
        (None, None) => None,
        (Some(min), Some(max)) => Some((min, max)),
        (None, _) => return all([(false, "min", "is not there, and `max` is".to_owned())]),
        (_, None) => return all([(false, "max", "is not there, and `min` is".to_owned())]),
    };
    let Some((min, max)) = ends else {
        return all([
            (n == 0, "min", format!("is not there, and there are {n} values")),
            (sums.sum == 0, "sum", format!("is {} of no values", sums.sum)),
            (sums.squares == I256::ZERO, "squares", format!("is {} of no values", sums.squares)),
            (
                values.above().is_some_and(|side| side.is_none()),
                "above",
                "counts values where there are none".to_owned(),
            ),
            (
                values.below().is_some_and(|side| side.is_none()),
                "below",
                "counts values where there are none".to_owned(),
            ),
        ]);
    };
    all([
        (n > 0, "n", "is 0, and there are a least and a greatest value".to_owned()),
        (min <= max, "min", format!("is {min}, more than `max`, which is {max}")),
    ])?;
    let (least, most) = (i128::from(min) * i128::from(n), i128::from(max) * i128::from(n));
    all([((least..=most).contains(&sums.sum), "sum", {
        format!("is {}, and {n} values from {min} to {max} make {least} to {most}", sums.sum)
    })])?;
    squares(values, min, max)?;
    histograms(values, min, max)
}

/// Whether the squares can be those of values with these ends and this sum.
fn squares(values: &Values, min: i64, max: i64) -> Sense {
    let sums = &values.sums;
    let n = I256::from(sums.n);
    let square = |value: i128| I256::new(value) * I256::new(value);
    let largest = square(i128::from(min)).max(square(i128::from(max)));
    let said = |what: &str| format!("is {}, {what}", sums.squares);
    // What is larger than this could not be multiplied below.
    all([(I256::ZERO <= sums.squares && sums.squares <= n * largest, "squares", said("and such values have less"))])?;
    all([
        // Cauchy and Schwarz: the square of a sum is at most n times the sum of the squares.
        (square(sums.sum) <= n * sums.squares, "squares", said("and values of this sum have more")),
        // A number is odd where its square is.
        ((I256::new(sums.sum) ^ sums.squares) & I256::ONE == I256::ZERO, "squares", {
            said("of which the sum is odd and this even, or the other way round")
        }),
    ])
}

/// Whether the histograms count as many values, with the same ends.
fn histograms(values: &Values, min: i64, max: i64) -> Sense {
    let (above, below) = (values.above(), values.below());
    all([
        (above.is_some(), "above", "is no histogram of ours".to_owned()),
        (below.is_some(), "below", "is no histogram of ours".to_owned()),
    ])?;
    let (above, below) = (above.flatten(), below.flatten());
    let count = |side: &Option<Histogram<u64>>| side.as_ref().map_or(0, Histogram::len);
    let (from_zero, negative) = (count(&above), count(&below));
    let whole = from_zero.checked_add(negative);
    let n = values.sums.n;
    all([(whole == Some(n), "n", format!("is {n}, and the histograms count {from_zero} and {negative}"))])?;
    let of_above = (max >= 0).then(|| (min.max(0).unsigned_abs(), max.unsigned_abs()));
    let of_below = (min < 0).then(|| (max.min(-1).unsigned_abs(), min.unsigned_abs()));
    all([
        (above.is_some() == of_above.is_some(), "above", format!("does not go with values from {min} to {max}")),
        (below.is_some() == of_below.is_some(), "below", format!("does not go with values from {min} to {max}")),
        (side_fits(above.as_ref(), of_above, min >= 0), "above", format!("has other ends than {min} and {max}")),
        (side_fits(below.as_ref(), of_below, max < 0), "below", format!("has other ends than {min} and {max}")),
    ])
}

/// Whether a side reaches to its outer end, and from its inner one where that is an end of all
/// values.
fn side_fits(side: Option<&Histogram<u64>>, ends: Option<(u64, u64)>, has_inner: bool) -> bool {
    side.zip(ends).is_none_or(|(side, (inner, outer))| {
        side.equivalent(side.max(), outer) && (!has_inner || side.equivalent(side.min(), inner))
    })
}
