//! The journal of a client: which orders were taken, and which of them are still open. It survives
//! a crash.

use crate::problems::prelude::*;
use std::collections::BTreeSet;

/// What a client keeps over a crash.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    /// The numbers that are used up: 1 to this one.
    pub(super) taken: u32,
    /// Those of them that the client must still see charged.
    pub(super) open: BTreeSet<u32>,
}

/// One change of the journal.
#[derive(Clone, Debug, Serialize)]
pub(super) enum JournalWrite {
    /// An order was taken that the client will not come back to.
    Taken(u32),
    /// An order was taken, and is open until the client knows that it is charged.
    Opened(u32),
    /// An order is done with.
    Closed(u32),
    /// A number was used up, for an order that is not in the journal yet.
    Numbered(u32),
}

words!(JournalWrite {
    Taken(order) => "order {order} taken";
    Opened(order) => "order {order} taken and open";
    Closed(order) => "order {order} closed";
    Numbered(order) => "number {order} used up";
});

impl Disk for Journal {
    type Write = JournalWrite;

    fn write(&mut self, write: JournalWrite) {
        match write {
            JournalWrite::Numbered(order) | JournalWrite::Taken(order) => self.taken = self.taken.max(order),
            JournalWrite::Opened(order) => {
                self.taken = self.taken.max(order);
                self.open.insert(order);
            }
            JournalWrite::Closed(order) => {
                self.open.remove(&order);
            }
        }
    }
}
