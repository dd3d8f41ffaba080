//! The words of all shipped scenarios: no run of any of their seeds speaks of one as of several.

use dsys::library::Library;
use dsys::report::{self, Claims};
use dsys::scenario::Request;

use super::support::sentences::plurals_in;

/// Runs of each scenario, beside the one that is told.
const SEEDS: u64 = 4;

#[test]
fn no_run_of_a_scenario_speaks_of_one_as_of_several() {
    let library = Library::shipped();
    for story in library.stories() {
        for seed in std::iter::once(None).chain((1..=SEEDS).map(Some)) {
            let request = Request { seed, ..Request::new(&story.name, &story.text) };
            let scenario = library.load(&request).unwrap();
            let report = report::run(&scenario, Claims::Always).unwrap();
            let faults = plurals_in(&report);
            assert!(faults.is_empty(), "{}, seed {seed:?}:\n{}", story.name, faults.join("\n"));
        }
    }
}
