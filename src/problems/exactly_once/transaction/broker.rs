//! The broker: keeps both logs, gives out the work and judges the epochs.

use crate::process::{Context, Disk, Facts, NodeId, Process, TimerId};

use super::{Isolation, Message, Store, Timer, Transactions, WORKERS, Write};

/// Keeps both logs, gives out the work and judges the epochs.
#[derive(Clone)]
pub(super) struct Broker {
    pub(super) params: Transactions,
    pub(super) store: Store,
    /// Whose the work is.
    pub(super) owner: usize,
    pub(super) session: Option<TimerId>,
    /// A fetch that found nothing new.
    pub(super) waiting: Option<(NodeId, u32, u32)>,
}

impl Broker {
    fn write(&mut self, write: Write, ctx: &mut Context<'_, Transactions>) {
        self.store.write(write.clone());
        ctx.write(write);
    }

    /// Writes what the reader behind the log sees at once: the order is charged.
    fn write_visibly(&mut self, write: Write, order: u32, ctx: &mut Context<'_, Transactions>) {
        self.store.write(write.clone());
        ctx.commit(write, "charged", order);
    }

    /// With fencing all workers are one producer.
    fn producer(&self, worker: NodeId) -> u16 {
        if self.params.fencing { 0 } else { worker.index() as u16 }
    }

    fn await_customer(&self, ctx: &mut Context<'_, Transactions>) {
        if self.store.appended < self.params.orders {
            let gap = ctx.load("gap", self.store.appended + 1, &self.params.gap);
            ctx.set_timer(gap, Timer::Customer);
        }
    }

    /// The owner has spoken, or has just become it.
    fn renew(&mut self, ctx: &mut Context<'_, Transactions>) {
        ctx.cancel_timer(self.session.take());
        if self.store.committed < self.params.orders {
            self.session = Some(ctx.set_timer(self.params.session, Timer::Silent));
        }
    }

    /// Step 2. A fetch that finds nothing new waits for the next order.
    fn feed(&mut self, ctx: &mut Context<'_, Transactions>) {
        if let Some((worker, epoch, after)) = self.waiting
            && after < self.store.appended
        {
            ctx.note("sent", after + 1, String::new);
            ctx.send(worker, Message::Record { epoch, order: after + 1 });
            self.waiting = None;
        }
    }

    /// Step 1.
    fn begin(&mut self, worker: NodeId, ctx: &mut Context<'_, Transactions>) {
        let producer = self.producer(worker);
        if let Some(&order) = self.store.open.get(&producer) {
            ctx.note("aborted", order, || "a newer epoch began".to_owned());
        }
        let epoch = self.store.epoch + 1;
        self.write(Write::Began { producer, epoch }, ctx);
        ctx.send(worker, Message::Ready { epoch, after: self.store.committed });
    }

    /// Step 3. A second copy of the same words finds its charge in the transaction.
    fn produce(&mut self, worker: NodeId, epoch: u32, order: u32, ctx: &mut Context<'_, Transactions>) {
        let producer = self.producer(worker);
        if self.store.open.get(&producer) != Some(&order) && order > self.store.committed {
            let write = Write::Produced { producer, order };
            match self.params.isolation {
                Isolation::ReadCommitted => self.write(write, ctx),
                Isolation::ReadUncommitted => self.write_visibly(write, order, ctx),
            }
        }
        ctx.send(worker, Message::Produced { epoch, order });
    }

    /// Step 4. A second copy of the same words finds nothing open any more.
    fn commit(&mut self, worker: NodeId, epoch: u32, order: u32, ctx: &mut Context<'_, Transactions>) {
        let producer = self.producer(worker);
        if self.store.open.get(&producer) == Some(&order) {
            let write = Write::Committed { producer, order };
            match self.params.isolation {
                Isolation::ReadCommitted => self.write_visibly(write, order, ctx),
                Isolation::ReadUncommitted => self.write(write, ctx),
            }
        }
        ctx.send(worker, Message::Committed { epoch, order });
    }
}

impl Process<Transactions> for Broker {
    fn start(&mut self, ctx: &mut Context<'_, Transactions>) {
        self.await_customer(ctx);
        if self.store.committed < self.params.orders {
            ctx.send(WORKERS[self.owner], Message::Assign);
            self.renew(ctx);
        }
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Transactions>) {
        if let Message::Fetch { epoch, .. } | Message::Produce { epoch, .. } | Message::Commit { epoch, .. } = message
            && self.params.fencing
            && epoch < self.store.epoch
        {
            // Step 5.
            return ctx.send(from, Message::Fenced { epoch });
        }
        match message {
            Message::Init => self.begin(from, ctx),
            Message::Fetch { epoch, after } => {
                self.waiting = Some((from, epoch, after));
                self.feed(ctx);
            }
            Message::Produce { epoch, order } => self.produce(from, epoch, order, ctx),
            Message::Commit { epoch, order } => self.commit(from, epoch, order, ctx),
            _ => {}
        }
        if from == WORKERS[self.owner] {
            self.renew(ctx);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Transactions>) {
        if let Timer::Customer = timer {
            let order = self.store.appended + 1;
            self.store.appended = order;
            ctx.commit(Write::Appended(order), "ordered", order);
            ctx.crash_point_for("appended", order);
            self.feed(ctx);
            return self.await_customer(ctx);
        }
        self.session = None;
        self.owner = 1 - self.owner;
        ctx.send(WORKERS[self.owner], Message::Assign);
        self.renew(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        let Store { appended, committed, epoch, .. } = self.store;
        facts.version("epoch", epoch);
        facts.count("committed", committed as usize, appended as usize);
    }
}
