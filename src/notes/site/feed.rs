//! The feed of events (Atom, RFC 4287) and the sitemap.

use super::super::date::Date;
use super::super::{Kind, Note};
use super::html::escaped;
use super::{Site, note_page};
use crate::scenario::fnv1a;

/// The feed of events, newest first. Its dates are those of the events, so the same book gives the
/// same feed.
pub(super) fn atom(site: &Site<'_>) -> String {
    let events: Vec<(&Note, Date)> = site
        .book
        .notes
        .iter()
        .filter(|note| note.front.kind == Kind::Event)
        .filter_map(|note| Some((note, note.front.date?)))
        .collect();
    let address = |page: &str| site.settings.absolute(page).unwrap_or_else(|| page.to_owned());
    let updated = site.book.latest().map_or_else(|| "1970-01-01".to_owned(), |date| date.to_string());
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>Distributed Systems: events</title>\n<id>{}</id>\n<updated>{updated}T00:00:00Z</updated>\n\
         <author><name>Distributed Systems meetup</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        identity(site, "feed.xml"),
        escaped(&address("feed.xml")),
        escaped(&address("index.html")),
    );
    for (note, date) in events {
        let page = note_page(&note.path);
        let related =
            note.front.link.as_ref().map(|link| format!("<link rel=\"related\" href=\"{}\"/>\n", escaped(link)));
        feed.push_str(&format!(
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<published>{date}T00:00:00Z</published>\n<updated>{date}T00:00:00Z</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n{}<summary>{}</summary>\n</entry>\n",
            escaped(&note.front.title),
            identity(site, &page),
            escaped(&address(&page)),
            related.unwrap_or_default(),
            escaped(&note.front.summary),
        ));
    }
    feed + "</feed>\n"
}

/// The permanent and unique name of a feed or an entry: its address, or a digest of its path if the
/// address is not known.
fn identity(site: &Site<'_>, page: &str) -> String {
    site.settings.absolute(page).map_or_else(
        || {
            let (one, other) = (fnv1a(page), fnv1a(&format!("dsys {page}")));
            // The form of RFC 9562, version 8, which leaves the contents to the application.
            format!(
                "urn:uuid:{:08x}-{:04x}-8{:03x}-8{:03x}-{:012x}",
                one >> 32,
                one >> 16 & 0xffff,
                one & 0xfff,
                other >> 52,
                other & 0xffff_ffff_ffff
            )
        },
        |url| escaped(&url),
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
