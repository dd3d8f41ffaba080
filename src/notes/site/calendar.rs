//! Events for calendars (iCalendar, RFC 5545): one event a file, and all of them as a feed.
//!
//! Times are in UTC, so that no calendar has to know the rules of the meetup's zone.

use super::super::date::Date;
use super::events::{Event, all};
use super::feed::name_of;
use super::{Site, note_page};

/// The longest line in bytes, without its end (section 3.1).
const WIDEST: usize = 75;

/// All events, as calendars subscribe to.
pub(super) fn feed(site: &Site<'_>) -> String {
    calendar(site, &all(site))
}

/// One event.
pub(super) fn one(site: &Site<'_>, event: Event<'_>) -> String {
    calendar(site, &[event])
}

fn calendar(site: &Site<'_>, events: &[Event<'_>]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//dsys//notes//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escaped(site.name()));
    line("X-WR-TIMEZONE", site.book.meetup.zone.name());
    for event in events {
        write(site, event, &mut line);
    }
    line("END", "VCALENDAR");
    text
}

fn write(site: &Site<'_>, event: &Event<'_>, line: &mut impl FnMut(&str, &str)) {
    let front = &event.note.front;
    let page = note_page(&event.note.path);
    line("BEGIN", "VEVENT");
    line("UID", &name_of(site, event));
    line("DTSTAMP", &format!("{}T000000Z", written(site, event).to_string().replace('-', "")));
    if let Some(changed) = front.updated {
        line("LAST-MODIFIED", &format!("{}T000000Z", changed.to_string().replace('-', "")));
    }
    match &event.when.begins {
        Some(begins) => line("DTSTART", &begins.in_utc()),
        None => line("DTSTART;VALUE=DATE", &event.when.date.to_string().replace('-', "")),
    }
    if let Some(ends) = &event.when.ends {
        line("DTEND", &ends.in_utc());
    }
    line("SUMMARY", &escaped(&front.title));
    let more = front.link.iter().map(|link| format!("\n{link}")).collect::<String>();
    line("DESCRIPTION", &escaped(&format!("{}{more}", front.summary)));
    if let Some(place) = &front.place {
        line("LOCATION", &escaped(place));
    }
    if let Some(url) = site.settings.absolute(&page).or_else(|| front.link.clone()) {
        line("URL", &url);
    }
    line("END", "VEVENT");
}

/// The day on which the event was put down as it is: as its note says, else the day on which the
/// site is built, or that of the event.
fn written(site: &Site<'_>, event: &Event<'_>) -> Date {
    let day = event.when.date;
    event.note.front.updated.unwrap_or_else(|| site.settings.today.map_or(day, |today| today.min(day)))
}

/// A text as a value (section 3.3.11).
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes a line, in several where it is long; none is cut within a character.
fn fold(text: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > WIDEST {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(c);
        width += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let line = format!("SUMMARY:{}", "aé—".repeat(40));
        let mut text = String::new();
        fold(&mut text, &line);
        assert!(text.ends_with("\r\n") && text.split("\r\n").all(|line| line.len() <= WIDEST), "{text}");
        assert!(text.split("\r\n").count() > 3, "{text}");
        assert_eq!(text.replace("\r\n ", ""), format!("{line}\r\n"));
    }

    #[test]
    fn what_has_a_meaning_in_a_calendar_is_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne\r"), "a\\, b\\; c\\\\d\\ne ");
    }
}
