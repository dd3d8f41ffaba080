//! Hybrid logical clocks: Lamport's order in stamps that stay near the wall clock.
//!
//! Sandeep Kulkarni, Murat Demirbas, Deepak Madappa, Bharadwaj Avva, Marcelo Leone, "Logical
//! physical clocks and consistent snapshots in globally distributed databases", 2014.
//!
//! The problem: to stamp events so that whatever happened before has the lesser stamp (the clock
//! condition), and so that a stamp still tells what time it was.
//!
//! The algorithm. A stamp is a pair (l, c), compared by l and then by c: l is the latest physical
//! time that the event can know of, c counts the events that share it. (1) At a send or a local
//! event, l becomes the greater of the last l and the physical clock; c is one more than before if
//! l stayed, else 0. (2) At a receipt, l becomes the greatest of the last l, the message's and the
//! clock; c becomes one more than the greatest c among those of the two that have this l, or 0 if
//! neither has it.
//!
//! What follows, if no two clocks are ever more than ε apart: l is never behind the node's clock
//! and never more than ε ahead of it; and c is at most N(ε+1), ε in ticks, if each of the N nodes'
//! clocks ticks between any two of its events.
//!
//! Assumes the bound ε, and that memory lasts and clocks never step back. Departures: before its
//! first event a clock has no l at all, where the paper begins at 0, so that readings may be
//! negative.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/order-that-tells-the-time.toml`.

mod judge;

use crate::check::Run;
use crate::check::chart::Chart;
use crate::problems::prelude::*;
use crate::scenario::ClockSpec;
use crate::time::Time;

use super::chart;
use super::judge::{Bounded, Promise};
use super::ordering::{self, Stamper, Workload};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "hybrid",
    title: "Hybrid logical clocks",
    summary: "A stamp is the latest physical time that its event can know of, and a counter of the events that share it.",
    paper: "Kulkarni, Demirbas, Madappa, Avva, Leone, \"Logical physical clocks and consistent snapshots in globally \
            distributed databases\", 2014",
    params: schema::of::<Params>,
    properties: judge::PROPERTIES,
    measures: judge::MEASURES,
    theory: THEORY,
    chart: Some(clocks),
    prepare,
    edges: &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""],
    longer: &[Longer::doubling("params.events", 30, "").within(super::FOUR_OFFSETS)],
    ..ordering::COMMON
};

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Params {
    /// How many events of its own, local or sends, each node begins.
    #[schemars(range(min = 1, max = 999))]
    events: u32,
    /// The mean time on a node's clock from one of its own events to the next; the gaps are
    /// exponential.
    #[serde(with = "Positive")]
    gap: Span,
    /// What the physical clock counts in: a stamp's l is a number of ticks.
    #[serde(with = "Positive")]
    tick: Span,
    /// How far apart any two clocks are said to be at most. Nothing in the protocol makes it true.
    #[serde(with = "FromZero")]
    epsilon: Span,
}

impl Default for Params {
    fn default() -> Params {
        let Workload { events, gap } = Workload::default();
        Params { events, gap, tick: Span::from_ms(1), epsilon: Span::from_ms(10) }
    }
}

impl Params {
    /// The most ticks that two clocks within `epsilon` can show at once.
    fn epsilon_in_ticks(&self) -> i64 {
        let (epsilon, tick) = (self.epsilon.ns(), self.tick.ns());
        epsilon / tick + i64::from(epsilon % tick > 0)
    }

    fn of(run: &Run<'_>) -> Params {
        // The scenario was accepted, so its parameters can be read.
        run.scenario.params.read().unwrap_or_default()
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    ordering::prepare_with(scenario, |Params { events, gap, tick, .. }| {
        (Workload { events, gap }, move |_, _| Ticking { clock: HybridClock::default(), tick })
    })
}

const THEORY: &[Theory] = &[
    Theory {
        of: "clock-condition",
        formula: "0: what happened before has the lesser stamp, always",
        assumes: "No node crashes: memory lasts.",
        value: ordering::never,
    },
    Theory {
        of: "near-physical-time",
        formula: "0: l is at least the node's clock and at most epsilon ahead of it",
        assumes: APART,
        value: never_apart,
    },
    Theory {
        of: "bounded-counter",
        formula: "0: a counter is at most N(epsilon + 1) if clocks tick between events",
        assumes: APART,
        value: never_apart,
    },
];

const APART: &str = "Offsets are constant and at most epsilon apart, clocks do not drift, and no node crashes.";

/// No violation, where clocks are as near to each other as epsilon says.
fn never_apart(scenario: &Scenario) -> Option<f64> {
    let params: Params = scenario.params.read().ok()?;
    let offset = |clock: &ClockSpec| match clock.offset {
        Distribution::Constant(offset) => Some(offset),
        _ => None,
    };
    let offsets = scenario.clocks.iter().map(offset).collect::<Option<Vec<Span>>>()?;
    let apart = offsets.iter().copied().max()? - offsets.iter().copied().min()?;
    let is_kept = theory::is_steady(scenario) && apart <= params.epsilon;
    if is_kept { ordering::never(scenario) } else { None }
}

/// The clocks with the bound that they are said to keep.
fn clocks(run: &Run<'_>) -> Chart {
    let nodes: Vec<NodeId> = NodeId::first(run.trace.names.count()).collect();
    let (from, to) = (Time::ZERO, run.trace.ended_at);
    let at_first = Params::of(run).epsilon;
    let promise = Promise { of: Bounded::Skew(nodes.clone()), from, to, at_first, growth_ppb: 0 };
    chart::chart(run, None, nodes.into_iter().map(|node| (node, Some(from))), &[promise], "epsilon")
}

/// (l, c): compared by l and then by c.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Stamp {
    /// The latest physical time that the event can know of.
    pub(super) l: i64,
    /// How many events before it share this l.
    pub(super) c: u32,
}

/// The hybrid clock of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HybridClock(Option<Stamp>);

impl HybridClock {
    /// A clock that has come to `stamp`.
    pub(super) const fn after(stamp: Stamp) -> HybridClock {
        HybridClock(Some(stamp))
    }

    /// The stamp of a send or a local event when the physical clock shows `physical`.
    pub(super) fn tick(&mut self, physical: i64) -> Stamp {
        self.advance(physical, None)
    }

    /// The stamp of the receipt of a message stamped `received` when the physical clock shows
    /// `physical`.
    pub(super) fn receive(&mut self, physical: i64, received: Stamp) -> Stamp {
        self.advance(physical, Some(received))
    }

    /// Step 1, and step 2 where a message is received, whose stamp is one more that is known.
    fn advance(&mut self, physical: i64, received: Option<Stamp>) -> Stamp {
        let known = [self.0, received].into_iter().flatten();
        // The greatest stamp that is known has the greatest l, and among those that share it the
        // greatest c.
        let stamp = match known.max() {
            Some(latest) if latest.l >= physical => Stamp { l: latest.l, c: latest.c.saturating_add(1) },
            _ => Stamp { l: physical, c: 0 },
        };
        self.0 = Some(stamp);
        stamp
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.l, self.c)
    }
}

/// A hybrid clock over a physical one that counts in ticks.
#[derive(Clone)]
struct Ticking {
    clock: HybridClock,
    tick: Span,
}

/// A reading in whole ticks, rounded down.
const fn in_ticks(reading: Reading, tick: Span) -> i64 {
    reading.ns().div_euclid(tick.ns())
}

impl Stamper for Ticking {
    type Stamp = Stamp;

    fn tick(&mut self, now: impl FnOnce() -> Reading) -> Stamp {
        self.clock.tick(in_ticks(now(), self.tick))
    }

    fn receive(&mut self, now: impl FnOnce() -> Reading, received: &Stamp) -> Stamp {
        self.clock.receive(in_ticks(now(), self.tick), *received)
    }

    fn numbers(stamp: &Stamp) -> Vec<i64> {
        vec![stamp.l, i64::from(stamp.c)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn stamp(l: i64, c: u32) -> Stamp {
        Stamp { l, c }
    }

    #[test]
    fn the_rules_of_sending() {
        for (last, physical, expect) in [
            (None, 10, stamp(10, 0)),
            (Some(stamp(10, 0)), 10, stamp(10, 1)),
            (Some(stamp(10, 7)), 9, stamp(10, 8)),
            (Some(stamp(10, 7)), 11, stamp(11, 0)),
            (None, -5, stamp(-5, 0)),
        ] {
            assert_eq!(HybridClock(last).tick(physical), expect, "{last:?} at {physical}");
        }
    }

    #[test]
    fn the_rules_of_receiving() {
        for (last, received, physical, expect) in [
            // l = l' = l.m: one more than the greater c.
            (stamp(10, 3), stamp(10, 5), 10, stamp(10, 6)),
            (stamp(10, 5), stamp(10, 3), 2, stamp(10, 6)),
            // l = l' only, l = l.m only.
            (stamp(10, 3), stamp(9, 8), 10, stamp(10, 4)),
            (stamp(9, 8), stamp(10, 3), 10, stamp(10, 4)),
            // The clock is ahead of both.
            (stamp(10, 3), stamp(10, 5), 11, stamp(11, 0)),
        ] {
            assert_eq!(HybridClock::after(last).receive(physical, received), expect, "{last} got {received}");
        }
    }

    #[test]
    fn the_bound_of_the_counter() {
        for (nodes, epsilon, bound) in [(3, 2, 9), (5, 10, 55), (10, 1, 20)] {
            assert_eq!(judge::most_counted(nodes, epsilon), bound);
        }
    }
}
