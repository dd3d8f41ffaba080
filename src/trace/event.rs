//! An event: what can happen in a run, and the sets of kinds that a judge asks for.

use serde::Serialize;

use crate::process::{MessageId, NodeId, Output};
use crate::time::{Span, Time};

/// Numbers the events of a run from 0, in the order in which they happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    pub what: EventKind,
}

/// The kinds of things that happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
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
pub struct Kinds(pub(super) u32);

impl Kinds {
    /// No kind.
    pub const NONE: Kinds = Kinds(0);
    /// Every kind.
    pub const ALL: Kinds = Kinds(u32::MAX);
    /// [`EventKind::Traitor`].
    pub const TRAITOR: Kinds = Kinds(1 << 0);
    /// [`EventKind::Started`].
    pub const STARTED: Kinds = Kinds(1 << 1);
    /// [`EventKind::Sent`].
    pub const SENT: Kinds = Kinds(1 << 2);
    /// [`EventKind::Withheld`].
    pub const WITHHELD: Kinds = Kinds(1 << 3);
    /// [`EventKind::Copied`].
    pub const COPIED: Kinds = Kinds(1 << 4);
    /// [`EventKind::Lost`].
    pub const LOST: Kinds = Kinds(1 << 5);
    /// [`EventKind::Delivered`].
    pub const DELIVERED: Kinds = Kinds(1 << 6);
    /// [`EventKind::Corrupted`].
    pub const CORRUPTED: Kinds = Kinds(1 << 7);
    /// [`EventKind::Cut`].
    pub const CUT: Kinds = Kinds(1 << 8);
    /// [`EventKind::ToCrashed`].
    pub const TO_CRASHED: Kinds = Kinds(1 << 9);
    /// [`EventKind::TimerFired`].
    pub const TIMER_FIRED: Kinds = Kinds(1 << 10);
    /// [`EventKind::Output`].
    pub const OUTPUT: Kinds = Kinds(1 << 11);
    /// [`EventKind::Noted`].
    pub const NOTED: Kinds = Kinds(1 << 12);
    /// [`EventKind::Wrote`].
    pub const WROTE: Kinds = Kinds(1 << 13);
    /// [`EventKind::Passed`].
    pub const PASSED: Kinds = Kinds(1 << 14);
    /// [`EventKind::Crashed`].
    pub const CRASHED: Kinds = Kinds(1 << 15);
    /// [`EventKind::Restarted`].
    pub const RESTARTED: Kinds = Kinds(1 << 16);
    /// [`EventKind::Paused`].
    pub const PAUSED: Kinds = Kinds(1 << 17);
    /// [`EventKind::Resumed`].
    pub const RESUMED: Kinds = Kinds(1 << 18);
    /// [`EventKind::ClockStepped`], [`EventKind::ClockSlewed`] and [`EventKind::ClockDrifted`].
    pub const CLOCK: Kinds = Kinds(1 << 19);
    /// [`EventKind::Partitioned`] and [`EventKind::Healed`].
    pub const PARTITION: Kinds = Kinds(1 << 20);

    /// [`EventKind::WritesLost`].
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

impl EventKind {
    /// The event's kind.
    #[inline]
    pub const fn kind(&self) -> Kinds {
        match self {
            EventKind::Traitor => Kinds::TRAITOR,
            EventKind::Started => Kinds::STARTED,
            EventKind::Sent { .. } => Kinds::SENT,
            EventKind::Withheld(_) => Kinds::WITHHELD,
            EventKind::Copied(_) => Kinds::COPIED,
            EventKind::Lost { .. } => Kinds::LOST,
            EventKind::Delivered(_) => Kinds::DELIVERED,
            EventKind::Corrupted(_) => Kinds::CORRUPTED,
            EventKind::Cut(_) => Kinds::CUT,
            EventKind::ToCrashed(_) => Kinds::TO_CRASHED,
            EventKind::TimerFired => Kinds::TIMER_FIRED,
            EventKind::Output(_) => Kinds::OUTPUT,
            EventKind::Noted(_) => Kinds::NOTED,
            EventKind::Wrote => Kinds::WROTE,
            EventKind::Passed { .. } => Kinds::PASSED,
            EventKind::Crashed => Kinds::CRASHED,
            EventKind::WritesLost { .. } => Kinds::WRITES_LOST,
            EventKind::Restarted => Kinds::RESTARTED,
            EventKind::Paused => Kinds::PAUSED,
            EventKind::Resumed => Kinds::RESUMED,
            EventKind::ClockStepped(_) | EventKind::ClockSlewed(_) | EventKind::ClockDrifted(_) => Kinds::CLOCK,
            EventKind::Partitioned(_) | EventKind::Healed(_) => Kinds::PARTITION,
        }
    }

    /// The kind as one word, as a trace's lines name it.
    pub const fn word(&self) -> &'static str {
        match self {
            EventKind::Traitor => "traitor",
            EventKind::Started => "started",
            EventKind::Sent { .. } => "sent",
            EventKind::Withheld(_) => "withheld",
            EventKind::Copied(_) => "copied",
            EventKind::Lost { .. } => "lost",
            EventKind::Delivered(_) => "delivered",
            EventKind::Corrupted(_) => "corrupted",
            EventKind::Cut(_) => "cut",
            EventKind::ToCrashed(_) => "to_crashed",
            EventKind::TimerFired => "timer",
            EventKind::Output(_) => "output",
            EventKind::Noted(_) => "noted",
            EventKind::Wrote => "wrote",
            EventKind::Passed { .. } => "passed",
            EventKind::Crashed => "crashed",
            EventKind::WritesLost { .. } => "writes_lost",
            EventKind::Restarted => "restarted",
            EventKind::Paused => "paused",
            EventKind::Resumed => "resumed",
            EventKind::ClockStepped(_) => "clock_stepped",
            EventKind::ClockSlewed(_) => "clock_slewed",
            EventKind::ClockDrifted(_) => "clock_drifted",
            EventKind::Partitioned(_) => "partitioned",
            EventKind::Healed(_) => "healed",
        }
    }

    /// The message that the event is about, if it is about one.
    #[inline]
    pub const fn message(&self) -> Option<MessageId> {
        match *self {
            EventKind::Sent { message, .. }
            | EventKind::Lost { message, .. }
            | EventKind::Withheld(message)
            | EventKind::Copied(message)
            | EventKind::Delivered(message)
            | EventKind::Corrupted(message)
            | EventKind::Cut(message)
            | EventKind::ToCrashed(message) => Some(message),
            _ => None,
        }
    }

    /// Whether the event ends a message's way.
    pub const fn is_fate(&self) -> bool {
        matches!(
            self,
            EventKind::Lost { .. }
                | EventKind::Delivered(_)
                | EventKind::Corrupted(_)
                | EventKind::Cut(_)
                | EventKind::ToCrashed(_)
        )
    }
}
