//! Which challenges somebody has solved, kept on their own machine and never sent.
//!
//! The file is written only when something is solved. What keeps it from being read or written is
//! no error of the program: the answer was judged all the same.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What is solved, by the scenario's path: `exactly-once/the-outbox`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    #[serde(default)]
    solved: BTreeMap<String, Solved>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Solved {
    /// The fewest changes that it took.
    changes: usize,
}

/// The file's place among the user's: the XDG base directory for state, or the system's own.
const FILE: [&str; 2] = ["dsys", "challenges.json"];

impl Progress {
    /// What was noted.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, a clause.
    pub(super) fn read() -> Result<Progress, String> {
        let Some(path) = place() else { return Ok(Progress::default()) };
        Progress::read_from(&path).map_err(|error| unreadable(&path, &error))
    }

    /// In how many changes this was solved, none for a claim; `None` if it was not.
    pub(super) fn of(&self, path: &str) -> Option<usize> {
        self.solved.get(path).map(|solved| solved.changes)
    }

    /// # Errors
    ///
    /// When there is a file that cannot be read: nothing is written over it.
    fn read_from(path: &Path) -> std::io::Result<Progress> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Progress::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes it whole or not at all.
    fn write_to(&self, path: &Path) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.persist(path)?;
        Ok(())
    }
}

/// Takes note that a challenge is solved in so many changes, and says so once.
pub(super) fn note(story: &str, changes: usize) {
    let Some(path) = place() else {
        return notice("this is not noted: nothing says where your files are (`HOME`)");
    };
    match noted(&path, story, changes) {
        Ok(true) => notice(&format!(
            "solved challenges are noted in `{}`, and nowhere else; `--no-progress` leaves that out",
            path.display()
        )),
        Ok(false) => {}
        Err(error) => notice(&format!("this is not noted: {}", unreadable(&path, &error))),
    }
}

/// Why the file is of no use, a clause.
fn unreadable(path: &Path, error: &std::io::Error) -> String {
    let path = path.display();
    // What JSON cannot be read as has one of these two kinds.
    if matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof) {
        return format!("`{path}` is no list of solved challenges; move it away ({error})");
    }
    format!("`{path}` cannot be kept: {error}")
}

/// Notes it in the file, unless fewer changes are noted already. Whether the file is new.
fn noted(path: &Path, story: &str, changes: usize) -> std::io::Result<bool> {
    let is_new = !path.exists();
    let mut progress = Progress::read_from(path)?;
    if progress.of(story).is_some_and(|fewest| fewest <= changes) {
        return Ok(false);
    }
    progress.solved.insert(story.to_owned(), Solved { changes });
    progress.write_to(path)?;
    Ok(is_new)
}

/// Where standard error is gone, there is nobody to tell.
pub(super) fn notice(text: &str) {
    let _ = writeln!(anstream::stderr(), "note: {text}");
}

fn place() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| {
        if cfg!(windows) {
            folder("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            folder("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            folder("HOME").map(|home| home.join(".local/state"))
        }
    });
    state.map(|state| FILE.iter().fold(state, |path, part| path.join(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_changes_stay_and_the_file_is_new_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/dsys/challenges.json");
        assert!(noted(&path, "a/b", 3).unwrap());
        assert!(!noted(&path, "a/b", 2).unwrap());
        assert!(!noted(&path, "a/b", 4).unwrap());
        assert!(!noted(&path, "a/c", 1).unwrap());
        let read = Progress::read_from(&path).unwrap();
        assert_eq!((read.of("a/b"), read.of("a/c"), read.of("a/d")), (Some(2), Some(1), None));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("challenges.json");
        std::fs::write(&path, "mine").unwrap();
        let error = noted(&path, "a/b", 1).unwrap_err();
        assert!(unreadable(&path, &error).contains("is no list of solved challenges; move it away"), "{error:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }
}
