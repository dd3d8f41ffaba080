//! The Byzantine generals: a commander sends an order to his lieutenants, and some generals are traitors.
//!
//! Leslie Lamport, Robert Shostak, Marshall Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3), 1982. A protocol
//! solves the problem if it keeps two conditions whatever the traitors do:
//!
//! - **IC1**: all loyal lieutenants obey the same order (`agreement`);
//! - **IC2**: if the commander is loyal, every loyal lieutenant obeys the order that he sends (`validity`).
//!
//! This file is the ground that the protocols share: the orders, the properties and the measures. The commander is
//! the scenario's first node. How traitors lie is in [`lies`]; parameters, rounds and paths are in `rounds`. Every
//! general tells his user a `decision`; a lieutenant also notes `votes`, the number of values that it decided from
//! with what they are in words, and `rounds`, how many rounds it closed.

mod chain;
pub mod lies;
pub mod oral;
mod rounds;
pub mod signed;

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::{NodeId, Value};
use crate::trace::{Event, EventId, Kinds, What};

use super::{Layout, Problem};

/// The problem and its protocols, in teaching order.
pub const PROBLEM: Problem = Problem {
    name: "byzantine-generals",
    title: "The Byzantine generals",
    summary: "Can loyal generals agree on an order while traitors among them say different things to different people?",
    node_names,
    protocols: &[&oral::ENTRY, &signed::ENTRY],
    layout: |_| Layout::Ring,
};

/// The first of the scenario's nodes gives the order.
pub const COMMANDER: NodeId = NodeId::new(0);

const NAMES: [&str; 11] =
    ["commander", "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];

fn node_names(count: usize) -> Vec<String> {
    let beyond = (NAMES.len()..count).map(|index| format!("general-{index}"));
    NAMES.iter().take(count).map(|&name| name.to_owned()).chain(beyond).collect()
}

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

    /// The order's word.
    pub const fn word(self) -> &'static str {
        match self {
            Order::Retreat => "retreat",
            Order::Attack => "attack",
        }
    }

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

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The properties of every protocol of the problem.
pub const PROPERTIES: &[Property] = &[
    Property {
        name: "agreement",
        kind: Kind::Safety,
        says: "IC1: all loyal lieutenants obey the same order.",
        needs: Kinds::OUTPUT,
        judge: Judge::at_end(agreement),
    },
    Property {
        name: "validity",
        kind: Kind::Safety,
        says: "IC2: if the commander is loyal, every loyal lieutenant obeys the order that he sends.",
        needs: Kinds::OUTPUT,
        judge: Judge::at_end(validity),
    },
    Property {
        name: "termination",
        kind: Kind::Liveness,
        says: "Every loyal general that stays up decides.",
        needs: Kinds::OUTPUT.or(Kinds::CRASHED),
        judge: Judge::at_end(termination),
    },
];

/// The rounds that it took.
const ROUNDS: Measure = Measure {
    name: "rounds",
    unit: "rounds",
    says: "Rounds of messages until the last loyal lieutenant decided.",
    needs: Kinds::NOTED,
    of: Judge::at_end(|run| largest_note(run, "rounds")),
    in_words: None,
};

/// What a lieutenant has to remember.
const VALUES_PER_LIEUTENANT: Measure = Measure {
    name: "values_per_lieutenant",
    unit: "values",
    says: "Values that a loyal lieutenant decided from; the most, if they differ.",
    needs: Kinds::NOTED,
    of: Judge::at_end(|run| largest_note(run, "votes")),
    in_words: None,
};

/// What they did.
const DECIDED_ATTACK: Measure = Measure {
    name: "decided_attack",
    unit: "lieutenants",
    says: "Loyal lieutenants that attack.",
    needs: Kinds::OUTPUT,
    of: Judge::at_end(|run| {
        let attack = decisions(run).filter(|decision| decision.order == Order::Attack);
        let lieutenants: BTreeSet<NodeId> = attack.map(|decision| decision.by).collect();
        i64::try_from(lieutenants.len()).ok()
    }),
    in_words: None,
};

/// What a loyal lieutenant decided.
struct Decision {
    by: NodeId,
    order: Order,
    event: EventId,
}

/// The decisions of the loyal lieutenants, in the order in which they fell.
fn decisions<'a>(run: &Run<'a>) -> impl Iterator<Item = Decision> + use<'a> {
    let trace = run.trace;
    trace.outputs().filter(|&(_, by, _)| by != COMMANDER && !trace.is_traitor(by)).filter_map(decision)
}

fn decision((event, by, output): (&Event, NodeId, crate::process::Output)) -> Option<Decision> {
    let order = Order::of_value(output.value).filter(|_| output.name == "decision")?;
    Some(Decision { by, order, event: event.id })
}

/// IC1.
fn agreement(run: &Run<'_>) -> Verdict {
    let Some(first) = decisions(run).next() else {
        return run.holds(|| "No loyal lieutenant decided, so no two differ.".to_owned());
    };
    match decisions(run).find(|other| other.order != first.order) {
        Some(other) => {
            let because = || {
                let (one, two) = (run.name(first.by), run.name(other.by));
                let (this, that) = (tells(first.order), tells(other.order));
                let votes = [first.by, other.by].map(|by| votes_sentence(run, by)).concat();
                format!("{one} {this} and {two} {that}, though both are loyal.{votes}")
            };
            let lies = [first.by, other.by].into_iter().flat_map(|to| lies_heard(run, to));
            run.violated(because, lies.chain([first.event, other.event]))
        }
        None => run.holds(|| match decisions(run).count() {
            1 => format!("{} is the only loyal lieutenant that decided.", run.name(first.by)),
            _ => format!("All loyal lieutenants {}.", first.order),
        }),
    }
}

/// IC2.
fn validity(run: &Run<'_>) -> Verdict {
    if run.trace.is_traitor(COMMANDER) {
        return run.holds(|| "The commander is a traitor, so there is no order that must be obeyed.".to_owned());
    }
    let Some(ordered) = run.trace.outputs().filter(|&(_, by, _)| by == COMMANDER).find_map(decision) else {
        return run.holds(|| "The commander gave no order.".to_owned());
    };
    let disobeying: Vec<Decision> = decisions(run).filter(|decision| decision.order != ordered.order).collect();
    match disobeying.first() {
        None => {
            run.holds(|| format!("The commander ordered {}, and no loyal lieutenant did otherwise.", ordered.order))
        }
        Some(first) => {
            let because = || {
                let who: Vec<NodeId> = disobeying.iter().map(|decision| decision.by).collect();
                let (order, votes) = (ordered.order, votes_sentence(run, first.by));
                let act = match who[..] {
                    [only] => format!("{} {}", run.name(only), tells(first.order)),
                    _ => format!("{} {}", run.trace.names.list(&who), first.order),
                };
                format!("The commander is loyal and ordered {order}, but {act}.{votes}")
            };
            let last = disobeying.iter().map(|decision| decision.event);
            run.violated(because, [ordered.event].into_iter().chain(lies_heard(run, first.by)).chain(last))
        }
    }
}

fn termination(run: &Run<'_>) -> Verdict {
    let has_decided = |node| {
        let mut own = run.trace.outputs().filter(|&(_, by, _)| by == node);
        own.any(|found| decision(found).is_some())
    };
    let waiting: Vec<NodeId> = run.correct().filter(|&node| !has_decided(node)).collect();
    if waiting.is_empty() {
        return run.holds(|| "Every loyal general that stayed up decided.".to_owned());
    }
    run.not_reached(|| format!("Never decided: {}.", run.trace.names.list(&waiting)), Vec::new())
}

/// What a lieutenant's own note says of its votes, as a sentence with a space before it.
fn votes_sentence(run: &Run<'_>, of: NodeId) -> String {
    let words = run.trace.notes("votes").filter(|&(_, by, _)| by == of).last();
    match words.and_then(|(event, ..)| run.trace.words.of(event.id)) {
        Some(words) => format!(" {} {words}.", run.name(of)),
        None => String::new(),
    }
}

/// The deliveries of lies to a general, at most as many as a picture can show.
fn lies_heard(run: &Run<'_>, to: NodeId) -> Vec<EventId> {
    const MOST: usize = 12;
    let is_lie = |event: &&Event| {
        let sent = event.cause.and_then(|cause| run.trace.event(cause));
        matches!(event.what, What::Delivered(message) if message.to() == to)
            && sent.is_some_and(|sent| matches!(sent.what, What::Sent { lie: true, .. }))
    };
    run.trace.events.iter().filter(is_lie).take(MOST).map(|event| event.id).collect()
}

fn largest_note(run: &Run<'_>, name: &'static str) -> Option<i64> {
    let loyal = run.trace.notes(name).filter(|&(_, by, _)| !run.trace.is_traitor(by));
    loyal.filter_map(|(_, _, note)| note.value.number()).max()
}

const fn tells(order: Order) -> &'static str {
    match order {
        Order::Retreat => "retreats",
        Order::Attack => "attacks",
    }
}

/// Scenarios for the tests of this folder.
#[cfg(test)]
mod testing {
    use super::PROBLEM;
    use crate::scenario::{Fault, Lie, Params, Scenario, Traitors};

    /// A table that only the protocol reads.
    pub(super) fn table(text: &str) -> Params {
        Params::new(&toml::de::DeTable::parse(Box::leak(text.to_owned().into_boxed_str())).unwrap())
    }

    /// Generals of whom some lie: by name, with the lie and its arguments.
    pub(super) fn generals(protocol: &str, nodes: usize, params: &str, traitors: &[(&str, &str, &str)]) -> Scenario {
        let names = (PROBLEM.node_names)(nodes);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut scenario = Scenario::bare(PROBLEM.name, protocol, &names, params);
        for (node, lie, arguments) in traitors {
            let who = Traitors::These(scenario.names.find(node).into_iter().collect());
            let lie = Lie { name: (*lie).to_owned(), span: 0..0, arguments: table(arguments) };
            scenario.faults.push(Fault::Traitor { who, lie });
        }
        scenario
    }

    /// What each loyal lieutenant said of his votes, with his decision.
    pub(super) fn reasons(scenario: &Scenario) -> Vec<String> {
        let trace = crate::report::run(scenario, crate::report::Claims::Always).unwrap().trace;
        let loyal = trace.notes("votes").filter(|&(_, node, _)| !trace.is_traitor(node));
        loyal
            .map(|(event, node, _)| format!("{} {}", trace.names.of(node), trace.words.of(event.id).unwrap()))
            .collect()
    }
}
