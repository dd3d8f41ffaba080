//! What can be written on the command line.

mod meetup;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::library::Wanted;
use super::{help, output};
use crate::library::Clash;
use crate::notes::date::Date;
use crate::notes::when::TimeOfDay;
use crate::scenario::EnemyMay;
use crate::stage::{HostName, PublicUrl};
pub(super) use meetup::{Init, Meetup, MeetupCommand};
pub(super) use words::{Budget, Color, Format, RowsFormat};
use words::{budget, listen, may, runs, seed};

const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nengine ",
    env!("CARGO_PKG_VERSION"),
    ": with it, one seed gives one trace on every machine"
);

/// Learn distributed systems by running their classic hard problems, with failures injected.
#[derive(Debug, Parser)]
#[command(name = "dsys", version, long_version = LONG_VERSION)]
#[command(term_width = output::columns(), after_long_help = help::dsys())]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// Tell on standard error what happens inside: -v the steps, -vv every event with its simulated
    /// time
    #[arg(short, long, global = true, display_order = 100, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,

    /// When to colour
    #[arg(long, global = true, display_order = 101, value_name = "WHEN", default_value_t, value_enum)]
    pub(super) color: Color,

    /// A folder of your own, with notes in `notes/` and scenarios in `scenarios/PROBLEM/`, laid
    /// over what ships. In a folder with `notes/meetup.toml`, it is that one
    #[arg(long, global = true, display_order = 102, value_name = "DIR")]
    pub(super) library: Option<PathBuf>,

    /// Let files of the library's folder replace shipped ones of the same name
    #[arg(long = "override", global = true, display_order = 103)]
    pub(super) overrides: bool,
}

impl Cli {
    /// What happens to a file that has the name of one that ships.
    pub(super) fn clash(&self) -> Clash {
        if self.overrides { Clash::Override } else { Clash::Refuse }
    }
}

impl Cli {
    /// Where the library is to come from.
    pub(super) fn wanted(&self) -> Wanted<'_> {
        match (&self.library, &self.command) {
            (Some(folder), _) => Wanted::Folder(folder),
            (None, Some(Command::Schema(_) | Command::Completions(_) | Command::BenchWorkload(_))) => Wanted::Shipped,
            (None, Some(Command::Meetup(_))) => Wanted::Shipped,
            (None, command) => Wanted::Here { says_so: !command.as_ref().is_some_and(Command::is_quiet) },
        }
    }
}

impl Command {
    /// Whether it is to say nothing beside what was asked for.
    fn is_quiet(&self) -> bool {
        match self {
            Command::Run(args) => args.quiet,
            Command::Sweep(args) => args.results.quiet,
            Command::Merge(args) => args.results.quiet,
            Command::Notes(args) => matches!(args.command, Some(NotesCommand::Check { quiet: true, .. })),
            _ => false,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say where to start, and list scenarios, problems and protocols
    #[command(after_long_help = help::list())]
    List(List),
    /// Print a shipped scenario's file
    Show(Show),
    /// Start a scenario of your own, from a shipped one or from nothing
    #[command(after_long_help = help::new())]
    New(New),
    /// Run a scenario once: the timeline, the verdicts with their reasons, the figures
    #[command(after_long_help = help::run())]
    Run(Run),
    /// Run many seeds over a grid of settings: how often, how large, beside what theory says
    #[command(after_long_help = help::sweep())]
    Sweep(Sweep),
    /// Join the parts that `dsys sweep --shard` wrote into the whole
    Merge(Merge),
    /// Find the worst case: the fewest failures that violate a property
    #[command(after_long_help = help::search())]
    Search(Search),
    /// Put a scenario right, and have your answer judged: by many runs, and by the worst case
    #[command(after_long_help = help::challenge())]
    Challenge(Challenge),
    /// Read the meetup's notes, check what they claim, or build them into a site
    #[command(after_long_help = help::notes())]
    Notes(Notes),
    /// Begin a meetup of your own: its notes, its first event, its site
    #[command(after_long_help = help::meetup())]
    Meetup(Meetup),
    /// Serve the stage: the page on which scenarios are played, to a room or at home
    #[command(after_long_help = help::serve())]
    Serve(Serve),
    /// Print the JSON Schema of scenario files, for editors
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
    /// Run one of the engine's workloads and print its deliveries and seconds
    #[command(hide = true)]
    BenchWorkload(BenchWorkload),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// A problem or a protocol, to be told all of it; without it, where to start
    pub(super) name: Option<String>,
    /// List everything: problems, protocols with their properties and parameters, scenarios
    #[arg(long, conflicts_with = "name")]
    pub(super) all: bool,
    /// List the scenarios of a level: 1, start here, needs nothing; 4 is hard
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with_all = ["name", "all"], value_parser = clap::value_parser!(u8).range(1..=4))]
    pub(super) level: Option<u8>,
    /// List the scenarios that the note of a topic links to: `cap`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["name", "all"])]
    pub(super) topic: Option<String>,
    /// The format; without it, the ending of the file says it
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
    /// Write to this file, .json or text; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// A shipped scenario, or a path to a file; `-` is standard input
    pub(super) scenario: String,
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The file to write; `-` is standard output
    pub(super) file: PathBuf,
    /// The scenario to start from
    #[arg(long, value_name = "SCENARIO", conflicts_with_all = ["problem", "protocol"], required_unless_present_any = ["problem", "protocol"])]
    pub(super) from: Option<String>,
    /// Start from nothing but a problem and one of its protocols: what a file needs, and as
    /// comments what it may say
    #[arg(long, value_name = "PROBLEM")]
    pub(super) problem: Option<String>,
    /// The protocol, one of the problem's
    #[arg(long, value_name = "PROTOCOL", requires = "problem")]
    pub(super) protocol: Option<String>,
    /// Write over a file that is there
    #[arg(long)]
    pub(super) overwrite: bool,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    /// A shipped scenario (`three-generals`, `byzantine-generals/three-generals`), a path, or a
    /// link that the page made; `-` is standard input
    pub(super) scenario: String,
    /// Draw all chance from this number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: Option<u64>,
    /// Override a key of the file by its dotted path: `network.loss=0.1`, `fault.0.crash.at=5s`; or
    /// add a row: `'fault.+1={ crash = { node = "bob", at = "5ms" } }'`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Settle a choice by its name: `alice:bob:3=lose`, `bob:carol:1.lie=attack`,
    /// `bob@17.crash=forever`
    #[arg(long = "force", value_name = "CHOICE=OPTION")]
    pub(super) force: Vec<String>,
    /// Judge the scenario's claims although something was overridden: exit code 1 if a verdict
    /// differs
    #[arg(long)]
    pub(super) expect: bool,
    /// Stop at the story's question and take your answer, if this is a terminal
    #[arg(long)]
    pub(super) ask: bool,
    /// Tell in the timeline what each node knows: its state, whenever that changes
    #[arg(long)]
    pub(super) states: bool,
    /// Show the run beside its twin, another run that looks the same to one node
    #[arg(long, conflicts_with_all = ["seed", "set", "force", "expect", "ask", "states", "format", "output", "diagram", "trace", "quiet"])]
    pub(super) twin: bool,
    /// The report's format; without it, the ending of the file says it
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
    /// Write the report to this file; `-` is standard output. The ending says the format: .json, or
    /// one of those of --diagram, or .jsonl for the events; without one, or with another such as
    /// .txt, it is text
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
    /// Draw the run; the ending says how: .svg a space-time diagram, .html the page with this run
    /// in it, .mmd Mermaid, .shiviz for ShiViz, .perfetto.json for Perfetto. Can be given more than
    /// once
    #[arg(long, value_name = "FILE")]
    pub(super) diagram: Vec<PathBuf>,
    /// Write every event as a line of JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(super) trace: Option<PathBuf>,
    /// Print no report on standard output: the exit code says it
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Search {
    /// A shipped scenario (`three-generals`, `byzantine-generals/three-generals`), or a path; `-`
    /// is standard input
    pub(super) scenario: String,
    /// Draw all chance that is not the enemy's from this number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: Option<u64>,
    /// Override a key of the file by its dotted path: `params.m=2`, `search.delays=["1ms"]`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Settle a choice by its name, so that the enemy cannot: `alice:bob:3=deliver`,
    /// `bob@charged:2.crash=no`
    #[arg(long = "force", value_name = "CHOICE=OPTION")]
    pub(super) force: Vec<String>,
    /// What the enemy may do: lie, lose, corrupt, twice, delay, crash, pause. Instead of what the
    /// scenario says
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = may)]
    pub(super) may: Vec<EnemyMay>,
    /// How many failures it may cause, at most
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32))]
    pub(super) at_most: Option<u32>,
    /// The property that it tries to violate; any of them if neither this nor the scenario names
    /// one
    #[arg(long, value_name = "NAME")]
    pub(super) property: Option<String>,
    /// How many runs it may take (2000000 unless given), or for how long: `500000`, `30s`
    #[arg(long, value_name = "RUNS|TIME", allow_negative_numbers = true, value_parser = budget)]
    pub(super) budget: Option<Budget>,
    /// Write the case that is found as a scenario of its own; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(super) save: Option<PathBuf>,
    /// Draw the case that is found; the ending says how, as in `dsys run`
    #[arg(long, value_name = "FILE")]
    pub(super) diagram: Vec<PathBuf>,
    /// The answer's format; without it, the ending of the file says it
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
    /// Write the answer to this file, .json or text; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Challenge {
    /// The scenario whose task it is; all challenges are listed without one
    pub(super) name: Option<String>,
    /// A change of your answer, as for `dsys run`: `params.acks=3`. Can be given more than once
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "name")]
    pub(super) set: Vec<String>,
    /// Claim that nothing which may be changed can do it
    #[arg(long, requires = "name", conflicts_with = "set")]
    pub(super) impossible: bool,
    /// Tell this hint, or the first: 1 is the gentlest
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", requires = "name",
          conflicts_with_all = ["set", "impossible"])]
    pub(super) hint: Option<usize>,
    /// Do not note what you have solved
    #[arg(long)]
    pub(super) no_progress: bool,
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Notes {
    #[command(subcommand)]
    pub(super) command: Option<NotesCommand>,
    /// The note to read: `cap`, `topics/cap`, `events/03`
    pub(super) note: Option<String>,
    /// Show the answers that are folded away
    #[arg(long, requires = "note")]
    pub(super) answers: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum NotesCommand {
    /// Check every link, claim and shown output: exit code 1 if one is false
    Check {
        /// A folder of your own to check, as after `--library`
        folder: Option<PathBuf>,
        /// Print only what is wrong
        #[arg(short, long)]
        quiet: bool,
    },
    /// Write the note of the next event from the template
    NewEvent(NewEvent),
    /// Build the notes, the scenarios and their runs into a static site
    Build(Build),
}

#[derive(Debug, Args)]
pub(super) struct NewEvent {
    /// Its day, as in 2026-12-08; without one, the note is a draft
    #[arg(long, value_name = "DAY")]
    pub(super) date: Option<Date>,
    /// When it begins in the meetup's time zone, as in 18:30
    #[arg(long, value_name = "TIME")]
    pub(super) time: Option<TimeOfDay>,
    /// When it ends, on the same day
    #[arg(long, value_name = "TIME", conflicts_with = "duration")]
    pub(super) until: Option<TimeOfDay>,
    /// How long it lasts, as in 2h or 90min
    #[arg(long, value_name = "TIME")]
    pub(super) duration: Option<String>,
    /// Where: `virtual`, or a place
    #[arg(long)]
    pub(super) place: Option<String>,
    /// Its page elsewhere, where people say that they come
    #[arg(long, value_name = "URL")]
    pub(super) link: Option<String>,
    /// A scenario that is shown. Can be given more than once, in order
    #[arg(long, value_name = "SCENARIO")]
    pub(super) demo: Vec<String>,
    /// Its title; what `notes/meetup.toml` says, unless told otherwise
    #[arg(long)]
    pub(super) title: Option<String>,
    /// Its number; the one after the last event's unless told otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..10_000))]
    pub(super) number: Option<u32>,
    /// Write a draft, even if all is known: no site, feed or calendar has it yet
    #[arg(long)]
    pub(super) draft: bool,
    /// The library to write it into, a folder with `notes/`: that of `--library`, or that which
    /// this folder is in
    #[arg(long, value_name = "DIR")]
    pub(super) into: Option<PathBuf>,
    /// Write to this file instead; `-` is standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "into")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// The folder to write the site into; made if it is not there
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
    /// Where the site will be, if not at the `url` of `notes/meetup.toml`: makes permalinks,
    /// previews, the feed and the sitemap absolute
    #[arg(long, value_name = "URL")]
    pub(super) site_url: Option<String>,
    /// The engine that `engine/build` makes: with it, the site's runs can be changed, swept and
    /// searched in the browser
    #[arg(long, value_name = "FILE")]
    pub(super) engine: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// A shipped scenario, or a path; `-` is standard input
    pub(super) scenario: String,
    /// Go over values of a key: `network.loss=0..0.9/0.1`, `params.acks=0,1,5`. Again for another
    /// key: every pair is run. Without it, the scenario's `[sweep]` says what to go over
    #[arg(long, value_name = "KEY=VALUES")]
    pub(super) over: Vec<String>,
    /// Runs at each point of the grid
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = runs)]
    pub(super) runs: Option<u64>,
    /// The seed of the first run; those of the others follow it
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: Option<u64>,
    /// Override a key of the file at every point
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Settle a choice by its name in every run
    #[arg(long = "force", value_name = "CHOICE=OPTION")]
    pub(super) force: Vec<String>,
    /// Leave a point as soon as the 95 % interval of each rate is at most this wide; judged every
    /// 1,000 runs
    #[arg(long, value_name = "WIDTH", allow_negative_numbers = true, conflicts_with = "shard")]
    pub(super) precision: Option<f64>,
    /// Run one part of the seeds, `2/8`, and write it for `dsys merge`; `auto` asks the scheduler
    /// which
    #[arg(long, value_name = "K/N", allow_hyphen_values = true)]
    pub(super) shard: Option<String>,
    /// Use so many threads; the result is the same. All cores if not given
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    #[command(flatten)]
    pub(super) results: SweepResults,
}

/// Where the results of a sweep go.
#[derive(Debug, Args)]
pub(super) struct SweepResults {
    /// The format; without it, the ending of the file says it
    #[arg(long, value_enum)]
    pub(super) format: Option<RowsFormat>,
    /// Write to this file: .json, .csv, or text. One that ends in .svg gets a chart, and can be
    /// given besides another
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Vec<PathBuf>,
    /// Draw this property or measure in the chart; without it, what the scenario asks, and beside
    /// it what is violated
    #[arg(long, value_name = "NAME")]
    pub(super) plot: Vec<String>,
    /// Tell how this measure is distributed: how many runs had each value, and how many at least so
    /// much. With CSV, the rows are those of the distribution alone
    #[arg(long, value_name = "MEASURE")]
    pub(super) distribution: Vec<String>,
    /// Show no progress, and print no table on standard output
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The files of all parts, in any order
    #[arg(required = true, value_name = "FILE")]
    pub(super) parts: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) results: SweepResults,
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The address and port to listen on; with 0.0.0.0, or `[::]` for IPv6 too, everybody on the
    /// network can open the page
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7411", value_parser = listen)]
    pub(super) listen: SocketAddr,
    /// The address under which others reach the page: what links and QR codes lead to
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<PublicUrl>,
    /// A name of this machine under which the page can be opened, as in `laptop.local`; any number
    /// of times
    #[arg(long, value_name = "NAME")]
    pub(super) name: Vec<HostName>,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Write to this file; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct BenchWorkload {
    /// The workload: `pp`, `a2a8`, `a2a64`, `a2a1000`, `run36`
    pub(super) name: String,
    /// Its size: deliveries of `pp`, runs of `run36`, rounds of the others
    pub(super) n: Option<u64>,
    /// Run the hand-written loop in the engine's place
    #[arg(long)]
    pub(super) floor: bool,
}
