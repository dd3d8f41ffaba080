//! Barriers: a stream processor takes a picture of itself every now and then, and goes back to it
//! after a crash.
//!
//! Paris Carbone, Gyula Fóra, Stephan Ewen, Seif Haridi, Kostas Tzoumas, "Lightweight asynchronous
//! snapshots for distributed dataflows", 2015; the markers are those of `snapshot`. The sink that
//! commits with the checkpoint is that of Carbone et al., "State management in Apache Flink",
//! VLDB, 2017.
//!
//! The problem: sources read orders from logs, an operator adds them up, a sink charges them. After
//! a crash all of them go on; the total must hold every order exactly once (conservation,
//! exact-state), and every order must be charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) every `interval` the manager tells the sources to begin a checkpoint; (2) a
//! source writes down its offset and sends a barrier behind what it has sent; (3) the operator
//! waits until the barrier has come on all its inputs, and meanwhile holds back what comes behind
//! it (`aligned`); then it writes down its total and sends the barrier on; (4) the sink does the
//! same; (5) the checkpoint is complete when all have said so; (6) after a crash everybody goes
//! back to the last complete checkpoint, and the sources read on from there, in a new attempt.
//!
//! The total is exact then; the charges are not, if the sink makes them at once: those since the
//! checkpoint are made again, rate × interval / 2 of them on average. A `transactional` sink
//! prepares them with the barrier and makes them when the checkpoint is complete. Without alignment
//! the operator's picture holds orders that the sources will read again.
//!
//! Assumes that disks keep what is written. Links may lose and reorder: what a task sends in an
//! attempt is numbered, it is taken in that order, and a number that stays away for `every` breaks
//! the attempt, as a broken connection does. Words of an older attempt are ignored. Departures:
//! each task's disk stands for the store of the checkpoints; one operator and one sink; a crash is
//! noticed when the task comes back, and nobody takes its place; a checkpoint that is not complete
//! after `every` is given up; the job ends with a checkpoint in which all orders have been read.
//! Order n costs n.
//!
//! See `notes/problems/exactly-once.md` and
//! `scenarios/exactly-once/the-barrier-nobody-waited-for.toml`.

mod channel;
mod judge;
mod manager;
mod operator;
mod sink;
mod source;
mod task;
mod theory;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Judge, Kind};
use crate::problems::prelude::*;
use crate::trace::Kinds;

use super::properties;
use super::tally::{Began, Completed, Count};
use super::wording::counted;
use manager::Manager;
use operator::Operator;
use sink::Sink;
use source::Source;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "barriers",
    title: "Checkpoint barriers",
    summary: "Barriers flow with the orders, and everybody goes back to what was written down as they passed.",
    paper: "Carbone, Fóra, Ewen, Haridi, Tzoumas, \"Lightweight asynchronous snapshots for distributed dataflows\", 2015",
    params: schema::of::<Params>,
    crash_points: &[
        "appended",
        "sent",
        "received",
        "processed",
        "charged",
        "recorded",
        "acknowledged",
        "completed",
        "began",
        "restored",
    ],
    chances: &["load.gap", "load.first"],
    properties: PROPERTIES,
    measures: MEASURES,
    theory: theory::THEORY,
    roles: |node, nodes| match (Cast { nodes }, node) {
        (_, MANAGER) => Role::Coordinator,
        (cast, node) if node == cast.operator() => Role::Operator,
        (cast, node) if node == cast.sink() => Role::Sink,
        _ => Role::Source,
    },
    prepare,
    outputs: &["ordered", "charged", "total"],
    edges: &["orders = 1", "orders = 9, aligned = false", "orders = 9, sink = \"transactional\"", "orders = 2"],
    longer: &[
        Longer::doubling("until", 4, "s").within(STREAM),
        Longer::doubling("until", 4, "s").within(CRASHING_STREAM),
    ],
    ..super::COMMON
};

/// Sources that have orders for ever, and a barrier now and then.
const STREAM: &str = "nodes = 5\n[params]\norders = 1000000\ngap = \"50ms\"\n[network]\nduplicate = 0.1";
const CRASHING_STREAM: &str = "nodes = 5\n[params]\norders = 1000000\ngap = \"50ms\"\n\
     [[fault]]\ncrash = { node = \"spare\", rate = 0.5, for = \"20ms\" }";

const PROPERTIES: &[Property] = &[
    properties::NO_LOSS,
    properties::NO_DUPLICATE,
    Property {
        name: "conservation",
        kind: Kind::Safety,
        says: "The total in a complete checkpoint is that of the orders which the sources had read by then.",
        needs: Kinds::NOTED,
        judge: Judge::fold::<judge::Conservation>(),
    },
    Property {
        name: "exact-state",
        kind: Kind::Safety,
        says: "The total at the end is that of all orders, each counted once.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<judge::ExactState>(),
    },
];

const MEASURES: &[Measure] = &[
    crate::check::MESSAGES,
    properties::SENDS,
    properties::COPIES,
    properties::EFFECTS,
    properties::DUPLICATES,
    properties::LOSSES,
    properties::REPROCESSED,
    Measure {
        name: "checkpoints",
        unit: "checkpoints",
        says: "Checkpoints that were completed.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Count<Completed>>(),
        in_words: None,
    },
    Measure {
        name: "attempts",
        unit: "attempts",
        says: "Times that the job went back to a checkpoint, its beginning included.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Count<Began>>(),
        in_words: None,
    },
];

params! {
    struct Params {
        /// How many orders there are; the sources take them in turn.
        #[schemars(range(min = 1, max = 1_000_000))]
        orders: u32 = 10,
        /// The time between two orders of one source, and before its first.
        gap: Distribution = Distribution::Constant(Span::from_ms(20)),
        /// The time between two checkpoints.
        #[serde(with = "Positive")]
        interval: Span = Span::from_ms(100),
        /// When the first checkpoint begins; if absent, after one interval.
        first: Option<Distribution> = None,
        /// How long anybody waits for what should come before it is given up or asked for again.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(200),
        /// Whether the operator holds back what comes behind a barrier until it has come on all
        /// inputs.
        aligned: bool = true,
        /// When the sink charges.
        sink: When = When::Immediate,
    }
}

/// When a sink charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum When {
    /// As an order comes.
    Immediate,
    /// When the checkpoint behind the order is complete.
    Transactional,
}

/// The least that a job consists of: its manager, one source, the operator and the sink.
const FEWEST: usize = 4;

fn prepare(scenario: &Scenario) -> Prepared {
    let nodes = scenario.names.count();
    let too_few = || {
        let message = format!("`barriers` takes {FEWEST} nodes or more, and the scenario has {nodes}");
        scenario.complain_of_nodes(message, "in this order: manager, one source or more, operator, sink")
    };
    super::without_lies(scenario)
        .refuse((nodes < FEWEST).then(too_few))
        .run(|params| Job { params, cast: Cast { nodes } })
}

/// Who is who, by the place in the scenario's list.
#[derive(Clone, Copy, Debug)]
struct Cast {
    nodes: usize,
}

/// Tells the sources when to begin a checkpoint, and everybody when to go back to one.
const MANAGER: NodeId = NodeId::new(0);

impl Cast {
    fn operator(self) -> NodeId {
        NodeId::new(self.nodes.saturating_sub(2) as u16)
    }

    fn sink(self) -> NodeId {
        NodeId::new(self.nodes.saturating_sub(1) as u16)
    }

    fn sources(self) -> impl Iterator<Item = NodeId> + Clone {
        NodeId::first(self.nodes - 2).skip(1)
    }

    /// Everybody but the manager.
    fn tasks(self) -> impl Iterator<Item = NodeId> + Clone {
        NodeId::first(self.nodes).skip(1)
    }
}

#[derive(Clone)]
struct Job {
    params: Params,
    cast: Cast,
}

impl Protocol for Job {
    type Process = Node;
    type Message = Message;
    type Timer = Timer;
    type Disk = Store;

    fn boot(&self, node: NodeId, store: &Store) -> Node {
        let (params, cast, store) = (self.params.clone(), self.cast, store.clone());
        match node {
            MANAGER => Node::Manager(Manager::new(params, cast, store)),
            node if node == cast.operator() => Node::Operator(Operator::new(&params, cast, store)),
            node if node == cast.sink() => Node::Sink(Sink::new(&params, store)),
            node => Node::Source(Source::new(params, cast, node, store)),
        }
    }
}

roles!(enum Node: Job { Manager, Source, Operator, Sink });

/// What manager and tasks say to each other. All but the first carry the attempt that they belong
/// to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
enum Message {
    /// To the manager: "I have lost my memory."
    Hello,
    /// To the manager: "Something that was sent to me does not come."
    Broken { attempt: u32 },
    /// "Go back to this checkpoint."
    Restore { attempt: u32, checkpoint: u32 },
    /// To the manager: "I have gone back."
    Restored { attempt: u32 },
    /// To a source: "All have gone back: read on."
    Go { attempt: u32 },
    /// To a source: "Begin this checkpoint."
    Trigger { attempt: u32, checkpoint: u32 },
    /// To the manager: "My part of this checkpoint is written; nothing is left to read."
    Taken { attempt: u32, checkpoint: u32, at_end: bool },
    /// "This checkpoint is complete", and perhaps "it was the last".
    Complete { attempt: u32, checkpoint: u32, last: bool },
    /// To the manager: "I know that it was the last."
    Done { attempt: u32 },
    /// From task to task: the nth thing of this attempt on this link.
    Flow { attempt: u32, nth: u32, item: Item },
}

/// What flows from the sources to the sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Item {
    /// An order.
    Record(u32),
    /// "What I sent before this belongs to the checkpoint, what I send after it does not."
    Barrier(u32),
}

/// What nodes remind themselves of.
#[derive(Clone, Debug)]
enum Timer {
    /// The next customer comes.
    Customer,
    /// A checkpoint begins.
    Checkpoint,
    /// Not everybody has answered the manager.
    Unanswered,
    /// The manager has not answered a task.
    Unheard,
    /// Something that was sent does not come.
    Missing,
}

/// What nodes keep over a crash.
#[derive(Clone, Debug, Default)]
struct Store {
    /// The manager's: the newest attempt.
    attempt: u32,
    /// The newest checkpoint that is known to be complete.
    complete: u32,
    /// A source's: how many orders are in its log.
    appended: u32,
    /// A task's: whether it has begun before.
    began: bool,
    /// A source's offsets and an operator's totals, by checkpoint.
    pictures: BTreeMap<u32, u64>,
    /// A sink's orders that are prepared and not charged, by checkpoint.
    prepared: BTreeMap<u32, BTreeSet<u32>>,
}

#[derive(Clone, Debug, Serialize)]
enum Write {
    Attempt(u32),
    Complete(u32),
    Appended(u32),
    Began,
    Offset { checkpoint: u32, read: u32 },
    Total { checkpoint: u32, total: u64 },
    Prepared { checkpoint: u32, orders: BTreeSet<u32> },
    Charged { checkpoint: u32, order: u32 },
    SetBack(u32),
}

impl Disk for Store {
    type Write = Write;

    fn write(&mut self, write: Write) {
        match write {
            Write::Attempt(attempt) => self.attempt = attempt,
            Write::Complete(checkpoint) => {
                self.complete = checkpoint;
                self.pictures.retain(|&other, _| other >= checkpoint);
            }
            Write::Appended(count) => self.appended = count,
            Write::Began => self.began = true,
            Write::Offset { checkpoint, read } => {
                self.pictures.insert(checkpoint, u64::from(read));
            }
            Write::Total { checkpoint, total } => {
                self.pictures.insert(checkpoint, total);
            }
            Write::Prepared { orders, .. } if orders.is_empty() => {}
            Write::Prepared { checkpoint, orders } => {
                self.prepared.insert(checkpoint, orders);
            }
            Write::Charged { checkpoint, order } => {
                if let Some(orders) = self.prepared.get_mut(&checkpoint) {
                    orders.remove(&order);
                    if orders.is_empty() {
                        self.prepared.remove(&checkpoint);
                    }
                }
            }
            Write::SetBack(checkpoint) => {
                self.pictures.retain(|&other, _| other <= checkpoint);
                self.prepared.retain(|&other, _| other <= checkpoint);
            }
        }
    }
}

impl Store {
    /// Writes to disk, and to this copy of it.
    fn keep(&mut self, write: Write, ctx: &mut Context<'_, Job>) {
        self.write(write.clone());
        ctx.write(write);
    }

    /// Declares what was written for the newest checkpoint, to which the task may have to go back.
    fn tell_saved(&self, facts: &mut Facts) {
        if let Some(&picture) = self.pictures.values().next_back() {
            facts.count("saved", usize::try_from(picture).unwrap_or(usize::MAX), None);
        }
    }

    /// What was written for a checkpoint; empty for the one before the first.
    fn picture(&self, checkpoint: u32) -> u64 {
        self.pictures.get(&checkpoint).copied().unwrap_or_default()
    }
}

words!(Message {
    Hello => "I am back";
    Broken { .. } => "something is missing";
    Restore { checkpoint: 0, .. } => "go back to the start";
    Restore { checkpoint, .. } => "go back to checkpoint {checkpoint}";
    Restored { .. } => "I have gone back";
    Go { .. } => "read on";
    Trigger { checkpoint, .. } => "begin checkpoint {checkpoint}";
    Taken { checkpoint, .. } => "my part of {checkpoint}";
    Complete { checkpoint, last: false, .. } => "checkpoint {checkpoint} is complete";
    Complete { checkpoint, last: true, .. } => "{checkpoint} is complete, and the last";
    Done { .. } => "then I am done";
    Flow { item: Item::Record(order), .. } => "order {order}";
    Flow { item: Item::Barrier(checkpoint), .. } => "barrier {checkpoint}";
});

words!(Timer {
    Customer => "a customer comes";
    Checkpoint => "time for a checkpoint";
    Unanswered => "no answer";
    Unheard => "no answer";
    Missing => "something does not come";
});

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Write::Attempt(attempt) => write!(f, "attempt {attempt}"),
            Write::Complete(checkpoint) => write!(f, "checkpoint {checkpoint} complete"),
            Write::Appended(count) => write!(f, "record {count} of the log"),
            Write::Began => f.write_str("the job has begun"),
            Write::Offset { checkpoint, read } => write!(f, "offset {read} for checkpoint {checkpoint}"),
            Write::Total { checkpoint, total } => write!(f, "a total of {total} for checkpoint {checkpoint}"),
            Write::Prepared { checkpoint, orders } if orders.is_empty() => {
                write!(f, "nothing left to charge before checkpoint {checkpoint}")
            }
            Write::Prepared { checkpoint, orders } => {
                let orders = counted(orders.len(), "order");
                write!(f, "{orders} to charge with checkpoint {checkpoint}")
            }
            Write::Charged { order, .. } => write!(f, "order {order} charged"),
            Write::SetBack(checkpoint) => write!(f, "set back to checkpoint {checkpoint}"),
        }
    }
}

#[cfg(test)]
mod tests;
