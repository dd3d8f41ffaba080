//! What the tests of all protocols of this problem share: scenarios from text, and how to ask for a verdict.

use crate::problems::Registry;
use crate::report::{self, Claims, Report};
use crate::scenario::{self, Request, Scenario};

/// A scenario of `protocol` with `nodes`, over a network on which everything takes 10 ms. `extra` is more of its text,
/// keys first; `force` settles choices by hand.
pub(super) fn scenario(protocol: &str, nodes: &str, extra: &str, force: &[&str]) -> Scenario {
    let text = format!(
        "title = \"A test\"\nproblem = \"exactly-once\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\nnetwork.delay = \
         \"10ms\"\n{extra}\n"
    );
    let force: Vec<String> = force.iter().map(|&choice| choice.to_owned()).collect();
    let request = Request { name: "test", origin: "test.toml", text: &text, set: &[], force: &force, seed: None };
    scenario::load(&request, &Registry).unwrap_or_else(|invalid| panic!("{}", invalid.styled()))
}

/// A shop and a ledger.
pub(super) fn shops(protocol: &str, extra: &str, force: &[&str]) -> Scenario {
    scenario(protocol, "[\"shop\", \"ledger\"]", extra, force)
}

pub(super) fn report(scenario: &Scenario) -> Report {
    let report = report::run(scenario, Claims::Always).unwrap();
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    report
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
        let mut seen = 0;
        for name in SPEAK_OF_THE_NEXT {
            for (note, node, said) in report.trace.notes(name) {
                let next = super::guilt::message_after(&report.trace, note.id);
                assert!(next.is_some_and(|(_, message)| message.from() == node), "{}: {said:?}", entry.name);
                seen += 1;
            }
        }
        assert!(seen > 0, "{} speaks of no message", entry.name);
    }
}
