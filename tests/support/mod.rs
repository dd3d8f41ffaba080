//! What the tests of figures and theorems share: scenarios from text, and runs judged without a
//! picture.

#![allow(dead_code, reason = "each test crate uses its own part")]
#![allow(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

pub(crate) mod sentences;
pub(crate) mod weather;

use dsys::check::{self, Run};
use dsys::problems::{Bound, Entry, SHIPPED};
use dsys::report;
use dsys::scenario::{EnemyMay, Expected, Request};
use dsys::sim::Runner;
use dsys::sim::choice::{Departure, Enemy, Enumeration};
use dsys::trace::{Recording, Trace};

/// A scenario from its text.
pub(crate) fn load(text: &str) -> Bound {
    let request = Request::new("test", text);
    SHIPPED.load(&request).unwrap_or_else(|wrong| panic!("{wrong}\n{text}"))
}

/// A scenario that runs often, with only what its judges need kept.
pub(crate) struct Bench {
    scenario: Bound,
    entry: &'static Entry,
    runner: Box<dyn Runner>,
}

impl Bench {
    pub(crate) fn new(scenario: Bound) -> Bench {
        let runner = scenario.prepare().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        Bench { entry: scenario.entry, scenario, runner }
    }

    /// Runs once with chance from `seed`.
    pub(crate) fn run(&mut self, seed: u64) -> Outcome<'_> {
        let trace = self.runner.run(seed, Recording::Outputs(report::needs(self.entry)), None);
        Outcome { scenario: &self.scenario, entry: self.entry, trace }
    }

    /// Runs once for every way in which the traitors can fill their slots, and counts the ways.
    pub(crate) fn run_all_lies(&mut self, mut look: impl FnMut(&Outcome<'_>)) -> u64 {
        let mut lies = Enumeration::new(Enemy { may: vec![EnemyMay::Lie], ..Enemy::default() });
        // Each choice with the option that it takes: a counter whose last digit turns fastest.
        let mut settled: Vec<(u32, u32)> = Vec::new();
        let mut runs = 0;
        loop {
            let departures = settled.iter().enumerate().filter(|&(_, &(_, option))| option > 0);
            lies.moves.departures = departures.map(|(at, &(_, option))| Departure { at: at as u32, option }).collect();
            let trace = self.runner.run(1, Recording::Outputs(report::needs(self.entry)), Some(lies));
            look(&Outcome { scenario: &self.scenario, entry: self.entry, trace });
            runs += 1;
            lies = self.runner.take_enumeration().unwrap_or_default();
            settled.extend(lies.moves.options.iter().skip(settled.len()).map(|&options| (options, 0)));
            while settled.last().is_some_and(|&(options, option)| option + 1 == options) {
                settled.pop();
            }
            match settled.last_mut() {
                Some((_, option)) => *option += 1,
                None => return runs,
            }
        }
    }

    /// How many of `runs` seeds violate a property.
    pub(crate) fn violations(&mut self, property: &str, runs: u64) -> u64 {
        (0..runs).map(|seed| u64::from(self.run(seed).violates(property))).sum()
    }
}

/// One run, judged.
pub(crate) struct Outcome<'a> {
    scenario: &'a Bound,
    entry: &'static Entry,
    pub(crate) trace: &'a Trace,
}

impl Outcome<'_> {
    fn as_run(&self) -> Run<'_> {
        Run { scenario: self.scenario, trace: self.trace }
    }

    pub(crate) fn verdict(&self, property: &str) -> Expected {
        let property = self.entry.properties.iter().find(|known| known.name == property).expect(property);
        check::judge(property, &self.as_run()).word()
    }

    /// Whether the protocol has a property of this name.
    pub(crate) fn is_property(&self, name: &str) -> bool {
        self.entry.properties.iter().any(|known| known.name == name)
    }

    pub(crate) fn violates(&self, property: &str) -> bool {
        self.verdict(property) == Expected::Violated
    }

    pub(crate) fn measure(&self, name: &str) -> Option<i64> {
        let measure = self.entry.measures.iter().find(|known| known.name == name).expect(name);
        measure.of.of(&self.as_run())
    }

    /// What the nodes told their users under this name, in the order of the nodes.
    pub(crate) fn told(&self, name: &str) -> Vec<String> {
        let mut told: Vec<_> = self.trace.outputs().filter(|(.., output)| output.name == name).collect();
        told.sort_by_key(|&(_, node, _)| node);
        told.into_iter().map(|(.., output)| output.value.to_string()).collect()
    }
}

/// What theory says of a property or measure in a scenario.
pub(crate) fn theory(scenario: &Bound, of: &str) -> Option<f64> {
    let said =
        scenario.entry.theory.iter().find(|theory| theory.of == of).unwrap_or_else(|| panic!("no theory of {of}"));
    (said.value)(scenario)
}

/// Holds a rate against its exact value: 4.5 standard deviations, less than one false alarm in
/// 100,000.
#[track_caller]
pub(crate) fn assert_rate(hits: u64, runs: u64, exact: f64, what: &str) {
    let rate = hits as f64 / runs as f64;
    let allowed = 4.5 * (exact * (1.0 - exact) / runs as f64).sqrt();
    assert!((rate - exact).abs() <= allowed, "{what}: {rate} of {runs} runs, exactly {exact}, allowed {allowed}");
}
