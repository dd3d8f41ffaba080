//! What happened in a moment, held until the moment is over: only then is it known what the clocks
//! show in it.

use crate::time::Time;

/// Things that happened in the last moment.
#[derive(Debug)]
pub(super) struct Held<T> {
    at: Time,
    things: Vec<T>,
}

impl<T> Default for Held<T> {
    fn default() -> Held<T> {
        Held { at: Time::ZERO, things: Vec::new() }
    }
}

impl<T> Held<T> {
    /// Holds one more thing. What was held must be of the same moment: see [`Held::before`].
    pub(super) fn push(&mut self, at: Time, thing: T) {
        self.at = at;
        self.things.push(thing);
    }

    /// What was held of a moment before `now`, in order; `None` if the moment is not over.
    pub(super) fn before(&mut self, now: Time) -> Vec<T> {
        if self.at < now { self.all() } else { Vec::new() }
    }

    /// All that was held, in order.
    pub(super) fn all(&mut self) -> Vec<T> {
        std::mem::take(&mut self.things)
    }
}
