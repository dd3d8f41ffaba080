//! What the tests of all protocols of this problem share: scenarios from text, and how to ask for a
//! verdict.

use crate::problems::tests::load;
pub(super) use crate::problems::tests::report;
use crate::problems::{Bound, SHIPPED};
use crate::report::{self, Report};
use crate::scenario::{self, Request};

/// A scenario of `protocol` with `nodes`, over a network on which everything takes 10 ms. `extra`
/// is more of its text, keys first; `force` settles choices by hand.
pub(super) fn scenario(protocol: &str, nodes: &str, extra: &str, force: &[&str]) -> Bound {
    load("exactly-once", protocol, &format!("nodes = {nodes}\n{extra}"), force)
        .unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// A shop and a ledger.
pub(super) fn shops(protocol: &str, extra: &str, force: &[&str]) -> Bound {
    scenario(protocol, "[\"shop\", \"ledger\"]", extra, force)
}

fn judged<'a>(report: &'a Report, property: &str) -> &'a report::Judged {
    report.properties.iter().find(|judged| judged.name == property).unwrap()
}

pub(super) fn holds(report: &Report, property: &str) {
    let judged = judged(report, property);
    assert_eq!(judged.verdict.word(), scenario::Expected::Holds, "{property}: {}", judged.verdict.because());
}

pub(super) fn is_violated(report: &Report, property: &str, because: &str) {
    let judged = judged(report, property);
    assert_eq!(judged.verdict.word(), scenario::Expected::Violated, "{property}: {}", judged.verdict.because());
    assert_eq!(judged.verdict.because(), because);
    assert!(!judged.verdict.evidence().is_empty(), "{property} has no evidence");
}

pub(super) fn measure(report: &Report, name: &str) -> Option<i64> {
    report.measures.iter().find(|measured| measured.measure.name == name).unwrap().value
}

/// The rows of the report's table, each as its numbers and its remark.
pub(super) fn rows(report: &Report) -> Vec<String> {
    let table = report.table.as_ref().unwrap();
    let row = |row: &crate::check::Row| {
        let cells: Vec<String> = row.cells.iter().map(ToString::to_string).collect();
        format!("{} {}", cells.join(" "), row.remark).trim_end().to_owned()
    };
    table.rows.iter().map(row).collect()
}

/// `guilt` takes the message right after such a note for the one that the note speaks of.
#[test]
fn notes_that_speak_of_a_message_stand_right_before_it() {
    const SPEAK_OF_THE_NEXT: [&str; 4] = ["sent", "acknowledging", "committing", "marker"];
    for entry in super::PROBLEM.protocols {
        let nodes = match entry.name {
            "consumer-offsets" => "[\"broker\", \"ledger\"]",
            "idempotent-producer" => "[\"shop\", \"broker\"]",
            "transaction" => "3",
            "barriers" => "5",
            _ => "2",
        };
        let gap = if entry.name == "snapshot" { "" } else { "[params]\ngap = \"1ms\"" };
        let lossy = "network.loss = 0.2\nnetwork.duplicate = 0.1\nnetwork.fifo = true\nuntil = \"5s\"";
        let report = report(&scenario(entry.name, nodes, &format!("{lossy}\n{gap}"), &[]));
        let spoken = super::guilt::spoken(&report.trace);
        let mut seen = 0;
        for name in SPEAK_OF_THE_NEXT {
            for (note, _, said) in report.trace.notes(name) {
                assert!(spoken.binary_search_by_key(&note.id, |&(note, _)| note).is_ok(), "{}: {said:?}", entry.name);
                seen += 1;
            }
        }
        assert!(seen > 0, "{} speaks of no message", entry.name);
    }
}

/// A connector reads a log in batches, and is killed when it has passed on two of three records.
#[test]
fn a_reader_that_crashes_in_a_batch_passes_on_again_what_it_had_not_committed() {
    let text = "params = { orders = 9, gap = \"1ms\", commit = \"after\", batch = 3 }\nfault = [{ crash = { node = \
                \"connector\", point = \"charged:5\", for = \"1s\" } }]";
    let report = report(&scenario("consumer-offsets", "[\"wal\", \"connector\"]", text, &[]));
    let because = "Order 4 was charged twice: connector crashed at 60ms, after it had charged the order and before it \
                   committed it.";
    is_violated(&report, "no-duplicate", &format!("{because} One more order was charged more than once."));
    assert_eq!(rows(&report)[3], format!("4 2 2 2 2 1 {because}"));
    assert_eq!(rows(&report)[5], "6 2 2 1 1 1", "the third of the batch was read twice and charged once");
    assert_eq!((measure(&report, "duplicates"), measure(&report, "effects")), (Some(2), Some(11)));
}

/// Clients that wait for 20 ms, and a service that takes 400 ms to hear and to answer.
#[test]
fn impatient_clients_of_a_slow_service_send_twelve_times_as_much() {
    let text = "network.delay = { exponential = { mean = \"200ms\", min = \"50ms\" } }\nuntil = \"30s\"\nparams = { orders = \
                50, gap = \"10ms\", every = \"20ms\" }";
    let text = format!("title = \"t\"\nproblem = \"exactly-once\"\nprotocol = \"at-least-once\"\nnodes = 2\n{text}");
    let request = Request::new("t", &text);
    let report = report(&SHIPPED.load(&request).unwrap());
    assert_eq!(measure(&report, "sends").map(|sends| sends / 50), Some(12));
    let because = "Order 1 was charged 13 times: its acknowledgement ledger:shop:1 took 226.87ms, and shop had sent the \
                   order again by then. 49 more orders were charged more than once.";
    is_violated(&report, "no-duplicate", because);
    let eleventh = &rows(&report)[10];
    assert!(eleventh.contains("and shop had sent it again by then."), "{eleventh}");
}

/// Whatever comes to the ledger kills it.
#[test]
fn crashes_at_one_place_are_counted() {
    let poison =
        "fault = [{ crash = { node = \"ledger\", point = \"received\", probability = 1.0, for = \"100ms\" } }]";
    let text = format!("until = \"5s\"\nparams = {{ orders = 1 }}\n{poison}");
    let report = report(&scenario("consumer-offsets", "[\"broker\", \"ledger\"]", &text, &[]));
    let judged = judged(&report, "no-loss");
    assert_eq!(
        judged.verdict.because(),
        "Order 1 was never charged: ledger crashed 42 times, from 20ms to 4.94s, each time after it had received the \
         order and before it charged it. The run was stopped before it came to rest."
    );
    let again = "fault = [{ crash = { node = \"ledger\", point = \"charged\", probability = 1.0, for = \"100ms\" } }]";
    let text = format!("until = \"1s\"\nparams = {{ orders = 1 }}\n{again}");
    let report = self::report(&scenario("consumer-offsets", "[\"broker\", \"ledger\"]", &text, &[]));
    let because = "Order 1 was charged 9 times: ledger crashed 8 times, from 20ms to 860ms, each time after it had \
                   charged the order.";
    is_violated(&report, "no-duplicate", because);
}

/// A run in which nobody is served violates what each protocol promises in the end; one in which
/// nobody asked holds of nothing.
#[test]
fn who_serves_nobody_is_found_and_who_was_not_asked_is_not_praised() {
    use crate::check::Kind;
    for entry in super::PROBLEM.protocols {
        let nodes = match entry.name {
            "transaction" => "3",
            "barriers" => "5",
            _ => "2",
        };
        let judge = |extra: &str| {
            let report = report(&scenario(entry.name, nodes, extra, &[]));
            let live = report.properties.into_iter().filter(|judged| judged.kind == Kind::Liveness);
            let live = live.map(|judged| (judged.name, judged.verdict)).next();
            live.unwrap_or_else(|| panic!("{} promises nothing in the end", entry.name))
        };
        let tries = match entry.name {
            "at-most-once" | "snapshot" => "network.loss = 1",
            "at-least-once" | "dedup" | "outbox" => "network.loss = 1\nparams.attempts = 3",
            "dual-write" => "network.loss = 1\nparams = { attempts = 3, first = \"message\" }",
            _ => "network.loss = 1\nuntil = \"5s\"",
        };
        let (name, verdict) = judge(tries);
        let wanted = if tries.contains("until") { scenario::Expected::Unknown } else { scenario::Expected::Violated };
        assert_eq!(verdict.word(), wanted, "{}: {name}: {}", entry.name, verdict.because());
        if entry.name != "snapshot" {
            // The first customer would come after the end.
            let (name, verdict) = judge("params.gap = \"10s\"\nuntil = \"5s\"");
            assert!(verdict.is_vacuous(), "{}: {name}: {}", entry.name, verdict.because());
        }
    }
}

/// A table is as good as the disk that it is on.
#[test]
fn a_disk_that_is_lost_takes_the_table_with_it() {
    let crash = "fault = [{ crash = { node = \"ledger\", at = \"45ms\", for = \"5ms\", disk = \"lost\" } }]";
    let report = report(&shops("dedup", &format!("params = {{ orders = 3 }}\n{crash}"), &["ledger:shop:2=lose"]));
    let because = "Order 2 was charged twice: its acknowledgement ledger:shop:2 was lost, and ledger crashed at 45ms and \
                   lost its disk, and what it had recorded with it.";
    is_violated(&report, "no-duplicate", because);
}

/// A shop that loses its journal knows no order that it took, and takes it again.
#[test]
fn a_shop_that_loses_its_books_takes_its_orders_again() {
    let crash = "fault = [{ crash = { node = \"shop\", at = \"45ms\", for = \"5ms\", disk = \"lost\" } }]";
    let report = report(&shops("at-least-once", &format!("params = {{ orders = 1 }}\n{crash}"), &[]));
    let because = "Order 1 was charged twice: shop crashed at 45ms and lost its disk, took the order from its customer \
                   again, and sent it again after its restart.";
    is_violated(&report, "no-duplicate", because);
}
