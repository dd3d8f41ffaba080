//! What can go wrong, as a scenario says it.

use super::{Distribution, Fate, Params, Probability};
use crate::process::{MessageId, NodeId};
use crate::time::{Span, Time};

/// Something that goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nodes that lie.
    Traitor {
        /// Which.
        who: Traitors,
        /// Their way to lie, one of the protocol's.
        lie: Lie,
    },
    /// The network does this to one message.
    Message {
        /// Which.
        message: MessageId,
        /// What.
        fate: Fate,
    },
    /// One message takes this long.
    Delay {
        /// Which.
        message: MessageId,
        /// Its delay.
        to: Span,
    },
    /// A node goes down.
    Crash {
        /// Which.
        node: NodeId,
        /// When.
        when: CrashWhen,
        /// For how long; `None`: for good.
        down: Option<Span>,
        /// What happens to its disk.
        disk: DiskFate,
    },
    /// A node stops doing anything, its memory kept.
    Pause {
        /// Which.
        node: NodeId,
        /// When.
        when: PauseWhen,
        /// For how long; `None`: for good.
        lasts: Option<Distribution>,
        /// What its oscillator does meanwhile.
        oscillator: Oscillator,
    },
    /// Links are another weather than the network's for a while. A message meets the weather at
    /// which it is sent.
    Degrade {
        /// The links.
        links: Links,
        /// When.
        at: Time,
        /// For how long; `None`: to the end.
        lasts: Option<Span>,
        /// What is other than usual.
        change: Change,
    },
    /// Links keep what is sent for a while, and deliver it all at the end, in the order in which it
    /// was sent.
    Hold {
        /// The links.
        links: Links,
        /// When.
        at: Time,
        /// For how long; `None`: to the end, so that none of it arrives.
        lasts: Option<Span>,
    },
    /// Groups that do not hear each other. A node in no group keeps all its links.
    Partition {
        /// The groups.
        groups: Vec<Vec<NodeId>>,
        /// When.
        at: Time,
        /// For how long; `None`: for good.
        lasts: Option<Span>,
        /// Whether only what leaves the first group is cut.
        one_way: bool,
    },
    /// A clock jumps.
    ClockStep {
        /// Whose.
        node: NodeId,
        /// When.
        at: Time,
        /// By how much.
        by: Span,
    },
    /// An oscillator changes its speed.
    ClockDrift {
        /// Whose.
        node: NodeId,
        /// When.
        at: Time,
        /// How many parts per billion it runs fast from then on.
        ppb: i64,
    },
}

/// Who lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Traitors {
    /// These.
    These(Vec<NodeId>),
    /// So many, placed by the seed.
    Count(usize),
}

/// A way to lie: its name, which the protocol knows, and its arguments, which the protocol reads.
#[derive(Clone, Debug)]
pub struct Lie {
    /// The protocol's word for it.
    pub name: String,
    /// Where the name stands.
    pub span: std::ops::Range<usize>,
    /// The other keys of the row.
    pub arguments: Params,
}

/// When a node crashes.
#[derive(Clone, Debug, PartialEq)]
pub enum CrashWhen {
    /// At a moment of true time.
    At(Time),
    /// Right after this message was delivered to it.
    After(MessageId),
    /// When it passes a named point for the `nth` time.
    Point {
        /// The point's name.
        point: String,
        /// Which passing, counted from one.
        nth: u32,
    },
    /// Whenever it passes a named point, with this probability.
    EachPoint {
        /// The point's name.
        point: String,
        /// How likely.
        probability: Probability,
        /// The item that the passing must be about, an order's number say; `None`: any, or none.
        item: Option<u64>,
        /// When it ends; `None`: never.
        until: Option<Time>,
    },
    /// At random moments.
    Rate {
        /// How many a second of up time on average.
        per_second: f64,
        /// When they end; `None`: never.
        until: Option<Time>,
    },
}

/// When a node pauses.
#[derive(Clone, Debug, PartialEq)]
pub enum PauseWhen {
    /// At a moment of true time.
    At(Time),
    /// When it passes a named point for the `nth` time.
    Point {
        /// The point's name.
        point: String,
        /// Which passing, counted from one.
        nth: u32,
    },
    /// Whenever it passes a named point, with this probability.
    EachPoint {
        /// The point's name.
        point: String,
        /// How likely.
        probability: Probability,
        /// The item that the passing must be about, an order's number say; `None`: any, or none.
        item: Option<u64>,
        /// When it ends; `None`: never.
        until: Option<Time>,
    },
}

/// What happens to a node's disk in a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DiskFate {
    /// It keeps all that was written: the machine's power, or the process alone, failed.
    #[default]
    Kept,
    /// It is empty afterwards: the machine is replaced.
    Lost,
    /// The last handler's writes are gone: the node said that they were done, and the disk had not
    /// synced them. A handler is what a process does at one event. If the crash strikes within one
    /// that has written, those writes are meant; else those of the last handler that wrote.
    Unsynced,
}

/// What a paused node's oscillator does, on which its clock and its timers run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Oscillator {
    /// It goes on, as under a process that is not scheduled: timers are due meanwhile, and fire
    /// when the node goes on.
    #[default]
    Runs,
    /// It stands still, as in a machine that is suspended: the clock is behind afterwards, and
    /// timers come later, by as long as the pause was.
    Stops,
}

/// Links between nodes: all from one of these to another of those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The senders; `None`: all nodes.
    pub from: Option<Vec<NodeId>>,
    /// The receivers; `None`: all nodes.
    pub to: Option<Vec<NodeId>>,
}

/// What is other than usual on a link; `None` is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// How long a message takes.
    pub delay: Option<Distribution>,
    /// How likely a message is lost.
    pub loss: Option<Probability>,
    /// How likely a message that is neither lost nor corrupted arrives twice.
    pub duplicate: Option<Probability>,
    /// How likely a message that is not lost arrives damaged.
    pub corrupt: Option<Probability>,
}

#[cfg(test)]
impl Fault {
    /// A crash that leaves the disk alone.
    pub(crate) fn crash(node: NodeId, when: CrashWhen, down: Option<Span>) -> Fault {
        Fault::Crash { node, when, down, disk: DiskFate::Kept }
    }

    /// A pause at a moment, under which the oscillator goes on.
    pub(crate) fn pause(node: NodeId, at: Time, lasts: Option<Span>) -> Fault {
        let lasts = lasts.map(Distribution::Constant);
        Fault::Pause { node, when: PauseWhen::At(at), lasts, oscillator: Oscillator::Runs }
    }
}
