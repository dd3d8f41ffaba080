//! The book as a static site.
//!
//! [`build`] returns all files of the site, as bytes: the same book gives the same bytes. Every
//! link between pages is relative, so that the site works below any path of any host, and from a
//! folder on a disk. Each run that a note links to has a page of its own, with its diagram and its
//! report as text, which are there without JavaScript; so is each scenario.

mod feed;
mod html;
mod page;
mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::library::Library;
use crate::report::Report;

use super::link::{self, RunLink};
use super::{Book, run};
pub use html::{Place, Ways, body};

/// A file that tells a site that was built before from a folder that holds something else: the
/// paths of all its files, a line each, so that the next build can take away those that it does not
/// write again.
pub const MARK: &str = "assets/dsys-site.txt";

/// What the site is built with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where the site will be, with a slash at its end.
    url: Option<String>,
}

impl Settings {
    /// The settings for a site that will be at this address.
    ///
    /// # Errors
    ///
    /// When it is no address of the web, and what one is.
    pub fn new(url: Option<&str>) -> Result<Settings, (String, String)> {
        let Some(url) = url else { return Ok(Settings::default()) };
        link::web(url)?;
        if url.contains(['?', '#']) {
            return Err((
                format!("`{url}` is no address of a site"),
                "leave out what begins with `?` or `#`".to_owned(),
            ));
        }
        Ok(Settings { url: Some(format!("{}/", url.trim_end_matches('/'))) })
    }

    /// The absolute address of a page, if it is known where the site will be.
    fn absolute(&self, page: &str) -> Option<String> {
        self.url.as_ref().map(|url| format!("{url}{page}"))
    }
}

/// What plays a recorded run in a page of its own, with JavaScript: the stage, which is above this
/// layer.
pub trait Player: Sync {
    /// The files that all its pages share, by their paths in the site.
    ///
    /// # Errors
    ///
    /// Why there are none.
    fn files(&self) -> Result<Files, String>;

    /// The page at `page` of the site, which plays a run.
    ///
    /// # Errors
    ///
    /// Why it cannot be played.
    fn page(&self, page: &str, link: &RunLink, report: &Report) -> Result<String, String>;
}

/// The files of a site: path and bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A run with what it came of.
#[derive(Debug)]
struct Ran {
    link: RunLink,
    report: Report,
}

/// All that pages are made of.
struct Site<'b> {
    book: &'b Book<'b>,
    settings: &'b Settings,
    /// The runs in the order of their scenarios, the plain one of each first.
    runs: Vec<Ran>,
    /// Whether runs have pages that play them.
    plays: bool,
}

/// Builds the site of a library; with a player, each run gets a page that plays it beside the one
/// that shows it. `progress` is told how many runs are done, and of how many.
///
/// # Errors
///
/// What a note links to and cannot be run, or cannot be played.
pub fn build(
    library: &Library,
    settings: &Settings,
    player: Option<&dyn Player>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Files, String> {
    let book = Book::read(library);
    let site = Site { runs: make_runs(&book, progress)?, book: &book, settings, plays: player.is_some() };
    let mut files = match player {
        Some(player) => playing(&site, player)?,
        None => Files::new(),
    };
    for note in &book.notes {
        files.insert(note_page(&note.path), page::note(&site, note).into_bytes());
    }
    let run_pages: Vec<(String, Vec<u8>)> =
        site.runs.par_iter().map(|ran| (run_page(&ran.link), page::run(&site, ran).into_bytes())).collect();
    files.extend(run_pages);
    files.insert("notes.html".to_owned(), page::all_notes(&site).into_bytes());
    files.insert("scenarios.html".to_owned(), page::scenarios(&site).into_bytes());
    files.insert("search.html".to_owned(), page::search(&site).into_bytes());
    files.entry("index.html".to_owned()).or_insert_with(|| page::all_notes(&site).into_bytes());
    files.insert("feed.xml".to_owned(), feed::atom(&site).into_bytes());
    files.insert("assets/search-index.js".to_owned(), search::index(&site).into_bytes());
    files.insert("assets/search.js".to_owned(), include_bytes!("assets/search.js").to_vec());
    files.insert("assets/style.css".to_owned(), include_bytes!("assets/style.css").to_vec());
    files.insert("assets/icon.svg".to_owned(), include_bytes!("assets/icon.svg").to_vec());
    for (path, file) in library.files().filter(|(path, _)| is_picture(path)) {
        files.insert(picture_page(path), file.bytes.to_vec());
    }
    if let Some(sitemap) = feed::sitemap(&site, files.keys().filter(|path| is_for_readers(path))) {
        files.insert("sitemap.xml".to_owned(), sitemap.into_bytes());
    }
    let list: String = files.keys().map(|path| format!("{path}\n")).collect();
    files.insert(MARK.to_owned(), list.into_bytes());
    Ok(files)
}

/// The pages that play runs, and what they share.
fn playing(site: &Site<'_>, player: &dyn Player) -> Result<Files, String> {
    let mut files = player.files()?;
    let play = |Ran { link, report }: &Ran| {
        let page = play_page(link);
        let html = player.page(&page, link, report)?;
        Ok((page, html.into_bytes()))
    };
    let pages: Vec<Result<(String, Vec<u8>), String>> = site.runs.par_iter().map(play).collect();
    for page in pages {
        files.extend([page?]);
    }
    Ok(files)
}

/// Makes every run that has a page: each scenario as it was written, and whatever notes link to.
fn make_runs(book: &Book<'_>, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Vec<Ran>, String> {
    let library = book.library;
    let linked = book.notes.iter().flat_map(|note| note.runs(library)).map(|(link, _)| link);
    let claimed = book.notes.iter().flat_map(|note| note.claimed(library));
    let stories = library.stories();
    let place = |link: &RunLink| stories.iter().position(|story| story.path() == link.story);
    let plain = stories.iter().map(|story| RunLink { story: story.path(), ..RunLink::default() });
    let links: BTreeSet<RunLink> = plain.chain(linked).chain(claimed).collect();
    let mut links: Vec<RunLink> = links.into_iter().collect();
    links.sort_by_cached_key(|link| (place(link), link.clone()));
    let done = AtomicUsize::new(0);
    let all = links.len();
    let made: Vec<Result<Ran, String>> = links
        .into_par_iter()
        .map(|link| {
            let report =
                run::run(library, &link).map_err(|(message, _)| format!("`{}`: {message}", link.command(library)));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
            report.map(|report| Ran { link, report })
        })
        .collect();
    made.into_iter().collect()
}

/// The page of a note: `notes/README.md` is the first of the site.
fn note_page(path: &str) -> String {
    let path = path.strip_prefix("notes/").unwrap_or(path);
    match path.strip_suffix(".md") {
        Some("README") => "index.html".to_owned(),
        Some(path) => format!("{path}.html"),
        None => path.to_owned(),
    }
}

/// The page that shows a run and tells it.
pub fn run_page(link: &RunLink) -> String {
    format!("runs/{}.html", link.slug())
}

/// The page that plays a run.
fn play_page(link: &RunLink) -> String {
    format!("play/{}.html", link.slug())
}

/// Whether a page is one that search engines may lead to.
fn is_for_readers(path: &str) -> bool {
    path.ends_with(".html") && !path.starts_with("play/")
}

fn is_picture(path: &str) -> bool {
    path.starts_with("notes/") && !path.ends_with(".md")
}

fn picture_page(path: &str) -> String {
    format!("pictures/{}", path.strip_prefix("notes/").unwrap_or(path))
}

/// Where links lead from a page of the site.
struct OnPage<'p>(&'p str);

impl Ways for OnPage<'_> {
    fn run(&self, run: &RunLink) -> String {
        way(self.0, &run_page(run))
    }

    fn note(&self, path: &str, anchor: Option<&str>) -> String {
        let there = note_page(path);
        match anchor {
            Some(anchor) if there == self.0 => format!("#{anchor}"),
            Some(anchor) => format!("{}#{anchor}", way(self.0, &there)),
            None => way(self.0, &there),
        }
    }

    fn picture(&self, path: &str) -> String {
        way(self.0, &picture_page(path))
    }
}

/// The way from one page to another.
pub fn way(from: &str, to: &str) -> String {
    format!("{}{to}", "../".repeat(from.matches('/').count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_places() {
        assert_eq!(note_page("notes/README.md"), "index.html");
        assert_eq!(note_page("notes/topics/cap.md"), "topics/cap.html");
        assert_eq!(way("runs/two-generals/last-messenger.html", "index.html"), "../../index.html");
        assert_eq!(way("index.html", "topics/cap.html"), "topics/cap.html");
    }

    #[test]
    fn a_site_is_somewhere_on_the_web() {
        let absolute = |url| Settings::new(Some(url)).map(|settings| settings.absolute("a.html"));
        assert_eq!(absolute("https://a.b/c"), Ok(Some("https://a.b/c/a.html".to_owned())));
        assert_eq!(absolute("https://a.b/c/"), Ok(Some("https://a.b/c/a.html".to_owned())));
        assert!(absolute("a.b/c").is_err() && absolute("https://a.b/?c").is_err());
    }
}
