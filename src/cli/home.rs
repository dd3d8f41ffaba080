//! `dsys`: what is here, and what to try first.

use std::path::Path;

use crate::problems::{self, Registry};

use super::args::Color;
use super::exit::Outcome;
use super::output;
use super::shelf::shelf;

const STRONG: anstyle::Style = anstyle::Style::new().bold();

pub(super) fn run() -> anyhow::Result<Outcome> {
    let problems: Vec<&str> = problems::ALL.iter().map(|problem| problem.title).collect();
    let problems = problems.join(", ");
    let stories = shelf().stories(&Registry).len();
    let text = format!(
        "{STRONG}dsys{STRONG:#} runs the classic hard problems of distributed systems, and breaks things on purpose.
There are {stories} scenarios of: {problems}.

  {STRONG}dsys serve{STRONG:#}                                  the stage: play them in a browser, or to a room
  {STRONG}dsys run three-generals{STRONG:#}                     a loyal general disobeys: see why
  {STRONG}dsys run three-generals --set nodes=4{STRONG:#}       one more general, and nobody can be fooled
  {STRONG}dsys search three-generals{STRONG:#}                  the least that must go wrong
  {STRONG}dsys list{STRONG:#}                                   all problems, protocols and scenarios
  {STRONG}dsys notes{STRONG:#}                                  the stories behind them, and the meetup's topics
  {STRONG}dsys new mine.toml --from three-generals{STRONG:#}    a scenario of your own

`dsys run --help` tells what can be changed and broken, `dsys --help` what else there is.
"
    );
    output::coloured(Path::new("-"), &text, Color::Auto)?;
    Ok(Outcome::Done)
}
