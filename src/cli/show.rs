//! `dsys show`: prints a scenario's file.

use std::path::Path;

use super::args::Show;
use super::exit::Outcome;
use super::output::{self, Place};
use super::source;

pub(super) fn run(args: &Show) -> anyhow::Result<Outcome> {
    let source = source::read(&args.scenario)?;
    let place = Place::open(Path::new("-"))?;
    output::refuse_inputs([&place], &source.input)?;
    place.write(|out| out.write_all(source.text.as_bytes()))?;
    Ok(Outcome::Done)
}
