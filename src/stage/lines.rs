//! Work that tells how far it is, in lines of JSON: sweeps, searches, walls of seeds and the judge
//! of challenges.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

/// How long the last mention is good for: progress is told no more often.
const MENTION: Duration = Duration::from_millis(50);

/// Who waits for work, and hears of it while it goes on.
pub trait Listener: Sync {
    /// Whether the work is still wanted.
    fn waits(&self) -> bool;

    /// What their clock shows: the time since some moment that stays the same.
    fn clock(&self) -> Duration;

    /// Hears a line of JSON, with the sign that ends it.
    fn hear(&self, line: Vec<u8>);

    /// Whether they have read what they heard. Until then nothing is mentioned.
    fn keeps_up(&self) -> bool {
        true
    }
}

/// Where work tells how far it is.
pub(super) struct Lines<'l> {
    listener: &'l dyn Listener,
    /// When something was last mentioned.
    mentioned: Mutex<Option<Duration>>,
}

impl<'l> Lines<'l> {
    pub(super) fn to(listener: &'l dyn Listener) -> Lines<'l> {
        Lines { listener, mentioned: Mutex::default() }
    }

    /// Tells one thing. Whether to go on.
    pub(super) fn tell(&self, line: &impl Serialize) -> ControlFlow<()> {
        self.end(line);
        self.goes_on()
    }

    /// Tells one thing now and then: for what the next thing of its kind makes worthless. Whether
    /// to go on.
    pub(super) fn mention<L: Serialize>(&self, line: impl FnOnce() -> L) -> ControlFlow<()> {
        if self.is_to_mention() {
            self.end(&line());
        }
        self.goes_on()
    }

    fn is_to_mention(&self) -> bool {
        let mut last = self.mentioned.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock();
        let is_due = last.is_none_or(|last| now.saturating_sub(last) >= MENTION) && self.listener.keeps_up();
        if is_due {
            *last = Some(now);
        }
        is_due
    }

    /// Tells the last thing.
    pub(super) fn end(&self, line: &impl Serialize) {
        self.listener.hear(written(line));
    }

    /// Whether the work is still wanted.
    pub(super) fn is_wanted(&self) -> bool {
        self.listener.waits()
    }

    /// The same, as those ask who look into a run.
    pub(super) fn goes_on(&self) -> ControlFlow<()> {
        if self.is_wanted() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// The time since some moment that stays the same.
    pub(super) fn clock(&self) -> Duration {
        self.listener.clock()
    }
}

/// A line of JSON, with the sign that ends it.
pub(super) fn written(line: &impl Serialize) -> Vec<u8> {
    // None of our types fails to be written.
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    text
}
