//! Exactly-once delivery: what verdicts and remarks say, whatever the weather.

use dsys::problems::SHIPPED;
use dsys::report::{self, Claims};
use proptest::prelude::*;

use crate::support::sentences::faults_in;
use crate::support::weather;

/// By protocol, parameters that bring its sentences to their edges: none, one and two of
/// everything, and what a protocol without its remedy does.
const PARAMS: &[(&str, &[&str])] = &[
    ("at-most-once", &["orders = 1", "orders = 2", "orders = 30, gap = \"1ms\""]),
    (
        "at-least-once",
        &["orders = 1", "orders = 2, attempts = 1", "orders = 2, attempts = 2", "orders = 30, every = \"10ms\""],
    ),
    (
        "dedup",
        &[
            "orders = 1, durable = false",
            "orders = 2, ttl = \"30ms\"",
            "orders = 30, capacity = 1",
            "orders = 4, order = \"record-then-effect\"",
            "orders = 4, order = \"transaction\"",
        ],
    ),
    ("consumer-offsets", &["orders = 1", "orders = 9, batch = 3", "orders = 9, batch = 3, commit = \"before\""]),
    (
        "dual-write",
        &[
            "orders = 1",
            "orders = 2, attempts = 1",
            "orders = 9, first = \"message\"",
            "orders = 9, idempotent = false",
        ],
    ),
    ("outbox", &["orders = 1", "orders = 9, idempotent = false", "orders = 2, attempts = 1"]),
    (
        "idempotent-producer",
        &["orders = 1", "orders = 9, idempotence = false", "orders = 9, transactional-id = true", "orders = 9"],
    ),
    ("transaction", &["orders = 1", "orders = 9, fencing = false", "orders = 9, isolation = \"read-uncommitted\""]),
    ("snapshot", &["tokens = 0", "tokens = 1, moves = 1", "tokens = 3, moves = 9", "moves = 200, every = \"1ms\""]),
    ("barriers", &["orders = 1", "orders = 9, aligned = false", "orders = 9, sink = \"transactional\"", "orders = 2"]),
];

#[test]
fn what_is_said_of_a_run_is_sound() {
    let problem = SHIPPED.problem("exactly-once").unwrap();
    for entry in problem.protocols {
        let (_, variants) = PARAMS.iter().find(|(name, _)| *name == entry.name).unwrap();
        let cases = (weather::any(), prop::sample::select(variants.to_vec()));
        let checked = weather::runner(150).run(&cases, |(weather, params)| {
            let scenario = weather.over(problem.name, entry, params).unwrap();
            let report = report::run(&scenario, Claims::Always).unwrap();
            // What was forced on a message that never was is said by the loader.
            let faults: Vec<String> =
                faults_in(&report).into_iter().filter(|fault| !fault.starts_with("a warning")).collect();
            prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
            Ok(())
        });
        if let Err(wrong) = checked {
            panic!("{}: {wrong}", entry.name);
        }
    }
}
