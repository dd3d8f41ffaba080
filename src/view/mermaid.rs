//! The run as a Mermaid sequence diagram, for READMEs and notes that render it themselves.
//!
//! Mermaid has no scale of time: its lines stand in the order in which messages ended, so that
//! everything that a message brought about stands below it. It refuses more than 50,000 characters,
//! and nobody reads more than a few hundred lines, so that long runs are cut, and say so.

use crate::process::NodeId;
use crate::report::Report;
use crate::trace::{Event, EventId, EventKind};

use super::flight::{Ending, Flight, flights};
use super::text;

const MOST_MESSAGES: usize = 200;
const MOST_NODES: usize = 40;
/// What is written before the closing notes, in bytes: a little below what Mermaid reads.
const MOST_BYTES: usize = 42_000;
/// Comes after every event.
const NEVER: EventId = EventId::new(u32::MAX);
/// How long a name or the words of a message may be, in characters.
const LONGEST: usize = 60;

/// The report as the text of a Mermaid diagram.
pub fn render(report: &Report) -> String {
    let trace = &report.trace;
    let shown = trace.names.count().min(MOST_NODES);
    let mut diagram = format!("sequenceDiagram\n    title: {}\n", escape(&report.scenario.title));
    for node in NodeId::first(shown) {
        let (index, name) = (node.index(), escape(trace.names.of(node)));
        let role = if trace.is_traitor(node) { " (traitor)" } else { "" };
        diagram.push_str(&format!("    participant n{index} as {name}{role}\n"));
    }
    let cut = body(report, shown, &mut diagram);
    let everybody = everybody(shown);
    for judged in &report.properties {
        let (word, name, because) = (judged.verdict.sign(), judged.name, judged.verdict.because());
        let says = if because.is_empty() { format!("{word} {name}") } else { format!("{word} {name}: {because}") };
        diagram.push_str(&format!("    Note over {everybody}: {}\n", lines(&says)));
    }
    if let Some(cut) = cut {
        diagram.push_str(&format!("    Note over {everybody}: {}\n", lines(&cut)));
    }
    diagram
}

/// Writes what happened; returns what was left out, if anything was.
fn body(report: &Report, shown: usize, diagram: &mut String) -> Option<String> {
    let trace = &report.trace;
    let (nodes, flights) = (trace.names.count(), flights(trace));
    let is_shown = |flight: &&Flight| flight.message.from().index() < shown && flight.message.to().index() < shown;
    let mut ends: Vec<&Flight> = flights.iter().filter(is_shown).collect();
    ends.sort_by_key(|flight| (ended(flight), flight.began));
    let mut ends = ends.into_iter().peekable();
    let mut messages = 0;
    let mut write = |line: &str, is_message: bool| {
        let is_room = diagram.len() + line.len() <= MOST_BYTES && (!is_message || messages < MOST_MESSAGES);
        if is_room {
            diagram.push_str(line);
            messages += usize::from(is_message);
        }
        is_room
    };
    let mut write_until = |id: EventId, line: Option<String>| {
        while let Some(flight) = ends.next_if(|flight| ended(flight) <= id) {
            if !write(&message(report, flight), true) {
                return false;
            }
        }
        line.is_none_or(|line| write(&line, false))
    };
    let is_whole = trace
        .events
        .iter()
        .filter_map(|event| Some((event.id, happening(event, shown)?)))
        .all(|(id, line)| write_until(id, Some(line)))
        && write_until(NEVER, None);
    if is_whole && messages == flights.len() && shown == nodes {
        return None;
    }
    let of_nodes = if shown < nodes { format!(", between {shown} of {nodes} nodes") } else { String::new() };
    Some(format!("Cut: {messages} of {} messages are shown{of_nodes}.", flights.len()))
}

/// The event at which a message's line stands: what is still under way comes last.
fn ended(flight: &Flight) -> EventId {
    if flight.ending == Ending::Withheld { flight.began } else { flight.ended.unwrap_or(NEVER) }
}

/// One message's line.
fn message(report: &Report, flight: &Flight) -> String {
    let trace = &report.trace;
    let (from, to) = (flight.message.from().index(), flight.message.to().index());
    let truth = flight.truth(trace).map(|truth| escape(&truth));
    if flight.ending == Ending::Withheld {
        let truth = truth.map_or_else(String::new, |truth| format!(" (truth: {truth})"));
        let receiver = escape(trace.names.of(flight.message.to()));
        return format!("    Note over n{from}: says nothing to {receiver}{truth}\n");
    }
    let arrow = match flight.ending {
        Ending::Delivered => "->>",
        Ending::InFlight => "-)",
        _ => "-x",
    };
    let fate = match flight.ending {
        Ending::Lost => " (lost)",
        Ending::Corrupted => " (arrived damaged)",
        Ending::Cut => " (cut by a partition)",
        Ending::ToCrashed => " (the receiver is down)",
        Ending::InFlight => " (still under way)",
        Ending::Delivered | Ending::Withheld => "",
    };
    let words = match flight.words(trace) {
        words if words.is_empty() => escape(&trace.names.message(flight.message)),
        words => escape(&words),
    };
    let copy = if flight.message.is_copy() { " (copy)" } else { "" };
    let lie = match truth {
        Some(truth) => format!(" (a lie, truth: {truth})"),
        None => String::new(),
    };
    format!("    n{from}{arrow}n{to}: {words}{copy}{lie}{fate}\n")
}

/// The line of something that happened to a node or to the network, if it is told.
fn happening(event: &Event, shown: usize) -> Option<String> {
    let says = match event.what {
        EventKind::Output(output) => format!("{}: {}", output.name, output.value),
        EventKind::Crashed => "crashes".to_owned(),
        EventKind::WritesLost { writes, all } => text::writes_lost(writes, all),
        EventKind::Restarted => "restarts".to_owned(),
        EventKind::Paused => "pauses".to_owned(),
        EventKind::Resumed => "goes on".to_owned(),
        EventKind::ClockStepped(by) => format!("clock stepped by {}", by.rounded()),
        EventKind::ClockSlewed(by) => format!("clock slewed by {}", by.rounded()),
        EventKind::ClockDrifted(ppb) => format!("clock drifts by {}", text::drift(ppb)),
        EventKind::Partitioned(_) => "a partition begins".to_owned(),
        EventKind::Healed(_) => "the partition ends".to_owned(),
        _ => return None,
    };
    let place = match event.node {
        Some(node) if node.index() < shown => format!("n{}", node.index()),
        Some(_) => return None,
        None => everybody(shown),
    };
    let at = super::axis::span_words(event.at.ns());
    Some(format!("    Note over {place}: {}\n", escape(&format!("{says}, at {at}"))))
}

fn everybody(shown: usize) -> String {
    if shown > 1 { format!("n0,n{}", shown - 1) } else { "n0".to_owned() }
}

/// A sentence in several lines.
fn lines(sentence: &str) -> String {
    let lines: Vec<String> = text::wrap(sentence, 600.0, 16.0, 6).iter().map(|line| escape_all(line)).collect();
    lines.join("<br/>")
}

/// The text as Mermaid takes it, in one line of bounded length.
fn escape(words: &str) -> String {
    let words = text::one_line(words);
    if words.chars().count() <= LONGEST {
        return escape_all(&words);
    }
    let cut: String = words.chars().take(LONGEST - 1).collect();
    format!("{}…", escape_all(cut.trim_end()))
}

/// The text with everything by its number that could mean something to Mermaid: most punctuation,
/// and some words.
fn escape_all(words: &str) -> String {
    let mut escaped = String::new();
    for word in words.split_inclusive(' ') {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        // Words that Mermaid obeys lose their first letter to its number.
        let mut is_obeyed = ["end", "wrap", "nowrap"].contains(&bare.as_str());
        for c in word.chars() {
            let is_plain = c.is_alphanumeric() || " .,:'()/-–…→✓✗?".contains(c);
            if is_plain && !(c.is_alphanumeric() && std::mem::take(&mut is_obeyed)) {
                escaped.push(c);
            } else {
                escaped.push_str(&format!("#{};", u32::from(c)));
            }
        }
    }
    escaped
}
