//! Holds a statement against a run.

use serde_json::Value as Json;

use super::Report;
use crate::check::Verdict;
use crate::process::Value;
use crate::scenario::statement::{Moment, Relation, Statement};
use crate::scenario::{self, known};
use crate::time::{Span, Time};
use crate::trace::{Counts, EventId};

/// Why a statement is not true of a run, and what the run says.
pub type NotSo = (String, String);

/// Whether a statement about one run is true of it.
///
/// # Errors
///
/// What is true in its place; and what there is, where it names what is not there.
pub fn hold(statement: &Statement, report: &Report) -> Result<(), NotSo> {
    match statement {
        Statement::Verdict { property, expected } => verdict(report, property, *expected),
        Statement::Figure { name, relation } => figure(report, name, *relation),
        Statement::Output { name, node, value } => output(report, name, node, value.as_deref()),
        Statement::Includes { name, node, value } => includes(report, name, node.as_deref(), value),
        Statement::Before(first, second) => {
            let (first, second) = (moment(report, first)?, moment(report, second)?);
            so(report.trace.happened_before(first, second), "the first could not have caused the second")
        }
        Statement::Concurrent(first, second) => {
            let (first, second) = (moment(report, first)?, moment(report, second)?);
            let before = |first, second| report.trace.happened_before(first, second);
            let is_so = first != second && !before(first, second) && !before(second, first);
            so(is_so, "one of them could have caused the other")
        }
        // Only lines under a sweep or a search are read as these.
        Statement::Rate(_) | Statement::Compared(..) => Err(("this is about many runs".to_owned(), String::new())),
        Statement::Found => Err(("this is about a search".to_owned(), String::new())),
    }
}

fn so(is_so: bool, otherwise: &str) -> Result<(), NotSo> {
    if is_so { Ok(()) } else { Err((otherwise.to_owned(), String::new())) }
}

/// The verdict of a property.
///
/// # Errors
///
/// Which properties there are, if it is none of them.
pub fn verdict_of<'r>(report: &'r Report, property: &str) -> Result<&'r Verdict, NotSo> {
    let judged = report.properties.iter().find(|judged| judged.name == property);
    judged.map(|judged| &judged.verdict).ok_or_else(|| {
        let message = format!("`{}` has no property `{property}`", report.scenario.protocol);
        (message, known("properties", report.properties.iter().map(|judged| judged.name), property))
    })
}

fn verdict(report: &Report, property: &str, expected: scenario::Claim) -> Result<(), NotSo> {
    let verdict = verdict_of(report, property)?;
    if verdict.is_as(expected) {
        return Ok(());
    }
    let is_claimed = expected == scenario::Claim::HoldsVacuously && verdict.word() == scenario::Expected::Holds;
    let word = format!("{}{}", verdict.word(), if is_claimed { ", and not vacuously" } else { "" });
    Err((format!("`{property}` is `{word}`"), format!("the run says: {}", verdict.because())))
}

fn figure(report: &Report, name: &str, relation: Relation<i64>) -> Result<(), NotSo> {
    let (got, unit) = figure_of(report, name)?;
    let is_so = match relation {
        Relation::Is(value) => got == value,
        Relation::Order(order, value) => order.holds(got, value),
        Relation::Near(value, tolerance) => got.abs_diff(value) <= tolerance.unsigned_abs(),
    };
    let shown = if unit == "ns" { Span::from_ns(got).to_string() } else { got.to_string() };
    so(is_so, &format!("`{name}` is {shown}"))
}

/// A measure's value and unit, or a count's.
fn figure_of(report: &Report, name: &str) -> Result<(i64, &'static str), NotSo> {
    if let Some(measured) = report.measures.iter().find(|measured| measured.measure.name == name) {
        return match measured.value {
            Some(value) => Ok((value, measured.measure.unit)),
            None => Err((format!("`{name}` is not defined in this run"), String::new())),
        };
    }
    let counts = serde_json::to_value(report.trace.counts).unwrap_or_default();
    match counts.get(name).and_then(Json::as_i64) {
        Some(count) => Ok((count, "")),
        None => {
            let of_measures = report.measures.iter().map(|measured| measured.measure.name);
            let names: Vec<&str> = of_measures.chain(Counts::NAMES).collect();
            Err((format!("a run of this scenario has no figure `{name}`"), known("figures", names, name)))
        }
    }
}

/// All that a node, or any node, told its user under a name, in order.
fn told<'r>(report: &'r Report, name: &'r str, node: Option<&'r str>) -> impl Iterator<Item = (EventId, String)> + 'r {
    let trace = &report.trace;
    let is_meant = move |by| node.is_none_or(|node| trace.names.of(by) == node);
    let told = trace.outputs().filter(move |&(_, by, output)| is_meant(by) && output.name == name);
    told.map(|(event, _, output)| (event.id, in_words(output.value)))
}

fn in_words(value: Value) -> String {
    match serde_json::to_value(value).unwrap_or_default() {
        Json::String(word) => word,
        other => other.to_string(),
    }
}

/// Whether a value is the stated one: the same word or number, or as long a time.
fn is_value(got: &str, stated: &str) -> bool {
    got == stated || stated.parse::<Span>().is_ok_and(|span| span.ns().to_string() == got)
}

fn check_node(report: &Report, node: &str) -> Result<(), NotSo> {
    let names = &report.trace.names;
    if names.iter().any(|known| known == node) {
        return Ok(());
    }
    Err((format!("there is no node `{node}`"), known("nodes", names.iter(), node)))
}

fn output(report: &Report, name: &str, node: &str, value: Option<&str>) -> Result<(), NotSo> {
    check_node(report, node)?;
    let got = told(report, name, Some(node)).last().map(|(_, value)| value);
    match (got, value) {
        (None, None) => Ok(()),
        (Some(got), Some(value)) if is_value(&got, value) => Ok(()),
        (Some(got), _) => Err((format!("`{name}` of {node} is `{got}`"), String::new())),
        (None, Some(_)) => Err((format!("{node} told no `{name}`"), String::new())),
    }
}

fn includes(report: &Report, name: &str, node: Option<&str>, value: &str) -> Result<(), NotSo> {
    node.map_or(Ok(()), |node| check_node(report, node))?;
    let is_told = told(report, name, node).any(|(_, got)| is_value(&got, value));
    so(is_told, &format!("{} told no `{name}` that is `{value}`", node.unwrap_or("nobody")))
}

/// When it is seen that a statement is true of a run: from when on a property is violated, and with
/// what a node tells its user. `None` if it is not, or if only the whole run tells.
pub fn seen_at(statement: &Statement, report: &Report) -> Option<Time> {
    hold(statement, report).ok()?;
    let at = |event: EventId| report.trace.event(event).map(|event| event.at);
    match statement {
        Statement::Verdict { property, .. } => {
            let judged = report.properties.iter().find(|judged| judged.name == property)?;
            at(report.violated_since(judged)?)
        }
        Statement::Output { name, node, value: Some(value) } => {
            told(report, name, Some(node)).find(|(_, got)| is_value(got, value)).and_then(|(event, _)| at(event))
        }
        Statement::Includes { name, node, value } => {
            let mut told = told(report, name, node.as_deref());
            told.find(|(_, got)| is_value(got, value)).and_then(|(event, _)| at(event))
        }
        Statement::Before(first, second) | Statement::Concurrent(first, second) => {
            let (first, second) = (moment(report, first).ok()?, moment(report, second).ok()?);
            at(first).max(at(second))
        }
        _ => None,
    }
}

/// The event that a statement names.
fn moment(report: &Report, moment: &Moment) -> Result<EventId, NotSo> {
    let trace = &report.trace;
    let (event, what) = match moment {
        Moment::Message(name) => {
            let is_end = |event: &&crate::trace::Event| {
                event.what.is_fate()
                    && event.what.message().is_some_and(|message| trace.names.message(message) == *name)
            };
            (trace.events.iter().find(is_end).map(|event| event.id), format!("{name} neither arrived nor was lost"))
        }
        Moment::Output { name, node } => {
            check_node(report, node)?;
            (told(report, name, Some(node)).next().map(|(event, _)| event), format!("{node} told no `{name}`"))
        }
    };
    event.ok_or((what, String::new()))
}
