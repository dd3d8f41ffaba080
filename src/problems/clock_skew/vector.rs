//! Vector clocks: a counter for every node, so that stamps tell exactly what happened before what.
//!
//! Colin Fidge, "Timestamps in message-passing systems that preserve the partial ordering", 1988;
//! Friedemann Mattern, "Virtual time and global states of distributed systems", 1988. That no
//! shorter vector will do: Bernadette Charron-Bost, "Concerning the size of logical clocks in
//! distributed systems", 1991.
//!
//! The problem: to stamp events so that one stamp is less than another exactly if its event
//! happened before the other's (the strong clock condition).
//!
//! The algorithm: (1) a node counts its own entry up at each of its events; (2) a message carries
//! the whole vector; (3) its receiver first takes the greater of each two entries.
//!
//! One stamp is less than another if no entry is greater and they are not equal; if neither is
//! less, neither event happened before the other: they are concurrent.
//!
//! Assumes that memory lasts, and that all nodes are known: a stamp holds a number for each.
//! Departures: none.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/nobody-came-first.toml`.

use super::ordering::{self, AsVectors, Stamper};
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "vector",
    title: "Vector clocks",
    summary: "A stamp holds a counter for every node, the latest that its event can know of.",
    paper: "Fidge, \"Timestamps in message-passing systems that preserve the partial ordering\", 1988; \
            Mattern, \"Virtual time and global states of distributed systems\", 1988",
    properties: &ordering::properties::<AsVectors>(),
    theory: &[
        Theory {
            of: "clock-condition",
            formula: "0: what happened before has the lesser stamp, always",
            assumes: "No node crashes: memory lasts.",
            value: ordering::never,
        },
        Theory {
            of: "strong-clock-condition",
            formula: "0: a stamp is less exactly if its event happened before",
            assumes: "No node crashes: memory lasts.",
            value: ordering::never,
        },
    ],
    prepare: |scenario| ordering::prepare(scenario, VectorClock::new),
    edges: &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""],
    longer: &[Longer::doubling("params.events", 30, "").within("nodes = 4")],
    ..ordering::COMMON
};

#[derive(Clone)]
struct VectorClock {
    me: usize,
    entries: Vector,
}

impl VectorClock {
    fn new(node: NodeId, nodes: usize) -> VectorClock {
        VectorClock { me: node.index(), entries: Vector(vec![0; nodes]) }
    }
}

/// A number for each node, in the scenario's order.
#[derive(Clone, PartialEq, Serialize)]
struct Vector(Vec<u64>);

impl Stamper for VectorClock {
    type Stamp = Vector;

    /// Step 1.
    fn tick(&mut self, _now: impl FnOnce() -> Reading) -> Vector {
        self.entries.0[self.me] += 1;
        self.entries.clone()
    }

    /// Step 3, and then step 1.
    fn receive(&mut self, now: impl FnOnce() -> Reading, received: &Vector) -> Vector {
        for (own, heard) in self.entries.0.iter_mut().zip(&received.0) {
            *own = (*own).max(*heard);
        }
        self.tick(now)
    }

    fn numbers(stamp: &Vector) -> Vec<i64> {
        stamp.0.iter().map(|&entry| i64::try_from(entry).unwrap_or(i64::MAX)).collect()
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
