//! Retries that come out of order, and producers that begin anew.

use crate::problems::exactly_once::tests;
use crate::report::Report;

fn kafka(params: &str, force: &[&str]) -> Report {
    let nodes = "[\"shop\", \"broker\"]";
    tests::report(&tests::scenario("idempotent-producer", nodes, &format!("params = {{ {params} }}"), force))
}

#[test]
fn a_lost_answer_appends_twice_without_idempotence() {
    let report = kafka("orders = 1, idempotence = false", &["broker:shop:1=lose"]);
    let because = "Order 1 was charged twice: its acknowledgement broker:shop:1 was lost.";
    tests::is_violated(&report, "no-duplicate", because);
    assert_eq!(tests::measure(&report, "log_length"), Some(2));
    // The first message is that of the producer id.
    let report = kafka("orders = 1", &["broker:shop:2=lose"]);
    tests::holds(&report, "no-duplicate");
    assert_eq!(tests::measure(&report, "log_length"), Some(1));
    let words: Vec<&str> = report.trace.events.iter().filter_map(|event| report.trace.words.of(event.id)).collect();
    assert!(words.contains(&"#0: a duplicate, at offset 0"), "the original offset comes back: {words:?}");
}

#[test]
fn two_in_flight_change_places_without_idempotence() {
    let report = kafka("orders = 2, in-flight = 2, idempotence = false", &["shop:broker:1=lose"]);
    let because = "Order 1 stands behind order 2: shop:broker:1 was lost, and order 2 did not wait for it.";
    tests::is_violated(&report, "order", because);
    tests::holds(&kafka("orders = 2, in-flight = 1, idempotence = false", &["shop:broker:1=lose"]), "order");
    let report = kafka("orders = 2, in-flight = 2", &["shop:broker:2=lose"]);
    tests::holds(&report, "order");
    tests::holds(&report, "no-loss");
}

#[test]
fn idempotence_does_not_survive_the_producer() {
    for transactional in [false, true] {
        let params = format!("orders = 1, transactional-id = {transactional}");
        let report = kafka(&params, &["shop@answered:1.crash=5ms"]);
        let because = "Order 1 was charged twice: shop crashed at 40ms, and sent the order again after its restart, under a \
             number that was new to the broker.";
        tests::is_violated(&report, "no-duplicate", because);
    }
}

#[test]
fn what_an_old_epoch_had_under_way_is_fenced() {
    let force = ["shop:broker:2.delay=100ms", "shop@sent:1.crash=1ms"];
    let report = kafka("orders = 1, gap = \"30ms\", transactional-id = true", &force);
    tests::holds(&report, "no-duplicate");
    let words: Vec<&str> = report.trace.events.iter().filter_map(|event| report.trace.words.of(event.id)).collect();
    assert!(words.contains(&"#0: fenced, an old epoch"), "{words:?}");
    let report = kafka("orders = 1, gap = \"30ms\"", &force);
    let because = "Order 1 was charged twice: shop crashed at 30ms, and sent the order again after its restart, \
                   under a number that was new to the broker.";
    tests::is_violated(&report, "no-duplicate", because);
}

/// The shop waits for the answer instead of running ahead of what the broker remembers.
#[test]
fn a_lost_answer_holds_the_window_back() {
    for in_flight in 1..=5 {
        for answer in 2..=8 {
            let params = format!("orders = 30, in-flight = {in_flight}");
            let report = kafka(&params, &[&format!("broker:shop:{answer}=lose")]);
            for property in ["no-loss", "no-duplicate", "order"] {
                tests::holds(&report, property);
            }
            assert_eq!(report.trace.ended, crate::trace::StopReason::Quiescent);
            assert_eq!(tests::measure(&report, "log_length"), Some(30));
        }
    }
}

#[test]
fn a_restart_after_a_lost_answer_is_named() {
    let force = ["broker:shop:2=lose", "shop@sent:5.crash=10ms"];
    let because = "Order 1 was charged twice: its acknowledgement broker:shop:2 was lost, and shop crashed at 50ms, \
                   and sent the order again after its restart, under a number that was new to the broker. 2 more \
                   orders were charged more than once.";
    let report = kafka("orders = 6", &force);
    tests::is_violated(&report, "no-duplicate", because);
    tests::holds(&report, "no-loss");
}

/// A question for an id that is late is asked again, and has the same answer: else the second
/// answer would fence off the producer that went on with the first.
#[test]
fn a_question_that_is_repeated_has_the_same_answer() {
    for transactional in [false, true] {
        let params = format!("orders = 3, transactional-id = {transactional}");
        for late in ["shop:broker:1.delay=250ms", "broker:shop:1.delay=250ms", "broker:shop:1=lose"] {
            let report = kafka(&params, &[late]);
            for property in ["no-loss", "no-duplicate", "order"] {
                tests::holds(&report, property);
            }
        }
    }
}

/// The question of a former life comes late, and fences off the life that is.
#[test]
fn a_producer_that_is_fenced_is_replaced() {
    let force = ["shop:broker:1.delay=200ms", "shop@taken:1.crash=1ms"];
    let report = kafka("orders = 30, transactional-id = true", &force);
    assert!(report.trace.notes("fenced").count() > 0);
    tests::holds(&report, "no-loss");
    assert_eq!(report.trace.ended, crate::trace::StopReason::Quiescent);
}

#[test]
fn a_broker_that_crashes_keeps_its_numbers() {
    let force = ["broker@appended:2.crash=5ms", "broker@acknowledged:4.crash=5ms"];
    let report = kafka("orders = 5", &force);
    for property in ["no-loss", "no-duplicate", "order"] {
        tests::holds(&report, property);
    }
}
