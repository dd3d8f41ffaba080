//! How a register with last write wins is judged and measured, and what theory says about it.

use crate::check::{self, Judge, Kind, Measure, Property};
use crate::problems::Theory;
use crate::process::NodeId;
use crate::scenario::Scenario;
use crate::time::{Distribution, Span, Time};
use crate::trace::Kinds;

use super::super::theory;
use super::answers::{Acknowledged, Availability};
use super::lost::{LostWrites, NoLostWrite};
use super::replicas::Convergence;
use super::{Acks, Gaps, Params, StampWith};

const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::NOTED);

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        name: "no-lost-write",
        kind: Kind::Safety,
        says: "No acknowledged write is lost to one that was acknowledged before it began.",
        needs: NEEDS.or(Kinds::CRASHED),
        judge: Judge::fold::<NoLostWrite>(),
    },
    Property {
        name: "convergence",
        kind: Kind::Liveness,
        says: "In the end all replicas hold the same write.",
        needs: NEEDS,
        judge: Judge::fold::<Convergence>(),
    },
    Property {
        name: "availability",
        kind: Kind::Liveness,
        says: "Every write is acknowledged before its user gives up.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Availability>(),
    },
];

pub(super) const MEASURES: &[Measure] = &[
    check::MESSAGES,
    Measure {
        name: "lost_writes",
        unit: "writes",
        says: "Acknowledged writes that are lost to one that was acknowledged before they began.",
        needs: NEEDS.or(Kinds::CRASHED),
        of: Judge::fold::<LostWrites>(),
        in_words: None,
    },
    Measure {
        name: "acknowledged",
        unit: "writes",
        says: "Writes that were acknowledged.",
        needs: Kinds::OUTPUT,
        of: Judge::fold::<Acknowledged>(),
        in_words: None,
    },
];

/// The two that the closed forms are of.
const WRITERS: [NodeId; 2] = [NodeId::new(0), NodeId::new(1)];

/// What the closed forms assume.
const ASSUMES: &str = "Two users write once each. Writes are acknowledged at once (`acks = \"one\"`); nothing is lost, no clock drifts, nothing else goes \
     wrong. Offsets are constants, or with a constant gap both uniform over the same range; with hybrid stamps offsets \
     and delay are constants.";

pub(super) const THEORY: &[Theory] = &[
    Theory {
        of: "no-lost-write",
        formula: "P(delta > gap); delta = how far the first clock is ahead of the second: 1 - exp(-delta/M) for an \
                  exponential gap of mean M, (2E - g)^2 / 8E^2 for offsets uniform in -E..E and a gap g < 2E; with hybrid \
                  stamps min(delta, delay) in the place of delta",
        assumes: ASSUMES,
        value: chance_of_loss,
    },
    Theory {
        of: "lost_writes",
        formula: "the chance that the second write is lost",
        assumes: ASSUMES,
        value: chance_of_loss,
    },
];

fn chance_of_loss(scenario: &Scenario) -> Option<f64> {
    let params: Params = scenario.params.read().ok()?;
    let network = &scenario.network;
    let is_calm = theory::is_calm(scenario) && theory::is_even(scenario) && params.acks == Acks::One;
    let [first, second] = WRITERS;
    if (params.writers, params.writes) != (2, 1) || scenario.names.count() <= second.index() {
        return None;
    }
    // An exponential gap is longer than twenty times its mean once in 500 million runs.
    let is_whole = Time::ZERO + params.first + params.gap.times(20) + params.patience < scenario.until;
    if !(is_calm && theory::is_steady(scenario) && is_whole) {
        return None;
    }
    let [first, second] = [first, second].map(|by| scenario.clocks[by.index()].offset);
    match (params.stamp, first, second) {
        (_, Distribution::Constant(first), Distribution::Constant(second)) => {
            let ahead = first - second;
            match (params.stamp, network.default.delay) {
                (StampWith::Physical, _) => Some(chance_of_less(&params, ahead)),
                // The news comes too late also to a gap of exactly the delay: the write was due
                // before it.
                (StampWith::Hybrid, Distribution::Constant(delay)) => {
                    Some(chance_of_less(&params, ahead.min(delay + Span::from_ns(1))))
                }
                (StampWith::Hybrid, _) => None,
            }
        }
        (StampWith::Physical, Distribution::Uniform { min, max }, second)
            if second == first && params.gaps == Gaps::Constant =>
        {
            let (range, gap) = ((max - min).ns() as f64, params.gap.ns() as f64);
            let rest = (range - gap).max(0.0);
            (range > 0.0).then(|| rest * rest / (2.0 * range * range))
        }
        _ => None,
    }
}

/// The chance that the gap is less than `span`.
fn chance_of_less(params: &Params, span: Span) -> f64 {
    match params.gaps {
        Gaps::Constant => f64::from(u8::from(params.gap < span)),
        Gaps::Exponential if span <= Span::ZERO => 0.0,
        Gaps::Exponential if params.gap == Span::ZERO => 1.0,
        Gaps::Exponential => -libm::expm1(-(span.ns() as f64) / params.gap.ns() as f64),
    }
}
