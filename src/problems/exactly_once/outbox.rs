//! The transactional outbox: the order and the message about it are written in one local
//! transaction.
//!
//! Chris Richardson, "Microservices Patterns", 2018, chapter 3, "Transactional outbox" with a
//! polling publisher.
//!
//! The problem: the shop must change its own database and tell the ledger, and cannot do both at
//! once. Each order must be charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) in one transaction the shop writes the order and, in a table beside it, the
//! message to be sent; (2) a relay publishes each message of that table, again and again until it
//! is accepted; (3) it then marks the message as sent. After a crash the relay goes on with
//! whatever is not marked.
//!
//! A crash between 2 and 3 publishes again: an outbox is at least once. What it takes away is loss;
//! it needs an idempotent receiver behind it (`idempotent`, which charges and records in one
//! transaction).
//!
//! Assumes that the shop's store is durable and its transactions are atomic. Departures: the relay
//! runs on the shop's machine and is woken by the write instead of polling; the ledger stands for
//! the broker and its consumer in one.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-outbox.toml`.

use super::SHOP;
use super::client::{ClientConfig, Journaling, Points, RetryPolicy};
use super::properties::{self, CHARGES};
use super::roles::{EffectAndRecord, LedgerConfig, ShopAndLedger, TableConfig};
use super::table::Window;
use super::theory;
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "outbox",
    title: "Transactional outbox",
    summary: "The message is written in the transaction that it is about, and a relay publishes it until it is accepted.",
    paper: "Richardson, \"Microservices Patterns\", 2018, chapter 3",
    params: schema::of::<Params>,
    crash_points: &["committed", "sent", "published", "marked", "received", "charged", "recorded", "acknowledged"],
    properties: PROPERTIES,
    theory: THEORY,
    prepare: |scenario| super::shop_and_ledger(scenario).run(|params: Params| params.protocol(Journaling::AsOpen)),
    edges: &["orders = 1", "orders = 9, idempotent = false", "orders = 2, attempts = 1"],
    longer: &[
        Longer::doubling("params.orders", 60, "").within(super::LOSSY),
        Longer::doubling("until", 4, "s").within(CRASHING_SHOP),
    ],
    ..super::COMMON
};

const CRASHING_SHOP: &str = "nodes = 2\n[params]\norders = 1000000\ngap = \"20ms\"\nidempotent = false\n\
     [network]\nloss = 0.1\n[[fault]]\ncrash = { node = \"shop\", rate = 2.0, for = \"20ms\" }";

/// What an outbox promises, and what a shop that goes without would have to.
pub(super) const PROPERTIES: &[Property] = &[properties::NO_LOSS, properties::NO_DUPLICATE, properties::NO_PHANTOM];

/// What the relay's machine may be interrupted at.
pub(super) const POINTS: Points = Points { taken: "committed", sent: "sent", answered: "published", closed: "marked" };

params! {
    /// The parameters of an outbox, and of a shop that goes without.
    pub(super) struct Params {
        /// How many orders there are.
        #[schemars(range(min = 1, max = 1_000_000))]
        pub(super) orders: u32 = 10,
        /// The time between two orders, and before the first.
        pub(super) gap: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How long the shop waits until a message is accepted before it publishes it again.
        #[serde(with = "Positive")]
        pub(super) every: Span = Span::from_ms(100),
        /// How often it tries, the first time included; if absent, until the message is accepted.
        #[schemars(range(min = 1))]
        pub(super) attempts: Option<u32> = None,
        /// Whether the ledger knows a message that comes again.
        pub(super) idempotent: bool = true,
    }
}

impl Params {
    /// A shop with or without an outbox, and a ledger at the other end, idempotent or not.
    pub(super) fn protocol(self, journaling: Journaling) -> ShopAndLedger {
        let Params { orders, gap, every, attempts, idempotent } = self;
        let window = Window { ttl: None, capacity: None, refreshed: false };
        let table = TableConfig { window, durable: true, order: EffectAndRecord::Transaction };
        ShopAndLedger {
            client: ClientConfig {
                orders,
                gap,
                retry: Some(RetryPolicy { every, attempts }),
                journaling,
                points: POINTS,
            },
            ledger: LedgerConfig { answers: true, table: idempotent.then_some(table) },
        }
    }
}

const ASSUMES: &str = "at most one fault: the shop crashes with probability k between publishing and marking; no losses, \
                       no limit on attempts; answers within `every`";

const THEORY: &[Theory] = &[
    Theory { of: "no-loss", formula: "0", assumes: ASSUMES, value: |scenario| publishing(scenario).map(|_| 0.0) },
    Theory { of: "no-phantom", formula: "0", assumes: ASSUMES, value: |scenario| publishing(scenario).map(|_| 0.0) },
    Theory {
        of: "sends",
        formula: "orders/(1-k)",
        assumes: ASSUMES,
        value: |scenario| publishing(scenario).map(|(_, k, orders)| orders / (1.0 - k)),
    },
    Theory {
        of: CHARGES,
        formula: "idempotent: orders; else orders/(1-k)",
        assumes: ASSUMES,
        value: |scenario| {
            publishing(scenario).map(|(idempotent, k, orders)| if idempotent { orders } else { orders / (1.0 - k) })
        },
    },
    Theory {
        of: "no-duplicate",
        formula: "idempotent: 0; else for one order k",
        assumes: ASSUMES,
        value: |scenario| match publishing(scenario)? {
            (true, ..) => Some(0.0),
            (false, k, 1.0) => Some(k),
            // A crash takes the accepted messages of other orders with it.
            _ => None,
        },
    },
];

/// Whether the ledger is idempotent, the chance of a crash between publishing and marking, and the
/// orders.
fn publishing(scenario: &Scenario) -> Option<(bool, f64, f64)> {
    let params: Params = scenario.params.read().ok()?;
    let k = theory::crash_at(scenario, SHOP, POINTS.answered)?;
    let links = theory::Links::but_for_faults(scenario)?;
    let calm = links.loss + links.loss_back == 0.0 && links.is_prompt(params.every) && params.attempts.is_none();
    let alone = k == 0.0 || (params.orders == 1 && k < 1.0);
    (calm && alone).then_some((params.idempotent, k, f64::from(params.orders)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, shops};

    #[test]
    fn a_crash_before_the_mark_publishes_again() {
        let force = ["shop@published:2.crash=5ms"];
        let naive =
            tests::report(&shops("outbox", "params = { orders = 3, gap = \"50ms\", idempotent = false }", &force));
        let because = "Order 2 was charged twice: shop crashed at 120ms, and sent the order again after its restart.";
        tests::is_violated(&naive, "no-duplicate", because);
        tests::holds(&naive, "no-loss");
        let idempotent = tests::report(&shops("outbox", "params = { orders = 3, gap = \"50ms\" }", &force));
        tests::holds(&idempotent, "no-duplicate");
        tests::holds(&idempotent, "no-loss");
        assert_eq!(tests::measure(&idempotent, "sends"), Some(4));
    }

    #[test]
    fn an_outbox_holds_whatever_event_a_crash_follows() {
        let scenario = |force: &[&str]| shops("outbox", "params.orders = 3", force);
        for event in 0..tests::report(&scenario(&[])).trace.counts.events {
            for node in ["shop", "ledger"] {
                let report = tests::report(&scenario(&[&format!("{node}@{event}.crash=15ms")]));
                tests::holds(&report, "no-duplicate");
                tests::holds(&report, "no-loss");
            }
        }
    }
}
