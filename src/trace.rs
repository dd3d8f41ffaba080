//! What happened in a run, as plain data with no protocol's types in it.
//!
//! Everything after the simulator, properties and views alike, reads a [`Trace`] and nothing else.
//! Each [`Event`] has a number, a moment of true time, a node and a cause. Every event is numbered
//! and counted at every [`Recording`] level, and goes into the [`Digest`] at all but the least; the
//! level decides only what is kept.

mod causality;
mod digest;
mod event;
mod states;
mod texts;

use std::ops::ControlFlow;

use serde::Serialize;

use crate::process::{Names, NodeId, Output};
use crate::time::clock::{Clock, History};
use crate::time::{Span, Time};
pub use digest::Digest;
pub(crate) use digest::{fold, words_of};
pub use event::{Event, EventId, EventKind, Kinds};
pub use states::States;
pub use texts::Texts;

/// How much of a run is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Only events of these kinds, no text and no digest: for many runs of which nobody asks
    /// whether two are the same. The digest is a seventh of such a run, and more in a browser.
    Verdicts(Kinds),
    /// Only events of these kinds, and no text.
    Outputs(Kinds),
    /// All events, with the words of messages, lies, notes and states: for a run that somebody
    /// looks at.
    Everything,
}

impl Recording {
    /// The kinds of events that are kept.
    const fn kept(self) -> Kinds {
        match self {
            Recording::Verdicts(kinds) | Recording::Outputs(kinds) => kinds,
            Recording::Everything => Kinds::ALL,
        }
    }

    /// Whether the run has a digest.
    const fn is_digested(self) -> bool {
        !matches!(self, Recording::Verdicts(_))
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StopReason {
    /// Nothing was left to happen.
    #[default]
    Quiescent,
    /// The scenario's `until` was reached.
    TimeLimit,
    /// `limits.events` was reached.
    EventLimit,
    /// `limits.messages` was reached: so many messages were under way at once.
    MessageLimit,
    /// Somebody who watched it stopped it.
    Interrupted,
}

impl StopReason {
    /// Whether a limit cut the run short, so that nobody can say what would have come.
    pub const fn is_cut_short(self) -> bool {
        matches!(self, StopReason::EventLimit | StopReason::MessageLimit | StopReason::Interrupted)
    }
}

/// What a run counts at every recording level. Each message sent or copied ends in one of the
/// fates, or is still in flight: `sent + copies = delivered + lost + corrupted + cut + to_crashed +
/// in_flight`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Messages sent.
    pub sent: u64,
    /// Copies that the network made.
    pub copies: u64,
    /// Messages that arrived.
    pub delivered: u64,
    /// Messages that the network lost.
    pub lost: u64,
    /// Messages that arrived damaged.
    pub corrupted: u64,
    /// Messages that a partition cut off.
    pub cut: u64,
    /// Messages that came to a node that was down.
    pub to_crashed: u64,
    /// Messages still under way at the end.
    pub in_flight: u64,
    /// Timers that fired.
    pub timers: u64,
    /// Crashes.
    pub crashes: u64,
    /// Events of the trace.
    pub events: u64,
}

impl Counts {
    /// The names of the counts, as reports and statements write them.
    pub const NAMES: [&'static str; 11] = [
        "sent",
        "copies",
        "delivered",
        "lost",
        "corrupted",
        "cut",
        "to_crashed",
        "in_flight",
        "timers",
        "crashes",
        "events",
    ];
}

/// Looks at a run that is under way.
pub trait Watch {
    /// Called between two events, every [`LOOK_EVERY`] events or so. It may let go of what the
    /// trace keeps, and ends the run by a [`ControlFlow::Break`].
    fn look(&mut self, trace: &mut Trace) -> ControlFlow<()>;
}

/// Events from one look at a run to the next: few enough that a run stops at once for a person,
/// many enough that looking costs nothing.
pub const LOOK_EVERY: u64 = 1_024;

/// Looks at nothing.
impl Watch for () {
    fn look(&mut self, _trace: &mut Trace) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The nodes' names.
    pub names: Names,
    /// How much was kept.
    pub recording: Recording,
    kept: Kinds,
    /// The traitors, in the scenario's order.
    pub traitors: Vec<NodeId>,
    /// The nodes that have crashed, in the order of their first crashes.
    pub crashed: Vec<NodeId>,
    /// What each node's clock was, in the scenario's order: kept at every recording level.
    pub clocks: Vec<History>,
    /// The events that were kept, in order.
    pub events: Vec<Event>,
    /// What messages, notes, timers and writes say in words.
    pub words: Texts,
    /// What an honest process would have said, for events that are lies.
    pub truths: Texts,
    /// A node's state after the event, where the event changed it.
    pub states: States,
    /// The counts.
    pub counts: Counts,
    /// When the run ended.
    pub ended_at: Time,
    /// Why it ended.
    pub ended: StopReason,
    /// The digest of all events; that of none at [`Recording::Verdicts`].
    pub digest: Digest,
}

impl Trace {
    /// An empty trace.
    pub(crate) fn new(names: Names) -> Trace {
        Trace {
            clocks: vec![History::new(Clock::new(Span::ZERO, 0)); names.count()],
            names,
            recording: Recording::Everything,
            kept: Kinds::ALL,
            traitors: Vec::new(),
            crashed: Vec::new(),
            events: Vec::new(),
            words: Texts::default(),
            truths: Texts::default(),
            states: States::default(),
            counts: Counts::default(),
            ended_at: Time::ZERO,
            ended: StopReason::Quiescent,
            digest: Digest::default(),
        }
    }

    /// The first events of a run, up to the moment of the next one, as a run that nobody looks at:
    /// it is judged the same, without sentences. What was counted is counted of all.
    pub(crate) fn first(&self, count: usize) -> Trace {
        let next = self.events.get(count).map(|event| event.at);
        let clocks =
            self.clocks.iter().map(|history| next.map_or_else(|| history.clone(), |at| history.until_before(at)));
        Trace {
            recording: Recording::Outputs(Kinds::ALL),
            traitors: self.traitors.clone(),
            crashed: self.crashed.clone(),
            clocks: clocks.collect(),
            events: self.events.iter().take(count).copied().collect(),
            counts: self.counts,
            ended_at: next.unwrap_or(self.ended_at),
            ended: if next.is_some() { StopReason::TimeLimit } else { self.ended },
            ..Trace::new(self.names.clone())
        }
    }

    /// Empties the trace for another run; what it allocated stays.
    pub(crate) fn clear(&mut self, recording: Recording) {
        self.recording = recording;
        self.kept = recording.kept();
        self.traitors.clear();
        self.crashed.clear();
        self.events.clear();
        self.words.clear();
        self.truths.clear();
        self.states.clear();
        self.counts = Counts::default();
        self.ended_at = Time::ZERO;
        self.ended = StopReason::Quiescent;
        self.digest = Digest::default();
    }

    /// Makes the trace as another of the same run is; what it allocated stays.
    pub(crate) fn go_back_to(&mut self, other: &Trace) {
        let Trace { names: _, recording, kept, traitors, crashed, clocks, events, words, truths, states, .. } = other;
        let Trace { counts, ended_at, ended, digest, .. } = *other;
        (self.recording, self.kept) = (*recording, *kept);
        self.traitors.clone_from(traitors);
        self.crashed.clone_from(crashed);
        self.clocks.clone_from(clocks);
        self.events.clone_from(events);
        self.words.clone_from(words);
        self.truths.clone_from(truths);
        self.states.clone_from(states);
        (self.counts, self.ended_at, self.ended, self.digest) = (counts, ended_at, ended, digest);
    }

    /// Lets go of the events that were kept so far, and of what clocks were before now: those who
    /// needed them have taken them in.
    pub(crate) fn let_go(&mut self) {
        self.events.clear();
        for history in &mut self.clocks {
            history.let_go(self.ended_at);
        }
    }

    /// Records one event and returns its number.
    #[inline(always)]
    pub(crate) fn push(&mut self, at: Time, node: Option<NodeId>, cause: Option<EventId>, what: EventKind) -> EventId {
        let id = EventId::new(self.counts.events as u32);
        self.counts.events += 1;
        if self.recording.is_digested() {
            self.digest.event(at, node, &what);
        }
        if self.kept.has(what.kind()) {
            self.events.push(Event { id, at, node, cause, what });
        }
        id
    }

    /// Takes what an event carries into the digest.
    #[inline(always)]
    pub(crate) fn digest_value(&mut self, value: &impl Serialize) {
        if self.recording.is_digested() {
            self.digest.value(value);
        }
    }

    /// The event of this number, if it was kept.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        let index = match self.recording {
            Recording::Everything => id.number() as usize,
            Recording::Verdicts(_) | Recording::Outputs(_) => {
                self.events.binary_search_by_key(&id, |event| event.id).ok()?
            }
        };
        self.events.get(index)
    }

    /// Whether `node` is a traitor.
    pub fn is_traitor(&self, node: NodeId) -> bool {
        self.traitors.contains(&node)
    }

    /// All outputs, in order: the event and what was told.
    pub fn outputs(&self) -> impl Iterator<Item = (&Event, NodeId, Output)> {
        self.events.iter().filter_map(|event| match (event.what, event.node) {
            (EventKind::Output(output), Some(node)) => Some((event, node, output)),
            _ => None,
        })
    }

    /// All notes of this name, in order.
    pub fn notes(&self, name: &str) -> impl Iterator<Item = (&Event, NodeId, Output)> {
        self.events.iter().filter_map(move |event| match (event.what, event.node) {
            (EventKind::Noted(note), Some(node)) if note.name == name => Some((event, node, note)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_named_as_they_are_written() {
        let written = serde_json::to_value(Counts::default()).unwrap();
        assert_eq!(written.as_object().unwrap().keys().collect::<Vec<_>>(), Counts::NAMES);
    }

    #[test]
    fn every_event_counts_at_every_level_and_is_digested_at_all_but_the_least() {
        let run = |recording| {
            let mut trace = Trace::new(Names::new(["alice", "bob"]));
            trace.clear(recording);
            let alice = Some(NodeId::new(0));
            trace.push(Time::ZERO, alice, None, EventKind::Started);
            trace.push(Time::from_ns(5), alice, Some(EventId::new(0)), EventKind::Crashed);
            (trace.digest, trace.counts, trace.events.len())
        };
        let (all, few) = (run(Recording::Everything), run(Recording::Outputs(Kinds::CRASHED)));
        let least = run(Recording::Verdicts(Kinds::CRASHED));
        assert_eq!((all.0, all.1), (few.0, few.1));
        assert_eq!((all.2, few.2), (2, 1));
        assert_eq!(least, (Digest::default(), few.1, few.2));
    }
}
