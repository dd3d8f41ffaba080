//! The note of the next event, from the template.

use std::collections::BTreeMap;

use crate::library::Library;

use super::date::Date;
use super::link::Wrong;
use super::{Book, Kind, Note, TEMPLATE};

/// What is known of an event before it takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its number.
    pub number: u32,
    /// Its day.
    pub date: Date,
    /// Its title.
    pub title: String,
    /// Its place: `virtual`, or where.
    pub place: String,
}

/// What the template leaves open.
const OPEN: [&str; 5] = ["title", "number", "date", "place", "summary"];

/// What stands in a note's front matter instead of a text.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// What stands in a note's body instead of a text: the same words, whatever Markdown would make of
/// them.
fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for (at, c) in text.char_indices() {
        if "\\`*_[]<>&|~#".contains(c) || (at == 0 && "-+=".contains(c)) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// What a template fails to name.
pub(super) fn missing(template: &str) -> impl Iterator<Item = &'static str> {
    OPEN.into_iter().filter(move |key| !template.contains(&format!("{{{{{key}}}}}")))
}

impl Next {
    /// The file's name.
    pub fn file_name(&self) -> String {
        format!("{:02}.md", self.number)
    }

    /// What is wrong with it, seen from the events that have been.
    ///
    /// # Errors
    ///
    /// A sentence, and what to do.
    pub fn check(&self, book: &Book<'_>) -> Result<(), (String, String)> {
        if self.title.trim().is_empty() || self.title.contains(char::is_control) {
            return Err(("the title is no text in one line".to_owned(), "give it with `--title`".to_owned()));
        }
        if self.place.trim().is_empty() || self.place.contains(char::is_control) {
            return Err(("the place is no text in one line".to_owned(), "give it with `--place`".to_owned()));
        }
        let events = || book.notes.iter().filter(|note| note.front.kind == Kind::Event);
        if let Some(same) = events().find(|note| note.front.number == Some(self.number)) {
            let message = format!("event {} is `{}`", self.number, same.source.origin);
            return Err((message, format!("the next number is {}", next_number(book))));
        }
        if let Some(same) = events().find(|note| note.front.date == Some(self.date)) {
            return Err((
                format!("there is an event on {} already, `{}`", self.date, same.source.origin),
                String::new(),
            ));
        }
        match out_of_order(self.number, self.date, events()) {
            Some((how, help)) => Err((format!("event {} would be on {}, {how}", self.number, self.date), help)),
            None => Ok(()),
        }
    }

    /// The note.
    ///
    /// # Errors
    ///
    /// When the library has no template.
    pub fn note(&self, library: &Library) -> Result<String, String> {
        let file = library.file(TEMPLATE).ok_or_else(|| format!("the library has no `{TEMPLATE}`"))?;
        let summary = format!("{}, on {}.", self.place, self.date.in_words());
        let summary = summary[..1].to_uppercase() + &summary[1..];
        let (number, date) = (self.number.to_string(), self.date.to_string());
        let text = file.text();
        let (front, body) = super::front::split(&text).map_or(("", &*text), |(_, rest)| text.split_at(rest));
        let fill = |part: &str, in_toml: bool| {
            let value = |text: &str| if in_toml { quoted(text) } else { plain(text) };
            filled(part, &|key| match key {
                "title" => Some(value(&self.title)),
                "number" => Some(number.clone()),
                "date" => Some(date.clone()),
                "place" => Some(value(&self.place)),
                "summary" => Some(value(&summary)),
                _ => None,
            })
        };
        Ok(fill(front, true) + &fill(body, false))
    }
}

/// How an event's day contradicts the order of the events' numbers, if it does, and the day of the
/// other.
fn out_of_order<'n>(number: u32, date: Date, others: impl Iterator<Item = &'n Note>) -> Option<Wrong> {
    let days: BTreeMap<u32, Date> =
        others.filter_map(|note| Some((note.front.number?, note.front.date?))).filter(|&(n, _)| n != number).collect();
    if let Some((before, day)) = days.range(..number).next_back().filter(|&(_, &day)| day > date) {
        return Some(("before the one that precedes it".to_owned(), format!("event {before} is on {day}")));
    }
    let (after, day) = days.range(number..).next().filter(|&(_, &day)| day < date)?;
    Some(("after the one that follows it".to_owned(), format!("event {after} is on {day}")))
}

/// How an event contradicts those of `others`, if it does: the key of its front matter that does,
/// what is wrong, and how to mend it.
pub(super) fn contradiction(note: &Note, others: &[&Note]) -> Option<(&'static str, Wrong)> {
    let number = note.front.number?;
    if let Some(same) = others.iter().find(|other| other.front.number == Some(number)) {
        let message = format!("event {number} is `{}`", same.source.origin);
        return Some(("number", (message, "give each event a number of its own".to_owned())));
    }
    let date = note.front.date?;
    let (how, help) = out_of_order(number, date, others.iter().copied())?;
    Some(("date", (format!("event {number} is on {date}, {how}"), help)))
}

/// A text with its open places filled, in one pass: a value that looks like an open place stays as
/// it is, and so does a place for which there is no value.
pub(super) fn filled(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, open, after)) = next_open(rest) {
        out.push_str(before);
        match value(open) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[before.len()..rest.len() - after.len()]),
        }
        rest = after;
    }
    out + rest
}

/// What stands in the open places of a text: `title` for `{{title}}`.
pub(super) fn open(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, open, after) = next_open(rest)?;
        rest = after;
        Some(open)
    })
}

/// The first open place of a text, within a line: what is before it, in it, and after it.
fn next_open(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("{{").map(|at| from + at) {
        let inside = &text[at + 2..];
        let end = inside.find("}}").filter(|&end| !inside[..end].contains(['\n', '{']));
        if let Some(end) = end {
            return Some((&text[..at], inside[..end].trim(), &inside[end + 2..]));
        }
        from = at + 1;
    }
    None
}

/// The number of the next event.
pub fn next_number(book: &Book<'_>) -> u32 {
    book.notes
        .iter()
        .filter_map(|note| note.front.number)
        .max()
        .map_or(book.meetup.events.first, |last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::SHIPPED;

    /// The template, and three events of our own: what ships grows by one a month.
    fn three_events() -> Library {
        let template = Library::shipped().file(TEMPLATE).unwrap().text().into_owned();
        let days = [(1, "2023-04-06"), (2, "2023-05-10"), (3, "2023-08-14")];
        days.into_iter().fold(Library::empty(SHIPPED).with_file(TEMPLATE, &template), |library, (number, day)| {
            let front = format!("title = \"T\"\nkind = \"event\"\nsummary = \"S.\"\nnumber = {number}\ndate = {day}");
            let text = format!("+++\n{front}\nplace = \"virtual\"\n+++\n\n# T\n");
            library.with_file(&format!("notes/events/{number:02}.md"), &text)
        })
    }

    #[test]
    fn the_template_makes_a_sound_note() {
        let library = three_events();
        let book = Book::read(&library);
        let next = Next {
            number: next_number(&book),
            date: "2023-09-30".parse().unwrap(),
            title: "Chat \"04\" {{date}} <b>".to_owned(),
            place: "virtual".to_owned(),
        };
        assert_eq!((next.number, next.check(&book)), (4, Ok(())));
        assert_eq!(next.file_name(), "04.md");
        let text = next.note(&library).unwrap();
        let source = std::sync::Arc::new(super::super::Source { origin: "04.md".to_owned(), text });
        let (front, faults) = super::super::front::read("04", &source);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(
            (front.title.as_str(), front.summary.as_str()),
            ("Chat \"04\" {{date}} <b>", "Virtual, on 30 September 2023.")
        );
        let parsed = super::super::parse::parse(&source.text);
        assert_eq!(parsed.headings[0].text, front.title);
        assert!(parsed.dropped.is_empty());
        assert_eq!(parsed.links.iter().filter(|link| link.is_demo).count(), 2);
    }

    #[test]
    fn events_that_cannot_be_are_refused() {
        let library = three_events();
        let book = Book::read(&library);
        let check = |number, date: &str, expect: &str| {
            let next = Next { number, date: date.parse().unwrap(), title: "T".to_owned(), place: "p".to_owned() };
            assert_eq!(next.check(&book).map_err(|(message, _)| message), Err(expect.to_owned()));
        };
        check(3, "2023-12-01", "event 3 is `notes/events/03.md`");
        check(4, "2023-08-14", "there is an event on 2023-08-14 already, `notes/events/03.md`");
        check(4, "2023-08-13", "event 4 would be on 2023-08-13, before the one that precedes it");
        check(0, "2023-04-07", "event 0 would be on 2023-04-07, after the one that follows it");
    }
}
