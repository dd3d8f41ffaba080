//! What source, operator and sink have in common: they belong to an attempt, and ask for it when
//! they have lost it.

use crate::process::{Context, TimerId, Value};
use crate::time::Span;

use super::{Job, MANAGER, Message, Store, Timer, Write};

/// A task's part in the job.
#[derive(Clone, Debug)]
pub(super) struct Task {
    every: Span,
    /// What is on this task's disk.
    pub(super) store: Store,
    /// The attempt that it belongs to; `None` after a restart, until it is told.
    attempt: Option<u32>,
    /// The newest checkpoint that it has written its part of.
    pub(super) recorded: u32,
    /// It waits for the manager.
    unheard: Option<TimerId>,
    /// Something that was sent to it does not come.
    missing: Option<TimerId>,
}

/// The attempt that everybody begins with, without being told.
pub(super) const FIRST: u32 = 1;

impl Task {
    pub(super) fn new(every: Span, store: Store) -> Task {
        let attempt = (!store.began).then_some(FIRST);
        Task { every, store, attempt, recorded: 0, unheard: None, missing: None }
    }

    pub(super) fn start(&mut self, ctx: &mut Context<'_, Job>) {
        if self.attempt.is_some() {
            self.store.keep(Write::Began, ctx);
        } else {
            self.ask(Message::Hello, ctx);
        }
    }

    /// Tells the manager, and sets the timer after which it is told again.
    pub(super) fn ask(&mut self, message: Message, ctx: &mut Context<'_, Job>) {
        self.heard(ctx);
        ctx.send(MANAGER, message);
        self.unheard = Some(ctx.set_timer(self.every, Timer::Unheard));
    }

    /// The manager has answered.
    pub(super) fn heard(&mut self, ctx: &mut Context<'_, Job>) {
        ctx.cancel_timer(self.unheard.take());
    }

    /// The manager has not answered: it is asked again. A source waits for two things, the others
    /// for one.
    pub(super) fn unheard(&mut self, ctx: &mut Context<'_, Job>) {
        match self.attempt {
            None => self.ask(Message::Hello, ctx),
            Some(attempt) => self.ask(Message::Restored { attempt }, ctx),
        }
    }

    /// Whether words of this attempt are for this life of the task.
    pub(super) fn is_in(&self, attempt: u32) -> bool {
        self.attempt == Some(attempt)
    }

    /// Step 6: whether to go back, which the task has not done yet. It begins by throwing away what
    /// was written for checkpoints beyond.
    pub(super) fn restores(&mut self, attempt: u32, checkpoint: u32, ctx: &mut Context<'_, Job>) -> bool {
        if self.attempt >= Some(attempt) {
            return false;
        }
        self.heard(ctx);
        self.miss(false, ctx);
        self.attempt = Some(attempt);
        self.recorded = checkpoint;
        self.store.keep(Write::SetBack(checkpoint), ctx);
        ctx.note("restored", Value::Number(i64::from(checkpoint)), String::new);
        ctx.crash_point_for("restored", checkpoint);
        true
    }

    /// Tells the manager that the task has gone back; not, if a newer attempt has begun since.
    pub(super) fn has_restored(&self, attempt: u32, ctx: &mut Context<'_, Job>) {
        if self.is_in(attempt) {
            ctx.send(MANAGER, Message::Restored { attempt });
        }
    }

    /// Steps 2 to 4, in part: writes down what there is as a barrier passes.
    pub(super) fn record(&mut self, checkpoint: u32, write: Write, ctx: &mut Context<'_, Job>) {
        self.recorded = checkpoint;
        ctx.note("snapshot", Value::Number(i64::from(checkpoint)), String::new);
        self.store.keep(write, ctx);
        ctx.crash_point_for("recorded", checkpoint);
    }

    /// Step 5: tells the manager that it is written.
    pub(super) fn acknowledge(&self, checkpoint: u32, at_end: bool, ctx: &mut Context<'_, Job>) {
        if let Some(attempt) = self.attempt {
            ctx.send(MANAGER, Message::Taken { attempt, checkpoint, at_end });
            ctx.crash_point_for("acknowledged", checkpoint);
        }
    }

    /// A checkpoint is complete. If it was the last, the manager hears that it is known.
    pub(super) fn complete(&mut self, checkpoint: u32, last: bool, ctx: &mut Context<'_, Job>) {
        if self.is_news(checkpoint) {
            self.store.keep(Write::Complete(checkpoint), ctx);
        }
        if let (true, Some(attempt)) = (last, self.attempt) {
            ctx.send(MANAGER, Message::Done { attempt });
        }
    }

    /// Whether the task does not know yet that this checkpoint is complete.
    pub(super) fn is_news(&self, checkpoint: u32) -> bool {
        checkpoint > self.store.complete
    }

    /// Sets the timer for what is missing, or takes it back.
    pub(super) fn miss(&mut self, has_gap: bool, ctx: &mut Context<'_, Job>) {
        match (has_gap, self.missing) {
            (true, None) => self.missing = Some(ctx.set_timer(self.every, Timer::Missing)),
            (false, Some(timer)) => {
                ctx.cancel_timer(timer);
                self.missing = None;
            }
            _ => {}
        }
    }

    /// What is missing has not come: the attempt is broken. It is said again until there is a new
    /// one.
    pub(super) fn still_missing(&mut self, ctx: &mut Context<'_, Job>) {
        if let Some(attempt) = self.attempt {
            ctx.send(MANAGER, Message::Broken { attempt });
            self.missing = Some(ctx.set_timer(self.every, Timer::Missing));
        }
    }
}
