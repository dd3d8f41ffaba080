//! A link that neither loses nor reorders, over a network that may do both: numbers, and patience.
//!
//! What flows over it is numbered from 1 in every attempt. The receiver takes the numbers in their
//! order, and one that it has already is dropped. Nothing is sent twice: a number that stays away
//! ends the attempt, as a broken TCP connection ends a stream job's.

use std::collections::BTreeMap;

use crate::process::{Context, NodeId};

use super::{Item, Job, Message};

/// The sender's end.
#[derive(Clone, Debug, Default)]
pub(super) struct Outgoing {
    attempt: u32,
    sent: u32,
}

impl Outgoing {
    pub(super) fn new(attempt: u32) -> Outgoing {
        Outgoing { attempt, sent: 0 }
    }

    pub(super) fn send(&mut self, to: NodeId, item: Item, ctx: &mut Context<'_, Job>) {
        self.sent += 1;
        ctx.send(to, Message::Flow { attempt: self.attempt, nth: self.sent, item });
    }
}

/// The receiver's end.
#[derive(Clone, Debug, Default)]
pub(super) struct Incoming {
    taken: u32,
    early: BTreeMap<u32, Item>,
}

impl Incoming {
    /// Something has come, and perhaps before its turn.
    pub(super) fn accept(&mut self, nth: u32, item: Item) {
        if nth > self.taken {
            self.early.insert(nth, item);
        }
    }

    /// What is next, if it has come.
    pub(super) fn next(&mut self) -> Option<Item> {
        let item = self.early.remove(&(self.taken + 1))?;
        self.taken += 1;
        Some(item)
    }

    /// Whether something has come that waits for what was sent before it.
    pub(super) fn has_gap(&self) -> bool {
        self.early.first_key_value().is_some_and(|(&nth, _)| nth > self.taken + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_early_waits_and_what_comes_again_is_dropped() {
        let mut incoming = Incoming::default();
        let mut taken = Vec::new();
        for (nth, gap) in [(2, true), (1, false), (1, false), (4, true), (4, true), (3, false), (2, false)] {
            incoming.accept(nth, Item::Record(nth));
            taken.extend(std::iter::from_fn(|| incoming.next()));
            assert_eq!(incoming.has_gap(), gap, "after {nth}");
        }
        assert_eq!(taken, [1, 2, 3, 4].map(Item::Record));
    }
}
