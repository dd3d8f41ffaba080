//! Front matter: what a note says of itself, in TOML between two lines of `+++`.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario::{known, toml_help};

use super::date::{self, Date};
use super::link::Wrong;
use super::when::TimeOfDay;
use super::{Fault, Source, language, open};

/// The line above and below.
const FENCE: &str = "+++";

/// What a note is; in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What the whole is about.
    About,
    /// A hard problem.
    Problem,
    /// A topic that comes up often.
    Topic,
    /// A meeting.
    Event,
    /// Papers, talks, books, tools.
    Resources,
    /// Words.
    Glossary,
    /// How something is done.
    Guide,
}

impl Kind {
    /// All kinds, in reading order.
    pub const ALL: [Kind; 7] =
        [Kind::About, Kind::Problem, Kind::Topic, Kind::Event, Kind::Resources, Kind::Glossary, Kind::Guide];

    /// The kind as front matter writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::About => "about",
            Kind::Problem => "problem",
            Kind::Topic => "topic",
            Kind::Event => "event",
            Kind::Resources => "resources",
            Kind::Glossary => "glossary",
            Kind::Guide => "guide",
        }
    }

    /// The heading over the notes of this kind.
    pub const fn heading(self) -> &'static str {
        match self {
            Kind::About => "The meetup",
            Kind::Problem => "Problems",
            Kind::Topic => "Topics",
            Kind::Event => "Events",
            Kind::Resources => "Resources",
            Kind::Glossary => "Words",
            Kind::Guide => "Guides",
        }
    }
}

/// What a note says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// What it is about, a sentence.
    pub summary: String,
    /// Words that somebody would search for.
    pub tags: Vec<String>,
    /// Where it stands among its kind.
    pub order: Option<u32>,
    /// An event's number.
    pub number: Option<u32>,
    /// An event's day.
    pub date: Option<Date>,
    /// When an event begins, in the meetup's time zone.
    pub time: Option<TimeOfDay>,
    /// When it ends on the same day.
    pub until: Option<TimeOfDay>,
    /// How many minutes it lasts, if that is said instead.
    pub minutes: Option<u32>,
    /// An event's place.
    pub place: Option<String>,
    /// An event's page elsewhere.
    pub link: Option<String>,
    /// Whether it is not ready: a draft is in no site, feed or calendar.
    pub is_draft: bool,
    /// The day on which it was last changed in a way that readers should know.
    pub updated: Option<Date>,
    /// The language of its text, where that is not the meetup's.
    pub language: Option<String>,
    /// Whether this could be read. If not, what the note is, is a guess.
    pub is_read: bool,
}

const KEYS: [&str; 15] = [
    "title", "kind", "summary", "tags", "order", "number", "date", "time", "until", "duration", "place", "link",
    "draft", "updated", "language",
];
/// Those that only an event has.
const OF_EVENTS: [&str; 7] = ["number", "date", "time", "until", "duration", "place", "link"];
/// The longest that an event lasts, in minutes.
const LONGEST: u32 = 14 * 24 * 60;

/// Where the front matter's TOML stands in a note, and where the rest begins.
pub(super) fn split(text: &str) -> Option<(Range<usize>, usize)> {
    let rest = text.strip_prefix(FENCE)?.strip_prefix('\n')?;
    let start = text.len() - rest.len();
    if let Some(after) = rest.strip_prefix("+++\n") {
        return Some((start..start, text.len() - after.len()));
    }
    let end = start + rest.find("\n+++\n").or_else(|| rest.strip_suffix("\n+++").map(str::len))? + 1;
    Some((start..end, (end + FENCE.len() + 1).min(text.len())))
}

/// Where a note begins something that is meant as front matter and is not read as such: what is
/// wrong with it, and how to mend it.
fn begun(text: &str) -> Option<(Range<usize>, Wrong)> {
    let wrong = |message: &str, help: &str| (message.to_owned(), help.to_owned());
    let start = text.len() - text.trim_start().len();
    let line = text[start..].lines().next().unwrap_or_default();
    let place = start..start + line.trim_end().len();
    let told = match line.trim_end() {
        FENCE if start > 0 => wrong("front matter is on the first line", "take away what is above this line"),
        FENCE if line != FENCE => wrong("this line ends in blanks", "front matter begins with a line `+++` alone"),
        FENCE => wrong(
            "front matter begins at 1:1 and is not closed",
            "write a line `+++` below its last key, without blanks",
        ),
        "---" if text[start..].lines().skip(1).any(|line| line.trim_end() == "---") => wrong(
            "this looks like YAML, and front matter is TOML",
            "use `+++` in place of each `---`, and write keys as in `title = \"…\"`",
        ),
        _ => return None,
    };
    Some((place, told))
}

/// Whether a note begins with something that is meant as front matter, and its text is not told
/// from it.
pub(super) fn is_unclear(text: &str) -> bool {
    split(text).is_none() && begun(text).is_some()
}

/// Where the value of a key of the front matter stands in a note; the beginning, where there is
/// none.
pub(super) fn place_of(text: &str, key: &str) -> Range<usize> {
    let Some((place, _)) = split(text) else { return 0..0 };
    let (table, _) = DeTable::parse_recoverable(&text[place.clone()]);
    let span = table.get_ref().get(key).map(Spanned::span);
    span.map_or(0..0, |span| span.start + place.start..span.end + place.start)
}

/// Where values of the front matter have open places, as in `{{title}}`.
pub(super) fn open_places(text: &str) -> Vec<Range<usize>> {
    let Some((place, _)) = split(text) else { return Vec::new() };
    let (table, _) = DeTable::parse_recoverable(&text[place.clone()]);
    let values = table.get_ref().iter().map(|(_, value)| value.span());
    let in_value = |span: Range<usize>| {
        let start = span.start + place.start;
        let value = text.get(start..span.end + place.start).unwrap_or_default();
        open::places(value).map(move |found| found.start + start..found.end + start)
    };
    values.flat_map(in_value).collect()
}

/// Reads the front matter of a note. What is missing or wrong is a fault, and something plain
/// stands in its place: `heading`, where there is no title.
pub(super) fn read(heading: &str, source: &Arc<Source>) -> (Front, Vec<Fault>) {
    let mut reader = Reader { source, start: 0, faults: Vec::new() };
    let mut front = Front {
        title: heading.to_owned(),
        kind: Kind::Guide,
        summary: String::new(),
        tags: Vec::new(),
        order: None,
        number: None,
        date: None,
        time: None,
        until: None,
        minutes: None,
        place: None,
        link: None,
        is_draft: false,
        updated: None,
        language: None,
        is_read: false,
    };
    let Some((place, _)) = split(&source.text) else {
        let help = "begin with a line `+++`, then `title`, `kind` and `summary` in TOML, then a line `+++`";
        let fault = match begun(&source.text) {
            Some((place, (message, help))) => Fault::new(source, place, message, help).misleading(),
            None => Fault::new(source, 0..0, "the note has no front matter", help),
        };
        return (front, vec![fault]);
    };
    reader.start = place.start;
    let (table, errors) = DeTable::parse_recoverable(&source.text[place.clone()]);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        match source.text[place.clone()].get(span.clone()).and_then(date::missing_day) {
            Some(message) => reader.add(span, message, "write a day of the calendar, as in `2023-08-14`"),
            None => {
                let help = match toml_help(error.message()) {
                    "" => "front matter is TOML".to_owned(),
                    help => format!("{help}: front matter is TOML"),
                };
                reader.add(span, error.message().to_owned(), help);
            }
        }
    }
    if errors.is_empty() {
        front.is_read = table.get_ref().contains_key("kind");
        reader.fill(&mut front, table.get_ref());
        reader.want(&mut front, table.get_ref());
    }
    // What is not read of an event is not in its lists and its calendar.
    let misleads = front.kind == Kind::Event || !front.is_read;
    (front, reader.faults.into_iter().map(|fault| if misleads { fault.misleading() } else { fault }).collect())
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    /// Where the TOML begins.
    start: usize,
    faults: Vec<Fault>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn add(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let span = span.start + self.start..span.end + self.start;
        self.faults.push(Fault::new(self.source, span, message, help));
    }

    fn fill(&mut self, front: &mut Front, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "title" => front.title = self.text(value).unwrap_or_else(|| front.title.clone()),
                "summary" => front.summary = self.text(value).unwrap_or_default(),
                "place" => front.place = self.text(value),
                "link" => front.link = self.web(value),
                "kind" => match self.kind(value) {
                    Some(kind) => front.kind = kind,
                    None => front.is_read = false,
                },
                "tags" => front.tags = self.tags(value),
                "order" => front.order = self.number("order", value),
                "number" => front.number = self.number("number", value),
                "date" => front.date = self.date(value),
                "time" => front.time = self.time(value),
                "until" => front.until = self.time(value),
                "duration" => front.minutes = self.duration(value),
                "draft" => front.is_draft = self.truth(value),
                "updated" => front.updated = self.date(value),
                "language" => front.language = self.language(value),
                other => self.add(key.span(), format!("unknown key `{other}`"), known("keys", KEYS, other)),
            }
        }
    }

    /// What must be there, and what belongs to events only.
    fn want(&mut self, front: &mut Front, table: &DeTable<'_>) {
        let is_event = front.kind == Kind::Event && table.contains_key("kind");
        // The day of an event may be open as long as it is not announced.
        let of_event = is_event.then_some(["number", "date"]).into_iter().flatten();
        let of_event = of_event.filter(|&key| key != "date" || !front.is_draft);
        let required = ["title", "kind", "summary"].into_iter().chain(of_event);
        for key in required.filter(|&key| !table.contains_key(key)) {
            let message = format!("the front matter has no `{key}`");
            let help = match key {
                "kind" => kinds(""),
                "date" => "the day, as in `date = 2023-08-14`".to_owned(),
                "number" => "the event's number, as in `number = 3`".to_owned(),
                "title" => "the words of its heading, as in `title = \"Clocks\"`".to_owned(),
                _ => "a sentence for lists, as in `summary = \"What clocks do.\"`".to_owned(),
            };
            self.faults.push(Fault::new(self.source, 0..FENCE.len(), message, help));
        }
        if !is_event && front.is_read {
            self.of_no_event(front, table);
        }
        self.times(front, table);
    }

    /// What only an event has, in a note of another kind. Where there is much of it, the kind is
    /// the mistake.
    fn of_no_event(&mut self, front: &mut Front, table: &DeTable<'_>) {
        let keys: Vec<_> = table.keys().filter(|key| OF_EVENTS.contains(&key.get_ref().as_ref())).collect();
        let word = front.kind.word();
        match (&keys[..], table.get("kind")) {
            ([], _) | (_, None) => {}
            ([key], _) => {
                let message = format!("`{}` is of an event, and this is `{word}`", key.get_ref());
                self.add(key.span(), message, "leave it out, or let `kind` be `event`");
            }
            (_, Some(kind)) => {
                front.is_read = false;
                let names: Vec<String> = keys.iter().map(|key| format!("`{}`", key.get_ref())).collect();
                let message = format!("this is `{word}`, and only an event has {}", names.join(", "));
                self.add(kind.span(), message, "let `kind` be `event`, or leave them out");
            }
        }
    }

    /// What the times of an event must be like together.
    fn times(&mut self, front: &Front, table: &DeTable<'_>) {
        let Some(key) = ["until", "duration"].into_iter().find(|&key| table.contains_key(key)) else { return };
        let span = table.get(key).map(Spanned::span).unwrap_or_default();
        if !table.contains_key("time") {
            self.add(
                span,
                format!("`{key}` says nothing without `time`"),
                "say when it begins, as in `time = \"18:30\"`",
            );
        } else if table.contains_key("until") && table.contains_key("duration") {
            self.add(span, "`until` and `duration` say the same", "leave one of them out");
        } else if let Some((time, until)) = front.time.zip(front.until).filter(|(time, until)| until <= time) {
            let help = "an event that goes on after midnight has a `duration`, as in `duration = \"3h\"`";
            self.add(span, format!("`until` must be after `time`, and {until} is not after {time}"), help);
        }
    }

    fn text(&mut self, value: &Value<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() && !text.contains(char::is_control) => {
                Some(text.trim().to_owned())
            }
            DeValue::String(text) if text.trim().is_empty() => {
                self.add(value.span(), "this is empty", "give it some words");
                None
            }
            _ => {
                self.add(value.span(), "this must be a text in one line", "write it in quotes");
                None
            }
        }
    }

    fn web(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.text(value)?;
        match super::link::web(&text) {
            Ok(()) => Some(text),
            Err((message, help)) => {
                self.add(value.span(), message, help);
                None
            }
        }
    }

    fn language(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.text(value)?;
        language::read(&text).map_err(|(message, help)| self.add(value.span(), message, help)).ok()
    }

    fn kind(&mut self, value: &Value<'_>) -> Option<Kind> {
        let text = self.text(value)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == text);
        if kind.is_none() {
            self.add(value.span(), format!("there is no kind `{text}`"), kinds(&text));
        }
        kind
    }

    fn tags(&mut self, value: &Value<'_>) -> Vec<String> {
        let DeValue::Array(items) = value.get_ref() else {
            self.add(value.span(), "tags are a list", "as in `tags = [\"cap\", \"clocks\"]`");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.text(item)).collect()
    }

    fn number(&mut self, key: &str, value: &Value<'_>) -> Option<u32> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.to_string().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            let is_quoted = matches!(value.get_ref(), DeValue::String(_));
            let how = if is_quoted { "write it without quotes, " } else { "" };
            let help = format!("{how}as in `{key} = 1`");
            self.add(value.span(), "this must be a whole number from 0 on", help);
        }
        number
    }

    fn time(&mut self, value: &Value<'_>) -> Option<TimeOfDay> {
        const HELP: &str = "write it in quotes, on a clock of 24 hours, as in `\"18:30\"`";
        let read = match value.get_ref() {
            DeValue::String(text) => text.parse(),
            _ => Err("this is no time of day".to_owned()),
        };
        read.map_err(|message| self.add(value.span(), message, HELP)).ok()
    }

    fn duration(&mut self, value: &Value<'_>) -> Option<u32> {
        let text = self.text(value)?;
        duration(&text).map_err(|(message, help)| self.add(value.span(), message, help)).ok()
    }

    fn truth(&mut self, value: &Value<'_>) -> bool {
        let DeValue::Boolean(truth) = value.get_ref() else {
            self.add(value.span(), "this must be `true` or `false`", "write it without quotes");
            return false;
        };
        *truth
    }

    fn date(&mut self, value: &Value<'_>) -> Option<Date> {
        let date = match value.get_ref() {
            DeValue::Datetime(at) if at.time.is_none() => {
                at.date.and_then(|date| Date::new(date.year, date.month, date.day))
            }
            _ => None,
        };
        if date.is_none() {
            self.add(value.span(), "this is no day of the calendar", "write it without quotes, as in `2023-08-14`");
        }
        date
    }
}

/// The minutes of a duration such as `90min` or `1h 30min`.
///
/// # Errors
///
/// What is wrong with it, and what is allowed.
pub(super) fn duration(text: &str) -> Result<u32, Wrong> {
    let help = || "whole minutes, at most 14 days, as in `90min` or `1h 30min`".to_owned();
    let wrong = |why: &str| (format!("`{text}` is no duration of an event: {why}"), help());
    let length = humantime::parse_duration(text).map_err(|error| wrong(&error.to_string()))?;
    let is_whole = length.as_secs().is_multiple_of(60) && length.subsec_nanos() == 0;
    let minutes =
        u32::try_from(length.as_secs() / 60).ok().filter(|minutes| is_whole && (1..=LONGEST).contains(minutes));
    minutes.ok_or_else(|| wrong("it is not whole minutes, or too long"))
}

fn kinds(word: &str) -> String {
    known("kinds", Kind::ALL.map(Kind::word), word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_found_at_the_top_only() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let found = split(text).map(|(toml, rest)| (&text[toml], &text[rest..]));
            assert_eq!(found, expect, "{text:?}");
        };
        check("+++\na = 1\n+++\n# A\n", Some(("a = 1\n", "# A\n")));
        check("+++\n+++\n# A\n", Some(("", "# A\n")));
        check("+++\na = 1\n+++", Some(("a = 1\n", "")));
        check("# A\n+++\na = 1\n+++\n", None);
        check("+++\na = 1\n", None);
        check("", None);
    }

    #[test]
    fn what_is_meant_as_front_matter_is_told_from_a_note_without() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(begun(text).map(|(place, _)| &text[place]), expect, "{text:?}");
        };
        check("+++\na = 1\n\n# A\n", Some("+++"));
        check("+++ \na = 1\n+++\n", Some("+++"));
        check("\n+++\na = 1\n+++\n", Some("+++"));
        check("---\ntitle: A\n---\n", Some("---"));
        check("# A\n\n+++\n", None);
        check("---\n\n# A\n", None);
        check("", None);
    }
}
