//! The lower half of a command's help: examples, each beside what it does, and paragraphs, all as
//! wide as the terminal.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::scenario::nearest;
use crate::view::terminal::{paragraph, terms};

use super::args::Cli;

use super::output;

/// The error, with the command or the flag that was meant where two letters are swapped, which clap
/// does not take for a slip.
pub(super) fn with_suggestion(mut error: clap::Error) -> clap::Error {
    let dsys = Cli::command();
    if let Some(word) = unknown(&error, ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand) {
        let names = dsys.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name);
        if let Some(near) = nearest(&word, names) {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![near.to_owned()]));
        }
    }
    let flag = unknown(&error, ContextKind::InvalidArg, ContextKind::SuggestedArg);
    let flag = flag.filter(|_| error.kind() == ErrorKind::UnknownArgument);
    if let Some(word) = flag.as_deref().and_then(|flag| flag.strip_prefix("--")) {
        let of_all = dsys.get_arguments().filter(|argument| argument.is_global_set());
        let flags = asked(&dsys).get_arguments().chain(of_all).filter(|argument| !argument.is_hide_set());
        if let Some(near) = nearest(word, flags.filter_map(clap::Arg::get_long)) {
            error.insert(ContextKind::SuggestedArg, ContextValue::String(format!("--{near}")));
        }
    }
    error
}

/// The word that clap does not know, if it suggests no other.
fn unknown(error: &clap::Error, invalid: ContextKind, suggested: ContextKind) -> Option<String> {
    match error.get(invalid) {
        Some(ContextValue::String(word)) if error.get(suggested).is_none() => Some(word.clone()),
        _ => None,
    }
}

/// The command that the arguments of the program ask for.
fn asked(dsys: &clap::Command) -> &clap::Command {
    let words = std::env::args_os().skip(1);
    words.fold(dsys, |command, word| command.find_subcommand(word).unwrap_or(command))
}

/// The help of `dsys` itself.
pub(super) fn dsys() -> String {
    let examples = examples(&[
        ("dsys", "what is here, and what to try first"),
        ("dsys list", "where to start, step by step"),
        ("dsys run three-generals", "one run: what happened, and why"),
        ("dsys run three-generals --force bob:alice:1=attack", ""),
        ("dsys sweep more-acks-do-not-help", "how often, over many seeds and settings"),
        ("dsys search three-generals", "the worst case: the least that must go wrong"),
        ("dsys new mine.toml --from three-generals", "a scenario of your own"),
    ]);
    let codes = "Exit codes: 0 done · 1 a claim does not hold, of a scenario, a note or your answer · 2 bad input or usage · 3 a file \
                 cannot be read or written, or an internal error · 130, 143, 129 ended by SIGINT, SIGTERM, SIGHUP; a sweep or a search prints what it knows \
                 by then.";
    let columns =
        "Text is as wide as the terminal, from 40 to 100 columns; in a pipe, as wide as COLUMNS says, or 100.";
    let endings = "The ending of a file's name says its format (`-o r.json`, `-o run.svg`); with .txt, another ending or none, \
                   it is text. A format that the command cannot write is refused.";
    format!("{examples}\n{}\n{}\n{}", wrapped(codes), wrapped(endings), wrapped(columns))
}

pub(super) fn challenge() -> String {
    let examples = examples(&[
        ("dsys challenge", "all challenges, by level, and which you have solved"),
        ("dsys challenge the-dual-write", "the task, and what may be changed"),
        ("dsys challenge the-dual-write --hint 1", "a hint"),
        ("dsys challenge the-dual-write --set params.first=message", "an answer, judged"),
        ("dsys challenge the-dual-write --impossible", "another answer"),
    ]);
    let codes = "Exit codes: 0 solved · 1 not solved, and the run that shows it is named · 2 bad input or usage.";
    let progress = "What you have solved is noted on your own machine, in `dsys/challenges.json` below XDG_STATE_HOME \
                    or `~/.local/state`, and is never sent.";
    format!("{examples}\n{}\n{}", wrapped(codes), wrapped(progress))
}

pub(super) fn list() -> String {
    examples(&[
        ("dsys list", "where to start: a path of scenarios, by level"),
        ("dsys list --level 2", "all scenarios of a level"),
        ("dsys list --topic cap", "the scenarios that a topic's note links to"),
        ("dsys list byzantine-generals", "all of a problem: its protocols, their parameters, its scenarios"),
        ("dsys list --all", "all problems"),
        ("dsys list --format json", "all of it, for other programs"),
    ])
}

pub(super) fn run() -> String {
    examples(&[
        ("dsys run three-generals", "the story as it was written"),
        ("dsys run three-generals --seed 7", "other delays"),
        ("dsys run three-generals --set nodes=4", "one general more"),
        ("dsys run three-generals --set params.order=retreat", "any key of the file"),
        ("dsys run three-generals --force bob:alice:1=attack", "bob tells the truth this time"),
        ("dsys run three-generals --force alice:bob:1=lose", "the network loses a message"),
        ("dsys run three-generals --diagram generals.svg", "a space-time diagram"),
        ("dsys run three-generals --diagram generals.html", "a page that plays the run, for any browser"),
        ("dsys run mine.toml --expect", "exit code 1 if a verdict is not as claimed"),
        ("dsys run - --format json < mine.toml", "the report for other programs"),
    ])
}

pub(super) fn sweep() -> String {
    let examples = examples(&[
        ("dsys sweep more-acks-do-not-help", "the grid that the scenario asks for, beside theory"),
        ("dsys sweep more-acks-do-not-help --over network.loss=0..0.9/0.1 --over params.acks=0,1,5", ""),
        ("dsys sweep more-acks-do-not-help -o plot.svg", "a chart as well"),
        ("dsys sweep more-acks-do-not-help --runs 1000000 --precision 0.01", ""),
        ("dsys sweep more-acks-do-not-help -o rows.csv", "every number, for a spreadsheet"),
        ("dsys sweep more-acks-do-not-help --shard 1/4 -o part-1.json", "a quarter of the runs …"),
        ("dsys merge part-*.json", "… and all four joined"),
    ]);
    let paragraphs = [
        "Run k of every point, k from 0, has the seed of the scenario plus k: `dsys run --seed` makes it again.",
        "A setting that is a duration stands in CSV twice: as it is written in the column of its key, and in nanoseconds \
         in `KEY_ns`, by which lines sort. In JSON the nanoseconds are in a row's `at_ns`.",
        "A sweep that is interrupted (SIGINT, SIGTERM, SIGHUP) writes the runs that it has. Then JSON says \
         `\"partial\": true`, every line of CSV has `false` in the column `complete`, and a table and a chart say it too.",
        "A part that a scheduler runs: `--shard auto` in a Slurm array (sbatch --array=1-8), `--shard auto/8` in a \
         Kubernetes job with `completionMode: Indexed` and 8 completions, whose pods know their index but not how many \
         they are.",
    ];
    paragraphs.iter().fold(examples, |text, paragraph| format!("{text}\n{}", wrapped(paragraph)))
}

pub(super) fn search() -> String {
    let examples = examples(&[
        ("dsys search last-messenger", "what the scenario's [search] says"),
        ("dsys search three-generals --set nodes=4", "one general more: nothing is found, and all was tried"),
        ("dsys search last-messenger --may lose,crash", "what the enemy may do"),
        ("dsys search six-generals --at-most 4", "no more than four lies"),
        ("dsys search seven-generals --at-most 9 --budget 100000", "so many runs; --budget 30s for so long"),
        ("dsys search three-generals --save worst.toml", "the case that is found, as a scenario of its own"),
    ]);
    let aside = "What the enemy may decide, the scenario does not: its own lies, losses and crashes at named points of \
                 that kind are left out. What --force settles stays.";
    let partial = "A search that is interrupted (SIGINT, SIGTERM, SIGHUP) answers with what it knows; then JSON says \
                   `\"partial\": true`.";
    format!("{examples}\n{}\n{}", wrapped(aside), wrapped(partial))
}

pub(super) fn notes() -> String {
    examples(&[
        ("dsys notes", "the notes, by kind"),
        ("dsys notes two-generals", "read one; its links are numbered, its runs are commands"),
        ("dsys notes check", "every link, every claim: exit code 1 if one is false"),
        ("dsys notes check ~/our-meetup", "those of a folder of your own"),
        ("dsys notes new-event --date 2026-12-08 --time 18:30 --place virtual", ""),
        ("dsys notes build -o site --site-url https://example.org/dsys/", ""),
    ])
}

pub(super) fn meetup() -> String {
    let examples = examples(&[
        ("dsys meetup init ~/our-meetup", "a library with defaults; it says what is not known"),
        ("dsys meetup init ~/rainy-city --name 'Rainy City Systems' --city Vancouver", ""),
        ("cd ~/rainy-city && dsys notes check", "in the folder, every command takes its library"),
        ("dsys notes new-event --date 2027-01-12 --time 18:30 --place virtual", "the next event"),
        ("dsys notes build -o site", "the site"),
    ]);
    let own = "The folder has notes of its own, and of the shipped ones those about problems and topics, as \
               `notes/meetup.toml` says. `dsys notes writing-notes` tells how notes are written.";
    format!("{examples}\n{}", wrapped(own))
}

pub(super) fn new() -> String {
    examples(&[
        ("dsys new mine.toml --from three-generals", "from a story that ships"),
        ("dsys new mine.toml --problem two-generals --protocol retry", "every key with its default, no story"),
    ])
}

pub(super) fn serve() -> String {
    examples(&[
        ("dsys serve", "the page, for this machine alone"),
        ("dsys serve --listen 127.0.0.1:8000", "another port"),
        (
            "dsys serve --listen 0.0.0.0:7411 --public-url http://192.168.1.20:7411/",
            "for everybody on the network, with QR codes",
        ),
    ])
}

fn examples(rows: &[(&str, &str)]) -> String {
    format!("Examples:\n{}", terms("  ", rows, output::columns()))
}

fn wrapped(text: &str) -> String {
    paragraph("", text, output::columns())
}
