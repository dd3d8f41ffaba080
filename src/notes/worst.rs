//! Claims about the worst case: the least that must go wrong, held against a search.
//!
//! ```text
//! $ dsys search last-messenger
//! found: bob:alice:2=lose
//! because: bob attacks alone
//! ```

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::explore::search::{self, Answer, Effort, StoppedBy};
use crate::library::Library;

use super::link::{RunLink, Wrong};
use super::run::{self, Words};
use crate::view::shell::quoted;

/// The most runs that a search in a note may take.
const EFFORT: Effort = Effort { runs: 200_000, ..Effort::DEFAULT };

const LINES: &str = "under a search the lines are as in `found: bob:alice:1.lie=retreat`, several joined by ` and `, \
                     `found: nothing` and `because: …`";

/// A search, as a command names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Search {
    run: RunLink,
    /// The property to violate, if it is not the one that the scenario says.
    property: Option<String>,
}

impl Search {
    /// The search that the words of a command name.
    pub(super) fn new(mut words: Words) -> Result<Search, Wrong> {
        let flags = std::mem::take(&mut words.flags);
        let (of_search, of_run): (Vec<_>, Vec<_>) = flags.into_iter().partition(|(flag, _)| flag == "--property");
        let property = of_search.into_iter().next_back().map(|(_, name)| name);
        Ok(Search { run: run::link(Words { flags: of_run, ..words })?, property })
    }

    /// The command that makes this search.
    pub(super) fn command(&self, library: &Library) -> String {
        let property = self.property.iter().map(|name| format!(" --property {}", quoted(name)));
        self.run.command(library).replacen("dsys run", "dsys search", 1) + &property.collect::<String>()
    }
}

/// A line under a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// These choices are the least that must go wrong; none: nothing can.
    Found(Vec<String>),
    /// The reason of what was found contains these words.
    Because(String),
}

/// What a search came to, as a note may speak of it.
#[derive(Debug)]
pub(super) struct Worst {
    found: Vec<String>,
    because: String,
    /// Whether there was more to try than a note may.
    is_open: bool,
}

/// Reads a line under a search.
pub(super) fn statement(line: &str) -> Result<Statement, Wrong> {
    let text = |words: &str| Some(words.trim().to_owned()).filter(|words| !words.is_empty());
    if let Some(words) = line.strip_prefix("because:").and_then(text) {
        return Ok(Statement::Because(words));
    }
    match line.strip_prefix("found:").and_then(text) {
        Some(words) if words == "nothing" => Ok(Statement::Found(Vec::new())),
        Some(words) => {
            let mut choices: Vec<String> = words.split(" and ").map(|choice| choice.trim().to_owned()).collect();
            choices.sort();
            Ok(Statement::Found(choices))
        }
        None => Err((format!("`{line}` claims nothing of a worst case"), LINES.to_owned())),
    }
}

/// Searches as the scenario's `[search]` says, for the property that the command names, if it does.
pub(super) fn seek(library: &Library, Search { run, property }: &Search) -> Result<Worst, Wrong> {
    let scenario = run::load(library, run)?;
    let Some(mut spec) = scenario.search.clone() else {
        let help = "it needs a `[search]` that says what the enemy may do".to_owned();
        return Err((format!("`{}` does not say what to search for", library.short_name(&run.story)), help));
    };
    if let Some(name) = property {
        spec.property = Some(name.clone());
    }
    let answer = search::search(&scenario, &spec, EFFORT, &|_| ControlFlow::Continue(())).map_err(|complaints| {
        let messages: Vec<String> = complaints.into_iter().map(|complaint| complaint.message).collect();
        (messages.join("; "), String::new())
    })?;
    Ok(Worst {
        found: forced(&answer.to_json(&scenario.name, &scenario.names)),
        because: because(&answer),
        is_open: answer.stopped_by == StoppedBy::Budget,
    })
}

/// The choices that were found, as one writes them after `--force`.
fn forced(answer: &Json) -> Vec<String> {
    let forced = answer.pointer("/found/forced").and_then(Json::as_object);
    let choice = |(name, option): (&String, &Json)| match option.as_str() {
        Some(word) => format!("{name}={word}"),
        None => format!("{name}={option}"),
    };
    let mut choices: Vec<String> = forced.into_iter().flatten().map(choice).collect();
    choices.sort();
    choices
}

fn because(answer: &Answer) -> String {
    answer.found.as_ref().map(|found| found.because.clone()).unwrap_or_default()
}

/// Holds a statement against what was found.
pub(super) fn hold(statement: &Statement, worst: &Worst) -> Result<(), Wrong> {
    match statement {
        Statement::Found(choices) if *choices == worst.found => match worst.is_open {
            true => Err(("nothing was found, and not all was tried".to_owned(), String::new())),
            false => Ok(()),
        },
        Statement::Found(_) => {
            let found = if worst.found.is_empty() { "nothing".to_owned() } else { worst.found.join(" and ") };
            Err((format!("the search finds {found}"), String::new()))
        }
        Statement::Because(words) if worst.because.contains(words.as_str()) => Ok(()),
        Statement::Because(_) => {
            Err(("this is not the reason".to_owned(), format!("the search says: {}", worst.because)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_under_a_search_are_read() {
        let check = |line: &str, expect: Option<Statement>| assert_eq!(statement(line).ok(), expect, "{line}");
        check("found: nothing", Some(Statement::Found(Vec::new())));
        check("found: b=lose and a=lose", Some(Statement::Found(vec!["a=lose".to_owned(), "b=lose".to_owned()])));
        check("because: bob attacks", Some(Statement::Because("bob attacks".to_owned())));
        check("because:", None);
        check("found:", None);
        check("agreement: violated", None);
    }
}
