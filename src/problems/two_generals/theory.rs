//! When the closed forms of the two generals hold, and the two figures that they are made of.
//!
//! All of them count on messages that fail independently, each with the loss of its link, and on
//! nothing else going wrong: no other fault, no choice settled by hand, and no message so slow that
//! it could miss a deadline.

use crate::scenario::{Link, Scenario};
use crate::time::{Distribution, Span, Time};

use super::{ALICE, BOB};

/// What every closed form of the problem assumes.
pub(super) const ASSUMES: &str = "Messages fail independently, each with the loss of its link; nothing else goes wrong, \
     and no message can be too slow for a deadline.";

/// The two ways of messages between the generals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    /// The chance that a message from alice to bob does not arrive intact.
    pub(super) p: f64,
    /// The chance that a message from bob to alice does not.
    pub(super) q: f64,
    /// The longest that a message from alice to bob can take.
    pub(super) there: Span,
    /// The longest that a message from bob to alice can take.
    pub(super) back: Span,
    /// The chance that a message from alice to bob which arrives does so twice.
    pub(super) twice: f64,
}

impl Ways {
    /// The ways of a scenario in which nothing but loss and damage goes wrong, whose last deadline
    /// is `last` on its general's clock, and that sends at most `messages`.
    pub(super) fn of(scenario: &Scenario, last: Span, messages: u64) -> Option<Ways> {
        let is_plain = scenario.faults.is_empty() && scenario.forced.is_empty();
        let is_steady = scenario.clocks.iter().all(|clock| clock.drift_ppb == 0);
        // A message is sent, copied, and arrives twice, and what follows is less than as much
        // again.
        let events = messages.saturating_mul(8).saturating_add(32);
        let is_whole = Time::ZERO + last <= scenario.until
            && events <= scenario.limits.events
            && messages.saturating_mul(2) <= scenario.limits.messages;
        if !(is_plain && is_steady && is_whole) {
            return None;
        }
        let (there, back) = (scenario.network.link(ALICE, BOB), scenario.network.link(BOB, ALICE));
        let (p, q, twice) = (fails(there), fails(back), there.duplicate.get());
        Some(Ways { p, q, there: longest(there)?, back: longest(back)?, twice })
    }
}

/// The chance that a message is lost, or else damaged.
fn fails(link: &Link) -> f64 {
    1.0 - (1.0 - link.loss.get()) * (1.0 - link.corrupt.get())
}

/// The longest that a message can take, where there is a bound.
fn longest(link: &Link) -> Option<Span> {
    match link.delay {
        Distribution::Constant(span) => Some(span),
        Distribution::Uniform { max, .. } => Some(max),
        Distribution::Exponential { mean, min } => (mean == min).then_some(mean),
        Distribution::LogNormal { median, sigma } => (sigma == 0.0).then_some(median),
    }
}

/// `part` of `whole`; `None` where there is no whole.
pub(super) fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
