//! The dual write: the shop writes the order to its database, then tells the ledger, in two steps.
//!
//! Martin Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 11, "Keeping systems in
//! sync"; the mistake that the outbox corrects.
//!
//! The problem: the shop must change its own database and tell the ledger. Each order must be
//! charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) the shop writes the order to its database; (2) it publishes the message, and
//! again until it is accepted.
//!
//! What is still to be published is known in memory only. A crash between 1 and 2, or before the
//! message is accepted, leaves an order in the database that nobody was told of, and nothing finds
//! it later.
//!
//! The other way round (`first = "message"`) is no better: (1) it publishes the message until it is
//! accepted; (2) it writes the order.
//!
//! Then a crash between the two leaves a message about an order that does not exist (no-phantom),
//! and the ledger charges it.
//!
//! Assumes what `outbox` assumes, but for the one thing that makes the difference. Departures: an
//! order's number is used up before anything else, as that of a database's sequence is, so that a
//! crash gives no number to two orders.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-dual-write.toml`.

use super::SHOP;
use super::client::Journaling;
use super::outbox::{self, POINTS, PROPERTIES};
use super::theory;
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "dual-write",
    title: "Dual write",
    summary: "The order is written to the database and the message is published, one after the other.",
    paper: "Kleppmann, \"Designing Data-Intensive Applications\", 2017, chapter 11",
    params: schema::of::<Params>,
    crash_points: &["committed", "sent", "published", "received", "charged", "recorded", "acknowledged"],
    properties: PROPERTIES,
    theory: THEORY,
    prepare,
    edges: &[
        "orders = 1",
        "orders = 2, attempts = 1",
        "orders = 9, first = \"message\"",
        "orders = 9, idempotent = false",
    ],
    longer: &[Longer::doubling("params.orders", 60, "").within(super::LOSSY)],
    ..super::COMMON
};

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Params {
    /// How many orders there are.
    #[schemars(range(min = 1, max = 1_000_000))]
    orders: u32,
    /// The time between two orders, and before the first.
    gap: Distribution,
    /// How long the shop waits until a message is accepted before it publishes it again.
    #[serde(with = "Positive")]
    every: Span,
    /// How often it tries, the first time included; if absent, until the message is accepted.
    #[schemars(range(min = 1))]
    attempts: Option<u32>,
    /// Whether the ledger knows a message that comes again.
    idempotent: bool,
    /// Which of the two steps comes first.
    first: First,
}

/// The step that comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum First {
    /// The order is written to the database, then the message is published.
    Database,
    /// The message is published, then the order is written to the database.
    Message,
}

impl Default for Params {
    fn default() -> Params {
        let outbox::Params { orders, gap, every, attempts, idempotent } = outbox::Params::default();
        Params { orders, gap, every, attempts, idempotent, first: First::Database }
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    super::shop_and_ledger(scenario).run(|Params { orders, gap, every, attempts, idempotent, first }| {
        let journaling = match first {
            First::Database => Journaling::AsTaken,
            First::Message => Journaling::WhenAnswered,
        };
        outbox::Params { orders, gap, every, attempts, idempotent }.protocol(journaling)
    })
}

const ASSUMES: &str = "at most one fault: the shop crashes with probability k between the two steps, at `committed` where \
                       the database comes first, at `published` where the message does; no losses, no limit on attempts, \
                       and each message is accepted before the next order comes";

const THEORY: &[Theory] = &[
    Theory {
        of: "no-loss",
        formula: "database first: 1 - (1-k)^orders; message first: 0",
        assumes: ASSUMES,
        value: |scenario| between(scenario).map(|(first, any, _)| if first == First::Database { any } else { 0.0 }),
    },
    Theory {
        of: "losses",
        formula: "database first: k orders; message first: 0",
        assumes: ASSUMES,
        value: |scenario| between(scenario).map(|(first, _, lost)| if first == First::Database { lost } else { 0.0 }),
    },
    Theory {
        of: "no-phantom",
        formula: "database first: 0; message first: 1 - (1-k)^orders",
        assumes: ASSUMES,
        value: |scenario| between(scenario).map(|(first, any, _)| if first == First::Database { 0.0 } else { any }),
    },
];

/// Which step comes first, the chance that a crash comes between the two of any order, and of how
/// many on average.
fn between(scenario: &Scenario) -> Option<(First, f64, f64)> {
    let params: Params = scenario.params.read().ok()?;
    let point = if params.first == First::Database { POINTS.taken } else { POINTS.answered };
    let k = theory::crash_at(scenario, SHOP, point)?;
    let links = theory::Links::but_for_faults(scenario)?;
    let calm = links.loss + links.loss_back == 0.0 && links.is_prompt(params.every) && params.attempts.is_none();
    let apart = k == 0.0 || params.orders == 1 || links.is_prompt(theory::shortest(&params.gap));
    let orders = f64::from(params.orders);
    (calm && apart).then_some((params.first, theory::any(k, orders), k * orders))
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

    #[test]
    fn a_crash_after_the_message_leaves_an_order_that_does_not_exist() {
        let scenario = |protocol, params: &str, force: &str| {
            tests::report(&shops(protocol, &format!("params = {{ orders = 3, gap = \"50ms\"{params} }}"), &[force]))
        };
        let first = ", first = \"message\"";
        for crash in ["shop@sent:2.crash=25ms", "shop@published:2.crash=5ms"] {
            let report = scenario("dual-write", first, crash);
            let at = if crash.contains("sent") { "100ms" } else { "120ms" };
            let because = format!(
                "Order 2 was charged and is in no books: shop crashed at {at}, after it had sent the order and before it \
                 wrote it down."
            );
            tests::is_violated(&report, "no-phantom", &because);
            tests::holds(&report, "no-loss");
            let phantom = tests::rows(&report).remove(1);
            assert!(phantom.ends_with(&because), "{phantom}");
            let outbox = scenario("outbox", "", crash);
            tests::holds(&outbox, "no-phantom");
            tests::holds(&outbox, "no-loss");
        }
        tests::holds(&scenario("dual-write", first, "shop@committed:2.crash=5ms"), "no-phantom");
    }
}
