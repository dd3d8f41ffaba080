//! Closed forms of a receiver with a table: what happens to one order.

use crate::problems::exactly_once::roles::EffectAndRecord;
use crate::problems::exactly_once::theory::{Links, lasts};
use crate::problems::exactly_once::{LEDGER, SHOP};
use crate::process::MessageId;
use crate::scenario::{Choice, CrashWhen, Decision, DiskFate, Distribution, Fate, Fault, Forced, Scenario};
use crate::time::Span;

use super::Params;

/// What a ledger with a table does to one order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deduped {
    /// The mean number of charges.
    pub(super) effects: f64,
    /// The chance of two or more.
    pub(super) twice: f64,
    /// The chance of none.
    pub(super) lost: f64,
    /// Whether orders share their fate.
    pub(super) shared: bool,
}

/// What happens to an order in a scenario with at most one fault, as the protocol's closed forms
/// assume.
pub(super) fn of(scenario: &Scenario, params: &Params) -> Option<Deduped> {
    let links = Links::but_for_faults(scenario).filter(Links::come_through)?;
    let &Params { every, durable, ttl, order, .. } = params;
    (params.attempts.is_none() && params.capacity.is_none()).then_some(())?;
    let once = Deduped { effects: 1.0, twice: 0.0, lost: 0.0, shared: false };
    let q = links.loss_back;
    let is_regular = || links.loss == 0.0 && links.is_constant && links.is_prompt(every);
    let crash = match &scenario.faults[..] {
        [] => None,
        [Fault::Crash { node: LEDGER, when, down: Some(down), disk: DiskFate::Kept }] => Some((when, *down)),
        _ => return None,
    };
    match (crash, ttl) {
        (None, None) => Some(once),
        (None, Some(_)) if !is_regular() => None,
        (None, Some(ttl)) if params.refreshed && links.copies_within(ttl, every) > 0 => Some(once),
        (None, Some(ttl)) => {
            // A refreshed window that is shorter than the wait for the next copy is over before it,
            // as any other is.
            let again = libm::pow(q, (links.copies_within(ttl, every) + 1) as f64);
            Some(Deduped { effects: 1.0 / (1.0 - again), twice: again, ..once })
        }
        (Some((CrashWhen::EachPoint { point, probability, item: None, until: None }, _)), None) if durable => {
            let k = probability.get();
            match (order, point.as_str()) {
                (EffectAndRecord::EffectThenRecord, "charged") if k < 1.0 => {
                    Some(Deduped { effects: 1.0 / (1.0 - k), twice: k, ..once })
                }
                (EffectAndRecord::RecordThenEffect, "recorded") => Some(Deduped { effects: 1.0 - k, lost: k, ..once }),
                // It never gets beyond the point.
                _ if k == 1.0 => None,
                _ => Some(once),
            }
        }
        (Some((&CrashWhen::Rate { per_second: rate, until: None }, Span::ZERO)), None) if is_regular() => {
            let x = if durable { 0.0 } else { 1.0 - libm::exp(-rate * lasts(every, links.rates[0]) / 1e9) };
            let twice = 1.0 - (1.0 - q) / (1.0 - q * (1.0 - x));
            Some(Deduped { effects: 1.0 + q / (1.0 - q) * x, twice, shared: true, ..once })
        }
        _ => None,
    }
}

/// The chance that a table of K rows has let the first order go when its second copy comes: that K
/// others or more came in between, P(Poisson(every/gap) >= K). The one thing that goes wrong is
/// that its acknowledgement is lost.
pub(super) fn pushed_out(scenario: &Scenario, params: &Params) -> Option<f64> {
    let &Distribution::Exponential { mean, min: Span::ZERO } = &params.gap else { return None };
    let first = MessageId::first(LEDGER, SHOP, 1);
    let by_hand =
        |forced: &Forced| forced.choice == Choice::Fate(first) && forced.decision == Decision::Fate(Fate::Lose);
    let lost = match (&scenario.forced[..], &scenario.faults[..]) {
        ([forced], []) => by_hand(forced),
        ([], [Fault::Message { message, fate: Fate::Lose }]) => *message == first,
        _ => false,
    };
    let links = Links::apart_from_what_is_forced(scenario, SHOP, LEDGER)?;
    let calm = links.loss + links.loss_back == 0.0 && links.is_constant;
    let prompt = links.is_prompt(params.every);
    let capacity = params.capacity?;
    let plain = params.ttl.is_none() && params.attempts.is_none() && params.orders > capacity;
    let expected = params.every.ns() as f64 / mean.ns() as f64;
    (lost && calm && prompt && plain).then(|| poisson_tail(expected, capacity))
}

/// The chance that a Poisson variable of this mean is `least` or more.
fn poisson_tail(mean: f64, least: u32) -> f64 {
    let mut term = libm::exp(-mean);
    let mut below = 0.0;
    for count in 1..=least {
        below += term;
        term *= mean / f64::from(count);
    }
    (1.0 - below).max(0.0)
}
