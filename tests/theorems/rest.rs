//! Nothing is retried for ever when the network heals: over links that lose less than everything,
//! and after faults that end, every run comes to rest, whatever was lost, doubled and damaged
//! before, and whoever crashed.

#![allow(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

use dsys::problems::{Bound, SHIPPED};
use dsys::trace::{Kinds, Recording, StopReason};
use proptest::prelude::*;

use crate::support::weather::{self, Weather};

/// Protocols that do something every so often as long as they run, and so never come to rest.
const TICKING: &[&str] = &["free-running", "cristian", "berkeley", "midpoint", "ntp", "retry", "shedding"];

fn ended(scenario: &Bound) -> StopReason {
    let mut runner = scenario.prepare().expect("a scenario that runs");
    runner.run(scenario.seed, Recording::Outputs(Kinds::NONE), None).ended
}

#[test]
fn every_run_comes_to_rest_when_the_network_heals() {
    let mut ticking = Vec::new();
    for problem in SHIPPED.problems {
        for entry in problem.protocols {
            let by_itself = weather::CALM.over(problem.name, entry, "").expect("it loads by itself");
            if ended(&by_itself) != StopReason::Quiescent {
                ticking.push(entry.name);
                continue;
            }
            let checked = weather::runner(60).run(&weather::any(), |weather| {
                let weather = Weather { until: "10h", ..weather };
                let scenario = weather.over(problem.name, entry, "").expect("it loads as it does by itself");
                prop_assert_eq!(ended(&scenario), StopReason::Quiescent);
                Ok(())
            });
            if let Err(never) = checked {
                panic!("{}/{}: {never}", problem.name, entry.name);
            }
        }
    }
    assert_eq!(ticking, TICKING, "protocols that never come to rest by themselves");
}
