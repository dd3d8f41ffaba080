//! A place that a result goes to: tried before there is any result, and never seen half-written.
//!
//! A file is written beside its place, under another name in the same folder, and then renamed. A
//! reader finds either the old file or the whole new one, even when the disk is full or the program
//! is killed. A pipe or a device cannot be replaced and is written to directly.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use super::closed;
use super::input::{self, identity::Identity};
use super::unfinished::Unfinished;
use crate::cli::usage::usage;

/// A place for a result, that could be written when it was tried.
#[derive(Debug)]
pub(in crate::cli) struct Place {
    /// As it was named.
    path: PathBuf,
    way: Way,
    /// The one name that it has, by whatever path one gets there; `None` where two results may go
    /// to one place.
    identity: Option<PathBuf>,
}

/// How a result gets to its place.
#[derive(Debug)]
enum Way {
    /// To standard output.
    Stdout,
    /// Through a pipe or to a device, open since it was tried.
    Through(File),
    /// Written beside this file, then renamed.
    Beside(PathBuf),
    /// The same, where no file may be; what to do if one is.
    New(PathBuf, String),
}

/// Whether the path means standard output.
pub(in crate::cli) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

impl Place {
    /// Tries a place: what is there already may be replaced.
    ///
    /// # Errors
    ///
    /// When nothing can be written there.
    pub(in crate::cli) fn open(path: &Path) -> anyhow::Result<Place> {
        Place::tried(path, Way::Beside)
    }

    /// Tries a place where no file may be; `help` says what to do if one is.
    ///
    /// # Errors
    ///
    /// When one is, or nothing can be written there.
    pub(in crate::cli) fn open_new(path: &Path, help: &str) -> anyhow::Result<Place> {
        Place::tried(path, |target| Way::New(target, help.to_owned()))
    }

    fn tried(path: &Path, by_rename: impl FnOnce(PathBuf) -> Way) -> anyhow::Result<Place> {
        let place = |way, identity| Place { path: path.to_owned(), way, identity };
        if is_stdout(path) {
            if closed::is_closed() {
                return Err(no_stdout()).context(STDOUT);
            }
            return Ok(place(Way::Stdout, Some(path.to_owned())));
        }
        let cannot = || cannot(path);
        let target = real(path).with_context(cannot)?;
        let found = match fs::metadata(&target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            found => Some(found.with_context(cannot)?),
        };
        match &found {
            _ if found.as_ref().is_some_and(fs::Metadata::is_dir) || names_a_folder(path) => {
                return Err(usage(format!("`{}` is a directory", path.display()), "name a file in it"));
            }
            // Appending leaves alone what another program has written to the same standard output
            // before.
            Some(found) if !found.is_file() || is_of_a_process(&target) => {
                let file = OpenOptions::new().append(true).open(&target).with_context(cannot)?;
                return Ok(place(Way::Through(file), None));
            }
            _ => {}
        }
        let identity = target.file_name().zip(fs::canonicalize(folder_of(&target)).ok());
        let identity = identity.map(|(name, folder)| folder.join(name));
        let way = by_rename(target);
        match &way {
            Way::New(_, help) if found.is_some() => return Err(is_there(path, help)),
            Way::New(target, _) | Way::Beside(target) => {
                if found.is_some() {
                    // A file that may not be written may not be replaced either.
                    OpenOptions::new().write(true).open(target).with_context(cannot)?;
                }
                beside(target).with_context(cannot)?;
            }
            Way::Stdout | Way::Through(_) => {}
        }
        Ok(place(way, identity))
    }

    /// Whether it is standard output.
    pub(in crate::cli) fn is_stdout(&self) -> bool {
        matches!(self.way, Way::Stdout)
    }

    /// Whether a result at the one would destroy a result at the other.
    pub(super) fn is_that_of(&self, other: &Place) -> bool {
        self.identity.is_some() && self.identity == other.identity
    }

    /// What the file is that a result would change or replace, if there is one.
    pub(super) fn file_identity(&self) -> Option<Identity> {
        match &self.way {
            Way::Stdout => input::of_stdout(),
            Way::Through(file) => input::of_open(file),
            Way::Beside(target) | Way::New(target, _) => input::of_path(target),
        }
    }

    /// As it was named.
    pub(in crate::cli) fn path(&self) -> &Path {
        &self.path
    }

    /// Lets `write` write the result.
    ///
    /// # Errors
    ///
    /// When it cannot be written; then a file that was there is as it was. That the reader of
    /// standard output has seen enough and gone is none.
    pub(in crate::cli) fn write(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        match &self.way {
            Way::Stdout => match buffered(io::stdout().lock(), write) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                written => written.context(STDOUT),
            },
            Way::Through(file) => buffered(file, write).with_context(|| cannot(&self.path)),
            Way::Beside(target) => {
                let file = beside(target).and_then(|file| filled(file, write)).with_context(|| cannot(&self.path))?;
                like_the_old(&file, target);
                let _unfinished = Unfinished::new(file.path());
                renamed(file, target).with_context(|| cannot(&self.path))
            }
            Way::New(target, help) => {
                let file = beside(target).and_then(|file| filled(file, write)).with_context(|| cannot(&self.path))?;
                let _unfinished = Unfinished::new(file.path());
                match file.persist_noclobber(target) {
                    Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(is_there(&self.path, help)),
                    written => written.map(drop).map_err(|error| error.error).with_context(|| cannot(&self.path)),
                }
            }
        }
    }

    /// Writes a result that took work: where its place fails, standard output has it.
    ///
    /// # Errors
    ///
    /// When it cannot be written to its place, whether or not standard output has it.
    pub(in crate::cli) fn keep(&self, write: impl Fn(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        let Err(error) = self.write(&write) else { return Ok(()) };
        if self.is_stdout() {
            return Err(error);
        }
        Err(match Place::open(Path::new("-")).and_then(|stdout| stdout.write(&write)) {
            Ok(()) => anyhow::anyhow!("{error:#}; the result is on standard output instead"),
            Err(_) => error,
        })
    }
}

const STDOUT: &str = "standard output cannot be written";

fn cannot(path: &Path) -> String {
    format!("`{}` cannot be written", path.display())
}

fn is_there(path: &Path, help: &str) -> anyhow::Error {
    usage(format!("`{}` is there already", path.display()), help)
}

fn no_stdout() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "it is closed")
}

fn buffered(to: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(to);
    write(&mut out)?;
    out.flush()
}

/// A new file in the folder of another, with the permissions of any new file.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    // Some systems allow names of no more than 255 bytes.
    let prefix: String = [".", &name, "."].concat().chars().take(40).collect();
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder_of(target)).map_err(without_path)
}

/// The error without the name of the file that is made beside another, which nobody has asked for.
fn without_path(error: io::Error) -> io::Error {
    let said = error.to_string();
    match said.split_once(" at path ") {
        Some((said, _)) => io::Error::new(error.kind(), said),
        None => error,
    }
}

fn filled(mut file: NamedTempFile, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let _unfinished = Unfinished::new(file.path());
    buffered(file.as_file_mut(), write)?;
    Ok(file)
}

/// Gives a file its name. One that is mounted by itself, as containers do, can only be written in
/// place.
fn renamed(file: NamedTempFile, target: &Path) -> io::Result<()> {
    match file.persist(target) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::ResourceBusy => {
            io::copy(&mut error.file.reopen()?, &mut File::create(target)?).map(drop)
        }
        Err(error) => Err(error.error),
    }
}

/// Gives a file the owner and the permissions of the one whose place it takes, as far as the system
/// lets it.
fn like_the_old(file: &NamedTempFile, old: &Path) {
    let Ok(old) = fs::metadata(old) else { return };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let _ = fchown(file.as_file(), Some(old.uid()), Some(old.gid()));
    }
    let _ = file.as_file().set_permissions(old.permissions());
}

/// Whether a path can be nothing but a folder's.
fn names_a_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(std::path::is_separator)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file that a path leads to by symbolic links, whether or not it is there. A link into the
/// files that a process has open is not followed: what it names may be gone, or be no path.
fn real(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if is_of_a_process(&path) || !path.is_symlink() {
            return Ok(path);
        }
        path = fs::canonicalize(folder_of(&path))?.join(fs::read_link(&path)?);
    }
    Err(io::Error::other("its symbolic links lead nowhere"))
}

/// Whether a path names a file that a process has open, as /dev/stdout does in the end.
fn is_of_a_process(path: &Path) -> bool {
    path.starts_with("/proc") || path.starts_with("/dev/fd")
}
