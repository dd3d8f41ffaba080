//! At least once: send until somebody says that it arrived.
//!
//! Alfred Z. Spector, "Performing remote operations efficiently on a local computer network", CACM
//! 25(4), 1982, tells remote operations apart by how often they may be executed; this is the kind
//! that retransmits until it is answered.
//!
//! The problem: each order must be charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) the shop writes down that it took the order and that it is open; (2) it sends
//! the order to the ledger; (3) the ledger charges whatever arrives and says so; (4) if the shop
//! has heard nothing for a while, it goes back to 2; (5) when it hears, it closes the order.
//!
//! Assumes that some message gets through in the end. When an order is sent again, the shop cannot
//! know which of two things happened: the order was lost, or its acknowledgement was. In the second
//! case it is charged twice, and no number of further acknowledgements helps. Departures:
//! `attempts` bounds step 4, as every real system does.
//!
//! See `notes/problems/exactly-once.md` and
//! `scenarios/exactly-once/at-least-once-charges-twice.toml`.

use super::client::{ClientConfig, Journaling, Points, RetryPolicy};
use super::properties::CHARGES;
use super::roles::{LedgerConfig, ShopAndLedger};
use super::theory::{self, Retries};
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "at-least-once",
    title: "At least once",
    summary: "Every order is sent until it is acknowledged.",
    paper: "Spector, \"Performing remote operations efficiently on a local computer network\", CACM 25(4), 1982",
    params: schema::of::<Params>,
    crash_points: &["taken", "sent", "answered", "closed", "received", "charged", "acknowledged"],
    theory: THEORY,
    prepare,
    edges: &["orders = 1", "orders = 2, attempts = 1", "orders = 2, attempts = 2", "orders = 30, every = \"10ms\""],
    longer: &[Longer::doubling("params.orders", 60, "").within(super::LOSSY)],
    ..super::COMMON
};

params! {
    struct Params {
        /// How many orders there are.
        #[schemars(range(min = 1, max = 1_000_000))]
        orders: u32 = 10,
        /// The time between two orders, and before the first.
        gap: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How long the shop waits for an answer before it sends again.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(100),
        /// How often the shop sends an order, the first time included; if absent, until it is
        /// acknowledged.
        #[schemars(range(min = 1))]
        attempts: Option<u32> = None,
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    super::shop_and_ledger(scenario).run(|Params { orders, gap, every, attempts }| {
        let retry = Some(RetryPolicy { every, attempts });
        ShopAndLedger {
            client: ClientConfig { orders, gap, retry, journaling: Journaling::AsOpen, points: Points::USUAL },
            ledger: LedgerConfig { answers: true, table: None },
        }
    })
}

const THEORY: &[Theory] = &[
    Theory {
        of: "no-loss",
        formula: "1 - (1 - p^R)^orders",
        assumes: theory::PROMPT,
        value: |scenario| retries(scenario).map(|(retries, orders)| theory::any(retries.unheard(), orders)),
    },
    Theory {
        of: "no-duplicate",
        formula: "1 - (1 - q(1-p^R) + R(1-p)q p^(R-1))^orders; for R = inf 1 - (1-q)^orders",
        assumes: theory::PROMPT,
        value: |scenario| retries(scenario).map(|(retries, orders)| theory::any(retries.twice(), orders)),
    },
    Theory {
        of: "sends",
        formula: "orders (1 - (1-s)^R)/s, s = (1-p)(1-q)",
        assumes: theory::PROMPT,
        value: |scenario| retries(scenario).map(|(retries, orders)| orders * retries.sends()),
    },
    Theory {
        of: "copies",
        formula: "orders (1-p)(1 - (1-s)^R)/s; for R = inf orders/(1-q)",
        assumes: theory::PROMPT,
        value: |scenario| retries(scenario).map(|(retries, orders)| orders * retries.copies()),
    },
    Theory {
        of: CHARGES,
        formula: "as `copies`: every copy is charged",
        assumes: theory::PROMPT,
        value: |scenario| retries(scenario).map(|(retries, orders)| orders * retries.copies()),
    },
    Theory {
        of: "losses",
        formula: "orders p^R",
        assumes: theory::PROMPT,
        value: |scenario| retries(scenario).map(|(retries, orders)| orders * retries.unheard()),
    },
];

fn retries(scenario: &Scenario) -> Option<(Retries, f64)> {
    let params: Params = scenario.params.read().ok()?;
    Some((Retries::of(scenario, params.every, params.attempts)?, f64::from(params.orders)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, shops};

    #[test]
    fn a_lost_acknowledgement_charges_twice_and_is_named() {
        let report = tests::report(&shops("at-least-once", "params.orders = 3", &["ledger:shop:2=lose"]));
        tests::is_violated(
            &report,
            "no-duplicate",
            "Order 2 was charged twice: its acknowledgement ledger:shop:2 was lost.",
        );
        tests::holds(&report, "no-loss");
    }

    #[test]
    fn a_lost_order_is_charged_once() {
        let report = tests::report(&shops("at-least-once", "params.orders = 3", &["shop:ledger:2=lose"]));
        tests::holds(&report, "no-duplicate");
        tests::holds(&report, "no-loss");
    }

    #[test]
    fn an_answer_that_comes_late_charges_twice() {
        let report = tests::report(&shops("at-least-once", "params.orders = 1", &["ledger:shop:1.delay=200ms"]));
        tests::is_violated(
            &report,
            "no-duplicate",
            "Order 1 was charged twice: its acknowledgement ledger:shop:1 took 200ms, and shop had sent the order \
             again by then.",
        );
    }

    #[test]
    fn a_crash_before_the_answer_charges_twice() {
        let report = tests::report(&shops("at-least-once", "params.orders = 1", &["ledger@charged:1.crash=1ms"]));
        tests::is_violated(
            &report,
            "no-duplicate",
            "Order 1 was charged twice: ledger crashed at 20ms, after it had charged the order and before it \
             acknowledged it.",
        );
    }

    #[test]
    fn who_gives_up_may_lose() {
        let force = ["shop:ledger:1=lose", "shop:ledger:2=lose"];
        let report = tests::report(&shops("at-least-once", "params.orders = 1\nparams.attempts = 2", &force));
        tests::is_violated(
            &report,
            "no-loss",
            "Order 1 was never charged: both its messages shop:ledger:1 and shop:ledger:2 were lost, and shop \
             gave up.",
        );
    }

    #[test]
    fn a_shop_that_crashed_sends_its_open_orders_again() {
        let report = tests::report(&shops("at-least-once", "params.orders = 2", &["shop@taken:1.crash=5ms"]));
        tests::holds(&report, "no-duplicate");
        tests::holds(&report, "no-loss");
    }
}
