//! Every protocol of the registry: what verdicts, remarks and warnings say, whatever the weather.
//!
//! [`Entry::edges`](dsys::problems::Entry::edges) brings its sentences to their edges.

use dsys::problems::SHIPPED;
use dsys::report::{self, Claims};
use proptest::prelude::*;

use crate::support::sentences::{faults_in, plurals_in};
use crate::support::weather::{self, Weather};

/// How far clocks are off.
const CLOCK: &[&str] = &["", "drift-ppm = 100", "offset = { uniform = [\"-20ms\", \"20ms\"] }, drift-ppm = 50"];

#[test]
fn what_is_said_of_a_run_is_sound() {
    for (problem, entry) in SHIPPED.protocols() {
        let (problem, protocol, edges) = (problem.name, entry.name, entry.edges);
        assert!(
            !edges.is_empty(),
            "{problem}, {protocol}: name in `Entry::edges` what brings its sentences to their edges"
        );
        let cases = (weather::any(), prop::sample::select(edges), prop::sample::select(CLOCK));
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
