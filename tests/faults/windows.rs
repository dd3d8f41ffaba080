//! Links that are worse, or hold back what is sent, for a while.

use std::collections::BTreeMap;

use dsys::report::Report;
use dsys::time::Time;
use proptest::prelude::*;

use super::{delivered, lost, ms, orders, pick, sent};
use dsys::process::{MessageId, NodeId};
use dsys::trace::EventKind;

const SHOP: NodeId = NodeId::new(0);
const LEDGER: NodeId = NodeId::new(1);

/// A shop that asks again and again for two seconds, so that something is sent at all times.
fn busy(faults: &str) -> Report {
    let params = "params = { orders = 200, gap = \"10ms\", every = \"20ms\" }\nuntil = \"30s\"";
    let network = "[network]\ndelay = { exponential = { mean = \"20ms\", min = \"5ms\" } }\nloss = 0.05";
    orders("at-least-once", &format!("{params}\n{network}\n{faults}"))
}

fn row(fault: &str) -> String {
    format!("[[fault]]\n{fault}\n")
}

fn is_within(at: Time, from: i64, to: i64) -> bool {
    ms(from) <= at && at < ms(to)
}

/// The messages from the shop to the ledger that were sent in a stretch of time.
fn sent_within(report: &Report, from: i64, to: i64) -> Vec<MessageId> {
    let sent = sent(report).into_iter();
    sent.filter(|&(message, at)| message.to() == LEDGER && is_within(at, from, to))
        .map(|(message, _)| message)
        .collect()
}

#[test]
fn a_burst_of_losses_strikes_what_is_sent_in_it_and_nothing_else() {
    let (calm, burst) = (
        busy(""),
        busy(&row("degrade = { from = \"shop\", to = \"ledger\", at = \"1s\", for = \"500ms\", loss = 1 }")),
    );
    let struck = sent_within(&burst, 1_000, 1_500);
    assert!(struck.len() > 20 && burst.warnings.is_empty(), "{:?}", burst.warnings);
    let all_lost = lost(&burst);
    assert!(struck.iter().all(|message| all_lost.contains(message)));
    // Up to the burst the runs are one, and each message that both send outside of it fares the
    // same.
    let before = |report: &Report| pick(report, |event| (event.at < ms(1_000)).then_some(*event));
    assert_eq!(before(&calm), before(&burst));
    let kept = |report: &Report| -> Vec<MessageId> {
        lost(report).into_iter().filter(|message| message.to() == SHOP).collect()
    };
    let nth = |report: &Report| sent(report).iter().filter(|(message, _)| message.to() == SHOP).count() as u32;
    let common = nth(&calm).min(nth(&burst));
    let of_both = |report: &Report| kept(report).into_iter().filter(|m| m.nth() <= common).collect::<Vec<_>>();
    assert_eq!(of_both(&calm), of_both(&burst), "the way back draws as ever");
}

#[test]
fn a_slow_link_takes_the_same_draws_from_another_distribution() {
    let slow = row(
        "degrade = { at = \"1s\", for = \"500ms\", delay = { exponential = { mean = \"200ms\", min = \"50ms\" } } }",
    );
    let (calm, slow) = (busy(""), busy(&slow));
    let took = |report: &Report| -> BTreeMap<MessageId, i64> {
        let began: BTreeMap<MessageId, Time> = sent(report).into_iter().collect();
        delivered(report).into_iter().map(|(message, at)| (message, at.since(began[&message]).ns())).collect()
    };
    let (calm_took, slow_took) = (took(&calm), took(&slow));
    let mut tenfold = 0;
    for message in sent_within(&slow, 1_000, 1_500) {
        if let (Some(usual), Some(now)) = (calm_took.get(&message), slow_took.get(&message)) {
            // Ten times as long, but for what is cut off below a nanosecond.
            assert!((usual * 10 - now).abs() <= 10, "{message:?}: {usual} and {now}");
            tenfold += 1;
        }
    }
    assert!(tenfold > 20);
    assert_eq!(
        lost(&calm).iter().filter(|m| m.nth() < 50).collect::<Vec<_>>(),
        lost(&slow).iter().filter(|m| m.nth() < 50).collect::<Vec<_>>()
    );
}

#[test]
fn where_rows_meet_the_later_one_wins_key_by_key() {
    let both = row("degrade = { at = \"1s\", for = \"500ms\", loss = 1, delay = \"1ms\" }")
        + &row("degrade = { to = \"ledger\", at = \"1200ms\", for = \"100ms\", loss = 0 }");
    let report = busy(&both);
    let arrived: BTreeMap<MessageId, Time> = delivered(&report).into_iter().collect();
    assert!(sent_within(&report, 1_000, 1_200).iter().all(|message| !arrived.contains_key(message)));
    let spared = sent_within(&report, 1_200, 1_300);
    let began: BTreeMap<MessageId, Time> = sent(&report).into_iter().collect();
    assert!(!spared.is_empty());
    for message in spared {
        assert_eq!(arrived[&message].since(began[&message]).ns(), 1_000_000, "the first row's delay stays");
    }
}

#[test]
fn what_is_held_back_arrives_at_the_end_in_order() {
    let report = busy(&row("hold = { from = \"shop\", to = [\"ledger\"], at = \"1s\", for = \"500ms\" }"));
    let held = sent_within(&report, 1_000, 1_500);
    let gone = lost(&report);
    let arrived: Vec<(MessageId, Time)> = delivered(&report).into_iter().filter(|(m, _)| held.contains(m)).collect();
    let expected: Vec<(MessageId, Time)> =
        held.iter().filter(|message| !gone.contains(message)).map(|&message| (message, ms(1_500))).collect();
    assert!(expected.len() > 20);
    assert_eq!(arrived, expected);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
}

#[test]
fn of_holds_that_meet_the_last_to_end_counts() {
    let two = row("hold = { at = \"1s\", for = \"500ms\" }") + &row("hold = { at = \"1200ms\", for = \"100ms\" }");
    let report = busy(&two);
    let (held, arrived) = (sent_within(&report, 1_200, 1_300), delivered(&report));
    assert!(!held.is_empty());
    let at = arrived.iter().filter(|(message, _)| held.contains(message)).map(|&(_, at)| at);
    assert!(at.clone().count() > 0 && at.clone().all(|at| at == ms(1_500)));
    assert_eq!(report.warnings.len(), 1, "the inner one changes nothing: {:?}", report.warnings);
}

#[test]
fn a_hold_without_an_end_keeps_everything() {
    let report = orders("at-most-once", "params = { orders = 3, gap = \"10ms\" }\n[[fault]]\nhold = { at = \"0s\" }");
    let counts = report.trace.counts;
    assert_eq!((counts.sent, counts.delivered, counts.in_flight), (3, 0, 3));
    assert_eq!(report.trace.ended, dsys::trace::StopReason::Quiescent);
}

#[test]
fn a_forced_delay_goes_before_a_hold() {
    let hold =
        row("hold = { at = \"0s\", for = \"1s\" }") + &row("delay = { message = \"shop:ledger:1\", to = \"3ms\" }");
    let report = orders("at-most-once", &format!("params = {{ orders = 2, gap = \"10ms\" }}\n{hold}"));
    let at: Vec<Time> = delivered(&report).into_iter().map(|(_, at)| at).collect();
    assert_eq!(at, [ms(13), ms(1_000)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the window, a row that says what the network says changes no byte; and one that
    /// says more changes nothing of what chance gives a message outside of it.
    #[test]
    fn a_window_leaves_alone_what_is_outside(at in 0_i64..2_000, lasts in 1_i64..1_000, loss in 0.0_f64..1.0, seed in 0_u64..1_000) {
        let seed = format!("seed = {seed}");
        let window = format!("at = \"{at}ms\", for = \"{lasts}ms\"");
        let plain = seeded(&seed, "");
        let same = "loss = 0.05, delay = { exponential = { mean = \"20ms\", min = \"5ms\" } }";
        prop_assert_eq!(plain.trace.digest, seeded(&seed, &row(&format!("degrade = {{ {window}, {same} }}"))).trace.digest);
        let worse = seeded(&seed, &row(&format!("degrade = {{ {window}, loss = {loss} }}")));
        let inside: Vec<MessageId> = sent(&worse).into_iter().filter(|&(_, sent)| is_within(sent, at, at + lasts)).map(|(m, _)| m).collect();
        let inside_of_plain: Vec<MessageId> = sent(&plain).into_iter().filter(|&(_, sent)| is_within(sent, at, at + lasts)).map(|(m, _)| m).collect();
        let of_both: Vec<MessageId> = sent(&plain).into_iter().map(|(m, _)| m).filter(|m| sent(&worse).iter().any(|(other, _)| other == m)).collect();
        let outside = |report: &Report| -> Vec<MessageId> {
            lost(report).into_iter().filter(|m| of_both.contains(m) && !inside.contains(m) && !inside_of_plain.contains(m)).collect()
        };
        let (mut one, mut other) = (outside(&plain), outside(&worse));
        one.sort();
        other.sort();
        prop_assert_eq!(one, other);
        // More loss loses what less loss loses: the draws are the same.
        if loss >= 0.05 {
            let all = lost(&worse);
            prop_assert!(lost(&plain).iter().filter(|m| inside.contains(m) && inside_of_plain.contains(m)).all(|m| all.contains(m)));
        }
    }
}

fn seeded(seed: &str, faults: &str) -> Report {
    let params = "params = { orders = 60, gap = \"30ms\", every = \"100ms\" }\nuntil = \"30s\"";
    let network = "[network]\ndelay = { exponential = { mean = \"20ms\", min = \"5ms\" } }\nloss = 0.05";
    orders("at-least-once", &format!("{seed}\n{params}\n{network}\n{faults}"))
}

#[test]
fn no_event_tells_of_a_window() {
    let report = busy(&row("degrade = { at = \"1s\", for = \"500ms\", loss = 1 }"));
    assert!(
        pick(&report, |event| matches!(event.what, EventKind::Partitioned(_) | EventKind::Healed(_)).then_some(()))
            .is_empty()
    );
}
