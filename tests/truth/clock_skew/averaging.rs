//! Lundelius, Lynch, 1984: u(1 - 1/n) and no less. Welch, Lynch, 1988: each round halves the skew,
//! whatever f of 3f+1 say.

use super::{because, measure, run, scenario, theory, verdict};
use dsys::problems::Bound;
use dsys::scenario::Expected::{Holds, Violated};
use dsys::scenario::Link;
use dsys::time::{Distribution, Span, Time};

/// Nodes whose messages take 10 ms, or 22 ms where `slow` says so: u is 12 ms.
fn averaging(nodes: usize, slow: impl Fn(usize, usize) -> bool) -> Bound {
    let params = "until = \"1s\"\n[params]\nmin-delay = \"10ms\"\nmax-delay = \"22ms\"\n";
    let mut scenario = scenario("average", &format!("nodes = {nodes}\n{params}"));
    let takes = |ms| Link { delay: Distribution::Constant(Span::from_ms(ms)), ..Link::default() };
    scenario.scenario.network.default = takes(10);
    for from in dsys::process::NodeId::first(nodes) {
        for to in dsys::process::NodeId::first(nodes).filter(|&to| to != from) {
            if slow(from.index(), to.index()) {
                scenario.scenario.network.exceptions.push((from, to, takes(22)));
            }
        }
    }
    scenario
}

/// The same with nothing asked of single links, as closed forms want it.
fn averaging_alike(nodes: usize) -> Bound {
    averaging(nodes, |_, _| false)
}

#[test]
fn the_worst_of_all_delays_is_exactly_u_times_one_minus_one_nth() {
    for (nodes, worst_us) in [(2_usize, 6_000), (3, 8_000)] {
        let links = nodes * (nodes - 1);
        let skews = (0_u32..1 << links).map(|delays| {
            let link = |from: usize, to: usize| from * (nodes - 1) + to - usize::from(to > from);
            let report = run(&averaging(nodes, |from, to| delays >> link(from, to) & 1 == 1));
            assert_eq!(verdict(&report, "bounded-skew"), Holds, "{nodes} nodes, delays {delays:b}");
            measure(&report, "final_skew")
        });
        assert_eq!(skews.max(), Some(worst_us * 1_000), "{nodes} nodes");
    }
}

#[test]
fn ten_clocks_can_stay_nine_tenths_of_u_apart() {
    // Everything that alice hears is slow, everything that the server hears is quick.
    let report = run(&averaging(10, |_, to| to == 1));
    assert_eq!(measure(&report, "final_skew"), 10_800_000);
    assert_eq!(measure(&report, "bound"), 10_800_000);
    assert_eq!(theory(&averaging_alike(10), "bound"), Some(10_800_000.0));
    assert_eq!(verdict(&report, "bounded-skew"), Holds);
}

#[test]
fn a_message_slower_than_was_assumed_breaks_the_bound_and_a_lost_one_leaves_nothing_promised() {
    let mut slow = averaging(10, |_, to| to == 1);
    for (.., link) in &mut slow.scenario.network.exceptions {
        link.delay = Distribution::Constant(Span::from_ms(23));
    }
    let report = run(&slow);
    assert_eq!(verdict(&report, "bounded-skew"), Violated);
    let loss = "nodes = 3\nuntil = \"1s\"\n[[fault]]\nlose = { message = \"server:alice:1\" }\n";
    let report = run(&scenario("average", loss));
    let bounded = report.properties.iter().find(|judged| judged.name == "bounded-skew").unwrap();
    assert!(bounded.verdict.is_vacuous());
    assert_eq!(bounded.verdict.because(), "Nothing was promised: not everybody has heard from everybody.");
    assert_eq!(verdict(&report, "clocks-set"), Violated);
    assert_eq!(
        because(&report, "clocks-set"),
        "alice's clock was never set: it did not hear from everybody, and nobody says the time twice."
    );
}

/// Clocks at both ends of 100 ms, the liars last; ε is 1 ms.
fn midpoint(nodes: usize, f: usize, liars: usize, lie: &str) -> String {
    let names = ["server", "alice", "bob", "carol", "dave", "erin", "frank"];
    let clocks = names[..nodes]
        .iter()
        .enumerate()
        .map(|(index, name)| format!("[clock.{name}]\noffset = \"{}ms\"\n", if index % 2 == 0 { 50 } else { -50 }));
    let liars: Vec<String> = names[nodes - liars..nodes].iter().map(|name| format!("\"{name}\"")).collect();
    let fault = match liars.is_empty() {
        true => String::new(),
        false => format!("[[fault]]\ntraitor = {{ nodes = [{}], {lie} }}\n", liars.join(", ")),
    };
    format!(
        "nodes = {nodes}\nuntil = \"85s\"\n[network]\ndelay = {{ uniform = [\"5ms\", \"7ms\"] }}\n\
         [params]\nf = {f}\nbeta = \"100ms\"\nmin-delay = \"5ms\"\nmax-delay = \"7ms\"\nrho-ppm = 0\n{}{fault}",
        clocks.collect::<String>()
    )
}

const LIES: [&str; 5] = [
    "lie = \"offset-by\", by = \"1h\"",
    "lie = \"offset-by\", by = \"-60ms\"",
    "lie = \"two-faced\", by = \"100ms\"",
    "lie = \"two-faced\", by = \"-100ms\"",
    "lie = \"two-faced\", by = \"30ms\"",
];

#[test]
fn each_round_halves_the_skew_whatever_f_of_three_f_plus_one_say() {
    // From 100 ms with ε = 1 ms: 52, 28, 16 … and in the long run 4.
    let bounds_us = [52_000, 28_000, 16_000, 10_000, 7_000, 5_500, 4_750, 4_375];
    for (nodes, f) in [(4, 1), (5, 1), (7, 2)] {
        for lie in LIES {
            for seed in 1..=20 {
                let mut scenario = scenario("midpoint", &midpoint(nodes, f, f, lie));
                scenario.scenario.seed = seed;
                let report = run(&scenario);
                assert_eq!(verdict(&report, "bounded-skew"), Holds, "{nodes} nodes, {lie}, seed {seed}");
                assert_eq!(measure(&report, "bound"), 54_000_000, "52 ms, and 2ε while a round goes on");
                assert_eq!(theory(&scenario, "bound"), None, "there is a liar");
                for (round, bound) in bounds_us.into_iter().enumerate() {
                    let at = Time::ZERO + Span::from_ms(10_000 * (round as i64 + 1) + 5_000);
                    let shows: Vec<i64> = (0..nodes - f).map(|node| report.trace.clocks[node].read(at).ns()).collect();
                    let skew = shows.iter().max().unwrap() - shows.iter().min().unwrap();
                    assert!(skew <= bound * 1_000, "{skew} ns after round {}, {nodes} nodes, {lie}", round + 1);
                }
            }
        }
    }
}

#[test]
fn the_bound_without_a_liar_is_as_the_closed_form_says() {
    let plain = scenario("midpoint", &midpoint(4, 1, 0, ""));
    assert_eq!(theory(&plain, "bound"), Some(54_000_000.0));
    assert_eq!(measure(&run(&plain), "bound"), 54_000_000);
}

#[test]
fn one_liar_among_three_and_two_where_one_was_allowed_for_break_the_bound() {
    let breaks = |nodes, f, liars| {
        let violated = |lie: &&&str| {
            verdict(&run(&scenario("midpoint", &midpoint(nodes, f, liars, lie))), "bounded-skew") == Violated
        };
        LIES.iter().filter(|lie| violated(lie)).count()
    };
    assert_eq!(breaks(4, 1, 1), 0);
    assert!(breaks(3, 1, 1) > 0);
    assert!(breaks(7, 1, 2) > 0);
    assert_eq!(breaks(7, 2, 2), 0);
}

#[test]
fn drift_adds_up_over_a_round_and_no_more() {
    // 4ε + 4ρP in the long run, seen just before a correction: 4 ms and 4 ms.
    let drift = "[clock.server]\ndrift-ppm = 100\n[clock.alice]\ndrift-ppm = -100\n";
    let text = format!(
        "nodes = 4\nuntil = \"1h\"\n[network]\ndelay = {{ uniform = [\"5ms\", \"7ms\"] }}\n{drift}\
         [params]\nbeta = \"9ms\"\nmin-delay = \"5ms\"\nmax-delay = \"7ms\"\nrho-ppm = 100\n"
    );
    let report = run(&scenario("midpoint", &text));
    assert_eq!(verdict(&report, "bounded-skew"), Holds, "{}", because(&report, "bounded-skew"));
    let faster = text.replace("drift-ppm = 100\n", "drift-ppm = 9000\n");
    assert_eq!(verdict(&run(&scenario("midpoint", &faster)), "bounded-skew"), Violated);
}
