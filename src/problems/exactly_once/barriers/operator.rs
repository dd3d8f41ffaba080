//! The operator: adds up the orders of all sources, and aligns their barriers.

use crate::process::{Context, Facts, NodeId, Process, Value};

use super::channel::{Incoming, Outgoing};
use super::task::{FIRST, Task};
use super::{Cast, Item, Job, Message, Params, Store, Timer, Write};

/// What an operator has in memory.
#[derive(Clone, Debug)]
pub(super) struct Operator {
    cast: Cast,
    aligned: bool,
    task: Task,
    /// What all orders so far come to.
    total: u64,
    inputs: Vec<Input>,
    /// The newest checkpoint of which a barrier has come; it takes the place of an older one that
    /// did not come.
    awaited: u32,
    out: Outgoing,
}

/// The link from a source.
#[derive(Clone, Debug, Default)]
struct Input {
    line: Incoming,
    /// The newest checkpoint whose barrier has come.
    barrier: u32,
}

impl Operator {
    pub(super) fn new(params: &Params, cast: Cast, store: Store) -> Operator {
        let task = Task::new(params.every, store);
        let inputs = cast.sources().map(|_| Input::default()).collect();
        Operator { cast, aligned: params.aligned, task, total: 0, inputs, awaited: 0, out: Outgoing::new(FIRST) }
    }

    /// Takes what has come, as far as barriers let it.
    fn drain(&mut self, ctx: &mut Context<'_, Job>) {
        let mut index = 0;
        while index < self.inputs.len() {
            if self.is_blocked(index) {
                index += 1;
                continue;
            }
            match self.inputs[index].line.next() {
                None => index += 1,
                Some(Item::Record(order)) => self.add(order, ctx),
                Some(Item::Barrier(checkpoint)) => {
                    self.inputs[index].barrier = checkpoint;
                    self.awaited = self.awaited.max(checkpoint);
                    self.record_if_all_came(ctx);
                    // This barrier may have set free the inputs before.
                    index = 0;
                }
            }
        }
        let has_gap = self.inputs.iter().any(|input| input.line.has_gap());
        self.task.miss(has_gap, ctx);
    }

    /// Step 3: whether what comes behind this input's barrier must wait.
    fn is_blocked(&self, index: usize) -> bool {
        let barrier = self.inputs[index].barrier;
        self.aligned && barrier > self.task.recorded && barrier == self.awaited
    }

    /// Step 3, when the wait is over.
    fn record_if_all_came(&mut self, ctx: &mut Context<'_, Job>) {
        let checkpoint = self.awaited;
        if checkpoint > self.task.recorded && self.inputs.iter().all(|input| input.barrier == checkpoint) {
            self.task.record(checkpoint, Write::Total { checkpoint, total: self.total }, ctx);
            ctx.note("total", Value::Number(self.total as i64), String::new);
            self.out.send(self.cast.sink(), Item::Barrier(checkpoint), ctx);
            self.task.acknowledge(checkpoint, true, ctx);
        }
    }

    fn add(&mut self, order: u32, ctx: &mut Context<'_, Job>) {
        self.total += u64::from(order);
        ctx.note("processed", order, String::new);
        self.out.send(self.cast.sink(), Item::Record(order), ctx);
        ctx.crash_point_for("processed", order);
    }

    /// Step 6.
    fn go_back(&mut self, attempt: u32, checkpoint: u32, ctx: &mut Context<'_, Job>) {
        self.task.complete(checkpoint, false, ctx);
        self.total = self.task.store.picture(checkpoint);
        self.awaited = checkpoint;
        self.inputs = self.cast.sources().map(|_| Input { line: Incoming::default(), barrier: checkpoint }).collect();
        self.out = Outgoing::new(attempt);
    }
}

impl Process<Job> for Operator {
    fn start(&mut self, ctx: &mut Context<'_, Job>) {
        self.task.start(ctx);
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Job>) {
        match message {
            Message::Flow { attempt, nth, item } if self.task.is_in(attempt) => {
                if let Item::Record(order) = item {
                    ctx.note("received", order, String::new);
                    ctx.crash_point_for("received", order);
                }
                if let Some(input) = self.inputs.get_mut(from.index() - 1) {
                    input.line.accept(nth, item);
                    self.drain(ctx);
                }
            }
            Message::Restore { attempt, checkpoint } => {
                if self.task.restores(attempt, checkpoint, ctx) {
                    self.go_back(attempt, checkpoint, ctx);
                }
                self.task.has_restored(attempt, ctx);
            }
            Message::Complete { attempt, checkpoint, last } if self.task.is_in(attempt) => {
                let is_news = self.task.is_news(checkpoint);
                self.task.complete(checkpoint, last, ctx);
                if last && is_news {
                    ctx.output("total", Value::Number(self.total as i64));
                }
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
        facts.count("total", usize::try_from(self.total).unwrap_or(usize::MAX), None);
        self.task.store.tell_saved(facts);
        let waiting = (0..self.inputs.len()).filter(|&index| self.is_blocked(index)).count();
        facts.level("inputs blocked", waiting, self.inputs.len());
    }
}
