//! Overload: retries, queues, and systems that don't come back when what broke them is over.
//!
//! Nathan Bronson, Abutalib Aghayev, Aleksey Charapko, Timothy Zhu, "Metastable failures in
//! distributed systems", HotOS, 2021; Betsy Beyer and others (eds.), "Site reliability
//! engineering", 2016, chapters 21 and 22. A service that is well has a second state: too much to
//! do, all of it too late, and each answer that comes too late makes another call. What pushes it
//! there can be short; what keeps it there are its own clients. A good design keeps:
//!
//! - **recovers**: when the trigger is over, so is the trouble;
//! - **no-wasted-work**: nobody works for a caller that has given up;
//! - **slo**: 99 of 100 good requests are answered in the time that was promised.
//!
//! This file holds what the protocols share. All of them are set up from the same parts: who makes
//! calls is in `caller.rs`, who serves them in `station.rs`, and both are put together in
//! `service.rs`. How runs are judged is in `judge.rs`, `measures.rs` and `trigger.rs`, and what
//! theory says in `theory.rs`. The first of the scenario's nodes stands for all clients, the last
//! is the server, and those between are gateways.

mod arrivals;
mod caller;
mod judge;
mod measures;
mod requests;
pub mod retry;
mod service;
pub mod shedding;
mod station;
mod theory;
mod trigger;

use serde::de::DeserializeOwned;

use super::names;
use super::prelude::*;

/// The problem and its protocols, in teaching order.
pub static PROBLEM: Problem = Problem {
    name: "overload",
    title: "Overload",
    summary: "Does a service that had too much to do for a moment come back when the moment is over?",
    node_names,
    protocols: &[&retry::ENTRY, &shedding::ENTRY],
};

fn node_names(count: usize) -> Vec<String> {
    let gateways = count.saturating_sub(2);
    names::cast(count, &["client"], |place| match place {
        _ if place + 1 == count => "server".to_owned(),
        1 if gateways == 1 => "gateway".to_owned(),
        _ => format!("gateway-{place}"),
    })
}

/// What the problem's protocols have in common.
const COMMON: Entry = Entry {
    chances: &["load.gap", "load.service", "load.fail", "load.backoff"],
    outputs: &["good", "failed", "shed"],
    layout: Layout::Row,
    roles: |node, _| if node == CLIENT { Role::Client } else { Role::Server },
    ..Entry::BLANK
};

/// The node that stands for all clients: the scenario's first.
const CLIENT: NodeId = NodeId::new(0);

/// Reads a scenario, and refuses fewer than `least` and more than `most` nodes, and traitors.
fn setup<T>(least: usize, most: usize, scenario: &Scenario) -> Setup<'_, T>
where
    T: DeserializeOwned + JsonSchema + 'static,
{
    let count = scenario.names.count();
    let miscounted = (!(least..=most).contains(&count)).then(|| {
        let message = format!("`{}` takes {least} to {most} nodes, and the scenario has {count}", scenario.protocol);
        scenario.complain_of_nodes(message, "in this order: client, gateways if there are any, server")
    });
    Setup::read(scenario).refuse(miscounted).refuse_traitors(
        "no protocol of this problem has lies: here there is too much to do",
        "traitors are among the `byzantine-generals`",
    )
}

#[cfg(test)]
mod tests;
