//! Every protocol of the registry: what verdicts, remarks and warnings say, whatever the weather.
//!
//! A new protocol needs a row in [`ROWS`]; the first test says so if it has none.

use dsys::problems::SHIPPED;
use dsys::report::{self, Claims};
use proptest::prelude::*;

use crate::support::sentences::{faults_in, plurals_in};
use crate::support::weather::{self, Weather};

/// A protocol, and parameters that bring its sentences to their edges: none, one and two of
/// everything that they count, and the protocol without its remedy. `""` is the defaults.
type Row = (&'static str, &'static str, &'static [&'static str]);

const GENERALS: &str = "two-generals";
const BYZANTINE: &str = "byzantine-generals";
const CLOCKS: &str = "clock-skew";
const ORDERS: &str = "exactly-once";

const ROWS: &[Row] = &[
    (GENERALS, "ack-chain", &["", "acks = 0", "acks = 1", "acks = 9", "order = \"none\""]),
    (GENERALS, "messengers", &["messengers = 1", "messengers = 2, ack-messengers = 1", "order = \"none\""]),
    (GENERALS, "retry", &["attempts = 1", "attempts = 3, every = \"12ms\"", "order = \"none\""]),
    (GENERALS, "randomized", &["rounds = 1", "rounds = 4", "orders = [\"attack\", \"none\"]"]),
    (BYZANTINE, "oral", &["m = 0", "m = 1", "m = 1, order = \"retreat\""]),
    (BYZANTINE, "signed", &["m = 0", "m = 1", "m = 2, default = \"attack\""]),
    (CLOCKS, "free-running", &["every = \"1s\"", "every = \"1s\", spread = \"1s\"", "rho-ppm = 0"]),
    (CLOCKS, "cristian", &["", "every = \"1s\", max-rtt = \"10ms\"", "correct = \"slew\", min-delay = \"5ms\""]),
    (CLOCKS, "berkeley", &["", "every = \"1s\", max-rtt = \"10ms\"", "correct = \"slew\", gamma = \"5ms\""]),
    (CLOCKS, "average", &["", "min-delay = \"5ms\", max-delay = \"5ms\"", "max-delay = \"100ms\""]),
    (CLOCKS, "midpoint", &["", "f = 0", "f = 0, every = \"3s\", beta = \"0ms\""]),
    (CLOCKS, "ntp", &["", "poll = \"16s\", iburst = false", "servers = 1, stept = \"1ms\", watch = \"1s\""]),
    (CLOCKS, "physical", &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""]),
    (CLOCKS, "lamport", &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""]),
    (CLOCKS, "vector", &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""]),
    (CLOCKS, "hybrid", &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""]),
    (
        CLOCKS,
        "last-write-wins",
        &["", "writes = 0", "writers = 1", "writes = 3, acks = \"all\"", "writes = 9, stamp = \"hybrid\""],
    ),
    (
        CLOCKS,
        "lease",
        &[
            "",
            "writes = 0",
            "writes = 1, length = \"1s\", from = \"reception\"",
            "length = \"100ms\", work = \"30ms\", stagger = \"10ms\", fencing = true",
            "length = \"100ms\", trust = \"300ms\", work = \"30ms\", stagger = \"10ms\"",
        ],
    ),
    (CLOCKS, "commit-wait", &["", "transactions = 1", "wait = 0, epsilon = \"0ms\"", "transactions = 30, wait = 1"]),
    (ORDERS, "at-most-once", &["orders = 1", "orders = 2", "orders = 30, gap = \"1ms\""]),
    (
        ORDERS,
        "at-least-once",
        &["orders = 1", "orders = 2, attempts = 1", "orders = 2, attempts = 2", "orders = 30, every = \"10ms\""],
    ),
    (
        ORDERS,
        "dedup",
        &[
            "orders = 1, durable = false",
            "orders = 2, ttl = \"30ms\"",
            "orders = 30, capacity = 1",
            "orders = 4, order = \"record-then-effect\"",
            "orders = 4, order = \"transaction\"",
        ],
    ),
    (
        ORDERS,
        "consumer-offsets",
        &["orders = 1", "orders = 9, batch = 3", "orders = 9, batch = 3, commit = \"before\""],
    ),
    (
        ORDERS,
        "dual-write",
        &[
            "orders = 1",
            "orders = 2, attempts = 1",
            "orders = 9, first = \"message\"",
            "orders = 9, idempotent = false",
        ],
    ),
    (ORDERS, "outbox", &["orders = 1", "orders = 9, idempotent = false", "orders = 2, attempts = 1"]),
    (
        ORDERS,
        "idempotent-producer",
        &["orders = 1", "orders = 9, idempotence = false", "orders = 9, transactional-id = true", "orders = 9"],
    ),
    (
        ORDERS,
        "transaction",
        &["orders = 1", "orders = 9, fencing = false", "orders = 9, isolation = \"read-uncommitted\""],
    ),
    (
        ORDERS,
        "snapshot",
        &["tokens = 0", "tokens = 1, moves = 1", "tokens = 3, moves = 9", "moves = 200, every = \"1ms\""],
    ),
    (
        ORDERS,
        "barriers",
        &["orders = 1", "orders = 9, aligned = false", "orders = 9, sink = \"transactional\"", "orders = 2"],
    ),
];

/// How far clocks are off.
const CLOCK: &[&str] = &["", "drift-ppm = 100", "offset = { uniform = [\"-20ms\", \"20ms\"] }, drift-ppm = 50"];

#[test]
fn every_protocol_has_a_row() {
    let shipped = || SHIPPED.protocols().map(|(problem, entry)| (problem.name, entry.name));
    for (problem, protocol) in shipped() {
        let has_row = ROWS.iter().any(|&(of, name, _)| (of, name) == (problem, protocol));
        assert!(
            has_row,
            "{problem}, {protocol}: add a row to tests/sentences/every.rs, so that its sentences are read"
        );
    }
    for &(problem, protocol, _) in ROWS {
        assert!(shipped().any(|it| it == (problem, protocol)), "{problem}, {protocol}: the row is about no protocol");
    }
}

#[test]
fn what_is_said_of_a_run_is_sound() {
    for &(problem, protocol, variants) in ROWS {
        let entry = SHIPPED.entry(problem, protocol).unwrap();
        let cases = (weather::any(), prop::sample::select(variants), prop::sample::select(CLOCK));
        let checked = weather::runner(150).run(&cases, |(weather, params, clock)| {
            let scenario = Weather { clock, ..weather }.over(problem, entry, params);
            let scenario = scenario.unwrap_or_else(|| panic!("`{params}` cannot be run"));
            let report = report::run(&scenario, Claims::Always).unwrap();
            // What was forced on a message that never was is said by the loader.
            let faults: Vec<String> =
                faults_in(&report).into_iter().filter(|fault| !fault.starts_with("a warning")).collect();
            prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
            let plurals = plurals_in(&report);
            prop_assert!(plurals.is_empty(), "{}", plurals.join("\n"));
            Ok(())
        });
        if let Err(wrong) = checked {
            panic!("{problem}, {protocol}: {wrong}");
        }
    }
}
