//! A run, a sweep and a search stop in the middle of a run, soon after they are told to.

mod support;

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use dsys::explore::search::{Effort, search};
use dsys::explore::sweep::{Plan, Shard, Wanted, sweep};
use dsys::problems::{Bound, SHIPPED};
use dsys::report::{self, Claims};
use dsys::scenario::{EnemyMay, Expected};
use dsys::trace::{LOOK_EVERY, StopReason};

/// A run that goes on for years: an order that is never answered is sent again every millisecond.
const LONG: &str = r#"
title = "For years"
problem = "exactly-once"
protocol = "at-least-once"
nodes = 2
until = "100000000s"
[params]
orders = 1
every = "1ms"
[network]
loss = 1.0
[limits]
events = 1_000_000_000
[search]
may = ["crash"]
at-most = 1
property = "no-duplicate"
"#;

fn scenario() -> Bound {
    support::load(LONG)
}

#[test]
fn a_run_stops_at_the_next_look() {
    let mut looks = 0;
    let mut at_third = || {
        looks += 1;
        if looks == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = report::run_while(&scenario(), Claims::Always, &mut at_third).unwrap();
    assert_eq!(report.trace.ended, StopReason::Interrupted);
    let events = report.trace.counts.events;
    assert!((3 * LOOK_EVERY..4 * LOOK_EVERY).contains(&events), "{events} events");
    for judged in &report.properties {
        assert_eq!(judged.verdict.word(), Expected::Unknown, "{}", judged.name);
        assert_eq!(judged.verdict.because(), "The run was interrupted.");
    }
    // What was told up to there is whole: every message is somewhere.
    let counts = report.trace.counts;
    let ends = counts.delivered + counts.lost + counts.corrupted + counts.cut + counts.to_crashed;
    assert_eq!(counts.sent + counts.copies, ends + counts.in_flight);
}

#[test]
fn a_run_of_which_only_the_verdicts_are_wanted_stops_too() {
    let verdicts = report::verdicts(&scenario(), Claims::Always, &mut || ControlFlow::Break(())).unwrap();
    assert_eq!(verdicts.ended, StopReason::Interrupted);
    assert!(verdicts.properties.iter().all(|judged| judged.verdict.word() == Expected::Unknown));
}

#[test]
fn a_sweep_stops_within_a_run_and_does_not_count_it() {
    let wanted = Wanted {
        scenario: "long".to_owned(),
        name: "long".to_owned(),
        origin: "long.toml".to_owned(),
        text: LONG.to_owned(),
        runs: Some(2),
        over: vec!["network.loss=1.0".to_owned()],
        set: Vec::new(),
        force: Vec::new(),
        seed: None,
        precision: None,
    };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap();
    let told = AtomicU64::new(0);
    let swept = sweep(&plan, NonZeroUsize::MIN, &|_| match told.fetch_add(1, Ordering::Relaxed) {
        0..5 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    });
    let swept = swept.unwrap();
    assert!(swept.is_partial);
    assert!(swept.rows(&plan).iter().all(|row| row.runs == 0), "a run that was stopped is counted");
}

#[test]
fn a_search_stops_within_a_run_and_does_not_count_it() {
    let scenario = scenario();
    let told = AtomicU64::new(0);
    let spec = scenario.search.clone().unwrap();
    let answer = search(&scenario, &spec, Effort::DEFAULT, &|_| match told.fetch_add(1, Ordering::Relaxed) {
        0..5 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    });
    let answer = answer.unwrap();
    assert!(answer.was_interrupted && answer.found.is_none());
    assert_eq!(answer.enumerated, 0);
}

/// The enemy decides the losses, so that what is found is short; by itself the scenario goes on for
/// years, which is noticed and not waited for.
#[test]
fn what_a_search_finds_in_a_scenario_that_never_ends_is_explained_at_once() {
    let mut scenario = scenario();
    let mut spec = scenario.scenario.search.take().unwrap();
    spec.may = vec![EnemyMay::Lose];
    let answer = search(&scenario, &spec, Effort::DEFAULT, &|_| ControlFlow::Continue(())).unwrap();
    let found = answer.found.unwrap();
    assert_eq!(found.property, "no-duplicate");
    assert!(found.report.trace.counts.events < LOOK_EVERY);
}
