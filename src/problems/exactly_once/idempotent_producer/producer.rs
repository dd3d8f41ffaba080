//! The producer: numbers each order's record, and keeps a few of them in flight until the broker
//! has them.

use std::collections::{BTreeMap, VecDeque};

use crate::problems::exactly_once::journal::{Journal, JournalWrite};
use crate::process::{Context, Facts, NodeId, Process, TimerId};
use crate::time::Monotonic;

use super::{BROKER, Identity, Kafka, Message, Outcome, Timer, Write};

/// A record that is not answered.
#[derive(Clone)]
struct Flight {
    order: u32,
    alarm: TimerId,
}

/// Takes orders, numbers them and sends them.
#[derive(Clone)]
pub(super) struct Producer {
    params: Kafka,
    taken: u32,
    who: Option<Identity>,
    /// When this producer began to ask who it is.
    asked: Monotonic,
    /// It waits to be told.
    nameless: Option<TimerId>,
    /// Orders that have no number yet.
    queue: VecDeque<u32>,
    /// The orders at the front of the queue that a producer before this one may have sent already.
    left: usize,
    next_sequence: u32,
    flights: BTreeMap<u32, Flight>,
}

impl Producer {
    pub(super) fn new(params: Kafka, journal: &Journal) -> Producer {
        let who = (!params.idempotence).then(Identity::default);
        let queue: VecDeque<u32> = journal.open.iter().copied().collect();
        let (taken, left, asked, flights) = (journal.taken, queue.len(), Monotonic::default(), BTreeMap::new());
        Producer { params, taken, who, asked, nameless: None, queue, left, next_sequence: 0, flights }
    }

    /// Step 1.
    fn ask(&mut self, ctx: &mut Context<'_, Kafka>) {
        ctx.send(BROKER, Message::Init { asked: self.asked });
        self.nameless = Some(ctx.set_timer(self.params.every, Timer::Nameless));
    }

    fn is_named(&mut self, who: Identity, ctx: &mut Context<'_, Kafka>) {
        self.who = Some(who);
        ctx.cancel_timer(self.nameless.take());
        self.send_queued(ctx);
    }

    /// A newer epoch of this producer is known: a new producer takes its place, and goes on with
    /// what is not answered.
    fn is_fenced(&mut self, ctx: &mut Context<'_, Kafka>) {
        for (_, Flight { order, alarm }) in std::mem::take(&mut self.flights).into_iter().rev() {
            ctx.cancel_timer(alarm);
            self.queue.push_front(order);
            self.left += 1;
        }
        (self.who, self.next_sequence, self.asked) = (None, 0, ctx.monotonic());
        self.ask(ctx);
    }

    fn await_customer(&self, ctx: &mut Context<'_, Kafka>) {
        if self.taken < self.params.orders {
            let gap = ctx.load("gap", self.taken + 1, &self.params.gap);
            ctx.set_timer(gap, Timer::Customer);
        }
    }

    /// Step 2: as much as may be in flight.
    fn send_queued(&mut self, ctx: &mut Context<'_, Kafka>) {
        while self.who.is_some()
            && self.in_flight() < self.params.in_flight
            && let Some(order) = self.queue.pop_front()
        {
            if self.left > 0 {
                self.left -= 1;
                if self.params.idempotence {
                    ctx.note("renumbered", order, String::new);
                }
            }
            let sequence = self.next_sequence;
            self.next_sequence += 1;
            self.send(sequence, order, ctx);
        }
    }

    /// The numbers from the first that is not answered to the last one sent, those between that are
    /// answered included.
    fn in_flight(&self) -> u32 {
        self.flights.first_key_value().map_or(0, |(&first, _)| self.next_sequence - first)
    }

    fn send(&mut self, sequence: u32, order: u32, ctx: &mut Context<'_, Kafka>) {
        let Some(who) = self.who else { return };
        ctx.note("sent", order, || format!("number {sequence}"));
        ctx.send(BROKER, Message::Append { who, sequence, order });
        ctx.crash_point_for("sent", order);
        let alarm = ctx.set_timer(self.params.every, Timer::Unanswered(sequence));
        self.flights.insert(sequence, Flight { order, alarm });
    }

    fn answered(&mut self, sequence: u32, order: u32, outcome: Outcome, ctx: &mut Context<'_, Kafka>) {
        let is_its = |flight: &Flight| flight.order == order;
        match outcome {
            Outcome::Stands { .. } => {
                ctx.note("acknowledged", order, String::new);
                if !self.flights.get(&sequence).is_some_and(is_its) {
                    return;
                }
                if let Some(Flight { alarm, .. }) = self.flights.remove(&sequence) {
                    ctx.cancel_timer(alarm);
                }
                ctx.crash_point_for("answered", order);
                ctx.write(Write::Journal(JournalWrite::Closed(order)));
                self.send_queued(ctx);
            }
            // What is missing is being sent again; when this one's own time comes, it will fit.
            Outcome::OutOfOrder { next } => {
                ctx.note("refused", order, || format!("the broker waits for number {next}"));
            }
            Outcome::Fenced => {
                ctx.note("fenced", order, || "its producer has a newer epoch".to_owned());
                self.is_fenced(ctx);
            }
        }
    }
}

impl Process<Kafka> for Producer {
    fn start(&mut self, ctx: &mut Context<'_, Kafka>) {
        self.asked = ctx.monotonic();
        if self.who.is_none() {
            self.ask(ctx);
        }
        self.send_queued(ctx);
        self.await_customer(ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Kafka>) {
        match message {
            Message::YouAre { who, asked } if self.who.is_none() && asked == self.asked => {
                self.is_named(who, ctx);
            }
            Message::Answer { who, sequence, order, outcome } if self.who == Some(who) => {
                self.answered(sequence, order, outcome, ctx);
            }
            _ => {}
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Kafka>) {
        match timer {
            Timer::Customer => {
                self.taken += 1;
                ctx.commit(Write::Journal(JournalWrite::Opened(self.taken)), "ordered", self.taken);
                ctx.crash_point_for("taken", self.taken);
                self.queue.push_back(self.taken);
                self.send_queued(ctx);
                self.await_customer(ctx);
            }
            Timer::Nameless => self.ask(ctx),
            Timer::Unanswered(sequence) => {
                if let Some(Flight { order, .. }) = self.flights.remove(&sequence) {
                    self.send(sequence, order, ctx);
                }
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("taken", self.taken as usize, None);
        let flights = self.flights.values().rev().map(|flight| flight.order);
        facts.set("in flight", self.flights.len(), flights);
        facts.level("waiting", self.queue.len(), None);
    }
}
