//! What a meetup's library takes over of the notes that ship.
//!
//! A folder with a file `notes/meetup.toml` is the library of a meetup of its own: of the shipped
//! notes it has those about the problems and topics that it takes over, and not what the shipped
//! meetup says of itself. All shipped scenarios can be run in it.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Library;

/// Where a library says which meetup it is of.
pub const MEETUP_FILE: &str = "notes/meetup.toml";

/// The shipped notes that are of no meetup, beside those of problems and topics. They are for
/// organisers, who read them with `dsys notes`: readers of a site see those that are named.
const GUIDES: [&str; 2] = ["first-evening", "writing-notes"];

/// What is taken over of the notes that ship. What is not named is taken over as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// The problems that are taken over, as in `["two-generals"]`. All, unless they are named.
    #[schemars(with = "Option<Vec<String>>")]
    problems: Option<Vec<Spanned<String>>>,
    /// The topics whose notes are taken over, as in `["cap"]`. All, unless they are named.
    #[schemars(with = "Option<Vec<String>>")]
    topics: Option<Vec<Spanned<String>>>,
    /// The guides for organisers that are taken over, as in `["first-evening"]`. A site has those
    /// that are named; unless any are, `dsys notes` has all.
    #[schemars(with = "Option<Vec<String>>")]
    guides: Option<Vec<Spanned<String>>>,
    /// Whether the list of papers, talks and books is taken over. Default true.
    resources: Option<bool>,
    /// Whether the glossary is taken over. Default true.
    glossary: Option<bool>,
}

/// The part of a meetup's file that says what is taken over. Of the rest nothing is asked here.
#[derive(Deserialize)]
struct Peeked {
    #[serde(default)]
    take: Take,
}

/// A name that is taken over.
type Named = Spanned<String>;

impl Take {
    /// What the text of a meetup's file says. Of one with faults, everything is taken over: they
    /// are told where the whole file is read.
    pub(super) fn of(text: &str) -> Take {
        toml::from_str(text).map(|Peeked { take }| take).unwrap_or_default()
    }

    /// Whether the note about a problem is taken over.
    pub fn problem(&self, name: &str) -> bool {
        holds(self.problems.as_deref(), name)
    }

    /// Whether the shipped note at a path of the library is taken over.
    pub fn note(&self, path: &str) -> bool {
        let Some(note) = path.strip_prefix("notes/").and_then(|path| path.strip_suffix(".md")) else { return false };
        match note.split_once('/') {
            Some(("problems", name)) => self.problem(name),
            Some(("topics", name)) => holds(self.topics.as_deref(), name),
            Some(_) => false,
            None if note == "resources" => self.resources.unwrap_or(true),
            None if note == "glossary" => self.glossary.unwrap_or(true),
            None => GUIDES.contains(&note) && holds(self.guides.as_deref(), note),
        }
    }

    /// Whether the shipped note at a path is on a meetup's site, if it is taken over.
    #[cfg_attr(not(feature = "notes"), allow(dead_code, reason = "only notes are on a site"))]
    pub(crate) fn is_for_readers(&self, path: &str) -> bool {
        let note = path.strip_prefix("notes/").and_then(|path| path.strip_suffix(".md")).unwrap_or(path);
        !GUIDES.contains(&note) || self.guides.as_deref().is_some_and(|named| holds(Some(named), note))
    }

    /// How to take over the shipped note at a path, where that was not chosen: `None` for a note
    /// that is taken over, and for one that belongs to the shipped meetup.
    pub fn how(&self, path: &str) -> Option<String> {
        let note = path.strip_prefix("notes/")?.strip_suffix(".md")?;
        let (key, name) = match note.split_once('/') {
            Some((folder @ ("problems" | "topics"), name)) => (folder, name),
            Some(_) => return None,
            None if GUIDES.contains(&note) => ("guides", note),
            None if ["resources", "glossary"].contains(&note) => (note, ""),
            None => return None,
        };
        let todo = match name {
            "" => format!("let `{key}` be `true`"),
            name => format!("add `{name}` to `{key}`"),
        };
        let how = format!("it ships, but is not taken over: {todo} under `[take]` in `{MEETUP_FILE}`");
        (!self.note(path)).then_some(how)
    }

    /// The lists of names, each with what it is a list of, and the names that there are.
    #[cfg_attr(not(feature = "notes"), allow(dead_code, reason = "only notes are held against them"))]
    pub(crate) fn lists(&self, shipped: &Library) -> [(&'static str, &[Named], Vec<String>); 3] {
        let within = |folder: &str| -> Vec<String> {
            let names = shipped.files().filter_map(|(path, _)| {
                let note = path.strip_prefix("notes/")?.strip_prefix(folder)?.strip_prefix('/')?;
                note.strip_suffix(".md").map(str::to_owned)
            });
            names.collect()
        };
        let guides = GUIDES.map(str::to_owned).to_vec();
        [
            ("problems", self.problems.as_deref().unwrap_or_default(), within("problems")),
            ("topics", self.topics.as_deref().unwrap_or_default(), within("topics")),
            ("guides", self.guides.as_deref().unwrap_or_default(), guides),
        ]
    }
}

impl Library {
    /// The shipped note that a name means where the library does not have it because it does not
    /// take it over, and how it would.
    pub fn not_taken(&self, name: &str) -> Option<(String, String)> {
        let name = name.strip_prefix("./").unwrap_or(name);
        let name = name.strip_prefix("notes/").unwrap_or(name);
        let ending = format!("/{}.md", name.strip_suffix(".md").unwrap_or(name));
        let shipped = Library::of(self.registry());
        let mut notes = shipped.files().map(|(path, _)| path).filter(|path| path.ends_with(&ending));
        notes.find_map(|path| Some((path.to_owned(), self.take.how(path)?)))
    }
}

fn holds(named: Option<&[Named]>, name: &str) -> bool {
    named.is_none_or(|named| named.iter().any(|one| one.get_ref() == name))
}
