//! A source: a log into which customers order, and a reader of it that can be set back.

use crate::process::{Context, Facts, NodeId, Process, Value};

use super::channel::Outgoing;
use super::task::{FIRST, Task};
use super::{Cast, Item, Job, Message, Params, Timer, Write};

/// What a source has in memory.
#[derive(Clone, Debug)]
pub(super) struct Source {
    params: Params,
    cast: Cast,
    task: Task,
    /// This source's place among the sources, from 0.
    place: u32,
    /// How many orders of its log it has read.
    read: u32,
    /// Whether it may read on.
    is_running: bool,
    out: Outgoing,
}

impl Source {
    pub(super) fn new(params: Params, cast: Cast, node: NodeId, store: super::Store) -> Source {
        let task = Task::new(params.every, store);
        let place = node.index() as u32 - 1;
        let is_running = task.is_in(FIRST);
        Source { params, cast, task, place, read: 0, is_running, out: Outgoing::new(FIRST) }
    }

    /// The nth order of this source: the sources take the orders in turn.
    fn order(&self, nth: u32) -> u32 {
        (nth - 1) * self.cast.sources().count() as u32 + self.place + 1
    }

    fn await_customer(&self, ctx: &mut Context<'_, Job>) {
        let next = self.order(self.task.store.appended + 1);
        if next <= self.params.orders {
            let gap = ctx.load("gap", next, &self.params.gap);
            ctx.set_timer(gap, Timer::Customer);
        }
    }

    /// What the orders come to that it has read: an arithmetic progression.
    fn total(&self) -> i64 {
        let (read, sources) = (i64::from(self.read), self.cast.sources().count() as i64);
        sources * read * (read - 1) / 2 + read * i64::from(self.place + 1)
    }

    fn read_on(&mut self, ctx: &mut Context<'_, Job>) {
        while self.is_running && self.read < self.task.store.appended {
            self.read += 1;
            let order = self.order(self.read);
            ctx.note("sent", order, String::new);
            self.out.send(self.cast.operator(), Item::Record(order), ctx);
            ctx.crash_point_for("sent", order);
        }
    }

    /// Step 2.
    fn begin(&mut self, checkpoint: u32, ctx: &mut Context<'_, Job>) {
        self.task.record(checkpoint, Write::Offset { checkpoint, read: self.read }, ctx);
        ctx.note("read", Value::Number(self.total()), String::new);
        self.out.send(self.cast.operator(), Item::Barrier(checkpoint), ctx);
        let at_end = self.order(self.read + 1) > self.params.orders;
        self.task.acknowledge(checkpoint, at_end, ctx);
    }

    /// Step 6.
    fn restore(&mut self, attempt: u32, checkpoint: u32, ctx: &mut Context<'_, Job>) {
        if !self.task.restores(attempt, checkpoint, ctx) {
            return;
        }
        self.complete(checkpoint, false, ctx);
        let read = self.read;
        self.read = self.task.store.picture(checkpoint) as u32;
        for nth in self.read + 1..=read {
            ctx.note("rewound", self.order(nth), || match checkpoint {
                0 => "to the start".to_owned(),
                _ => format!("to checkpoint {checkpoint}"),
            });
        }
        self.out = Outgoing::new(attempt);
        self.is_running = false;
        self.task.ask(Message::Restored { attempt }, ctx);
    }

    fn complete(&mut self, checkpoint: u32, last: bool, ctx: &mut Context<'_, Job>) {
        let known = self.task.store.picture(self.task.store.complete) as u32;
        for nth in known + 1..=self.task.store.picture(checkpoint) as u32 {
            ctx.note("acknowledged", self.order(nth), String::new);
        }
        self.task.complete(checkpoint, last, ctx);
    }
}

impl Process<Job> for Source {
    fn start(&mut self, ctx: &mut Context<'_, Job>) {
        self.task.start(ctx);
        self.await_customer(ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Job>) {
        match message {
            Message::Restore { attempt, checkpoint } => self.restore(attempt, checkpoint, ctx),
            Message::Go { attempt } if self.task.is_in(attempt) => {
                self.task.heard(ctx);
                self.is_running = true;
                self.read_on(ctx);
            }
            Message::Trigger { attempt, checkpoint }
                if self.task.is_in(attempt) && self.is_running && checkpoint > self.task.recorded =>
            {
                self.begin(checkpoint, ctx);
            }
            Message::Complete { attempt, checkpoint, last } if self.task.is_in(attempt) => {
                self.complete(checkpoint, last, ctx);
            }
            _ => {}
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Job>) {
        match timer {
            Timer::Customer => {
                let appended = self.task.store.appended + 1;
                let order = self.order(appended);
                self.task.store.appended = appended;
                ctx.commit(Write::Appended(appended), "ordered", order);
                ctx.crash_point_for("appended", order);
                self.read_on(ctx);
                self.await_customer(ctx);
            }
            Timer::Unheard => self.task.unheard(ctx),
            _ => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("read", self.read as usize, None);
        self.task.store.tell_saved(facts);
    }
}
