//! What the sweeps of the shipped scenarios are about, and that it is what their lessons say.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use dsys::explore::sweep::{Plan, Row, Shard, Wanted, sweep};
use dsys::library;
use dsys::problems::SHIPPED;

fn plan(name: &str, over: &[&str], runs: Option<u64>) -> Plan {
    let story = library::find(name).unwrap();
    let over = over.iter().map(|&over| over.to_owned()).collect();
    let (scenario, name, text) = (name.to_owned(), story.name, story.text);
    let wanted = Wanted { scenario, name, text, over, runs, ..Wanted::default() };
    Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap()
}

fn rows(plan: &Plan) -> Vec<Row> {
    sweep(plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(())).unwrap().rows(plan)
}

/// What each scenario's sweep shows before all else; `None`: the first property that is violated.
const ASKED: &[(&str, Option<&str>)] = &[
    ("more-acks-do-not-help", Some("Only one general attacks, in % of the runs in which at least one general attacks")),
    ("a-hundred-messengers", Some("agreement is violated, in % of the runs")),
    ("retry-until-the-deadline", Some("agreement is violated, in % of the runs")),
    ("randomized-attack", Some("agreement is violated, in % of the runs")),
    ("drawn-by-lot", Some("validity is violated, in % of the runs")),
    ("six-generals-two-rounds", Some("agreement is violated, in % of the runs")),
    ("delivery-cannot-effects-can", Some("no-duplicate is violated, in % of the runs")),
    ("at-most-once-forgets", Some("Orders that are lost, on average")),
    ("at-least-once-charges-twice", Some("Charges that the ledger makes, on average")),
    ("the-retry-out-of-order", Some("The log is out of order, in % of the runs")),
    ("the-window-was-too-short", None),
    ("the-register-that-forgets", Some("Writes that nobody can ever read, on average")),
    ("the-write-that-vanished", None),
    ("why-spanner-waits", None),
    ("the-storm-that-feeds-itself", Some("The service does not come back, in % of the runs")),
    ("the-same-storm-with-a-budget", Some("The service does not come back, in % of the runs")),
    ("the-queue-that-serves-the-dead", Some("Requests that are served, on average")),
    ("three-layers-of-three", Some("Calls that come to the server, on average")),
];

#[test]
fn each_sweep_is_about_what_its_scenario_asks() {
    for story in library::stories() {
        let row = ASKED.iter().find(|(name, _)| *name == story.name);
        if !story.text.contains("[sweep]") {
            assert!(row.is_none(), "{}: has no sweep", story.name);
            continue;
        }
        let &(name, expect) = row.unwrap_or_else(|| panic!("{}: add what its sweep is about", story.name));
        let asked = plan(name, &[], None).asked().map(|asked| asked.in_words());
        assert_eq!(asked.as_deref(), expect, "{name}");
    }
}

#[test]
fn given_that_somebody_attacks_a_longer_chain_changes_nothing() {
    let plan = plan("more-acks-do-not-help", &["params.acks=0,3,6"], Some(4_000));
    let asked = plan.asked().unwrap();
    assert!(asked.is_measure);
    let mut attacked = Vec::new();
    for row in rows(&plan) {
        let figure = row.figures.iter().find(|figure| figure.measure.name == asked.of).unwrap();
        // The loss is 0.2. A share has the interval of a rate, which stays within 0 and 1.
        assert!(figure.theory.is_some_and(|theory| (theory - 0.2).abs() < 1e-9), "{:?}", figure.theory);
        let (share, n) = (figure.mean.unwrap(), figure.n as f64);
        assert!((share - 0.2).abs() <= 4.5 * (0.2 * 0.8 / n).sqrt(), "{share} of {n} at {:?}", row.at);
        let interval = figure.interval.unwrap();
        assert!(0.0 <= interval.low && interval.low < share && share < interval.high && interval.high <= 1.0);
        attacked.push(figure.n);
    }
    // What falls is how often anybody attacks at all: the runs that are looked at.
    assert!(attacked.windows(2).all(|pair| pair[1] * 3 < pair[0] * 2), "{attacked:?}");
}
