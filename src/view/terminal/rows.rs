//! What a timeline says of each event: which events get a row, and the row's sign and words.
//!
//! A message is told once, when its way ends; a timer is told with what it brought about; a note
//! without words is for judges only. Everything else that happens has a row of its own.

use anstyle::Style;

use crate::process::{MessageId, Names, NodeId};
use crate::scenario::{Fault, Scenario};
use crate::time::clock::STOPPED_PPB;
use crate::trace::{Event, EventId, EventKind, Trace};
use crate::view::text;
use crate::view::trace_lines::said;

use super::lanes::{Head, Mark};
use super::style::{BAD, FAINT, GOOD, LIE, LOST, PLAIN, STRONG, TOLD};

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) mark: Mark,
    pub(super) text: String,
    pub(super) ink: Style,
    /// What may be left out where there is no room: a message's name and delay, the timer behind an
    /// output.
    pub(super) aside: String,
}

/// Whether the event has a row.
pub(super) fn has_row(trace: &Trace, event: &Event) -> bool {
    match event.what {
        EventKind::Traitor
        | EventKind::Started
        | EventKind::Sent { .. }
        | EventKind::Copied(_)
        | EventKind::TimerFired => false,
        EventKind::Noted(_) => trace.words.of(event.id).is_some(),
        EventKind::Passed { .. } => is_fatal(trace, event),
        _ => true,
    }
}

/// Whether something befell the node at a crash point. Most passings are places where something
/// could have.
fn is_fatal(trace: &Trace, passing: &Event) -> bool {
    let next = trace.event(EventId::new(passing.id.number() + 1));
    next.is_some_and(|next| {
        next.cause == Some(passing.id) && matches!(next.what, EventKind::Crashed | EventKind::Paused)
    })
}

/// The event's row. Where no lane shows whose it is, the words name the node.
pub(super) fn row(scenario: &Scenario, trace: &Trace, event: &Event, has_lanes: bool) -> Row {
    match (event.what.message(), event.node) {
        (Some(message), _) => message_row(trace, event, message),
        (None, Some(node)) => node_row(trace, event, node, has_lanes),
        (None, None) => network_row(scenario, event),
    }
}

fn message_row(trace: &Trace, event: &Event, message: MessageId) -> Row {
    let said = said(trace, event);
    let words = trace.words.of(said);
    let truth = trace.truths.of(said);
    let name = trace.names.message(message);
    let spoken = words.map_or_else(|| name.clone(), |words| format!("“{words}”"));
    let to = trace.names.of(message.to());
    let (head, ending) = match event.what {
        EventKind::Lost { .. } => (Head::Lost, " – lost".to_owned()),
        EventKind::Corrupted(_) => (Head::Stopped, " – arrives damaged, and is dropped".to_owned()),
        EventKind::Cut(_) => (Head::Stopped, " – cut off by the partition".to_owned()),
        EventKind::ToCrashed(_) => (Head::Stopped, format!(" – comes to {to}, who is down")),
        EventKind::Withheld(_) => (Head::Silent, String::new()),
        EventKind::Sent { .. } | EventKind::Copied(_) => (Head::UnderWay, " – still under way".to_owned()),
        _ if message.is_copy() => (Head::Arrives, " – a second time".to_owned()),
        _ => (Head::Arrives, String::new()),
    };
    let text = match (truth, head) {
        (Some(truth), Head::Silent) => format!("lie: silence, not “{truth}”"),
        (Some("nothing"), _) => format!("lie: {spoken}, not silence{ending}"),
        (Some(truth), _) => format!("lie: {spoken}, not “{truth}”{ending}"),
        (None, _) => format!("{spoken}{ending}"),
    };
    let ink = match head {
        _ if truth.is_some() => LIE,
        Head::Arrives | Head::UnderWay => PLAIN,
        _ => LOST,
    };
    let took = match (head, event.cause.and_then(|cause| trace.event(cause))) {
        (Head::Arrives | Head::Stopped, Some(sent)) => format!(" +{}", event.at.since(sent.at).rounded()),
        _ => String::new(),
    };
    let mark = Mark::Arrow { from: message.from(), to: message.to(), lie: truth.is_some(), head };
    Row { mark, text, ink, aside: format!("{name}{took}") }
}

fn node_row(trace: &Trace, event: &Event, node: NodeId, has_lanes: bool) -> Row {
    let name = trace.names.of(node);
    let whose = if has_lanes { String::new() } else { format!("{name}: ") };
    let words = trace.words.of(event.id).unwrap_or_default();
    let (sign, ink, text) = match event.what {
        EventKind::Output(output) => ('◆', TOLD, format!("{whose}{}: {}", output.name, output.value)),
        EventKind::Noted(_) => ('·', PLAIN, format!("{whose}{words}")),
        EventKind::TimerFired => ('·', PLAIN, format!("{whose}timer: {words}")),
        EventKind::Wrote => ('▪', PLAIN, format!("{whose}writes to disk: {words}")),
        EventKind::Passed { point, nth } => ('○', FAINT, format!("{whose}passes `{point}:{nth}`")),
        EventKind::Crashed => ('✗', BAD, format!("{name} crashes{}", crash_place(trace, event))),
        EventKind::WritesLost { writes, all } => ('✗', BAD, format!("{whose}{}", text::writes_lost(writes, all))),
        EventKind::Restarted => ('▲', GOOD, format!("{name} restarts: memory fresh, {}", disk_after(trace, event))),
        EventKind::Paused => ('‖', STRONG, format!("{name} pauses")),
        EventKind::Resumed => ('▲', STRONG, format!("{name} goes on")),
        EventKind::ClockStepped(by) => ('◷', STRONG, format!("{name}'s clock jumps by {}", signed(by))),
        EventKind::ClockSlewed(by) => ('◷', STRONG, format!("{name}'s clock is slewed by {}", signed(by))),
        EventKind::ClockDrifted(STOPPED_PPB) => ('◷', STRONG, format!("{name}'s oscillator stands still from now on")),
        EventKind::ClockDrifted(ppb) => ('◷', STRONG, format!("{name}'s clock runs {} from now on", fast(ppb))),
        _ => ('·', PLAIN, format!("{whose}{}", event.what.word())),
    };
    Row { mark: Mark::Sign(node, sign, ink), text, ink, aside: timer_behind(trace, event) }
}

fn network_row(scenario: &Scenario, event: &Event) -> Row {
    let text = match event.what {
        EventKind::Partitioned(index) => format!("the network splits: {}", sides(scenario, index)),
        EventKind::Healed(_) => "the network heals".to_owned(),
        what => what.word().to_owned(),
    };
    Row { mark: Mark::Nothing, text, ink: STRONG, aside: String::new() }
}

/// The groups of the partition of this index among the scenario's partitions.
fn sides(scenario: &Scenario, index: u16) -> String {
    let partitions = scenario.faults.iter().filter_map(|fault| match fault {
        Fault::Partition { groups, one_way, .. } => Some((groups, *one_way)),
        _ => None,
    });
    match partitions.into_iter().nth(usize::from(index)) {
        Some((groups, one_way)) => {
            let groups: Vec<String> = groups.iter().map(|group| group_of(&scenario.names, group)).collect();
            groups.join(if one_way { " ↛ " } else { " | " })
        }
        None => "a partition begins".to_owned(),
    }
}

fn group_of(names: &Names, group: &[NodeId]) -> String {
    group.iter().map(|&node| names.of(node)).collect::<Vec<_>>().join(", ")
}

/// What a node that restarts finds on its disk.
fn disk_after(trace: &Trace, restart: &Event) -> &'static str {
    let before = trace.events[..restart.id.number() as usize].iter().rev();
    let mut its = before.filter(|event| event.node == restart.node);
    let since_crash = its.find(|event| matches!(event.what, EventKind::Crashed | EventKind::WritesLost { .. }));
    match since_crash.map(|event| event.what) {
        Some(EventKind::WritesLost { all: true, .. }) => "disk empty",
        Some(EventKind::WritesLost { all: false, .. }) => "disk without its last writes",
        _ => "disk kept",
    }
}

/// Where a crash struck, if it did at a named point or after a delivery.
fn crash_place(trace: &Trace, event: &Event) -> String {
    match event.cause.and_then(|cause| trace.event(cause)).map(|cause| cause.what) {
        Some(EventKind::Passed { point, nth }) => format!(" at `{point}:{nth}`"),
        Some(EventKind::Delivered(message)) => format!(" after {}", trace.names.message(message)),
        _ => String::new(),
    }
}

/// The words of the timer that brought an event about, if one did.
fn timer_behind(trace: &Trace, event: &Event) -> String {
    let cause = event.cause.and_then(|cause| trace.event(cause)).filter(|cause| cause.what == EventKind::TimerFired);
    cause.and_then(|timer| trace.words.of(timer.id)).unwrap_or_default().to_owned()
}

fn signed(by: crate::time::Span) -> String {
    if by.is_negative() { by.rounded() } else { format!("+{}", by.rounded()) }
}

/// How fast an oscillator runs.
fn fast(ppb: i64) -> String {
    let thousandths = ppb.unsigned_abs();
    let (whole, rest) = (thousandths / 1_000, format!(".{:03}", thousandths % 1_000));
    let ppm = format!("{whole}{}", rest.trim_end_matches('0').trim_end_matches('.'));
    match ppb {
        0 => "true".to_owned(),
        1.. => format!("{ppm} ppm fast"),
        _ => format!("{ppm} ppm slow"),
    }
}

/// The events that a row stands for: its own, and the sending of the message whose end it shows.
pub(super) fn stands_for(event: &Event) -> impl Iterator<Item = EventId> {
    let sent = event.cause.filter(|_| event.what.is_fate());
    std::iter::once(event.id).chain(sent)
}
