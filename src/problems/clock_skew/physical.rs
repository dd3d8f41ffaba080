//! Stamps by the wall clock: what nearly every log does, and what this problem is about.
//!
//! Leslie Lamport, "Time, clocks, and the ordering of events in a distributed system", CACM 21(7),
//! 1978, introduction.
//!
//! The problem: to tell by their stamps which of two events happened before the other (the clock
//! condition).
//!
//! The algorithm: (1) every event is stamped with what its node's clock shows.
//!
//! That is all. A message that crosses from a fast clock to a slow one faster than the difference
//! is received before it was sent, if one believes the stamps.
//!
//! Assumes that clocks agree to within less than the shortest way of a message, which no real
//! system can promise. Departures: none; it is here to be measured against `lamport`, `vector` and
//! `hybrid`.
//!
//! See `notes/problems/clock-skew.md` and
//! `scenarios/clock-skew/the-answer-before-the-question.toml`.

use super::ordering::{self, AsReadings, Stamper};
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "physical",
    title: "Stamps by the wall clock",
    summary: "Every event is stamped with what its node's clock shows.",
    paper: "Lamport, \"Time, clocks, and the ordering of events in a distributed system\", CACM 21(7), 1978",
    properties: &ordering::properties::<AsReadings>(),
    prepare: |scenario| ordering::prepare(scenario, |_, _| WallClock),
    edges: &["", "events = 1", "events = 2", "events = 30, gap = \"1ms\""],
    longer: &[Longer::doubling("params.events", 30, "").within(super::FOUR_OFFSETS)],
    ..ordering::COMMON
};

#[derive(Clone)]
struct WallClock;

impl Stamper for WallClock {
    type Stamp = Reading;

    /// Step 1.
    fn tick(&mut self, now: impl FnOnce() -> Reading) -> Reading {
        now()
    }

    fn receive(&mut self, now: impl FnOnce() -> Reading, _received: &Reading) -> Reading {
        now()
    }

    fn numbers(stamp: &Reading) -> Vec<i64> {
        vec![stamp.ns()]
    }
}
