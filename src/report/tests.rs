//! Statements and questions held against runs.

use super::statement::{hold, seen_at};
use super::{Claims, Report, run};
use crate::library::find;
use crate::problems::SHIPPED;
use crate::scenario::statement::Statement;
use crate::scenario::{By, Request};
use crate::trace::EventId;

fn reported(name: &str, set: &[&str], force: &[&str]) -> Report {
    let story = find(name).unwrap();
    let owned = |flags: &[&str]| -> Vec<String> { flags.iter().map(|&flag| flag.to_owned()).collect() };
    let (set, force) = (owned(set), owned(force));
    let request = Request { name, origin: name, text: &story.text, set: &set, force: &force, seed: None };
    run(&SHIPPED.load(&request).unwrap(), Claims::IfUntouched).unwrap()
}

#[test]
fn an_event_comes_before_what_it_could_have_caused() {
    let trace = reported("last-messenger", &[], &[]).trace;
    let ids: Vec<EventId> = trace.events.iter().map(|event| event.id).collect();
    for event in &trace.events {
        if let Some(cause) = event.cause {
            assert!(trace.happened_before(cause, event.id), "{cause:?} {:?}", event.id);
        }
        assert!(!trace.happened_before(event.id, event.id));
        let both = |&other: &EventId| trace.happened_before(event.id, other) && trace.happened_before(other, event.id);
        assert!(!ids.iter().any(both), "{:?}", event.id);
    }
    // What each general does before anything comes from the other.
    let first_of = |name: &str| {
        let node = trace.names.find(name);
        trace.events.iter().find(|event| event.node == node).unwrap().id
    };
    assert!(!trace.happened_before(first_of("alice"), first_of("bob")));
    assert!(!trace.happened_before(first_of("bob"), first_of("alice")));
}

#[test]
fn statements_are_true_of_a_run_or_not() {
    let report = reported("last-messenger", &[], &[]);
    for (statement, expect) in [
        ("agreement: violated", true),
        ("agreement: holds", false),
        ("messages = 4", true),
        ("messages > 4", false),
        ("messages ≈ 5 ± 1", true),
        ("lost >= 1", true),
        ("decision of bob = attack", true),
        ("decision of bob = retreat", false),
        ("decision of bob = none", false),
        ("decision includes retreat", true),
        ("decision of bob includes retreat", false),
        ("alice:bob:1 before decision of bob", true),
        ("decision of bob before alice:bob:1", false),
        // Bob attacks before the message that Alice waits for is lost, and neither learns of the
        // other.
        ("decision of alice concurrent decision of bob", true),
        ("alice:bob:1 concurrent decision of bob", false),
        ("alice:bob:9 before decision of bob", false),
    ] {
        assert_eq!(hold(&Statement::read(statement).unwrap(), &report).is_ok(), expect, "{statement}");
    }
}

#[test]
fn it_is_known_when_a_statement_is_seen_to_be_true() {
    let report = reported("last-messenger", &[], &[]);
    let seen = |text: &str| seen_at(&Statement::read(text).unwrap(), &report).map(|at| at.ns() / 1_000_000);
    let decided = |node: &str| {
        let decision = report.trace.outputs().find(|&(_, by, _)| report.trace.names.of(by) == node);
        decision.map(|(event, ..)| event.at.ns() / 1_000_000)
    };
    assert_eq!(seen("decision of bob = attack"), decided("bob"));
    assert_eq!(seen("agreement: violated"), decided("alice").max(decided("bob")), "with its last evidence");
    assert_eq!(seen("decision of bob = retreat"), None, "what is not true is never seen");
    assert_eq!(seen("messages = 4"), None, "only the whole run tells");
}

#[test]
fn the_answer_follows_the_run() {
    let answer = |set: &[&str], force: &[&str]| {
        let predictions = reported("three-generals", set, force).predictions();
        assert_eq!(predictions[0].by, By::Run);
        predictions[0].answer.map(|index| predictions[0].choices[index].say.clone()).unwrap()
    };
    assert_ne!(answer(&[], &[]), answer(&["nodes=4"], &[]));
    assert_ne!(answer(&[], &[]), answer(&[], &["bob:alice:1=attack"]));
}

#[test]
fn every_output_of_a_protocol_is_in_its_entry() {
    for story in crate::library::stories() {
        let report = reported(&story.name, &[], &[]);
        for (_, _, output) in report.trace.outputs() {
            let outputs = report.scenario.entry.outputs;
            assert!(outputs.contains(&output.name), "{}: `{}` is not among {outputs:?}", story.name, output.name);
        }
        for decision in report.scenario.entry.decisions {
            assert!(report.scenario.entry.outputs.contains(decision), "{}: {decision}", story.name);
        }
    }
}
