//! Means over many seeds, held against theory.

use dsys::problems::Bound;
use dsys::report;
use dsys::trace::{Recording, Trace};

/// A mean over runs.
pub(super) struct Estimate {
    scenario: Bound,
    runs: u64,
    sum: f64,
}

impl Estimate {
    pub(super) fn new(scenario: Bound) -> Estimate {
        Estimate { scenario, runs: 0, sum: 0.0 }
    }

    /// Runs seeds from 1 on and takes in a figure of each.
    pub(super) fn over(&mut self, runs: u64, figure: impl Fn(&Trace) -> f64) {
        let entry = self.scenario.entry;
        let mut runner = self.scenario.prepare().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        for seed in 1..=runs {
            self.sum += figure(runner.run(seed, Recording::Outputs(report::needs(entry)), None));
        }
        self.runs += runs;
    }

    /// The mean is what theory says, within 4.5 standard deviations `sd` of one run's figure.
    pub(super) fn is_near(&self, mean: f64, sd: f64, what: &str) {
        let (runs, found) = (self.runs as f64, self.sum / self.runs as f64);
        assert!((found - mean).abs() <= 4.5 * sd / runs.sqrt(), "{what}: {found}, not {mean}, of {runs} runs");
    }
}
