//! The command line, one file a subcommand.
//!
//! What was asked for goes to standard output, everything else to standard error. Nothing is
//! written that was not asked for, nothing asks back.

mod args;
mod arguments;
mod ask;
mod bar;
mod bench_workload;
mod blank;
mod challenge;
mod completions;
mod exit;
mod help;
mod interrupt;
mod library;
mod list;
mod logs;
mod meetup;
mod memory;
mod merge;
mod new;
mod new_event;
mod next;
mod notes;
mod output;
mod rows;
mod run;
mod schema;
mod search;
mod serve;
mod show;
mod site;
mod source;
mod sweep;
mod twin;
mod usage;
mod welcome;

use clap::Parser;

use crate::problems::Registry;

use args::{Cli, Command};
pub use exit::{Outcome, Signal, report};
pub use memory::Memory;

/// Does what the arguments of the program say, with the problems of a registry.
///
/// # Errors
///
/// Whatever kept it from being done; [`report`] tells them apart.
pub fn run(registry: Registry) -> anyhow::Result<Outcome> {
    let cli = Cli::try_parse().map_err(help::with_suggestion)?;
    cli.color.write_global();
    logs::begin(cli.verbose);
    interrupt::listen()?;
    library::open(registry, cli.wanted(), cli.clash())?;
    match &cli.command {
        None => welcome::run(),
        Some(Command::List(args)) => list::run(args, cli.color),
        Some(Command::Show(args)) => show::run(args),
        Some(Command::New(args)) => new::run(args),
        Some(Command::Run(args)) => run::run(args, cli.color),
        Some(Command::Sweep(args)) => sweep::run(args, cli.color),
        Some(Command::Merge(args)) => merge::run(args, cli.color),
        Some(Command::Search(args)) => search::run(args, cli.color),
        Some(Command::Challenge(args)) => challenge::run(args, cli.color),
        Some(Command::Notes(args)) => notes::run(args, cli.clash()),
        Some(Command::Meetup(args)) => meetup::run(args),
        Some(Command::Serve(args)) => serve::run(args),
        Some(Command::Schema(args)) => schema::run(args),
        Some(Command::Completions(args)) => completions::run(args),
        Some(Command::BenchWorkload(args)) => bench_workload::run(args),
    }
}
