//! How a page looks where its link is shared: its title, what it asks, and a picture.

use maud::{Markup, html};

#[cfg(feature = "previews")]
use crate::view::card;
use crate::view::card::{HEIGHT, WIDTH};

use super::frame::FIRST;
#[cfg(feature = "previews")]
use super::{Ran, home, run, run_page};
use super::{Site, note_page, way};

/// A page, as a link to it is shown.
pub(super) struct Preview<'a> {
    pub(super) page: &'a str,
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
}

impl Preview<'_> {
    /// The tags of the page's head that say so. Addresses are absolute where the site's is known.
    pub(super) fn tags(&self, site: &Site<'_>) -> Markup {
        let Preview { page, title, summary } = *self;
        let url = site.settings.absolute(page);
        let picture = site.has_pictures().then(|| picture_of(site, page));
        let picture = picture.map(|there| site.settings.absolute(&there).unwrap_or_else(|| way(page, &there)));
        let kind = if page == FIRST { "website" } else { "article" };
        html! {
            meta property="og:type" content=(kind);
            meta property="og:site_name" content=(site.name());
            meta property="og:title" content=(title);
            meta property="og:description" content=(summary);
            @if let Some(url) = url {
                link rel="canonical" href=(url);
                meta property="og:url" content=(url);
            }
            @if let Some(picture) = &picture {
                meta property="og:image" content=(picture);
                meta property="og:image:type" content="image/png";
                meta property="og:image:width" content=(WIDTH);
                meta property="og:image:height" content=(HEIGHT);
                meta property="og:image:alt" content=(title);
                meta name="twitter:image" content=(picture);
            }
            meta name="twitter:card" content=(if picture.is_some() { "summary_large_image" } else { "summary" });
            meta name="twitter:title" content=(title);
            meta name="twitter:description" content=(summary);
        }
    }
}

/// What the picture of a page shows.
#[cfg(feature = "previews")]
pub(super) struct Card<'s> {
    /// The page that it is of.
    pub(super) page: String,
    pub(super) title: String,
    pub(super) says: String,
    /// The run whose diagram is in it.
    pub(super) ran: Option<&'s Ran>,
    /// Whether it says what the run asks, so that the diagram may not answer it.
    pub(super) asks: bool,
}

/// Whether a run can be a note's picture.
#[cfg(feature = "previews")]
fn is_shown(ran: &Ran) -> bool {
    ran.is_drawn() && card::is_legible(&ran.report)
}

/// The pictures of all pages that have their own: notes and runs.
#[cfg(feature = "previews")]
pub(super) fn cards<'s>(site: &'s Site<'_>) -> Vec<Card<'s>> {
    let notes = site.notes().map(|note| {
        let mut runs = note.demos(site.book.library).chain(note.runs(site.book.library)).map(|(link, _)| link);
        let mut linked = || runs.find_map(|link| site.runs.iter().find(|ran| ran.link == link && is_shown(ran)));
        // The first page shows the run that plays on it.
        let ran = if note_page(&note.path) == FIRST { home::shown(site) } else { linked() };
        Card {
            page: note_page(&note.path),
            title: note.front.title.clone(),
            says: note.front.summary.clone(),
            ran,
            asks: false,
        }
    });
    let runs = site.runs.iter().map(|ran| Card {
        page: run_page(&ran.link),
        title: run::title_of(ran),
        says: run::asks(ran),
        ran: Some(ran).filter(|ran| ran.is_drawn()),
        asks: !ran.report.scenario.story.predict.is_empty(),
    });
    notes.chain(runs).collect()
}

/// Where the picture of a page is: of a page without its own, that of the first page. A page that
/// plays a run has that of the page that tells it.
pub(super) fn picture_of(site: &Site<'_>, page: &str) -> String {
    let told = page.strip_prefix("play/").map(|name| format!("runs/{name}"));
    let page = told.as_deref().unwrap_or(page);
    let is_own = page.starts_with("runs/") || site.notes().any(|note| note_page(&note.path) == page);
    let name = if is_own { page } else { FIRST };
    format!("previews/{}.png", name.trim_end_matches(".html"))
}
