//! How the program ends: the only place that knows exit codes.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::scenario::Invalid;
use crate::scenario::visible::visible_lines;
use crate::view::terminal::paragraph;

use super::output::{self, Place};

pub use super::interrupt::Signal;
use super::usage::Usage;

/// A command has done what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is done, and a verdict differs from what the scenario claims, or a note says what is not
    /// so.
    Unexpected,
    /// A signal interrupted it, and what was finished is kept.
    Interrupted(Signal),
}

impl Outcome {
    /// The exit code that says so.
    pub fn exit_code(self) -> ExitCode {
        match self {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::Unexpected => ExitCode::from(1),
            Outcome::Interrupted(signal) => ExitCode::from(signal.exit_code()),
        }
    }
}

/// Prints an error and returns its exit code: 2 for bad input or usage, 3 for I/O and what should
/// not be.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    if let Some(error) = error.downcast_ref::<clap::Error>() {
        return told_by_clap(error);
    }
    let mut stderr = anstream::stderr();
    // Where standard error is gone too, only the exit code is left to tell.
    let (_, code) = if let Some(invalid) = error.downcast_ref::<Invalid>() {
        // The context says where the scenario comes from, if not from a file alone.
        let whence =
            if error.chain().len() == 1 { String::new() } else { format!("\n\n{}", visible_lines(&error.to_string())) };
        (writeln!(stderr, "{}{whence}", invalid.styled()), 2)
    } else if let Some(Usage { message, help }) = error.downcast_ref::<Usage>() {
        let help = if help.is_empty() { String::new() } else { in_lines("  ", &visible_lines(help)) };
        let message = in_lines("error: ", &visible_lines(message));
        let message = message.strip_prefix("error").unwrap_or(&message);
        (write!(stderr, "{ERROR}error{ERROR:#}{message}{help}"), 2)
    } else {
        (writeln!(stderr, "{ERROR}error{ERROR:#}: {}", visible_lines(&format!("{error:#}"))), 3)
    };
    ExitCode::from(code)
}

/// Prints what the parser of arguments says: help, the version, or an error.
fn told_by_clap(error: &clap::Error) -> ExitCode {
    if !error.use_stderr()
        && let Err(error) = Place::open(Path::new("-"))
    {
        return report(&error);
    }
    let plain = error.render().to_string();
    let printed = match visible_lines(&plain) {
        Cow::Borrowed(_) => error.print(),
        // What somebody has written is in it, and cannot be shown as it is.
        Cow::Owned(visible) => write!(anstream::stderr(), "{visible}"),
    };
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(3),
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

/// The text as wide as errors are, each of its lines wrapped by itself; `lead` stands before the
/// first.
fn in_lines(lead: &str, text: &str) -> String {
    let columns = output::columns_of_errors();
    if columns == usize::MAX {
        return format!("{lead}{text}\n");
    }
    let blank = " ".repeat(lead.len());
    let leads = std::iter::once(lead).chain(std::iter::repeat(blank.as_str()));
    text.lines().zip(leads).map(|(line, lead)| paragraph(lead, line, columns)).collect()
}

const ERROR: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();

/// Whether the reader of our output has gone, as `head` does when it has seen enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        kind.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}
