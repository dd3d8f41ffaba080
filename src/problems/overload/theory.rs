//! Closed forms of attempts and requests, and what they assume.

use crate::problems::prelude::*;
use crate::process::NodeId;

use super::arrivals::Arrivals;
use super::caller::Backoff;
use super::retry::Retry;
use super::shedding::Shedding;

const POISSON: &str = "requests come in a Poisson process of rate lambda, and nothing goes wrong at the client";

const ROOMY: &str = "As before, that the server serves all calls at once, that everything takes the same time, d for a \
                     call and its answer, that each call fails alone with chance f, and that R attempts follow each \
                     other at once; T is the length of the run";

/// What theory says of `retry`.
pub(super) const OF_RETRY: &[Theory] = &[
    Theory {
        of: "offered",
        formula: "lambda T",
        assumes: POISSON,
        value: |scenario| Some(Load::of_retry(scenario)?.come(0.0)),
    },
    Theory {
        of: "attempts",
        formula: "the sum over k < R of lambda f^k (T - k d): in the long run (1-f^R) / (1-f) for each request",
        assumes: ROOMY,
        value: |scenario| {
            let (load, calls) = Calls::of(scenario)?;
            Some(calls.sum(|k| libm::pow(calls.fails, k) * load.come(k * calls.takes)))
        },
    },
    Theory {
        of: "good",
        formula: "the sum over k < R of lambda f^k (1-f) (T - (k+1) d)",
        assumes: ROOMY,
        value: |scenario| {
            let (load, calls) = Calls::of(scenario)?;
            let good = 1.0 - calls.fails;
            Some(calls.sum(|k| libm::pow(calls.fails, k) * good * load.come((k + 1.0) * calls.takes)))
        },
    },
    Theory {
        of: "failed",
        formula: "lambda f^R (T - R d)",
        assumes: ROOMY,
        value: |scenario| {
            let (load, calls) = Calls::of(scenario)?;
            Some(libm::pow(calls.fails, calls.attempts) * load.come(calls.attempts * calls.takes))
        },
    },
];

/// What theory says of `shedding`.
pub(super) const OF_SHEDDING: &[Theory] = &[Theory {
    of: "offered",
    formula: "lambda T",
    assumes: POISSON,
    value: |scenario| Some(Load::of_shedding(scenario)?.come(0.0)),
}];

/// The requests that come.
struct Load {
    /// In a second.
    rate: f64,
    /// Seconds.
    lasts: f64,
}

impl Load {
    fn of_retry(scenario: &Scenario) -> Option<Load> {
        let Retry { arrival, arrivals, .. } = scenario.params.read().ok()?;
        Load::of(scenario, arrival, arrivals)
    }

    fn of_shedding(scenario: &Scenario) -> Option<Load> {
        let Shedding { arrival, arrivals, .. } = scenario.params.read().ok()?;
        Load::of(scenario, arrival, arrivals)
    }

    fn of(scenario: &Scenario, rate: f64, arrivals: Arrivals) -> Option<Load> {
        let is_true = scenario.clocks.first().is_none_or(|clock| clock.drift_ppb == 0);
        let is_plain = arrivals == Arrivals::Poisson && scenario.faults.is_empty() && scenario.forced.is_empty();
        let lasts = scenario.until.ns() as f64 / 1e9;
        (is_plain && is_true).then_some(Load { rate, lasts })
    }

    /// How many come so early that this many seconds are left after them.
    fn come(&self, left: f64) -> f64 {
        self.rate * (self.lasts - left).max(0.0)
    }
}

/// The calls for one request.
struct Calls {
    attempts: f64,
    fails: f64,
    /// Seconds from a call to its answer.
    takes: f64,
}

impl Calls {
    fn of(scenario: &Scenario) -> Option<(Load, Calls)> {
        let load = Load::of_retry(scenario)?;
        let Retry { attempts, timeout, backoff, budget, fail, service, workers, .. } = scenario.params.read().ok()?;
        let [client, server] = [NodeId::new(0), NodeId::new(1)];
        let (there, back) = (scenario.network.link(client, server), scenario.network.link(server, client));
        let is_calm =
            [there, back].iter().all(|link| link.loss.get() + link.duplicate.get() + link.corrupt.get() == 0.0);
        let takes = constant(&there.delay)? + constant(&service)? + constant(&back.delay)?;
        let is_prompt = timeout.is_none_or(|timeout| takes < timeout);
        let is_at_once = backoff == Backoff::None && budget.is_none() && workers.is_none();
        let is_true = scenario.clocks.iter().all(|clock| clock.drift_ppb == 0);
        let holds = scenario.names.count() == 2 && is_calm && is_prompt && is_at_once && is_true;
        let calls = Calls { attempts: f64::from(attempts), fails: fail.get(), takes: takes.ns() as f64 / 1e9 };
        holds.then_some((load, calls))
    }

    /// The sum over the attempts that may be made, counted from nothing.
    fn sum(&self, of: impl Fn(f64) -> f64) -> f64 {
        (0..self.attempts as u32).map(|k| of(f64::from(k))).sum()
    }
}

fn constant(distribution: &Distribution) -> Option<Span> {
    match *distribution {
        Distribution::Constant(span) => Some(span),
        _ => None,
    }
}
