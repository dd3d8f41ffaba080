//! Whether what the notes say is so: every link, every claim, all shown output, and the notes' own
//! form.
//!
//! Nothing stops at the first fault: all of them come in one list, in the order of files and lines.
//! Runs are made once each, in parallel. Where a folder of the user's is laid over what ships, the
//! folder is what is checked.

mod blocks;
mod event;
mod library;
mod note;
mod runs;

use std::sync::Arc;

use crate::library::{Library, MEETUP_FILE};

use super::claim::{self, About};
use super::link::{RunLink, Wrong};
use super::meetup::Meetup;
use super::parse::Line;
use super::{Book, Fault, Kind, Note, Source, event as events, front};

/// What was checked, and what is wrong.
#[derive(Debug)]
pub struct Checked {
    /// All faults, in the order of files and lines.
    pub faults: Vec<Fault>,
    /// What is no fault and worth knowing: which notes are drafts, and that no zone is said yet.
    pub notices: Vec<Fault>,
    /// The notes that were read.
    pub notes: usize,
    /// The links that were followed.
    pub links: usize,
    /// The lines of claims and blocks of output that were held against runs.
    pub claims: usize,
    /// The runs that were made.
    pub runs: usize,
}

/// Checks a library's book. `progress` is told how many runs are done, and of how many.
pub fn check(library: &Library, progress: &(dyn Fn(usize, usize) + Sync)) -> Checked {
    let book = Book::read(library);
    let notes = own(&book);
    let mut checking = Checking::look(&book, &notes);
    let runs = checking.make_runs(progress);
    let faults = in_order(checking.faults);
    let links = notes.iter().map(|note| note.parsed.links.len()).sum();
    let is_claim = |asked: &Asked<'_>| matches!(asked, Asked::Holds(..) | Asked::Prints(..));
    let claims = checking.claims.iter().filter(|(_, asked)| is_claim(asked)).count();
    let mut notices = checking.notices;
    notices.extend(notes.iter().filter(|note| note.front.is_draft).map(|note| of_draft(note)));
    notices.sort_by(|a, b| a.source.origin.cmp(&b.source.origin));
    Checked { faults, notices, notes: notes.len(), links, claims, runs }
}

/// The faults of a book that show without a run.
pub(super) fn without_runs(book: &Book<'_>) -> Vec<Fault> {
    in_order(Checking::look(book, &own(book)).faults)
}

/// The notes that are checked.
fn own<'b>(book: &'b Book<'_>) -> Vec<&'b Note> {
    book.notes.iter().filter(|note| note.is_own || !book.library.has_own()).collect()
}

/// The faults in the order of files and lines, each once; those of the meetup's file first, since
/// others may follow from them.
fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by(|a, b| {
        let is_late = |fault: &Fault| !fault.source.origin.ends_with(MEETUP_FILE);
        let key = |fault: &Fault| (is_late(fault), fault.source.origin.clone(), fault.span.start, fault.span.end);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    faults.dedup();
    faults
}

/// That a note is a draft, and what is still open in it.
fn of_draft(note: &Note) -> Fault {
    let text = &note.source.text;
    let unknown = [("date", note.front.date.is_none()), ("time", note.front.time.is_none())];
    let unknown = unknown.into_iter().chain([
        ("place", note.front.place.is_none()),
        ("link", note.front.link.as_deref().is_none_or(events::is_open_link)),
    ]);
    let unknown = unknown.filter(|(_, is_unknown)| *is_unknown && note.front.kind == Kind::Event);
    let mut open: Vec<String> = unknown.map(|(key, _)| format!("`{key}`")).collect();
    open.extend(events::left_words(text).iter().map(|place| format!("`{place}`")));
    let open = if open.is_empty() { String::new() } else { format!("still open: {}; ", open.join(", ")) };
    let help = format!("{open}it is published once `draft` is taken away");
    let message = "this is a draft: it is in no site, feed or calendar";
    Fault::new(&note.source, front::place_of(text, "draft"), message, help)
}
struct Checking<'b> {
    book: &'b Book<'b>,
    faults: Vec<Fault>,
    notices: Vec<Fault>,
    /// The runs that are linked, each with the place of its link.
    wanted: Vec<(RunLink, Place<'b>)>,
    claims: Vec<(About, Asked<'b>)>,
    /// Whether the meetup's file is wrong, so that what it takes over may not be what is meant.
    is_taken_wrong: bool,
}

/// A place in a note.
type Place<'b> = (&'b Arc<Source>, std::ops::Range<usize>);

/// What is asked of a run.
#[derive(Clone)]
enum Asked<'b> {
    /// That it can be made, at this command.
    Made(Place<'b>),
    /// That a statement holds.
    Holds(Place<'b>, claim::Line),
    /// That its output is as shown.
    Prints(&'b Arc<Source>, Vec<Line>),
    /// That nothing in this scenario changes nothing.
    Tells(Arc<Source>),
}

impl<'b> Checking<'b> {
    /// All that shows without a run.
    fn look(book: &'b Book<'b>, notes: &[&'b Note]) -> Checking<'b> {
        let faults = book.faults.clone();
        let is_taken_wrong = Meetup::of(book.library).is_err();
        let (notices, wanted, claims) = (Vec::new(), Vec::new(), Vec::new());
        let mut checking = Checking { book, faults, notices, wanted, claims, is_taken_wrong };
        for note in notes {
            checking.form(note);
            checking.links(note);
            checking.blocks(note);
            checking.weekdays(note);
            checking.playlist(note);
        }
        checking.template();
        if checking.first_page() {
            checking.orphans(notes);
        }
        checking.events(notes);
        checking.scenarios();
        checking.path();
        checking.meetup();
        checking
    }

    fn add(&mut self, (source, span): Place<'_>, (message, help): Wrong) {
        self.faults.push(Fault::new(source, span, message, help));
    }

    /// The same of what would mislead readers.
    fn add_misleading(&mut self, (source, span): Place<'_>, (message, help): Wrong) {
        self.faults.push(Fault::new(source, span, message, help).misleading());
    }
}
