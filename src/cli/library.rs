//! The library that the whole program reads from: the problems that it can run, what ships of them,
//! and the folder of `--library`.

use std::path::Path;
use std::sync::OnceLock;

use crate::library::{Clash, Library, NotALibrary};
use crate::problems::{Registry, SHIPPED};
use crate::view::shell::quoted;

use super::usage::usage;

static REGISTRY: OnceLock<Registry> = OnceLock::new();
static LIBRARY: OnceLock<Library> = OnceLock::new();
static FLAGS: OnceLock<String> = OnceLock::new();

/// Takes the problems that the program can run, and lays the user's folder over what ships of them.
/// Without a folder, nothing is read before it is asked for.
pub(super) fn open(registry: Registry, folder: Option<&Path>, clash: Clash) -> anyhow::Result<()> {
    let _ = REGISTRY.set(registry);
    let Some(folder) = folder else { return Ok(()) };
    let library = laid_over(folder, clash)?;
    let overrides = if clash == Clash::Override { " --override" } else { "" };
    // It is opened once, before anything has asked for it.
    let _ = LIBRARY.set(library);
    let _ = FLAGS.set(format!(" --library {}{overrides}", quoted(&folder.to_string_lossy())));
    Ok(())
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
            "a library is a folder with `notes/` and `scenarios/`",
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
