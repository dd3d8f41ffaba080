//! At most once: send, and never again.
//!
//! What a datagram gives, and what a remote call gives whose caller does not try again: Andrew D.
//! Birrell, Bruce Jay Nelson, "Implementing remote procedure calls", ACM TOCS 2(1), 1984.
//!
//! The problem: each order must be charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) the shop writes down that it took the order; (2) it sends the order to the
//! ledger; (3) the ledger charges whatever arrives. Nobody answers.
//!
//! A shop that crashes between 1 and 2 does not send the order after its restart, since it cannot
//! know whether it did: that is what makes it at most once.
//!
//! Assumes a network that does not duplicate: with one that does, "at most once" is a promise of
//! the sender only. Departures: none.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/at-most-once-forgets.toml`.

use super::client::{ClientConfig, Journaling, Points};
use super::properties::CHARGES;
use super::roles::{LedgerConfig, ShopAndLedger};
use super::theory::{self, Links};
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "at-most-once",
    title: "At most once",
    summary: "Every order is sent once and never again.",
    paper: "Birrell, Nelson, \"Implementing remote procedure calls\", ACM TOCS 2(1), 1984",
    params: schema::of::<Params>,
    crash_points: &["taken", "sent", "received", "charged"],
    theory: THEORY,
    prepare,
    edges: &["orders = 1", "orders = 2", "orders = 30, gap = \"1ms\""],
    longer: &[Longer::doubling("params.orders", 100, "").within(super::LOSSY)],
    ..super::COMMON
};

params! {
    struct Params {
        /// How many orders there are.
        #[schemars(range(min = 1, max = 1_000_000))]
        orders: u32 = 10,
        /// The time between two orders, and before the first.
        gap: Distribution = Distribution::Constant(Span::from_ms(10)),
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    super::shop_and_ledger(scenario).run(|Params { orders, gap }| ShopAndLedger {
        client: ClientConfig { orders, gap, retry: None, journaling: Journaling::AsTaken, points: Points::USUAL },
        ledger: LedgerConfig { answers: false, table: None },
    })
}

const THEORY: &[Theory] = &[
    Theory {
        of: "no-loss",
        formula: "1 - (1-p)^orders",
        assumes: theory::ONLY_LOSS,
        value: |scenario| Some(1.0 - libm::pow(1.0 - Links::of(scenario)?.loss, orders(scenario)?)),
    },
    Theory {
        of: "no-duplicate",
        formula: "0",
        assumes: theory::ONLY_LOSS,
        value: |scenario| Links::of(scenario).map(|_| 0.0),
    },
    Theory {
        of: "losses",
        formula: "p orders",
        assumes: theory::ONLY_LOSS,
        value: |scenario| Some(Links::of(scenario)?.loss * orders(scenario)?),
    },
    Theory {
        of: CHARGES,
        formula: "(1-p) orders",
        assumes: theory::ONLY_LOSS,
        value: |scenario| Some((1.0 - Links::of(scenario)?.loss) * orders(scenario)?),
    },
];

fn orders(scenario: &Scenario) -> Option<f64> {
    Some(f64::from(scenario.params.read::<Params>().ok()?.orders))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, shops};

    #[test]
    fn a_lost_order_is_never_charged_and_the_reason_names_the_message() {
        let report = tests::report(&shops("at-most-once", "params.orders = 3", &["shop:ledger:2=lose"]));
        tests::is_violated(&report, "no-loss", "Order 2 was never charged: its only message shop:ledger:2 was lost.");
        tests::holds(&report, "no-duplicate");
    }

    #[test]
    fn a_shop_that_crashed_does_not_send_again() {
        let force = ["shop@taken:2.crash=10ms", "shop@sent:2.crash=10ms"];
        let report = tests::report(&shops("at-most-once", "params.orders = 4", &force));
        tests::is_violated(
            &report,
            "no-loss",
            "Order 2 was never charged: shop crashed at 20ms, after it had taken the order and before it sent it.",
        );
        tests::holds(&report, "no-duplicate");
    }

    #[test]
    fn a_network_that_duplicates_breaks_the_promise() {
        let report = tests::report(&shops("at-most-once", "params.orders = 3", &["shop:ledger:2=twice"]));
        tests::is_violated(
            &report,
            "no-duplicate",
            "Order 2 was charged twice: the network delivered shop:ledger:2 twice.",
        );
    }
}
