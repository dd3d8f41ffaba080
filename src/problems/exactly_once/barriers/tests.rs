//! A small job: two sources, one operator, one sink.

use super::super::tests;
use crate::problems::Bound;
use crate::problems::tests::load;
use crate::report::Report;

const NODES: &str = "[\"manager\", \"east\", \"west\", \"till\", \"bank\"]";

const PROMISES: [&str; 3] = ["no-loss", "conservation", "exact-state"];

/// A job of twelve orders, 20 ms apart at each source, with a checkpoint every 60 ms.
fn job(params: &str, extra: &str, force: &[&str]) -> Bound {
    let params = format!("params = {{ orders = 12, interval = \"60ms\", every = \"100ms\"{params} }}\n{extra}");
    tests::scenario("barriers", NODES, &params, force)
}

fn with_sink(sink: &str, extra: &str, force: &[&str]) -> Bound {
    job(&format!(", sink = \"{sink}\""), extra, force)
}

fn promises_hold(report: &Report) {
    for property in PROMISES {
        tests::holds(report, property);
    }
}

#[test]
fn a_calm_job_charges_each_order_once_and_ends_with_a_checkpoint() {
    for sink in ["immediate", "transactional"] {
        let report = tests::report(&with_sink(sink, "", &[]));
        promises_hold(&report);
        tests::holds(&report, "no-duplicate");
        assert_eq!(tests::measure(&report, "checkpoints"), Some(2));
        assert_eq!(tests::measure(&report, "attempts"), Some(1));
        assert_eq!(tests::rows(&report), (1..=12).map(|n| format!("{n} 1 1 1 1 1")).collect::<Vec<_>>());
    }
}

#[test]
fn a_crash_charges_again_unless_the_sink_commits_with_the_checkpoint() {
    let crash = "fault = [{ crash = { node = \"till\", at = \"115ms\", for = \"20ms\" } }]";
    let report = tests::report(&with_sink("immediate", crash, &[]));
    promises_hold(&report);
    let because = "Order 7 was charged twice: till crashed at 115ms, and east was set back to checkpoint 1 at 155ms, \
                   and sent it again. 3 more orders were charged more than once.";
    tests::is_violated(&report, "no-duplicate", because);
    assert_eq!(tests::measure(&report, "reprocessed"), Some(4));
    let report = tests::report(&with_sink("transactional", crash, &[]));
    promises_hold(&report);
    tests::holds(&report, "no-duplicate");
    assert_eq!(tests::measure(&report, "reprocessed"), Some(4));
}

#[test]
fn a_job_holds_whatever_event_a_crash_follows() {
    let short = |force: &[&str]| {
        let params = "params = { orders = 6, interval = \"40ms\", every = \"100ms\", sink = \"transactional\" }";
        tests::report(&tests::scenario("barriers", NODES, params, force))
    };
    for event in 0..short(&[]).trace.counts.events {
        for (node, down) in [("manager", "15ms"), ("east", "2ms"), ("till", "2ms"), ("till", "45ms"), ("bank", "15ms")]
        {
            let report = short(&[&format!("{node}@{event}.crash={down}")]);
            promises_hold(&report);
            tests::holds(&report, "no-duplicate");
        }
    }
}

/// Every node crashes again and again, over links that lose, double and reorder.
#[test]
fn a_job_holds_whatever_fails_as_long_as_disks_keep_what_is_written() {
    let rates: Vec<String> = ["manager", "east", "west", "till", "bank"]
        .map(|node| format!("{{ crash = {{ node = \"{node}\", rate = 0.6, for = \"30ms\" }} }}"))
        .to_vec();
    let weather = "network = { delay = { uniform = [\"1ms\", \"25ms\"] }, loss = 0.005, duplicate = 0.1 }";
    let (mut crashes, mut lost) = (0, 0);
    for seed in 1..=60 {
        let extra = format!("fault = [{}]", rates.join(", "));
        let text = format!(
            "title = \"t\"\nproblem = \"exactly-once\"\nprotocol = \"barriers\"\nnodes = {NODES}\nseed = {seed}\n\
             {weather}\nuntil = \"30s\"\n{extra}\n[params]\norders = 30\nsink = \"transactional\"\n"
        );
        let request = crate::scenario::Request::new("t", &text);
        let scenario = crate::problems::SHIPPED.load(&request).unwrap_or_else(|e| panic!("{e}"));
        let report = tests::report(&scenario);
        crashes += report.trace.counts.crashes;
        lost += report.trace.counts.lost;
        promises_hold(&report);
        tests::holds(&report, "no-duplicate");
        assert!(report.trace.outputs().any(|(_, _, told)| told.name == "total"), "seed {seed}: the job did not end");
    }
    assert!(crashes > 1_000 && lost > 300, "too calm to show much: {crashes} crashes, {lost} lost");
}

#[test]
fn without_alignment_an_order_is_counted_twice() {
    let slow = "network.link = [{ from = \"west\", to = \"till\", delay = \"35ms\" }]\n\
                fault = [{ crash = { node = \"till\", at = \"130ms\", for = \"20ms\" } }]";
    promises_hold(&tests::report(&job("", slow, &[])));
    let report = tests::report(&job(", aligned = false", slow, &[]));
    let because = "Checkpoint 1 holds a total of 28, and its sources had read 21: order 7 came from behind the barrier of \
                   east, and was counted before the last barrier.";
    tests::is_violated(&report, "conservation", because);
    let because = "The total is 85, and the orders come to 78: till went back to checkpoint 1 at 170ms, whose total held \
                   order 7 already, and counted it again.";
    tests::is_violated(&report, "exact-state", because);
    tests::holds(&report, "no-loss");
}

#[test]
fn a_total_that_a_disk_lost_is_too_low() {
    let crash = "fault = [{ crash = { node = \"till\", at = \"130ms\", for = \"20ms\", disk = \"lost\" } }]";
    let report = tests::report(&job("", crash, &[]));
    let because = "till lost what was on its disk at 130ms, the total of its checkpoint with it.";
    let exact = report.properties.iter().find(|judged| judged.name == "exact-state").unwrap();
    assert!(exact.verdict.because().ends_with(because), "{}", exact.verdict.because());
}

#[test]
fn a_lost_message_breaks_the_attempt() {
    let report = tests::report(&with_sink("immediate", "", &["east:till:2=lose"]));
    promises_hold(&report);
    let because = "Order 1 was charged twice: east:till:2 was lost, and east was set back to the start at 190ms, and sent \
                   it again. 3 more orders were charged more than once.";
    tests::is_violated(&report, "no-duplicate", because);
    promises_hold(&tests::report(&with_sink("transactional", "", &["west:till:4=lose", "manager:east:1=lose"])));
}

#[test]
fn a_job_needs_a_source() {
    let wrong = load("exactly-once", "barriers", "nodes = 3", &[]).unwrap_err();
    let help = "in this order: manager, one source or more, operator, sink";
    assert_eq!(wrong, format!("`barriers` takes 4 nodes or more, and the scenario has 3; {help}"));
}
