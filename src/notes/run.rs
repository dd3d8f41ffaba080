//! Runs that notes link to or make claims of.

use crate::library::Library;
use crate::problems::Bound;
use crate::report::{self, Claims, Report};
use crate::scenario::{Request, nearest};
use crate::view::terminal::{self, Print};

use super::link::{RunLink, Wrong};

/// Loads the scenario that a link or a command names, with what it changes.
pub(super) fn load(library: &Library, link: &RunLink) -> Result<Bound, Wrong> {
    let Some(story) = library.story(&link.story) else {
        return Err((format!("there is no scenario `{}`", link.story), String::new()));
    };
    let RunLink { seed, set, force, .. } = link;
    let request = Request { name: &story.name, origin: &story.origin, text: &story.text, set, force, seed: *seed };
    library.load(&request).map_err(|invalid| {
        let messages: Vec<&str> = invalid.messages().collect();
        let help: Vec<&str> = invalid.places().map(|place| place.help).filter(|help| !help.is_empty()).collect();
        match help[..] {
            [] => (messages.join("; "), format!("`{}` shows it", link.command(library))),
            _ => (messages.join("; "), help.join("; ")),
        }
    })
}

/// Runs what a link or a command names. A choice that is forced must come up.
pub(super) fn run(library: &Library, link: &RunLink) -> Result<Report, Wrong> {
    let scenario = load(library, link)?;
    let report = report::run(&scenario, Claims::IfUntouched).map_err(|complaints| {
        let (messages, help): (Vec<String>, Vec<String>) =
            complaints.into_iter().map(|complaint| (complaint.message, complaint.help)).unzip();
        let help: Vec<String> = help.into_iter().filter(|help| !help.is_empty()).collect();
        (messages.join("; "), help.join("; "))
    })?;
    match never_came_up(&report, link) {
        Some(warning) => Err((warning, "force a choice that comes up; `dsys run … --trace -` names them".to_owned())),
        None => Ok(report),
    }
}

/// The warning about a choice that the link forces, if there is one. Those about the scenario's own
/// are its business.
fn never_came_up(report: &Report, link: &RunLink) -> Option<String> {
    let is_about = |warning: &str, choice: &str| {
        warning.match_indices(choice).any(|(at, _)| {
            let (before, after) = (&warning[..at], &warning[at + choice.len()..]);
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '-') && !after.starts_with(char::is_alphanumeric)
        })
    };
    let choices = || link.force.iter().filter_map(|force| force.split_once('=')).map(|(choice, _)| choice.trim());
    let about = |warning: &&String| choices().any(|choice| is_about(warning, choice));
    report.warnings.iter().find(about).cloned()
}

/// The report of a run as `dsys run` prints it into a pipe.
pub(super) fn text(library: &Library, link: &RunLink, report: &Report) -> String {
    let scenario = library.short_name(&link.story);
    let with_seed = RunLink { seed: Some(report.scenario.seed), ..link.clone() };
    let print = Print { columns: terminal::WIDEST, scenario, again: &with_seed.command(library), has_states: false };
    anstream::adapter::strip_str(&terminal::render(report, &print)).to_string()
}

/// A command of a note, split into what matters.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) subcommand: String,
    /// The scenario: `PROBLEM/NAME`.
    pub(super) story: String,
    pub(super) flags: Vec<(String, String)>,
}

/// Splits a command as a shell does: `dsys run three-generals --set nodes=4`.
pub(super) fn words(library: &Library, command: &str) -> Result<Words, Wrong> {
    let fail = |message: String, help: &str| Err((message, help.to_owned()));
    let Some(words) = shlex::split(command) else {
        return fail("the command has a quote that does not end".to_owned(), "");
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [program, subcommand, name, rest @ ..] = &words[..] else {
        return fail("this is no whole command".to_owned(), "write it as in `$ dsys run three-generals`");
    };
    let known: &[&str] = match (*program, *subcommand) {
        ("dsys", "run") => &["--seed", "--set", "--force"],
        ("dsys", "search") => &["--seed", "--set", "--force", "--property"],
        ("dsys", "sweep") => &["--seed", "--set", "--force", "--over", "--runs"],
        _ => {
            return fail(
                format!("a note cannot use `{program} {subcommand}`"),
                "it can use `dsys run`, `dsys sweep` and `dsys search`",
            );
        }
    };
    let story = library.find(name).map_err(|error| (error.to_string(), "`dsys list --all` shows all".to_owned()))?;
    let mut flags = Vec::new();
    let mut rest = rest.iter();
    while let Some(flag) = rest.next() {
        let (flag, value) = match flag.split_once('=').filter(|_| flag.starts_with("--")) {
            Some((flag, value)) => (flag, Some(value)),
            None => (*flag, rest.next().copied()),
        };
        let Some(value) = value.filter(|_| known.contains(&flag)) else {
            let near = nearest(flag, known.iter().copied()).filter(|near| *near != flag);
            let meant = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            let all = known.iter().map(|flag| format!("`{flag}`")).collect::<Vec<_>>().join(", ");
            let help = format!("{meant}`dsys {subcommand}` takes {all} there, each with a value");
            return fail(format!("a note cannot use `{flag}`"), &help);
        };
        flags.push((flag.to_owned(), value.to_owned()));
    }
    Ok(Words { subcommand: (*subcommand).to_owned(), story: story.path(), flags })
}

/// The run that the words of a command name.
pub(super) fn link(words: Words) -> Result<RunLink, Wrong> {
    let mut run = RunLink { story: words.story, ..RunLink::default() };
    for (flag, value) in words.flags {
        match flag.as_str() {
            "--seed" => match value.parse() {
                Ok(seed) => run.seed = Some(seed),
                Err(_) => {
                    return Err((format!("`{value}` is no seed"), "a seed is a whole number from 0 on".to_owned()));
                }
            },
            "--set" => run.set.push(value),
            _ => run.force.push(value),
        }
    }
    Ok(run)
}

/// The one run that a command of a note names.
pub(super) fn command(library: &Library, command: &str) -> Result<RunLink, Wrong> {
    let words = words(library, command)?;
    if words.subcommand != "run" {
        return Err((format!("`dsys {}` is not one run", words.subcommand), "only `dsys run` is".to_owned()));
    }
    link(words)
}
