//! Crashes around the commit of an offset.

use crate::problems::Bound;
use crate::problems::exactly_once::tests;
use crate::problems::tests::load;

fn readers(params: &str, force: &[&str]) -> Bound {
    let nodes = "[\"broker\", \"ledger\"]";
    tests::scenario("consumer-offsets", nodes, &format!("params = {{ orders = 10, {params} }}"), force)
}

#[test]
fn a_crash_before_the_commit_charges_again() {
    let report = tests::report(&readers("commit = \"after\"", &["ledger@charged:2.crash=5ms"]));
    let because = "Order 2 was charged twice: ledger crashed at 60ms, after it had charged the order and before it \
                   committed it.";
    tests::is_violated(&report, "no-duplicate", because);
    tests::holds(&report, "no-loss");
}

#[test]
fn a_crash_after_the_commit_never_charges() {
    let report = tests::report(&readers("commit = \"before\"", &["ledger@committed:2.crash=5ms"]));
    let because = "Order 2 was never charged: ledger crashed at 80ms, after it had committed the order and before it \
                   charged it.";
    tests::is_violated(&report, "no-loss", because);
    tests::holds(&report, "no-duplicate");
}

#[test]
fn a_lost_commit_is_sent_again() {
    for commit in ["before", "after"] {
        let force = ["ledger:broker:2=lose", "broker:ledger:4=lose", "ledger:broker:5=lose"];
        let report = tests::report(&readers(&format!("commit = \"{commit}\", batch = 3"), &force));
        tests::holds(&report, "no-duplicate");
        tests::holds(&report, "no-loss");
    }
}

#[test]
fn a_crash_does_the_batch_up_to_it_again() {
    for batch in [1_u32, 10, 100] {
        let again = |crash: u32| {
            let params = format!("orders = {batch}, batch = {batch}, gap = \"0s\"");
            let params = format!("params = {{ {params} }}");
            let force = format!("ledger@charged:{crash}.crash=1ms");
            let scenario = tests::scenario("consumer-offsets", "[\"broker\", \"ledger\"]", &params, &[force.as_str()]);
            tests::measure(&tests::report(&scenario), "reprocessed").unwrap()
        };
        let all: i64 = (1..=batch).map(again).sum();
        assert_eq!(2 * all, i64::from(batch * (batch + 1)), "the mean over all crashes is (B+1)/2");
    }
}

#[test]
fn the_scenario_must_have_two_nodes() {
    let wrong = load("exactly-once", "consumer-offsets", "nodes = 3", &[]).unwrap_err();
    let help = "in this order: broker, ledger";
    assert_eq!(wrong, format!("`consumer-offsets` takes 2 nodes, and the scenario has 3; {help}"));
}
