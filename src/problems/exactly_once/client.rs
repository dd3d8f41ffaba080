//! The client of a payment service: takes orders, sends each to be charged under its number, the
//! idempotency key, and sends it again until it learns that the order is charged.
//!
//! What the client must not forget is in its journal on disk: which orders it took, and which of
//! them are still open. How often it has tried is in memory: a client that crashes begins to count
//! again.

use crate::problems::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

use super::LEDGER;
use super::journal::{Journal, JournalWrite};
use super::wording::counted;

/// The named points at which a client may crash, in the order in which an order passes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Points {
    /// The order is in the journal.
    pub(super) taken: &'static str,
    /// It was sent, for the first time or again.
    pub(super) sent: &'static str,
    /// The answer has come.
    pub(super) answered: &'static str,
    /// The journal knows it.
    pub(super) closed: &'static str,
}

impl Points {
    /// The usual names.
    pub(super) const USUAL: Points = Points { taken: "taken", sent: "sent", answered: "answered", closed: "closed" };
}

/// What a client and a ledger say to each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) enum Message {
    /// "Charge this order."
    Charge(u32),
    /// "This order is charged."
    Charged(u32),
}

words!(Message {
    Charge(order) => "charge order {order}";
    Charged(order) => "order {order} is charged";
});

/// What a client reminds itself of.
#[derive(Clone, Debug)]
pub(super) enum Alarm {
    /// The next customer comes.
    Customer,
    /// No answer has come for this order.
    Unanswered(u32),
}

words!(Alarm {
    Customer => "a customer comes";
    Unanswered(order) => "no answer for order {order}";
});

/// A protocol whose timers and disk have room for a client's.
pub(super) trait ClientProtocol:
    Protocol<Message = Message, Timer: From<Alarm>, Disk: Disk<Write: From<JournalWrite>>>
{
}

impl<P> ClientProtocol for P where
    P: Protocol<Message = Message, Timer: From<Alarm>, Disk: Disk<Write: From<JournalWrite>>>
{
}

/// How a client sends orders.
#[derive(Clone, Debug)]
pub(super) struct ClientConfig {
    /// How many orders there are.
    pub(super) orders: u32,
    /// The time between two orders, and before the first.
    pub(super) gap: Distribution,
    /// When it sends again; `None`: never.
    pub(super) retry: Option<RetryPolicy>,
    /// How an order gets into the journal.
    pub(super) journaling: Journaling,
    /// What its crash points are called.
    pub(super) points: Points,
}

/// How an order gets into a client's journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Journaling {
    /// As it is taken. What had still to be sent is forgotten at a crash.
    AsTaken,
    /// As it is taken, and as open until it is answered.
    AsOpen,
    /// When it is answered: it is sent first. Its number is used up before that, as that of a
    /// database's sequence is.
    WhenAnswered,
}

/// When a client sends again.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryPolicy {
    /// How long it waits for an answer.
    pub(super) every: Span,
    /// How often it sends an order, the first time included; `None`: until it is answered.
    pub(super) attempts: Option<u32>,
}

/// An order that waits for its answer.
#[derive(Clone, Debug)]
struct Waiting {
    attempts: u32,
    alarm: TimerId,
}

/// A client's memory.
#[derive(Clone, Debug)]
pub(super) struct Client {
    config: ClientConfig,
    taken: u32,
    /// Orders from before a crash that are still open.
    left: BTreeSet<u32>,
    waiting: BTreeMap<u32, Waiting>,
}

impl Client {
    pub(super) fn new(config: &ClientConfig, journal: &Journal) -> Client {
        Client { config: config.clone(), taken: journal.taken, left: journal.open.clone(), waiting: BTreeMap::new() }
    }

    pub(super) fn start<P: ClientProtocol>(&mut self, ctx: &mut Context<'_, P>) {
        for order in std::mem::take(&mut self.left) {
            self.send(order, 1, ctx);
        }
        self.await_customer(ctx);
    }

    fn await_customer<P: ClientProtocol>(&self, ctx: &mut Context<'_, P>) {
        if self.taken < self.config.orders {
            let gap = ctx.load("gap", self.taken + 1, &self.config.gap);
            ctx.set_timer(gap, Alarm::Customer.into());
        }
    }

    pub(super) fn alarm<P: ClientProtocol>(&mut self, alarm: &Alarm, ctx: &mut Context<'_, P>) {
        match *alarm {
            Alarm::Customer => {
                self.taken += 1;
                self.take(self.taken, ctx);
                self.await_customer(ctx);
            }
            Alarm::Unanswered(order) => self.try_again(order, ctx),
        }
    }

    fn take<P: ClientProtocol>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        match self.config.journaling {
            Journaling::AsTaken => self.enter(JournalWrite::Taken(order), order, ctx),
            Journaling::AsOpen => self.enter(JournalWrite::Opened(order), order, ctx),
            Journaling::WhenAnswered => ctx.commit(JournalWrite::Numbered(order).into(), "asked", order),
        }
        self.send(order, 1, ctx);
    }

    /// From here on the order must be charged.
    // at-most-once, step 1; at-least-once, step 1; dual-write, steps 1 and 2; outbox, step 1.
    fn enter<P: ClientProtocol>(&self, write: JournalWrite, order: u32, ctx: &mut Context<'_, P>) {
        ctx.commit(write.into(), "ordered", order);
        ctx.crash_point_for(self.config.points.taken, order);
    }

    // at-most-once, step 2; at-least-once, step 2; dedup, step 1; dual-write, steps 1 and 2;
    // outbox, step 2.
    fn send<P: ClientProtocol>(&mut self, order: u32, attempts: u32, ctx: &mut Context<'_, P>) {
        ctx.note("sent", order, || format!("attempt {attempts}"));
        ctx.send(LEDGER, Message::Charge(order));
        ctx.crash_point_for(self.config.points.sent, order);
        if let Some(retry) = self.config.retry {
            let alarm = ctx.set_timer(retry.every, Alarm::Unanswered(order).into());
            self.waiting.insert(order, Waiting { attempts, alarm });
        }
    }

    // at-least-once, step 4; dedup, step 1; dual-write, steps 1 and 2; outbox, step 2.
    fn try_again<P: ClientProtocol>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        let Some(Waiting { attempts, .. }) = self.waiting.remove(&order) else { return };
        let most = self.config.retry.and_then(|retry| retry.attempts);
        if most.is_some_and(|most| attempts >= most) {
            ctx.note("gave-up", order, || format!("after {}", counted(attempts as usize, "attempt")));
            self.close(order, ctx);
        } else {
            self.send(order, attempts + 1, ctx);
        }
    }

    /// The answer came: for the order, whichever attempt it answers. A second answer changes
    /// nothing.
    pub(super) fn answered<P: ClientProtocol>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        ctx.note("acknowledged", order, String::new);
        if let Some(Waiting { alarm, .. }) = self.waiting.remove(&order) {
            ctx.cancel_timer(alarm);
            ctx.crash_point_for(self.config.points.answered, order);
            match self.config.journaling {
                Journaling::WhenAnswered => self.enter(JournalWrite::Taken(order), order, ctx),
                Journaling::AsTaken | Journaling::AsOpen => self.close(order, ctx),
            }
        }
    }

    // at-least-once, step 5; outbox, step 3.
    fn close<P: ClientProtocol>(&self, order: u32, ctx: &mut Context<'_, P>) {
        if self.config.journaling == Journaling::AsOpen {
            ctx.write(JournalWrite::Closed(order).into());
            ctx.crash_point_for(self.config.points.closed, order);
        }
    }
}

impl Client {
    /// Tells what a shop knows of its orders.
    pub(super) fn tell(&self, facts: &mut Facts) {
        facts.count("taken", self.taken as usize, self.config.orders as usize);
        if self.config.retry.is_some() {
            facts.set("unanswered", self.waiting.len(), self.waiting.keys().rev().copied());
        }
    }
}
