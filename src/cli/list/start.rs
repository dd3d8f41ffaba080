//! Where to start, in one screen: the path by level, and how to see the rest.

use crate::library::catalogue::level_of;
use crate::library::{LEVELS, Step, Story};
use crate::problems::Bound;
use crate::view::terminal::{paragraph, terms};

use super::super::library::{library, registry};
use super::{Listed, STRONG, whole};

/// So many scenarios of the user's own folder are listed; of the others only the number is told.
const MOST_OWN: usize = 8;

pub(super) fn text(listed: &Listed, columns: usize) -> String {
    let mut text = String::new();
    let steps = &listed.guide.path.steps;
    let widest = steps.iter().map(|step| library().short_name(&step.story).len()).max().unwrap_or(0);
    let mut told = None;
    for step in steps {
        let level = level_of(&step.story, &listed.scenarios);
        if told != Some(level) {
            text.push_str(&heading(level));
            told = Some(level);
        }
        text.push_str(&row(step, &listed.scenarios, widest, columns));
    }
    text.push_str(&own(listed, columns));
    text.push('\n');
    text.push_str(&more(listed, columns));
    text
}

/// What stands above the steps of a level; scenarios of the user's own may have none.
fn heading(level: Option<u8>) -> String {
    let name = level.and_then(|level| Some((level, LEVELS.get(usize::from(level).checked_sub(1)?)?)));
    let heading = name.map_or("Of no level".to_owned(), |(level, name)| format!("Level {level}: {name}"));
    format!("{STRONG}{heading}{STRONG:#}\n")
}

fn row(step: &Step, scenarios: &[(Story, Bound)], widest: usize, columns: usize) -> String {
    let name = library().short_name(&step.story);
    let title = scenarios.iter().find(|(story, _)| story.path() == step.story);
    let title = title.map_or("", |(_, scenario)| scenario.title.as_str());
    let challenge = if step.is_challenge { " (challenge)" } else { "" };
    let lead = format!("  {name:widest$}  {:>2} min  ", step.minutes);
    paragraph(&lead, &format!("{title}{challenge}"), columns)
}

/// The scenarios of the user's own folder that are not on the path.
fn own(listed: &Listed, columns: usize) -> String {
    let is_own = |story: &Story| {
        let file = library().file(&format!("scenarios/{}.toml", story.path()));
        file.is_some_and(|file| file.is_own) && listed.guide.path.step(&story.path()).is_none()
    };
    let own: Vec<&(Story, Bound)> = listed.scenarios.iter().filter(|(story, _)| is_own(story)).collect();
    if own.is_empty() {
        return String::new();
    }
    let shown = &own[..own.len().min(MOST_OWN)];
    let rest = match own.len() - shown.len() {
        0 => String::new(),
        rest => format!("  … and {rest} more: `dsys list --all`\n"),
    };
    format!("{STRONG}Your own{STRONG:#}\n{}{rest}", whole::titles("  ", shown, columns))
}

/// How to see what is not here.
fn more(listed: &Listed, columns: usize) -> String {
    let challenges = listed.scenarios.iter().filter(|(_, scenario)| scenario.challenge.is_some()).count();
    // The shortest is the example.
    let topics = listed.guide.topics.values().flatten().filter_map(|path| path.rsplit('/').next());
    let topic = topics.min_by_key(|file| (file.len(), *file)).map(|file| file.trim_end_matches(".md"));
    let topic = topic.map_or_else(String::new, |topic| format!("; `--topic {topic}`: those of a topic"));
    let all = format!(
        "all {} scenarios, with the {} protocols that they run",
        listed.scenarios.len(),
        registry().protocols().count()
    );
    let challenge = format!("solve one; without a name, all {challenges} are listed");
    let level = format!("all of a level{topic}");
    let first = registry().problems.first().map_or("", |problem| problem.name);
    let problem = format!("a problem's protocols and scenarios, as those of `{first}`");
    let rows = [
        ("dsys run NAME", "play one; `--ask` lets you answer first"),
        ("dsys challenge NAME", &challenge),
        ("dsys list --level N", &level),
        ("dsys list PROBLEM", &problem),
        ("dsys list --all", &all),
        ("dsys notes", "the stories behind them, and the topics"),
    ];
    terms("  ", &rows, columns)
}
