//! Reports of runs in which everything happens that a report can show.

use super::timeline::Details;
use super::*;
use crate::check::{Kind, Verdict};
use crate::problems::Bound;
use crate::process::{MessageId, NodeId, Output, Value};
use crate::report::{self, Claims, Judged};
use crate::scenario::statement::Statement;
use crate::scenario::{
    Beat, BeatWhen, Claim, CrashWhen, Fate, Fault, Lie, Params, Predict, PredictChoice, Right, Scenario, Traitors, Try,
    When,
};
use crate::time::{Span, Time};
use crate::trace::{EventId, EventKind, StopReason, Trace};

const PRINT: Print<'static> =
    Print { columns: 100, scenario: "my.toml", again: "dsys run my.toml --seed 1", has_states: false };

fn generals(count: usize, m: u32) -> Scenario {
    let names = (crate::problems::byzantine_generals::PROBLEM.node_names)(count);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Scenario::bare("byzantine-generals", "oral", &names, &format!("m = {m}"))
}

fn traitor(node: u16) -> Fault {
    let arguments = Params::new(&toml::de::DeTable::parse("").unwrap());
    let lie = Lie { name: "flip".to_owned(), span: 0..0, arguments };
    Fault::Traitor { who: Traitors::These(vec![NodeId::new(node)]), lie }
}

fn message(from: u16, to: u16, nth: u32) -> MessageId {
    MessageId::first(NodeId::new(from), NodeId::new(to), nth)
}

fn rendered(scenario: &Scenario, columns: usize) -> String {
    let report = report::run(&Bound::of(scenario), Claims::Always).unwrap();
    let text = render(&report, &Print { columns, ..PRINT });
    let plain = anstream::adapter::strip_str(&text).to_string();
    for line in plain.lines() {
        assert!(width(line) <= columns || line.contains("dsys run"), "{} columns: {line}", width(line));
        assert!(!line.ends_with(' '), "blanks at the end: {line:?}");
    }
    plain
}

/// Three generals, to whom everything happens that a timeline can show of messages, crashes and
/// pauses.
fn eventful() -> Scenario {
    let mut scenario = generals(3, 1);
    let violated = Statement::Verdict { property: "agreement".to_owned(), expected: Claim::Violated };
    let choice = |say: &str, right| PredictChoice { say: say.to_owned(), right };
    scenario.story.setup = "Three generals plan an attack.".to_owned();
    scenario.story.lesson = "They should have been four.".to_owned();
    scenario.story.predict = vec![Predict {
        ask: "Do they agree?".to_owned(),
        when: None,
        choices: vec![
            choice("Yes.", Right::When(When::Not(Box::new(When::Is(violated.clone()))))),
            choice("No.", Right::When(When::Is(violated))),
            choice("They cannot know.", Right::Never("This is about what they do.".to_owned())),
        ],
        none: None,
    }];
    scenario.story.beats = vec![
        Beat { when: BeatWhen::At(Time::ZERO), say: "It begins.".to_owned() },
        Beat { when: BeatWhen::On(message(2, 1, 1)), say: "Bob lies.".to_owned() },
        Beat { when: BeatWhen::At(Time::from_ns(59_000_000_000)), say: "It has ended.".to_owned() },
    ];
    scenario.story.try_next = vec![Try { says: None, flags: "--set nodes=4".to_owned() }];
    scenario.faults = vec![
        traitor(2),
        Fault::Message { message: message(0, 1, 1), fate: Fate::Twice },
        Fault::Message { message: message(1, 2, 1), fate: Fate::Lose },
        Fault::pause(NodeId::new(2), Time::from_ns(1_000_000), Some(Span::from_ms(2))),
        Fault::crash(NodeId::new(1), CrashWhen::At(Time::from_ns(45_000_000)), Some(Span::from_ms(2))),
    ];
    scenario
}

#[test]
fn a_report_shows_what_happened() {
    insta::assert_snapshot!(rendered(&eventful(), 100));
}

#[test]
fn a_long_run_is_told_without_its_middle_and_says_of_how_much() {
    let mut scenario = generals(7, 2);
    scenario.faults = vec![traitor(5), traitor(6)];
    insta::assert_snapshot!(rendered(&scenario, 100));
}

#[test]
fn where_lanes_do_not_fit_names_stand_in_their_place() {
    let mut scenario = generals(4, 1);
    scenario.faults = vec![traitor(3)];
    insta::assert_snapshot!(rendered(&scenario, 50));
}

#[test]
fn a_report_fits_every_width() {
    for columns in 40..100 {
        rendered(&eventful(), columns);
    }
}

/// A report of three generals in place of whose run stands this one, made by hand.
fn report_of(happens: impl FnOnce(&mut Trace)) -> Report {
    let mut scenario = generals(3, 1);
    scenario.faults = vec![Fault::Partition {
        groups: vec![vec![NodeId::new(0)], vec![NodeId::new(1), NodeId::new(2)]],
        at: Time::ZERO,
        lasts: None,
        one_way: true,
    }];
    let mut report = report::run(&Bound::of(&scenario), Claims::Always).unwrap();
    let mut trace = Trace::new(scenario.names.clone());
    happens(&mut trace);
    report.trace = trace;
    report.properties.clear();
    report
}

fn timeline_of(report: &Report, columns: usize) -> String {
    anstream::adapter::strip_str(&timeline::timeline(report, Details::default(), columns)).to_string()
}

#[test]
fn every_kind_of_event_has_its_row() {
    let report = report_of(|trace| {
        let [commander, alice, bob] = [0, 1, 2].map(|node| Some(NodeId::new(node)));
        trace.traitors.push(NodeId::new(2));
        let mut ms = 0;
        let mut push = |node, cause: Option<EventId>, what, words: &str, truth: &str| {
            ms += 1;
            let id = trace.push(Time::from_ns(ms * 1_000_000), node, cause, what);
            trace.words.push(id, &words);
            trace.truths.push(id, &truth);
            id
        };
        let first = message(0, 1, 1);
        push(None, None, EventKind::Partitioned(0), "", "");
        let sent = push(commander, None, EventKind::Sent { message: first, lie: false }, "attack", "");
        push(alice, Some(sent), EventKind::Cut(first), "", "");
        push(None, None, EventKind::Healed(0), "", "");
        push(bob, None, EventKind::Withheld(message(2, 1, 1)), "", "attack");
        let lie = push(bob, None, EventKind::Sent { message: message(2, 0, 1), lie: true }, "retreat", "nothing");
        push(alice, None, EventKind::Crashed, "", "");
        push(commander, Some(lie), EventKind::Corrupted(message(2, 0, 1)), "", "");
        let second = message(0, 1, 2);
        let sent = push(commander, None, EventKind::Sent { message: second, lie: false }, "again", "");
        push(alice, Some(sent), EventKind::ToCrashed(second), "", "");
        push(alice, None, EventKind::Restarted, "", "");
        let passed = push(alice, None, EventKind::Passed { point: "charged", nth: 2 }, "", "");
        push(alice, Some(passed), EventKind::Crashed, "", "");
        push(commander, None, EventKind::Paused, "", "");
        push(commander, None, EventKind::Resumed, "", "");
        push(commander, None, EventKind::ClockStepped(Span::from_ms(-5)), "", "");
        push(commander, None, EventKind::ClockSlewed(Span::from_ms(5)), "", "");
        push(commander, None, EventKind::ClockDrifted(-50_500), "", "");
        push(commander, None, EventKind::Wrote, "order = attack", "");
        push(commander, None, EventKind::Noted(Output { name: "for-judges", value: Value::Number(1) }), "", "");
        push(commander, None, EventKind::Noted(Output { name: "seen", value: Value::Number(1) }), "by people", "");
        push(commander, None, EventKind::Output(Output { name: "decision", value: Value::Word("attack") }), "", "");
        for nth in 2..9 {
            push(bob, None, EventKind::Sent { message: message(2, 1, nth), lie: false }, "late", "");
        }
        trace.counts.in_flight = 7;
        trace.ended_at = Time::from_ns(60_000_000_000);
        trace.ended = StopReason::TimeLimit;
    });
    insta::assert_snapshot!("every_kind_beside_lanes", timeline_of(&report, 100));
    insta::assert_snapshot!("every_kind_without_lanes", timeline_of(&report, 48));
}

#[test]
fn what_a_verdict_rests_on_is_never_left_out() {
    let proof = EventId::new(500);
    let mut report = report_of(|trace| {
        for ns in 0..1_200 {
            let output = Output { name: "tick", value: Value::Number(ns) };
            trace.push(Time::from_ns(ns.unsigned_abs()), Some(NodeId::new(1)), None, EventKind::Output(output));
        }
    });
    let verdict = Verdict::Violated { because: "See.".to_owned(), evidence: vec![proof] };
    report.properties.push(Judged { name: "safety", kind: Kind::Safety, verdict, expected: None });
    let timeline = timeline_of(&report, 100);
    assert!(timeline.contains("!    500ns"), "{timeline}");
    assert!(timeline.contains("… 464 events not shown; --trace FILE writes all"), "{timeline}");
    assert!(timeline.contains("… 679 events not shown; --trace FILE writes all"), "{timeline}");
    let shown = timeline.lines().filter(|line| line.contains("tick")).count();
    assert_eq!(shown + 464 + 679, 1_200);
}

#[test]
fn a_report_says_where_it_is_not_as_claimed() {
    let mut scenario = generals(3, 1);
    scenario.expect = Some(vec![("agreement".to_owned(), Claim::Violated)]);
    let text = rendered(&scenario, 100);
    assert!(text.contains("Not as the scenario claims: agreement: holds, not violated."), "{text}");
}

#[test]
fn the_story_is_told_only_of_the_run_that_it_is_about() {
    let mut scenario = eventful();
    scenario.overridden = vec![("seed".to_owned(), "1".to_owned())];
    let text = rendered(&scenario, 100);
    assert!(!text.contains("Bob lies.") && !text.contains("You were asked"), "{text}");
}

#[test]
fn a_run_that_asks_tells_nothing_of_the_answer_before() {
    for story in crate::library::stories() {
        let (name, text) = (story.name.as_str(), story.text.as_str());
        let request = crate::scenario::Request { name, origin: name, text, set: &[], force: &[], seed: None };
        let report = report::run(&crate::problems::SHIPPED.load(&request).unwrap(), Claims::IfUntouched).unwrap();
        let parts = render_asking(&report, &PRINT);
        let questions: Vec<usize> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Question(number, _) => Some(*number),
                Part::Text(_) => None,
            })
            .collect();
        let mut all = questions.clone();
        all.sort_unstable();
        assert!(all.iter().copied().eq(0..report.scenario.story.predict.len()), "{name}: each once: {questions:?}");
        let last = parts.iter().rposition(|part| matches!(part, Part::Question(..))).unwrap();
        let plain = |parts: &[Part]| -> String {
            let texts = parts.iter().map(|part| match part {
                Part::Text(text) | Part::Question(_, text) => anstream::adapter::strip_str(text).to_string(),
            });
            texts.collect()
        };
        let (before, after) = (plain(&parts[..last]), plain(&parts[last..]));
        for told in ["Verdicts\n", "What it means\n", "\n!"] {
            assert!(!before.contains(told), "{name}: {told:?} before the question:\n{before}");
        }
        assert!(after.contains("Verdicts\n") && !format!("{before}{after}").contains('\u{1e}'), "{name}");
    }
}
