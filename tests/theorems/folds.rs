//! A run that is judged part by part, while it happens, comes to the same as one that is judged as
//! a whole: in every scenario, and in every weather where a protocol's parameters make its runs
//! long. The long runs of all other protocols are in `tests/truth/folds.rs`.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::ops::ControlFlow;

use dsys::library;
use dsys::problems::{Bound, SHIPPED};
use dsys::report::{self, Claims, Trials};
use dsys::scenario::Request;
use proptest::prelude::*;

use crate::support::weather::{self, Weather};

/// How many kept events make a part.
const PARTS: [usize; 3] = [1, 7, 64];

/// A run is looked at every few thousand events: one that has fewer is taken in at once.
const LONG: u64 = 4_200;

/// Parameters that make runs long, for the protocols that take them.
const LONGER: [&str; 3] = ["orders = 500, gap = \"3ms\"", "moves = 1_500", "events = 400"];

/// Holds a run in parts against the same run as a whole. Returns how many events it had.
fn check(scenario: &Bound) -> Result<u64, TestCaseError> {
    let whole = report::run(scenario, Claims::Always).unwrap();
    let verdicts: Vec<_> = whole.properties.iter().map(|j| (j.verdict.word(), j.verdict.is_vacuous())).collect();
    let measures: Vec<_> = whole.measures.iter().map(|measured| measured.value).collect();
    for part in PARTS {
        let mut trials = Trials::new(scenario).unwrap().in_parts_of(part).digested();
        // What the runs before left behind must not show in the next.
        for seed in [scenario.seed + 1, scenario.seed] {
            let mut trial = trials.run(seed, None, &mut || ControlFlow::Continue(()));
            if seed == scenario.seed {
                let found: Vec<_> = trial.verdicts().map(|verdict| (verdict.word(), verdict.is_vacuous())).collect();
                prop_assert_eq!(&found, &verdicts, "verdicts of parts of {}", part);
                prop_assert_eq!(&trial.values().collect::<Vec<_>>(), &measures, "measures of parts of {}", part);
                prop_assert_eq!(trial.trace().digest, whole.trace.digest);
            }
        }
    }
    Ok(whole.trace.counts.events)
}

#[test]
fn parts_come_to_the_same_as_the_whole_in_every_scenario() {
    for story in library::stories() {
        for seed in 1..=2 {
            let load = |set: &[String]| {
                let seed = Some(seed);
                let request = Request { name: &story.name, origin: "t", text: &story.text, set, force: &[], seed };
                SHIPPED.load(&request)
            };
            // It must be long to be looked at in parts, and stormy to show much.
            let long = load(&["params.orders=500".to_owned(), "network.loss=0.005".to_owned(), "until=5s".to_owned()]);
            for scenario in [Some(load(&[]).unwrap()), long.ok()].into_iter().flatten() {
                check(&scenario).unwrap_or_else(|wrong| panic!("{} with seed {seed}: {wrong}", story.name));
            }
        }
    }
}

#[test]
fn parts_come_to_the_same_as_the_whole_in_every_weather() {
    for (problem, entry) in SHIPPED.protocols() {
        let takes = |params: &&str| weather::CALM.over(problem.name, entry, params).is_some();
        let Some(params) = LONGER.into_iter().find(takes) else { continue };
        let longest = Cell::new(0);
        let checked = weather::runner(3).run(&weather::any(), |weather| {
            let scenario = Weather { until: "20s", ..weather }.over(problem.name, entry, params).unwrap();
            longest.set(longest.get().max(check(&scenario)?));
            Ok(())
        });
        if let Err(wrong) = checked {
            panic!("{}: {wrong}", entry.name);
        }
        let longest = longest.get();
        assert!(longest > LONG, "{}: {longest} events are taken in at once", entry.name);
    }
}
