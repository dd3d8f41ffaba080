//! Holds statements about many runs against what a sweep found.

use crate::report::Prediction;
use crate::scenario::statement::{Count, Counted, OF_MANY, Rate, Relation, Statement};
use crate::scenario::{Scenario, known};

use super::Row;

/// Why a statement is not true of a sweep, and what is.
pub(super) type NotSo = (String, String);

/// How many standard deviations theory and a sample may differ by. One true claim in 150,000 is
/// farther off.
const SIGMAS: f64 = 4.5;

/// Holds a statement against every row of a sweep that it means.
///
/// # Errors
///
/// The first row of which it is not true, with what is; or what it names that is not there.
pub fn hold(statement: &Statement, rows: &[Row]) -> Result<(), NotSo> {
    match statement {
        Statement::Rate(rate) => meant(&rate.counted, rows)?.into_iter().try_for_each(|row| hold_at(rate, row)),
        Statement::Compared(left, order, right) => {
            for left_row in meant(left, rows)? {
                for right_row in meant(right, rows)? {
                    let (low, high) = (known_of(left, left_row)?.value, known_of(right, right_row)?.value);
                    if !order.holds(low, high) {
                        return Err((format!("they are {} and {}", short(low), short(high)), String::new()));
                    }
                }
            }
            Ok(())
        }
        _ => Err(("this is about one run".to_owned(), OF_MANY.to_owned())),
    }
}

/// The answers to the questions of a scenario's story that its sweep decides.
pub fn predictions(scenario: &Scenario, rows: &[Row]) -> Vec<Prediction> {
    let is_true = |statement: &Statement| match statement {
        // Of a grid without the points that a choice is about, nothing is known.
        Statement::Rate(rate) if meant(&rate.counted, rows).is_ok() => Some(hold(statement, rows).is_ok()),
        Statement::Compared(left, _, right) if meant(left, rows).is_ok() && meant(right, rows).is_ok() => {
            Some(hold(statement, rows).is_ok())
        }
        _ => None,
    };
    scenario.story.predict.iter().map(|question| Prediction::of(question, &is_true)).collect()
}

/// The rows at the points that a statement means.
fn meant<'r>(counted: &Counted, rows: &'r [Row]) -> Result<Vec<&'r Row>, NotSo> {
    let is_at = |row: &Row| counted.at.iter().all(|setting| row.at.contains(setting));
    let meant: Vec<&Row> = rows.iter().filter(|row| is_at(row)).collect();
    if meant.is_empty() {
        let at: Vec<String> = counted.at.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        return Err((format!("the sweep has no point at {}", at.join(", ")), String::new()));
    }
    Ok(meant)
}

/// What a row knows of a rate or a mean: its value, what theory says, and how far chance may take
/// it from there.
struct Known {
    value: f64,
    theory: Option<f64>,
    deviation: f64,
}

fn hold_at(rate: &Rate, row: &Row) -> Result<(), NotSo> {
    let Known { value, theory, deviation } = known_of(&rate.counted, row)?;
    let at = row.at.iter().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ");
    let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
    let name = match rate.counted.what {
        Count::Rate => format!("`rate of {}`", rate.counted.of),
        Count::Mean => format!("`mean of {}`", rate.counted.of),
    };
    let (is_so, help) = match rate.relation {
        Some(Relation::Is(claimed)) => ((value - claimed).abs() <= 0.0, String::new()),
        Some(Relation::Near(claimed, tolerance)) => ((value - claimed).abs() <= tolerance.abs(), String::new()),
        Some(Relation::Order(order, claimed)) => (order.holds(value, claimed), String::new()),
        None => {
            let Some(theory) = theory else {
                let help = "claim a figure with a tolerance instead".to_owned();
                return Err((format!("no theory is known of {name}{at}"), help));
            };
            // Where chance has no play, what is left is rounding.
            let allowed = (SIGMAS * deviation).max(1e-9 * theory.abs());
            let help = format!("theory says {}, and chance allows {} more or less", short(theory), short(allowed));
            ((value - theory).abs() <= allowed, help)
        }
    };
    if is_so { Ok(()) } else { Err((format!("{name} is {}{at}", short(value)), help)) }
}

fn known_of(counted: &Counted, row: &Row) -> Result<Known, NotSo> {
    let of = counted.of.as_str();
    match counted.what {
        Count::Rate => {
            let Some(rate) = row.rates.iter().find(|rate| rate.property.name == of) else {
                let names = row.rates.iter().map(|rate| rate.property.name);
                return Err((format!("there is no property `{of}`"), known("properties", names, of)));
            };
            let p = rate.theory.unwrap_or(rate.rate);
            let deviation = (p * (1.0 - p) / row.runs as f64).max(0.0).sqrt();
            Ok(Known { value: rate.rate, theory: rate.theory, deviation })
        }
        Count::Mean => {
            let Some(figure) = row.figures.iter().find(|figure| figure.measure.name == of) else {
                let names = row.figures.iter().map(|figure| figure.measure.name);
                return Err((format!("there is no measure `{of}`"), known("measures", names, of)));
            };
            let Some(mean) = figure.mean else {
                return Err((format!("`{of}` is defined in none of the runs"), String::new()));
            };
            let deviation = figure.sd.unwrap_or(0.0) / (figure.n as f64).sqrt();
            Ok(Known { value: mean, theory: figure.theory, deviation })
        }
    }
}

/// A figure with as many digits as somebody reads.
fn short(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
