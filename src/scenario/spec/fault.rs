//! The faults of a scenario, as they are written.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::super::distribution::Delay;
use super::super::values::{At, Ends, FaultPpm, FromZero, Positive};
use super::super::{DiskFate, Oscillator, Probability};
use crate::time::Span;

/// Something that goes wrong. Times are true time; without `for` it lasts to the end.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenario) enum Fault {
    /// Nodes that lie: `node`, `nodes` or `count`, the `lie`, and that lie's arguments.
    Traitor(At<Traitor>),
    /// The network loses a message.
    Lose(Message),
    /// The network damages a message; the receiver notices and drops it.
    Corrupt(Message),
    /// The network delivers a message twice.
    Twice(Message),
    /// A message takes this long.
    Delay(Delayed),
    /// A node goes down: `at` a moment, `after` a delivery, at a `point`, or at a `rate`.
    Crash(At<Crash>),
    /// A node stops doing anything for a while, its memory kept: `at` a moment, or at a `point`.
    Pause(At<Pause>),
    /// Groups of nodes that do not hear each other.
    Partition(Partition),
    /// A node and all others do not hear each other.
    Isolate(Isolate),
    /// Links lose, delay, damage or double messages more, or less, than usual for a while.
    Degrade(At<Degrade>),
    /// Links keep what is sent for a while, and deliver it all at the end.
    Hold(At<Hold>),
    /// A clock jumps.
    ClockStep(ClockStep),
    /// An oscillator changes its speed.
    ClockDrift(ClockDrift),
}

/// Nodes that lie.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::scenario) struct Traitor {
    /// The one that lies.
    pub(in crate::scenario) node: Option<At<String>>,
    /// Those that lie.
    pub(in crate::scenario) nodes: Option<At<Vec<At<String>>>>,
    /// How many lie; the seed says who.
    pub(in crate::scenario) count: Option<At<u64>>,
    /// Their way to lie, one of the protocol's.
    pub(in crate::scenario) lie: At<String>,
}

/// One message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Message {
    /// The message: `alice:bob:2` is the second that alice sends to bob.
    pub(in crate::scenario) message: At<String>,
}

/// One message, and its delay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Delayed {
    /// The message: `alice:bob:2` is the second that alice sends to bob.
    pub(in crate::scenario) message: At<String>,
    /// How long it takes.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) to: Span,
}

/// A node goes down.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Crash {
    /// The node.
    pub(in crate::scenario) node: At<String>,
    /// The moment, in true time.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(in crate::scenario) at: Option<At<Span>>,
    /// The message after whose delivery it crashes: `bob:alice:1`.
    pub(in crate::scenario) after: Option<At<String>>,
    /// The crash point and which passing of it: `charged:2`; the point alone if there is a
    /// `probability` or an `item`.
    pub(in crate::scenario) point: Option<At<String>>,
    /// How likely it crashes at each passing of the point. Default 1 if there is an `item`.
    pub(in crate::scenario) probability: Option<At<Probability>>,
    /// The item that a passing of the point must be about: the number of an order, say. Any if not
    /// given.
    pub(in crate::scenario) item: Option<At<u64>>,
    /// How often it crashes at random, in crashes per second of up time.
    #[schemars(with = "Rate")]
    #[serde(default)]
    pub(in crate::scenario) rate: Option<At<f64>>,
    /// How long it stays down. For good if not given.
    #[schemars(with = "FromZero")]
    #[serde(default, rename = "for")]
    pub(in crate::scenario) lasts: Option<Span>,
    /// What happens to its disk. Default kept.
    #[serde(default)]
    pub(in crate::scenario) disk: DiskFate,
    /// When a crash that can come again, by `rate`, `probability` or `item`, comes no more, in true
    /// time. Never if not given.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(in crate::scenario) until: Option<At<Span>>,
}

/// So many a second.
struct Rate;

impl JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000 })
    }
}

/// A node stops doing anything for a while.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Pause {
    /// The node.
    pub(in crate::scenario) node: At<String>,
    /// When it begins, in true time.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(in crate::scenario) at: Option<At<Span>>,
    /// The crash point at which it begins and which passing of it: `charged:2`; the point alone if
    /// there is a `probability` or an `item`.
    pub(in crate::scenario) point: Option<At<String>>,
    /// How likely it pauses at each passing of the point. Default 1 if there is an `item`.
    pub(in crate::scenario) probability: Option<At<Probability>>,
    /// The item that a passing of the point must be about: the number of an order, say. Any if not
    /// given.
    pub(in crate::scenario) item: Option<At<u64>>,
    /// For how long: a duration or a distribution. To the end if not given.
    #[serde(default, rename = "for")]
    pub(in crate::scenario) lasts: Option<At<Delay>>,
    /// What the oscillator does meanwhile, on which the node's clock and timers run: it `runs`, or
    /// `stops` as in a machine that is suspended. Default runs.
    #[serde(default)]
    pub(in crate::scenario) oscillator: Oscillator,
    /// When a pause that can come again, by `probability` or `item`, comes no more, in true time.
    /// Never if not given.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(in crate::scenario) until: Option<At<Span>>,
}

/// A node that nobody reaches for a while.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Isolate {
    /// The node.
    pub(in crate::scenario) node: At<String>,
    /// When it begins, in true time.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) at: Span,
    /// For how long. To the end if not given.
    #[schemars(with = "Positive")]
    #[serde(default, rename = "for")]
    pub(in crate::scenario) lasts: Option<Span>,
}

/// Links lose, delay, damage or double messages otherwise than usual for a while. What a row does
/// not say is as for the network; where rows meet on a link, the later row wins, key by key. A
/// message meets what holds when it is sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Degrade {
    /// The sender, or a list of them. All nodes if not given.
    pub(in crate::scenario) from: Option<At<Ends>>,
    /// The receiver, or a list of them. All nodes if not given.
    pub(in crate::scenario) to: Option<At<Ends>>,
    /// When it begins, in true time.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) at: Span,
    /// For how long. To the end if not given.
    #[schemars(with = "Positive")]
    #[serde(default, rename = "for")]
    pub(in crate::scenario) lasts: Option<Span>,
    /// How long a message takes.
    pub(in crate::scenario) delay: Option<Delay>,
    /// How likely a message is lost.
    pub(in crate::scenario) loss: Option<Probability>,
    /// How likely a message arrives twice.
    pub(in crate::scenario) duplicate: Option<Probability>,
    /// How likely a message arrives damaged, which the receiver notices.
    pub(in crate::scenario) corrupt: Option<Probability>,
}

/// Links keep what is sent for a while, and deliver it all at the end, in the order in which it was
/// sent and whatever its delay. What the network loses is lost as ever. Where rows meet on a link,
/// the one that ends last counts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Hold {
    /// The sender, or a list of them. All nodes if not given.
    pub(in crate::scenario) from: Option<At<Ends>>,
    /// The receiver, or a list of them. All nodes if not given.
    pub(in crate::scenario) to: Option<At<Ends>>,
    /// When it begins, in true time.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) at: Span,
    /// For how long. To the end if not given, so that nothing of it arrives.
    #[schemars(with = "Positive")]
    #[serde(default, rename = "for")]
    pub(in crate::scenario) lasts: Option<Span>,
}

/// Groups of nodes that do not hear each other.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::scenario) struct Partition {
    /// The groups, at least two. A node in no group keeps all its links.
    #[schemars(length(min = 2))]
    pub(in crate::scenario) groups: Vec<At<Vec<At<String>>>>,
    /// When it begins, in true time.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) at: Span,
    /// For how long. To the end if not given.
    #[schemars(with = "Positive")]
    #[serde(default, rename = "for")]
    pub(in crate::scenario) lasts: Option<Span>,
    /// Whether only what leaves the first group is cut. Default false.
    #[serde(default)]
    pub(in crate::scenario) one_way: bool,
}

/// A clock jumps.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ClockStep {
    /// Whose clock.
    pub(in crate::scenario) node: At<String>,
    /// When, in true time.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) at: Span,
    /// By how much; it may be negative.
    pub(in crate::scenario) by: Span,
}

/// An oscillator changes its speed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ClockDrift {
    /// Whose clock.
    pub(in crate::scenario) node: At<String>,
    /// When, in true time.
    #[schemars(with = "FromZero")]
    pub(in crate::scenario) at: Span,
    /// How many parts per million it runs fast from then on, with at most three decimals; at
    /// -1,000,000 it stands still.
    pub(in crate::scenario) ppm: FaultPpm,
}
