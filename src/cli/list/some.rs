//! The scenarios of a level, or of a topic.

use crate::library::catalogue::Guide;
use crate::library::{LEVELS, Story, meant};
use crate::notes::{Book, Kind, Note};
use crate::problems::Bound;
use crate::scenario::{known, nearest};
use crate::view::terminal::paragraph;

use super::super::args::List;
use super::super::usage::usage;
use super::{Listed, STRONG, whole};

/// Which scenarios are wanted.
pub(super) struct Wanted {
    level: Option<u8>,
    topic: Option<Topic>,
}

struct Topic {
    title: String,
    /// Its note, as scenarios write it.
    path: String,
    /// What its note is called.
    name: String,
}

impl Wanted {
    /// Which are wanted; `None` where all are.
    ///
    /// # Errors
    ///
    /// When there is no such topic.
    pub(super) fn of(args: &List, book: &Book<'_>) -> anyhow::Result<Option<Wanted>> {
        let topic = args.topic.as_deref().map(|name| topic(name, book)).transpose()?;
        let is_any = args.level.is_some() || topic.is_some();
        Ok(is_any.then_some(Wanted { level: args.level, topic }))
    }

    /// Whether a scenario is wanted.
    pub(super) fn has(&self, story: &Story, scenario: &Bound, guide: &Guide) -> bool {
        let topics = guide.topics.get(&story.path()).map_or(&[][..], Vec::as_slice);
        self.level.is_none_or(|level| scenario.story.level == Some(level))
            && self.topic.as_ref().is_none_or(|topic| topics.contains(&topic.path))
    }

    fn heading(&self) -> String {
        let level = self.level.map(|level| {
            let name = LEVELS.get(usize::from(level).saturating_sub(1)).copied().unwrap_or_default();
            format!("Level {level}: {name}")
        });
        let topic = self.topic.as_ref().map(|topic| topic.title.clone());
        [topic, level].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// The topic of this name.
fn topic(name: &str, book: &Book<'_>) -> anyhow::Result<Topic> {
    let topics: Vec<&Note> = book.notes.iter().filter(|note| note.front.kind == Kind::Topic).collect();
    let named = book.named(name);
    let Some(note) = topics.iter().find(|topic| named.iter().any(|note| note.path == topic.path)) else {
        if let Some((_, how)) = book.library.not_taken(name).filter(|(path, _)| path.starts_with("notes/topics/")) {
            return Err(usage(format!("there is no topic `{name}` in this library"), how));
        }
        let names: Vec<&str> = topics.iter().map(|note| note.name()).collect();
        let near = nearest(&name.to_lowercase(), names.iter().copied());
        let message = format!("there is no topic `{name}`{}", meant(near));
        return Err(usage(message, known("topics", names.iter().copied(), "")));
    };
    Ok(Topic { title: note.front.title.clone(), path: note.path_in_notes().to_owned(), name: note.name().to_owned() })
}

pub(super) fn text(listed: &Listed, wanted: &Wanted, columns: usize) -> String {
    let mut text = format!("{STRONG}{}{STRONG:#}\n", wanted.heading());
    let mut count = 0;
    for shown in &listed.shown {
        let mut scenarios = listed.of(shown);
        scenarios.retain(|(story, scenario)| wanted.has(story, scenario, &listed.guide));
        if scenarios.is_empty() {
            continue;
        }
        count += scenarios.len();
        text.push_str(&format!("\n{} ({})\n", shown.problem.title, shown.problem.name));
        text.push_str(&whole::titles("  ", &scenarios, columns));
    }
    if count == 0 {
        text.push_str("\nThere is no scenario of it.\n");
    }
    text.push('\n');
    let note = wanted.topic.as_ref().map(|topic| format!("`dsys notes {}` argues about them, ", topic.name));
    let more = format!("{}`dsys run NAME` runs one.", note.unwrap_or_default());
    text.push_str(&paragraph("", &more, columns));
    text
}
