//! Events: what is next, the list of all, and the line above an event's note.

use maud::{Markup, html};
use serde_json::json;

use super::super::date::Date;
use super::super::when::{Moment, TimeOfDay, When};
use super::super::zone::Zone;
use super::super::{Kind, Note};
use super::frame::{FIRST, Frame, frame};
use super::{Site, calendar_page, note_page, way};

const PAGE: &str = "events.html";

/// An hour in seconds.
const HOUR: i64 = 3600;

/// An event with its day known.
pub(super) struct Event<'b> {
    pub(super) note: &'b Note,
    pub(super) when: When,
}

impl Event<'_> {
    /// The last day of the event in the meetup's zone.
    fn last_day(&self) -> Date {
        self.when.ends.as_ref().and_then(Moment::on_the_wall).map_or(self.when.date, |(date, _)| date)
    }

    /// When it is over, in seconds from 1970 on: at its end, or with its day, wherever on earth.
    fn over(&self) -> i64 {
        match (&self.when.ends, &self.when.begins) {
            (Some(ends), _) => ends.unix,
            (None, Some(begins)) => begins.unix + 2 * HOUR,
            // The day ends last twelve hours west of Greenwich.
            (None, None) => midnight(self.when.date) + 36 * HOUR,
        }
    }
}

/// The events that have a page, newest first.
pub(super) fn all<'b>(site: &'b Site<'_>) -> Vec<Event<'b>> {
    let events = site.notes().filter(|note| note.front.kind == Kind::Event);
    events.filter_map(|note| Some(Event { note, when: note.front.when(&site.book.meetup.zone)? })).collect()
}

/// The events that are not over on the day on which the site is built: the next one first.
pub(super) fn to_come<'b>(site: &'b Site<'_>) -> Vec<Event<'b>> {
    let mut events: Vec<Event<'b>> = all(site).into_iter().filter(|event| !site.is_past(event.last_day())).collect();
    events.reverse();
    events
}

/// The day and the times in words, for the meetup's zone: `Tuesday, 8 December 2026, 18:30 to 20:30
/// PST`.
pub(super) fn in_words(when: &When) -> String {
    let day = format!("{}, {}", when.date.weekday(), when.date.in_words());
    let Some((begins, (_, from))) = when.begins.as_ref().and_then(|at| Some((at, at.on_the_wall()?))) else {
        return day;
    };
    let ends = when.ends.as_ref().and_then(|ends| Some((ends, ends.on_the_wall()?)));
    let Some((ends, (date, time))) = ends else { return format!("{day}, {from} {}", begins.letters) };
    let on = if date == when.date { String::new() } else { format!(" on {}", date.in_words()) };
    if ends.letters == begins.letters {
        return format!("{day}, {from} to {time}{on} {}", begins.letters);
    }
    // Clocks change while it lasts: each time has its own.
    format!("{day}, {from} {} to {time} {}{on}", begins.letters, ends.letters)
}

/// When a day begins in UTC, in seconds from 1970 on.
fn midnight(date: Date) -> i64 {
    Zone::default().at(date, TimeOfDay::default()).moment().unix
}

/// When an event is, which a script tells in the reader's zone too.
pub(super) fn time(when: &When) -> Markup {
    let exact = when.begins.as_ref().map_or_else(|| when.date.to_string(), Moment::rfc3339);
    let offset = when.begins.as_ref().map(|begins| begins.offset);
    html! {
        time datetime=(exact) data-offset=[offset] { (in_words(when)) }
        @if offset.is_some() { span.yours {} }
    }
}

/// The line above the note of an event: when, where, and what to do about it.
pub(super) fn line(site: &Site<'_>, page: &str, event: &Event<'_>) -> Markup {
    let front = &event.note.front;
    html! {
        (when_and_where(event))
        p.ways {
            @if let Some(link) = &front.link { a href=(link) { "The event's page" } }
            a href=(way(page, &calendar_page(&event.note.path))) { "Add to your calendar" }
            @if !site.is_past(event.last_day()) { (join(site)) }
        }
    }
}

fn when_and_where(event: &Event<'_>) -> Markup {
    html! {
        p.when {
            @if let Some(place) = &event.note.front.place { (place) " · " }
            (time(&event.when))
        }
    }
}

/// The way to an invitation.
fn join(site: &Site<'_>) -> Markup {
    let link = site.book.meetup.join.as_ref().and_then(|join| join.link.as_ref());
    html! { @if let Some(link) = link { a href=(link) { "Get an invitation" } } }
}

/// What comes next, at most so many events. A script leaves out what is over when it is read.
pub(super) fn next(site: &Site<'_>, page: &str, most: usize) -> Markup {
    let events = to_come(site);
    html! {
        @for (index, event) in events.iter().take(most).enumerate() {
            section.next data-over=(event.over()) aria-label=(if index == 0 { "The next event" } else { "An event after that" }) {
                h2 { a href=(way(page, &note_page(&event.note.path))) { (event.note.front.title) } }
                // On the first page, those after the next one take little room.
                @if index == 0 || page != FIRST { (line(site, page, event)) } @else { (when_and_where(event)) }
            }
        }
        p id="none-next" hidden[!events.is_empty()] {
            "The next event is not announced yet. " (join(site))
        }
    }
}

/// The page with all events.
pub(super) fn page(site: &Site<'_>) -> String {
    let past: Vec<Event<'_>> = all(site).into_iter().filter(|event| site.is_past(event.last_day())).collect();
    let main = html! {
        h1 { "Events" }
        (next(site, PAGE, usize::MAX))
        @if !past.is_empty() {
            h2 id="past" { "Past events" }
            ul { @for event in &past {
                li {
                    a href=(way(PAGE, &note_page(&event.note.path))) { (event.note.front.title) } ": "
                    @if let Some(place) = &event.note.front.place { (place) ", " }
                    (time(&event.when))
                    @if let Some(link) = &event.note.front.link { " · " a href=(link) { "its page" } }
                }
            } }
        }
        p {
            a href=(way(PAGE, "calendar.ics")) { "All events as a calendar" } ", to which your calendar can subscribe"
            @if !past.is_empty() { ", and " a href=(way(PAGE, "feed.xml")) { "a feed" } " of those that took place" }
            "."
        }
    };
    frame(site, &Frame::plain(PAGE, "Events", "What comes next, and what took place."), &main)
}

/// The event for programs, in the words of schema.org.
pub(super) fn structured(site: &Site<'_>, event: &Event<'_>) -> String {
    let Event { note, when } = event;
    let front = &note.front;
    let page = note_page(&note.path);
    let moment = |moment: &Moment| moment.rfc3339();
    let starts = when.begins.as_ref().map_or_else(|| when.date.to_string(), moment);
    let mut told = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": front.title,
        "description": front.summary,
        "startDate": starts,
        "eventStatus": "https://schema.org/EventScheduled",
        "organizer": { "@type": "Organization", "name": site.name() },
    });
    if let Some(ends) = &when.ends {
        told["endDate"] = ends.rfc3339().into();
    }
    let url = site.settings.absolute(&page);
    let elsewhere = front.link.clone().or_else(|| url.clone());
    let is_online = front.place.as_deref().is_none_or(|place| ["virtual", "online"].contains(&place));
    let mode = if is_online { "Online" } else { "Offline" };
    told["eventAttendanceMode"] = format!("https://schema.org/{mode}EventAttendanceMode").into();
    match (&front.place, elsewhere) {
        (Some(place), _) if !is_online => {
            told["location"] = json!({ "@type": "Place", "name": place, "address": place });
        }
        (_, Some(url)) => told["location"] = json!({ "@type": "VirtualLocation", "url": url }),
        (_, None) => {}
    }
    if let Some(url) = url {
        told["url"] = url.into();
    }
    told.to_string()
}
