//! Exactly-once delivery: a shop's customers order, and each order must be charged exactly once.
//!
//! Exactly-once *delivery* over a link that loses messages is impossible: a sender that repeats may
//! send twice, and one that does not may not send at all (see the two generals). Exactly-once
//! *effects* are possible, if the receiver knows what it has done, and keeps that knowledge
//! together with the effect. Each protocol here keeps a part of that.
//!
//! This file holds what the protocols share. Orders are numbered from 1; the number is the
//! idempotency key and never changes. A shop that loses its journal with its disk begins again at
//! the first customer, who places the same order again. A protocol speaks in the trace by outputs
//! and notes whose value is the order's number:
//!
//! - output `ordered`: a customer ordered, and the order is in the journal; from here on it must be
//!   charged;
//! - output `asked`: the same, where the order is not in the journal yet;
//! - output `charged`: the effect at the outside sink, the card company. Nothing can take it back.
//!   What counts as once or twice is counted here, never in a table of what was done;
//! - notes that stand right before the message that they speak of, which is how `guilt` finds it (a
//!   test holds every protocol to it): `sent` (the order leaves for the node that charges it),
//!   `acknowledging` and `committing` (the answer leaves);
//! - notes that answer a delivery: `received`, `acknowledged`, `ignored` (taken for a duplicate);
//! - notes of inner steps: `processed` (the work was done, the charge follows or is part of it),
//!   `recorded`, `forgotten`, `gave-up` and others that a protocol's file lists.
//!
//! The properties and the measures read only these; `account` adds them up, order by order, in a
//! table that must agree in all columns, and `guilt` finds the event that is to blame for a row
//! that does not.

mod account;
pub mod at_least_once;
pub mod at_most_once;
pub mod barriers;
mod client;
pub mod consumer_offsets;
pub mod dedup;
pub mod dual_write;
mod guilt;
pub mod idempotent_producer;
mod journal;
mod numbers;
pub mod outbox;
mod properties;
mod roles;
pub mod snapshot;
mod table;
mod tally;
mod theory;
pub mod transaction;
mod wording;

use serde::de::DeserializeOwned;

use super::names;
use super::prelude::*;

/// The problem and its protocols, in teaching order.
pub static PROBLEM: Problem = Problem {
    name: "exactly-once",
    title: "Exactly-once delivery",
    summary: "Can every order be charged exactly once while messages are lost and machines crash?",
    node_names,
    protocols: &[
        &at_most_once::ENTRY,
        &at_least_once::ENTRY,
        &dedup::ENTRY,
        &consumer_offsets::ENTRY,
        &dual_write::ENTRY,
        &outbox::ENTRY,
        &idempotent_producer::ENTRY,
        &transaction::ENTRY,
        &snapshot::ENTRY,
        &barriers::ENTRY,
    ],
};

/// The node that takes customers' orders, where a protocol has one: the scenario's first.
const SHOP: NodeId = NodeId::new(0);
/// The node that charges what a shop sends: the second.
const LEDGER: NodeId = NodeId::new(1);

fn node_names(count: usize) -> Vec<String> {
    let given: &[&str] = if count <= 2 { &["shop", "ledger"] } else { &["shop", "broker", "ledger", "spare"] };
    names::cast(count, given, |place| format!("node-{}", place + 1))
}

/// What most of the problem's protocols have in common.
const COMMON: Entry = Entry {
    chances: &["load.gap"],
    outputs: &["ordered", "asked", "charged"],
    tables: &["charged"],
    item: "order",
    properties: properties::OF_EFFECTS,
    measures: properties::MEASURES,
    table: Some(account::table),
    layout: Layout::Row,
    roles: |node, _| if node == SHOP { Role::Shop } else { Role::Ledger },
    ..Entry::BLANK
};

const LOSSY: &str = "nodes = 2\nuntil = \"10min\"\n[params]\ngap = \"50ms\"\n[network]\nloss = 0.1\nduplicate = 0.1";

/// Reads a scenario, and refuses more or fewer nodes than a protocol has parts for: their place
/// says which is which.
fn setup<'a, T>(parts: &[&str], scenario: &'a Scenario) -> Setup<'a, T>
where
    T: DeserializeOwned + JsonSchema + 'static,
{
    let (wanted, found) = (parts.len(), scenario.names.count());
    let miscast = (wanted != found).then(|| {
        let message = format!("`{}` takes {wanted} nodes, and the scenario has {found}", scenario.protocol);
        scenario.complain_of_nodes(message, format!("in this order: {}", parts.join(", ")))
    });
    without_lies(scenario).refuse(miscast)
}

/// Reads a scenario, and refuses traitors.
fn without_lies<T: DeserializeOwned + JsonSchema + 'static>(scenario: &Scenario) -> Setup<'_, T> {
    Setup::read(scenario).refuse_traitors(
        "no protocol of this problem has lies: here messages and memories get lost",
        "traitors are among the `byzantine-generals`",
    )
}

/// Reads a scenario of a shop and a ledger.
fn shop_and_ledger<T: DeserializeOwned + JsonSchema + 'static>(scenario: &Scenario) -> Setup<'_, T> {
    setup(&["shop", "ledger"], scenario)
}

#[cfg(test)]
mod tests;
