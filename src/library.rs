//! The scenarios that ship inside the program.

pub mod catalogue;

use std::borrow::Cow;

use rust_embed::RustEmbed;

use crate::scenario::{Vocabulary, nearest};

#[derive(RustEmbed)]
#[folder = "scenarios/"]
struct Files;

/// A shipped scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its problem: the folder that it is in.
    pub problem: String,
    /// Its name: the file's without the ending.
    pub name: String,
    /// The file's text.
    pub text: String,
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
}

/// All shipped scenarios: problems in teaching order, the stories of a problem by name.
pub fn stories(vocabulary: &dyn Vocabulary) -> Vec<Story> {
    let order = vocabulary.problems();
    let place = |problem: &str| order.iter().position(|&known| known == problem).unwrap_or(order.len());
    let mut stories: Vec<Story> = Files::iter().filter_map(|path| story(&path)).collect();
    stories.sort_by_cached_key(|story| (place(&story.problem), story.problem.clone(), story.name.clone()));
    stories
}

fn story(path: &str) -> Option<Story> {
    let (problem, file) = path.split_once('/')?;
    let name = file.strip_suffix(".toml")?;
    let text = match Files::get(path)?.data {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    };
    Some(Story { problem: problem.to_owned(), name: name.to_owned(), text })
}

/// The shipped scenario of this name: `three-generals`, or `byzantine-generals/three-generals`.
///
/// # Errors
///
/// When there is none, or more than one.
pub fn find(name: &str, vocabulary: &dyn Vocabulary) -> Result<Story, NotFound> {
    pick(stories(vocabulary), name)
}

/// The shortest words by which [`find`] finds the story of this path: its name, where no other problem has one like it.
pub fn shortest<'a>(path: &'a str, vocabulary: &dyn Vocabulary) -> &'a str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if find(name, vocabulary).is_ok() { name } else { path }
}

fn pick(mut stories: Vec<Story>, name: &str) -> Result<Story, NotFound> {
    let is_named = |story: &Story| story.name == name || story.path() == name;
    let named: Vec<usize> = (0..stories.len()).filter(|&index| is_named(&stories[index])).collect();
    match named[..] {
        [only] => Ok(stories.swap_remove(only)),
        [] => {
            let story = name.rsplit('/').next().unwrap_or(name);
            let near = nearest(story, stories.iter().map(|story| story.name.as_str()));
            Err(NotFound::Unknown { name: name.to_owned(), near: near.map(str::to_owned) })
        }
        _ => {
            let paths = named.iter().map(|&index| format!("`{}`", stories[index].path()));
            Err(NotFound::Ambiguous { name: name.to_owned(), paths: paths.collect() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::Registry;

    fn story(problem: &str, name: &str) -> Story {
        Story { problem: problem.to_owned(), name: name.to_owned(), text: String::new() }
    }

    fn check(name: &str, expect: Result<&str, &str>) {
        let stories = vec![story("a", "one"), story("a", "shared"), story("b", "shared"), story("b", "three-generals")];
        let found = pick(stories, name).map(|story| story.path()).map_err(|error| error.to_string());
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
        let problems = Registry.problems();
        let stories = stories(&Registry);
        assert!(!stories.is_empty());
        for story in stories {
            assert!(problems.contains(&story.problem.as_str()), "{}", story.path());
        }
    }
}
