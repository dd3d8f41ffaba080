//! How quick the engine is beside the library compiled for this machine, on one core each:
//! `cargo run --release --package dsys-engine --example ratios`, after `engine/build`. What it
//! printed last stands in `README.md`.
//!
//! Both sides count the time that their own processor worked, so that other work on the machine
//! matters less, and both are warm: a request is made again and again, and the least counts.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

mod support;

use std::time::Duration;

use cpu_time::ProcessTime;
use dsys::library::Library;
use dsys::stage::door::{self, Listener};
use serde_json::json;
use support::{Request, Rounds};

/// How often each request is made at least, and for how long, on either side. It takes a second
/// until the compiler of a browser has made the best of a run.
const ROUNDS: Rounds = Rounds { least: 10, milliseconds: 2_000 };

/// The most that a request may take in the engine, in native times.
const AIMS: [(&str, f64); 3] = [("run", 2.0), ("sweep", 1.5), ("search", 3.0)];

struct Deaf;

impl Listener for Deaf {
    fn waits(&self) -> bool {
        true
    }

    fn clock(&self) -> Duration {
        Duration::ZERO
    }

    fn hear(&self, _: Vec<u8>) {}
}

fn requests() -> Vec<Request> {
    let of = |scenario: &str| json!({ "scenario": scenario });
    let sweep = |scenario: &str, runs: u32| json!({ "order": of(scenario), "runs": runs });
    vec![
        ("run", of("three-generals")),
        ("run", of("the-table-that-forgot")),
        ("run", of("servers-that-follow-servers")),
        ("sweep", sweep("three-generals", 20_000)),
        ("sweep", sweep("more-acks-do-not-help", 5_000)),
        ("sweep", sweep("at-most-once-forgets", 5_000)),
        ("search", json!({ "order": of("last-messenger") })),
        ("search", json!({ "order": of("three-generals") })),
        ("search", json!({ "order": of("the-retry-out-of-order") })),
    ]
}

/// The milliseconds that each request takes here, at the least.
fn native(library: &Library, requests: &[Request]) -> Vec<f64> {
    let milliseconds = |since: ProcessTime| since.elapsed().as_secs_f64() * 1e3;
    let one = |(route, body): &Request| {
        let body = body.to_string();
        let (begun, mut made, mut least) = (ProcessTime::now(), 0, f64::INFINITY);
        while ROUNDS.go_on(made, milliseconds(begun)) {
            let round = ProcessTime::now();
            door::answer(route, body.as_bytes(), library, &Deaf);
            least = milliseconds(round).min(least);
            made += 1;
        }
        least
    };
    requests.iter().map(one).collect()
}

fn main() -> anyhow::Result<()> {
    // Searches are made on one thread as well: what is compared is one core.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let library = Library::shipped();
    let requests = requests();
    let ours = native(&library, &requests);
    let theirs: Vec<f64> = support::in_node(&library, &requests, Some(ROUNDS))?;
    println!("| request | native | engine | ratio | aim |");
    println!("|---|--:|--:|--:|--:|");
    for ((route, body), (ours, theirs)) in requests.iter().zip(ours.iter().zip(&theirs)) {
        let order = body.get("order").unwrap_or(body);
        let scenario = order["scenario"].as_str().unwrap_or_default();
        let runs = body["runs"].as_u64().map_or_else(String::new, |runs| format!(", {runs} runs a point"));
        let aim = AIMS.iter().find(|(of, _)| of == route).map_or(f64::INFINITY, |&(_, aim)| aim);
        let ratio = theirs / ours;
        println!("| {route} `{scenario}`{runs} | {ours:.2} ms | {theirs:.2} ms | {ratio:.1} | {aim:.1} |");
    }
    Ok(())
}
