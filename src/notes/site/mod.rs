//! The book as a static site.
//!
//! [`build`] returns all files of the site as bytes. The same book gives the same bytes. Links
//! between pages are relative, so the site works under any path of any host, and from a folder on a
//! disk. Each scenario has a page of its own, and so has each run that a note links to. The page
//! shows the diagram, and the report as text, without JavaScript.

mod calendar;
mod events;
mod feed;
mod frame;
mod home;
mod html;
mod lists;
mod note;
#[cfg(feature = "previews")]
mod picture;
mod preview;
mod run;
mod search;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::library::{Library, MEETUP_FILE, Story};
use crate::report::Report;

use super::date::Date;
use super::link::{self, RunLink};
use super::{Book, Note, run as make};
pub use html::{Place, Ways, body};

/// The file that marks a folder as a site that dsys built. It lists the paths of all its files, one
/// a line, so that the next build can remove those that it does not write again.
pub const MARK: &str = "assets/dsys-site.txt";

/// What the site is built with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where the site will be, with a slash at its end.
    url: Option<String>,
    /// The day on which it is built, which says what is to come. Without it nothing is.
    today: Option<Date>,
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
        Ok(Settings { url: Some(format!("{}/", url.trim_end_matches('/'))), ..Settings::default() })
    }

    /// The same, for a site that is built on this day.
    pub fn on(self, today: Date) -> Settings {
        Settings { today: Some(today), ..self }
    }

    /// Whether it is known where the site will be.
    pub fn is_placed(&self) -> bool {
        self.url.is_some()
    }

    /// The absolute address of a page, if it is known where the site will be.
    fn absolute(&self, page: &str) -> Option<String> {
        self.url.as_ref().map(|url| format!("{url}{page}"))
    }

    /// The address of a page without its host, if it is known where the site will be.
    fn path_on_host(&self, page: &str) -> Option<String> {
        let (_, rest) = self.url.as_ref()?.split_once("://")?;
        let (_, path) = rest.split_once('/')?;
        Some(format!("/{path}{page}"))
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

    /// Whether it plays a run: one that is too long makes a page that a phone cannot open.
    fn plays(&self, report: &Report) -> bool;

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

impl Ran {
    /// The name of the problem: the scenario's folder.
    fn problem(&self) -> &str {
        self.link.story.split('/').next().unwrap_or_default()
    }

    /// Whether its diagram is a picture beside a text.
    #[cfg(feature = "previews")]
    fn is_drawn(&self) -> bool {
        self.report.trace.events.len() <= html::MOST_DRAWN
    }
}

/// All that pages are made of.
struct Site<'b> {
    /// The notes that are ready for readers.
    book: &'b Book<'b>,
    settings: &'b Settings,
    /// The runs in the order of their scenarios, the plain one of each first.
    runs: Vec<Ran>,
    /// What makes the pages that play runs, if there are any.
    player: Option<&'b dyn Player>,
    /// Whether there is a page that runs whatever one likes.
    has_stage: bool,
}

impl Site<'_> {
    /// The page that plays a run, if it has one.
    fn play_page(&self, ran: &Ran) -> Option<String> {
        self.player.filter(|player| player.plays(&ran.report)).map(|_| play_page(&ran.link))
    }

    /// The meetup's name.
    fn name(&self) -> &str {
        &self.book.meetup.name
    }

    fn notes(&self) -> impl Iterator<Item = &Note> {
        self.book.notes.iter()
    }

    fn has_note(&self, path: &str) -> bool {
        self.book.at(path).is_some()
    }

    /// Whether pictures are made for previews of links.
    fn has_pictures(&self) -> bool {
        cfg!(feature = "previews")
    }

    /// Whether a day is over when the site is built. Where that is not known, every day is.
    fn is_past(&self, day: Date) -> bool {
        self.settings.today.is_none_or(|today| day < today)
    }

    /// Where the file of a note can be edited, if the meetup says so and the note is its own.
    fn source_of(&self, note: &Note) -> Option<String> {
        let edit = self.book.meetup.edit.as_ref().filter(|_| note.is_own || !self.book.library.has_own())?;
        Some(format!("{}/{}", edit.trim_end_matches('/'), note.path_in_notes()))
    }

    fn title_of_problem<'n>(&self, name: &'n str) -> &'n str {
        self.book.library.registry().problem(name).map_or(name, |problem| problem.title)
    }

    /// The runs of scenarios that are listed: those of the meetup and of what it takes over, and
    /// those to which its own notes link.
    fn listed(&self) -> impl Iterator<Item = &Ran> {
        let library = self.book.library;
        let own = self.notes().filter(|note| note.is_own || !library.has_own());
        let linked: BTreeSet<String> = own.flat_map(|note| note.runs(library)).map(|(link, _)| link.story).collect();
        let is_listed = move |ran: &&Ran| is_taken(library, &ran.link.story) || linked.contains(&ran.link.story);
        self.runs.iter().filter(|ran| ran.link.is_plain()).filter(is_listed)
    }

    /// The note that the story of a run names.
    fn note_of(&self, ran: &Ran) -> Option<&Note> {
        let note = ran.report.scenario.story.note.as_ref()?;
        self.book.at(&format!("notes/{note}"))
    }

    /// The runs before and after a plain one, in the order of the scenarios.
    fn beside(&self, ran: &Ran) -> (Option<&Ran>, Option<&Ran>) {
        let plain: Vec<&Ran> = self.runs.iter().filter(|ran| ran.link.is_plain()).collect();
        let Some(at) = plain.iter().position(|other| other.link == ran.link) else { return (None, None) };
        (at.checked_sub(1).map(|at| plain[at]), plain.get(at + 1).copied())
    }

    /// What is shown after a run: the next demo of the first playlist that it is in, else the next
    /// scenario.
    fn next_demo(&self, ran: &Ran) -> Option<&Ran> {
        let after = |note: &Note| {
            let demos: Vec<RunLink> = note.demos(self.book.library).map(|(link, _)| link).collect();
            let at = demos.iter().position(|link| *link == ran.link)?;
            self.runs.iter().find(|other| Some(&other.link) == demos.get(at + 1))
        };
        self.notes().find_map(after).or_else(|| self.beside(ran).1)
    }
}

/// The page of a player that runs whatever one likes, if it has one.
pub const STAGE: &str = "stage/index.html";

/// The files of the site that are not made.
const FIXED: [(&str, &[u8]); 7] = [
    ("assets/icon.svg", include_bytes!("assets/icon.svg")),
    ("assets/minisearch.LICENSE.txt", include_bytes!("assets/minisearch.LICENSE.txt")),
    ("assets/minisearch.js", include_bytes!("assets/minisearch.js")),
    ("assets/search.js", include_bytes!("assets/search.js")),
    ("assets/site.js", include_bytes!("assets/site.js")),
    ("assets/style.css", include_bytes!("assets/style.css")),
    ("assets/theme.js", include_bytes!("assets/theme.js")),
];

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
    let book = Book::published(library);
    let mut files: Files = FIXED.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    files.extend(player.map(Player::files).transpose()?.unwrap_or_default());
    let has_stage = files.contains_key(STAGE);
    let runs = make_runs(&book, progress)?;
    let site = Site { runs, book: &book, settings, player, has_stage };
    if let Some(player) = player {
        files.extend(playing(&site, player)?);
    }
    files.extend(texts(&site).into_iter().map(|(path, text)| (path, text.into_bytes())));
    files.extend(tags::pages(&site));
    #[cfg(feature = "previews")]
    files.extend(picture::all(&site)?);
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

/// The pages of notes and runs, and what is made of all of them.
fn texts(site: &Site<'_>) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> =
        site.runs.par_iter().map(|ran| (run_page(&ran.link), run::page(site, ran))).collect();
    texts.extend(site.notes().map(|note| (note_page(&note.path), note::page(site, note))));
    for event in events::all(site) {
        texts.insert(calendar_page(&event.note.path), calendar::one(site, event));
    }
    let made = [
        ("notes.html", lists::notes(site)),
        ("scenarios.html", lists::scenarios(site)),
        ("events.html", events::page(site)),
        ("search.html", lists::search(site)),
        ("404.html", frame::missing(site)),
        ("feed.xml", feed::atom(site)),
        ("calendar.ics", calendar::feed(site)),
        ("assets/search-index.js", search::index(site)),
    ];
    texts.extend(made.map(|(path, text)| (path.to_owned(), text)));
    texts.entry(frame::FIRST.to_owned()).or_insert_with(|| home::without_note(site));
    texts
}

/// The pages that play runs.
fn playing(site: &Site<'_>, player: &dyn Player) -> Result<Files, String> {
    let play = |ran: &Ran| {
        let page = site.play_page(ran)?;
        let html = player.page(&page, &ran.link, &ran.report);
        Some(html.map(|html| (page.clone(), around(site, ran, &page, &html).into_bytes())))
    };
    site.runs.par_iter().filter_map(play).collect()
}

/// A page that plays a run, with what its link looks like where it is shared, and with links to its
/// note and to what is shown next, which the player takes up.
fn around(site: &Site<'_>, ran: &Ran, page: &str, html: &str) -> String {
    let (title, summary) = (run::title_of(ran), run::asks(ran));
    let tags = preview::Preview { page, title: &title, summary: &summary }.tags(site).into_string();
    let note = site.note_of(ran).map(|note| (way(page, &note_page(&note.path)), &note.front.title));
    let page_of = |ran: &Ran| site.play_page(ran).unwrap_or_else(|| run_page(&ran.link));
    let next = site.next_demo(ran).map(|next| (way(page, &page_of(next)), &next.report.scenario.title));
    let leads = maud::html! {
        nav id="leads" aria-label="Around this run" {
            @if let Some((there, title)) = note { a href=(there) { "The note: " (title) } " " }
            @if let Some((there, title)) = next { a href=(there) rel="next" { "Next: " (title) } }
        }
    };
    // No text of the run holds these tags: it is escaped.
    html.replacen("</head>", &format!("{tags}</head>"), 1).replacen(
        "<body>",
        &format!("<body>{}", leads.into_string()),
        1,
    )
}

/// Whether a scenario is the meetup's, or of a problem that it takes over. Another is shown only
/// where notes link to it.
fn is_taken(library: &Library, path: &str) -> bool {
    let is_own = library.file(&format!("scenarios/{path}.toml")).is_some_and(|file| file.is_own);
    is_own || path.split('/').next().is_some_and(|problem| library.take().problem(problem))
}

/// Makes every run that has a page: each scenario as it is written, and each that a note links to.
fn make_runs(book: &Book<'_>, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Vec<Ran>, String> {
    let library = book.library;
    let linked = book.notes.iter().flat_map(|note| note.runs(library)).map(|(link, _)| link);
    let claimed = book.notes.iter().flat_map(|note| note.claimed(library));
    let stories = library.stories();
    let place = |link: &RunLink| stories.iter().position(|story| story.path() == link.story);
    let plain = stories.iter().map(Story::path).filter(|path| is_taken(library, path));
    let plain = plain.map(|story| RunLink { story, ..RunLink::default() });
    let links: BTreeSet<RunLink> = plain.chain(linked).chain(claimed).collect();
    let mut links: Vec<RunLink> = links.into_iter().collect();
    links.sort_by_cached_key(|link| (place(link), link.clone()));
    let done = AtomicUsize::new(0);
    let all = links.len();
    let made: Vec<Result<Ran, String>> = links
        .into_par_iter()
        .map(|link| {
            let report =
                make::run(library, &link).map_err(|(message, _)| format!("`{}`: {message}", link.command(library)));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
            report.map(|report| Ran { link, report })
        })
        .collect();
    made.into_iter().collect()
}

/// The page that shows the note at this path of the library; `notes/README.md` is the site's first
/// page.
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

/// The calendar's file of an event.
fn calendar_page(path: &str) -> String {
    note_page(path).replace(".html", ".ics")
}

/// Whether search engines should list a page.
fn is_for_readers(path: &str) -> bool {
    path.ends_with(".html") && !path.starts_with("play/") && path != "404.html"
}

fn is_picture(path: &str) -> bool {
    path.starts_with("notes/") && !path.ends_with(".md") && path != MEETUP_FILE
}

fn picture_page(path: &str) -> String {
    format!("pictures/{}", path.strip_prefix("notes/").unwrap_or(path))
}

/// Where links lead from a page of the site.
struct OnPage<'p> {
    page: &'p str,
    /// The notes that have pages.
    book: &'p Book<'p>,
}

impl Ways for OnPage<'_> {
    fn run(&self, run: &RunLink) -> String {
        way(self.page, &run_page(run))
    }

    fn note(&self, path: &str, anchor: Option<&str>) -> Option<String> {
        self.book.at(path)?;
        let there = note_page(path);
        Some(match anchor {
            Some(anchor) if there == self.page => format!("#{anchor}"),
            Some(anchor) => format!("{}#{anchor}", way(self.page, &there)),
            None => way(self.page, &there),
        })
    }

    fn picture(&self, path: &str) -> String {
        way(self.page, &picture_page(path))
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
