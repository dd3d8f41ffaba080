//! Lamport's logical clock: a counter that never lags behind what it has heard of.
//!
//! Leslie Lamport, "Time, clocks, and the ordering of events in a distributed system", CACM
//! 21(7), 1978.
//!
//! The problem: to stamp events so that whatever happened before has the lesser stamp (the clock
//! condition), without any physical clock.
//!
//! The algorithm (the paper's IR1, IR2a and IR2b): (1) each process counts its clock up between any
//! two of its events; (2) a message carries the stamp of its sending; (3) its receiver sets its
//! clock greater than both its own and the message's stamp.
//!
//! The converse does not hold: of two events that know nothing of each other one may well have the
//! lesser stamp, so a lesser stamp does not tell that one event could have caused the other. For
//! this it takes `vector`.
//!
//! Assumes that memory lasts: a node that crashes begins to count from zero again, and then the
//! clock condition breaks. Messages may be lost, copied and overtake each other. Departures: the
//! paper breaks ties by an order of the processes to get a total order; the conditions judged here
//! speak of the numbers alone.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/happened-before.toml`.

use super::ordering::{self, AsNumbers, Stamper};
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "lamport",
    title: "Lamport's logical clock",
    summary: "A counter goes up at every event, and past every stamp that arrives.",
    paper: "Lamport, \"Time, clocks, and the ordering of events in a distributed system\", CACM 21(7), 1978",
    properties: &ordering::properties::<AsNumbers>(),
    theory: &[Theory {
        of: "clock-condition",
        formula: "0: what happened before has the lesser stamp, always",
        assumes: "No node crashes: memory lasts.",
        value: ordering::never,
    }],
    prepare: |scenario| ordering::prepare(scenario, |_, _| Counter::default()),
    edges: &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""],
    longer: &[Longer::doubling("params.events", 30, "").within("nodes = 4")],
    ..ordering::COMMON
};

#[derive(Clone, Default)]
struct Counter(u64);

impl Stamper for Counter {
    type Stamp = u64;

    /// Step 1.
    fn tick(&mut self, _now: impl FnOnce() -> Reading) -> u64 {
        self.0 += 1;
        self.0
    }

    /// Step 3.
    fn receive(&mut self, _now: impl FnOnce() -> Reading, received: &u64) -> u64 {
        self.0 = self.0.max(*received) + 1;
        self.0
    }

    fn numbers(stamp: &u64) -> Vec<i64> {
        vec![i64::try_from(*stamp).unwrap_or(i64::MAX)]
    }
}
