//! Closed forms of barriers: how much is done again after a crash.

use crate::problems::Theory;
use crate::problems::exactly_once::theory::disks_keep;
use crate::scenario::{CrashWhen, DiskFate, Fault, Scenario};
use crate::time::{Distribution, Span, Time};

use super::{Cast, Params, When};

const ASSUMES: &str = "orders come at random (`gap` is exponential); every message takes equally long, d, and none is \
                       lost; `first` is uniform from 0 to `interval`; the operator crashes once, no sooner than interval \
                       + 2d, for d or longer, before the orders run out; `every` is longer than a checkpoint takes, 4d";

pub(super) const THEORY: &[Theory] = &[
    Theory {
        of: "reprocessed",
        formula: "rate × interval / 2, with rate = sources/gap",
        assumes: ASSUMES,
        value: |scenario| again(scenario).map(|(_, again)| again),
    },
    Theory {
        of: "duplicates",
        formula: "immediate sink: rate × interval / 2; transactional: 0",
        assumes: ASSUMES,
        value: |scenario| again(scenario).map(|(sink, again)| if sink == When::Immediate { again } else { 0.0 }),
    },
    Theory {
        of: "exact-state",
        formula: "aligned: 0",
        assumes: "barriers are aligned; whatever fails as long as disks keep what is written",
        value: |scenario| {
            let params: Params = scenario.params.read().ok()?;
            (params.aligned && disks_keep(scenario)).then_some(0.0)
        },
    },
];

/// How many orders are processed again on average, and when the sink charges.
///
/// The operator crashes at T. The last checkpoint whose barriers it has passed on, at t + 2d, is
/// completed without it; its sources had sent what came until t + d. What came from then to T - d
/// has been processed since: for a time that is uniform from 0 to the interval, as T - t - 2d is.
fn again(scenario: &Scenario) -> Option<(When, f64)> {
    let params: Params = scenario.params.read().ok()?;
    let link = &scenario.network.default;
    let calm = scenario.forced.is_empty() && scenario.network.exceptions.is_empty();
    let losses = link.loss.get() + link.duplicate.get() + link.corrupt.get();
    let &Distribution::Constant(delay) = &link.delay else { return None };
    let &Distribution::Exponential { mean, min: Span::ZERO } = &params.gap else { return None };
    let is_true = scenario.clocks.iter().all(|clock| clock.drift_ppb == 0);
    let evenly = params.first == Some(Distribution::Uniform { min: Span::ZERO, max: params.interval });
    let cast = Cast { nodes: scenario.names.count() };
    let crash = match &scenario.faults[..] {
        [Fault::Crash { node, when: CrashWhen::At(at), down: Some(down), disk: DiskFate::Kept }]
            if *node == cast.operator() =>
        {
            (*down >= delay).then_some(*at)?
        }
        _ => return None,
    };
    let rate = cast.sources().count() as f64 / mean.ns() as f64;
    let late = crash >= Time::ZERO + params.interval + delay + delay;
    let prompt = params.every.ns() > 4 * delay.ns();
    // Ten standard deviations more orders than are expected.
    let expected = rate * crash.since(Time::ZERO).ns() as f64;
    let enough = f64::from(params.orders) > expected + 10.0 * expected.sqrt();
    let holds = calm && is_true && losses == 0.0 && evenly && late && prompt && enough;
    holds.then_some((params.sink, rate * params.interval.ns() as f64 / 2.0))
}
