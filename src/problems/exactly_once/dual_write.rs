//! The dual write: the shop writes the order to its database, then tells the ledger, as two deeds.
//!
//! Martin Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 11, "Keeping systems in sync"; the mistake
//! that the outbox is there to mend.
//!
//! The problem: the shop must change its own database and tell the ledger. Each order must be charged exactly once
//! (no-loss, no-duplicate).
//!
//! The algorithm: (1) the shop writes the order to its database; (2) it publishes the message, and again until it is
//! accepted. What is still to be published is known in memory only. A crash between 1 and 2, or before the message is
//! accepted, leaves an order in the database of which nobody was told, and nothing that would find it.
//!
//! Assumes what `outbox` assumes, but for the one thing that makes the difference.
//! Departures: none. Publishing first and writing then is no better: it tells of orders that do not exist.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-dual-write.toml`.

use crate::process::{NodeId, Protocol};
use crate::roles;
use crate::scenario::{Complaint, Scenario};
use crate::sim::{Runner, Simulation};

use super::desk::{Ledger, Seller, Store, Timer, Trades};
use super::outbox::{self, POINTS, Params};
use super::properties;
use super::shop::{SHOP, Shop, Terms, Word};
use super::theory;
use crate::problems::{Entry, Theory};

/// What the registry knows of the protocol.
pub const ENTRY: Entry = Entry {
    name: "dual-write",
    title: "Dual write",
    summary: "The order is written to the database and the message is published, one after the other.",
    paper: "Kleppmann, \"Designing Data-Intensive Applications\", 2017, chapter 11",
    params: crate::scenario::schema::of_type::<Params>,
    lies: &[],
    crash_points: &["committed", "sent", "published", "received", "charged", "recorded", "acknowledged"],
    properties: properties::OF_EFFECTS,
    measures: properties::MEASURES,
    theory: THEORY,
    table: Some(super::account::table),
    prepare,
};

fn prepare(scenario: &Scenario) -> Result<Box<dyn Runner>, Vec<Complaint>> {
    let params: Params = super::read("dual-write", &["shop", "ledger"], scenario)?;
    let dual = DualWrite { terms: params.terms(false), idempotent: params.idempotent };
    Ok(Box::new(Simulation::new(dual, None, scenario)))
}

struct DualWrite {
    terms: Terms,
    idempotent: bool,
}

impl Protocol for DualWrite {
    type Process = Node;
    type Message = Word;
    type Timer = Timer;
    type Disk = Store;

    fn boot(&self, node: NodeId, store: &Store) -> Node {
        if node == SHOP {
            Node::Seller(Seller(Shop::new(&self.terms, &store.books)))
        } else {
            Node::Ledger(outbox::ledger(self.idempotent, store))
        }
    }
}

impl Trades for DualWrite {}

roles!(enum Node: DualWrite { Seller, Ledger });

const ASSUMES: &str = "at most one fault: the shop crashes with probability k between writing and publishing; no losses, \
                       and each message is accepted before the next order comes";

const THEORY: &[Theory] = &[
    Theory {
        of: "no-loss",
        formula: "1 - (1-k)^orders",
        assumes: ASSUMES,
        value: |scenario| writing(scenario).map(|(k, orders)| theory::any(k, orders)),
    },
    Theory {
        of: "losses",
        formula: "k orders",
        assumes: ASSUMES,
        value: |scenario| writing(scenario).map(|(k, orders)| k * orders),
    },
];

/// The chance of a crash between writing and publishing, and the orders.
fn writing(scenario: &Scenario) -> Option<(f64, f64)> {
    let params: Params = scenario.params.read().ok()?;
    let k = theory::crash_at(scenario, SHOP, POINTS.taken)?;
    let links = theory::Links::but_for_faults(scenario)?;
    let calm = links.loss + links.loss_back == 0.0 && links.is_prompt(params.every);
    let apart = k == 0.0 || params.orders == 1 || links.is_prompt(theory::shortest(&params.gap));
    (calm && apart).then_some((k, f64::from(params.orders)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, shops};

    #[test]
    fn a_crash_between_the_two_writes_loses_the_order() {
        let scenario = |protocol| shops(protocol, "params.orders = 3", &["shop@committed:2.crash=5ms"]);
        let because =
            "Order 2 was never charged: shop crashed at 20ms, after it had taken the order and before it sent it.";
        tests::is_violated(&tests::report(&scenario("dual-write")), "no-loss", because);
        tests::holds(&tests::report(&scenario("outbox")), "no-loss");
    }

    #[test]
    fn a_crash_after_a_lost_message_loses_the_order() {
        let force = ["shop:ledger:2=lose", "shop@sent:3.crash=5ms"];
        let scenario = |protocol| shops(protocol, "params.orders = 3", &force);
        let because = "Order 2 was never charged: its only message shop:ledger:2 was lost.";
        tests::is_violated(&tests::report(&scenario("dual-write")), "no-loss", because);
        tests::holds(&tests::report(&scenario("outbox")), "no-loss");
    }
}
