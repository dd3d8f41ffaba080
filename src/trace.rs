//! What happened in a run, as plain data with no protocol's types in it.
//!
//! Everything after the simulator, properties and views alike, reads a [`Trace`] and nothing else.
//! Each [`Event`] has a number, a moment of true time, a node and a cause. Every event counts
//! towards the numbering and the [`Digest`] at every [`Recording`] level; the level decides only
//! what is kept.

mod digest;

use std::ops::{ControlFlow, Range};

use serde::Serialize;

use crate::process::{MessageId, Names, NodeId, Output};
use crate::time::clock::{Clock, History};
use crate::time::{Span, Time};
pub use digest::Digest;
pub(crate) use digest::fold;

/// Numbers the events of a run from 0, in the order in which they happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EventId(u32);

impl EventId {
    /// The event of this number.
    pub const fn new(number: u32) -> EventId {
        EventId(number)
    }

    /// The event's number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When, in true time.
    pub at: Time,
    /// Where; `None` for what concerns the network as a whole.
    pub node: Option<NodeId>,
    /// The event without which this one would not be: a delivery's send, a send's delivery or
    /// timer.
    pub cause: Option<EventId>,
    /// What.
    pub what: What,
}

/// The kinds of things that happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The node is a traitor: what it says from now on may be a lie.
    Traitor,
    /// The process began.
    Started,
    /// A message left. `lie` if a traitor put it instead of the truth.
    Sent {
        /// Which.
        message: MessageId,
        /// Whether it differs from what an honest process would have said.
        lie: bool,
    },
    /// A slot passed in which a traitor said nothing although an honest process would have spoken.
    Withheld(MessageId),
    /// The network made a second copy of a message.
    Copied(MessageId),
    /// The network lost a message. It would have arrived `after` this long.
    Lost {
        /// Which.
        message: MessageId,
        /// The delay that it would have had; zero unless everything is recorded.
        after: Span,
    },
    /// A message arrived.
    Delivered(MessageId),
    /// A message arrived damaged; the receiver noticed and dropped it.
    Corrupted(MessageId),
    /// A message came to a partition, which cut it off.
    Cut(MessageId),
    /// A message came to a node that was down.
    ToCrashed(MessageId),
    /// A timer fired.
    TimerFired,
    /// The process told its user something.
    Output(Output),
    /// The process noted an inner step.
    Noted(Output),
    /// The process wrote to its disk.
    Wrote,
    /// The process passed a named crash point, for the `nth` time on this node.
    Passed {
        /// The point's name.
        point: &'static str,
        /// How often this node has passed it, this time included.
        nth: u32,
    },
    /// The node went down: its memory is gone.
    Crashed,
    /// Writes that the node had made are not on its disk after the crash.
    WritesLost {
        /// How many.
        writes: u32,
        /// Whether these are all, so that the disk is empty.
        all: bool,
    },
    /// The node came up again with a fresh memory and what is on its disk.
    Restarted,
    /// The node stopped doing anything, its memory kept.
    Paused,
    /// The node went on.
    Resumed,
    /// The node's clock jumped.
    ClockStepped(Span),
    /// The node's clock is being corrected evenly, by this much in all.
    ClockSlewed(Span),
    /// The node's oscillator now runs this many parts per billion fast.
    ClockDrifted(i64),
    /// The partition of this index in the scenario's faults began.
    Partitioned(u16),
    /// It ended.
    Healed(u16),
}

/// A set of kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// No kind.
    pub const NONE: Kinds = Kinds(0);
    /// Every kind.
    pub const ALL: Kinds = Kinds(u32::MAX);
    /// [`What::Traitor`].
    pub const TRAITOR: Kinds = Kinds(1 << 0);
    /// [`What::Started`].
    pub const STARTED: Kinds = Kinds(1 << 1);
    /// [`What::Sent`].
    pub const SENT: Kinds = Kinds(1 << 2);
    /// [`What::Withheld`].
    pub const WITHHELD: Kinds = Kinds(1 << 3);
    /// [`What::Copied`].
    pub const COPIED: Kinds = Kinds(1 << 4);
    /// [`What::Lost`].
    pub const LOST: Kinds = Kinds(1 << 5);
    /// [`What::Delivered`].
    pub const DELIVERED: Kinds = Kinds(1 << 6);
    /// [`What::Corrupted`].
    pub const CORRUPTED: Kinds = Kinds(1 << 7);
    /// [`What::Cut`].
    pub const CUT: Kinds = Kinds(1 << 8);
    /// [`What::ToCrashed`].
    pub const TO_CRASHED: Kinds = Kinds(1 << 9);
    /// [`What::TimerFired`].
    pub const TIMER_FIRED: Kinds = Kinds(1 << 10);
    /// [`What::Output`].
    pub const OUTPUT: Kinds = Kinds(1 << 11);
    /// [`What::Noted`].
    pub const NOTED: Kinds = Kinds(1 << 12);
    /// [`What::Wrote`].
    pub const WROTE: Kinds = Kinds(1 << 13);
    /// [`What::Passed`].
    pub const PASSED: Kinds = Kinds(1 << 14);
    /// [`What::Crashed`].
    pub const CRASHED: Kinds = Kinds(1 << 15);
    /// [`What::Restarted`].
    pub const RESTARTED: Kinds = Kinds(1 << 16);
    /// [`What::Paused`].
    pub const PAUSED: Kinds = Kinds(1 << 17);
    /// [`What::Resumed`].
    pub const RESUMED: Kinds = Kinds(1 << 18);
    /// [`What::ClockStepped`], [`What::ClockSlewed`] and [`What::ClockDrifted`].
    pub const CLOCK: Kinds = Kinds(1 << 19);
    /// [`What::Partitioned`] and [`What::Healed`].
    pub const PARTITION: Kinds = Kinds(1 << 20);

    /// [`What::WritesLost`].
    pub const WRITES_LOST: Kinds = Kinds(1 << 21);

    /// The kinds of either set.
    pub const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Whether any kind of `other` is among these.
    pub const fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
}

impl What {
    /// The event's kind.
    #[inline]
    pub const fn kind(&self) -> Kinds {
        match self {
            What::Traitor => Kinds::TRAITOR,
            What::Started => Kinds::STARTED,
            What::Sent { .. } => Kinds::SENT,
            What::Withheld(_) => Kinds::WITHHELD,
            What::Copied(_) => Kinds::COPIED,
            What::Lost { .. } => Kinds::LOST,
            What::Delivered(_) => Kinds::DELIVERED,
            What::Corrupted(_) => Kinds::CORRUPTED,
            What::Cut(_) => Kinds::CUT,
            What::ToCrashed(_) => Kinds::TO_CRASHED,
            What::TimerFired => Kinds::TIMER_FIRED,
            What::Output(_) => Kinds::OUTPUT,
            What::Noted(_) => Kinds::NOTED,
            What::Wrote => Kinds::WROTE,
            What::Passed { .. } => Kinds::PASSED,
            What::Crashed => Kinds::CRASHED,
            What::WritesLost { .. } => Kinds::WRITES_LOST,
            What::Restarted => Kinds::RESTARTED,
            What::Paused => Kinds::PAUSED,
            What::Resumed => Kinds::RESUMED,
            What::ClockStepped(_) | What::ClockSlewed(_) | What::ClockDrifted(_) => Kinds::CLOCK,
            What::Partitioned(_) | What::Healed(_) => Kinds::PARTITION,
        }
    }

    /// The kind as one word, as a trace's lines name it.
    pub const fn word(&self) -> &'static str {
        match self {
            What::Traitor => "traitor",
            What::Started => "started",
            What::Sent { .. } => "sent",
            What::Withheld(_) => "withheld",
            What::Copied(_) => "copied",
            What::Lost { .. } => "lost",
            What::Delivered(_) => "delivered",
            What::Corrupted(_) => "corrupted",
            What::Cut(_) => "cut",
            What::ToCrashed(_) => "to_crashed",
            What::TimerFired => "timer",
            What::Output(_) => "output",
            What::Noted(_) => "noted",
            What::Wrote => "wrote",
            What::Passed { .. } => "passed",
            What::Crashed => "crashed",
            What::WritesLost { .. } => "writes_lost",
            What::Restarted => "restarted",
            What::Paused => "paused",
            What::Resumed => "resumed",
            What::ClockStepped(_) => "clock_stepped",
            What::ClockSlewed(_) => "clock_slewed",
            What::ClockDrifted(_) => "clock_drifted",
            What::Partitioned(_) => "partitioned",
            What::Healed(_) => "healed",
        }
    }

    /// The message that the event is about, if it is about one.
    #[inline]
    pub const fn message(&self) -> Option<MessageId> {
        match *self {
            What::Sent { message, .. }
            | What::Lost { message, .. }
            | What::Withheld(message)
            | What::Copied(message)
            | What::Delivered(message)
            | What::Corrupted(message)
            | What::Cut(message)
            | What::ToCrashed(message) => Some(message),
            _ => None,
        }
    }

    /// Whether the event ends a message's way.
    pub const fn is_fate(&self) -> bool {
        matches!(self, What::Lost { .. } | What::Delivered(_) | What::Corrupted(_) | What::Cut(_) | What::ToCrashed(_))
    }
}

/// How much of a run is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Only events of these kinds, and no text: for many runs.
    Outputs(Kinds),
    /// All events, with the words of messages, lies, notes and states: for a run that somebody
    /// looks at.
    Everything,
}

impl Recording {
    /// The kinds of events that are kept.
    const fn kept(self) -> Kinds {
        match self {
            Recording::Outputs(kinds) => kinds,
            Recording::Everything => Kinds::ALL,
        }
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
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

impl Why {
    /// Whether a limit cut the run short, so that nobody can say what would have come.
    pub const fn is_cut_short(self) -> bool {
        matches!(self, Why::EventLimit | Why::MessageLimit | Why::Interrupted)
    }
}

/// What a run counts at every recording level. Each message sent or copied ends in one of the
/// fates, or is still in flight: `sent + copies = delivered + lost + corrupted + cut + to_crashed +
/// in_flight`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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

/// Texts that belong to events, held in one string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    rows: Vec<(EventId, Range<u32>)>,
}

impl Texts {
    /// The text of `event`, if it has one.
    pub fn of(&self, event: EventId) -> Option<&str> {
        let row = self.rows.binary_search_by_key(&event, |&(id, _)| id).ok()?;
        let Range { start, end } = self.rows[row].1;
        self.text.get(start as usize..end as usize)
    }

    /// Adds the text of an event that comes after all that have one. An empty text is no text.
    pub(crate) fn push(&mut self, event: EventId, text: &impl std::fmt::Display) {
        use std::fmt::Write;
        let start = self.text.len();
        // Writing to a string cannot fail; a `Display` that claims so leaves what it wrote.
        let _ = write!(self.text, "{text}");
        if self.text.len() > start {
            let range = start.min(u32::MAX as usize) as u32..self.text.len().min(u32::MAX as usize) as u32;
            self.rows.push((event, range));
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
    }
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
    pub states: Texts,
    /// The counts.
    pub counts: Counts,
    /// When the run ended.
    pub ended_at: Time,
    /// Why it ended.
    pub ended: Why,
    /// The digest of all events.
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
            states: Texts::default(),
            counts: Counts::default(),
            ended_at: Time::ZERO,
            ended: Why::Quiescent,
            digest: Digest::default(),
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
        self.ended = Why::Quiescent;
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
    pub(crate) fn push(&mut self, at: Time, node: Option<NodeId>, cause: Option<EventId>, what: What) -> EventId {
        let id = EventId(self.counts.events as u32);
        self.counts.events += 1;
        self.digest.event(at, node, &what);
        if self.kept.has(what.kind()) {
            self.events.push(Event { id, at, node, cause, what });
        }
        id
    }

    /// The event of this number, if it was kept.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        let index = match self.recording {
            Recording::Everything => id.0 as usize,
            Recording::Outputs(_) => self.events.binary_search_by_key(&id, |event| event.id).ok()?,
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
            (What::Output(output), Some(node)) => Some((event, node, output)),
            _ => None,
        })
    }

    /// All notes of this name, in order.
    pub fn notes(&self, name: &str) -> impl Iterator<Item = (&Event, NodeId, Output)> {
        self.events.iter().filter_map(move |event| match (event.what, event.node) {
            (What::Noted(note), Some(node)) if note.name == name => Some((event, node, note)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_counts_at_every_level() {
        let run = |recording| {
            let mut trace = Trace::new(Names::new(["alice", "bob"]));
            trace.clear(recording);
            let alice = Some(NodeId::new(0));
            trace.push(Time::ZERO, alice, None, What::Started);
            trace.push(Time::from_ns(5), alice, Some(EventId(0)), What::Crashed);
            (trace.digest, trace.counts, trace.events.len())
        };
        let (all, few) = (run(Recording::Everything), run(Recording::Outputs(Kinds::CRASHED)));
        assert_eq!((all.0, all.1), (few.0, few.1));
        assert_eq!((all.2, few.2), (2, 1));
    }
}
