//! Exactly-once delivery: a shop's customers order, and each order must be charged exactly once.
//!
//! Exactly-once *delivery* over a link that loses messages is impossible: whoever sends again may send twice, and
//! whoever does not may not send at all (see the two generals). Exactly-once *effects* are possible, if the receiver
//! knows what it has done and that knowledge is kept together with the deed. Each protocol here keeps a part of that.
//!
//! This file is the ground that the protocols share. Orders are numbered from 1; the number is the idempotency key and
//! never changes. A shop that loses its books with its disk begins again at the first customer, who places the same
//! order again. A protocol speaks in the trace by outputs and notes whose value is the order's number:
//!
//! - output `ordered`: a customer ordered, and the order is in the books; from here on it must be charged;
//! - output `asked`: the same, where the order is not in the books yet;
//! - output `charged`: the effect at the outside sink, the card company. Nothing can take it back. What counts as once
//!   or twice is counted here, never at a table of what was done;
//! - notes that stand right before the message that they speak of, which is how `guilt` finds it (a test holds every
//!   protocol to it): `sent` (the order leaves towards who charges it), `acknowledging` and `committing` (the answer
//!   leaves);
//! - notes that answer a delivery: `received`, `acknowledged`, `ignored` (taken for a duplicate);
//! - notes of inner steps: `processed` (the work was done, the charge follows or is part of it), `recorded`,
//!   `forgotten`, `gave-up` and others that a protocol's file lists.
//!
//! The properties and the measures read only these; `account` adds them up, order by order, in a table that must
//! agree in all columns, and `guilt` finds the event that is to blame for a row that does not.

mod account;
pub mod at_least_once;
pub mod at_most_once;
pub mod barriers;
pub mod consumer_offsets;
pub mod dedup;
mod desk;
pub mod dual_write;
mod guilt;
pub mod idempotent_producer;
mod numbers;
pub mod outbox;
mod properties;
mod shop;
pub mod snapshot;
mod table;
mod tally;
mod theory;
pub mod transaction;

use crate::scenario::{Complaint, Scenario};

use super::{Layout, Problem};

/// The problem and its protocols, in teaching order.
pub const PROBLEM: Problem = Problem {
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
    layout: |protocol| if protocol == "transaction" { Layout::Split } else { Layout::Row },
};

fn node_names(count: usize) -> Vec<String> {
    let first: &[&str] = if count <= 2 { &["shop", "ledger"] } else { &["shop", "broker", "ledger", "spare"] };
    let beyond = (first.len()..count).map(|index| format!("node-{}", index + 1));
    first.iter().take(count).map(|&name| name.to_owned()).chain(beyond).collect()
}

/// Holds the scenario's nodes against a protocol's roles, which are told by their place in the list.
fn cast(protocol: &str, roles: &[&str], scenario: &Scenario) -> Option<Complaint> {
    let (wanted, found) = (roles.len(), scenario.names.count());
    (wanted != found).then(|| {
        let message = format!("`{protocol}` takes {wanted} nodes, and the scenario has {found}");
        scenario.complain_of_nodes(message, format!("in this order: {}", roles.join(", ")))
    })
}

/// A protocol's parameters, unless the scenario has too few or too many nodes for its roles.
fn read<T>(protocol: &str, roles: &[&str], scenario: &Scenario) -> Result<T, Vec<Complaint>>
where
    T: serde::de::DeserializeOwned + schemars::JsonSchema + 'static,
{
    match (scenario.params.read(), cast(protocol, roles, scenario)) {
        (Ok(params), None) => Ok(params),
        (params, miscast) => Err(miscast.into_iter().chain(params.err().unwrap_or_default()).collect()),
    }
}

#[cfg(test)]
mod tests;
