//! A table of the orders that were charged: what a receiver must remember to recognise a second
//! copy.
//!
//! In memory it finds an order in logarithmic time. What of it is durable goes to disk write by
//! write, and comes back at a restart. A table without bounds keeps numbers only, and needs little
//! room for them and little time at a restart, since they follow one another. It can be bounded in
//! two ways, since no store is endless: by time (`ttl`) and by number (`capacity`); both count from
//! the first copy, or with `refreshed` from the last. Time is that of the oscillator, by timers, so
//! that a step of the clock neither shortens nor lengthens the window; only over a restart, when
//! timers are gone, is the clock's reading all that there is.

use crate::problems::prelude::*;
use std::collections::BTreeMap;

use super::numbers::Numbers;

/// How long a table remembers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// For this long; `None`: for ever.
    pub(super) ttl: Option<Span>,
    /// This many orders; `None`: any number.
    pub(super) capacity: Option<u32>,
    /// Whether each further copy begins the order's window anew.
    pub(super) refreshed: bool,
}

impl Window {
    /// Whether it never ends, so that nothing is needed of an order but its number.
    fn is_endless(&self) -> bool {
        self.ttl.is_none() && self.capacity.is_none()
    }
}

/// "Forget this order": a table's timer.
#[derive(Clone, Debug)]
pub(super) struct Forget(pub(super) u32);

words!(Forget(order) => "forget order {order}");

/// What is known of an order.
#[derive(Clone, Copy, Debug, Serialize)]
struct Seen {
    /// Grows with every order seen: the least is the oldest.
    rank: u64,
    /// When it was seen, by the node's clock.
    at: Reading,
}

/// A table's rows on disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Orders that are never forgotten.
    kept: Numbers,
    /// Orders in a window.
    windowed: BTreeMap<u32, Seen>,
}

/// One change of the rows.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Row {
    /// The order was charged, and is never forgotten.
    Kept(u32),
    /// The order was charged, and its window began. What it was before is replaced.
    Charged(u32, SeenAt),
    /// The order is forgotten.
    Dropped(u32),
}

/// When and after how many others an order was seen.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SeenAt(Seen);

words!(Row {
    Kept(order) => "order {order} charged";
    Charged(order, _) => "order {order} charged";
    Dropped(order) => "order {order} dropped";
});

impl Disk for Rows {
    type Write = Row;

    fn write(&mut self, row: Row) {
        match row {
            Row::Kept(order) => {
                self.kept.insert(order);
            }
            Row::Charged(order, SeenAt(seen)) => {
                self.windowed.insert(order, seen);
            }
            Row::Dropped(order) => {
                self.windowed.remove(&order);
            }
        }
    }
}

/// A protocol whose timers and disk have room for a table's.
pub(super) trait TableProtocol: Protocol<Timer: From<Forget>, Disk: Disk<Write: From<Row>>> {}

impl<P: Protocol<Timer: From<Forget>, Disk: Disk<Write: From<Row>>>> TableProtocol for P {}

/// A table in memory.
#[derive(Clone, Debug)]
pub(super) struct Table {
    window: Window,
    durable: bool,
    /// Orders that are never forgotten.
    kept: Numbers,
    /// Orders in a window.
    rows: BTreeMap<u32, (Seen, Option<TimerId>)>,
    by_rank: BTreeMap<u64, u32>,
    next_rank: u64,
}

impl Table {
    /// The table as it is after a start: what the disk holds.
    pub(super) fn new(window: Window, durable: bool, rows: &Rows) -> Table {
        let by_rank: BTreeMap<u64, u32> = rows.windowed.iter().map(|(&order, seen)| (seen.rank, order)).collect();
        let next_rank = by_rank.last_key_value().map_or(0, |(&rank, _)| rank + 1);
        let kept = rows.kept.clone();
        let rows = rows.windowed.iter().map(|(&order, &seen)| (order, (seen, None))).collect();
        Table { window, durable, kept, rows, by_rank, next_rank }
    }

    /// Sets the timers of what came from disk.
    pub(super) fn start<P: TableProtocol>(&mut self, ctx: &mut Context<'_, P>) {
        let Some(ttl) = self.window.ttl else { return };
        let now = ctx.now();
        for (&order, (seen, timer)) in &mut self.rows {
            *timer = Some(ctx.set_timer(beyond(ttl - (now - seen.at)), Forget(order).into()));
        }
    }

    pub(super) fn knows(&self, order: u32) -> bool {
        self.kept.contains(order) || self.rows.contains_key(&order)
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len() as usize + self.rows.len()
    }

    /// The orders in the table, from the one that it would forget last backwards.
    pub(super) fn latest(&self) -> impl Iterator<Item = u32> {
        self.by_rank.values().rev().copied().chain(self.kept.latest())
    }

    /// Remembers an order. Returns the row for the disk if the table is durable: the caller writes
    /// it.
    pub(super) fn remember<P: TableProtocol>(&mut self, order: u32, ctx: &mut Context<'_, P>) -> Option<Row> {
        if self.window.is_endless() {
            self.kept.insert(order);
            return self.durable.then_some(Row::Kept(order));
        }
        let seen = Seen { rank: self.next_rank, at: ctx.now() };
        self.next_rank += 1;
        let timer = self.window.ttl.map(|ttl| ctx.set_timer(beyond(ttl), Forget(order).into()));
        self.by_rank.insert(seen.rank, order);
        self.rows.insert(order, (seen, timer));
        self.durable.then_some(Row::Charged(order, SeenAt(seen)))
    }

    /// Another copy of a known order came.
    pub(super) fn see_again<P: TableProtocol>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        if self.window.refreshed
            && let Some((seen, timer)) = self.rows.remove(&order)
        {
            self.by_rank.remove(&seen.rank);
            ctx.cancel_timer(timer);
            if let Some(row) = self.remember(order, ctx) {
                ctx.write(row.into());
            }
        }
    }

    /// Lets go of the oldest orders while there are more than the capacity.
    pub(super) fn make_room<P: TableProtocol>(&mut self, ctx: &mut Context<'_, P>) {
        let most = self.window.capacity.map_or(usize::MAX, |capacity| capacity as usize);
        while self.rows.len() > most {
            let Some((_, &oldest)) = self.by_rank.first_key_value() else { return };
            self.drop(oldest, || format!("to make room: its table holds {most}"), ctx);
        }
    }

    /// The window of an order is over.
    pub(super) fn expire<P: TableProtocol>(&mut self, Forget(order): Forget, ctx: &mut Context<'_, P>) {
        let ttl = self.window.ttl.unwrap_or_default();
        self.drop(order, || format!("after its window of {ttl}"), ctx);
    }

    fn drop<P: TableProtocol>(&mut self, order: u32, why: impl FnOnce() -> String, ctx: &mut Context<'_, P>) {
        let Some((seen, timer)) = self.rows.remove(&order) else { return };
        self.by_rank.remove(&seen.rank);
        ctx.cancel_timer(timer);
        ctx.note("forgotten", order, why);
        if self.durable {
            ctx.write(Row::Dropped(order).into());
        }
    }
}

/// A window ends when more than its length has passed: a copy that comes at its very end is still
/// known.
fn beyond(ttl: Span) -> Span {
    ttl + Span::from_ns(1)
}
