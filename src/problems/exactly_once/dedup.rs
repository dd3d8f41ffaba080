//! Idempotent receiver: at least once on the wire, and a table of what was done so that it is done
//! once.
//!
//! Pat Helland, "Idempotence is not a medical condition", ACM Queue 10(4), 2012; Gregor Hohpe,
//! Bobby Woolf, "Enterprise Integration Patterns", 2003, "Idempotent Receiver".
//!
//! The problem: each order must be charged exactly once (no-loss, no-duplicate).
//!
//! The algorithm: (1) the shop sends every order with its idempotency key until it is acknowledged;
//! the key is the order's number and is the same on every attempt; (2) the ledger looks the key up
//! in its table; (3) if it is not there, the ledger charges and records the key; (4) it
//! acknowledges in either case.
//!
//! Step 3 decides what this is worth. Charge and record are two steps. `effect-then-record` charges
//! twice if the ledger crashes between them, `record-then-effect` never. `transaction` makes them
//! one, which is possible only where the charge itself is a row in the ledger's own store: then,
//! and only then, is the effect exactly once.
//!
//! Assumes that the key is kept as long as copies may come: a table in memory forgets at a crash,
//! one with a window (`ttl`, `capacity`) when it is over. Departures: none; the sources leave the
//! window and the order of the two steps to the reader, and here they are parameters.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-table-that-forgot.toml`,
//! `the-window-was-too-short.toml`, `between-charge-and-record.toml`.

mod theory;

use super::client::{ClientConfig, Journaling, Points, RetryPolicy};
use super::properties::CHARGES;
use super::roles::{EffectAndRecord, LedgerConfig, ShopAndLedger, TableConfig};
use super::table::Window;
use super::theory::any;
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "dedup",
    title: "Idempotent receiver",
    summary: "The receiver keeps a table of what it has done, and does nothing twice that it remembers.",
    paper: "Helland, \"Idempotence is not a medical condition\", ACM Queue 10(4), 2012; Hohpe, Woolf, \"Enterprise \
            Integration Patterns\", 2003",
    params: schema::of::<Params>,
    crash_points: &["taken", "sent", "answered", "closed", "received", "charged", "recorded", "acknowledged"],
    theory: THEORY,
    prepare,
    edges: &[
        "orders = 1, durable = false",
        "orders = 2, ttl = \"30ms\"",
        "orders = 30, capacity = 1",
        "orders = 4, order = \"record-then-effect\"",
        "orders = 4, order = \"transaction\"",
    ],
    longer: &[
        Longer::doubling("params.orders", 60, "").within(super::LOSSY),
        Longer::doubling("until", 4, "s").within(CRASHING_LEDGER),
    ],
    ..super::COMMON
};

/// Crashes as long as the run is: there are more of them, and more orders to hold against each.
const CRASHING_LEDGER: &str = "nodes = 2\n[params]\norders = 1000000\ngap = \"20ms\"\n[network]\nloss = 0.1\n\
     [[fault]]\ncrash = { node = \"ledger\", rate = 2.0, for = \"20ms\" }";

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
        /// Whether the table is on disk. One in memory is gone after a crash.
        durable: bool = true,
        /// How long the table remembers an order; if absent, for ever.
        #[serde(with = "Positive")]
        ttl: Option<Span> = None,
        /// How many orders the table remembers; if absent, all.
        #[schemars(range(min = 1))]
        capacity: Option<u32> = None,
        /// Whether a further copy begins an order's window anew.
        refreshed: bool = false,
        /// What comes first, the charge or its record.
        order: EffectAndRecord = EffectAndRecord::EffectThenRecord,
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    super::shop_and_ledger(scenario).check(check).run(|params| {
        let Params { orders, gap, every, attempts, durable, ttl, capacity, refreshed, order } = params;
        let retry = Some(RetryPolicy { every, attempts });
        let table = TableConfig { window: Window { ttl, capacity, refreshed }, durable, order };
        ShopAndLedger {
            client: ClientConfig { orders, gap, retry, journaling: Journaling::AsOpen, points: Points::USUAL },
            ledger: LedgerConfig { answers: true, table: Some(table) },
        }
    })
}

fn check(params: &Params, scenario: &Scenario) -> Option<Complaint> {
    let complain = |key, message: &str, help| Some(scenario.params.complain(key, message, help));
    if params.order == EffectAndRecord::Transaction && !params.durable {
        return complain(
            "durable",
            "a transaction is durable, and `durable` is false",
            "leave `durable` out, or choose another `order`",
        );
    }
    if params.refreshed && params.ttl.is_none() && params.capacity.is_none() {
        return complain("refreshed", "`refreshed` is of a window, and there is none", "set `ttl` or `capacity`");
    }
    None
}

const ASSUMES: &str = "no limit on attempts; independent losses, p to the ledger and q back, and at \
                       most one fault: (a) none, and with a `ttl` p = 0, constant delays and answers within `every`; \
                       (b) the ledger crashes with probability k between charge and record, with a durable table for \
                       ever; (c) it crashes at rate c and is back at once, with a table in memory, p = 0, constant \
                       delays and answers within `every`. (d) With a `capacity`: orders at random (`gap` is exponential), \
                       more of them than the capacity, constant delays, no losses but ledger:shop:1, the first answer";

const THEORY: &[Theory] = &[
    Theory {
        of: "no-loss",
        formula: "record-then-effect: 1 - (1-k)^orders; else 0",
        assumes: ASSUMES,
        value: |scenario| expect(scenario).map(|(expect, orders)| any(expect.lost, orders)),
    },
    Theory {
        of: "losses",
        formula: "record-then-effect: k orders; else 0",
        assumes: ASSUMES,
        value: |scenario| expect(scenario).map(|(expect, orders)| orders * expect.lost),
    },
    Theory {
        of: CHARGES,
        formula: "orders times: (a) 1, with a ttl W 1/(1 - q^(floor(W/every)+1)); (b) effect-then-record 1/(1-k), \
                  record-then-effect 1-k, transaction 1; (c) 1 + x q/(1-q), x = 1 - exp(-c every)",
        assumes: ASSUMES,
        value: |scenario| expect(scenario).map(|(expect, orders)| orders * expect.effects),
    },
    Theory {
        of: "no-duplicate",
        formula: "for one order: (a) q^(floor(W/every)+1), refreshed 0 unless W < every; (b) effect-then-record k; (c) 1 - \
                  (1-q)/(1 - q(1-x)); (d) P(Poisson(every/gap) >= capacity)",
        assumes: ASSUMES,
        value: |scenario| {
            if let Some(pushed_out) = theory::pushed_out(scenario, &scenario.params.read().ok()?) {
                return Some(pushed_out);
            }
            let (expect, orders) = expect(scenario)?;
            // A crash takes the whole table: under (c) orders are not independent of each other.
            (orders == 1.0 || !expect.shared).then(|| any(expect.twice, orders))
        },
    },
];

fn expect(scenario: &Scenario) -> Option<(theory::Deduped, f64)> {
    let params: Params = scenario.params.read().ok()?;
    Some((theory::of(scenario, &params)?, f64::from(params.orders)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, shops};

    fn three(params: &str, force: &[&str]) -> crate::report::Report {
        let params = if params.is_empty() { String::new() } else { format!(", {params}") };
        tests::report(&shops("dedup", &format!("params = {{ orders = 3{params} }}"), force))
    }

    #[test]
    fn a_lost_acknowledgement_changes_nothing() {
        for durable in ["true", "false"] {
            let report = three(&format!("durable = {durable}"), &["ledger:shop:2=lose"]);
            tests::holds(&report, "no-duplicate");
            tests::holds(&report, "no-loss");
            assert_eq!(tests::rows(&report), ["1 1 1 1 1 1", "2 2 2 1 1 1", "3 1 1 1 1 1"]);
            assert_eq!(tests::measure(&report, "reprocessed"), Some(0));
        }
    }

    #[test]
    fn a_table_in_memory_forgets_at_a_crash() {
        let force = ["ledger:shop:2=lose", "ledger@acknowledged:3.crash=5ms"];
        let report = three("durable = false", &force);
        let because = "Order 2 was charged twice: its acknowledgement ledger:shop:2 was lost, and ledger restarted \
                       without its table.";
        tests::is_violated(&report, "no-duplicate", because);
        assert_eq!(tests::rows(&report)[1], format!("2 2 2 2 2 1 {because}"));
        tests::holds(&three("durable = true", &force), "no-duplicate");
    }

    #[test]
    fn a_window_that_is_over_charges_again() {
        let lost = ["ledger:shop:2=lose"];
        let because = "Order 2 was charged twice: its acknowledgement ledger:shop:2 was lost, and ledger forgot the \
                       order at 80ms after its window of 50ms.";
        for durable in ["true", "false"] {
            let report = three(&format!("ttl = \"50ms\", durable = {durable}"), &lost);
            tests::is_violated(&report, "no-duplicate", because);
            tests::holds(&three(&format!("ttl = \"100ms\", durable = {durable}"), &lost), "no-duplicate");
        }
    }

    #[test]
    fn a_refreshed_window_lasts_as_long_as_copies_come() {
        let lost = ["ledger:shop:2=lose", "ledger:shop:4=lose"];
        tests::holds(&three("ttl = \"150ms\", refreshed = true", &lost), "no-duplicate");
        let because = "Order 2 was charged twice: its acknowledgements ledger:shop:2 and ledger:shop:4 were lost, and \
                       ledger forgot the order at 180ms after its window of 150ms.";
        tests::is_violated(&three("ttl = \"150ms\"", &lost), "no-duplicate", because);
    }

    #[test]
    fn a_durable_window_outlives_a_restart_and_no_longer() {
        let force = ["ledger:shop:1=lose", "ledger@acknowledged:3.crash=5ms"];
        tests::holds(&three("ttl = \"120ms\"", &force), "no-duplicate");
        let because = "Order 1 was charged twice: its acknowledgement ledger:shop:1 was lost, and ledger forgot the \
                       order at 100ms after its window of 80ms.";
        tests::is_violated(&three("ttl = \"80ms\"", &force), "no-duplicate", because);
    }

    #[test]
    fn a_step_of_the_clock_leaves_the_window_alone() {
        let step = "fault = [{ clock-step = { node = \"ledger\", at = \"25ms\", by = \"1h\" } }]";
        let text = format!("params = {{ orders = 3, ttl = \"150ms\" }}\n{step}");
        tests::holds(&tests::report(&shops("dedup", &text, &["ledger:shop:2=lose"])), "no-duplicate");
    }

    #[test]
    fn a_full_table_lets_the_oldest_go() {
        let because = "Order 1 was charged twice: its acknowledgement ledger:shop:1 was lost, and ledger forgot the \
                       order at 40ms to make room: its table holds 2.";
        tests::is_violated(&three("capacity = 2", &["ledger:shop:1=lose"]), "no-duplicate", because);
        tests::holds(&three("capacity = 3", &["ledger:shop:1=lose"]), "no-duplicate");
    }

    #[test]
    fn between_charge_and_record_lies_either_fault() {
        let charged_first = three("order = \"effect-then-record\"", &["ledger@charged:2.crash=1ms"]);
        let because = "Order 2 was charged twice: ledger crashed at 30ms, after it had charged the order and before it \
                       recorded it.";
        tests::is_violated(&charged_first, "no-duplicate", because);
        tests::holds(&charged_first, "no-loss");
        let recorded_first = three("order = \"record-then-effect\"", &["ledger@recorded:2.crash=1ms"]);
        let because = "Order 2 was never charged: ledger crashed at 30ms, after it had recorded the order and before it \
                       charged it, and took the copy that came at 130ms for a duplicate.";
        tests::is_violated(&recorded_first, "no-loss", because);
        tests::holds(&recorded_first, "no-duplicate");
    }

    #[test]
    fn a_transaction_holds_whatever_event_a_crash_follows() {
        let calm = three("order = \"transaction\"", &[]);
        for event in 0..calm.trace.counts.events {
            for node in ["shop", "ledger"] {
                let crash = format!("{node}@{event}.crash=15ms");
                let report = three("order = \"transaction\"", &[&crash]);
                tests::holds(&report, "no-duplicate");
                tests::holds(&report, "no-loss");
            }
        }
    }
}
