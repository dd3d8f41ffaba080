//! Consumer offsets: a reader of a log writes down how far it has come, before or after it has done
//! the work.
//!
//! Jay Kreps, Neha Narkhede, Jun Rao, "Kafka: a distributed messaging system for log processing",
//! NetDB, 2011; the two orders of commit are told in Kafka's documentation, "Message delivery
//! semantics".
//!
//! The problem: orders stand in a log; each must be charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) the ledger fetches the next records, at most `batch`, from where it is; after
//! a start, from the offset that it last committed; (2) with `commit = "after"` it charges each of
//! them, then commits the offset behind the last one; with `"before"` it commits that offset first,
//! then charges; (3) it goes on with 1.
//!
//! A crash between the two steps does again all that was charged in the batch (`after`), or never
//! does what was left of it (`before`). Which of the two is the only choice there is, as long as
//! the charge is outside the log.
//!
//! Assumes that the broker keeps the log and the committed offset. Departures: one partition and
//! one reader; a broker with nothing new holds a fetch until there is; a reader that has seen all
//! orders of the scenario stops, so that a run comes to rest. An order's number is its offset,
//! counted from one.
//!
//! See `notes/problems/exactly-once.md` and
//! `scenarios/exactly-once/the-offset-before-the-work.toml`.

mod theory;

use crate::problems::prelude::*;
use std::ops::RangeInclusive;

use super::LEDGER;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "consumer-offsets",
    title: "Consumer offsets",
    summary: "A reader of a log commits how far it has come, before or after it has done the work.",
    paper: "Kreps, Narkhede, Rao, \"Kafka: a distributed messaging system for log processing\", NetDB, 2011",
    params: schema::of::<Offsets>,
    crash_points: &["appended", "received", "charged", "committed"],
    theory: theory::THEORY,
    roles: |node, _| if node == BROKER { Role::Broker } else { Role::Ledger },
    prepare: |scenario| super::setup::<Offsets>(&["broker", "ledger"], scenario).ready(),
    edges: &["orders = 1", "orders = 9, batch = 3", "orders = 9, batch = 3, commit = \"before\""],
    longer: &[
        Longer::doubling("params.orders", 60, "").within(super::LOSSY),
        Longer::doubling("params.orders", 200, "").within(CRASHING_READER),
    ],
    ..super::COMMON
};

const CRASHING_READER: &str = "nodes = [\"broker\", \"ledger\"]\nuntil = \"10min\"\n[params]\ngap = \"5ms\"\nbatch = 20\n\
     [[fault]]\ncrash = { node = \"ledger\", point = \"charged\", probability = 0.02, for = \"20ms\" }";

params! {
    struct Offsets {
        /// How many orders there are.
        #[schemars(range(min = 1, max = 1_000_000))]
        orders: u32 = 10,
        /// The time between two orders, and before the first.
        gap: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How long the ledger waits for an answer before it asks again.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(100),
        /// Whether the offset is committed before or after the work.
        commit: When = When::After,
        /// How many records the ledger fetches at once, at most.
        #[schemars(range(min = 1, max = 100_000))]
        batch: u32 = 1,
    }
}

/// When an offset is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum When {
    /// Before the work: what a crash interrupts is never done.
    Before,
    /// After the work: what a crash interrupts is done again.
    After,
}

const BROKER: NodeId = NodeId::new(0);

impl Protocol for Offsets {
    type Process = Node;
    type Message = Message;
    type Timer = Timer;
    type Disk = Log;

    fn boot(&self, node: NodeId, log: &Log) -> Node {
        let params = self.clone();
        if node == BROKER {
            Node::Broker(Broker { params, log: log.clone(), waiting: None })
        } else {
            Node::Reader(Reader { params, position: None, stage: Stage::Idle, alarm: None })
        }
    }
}

/// What reader and broker say to each other. A fetch and its answer carry when it was asked, so
/// that an answer to the reader's former life is not taken for one to this.
#[derive(Clone, PartialEq, Serialize)]
enum Message {
    /// "What comes after this offset?" Without one: after the offset that was last committed.
    Fetch { after: Option<u32>, asked: Monotonic },
    /// "After this offset come the orders up to that one", none if both are the same.
    Records { after: u32, last: u32, asked: Monotonic },
    /// "I have come this far."
    Commit(u32),
    /// "That is written down."
    Committed(u32),
}

/// What nodes remind themselves of.
#[derive(Clone)]
enum Timer {
    /// The next customer comes.
    Customer,
    /// No answer has come.
    Unanswered,
}

/// What the broker keeps over a crash: a log is as many records as there were orders.
#[derive(Clone, Default)]
struct Log {
    appended: u32,
    committed: u32,
}

#[derive(Clone, Serialize)]
enum Write {
    Appended(u32),
    Committed(u32),
}

impl Disk for Log {
    type Write = Write;

    fn write(&mut self, write: Write) {
        match write {
            Write::Appended(order) => self.appended = order,
            Write::Committed(order) => self.committed = order,
        }
    }
}

roles!(enum Node: Offsets { Broker, Reader });

/// Keeps the log, into which customers order, and the committed offset.
#[derive(Clone)]
struct Broker {
    params: Offsets,
    log: Log,
    /// A fetch that found nothing new.
    waiting: Option<(u32, Monotonic)>,
}

impl Broker {
    fn await_customer(&self, ctx: &mut Context<'_, Offsets>) {
        if self.log.appended < self.params.orders {
            let gap = ctx.load("gap", self.log.appended + 1, &self.params.gap);
            ctx.set_timer(gap, Timer::Customer);
        }
    }

    fn answer(&mut self, ctx: &mut Context<'_, Offsets>) {
        let Some((after, asked)) = self.waiting else { return };
        if after < self.log.appended {
            let last = self.log.appended.min(after.saturating_add(self.params.batch));
            for order in after + 1..=last {
                ctx.note("sent", order, String::new);
            }
            ctx.send(LEDGER, Message::Records { after, last, asked });
            self.waiting = None;
        }
    }
}

impl Process<Offsets> for Broker {
    fn start(&mut self, ctx: &mut Context<'_, Offsets>) {
        self.await_customer(ctx);
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Offsets>) {
        match message {
            Message::Fetch { after: None, asked } if self.log.committed == self.log.appended => {
                // Nothing new: a reader that has just started learns where it was.
                let after = self.log.committed;
                ctx.send(from, Message::Records { after, last: after, asked });
            }
            Message::Fetch { after, asked } => {
                self.waiting = Some((after.unwrap_or(self.log.committed), asked));
                self.answer(ctx);
            }
            Message::Commit(order) => {
                // A commit that comes late, or twice, does not take the offset back.
                if order > self.log.committed {
                    for order in self.log.committed + 1..=order {
                        ctx.note("acknowledged", order, String::new);
                    }
                    self.log.committed = order;
                    ctx.write(Write::Committed(order));
                }
                ctx.send(from, Message::Committed(order));
            }
            Message::Records { .. } | Message::Committed(_) => {}
        }
    }

    fn timer(&mut self, _customer: Timer, ctx: &mut Context<'_, Offsets>) {
        self.log.appended += 1;
        ctx.commit(Write::Appended(self.log.appended), "ordered", self.log.appended);
        ctx.crash_point_for("appended", self.log.appended);
        self.answer(ctx);
        self.await_customer(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("committed", self.log.committed as usize, self.log.appended as usize);
    }
}

/// Charges what it reads.
#[derive(Clone)]
struct Reader {
    params: Offsets,
    /// The offset that it has come to in this life; `None` before the first answer.
    position: Option<u32>,
    stage: Stage,
    alarm: Option<TimerId>,
}

/// What the reader waits for.
#[derive(Clone)]
enum Stage {
    Idle,
    Fetching {
        asked: Monotonic,
    },
    /// The commit of a batch up to this offset; the orders, if they are still to be charged.
    Committing {
        last: u32,
        left: Option<RangeInclusive<u32>>,
    },
}

impl Reader {
    /// Step 1.
    fn fetch(&mut self, ctx: &mut Context<'_, Offsets>) {
        if self.position == Some(self.params.orders) {
            self.stage = Stage::Idle;
            return;
        }
        let asked = ctx.monotonic();
        self.stage = Stage::Fetching { asked };
        self.ask(Message::Fetch { after: self.position, asked }, ctx);
    }

    fn ask(&mut self, message: Message, ctx: &mut Context<'_, Offsets>) {
        ctx.send(BROKER, message);
        self.alarm = Some(ctx.set_timer(self.params.every, Timer::Unanswered));
    }

    fn answered(&mut self, ctx: &mut Context<'_, Offsets>) {
        ctx.cancel_timer(self.alarm.take());
    }

    fn charge(&self, orders: RangeInclusive<u32>, ctx: &mut Context<'_, Offsets>) {
        for order in orders {
            ctx.note("processed", order, String::new);
            ctx.output("charged", order);
            ctx.crash_point_for("charged", order);
        }
    }

    fn commit(&mut self, orders: RangeInclusive<u32>, left: bool, ctx: &mut Context<'_, Offsets>) {
        for order in orders.clone() {
            ctx.note("committing", order, String::new);
        }
        let last = *orders.end();
        self.stage = Stage::Committing { last, left: left.then_some(orders) };
        self.ask(Message::Commit(last), ctx);
    }
}

impl Process<Offsets> for Reader {
    fn start(&mut self, ctx: &mut Context<'_, Offsets>) {
        self.fetch(ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Offsets>) {
        match (message, &mut self.stage) {
            (Message::Records { after, last, asked }, Stage::Fetching { asked: mine }) if asked == *mine => {
                self.answered(ctx);
                if after == last {
                    self.position = Some(last);
                    return self.fetch(ctx);
                }
                for order in after + 1..=last {
                    ctx.note("received", order, String::new);
                }
                let orders = after + 1..=last;
                ctx.crash_point_for("received", orders.clone());
                self.position = Some(last);
                // Step 2.
                if self.params.commit == When::After {
                    self.charge(orders.clone(), ctx);
                }
                self.commit(orders, self.params.commit == When::Before, ctx);
            }
            (Message::Committed(offset), Stage::Committing { last, left }) if offset == *last => {
                let left = left.take();
                self.answered(ctx);
                for order in left.iter().cloned().flatten() {
                    ctx.note("committed", order, String::new);
                }
                ctx.crash_point_for("committed", offset);
                if let Some(orders) = left {
                    self.charge(orders, ctx);
                }
                // Step 3.
                self.fetch(ctx);
            }
            _ => {}
        }
    }

    fn timer(&mut self, _unanswered: Timer, ctx: &mut Context<'_, Offsets>) {
        match self.stage {
            Stage::Idle => {}
            Stage::Fetching { asked } => self.ask(Message::Fetch { after: self.position, asked }, ctx),
            Stage::Committing { last, .. } => self.ask(Message::Commit(last), ctx),
        }
    }

    fn state(&self, facts: &mut Facts) {
        if let Some(position) = self.position {
            facts.count("read", position as usize, None);
        }
        match &self.stage {
            Stage::Committing { last, .. } => facts.operation("commits", format!("offset {last}")),
            _ if self.position.is_none() => facts.operation("asks", "where it was"),
            _ => {}
        }
    }
}

words!(Message {
    Fetch { after: Some(after), .. } => "what comes after {after}?";
    Fetch { after: None, .. } => "what comes after my last commit?";
    Records { after, last, .. } if after == last => "nothing after {last} yet";
    Records { after, last, .. } if after + 1 == *last => "order {last}";
    Records { after, last, .. } => "orders {} to {last}", after + 1;
    Commit(offset) => "commit {offset}";
    Committed(offset) => "committed {offset}";
});

words!(Timer {
    Customer => "a customer comes";
    Unanswered => "no answer";
});

words!(Write {
    Appended(order) => "order {order} appended";
    Committed(order) => "offset {order} committed";
});

#[cfg(test)]
mod tests;
