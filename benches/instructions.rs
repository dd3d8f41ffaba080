//! `cargo bench --bench instructions`: how many instructions the main workloads take, held against
//! `benches/README.md`.
//!
//! Instructions do not depend on what else a machine does, so they can gate. valgrind counts those
//! of two sizes of a workload, and their difference is what the messages, runs or events between
//! them cost, without what a process costs before. A workload that takes over a tenth more than the
//! table says ends the program with a failure; `-- --update` writes the table anew. Without
//! valgrind nothing is measured, which is a failure only where `DSYS_VALGRIND=required` says so.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark's result is what it prints")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot measure says why and ends")]

use std::fmt::Write as _;
use std::process::{Command, ExitCode};
use std::{env, fs};

use dsys::bench::{WORKLOADS, Workload};

/// The workloads, each with a size and another, the instructions between which are counted.
const SIZES: &[(&str, u64, u64)] = &[
    ("pp", 10_000, 40_000),
    ("a2a8", 200, 800),
    ("a2a64", 3, 9),
    ("run36", 300, 1_200),
    ("om72", 30, 150),
    ("om103", 2, 8),
    ("chain10", 300, 1_500),
    ("keep8", 200, 800),
    ("lines8", 200, 800),
];
/// How much more than the table says a workload may take, in parts of a hundred.
const MORE: u64 = 10;
/// What the table stands between in the file.
const MARKS: [&str; 2] = ["<!-- instructions: written by a program -->\n", "<!-- end -->"];
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if let [_, flag, name, size] = &arguments[..]
        && flag == "--run"
    {
        let done = (workload(name).engine)(size.parse().expect("a size"));
        println!("{} {}", done.delivered, done.events);
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no valgrind, so no instructions were counted");
        let is_required = env::var_os("DSYS_VALGRIND").is_some_and(|value| value == "required");
        return if is_required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let counted: Vec<(&str, u64)> = SIZES.iter().map(|&(name, few, many)| (name, count(name, few, many))).collect();
    if arguments.iter().any(|argument| argument == "--update") {
        write_table(&counted);
        return ExitCode::SUCCESS;
    }
    if compare(&counted) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn workload(name: &str) -> &'static Workload {
    WORKLOADS.iter().find(|workload| workload.name == name).expect("a workload of this name")
}

/// Instructions for each of the workload's units.
fn count(name: &str, few: u64, many: u64) -> u64 {
    let unit = workload(name).unit;
    let ((less, before), (more, after)) = (instructions(name, few), instructions(name, many));
    let units = unit.count(many, &after) - unit.count(few, &before);
    (more - less) / units
}

/// The instructions of one pass in a process of its own, and what it did.
fn instructions(name: &str, size: u64) -> (u64, dsys::bench::Outcome) {
    let me = env::current_exe().expect("this program");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(me)
        .args(["--run", name, &size.to_string()])
        .output()
        .expect("valgrind runs");
    let (said, told) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    let mut numbers = said.split_whitespace().filter_map(|word| word.parse().ok());
    let done = dsys::bench::Outcome {
        delivered: numbers.next().expect("deliveries"),
        events: numbers.next().expect("events"),
        ..Default::default()
    };
    let collected = told.lines().find_map(|line| line.split_once("Collected : ")).expect("a count");
    (collected.1.trim().parse().expect("a number"), done)
}

/// Prints what was counted beside what is written down. Returns whether nothing takes much more.
fn compare(counted: &[(&str, u64)]) -> bool {
    let text = fs::read_to_string(FILE).expect("the table");
    let (_, table, _) = around_table(&text);
    let mut holds = true;
    for &(name, today) in counted {
        let row = table.lines().find_map(|line| line.strip_prefix(&format!("| `{name}` | ")));
        let written = row.and_then(|row| row.split(" | ").next()?.parse::<u64>().ok());
        let verdict = match written {
            None => "not in the table",
            Some(written) if today * 100 > written * (100 + MORE) => "MORE than the table allows",
            Some(written) if today * (100 + MORE) < written * 100 => "less: write the table anew, with --update",
            Some(_) => "",
        };
        holds &= written.is_some_and(|written| today * 100 <= written * (100 + MORE));
        let written = written.map_or("?".to_owned(), |written| written.to_string());
        let unit = workload(name).unit.name();
        println!("{name:8} {today:>7} instructions each {unit:8} {written:>7} in the table  {verdict}");
    }
    holds
}

fn write_table(counted: &[(&str, u64)]) {
    let text = fs::read_to_string(FILE).expect("the table");
    let (before, _, after) = around_table(&text);
    let mut table = String::from("\n| workload | instructions | each |\n|---|---:|---|\n");
    for &(name, today) in counted {
        let _ = writeln!(table, "| `{name}` | {today} | {} |", workload(name).unit.name());
    }
    fs::write(FILE, format!("{before}{}{table}\n{}{after}", MARKS[0], MARKS[1])).expect("the table can be written");
}

/// The file's text before the table, the table, and what comes after.
fn around_table(text: &str) -> (&str, &str, &str) {
    let (before, rest) = text.split_once(MARKS[0]).expect("where the table begins");
    let (table, after) = rest.split_once(MARKS[1]).expect("where the table ends");
    (before, table, after)
}
