//! Whether behaviours are run in order, each once, and alike on any number of threads and in any
//! room.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use dsys::check::{self, Run};
use dsys::explore::search::{Answer, Effort, StoppedBy, search};
use dsys::problems::Bound;
use dsys::report;
use dsys::scenario::{Downtime, EnemyMay, Expected, SearchSpec};
use dsys::sim::choice::{Departure, Enemy, Enumeration};
use dsys::time::Span;
use dsys::trace::Recording;

use crate::support::load;
use crate::{answer, answer_with, enemy, found};

use EnemyMay::{Corrupt, Crash, Delay, Lie, Lose, Pause, Twice};

/// Scenarios in which an enemy can do something, with what it may do.
fn cases() -> Vec<(Bound, SearchSpec)> {
    let exactly_once = |protocol: &str, params: &str| {
        load(&format!(
            "title = \"t\"\nproblem = \"exactly-once\"\nprotocol = \"{protocol}\"\nnodes = [\"shop\", \"ledger\"]\nuntil = \
             \"400ms\"\n[params]\norders = 1\n{params}\n"
        ))
    };
    let generals = |protocol: &str, nodes: usize, traitors: &str| {
        load(&format!(
            "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n[[fault]]\n\
             traitor = {{ nodes = {traitors}, lie = \"flip\" }}\n"
        ))
    };
    let retry = |attempts: u32| {
        load(&format!(
            "title = \"t\"\nproblem = \"two-generals\"\nprotocol = \"retry\"\nnodes = [\"alice\", \"bob\"]\n[params]\n\
             attempts = {attempts}\n"
        ))
    };
    let ms = Span::from_ms;
    vec![
        (retry(3), enemy(&[Lose], "agreement")),
        (retry(2), enemy(&[Lose, Twice], "validity")),
        (retry(2), enemy(&[Lose, Corrupt], "agreement")),
        (retry(2), SearchSpec { delays: vec![ms(1), ms(40), ms(1)], ..enemy(&[Delay], "agreement") }),
        (generals("oral", 4, "[\"commander\"]"), enemy(&[Lie], "agreement")),
        (generals("oral", 5, "[\"bob\", \"carol\"]"), enemy(&[Lie], "validity")),
        // Many blocks of runs, with the violation in a later one.
        (generals("oral", 6, "[\"alice\", \"bob\", \"carol\"]"), enemy(&[Lie], "validity")),
        (generals("signed", 4, "[\"commander\", \"carol\"]"), enemy(&[Lie], "agreement")),
        (generals("signed", 3, "[\"commander\"]"), enemy(&[Lie], "agreement")),
        (
            exactly_once("dedup", "durable = false"),
            SearchSpec {
                downtimes: vec![Downtime::For(ms(5))],
                points: vec!["acknowledged".to_owned()],
                ..enemy(&[Lose, Crash], "no-duplicate")
            },
        ),
        (
            exactly_once("at-least-once", "attempts = 2"),
            SearchSpec { pauses: vec![ms(200)], ..enemy(&[Pause, Corrupt], "no-loss") },
        ),
    ]
}

/// Every behaviour by its departures, in lexicographic order of what each choice takes, and whether
/// it violates the property: by counting through all options of all choices, which knows nothing of
/// levels.
fn brute(scenario: &Bound, spec: &SearchSpec) -> Vec<(Vec<Departure>, bool)> {
    let (entry, mut runner) = (scenario.entry, scenario.prepare().unwrap());
    let property = entry.properties.iter().find(|known| Some(known.name) == spec.property.as_deref()).unwrap();
    let SearchSpec { may, delays, downtimes, pauses, points, .. } = spec.clone();
    let mut all = Vec::new();
    let mut hold = Enumeration::new(Enemy { may, delays, downtimes, pauses, points });
    let mut digits: Vec<(u32, u32)> = Vec::new();
    loop {
        let departures = (0..).zip(&digits).filter(|&(_, &(_, option))| option > 0);
        let departures: Vec<Departure> = departures.map(|(at, &(_, option))| Departure { at, option }).collect();
        hold.moves.departures.clone_from(&departures);
        let trace = runner.run(scenario.seed, Recording::Outputs(report::needs(entry)), Some(hold));
        let word = check::judge(property, &Run { scenario, trace }).word();
        all.push((departures, word == Expected::Violated));
        hold = runner.take_enumeration().unwrap();
        digits.extend(hold.moves.options.iter().skip(digits.len()).map(|&options| (options, 0)));
        while digits.last().is_some_and(|&(options, option)| option + 1 == options) {
            digits.pop();
        }
        match digits.last_mut() {
            Some((_, option)) => *option += 1,
            None => return all,
        }
    }
}

const UNPRUNED: Effort = Effort { prune: false, ..Effort::DEFAULT };

#[test]
fn every_behaviour_is_run_once_and_the_fewest_departures_first() {
    for (scenario, spec) in cases() {
        let mut all = brute(&scenario, &spec);
        all.sort_by_key(|(departures, _)| (departures.len(), departures.clone()));
        let first = all.iter().position(|&(_, violates)| violates);
        let answer = answer_with(&scenario, &spec, UNPRUNED);
        let (runs, size) = match first {
            Some(first) => (first + 1, Some(all[first].0.len())),
            None => (all.len(), None),
        };
        let what = format!("{} {:?}: {answer:?}", scenario.protocol, spec.may);
        assert_eq!(answer.enumerated, runs as u64, "{what}");
        assert_eq!(answer.found.as_ref().map(|found| found.departures.len()), size, "{what}");
        let deepest = size.unwrap_or_else(|| all.last().unwrap().0.len());
        assert_eq!(answer.deepest as usize, deepest, "{what}");
        let why = if first.is_some() { StoppedBy::Found } else { StoppedBy::Exhausted };
        assert_eq!(answer.stopped_by, why, "{what}");
    }
}

#[test]
fn there_are_cases_of_either_outcome() {
    let outcomes: Vec<bool> = cases().iter().map(|(scenario, spec)| answer(scenario, spec).found.is_some()).collect();
    assert!(outcomes.iter().filter(|&&found| found).count() >= 4, "{outcomes:?}");
    assert!(outcomes.iter().filter(|&&found| !found).count() >= 4, "{outcomes:?}");
}

/// All that an answer says.
fn said(scenario: &Bound, answer: &Answer) -> String {
    let words = answer.in_words(&scenario.names);
    format!("{words}\n{}\n{:?}", answer.to_json("t", &scenario.names), found(scenario, answer))
}

#[test]
fn the_answer_is_the_same_on_any_number_of_threads_and_in_any_room() {
    for (scenario, spec) in cases() {
        for runs in [1, 7, 40, 1_000_000] {
            let with = |threads: usize, room: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let effort = Effort { runs, room, prune: true };
                said(&scenario, &pool.install(|| answer_with(&scenario, &spec, effort)))
            };
            let one = with(1, Effort::DEFAULT.room);
            for (threads, room) in [(2, Effort::DEFAULT.room), (5, Effort::DEFAULT.room), (3, 0), (2, 20_000)] {
                assert_eq!(with(threads, room), one, "{threads} threads, {room} bytes, {runs} runs");
            }
        }
    }
}

#[test]
fn what_is_left_out_could_not_have_changed_the_answer() {
    let mut fewer = 0;
    for (scenario, spec) in cases() {
        let with = |effort| {
            let answer = answer_with(&scenario, &spec, effort);
            let size = answer.found.as_ref().map(|found| found.departures.len());
            ((size, answer.stopped_by), answer.enumerated)
        };
        let (all, some) = (with(UNPRUNED), with(Effort::DEFAULT));
        assert_eq!(some.0, all.0, "{} {:?}", scenario.protocol, spec.may);
        fewer += u32::from(some.1 < all.1);
    }
    assert!(fewer >= 2, "{fewer} searches were any shorter");
}

#[test]
fn a_corrupted_message_is_no_lost_one_where_it_holds_up_others() {
    let text = "title = \"t\"\nproblem = \"two-generals\"\nprotocol = \"retry\"\nnodes = [\"alice\", \"bob\"]\n[params]\n\
                attempts = 2\n[network]\nfifo = true\n";
    let spec = enemy(&[Lose, Corrupt], "validity");
    let count = |effort| answer_with(&load(text), &spec, effort).enumerated;
    assert_eq!(count(UNPRUNED), count(Effort::DEFAULT));
}

#[test]
fn words_with_the_effect_of_another_change_nothing_either() {
    // Of the four words, oral messages try two in a slot, and signed ones those that a traitor
    // could say there.
    for (protocol, nodes, slots) in [("oral", 3, 1), ("oral", 4, 2), ("signed", 3, 2)] {
        let all = ["attack", "retreat", "silent", "attack+retreat"];
        let ways = 4_usize.pow(slots);
        let violates = |way: usize| {
            let others = ["alice", "carol"].iter().filter(|&&name| name != "carol" || nodes > 3);
            let slots: Vec<String> = match protocol {
                "oral" => others.map(|to| format!("bob:{to}:1")).collect(),
                _ => (1..=2).map(|nth| format!("bob:alice:{nth}")).collect(),
            };
            let words = slots
                .iter()
                .enumerate()
                .map(|(slot, name)| format!("\"{name}\" = \"{}\"", all[way / 4_usize.pow(slot as u32) % 4]));
            let words = words.collect::<Vec<_>>().join(", ");
            let scenario = load(&format!(
                "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n[[fault]]\n\
                 traitor = {{ node = \"bob\", lie = \"scripted\", words = {{ {words} }} }}\n"
            ));
            let report = report::run(&scenario, report::Claims::Always).unwrap();
            report.properties.iter().any(|judged| judged.verdict.word() == Expected::Violated)
        };
        let scenario = load(&format!(
            "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n[[fault]]\n\
             traitor = {{ node = \"bob\", lie = \"flip\" }}\n"
        ));
        let any = SearchSpec { property: None, ..enemy(&[Lie], "") };
        assert_eq!((0..ways).any(violates), answer(&scenario, &any).found.is_some(), "{protocol}, {nodes} generals");
    }
}

/// Five oral generals whose commander lies: 16 behaviours, none of which breaks anything.
fn sixteen() -> (Bound, SearchSpec) {
    let text = "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"oral\"\nnodes = 5\n[[fault]]\n\
                traitor = { node = \"commander\", lie = \"flip\" }\n";
    (load(text), enemy(&[Lie], "agreement"))
}

#[test]
fn a_search_does_what_it_may_and_says_no_more() {
    let (scenario, spec) = sixteen();
    let check = |at_most: Option<u32>, runs: u64, expect: (StoppedBy, u64, u32, u64), says: &str| {
        let spec = SearchSpec { at_most, ..spec.clone() };
        let answer = answer_with(&scenario, &spec, Effort { runs, ..Effort::DEFAULT });
        let Answer { stopped_by, enumerated, deepest, sampled, .. } = answer;
        assert_eq!((stopped_by, enumerated, deepest, sampled), expect);
        assert_eq!(answer.in_words(&scenario.names), says);
    };
    let exhausted = "None: all 16 behaviours were run. What the enemy does not decide was drawn from the seed.";
    check(None, 1_000, (StoppedBy::Exhausted, 16, 4, 0), exhausted);
    check(Some(4), 16, (StoppedBy::Exhausted, 16, 4, 0), exhausted);
    let two = "None with at most 2 lies (11 runs); more were not tried.";
    check(Some(2), 1_000, (StoppedBy::AtMost, 11, 2, 0), two);
    let two = "None with at most 2 lies (11 runs). More were not tried.";
    check(None, 11, (StoppedBy::Budget, 11, 2, 0), two);
    let drawn = "None with at most 2 lies (11 runs). Beyond that, 3 behaviours were drawn at random. \
                 None violates it, which proves nothing.";
    check(None, 14, (StoppedBy::Budget, 11, 2, 3), drawn);
    let one = "None with at most 0 lies (1 run). More were not tried.";
    check(None, 1, (StoppedBy::Budget, 1, 0, 0), one);
}

#[test]
fn an_interrupted_search_tells_what_is_known() {
    let (scenario, spec) = sixteen();
    let calls = AtomicU64::new(0);
    let told = |progress: dsys::explore::search::Progress| {
        calls.fetch_add(1, Relaxed);
        if progress.depth == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let answer = search(&scenario, &spec, Effort::DEFAULT, &told).unwrap();
    assert!(answer.was_interrupted && answer.stopped_by == StoppedBy::Budget);
    assert_eq!((answer.enumerated, answer.deepest, calls.into_inner()), (5, 1, 3));
    let words = "None with at most 1 lie (5 runs). More were not tried.";
    assert_eq!(answer.in_words(&scenario.names), words);
    let at_once = search(&scenario, &spec, Effort::DEFAULT, &|_| ControlFlow::Break(())).unwrap();
    assert_eq!((at_once.enumerated, at_once.stopped_by), (0, StoppedBy::Budget));
    assert_eq!(at_once.in_words(&scenario.names), "Nothing is known: not one behaviour was run.");
}

#[test]
fn samples_find_what_is_too_deep_and_leave_out_what_is_not_needed() {
    let text = "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"oral\"\nnodes = 6\n[params]\nm = 2\n\
                [[fault]]\ntraitor = { nodes = [\"dave\", \"erin\"], lie = \"flip\" }\n";
    let scenario = load(text);
    let spec = enemy(&[Lie], "validity");
    let answer = answer_with(&scenario, &spec, Effort { runs: 3_000, ..Effort::DEFAULT });
    let found = answer.found.as_ref().unwrap();
    assert!(found.by_chance && answer.stopped_by == StoppedBy::Found);
    assert_eq!((answer.enumerated, answer.deepest), (1 + 32 + 496, 2));
    assert!(answer.sampled > 0 && answer.sampled <= 3_000 - answer.enumerated);
    assert!((6..=12).contains(&found.departures.len()), "{:?}", found.departures);
    let words = answer.in_words(&scenario.names);
    assert!(
        words.starts_with("Found by chance, among ") && words.contains("more than 2 lies may be enough"),
        "{words}"
    );
}

#[test]
fn nothing_to_decide_is_one_behaviour() {
    let text = "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"oral\"\nnodes = 4\n";
    let scenario = load(text);
    let answer = answer(&scenario, &enemy(&[Lie], "agreement"));
    assert_eq!((answer.enumerated, answer.choices, answer.stopped_by), (1, 0, StoppedBy::Exhausted));
    let words = "None: nothing came up that the enemy may decide. There is one behaviour, and it was run.";
    assert_eq!(answer.in_words(&scenario.names), words);
}

#[test]
fn what_a_limit_cut_short_is_not_ruled_out() {
    let text = "title = \"t\"\nproblem = \"two-generals\"\nprotocol = \"retry\"\nnodes = [\"alice\", \"bob\"]\n[limits]\n\
                events = 5\n";
    let scenario = load(text);
    let answer = answer(&scenario, &SearchSpec { at_most: Some(1), ..enemy(&[Lose], "agreement") });
    assert!(answer.unknown > 0 && answer.found.is_none());
    let words = answer.in_words(&scenario.names);
    assert!(words.contains("nobody can say"), "{words}");
}
