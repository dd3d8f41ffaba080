//! Last write wins: replicas that keep the write with the greatest stamp, and lose others that they
//! acknowledged.
//!
//! Paul Johnson and Robert Thomas, "The maintenance of duplicate databases", RFC 677, 1975, keep
//! replicas equal by stamps: the change with the later stamp stays. With the writer's wall clock as
//! the stamp, it is the rule of many databases today. Seth Gilbert and Nancy Lynch, "Brewer's
//! conjecture and the feasibility of consistent, available, partition-tolerant web services", 2002,
//! for what a partition makes of it.
//!
//! The problem: users write to a register that every node holds a replica of. No write that was
//! acknowledged may be lost to one that was acknowledged before it began (no lost write); replicas
//! agree in the end (convergence); and every write is acknowledged before its user gives up
//! (availability).
//!
//! The algorithm: (1) the first node's user writes, after a gap the second's, and so on in turn;
//! (2) their nodes stamp the write with their clock, ties broken by the node and then by which came
//! later; (3) a node keeps a write if its stamp is greater than that of the one it holds, and
//! throws it away otherwise; (4) the writer's node sends the write to all others, again after every
//! `every`, until each has said that it got it; (5) it acknowledges the write to its user at once
//! (`acks = "one"`) or when all others got it (`"all"`).
//!
//! If the first clock is ahead by more than the gap, the second write has the lesser stamp. It is
//! acknowledged and thrown away, even by the node that took it. With hybrid stamps a write counts
//! on from all that its node has heard of, so it is never less than a write that it follows; but
//! news must have come through for that.
//!
//! With many writes, one is lost as soon as every replica holds one with a greater stamp, if some
//! such write had been acknowledged before it began: no reader will ever see it again, nor anything
//! that was written in its knowledge.
//!
//! Assumes that disks are durable. Departures: one register; a node stamps for its user, as a
//! database's coordinator does. A node that comes up again spreads the greatest of its own writes,
//! whose users have gone, and goes on to the next.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/the-write-that-vanished.toml`.

mod answers;
mod judge;
mod lost;
mod replicas;

use std::collections::BTreeMap;

use crate::problems::prelude::*;
use crate::process::Names;

use super::hybrid::{HybridClock, Stamp};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "last-write-wins",
    title: "Last write wins",
    summary: "Every replica keeps the write with the greatest stamp and throws the others away.",
    paper: "Johnson, Thomas, \"The maintenance of duplicate databases\", RFC 677, 1975",
    params: schema::of::<Params>,
    chances: &["load.gap"],
    properties: judge::PROPERTIES,
    measures: judge::MEASURES,
    theory: judge::THEORY,
    roles: |_, _| Role::Replica,
    prepare,
    outputs: &["writes", "acknowledged", "gives-up"],
    tables: &["writes", "acknowledged", "gives-up"],
    item: "write",
    edges: &["", "writes = 0", "writers = 1", "writes = 3, acks = \"all\"", "writes = 9, stamp = \"hybrid\""],
    longer: &[
        Longer::doubling("until", 1, "min").within("nodes = 3\n[network]\nloss = 1.0"),
        Longer::doubling("params.writes", 15, "").within(MANY_WRITES),
    ],
    ..Entry::BLANK
};

/// Three users write in turn.
const MANY_WRITES: &str = "nodes = 3\nuntil = \"30d\"\n[params]\nwriters = 3\n[network]\nloss = 0.1\n\
     [clock]\noffset = { uniform = [\"-1s\", \"1s\"] }";

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

/// How the gaps between writes are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Gaps {
    /// Always as given.
    Constant,
    /// Exponential, with the given mean.
    Exponential,
}

params! {
    #[derive(Serialize)]
    struct Params {
        /// What writes are stamped with: `physical` or `hybrid`.
        stamp: StampWith = StampWith::Physical,
        /// Who must have a write before it is acknowledged: `one` or `all`.
        acks: Acks = Acks::One,
        /// How many of the nodes have users that write, the first ones: in turn.
        #[schemars(range(min = 1, max = 10_000))]
        writers: u32 = 2,
        /// How often each of them writes.
        #[schemars(range(min = 0, max = 100_000))]
        writes: u32 = 1,
        /// When the first node's user first writes, by the node's oscillator.
        #[serde(with = "FromZero")]
        first: Span = Span::from_ms(100),
        /// How much later each write is than the one before it.
        #[serde(with = "FromZero")]
        gap: Span = Span::from_ms(50),
        /// How the gaps are drawn: `constant`, or `exponential` with `gap` as their mean.
        gaps: Gaps = Gaps::Constant,
        /// How long a node waits before it sends a write again to those that have not said that
        /// they got it.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(100),
        /// How long a user waits for the acknowledgement.
        #[serde(with = "Positive")]
        patience: Span = Span::from_ms(1_000),
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

fn prepare(scenario: &Scenario) -> Prepared {
    super::without_lies(scenario).check(check).run(|params| Register { params, names: scenario.names.clone() })
}

fn check(params: &Params, scenario: &Scenario) -> Option<Complaint> {
    let nodes = scenario.names.count();
    (params.writers as usize > nodes).then(|| {
        let message = format!("`writers` = {} of {nodes} nodes", params.writers);
        scenario.params.complain("writers", message, format!("at most {nodes}"))
    })
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
            written: disk.written,
            pending: BTreeMap::new(),
        }
    }
}

/// A write: compared by its stamp, then by its writer, then by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Write {
    stamp: Stamp,
    by: NodeId,
    /// Its number in the trace: its place among all writes, counted from one, in the order in which
    /// they are due.
    number: u32,
}

impl Write {
    fn value(self) -> Value {
        Value::Number(i64::from(self.number))
    }
}

/// What nodes tell each other.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Message {
    /// "This was written."
    Take(Write),
    /// "I have seen your write of this number."
    Got(u32),
}

/// What a node waits for.
#[derive(Clone)]
enum Alarm {
    /// The moment at which its user writes.
    Write,
    /// The time to send the write of this number again.
    Again(u32),
    /// The user of this write gives up.
    GiveUp(u32),
}

/// What a replica keeps on disk.
#[derive(Clone, Copy, Default)]
struct Kept {
    /// The write that it holds.
    held: Option<Write>,
    /// The greatest of its own writes: a lesser one need not reach anybody any more.
    own: Option<Write>,
    /// How many writes its user has made.
    written: u32,
}

/// What a replica writes to disk.
#[derive(Clone, Serialize)]
enum Keep {
    /// The write that it holds from now on.
    Held(Write),
    /// A write of its own user, which others must get.
    Own(Write),
}

impl Disk for Kept {
    type Write = Keep;

    fn write(&mut self, keep: Keep) {
        match keep {
            Keep::Held(write) => self.held = Some(write),
            Keep::Own(write) => {
                self.own = self.own.max(Some(write));
                self.written += 1;
            }
        }
    }
}

/// A write of its own that a node is not done with.
#[derive(Clone)]
struct Pending {
    write: Write,
    /// The nodes that have not yet said that they got it.
    waiting_for: Vec<NodeId>,
    /// Whether its user was told of the write's end, or has given up.
    answered: bool,
    /// The timer at which its user gives up.
    patience: Option<TimerId>,
}

/// A node: holds a replica, and writes for its user if it has one.
#[derive(Clone)]
struct Replica {
    params: Params,
    names: Names,
    clock: HybridClock,
    held: Option<Write>,
    /// The greatest of its own writes before it came up.
    own: Option<Write>,
    /// How many writes its user has made.
    written: u32,
    /// The writes that it is not done with, by their numbers.
    pending: BTreeMap<u32, Pending>,
}

impl Replica {
    /// The number of its user's next write, if there is to be one.
    fn next(&self, me: NodeId) -> Option<u32> {
        let place = u32::try_from(me.index()).ok()?;
        let is_due = place < self.params.writers && self.written < self.params.writes;
        is_due.then(|| self.written * self.params.writers + place + 1)
    }

    /// Step 1: waits for the moment of the next write. Between two of a user's there is one of each
    /// other.
    fn await_next(&self, ctx: &mut Context<'_, Register>) {
        let Some(number) = self.next(ctx.me()) else { return };
        let (before, from) =
            if self.written == 0 { (1, self.params.first) } else { (number - self.params.writers, Span::ZERO) };
        let gaps = self.params.gaps();
        let wait = (before..number).fold(from, |wait, nth| wait + ctx.load("gap", nth, &gaps));
        ctx.set_timer(wait, Alarm::Write);
    }

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
        match self.held {
            Some(held) if held > write => {
                ctx.note("discards", write.value(), || {
                    format!("throws {whose}'s write away: {}", self.why_less(write, held))
                });
            }
            held if held != Some(write) => {
                ctx.write(Keep::Held(write));
                ctx.note("holds", write.value(), || format!("holds {whose}'s write, stamped {}", shown(write.stamp)));
                self.held = Some(write);
            }
            _ => {}
        }
    }

    /// Why a write is less than the one that is held, as an end of a sentence.
    fn why_less(&self, write: Write, held: Write) -> String {
        let (stamp, higher, other) = (shown(write.stamp), shown(held.stamp), self.names.of(held.by));
        if write.stamp != held.stamp {
            return format!("{stamp} is less than {higher}, the stamp of {other}'s");
        }
        format!("both are stamped {stamp}, and {other}'s counts as the later one")
    }

    fn write(&mut self, ctx: &mut Context<'_, Register>) {
        let Some(number) = self.next(ctx.me()) else { return };
        let write = Write { stamp: self.stamp(ctx), by: ctx.me(), number };
        self.written += 1;
        ctx.output("writes", write.value());
        for number in [write.stamp.l, i64::from(write.stamp.c)] {
            ctx.note("stamp", Value::Number(number), String::new);
        }
        ctx.write(Keep::Own(write));
        self.consider(write, ctx);
        let patience = Some(ctx.set_timer(self.params.patience, Alarm::GiveUp(number)));
        let waiting_for = ctx.others().collect();
        self.pending.insert(number, Pending { write, waiting_for, answered: false, patience });
        self.acknowledge(number, ctx);
        self.spread(number, ctx);
        self.await_next(ctx);
    }

    /// Step 4.
    fn spread(&self, number: u32, ctx: &mut Context<'_, Register>) {
        if let Some(Pending { write, waiting_for, .. }) = self.pending.get(&number)
            && !waiting_for.is_empty()
        {
            ctx.multicast(waiting_for.iter().copied(), &Message::Take(*write));
            ctx.set_timer(self.params.every, Alarm::Again(number));
        }
    }

    /// Step 5.
    fn acknowledge(&mut self, number: u32, ctx: &mut Context<'_, Register>) {
        let Some(pending) = self.pending.get_mut(&number) else { return };
        let is_enough = self.params.acks == Acks::One || pending.waiting_for.is_empty();
        if is_enough && !pending.answered {
            pending.answered = true;
            ctx.cancel_timer(pending.patience.take());
            ctx.output("acknowledged", pending.write.value());
        }
        self.forget(number);
    }

    /// Forgets a write that everybody has and whose user knows.
    fn forget(&mut self, number: u32) {
        if self.pending.get(&number).is_some_and(|pending| pending.answered && pending.waiting_for.is_empty()) {
            self.pending.remove(&number);
        }
    }
}

/// A stamp in words.
fn shown(stamp: Stamp) -> String {
    let l = Span::from_ns(stamp.l);
    if stamp.c == 0 { l.to_string() } else { format!("{l} and {}", stamp.c) }
}

impl Process<Register> for Replica {
    fn start(&mut self, ctx: &mut Context<'_, Register>) {
        if let Some(write) = self.own {
            // Up again after a crash: its user has gone, and the write must still reach the others.
            let waiting_for = ctx.others().collect();
            self.pending.insert(write.number, Pending { write, waiting_for, answered: true, patience: None });
            self.spread(write.number, ctx);
        }
        self.await_next(ctx);
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Register>) {
        match message {
            Message::Take(write) => {
                self.clock.receive(ctx.now().ns(), write.stamp);
                self.consider(write, ctx);
                ctx.send(from, Message::Got(write.number));
            }
            Message::Got(number) => {
                if let Some(pending) = self.pending.get_mut(&number) {
                    pending.waiting_for.retain(|&node| node != from);
                }
                self.acknowledge(number, ctx);
            }
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Register>) {
        match alarm {
            Alarm::Write => self.write(ctx),
            Alarm::Again(number) => self.spread(number, ctx),
            Alarm::GiveUp(number) => {
                if let Some(pending) = self.pending.get_mut(&number).filter(|pending| !pending.answered) {
                    pending.answered = true;
                    ctx.output("gives-up", pending.write.value());
                }
                self.forget(number);
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        match self.held {
            Some(write) => facts.word("holds", format!("{}'s write", self.names.of(write.by))),
            None => facts.word("holds", "nothing"),
        }
    }
}

words!(Message {
    Take(write) => "take write {}, {}", write.number, shown(write.stamp);
    Got(number) => "got write {number}";
});

words!(Alarm {
    Write => "the user writes";
    Again(_) => "send again";
    GiveUp(_) => "the user's patience ends";
});

words!(Keep {
    Held(write) => "holds write {}", write.number;
    Own(write) => "is to spread write {}", write.number;
});
