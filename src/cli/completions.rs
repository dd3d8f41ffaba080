//! `dsys completions`: prints completions for a shell.

use std::path::Path;

use clap::CommandFactory;

use super::args::{Cli, Completions};
use super::exit::Outcome;
use super::output;

pub(super) fn run(args: &Completions) -> anyhow::Result<Outcome> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dsys", &mut script);
    output::to(Path::new("-"), |out| out.write_all(&script))?;
    Ok(Outcome::Done)
}
