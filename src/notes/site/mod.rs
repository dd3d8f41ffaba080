//! The book as a static site.
//!
//! [`build`] returns all files of the site as bytes. The same book gives the same bytes. Links
//! between pages are relative, so the site works under any path of any host, and from a folder on a
//! disk. Each scenario has a page of its own, and so has each run that a note links to. The page
//! shows the diagram, and the report as text, without JavaScript.

mod feed;
mod html;
mod page;
mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::library::{Library, MEETUP_FILE};
use crate::report::Report;

use super::link::{self, RunLink};
use super::{Book, run};
pub use html::{Place, Ways, body};

/// The file that marks a folder as a site that dsys built. It lists the paths of all its files, one
/// a line, so that the next build can remove those that it does not write again.
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
    /// If it is not an address of the web: the reason, and what an address looks like.
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

/// Plays a recorded run on a page of its own, with JavaScript. The stage implements it, in a later
/// layer.
pub trait Player: Sync {
    /// The files that all its pages share, by their paths in the site.
    ///
    /// # Errors
    ///
    /// Why they cannot be made.
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

/// A run, with the link that it was made from.
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

/// Builds the site of a library. With a player, each run also gets a page that plays it. `progress`
/// is called with the number of runs that are done, and of all runs.
///
/// # Errors
///
/// The run that a note links to and that cannot be made or played, and why.
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

/// Makes every run that has a page: each scenario as it is written, and each that a note links to.
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

/// The page of a note; that of `notes/README.md` is the site's first page.
/// The page that shows the note at this path of the library.
pub fn note_page(path: &str) -> String {
    let path = path.strip_prefix("notes/").unwrap_or(path);
    match path.strip_suffix(".md") {
        Some("README") => "index.html".to_owned(),
        Some(path) => format!("{path}.html"),
        None => path.to_owned(),
    }
}

/// The page that shows a run and its report.
pub fn run_page(link: &RunLink) -> String {
    format!("runs/{}.html", link.slug())
}

/// The page that plays a run.
fn play_page(link: &RunLink) -> String {
    format!("play/{}.html", link.slug())
}

/// Whether search engines should list a page.
fn is_for_readers(path: &str) -> bool {
    path.ends_with(".html") && !path.starts_with("play/")
}

fn is_picture(path: &str) -> bool {
    path.starts_with("notes/") && !path.ends_with(".md") && path != MEETUP_FILE
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
