//! Where results go: standard output or a file.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use super::args::Color;
use super::exit::usage;

/// Whether the path means standard output.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Lets `write` write to the file, or to standard output for `-`.
pub(super) fn to(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    if is_stdout(path) {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out).and_then(|()| out.flush()).context("standard output cannot be written")?;
        return Ok(());
    }
    let cannot = || format!("`{}` cannot be written", path.display());
    let file = open(path)?;
    let mut out = BufWriter::new(file);
    write(&mut out).and_then(|()| out.flush()).with_context(cannot)
}

fn open(path: &Path) -> anyhow::Result<File> {
    if path.is_dir() {
        return Err(usage(format!("`{}` is a directory", path.display()), "name a file in it"));
    }
    File::create(path).with_context(|| format!("`{}` cannot be written", path.display()))
}

/// Writes text that has colours; they are taken off where they are not wanted.
pub(super) fn coloured(path: &Path, text: &str, color: Color) -> anyhow::Result<()> {
    let choice = match (is_stdout(path), color) {
        (true, _) => anstream::AutoStream::choice(&io::stdout()),
        // A file gets colours only if somebody insists.
        (false, Color::Always) => anstream::ColorChoice::Always,
        (false, _) => anstream::ColorChoice::Never,
    };
    to(path, |out| match choice {
        anstream::ColorChoice::Never => write!(out, "{}", anstream::adapter::strip_str(text)),
        _ => out.write_all(text.as_bytes()),
    })
}

/// Writes a new file, and refuses to write over one that is there; `help` says what to do then.
pub(super) fn new_file(path: &Path, text: &str, help: &str) -> anyhow::Result<()> {
    let cannot = || format!("`{}` cannot be written", path.display());
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(usage(format!("`{}` is there already", path.display()), help));
        }
        file => file.with_context(cannot)?,
    };
    file.write_all(text.as_bytes()).with_context(cannot)
}

/// The columns of the terminal that standard output is, if it is one.
pub(super) fn columns() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(columns))
}
