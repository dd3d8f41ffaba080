//! Clock skew: a node knows the time only from its own clock, and no two clocks agree.
//!
//! A clock has an *offset* at the start, and its oscillator *drifts*: it runs some parts per
//! million fast or slow. The protocols of the first half bring clocks together, with bounds on what
//! remains; the others order events, or show what goes wrong where somebody relies on clocks that
//! differ.
//!
//! Nodes are called `server`, `alice`, `bob` … where a scenario gives only their count. Where a
//! protocol has a server or a master, it is the scenario's first node.
//!
//! This file holds what the protocols share. [`judge`] says how the clocks of a run are judged,
//! [`lies`] how time servers lie.

pub mod average;
pub mod berkeley;
pub mod chart;
pub mod commit_wait;
pub mod correction;
pub mod cristian;
pub mod free_running;
mod held;
pub mod hybrid;
pub mod judge;
pub mod lamport;
pub mod last_write_wins;
pub mod lease;
pub mod lies;
pub mod midpoint;
pub mod ntp;
mod ordering;
pub mod physical;
mod theory;
pub mod vector;

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::names::{self, PEOPLE};
use super::prelude::*;
use judge::Subject;

/// The problem and its protocols, in teaching order.
pub static PROBLEM: Problem = Problem {
    name: "clock-skew",
    title: "Clock skew",
    summary: "What time is it, and what came first, when every node has a clock of its own and no two agree?",
    node_names,
    protocols: &[
        &free_running::ENTRY,
        &cristian::ENTRY,
        &berkeley::ENTRY,
        &average::ENTRY,
        &midpoint::ENTRY,
        &ntp::ENTRY,
        &physical::ENTRY,
        &lamport::ENTRY,
        &vector::ENTRY,
        &hybrid::ENTRY,
        &last_write_wins::ENTRY,
        &lease::ENTRY,
        &commit_wait::ENTRY,
    ],
};

/// The first of the scenario's nodes: the server or the master, where a protocol has one.
pub const SERVER: NodeId = NodeId::new(0);

fn node_names(count: usize) -> Vec<String> {
    names::cast(count, ["server"].iter().chain(&PEOPLE), |place| format!("node-{place}"))
}

/// What protocols that synchronise clocks have in common: nodes that tell the time may lie about
/// it, and clocks are held against what the protocol promises.
struct Synchronises<S>(PhantomData<S>);

impl<S: Subject> Synchronises<S> {
    const COMMON: Entry = Entry {
        lies: lies::DOCS,
        properties: &judge::properties::<S>(),
        measures: &judge::measures::<S>(),
        chart: Some(chart::of::<S>),
        ..Entry::BLANK
    };
}

const EVERY_10S: &str = "nodes = 4\n[params]\nevery = \"10s\"\n[clock]\ndrift-ppm = 50\n[network]\nloss = 0.1";
const FOUR_OFFSETS: &str = "nodes = 4\n[clock]\noffset = { uniform = [\"-50ms\", \"50ms\"] }";

/// A word for so many things: `transaction` for one, `transactions` for others.
fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// Reads a scenario, and refuses traitors: nobody says anything that could be a lie.
fn without_lies<T: DeserializeOwned + JsonSchema + 'static>(scenario: &Scenario) -> Setup<'_, T> {
    Setup::read(scenario).refuse_traitors(
        &format!("there are no lies in `{}`", scenario.protocol),
        "in this problem only those lie who tell others the time: in `cristian`, `berkeley`, `average`, `midpoint` and \
         `ntp`",
    )
}

/// Refuses a round trip that is to be shorter than two messages.
fn check_round_trip(max_rtt: Span, min_delay: Span, scenario: &Scenario) -> Option<Complaint> {
    (max_rtt < min_delay.times(2)).then(|| {
        let message = format!("no round trip can be as short as `max-rtt` = {max_rtt}");
        let help = format!("there and back takes at least twice `min-delay` = {min_delay}");
        scenario.params.complain("max-rtt", message, help)
    })
}

/// Refuses delays whose least is more than their most.
fn check_delays(min_delay: Span, max_delay: Span, scenario: &Scenario) -> Option<Complaint> {
    (min_delay > max_delay).then(|| {
        let message = format!("`min-delay` = {min_delay} is more than `max-delay` = {max_delay}");
        scenario.params.complain("min-delay", message, "")
    })
}

/// Reads a span that need not be given and is not negative: for `#[serde(deserialize_with)]`.
fn from_zero_if_given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Span>, D::Error> {
    FromZero::deserialize(deserializer).map(Some)
}
