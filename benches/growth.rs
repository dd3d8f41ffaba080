//! `cargo bench --bench growth`: how many more instructions a run takes that has twice the events,
//! for every protocol.
//!
//! Each protocol is made longer by five doublings, once as for a person who looks at the run, who
//! is told all of it, and once as for a sweep, which wants verdicts only. valgrind counts the
//! instructions of each run, which do not depend on what else a machine does, so they can gate.
//! Told is how they grow per doubling of the events: 2 is linear, n log n makes 2.17 at most, 4 is
//! quadratic. What grows by more than 2.3 over all five doublings, or over any one of the last two,
//! ends the program with a failure. Names as arguments take only the protocols that contain one:
//! `cargo bench --bench growth -- retry oral`. Without valgrind nothing is measured, which is a
//! failure only where `DSYS_VALGRIND=required` says so.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark's result is what it prints")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot measure says why and ends")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::{env, fs, thread};

use dsys::bench::growth::{self, MOST, Row};
use dsys::problems::DOUBLINGS;
use dsys::report::Trials;

/// What is done with a run, in the order in which a process does it with each length.
const WAYS: [&str; 2] = ["seen", "judged"];
/// The function whose instructions are counted, as valgrind knows it.
const COUNTED: &str = "growth::counted";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [flag, row] = &arguments[..]
        && flag == "--run"
    {
        run_all(growth::rows()[row.parse::<usize>().expect("a row's number")]);
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no valgrind, so no instructions were counted");
        let is_required = env::var_os("DSYS_VALGRIND").is_some_and(|value| value == "required");
        return if is_required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted =
        |row: &Row| wanted.is_empty() || wanted.iter().any(|&wanted| row.protocol.contains(wanted.as_str()));
    let all = growth::rows();
    let rows: Vec<usize> = (0..all.len()).filter(|&row| is_wanted(&all[row])).collect();
    println!(
        "{:20} {:18} {:6}  {:>14}  {:>15}  {:32}  all",
        "protocol", "longer by", "", "events", "each", "each doubling"
    );
    let mut holds = true;
    count_all(&rows, |row, costs| holds &= costs.print(&all[row]));
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs every length of a row in every way, and prints how many events each has.
fn run_all(row: Row) {
    for doublings in 0..=DOUBLINGS {
        let scenario = row.scenario(doublings).expect("a scenario that loads");
        let mut trials = Trials::new(&scenario).expect("a scenario that runs");
        println!("{}", counted(&mut || growth::look_at(&scenario).expect("a run")));
        println!("{}", counted(&mut || growth::try_once(&mut trials)));
    }
}

/// Runs what is counted. It stands alone and does not end in a jump, so that valgrind finds where
/// it begins and ends.
#[inline(never)]
fn counted(run: &mut dyn FnMut() -> u64) -> u64 {
    black_box(run())
}

/// What the lengths of a row cost: events, and instructions in each way.
struct Costs(Vec<(u64, [u64; 2])>);

/// Counts rows in as many processes at once as there are cores, and tells their costs in order,
/// each as soon as may be.
fn count_all(rows: &[usize], mut tell: impl FnMut(usize, Costs)) {
    let next = AtomicUsize::new(0);
    let (counted, arrived) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (next, counted) = (&next, counted.clone());
            scope.spawn(move || {
                while let Some(&row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    counted.send((row, Costs::of(row))).expect("somebody who listens");
                }
            });
        }
        drop(counted);
        let mut waiting = BTreeMap::new();
        let mut told = rows.iter().peekable();
        for (row, costs) in arrived {
            waiting.insert(row, costs);
            while let Some((&row, costs)) = told.peek().and_then(|&row| Some((row, waiting.remove(row)?))) {
                tell(row, costs);
                told.next();
            }
        }
    });
}

impl Costs {
    fn of(row: usize) -> Costs {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("growth-{row}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for what valgrind writes");
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--collect-atstart=no"])
            .args([format!("--toggle-collect={COUNTED}"), format!("--dump-after={COUNTED}")])
            .arg(format!("--callgrind-out-file={}", folder.join("count").display()))
            .arg(env::current_exe().expect("this program"))
            .args(["--run", &row.to_string()])
            .output()
            .expect("valgrind runs");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let events = String::from_utf8_lossy(&run.stdout).lines().map(|line| line.parse().expect("events")).collect();
        let events: Vec<u64> = events;
        let counts: Vec<u64> =
            (1..=events.len()).map(|nth| instructions(&folder.join(format!("count.{nth}")))).collect();
        fs::remove_dir_all(&folder).expect("a folder that can be removed");
        let lengths = events.chunks_exact(2).zip(counts.chunks_exact(2));
        Costs(lengths.map(|(events, counts)| (events[0], [counts[0], counts[1]])).collect())
    }

    /// How the instructions grow from one length to another, per doubling of the events.
    fn growth(&self, way: usize, from: usize, to: usize) -> f64 {
        let ((few, less), (many, more)) = (self.0[from], self.0[to]);
        let dearer = more[way] as f64 / less[way] as f64;
        libm::pow(2.0, libm::log(dearer) / libm::log(many as f64 / few as f64))
    }

    /// Prints a line for each way, and returns whether neither grows too quickly.
    fn print(&self, row: &Row) -> bool {
        let last = self.0.len() - 1;
        let mut holds = true;
        for (way, name) in WAYS.into_iter().enumerate() {
            let doublings: Vec<f64> = (0..last).map(|from| self.growth(way, from, from + 1)).collect();
            let all = self.growth(way, 0, last);
            let is_quick = all > MOST || doublings.iter().rev().take(2).any(|&doubling| doubling > MOST);
            holds &= !is_quick;
            let each = |length: usize| self.0[length].1[way] / self.0[length].0;
            println!(
                "{:20} {:18} {name:6}  {:>14}  {:>15}  {:32}  {all:.2}{}",
                row.protocol,
                row.longer.by,
                format!("{} … {}", self.0[0].0, self.0[last].0),
                format!("{} … {}", each(0), each(last)),
                doublings.iter().map(|doubling| format!("{doubling:.2}")).collect::<Vec<_>>().join("  "),
                if is_quick { "  TOO MUCH" } else { "" },
            );
        }
        holds
    }
}

/// The instructions that valgrind counted, as it wrote them into a file.
fn instructions(file: &Path) -> u64 {
    let text = fs::read_to_string(file).expect("what valgrind wrote");
    let total = text.lines().find_map(|line| line.strip_prefix("summary:").or(line.strip_prefix("totals:")));
    total.and_then(|total| total.trim().parse().ok()).expect("a count")
}
