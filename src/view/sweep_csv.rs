//! A sweep as comma-separated values: a line for each property and each measure of each point.

use crate::explore::sweep::{Figure, Plan, Rate, Row};

/// The columns after those of the settings. What a line has no use for stays empty.
const COLUMNS: [&str; 19] = [
    "runs",
    "kind",
    "name",
    "unit",
    "violated",
    "unknown",
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
pub fn render(plan: &Plan, rows: &[Row]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(plan.axes().iter().map(|axis| axis.key.as_str()).chain(COLUMNS))?;
    for row in rows {
        let settings = || row.at.iter().map(|(_, value)| value.clone()).chain([row.runs.to_string()]);
        for rate in &row.rates {
            writer.write_record(settings().chain(of_rate(rate)))?;
        }
        for figure in &row.figures {
            writer.write_record(settings().chain(of_figure(figure)))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn of_rate(rate: &Rate) -> [String; 18] {
    let empty = String::new;
    [
        "property".to_owned(),
        rate.property.name.to_owned(),
        empty(),
        rate.violated.to_string(),
        rate.unknown.to_string(),
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

fn of_figure(figure: &Figure) -> [String; 18] {
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
