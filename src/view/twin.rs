//! A run as one node knows it: what it noticed itself, and when by its own clock.
//!
//! Two runs that look the same to a node differ nowhere in this, so that the node, which has
//! nothing else to go by, must do the same in both (Halpern, Moses, "Knowledge and Common Knowledge
//! in a Distributed Environment", J. ACM, 1990: a process knows what holds in all runs that it
//! cannot tell from this one).

use std::fmt;

use crate::process::{NodeId, Output};
use crate::time::{Reading, Time};
use crate::trace::{Event, EventId, EventKind, Trace};

use super::trace_lines::said;

/// One thing that a node noticed.
#[derive(Clone, Copy, Debug)]
pub struct Noticed<'a> {
    /// The event.
    pub event: EventId,
    /// When, by the node's own clock.
    pub at: Reading,
    /// What.
    pub what: What<'a>,
}

/// What a node can notice. Other nodes go by their names, and messages by their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What<'a> {
    /// It started, or started again after a crash.
    Started,
    /// It said this to somebody.
    Said(&'a str, &'a str),
    /// It heard this from somebody.
    Heard(&'a str, &'a str),
    /// A timer fired, for this.
    Timer(&'a str),
    /// It told its user something.
    Told(Output),
    /// It noted something, wrote to its disk, or passed a point in its work.
    Did(&'static str, Option<Output>),
}

impl PartialEq for Noticed<'_> {
    /// Whether the node could not tell them apart.
    fn eq(&self, other: &Noticed<'_>) -> bool {
        self.at == other.at && self.what == other.what
    }
}

impl fmt::Display for What<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Started => f.write_str("starts"),
            What::Said(to, words) => write!(f, "says “{words}” to {to}"),
            What::Heard(from, words) => write!(f, "hears “{words}” from {from}"),
            What::Timer("") => f.write_str("a timer fires"),
            What::Timer(words) => write!(f, "a timer fires: {words}"),
            What::Told(Output { name, value }) => write!(f, "{name} {value}"),
            What::Did(did, None) => f.write_str(did),
            What::Did(did, Some(Output { name, value })) => write!(f, "{did} {name} {value}"),
        }
    }
}

/// What a node noticed up to a moment of true time, in order; in the whole run if there is none.
pub fn noticed(trace: &Trace, node: NodeId, until: Option<Time>) -> Vec<Noticed<'_>> {
    let of_node = trace.events.iter().filter(|event| event.node == Some(node));
    let in_time = of_node.filter(|event| until.is_none_or(|until| event.at <= until));
    in_time.filter_map(|event| one(trace, node, event)).collect()
}

fn one<'a>(trace: &'a Trace, node: NodeId, event: &Event) -> Option<Noticed<'a>> {
    let words = || trace.words.of(said(trace, event)).unwrap_or_default();
    let what = match event.what {
        EventKind::Started | EventKind::Restarted => What::Started,
        EventKind::Sent { message, .. } => What::Said(trace.names.of(message.to()), words()),
        EventKind::Delivered(message) => What::Heard(trace.names.of(message.from()), words()),
        EventKind::TimerFired => What::Timer(words()),
        EventKind::Output(output) => What::Told(output),
        EventKind::Noted(output) => What::Did("noted", Some(output)),
        EventKind::Wrote => What::Did("wrote", None),
        EventKind::Passed { point, .. } => What::Did(point, None),
        // What is done to a node or to its messages it does not notice, nor what it keeps silent
        // of; what a jump of its clock does its readings show.
        _ => return None,
    };
    Some(Noticed { event: event.id, at: trace.clocks[node.index()].read(event.at), what })
}
