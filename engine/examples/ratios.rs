//! How quick the engine is beside the library compiled for this machine, on one core each:
//! `cargo run --release --package dsys-engine --example ratios`, after `engine/build`. What it
//! printed last stands in `README.md`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]
#![allow(clippy::disallowed_methods, reason = "it measures real time")]

mod support;

use std::time::{Duration, Instant};

use dsys::library::Library;
use dsys::stage::door::{self, Listener};
use serde_json::json;
use support::Request;

/// How often each request is made, on either side; the quickest counts.
const ROUNDS: u64 = 7;

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
        ("sweep", sweep("three-generals", 2_000)),
        ("sweep", sweep("more-acks-do-not-help", 500)),
        ("sweep", sweep("at-most-once-forgets", 500)),
        ("search", json!({ "order": of("last-messenger") })),
        ("search", json!({ "order": of("three-generals") })),
        ("search", json!({ "order": of("the-retry-out-of-order") })),
        ("wall", json!({ "order": of("three-generals"), "runs": 2_000 })),
    ]
}

/// The milliseconds that each request takes here.
fn native(library: &Library, requests: &[Request]) -> Vec<f64> {
    let one = |(route, body): &Request| {
        let body = body.to_string();
        let round = |_| {
            let begun = Instant::now();
            door::answer(route, body.as_bytes(), library, &Deaf);
            begun.elapsed().as_secs_f64() * 1e3
        };
        (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
    };
    requests.iter().map(one).collect()
}

fn main() -> anyhow::Result<()> {
    let library = Library::shipped();
    let requests = requests();
    let theirs: Vec<f64> = support::in_node(&library, &requests, Some(ROUNDS))?;
    let ours = native(&library, &requests);
    println!("| request | native | engine | ratio |");
    println!("|---|--:|--:|--:|");
    for ((route, body), (ours, theirs)) in requests.iter().zip(ours.iter().zip(&theirs)) {
        let order = body.get("order").unwrap_or(body);
        let scenario = order["scenario"].as_str().unwrap_or_default();
        let ratio = theirs / ours;
        println!("| {route} `{scenario}` | {ours:.2} ms | {theirs:.2} ms | {ratio:.2} |");
    }
    Ok(())
}
