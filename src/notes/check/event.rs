//! What events say of their days, each by itself and beside the others.

use super::super::{Kind, Note, event, front};
use super::Checking;

impl<'b> Checking<'b> {
    /// Events of the same number, or whose days are in another order than their numbers. Of two
    /// that are checked, the later is at fault.
    pub(super) fn events(&mut self, notes: &[&'b Note]) {
        let is_checked = |note: &Note| notes.iter().any(|checked| checked.path == note.path);
        let place = |note: &'b Note| (note.front.number, &note.path);
        let events: Vec<&Note> = self.book.notes.iter().filter(|note| note.front.kind == Kind::Event).collect();
        for event in events.iter().copied().filter(|event| is_checked(event)) {
            let is_before = |other: &&&'b Note| !is_checked(other) || place(other) < place(event);
            let others: Vec<&Note> = events.iter().filter(is_before).copied().collect();
            if let Some((key, wrong)) = event::contradiction(event, &others) {
                let place = (&event.source, front::place_of(&event.source.text, key));
                if key == "summary" { self.add_misleading(place, wrong) } else { self.add(place, wrong) }
            }
            for (key, time) in [("time", event.front.time), ("until", event.front.until)] {
                let exists =
                    event.front.date.zip(time).map(|(date, time)| event::exists(&self.book.meetup, date, time));
                if let Some(Err(wrong)) = exists {
                    self.add_misleading((&event.source, front::place_of(&event.source.text, key)), wrong);
                }
            }
        }
    }
}
