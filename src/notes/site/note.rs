//! The page of a note.

use maud::{Markup, PreEscaped, html};

use super::super::language::ENGLISH;
use super::super::{Kind, Note};
use super::events::{self, Event};
use super::frame::{FIRST, Frame, frame};
use super::html::{Place, section_body};
use super::{OnPage, Site, home, note_page, tags, way};

/// A text with fewer headings than this needs no contents.
const FEWEST_HEADINGS: usize = 3;

pub(super) fn page(site: &Site<'_>, note: &Note) -> String {
    let page = note_page(&note.path);
    let front = &note.front;
    let ways = OnPage { page: &page, book: site.book };
    let place = Place { library: site.book.library, note: &note.path, ways: &ways };
    let event = event_of(site, note);
    let is_first = page == FIRST;
    let main = html! {
        @if is_first { (home::above(site)) }
        article lang=[language_of(site, note)] {
            @if let Some(event) = &event { (events::line(site, &page, event)) }
            (PreEscaped(section_body(place, &note.source.text, &contents(note).into_string())))
            @if !front.tags.is_empty() {
                ul.labels aria-label="Tags" {
                    @for tag in &front.tags { li { a href=(way(&page, &tags::page_of(tag))) { (tag) } } }
                }
            }
            p { button type="button" id="print" hidden { "Print this note, answers open" } }
        }
        @if !is_first { (around(site, note, &page)) }
    };
    let trail: &[(&str, &str)] = match front.kind {
        _ if is_first => &[],
        Kind::Event => &[(FIRST, "Home"), ("events.html", "Events")],
        _ => &[(FIRST, "Home"), ("notes.html", "Notes")],
    };
    let frame_of = Frame {
        trail,
        source: site.source_of(note),
        structured: event.as_ref().map(|event| events::structured(site, event)),
        ..Frame::plain(&page, &front.title, &front.summary)
    };
    frame(site, &frame_of, &main)
}

/// The language of a note, where it is not that of the page around it: what ships is English, and a
/// meetup writes in its own, unless the note says another.
fn language_of<'s>(site: &'s Site<'_>, note: &'s Note) -> Option<&'s str> {
    let own = note.is_own.then_some(&site.book.meetup.language);
    note.front.language.as_ref().or(own).map(String::as_str).filter(|&tag| tag != ENGLISH)
}

/// The event that a note is about, if its day is known.
fn event_of<'n>(site: &Site<'_>, note: &'n Note) -> Option<Event<'n>> {
    let when = note.front.when(&site.book.meetup.zone).filter(|_| note.front.kind == Kind::Event)?;
    Some(Event { note, when })
}

/// The headings of a note, if there are so many that one looks for them.
fn contents(note: &Note) -> Markup {
    let headings: Vec<_> = note.parsed.headings.iter().filter(|heading| (2..=3).contains(&heading.level)).collect();
    let sections: Vec<_> = headings.iter().filter(|heading| heading.level == 2).collect();
    // Where there are many, only the sections.
    let shown: Vec<_> = if headings.len() > 16 && sections.len() >= FEWEST_HEADINGS {
        sections.into_iter().collect()
    } else {
        headings.iter().collect()
    };
    html! {
        @if shown.len() >= FEWEST_HEADINGS {
            nav.contents aria-label="Contents of this note" {
                p { "Contents" }
                ul { @for heading in shown { li { a href=(format!("#{}", heading.anchor)) { (heading.text) } } } }
            }
        }
    }
}

/// The notes before and after this one among those of its kind; of events, the earlier is before.
fn around(site: &Site<'_>, note: &Note, page: &str) -> Markup {
    let mut notes: Vec<&Note> = site.notes().filter(|other| other.front.kind == note.front.kind).collect();
    if note.front.kind == Kind::Event {
        notes.reverse();
    }
    let at = notes.iter().position(|other| other.path == note.path);
    let before = at.and_then(|at| notes.get(at.checked_sub(1)?));
    let after = at.and_then(|at| notes.get(at + 1));
    let led = |note: &&&Note| (note_page(&note.path), note.front.title.clone());
    step_links(page, before.as_ref().map(led), after.as_ref().map(led))
}

/// Links to the pages before and after this one: where they are, and their titles.
pub(super) fn step_links(page: &str, before: Option<(String, String)>, after: Option<(String, String)>) -> Markup {
    html! {
        @if before.is_some() || after.is_some() {
            nav.around aria-label="Before and after this page" {
                @if let Some((there, words)) = before { a rel="prev" href=(way(page, &there)) { small { "Previous" } (words) } }
                @if let Some((there, words)) = after { a rel="next" href=(way(page, &there)) { small { "Next" } (words) } }
            }
        }
    }
}
