//! What goes wrong because clocks differ: lost writes, leases that two hold, transactions out of order. The closed forms
//! are worked out here once more from the parameters.

use dsys::report::{self, Claims, Report};
use dsys::scenario::{Expected, Scenario};

use crate::support::{Bench, assert_rate, load, theory};

const RUNS: u64 = 20_000;

/// A scenario of the problem; `rest` begins with its parameters.
fn scenario(protocol: &str, nodes: &[&str], rest: &str) -> Scenario {
    load(&format!(
        "title = \"A test\"\nproblem = \"clock-skew\"\nprotocol = \"{protocol}\"\nnodes = {nodes:?}\n[params]\n{rest}"
    ))
}

fn report(scenario: &Scenario) -> Report {
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

/// Whether the run is judged and measured the same when only what judges need is kept.
#[track_caller]
fn assert_same_at_both_levels(scenario: &Scenario) {
    let full = report(scenario);
    let mut bench = Bench::new(scenario.clone());
    let few = bench.run(scenario.seed);
    for judged in &full.properties {
        assert_eq!(few.verdict(judged.name), judged.verdict.word(), "{}", judged.name);
    }
    for measured in &full.measures {
        assert_eq!(few.measure(measured.measure.name), measured.value, "{}", measured.measure.name);
    }
}

// ---- Last write wins ----

/// Two writers; alice writes at 100 ms. A message takes 10 ms.
fn writers(params: &str, rest: &str) -> Scenario {
    scenario("last-write-wins", &["alice", "bob"], &format!("{params}\n[network]\ndelay = \"10ms\"\n{rest}"))
}

fn ahead(who: &str, offset: &str) -> String {
    format!("[clock.{who}]\noffset = \"{offset}\"\n")
}

/// The second write is lost exactly if the first clock is ahead by more than the gap; equal stamps go to the second.
#[test]
fn a_write_is_lost_exactly_if_the_first_clock_is_ahead_by_more_than_the_gap() {
    for (stamp, offset, gap, lost) in [
        ("physical", "50ms", "49999999ns", 1),
        ("physical", "50ms", "50ms", 0),
        ("physical", "-50ms", "0s", 0),
        ("physical", "1ns", "0s", 1),
        // The news of the first write takes 10 ms: a hybrid stamp counts on from it.
        ("hybrid", "50ms", "49999999ns", 0),
        ("hybrid", "50ms", "10000001ns", 0),
        ("hybrid", "50ms", "9999999ns", 1),
        ("hybrid", "5ms", "6ms", 0),
    ] {
        let scenario = writers(&format!("stamp = \"{stamp}\"\ngap = \"{gap}\""), &ahead("alice", offset));
        let report = report(&scenario);
        let what = format!("{stamp}, ahead {offset}, gap {gap}");
        let word = if lost == 1 { Expected::Violated } else { Expected::Holds };
        assert_eq!(verdict(&report, "no-lost-write").0, word, "{what}");
        assert_eq!(measure(&report, "lost_writes"), Some(lost), "{what}");
        assert_eq!(theory(&scenario, "no-lost-write"), Some(lost as f64), "{what}");
        assert_eq!(verdict(&report, "convergence").0, Expected::Holds, "{what}");
        assert_eq!(measure(&report, "acknowledged"), Some(2), "{what}");
        assert_same_at_both_levels(&scenario);
    }
}

#[test]
fn exponential_gaps_lose_as_many_writes_as_the_closed_form_says() {
    for (stamp, offset, mean, exact) in [
        ("physical", 10, 50, 0.181_269),
        ("physical", 20, 50, 0.329_680),
        ("physical", 50, 50, 0.632_121),
        ("physical", -10, 50, 0.0),
        // 1 - exp(-10/50), since the news takes 10 ms.
        ("hybrid", 50, 50, 0.181_269),
        ("hybrid", 5, 50, 0.095_163),
    ] {
        let params = format!("stamp = \"{stamp}\"\ngaps = \"exponential\"\ngap = \"{mean}ms\"");
        let scenario = writers(&params, &ahead("alice", &format!("{offset}ms")));
        let said = theory(&scenario, "no-lost-write").unwrap();
        assert!((said - exact).abs() < 1e-6, "{said} is not {exact}");
        let lost = Bench::new(scenario).violations("no-lost-write", RUNS);
        assert_rate(lost, RUNS, said, &format!("{stamp}: {offset} ms ahead, mean gap {mean} ms"));
    }
}

#[test]
fn random_offsets_lose_as_many_writes_as_the_closed_form_says() {
    for (gap, exact) in [(0, 0.5), (6, 0.2450), (18, 0.0050), (20, 0.0), (30, 0.0)] {
        let offsets = "[clock]\noffset = { uniform = [\"-10ms\", \"10ms\"] }\n";
        let scenario = writers(&format!("gap = \"{gap}ms\""), offsets);
        let said = theory(&scenario, "lost_writes").unwrap();
        assert!((said - exact).abs() < 1e-12, "{said} is not {exact}");
        let lost = Bench::new(scenario).violations("no-lost-write", RUNS);
        assert_rate(lost, RUNS, exact, &format!("a gap of {gap} ms"));
    }
}

#[test]
fn a_lost_write_is_told_with_both_stamps() {
    let report = report(&writers("", &ahead("alice", "200ms")));
    let because = "bob's write of 150ms was acknowledged at 150ms and is lost: every replica holds alice's, which had been \
                   acknowledged at 100ms, because its stamp 300ms is greater than 150ms.";
    assert_eq!(verdict(&report, "no-lost-write"), (Expected::Violated, because));
}

const PARTED: &str = "[[fault]]\npartition = { groups = [[\"alice\"], [\"bob\"]], at = \"50ms\", for = \"2s\" }\n";

/// During a partition a register is either available and loses writes, hybrid stamps or not, or loses none and makes its
/// users wait in vain.
#[test]
fn a_partition_leaves_the_choice_between_lost_writes_and_none_acknowledged() {
    for stamp in ["physical", "hybrid"] {
        for (acks, lost, available) in
            [("one", Expected::Violated, Expected::Holds), ("all", Expected::Holds, Expected::Violated)]
        {
            let params = format!("stamp = \"{stamp}\"\nacks = \"{acks}\"\ngap = \"400ms\"");
            let scenario = writers(&params, &format!("{}{PARTED}", ahead("alice", "5s")));
            let report = report(&scenario);
            let words = ["no-lost-write", "availability", "convergence"].map(|name| verdict(&report, name).0);
            assert_eq!(words, [lost, available, Expected::Holds], "{stamp}, acks {acks}");
            assert_eq!(theory(&scenario, "no-lost-write"), None);
            assert_same_at_both_levels(&scenario);
        }
    }
    let params = "acks = \"all\"";
    let report = report(&writers(params, PARTED));
    let because = "alice's user gave up at 1.1s: the write was not acknowledged.";
    assert_eq!(verdict(&report, "availability"), (Expected::Violated, because));
}

#[test]
fn while_replicas_differ_nobody_can_say_which_write_remains() {
    let forever = "[[fault]]\npartition = { groups = [[\"alice\"], [\"bob\"]], at = \"50ms\" }\n";
    let report = report(&writers("", forever));
    assert_eq!(verdict(&report, "no-lost-write").0, Expected::Unknown);
    let (word, because) = verdict(&report, "convergence");
    assert_eq!(word, Expected::Unknown);
    assert!(because.starts_with("alice holds alice's write, bob bob's write."), "{because}");
}

#[test]
fn when_all_must_have_a_write_hybrid_stamps_lose_none() {
    let rough = "[clock]\noffset = { uniform = [\"-200ms\", \"200ms\"] }\n";
    for stamp in ["physical", "hybrid"] {
        let params = format!("stamp = \"{stamp}\"\nacks = \"all\"\ngap = \"60ms\"\npatience = \"10s\"");
        let rest = format!("loss = 0.2\nduplicate = 0.2\n{rough}");
        let mut bench = Bench::new(writers(&params, &rest));
        let lost = bench.violations("no-lost-write", 1_000);
        assert_eq!(lost > 100, stamp == "physical", "{stamp}: {lost}");
        assert_eq!(bench.violations("convergence", 1_000), 0);
    }
}

#[test]
fn a_writer_that_crashes_still_spreads_its_write() {
    // Alice goes down right after her write, which bob did not get, and comes up a second later.
    let crash =
        "[force]\n\"alice:bob:1\" = \"lose\"\n[[fault]]\ncrash = { node = \"alice\", at = \"105ms\", for = \"1s\" }\n";
    let report = report(&writers("gap = \"10s\"", crash));
    assert_eq!(verdict(&report, "convergence"), (Expected::Holds, "All replicas hold bob's write."));
    let first = report.trace.notes("holds").map(|(event, node, _)| (event.at.ns() / 1_000_000, node.index())).nth(1);
    assert_eq!(first, Some((1_115, 1)), "bob got alice's write after she came up");
}
