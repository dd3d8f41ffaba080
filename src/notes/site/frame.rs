//! What all pages of the site have in common: the head, the ways through the site, the foot.

use maud::{DOCTYPE, Markup, html};

use super::preview::Preview;
use super::{STAGE, Site, feed, way};

/// A page, and what its frame says of it.
pub(super) struct Frame<'a> {
    /// Its path in the site.
    pub(super) page: &'a str,
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    /// The pages that it is below, from the first one on: path and words.
    pub(super) trail: &'a [(&'a str, &'a str)],
    /// Files under `assets/` that the page runs beside those that all pages run.
    pub(super) scripts: &'a [&'a str],
    /// Where the file stands that the page is made from, if readers may change it.
    pub(super) source: Option<String>,
    /// What it is, for programs, as JSON-LD.
    pub(super) structured: Option<String>,
}

impl<'a> Frame<'a> {
    /// A page of the site with nothing special about it.
    pub(super) fn plain(page: &'a str, title: &'a str, summary: &'a str) -> Frame<'a> {
        Frame { page, title, summary, trail: &[], scripts: &[], source: None, structured: None }
    }
}

/// Nothing from elsewhere, and no scripts except the site's own.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// The first page also shows another page of the site, which plays a run.
const POLICY_FIRST: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; \
     base-uri 'none'; form-action 'none'";

/// The first page.
pub(super) const FIRST: &str = "index.html";

/// The page that a host shows where there is none.
const MISSING: &str = "404.html";

/// The page with what is around its text.
pub(super) fn frame(site: &Site<'_>, frame: &Frame<'_>, main: &Markup) -> String {
    let Frame { page, title, summary, .. } = *frame;
    let name = site.name();
    let to = |there: &str| link(site, page, there);
    let policy = if page == FIRST { POLICY_FIRST } else { POLICY };
    let preview = Preview { page, title, summary };
    // A feed with nothing in it is not offered; it is there for those who know it.
    let has_past = !feed::entries(site).is_empty();
    let markup = html! {
        (DOCTYPE)
        // The words around a note are English, whatever the note's own language is.
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy);
                title { (whole_title(title, name)) }
                meta name="description" content=(summary);
                @if page != MISSING { (preview.tags(site)) }
                link rel="icon" href=(to("assets/icon.svg"));
                script src=(to("assets/theme.js")) {}
                link rel="stylesheet" href=(to("assets/style.css"));
                @if has_past { link rel="alternate" type="application/atom+xml" title="Events" href=(to("feed.xml")); }
                script defer src=(to("assets/site.js")) {}
                @for script in frame.scripts { script defer src=(to(&format!("assets/{script}"))) {} }
                @if let Some(json) = &frame.structured { (maud::PreEscaped(data(json))) }
            }
            body {
                a.skip href="#main" { "Skip to the text" }
                (header(site, page))
                @if !frame.trail.is_empty() {
                    nav.trail aria-label="You are here" {
                        ol {
                            @for (there, words) in frame.trail { li { a href=(to(there)) { (words) } } }
                            li aria-current="page" { (title) }
                        }
                    }
                }
                main id="main" { (main) }
                footer {
                    p.ways {
                        a href=(to("calendar.ics")) { "All events for your calendar" }
                        @if has_past { a href=(to("feed.xml")) { "Feed of past events" } }
                        @if let Some(source) = &frame.source { a id="edit" href=(source) { "Edit this page" } }
                    }
                    p { "Made by " code { "dsys notes build" } ". All runs on these pages were made when the site was built." }
                }
            }
        }
    };
    markup.into_string()
}

/// JSON as data in a page; nothing in it ends its element.
fn data(json: &str) -> String {
    format!("<script type=\"application/ld+json\">{}</script>", json.replace('<', "\\u003c"))
}

/// The title that a browser shows.
fn whole_title(title: &str, name: &str) -> String {
    if title == name { name.to_owned() } else { format!("{title} · {name}") }
}

/// The link from a page to another. The page that says that there is none is shown at any address,
/// so its links begin at the host.
fn link(site: &Site<'_>, page: &str, there: &str) -> String {
    match site.settings.path_on_host(there).filter(|_| page == MISSING) {
        Some(path) => path,
        None => way(page, there),
    }
}

fn header(site: &Site<'_>, page: &str) -> Markup {
    let nav = [
        ("notes.html", "Notes"),
        ("scenarios.html", "Scenarios"),
        ("events.html", "Events"),
        ("resources.html", "Resources"),
        (STAGE, "Stage"),
        ("search.html", "Search"),
    ];
    let is_there = |there: &str| match there {
        "resources.html" => site.has_note("notes/resources.md"),
        STAGE => site.has_stage,
        _ => true,
    };
    let to = |there: &str| link(site, page, there);
    html! {
        header {
            a.brand href=(to(FIRST)) aria-current=[(page == FIRST).then_some("page")] {
                @if let Some(logo) = &site.book.meetup.logo { img src=(to(&super::picture_page(logo))) alt=""; }
                (site.name())
            }
            nav aria-label="Site" {
                @for (there, words) in nav.iter().filter(|(there, _)| is_there(there)) {
                    a href=(to(there)) aria-current=[(*there == page).then_some("page")] { (words) }
                }
            }
            button type="button" id="theme" hidden aria-label="Switch between light and dark" { "Theme" }
        }
    }
}

/// The page that a host shows where there is none.
pub(super) fn missing(site: &Site<'_>) -> String {
    let main = html! {
        h1 { "There is no such page" }
        p {
            "It may have moved. " a href=(link(site, MISSING, "search.html")) { "Search" } " for what you expected here, or begin at "
            a href=(link(site, MISSING, FIRST)) { "the first page" } "."
        }
    };
    frame(site, &Frame::plain(MISSING, "No such page", "There is no such page."), &main)
}
