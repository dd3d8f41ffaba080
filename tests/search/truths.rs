//! What is known to be the worst case.

use dsys::explore::search::StoppedBy;
use dsys::problems::{Bound, SHIPPED};
use dsys::scenario::{EnemyMay, Request, SearchSpec};

use crate::support::load;
use crate::{answer, enemy, found};

#[track_caller]
fn check(text: &str, spec: &SearchSpec, expect: &[&str]) -> Bound {
    let scenario = load(text);
    let answer = answer(&scenario, spec);
    let found = found(&scenario, &answer).unwrap_or_else(|| panic!("nothing found: {answer:?}\n{text}"));
    assert_eq!(found, expect, "{}", answer.in_words(&scenario.names));
    assert_eq!(answer.stopped_by, StoppedBy::Found);
    scenario
}

#[track_caller]
fn check_none(text: &str, spec: &SearchSpec, behaviours: u64) {
    let scenario = load(text);
    let answer = answer(&scenario, spec);
    assert_eq!(found(&scenario, &answer), None, "{}\n{text}", answer.in_words(&scenario.names));
    assert_eq!((answer.stopped_by, answer.unknown), (StoppedBy::Exhausted, 0), "{text}");
    assert_eq!(answer.enumerated, behaviours, "{text}");
}

fn generals(protocol: &str, nodes: usize, params: &str, traitors: &[&str]) -> String {
    format!(
        "title = \"t\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n[params]\n{params}\n\
         [[fault]]\ntraitor = {{ nodes = {traitors:?}, lie = \"flip\" }}\n"
    )
}

fn two_generals(protocol: &str, params: &str) -> String {
    format!(
        "title = \"t\"\nproblem = \"two-generals\"\nprotocol = \"{protocol}\"\nnodes = [\"alice\", \"bob\"]\n[params]\n{params}\n"
    )
}

// ---- two generals ----

#[test]
fn of_every_chain_the_last_message_is_enough() {
    for acks in 0..=12 {
        let last = acks + 1;
        let (from, to) = if last % 2 == 1 { ("alice", "bob") } else { ("bob", "alice") };
        let lost = format!("{from}:{to}:{}=lose", (last + 1) / 2);
        let text = two_generals("ack-chain", &format!("acks = {acks}"));
        check(&text, &enemy(&[EnemyMay::Lose], "agreement"), &[&lost]);
    }
}

#[test]
fn of_every_retry_each_attempt_must_fail_and_one_request_come_through() {
    for attempts in 1..=8 {
        let scenario = load(&two_generals("retry", &format!("attempts = {attempts}")));
        let answer = answer(&scenario, &enemy(&[EnemyMay::Lose], "agreement"));
        let lost = found(&scenario, &answer).unwrap();
        let (requests, acks) = lost.iter().partition::<Vec<_>, _>(|lost| lost.starts_with("alice:bob:"));
        assert_eq!(requests.len() + acks.len(), attempts, "{lost:?}");
        assert!(!acks.is_empty(), "a general that hears no request does not attack: {lost:?}");
    }
}

// ---- Byzantine generals ----

#[test]
fn among_three_one_lie_of_a_lieutenant_is_enough() {
    let lies = |property| enemy(&[EnemyMay::Lie], property);
    check(&generals("oral", 3, "m = 1", &["bob"]), &lies("validity"), &["bob:alice:1.lie=retreat"]);
    check_none(&generals("oral", 3, "m = 1", &["bob"]), &lies("agreement"), 2);
    check_none(&generals("oral", 3, "m = 1", &["commander"]), &lies("agreement"), 4);
}

#[test]
fn one_traitor_among_more_than_three_breaks_nothing() {
    for (nodes, behaviours) in [(4, 32), (5, 80), (6, 192)] {
        let mut all = 0;
        let mut none = |order: &str, traitor: &str, count: u64| {
            let text = generals("oral", nodes, &format!("m = 1\norder = \"{order}\""), &[traitor]);
            check_none(&text, &SearchSpec { property: None, ..enemy(&[EnemyMay::Lie], "") }, count);
            all += count;
        };
        none("attack", "commander", 1 << (nodes - 1));
        for lieutenant in ["alice", "bob", "carol", "dave", "erin"].iter().take(nodes - 1) {
            for order in ["attack", "retreat"] {
                none(order, lieutenant, 1 << (nodes - 2));
            }
        }
        assert_eq!(all, behaviours, "{nodes} generals");
    }
}

#[test]
fn six_lies_are_enough_among_six_with_two_traitors() {
    // What the traitors tell each other is left true, or a debug build takes minutes. With it
    // nothing less is found.
    let link = |from, to| move |nth| format!("{from}:{to}:{nth}.lie=attack");
    let force: Vec<String> = (1..=4).map(link("dave", "erin")).chain((1..=4).map(link("erin", "dave"))).collect();
    let text = generals("oral", 6, "m = 2", &["dave", "erin"]);
    let request = Request { force: &force, ..Request::new("test", &text) };
    let scenario = SHIPPED.load(&request).unwrap_or_else(|wrong| panic!("{wrong}"));
    let answer = answer(&scenario, &enemy(&[EnemyMay::Lie], "validity"));
    let found = found(&scenario, &answer).unwrap();
    assert_eq!((found.len(), answer.deepest, answer.choices), (6, 6, 24), "{found:?}");
}

#[test]
fn one_round_too_few_among_seven_is_found() {
    let scenario = load(&generals("oral", 7, "m = 1", &["commander", "frank"]));
    let answer = answer(&scenario, &enemy(&[EnemyMay::Lie], "agreement"));
    assert_eq!(found(&scenario, &answer).map(|lies| lies.len()), Some(3), "{}", answer.in_words(&scenario.names));
    let enough = generals("oral", 4, "m = 1", &["commander"]);
    check_none(&enough, &enemy(&[EnemyMay::Lie], "agreement"), 8);
}

#[test]
fn two_who_collude_break_sm_1_and_not_sm_2() {
    let lies = enemy(&[EnemyMay::Lie], "agreement");
    let traitors = ["commander", "carol"];
    // Carol keeps what the commander signed for her alone until the last round.
    check(&generals("signed", 4, "m = 1", &traitors), &lies, &["carol:alice:2.lie=retreat"]);
    check_none(&generals("signed", 4, "m = 2", &traitors), &lies, 4_096);
}

// ---- exactly once ----

fn shop(params: &str) -> String {
    format!(
        "title = \"t\"\nproblem = \"exactly-once\"\nprotocol = \"dedup\"\nnodes = [\"shop\", \"ledger\"]\n[params]\norders = 3\n\
         {params}\n"
    )
}

#[test]
fn a_table_in_memory_takes_one_crash_before_the_acknowledgement() {
    let points = |points: &[&str]| SearchSpec {
        points: points.iter().map(|&point| point.to_owned()).collect(),
        ..enemy(&[EnemyMay::Lose, EnemyMay::Crash], "no-duplicate")
    };
    let volatile = shop("durable = false");
    check(&volatile, &points(&["recorded", "acknowledged"]), &["ledger@recorded:1.crash=1s"]);
    let expect = ["ledger:shop:1=lose", "ledger@acknowledged:1.crash=1s"];
    check(&volatile, &points(&["acknowledged"]), &expect);
}

#[test]
fn a_table_on_disk_takes_more_than_two_faults() {
    let spec = SearchSpec {
        at_most: Some(2),
        points: vec!["recorded".to_owned(), "acknowledged".to_owned()],
        ..enemy(&[EnemyMay::Lose, EnemyMay::Crash], "no-duplicate")
    };
    let answer = answer(&load(&shop("durable = true")), &spec);
    assert!(answer.found.is_none() && answer.stopped_by == StoppedBy::AtMost, "{answer:?}");
}

#[test]
fn between_two_deeds_one_crash_is_enough() {
    let crash = |property| enemy(&[EnemyMay::Crash], property);
    check(&shop("order = \"effect-then-record\""), &crash("no-duplicate"), &["ledger@charged:1.crash=1s"]);
    let of_ledger = SearchSpec { points: vec!["recorded".to_owned()], ..crash("no-loss") };
    check(&shop("order = \"record-then-effect\""), &of_ledger, &["ledger@recorded:1.crash=1s"]);
}

// ---- clocks ----

#[test]
fn the_zombie_that_writes_first_is_found() {
    let lease = |work: &str| {
        format!(
            "title = \"t\"\nproblem = \"clock-skew\"\nprotocol = \"lease\"\nnodes = [\"locks\", \"store\", \"alice\", \"bob\"]\n\
         [params]\nfencing = true\nwork = \"{work}\"\nwrites = 1\n[network]\ndelay = \"5ms\"\n"
        )
    };
    let pauses = |pauses: &[i64]| SearchSpec {
        pauses: pauses.iter().map(|&ms| dsys::time::Span::from_ms(ms)).collect(),
        ..enemy(&[EnemyMay::Pause], "no-stale-write")
    };
    check(&lease("8s"), &pauses(&[15_000, 3_000]), &["alice@checked:1.pause=3s"]);
    // One who sleeps for longer comes after the new holder's first write and is rejected, unless
    // that one sleeps, too.
    let both = ["alice@checked:1.pause=15s", "bob@checked:1.pause=15s"];
    check(&lease("8s"), &pauses(&[15_000]), &both);
    check_none(&lease("8s"), &pauses(&[1_000]), 4);
}

#[test]
fn two_quick_messages_break_a_commit_wait_of_one_epsilon() {
    let spanner = |wait: u32| {
        format!(
            "title = \"t\"\nproblem = \"clock-skew\"\nprotocol = \"commit-wait\"\nnodes = [\"user\", \"oslo\", \"tokyo\"]\n\
         [params]\nepsilon = \"4ms\"\nwait = {wait}\n[network]\ndelay = \"3ms\"\n\
         [clock.oslo]\noffset = \"4ms\"\n[clock.tokyo]\noffset = \"-4ms\"\n"
        )
    };
    let quick =
        SearchSpec { delays: vec![dsys::time::Span::from_ms(1)], ..enemy(&[EnemyMay::Delay], "external-consistency") };
    // With one of them the later stamp is 1 ns the larger: who waits until a moment has passed
    // waits beyond it.
    check(&spanner(1), &quick, &["oslo:user:1.delay=1ms", "user:tokyo:1.delay=1ms"]);
    check_none(&spanner(2), &quick, 16);
}
