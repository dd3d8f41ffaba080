//! The note of the next event, from the template.

use std::collections::BTreeMap;

use crate::library::{Library, Story};

use super::date::Date;
use super::link::Wrong;
use super::meetup::Meetup;
use super::when::TimeOfDay;
use super::zone::Meaning;
use super::{Book, Kind, Note, TEMPLATE, front, link, named, open, parse};

/// The template of a library that has none of its own.
pub const PLAIN_TEMPLATE: &str = include_str!("event.md");

/// What is known of an event before it takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its day.
    pub date: Option<Date>,
    /// When it begins.
    pub time: Option<TimeOfDay>,
    /// When it ends.
    pub until: Option<TimeOfDay>,
    /// How long it lasts, if that is said instead.
    pub duration: Option<String>,
    /// Its place: `virtual`, or where.
    pub place: Option<String>,
    /// Its page elsewhere.
    pub link: Option<String>,
    /// The scenarios that are shown, in order, each with its title.
    pub demos: Vec<(Story, String)>,
    /// Whether it is to be a draft, whatever is known.
    pub is_draft: bool,
}

/// The note of an event, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// The keys of its front matter that are not known yet.
    pub unknown: Vec<&'static str>,
    /// What stands in the places that are still open.
    pub open: Vec<String>,
    /// Whether it is a draft: because it is to be one, or since readers cannot do without what is
    /// not known.
    pub is_draft: bool,
}

/// What a template must name, since no event is without it.
const NEEDED: [&str; 3] = ["title", "number", "date"];

/// The keys of the front matter that a template may leave open, each with what stands in a comment
/// as long as it is not known.
const OPTIONAL: [(&str, &str); 6] = [
    ("date", "2030-12-31"),
    ("time", "\"18:30\""),
    ("until", "\"20:30\""),
    ("duration", "\"2h\""),
    ("place", "\"virtual\""),
    ("link", "\"https://example.org/event\""),
];

/// Whether the link of an event is the one that stands in its place as long as none is known.
pub(super) fn is_open_link(link: &str) -> bool {
    OPTIONAL.iter().any(|(key, example)| *key == "link" && example.trim_matches('"') == link)
}

/// What stands in a note's front matter instead of a text.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// What stands in a note's body instead of a text: the same words, whatever Markdown would make of
/// them.
pub(crate) fn plain(text: &str) -> String {
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
    NEEDED.into_iter().filter(move |key| open::words(template).all(|named| named != *key))
}

/// The text of the library's template.
pub fn template(library: &Library) -> String {
    library.file(TEMPLATE).map_or_else(|| PLAIN_TEMPLATE.to_owned(), |file| file.text().replace("\r\n", "\n"))
}

impl Next {
    /// What is wrong with it, seen from the events that have been.
    ///
    /// # Errors
    ///
    /// A sentence, and what to do.
    pub fn check(&self, book: &Book<'_>) -> Result<(), Wrong> {
        for (what, text) in [("title", Some(&self.title)), ("place", self.place.as_ref())] {
            if text.is_some_and(|text| text.trim().is_empty() || text.contains(char::is_control)) {
                return Err((format!("the {what} is no text in one line"), format!("give it with `--{what}`")));
            }
        }
        self.link.as_deref().map_or(Ok(()), link::web)?;
        self.duration.as_deref().map_or(Ok(()), |text| front::duration(text).map(drop))?;
        self.times(book)?;
        self.order(book)
    }

    /// The times of day must be.
    fn times(&self, book: &Book<'_>) -> Result<(), Wrong> {
        if let Some(what) = self
            .time
            .is_none()
            .then(|| self.until.map(|_| "until").or(self.duration.as_ref().map(|_| "duration")))
            .flatten()
        {
            return Err((format!("`--{what}` says nothing without `--time`"), "say when it begins".to_owned()));
        }
        if let Some((time, until)) = self.time.zip(self.until).filter(|(time, until)| until <= time) {
            let help = "an event that goes on after midnight has a `--duration`".to_owned();
            return Err((format!("it would end at {until}, and {until} is not after {time}"), help));
        }
        let Some(date) = self.date else { return Ok(()) };
        let mut times = self.time.into_iter().chain(self.until);
        times.try_for_each(|time| exists(&book.meetup, date, time))
    }

    /// The number and the day must fit those of the other events.
    fn order(&self, book: &Book<'_>) -> Result<(), Wrong> {
        let events = || book.notes.iter().filter(|note| note.front.kind == Kind::Event);
        if let Some(same) = events().find(|note| note.front.number == Some(self.number)) {
            let message = format!("event {} is `{}`", self.number, same.source.origin);
            let origin = &same.source.origin;
            let draft = format!("it is a draft: fill that in, or delete `{origin}` first; ");
            let draft = if same.front.is_draft { draft } else { String::new() };
            return Err((message, format!("{draft}the next number is {}", next_number(book))));
        }
        let Some(date) = self.date else { return Ok(()) };
        if let Some(same) = on_the_same_day(date, self.time, events()) {
            let help = "a second one on that day has another `--time`, and the first says its own".to_owned();
            return Err((format!("there is an event on {date} already, `{}`", same.source.origin), help));
        }
        match out_of_order(self.number, date, events()) {
            Some((how, help)) => Err((format!("event {} would be on {date}, {how}", self.number), help)),
            None => Ok(()),
        }
    }

    /// The note, from a template.
    ///
    /// # Errors
    ///
    /// When something is known for which the template has no place.
    pub fn note(&self, template: &str, meetup: &Meetup) -> Result<Written, Wrong> {
        let named: Vec<&str> = open::words(template).collect();
        let lost = |key: &&str| self.value(key, meetup).is_some() && !named.contains(key);
        if let Some(lost) = ["time", "until", "duration", "place", "link", "demos"].into_iter().find(lost) {
            let flag = if lost == "demos" { "demo" } else { lost };
            let help = format!("put `{{{{{lost}}}}}` into `{TEMPLATE}`, or leave `--{flag}` out");
            return Err((format!("the template has no `{{{{{lost}}}}}`"), help));
        }
        let (head, body) = front::split(template).map_or(("", template), |(_, rest)| template.split_at(rest));
        let head: String = head.split_inclusive('\n').map(|line| self.line(line, meetup)).collect();
        let body = if self.demos.is_empty() { without_section(body, "demos") } else { body.to_owned() };
        let body = open::filled(&body, &|key| {
            let value = self.value(key, meetup)?;
            Some(if key == "demos" { value } else { plain(&value) })
        });
        let mut text = head + &body;
        let unknown = OPTIONAL.map(|(key, _)| key).into_iter().filter(|key| named.contains(key));
        let unknown: Vec<&str> = unknown.filter(|key| self.value(key, meetup).is_none()).collect();
        let open = left_words(&text);
        let is_draft = self.is_draft || self.date.is_none() || self.place.is_none() || !open.is_empty();
        if is_draft && front::place_of(&text, "draft") == (0..0) {
            let end = front::split(&text).map_or(0, |(place, _)| place.end);
            // As wide as the keys above it.
            let width = text.lines().find_map(|line| line.find('=')).map_or(0, |at| at.saturating_sub(1));
            text.insert_str(end, &format!("{:<width$} = true\n", "draft"));
        }
        // One of the two says when it ends.
        let has_end = self.until.is_some() || self.duration.is_some();
        let unknown = unknown.into_iter().filter(|key| *key != "until" && !(has_end && *key == "duration")).collect();
        Ok(Written { text, unknown, open, is_draft })
    }

    /// A line of the front matter. What is not known is a comment that says how to write it.
    fn line(&self, line: &str, meetup: &Meetup) -> String {
        let key = line.split('=').next().unwrap_or_default().trim();
        let has_end = self.until.is_some() || self.duration.is_some();
        match OPTIONAL.iter().find(|(optional, _)| *optional == key && self.value(key, meetup).is_none()) {
            Some(&("until" | "duration", _)) if has_end => String::new(),
            Some(&("until", _)) => String::new(),
            Some((_, example)) => format!("#{}= {example}\n", line.split('=').next().unwrap_or_default()),
            None => open::filled(line, &|key| self.value(key, meetup).map(|value| quoted(&value))),
        }
    }

    /// What is filled in for an open place.
    fn value(&self, key: &str, meetup: &Meetup) -> Option<String> {
        match key {
            "title" => Some(self.title.clone()),
            "number" => Some(self.number.to_string()),
            "date" => self.date.map(|date| date.to_string()),
            "day" => self.date.map(Date::in_words),
            "time" => self.time.map(|time| time.to_string()),
            "until" => self.until.map(|until| until.to_string()),
            "duration" => self.duration.clone(),
            "place" => self.place.clone(),
            "link" => self.link.clone(),
            "summary" => Some(capital(&format!("{}, on {}.", self.place.as_ref()?, self.date?.in_words()))),
            "demos" => (!self.demos.is_empty()).then(|| self.list_of_demos()),
            "name" => Some(meetup.name.clone()),
            "city" => meetup.city.clone(),
            _ => None,
        }
    }

    fn list_of_demos(&self) -> String {
        let row = |(index, (story, title)): (usize, &(Story, String))| {
            format!("{}. [{}](../../scenarios/{}.toml)", index + 1, plain(title), story.path())
        };
        self.demos.iter().enumerate().map(row).collect::<Vec<_>>().join("\n")
    }
}

/// The text with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A note's text without the section that has the open place of this name.
fn without_section(body: &str, name: &str) -> String {
    let place = format!("{{{{{name}}}}}");
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let Some(at) = lines.iter().position(|line| line.trim() == place) else { return body.to_owned() };
    let level = |line: &str| line.chars().take_while(|&c| c == '#').count();
    let begin = (0..at).rev().find(|&line| level(lines[line]) > 0).filter(|&line| level(lines[line]) > 1);
    let Some(begin) = begin else { return body.replacen(&place, "", 1) };
    let is_end = |&line: &usize| (1..=level(lines[begin])).contains(&level(lines[line]));
    let end = (at..lines.len()).find(is_end).unwrap_or(lines.len());
    let text = lines[..begin].concat() + &lines[end..].concat();
    text.trim_end().to_owned() + "\n"
}

/// Where a note has open places: in the values of its front matter and in its text, not in code.
pub(super) fn left(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut places = front::open_places(text);
    places.extend(parse::open_places(text));
    places
}

/// The open places that a note has, each once.
pub(super) fn left_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in left(text).into_iter().map(|place| text[place].to_owned()) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// That a time of day is one on that day.
///
/// # Errors
///
/// That clocks skip it, and what it would be.
pub fn exists(meetup: &Meetup, date: Date, time: TimeOfDay) -> Result<(), Wrong> {
    let Meaning::Skipped(moment) = meetup.zone.at(date, time) else { return Ok(()) };
    let (zone, day) = (meetup.zone.name(), date.in_words());
    let instead = moment.on_the_wall().map(|(_, time)| format!("clocks are set forward, over it: it would be {time}"));
    Err((format!("there is no {time} on {day} in `{zone}`"), instead.unwrap_or_default()))
}

/// That clocks show a time of day twice on that day, of which the first is meant.
pub(super) fn is_twice(meetup: &Meetup, date: Date, time: TimeOfDay) -> Option<Wrong> {
    let Meaning::Twice(first) = meetup.zone.at(date, time) else { return None };
    let day = date.in_words();
    let message = format!("clocks show {time} twice on {day}, when they are set back");
    Some((message, format!("the first is taken, at {}; a time that is not in doubt is better", first.rfc3339())))
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

/// How an event contradicts those of `others`: for each contradiction the key of its front matter,
/// what is wrong, and how to mend it.
pub(super) fn contradictions(note: &Note, others: &[&Note]) -> Vec<(&'static str, Wrong)> {
    let mut found = Vec::new();
    let Some(number) = note.front.number else { return found };
    let same = others.iter().find(|other| other.front.number == Some(number));
    if let Some(same) = same {
        let message = format!("event {number} is `{}`", same.source.origin);
        found.push(("number", (message, "give each event a number of its own".to_owned())));
    }
    let Some(date) = note.front.date else { return found };
    // An event whose number is another's has no place in their order.
    let order = || out_of_order(number, date, others.iter().copied());
    if let Some((how, help)) = same.is_none().then(order).flatten() {
        found.push(("date", (format!("event {number} is on {date}, {how}"), help)));
    }
    if let Some(same) = on_the_same_day(date, note.front.time, others.iter().copied()) {
        let message = format!("event {number} is on {date}, and so is `{}`", same.source.origin);
        found.push(("date", (message, "say for both at which `time` they begin, if that is meant".to_owned())));
    }
    found
}

/// Another day than the event's that a text names, if it does not name the event's own: where in
/// the text, what is wrong, and how to mend it.
pub(super) fn another_day(what: &str, text: &str, date: Date) -> Option<(std::ops::Range<usize>, Wrong)> {
    let named = named::named_in(text);
    let other = named.first().filter(|_| !named.iter().any(|named| named.is(date)))?;
    let shown = &text[other.span.clone()];
    let message = format!("{what} names {shown}, and the event is on {}", date.in_words());
    Some((other.span.clone(), (message, "was the event moved? Write its day".to_owned())))
}

/// Where the text of a note begins, up to the first blank line after its heading.
pub(super) fn opening(note: &Note) -> std::ops::Range<usize> {
    let text = &note.source.text;
    let heading = note.parsed.headings.first().map_or(0, |heading| heading.span.end);
    let rest = text.get(heading..).unwrap_or_default();
    let start = heading + (rest.len() - rest.trim_start().len());
    let end = text[start..].find("\n\n").map_or(text.len(), |at| start + at);
    if text[start..].starts_with(['#', '`', '+']) { start..start } else { start..end }
}

/// Another event of that day, unless both say at which time they begin, and it is not the same.
fn on_the_same_day<'n>(
    date: Date,
    time: Option<TimeOfDay>,
    mut others: impl Iterator<Item = &'n Note>,
) -> Option<&'n Note> {
    let is_apart = |other: &Note| time.is_some_and(|time| other.front.time.is_some_and(|it| it != time));
    others.find(|other| other.front.date == Some(date) && !is_apart(other))
}

/// The number of the next event.
pub fn next_number(book: &Book<'_>) -> u32 {
    let last = book.notes.iter().filter_map(|note| note.front.number).max();
    last.map_or(book.meetup.events.first, |last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Source;
    use super::*;
    use crate::problems::SHIPPED;

    /// Three events of our own: what ships grows by one a month.
    fn three_events() -> Library {
        let days = [(1, "2023-04-06"), (2, "2023-05-10"), (3, "2023-08-14")];
        days.into_iter().fold(Library::empty(SHIPPED), |library, (number, day)| {
            let front = format!("title = \"T\"\nkind = \"event\"\nsummary = \"S.\"\nnumber = {number}\ndate = {day}");
            let text = format!("+++\n{front}\nplace = \"virtual\"\n+++\n\n# T\n");
            library.with_file(&format!("notes/events/{number:02}.md"), &text)
        })
    }

    fn known(book: &Book<'_>) -> Next {
        Next {
            number: next_number(book),
            date: "2023-09-30".parse().ok(),
            time: "18:30".parse().ok(),
            duration: Some("90min".to_owned()),
            title: "Chat \"04\" {{date}} <b>".to_owned(),
            place: Some("virtual".to_owned()),
            link: Some("https://example.org".to_owned()),
            ..Next::default()
        }
    }

    #[test]
    fn templates_make_sound_notes() {
        let library = three_events();
        let book = Book::read(&library);
        for template in [template(&Library::shipped()), PLAIN_TEMPLATE.to_owned()] {
            let next = known(&book);
            assert_eq!((next.number, next.check(&book)), (4, Ok(())));
            let written = next.note(&template, &book.meetup).unwrap();
            // Braces of the title itself are not filled in: somebody has to look at them.
            assert_eq!((&*written.unknown, written.is_draft), (&[][..], true), "{}", written.text);
            let source = Arc::new(Source { origin: "04.md".to_owned(), text: written.text });
            let (front, faults) = front::read("04", &source);
            assert!(faults.is_empty(), "{faults:?}");
            assert_eq!((front.title.as_str(), front.minutes), ("Chat \"04\" {{date}} <b>", Some(90)));
            assert_eq!(front.summary, "Virtual, on 30 September 2023.");
            let parsed = parse::parse(&source.text);
            assert_eq!(parsed.headings[0].text, front.title);
            assert!(parsed.dropped.is_empty() && parsed.headings.iter().all(|heading| heading.text != "Demos"));
        }
    }

    #[test]
    fn demos_are_a_playlist() {
        let library = three_events();
        let book = Book::read(&library);
        let story = Library::shipped().find("three-generals").unwrap();
        let next = Next { demos: vec![(story, "One [traitor]".to_owned())], ..known(&book) };
        let written = next.note(PLAIN_TEMPLATE, &book.meetup).unwrap();
        let parsed = parse::parse(&written.text);
        let demos: Vec<(&str, &str)> =
            parsed.links.iter().filter(|link| link.is_demo).map(|link| (&*link.text, &*link.url)).collect();
        assert_eq!(demos, [("One [traitor]", "../../scenarios/byzantine-generals/three-generals.toml")]);
    }

    #[test]
    fn what_is_not_known_is_a_comment() {
        let next = Next { number: 4, title: "T".to_owned(), ..Next::default() };
        let written = next.note(PLAIN_TEMPLATE, &Meetup::default()).unwrap();
        assert_eq!(written.unknown, ["date", "time", "duration", "place", "link"]);
        assert_eq!((&*written.open, written.is_draft), (&["{{summary}}".to_owned()][..], true));
        let source = Arc::new(Source { origin: "04.md".to_owned(), text: written.text });
        let (front, faults) = front::read("04", &source);
        assert!(faults.is_empty() && front.is_draft && front.date.is_none(), "{faults:?}");
    }

    #[test]
    fn events_that_cannot_be_are_refused() {
        let library = three_events();
        let book = Book::read(&library);
        let check = |number, date: &str, expect: &str| {
            let next = Next { number, date: date.parse().ok(), ..known(&book) };
            assert_eq!(next.check(&book).map_err(|(message, _)| message), Err(expect.to_owned()));
        };
        check(3, "2023-12-01", "event 3 is `notes/events/03.md`");
        check(4, "2023-08-14", "there is an event on 2023-08-14 already, `notes/events/03.md`");
        check(4, "2023-08-13", "event 4 would be on 2023-08-13, before the one that precedes it");
        check(0, "2023-04-07", "event 0 would be on 2023-04-07, after the one that follows it");
    }

    #[test]
    fn a_section_goes_with_its_open_place() {
        let check = |body: &str, expect: &str| assert_eq!(without_section(body, "demos"), expect);
        check("# A\n\n## Demos\n\nIn order:\n\n{{demos}}\n\n### More\n\n## B\n", "# A\n\n## B\n");
        check("# A\n\n## B\n\n## Demos\n\n{{demos}}\n", "# A\n\n## B\n");
        check("# A\n\n{{demos}}\n", "# A\n\n\n");
        check("# A\n", "# A\n");
    }
}
