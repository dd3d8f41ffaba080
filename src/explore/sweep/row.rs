//! What a sweep says of one point of its grid: rates with their intervals, figures, and theory
//! beside both.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::distribution::Bin;
use super::plan::{Axis, Plan};
use super::tally::{Counts, Values, Verdicts};
use crate::check::{Measure, Property};
use crate::explore::stats::{Interval, wilson};

/// A point of the grid, with what was found there.
#[derive(Clone, Debug)]
pub struct Row {
    /// The point's number in the grid.
    pub point: usize,
    /// Its settings: each key with its value, as written.
    pub at: Vec<(String, String)>,
    /// The nanoseconds of those settings that are durations.
    pub in_ns: Vec<(String, i64)>,
    /// How many runs there were.
    pub runs: u64,
    /// How often each property was violated, in the protocol's order.
    pub rates: Vec<Rate>,
    /// How large each measure was, in the protocol's order.
    pub figures: Vec<Figure>,
}

/// How often a property was violated.
#[derive(Clone, Debug)]
pub struct Rate {
    /// The property.
    pub property: &'static Property,
    /// Runs that violated it.
    pub violated: u64,
    /// Runs that left it unknown.
    pub unknown: u64,
    /// Runs in which it held of nothing.
    pub vacuous: u64,
    /// The share of all runs that violated it. One that left it unknown counts as one that did not.
    pub rate: f64,
    /// The 95 % interval of that share.
    pub interval: Interval,
    /// What theory says that it is, if it says anything of this point.
    pub theory: Option<f64>,
    /// Runs to look at.
    pub example: Example,
}

/// The seeds of the first run that violates a property, and of the first in which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Example {
    pub violated: Option<u64>,
    pub holds: Option<u64>,
}

/// How large a measure was.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The measure.
    pub measure: &'static Measure,
    /// The runs in which it is defined.
    pub n: u64,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation of a sample.
    pub sd: Option<f64>,
    /// The least value.
    pub min: Option<i64>,
    /// Half of all values are at most this, to two digits.
    pub p50: Option<i64>,
    /// Of all values, 99 % are at most this, to two digits.
    pub p99: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
    /// How it was distributed, from the least value to the greatest.
    pub bins: Vec<Bin>,
    /// The 95 % interval of the mean: of a share that of a rate, else as a normal distribution has
    /// it.
    pub interval: Option<Interval>,
    /// What theory says that the mean is, if it says anything of this point.
    pub theory: Option<f64>,
    /// Whether the mean is farther from theory than its 95 % interval is wide.
    pub misses: bool,
}

impl Row {
    /// What the counts of a point come to.
    pub(super) fn new(plan: &Plan, number: usize, counts: &Counts) -> Row {
        let point = plan.point(number);
        let rates = point.entry.properties.iter().zip(&counts.verdicts).zip(&point.rates);
        let figures = point.entry.measures.iter().zip(&counts.values).zip(&point.means);
        Row {
            point: number,
            at: plan.at(number).iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect(),
            in_ns: in_ns(plan, number),
            runs: counts.runs,
            rates: rates
                .map(|((property, verdicts), theory)| rate(plan, property, counts.runs, verdicts, *theory))
                .collect(),
            figures: figures.map(|((measure, values), theory)| figure(measure, values, *theory)).collect(),
        }
    }

    /// The row as `dsys sweep --format json` prints it.
    pub fn to_json(&self) -> Json {
        let at = self.at.iter().map(|(key, value)| (key.clone(), as_json(value)));
        let rates = self.rates.iter().map(|rate| (rate.property.name.to_owned(), rate.to_json()));
        let figures = self.figures.iter().map(|figure| (figure.measure.name.to_owned(), figure.to_json()));
        let examples = self.rates.iter().map(|rate| (rate.property.name.to_owned(), json!(rate.example)));
        let mut object = json!({
            "at": at.collect::<Map<_, _>>(),
            "runs": self.runs,
            "properties": rates.collect::<Map<_, _>>(),
            "measures": figures.collect::<Map<_, _>>(),
            "example": examples.collect::<Map<_, _>>(),
        });
        let in_ns: Map<_, _> = self.in_ns.iter().map(|(key, ns)| (key.clone(), Json::from(*ns))).collect();
        if !in_ns.is_empty() {
            object["at_ns"] = Json::from(in_ns);
        }
        object
    }
}

/// The result of a sweep as `dsys sweep --format json` prints it: one object with stable names. One
/// that was stopped before its end says so by `"partial": true`.
pub fn to_json(plan: &Plan, rows: &[Row], is_partial: bool) -> Json {
    let mut object = json!({
        "scenario": plan.scenario().name,
        "runs": plan.runs(),
        "rows": rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        "predictions": if is_partial { Vec::new() } else { super::predictions(plan.scenario(), rows) },
    });
    if is_partial {
        object["partial"] = Json::from(true);
    }
    object
}

fn rate(plan: &Plan, property: &'static Property, runs: u64, verdicts: &Verdicts, theory: Option<f64>) -> Rate {
    let &Verdicts { violated, unknown, vacuous, first_violated, first_held } = verdicts;
    let seed = |run: Option<u64>| run.map(|run| plan.seed(run));
    Rate {
        property,
        violated,
        unknown,
        vacuous,
        rate: if runs == 0 { 0.0 } else { violated as f64 / runs as f64 },
        interval: wilson(violated, runs),
        theory,
        example: Example { violated: seed(first_violated), holds: seed(first_held) },
    }
}

impl Rate {
    /// Whether theory is outside of the interval.
    pub fn misses(&self) -> bool {
        self.theory.is_some_and(|theory| !self.interval.holds(theory))
    }

    fn to_json(&self) -> Json {
        json!({
            "violated": self.violated,
            "unknown": self.unknown,
            "vacuous": self.vacuous,
            "rate": self.rate,
            "low": self.interval.low,
            "high": self.interval.high,
            "theory": self.theory,
        })
    }
}

fn figure(measure: &'static Measure, values: &Values, theory: Option<f64>) -> Figure {
    let [p50, p99] = values.percentiles([50, 99]);
    let sums = &values.sums;
    // The mean of zeros and ones is a rate.
    let share = u64::try_from(sums.sum).ok().filter(|_| measure.is_share() && sums.n > 0);
    let share = share.map(|ones| wilson(ones, sums.n));
    let allows = |theory: f64| share.map_or_else(|| sums.allow(theory), |share| share.holds(theory));
    Figure {
        measure,
        n: sums.n,
        mean: sums.mean(),
        sd: sums.sd(),
        min: values.min,
        p50,
        p99,
        max: values.max,
        bins: values.bins(),
        interval: share.or_else(|| sums.interval()),
        theory,
        misses: theory.is_some_and(|theory| !allows(theory)),
    }
}

impl Figure {
    fn to_json(&self) -> Json {
        json!({
            "n": self.n,
            "mean": self.mean,
            "sd": self.sd,
            "low": self.interval.map(|interval| interval.low),
            "high": self.interval.map(|interval| interval.high),
            "min": self.min,
            "p50": self.p50,
            "p99": self.p99,
            "max": self.max,
            "bins": self.bins.iter().map(|bin| bin.to_json()).collect::<Vec<_>>(),
            "theory": self.theory,
        })
    }
}

/// The nanoseconds of those settings of a point that are durations.
fn in_ns(plan: &Plan, point: usize) -> Vec<(String, i64)> {
    let settings = plan.axes().iter().zip(plan.at(point)).filter(|(axis, _)| axis.is_of_durations());
    settings.filter_map(|(axis, (_, value))| Some((axis.key.clone(), Axis::in_ns(value)?))).collect()
}

/// A setting's value: a number or a truth value as such, everything else as text.
fn as_json(value: &str) -> Json {
    let number = || value.parse::<f64>().ok().filter(|number| number.is_finite()).map(Json::from);
    let truth = || value.parse::<bool>().ok().map(Json::from);
    let integer = value.parse::<i64>().ok().map(Json::from);
    integer.or_else(number).or_else(truth).unwrap_or_else(|| Json::from(value))
}
