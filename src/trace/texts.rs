//! Words that belong to events: those of messages and notes, for runs that somebody looks at.

use std::ops::Range;

use super::EventId;

/// Texts that belong to events, held in one string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    rows: Vec<(EventId, Range<u32>)>,
}

impl Texts {
    /// The text of `event`, if it has one.
    pub fn of(&self, event: EventId) -> Option<&str> {
        let row = self.rows.binary_search_by_key(&event, |&(id, _)| id).ok()?;
        let Range { start, end } = self.rows[row].1;
        self.text.get(start as usize..end as usize)
    }

    /// Adds the text of an event that comes after all that have one. An empty text is no text.
    pub(crate) fn push(&mut self, event: EventId, text: &impl std::fmt::Display) {
        use std::fmt::Write;
        let start = self.text.len();
        // Writing to a string cannot fail; a `Display` that claims so leaves what it wrote.
        let _ = write!(self.text, "{text}");
        if self.text.len() > start {
            let range = start.min(u32::MAX as usize) as u32..self.text.len().min(u32::MAX as usize) as u32;
            self.rows.push((event, range));
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
    }
}
