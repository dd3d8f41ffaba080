//! The files that a command has read: no result may replace one of them.

use std::fs::File;
use std::path::Path;

use super::Place;
use crate::cli::usage::usage;

use identity::Identity;

/// A file that a command has read, known by what it is, not by the path that led to it.
#[derive(Debug)]
pub(in crate::cli) struct Input {
    shown: String,
    identity: Identity,
}

impl Input {
    /// The file at a path; `None` if there is no regular file.
    pub(in crate::cli) fn file(path: &Path) -> Option<Input> {
        Some(Input { shown: path.display().to_string(), identity: identity::of_path(path)? })
    }

    /// The file that standard input comes from; `None` if it comes from a pipe or a terminal.
    pub(in crate::cli) fn stdin() -> Option<Input> {
        Some(Input { shown: "<stdin>".to_owned(), identity: identity::of_stdin()? })
    }
}

/// Refuses a result at the place of a file that was read: it would be gone.
pub(in crate::cli) fn refuse_inputs<'p, 'i>(
    places: impl IntoIterator<Item = &'p Place>,
    inputs: impl IntoIterator<Item = &'i Input> + Clone,
) -> anyhow::Result<()> {
    for place in places {
        let Some(identity) = place.file_identity() else { continue };
        if let Some(input) = inputs.clone().into_iter().find(|input| input.identity == identity) {
            let place = match place.is_stdout() {
                true => "standard output".to_owned(),
                false => format!("`{}`", place.path().display()),
            };
            let read = match input.shown.as_str() {
                "<stdin>" => "the file that standard input comes from".to_owned(),
                shown if place == format!("`{shown}`") => "the file that was read".to_owned(),
                shown => format!("`{shown}`, the file that was read"),
            };
            return Err(usage(format!("{place} is {read}: a result there would destroy it"), "name another file"));
        }
    }
    Ok(())
}

/// What a regular file that is open is; `None` if it is no regular file.
pub(super) fn of_open(file: &File) -> Option<Identity> {
    identity::of_open(file)
}

/// What the file at a path is; `None` if there is no regular file.
pub(super) fn of_path(path: &Path) -> Option<Identity> {
    identity::of_path(path)
}

/// What standard output is, if that is a regular file.
pub(super) fn of_stdout() -> Option<Identity> {
    identity::of_stdout()
}

#[cfg(unix)]
pub(super) mod identity {
    use std::fs::{self, File, Metadata};
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    /// The device and the number of a file on it.
    pub(in crate::cli) type Identity = (u64, u64);

    fn of(metadata: &Metadata) -> Option<Identity> {
        metadata.is_file().then(|| (metadata.dev(), metadata.ino()))
    }

    pub(super) fn of_path(path: &Path) -> Option<Identity> {
        of(&fs::metadata(path).ok()?)
    }

    pub(super) fn of_open(file: &File) -> Option<Identity> {
        of(&file.metadata().ok()?)
    }

    pub(super) fn of_stdin() -> Option<Identity> {
        of_stream(&io::stdin())
    }

    pub(super) fn of_stdout() -> Option<Identity> {
        of_stream(&io::stdout())
    }

    fn of_stream(stream: &impl AsFd) -> Option<Identity> {
        of_open(&File::from(stream.as_fd().try_clone_to_owned().ok()?))
    }
}

#[cfg(not(unix))]
pub(super) mod identity {
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};

    /// The one path that all links to a file lead to.
    pub(in crate::cli) type Identity = PathBuf;

    pub(super) fn of_path(path: &Path) -> Option<Identity> {
        fs::canonicalize(path).ok().filter(|path| path.is_file())
    }

    pub(super) fn of_open(_: &File) -> Option<Identity> {
        None
    }

    pub(super) fn of_stdin() -> Option<Identity> {
        None
    }

    pub(super) fn of_stdout() -> Option<Identity> {
        None
    }
}
