//! A run that is judged part by part, its events let go, is judged as one whose events are all
//! there.

use std::ops::ControlFlow;

use dsys::bench::growth::{self, LONG, Row};
use dsys::problems::{Bound, DOUBLINGS};
use dsys::report::{self, Claims, Trials};
use dsys::scenario::{Expected, Scenario};

/// Verdicts, each with whether it is vacuous, and measures.
type Judged = (Vec<(Expected, bool)>, Vec<Option<i64>>);

fn whole(scenario: &Bound) -> Judged {
    let report = report::run(scenario, Claims::Always).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let verdicts = report.properties.iter().map(|judged| (judged.verdict.word(), judged.verdict.is_vacuous()));
    (verdicts.collect(), report.measures.iter().map(|measured| measured.value).collect())
}

fn in_parts_of(events: usize, scenario: &Bound) -> Judged {
    let trials = Trials::new(scenario).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let mut trials = trials.in_parts_of(events);
    // Twice: nothing of a run may stay for the next.
    trials.run(scenario.seed + 1, None, &mut || ControlFlow::Continue(()));
    let mut trial = trials.run(scenario.seed, None, &mut || ControlFlow::Continue(()));
    let verdicts = trial.verdicts().map(|verdict| (verdict.word(), verdict.is_vacuous())).collect();
    (verdicts, trial.values().collect())
}

/// A run of the row that is long enough to be taken in in several parts.
fn long(row: &Row) -> Bound {
    let scenarios = (0..=DOUBLINGS).map(|doublings| row.scenario(doublings).unwrap_or_else(|wrong| panic!("{wrong}")));
    let mut scenarios = scenarios.skip_while(|scenario| {
        let mut trials = Trials::new(scenario).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        trials.run(1, None, &mut || ControlFlow::Continue(())).trace().counts.events < LONG
    });
    scenarios.next().unwrap_or_else(|| panic!("{}: no run is long enough", row.protocol))
}

#[test]
fn parts_are_judged_as_the_whole() {
    for row in growth::rows() {
        let scenario = long(&row);
        for seed in [1, 2, 3] {
            let scenario = scenario.with(Scenario { seed, ..scenario.scenario.clone() });
            let whole = whole(&scenario);
            for part in [1, 7, 64] {
                assert_eq!(in_parts_of(part, &scenario), whole, "{}, seed {seed}, parts of {part}", row.protocol);
            }
        }
    }
}
