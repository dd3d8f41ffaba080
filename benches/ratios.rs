//! `cargo bench`: what the engine costs, as ratios to hand-written loops that run in turn with it.
//!
//! Each workload is run by the engine and by its floor, one after the other, several times; the
//! least time of each counts, since whatever else a machine does only adds. A name as an argument
//! runs only the workloads that contain it.

#![allow(clippy::disallowed_methods, reason = "what is measured here is the machine's own time")]
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]

use std::time::{Duration, Instant};

use dsys::bench::{Outcome, WORKLOADS, Workload};

/// How often each workload is run by either side.
const PAIRS: usize = 9;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    println!("{:8}  {:8}  {:>12}  {:>12}  {:>6}  {:>7}", "workload", "each", "engine", "floor", "ratio", "allowed");
    for workload in WORKLOADS {
        if wanted.is_empty() || wanted.iter().any(|name| workload.name.contains(name)) {
            println!("{}", row(workload));
        }
    }
}

fn row(workload: &Workload) -> String {
    let (mut engine, mut floor, mut done) = (Duration::MAX, Duration::MAX, Outcome::default());
    for _ in 0..PAIRS {
        let (by_engine, took) = timed(workload.engine, workload.usual);
        engine = engine.min(took);
        let (by_floor, took) = timed(workload.floor, workload.usual);
        floor = floor.min(took);
        assert_eq!(by_engine, by_floor, "{}: the floor does something else", workload.name);
        done = by_engine;
    }
    let units = workload.unit.count(workload.usual, &done);
    let each = |took: Duration| format!("{:.1} ns", took.as_secs_f64() * 1e9 / units as f64);
    let ratio = engine.as_secs_f64() / floor.as_secs_f64();
    let mark = if ratio <= workload.allowed { "" } else { "  over" };
    let allowed = if workload.allowed.is_finite() { format!("{:.2}", workload.allowed) } else { String::new() };
    let (engine, floor, unit) = (each(engine), each(floor), workload.unit.name());
    format!("{:8}  {unit:8}  {engine:>12}  {floor:>12}  {ratio:>6.2}  {allowed:>7}{mark}", workload.name)
}

fn timed(run: fn(u64) -> Outcome, n: u64) -> (Outcome, Duration) {
    let began = Instant::now();
    let done = std::hint::black_box(run(std::hint::black_box(n)));
    (done, began.elapsed())
}
