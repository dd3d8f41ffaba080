//! Whether a found case can be made again: by a command, and as a scenario of its own.

use dsys::explore::search::{Found, Saved, Settled};
use dsys::library;
use dsys::problems::{Bound, SHIPPED};
use dsys::report::{self, Claims};
use dsys::scenario::{By, Request};

use crate::answer;

fn forced(scenario: &Bound, settled: &[Settled]) -> Vec<String> {
    let names = &scenario.names;
    settled.iter().map(|(choice, decision)| format!("{}={}", choice.name(names), decision.option(names))).collect()
}

/// Searches a shipped scenario, and makes what is found again in both ways.
fn check(story: &str, set: &[&str], force: &[&str]) -> Found {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let text = library::find(story).unwrap().text;
    let (set, force) = (owned(set), owned(force));
    let request = Request { name: story, origin: story, text: &text, set: &set, force: &force, seed: Some(3) };
    let scenario = SHIPPED.load(&request).unwrap_or_else(|wrong| panic!("{wrong}"));
    let found = answer(&scenario, scenario.search.as_ref().unwrap()).found.unwrap_or_else(|| panic!("{story}: none"));
    let meant = found.report.trace.digest;

    let pinned = found.pinned.as_ref().unwrap();
    let all = [force.clone(), forced(&scenario, &found.departures), forced(&scenario, pinned)].concat();
    let again = SHIPPED.load(&Request { force: &all, ..request }).unwrap_or_else(|wrong| panic!("{wrong}"));
    let again = report::run(&again, Claims::IfUntouched).unwrap();
    assert_eq!(again.trace.digest, meant, "{story}: {all:?}");
    assert_eq!(again.warnings, [""; 0], "{story}");

    let text = found.as_scenario(&request, &Saved { title: "Found", setup: "It was found." }).unwrap();
    let saved = Request::new("saved", &text);
    let saved = SHIPPED.load(&saved).unwrap_or_else(|wrong| panic!("{wrong}\n{text}"));
    let report = report::run(&saved, Claims::IfUntouched).unwrap();
    assert_eq!((report.expected, report.trace.digest), (Some(true), meant), "{story}\n{text}");
    found
}

#[test]
fn what_was_found_is_found_again() {
    for (story, set, force) in [
        ("three-generals", &[][..], &[][..]),
        ("seven-generals-too-shallow", &[], &[]),
        ("withheld-chain", &["nodes=4"], &[]),
        ("last-messenger", &["params.acks=6"], &["bob:alice:1=deliver"]),
        // Chance would lose some of what the enemy delivers.
        ("retry-until-the-deadline", &["seed=8"], &[]),
        ("randomized-attack", &[], &[]),
        ("the-table-that-forgot", &["params.orders=3"], &["ledger:shop:2=twice"]),
        ("between-charge-and-record", &["search.downtimes=[\"forever\", \"20ms\"]"], &[]),
        ("where-fencing-fails", &[], &[]),
        ("a-picture-of-moving-tokens", &[], &[]),
        ("why-spanner-waits", &["network.delay.constant=3ms"], &[]),
    ] {
        check(story, set, force);
    }
}

#[test]
fn no_more_is_pinned_than_is_needed() {
    // The network is perfect but for what the file loses, and that is lost at another place.
    let found = check("last-messenger", &["params.acks=4"], &[]);
    assert_eq!(found.pinned.map(|pinned| pinned.len()), Some(1));
    // Bob has one slot, and lies in it anyhow.
    let found = check("three-generals", &[], &[]);
    assert_eq!(found.pinned.map(|pinned| pinned.len()), Some(0));
}

#[test]
fn a_search_answers_the_question_that_it_decides() {
    let question = "[story.predict]\nask = \"Can one loss do it?\"\nchoices = [\n{ say = \"Yes.\", when = \"found\" },\n\
                    { say = \"No.\", when = \"not found\" },\n]\n";
    let text = "title = \"T\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = 2\n[params]\nacks = 3\n\
                [search]\nmay = [\"lose\"]\nproperty = \"agreement\"\n";
    let answered = |more: &str| {
        let text = format!("{text}{more}{question}");
        let scenario = SHIPPED.load(&Request::new("t", &text)).unwrap_or_else(|wrong| panic!("{wrong}"));
        let run = report::run(&scenario, Claims::IfUntouched).unwrap().predictions();
        assert_eq!((run[0].answer, run[0].by), (None, By::Search), "one run does not tell");
        answer(&scenario, scenario.search.as_ref().unwrap()).predictions(&scenario)[0].answer
    };
    assert_eq!(answered("at-most = 1\n"), Some(0));
    assert_eq!(answered("at-most = 0\n"), Some(1));
}
