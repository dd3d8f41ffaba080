//! `dsys show`: prints a scenario's file.

use std::path::Path;

use super::args::Show;
use super::exit::Outcome;
use super::{output, source};

pub(super) fn run(args: &Show) -> anyhow::Result<Outcome> {
    let source = source::read(&args.scenario)?;
    output::to(Path::new("-"), |out| out.write_all(source.text.as_bytes()))?;
    Ok(Outcome::Done)
}
