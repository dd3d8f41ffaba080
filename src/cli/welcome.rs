//! `dsys`: what is here, and what to try first.

use std::path::Path;

use crate::view::terminal::{paragraph, terms};

use super::args::Color;
use super::exit::Outcome;
use super::library::{library, registry};
use super::output;

const STRONG: anstyle::Style = anstyle::Style::new().bold();

const SERVE: (&str, &str) = ("dsys serve", "the stage: play them in a browser, or to a room");
const LIST: (&str, &str) = ("dsys list", "all problems, protocols and scenarios");
const PATH: (&str, &str) = ("dsys list", "start here: the scenarios step by step, ten minutes each");
const NOTES: (&str, &str) = ("dsys notes", "the stories behind them, and the meetup's topics");

/// What to try first, if the scenario is there of which it speaks.
const FIRST: &str = "three-generals";
const COMMANDS: [(&str, &str); 8] = [
    PATH,
    SERVE,
    ("dsys run three-generals", "a loyal general disobeys: see why"),
    ("dsys run three-generals --set nodes=4", "one more general, and nobody can be fooled"),
    ("dsys search three-generals", "the least that must go wrong"),
    ("dsys challenge", "tasks: put something right, and have it judged"),
    NOTES,
    ("dsys new mine.toml --from three-generals", "a scenario of your own"),
];
/// What to try first of other problems than those that ship.
const OF_OTHERS: [(&str, &str); 4] =
    [SERVE, LIST, NOTES, ("dsys new mine.toml --problem PROBLEM --protocol PROTOCOL", "a scenario of your own")];

pub(super) fn run() -> anyhow::Result<Outcome> {
    let problems: Vec<&str> = registry().problems.iter().map(|problem| problem.title).collect();
    let problems = problems.join(", ");
    let stories = library().stories().len();
    let columns = output::columns();
    let about = "runs the classic hard problems of distributed systems, and breaks things on purpose.";
    let mut text = paragraph("", &format!("dsys {about}"), columns);
    text = text.replacen("dsys", &format!("{STRONG}dsys{STRONG:#}"), 1);
    text.push_str(&paragraph("", &format!("There are {stories} scenarios of: {problems}."), columns));
    text.push('\n');
    let shown = if library().find(FIRST).is_ok() { &COMMANDS[..] } else { &OF_OTHERS };
    let mut commands = terms("  ", shown, columns);
    for (command, _) in shown {
        commands = commands.replacen(&format!("  {command}"), &format!("  {STRONG}{command}{STRONG:#}"), 1);
    }
    text.push_str(&commands);
    text.push('\n');
    let more = "`dsys run --help` tells what can be changed and broken, `dsys --help` what else there is.";
    text.push_str(&paragraph("", more, columns));
    output::coloured(Path::new("-"), &text, Color::Auto)?;
    Ok(Outcome::Done)
}
