//! Reading a folder of the user's as a library.
//!
//! The folder may come from a stranger. Nothing outside it is read, whatever its links say; what
//! its files are called goes into pages and addresses, so names are held to plain ones.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Clash, File, Library, MEETUP_FILE, NotALibrary, PATH_FILE, Take};

/// The folders that make a library.
const PARTS: [&str; 2] = ["notes", "scenarios"];
/// The most that a file may hold.
const MOST_BYTES: u64 = 1 << 20;
/// The most files that a folder may hold.
const MOST_FILES: usize = 10_000;
/// How deep notes may be nested.
const DEEPEST: usize = 8;
/// Pictures that cannot hold a script.
const PICTURES: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];

impl Library {
    /// This library with a folder laid over it. In that of a meetup of its own, files replace
    /// shipped ones of the same name.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read, leads out of itself, or holds a file that clashes with one
    /// that ships.
    pub fn with_folder(mut self, folder: &Path, clash: Clash) -> Result<Library, NotALibrary> {
        let root = folder.canonicalize().map_err(|source| unreadable(folder, source))?;
        let mut found = Found { root: &root, folder, files: Vec::new() };
        for part in PARTS {
            let path = root.join(part);
            if path.is_dir() {
                found.walk(&path, part, 1)?;
            }
        }
        let meetup = found.files.iter().find(|(path, _)| path == MEETUP_FILE).map(|(_, file)| Take::of(&file.text()));
        refuse_what_is_no_library(folder, &root, meetup.is_some())?;
        let clash = if meetup.is_some() { Clash::Override } else { clash };
        if let Some(take) = meetup {
            self.files.retain(|path, file| file.is_own || !path.starts_with("notes/") || take.note(path));
            self.take = take;
        }
        for (path, file) in found.files {
            let clashing = self.files.get(&path).filter(|shipped| shipped.bytes != file.bytes);
            if clashing.is_some() && clash == Clash::Refuse {
                return Err(clashes(folder, &path, &file));
            }
            self.files.insert(path, file);
        }
        Ok(self)
    }
}

/// That a file has the name of one that ships. The shipped meetup's first page and its events are
/// in the way of a meetup's own, as long as no file says that it is one.
fn clashes(folder: &Path, path: &str, file: &File) -> NotALibrary {
    let message = format!("`{}` has the name of a file that ships, `{path}`", file.origin);
    if path == "notes/README.md" || path.starts_with("notes/events/") {
        let missing = folder.join(MEETUP_FILE).display().to_string();
        let message = format!("`{missing}` is missing, and {message}");
        let help = "a meetup's library has that file, which says at least `name = \"Rainy City Systems\"`; \
                    in another library, rename the note, or let it replace the other with `--override`";
        return unfit(message, help);
    }
    let help = match path {
        PATH_FILE => "a library has one path: let yours replace it with `--override`",
        _ => "rename it, or let it replace the other with `--override`",
    };
    unfit(message, help)
}

/// A library has a folder for notes or one for scenarios, empty or not.
fn refuse_what_is_no_library(folder: &Path, root: &Path, has_meetup: bool) -> Result<(), NotALibrary> {
    if PARTS.iter().all(|part| !root.join(part).is_dir())
        && let Some(whole) = around(folder, root)
    {
        let message = format!("`{}` is a part of a library", folder.display());
        return Err(unfit(message, format!("the library is `{}`", whole.display())));
    }
    let name = MEETUP_FILE.rsplit('/').next().unwrap_or(MEETUP_FILE);
    if !has_meetup && root.join(name).is_file() {
        let message = format!("`{}` is not where a library has it", folder.join(name).display());
        return Err(unfit(message, format!("move it to `{}`", folder.join(MEETUP_FILE).display())));
    }
    if PARTS.iter().any(|part| root.join(part).is_dir()) {
        return Ok(());
    }
    let message = format!("`{}` is no library", folder.display());
    Err(unfit(
        message,
        "a library has notes in `notes/` and scenarios in `scenarios/PROBLEM/`; `dsys meetup init` makes one",
    ))
}

/// The folder of the library of which this one is a part: that of its notes or of its scenarios.
fn around(folder: &Path, root: &Path) -> Option<PathBuf> {
    let is_part = PARTS.iter().any(|part| root.file_name().is_some_and(|name| name == *part));
    let above = root.parent().filter(|above| is_part && above.join(MEETUP_FILE).is_file())?;
    let is_named = folder.file_name() == root.file_name();
    let shown = folder.parent().filter(|_| is_named).unwrap_or(above);
    Some(if shown.as_os_str().is_empty() { PathBuf::from(".") } else { shown.to_owned() })
}

/// What has been found in a folder so far.
struct Found<'a> {
    root: &'a Path,
    folder: &'a Path,
    files: Vec<(String, File)>,
}

impl Found<'_> {
    fn walk(&mut self, path: &Path, shown: &str, depth: usize) -> Result<(), NotALibrary> {
        let entries = fs::read_dir(path).map_err(|source| unreadable(path, source))?;
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.map_err(|source| unreadable(path, source))?.file_name());
        }
        names.sort();
        for name in names {
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            self.one(&path.join(name), name, &format!("{shown}/{name}"), depth)?;
        }
        Ok(())
    }

    fn one(&mut self, path: &Path, name: &str, shown: &str, depth: usize) -> Result<(), NotALibrary> {
        let kind = fs::symlink_metadata(path).map_err(|source| unreadable(path, source))?;
        if kind.is_dir() {
            if depth == DEEPEST {
                return Err(unfit(
                    format!("`{shown}` is nested too deeply"),
                    format!("{DEEPEST} folders are the most"),
                ));
            }
            return self.walk(path, shown, depth + 1);
        }
        if !is_kept(shown)? {
            return Ok(());
        }
        self.refuse_to_leave(path, shown)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if !shown.split('/').all(|part| part.chars().all(is_plain)) {
            let message = format!("`{shown}` has a name that is hard to link to");
            return Err(unfit(message, "letters, digits, `-`, `_` and `.` are safe in every address"));
        }
        let bytes = self.bytes(path, shown)?;
        if !PICTURES.contains(&ending(name)) && std::str::from_utf8(&bytes).is_err() {
            return Err(unfit(format!("`{shown}` is not text"), "notes and scenarios are UTF-8"));
        }
        if self.files.len() == MOST_FILES {
            return Err(unfit(format!("the folder holds more than {MOST_FILES} files"), "is it the right one?"));
        }
        let origin = self.folder.join(shown).display().to_string();
        self.files.push((shown.to_owned(), File { bytes: bytes.into(), origin, is_own: true }));
        Ok(())
    }

    /// A link of the file system may point within the folder, and nowhere else.
    fn refuse_to_leave(&self, path: &Path, shown: &str) -> Result<(), NotALibrary> {
        let real = path.canonicalize().map_err(|source| unreadable(path, source))?;
        if real.starts_with(self.root) && real.is_file() {
            return Ok(());
        }
        Err(unfit(format!("`{shown}` leads out of the folder"), "a library holds its own files; copy it in"))
    }

    fn bytes(&self, path: &Path, shown: &str) -> Result<Vec<u8>, NotALibrary> {
        let size = fs::metadata(path).map_err(|source| unreadable(path, source))?.len();
        if size > MOST_BYTES {
            return Err(unfit(format!("`{shown}` is larger than 1 MiB"), "notes and scenarios are a few kilobytes"));
        }
        fs::read(path).map_err(|source| unreadable(path, source))
    }
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether a file at this path belongs to a library; others may lie beside its files.
fn is_kept(shown: &str) -> Result<bool, NotALibrary> {
    let ending = ending(shown);
    let small = ending.to_lowercase();
    let is_known = ["md", "toml"].contains(&&*small) || PICTURES.contains(&&*small);
    if is_known && small != ending {
        let help = format!("rename it to `{}{small}`", shown.trim_end_matches(ending));
        return Err(unfit(format!("`{shown}` has an ending in capitals"), help));
    }
    match (shown.starts_with("notes/"), ending) {
        (true, "markdown") => {
            Err(unfit(format!("`{shown}` is not read as a note"), "the name of a note ends in `.md`"))
        }
        (true, "md") => Ok(true),
        (true, "toml") if shown == MEETUP_FILE => Ok(true),
        (true, "svg") => {
            let message = format!("`{shown}` is a picture that can hold a script");
            Err(unfit(message, format!("pictures end in {}", PICTURES.map(|ending| format!("`.{ending}`")).join(", "))))
        }
        (true, _) => Ok(PICTURES.contains(&ending)),
        (false, "toml") if shown == PATH_FILE || shown.matches('/').count() == 2 => Ok(true),
        (false, "toml") => {
            let message = format!("`{shown}` is not in the folder of a problem");
            Err(unfit(message, "a scenario's place is `scenarios/PROBLEM/NAME.toml`"))
        }
        (false, _) => Ok(false),
    }
}

fn unreadable(path: &Path, source: io::Error) -> NotALibrary {
    NotALibrary::Unreadable { path: PathBuf::from(path), source }
}

fn unfit(message: impl Into<String>, help: impl Into<String>) -> NotALibrary {
    NotALibrary::Unfit { message: message.into(), help: help.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], clash: Clash, expect: Result<&[&str], &str>) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let library = Library::empty(crate::problems::SHIPPED)
            .with_file("notes/taken.md", "theirs")
            .with_folder(folder.path(), clash)
            .map_err(|error| error.to_string().replace(folder.path().to_str().unwrap(), "DIR"));
        let own = library.as_ref().map(|library| {
            let own = library.files().filter(|(_, file)| file.is_own).map(|(path, _)| path);
            own.collect::<Vec<_>>()
        });
        assert_eq!(own.as_deref().map_err(|error| error.as_str()), expect);
    }

    #[test]
    fn a_folder_is_laid_over_what_ships() {
        let refuse = Clash::Refuse;
        check(
            &[("notes/a.md", ""), ("scenarios/p/s.toml", ""), ("scenarios/path.toml", ""), ("x.md", "")],
            refuse,
            Ok(&["notes/a.md", "scenarios/p/s.toml", "scenarios/path.toml"]),
        );
        check(&[("notes/.git/a.md", ""), ("notes/b.md", ""), ("notes/c.txt", "")], refuse, Ok(&["notes/b.md"]));
        check(&[("notes/taken.md", "theirs")], refuse, Ok(&["notes/taken.md"]));
        check(&[("notes/taken.md", "mine")], Clash::Override, Ok(&["notes/taken.md"]));
        let clash = "`DIR/notes/taken.md` has the name of a file that ships, `notes/taken.md`";
        check(&[("notes/taken.md", "mine")], refuse, Err(clash));
        check(&[("other/a.md", "")], refuse, Err("`DIR` is no library"));
        check(&[("scenarios/s.toml", "")], refuse, Err("`scenarios/s.toml` is not in the folder of a problem"));
        check(&[("notes/a b.md", "")], refuse, Err("`notes/a b.md` has a name that is hard to link to"));
        check(&[("notes/a.MD", "")], refuse, Err("`notes/a.MD` has an ending in capitals"));
        check(&[("notes/a.PNG", "")], refuse, Err("`notes/a.PNG` has an ending in capitals"));
        check(&[("notes/a.markdown", "")], refuse, Err("`notes/a.markdown` is not read as a note"));
        check(&[("notes/LICENSE", ""), ("notes/a.TXT", "")], refuse, Ok(&[]));
        check(&[("notes/a.svg", "")], refuse, Err("`notes/a.svg` is a picture that can hold a script"));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_does_not_lead_out_of_itself() {
        let (outside, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret.md"), "secret").unwrap();
        fs::create_dir(folder.path().join("notes")).unwrap();
        let link = |to: &Path, name: &str| {
            let name = folder.path().join("notes").join(name);
            let _ = fs::remove_file(&name);
            std::os::unix::fs::symlink(to, name).unwrap();
            let library = Library::empty(crate::problems::SHIPPED).with_folder(folder.path(), Clash::Refuse);
            library.map(|_| ()).map_err(|error| error.to_string())
        };
        fs::write(folder.path().join("notes/real.md"), "").unwrap();
        assert_eq!(link(&folder.path().join("notes/real.md"), "a.md"), Ok(()));
        assert_eq!(
            link(&outside.path().join("secret.md"), "a.md"),
            Err("`notes/a.md` leads out of the folder".to_owned())
        );
        assert_eq!(link(outside.path(), "a.md"), Err("`notes/a.md` leads out of the folder".to_owned()));
        // A linked folder is not walked: it has no ending of its own.
        let _ = fs::remove_file(folder.path().join("notes/a.md"));
        assert_eq!(link(outside.path(), "folder"), Ok(()));
    }
}
