//! Closed forms of consumer offsets.

use crate::problems::Theory;
use crate::problems::exactly_once::LEDGER;
use crate::problems::exactly_once::properties::CHARGES;
use crate::problems::exactly_once::theory::{Links, any, crash_at, shortest};
use crate::scenario::{CrashWhen, DiskFate, Fault, Scenario};
use crate::time::{Distribution, Span};

use super::{BROKER, Offsets, When};

const ASSUMES: &str = "no fault but that the ledger crashes between the two steps, at `charged` where it commits after, \
                       at `committed` where before: with probability k, or at its jth passing in one batch, once; batch = \
                       B, of which all but the last are full: B = 1, or all orders are there at the start (gap = 0)";

pub(super) const THEORY: &[Theory] = &[
    Theory {
        of: "no-loss",
        formula: "commit before: 1 - (1-k)^batches; after: 0",
        assumes: ASSUMES,
        value: |scenario| {
            Crashes::of(scenario).map(|crashes| crashes.before(|crashes| any(crashes.k, crashes.batches())))
        },
    },
    Theory {
        of: "losses",
        formula: "commit before: k orders; after: 0",
        assumes: ASSUMES,
        value: |scenario| Crashes::of(scenario).map(|crashes| crashes.before(|crashes| crashes.k * crashes.orders)),
    },
    Theory {
        of: "no-duplicate",
        formula: "commit before: 0; after: 1 - (1-k)^orders",
        assumes: ASSUMES,
        value: |scenario| Crashes::of(scenario).map(|crashes| crashes.after(|crashes| any(crashes.k, crashes.orders))),
    },
    Theory {
        of: CHARGES,
        formula: "commit before: (1-k) orders; after: ((1-k)^-B - 1)/k for a batch of B, orders/(1-k) for B = 1",
        assumes: ASSUMES,
        value: |scenario| {
            let crashes = Crashes::of(scenario)?;
            let (full, rest) = ((crashes.orders / crashes.batch).floor(), crashes.orders % crashes.batch);
            let again = full * crashes.charges(crashes.batch) + crashes.charges(rest);
            Some(if crashes.when == When::After { again } else { (1.0 - crashes.k) * crashes.orders })
        },
    },
    Theory {
        of: "reprocessed",
        formula: "commit after: j, the place in its batch of the charge at which the one crash comes: (B+1)/2 where it is \
                  any of them",
        assumes: ASSUMES,
        value: done_again,
    },
];

/// The two steps, charge and commit, and the chance k of a crash between them.
#[derive(Clone, Copy, Debug)]
struct Crashes {
    when: When,
    k: f64,
    orders: f64,
    batch: f64,
}

impl Crashes {
    fn of(scenario: &Scenario) -> Option<Crashes> {
        let params = full_batches(scenario)?;
        let point = if params.commit == When::After { "charged" } else { "committed" };
        let k = crash_at(scenario, LEDGER, point)?;
        // What is charged before the commit, and never gets beyond it, is charged for ever.
        (params.commit == When::Before || k < 1.0).then_some(())?;
        // Losses only delay: every question is asked until it is answered, and a commit never goes
        // back.
        Links::but_for_faults(scenario).filter(Links::come_through)?;
        Some(Crashes { when: params.commit, k, orders: f64::from(params.orders), batch: f64::from(params.batch) })
    }

    fn before(&self, value: impl FnOnce(&Crashes) -> f64) -> f64 {
        if self.when == When::Before { value(self) } else { 0.0 }
    }

    fn after(&self, value: impl FnOnce(&Crashes) -> f64) -> f64 {
        if self.when == When::After { value(self) } else { 0.0 }
    }

    fn batches(&self) -> f64 {
        (self.orders / self.batch).ceil()
    }

    /// The mean number of charges until so many in a row are not interrupted.
    fn charges(&self, batch: f64) -> f64 {
        if self.k == 0.0 { batch } else { (libm::pow(1.0 - self.k, -batch) - 1.0) / self.k }
    }
}

/// The parameters, where all batches but the last are full: they hold one order, or all orders are
/// there at once.
fn full_batches(scenario: &Scenario) -> Option<Offsets> {
    let params: Offsets = scenario.params.read().ok()?;
    let at_once = params.gap == Distribution::Constant(Span::ZERO)
        && shortest(&scenario.network.link(LEDGER, BROKER).delay) > Span::ZERO;
    (params.batch == 1 || at_once).then_some(params)
}

fn done_again(scenario: &Scenario) -> Option<f64> {
    let params = full_batches(scenario)?;
    Links::but_for_faults(scenario).filter(Links::come_through)?;
    let (CrashWhen::Point { point, nth }, Some(_)) = (match &scenario.faults[..] {
        [Fault::Crash { node: LEDGER, when, down, disk: DiskFate::Kept }] => (when, down),
        _ => return None,
    }) else {
        return None;
    };
    let is_between = params.commit == When::After && point == "charged" && *nth <= params.orders;
    is_between.then(|| f64::from((nth - 1) % params.batch + 1))
}
