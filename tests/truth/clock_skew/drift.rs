//! What drift does: two clocks within ρ part by at most 2ρT, exactly.

use super::{because, measure, run, scenario, verdict};
use dsys::scenario::Expected::{Holds, Violated};

fn drifting(ppm: [i64; 2], until: &str, rho_ppm: i64) -> String {
    let [alice, bob] = ppm;
    format!(
        "nodes = [\"alice\", \"bob\"]\nuntil = \"{until}\"\n[params]\nrho-ppm = {rho_ppm}\n\
         [clock.alice]\ndrift-ppm = {alice}\n[clock.bob]\ndrift-ppm = {bob}\n"
    )
}

#[test]
fn ten_ppm_over_a_day_is_864_000_000_ns_and_not_about_that() {
    for (ppm, skew) in [([10, 0], 864_000_000), ([-10, 0], 864_000_000), ([10, -10], 1_728_000_000)] {
        let report = run(&scenario("free-running", &drifting(ppm, "1d", 10)));
        assert_eq!(measure(&report, "final_skew"), skew, "{ppm:?}");
        assert_eq!(measure(&report, "max_skew"), skew, "{ppm:?}");
        assert_eq!(measure(&report, "max_error"), 864_000_000, "{ppm:?}");
    }
}

#[test]
fn two_clocks_within_rho_part_by_two_rho_t() {
    for (ppm, until, skew) in [(10, "1d", 1_728_000_000), (50, "1h", 360_000_000), (200, "30s", 12_000_000)] {
        let report = run(&scenario("free-running", &drifting([ppm, -ppm], until, ppm)));
        assert_eq!(measure(&report, "final_skew"), skew, "{ppm} ppm for {until}");
        assert_eq!(measure(&report, "bound"), skew, "{ppm} ppm for {until}");
        assert_eq!(verdict(&report, "bounded-skew"), Holds, "{ppm} ppm for {until}");
    }
}

#[test]
fn an_interval_of_a_hundredth_of_a_second_over_two_rho_is_enough_for_a_millisecond() {
    // δ/(2ρ): 1 ms at 50 ppm is 10 s.
    assert_eq!(measure(&run(&scenario("free-running", &drifting([50, -50], "10s", 50))), "final_skew"), 1_000_000);
}

#[test]
fn a_clock_faster_than_was_warranted_breaks_the_bound() {
    let report = run(&scenario("free-running", &drifting([51, -50], "1d", 50)));
    assert_eq!(verdict(&report, "bounded-skew"), Violated);
    assert_eq!(
        because(&report, "bounded-skew"),
        "At 1d alice was 8.726s ahead of bob; the bound was 8.64s: the spread at the start and 2ρT."
    );
}

#[test]
fn a_step_breaks_the_bound_and_a_step_back_what_is_monotonic() {
    let step = |by: &str| {
        let fault = format!("[[fault]]\nclock-step = {{ node = \"bob\", at = \"1h\", by = \"{by}\" }}\n");
        run(&scenario("free-running", &(drifting([0, 0], "2h", 0) + &fault)))
    };
    let (forwards, back) = (step("1ns"), step("-1ns"));
    assert_eq!((verdict(&forwards, "bounded-skew"), verdict(&forwards, "monotonic")), (Violated, Holds));
    assert_eq!((verdict(&back, "bounded-skew"), verdict(&back, "monotonic")), (Violated, Violated));
    assert_eq!(because(&back, "monotonic"), "At 1h bob's clock leapt back by 1ns.");
    assert_eq!(measure(&back, "steps"), 1);
}

#[test]
fn timers_do_not_move_when_the_clock_is_stepped() {
    // Bob reads his clock after 10 s of his oscillator, whatever his clock was told at 5 s.
    let text = "nodes = [\"alice\", \"bob\"]\nuntil = \"11s\"\n[params]\nevery = \"10s\"\n\
                [[fault]]\nclock-step = { node = \"bob\", at = \"5s\", by = \"-2s\" }\n";
    let report = run(&scenario("free-running", text));
    let bob = dsys::process::NodeId::new(1);
    let read = report.trace.outputs().filter(|&(_, node, _)| node == bob);
    let read: Vec<(u64, Option<i64>)> = read.map(|(event, _, output)| (event.at.ns(), output.value.number())).collect();
    assert_eq!(read, [(0, Some(0)), (10_000_000_000, Some(8_000_000_000))]);
}

#[test]
fn the_largest_error_and_skew_are_those_that_sampling_would_find() {
    // Slews, steps, changes of drift: looked at every tenth of a millisecond, nothing is farther
    // off than was measured.
    let text = "nodes = 3\nuntil = \"20s\"\n[params]\nevery = \"3s\"\ncorrect = \"slew\"\nover = \"700ms\"\n\
                [clock.alice]\noffset = \"40ms\"\ndrift-ppm = 300\n[clock.bob]\noffset = \"-25ms\"\ndrift-ppm = -800\n\
                [[fault]]\nclock-drift = { node = \"bob\", at = \"7s\", ppm = 900 }\n\
                [[fault]]\nclock-step = { node = \"alice\", at = \"11s\", by = \"-9ms\" }\n";
    let report = run(&scenario("cristian", text));
    let shows = |node: usize, at: dsys::time::Time| report.trace.clocks[node].read(at).ns();
    let settled = |node: usize| {
        let corrections =
            report.trace.outputs().filter(|(_, by, output)| by.index() == node && output.name == "correction");
        let first = corrections.map(|(event, ..)| event.at).next().unwrap();
        report.trace.clocks[node].at(first).slewed_at().unwrap()
    };
    let since = [dsys::time::Time::ZERO, settled(1), settled(2)];
    let (mut error, mut skew) = (0, 0);
    for tick in 0..200_000 {
        let at = dsys::time::Time::from_ns(tick * 100_000);
        let counting: Vec<usize> = (0..3).filter(|&node| since[node] <= at).collect();
        for &node in &counting {
            error = error.max((shows(node, at) - shows(0, at)).abs());
            skew = counting.iter().map(|&other| (shows(node, at) - shows(other, at)).abs()).fold(skew, i64::max);
        }
    }
    for (sampled, name) in [(error, "max_error"), (skew, "max_skew")] {
        let measured = measure(&report, name);
        assert!((sampled - 1..sampled + 1_000).contains(&measured), "{name}: {measured}, and {sampled} was seen");
    }
}
