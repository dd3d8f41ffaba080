//! What is wrong with notes before a site is built of them, without a run.

use std::sync::Arc;

use crate::library::Library;

use super::{Book, Fault, Kind, Note, check, event, front};

/// What would be published though it is not meant.
#[derive(Debug)]
pub struct Found {
    /// What readers would miss, or see unfinished: no site is built with it.
    pub stops: Vec<Fault>,
    /// How many faults there are, with those that stop.
    pub faults: usize,
}

/// Looks for what is wrong with a library's notes, but for what only runs can tell.
pub fn look(library: &Library) -> Found {
    let book = Book::read(library);
    let faults = check::without_runs(&book);
    let count = faults.len();
    Found { stops: faults.into_iter().filter(|fault| is_stop(&book, fault)).collect(), faults: count }
}

/// Whether a fault lets something vanish from the site, or shows that it is not finished.
fn is_stop(book: &Book<'_>, fault: &Fault) -> bool {
    let is_its = |note: &&Note| Arc::ptr_eq(&note.source, &fault.source) && !note.front.is_draft;
    let Some(note) = book.notes.iter().find(is_its) else { return false };
    let text = &note.source.text;
    let is_in_front = !fault.span.is_empty() && fault.span.end <= front::end(text);
    // An event without a day is in no list and no calendar.
    let has_no_day = note.front.kind == Kind::Event && note.front.date.is_none();
    let is_lost = is_in_front && (has_no_day || !note.front.is_read);
    is_lost || event::left(text).contains(&fault.span)
}
