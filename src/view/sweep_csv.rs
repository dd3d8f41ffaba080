//! A sweep as comma-separated values: a line for each property and each measure of each point.
//!
//! A setting that is a duration has a second column, `KEY_ns`, with its nanoseconds, by which lines
//! can be sorted. The column `complete` is `false` in every line of a sweep that was stopped before
//! its end.

use crate::explore::sweep::{Axis, Figure, Plan, Rate, Row, Tail, tails};

/// The columns after those of the settings. What a line has no use for stays empty.
const COLUMNS: [&str; 21] = [
    "complete",
    "runs",
    "kind",
    "name",
    "unit",
    "violated",
    "unknown",
    "vacuous",
    "rate",
    "low",
    "high",
    "seed_violated",
    "seed_holds",
    "n",
    "mean",
    "sd",
    "min",
    "p50",
    "p99",
    "max",
    "theory",
];

/// The sweep as CSV, with a line of names first.
///
/// # Errors
///
/// Only what the writer of CSV has against it, which is nothing.
pub fn render(plan: &Plan, rows: &[Row], is_partial: bool) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(keys(plan).chain(COLUMNS.map(str::to_owned)))?;
    for row in rows {
        let settings = || settings(plan, row, is_partial).chain([row.runs.to_string()]);
        for rate in &row.rates {
            writer.write_record(settings().chain(of_rate(rate)))?;
        }
        for figure in &row.figures {
            writer.write_record(settings().chain(of_figure(figure)))?;
        }
    }
    finished(writer)
}

/// The columns of a distribution after those of the settings.
const OF_DISTRIBUTION: [&str; 9] = ["complete", "measure", "unit", "low", "high", "runs", "at_least", "share", "n"];

/// The distribution of these measures as CSV: a line for each of their values, or ranges of values,
/// at each point. `at_least` counts the runs with this value or more, and `share` is their share of
/// the `n` runs that have one.
///
/// # Errors
///
/// As for [`render`].
pub fn distribution(plan: &Plan, rows: &[Row], names: &[String], is_partial: bool) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(keys(plan).chain(OF_DISTRIBUTION.map(str::to_owned)))?;
    for row in rows {
        for figure in row.figures.iter().filter(|figure| names.iter().any(|name| name == figure.measure.name)) {
            for tail in tails(&figure.bins) {
                writer.write_record(settings(plan, row, is_partial).chain(of_tail(figure, &tail)))?;
            }
        }
    }
    finished(writer)
}

fn of_tail(figure: &Figure, tail: &Tail) -> [String; 8] {
    [
        figure.measure.name.to_owned(),
        figure.measure.unit.to_owned(),
        tail.bin.low.to_string(),
        tail.bin.high.to_string(),
        tail.bin.runs.to_string(),
        tail.at_least.to_string(),
        tail.share.to_string(),
        figure.n.to_string(),
    ]
}

fn finished(writer: csv::Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The names of the settings' columns.
fn keys(plan: &Plan) -> impl Iterator<Item = String> {
    plan.axes().iter().flat_map(|axis| {
        [Some(axis.key.clone()), axis.is_of_durations().then(|| axis.key_in_ns())].into_iter().flatten()
    })
}

/// The settings of a row, and whether the sweep is complete.
fn settings(plan: &Plan, row: &Row, is_partial: bool) -> impl Iterator<Item = String> {
    plan.axes().iter().zip(&row.at).flat_map(of_setting).chain([(!is_partial).to_string()])
}

/// A setting as it is written, and its nanoseconds if it is a duration.
fn of_setting((axis, (_, value)): (&Axis, &(String, String))) -> impl Iterator<Item = String> {
    let in_ns = axis.is_of_durations().then(|| text(Axis::in_ns(value)));
    [Some(value.clone()), in_ns].into_iter().flatten()
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn of_rate(rate: &Rate) -> [String; 19] {
    let empty = String::new;
    [
        "property".to_owned(),
        rate.property.name.to_owned(),
        empty(),
        rate.violated.to_string(),
        rate.unknown.to_string(),
        rate.vacuous.to_string(),
        rate.rate.to_string(),
        rate.interval.low.to_string(),
        rate.interval.high.to_string(),
        text(rate.example.violated),
        text(rate.example.holds),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        text(rate.theory),
    ]
}

fn of_figure(figure: &Figure) -> [String; 19] {
    let empty = String::new;
    [
        "measure".to_owned(),
        figure.measure.name.to_owned(),
        figure.measure.unit.to_owned(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        figure.n.to_string(),
        text(figure.mean),
        text(figure.sd),
        text(figure.min),
        text(figure.p50),
        text(figure.p99),
        text(figure.max),
        text(figure.theory),
    ]
}
