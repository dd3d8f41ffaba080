//! Where a bar of progress is drawn: on standard error, if that is a terminal, and never up to its
//! edge.
//!
//! Ctrl-C makes the terminal write `^C` behind the bar. At the edge that would begin a new line,
//! and the bar above it could not be taken away any more.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressDrawTarget, TermLike};

/// The room that is left behind a bar.
const ROOM: u16 = 4;

/// Where a bar is drawn; nowhere if standard error is no terminal.
pub(super) fn target() -> ProgressDrawTarget {
    match width() {
        Some(_) => ProgressDrawTarget::term_like(Box::new(Terminal)),
        None => ProgressDrawTarget::hidden(),
    }
}

/// The columns that a bar may take.
pub(super) fn width() -> Option<u16> {
    let stderr = io::stderr();
    let columns = terminal_size::terminal_size_of(&stderr).map(|(width, _)| width.0);
    columns.filter(|_| stderr.is_terminal()).map(|columns| columns.saturating_sub(ROOM).max(1))
}

/// The terminal that standard error is, a little narrower than it is.
#[derive(Debug)]
struct Terminal;

impl Terminal {
    fn go(count: usize, letter: char) -> io::Result<()> {
        if count == 0 { Ok(()) } else { write!(io::stderr(), "\x1b[{count}{letter}") }
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        width().unwrap_or(1)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        Terminal::go(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        Terminal::go(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        Terminal::go(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        Terminal::go(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{text}")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        write!(io::stderr(), "{text}")
    }

    fn clear_line(&self) -> io::Result<()> {
        write!(io::stderr(), "\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().flush()
    }
}
