//! What goes wrong because clocks differ: lost writes, leases that two hold, transactions out of
//! order. The closed forms are worked out here once more from the parameters.

use dsys::problems::Bound;
use dsys::report::{self, Claims, Report};
use dsys::scenario::Expected;

use crate::support::{Bench, assert_rate, load, theory};

const RUNS: u64 = 20_000;

/// A scenario of the problem; `rest` begins with its parameters.
fn scenario(protocol: &str, nodes: &[&str], rest: &str) -> Bound {
    load(&format!(
        "title = \"A test\"\nproblem = \"clock-skew\"\nprotocol = \"{protocol}\"\nnodes = {nodes:?}\n[params]\n{rest}"
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

/// Whether the run is judged and measured the same when only what judges need is kept.
#[track_caller]
fn assert_same_at_both_levels(scenario: &Bound) {
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
fn writers(params: &str, rest: &str) -> Bound {
    scenario("last-write-wins", &["alice", "bob"], &format!("{params}\n[network]\ndelay = \"10ms\"\n{rest}"))
}

fn ahead(who: &str, offset: &str) -> String {
    format!("[clock.{who}]\noffset = \"{offset}\"\n")
}

/// The second write is lost exactly if the first clock is ahead by more than the gap; equal stamps
/// go to the second.
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

/// During a partition a register is either available and loses writes, hybrid stamps or not, or
/// loses none and makes its users wait in vain.
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
fn writes_with_equal_stamps_are_told_apart_by_their_writers() {
    let report = report(&writers("gap = \"0s\"", ""));
    assert_eq!(verdict(&report, "convergence"), (Expected::Holds, "All replicas hold bob's write."));
}

#[test]
fn a_copy_of_a_write_is_not_thrown_away() {
    for copies in ["0", "1"] {
        let report = report(&writers("gap = \"1s\"", &format!("duplicate = {copies}\n")));
        let notes = |name| report.trace.notes(name).count();
        assert_eq!((notes("discards"), notes("holds")), (0, 4), "duplicate {copies}");
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

/// Acknowledged by one node is not the same as kept by all: alice's write reaches bob and not
/// carol, and then alice is gone for good. Nobody is left who would send it again.
#[test]
fn replicas_stay_apart_for_good_if_a_writer_dies_before_all_have_its_write() {
    let text = |down: &str| {
        format!(
            "[clock.alice]\noffset = \"1s\"\n[force]\n\"alice:carol:1\" = \"lose\"\n\
             [[fault]]\ncrash = {{ node = \"alice\", at = \"300ms\"{down} }}\n"
        )
    };
    let run = |down: &str| {
        let nodes = ["alice", "bob", "carol"];
        let scenario = scenario("last-write-wins", &nodes, &format!("gap = \"50ms\"\nevery = \"1s\"\n{}", text(down)));
        assert_same_at_both_levels(&scenario);
        report(&scenario)
    };
    let report = run("");
    let (word, because) = verdict(&report, "convergence");
    assert_eq!(word, Expected::Violated);
    assert!(because.contains("alice holds alice's write, carol bob's write."), "{because}");
    assert_eq!(verdict(&run(", for = \"1s\""), "convergence").0, Expected::Holds, "she comes back and sends it again");
}

// ---- Leases ----

const PARTIES: [&str; 4] = ["locks", "store", "alice", "bob"];

fn lease(params: &str, rest: &str) -> Bound {
    scenario("lease", &PARTIES, &format!("{params}\n{rest}"))
}

fn drifts(server: i32, clients: i32) -> String {
    format!("[clock]\ndrift-ppm = {clients}\n[clock.locks]\ndrift-ppm = {server}\n")
}

/// Counted from reception the client overlaps by d + L/(1-r) - L/(1+r), from sending by d less
/// instead of more. Timers fire at whole nanoseconds: each of the two terms is rounded up.
#[test]
fn how_long_a_client_believes_after_the_server_let_go() {
    for (from, length, delay, ppm, overlap) in [
        ("reception", 10, 50, 100, 52_000_001),
        ("sending", 10, 50, 100, -47_999_999),
        ("reception", 60, 50, 100, 62_000_001),
        ("reception", 10, 50, 0, 50_000_000),
        ("sending", 10, 50, 0, -50_000_000),
    ] {
        let params = format!("from = \"{from}\"\nlength = \"{length}s\"");
        let rest = format!("[network]\ndelay = \"{delay}ms\"\n{}", drifts(ppm, -ppm));
        let mut scenario = lease(&params, &rest);
        scenario.scenario.until = dsys::time::Time::from_ns(300_000_000_000);
        let what = format!("{from}, {length} s, {delay} ms, {ppm} ppm");
        assert_eq!(measure(&report(&scenario), "overlap"), Some(overlap), "{what}");
        assert!((theory(&scenario, "overlap").unwrap() - overlap as f64).abs() <= 2.0, "{what}");
        assert_same_at_both_levels(&scenario);
    }
}

/// Counted from sending, L(1-r)/(1+r) is the longest that a client may trust: 9.99800019998 s of 10
/// s at 100 ppm.
#[test]
fn how_much_of_a_lease_a_client_may_trust() {
    for (trust, is_safe) in [("9.998s", true), ("9.998000199s", true), ("9.998000201s", false), ("10s", false)] {
        let rest = format!("[network]\ndelay = \"0s\"\n{}", drifts(100, -100));
        let report = report(&lease(&format!("trust = \"{trust}\""), &rest));
        assert_eq!(measure(&report, "overlap").unwrap() <= 0, is_safe, "{trust}");
    }
}

/// t_c = max(0, t_s - (m_prop + 2 m_proc) - eps): what the client takes off makes up for the
/// answer's way and for drift, exactly. (Gray and Cheriton, 1989.)
#[test]
fn a_client_that_counts_from_reception_is_safe_with_the_term_of_gray_and_cheriton() {
    for (m_prop, m_proc, epsilon, delay, ppm, is_safe) in [
        ("50ms", "0s", "0s", 50, 0, true),
        ("49ms", "0s", "0s", 50, 0, false),
        ("10ms", "20ms", "0s", 50, 0, true),
        ("10ms", "19ms", "0s", 50, 0, false),
        ("50ms", "0s", "0s", 50, 100, false),
        ("50ms", "0s", "1989us", 50, 100, false),
        ("50ms", "0s", "2ms", 50, 100, true),
    ] {
        let params =
            format!("from = \"reception\"\nm-prop = \"{m_prop}\"\nm-proc = \"{m_proc}\"\nepsilon = \"{epsilon}\"");
        let scenario = lease(&params, &format!("[network]\ndelay = \"{delay}ms\"\n{}", drifts(ppm, -ppm)));
        let overlap = measure(&report(&scenario), "overlap").unwrap();
        assert_eq!(overlap <= 0, is_safe, "{params}: {overlap}");
        assert!((theory(&scenario, "overlap").unwrap() - overlap as f64).abs() <= 2.0, "{params}: {overlap}");
    }
}

/// L = 10 s counted from reception, both clocks perfect, 50 ms for the answer: two holders for 50
/// ms if the next client is granted the lease in the moment in which it is over.
#[test]
fn a_slow_answer_makes_two_holders_for_as_long_as_it_took() {
    let run = |from: &str| {
        let rest = "[network]\ndelay = \"0s\"\n[[network.link]]\nfrom = \"locks\"\nto = \"alice\"\ndelay = \"50ms\"\n";
        report(&lease(&format!("from = \"{from}\""), rest))
    };
    let report = run("reception");
    let because = "alice believed in lease 1 until 10.05s, and bob held lease 2 from 10s on: two holders for 50ms.";
    assert_eq!(verdict(&report, "mutual-exclusion"), (Expected::Violated, because));
    assert_eq!(measure(&report, "two_holders"), Some(50_000_000));
    let report = run("sending");
    assert_eq!(verdict(&report, "mutual-exclusion").0, Expected::Holds);
    assert_eq!(measure(&report, "two_holders"), Some(0));
}

/// Alice pauses after her check, for longer than her lease lasts.
fn pause(params: &str, lasts: &str) -> Report {
    let rest = format!("[network]\ndelay = \"5ms\"\n[force]\n\"alice@checked:1.pause\" = \"{lasts}\"\n");
    let scenario = lease(params, &rest);
    assert_same_at_both_levels(&scenario);
    report(&scenario)
}

#[test]
fn only_a_store_that_checks_tokens_rejects_the_write_of_a_paused_holder() {
    for fencing in [false, true] {
        let report = pause(&format!("fencing = {fencing}"), "15s");
        assert_eq!(verdict(&report, "mutual-exclusion").0, Expected::Violated);
        // Bob holds the lease from 10.02 s on, and alice believes until she wakes up at 16.01 s.
        assert!(measure(&report, "two_holders").unwrap() >= 5_000_000_000);
        let (stale, word) = if fencing { (0, Expected::Holds) } else { (1, Expected::Violated) };
        assert_eq!(measure(&report, "stale_writes"), Some(stale));
        assert_eq!(measure(&report, "rejected_writes"), Some(1 - stale));
        assert_eq!(verdict(&report, "no-stale-write").0, word);
        assert_eq!(verdict(&report, "tokens-in-order").0, word);
        if !fencing {
            let because = "The store accepted a write of alice with token 1 at 16.015s, though lease 2 had been granted at \
                           10.015s.";
            assert_eq!(verdict(&report, "no-stale-write").1, because);
            let because = "The store accepted token 2 at 11.025s, and then 1 at 16.015s.";
            assert_eq!(verdict(&report, "tokens-in-order").1, because);
        }
    }
}

/// The zombie writes before the new holder does: fencing has nothing to compare with.
#[test]
fn fencing_accepts_a_late_write_that_comes_before_the_first_with_a_greater_token() {
    let report = pause("fencing = true\nwork = \"8s\"\nwrites = 1", "3s");
    let because =
        "The store accepted a write of alice with token 1 at 11.015s, though lease 2 had been granted at 10.015s.";
    assert_eq!(verdict(&report, "no-stale-write"), (Expected::Violated, because));
    assert_eq!(verdict(&report, "tokens-in-order").0, Expected::Holds);
    assert_eq!(measure(&report, "rejected_writes"), Some(0));
}

#[test]
fn a_holder_may_write_more_than_once_with_its_token() {
    let report = report(&lease("fencing = true\nwrites = 5", "[network]\ndelay = \"5ms\"\n"));
    assert_eq!(measure(&report, "rejected_writes"), Some(0));
    let accepted =
        report.trace.outputs().filter(|(.., output)| output.name == "accepted").map(|(.., o)| o.value.to_string());
    assert_eq!(accepted.collect::<String>(), "1111122222");
}

/// Whatever is lost, copied or slow, and whichever node goes down: a client that counts from
/// sending, with an honest clock, holds alone.
#[test]
fn counted_from_sending_there_is_one_holder_whatever_the_network_does() {
    let rough = "loss = 0.2\nduplicate = 0.2\ndelay = { exponential = { mean = \"200ms\" } }\n\
                 [[fault]]\ncrash = { node = \"locks\", rate = 0.1, for = \"500ms\" }\n\
                 [[fault]]\ncrash = { node = \"alice\", rate = 0.1, for = \"500ms\" }\n";
    for (from, breaks) in [("sending", false), ("reception", true)] {
        let params = format!("from = \"{from}\"\nlength = \"2s\"\nstagger = \"100ms\"");
        let mut bench = Bench::new(lease(&params, &format!("[network]\n{rough}")));
        let violated = bench.violations("mutual-exclusion", 1_000);
        assert_eq!(violated > 0, breaks, "{from}: {violated}");
    }
}

#[test]
fn fenced_tokens_never_go_down() {
    let rough = "[network]\nduplicate = 0.2\ndelay = { exponential = { mean = \"500ms\" } }\n\
                 [[fault]]\ncrash = { node = \"store\", rate = 0.2, for = \"100ms\" }\n";
    for (fencing, breaks) in [(true, false), (false, true)] {
        let params =
            format!("fencing = {fencing}\nlength = \"1s\"\nwork = \"150ms\"\nwrites = 5\nfrom = \"reception\"");
        let mut bench = Bench::new(lease(&params, rough));
        assert_eq!(bench.violations("tokens-in-order", 1_000) > 0, breaks, "fencing {fencing}");
    }
}

// ---- Commit wait ----

fn commit(params: &str, rest: &str) -> Bound {
    scenario("commit-wait", &["user", "oslo", "tokyo"], &format!("{params}\n{rest}"))
}

#[test]
fn commit_wait_takes_two_epsilon() {
    for (epsilon, wait, took) in [(1, 2, 2), (4, 2, 8), (7, 2, 14), (4, 1, 4), (4, 0, 0), (0, 2, 0)] {
        let scenario = commit(&format!("epsilon = \"{epsilon}ms\"\nwait = {wait}"), "");
        // TT.after(s) is strict: a stamp is past a nanosecond after it was now.
        let ns = took * 1_000_000 + i64::from(wait > 0);
        assert_eq!(measure(&report(&scenario), "commit_wait"), Some(ns), "{epsilon} ms, {wait}");
        assert_eq!(theory(&scenario, "commit_wait"), Some(ns as f64));
        assert_same_at_both_levels(&scenario);
    }
}

#[test]
fn a_round_of_replication_hides_as_much_of_the_wait_as_it_takes() {
    for (round, took, extra) in
        [(0, 8_000_001, 8_000_001), (5, 8_000_001, 3_000_001), (8, 8_000_001, 1), (10, 10_000_000, 0)]
    {
        let scenario = commit(&format!("epsilon = \"4ms\"\nround = \"{round}ms\""), "");
        let report = report(&scenario);
        for (name, ns) in [("commit_wait", took), ("extra_wait", extra)] {
            assert_eq!(measure(&report, name), Some(ns), "{name}, a round of {round} ms");
            assert_eq!(theory(&scenario, name), Some(ns as f64), "{name}, a round of {round} ms");
        }
    }
}

/// Epsilon from 1 ms to 7 ms, 200 us a second over 30 s: 4 ms in the mean, so 8 ms of waiting.
#[test]
fn a_sawtooth_of_epsilon_makes_a_mean_wait_of_twice_its_mean() {
    let params = "epsilon = \"1ms\"\ngrowth-ppm = 200\npoll = \"30s\"\nwithin = \"30s\"\ntransactions = 1";
    let scenario = commit(params, "");
    let said = theory(&scenario, "commit_wait").unwrap();
    assert!((said - 8e6).abs() < 2_000.0, "{said}");
    let mut bench = Bench::new(scenario);
    let waits: Vec<f64> = (0..RUNS).map(|seed| bench.run(seed).measure("commit_wait").unwrap() as f64).collect();
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    // An even spread from 2 ms to 14 ms has the standard deviation 12 ms / sqrt(12).
    let allowed = 4.5 * 12e6 / 12_f64.sqrt() / (RUNS as f64).sqrt();
    assert!((mean - said).abs() <= allowed, "{mean} is not {said} +- {allowed}");
}

/// One clock as far ahead as epsilon allows, the other as far behind.
fn apart(by: &str) -> String {
    format!("[clock.oslo]\noffset = \"{by}\"\n[clock.tokyo]\noffset = \"-{by}\"\n")
}

#[test]
fn less_than_two_epsilon_breaks_external_consistency() {
    for (wait, delay, word) in [
        (2, "1ms", Expected::Holds),
        (2, "1ns", Expected::Holds),
        (1, "1ms", Expected::Violated),
        (0, "1ms", Expected::Violated),
        // A message each way that takes long enough does what waiting does not.
        (1, "3ms", Expected::Holds),
        (0, "3ms", Expected::Violated),
        (0, "5ms", Expected::Holds),
    ] {
        let rest = format!("[network]\ndelay = \"{delay}\"\n{}", apart("4ms"));
        let scenario = commit(&format!("epsilon = \"4ms\"\nwait = {wait}"), &rest);
        let report = report(&scenario);
        assert_eq!(verdict(&report, "external-consistency").0, word, "{wait} epsilon, {delay}");
        assert_eq!(verdict(&report, "true-time").0, Expected::Holds);
        assert_same_at_both_levels(&scenario);
    }
    let rest = format!("[network]\ndelay = \"1ms\"\n{}", apart("4ms"));
    let report = report(&commit("epsilon = \"4ms\"\nwait = 1", &rest));
    let because = "Transaction 1 was committed at 5ms, before transaction 2 began at 6ms; but oslo had stamped it with 9ms, \
                   and tokyo stamped the later one with 7.000001ms.";
    assert_eq!(verdict(&report, "external-consistency"), (Expected::Violated, because));
}

#[test]
fn two_epsilon_are_enough_for_all_clocks_that_keep_them() {
    let rest = "[network]\ndelay = \"1us\"\n[clock]\noffset = { uniform = [\"-4ms\", \"4ms\"] }\n";
    for (wait, breaks) in [(2, false), (1, true), (0, true)] {
        let params = format!("epsilon = \"4ms\"\nwait = {wait}\ntransactions = 6\ngrowth-ppm = 200");
        let mut bench = Bench::new(commit(&params, rest));
        assert_eq!(bench.violations("external-consistency", 1_000) > 0, breaks, "{wait} epsilon");
    }
}

#[test]
fn a_clock_that_is_worse_than_it_says_breaks_what_waiting_should_keep() {
    let rest = format!("[network]\ndelay = \"1ms\"\n{}", apart("10ms"));
    let report = report(&commit("epsilon = \"4ms\"", &rest));
    let because = "oslo's clock was 10ms ahead of true time at 1ms, and epsilon is 4ms.";
    assert_eq!(verdict(&report, "true-time"), (Expected::Violated, because));
    assert_eq!(verdict(&report, "external-consistency").0, Expected::Violated);
}

#[test]
fn a_lost_answer_leaves_transactions_uncommitted() {
    let report = report(&commit("", "[force]\n\"user:oslo:1\" = \"lose\"\n"));
    let because = "0 of 2 transactions committed.";
    assert_eq!(verdict(&report, "termination"), (Expected::Violated, because));
}
