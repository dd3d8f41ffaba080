//! The shop: takes orders, sends each to be charged, and sends it again until it is told that it was.
//!
//! What the shop must not forget is on its disk: which orders were taken, and which of them are still open. How often
//! it has tried is memory: a shop that crashes begins to count again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::process::{Context, Disk, NodeId, TimerId, Value};
use crate::time::{Distribution, Span};

use super::desk::Trades;

/// The scenario's first node sells.
pub(super) const SHOP: NodeId = NodeId::new(0);
/// The second charges.
pub(super) const LEDGER: NodeId = NodeId::new(1);

/// The named points at which a shop may crash, in the order in which an order passes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Points {
    /// The order is in the books.
    pub(super) taken: &'static str,
    /// It was sent, for the first time or again.
    pub(super) sent: &'static str,
    /// The answer has come.
    pub(super) answered: &'static str,
    /// The books know it.
    pub(super) closed: &'static str,
}

impl Points {
    /// What they are called where nothing speaks for other names.
    pub(super) const USUAL: Points = Points { taken: "taken", sent: "sent", answered: "answered", closed: "closed" };
}

/// The number of an order as the trace has it.
pub(super) const fn number(order: u32) -> Value {
    Value::Number(order as i64)
}

/// "1 order", "7 orders".
pub(super) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// What a shop and a ledger say to each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) enum Word {
    /// "Charge this order."
    Charge(u32),
    /// "This order is charged."
    Charged(u32),
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Word::Charge(order) => write!(f, "charge order {order}"),
            Word::Charged(order) => write!(f, "order {order} is charged"),
        }
    }
}

/// What a shop reminds itself of.
#[derive(Clone, Debug)]
pub(super) enum Alarm {
    /// The next customer comes.
    Customer,
    /// No answer has come for this order.
    Unanswered(u32),
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Alarm::Customer => f.write_str("a customer comes"),
            Alarm::Unanswered(order) => write!(f, "no answer for order {order}"),
        }
    }
}

/// What a shop keeps over a crash.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    /// The numbers that are used up: 1 to this one.
    taken: u32,
    /// Those of them that the shop must still see charged.
    open: BTreeSet<u32>,
}

impl Books {
    /// How many orders were taken.
    pub(super) fn taken(&self) -> u32 {
        self.taken
    }

    /// The open orders, in the order in which they were taken.
    pub(super) fn open(&self) -> impl Iterator<Item = u32> {
        self.open.iter().copied()
    }
}

/// One change of the books.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Entered {
    /// An order was taken that the shop will not come back to.
    Taken(u32),
    /// An order was taken, and is open until the shop knows that it is charged.
    Opened(u32),
    /// An order is done with.
    Closed(u32),
    /// A number was used up, for an order that is not in the books yet.
    Numbered(u32),
}

impl fmt::Display for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entered::Taken(order) => write!(f, "order {order} taken"),
            Entered::Opened(order) => write!(f, "order {order} taken and open"),
            Entered::Closed(order) => write!(f, "order {order} closed"),
            Entered::Numbered(order) => write!(f, "number {order} used up"),
        }
    }
}

impl Disk for Books {
    type Write = Entered;

    fn write(&mut self, entered: Entered) {
        match entered {
            Entered::Numbered(order) | Entered::Taken(order) => self.taken = self.taken.max(order),
            Entered::Opened(order) => {
                self.taken = self.taken.max(order);
                self.open.insert(order);
            }
            Entered::Closed(order) => {
                self.open.remove(&order);
            }
        }
    }
}

/// How a shop sells.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    /// How many orders there are.
    pub(super) orders: u32,
    /// The time between two orders, and before the first.
    pub(super) gap: Distribution,
    /// When it sends again; nothing: never.
    pub(super) patience: Option<Patience>,
    /// How an order gets into the books.
    pub(super) entering: Entering,
    /// What its crash points are called.
    pub(super) points: Points,
}

/// How an order gets into a shop's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entering {
    /// As it is taken. What had still to be sent is forgotten at a crash.
    AsTaken,
    /// As it is taken, and as open until it is answered.
    AsOpen,
    /// When it is answered: it is sent first. Its number is used up before that, as that of a database's sequence is.
    WhenAnswered,
}

/// When a shop sends again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How long it waits for an answer.
    pub(super) every: Span,
    /// How often it sends an order, the first time included; nothing: until it is answered.
    pub(super) attempts: Option<u32>,
}

/// An order that waits for its answer.
#[derive(Clone, Debug)]
struct Waiting {
    attempts: u32,
    alarm: TimerId,
}

/// A shop's memory.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    terms: Terms,
    taken: u32,
    /// Orders from before a crash that are still open.
    left: BTreeSet<u32>,
    waiting: BTreeMap<u32, Waiting>,
}

impl Shop {
    pub(super) fn new(terms: &Terms, books: &Books) -> Shop {
        Shop { terms: terms.clone(), taken: books.taken, left: books.open.clone(), waiting: BTreeMap::new() }
    }

    pub(super) fn start<P: Trades>(&mut self, ctx: &mut Context<'_, P>) {
        for order in std::mem::take(&mut self.left) {
            self.send(order, 1, ctx);
        }
        self.await_customer(ctx);
    }

    fn await_customer<P: Trades>(&self, ctx: &mut Context<'_, P>) {
        if self.taken < self.terms.orders {
            let gap = ctx.load("gap", self.taken + 1, &self.terms.gap);
            ctx.set_timer(gap, Alarm::Customer.into());
        }
    }

    pub(super) fn alarm<P: Trades>(&mut self, alarm: &Alarm, ctx: &mut Context<'_, P>) {
        match *alarm {
            Alarm::Customer => {
                self.taken += 1;
                self.take(self.taken, ctx);
                self.await_customer(ctx);
            }
            Alarm::Unanswered(order) => self.try_again(order, ctx),
        }
    }

    fn take<P: Trades>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        match self.terms.entering {
            Entering::AsTaken => self.enter(Entered::Taken(order), order, ctx),
            Entering::AsOpen => self.enter(Entered::Opened(order), order, ctx),
            Entering::WhenAnswered => ctx.commit(Entered::Numbered(order).into(), "asked", number(order)),
        }
        self.send(order, 1, ctx);
    }

    /// From here on the order must be charged.
    fn enter<P: Trades>(&self, entered: Entered, order: u32, ctx: &mut Context<'_, P>) {
        ctx.commit(entered.into(), "ordered", number(order));
        ctx.crash_point_for(self.terms.points.taken, order);
    }

    fn send<P: Trades>(&mut self, order: u32, attempts: u32, ctx: &mut Context<'_, P>) {
        ctx.note("sent", number(order), || format!("attempt {attempts}"));
        ctx.send(LEDGER, Word::Charge(order));
        ctx.crash_point_for(self.terms.points.sent, order);
        if let Some(patience) = self.terms.patience {
            let alarm = ctx.set_timer(patience.every, Alarm::Unanswered(order).into());
            self.waiting.insert(order, Waiting { attempts, alarm });
        }
    }

    fn try_again<P: Trades>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        let Some(Waiting { attempts, .. }) = self.waiting.remove(&order) else { return };
        let most = self.terms.patience.and_then(|patience| patience.attempts);
        if most.is_some_and(|most| attempts >= most) {
            ctx.note("gave-up", number(order), || format!("after {}", counted(attempts as usize, "attempt")));
            self.close(order, ctx);
        } else {
            self.send(order, attempts + 1, ctx);
        }
    }

    /// The answer came: for the order, whichever attempt it answers. A second answer changes nothing.
    pub(super) fn answered<P: Trades>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        ctx.note("acknowledged", number(order), String::new);
        if let Some(Waiting { alarm, .. }) = self.waiting.remove(&order) {
            ctx.cancel_timer(alarm);
            ctx.crash_point_for(self.terms.points.answered, order);
            match self.terms.entering {
                Entering::WhenAnswered => self.enter(Entered::Taken(order), order, ctx),
                Entering::AsTaken | Entering::AsOpen => self.close(order, ctx),
            }
        }
    }

    fn close<P: Trades>(&self, order: u32, ctx: &mut Context<'_, P>) {
        if self.terms.entering == Entering::AsOpen {
            ctx.write(Entered::Closed(order).into());
            ctx.crash_point_for(self.terms.points.closed, order);
        }
    }
}

impl fmt::Display for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&counted(self.taken as usize, "order"))?;
        if self.terms.patience.is_some() { write!(f, ", {} unanswered", self.waiting.len()) } else { Ok(()) }
    }
}
