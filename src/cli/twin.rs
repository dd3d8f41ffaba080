//! `dsys run --twin`: a run beside another one that looks the same to one node.

use std::path::Path;

use crate::report::{self, Claims};
use crate::scenario;
use crate::view::terminal;

use super::args::{Color, Run};
use super::arguments::Arguments;
use super::exit::Outcome;
use super::library::library;
use super::output::{self, Place};
use super::run::refused;
use super::usage::usage;

pub(super) fn run(args: &Run, color: Color) -> anyhow::Result<Outcome> {
    let asked = Arguments::of(args)?;
    let request = asked.request();
    let scenario = library().load(&request)?;
    let Some(twin) = scenario.story.twin.as_ref().filter(|_| scenario.is_untouched()) else {
        return Err(usage(
            "`--twin` has nothing to show: the scenario names no twin",
            "a `[story.twin]` names the other run, as that of three-generals does",
        ));
    };
    let other =
        library().twin(&scenario, twin, &request).map_err(|complaint| scenario::refused(&request, [complaint]))?;
    let place = Place::open(Path::new("-"))?;
    output::refuse_inputs([&place], &asked.source.input)?;
    let run = |scenario| report::run(scenario, Claims::IfUntouched).map_err(|complaints| refused(&complaints));
    let text = terminal::twin::render(&run(&scenario)?, &run(&other)?, twin, output::columns_of(&place));
    place.keep_coloured(&text, color)?;
    Ok(Outcome::Done)
}
