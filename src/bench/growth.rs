//! How the cost of a run grows with its length: every protocol, made longer and longer.
//!
//! A row says what makes a protocol's runs longer; doubling it doubles the events, or near enough.
//! What is measured is all that is done with a run: running it, judging it and telling it, as for a
//! person who looks at it and as for a sweep that wants verdicts only. `cargo bench --bench growth`
//! prints how much more twice the events cost; what grows as n log n stays below [`MOST`].

use std::hint::black_box;
use std::ops::ControlFlow;

use crate::problems::{Bound, SHIPPED};
use crate::report::{self, Claims, Trials};
use crate::scenario::Request;
use crate::view::terminal::{self, Print};

/// How often a row is doubled.
pub const DOUBLINGS: u32 = 5;

/// A row's longest run has at least so many events. A shorter one is judged as a whole, and
/// judging in parts would stay untested.
pub const LONG: u64 = 9_000;

/// The most that twice the events may cost, as a multiple: n log n from 1,000 events to 32,000
/// makes 2.17.
pub const MOST: f64 = 2.3;

/// A protocol, and what makes its runs longer.
#[derive(Debug)]
pub struct Row {
    /// The problem's name.
    pub problem: &'static str,
    /// The protocol's name.
    pub protocol: &'static str,
    /// The setting that makes its runs longer.
    pub by: &'static str,
    lengths: Lengths,
    /// The rest of the scenario, its nodes first. What goes wrong in it goes wrong again and again,
    /// so that there is more to judge and to tell of a longer run.
    rest: &'static str,
}

/// The values of the setting.
#[derive(Debug)]
enum Lengths {
    /// So many of a unit, and twice as many each time.
    From(u64, &'static str),
    /// So many nodes: the events grow with their square.
    Nodes([u64; DOUBLINGS as usize + 1]),
}

const fn row(
    problem: &'static str,
    protocol: &'static str,
    (by, lengths): (&'static str, Lengths),
    rest: &'static str,
) -> Row {
    Row { problem, protocol, by, lengths, rest }
}

const fn doubling(by: &'static str, from: u64, unit: &'static str) -> (&'static str, Lengths) {
    (by, Lengths::From(from, unit))
}

const BY_NODES: (&str, Lengths) = ("nodes", Lengths::Nodes([12, 17, 24, 34, 48, 68]));
const GENERALS: &str = "two-generals";
const BYZANTINE: &str = "byzantine-generals";
const CLOCKS: &str = "clock-skew";
const ORDERS: &str = "exactly-once";

/// Every protocol, some of them made longer in more ways than one.
pub const ROWS: &[Row] = &[
    row(GENERALS, "ack-chain", doubling("params.acks", 200, ""), "nodes = 2\nuntil = \"30d\""),
    row(GENERALS, "messengers", doubling("params.messengers", 200, ""), WEATHER),
    row(GENERALS, "messengers", doubling("params.messengers", 300, ""), "nodes = 2\n[network]\nloss = 1.0"),
    row(GENERALS, "retry", doubling("params.attempts", 100, ""), NO_ANSWER),
    row(GENERALS, "randomized", doubling("params.rounds", 80, ""), WEATHER),
    row(BYZANTINE, "oral", BY_NODES, LIARS),
    row(BYZANTINE, "oral", doubling("until", 1, "s"), RESTARTS),
    row(BYZANTINE, "signed", BY_NODES, LIARS),
    row(BYZANTINE, "signed", doubling("until", 2, "s"), RESTARTS),
    row(CLOCKS, "free-running", doubling("until", 1, "h"), EVERY_10S),
    row(CLOCKS, "cristian", doubling("until", 10, "min"), "nodes = 2\n[clock]\ndrift-ppm = 50\n[network]\nloss = 0.1"),
    row(CLOCKS, "berkeley", doubling("until", 10, "min"), EVERY_10S),
    row(CLOCKS, "average", BY_NODES, OFFSETS),
    row(CLOCKS, "midpoint", doubling("until", 5, "min"), MIDPOINT),
    row(CLOCKS, "ntp", doubling("until", 1, "h"), "nodes = 4\n[clock]\ndrift-ppm = 12"),
    row(CLOCKS, "ntp", doubling("until", 1, "h"), STRATA),
    row(CLOCKS, "physical", doubling("params.events", 30, ""), FOUR_OFFSETS),
    row(CLOCKS, "lamport", doubling("params.events", 30, ""), "nodes = 4"),
    row(CLOCKS, "vector", doubling("params.events", 30, ""), "nodes = 4"),
    row(CLOCKS, "hybrid", doubling("params.events", 30, ""), FOUR_OFFSETS),
    row(CLOCKS, "last-write-wins", doubling("until", 1, "min"), "nodes = 3\n[network]\nloss = 1.0"),
    row(CLOCKS, "last-write-wins", doubling("params.writes", 15, ""), MANY_WRITES),
    row(CLOCKS, "lease", doubling("params.length", 40, "s"), LEASE),
    row(CLOCKS, "commit-wait", doubling("params.transactions", 30, ""), COMMIT_WAIT),
    row(ORDERS, "at-most-once", doubling("params.orders", 100, ""), LOSSY),
    row(ORDERS, "at-least-once", doubling("params.orders", 60, ""), LOSSY),
    row(ORDERS, "dedup", doubling("params.orders", 60, ""), LOSSY),
    row(ORDERS, "dedup", doubling("until", 4, "s"), CRASHING_LEDGER),
    row(ORDERS, "dual-write", doubling("params.orders", 60, ""), LOSSY),
    row(ORDERS, "outbox", doubling("params.orders", 60, ""), LOSSY),
    row(ORDERS, "outbox", doubling("until", 4, "s"), CRASHING_SHOP),
    row(ORDERS, "idempotent-producer", doubling("params.orders", 60, ""), LOSSY),
    row(ORDERS, "idempotent-producer", doubling("until", 16, "s"), CRASHING_PRODUCER),
    row(ORDERS, "transaction", doubling("params.orders", 40, ""), LOSSY_OF_3),
    row(ORDERS, "consumer-offsets", doubling("params.orders", 60, ""), LOSSY),
    row(ORDERS, "consumer-offsets", doubling("params.orders", 200, ""), CRASHING_READER),
    row(ORDERS, "barriers", doubling("until", 4, "s"), STREAM),
    row(ORDERS, "barriers", doubling("until", 4, "s"), CRASHING_STREAM),
    row(ORDERS, "snapshot", doubling("params.moves", 100, ""), "nodes = 3\nuntil = \"30d\"\n[params]\ntokens = 5"),
];

const WEATHER: &str = "nodes = 2\n[network]\nduplicate = 0.5\nloss = 0.3";
/// Bob answers again and again, and nothing of it arrives.
const NO_ANSWER: &str = "nodes = 2\nuntil = \"30d\"\n[network]\nduplicate = 0.5\n\
     [[network.link]]\nfrom = \"bob\"\nto = \"alice\"\nloss = 1.0";
const LIARS: &str = "[[fault]]\ntraitor = { count = 3, lie = \"random\" }";
/// Two generals forget all again and again, and begin anew.
const RESTARTS: &str = "nodes = 7\n[[fault]]\ncrash = { node = \"alice\", rate = 20.0, for = \"1ms\" }\n\
     [[fault]]\ncrash = { node = \"bob\", rate = 20.0, for = \"1ms\" }";
const EVERY_10S: &str = "nodes = 4\n[params]\nevery = \"10s\"\n[clock]\ndrift-ppm = 50\n[network]\nloss = 0.1";
const OFFSETS: &str = "[clock]\noffset = { uniform = [\"-1s\", \"1s\"] }";
const FOUR_OFFSETS: &str = "nodes = 4\n[clock]\noffset = { uniform = [\"-50ms\", \"50ms\"] }";
const MIDPOINT: &str = "nodes = 4\n[params]\nf = 1\nevery = \"10s\"\n\
     [[fault]]\ntraitor = { node = \"alice\", lie = \"two-faced\", by = \"80ms\" }";
/// One client after the other holds the lease, and writes every second.
const LEASE: &str = "nodes = 4\nuntil = \"30d\"\n[params]\nwork = \"1s\"\nwrites = 1000000\n[network]\nloss = 0.1";
/// Three users write in turn.
const MANY_WRITES: &str = "nodes = 3\nuntil = \"30d\"\n[params]\nwriters = 3\n[network]\nloss = 0.1\n\
     [clock]\noffset = { uniform = [\"-1s\", \"1s\"] }";
/// Two servers that follow two others, and a client of theirs.
const STRATA: &str = "nodes = 5\n[params]\nstrata = [2, 2]\n[clock]\ndrift-ppm = 12";
const COMMIT_WAIT: &str = "nodes = 3\nuntil = \"30d\"\n[clock]\noffset = { uniform = [\"-4ms\", \"4ms\"] }";
const LOSSY: &str = "nodes = 2\nuntil = \"10min\"\n[params]\ngap = \"50ms\"\n[network]\nloss = 0.1\nduplicate = 0.1";
const LOSSY_OF_3: &str =
    "nodes = 3\nuntil = \"10min\"\n[params]\ngap = \"50ms\"\n[network]\nloss = 0.1\nduplicate = 0.1";
/// Sources that have orders for ever, and a barrier now and then.
const STREAM: &str = "nodes = 5\n[params]\norders = 1000000\ngap = \"50ms\"\n[network]\nduplicate = 0.1";

/// Crashes as long as the run is: there are more of them, and more orders to hold against each.
const CRASHING_LEDGER: &str = "nodes = 2\n[params]\norders = 1000000\ngap = \"20ms\"\n[network]\nloss = 0.1\n\
     [[fault]]\ncrash = { node = \"ledger\", rate = 2.0, for = \"20ms\" }";
const CRASHING_SHOP: &str = "nodes = 2\n[params]\norders = 1000000\ngap = \"20ms\"\nidempotent = false\n\
     [network]\nloss = 0.1\n[[fault]]\ncrash = { node = \"shop\", rate = 2.0, for = \"20ms\" }";
const CRASHING_PRODUCER: &str = "nodes = [\"shop\", \"broker\"]\n[params]\norders = 1000000\ngap = \"100ms\"\n\
     [network]\nloss = 0.1\n[[fault]]\ncrash = { node = \"shop\", rate = 0.5, for = \"20ms\" }";
const CRASHING_READER: &str = "nodes = [\"broker\", \"ledger\"]\nuntil = \"10min\"\n[params]\ngap = \"5ms\"\nbatch = 20\n\
     [[fault]]\ncrash = { node = \"ledger\", point = \"charged\", probability = 0.02, for = \"20ms\" }";
const CRASHING_STREAM: &str = "nodes = 5\n[params]\norders = 1000000\ngap = \"50ms\"\n\
     [[fault]]\ncrash = { node = \"spare\", rate = 0.5, for = \"20ms\" }";

impl Row {
    /// The scenario after so many doublings.
    ///
    /// # Errors
    ///
    /// What is wrong with the row, in words.
    pub fn scenario(&self, doublings: u32) -> Result<Bound, String> {
        let Row { problem, protocol, by, rest, .. } = self;
        let length = match &self.lengths {
            Lengths::From(from, "") => (from << doublings).to_string(),
            Lengths::From(from, unit) => format!("{}{unit}", from << doublings),
            Lengths::Nodes(nodes) => nodes.get(doublings as usize).map(u64::to_string).unwrap_or_default(),
        };
        // Where nodes are what grows, the file must still say how many there are.
        let nodes = if *by == "nodes" { "nodes = 4\n" } else { "" };
        let text = format!("title = \"Growth\"\nproblem = \"{problem}\"\nprotocol = \"{protocol}\"\n{nodes}{rest}\n");
        let set = [format!("{by}={length}")];
        let request = Request { set: &set, ..Request::new("growth", &text) };
        SHIPPED.load(&request).map_err(|wrong| format!("{problem}, {protocol}: {wrong}"))
    }
}

/// Runs, judges and tells a scenario as for a person who looks at it, and returns how many events
/// there were.
///
/// # Errors
///
/// What the protocol has against the scenario.
pub fn look_at(scenario: &Bound) -> Result<u64, String> {
    let report = report::run(scenario, Claims::Always).map_err(|wrong| format!("{wrong:?}"))?;
    black_box(terminal::render(
        &report,
        &Print { columns: 100, scenario: "growth", again: "dsys run growth", has_states: false },
    ));
    Ok(report.trace.counts.events)
}

/// Runs and judges a scenario as a sweep does, and returns how many events there were.
pub fn try_once(trials: &mut Trials) -> u64 {
    let seed = trials.scenario().seed;
    let mut trial = trials.run(seed, None, &mut || ControlFlow::Continue(()));
    black_box(trial.verdicts().count() + trial.values().count());
    trial.trace().counts.events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::{Entry, Problem};

    #[test]
    fn every_protocol_has_a_row() {
        for (Problem { name: problem, .. }, Entry { name: protocol, .. }) in SHIPPED.protocols() {
            let has_row = ROWS.iter().any(|row| (row.problem, row.protocol) == (*problem, *protocol));
            assert!(
                has_row,
                "{problem}, {protocol}: add a row to src/bench/growth.rs that says what makes its runs longer"
            );
        }
    }

    #[test]
    fn every_row_makes_its_runs_twice_as_long() {
        for row in ROWS {
            // All lengths are within the limits, the longest too.
            for doublings in 0..=DOUBLINGS {
                assert!(row.scenario(doublings).is_ok(), "{:?}", row.scenario(doublings).map(|_| ()));
            }
            let events = |doublings| {
                let scenario = row.scenario(doublings).unwrap();
                try_once(&mut Trials::new(&scenario).unwrap())
            };
            let (first, second, last) = (events(0), events(1), events(DOUBLINGS));
            let times = second as f64 / first as f64;
            assert!(
                (1.6..2.5).contains(&times) && first > 100,
                "{}, {}: {} makes {first} events {second}",
                row.problem,
                row.protocol,
                row.by
            );
            assert!(
                last >= LONG,
                "{}, {}: the longest run has {last} events; begin with a larger {}, so that it has {LONG}",
                row.problem,
                row.protocol,
                row.by
            );
        }
    }
}
