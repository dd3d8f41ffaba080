//! The library that the whole program reads from: the problems that it can run, what ships of them,
//! and the folder of `--library`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::library::{Clash, File, Library, MEETUP_FILE, NotALibrary};
use crate::notes::meetup::Meetup;
use crate::problems::{Registry, SHIPPED};
use crate::view::shell::quoted;

use super::usage::usage;

static REGISTRY: OnceLock<Registry> = OnceLock::new();
static LIBRARY: OnceLock<Library> = OnceLock::new();
static FLAGS: OnceLock<String> = OnceLock::new();
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Where the library comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// From this folder, laid over what ships.
    Folder(&'a Path),
    /// From the folder that the program stands in, if that is one of a meetup's; this is said if
    /// `says_so`.
    Here {
        /// Whether standard error tells of it.
        says_so: bool,
    },
    /// What ships alone.
    Shipped,
}

/// Takes the problems that the program can run, and lays the user's folder over what ships of them.
/// Without a folder, nothing is read before it is asked for.
pub(super) fn open(registry: Registry, wanted: Wanted<'_>, clash: Clash) -> anyhow::Result<()> {
    let _ = REGISTRY.set(registry);
    match wanted {
        Wanted::Shipped => Ok(()),
        Wanted::Folder(folder) => {
            let library = laid_over(folder, clash)?;
            let overrides = if clash == Clash::Override { " --override" } else { "" };
            // It is opened once, before anything has asked for it.
            let _ = LIBRARY.set(library);
            let _ = ROOT.set(folder.to_owned());
            let _ = FLAGS.set(format!(" --library {}{overrides}", quoted(&folder.to_string_lossy())));
            Ok(())
        }
        Wanted::Here { says_so } => here(says_so),
    }
}

/// Takes the library of a meetup that the program stands in, if it does and that is another than
/// what ships.
fn here(says_so: bool) -> anyhow::Result<()> {
    let Some(folder) = around() else { return Ok(()) };
    let library = laid_over(&folder, Clash::Override)?;
    let shipped = Library::of(registry());
    let is_shipped = |(path, file): (&str, &File)| shipped.file(path).is_some_and(|same| same.bytes == file.bytes);
    let _ = ROOT.set(folder.clone());
    // In a clone of this project, it mostly is what ships.
    if library.files().all(is_shipped) {
        return Ok(());
    }
    if says_so {
        let name = Meetup::of(&library).map_or_else(|_| String::new(), |meetup| format!(" of {}", meetup.name));
        // Where standard error is gone, the library is taken all the same.
        let _ = writeln!(anstream::stderr(), "The library{name} in `{}` is used.", folder.display());
    }
    let _ = LIBRARY.set(library);
    Ok(())
}

/// The nearest folder with the file of a meetup, from the one on that the program stands in.
fn around() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let up = here.ancestors().position(|folder| folder.join(MEETUP_FILE).is_file())?;
    Some(if up == 0 { PathBuf::from(".") } else { PathBuf::from(vec![".."; up].join("/")) })
}

/// Whether no folder is the library, so that it is what ships alone.
pub(super) fn is_shipped_alone() -> bool {
    root().is_none()
}

/// The folder that the library was read from, if it does not ship.
pub(super) fn root() -> Option<&'static Path> {
    ROOT.get().map(PathBuf::as_path)
}

/// What a command needs to find this library again: nothing, or flags with a blank before them.
pub(super) fn flags() -> &'static str {
    FLAGS.get().map_or("", String::as_str)
}

/// What ships, with a folder laid over it.
pub(super) fn laid_over(folder: &Path, clash: Clash) -> anyhow::Result<Library> {
    Library::of(registry()).with_folder(folder, clash).map_err(|error| match error {
        NotALibrary::Unfit { message, help } => usage(message, help),
        NotALibrary::Unreadable { ref path, ref source } if source.kind() == std::io::ErrorKind::NotFound => usage(
            format!("there is no folder `{}`", path.display()),
            "a library is a folder with `notes/` and `scenarios/`; `dsys meetup init DIR` makes one",
        ),
        other => other.into(),
    })
}

/// The library.
pub(super) fn library() -> &'static Library {
    LIBRARY.get_or_init(|| Library::of(registry()))
}

/// The problems that the program can run.
pub(super) fn registry() -> Registry {
    *REGISTRY.get_or_init(|| SHIPPED)
}
