//! The feed of events (Atom, RFC 4287) and the sitemap.

use super::super::when::{Moment, TimeOfDay};
use super::events::{Event, all};
use super::html::escaped;
use super::{Site, note_page};
use crate::scenario::fnv1a;

/// The feed of the events that took place, newest first: what is to come is for calendars. Its
/// dates are those of the notes, so the same book gives the same feed; where no note has one, it is
/// of the day of the build.
pub(super) fn atom(site: &Site<'_>) -> String {
    let events = entries(site);
    let address = |page: &str| site.settings.absolute(page).unwrap_or_else(|| page.to_owned());
    let latest = events.iter().map(|event| updated(site, event)).max_by_key(|moment| moment.unix);
    // Before the first event, it is as new as what else there is.
    let midnight = |date| site.book.meetup.zone.at(date, TimeOfDay::default()).moment().clone();
    let changed = || site.notes().filter_map(|note| note.front.updated).max().or(site.settings.today);
    let latest = latest.or_else(|| changed().map(midnight));
    let latest = latest.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |moment| moment.rfc3339());
    let name = escaped(site.name());
    let organiser = site.book.meetup.organiser.as_ref();
    let author = organiser.map_or_else(|| name.clone(), |organiser| escaped(&organiser.name));
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>{name}: events</title>\n<id>{}</id>\n<updated>{latest}</updated>\n\
         <author><name>{author}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        urn(site, "feed"),
        escaped(&address("feed.xml")),
        escaped(&address("index.html")),
    );
    for event in &events {
        feed.push_str(&entry(site, event, &address));
    }
    feed + "</feed>\n"
}

/// The events that the feed has.
pub(super) fn entries<'b>(site: &'b Site<'_>) -> Vec<Event<'b>> {
    all(site).into_iter().filter(|event| site.is_past(event.when.date)).collect()
}

fn entry(site: &Site<'_>, event: &Event<'_>, address: &impl Fn(&str) -> String) -> String {
    let front = &event.note.front;
    let page = note_page(&event.note.path);
    let related = front.link.as_ref().map(|link| format!("<link rel=\"related\" href=\"{}\"/>\n", escaped(link)));
    format!(
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<published>{}</published>\n<updated>{}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n{}<summary>{}</summary>\n</entry>\n",
        escaped(&front.title),
        name_of(site, event),
        began(site, event).rfc3339(),
        updated(site, event).rfc3339(),
        escaped(&address(&page)),
        related.unwrap_or_default(),
        escaped(&front.summary),
    )
}

/// When an event began; with its day, where its time is not known.
fn began(site: &Site<'_>, event: &Event<'_>) -> Moment {
    let midnight = || site.book.meetup.zone.at(event.when.date, TimeOfDay::default()).moment().clone();
    event.when.begins.clone().unwrap_or_else(midnight)
}

/// When the note of an event was changed last, and not before the event.
fn updated(site: &Site<'_>, event: &Event<'_>) -> Moment {
    let midnight = |date| site.book.meetup.zone.at(date, TimeOfDay::default()).moment().clone();
    let began = began(site, event);
    event.note.front.updated.map(midnight).filter(|changed| changed.unix > began.unix).unwrap_or(began)
}

/// The permanent and unique name of an event, by which calendars and readers of feeds know it
/// again. It is made of the meetup's name and the event's number: neither the site's address nor
/// the note's file changes it.
pub(super) fn name_of(site: &Site<'_>, event: &Event<'_>) -> String {
    let number = event.note.front.number.map_or_else(|| event.note.path.clone(), |number| number.to_string());
    urn(site, &format!("event {number}"))
}

/// The name of a thing of the meetup's.
fn urn(site: &Site<'_>, thing: &str) -> String {
    let (one, other) = (fnv1a(thing), fnv1a(&format!("{} {thing}", site.name())));
    // The form of RFC 9562, version 8, which leaves the contents to the application.
    format!(
        "urn:uuid:{:08x}-{:04x}-8{:03x}-8{:03x}-{:012x}",
        one >> 32,
        one >> 16 & 0xffff,
        one & 0xfff,
        other >> 52,
        other & 0xffff_ffff_ffff
    )
}

/// The sitemap; addresses in it must be absolute, so there is none for a site without one.
pub(super) fn sitemap<'p>(site: &Site<'_>, pages: impl Iterator<Item = &'p String>) -> Option<String> {
    let urls: Option<String> = pages
        .map(|page| Some(format!("<url><loc>{}</loc></url>\n", escaped(&site.settings.absolute(page)?))))
        .collect();
    let lead =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    Some(format!("{lead}{}</urlset>\n", urls?))
}
