//! The sink: charges what comes out of the job, at once or with the checkpoint.

use std::collections::BTreeSet;
use std::mem;

use crate::process::{Context, Disk, Facts, NodeId, Process};

use super::channel::Incoming;
use super::task::Task;
use super::{Item, Job, Message, Params, Store, Timer, When, Write};

/// What a sink has in memory.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    when: When,
    task: Task,
    line: Incoming,
    /// Orders since the last barrier that are not charged.
    open: BTreeSet<u32>,
}

impl Sink {
    pub(super) fn new(params: &Params, store: Store) -> Sink {
        let task = Task::new(params.every, store);
        Sink { when: params.sink, task, line: Incoming::default(), open: BTreeSet::new() }
    }

    fn drain(&mut self, ctx: &mut Context<'_, Job>) {
        while let Some(item) = self.line.next() {
            match (item, self.when) {
                (Item::Record(order), When::Immediate) => {
                    ctx.output("charged", order);
                    ctx.crash_point_for("charged", order);
                }
                (Item::Record(order), When::Transactional) => {
                    self.open.insert(order);
                }
                // Step 4.
                (Item::Barrier(checkpoint), _) => {
                    let orders = mem::take(&mut self.open);
                    self.task.record(checkpoint, Write::Prepared { checkpoint, orders }, ctx);
                    self.task.acknowledge(checkpoint, true, ctx);
                }
            }
        }
        self.task.miss(self.line.has_gap(), ctx);
    }

    /// Charges what was prepared for complete checkpoints. Each charge is a row in the sink's own
    /// store, so that a sink that is interrupted finds the others there.
    fn charge_prepared(&mut self, complete: u32, ctx: &mut Context<'_, Job>) {
        let prepared = self.task.store.prepared.range(..=complete);
        let orders = prepared.flat_map(|(&checkpoint, orders)| orders.iter().map(move |&order| (checkpoint, order)));
        for (checkpoint, order) in orders.collect::<Vec<_>>() {
            let charged = Write::Charged { checkpoint, order };
            self.task.store.write(charged.clone());
            ctx.commit(charged, "charged", order);
            ctx.crash_point_for("charged", order);
        }
    }
}

impl Process<Job> for Sink {
    fn start(&mut self, ctx: &mut Context<'_, Job>) {
        self.task.start(ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Job>) {
        match message {
            Message::Flow { attempt, nth, item } if self.task.is_in(attempt) => {
                self.line.accept(nth, item);
                self.drain(ctx);
            }
            Message::Restore { attempt, checkpoint } => {
                if self.task.restores(attempt, checkpoint, ctx) {
                    self.line = Incoming::default();
                    self.open.clear();
                    self.charge_prepared(checkpoint, ctx);
                    self.task.complete(checkpoint, false, ctx);
                }
                self.task.has_restored(attempt, ctx);
            }
            Message::Complete { attempt, checkpoint, last } if self.task.is_in(attempt) => {
                self.charge_prepared(checkpoint, ctx);
                self.task.complete(checkpoint, last, ctx);
            }
            _ => {}
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Job>) {
        match timer {
            Timer::Unheard => self.task.unheard(ctx),
            Timer::Missing => self.task.still_missing(ctx),
            _ => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        if let When::Transactional = self.when {
            facts.set("not prepared", self.open.len(), self.open.iter().rev().copied());
            let prepared = &self.task.store.prepared;
            let count = prepared.values().map(BTreeSet::len).sum();
            facts.set("prepared", count, prepared.values().rev().flat_map(|orders| orders.iter().rev().copied()));
        }
    }
}
