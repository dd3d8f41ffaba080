//! A file of a library that is no scenario, read with the same care: it is held against the schema
//! of its type, and every error points at its place.

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::conform::conform;
use super::document::{Document, FileKind};
use super::findings::Findings;
use super::invalid::Invalid;
use super::{Request, params, schema};

/// A file while it is read.
pub(crate) struct Sheet<'a> {
    document: Document<'a>,
    findings: Findings,
}

impl<'a> Sheet<'a> {
    /// Reads a file, whose kind errors call `name`; `help` says what such a file looks like.
    /// Returns what of it fits its type, if anything does, and what has been found so far.
    pub(crate) fn read<T: DeserializeOwned + JsonSchema + 'static>(
        (origin, text): (&'a str, &'a str),
        name: &'static str,
        help: &'static str,
    ) -> (Option<T>, Sheet<'a>) {
        let request = Request { origin, ..Request::new(name, text) };
        let document = Document::new(&request).of_kind(FileKind { name, help });
        let mut findings = Findings::default();
        let read = document.parse(&mut findings).and_then(|mut tree| {
            let fits = conform(&mut tree, schema::of::<T>(), name, &mut findings);
            fits.then(|| params::read(&tree, &mut findings)).flatten()
        });
        (read, Sheet { document, findings })
    }

    /// `message` is wrong at `span`; `help` says what is allowed, and may be empty.
    pub(crate) fn add(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.findings.add(span, message, help);
    }

    /// The same, where a second place shows why.
    pub(crate) fn add_beside(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        beside: (Range<usize>, &str),
    ) {
        self.findings.add_beside(span, message, help, beside);
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// All that was found.
    pub(crate) fn end(self) -> Result<(), Invalid> {
        if self.findings.is_empty() { Ok(()) } else { Err(Invalid::new(&self.document, self.findings)) }
    }
}
