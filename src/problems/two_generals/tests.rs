//! What the protocols share: the judges on runs that no protocol makes, the words, the complaints.
//! And helpers for the protocols' tests.

use super::judge::knowledge;
use super::*;
use crate::check::{Run, Verdict, judge};
use crate::problems::Bound;
use crate::process::{MessageId, Names, Output, Value};
use crate::report::{self, Claims, Report};
use crate::scenario::{Fate, Fault, Lie, Link, Params, Probability, Traitors};
use crate::time::Time;
use crate::trace::{EventKind, Recording, StopReason, Trace};

/// A scenario of two generals in which nothing goes wrong.
pub(super) fn generals(protocol: &str, params: &str) -> Scenario {
    Scenario::bare("two-generals", protocol, &["alice", "bob"], params)
}

/// The scenario in which messages fail with `p` on the way to bob and with `q` on the way back.
pub(super) fn lossy(mut scenario: Scenario, p: f64, q: f64) -> Scenario {
    let with = |loss| Link { loss: Probability::new(loss).unwrap(), ..Link::default() };
    scenario.network.exceptions = vec![(ALICE, BOB, with(p)), (BOB, ALICE, with(q))];
    scenario
}

/// The scenario in which the network does this to one message.
pub(super) fn with_fate(mut scenario: Scenario, message: MessageId, fate: Fate) -> Scenario {
    scenario.faults.push(Fault::Message { message, fate });
    scenario
}

pub(super) fn to_bob(nth: u32) -> MessageId {
    MessageId::first(ALICE, BOB, nth)
}

pub(super) fn to_alice(nth: u32) -> MessageId {
    MessageId::first(BOB, ALICE, nth)
}

/// Runs a scenario, and checks that each general decides once, and that a run of which little is
/// kept is judged the same.
pub(super) fn run(scenario: &Scenario) -> Report {
    let scenario = &Bound::of(scenario);
    let report = report::run(scenario, Claims::Always).unwrap();
    for general in [ALICE, BOB] {
        let told = report.trace.outputs().filter(|&(_, by, _)| by == general).count();
        assert!(told <= 1, "{} tells {told} decisions", report.trace.names.of(general));
    }
    let (entry, mut runner) = (scenario.entry, scenario.prepare().unwrap());
    let trace = runner.run(scenario.seed, Recording::Outputs(report::needs(entry)), None);
    let fast = Run { scenario, trace };
    for (property, judged) in entry.properties.iter().zip(&report.properties) {
        assert_eq!(judge(property, &fast).word(), judged.verdict.word(), "{}", property.name);
    }
    for (measure, measured) in entry.measures.iter().zip(&report.measures) {
        assert_eq!(measure.of.of(&fast), measured.value, "{}", measure.name);
    }
    report
}

pub(super) fn measure(report: &Report, name: &str) -> Option<i64> {
    report.measures.iter().find(|measured| measured.measure.name == name).unwrap().value
}

pub(super) fn verdict<'a>(report: &'a Report, name: &str) -> &'a Verdict {
    &report.properties.iter().find(|judged| judged.name == name).unwrap().verdict
}

/// The verdicts on agreement, validity and termination, by their first letters.
pub(super) fn verdicts(report: &Report) -> String {
    report
        .properties
        .iter()
        .map(|judged| format!("{:?}", judged.verdict.word()).to_lowercase()[..1].to_owned())
        .collect()
}

/// Whether theory gives so much, within rounding.
pub(super) fn expects(scenario: &Scenario, of: &str, value: f64) {
    let entry = crate::problems::SHIPPED.entry("two-generals", &scenario.protocol).unwrap();
    let theory = entry.theory.iter().find(|theory| theory.of == of).unwrap();
    let given = (theory.value)(scenario).unwrap_or_else(|| panic!("no theory of {of}"));
    assert!((given - value).abs() <= 5e-6 * value.abs().max(1e-3), "{of}: {given}, not {value}");
}

/// Whether theory is silent on all that it knows of a protocol.
pub(super) fn is_silent(scenario: &Scenario) -> bool {
    let entry = crate::problems::SHIPPED.entry("two-generals", &scenario.protocol).unwrap();
    entry.theory.iter().all(|theory| (theory.value)(scenario).is_none())
}

/// A trace in which generals note their orders and tell their decisions.
fn told(orders: &[(NodeId, &'static str)], decisions: &[(NodeId, &'static str)], ended: StopReason) -> Trace {
    let mut trace = Trace::new(Names::new(["alice", "bob"]));
    trace.ended = ended;
    for &(node, word) in orders {
        trace.push(Time::ZERO, Some(node), None, EventKind::Noted(Output { name: "order", value: Value::Word(word) }));
    }
    for &(node, word) in decisions {
        trace.push(
            Time::ZERO,
            Some(node),
            None,
            EventKind::Output(Output { name: "decision", value: Value::Word(word) }),
        );
    }
    trace
}

/// The verdicts on agreement, validity and termination, each by its sign.
fn signs(
    orders: &[(NodeId, &'static str)],
    decisions: &[(NodeId, &'static str)],
    ended: StopReason,
    crashed: &[NodeId],
) -> String {
    let scenario = generals("ack-chain", "");
    let mut trace = told(orders, decisions, ended);
    trace.crashed.extend(crashed);
    let run = Run { scenario: &scenario, trace: &trace };
    ack_chain::ENTRY.properties.iter().map(|property| judge(property, &run).sign()).collect()
}

#[test]
fn judges_know_runs_that_no_protocol_makes() {
    let (attack, none) = ([(ALICE, "attack")], [(ALICE, "none")]);
    let both = [(ALICE, "attack"), (BOB, "attack")];
    let alone = [(ALICE, "attack"), (BOB, "retreat")];
    let neither = [(ALICE, "retreat"), (BOB, "retreat")];
    let check = |orders: &[_], decisions: &[_], ended, expected: &str| {
        assert_eq!(signs(orders, decisions, ended, &[]), expected, "{orders:?} {decisions:?} {ended:?}");
    };
    check(&attack, &both, StopReason::Quiescent, "✓✓✓");
    // Nobody attacks, so nobody could be alone.
    check(&none, &neither, StopReason::Quiescent, "–✓✓");
    // Nobody may attack without an order, and with one and no loss nobody may stay.
    check(&none, &both, StopReason::Quiescent, "✓✗✓");
    check(&none, &alone, StopReason::Quiescent, "✗✗✓");
    check(&[], &both, StopReason::Quiescent, "✓✗✓");
    check(&attack, &neither, StopReason::Quiescent, "–✗✓");
    check(&attack, &alone, StopReason::Quiescent, "✗✗✓");
    // One order of two binds nobody.
    check(&[(ALICE, "attack"), (BOB, "none")], &neither, StopReason::Quiescent, "––✓");
    check(&[(ALICE, "attack"), (BOB, "none")], &both, StopReason::Quiescent, "✓–✓");
    // A general that has not decided may still attack, unless nothing is left to happen.
    check(&attack, &both[..1], StopReason::TimeLimit, "?✓?");
    check(&attack, &both[..1], StopReason::Quiescent, "✗✓✗");
    check(&attack, &both, StopReason::EventLimit, "???");
    check(&attack, &alone, StopReason::EventLimit, "✗✗?");
    // Nobody decides: that is no success.
    check(&attack, &[], StopReason::Quiescent, "––✗");
    check(&attack, &[], StopReason::TimeLimit, "––?");
}

#[test]
fn only_those_who_stay_up_have_to_decide() {
    let attack = [(ALICE, "attack")];
    assert_eq!(signs(&attack, &attack, StopReason::TimeLimit, &[BOB]), "?✓✓");
    assert_eq!(signs(&attack, &[], StopReason::Quiescent, &[BOB]), "––✗", "alice is up");
    assert_eq!(signs(&attack, &[], StopReason::Quiescent, &[BOB, ALICE]), "–––", "nobody had to");
}

#[test]
fn knowledge_is_told_from_the_outside_in() {
    let names = Names::new(["alice", "bob"]);
    for (depth, words) in [
        (0, "no word of the plan has arrived"),
        (1, "bob knows the plan"),
        (2, "alice knows that bob knows the plan"),
        (3, "bob knows that alice knows that bob knows the plan"),
        (6, "alice knows that bob knows that alice knows that bob knows that alice knows that bob knows the plan"),
        (
            7,
            "bob knows that alice knows that bob knows that alice knows that bob knows that alice knows … the plan (7 deep)",
        ),
    ] {
        assert_eq!(knowledge(depth, &names), words);
    }
}

#[test]
fn what_cannot_be_run_is_refused() {
    let check = |scenario: &Scenario, expected: &str| {
        let complaints = Bound::of(scenario).prepare().err().unwrap_or_default();
        let messages: Vec<&str> = complaints.iter().map(|complaint| complaint.message.as_str()).collect();
        assert_eq!(messages.join("; "), expected);
    };
    let three = Scenario::bare("two-generals", "ack-chain", &["alice", "bob", "carol"], "");
    check(&three, "two generals are two, and this scenario has 3");
    check(&Scenario::bare("two-generals", "retry", &["alice"], ""), "two generals are two, and this scenario has 1");
    check(&generals("messengers", "messengers = 0"), "`messengers` must be at least 1, not 0");
    check(&generals("messengers", "ack-messengers = 1000001"), "1000001 messengers are too many");
    check(&generals("retry", "attempts = 0"), "`attempts` must be at least 1, not 0");
    check(&generals("randomized", "rounds = 0"), "`rounds` must be at least 1, not 0");
    check(&generals("ack-chain", "deadline = \"0s\""), "`deadline` must be longer than nothing, not `0s`");
    let mut traitor = generals("retry", "");
    let arguments = Params::new(&toml::de::DeTable::parse("").unwrap());
    let lie = Lie { name: "flip".to_owned(), span: 0..0, arguments };
    traitor.faults.push(Fault::Traitor { who: Traitors::These(vec![BOB]), lie });
    check(&traitor, "the two generals are loyal: no protocol of this problem has lies");
}

#[test]
fn a_count_of_nodes_gives_names() {
    assert_eq!(node_names(2), ["alice", "bob"]);
    assert_eq!(node_names(3), ["alice", "bob", "general-3"]);
}

#[test]
fn without_an_order_nobody_attacks() {
    for (protocol, params) in [
        ("ack-chain", "order = \"none\""),
        ("messengers", "order = \"none\""),
        ("retry", "order = \"none\""),
        ("randomized", "orders = [\"none\", \"none\"]"),
        ("randomized", "orders = [\"attack\", \"none\"]"),
        ("randomized", "orders = [\"none\", \"attack\"]"),
    ] {
        let report = run(&generals(protocol, params));
        assert_eq!(
            (verdicts(&report).as_str(), measure(&report, "attackers")),
            ("hhh", Some(0)),
            "{protocol} {params}"
        );
        assert_eq!(measure(&report, "alone_given_attack"), None);
    }
}

#[test]
fn with_an_order_and_no_loss_both_attack() {
    for (protocol, params) in [
        ("ack-chain", "acks = 0"),
        ("ack-chain", "acks = 1"),
        ("ack-chain", "acks = 12"),
        ("messengers", "messengers = 1"),
        ("messengers", "messengers = 5\nack-messengers = 3"),
        ("retry", "attempts = 1"),
        ("retry", "attempts = 9"),
        ("randomized", "rounds = 1"),
        ("randomized", "rounds = 12"),
    ] {
        let report = run(&generals(protocol, params));
        assert_eq!(
            (verdicts(&report).as_str(), measure(&report, "attackers")),
            ("hhh", Some(2)),
            "{protocol} {params}"
        );
    }
}

#[test]
fn a_general_who_crashes_leaves_the_other_alone() {
    let mut scenario = generals("ack-chain", "acks = 0");
    let at = Time::from_ns(1);
    scenario.faults.push(Fault::crash(BOB, crate::scenario::CrashWhen::At(at), None));
    let report = run(&scenario);
    assert_eq!(verdicts(&report), "vhh");
    let because = verdict(&report, "agreement").because();
    assert!(because.starts_with("alice attacks alone: alice:bob:1 came at ") && because.contains("when bob was down"));
    assert_eq!(measure(&report, "knowledge_depth"), None);
}
