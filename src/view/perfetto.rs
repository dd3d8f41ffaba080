//! The run in Chrome's trace format, for Perfetto and other viewers of profiles: a track a node,
//! arrows for messages.
//!
//! Events of one node at one moment are one slice, named after the first of them. A slice has to
//! have a width to be seen: it ends where the node's next one begins, or after a small part of the
//! run; what happened took no time. Downtimes, pauses and partitions have their true width, on
//! tracks of their own. What a node's clock shows, and how far it is off, is among a slice's
//! arguments. (Trace Event Format, Google, 2016.)

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::process::NodeId;
use crate::process::facts::in_words;
use crate::report::Report;
use crate::time::Time;
use crate::trace::{Event, EventKind, Trace};

use super::sentence;

/// The only process: the run. Nodes are its threads, from 1 on in the scenario's order.
const PID: u32 = 1;
/// A slice that nothing ends is this part of the run wide.
const PART: u64 = 400;

/// Writes the trace as one JSON object.
///
/// # Errors
///
/// Those of the writer.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let trace = &report.trace;
    writeln!(out, "{{\"displayTimeUnit\":\"ms\",\"otherData\":{},\"traceEvents\":[", about(report))?;
    let name = json!({ "name": report.scenario.title });
    write!(out, "{}", json!({ "ph": "M", "pid": PID, "name": "process_name", "args": name }))?;
    for node in NodeId::first(trace.names.count()) {
        let role = if trace.is_traitor(node) { " (traitor)" } else { "" };
        let name = json!({ "name": format!("{}{role}", trace.names.of(node)) });
        put(out, &json!({ "ph": "M", "pid": PID, "tid": tid(node), "name": "thread_name", "args": name }))?;
        let order = json!({ "sort_index": tid(node) });
        put(out, &json!({ "ph": "M", "pid": PID, "tid": tid(node), "name": "thread_sort_index", "args": order }))?;
    }
    for node in NodeId::first(trace.names.count()) {
        slices(report, node, out)?;
    }
    stretches(trace, out)?;
    flows(trace, out)?;
    writeln!(out, "\n]}}")
}

fn about(report: &Report) -> Json {
    json!({
        "dsys": env!("CARGO_PKG_VERSION"),
        "scenario": report.scenario.name,
        "seed": report.scenario.seed,
        "trace_hash": report.trace.digest.to_string(),
    })
}

fn put(out: &mut dyn Write, event: &Json) -> io::Result<()> {
    write!(out, ",\n{event}")
}

fn tid(node: NodeId) -> usize {
    node.index() + 1
}

/// Nanoseconds as the format's microseconds.
fn micros(ns: u64) -> f64 {
    ns as f64 / 1e3
}

/// A node's moments, a slice each.
fn slices(report: &Report, node: NodeId, out: &mut dyn Write) -> io::Result<()> {
    let trace = &report.trace;
    let own: Vec<&Event> = trace.events.iter().filter(|event| event.node == Some(node)).collect();
    let moments: Vec<&[&Event]> = own.chunk_by(|one, other| one.at == other.at).collect();
    let widest = (trace.ended_at.ns() / PART).max(1);
    for (index, events) in moments.iter().enumerate() {
        let Some(first) = events.first() else { continue };
        let next = moments.get(index + 1).and_then(|next| next.first());
        let width = next.map_or(widest, |next| widest.min(next.at.ns() - first.at.ns()));
        let sentences: Vec<String> = events.iter().map(|event| sentence::of(&report.scenario, trace, event)).collect();
        let clock = trace.clocks[node.index()].at(first.at);
        let facts = events.iter().rev().find_map(|event| trace.states.of(event.id));
        put(
            out,
            &json!({
                "ph": "X", "pid": PID, "tid": tid(node), "ts": micros(first.at.ns()), "dur": micros(width),
                "name": sentences[0], "cat": first.what.word(),
                "args": {
                    "events": sentences,
                    "ids": events.iter().map(|event| event.id.number()).collect::<Vec<_>>(),
                    "state": facts.map(|facts| in_words(facts, &trace.names)),
                    "clock_ns": clock.read(first.at).ns(),
                    "ahead_ns": i64::try_from(clock.ahead(first.at)).ok(),
                },
            }),
        )?;
    }
    Ok(())
}

/// What lasts: downtimes, pauses and partitions, each with its beginning and its end.
fn stretches(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    let mut open: BTreeMap<(&str, usize), (String, Time)> = BTreeMap::new();
    let mut done = Vec::new();
    for event in &trace.events {
        let node = event.node.map_or(0, tid);
        let name = event.node.map_or("?", |node| trace.names.of(node));
        let (key, begins) = match event.what {
            EventKind::Crashed => (("down", node), Some(format!("{name} is down"))),
            EventKind::Restarted => (("down", node), None),
            EventKind::Paused => (("paused", node), Some(format!("{name} is paused"))),
            EventKind::Resumed => (("paused", node), None),
            EventKind::Partitioned(index) => (("partition", usize::from(index)), Some("partition".to_owned())),
            EventKind::Healed(index) => (("partition", usize::from(index)), None),
            _ => continue,
        };
        if let Some((name, since)) = open.remove(&key) {
            done.push((key, name, since, event.at));
        }
        if let Some(name) = begins {
            open.insert(key, (name, event.at));
        }
    }
    done.extend(open.into_iter().map(|(key, (name, since))| (key, name, since, trace.ended_at)));
    for (number, ((category, _), name, since, until)) in done.into_iter().enumerate() {
        for (phase, at) in [("b", since), ("e", until)] {
            let ts = micros(at.ns());
            put(
                out,
                &json!({ "ph": phase, "pid": PID, "tid": 0, "cat": category, "id": number, "name": name, "ts": ts }),
            )?;
        }
    }
    Ok(())
}

/// An arrow for each message that came to a node, from the slice that sent it to the slice that it
/// came in.
fn flows(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    let arrived =
        trace.events.iter().filter(|event| event.what.is_fate() && !matches!(event.what, EventKind::Lost { .. }));
    for event in arrived {
        let (Some(message), Some(sent)) = (event.what.message(), event.cause.and_then(|cause| trace.event(cause)))
        else {
            continue;
        };
        let name = trace.names.message(message);
        let end = |phase: &str, node, at: Time| {
            json!({
                "ph": phase, "bp": "e", "pid": PID, "tid": tid(node), "cat": "message", "id": event.id.number(),
                "name": name, "ts": micros(at.ns()),
            })
        };
        put(out, &end("s", message.from(), sent.at))?;
        put(out, &end("f", message.to(), event.at))?;
    }
    Ok(())
}
