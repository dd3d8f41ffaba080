//! What the run comes to in numbers: what users were told, measures, counts and latencies.

use std::collections::{BTreeMap, BTreeSet};

use crate::process::{NodeId, Value};
use crate::report::{Measured, Report};
use crate::time::Span;
use crate::trace::EventKind;
use crate::view::numbers;

use super::style::grouped;
use super::{beside, section};

/// Outputs of one name are listed by node up to this many, and counted by value beyond.
const MOST_LISTED: usize = 16;

/// What the processes told their users, by name.
pub(super) fn outputs(report: &Report, columns: usize) -> String {
    let mut by_name: Vec<(&'static str, Vec<(String, Value)>)> = Vec::new();
    for (_, node, output) in report.trace.outputs() {
        let traitor = if report.trace.is_traitor(node) { " (traitor)" } else { "" };
        let told = (format!("{}{traitor}", report.trace.names.of(node)), output.value);
        match by_name.iter_mut().find(|(name, _)| *name == output.name) {
            Some((_, all)) => all.push(told),
            None => by_name.push((output.name, vec![told])),
        }
    }
    if by_name.is_empty() {
        return String::new();
    }
    let label_columns = by_name.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = by_name.iter().flat_map(|(name, all)| beside(name, label_columns, &listed(all), columns));
    section("Outputs", lines)
}

fn listed(all: &[(String, Value)]) -> String {
    if all.len() <= MOST_LISTED {
        let each: Vec<String> = all.iter().map(|(node, value)| format!("{node} {value}")).collect();
        return each.join(" · ");
    }
    let mut counts: BTreeMap<Value, u64> = BTreeMap::new();
    for (_, value) in all {
        *counts.entry(*value).or_default() += 1;
    }
    let kinds = counts.len();
    let reports = reports(all);
    if let (true, Some((Value::Span(least), _)), Some((Value::Span(most), _))) =
        (kinds > MOST_LISTED, counts.first_key_value(), counts.last_key_value())
    {
        return format!("{} to {} ({reports})", least.rounded(), most.rounded());
    }
    let shown = counts.iter().take(MOST_LISTED).map(|(value, &count)| format!("{value} × {}", grouped(count)));
    let mut shown = shown.collect::<Vec<_>>().join(" · ");
    if kinds > MOST_LISTED {
        shown.push_str(&format!(" · and {} other values", grouped((kinds - MOST_LISTED) as u64)));
    }
    format!("{shown} ({reports})")
}

/// How often something was told, and by how many: `36 times, by client`.
fn reports(all: &[(String, Value)]) -> String {
    let nodes: BTreeSet<&str> = all.iter().map(|(node, _)| node.as_str()).collect();
    let by = match (nodes.len(), nodes.first()) {
        (1, Some(only)) => (*only).to_owned(),
        (count, _) => format!("{} nodes", grouped(count as u64)),
    };
    format!("{} times, by {by}", grouped(all.len() as u64))
}

/// Measures, counts and latencies.
pub(super) fn figures(report: &Report, columns: usize) -> String {
    let names = report.measures.iter().map(|measured| measured.measure.name.len());
    let label_columns = names.chain(["counts".len(), "latency".len()]).max().unwrap_or(0);
    let mut lines: Vec<String> = Vec::new();
    for measured in &report.measures {
        lines.extend(beside(measured.measure.name, label_columns, &value(report, measured), columns));
    }
    lines.extend(beside("counts", label_columns, &counts(report), columns));
    if let Some(crashes) = repeated_crashes(report) {
        lines.extend(beside("crashes", label_columns, &crashes, columns));
    }
    lines.extend(beside("latency", label_columns, &latency(report), columns));
    section("Figures", lines)
}

fn value(report: &Report, measured: &Measured) -> String {
    let Some(value) = measured.value else { return "– not defined in this run".to_owned() };
    numbers::told(value, measured.measure, &report.trace.names)
}

/// What became of the messages, and how often nodes went down; what never happened is left out.
fn counts(report: &Report) -> String {
    let counts = &report.trace.counts;
    let always = [(counts.sent, "sent"), (counts.delivered, "delivered")];
    let sometimes = [
        (counts.copies, "copied"),
        (counts.lost, "lost"),
        (counts.corrupted, "corrupted"),
        (counts.cut, "cut off"),
        (counts.to_crashed, "to nodes that were down"),
        (counts.in_flight, "still under way"),
        (counts.timers, if counts.timers == 1 { "timer" } else { "timers" }),
        (counts.crashes, if counts.crashes == 1 { "crash" } else { "crashes" }),
    ];
    let shown = always.into_iter().chain(sometimes.into_iter().filter(|&(count, _)| count > 0));
    let shown = shown.chain([(counts.events, if counts.events == 1 { "event" } else { "events" })]);
    shown.map(|(count, what)| format!("{} {what}", grouped(count))).collect::<Vec<_>>().join(" · ")
}

/// The places at which a node crashed again and again, so that many crashes do not read as one.
fn repeated_crashes(report: &Report) -> Option<String> {
    let trace = &report.trace;
    let mut places: BTreeMap<(NodeId, &str), u64> = BTreeMap::new();
    for event in trace.events.iter().filter(|event| event.what == EventKind::Crashed) {
        let place = match event.cause.and_then(|cause| trace.event(cause)).map(|cause| cause.what) {
            Some(EventKind::Passed { point, .. }) => point,
            _ => "",
        };
        *places.entry((event.node?, place)).or_default() += 1;
    }
    let told = places.iter().filter(|&(_, &times)| times > 1).map(|(&(node, place), &times)| {
        let place = if place.is_empty() { String::new() } else { format!(" at `{place}`") };
        format!("{} crashed {} times{place}", trace.names.of(node), grouped(times))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

fn latency(report: &Report) -> String {
    let latency = report.latency;
    let span = |ns: u64| Span::from_ns(i64::try_from(ns).unwrap_or(i64::MAX)).rounded();
    match latency.n {
        0 => "– nothing was delivered".to_owned(),
        _ if latency.min == latency.max => format!("{} from every send to its delivery", span(latency.min)),
        _ => format!(
            "{} to {} · p50 {} · p90 {} · p99 {}",
            span(latency.min),
            span(latency.max),
            span(latency.p50),
            span(latency.p90),
            span(latency.p99)
        ),
    }
}
