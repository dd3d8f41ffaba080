//! A chart as data: what the picture shows, for the page, which draws the same.

use serde::Serialize;

use super::series::{Dot, Panel, Shown};
use crate::explore::sweep::{Plan, Row};
use crate::view::besides::besides;

/// What the chart of a sweep shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "SweepChart"))]
pub struct Drawn {
    /// What is asked for: `Only one attacks`.
    title: String,
    /// What its numbers are: `in % of the runs in which somebody attacks`.
    counted_in: String,
    /// Whether the numbers are shares, from 0 to 1.
    is_rate: bool,
    /// Whether they are nanoseconds.
    is_time: bool,
    /// What stands under the horizontal axis.
    along: String,
    /// The places along it, with their words.
    places: Vec<(f64, String)>,
    series: Vec<Line>,
    /// The formula of theory.
    theory: Option<String>,
    /// What happens to every run, besides what is swept.
    besides: Option<String>,
    /// What was left out, a sentence each.
    left_out: Vec<String>,
}

/// A series of a chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ChartLine"))]
struct Line {
    /// The property, or the measure.
    of: String,
    /// What it is among the others; empty if there is but one.
    words: String,
    /// Whether it is not what is asked for.
    is_aside: bool,
    points: Vec<Mark>,
    /// Places with what theory says there, in pieces.
    theory: Vec<Vec<(f64, f64)>>,
}

/// A point of a series.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ChartMark"))]
struct Mark {
    /// The number of its row.
    point: usize,
    x: f64,
    value: f64,
    low: f64,
    high: f64,
    /// Whether theory is outside of its interval.
    misses: bool,
    words: String,
}

/// What the picture of a sweep shows, of the properties and measures of these names, or of what is
/// asked for. `None` where there is nothing to show yet. Only the first of several panels is told.
pub fn drawn(plan: &Plan, rows: &[Row], names: &[String]) -> Option<Drawn> {
    let shown = Shown::of(plan, rows, names);
    let Shown { along, panels, theory, left_out } = &shown;
    let Panel { name, says, unit, is_rate, series } = panels.first()?;
    let words = |index: usize, place: f64| {
        let known = along.words.as_ref().and_then(|words| words.get(index)).cloned();
        known.unwrap_or_else(|| crate::view::numbers::short(place))
    };
    let series = series.iter().map(|series| Line {
        of: series.of.clone(),
        words: series.words.clone(),
        is_aside: series.is_aside,
        points: series.dots.iter().map(mark).collect(),
        theory: if series.is_aside { Vec::new() } else { pieces(&series.curve) },
    });
    Some(Drawn {
        title: name.clone(),
        counted_in: says.clone(),
        is_rate: *is_rate,
        is_time: *unit == "ns",
        along: along.title.clone(),
        places: along.places.iter().enumerate().map(|(index, &place)| (place, words(index, place))).collect(),
        series: series.collect(),
        theory: theory.map(str::to_owned),
        besides: besides(plan),
        left_out: left_out.clone(),
    })
}

fn mark(dot: &Dot) -> Mark {
    let &Dot { point, x, value, low, high, misses, .. } = dot;
    Mark { point, x, value, low, high, misses, words: dot.words.clone() }
}

/// A line of theory, broken where theory says nothing.
fn pieces(curve: &[(f64, Option<f64>)]) -> Vec<Vec<(f64, f64)>> {
    let known = |piece: &[(f64, Option<f64>)]| piece.iter().filter_map(|&(x, y)| Some((x, y?))).collect::<Vec<_>>();
    curve.split(|(_, value)| value.is_none()).map(known).filter(|piece| !piece.is_empty()).collect()
}
