//! Last write wins: replicas that keep the write with the greatest stamp, and lose others that they acknowledged.
//!
//! Robert Thomas, "A majority consensus approach to concurrency control for multiple copy databases", 1979, keeps
//! replicas equal by stamps; with the writer's wall clock as the stamp the rule is that of many databases today. Seth
//! Gilbert and Nancy Lynch, "Brewer's conjecture and the feasibility of consistent, available, partition-tolerant web
//! services", 2002, for what a partition makes of it.
//!
//! The problem: two users write to a register that every node holds a replica of. No write that was acknowledged may be
//! lost to one that was acknowledged before it began (no lost write); replicas agree in the end (convergence); and
//! every write is acknowledged before its user gives up (availability).
//!
//! The algorithm: (1) the first node's user writes, and after a gap the second's; (2) their nodes stamp the write with
//! their clock, ties broken by the node; (3) a node keeps a write if its stamp is greater than that of the one it holds,
//! and else throws it away; (4) the writer's node sends the write to all others, again after every `every`, until each
//! has said that it got it; (5) it acknowledges the write to its user at once (`acks = "one"`) or when all others got it
//! (`"all"`).
//!
//! If the first clock is ahead by more than the gap, the second write has the lesser stamp. It is acknowledged and thrown
//! away, even by the node that took it. With hybrid stamps a write counts on from all that its node has heard of, so
//! it is never less than a write that it follows; but news must have come through for that.
//!
//! Assumes that disks are durable. Departures: one register and two writes; a node stamps for its user, as
//! a database's coordinator does.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/the-write-that-vanished.toml`.

mod judge;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problems::Entry;
use crate::process::{Context, Disk, Names, NodeId, Process, Protocol, TimerId, Value};
use crate::scenario::{Complaint, FromZero, Positive, Scenario};
use crate::sim::{Runner, Simulation};
use crate::time::{Distribution, Span};

use super::hybrid::{HybridClock, Stamp};

/// What the registry knows of the protocol.
pub const ENTRY: Entry = Entry {
    name: "last-write-wins",
    title: "Last write wins",
    summary: "Every replica keeps the write with the greatest stamp and throws the others away.",
    paper: "Thomas, \"A majority consensus approach to concurrency control for multiple copy databases\", ACM TODS 4(2), \
            1979",
    params: crate::scenario::schema::of::<Params>,
    lies: &[],
    crash_points: &[],
    chances: &["load.gap"],
    properties: judge::PROPERTIES,
    measures: judge::MEASURES,
    theory: judge::THEORY,
    table: None,
    chart: None,
    prepare,
};

/// What writes are stamped with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum StampWith {
    /// The node's wall clock.
    Physical,
    /// The node's hybrid logical clock.
    Hybrid,
}

/// Who must have a write before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Acks {
    /// The writer's own node.
    One,
    /// All nodes.
    All,
}

/// How the gap between the writes is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Gaps {
    /// Always as given.
    Constant,
    /// Exponential, with the given mean.
    Exponential,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Params {
    /// What writes are stamped with: `physical` or `hybrid`.
    stamp: StampWith,
    /// Who must have a write before it is acknowledged: `one` or `all`.
    acks: Acks,
    /// When the first node's user writes, by the node's oscillator.
    #[serde(with = "FromZero")]
    first: Span,
    /// How much later the second node's user writes.
    #[serde(with = "FromZero")]
    gap: Span,
    /// How the gap is drawn: `constant`, or `exponential` with `gap` as its mean.
    gaps: Gaps,
    /// How long a node waits before it sends a write again to those that have not said that they got it.
    #[serde(with = "Positive")]
    every: Span,
    /// How long a user waits for the acknowledgement.
    #[serde(with = "Positive")]
    patience: Span,
}

impl Default for Params {
    fn default() -> Params {
        Params {
            stamp: StampWith::Physical,
            acks: Acks::One,
            first: Span::from_ms(100),
            gap: Span::from_ms(50),
            gaps: Gaps::Constant,
            every: Span::from_ms(100),
            patience: Span::from_ms(1_000),
        }
    }
}

impl Params {
    fn gaps(&self) -> Distribution {
        match self.gaps {
            Gaps::Constant => Distribution::Constant(self.gap),
            Gaps::Exponential => Distribution::Exponential { mean: self.gap, min: Span::ZERO },
        }
    }
}

/// The nodes whose users write, in the order in which they do.
const WRITERS: [NodeId; 2] = [NodeId::new(0), NodeId::new(1)];

fn prepare(scenario: &Scenario) -> Result<Box<dyn Runner>, Vec<Complaint>> {
    super::refuse_traitors(scenario, "last-write-wins")?;
    let params = scenario.params.read()?;
    Ok(Box::new(Simulation::new(Register { params, names: scenario.names.clone() }, None, scenario)))
}

#[derive(Clone)]
struct Register {
    params: Params,
    names: Names,
}

impl Protocol for Register {
    type Process = Replica;
    type Message = Message;
    type Timer = Alarm;
    type Disk = Kept;

    fn boot(&self, _node: NodeId, disk: &Kept) -> Replica {
        let clock = disk.held.map_or(HybridClock::default(), |write| HybridClock::after(write.stamp));
        let (params, names) = (self.params.clone(), self.names.clone());
        Replica {
            params,
            names,
            clock,
            held: disk.held,
            own: disk.own,
            waiting_for: Vec::new(),
            answered: false,
            patience: None,
        }
    }
}

/// A write: compared by its stamp, then by its writer. Each user writes once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Write {
    stamp: Stamp,
    by: NodeId,
}

impl Write {
    /// The number by which the trace knows it: 1 for the first node's, 2 for the second's.
    fn number(self) -> Value {
        Value::Number(self.by.index() as i64 + 1)
    }
}

/// What nodes tell each other.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Message {
    /// "This was written."
    Take(Write),
    /// "I have seen your write."
    Got,
}

/// What a node waits for.
#[derive(Clone)]
enum Alarm {
    /// The moment at which its user writes.
    Write,
    /// The time to send the write again.
    Again,
    /// The user gives up.
    GiveUp,
}

/// What a replica keeps on disk: the write that it holds, and its own.
#[derive(Clone, Copy, Default)]
struct Kept {
    held: Option<Write>,
    own: Option<Write>,
}

/// What a replica writes to disk.
#[derive(Clone, Serialize)]
enum Keep {
    /// The write that it holds from now on.
    Held(Write),
    /// The write of its own user, which others must get.
    Own(Write),
}

impl Disk for Kept {
    type Write = Keep;

    fn write(&mut self, keep: Keep) {
        match keep {
            Keep::Held(write) => self.held = Some(write),
            Keep::Own(write) => self.own = Some(write),
        }
    }
}

/// A node: holds a replica, and writes for its user if it has one.
#[derive(Clone)]
struct Replica {
    params: Params,
    names: Names,
    clock: HybridClock,
    held: Option<Write>,
    own: Option<Write>,
    /// The nodes that have not yet said that they got its write.
    waiting_for: Vec<NodeId>,
    /// Whether its user was told of the write's end, or has given up.
    answered: bool,
    /// The timer at which its user gives up.
    patience: Option<TimerId>,
}

impl Replica {
    /// Step 2.
    fn stamp(&mut self, ctx: &Context<'_, Register>) -> Stamp {
        let now = ctx.now().ns();
        match self.params.stamp {
            StampWith::Physical => Stamp { l: now, c: 0 },
            StampWith::Hybrid => self.clock.tick(now),
        }
    }

    /// Step 3.
    fn consider(&mut self, write: Write, ctx: &mut Context<'_, Register>) {
        let whose = self.names.of(write.by);
        let stamp = &self.shown(write);
        match self.held {
            Some(held) if held > write => {
                let (other, higher) = (self.names.of(held.by), self.shown(held));
                ctx.note("discards", write.number(), || {
                    format!("throws {whose}'s write away: {stamp} is less than {higher}, the stamp of {other}'s")
                });
            }
            held if held != Some(write) => {
                ctx.write(Keep::Held(write));
                ctx.note("holds", write.number(), || format!("holds {whose}'s write, stamped {stamp}"));
                self.held = Some(write);
            }
            _ => {}
        }
    }

    fn shown(&self, write: Write) -> String {
        let l = Span::from_ns(write.stamp.l);
        if write.stamp.c == 0 { l.to_string() } else { format!("{l} and {}", write.stamp.c) }
    }

    fn write(&mut self, ctx: &mut Context<'_, Register>) {
        let write = Write { stamp: self.stamp(ctx), by: ctx.me() };
        self.own = Some(write);
        ctx.output("writes", write.number());
        for number in [write.stamp.l, i64::from(write.stamp.c)] {
            ctx.note("stamp", Value::Number(number), String::new);
        }
        ctx.write(Keep::Own(write));
        self.consider(write, ctx);
        self.waiting_for = ctx.others().collect();
        self.patience = Some(ctx.set_timer(self.params.patience, Alarm::GiveUp));
        self.acknowledge(ctx);
        self.spread(ctx);
    }

    /// Step 4.
    fn spread(&mut self, ctx: &mut Context<'_, Register>) {
        if let Some(write) = self.own
            && !self.waiting_for.is_empty()
        {
            ctx.multicast(self.waiting_for.iter().copied(), &Message::Take(write));
            ctx.set_timer(self.params.every, Alarm::Again);
        }
    }

    /// Step 5.
    fn acknowledge(&mut self, ctx: &mut Context<'_, Register>) {
        let is_enough = self.params.acks == Acks::One || self.waiting_for.is_empty();
        if let Some(write) = self.own.filter(|_| is_enough && !self.answered) {
            self.answered = true;
            if let Some(patience) = self.patience.take() {
                ctx.cancel_timer(patience);
            }
            ctx.output("acknowledged", write.number());
        }
    }
}

impl Process<Register> for Replica {
    fn start(&mut self, ctx: &mut Context<'_, Register>) {
        let me = ctx.me();
        if self.own.is_some() {
            // Up again after a crash: its user has gone, and the write must still reach the others.
            self.answered = true;
            self.waiting_for = ctx.others().collect();
            return self.spread(ctx);
        }
        if me == WRITERS[0] {
            ctx.set_timer(self.params.first, Alarm::Write);
        } else if me == WRITERS[1] {
            let gap = ctx.load("gap", 1, &self.params.gaps());
            ctx.set_timer(self.params.first + gap, Alarm::Write);
        }
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Register>) {
        match message {
            Message::Take(write) => {
                self.clock.receive(ctx.now().ns(), write.stamp);
                self.consider(write, ctx);
                ctx.send(from, Message::Got);
            }
            Message::Got => {
                self.waiting_for.retain(|&node| node != from);
                self.acknowledge(ctx);
            }
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Register>) {
        match alarm {
            Alarm::Write => self.write(ctx),
            Alarm::Again => self.spread(ctx),
            Alarm::GiveUp => {
                if let Some(write) = self.own.filter(|_| !self.answered) {
                    self.answered = true;
                    ctx.output("gives-up", write.number());
                }
            }
        }
    }

    fn state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.held {
            Some(write) => write!(f, "holds {}'s write", self.names.of(write.by)),
            None => f.write_str("holds nothing"),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Take(write) => write!(f, "take write {}, {}", write.number(), Span::from_ns(write.stamp.l)),
            Message::Got => f.write_str("got it"),
        }
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Alarm::Write => "the user writes",
            Alarm::Again => "send again",
            Alarm::GiveUp => "the user's patience ends",
        })
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Keep::Held(write) => write!(f, "holds write {}", write.number()),
            Keep::Own(write) => write!(f, "is to spread write {}", write.number()),
        }
    }
}
