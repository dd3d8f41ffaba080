//! Stamps that tell what happened before what: Lamport, CACM 21(7), 1978; Fidge and Mattern, 1988;
//! Kulkarni and others,
//! 2014. Which events happened before which is also worked out here once more, in another way than
//!       the judges'.

use std::collections::BTreeSet;

use dsys::problems::Bound;
use dsys::process::{NodeId, Value};
use dsys::report::{self, Claims, Report};
use dsys::scenario::Expected;
use dsys::trace::{EventKind, Trace};

use crate::support::{Bench, load};

const PROTOCOLS: [&str; 4] = ["physical", "lamport", "vector", "hybrid"];

const NAMES: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

/// A workload; `rest` adds to its scenario, parameters first.
fn workload(protocol: &str, nodes: usize, rest: &str) -> Bound {
    load(&format!(
        "title = \"A test\"\nproblem = \"clock-skew\"\nprotocol = \"{protocol}\"\nnodes = {:?}\n[params]\n{rest}",
        &NAMES[..nodes]
    ))
}

fn report(scenario: &Bound) -> Report {
    report::run(scenario, Claims::Always).unwrap()
}

/// A property's verdict and its sentence.
fn verdict<'a>(report: &'a Report, property: &str) -> (Expected, &'a str) {
    let judged = report.properties.iter().find(|judged| judged.name == property).unwrap();
    (judged.verdict.word(), judged.verdict.because())
}

fn measure(report: &Report, name: &str) -> Option<i64> {
    report.measures.iter().find(|measured| measured.measure.name == name).unwrap().value
}

/// An event of the workload: where, and its stamp.
#[derive(Clone, Debug, PartialEq)]
struct Stamped {
    node: NodeId,
    stamp: Vec<i64>,
}

/// The events of a run, and every pair of which the first happened before the second.
///
/// A pair is one event away, by the causes that the trace gives, or a chain of such pairs.
fn happened_before(trace: &Trace) -> (Vec<Stamped>, BTreeSet<(usize, usize)>) {
    let mut events: Vec<Stamped> = Vec::new();
    let mut handled: Vec<Option<u32>> = Vec::new();
    let mut pairs = BTreeSet::new();
    for event in &trace.events {
        let EventKind::Noted(note) = event.what else { continue };
        match (note.name, note.value) {
            ("event", Value::Word(_)) => {
                let node = event.node.unwrap();
                let now = events.len();
                pairs.extend(events.iter().rposition(|other| other.node == node).map(|before| (before, now)));
                // A receipt is caused by a delivery, that by a sending, and that by what the sender
                // handled then.
                let delivered = trace.event(event.cause.unwrap()).unwrap();
                let mut sent = delivered.cause.and_then(|cause| trace.event(cause));
                if let Some(copied) = sent.filter(|sent| matches!(sent.what, EventKind::Copied(_))) {
                    sent = copied.cause.and_then(|cause| trace.event(cause));
                }
                let sender = sent.and_then(|sent| sent.cause).map(|cause| cause.number());
                pairs.extend(handled.iter().rposition(|cause| cause.is_some() && *cause == sender).map(|b| (b, now)));
                events.push(Stamped { node, stamp: Vec::new() });
                handled.push(event.cause.map(|cause| cause.number()));
            }
            ("stamp", Value::Number(number)) => events.last_mut().unwrap().stamp.push(number),
            _ => {}
        }
    }
    for middle in 0..events.len() {
        for first in 0..middle {
            for last in middle + 1..events.len() {
                if pairs.contains(&(first, middle)) && pairs.contains(&(middle, last)) {
                    pairs.insert((first, last));
                }
            }
        }
    }
    (events, pairs)
}

fn is_less(protocol: &str, a: &[i64], b: &[i64]) -> bool {
    match protocol {
        "vector" => a != b && a.iter().zip(b).all(|(a, b)| a <= b),
        _ => a < b,
    }
}

/// The two conditions by looking at all pairs.
fn conditions(protocol: &str, trace: &Trace) -> (Expected, Expected) {
    let (events, pairs) = happened_before(trace);
    let (mut weak, mut strong) = (Expected::Holds, Expected::Holds);
    for (a, first) in events.iter().enumerate() {
        for (b, second) in events.iter().enumerate() {
            match (pairs.contains(&(a, b)), is_less(protocol, &first.stamp, &second.stamp)) {
                (true, false) => (weak, strong) = (Expected::Violated, Expected::Violated),
                (false, true) => strong = Expected::Violated,
                _ => {}
            }
        }
    }
    (weak, strong)
}

/// Clocks that differ by more than a message takes, and messages that are lost, copied and overtake
/// each other.
const ROUGH: &str = "events = 6\n[network]\nloss = 0.1\nduplicate = 0.2\n[clock]\noffset = { uniform = [\"-30ms\", \"30ms\"] }\n\
                     drift-ppm = 100\n";

#[test]
fn the_judges_agree_with_looking_at_all_pairs() {
    for protocol in PROTOCOLS {
        let mut violated = [0, 0];
        for seed in 0..30 {
            let mut scenario = workload(protocol, 4, ROUGH);
            scenario.scenario.seed = seed;
            let report = report(&scenario);
            let judged = ["clock-condition", "strong-clock-condition"].map(|name| verdict(&report, name).0);
            assert_eq!((judged[0], judged[1]), conditions(protocol, &report.trace), "{protocol}, seed {seed}");
            violated.iter_mut().zip(judged).for_each(|(count, word)| *count += i32::from(word == Expected::Violated));
        }
        let expected = match protocol {
            "physical" => violated[0] > 20 && violated[1] == 30,
            "vector" => violated == [0, 0],
            _ => violated == [0, 30],
        };
        assert!(expected, "{protocol}: {violated:?}");
    }
}

#[test]
fn verdicts_and_measures_are_the_same_at_both_levels() {
    for protocol in PROTOCOLS {
        let scenario = workload(protocol, 4, ROUGH);
        let full = report(&scenario);
        let mut bench = Bench::new(scenario);
        let few = bench.run(1);
        for judged in &full.properties {
            assert_eq!(few.verdict(judged.name), judged.verdict.word(), "{protocol}: {}", judged.name);
        }
        for measured in &full.measures {
            assert_eq!(few.measure(measured.measure.name), measured.value, "{protocol}: {}", measured.measure.name);
        }
        assert_eq!(few.trace.digest, full.trace.digest);
    }
}

#[test]
fn logical_stamps_keep_their_conditions_in_every_run() {
    for (protocol, property) in [
        ("lamport", "clock-condition"),
        ("hybrid", "clock-condition"),
        ("vector", "clock-condition"),
        ("vector", "strong-clock-condition"),
    ] {
        let mut bench = Bench::new(workload(protocol, 5, ROUGH));
        assert_eq!(bench.violations(property, 500), 0, "{protocol}: {property}");
    }
}

/// Clocks that agree to within less than the shortest way of a message keep the clock condition,
/// too; a message must be able to cross the difference to break it.
#[test]
fn the_wall_clock_is_as_good_as_its_skew_is_small() {
    let stamps = |offset: &str| {
        let rest = format!("[network]\ndelay = {{ constant = \"10ms\" }}\n[clock.bob]\noffset = \"{offset}\"\n");
        Bench::new(workload("physical", 2, &rest)).violations("clock-condition", 500)
    };
    assert_eq!([stamps("-9999999ns"), stamps("9999999ns")], [0, 0]);
    assert!(stamps("-10ms") > 300 && stamps("10ms") > 300);
}

/// What alice and bob do, settled by hand: alice sends to bob at 20 ms and at 60 ms, bob does
/// something at 30 ms.
const SCRIPT: &str = "events = 2\n[network]\ndelay = { constant = \"5ms\" }\n[force]\n\
    \"load.gap:1\" = \"20ms\"\n\"alice.coin:1\" = \"1\"\n\"load.gap:2\" = \"40ms\"\n\"alice.coin:2\" = \"1\"\n\
    \"load.gap:1001\" = \"30ms\"\n\"bob.coin:1\" = \"1\"\n\"load.gap:1002\" = \"5ms\"\n\"bob.coin:2\" = \"1\"\n";

fn stamps(trace: &Trace) -> Vec<(usize, Vec<i64>)> {
    happened_before(trace).0.into_iter().map(|event| (event.node.index(), event.stamp)).collect()
}

#[test]
fn each_protocol_stamps_a_written_run_by_its_rules() {
    let check = |protocol: &str, expect: [(usize, Vec<i64>); 6]| {
        assert_eq!(stamps(&report(&workload(protocol, 2, SCRIPT)).trace), expect, "{protocol}");
    };
    let ms = |ms: i64| vec![ms * 1_000_000];
    check("physical", [(0, ms(20)), (1, ms(25)), (1, ms(30)), (1, ms(35)), (0, ms(60)), (1, ms(65))]);
    check("lamport", [(0, vec![1]), (1, vec![2]), (1, vec![3]), (1, vec![4]), (0, vec![2]), (1, vec![5])]);
    let v = |a, b| vec![a, b];
    check("vector", [(0, v(1, 0)), (1, v(1, 1)), (1, v(1, 2)), (1, v(1, 3)), (0, v(2, 0)), (1, v(2, 4))]);
    check("hybrid", [(0, v(20, 0)), (1, v(25, 0)), (1, v(30, 0)), (1, v(35, 0)), (0, v(60, 0)), (1, v(65, 0))]);
}

/// The trace of Kulkarni and others' rules: A(pt 10) = (10,0), A sends (pt 10) = (10,1), B receives
/// (pt 2) = (10,2), B (pt 3) = (10,3), B (pt 11) = (11,0).
#[test]
fn hybrid_stamps_follow_the_written_trace() {
    let rest = "events = 2\nepsilon = \"9ms\"\n[network]\ndelay = { constant = \"500us\" }\n[clock.bob]\noffset = \"-9ms\"\n\
                [force]\n\"load.gap:1\" = \"10ms\"\n\"alice.coin:1\" = \"0\"\n\"load.gap:2\" = \"500us\"\n\
                \"alice.coin:2\" = \"1\"\n\"load.gap:1001\" = \"12ms\"\n\"bob.coin:1\" = \"1\"\n\
                \"load.gap:1002\" = \"8ms\"\n\"bob.coin:2\" = \"1\"\n";
    let report = report(&workload("hybrid", 2, rest));
    let v = |l, c| vec![l, c];
    let expect = [(0, v(10, 0)), (0, v(10, 1)), (1, v(10, 2)), (1, v(10, 3)), (1, v(11, 0))];
    assert_eq!(stamps(&report.trace), expect);
    assert_eq!(measure(&report, "counter_max"), Some(3));
    assert_eq!(measure(&report, "ahead_max"), Some(8_000_000));
    assert_eq!(verdict(&report, "near-physical-time").0, Expected::Holds);
}

#[test]
fn hybrid_stamps_stay_within_epsilon_while_the_clocks_do() {
    // Clocks of three nodes at most 40 ms apart, ticks of 20 ms: epsilon is 2 ticks, and
    // N(epsilon + 1) is 9.
    let rest = "events = 8\ntick = \"20ms\"\ngap = \"60ms\"\nepsilon = \"40ms\"\n\
                [clock]\noffset = { uniform = [\"-20ms\", \"20ms\"] }\n";
    let scenario = workload("hybrid", 3, rest);
    let mut bench = Bench::new(scenario.clone());
    let (mut farthest, mut highest) = (0, 0);
    for seed in 0..1_000 {
        let run = bench.run(seed);
        assert!(!run.violates("near-physical-time") && !run.violates("bounded-counter"), "seed {seed}");
        farthest = farthest.max(run.measure("ahead_max").unwrap());
        highest = highest.max(run.measure("counter_max").unwrap());
    }
    assert_eq!(farthest, 40_000_000, "the bound is reached");
    assert!((3..=9).contains(&highest), "{highest}");
}

#[test]
fn clocks_farther_apart_than_epsilon_carry_stamps_away_with_them() {
    // Alice is 10 ms ahead, though epsilon says that the clocks agree. Bob hears of her time at 1
    // ms and ticks on.
    let rest = "events = 6\nepsilon = \"0s\"\n[network]\ndelay = { constant = \"1ms\" }\n[clock.alice]\noffset = \"10ms\"\n\
                [force]\n\"load.gap:1\" = \"0s\"\n\"alice.coin:1\" = \"1\"\n\"load.gap:2\" = \"1h\"\n\
                \"load.gap:1001\" = \"2ms\"\n\"load.gap:1002\" = \"1ms\"\n\"load.gap:1003\" = \"1ms\"\n\
                \"load.gap:1004\" = \"1ms\"\n\"bob.coin:1\" = \"1\"\n\"bob.coin:2\" = \"1\"\n\"bob.coin:3\" = \"1\"\n\
                \"bob.coin:4\" = \"1\"\n";
    let report = report(&workload("hybrid", 2, rest));
    let near = "the receipt of alice:bob:1 at 1ms has a stamp 9ms ahead of the node's clock; epsilon is 0s.";
    assert_eq!(verdict(&report, "near-physical-time"), (Expected::Violated, near));
    let counter = "bob's local event at 3ms has the counter 3; N(epsilon + 1) is 2.";
    assert_eq!(verdict(&report, "bounded-counter"), (Expected::Violated, counter));
}

#[test]
fn the_counter_is_unbounded_where_clocks_do_not_tick_between_events() {
    let report = report(&workload("hybrid", 2, "events = 30\ntick = \"1s\"\nepsilon = \"0s\"\ngap = \"1ms\""));
    let (word, because) = verdict(&report, "bounded-counter");
    assert!(measure(&report, "counter_max").unwrap() > 2);
    assert_eq!(word, Expected::Holds);
    assert!(because.starts_with("Nothing is claimed of this run: "), "{because}");
}

#[test]
fn a_clock_that_a_crash_forgets_breaks_the_clock_condition() {
    // Bob comes up again at 41 ms, and is stamped at 65 ms as if he had never done anything
    // himself.
    let crash = "[[fault]]\ncrash = { node = \"bob\", at = \"40ms\", for = \"1ms\" }\n";
    for (protocol, low, high) in [("lamport", "4", "3"), ("vector", "[1, 3]", "[2, 1]")] {
        let report = report(&workload(protocol, 2, &format!("{SCRIPT}{crash}")));
        let because = format!(
            "bob's local event at 35ms happened before the receipt of alice:bob:2 at 65ms, but its stamp {low} is not \
             less than {high}."
        );
        assert_eq!(verdict(&report, "clock-condition"), (Expected::Violated, because.as_str()), "{protocol}");
    }
}

#[test]
fn reasons_name_the_guilty_events() {
    // Bob's clock is 8 ms behind, and a message takes 5 ms.
    let report = report(&workload("physical", 2, &format!("{SCRIPT}[clock.bob]\noffset = \"-8ms\"\n")));
    let because = "the sending of alice:bob:1 at 20ms happened before the receipt of alice:bob:1 at 25ms, but its \
                   stamp 20ms is not less than 17ms.";
    assert_eq!(verdict(&report, "clock-condition"), (Expected::Violated, because));
    let judged = report.properties.iter().find(|judged| judged.name == "clock-condition").unwrap();
    let evidence = judged.verdict.evidence().iter().map(|&id| report.trace.event(id).unwrap().at.ns());
    assert_eq!(evidence.collect::<Vec<_>>(), [20_000_000, 25_000_000]);

    let report = self::report(&workload("lamport", 2, SCRIPT));
    let because = "the sending of alice:bob:2 at 60ms has the stamp 2, and bob's local event \
                   at 35ms the greater one 4; but no chain of messages leads from the one to the other.";
    assert_eq!(verdict(&report, "strong-clock-condition"), (Expected::Violated, because));
}

#[test]
fn another_node_changes_nobodys_own_events() {
    let own = |nodes| {
        let report = report(&workload("lamport", nodes, "gap = \"20ms\""));
        let fired = report.trace.events.iter().filter(|event| event.what == EventKind::TimerFired);
        let of_two = fired.filter(|event| event.node.unwrap().index() < 2);
        of_two.map(|event| (event.at, event.node)).collect::<Vec<_>>()
    };
    assert_eq!(own(2), own(5));
}
