//! The Byzantine generals: a commander sends an order to the lieutenants, and some generals are
//! traitors.
//!
//! Leslie Lamport, Robert Shostak, Marshall Pease, "The Byzantine Generals Problem", ACM TOPLAS
//! 4(3), 1982. A protocol solves the problem if it keeps two conditions whatever the traitors do:
//!
//! - **IC1**: all loyal lieutenants obey the same order (`agreement`);
//! - **IC2**: if the commander is loyal, every loyal lieutenant obeys the order that he sends
//!   (`validity`).
//!
//! This file holds what the protocols share: the orders. The commander is the scenario's first
//! node. What they are judged by is in `judge`, how traitors lie in [`lies`]; parameters, rounds
//! and paths are in `rounds`. Every general tells its user a `decision`. A lieutenant also notes
//! `votes`, the number of values that it decided from, with the values in words, and `rounds`, how
//! many rounds it closed.

mod chain;
mod judge;
pub mod lies;
pub mod oral;
mod rounds;
pub mod signed;

use super::names::{self, PEOPLE};
use super::prelude::*;
pub use judge::PROPERTIES;

/// The problem and its protocols, in teaching order.
pub static PROBLEM: Problem = Problem {
    name: "byzantine-generals",
    title: "The Byzantine generals",
    summary: "Can loyal generals agree on an order while traitors among them say different things to different people?",
    node_names,
    protocols: &[&oral::ENTRY, &signed::ENTRY],
};

/// The first of the scenario's nodes gives the order.
pub const COMMANDER: NodeId = NodeId::new(0);

fn node_names(count: usize) -> Vec<String> {
    names::cast(count, ["commander"].iter().chain(&PEOPLE), |place| format!("general-{place}"))
}

/// What the problem's protocols have in common.
const COMMON: Entry = Entry {
    params: schema::of::<rounds::Params>,
    outputs: &[DECISION],
    decisions: &[DECISION],
    properties: PROPERTIES,
    roles: |node, _| if node == COMMANDER { Role::Commander } else { Role::Lieutenant },
    ..Entry::BLANK
};

const LIARS: &str = "[[fault]]\ntraitor = { count = 3, lie = \"random\" }";

/// Two generals forget all again and again, and begin anew.
const RESTARTS: &str = "nodes = 7\n[[fault]]\ncrash = { node = \"alice\", rate = 20.0, for = \"1ms\" }\n\
     [[fault]]\ncrash = { node = \"bob\", rate = 20.0, for = \"1ms\" }";

/// What a commander orders and a general does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Stay away.
    Retreat,
    /// Go ahead.
    Attack,
}

impl Order {
    /// Both orders, in the order in which a general speaks of them.
    pub const BOTH: [Order; 2] = [Order::Attack, Order::Retreat];

    /// The other order.
    pub const fn other(self) -> Order {
        match self {
            Order::Retreat => Order::Attack,
            Order::Attack => Order::Retreat,
        }
    }

    fn of_value(value: Value) -> Option<Order> {
        Order::BOTH.into_iter().find(|order| value == Value::Word(order.word()))
    }
}

output_words!(pub Order {
    Retreat => "retreat";
    Attack => "attack";
});

/// Scenarios for the tests of this folder.
#[cfg(test)]
mod testing {
    use super::PROBLEM;
    use crate::problems::Bound;
    use crate::scenario::{Fault, Lie, Params, Scenario, Traitors};

    /// A table that only the protocol reads.
    pub(super) fn table(text: &str) -> Params {
        Params::new(&toml::de::DeTable::parse(Box::leak(text.to_owned().into_boxed_str())).unwrap())
    }

    /// Generals of whom some lie: by name, with the lie and its arguments.
    pub(super) fn generals(protocol: &str, nodes: usize, params: &str, traitors: &[(&str, &str, &str)]) -> Bound {
        let names = (PROBLEM.node_names)(nodes);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut scenario = Scenario::bare(PROBLEM.name, protocol, &names, params);
        for (node, lie, arguments) in traitors {
            let who = Traitors::These(scenario.names.find(node).into_iter().collect());
            let lie = Lie { name: (*lie).to_owned(), span: 0..0, arguments: table(arguments).among(&scenario.names) };
            scenario.faults.push(Fault::Traitor { who, lie });
        }
        Bound::of(&scenario)
    }

    /// What each loyal lieutenant said of its votes, with its decision.
    pub(super) fn reasons(scenario: &Bound) -> Vec<String> {
        let trace = crate::report::run(scenario, crate::report::Claims::Always).unwrap().trace;
        let loyal = trace.notes("votes").filter(|&(_, node, _)| !trace.is_traitor(node));
        loyal
            .map(|(event, node, _)| format!("{} {}", trace.names.of(node), trace.words.of(event.id).unwrap()))
            .collect()
    }
}
