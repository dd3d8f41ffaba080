//! The manager: begins checkpoints, knows when they are complete, and sends everybody back after a
//! crash.

use std::collections::BTreeSet;

use crate::process::{Context, Facts, NodeId, Process, TimerId, Value};
use crate::time::Span;

use super::task::FIRST;
use super::{Cast, Job, Message, Params, Store, Timer, Write};

/// What a manager has in memory.
#[derive(Clone, Debug)]
pub(super) struct Manager {
    params: Params,
    cast: Cast,
    store: Store,
    phase: Phase,
    /// The newest checkpoint that was begun in this attempt.
    newest: u32,
    /// Whether the next checkpoint is on its way.
    is_ticking: bool,
    /// When it has waited for long enough.
    alarm: Option<TimerId>,
}

#[derive(Clone, Debug)]
enum Phase {
    /// These have not gone back yet.
    Restoring(BTreeSet<NodeId>),
    /// The job runs, perhaps with a checkpoint under way.
    Running(Option<Checkpoint>),
    /// The last checkpoint is complete, and these do not know it yet.
    Ending(BTreeSet<NodeId>),
}

/// Tells whom the manager waits for.
fn tell_awaited(facts: &mut Facts, name: &'static str, missing: &BTreeSet<NodeId>) {
    facts.set(name, missing.len(), missing.iter().rev().copied());
}

/// A checkpoint under way.
#[derive(Clone, Debug)]
struct Checkpoint {
    id: u32,
    /// Those that have not written their part.
    missing: BTreeSet<NodeId>,
    /// Whether all that have written it have nothing left to read.
    at_end: bool,
}

impl Manager {
    pub(super) fn new(params: Params, cast: Cast, store: Store) -> Manager {
        let (phase, newest) = (Phase::Running(None), store.complete);
        Manager { params, cast, store, phase, newest, is_ticking: false, alarm: None }
    }

    fn begin_attempt(&mut self, ctx: &mut Context<'_, Job>) {
        let attempt = self.store.attempt + 1;
        self.newest = self.store.complete;
        self.store.keep(Write::Attempt(attempt), ctx);
        ctx.note("began", Value::Number(i64::from(attempt)), String::new);
        ctx.crash_point_for("began", attempt);
    }

    /// Step 6.
    fn send_back(&mut self, ctx: &mut Context<'_, Job>) {
        self.begin_attempt(ctx);
        self.tell_all(Phase::Restoring(self.cast.tasks().collect()), ctx);
    }

    /// Goes to a phase, and waits for what is to be waited for there.
    fn enter(&mut self, phase: Phase, ctx: &mut Context<'_, Job>) {
        ctx.cancel_timer(self.alarm.take());
        let is_waiting = match &phase {
            Phase::Restoring(missing) | Phase::Ending(missing) => !missing.is_empty(),
            Phase::Running(under_way) => under_way.is_some(),
        };
        self.phase = phase;
        if is_waiting {
            self.alarm = Some(ctx.set_timer(self.params.every, Timer::Unanswered));
        }
    }

    /// Enters a phase in which everybody is told something, until all have answered.
    fn tell_all(&mut self, phase: Phase, ctx: &mut Context<'_, Job>) {
        self.enter(phase, ctx);
        self.repeat(ctx);
    }

    /// Says again to each task what it has not answered.
    fn repeat(&self, ctx: &mut Context<'_, Job>) {
        let (attempt, checkpoint) = (self.store.attempt, self.store.complete);
        let (missing, message) = match &self.phase {
            Phase::Restoring(missing) => (missing, Message::Restore { attempt, checkpoint }),
            Phase::Ending(missing) => (missing, Message::Complete { attempt, checkpoint, last: true }),
            Phase::Running(_) => return,
        };
        ctx.multicast(missing.iter().copied(), &message);
    }

    fn run(&mut self, ctx: &mut Context<'_, Job>) {
        self.enter(Phase::Running(None), ctx);
        ctx.multicast(self.cast.sources(), &Message::Go { attempt: self.store.attempt });
        self.await_checkpoint(self.params.interval, ctx);
    }

    fn await_checkpoint(&mut self, wait: Span, ctx: &mut Context<'_, Job>) {
        if !self.is_ticking {
            self.is_ticking = true;
            ctx.set_timer(wait, Timer::Checkpoint);
        }
    }

    /// Step 1, unless the job is going back, or the checkpoint before is still under way.
    fn checkpoint(&mut self, ctx: &mut Context<'_, Job>) {
        self.is_ticking = false;
        if matches!(self.phase, Phase::Ending(_)) {
            return;
        }
        self.await_checkpoint(self.params.interval, ctx);
        if matches!(self.phase, Phase::Running(None)) {
            self.newest += 1;
            let (attempt, checkpoint) = (self.store.attempt, self.newest);
            ctx.multicast(self.cast.sources(), &Message::Trigger { attempt, checkpoint });
            let under_way = Checkpoint { id: checkpoint, missing: self.cast.tasks().collect(), at_end: true };
            self.enter(Phase::Running(Some(under_way)), ctx);
        }
    }

    /// Step 5.
    fn taken(&mut self, from: NodeId, checkpoint: u32, at_end: bool, ctx: &mut Context<'_, Job>) {
        let Phase::Running(Some(under_way)) = &mut self.phase else { return };
        if under_way.id != checkpoint {
            return;
        }
        under_way.missing.remove(&from);
        under_way.at_end &= at_end;
        if !under_way.missing.is_empty() {
            return;
        }
        let last = under_way.at_end;
        self.store.keep(Write::Complete(checkpoint), ctx);
        ctx.note("completed", Value::Number(i64::from(checkpoint)), String::new);
        ctx.crash_point_for("completed", checkpoint);
        if last {
            self.tell_all(Phase::Ending(self.cast.tasks().collect()), ctx);
        } else {
            self.enter(Phase::Running(None), ctx);
            let attempt = self.store.attempt;
            ctx.multicast(self.cast.tasks(), &Message::Complete { attempt, checkpoint, last });
        }
    }

    /// A checkpoint takes too long, and is given up; anything else is asked for again.
    fn unanswered(&mut self, ctx: &mut Context<'_, Job>) {
        self.alarm = None;
        if let Phase::Running(under_way) = &self.phase {
            if let Some(Checkpoint { id, .. }) = under_way {
                ctx.note("abandoned", Value::Number(i64::from(*id)), String::new);
            }
            return self.enter(Phase::Running(None), ctx);
        }
        self.repeat(ctx);
        self.alarm = Some(ctx.set_timer(self.params.every, Timer::Unanswered));
    }

    fn restored(&mut self, from: NodeId, ctx: &mut Context<'_, Job>) {
        let attempt = self.store.attempt;
        match &mut self.phase {
            Phase::Restoring(missing) => {
                missing.remove(&from);
                if missing.is_empty() {
                    self.run(ctx);
                }
            }
            // A source asks, since it was not told that it may read on.
            Phase::Running(_) | Phase::Ending(_) => {
                if self.cast.sources().any(|source| source == from) {
                    ctx.send(from, Message::Go { attempt });
                }
            }
        }
    }
}

impl Process<Job> for Manager {
    fn start(&mut self, ctx: &mut Context<'_, Job>) {
        if self.store.attempt < FIRST {
            self.begin_attempt(ctx);
            let first = self.params.first.map(|first| ctx.load("first", 1, &first));
            self.await_checkpoint(first.unwrap_or(self.params.interval), ctx);
        } else {
            self.send_back(ctx);
        }
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Job>) {
        let mine = self.store.attempt;
        match message {
            Message::Hello => match &self.phase {
                Phase::Restoring(missing) if missing.contains(&from) => {
                    ctx.send(from, Message::Restore { attempt: mine, checkpoint: self.store.complete });
                }
                _ => self.send_back(ctx),
            },
            Message::Broken { attempt } if attempt == mine => self.send_back(ctx),
            Message::Restored { attempt } if attempt == mine => self.restored(from, ctx),
            Message::Taken { attempt, checkpoint, at_end } if attempt == mine => {
                self.taken(from, checkpoint, at_end, ctx);
            }
            Message::Done { attempt } if attempt == mine => {
                if let Phase::Ending(missing) = &mut self.phase {
                    missing.remove(&from);
                    if missing.is_empty() {
                        self.enter(Phase::Ending(BTreeSet::new()), ctx);
                    }
                }
            }
            _ => {}
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Job>) {
        match timer {
            Timer::Checkpoint => self.checkpoint(ctx),
            Timer::Unanswered => self.unanswered(ctx),
            _ => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.version("attempt", self.store.attempt);
        facts.count("checkpoints", self.store.complete as usize, None);
        match &self.phase {
            Phase::Restoring(missing) => tell_awaited(facts, "not restored yet", missing),
            Phase::Running(Some(under_way)) => {
                facts.operation("takes checkpoint", under_way.id.to_string());
                tell_awaited(facts, "waits for", &under_way.missing);
            }
            Phase::Running(None) => {}
            Phase::Ending(missing) => tell_awaited(facts, "not ended yet", missing),
        }
    }
}
