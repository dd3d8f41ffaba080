//! The meetup's notes: Markdown that links to runs, and whose claims are run.
//!
//! A [`Book`] is all notes of a library, each read once into plain data: its front matter,
//! headings, links and blocks. From there:
//!
//! - [`check`]: whether all of it is so, every fault in one report;
//! - [`terminal`]: a note as text for the terminal;
//! - [`publish`]: what must not be in a site, without a run;
//! - [`site`]: the whole book as a static site;
//! - [`event`]: the note of the next event;
//! - [`meetup`]: whose notes they are; [`zone`] and [`when`]: when its events are.
//!
//! Notes may come from strangers: their HTML is never passed on, their links lead nowhere but to
//! the web, within the library, and to runs.

pub mod check;
mod claim;
pub mod date;
pub mod event;
mod fault;
mod front;
pub mod language;
mod link;
pub mod meetup;
mod named;
pub(crate) mod open;
mod parse;
pub mod publish;
mod rate;
mod run;
mod shown;
pub mod site;
pub mod terminal;
pub mod when;
mod worst;
pub mod zone;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::library::Library;

use date::Date;
pub use fault::Fault;
pub use front::{Front, Kind};
pub use link::{RunLink, Target};
use meetup::Meetup;
use parse::Parsed;

/// The note that the others are made from; it is no note itself.
const TEMPLATE: &str = "notes/events/template.md";

/// A file's text, with what errors call it.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// What errors call it.
    pub origin: String,
    /// The text.
    pub text: String,
}

/// A note.
#[derive(Debug)]
pub struct Note {
    /// Its path in the library: `notes/topics/cap.md`.
    pub path: String,
    /// Its text.
    pub source: Arc<Source>,
    /// What it says of itself.
    pub front: Front,
    /// Whether it comes from the user's folder.
    pub is_own: bool,
    name: String,
    parsed: Parsed,
}

/// All notes of a library, in reading order.
#[derive(Debug)]
pub struct Book<'l> {
    /// What it links into.
    pub library: &'l Library,
    /// The notes: by kind, then by their own order, events from the newest on.
    pub notes: Vec<Note>,
    /// The meetup that they are of; one of which nothing is known where its file is wrong.
    pub meetup: Meetup,
    /// What is wrong with the notes' front matter.
    faults: Vec<Fault>,
}

impl Note {
    /// The name by which it is asked for: `cap`, or `events/03` where the last part alone says too
    /// little. No two share one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its path as scenarios write it, from the folder of notes on: `topics/cap.md`.
    pub fn path_in_notes(&self) -> &str {
        self.path.strip_prefix("notes/").unwrap_or(&self.path)
    }

    /// The links of its playlist, in order: those of a numbered list under the heading "Demos".
    pub fn demos<'b>(&'b self, library: &'b Library) -> impl Iterator<Item = (RunLink, &'b str)> {
        let demos = self.parsed.links.iter().filter(|link| link.is_demo);
        demos.filter_map(|link| match link::resolve(library, &self.path, &link.url) {
            Ok(Target::Run(run)) => Some((run, link.text.as_str())),
            _ => None,
        })
    }

    /// The runs that it links to, with the words of each link, in their order.
    pub fn runs<'b>(&'b self, library: &'b Library) -> impl Iterator<Item = (RunLink, &'b str)> {
        self.parsed.links.iter().filter_map(|link| match link::resolve(library, &self.path, &link.url) {
            Ok(Target::Run(run)) => Some((run, link.text.as_str())),
            _ => None,
        })
    }

    /// The runs that its claims and its shown outputs are about, in their order.
    pub fn claimed<'b>(&'b self, library: &'b Library) -> impl Iterator<Item = RunLink> {
        let blocks = self.parsed.blocks.iter().filter(|block| ["dsys", "console"].contains(&block.language.as_str()));
        let commands =
            blocks.flat_map(|block| &block.lines).filter_map(|line| line.text.trim().strip_prefix(claim::PROMPT));
        commands.filter_map(|command| run::command(library, command).ok())
    }
}

/// Whether a file of the library is a note.
fn is_note(path: &str) -> bool {
    path.starts_with("notes/") && path.ends_with(".md") && path != TEMPLATE
}

/// The last part of a note's path: `cap`.
fn last_part(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".md").unwrap_or(file)
}

/// Whether no other note has the last part of this one's path.
fn is_alone(library: &Library, path: &str) -> bool {
    let namesakes = library.files().filter(|&(other, _)| is_note(other) && last_part(other) == last_part(path));
    namesakes.count() <= 1
}

/// The path by which a note is asked for: `topics/cap`, or `notes/cap` where another folder has a
/// `cap` too.
fn path_name<'p>(library: &Library, path: &'p str) -> &'p str {
    let path = path.strip_suffix(".md").unwrap_or(path);
    let within = path.strip_prefix("notes/").unwrap_or(path);
    if within.contains('/') || is_alone(library, path) { within } else { path }
}

impl<'l> Book<'l> {
    /// Reads all notes of a library.
    pub fn read(library: &'l Library) -> Book<'l> {
        let (mut notes, mut faults) = (Vec::new(), Vec::new());
        for (path, file) in library.files().filter(|(path, _)| is_note(path)) {
            // Line ends and a byte order mark are the editor's affair.
            let text = file.text().trim_start_matches('\u{feff}').replace("\r\n", "\n");
            let source = Arc::new(Source { origin: file.origin.clone(), text });
            let parsed = parse::parse(&source.text);
            let heading = parsed.headings.first().map_or(path, |heading| heading.text.trim());
            let (front, found) = front::read(heading, &source);
            if file.is_own || !library.has_own() {
                faults.extend(found);
            }
            let says_enough = front.kind != Kind::Event && is_alone(library, path);
            let name = if says_enough { last_part(path) } else { path_name(library, path) }.to_owned();
            notes.push(Note { path: path.to_owned(), source, front, is_own: file.is_own, name, parsed });
        }
        let newest = |note: &Note| note.front.date.filter(|_| note.front.kind == Kind::Event).map(std::cmp::Reverse);
        notes.sort_by_cached_key(|note| {
            let number = std::cmp::Reverse(note.front.number);
            (note.front.kind, newest(note), note.front.order.unwrap_or(u32::MAX), number, note.path.clone())
        });
        let meetup = Meetup::of(library).unwrap_or_default();
        Book { library, notes, meetup, faults }
    }

    /// Reads the notes that are for readers: those that are no drafts, and no guides for
    /// organisers.
    pub fn published(library: &'l Library) -> Book<'l> {
        let mut book = Book::read(library);
        book.notes.retain(|note| !note.front.is_draft && library.is_for_readers(&note.path));
        book
    }

    /// The notes that are no readers' yet.
    pub fn drafts(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(|note| note.front.is_draft)
    }

    /// The note at a path of the library.
    pub fn at(&self, path: &str) -> Option<&Note> {
        self.notes.iter().find(|note| note.path == path)
    }

    /// The notes that a name can mean: `cap`, `topics/cap`, `topics/cap.md`, `notes/topics/cap.md`.
    pub fn named(&self, name: &str) -> Vec<&Note> {
        let name = name.strip_prefix("./").unwrap_or(name);
        let is_path = name.contains('/') || name.ends_with(".md");
        let name = name.strip_prefix("notes/").unwrap_or(name);
        let name = name.strip_suffix(".md").unwrap_or(name);
        if is_path && let Some(note) = self.at(&format!("notes/{name}.md")) {
            return vec![note];
        }
        let ending = format!("/{name}.md");
        self.notes.iter().filter(|note| note.path.ends_with(&ending)).collect()
    }

    /// The topics that link to a run of each scenario: by the scenario's path, those notes' paths
    /// as scenarios write them, in reading order.
    pub fn topics(&self) -> BTreeMap<String, Vec<String>> {
        let mut topics: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for note in self.notes.iter().filter(|note| note.front.kind == Kind::Topic) {
            let linked: BTreeSet<String> = note.runs(self.library).map(|(run, _)| run.story).collect();
            for story in linked {
                topics.entry(story).or_default().push(note.path_in_notes().to_owned());
            }
        }
        topics
    }

    /// The latest date of an event, if there is any.
    pub fn latest(&self) -> Option<Date> {
        self.notes.iter().filter_map(|note| note.front.date).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_come_in_reading_order() {
        let library = Library::shipped();
        let book = Book::read(&library);
        assert_eq!(book.notes.first().map(Note::name), Some("README"));
        assert!(book.notes.is_sorted_by_key(|note| note.front.kind));
        let of = |kind| book.notes.iter().filter(move |note| note.front.kind == kind);
        let days: Vec<Date> = of(Kind::Event).filter_map(|event| event.front.date).collect();
        assert!(days.is_sorted_by(|later, earlier| later >= earlier));
        let problems: Vec<&str> = of(Kind::Problem).map(Note::name).collect();
        let taught: Vec<&str> = library.registry().problems.iter().map(|problem| problem.name).collect();
        assert_eq!(problems, taught);
    }

    #[test]
    fn a_note_is_found_by_every_name_that_is_printed() {
        let library = Library::shipped();
        let book = Book::read(&library);
        for name in ["cap", "topics/cap", "topics/cap.md", "notes/topics/cap.md", "./notes/topics/cap.md"] {
            let paths: Vec<&str> = book.named(name).iter().map(|note| note.path.as_str()).collect();
            assert_eq!(paths, ["notes/topics/cap.md"], "{name}");
        }
        assert!(book.named("no-such-note").is_empty());
        for note in &book.notes {
            let paths: Vec<&str> = book.named(note.name()).iter().map(|note| note.path.as_str()).collect();
            assert_eq!(paths, [note.path.as_str()]);
        }
    }
}
