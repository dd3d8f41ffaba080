//! How the cost of a run grows with its length: every protocol, made longer and longer.
//!
//! A row says what makes a protocol's runs longer; doubling it doubles the events, or near enough.
//! What is measured is all that is done with a run: running it, judging it and telling it, as for a
//! person who looks at it and as for a sweep that wants verdicts only. `cargo bench --bench growth`
//! prints how much more twice the events cost; what grows as n log n stays below [`MOST`].

use std::hint::black_box;
use std::ops::ControlFlow;

use crate::problems::{Bound, Entry, Longer, Problem, SHIPPED};
use crate::report::{self, Claims, Trials};
use crate::scenario::Request;
use crate::view::terminal::{self, Print};

/// A row's longest run has at least so many events. A shorter one is judged as a whole, and
/// judging in parts would stay untested.
pub const LONG: u64 = 9_000;

/// The most that twice the events may cost, as a multiple: n log n from 1,000 events to 32,000
/// makes 2.17.
pub const MOST: f64 = 2.3;

/// A protocol, and a setting that makes its runs longer.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The problem's name.
    pub problem: &'static str,
    /// The protocol's name.
    pub protocol: &'static str,
    /// What makes its runs longer.
    pub longer: &'static Longer,
}

/// Returns every protocol, some of them made longer in more ways than one.
pub fn rows() -> Vec<Row> {
    let of = |(problem, entry): (&'static Problem, &'static Entry)| {
        entry.longer.iter().map(|longer| Row { problem: problem.name, protocol: entry.name, longer })
    };
    SHIPPED.protocols().flat_map(of).collect()
}

impl Row {
    /// The scenario after so many doublings.
    ///
    /// # Errors
    ///
    /// What is wrong with the row, in words.
    pub fn scenario(&self, doublings: u32) -> Result<Bound, String> {
        let Row { problem, protocol, longer } = self;
        let text = longer.scenario(problem, protocol);
        let set = [format!("{}={}", longer.by, longer.value(doublings))];
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
    use crate::problems::DOUBLINGS;

    #[test]
    fn every_protocol_says_what_makes_its_runs_longer() {
        for (problem, entry) in SHIPPED.protocols() {
            assert!(
                !entry.longer.is_empty(),
                "{}, {}: say in `Entry::longer` what makes its runs longer",
                problem.name,
                entry.name
            );
        }
    }

    #[test]
    fn every_row_makes_its_runs_twice_as_long() {
        for row in rows() {
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
                row.longer.by
            );
            assert!(
                last >= LONG,
                "{}, {}: the longest run has {last} events; begin with a larger {}, so that it has {LONG}",
                row.problem,
                row.protocol,
                row.longer.by
            );
        }
    }
}
