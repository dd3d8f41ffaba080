//! What is wrong with notes before a site is built of them, without a run.

use std::sync::Arc;

use crate::library::Library;

use super::{Book, Fault, check};

/// What would be published though it is not meant.
#[derive(Debug)]
pub struct Found {
    /// What would mislead readers, or show them that something is not finished: no site is built
    /// with it.
    pub stops: Vec<Fault>,
    /// What else is wrong.
    pub others: Vec<Fault>,
}

/// Looks for what is wrong with a library's notes, but for what only runs can tell.
pub fn look(library: &Library) -> Found {
    let book = Book::read(library);
    let is_of_draft = |fault: &Fault| book.drafts().any(|note| Arc::ptr_eq(&note.source, &fault.source));
    let is_stop = |fault: &Fault| fault.misleads && !is_of_draft(fault);
    let (stops, others) = check::without_runs(&book).into_iter().partition(is_stop);
    Found { stops, others }
}
