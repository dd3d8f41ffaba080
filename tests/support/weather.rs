//! Random weather: losses, copies and delays of the network, what is done to single messages, and
//! nodes that go down for a while. Whatever it is, it ends.

#![allow(dead_code, reason = "each test crate uses its own part")]

use dsys::problems::{Bound, Entry, SHIPPED};
use dsys::scenario::Request;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The weather of a run, and what is done to single messages and nodes in it.
#[derive(Clone, Debug)]
pub(crate) struct Weather {
    pub(crate) seed: u64,
    pub(crate) until: &'static str,
    pub(crate) loss: f64,
    pub(crate) duplicate: f64,
    pub(crate) delay: &'static str,
    /// How far clocks are off, as the table `clock` says it; empty where they are right.
    pub(crate) clock: &'static str,
    /// By link and message: its place among the links, which message, its fate.
    pub(crate) fates: Vec<(usize, u32, &'static str)>,
    /// By node: its place among the nodes, when it goes down, and for how long, in ms.
    pub(crate) crashes: Vec<(usize, u32, u32)>,
}

/// No weather at all.
pub(crate) const CALM: Weather = Weather {
    seed: 1,
    until: "1h",
    loss: 0.0,
    duplicate: 0.0,
    delay: "{ constant = \"5ms\" }",
    clock: "",
    fates: Vec::new(),
    crashes: Vec::new(),
};

/// Any weather, with clocks that are right.
pub(crate) fn any() -> impl Strategy<Value = Weather> {
    let delays =
        ["{ constant = \"5ms\" }", "{ uniform = [\"1ms\", \"30ms\"] }", "{ exponential = { mean = \"60ms\" } }"];
    let fates = prop::sample::select(vec!["lose", "lose", "corrupt", "twice"]);
    (
        1_u64..1_000_000,
        prop::sample::select(vec!["300ms", "10s", "1h"]),
        prop::sample::select(vec![0.0, 0.0, 0.02, 0.1]),
        prop::sample::select(vec![0.0, 0.1]),
        prop::sample::select(delays.to_vec()),
        prop::collection::vec((0_usize..20, 1_u32..12, fates), 0..12),
        prop::collection::vec((0_usize..8, 0_u32..400, 1_u32..400), 0..3),
    )
        .prop_map(|(seed, until, loss, duplicate, delay, fates, crashes)| Weather {
            seed,
            until,
            loss,
            duplicate,
            delay,
            clock: "",
            fates,
            crashes,
        })
}

/// Tries so many cases, the same ones each time.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

impl Weather {
    /// The weather over a protocol with as few nodes as it takes, and with these parameters. `None`
    /// if the protocol does not take them.
    pub(crate) fn over(&self, problem: &str, entry: &Entry, params: &str) -> Option<Bound> {
        (2..8).find_map(|nodes| self.over_nodes(problem, entry, params, nodes))
    }

    fn over_nodes(&self, problem: &str, entry: &Entry, params: &str, nodes: usize) -> Option<Bound> {
        let Weather { seed, until, loss, duplicate, delay, clock, fates, crashes } = self;
        let names = (SHIPPED.problem(problem)?.node_names)(nodes);
        let crashes = crashes.iter().map(|(node, at, down)| {
            let node = &names[node % nodes];
            format!("{{ crash = {{ node = \"{node}\", at = \"{at}ms\", for = \"{down}ms\" }} }}")
        });
        let crashes = crashes.collect::<Vec<_>>().join(", ");
        let text = format!(
            "title = \"t\"\nproblem = \"{problem}\"\nprotocol = \"{}\"\nnodes = {nodes}\nseed = {seed}\nuntil = \"{until}\"\n\
             fault = [{crashes}]\nnetwork = {{ loss = {loss:?}, duplicate = {duplicate:?}, delay = {delay} }}\n\
             clock = {{ {clock} }}\nparams = {{ {params} }}\n",
            entry.name
        );
        let mut force: Vec<String> = Vec::new();
        for (link, nth, fate) in fates {
            let from = link % nodes;
            let to = (from + 1 + link / nodes % (nodes - 1)) % nodes;
            let choice = format!("{}:{}:{nth}=", names[from], names[to]);
            if !force.iter().any(|other| other.starts_with(&choice)) {
                force.push(format!("{choice}{fate}"));
            }
        }
        let request = Request { force: &force, ..Request::new("t", &text) };
        SHIPPED.load(&request).ok()
    }
}
