//! What the closed forms of this problem share: under which circumstances they hold, and the sum of
//! two delays.

use crate::process::NodeId;
use crate::scenario::Scenario;
use crate::time::{Distribution, Span};

/// Whether nothing goes wrong: no faults, nothing forced, nothing lost or damaged.
pub(super) fn is_calm(scenario: &Scenario) -> bool {
    let exceptions = scenario.network.exceptions.iter().map(|(.., link)| link);
    let all = exceptions.chain([&scenario.network.default]);
    let is_sound = all.into_iter().all(|link| link.loss.get() == 0.0 && link.corrupt.get() == 0.0);
    is_sound && is_undisturbed(scenario)
}

/// Whether there are no faults and nothing is forced; the network may lose what it likes.
pub(super) fn is_undisturbed(scenario: &Scenario) -> bool {
    scenario.faults.is_empty() && scenario.forced.is_empty()
}

/// The longest that a message takes, on any link; of an unbounded delay, what one in a thousand
/// exceeds.
pub(super) fn longest_delay(scenario: &Scenario) -> Span {
    let exceptions = scenario.network.exceptions.iter().map(|(.., link)| link);
    let all = exceptions.chain([&scenario.network.default]);
    all.map(|link| link.delay.ends()[1]).max().unwrap_or(Span::ZERO)
}

/// The least and the most that clocks are ahead by at the start, as for [`longest_delay`].
pub(super) fn offsets(scenario: &Scenario) -> [Span; 2] {
    let ends = || scenario.clocks.iter().map(|clock| clock.offset.ends());
    [ends().map(|[least, _]| least).min(), ends().map(|[_, most]| most).max()].map(Option::unwrap_or_default)
}

/// Whether all links are alike.
pub(super) fn is_even(scenario: &Scenario) -> bool {
    scenario.network.exceptions.is_empty()
}

/// Whether no oscillator drifts.
pub(super) fn is_steady(scenario: &Scenario) -> bool {
    scenario.clocks.iter().all(|clock| clock.drift_ppb == 0)
}

/// The delay from one node to another, if it is always the same.
pub(super) fn constant_delay(scenario: &Scenario, from: NodeId, to: NodeId) -> Option<Span> {
    match scenario.network.link(from, to).delay {
        Distribution::Constant(delay) => Some(delay),
        _ => None,
    }
}

/// The chance that two delays sum to at most `most`, for delays that are constant or uniform.
pub(super) fn chance_within(there: Distribution, back: Distribution, most: Span) -> Option<f64> {
    let range = |delay| match delay {
        Distribution::Constant(delay) => Some((delay, 0.0)),
        Distribution::Uniform { min, max } => Some((min, (max - min).ns() as f64)),
        _ => None,
    };
    let ((least, first), (other, second)) = (range(there)?, range(back)?);
    let beyond = (most - least - other).ns() as f64;
    let positive = |x: f64| if x > 0.0 { x } else { 0.0 };
    let square = |x: f64| positive(x) * positive(x);
    Some(match (first > 0.0, second > 0.0) {
        (false, false) => f64::from(u8::from(beyond >= 0.0)),
        (true, true) => {
            let corners = square(beyond) - square(beyond - first) - square(beyond - second);
            (corners + square(beyond - first - second)) / (2.0 * first * second)
        }
        _ => (beyond / first.max(second)).clamp(0.0, 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_uniform_delays_sum_to_a_triangle() {
        let uniform = |min, max| Distribution::Uniform { min: Span::from_ms(min), max: Span::from_ms(max) };
        let constant = |ms| Distribution::Constant(Span::from_ms(ms));
        for (there, back, most, chance) in [
            (uniform(0, 10), uniform(0, 10), 10, 0.5),
            (uniform(0, 10), uniform(0, 10), 5, 0.125),
            (uniform(0, 10), uniform(0, 10), 20, 1.0),
            (uniform(5, 15), uniform(5, 15), 9, 0.0),
            (uniform(0, 10), uniform(0, 5), 15, 1.0),
            (uniform(0, 10), uniform(0, 5), 5, 0.25),
            (constant(5), uniform(0, 10), 9, 0.4),
            (constant(5), constant(5), 10, 1.0),
            (constant(5), constant(5), 9, 0.0),
        ] {
            let found = chance_within(there, back, Span::from_ms(most)).unwrap();
            assert!((found - chance).abs() < 1e-9, "{there:?} and {back:?} within {most} ms: {found}");
        }
    }
}
