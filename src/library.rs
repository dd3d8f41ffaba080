//! The library: scenarios and notes, those that ship inside the program and those of a folder that
//! the user names.
//!
//! A library is a set of files under `scenarios/PROBLEM/NAME.toml` and `notes/….md`, and a path
//! through them in `scenarios/path.toml`. A folder of one's own has the same shape and is laid over
//! what ships: its notes may link to shipped scenarios, and the other way round. A file that stands
//! where another of the same name ships is refused, unless the user says that it is meant.
//!
//! A folder that says in `notes/meetup.toml` whose meetup it is of has notes of its own instead of
//! the shipped meetup's, and takes over what it names of the rest.

mod folder;
mod path;
mod take;
mod twin;

pub mod absent;
pub mod catalogue;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use rust_embed::RustEmbed;

use crate::arrange::Arrange;
use crate::problems::{Bound, Registry, SHIPPED};
use crate::scenario::{Invalid, Request, nearest};
pub use path::{LEVELS, LearningPath, PATH_FILE, Step};
pub use take::{MEETUP_FILE, Take};

#[derive(RustEmbed)]
#[folder = "scenarios/"]
struct Scenarios;

#[derive(RustEmbed)]
#[folder = "notes/"]
struct Notes;

/// A shipped scenario, or one of the user's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its problem: the folder that it is in.
    pub problem: String,
    /// Its name: the file's without the ending.
    pub name: String,
    /// What errors call the file.
    pub origin: String,
    /// The file's text.
    pub text: String,
}

/// A file of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it holds.
    pub bytes: Cow<'static, [u8]>,
    /// What errors call it.
    pub origin: String,
    /// Whether it comes from the user's folder.
    pub is_own: bool,
}

/// The problems that can be run, with scenarios of them and notes, by their paths:
/// `notes/topics/cap.md`.
#[derive(Clone, Debug)]
pub struct Library {
    registry: Registry,
    files: BTreeMap<String, File>,
    take: Take,
}

/// What happens to a file that has the name of one that ships.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clash {
    /// It is refused.
    #[default]
    Refuse,
    /// It replaces the other.
    Override,
}

/// Why a folder is no library.
#[derive(Debug, thiserror::Error)]
pub enum NotALibrary {
    /// The file system says no.
    #[error("`{}` cannot be read", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is in the folder cannot be used.
    #[error("{message}")]
    Unfit {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
}

/// Why there is no such scenario, or not only one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// No scenario has this name.
    #[error("there is no scenario `{name}`{}", meant(.near.as_deref()))]
    Unknown {
        /// The name.
        name: String,
        /// The nearest name that there is.
        near: Option<String>,
    },
    /// Two problems have a story of this name.
    #[error("`{name}` is a story of several problems: write {}", .paths.join(" or "))]
    Ambiguous {
        /// The name.
        name: String,
        /// What to write instead.
        paths: Vec<String>,
    },
}

/// "Did you mean", for the end of a message about a name that is not there.
pub(crate) fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

impl Story {
    /// The story with its problem, which no two share.
    pub fn path(&self) -> String {
        format!("{}/{}", self.problem, self.name)
    }

    /// What errors call it: its path among those that ship, or its file.
    pub fn shown_origin(&self) -> &str {
        self.origin.strip_prefix("scenarios/").unwrap_or(&self.origin)
    }
}

impl File {
    /// The file as text; what is no text is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl Library {
    /// What ships inside the program. A debug build reads it from the project's folders.
    pub fn shipped() -> Library {
        Library::of(SHIPPED)
    }

    /// What ships of the problems of a registry: their scenarios, and the notes and the path if
    /// none of the problems that these speak of is missing.
    pub fn of(registry: Registry) -> Library {
        let has_all = SHIPPED.problems.iter().all(|problem| registry.problem(problem.name).is_some());
        let is_known = |path: &str| match Place::of(path) {
            Some(place) => registry.problem(place.problem).is_some(),
            None => has_all || path != PATH_FILE,
        };
        let scenarios = Scenarios::iter().map(|path| (format!("scenarios/{path}"), Scenarios::get(&path)));
        let notes = Notes::iter().map(|path| (format!("notes/{path}"), Notes::get(&path)));
        let file = |(path, file): (String, Option<rust_embed::EmbeddedFile>)| {
            let origin = path.clone();
            Some((path, File { bytes: file?.data, origin, is_own: false }))
        };
        let scenarios = scenarios.filter(|(path, _)| is_known(path));
        let files = scenarios.chain(notes.filter(|_| has_all)).filter_map(file).collect();
        Library { registry, files, take: Take::default() }
    }

    /// A library of these problems with no file in it.
    pub fn empty(registry: Registry) -> Library {
        Library { registry, files: BTreeMap::new(), take: Take::default() }
    }

    /// A library of these problems with these files, of which none was read from a folder.
    pub fn holding(registry: Registry, texts: &BTreeMap<&str, &str>) -> Library {
        let file = |(path, text): (&&str, &&str)| {
            let (path, bytes) = ((*path).to_owned(), text.as_bytes().to_vec().into());
            (path.clone(), File { bytes, origin: path, is_own: true })
        };
        let take = texts.get(MEETUP_FILE).map(|text| Take::of(text)).unwrap_or_default();
        Library { registry, files: texts.iter().map(file).collect(), take }
    }

    /// This library with one file more, as if it shipped.
    #[must_use]
    pub fn with_file(mut self, path: &str, text: &str) -> Library {
        let bytes = text.as_bytes().to_vec().into();
        self.files.insert(path.to_owned(), File { bytes, origin: path.to_owned(), is_own: false });
        self
    }

    /// The problems that can be run.
    pub fn registry(&self) -> Registry {
        self.registry
    }

    /// What the library's meetup takes over of the notes that ship: all, for the shipped meetup.
    pub fn take(&self) -> &Take {
        &self.take
    }

    /// Whether readers of the site see the note at a path: those of a meetup's own do not see the
    /// guides for organisers that ship, unless the meetup names them.
    #[cfg_attr(not(feature = "notes"), allow(dead_code, reason = "only notes are on a site"))]
    pub(crate) fn is_for_readers(&self, path: &str) -> bool {
        let is_meetups = self.file(MEETUP_FILE).is_some_and(|file| file.is_own);
        let is_own = self.file(path).is_some_and(|file| file.is_own);
        !is_meetups || is_own || self.take.is_for_readers(path)
    }

    /// Loads a scenario, which may be one of the library's or any other. The twin that it names
    /// must be in the library.
    ///
    /// # Errors
    ///
    /// All that is wrong with the file and the flags.
    pub fn load(&self, request: &Request<'_>) -> Result<Bound, Invalid> {
        let scenario = self.registry.load(request)?;
        self.check_twin(&scenario, request)?;
        Ok(scenario)
    }

    /// All files in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The file at this path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// Whether something comes from the user's folder.
    pub fn has_own(&self) -> bool {
        self.files.values().any(|file| file.is_own)
    }

    /// All scenarios: problems in teaching order, the stories of a problem by name.
    pub fn stories(&self) -> Vec<Story> {
        self.places().into_iter().map(|(place, file)| place.story(file)).collect()
    }

    /// The scenario of this name: `three-generals`, or `byzantine-generals/three-generals`.
    ///
    /// # Errors
    ///
    /// When there is none, or more than one.
    pub fn find(&self, name: &str) -> Result<Story, NotFound> {
        let places = self.places();
        let names: Vec<Place<'_>> = places.iter().map(|&(place, _)| place).collect();
        pick(&names, name).map(|index| places[index].0.story(places[index].1))
    }

    /// Where all scenarios stand, in the order of [`Library::stories`].
    fn places(&self) -> Vec<(Place<'_>, &File)> {
        let order = self.registry.problems;
        let rank = |name: &str| order.iter().position(|problem| problem.name == name).unwrap_or(order.len());
        let mut places: Vec<_> = self.files().filter_map(|(path, file)| Some((Place::of(path)?, file))).collect();
        places.arrange_by_key(|(place, _)| (rank(place.problem), *place));
        places
    }

    /// The scenario at `PROBLEM/NAME`.
    pub fn story(&self, path: &str) -> Option<Story> {
        let path = format!("scenarios/{path}.toml");
        Some(Place::of(&path)?.story(self.file(&path)?))
    }

    /// The shortest name by which [`Library::find`] finds the scenario at `PROBLEM/NAME`.
    pub fn short_name<'p>(&self, path: &'p str) -> &'p str {
        let name = path.rsplit('/').next().unwrap_or(path);
        let file = format!("/{name}.toml");
        let namesakes = self.files.keys().filter(|path| path.starts_with("scenarios/") && path.ends_with(&file));
        if namesakes.count() == 1 { name } else { path }
    }
}

/// All shipped scenarios: problems in teaching order, the stories of a problem by name.
pub fn stories() -> Vec<Story> {
    Library::shipped().stories()
}

/// The shipped scenario of this name: `three-generals`, or `byzantine-generals/three-generals`.
///
/// # Errors
///
/// When there is none, or more than one.
pub fn find(name: &str) -> Result<Story, NotFound> {
    Library::shipped().find(name)
}

/// Where a scenario stands in a library: its problem, and its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    problem: &'a str,
    name: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Option<Place<'a>> {
        let (problem, name) = path.strip_prefix("scenarios/")?.strip_suffix(".toml")?.split_once('/')?;
        Some(Place { problem, name })
    }

    fn path(self) -> String {
        format!("{}/{}", self.problem, self.name)
    }

    fn story(self, file: &File) -> Story {
        let (problem, name) = (self.problem.to_owned(), self.name.to_owned());
        Story { problem, name, origin: file.origin.clone(), text: file.text().into_owned() }
    }
}

/// The index of the place of this name or path.
fn pick(places: &[Place<'_>], name: &str) -> Result<usize, NotFound> {
    let is_named = |place: Place<'_>| place.name == name || name.split_once('/') == Some((place.problem, place.name));
    let named: Vec<usize> = (0..places.len()).filter(|&index| is_named(places[index])).collect();
    match named[..] {
        [only] => Ok(only),
        [] => {
            let story = name.rsplit('/').next().unwrap_or(name);
            let near = nearest(story, places.iter().map(|place| place.name));
            Err(NotFound::Unknown { name: name.to_owned(), near: near.map(str::to_owned) })
        }
        _ => {
            let paths = named.iter().map(|&index| format!("`{}`", places[index].path()));
            Err(NotFound::Ambiguous { name: name.to_owned(), paths: paths.collect() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expect: Result<&str, &str>) {
        let places = [("a", "one"), ("a", "shared"), ("b", "shared"), ("b", "three-generals")];
        let places = places.map(|(problem, name)| Place { problem, name });
        let found = pick(&places, name).map(|index| places[index].path()).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expect);
    }

    #[test]
    fn a_story_is_found_by_name_or_path() {
        check("one", Ok("a/one"));
        check("b/shared", Ok("b/shared"));
        check("shared", Err("`shared` is a story of several problems: write `a/shared` or `b/shared`"));
        check("three-general", Err("there is no scenario `three-general`; did you mean `three-generals`?"));
        check("c/one", Err("there is no scenario `c/one`; did you mean `one`?"));
        check("zzzzzzzz", Err("there is no scenario `zzzzzzzz`"));
    }

    #[test]
    fn every_shipped_story_is_in_a_problems_folder() {
        let stories = stories();
        assert!(!stories.is_empty());
        for story in stories {
            assert!(SHIPPED.problem(&story.problem).is_some(), "{}", story.path());
        }
    }
}
