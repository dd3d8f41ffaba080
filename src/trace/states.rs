//! States that belong to events, for runs that somebody looks at.

use std::ops::Range;

use crate::process::facts::Fact;

use super::EventId;

/// What nodes knew after the events that changed it, held in one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    facts: Vec<Fact>,
    rows: Vec<(EventId, Range<usize>)>,
}

impl States {
    /// The state of the event's node after it, if the event changed it.
    pub fn of(&self, event: EventId) -> Option<&[Fact]> {
        let row = self.rows.binary_search_by_key(&event, |&(id, _)| id).ok()?;
        self.facts.get(self.rows[row].1.clone())
    }

    /// Adds the state after an event that comes after all that have one.
    pub(crate) fn push(&mut self, event: EventId, facts: &[Fact]) {
        let start = self.facts.len();
        self.facts.extend_from_slice(facts);
        self.rows.push((event, start..self.facts.len()));
    }

    pub(super) fn clear(&mut self) {
        self.facts.clear();
        self.rows.clear();
    }
}
