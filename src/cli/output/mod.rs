//! Where results go: standard output or a file.

mod closed;
mod ending;
mod input;
mod place;
pub(in crate::cli) mod unfinished;

use std::io::{self, Write};
use std::path::Path;

pub(super) use ending::Endings;
pub(super) use input::{Input, refuse_inputs};
pub(super) use place::{Place, is_stdout};

use crate::view::terminal::{NARROWEST, WIDEST};

use super::args::Color;
use super::usage::usage;

/// Lets `write` write to the file, or to standard output for `-`: where there is no work before it
/// that could be lost.
pub(super) fn to(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    Place::open(path)?.write(write)
}

/// Writes text that has colours to the file, or to standard output for `-`.
pub(super) fn coloured(path: &Path, text: &str, color: Color) -> anyhow::Result<()> {
    Place::open(path)?.keep_coloured(text, color)
}

impl Place {
    /// Writes text that has colours, as [`Place::keep`] does; they are taken off where they are not
    /// wanted.
    ///
    /// # Errors
    ///
    /// When it cannot be written to its place.
    pub(super) fn keep_coloured(&self, text: &str, color: Color) -> anyhow::Result<()> {
        let choice = match (self.is_stdout(), color) {
            (true, _) => anstream::AutoStream::choice(&io::stdout()),
            // A file gets colours only if somebody insists.
            (false, Color::Always) => anstream::ColorChoice::Always,
            (false, _) => anstream::ColorChoice::Never,
        };
        self.keep(|out| match choice {
            anstream::ColorChoice::Never => write!(out, "{}", anstream::adapter::strip_str(text)),
            _ => out.write_all(text.as_bytes()),
        })
    }
}

/// What became of several results: each is written, whatever becomes of the others.
#[derive(Debug, Default)]
pub(super) struct Written(Vec<anyhow::Error>);

impl Written {
    /// Takes note of one.
    pub(super) fn add(&mut self, written: anyhow::Result<()>) {
        self.0.extend(written.err());
    }

    /// Whether all are written.
    ///
    /// # Errors
    ///
    /// What kept those that are not, in one sentence.
    pub(super) fn all(mut self) -> anyhow::Result<()> {
        match self.0.len() {
            0 => Ok(()),
            1 => Err(self.0.remove(0)),
            _ => {
                let said: Vec<String> = self.0.iter().map(|error| format!("{error:#}")).collect();
                Err(anyhow::anyhow!("{}", said.join("; ")))
            }
        }
    }
}

/// Refuses two results at one place, where the second would destroy the first or run into it.
pub(super) fn refuse_shared<'a>(places: impl IntoIterator<Item = &'a Place>) -> anyhow::Result<()> {
    let mut seen: Vec<&Place> = Vec::new();
    for place in places {
        if seen.iter().any(|other| other.is_that_of(place)) {
            return Err(if place.is_stdout() {
                usage("two results would both go to standard output", "write one to a file, or leave it out")
            } else {
                usage(format!("two results would go to `{}`", place.path().display()), "give each its own file")
            });
        }
        seen.push(place);
    }
    Ok(())
}

/// The columns that text on standard output may take: those of the terminal, or what COLUMNS says
/// where it is none, as far as a report is of any use in them. In a pipe without either they are
/// [`WIDEST`].
pub(super) fn columns() -> usize {
    known_columns().unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// The columns of the terminal that standard output is, or what COLUMNS says where it is none.
pub(super) fn known_columns() -> Option<usize> {
    let terminal = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(told).filter(|&columns| columns > 0)
}

/// The columns that an error may take: those of the terminal that standard error is, or what
/// COLUMNS says. Without either an error is not wrapped, so that other programs find its sentences
/// whole.
pub(super) fn columns_of_errors() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0));
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(told).filter(|&columns| columns > 0).map_or(usize::MAX, |columns| columns.clamp(NARROWEST, WIDEST))
}

/// The columns that text at a place may take: a file has no terminal.
pub(super) fn columns_of(place: &Place) -> usize {
    if place.is_stdout() { columns() } else { WIDEST }
}
