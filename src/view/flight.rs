//! The messages of a run, each with its beginning and its end: what a trace says of one in several
//! events.

use serde::Serialize;

use crate::process::MessageId;
use crate::time::Time;
use crate::trace::{EventId, EventKind, Trace};

use super::text;

/// How a message's way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It arrived.
    Delivered,
    /// The network lost it.
    Lost,
    /// It arrived damaged.
    Corrupted,
    /// A partition cut it off.
    Cut,
    /// The receiver was down.
    ToCrashed,
    /// It was still under way when the run ended.
    InFlight,
    /// A traitor never sent it, where an honest process would have spoken.
    Withheld,
}

impl Ending {
    /// The ending in a sentence about a message, before its moment.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Ending::Delivered => "delivered at",
            Ending::Lost => "lost by the network; it would have arrived at",
            Ending::Corrupted => "arrived damaged, and was dropped, at",
            Ending::Cut => "cut off by a partition at",
            Ending::ToCrashed => "came to a node that was down, at",
            Ending::InFlight => "still under way when the run ended, at",
            Ending::Withheld => "never sent",
        }
    }
}

/// One message's way.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    /// Which.
    pub message: MessageId,
    /// The event that began it.
    pub began: EventId,
    /// The event that holds its words: the original's, for a copy.
    pub said: EventId,
    /// The event that ended it.
    pub ended: Option<EventId>,
    /// When it left.
    pub sent_at: Time,
    /// When it arrived, would have arrived, or was last seen.
    pub ends_at: Time,
    /// How its way ended.
    pub ending: Ending,
    /// Whether a traitor put it instead of the truth.
    pub lie: bool,
}

/// All messages, in the order in which they left.
pub fn flights(trace: &Trace) -> Vec<Flight> {
    let mut flights: Vec<Flight> = Vec::new();
    for event in &trace.events {
        let Some(message) = event.what.message() else { continue };
        // They are in the order of their first events, so that a message is found by it.
        let cause = event.cause.and_then(|cause| flights.binary_search_by_key(&cause, |flight| flight.began).ok());
        let ending = match event.what {
            EventKind::Sent { .. } | EventKind::Copied(_) => Ending::InFlight,
            EventKind::Withheld(_) => Ending::Withheld,
            EventKind::Lost { .. } => Ending::Lost,
            EventKind::Corrupted(_) => Ending::Corrupted,
            EventKind::Cut(_) => Ending::Cut,
            EventKind::ToCrashed(_) => Ending::ToCrashed,
            _ => Ending::Delivered,
        };
        if event.what.is_fate() {
            let Some(flight) = cause.and_then(|index| flights.get_mut(index)) else { continue };
            flight.ending = ending;
            flight.ended = Some(event.id);
            flight.ends_at = match event.what {
                EventKind::Lost { after, .. } => event.at + after,
                _ => event.at,
            };
            continue;
        }
        let original = cause.and_then(|index| flights.get(index)).filter(|_| message.is_copy());
        let lie = match event.what {
            EventKind::Sent { lie, .. } => lie,
            _ => original.is_some_and(|original| original.lie),
        };
        flights.push(Flight {
            message,
            began: event.id,
            said: original.map_or(event.id, |original| original.said),
            ended: None,
            sent_at: event.at,
            ends_at: if ending == Ending::Withheld { event.at } else { trace.ended_at },
            ending,
            lie,
        });
    }
    flights
}

impl Flight {
    /// What the message says, in one line; empty if it has no words.
    pub fn words(&self, trace: &Trace) -> String {
        text::one_line(trace.words.of(self.said).unwrap_or_default())
    }

    /// What an honest process would have said, where that is something else.
    pub fn truth(&self, trace: &Trace) -> Option<String> {
        trace.truths.of(self.said).map(text::one_line)
    }

    /// Everything about the message, for readers who point at it.
    pub(super) fn story(&self, trace: &Trace) -> String {
        let (names, id) = (&trace.names, self.message);
        let copy = if id.is_copy() { ", the network's copy" } else { "" };
        let words = match self.words(trace) {
            words if words.is_empty() => String::new(),
            words => format!(": {words}"),
        };
        let way = match self.ending {
            Ending::Withheld => format!("Never sent, at {}.", self.sent_at),
            ending => format!("Sent at {}, {} {}.", self.sent_at, ending.words(), self.ends_at),
        };
        let lie = match self.truth(trace) {
            Some(truth) => format!(" An honest {} would have said: {truth}.", names.of(id.from())),
            None => String::new(),
        };
        let (from, to, nth) = (names.of(id.from()), names.of(id.to()), text::ordinal(id.nth()));
        format!("{from} → {to}, {nth} ({}){copy}{words}. {way}{lie}", names.message(id))
    }
}
