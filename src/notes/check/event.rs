//! What events say of their days, each by itself and beside the others.

use super::super::link::{self, Target};
use super::super::parse::Link;
use super::super::{Fault, Kind, Note, event, front, named, parse};
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
            for (key, wrong) in event::contradictions(event, &others) {
                self.add((&event.source, front::place_of(&event.source.text, key)), wrong);
            }
            self.days(event);
            self.times(event);
            self.link(event);
        }
    }

    /// The link of an event that readers see leads to its page, and not to that of the example.
    fn link(&mut self, event: &'b Note) {
        let is_open = event.front.link.as_deref().is_some_and(event::is_open_link);
        if is_open && !event.front.is_draft {
            let help = "write the address of the event's page, or leave `link` out".to_owned();
            let place = (&event.source, front::place_of(&event.source.text, "link"));
            self.add_misleading(place, ("this link is still open: it is the example's".to_owned(), help));
        }
    }

    /// The times of an event are times of its day, and each is one.
    fn times(&mut self, event: &'b Note) {
        let Some(date) = event.front.date else { return };
        let meetup = &self.book.meetup;
        for (key, time) in [("time", event.front.time), ("until", event.front.until)] {
            let Some(time) = time else { continue };
            let place = front::place_of(&event.source.text, key);
            if let Err(wrong) = event::exists(meetup, date, time) {
                self.add_misleading((&event.source, place), wrong);
            } else if let Some((message, help)) = event::is_twice(meetup, date, time) {
                self.notices.push(Fault::new(&event.source, place, message, help));
            }
        }
    }

    /// The days that an event names: its own, in its summary and where its text begins.
    fn days(&mut self, event: &'b Note) {
        let Some(date) = event.front.date else { return };
        let text = &event.source.text;
        if let Some((_, wrong)) = event::another_day("the summary", &event.front.summary, date) {
            self.add_misleading((&event.source, front::place_of(text, "summary")), wrong);
        }
        let opening = event::opening(event);
        if let Some((span, wrong)) = event::another_day("the text", &text[opening.clone()], date) {
            self.add_misleading((&event.source, span.start + opening.start..span.end + opening.start), wrong);
        }
    }

    /// Days that a note writes with another weekday than theirs. One without a year is in that of
    /// the event.
    pub(super) fn weekdays(&mut self, note: &'b Note) {
        let of_event = note.front.date.map(|date| date.parts().0);
        let shown = parse::without_code(&note.source.text);
        for named in named::named_in(&shown) {
            let Some(year) = of_event.or(named.is_whole().then_some(0)) else { continue };
            let Some(date) = named.date(year).filter(|_| named.is_on_another_weekday(year)) else { continue };
            let message = format!("{} is a {}", date.in_words(), date.weekday());
            let wrong = (message, "write its weekday, or another day".to_owned());
            self.add_misleading((&note.source, named.span), wrong);
        }
    }

    /// A list of runs that is meant as a playlist, in an event or under a heading that is nearly
    /// that of one.
    pub(super) fn playlist(&mut self, note: &'b Note) {
        if note.demos(self.book.library).next().is_some() {
            return;
        }
        let heading_of = |link: &Link| {
            let before = note.parsed.headings.iter().filter(|heading| heading.span.start < link.span.start);
            before.max_by_key(|heading| heading.span.start).map_or("", |heading| heading.text.trim())
        };
        let is_meant = |link: &&Link| note.front.kind == Kind::Event || is_nearly_demos(heading_of(link));
        let is_run =
            |link: &&Link| matches!(link::resolve(self.book.library, &note.path, &link.url), Ok(Target::Run(_)));
        let listed = note.parsed.links.iter().filter(|link| link.is_listed && !link.is_image);
        let Some(first) = listed.filter(is_meant).find(is_run) else { return };
        let help = "a playlist is a numbered list, `1.`, under the heading `## Demos`, in this word";
        let message = "this is a list of runs, but no playlist";
        self.notices.push(Fault::new(&note.source, first.span.clone(), message, help));
    }
}

/// Whether a heading is one of demos in other words, or in those of another language.
fn is_nearly_demos(heading: &str) -> bool {
    let small = heading.to_lowercase();
    ["demo", "démo"].iter().any(|begin| small.starts_with(begin))
}
