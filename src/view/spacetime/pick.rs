//! What of a run is drawn: the nodes, the messages and the marks, within the limits.

use std::collections::{BTreeMap, BinaryHeap};

use crate::arrange::Arrange;
use crate::process::NodeId;
use crate::report::Report;
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Kinds};
use crate::view::flight::{Ending, Flight, flights};

use super::{Limits, Sign};

/// What is drawn.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    /// The nodes, in the scenario's order.
    pub(super) nodes: Vec<NodeId>,
    /// The messages, in the order in which they left.
    pub(super) flights: Vec<Flight>,
    /// What happens on the lanes.
    pub(super) marks: Vec<(Sign, Event)>,
    /// The properties of which an event is evidence.
    pub(super) evidence: BTreeMap<EventId, Vec<&'static str>>,
    /// The first moment that is drawn.
    pub(super) from: Time,
    /// The last.
    pub(super) to: Time,
    /// Messages between nodes that are drawn, and the number of the first that is.
    all_flights: (usize, usize),
    all_marks: usize,
    /// When partitions began and ended.
    turns: Vec<u64>,
}

impl Pick {
    pub(super) fn new(report: &Report, limits: Limits) -> Pick {
        let trace = &report.trace;
        let evidence = evidence(report);
        let nodes = nodes(report, &evidence, limits.lanes);
        let has_lane = |node: NodeId| nodes.binary_search(&node).is_ok();
        let is_drawn = |flight: &Flight| has_lane(flight.message.from()) && has_lane(flight.message.to());
        let mut flights: Vec<Flight> = flights(trace).into_iter().filter(is_drawn).collect();
        let all = flights.len();
        // What is evidence is worth seeing: if it comes late, what comes before it is drawn instead
        // of the beginning.
        let shown = evidence.keys().next_back().map_or(0, |&last| flights.partition_point(|f| f.began <= last));
        let end = shown.max(limits.arrows).min(all);
        let first = end.saturating_sub(limits.arrows);
        let to = flights.get(end).map_or(trace.ended_at, |next| next.sent_at);
        flights.truncate(end);
        flights.drain(..first);
        let from = flights.first().filter(|_| first > 0).map_or(Time::ZERO, |flight| flight.sent_at);
        let (marks, all_marks) = marks(report, &nodes, &evidence, (from, to), limits.marks);
        let turns = trace.events.iter().filter(|event| event.what.kind() == Kinds::PARTITION);
        let turns = turns.map(|event| event.at).filter(|at| (from..=to).contains(at)).map(Time::ns).collect();
        Pick { nodes, flights, marks, evidence, from, to, all_flights: (all, first), all_marks, turns }
    }

    /// The moments at which something is drawn, and from when to when something is under way.
    pub(super) fn moments(&self) -> (Vec<u64>, Vec<(u64, u64)>) {
        let way = |flight: &Flight| (flight.sent_at.ns(), self.end_of(flight).ns());
        let ways: Vec<(u64, u64)> = self.flights.iter().map(way).collect();
        let mut moments: Vec<u64> = ways.iter().flat_map(|&(from, to)| [from, to]).collect();
        moments.extend(self.marks.iter().map(|(_, event)| event.at.ns()));
        moments.extend(&self.turns);
        moments.extend([self.from.ns(), self.to.ns()]);
        (moments, ways)
    }

    /// Where a message's arrow ends: halfway if it was lost, and at the last moment at the latest.
    pub(super) fn end_of(&self, flight: &Flight) -> Time {
        let end = match flight.ending {
            Ending::Lost => Time::from_ns(flight.sent_at.ns() + (flight.ends_at.ns() - flight.sent_at.ns()) / 2),
            _ => flight.ends_at,
        };
        end.min(self.to)
    }

    /// Whether a message's end comes after the last moment that is drawn.
    pub(super) fn goes_on(&self, flight: &Flight) -> bool {
        flight.ending == Ending::InFlight || (flight.ends_at > self.to && flight.ending != Ending::Lost)
    }

    /// The lane of a node.
    pub(super) fn lane_of(&self, node: NodeId) -> Option<usize> {
        self.nodes.binary_search(&node).ok()
    }

    /// The properties of which any of the events is evidence.
    pub(super) fn evidence_of(&self, events: impl IntoIterator<Item = EventId>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in events.into_iter().filter_map(|event| self.evidence.get(&event)).flatten() {
            if !names.iter().any(|known| known == name) {
                names.push((*name).to_owned());
            }
        }
        names
    }

    /// What was left out, a sentence each.
    pub(super) fn left_out(&self, report: &Report) -> Vec<String> {
        let trace = &report.trace;
        let mut left_out = Vec::new();
        let (nodes, drawn) = (trace.names.count(), self.nodes.len());
        if drawn < nodes {
            left_out
                .push(format!("{drawn} of {} nodes are drawn, and the messages between them.", grouped(nodes as u64)));
        }
        let (all, first) = self.all_flights;
        if self.flights.len() < all {
            let (first, last) = (first as u64 + 1, (first + self.flights.len()) as u64);
            let (first, last, all) = (grouped(first), grouped(last), grouped(all as u64));
            left_out.push(format!("Messages {first} to {last} of {all} are drawn."));
        }
        if self.marks.len() < self.all_marks {
            let (drawn, all) = (grouped(self.marks.len() as u64), grouped(self.all_marks as u64));
            left_out.push(format!("{drawn} of {all} timers, notes and other steps are drawn."));
        }
        left_out
    }
}

fn evidence(report: &Report) -> BTreeMap<EventId, Vec<&'static str>> {
    let mut evidence: BTreeMap<EventId, Vec<&'static str>> = BTreeMap::new();
    for judged in &report.properties {
        for &event in judged.verdict.evidence() {
            evidence.entry(event).or_default().push(judged.name);
        }
    }
    evidence
}

/// The nodes that are drawn: all, or those that matter most.
fn nodes(report: &Report, evidence: &BTreeMap<EventId, Vec<&'static str>>, most: usize) -> Vec<NodeId> {
    let trace = &report.trace;
    let mut nodes: Vec<NodeId> = Vec::new();
    let in_evidence = evidence.keys().filter_map(|&event| trace.event(event));
    let in_evidence = in_evidence.flat_map(|event| {
        let ends = event.what.message().map(|message| [message.from(), message.to()]);
        event.node.into_iter().chain(ends.into_iter().flatten())
    });
    for node in in_evidence.chain(trace.traitors.iter().copied()).chain(NodeId::first(trace.names.count())) {
        if nodes.len() == most {
            break;
        }
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    nodes.arrange();
    nodes
}

/// The marks that are drawn, in order, and how many there are in all. If there are too many, inner
/// steps give way.
fn marks(
    report: &Report,
    nodes: &[NodeId],
    evidence: &BTreeMap<EventId, Vec<&'static str>>,
    (from, to): (Time, Time),
    most: usize,
) -> (Vec<(Sign, Event)>, usize) {
    let is_there = |event: &&Event| {
        (from..=to).contains(&event.at) && event.node.is_some_and(|node| nodes.binary_search(&node).is_ok())
    };
    // The least of these are kept: evidence first, then in the order of the signs, then of time.
    let key = |event: &Event| {
        let is_evidence = evidence.contains_key(&event.id);
        Some((!is_evidence, sign(event, is_evidence)?, event.id))
    };
    let mut all = 0;
    let mut kept = BinaryHeap::new();
    for key in report.trace.events.iter().filter(is_there).filter_map(key) {
        all += 1;
        kept.push(key);
        if kept.len() > most {
            kept.pop();
        }
    }
    let marks = kept.into_iter().filter_map(|(_, sign, id)| Some((sign, *report.trace.event(id)?)));
    let mut marks: Vec<(Sign, Event)> = marks.collect();
    marks.arrange_by_key(|(_, event)| event.id);
    (marks, all)
}

/// The mark that stands for an event; none if it is drawn otherwise or not at all.
fn sign(event: &Event, is_evidence: bool) -> Option<Sign> {
    Some(match event.what {
        EventKind::Output(_) => Sign::Output,
        EventKind::Crashed | EventKind::WritesLost { .. } => Sign::Crashed,
        EventKind::Restarted => Sign::Restarted,
        EventKind::Paused => Sign::Paused,
        EventKind::Resumed => Sign::Resumed,
        EventKind::ClockStepped(_) | EventKind::ClockSlewed(_) | EventKind::ClockDrifted(_) => Sign::Clock,
        EventKind::Noted(_) => Sign::Note,
        EventKind::Wrote => Sign::Wrote,
        EventKind::Passed { .. } => Sign::CrashPoint,
        EventKind::TimerFired => Sign::Timer,
        EventKind::Traitor | EventKind::Started if is_evidence => Sign::Beginning,
        _ => return None,
    })
}

/// A number with its thousands apart: `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
