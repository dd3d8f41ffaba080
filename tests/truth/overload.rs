//! Overload: the closed forms of queues and of retries, and what runs show of them.

use std::ops::ControlFlow;

use dsys::problems::{Bound, SHIPPED};
use dsys::report::Trials;
use dsys::scenario::{Expected, Request};

/// How far a mean may be from what is exact, in standard errors.
const SIGMAS: f64 = 4.5;

/// A client and a server between which nothing takes time.
fn service(until: &str, params: &str) -> Bound {
    let text = format!(
        "title = \"Busy\"\nproblem = \"overload\"\nprotocol = \"retry\"\nnodes = 2\nuntil = \"{until}\"\n\
         limits.events = 100_000_000\nnetwork.delay = \"0ms\"\n[params]\n{params}\n"
    );
    SHIPPED.load(&Request::new("busy", &text)).unwrap_or_else(|invalid| panic!("{params}: {invalid}"))
}

/// Runs of a scenario: few, but long enough that a mean says something.
const RUNS: u32 = 10;

/// Runs a scenario with the seeds from 1 to `runs`. Returns the mean and the standard error of each
/// figure that `figures` computes from the measures of one run.
fn means<const N: usize, const M: usize>(
    scenario: &Bound,
    runs: u32,
    names: [&str; N],
    figures: impl Fn([f64; N]) -> [f64; M],
) -> [[f64; 2]; M] {
    let place = |name: &str| scenario.entry.measures.iter().position(|measure| measure.name == name).unwrap();
    let places = names.map(place);
    let mut trials = Trials::new(scenario).unwrap();
    let mut values = Vec::new();
    for seed in 1..=runs {
        let mut trial = trials.run(seed.into(), None, &mut || ControlFlow::Continue(()));
        let all: Vec<Option<i64>> = trial.values().collect();
        values.push(figures(places.map(|place| all[place].unwrap() as f64)));
    }
    let n = f64::from(runs);
    std::array::from_fn(|figure| {
        let mean = values.iter().map(|run| run[figure]).sum::<f64>() / n;
        let variance = values.iter().map(|run| (run[figure] - mean).powi(2)).sum::<f64>() / (n - 1.0);
        [mean, (variance / n).sqrt()]
    })
}

/// The mean time to an answer, in milliseconds.
fn mean_ms(scenario: &Bound) -> [f64; 2] {
    means(scenario, RUNS, ["mean"], |[ns]| [ns / 1e6])[0]
}

/// Holds a mean against what is exact in the long run: `bias` is what the empty start and the cut
/// end may take from it.
#[track_caller]
fn agrees([mean, error]: [f64; 2], exact: f64, bias: f64) {
    assert!((mean - exact).abs() <= SIGMAS * error + bias * exact, "{mean} ± {error} is not {exact}");
    // A tolerance in which everything lies would prove nothing.
    assert!(SIGMAS * error <= 0.2 * exact, "{mean} ± {error} says little of {exact}");
}

const EXPONENTIAL: &str = "service = { exponential = { mean = \"10ms\" } }\nworkers = 1";

/// M/M/1: the time in the system is exponential with rate mu - lambda. λ = 80, μ = 100: mean
/// 50 ms, p99 230.3 ms.
#[test]
fn one_worker_and_work_by_chance() {
    let busy = service("200s", &format!("arrival = 80\n{EXPONENTIAL}"));
    let [mean, half, most] = means(&busy, RUNS, ["mean", "p50", "p99"], |ns| ns.map(|ns| ns / 1e6));
    agrees(mean, 50.0, 0.005);
    agrees(half, 50.0 * std::f64::consts::LN_2, 0.005);
    agrees(most, 230.3, 0.005);
}

/// M/D/1: a mean wait of rho / (2 mu (1 - rho)): 20 ms, and 10 ms of work.
#[test]
fn one_worker_and_equal_work() {
    let busy = service("40s", "arrival = 80\nservice = \"10ms\"\nworkers = 1");
    agrees(mean_ms(&busy), 30.0, 0.005);
}

/// M/M/c by Erlang's C: c = 2, λ = 150, μ = 100 each: a mean wait of 12.8571 ms.
#[test]
fn two_workers() {
    let busy = service("30s", "arrival = 150\nservice = { exponential = { mean = \"10ms\" } }\nworkers = 2");
    agrees(mean_ms(&busy), 22.8571, 0.005);
}

/// M/M/1/K loses (1-ρ)ρ^K / (1-ρ^(K+1)); K counts the one in service.
#[test]
fn a_short_queue_turns_away_as_many_as_theory_says() {
    // What is rare takes longer to tell.
    for (arrival, queue, share, until) in [(80, 9, 0.023_493, "600s"), (100, 3, 0.2, "60s"), (200, 2, 0.533_333, "30s")]
    {
        let busy = service(until, &format!("arrival = {arrival}\n{EXPONENTIAL}\nqueue = {queue}"));
        agrees(means(&busy, RUNS, ["shed", "offered"], |[shed, all]| [shed / all])[0], share, 0.005);
    }
}

/// E[attempts] = (1-f^R)/(1-f), and through layers (1-f^(R^L))/(1-f) of the calls to the bottom.
#[test]
fn failures_are_tried_again_as_often_as_theory_says() {
    for (fail, attempts, exact) in [(0.5, 3, 1.75), (0.3, 4, 1.417), (0.1, 2, 1.1)] {
        let params = format!("arrival = 100\nattempts = {attempts}\nfail = {fail:.1}\nservice = \"1ms\"");
        let ratio = |[calls, offered]: [f64; 2]| [calls / offered];
        agrees(means(&service("20s", &params), RUNS, ["attempts", "offered"], ratio)[0], exact, 0.0005);
    }
}

/// B7 and the figures beside it: with R attempts, overload keeps itself alive if R λ > μ.
#[test]
fn a_stall_is_survived_below_the_hidden_capacity_and_not_above() {
    const SEEDS: usize = 3;
    let recovers = |mean: &str, arrival: u32, rest: &str| {
        let stall = "[[fault]]\npause = { node = \"server\", at = \"20s\", for = \"5s\" }";
        let work = format!("service = {{ exponential = {{ mean = \"{mean}\" }} }}\nworkers = 1\ntimeout = \"1s\"");
        let params = format!("arrival = {arrival}\n{work}\nwithin = \"40s\"\nshare = 0.8\n{rest}\n{stall}");
        let scenario = service("90s", &params);
        let mut trials = Trials::new(&scenario).unwrap();
        let verdict = |seed| {
            let mut trial = trials.run(seed, None, &mut || ControlFlow::Continue(()));
            let word = trial.verdicts().next().unwrap().word();
            assert_ne!(word, Expected::Unknown, "seed {seed}");
            word == Expected::Holds
        };
        (1..=SEEDS as u64).map(verdict).filter(|&heals| heals).count()
    };
    assert_eq!(recovers("10ms", 60, "attempts = 2"), 0, "120 calls a second come, and 100 are served");
    assert_eq!(recovers("10ms", 60, "attempts = 1"), SEEDS);
    assert_eq!(recovers("10ms", 45, "attempts = 2"), SEEDS, "90 come");
    assert_eq!(recovers("10ms", 36, "attempts = 3"), 0, "108 come");
    assert_eq!(recovers("10ms", 30, "attempts = 3"), SEEDS, "90 come");
    assert_eq!(recovers("10ms", 60, "attempts = 3\nbudget = 0.1"), SEEDS, "66 come");
}

/// Means of jittered waits: half of the sum of the plain ones for `full`, three quarters for
/// `equal`, and 2,037.5 ms for four decorrelated ones from 100 ms on.
#[test]
fn jitter_takes_its_share_of_the_waits() {
    for (backoff, base, cap, attempts, exact) in [
        ("full", 100, 1_000, 7, 1_750.0),
        ("equal", 100, 1_000, 7, 2_625.0),
        ("full", 10, 100, 6, 125.0),
        ("full", 1, 60, 9, 91.5),
        ("decorrelated", 100, 1_000_000, 5, 2_037.5),
    ] {
        // The last answer is the error that ends the one request that comes, and only if the last
        // attempt is a good one is there a time to it.
        let params = format!(
            "arrival = 0.001\narrivals = \"even\"\nattempts = {attempts}\nfail = 1.0\nservice = \"0ms\"\nbackoff = \
             \"{backoff}\"\nbase = \"{base}ms\"\ncap = \"{cap}ms\""
        );
        let scenario = {
            let text = format!(
                "title = \"Waits\"\nproblem = \"overload\"\nprotocol = \"retry\"\nnodes = 2\nuntil = \"1900s\"\n\
                 network.delay = \"0ms\"\n[params]\n{params}\n[force]\n\"load.fail:1.{attempts}\" = \"no\"\n"
            );
            SHIPPED.load(&Request::new("waits", &text)).unwrap_or_else(|invalid| panic!("{invalid}"))
        };
        agrees(means(&scenario, 1_000, ["mean"], |[ns]| [ns / 1e6])[0], exact, 0.0);
    }
}
