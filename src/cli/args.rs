//! What can be written on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::stage::PublicUrl;

const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nengine ",
    env!("CARGO_PKG_VERSION"),
    ": with it, one seed gives one trace on every machine"
);

/// Learn distributed systems by running their classic hard problems, with failures injected.
#[derive(Debug, Parser)]
#[command(name = "dsys", version, long_version = LONG_VERSION, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_long_help = "\
Examples:
  dsys                                              what is here, and what to try first
  dsys run three-generals                           one run: what happened, and why
  dsys run three-generals --force bob:alice:1=attack
  dsys new mine.toml --from three-generals          a scenario of your own

Exit codes: 0 done · 1 a verdict differs from what the scenario claims · 2 bad input or usage · 3 I/O or internal")]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// Tell on standard error what happens inside: -v the steps, -vv every event with its simulated time
    #[arg(short, long, global = true, display_order = 100, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,

    /// When to colour
    #[arg(long, global = true, display_order = 101, value_name = "WHEN", default_value_t, value_enum)]
    pub(super) color: Color,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List problems, protocols with their properties and parameters, and scenarios
    List(List),
    /// Print a shipped scenario's file
    Show(Show),
    /// Start a scenario of your own from a shipped one
    New(New),
    /// Run a scenario once: the timeline, the verdicts with their reasons, the figures
    #[command(after_long_help = "\
Examples:
  dsys run three-generals                                 the story as it was written
  dsys run three-generals --seed 7                        other delays
  dsys run three-generals --set nodes=4                   one general more
  dsys run three-generals --set params.order=retreat      any key of the file
  dsys run three-generals --force bob:alice:1=attack      bob tells the truth this time
  dsys run three-generals --force alice:bob:1=lose        the network loses a message
  dsys run three-generals --diagram generals.svg          a space-time diagram
  dsys run three-generals --diagram generals.html         a page that plays the run, for any browser
  dsys run mine.toml --expect                             exit code 1 if a verdict is not as claimed
  dsys run - --format json < mine.toml                    the report for other programs")]
    Run(Run),
    /// Serve the stage: the page on which scenarios are played, to a room or at home
    #[command(after_long_help = "\
Examples:
  dsys serve                                              the page, for this machine alone
  dsys serve --listen 127.0.0.1:8000                      another port
  dsys serve --listen 0.0.0.0:7411 --public-url http://192.168.1.20:7411/
                                                          for everybody on the network, with QR codes")]
    Serve(Serve),
    /// Print the JSON Schema of scenario files, for editors
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
    /// Run one of the engine's workloads and print its deliveries and seconds
    #[command(hide = true)]
    BenchWorkload(BenchWorkload),
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Into pipes and files too
    Always,
    /// Plain text
    Never,
}

impl Color {
    /// The choice as the libraries below know it.
    pub(super) fn choice(self) -> anstream::ColorChoice {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }

    /// Makes this the choice of the whole program.
    pub(super) fn write_global(self) {
        self.choice().write_global();
    }
}

/// The format of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one object
    Json,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// A problem or a protocol, to be told all of it
    pub(super) name: Option<String>,
    /// The format
    #[arg(long, default_value_t, value_enum)]
    pub(super) format: Format,
    /// Write to this file; `-` is standard output
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
    #[arg(long, value_name = "SCENARIO")]
    pub(super) from: String,
    /// Write over a file that is there
    #[arg(long)]
    pub(super) overwrite: bool,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    /// A shipped scenario (`three-generals`, `byzantine-generals/three-generals`), a path, or a link that the page
    /// made; `-` is standard input
    pub(super) scenario: String,
    /// Draw all chance from this number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: Option<u64>,
    /// Override a key of the file by its dotted path: `network.loss=0.1`, `fault.0.crash.at=5s`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Settle a choice by its name: `alice:bob:3=lose`, `bob:carol:1.lie=attack`, `bob@17.crash=forever`
    #[arg(long = "force", value_name = "CHOICE=OPTION")]
    pub(super) force: Vec<String>,
    /// Judge the scenario's claims although something was overridden: exit code 1 if a verdict differs
    #[arg(long)]
    pub(super) expect: bool,
    /// The report's format
    #[arg(long, default_value_t, value_enum)]
    pub(super) format: Format,
    /// Write the report to this file; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
    /// Draw the run; the ending says how: .svg a space-time diagram, .html the page with this run in it, .mmd Mermaid,
    /// .shiviz for ShiViz, .perfetto.json for Perfetto. Can be given more than once
    #[arg(long, value_name = "FILE")]
    pub(super) diagram: Vec<PathBuf>,
    /// Write every event as a line of JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(super) trace: Option<PathBuf>,
    /// Print no report on standard output: the exit code says it
    #[arg(short, long)]
    pub(super) quiet: bool,
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a seed is a whole number from 0 to {}", u64::MAX))
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The address and port to listen on; with 0.0.0.0 everybody on the network can open the page
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7411", value_parser = listen)]
    pub(super) listen: SocketAddr,
    /// The address under which others reach the page: what links and QR codes lead to
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<PublicUrl>,
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let with_name = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let text = with_name.as_deref().unwrap_or(text);
    text.parse().map_err(|_| "write an address and a port, as in `127.0.0.1:7411` or `[::1]:7411`".to_owned())
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
