//! Lamport, Shostak, Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3), 1982: counts, and
//! what traitors can do, exhaustively where the words of all traitors can be listed.

use dsys::problems::Bound;
use dsys::process::NodeId;
use dsys::report::{self, Claims, Report};
use dsys::trace::{EventId, EventKind};

use crate::support::{Bench, assert_rate, load, theory};

/// `nodes` generals; `rest` adds to their scenario.
fn generals(protocol: &str, nodes: usize, params: &str, rest: &str) -> Bound {
    load(&format!(
        "title = \"A test\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n\
         [params]\n{params}\n{rest}"
    ))
}

/// A row of traitors.
fn traitors(nodes: &[&str], lie: &str) -> String {
    format!("[[fault]]\ntraitor = {{ nodes = {nodes:?}, {lie} }}\n")
}

const NAMES: [&str; 7] = ["commander", "alice", "bob", "carol", "dave", "erin", "frank"];

const ORDERS: [&str; 2] = ["attack", "retreat"];

// ---- OM(m), section 3 ----

#[test]
fn om_sends_as_many_messages_and_keeps_as_many_values_as_its_recursion_says() {
    // M(n, 0) = n-1; M(n, m) = (n-1) (1 + M(n-1, m-1)). Each lieutenant keeps M / (n-1) values.
    for (nodes, m, messages, values) in [
        (2, 0, 1, 1),
        (3, 1, 4, 2),
        (4, 0, 3, 1),
        (4, 1, 9, 3),
        (7, 2, 156, 26),
        (10, 3, 3_609, 401),
        (13, 4, 108_384, 9_032),
    ] {
        let scenario = generals("oral", nodes, &format!("m = {m}"), "");
        assert_eq!(theory(&scenario, "messages"), Some(f64::from(messages)), "OM({m}), {nodes} generals");
        assert_eq!(theory(&scenario, "values_per_lieutenant"), Some(f64::from(values)), "OM({m}), {nodes} generals");
        let mut bench = Bench::new(scenario);
        let run = bench.run(1);
        let measures = ["messages", "values_per_lieutenant", "rounds", "decided_attack"].map(|name| run.measure(name));
        let lieutenants = nodes as i64 - 1;
        let expected = [messages.into(), values.into(), m + 1, lieutenants].map(Some);
        assert_eq!(measures, expected, "OM({m}), {nodes} generals");
    }
}

/// Whatever one traitor says, for n = 3..6 and OM(1): only three generals can be harmed, and only
/// where the order is not the default.
#[test]
fn one_traitor_breaks_om_1_with_three_generals_and_with_no_more() {
    for (nodes, behaviours, broken) in [(3, 12, 2), (4, 32, 0), (5, 80, 0), (6, 192, 0)] {
        for default in ORDERS {
            let (mut runs, mut disagreements, mut disobeyed) = (0, 0, Vec::new());
            for traitor in &NAMES[..nodes] {
                // A traitor commander's own order changes nothing: all that he says is enumerated.
                let orders = if *traitor == "commander" { &ORDERS[..1] } else { &ORDERS[..] };
                for order in orders {
                    let params = format!("order = \"{order}\"\ndefault = \"{default}\"");
                    let mut bench =
                        Bench::new(generals("oral", nodes, &params, &traitors(&[traitor], "lie = \"flip\"")));
                    runs += bench.run_all_lies(|run| {
                        disagreements += u64::from(run.violates("agreement"));
                        disobeyed.extend(run.violates("validity").then_some(*order));
                    });
                }
            }
            let what = format!("{nodes} generals, default {default}");
            assert_eq!((runs, disagreements, disobeyed.len()), (behaviours, 0, broken), "{what}");
            assert!(disobeyed.iter().all(|order| *order != default), "{what}: {disobeyed:?}");
        }
    }
}

/// Traitors who toss a fair coin for every message: the rates follow from counting the outcomes.
#[test]
fn random_traitors_break_om_as_often_as_counting_says() {
    const RUNS: u64 = 20_000;
    for (nodes, m, order, who, property, exact) in [
        (3, 1, "attack", &["bob"][..], "validity", 0.5),
        (4, 1, "attack", &["bob", "carol"], "validity", 0.25),
        (5, 1, "attack", &["carol", "dave"], "validity", 0.4375),
        (5, 1, "attack", &["carol", "dave"], "agreement", 0.375),
        (5, 1, "attack", &["commander", "dave"], "agreement", 0.28125),
        (4, 1, "attack", &["carol"], "validity", 0.0),
        (4, 1, "attack", &["commander"], "agreement", 0.0),
        (5, 1, "attack", &["dave"], "validity", 0.0),
        (5, 1, "attack", &["commander"], "agreement", 0.0),
        (6, 1, "attack", &["erin"], "validity", 0.0),
        (6, 1, "attack", &["commander"], "agreement", 0.0),
        (7, 2, "attack", &["erin", "frank"], "validity", 0.0),
        (7, 2, "attack", &["commander", "frank"], "agreement", 0.0),
    ] {
        let params = format!("m = {m}\norder = \"{order}\"");
        let scenario = generals("oral", nodes, &params, &traitors(who, "lie = \"random\""));
        let violated = Bench::new(scenario).violations(property, RUNS);
        assert_rate(violated, RUNS, exact, &format!("OM({m}), {nodes} generals, traitors {who:?}, {property}"));
    }
}

#[test]
fn six_generals_with_two_traitors_disobey_only_an_order_that_is_not_the_default() {
    for default in ORDERS {
        for order in ORDERS {
            let params = format!("m = 2\norder = \"{order}\"\ndefault = \"{default}\"");
            let lie = format!("lie = \"constant\", word = \"{default}\"");
            let mut bench = Bench::new(generals("oral", 6, &params, &traitors(&["dave", "erin"], &lie)));
            let run = bench.run(1);
            assert_eq!(run.violates("validity"), order != default, "order {order}, default {default}");
            // All loyal lieutenants do the same, obeying or not: the default, for which both
            // traitors speak.
            let attack = if default == "attack" { 3 } else { 0 };
            assert_eq!(run.measure("decided_attack"), Some(attack), "order {order}, default {default}");
        }
    }
}

/// Lemma 1: "For any m and k, Algorithm OM(m) satisfies IC2 if there are more than 2k + m generals
/// and at most k traitors."
#[test]
fn om_1_keeps_ic2_with_six_generals_and_two_traitors_and_not_with_five() {
    for (nodes, who, holds) in [(6, ["dave", "erin"], true), (5, ["carol", "dave"], false)] {
        let (mut runs, mut violated) = (0, 0);
        for order in ORDERS {
            let params = format!("order = \"{order}\"");
            let scenario = generals("oral", nodes, &params, &traitors(&who, "lie = \"flip\""));
            assert_eq!(theory(&scenario, "validity"), holds.then_some(0.0), "{nodes} generals");
            runs += Bench::new(scenario).run_all_lies(|run| violated += u64::from(run.violates("validity")));
        }
        let slots = 2 * (nodes as u32 - 2);
        assert_eq!(runs, 2 << slots, "{nodes} generals");
        assert_eq!(violated == 0, holds, "{nodes} generals");
    }
}

#[test]
fn seven_generals_with_two_traitors_need_om_2() {
    let decide = |m| {
        let lies = traitors(&["commander", "frank"], "lie = \"parity\"");
        let mut bench = Bench::new(generals("oral", 7, &format!("m = {m}"), &lies));
        let run = bench.run(1);
        (run.told("decision")[1..6].join(" "), run.violates("agreement"))
    };
    assert_eq!(decide(1), ("attack retreat attack retreat attack".to_owned(), true));
    assert_eq!(decide(2), ("attack attack attack attack attack".to_owned(), false));
}

#[test]
fn a_silent_traitor_is_one_who_says_the_default() {
    for default in ORDERS {
        let params = format!("default = \"{default}\"");
        let decisions = |lie: &str| {
            let mut bench = Bench::new(generals("oral", 3, &params, &traitors(&["bob"], lie)));
            let run = bench.run(1);
            (run.told("decision"), run.measure("values_per_lieutenant"))
        };
        assert_eq!(decisions("lie = \"silent\""), decisions(&format!("lie = \"constant\", word = \"{default}\"")));
    }
}

// ---- what a lieutenant sees ----

/// What a node hears and does: who said what, in order, and what it tells its user.
fn view(report: &Report, node: NodeId) -> Vec<(u64, String)> {
    let trace = &report.trace;
    let said = |cause: Option<EventId>| cause.and_then(|sent| trace.words.of(sent)).unwrap_or_default();
    let seen = trace.events.iter().filter(|event| event.node == Some(node)).filter_map(|event| match event.what {
        EventKind::Delivered(message) => {
            Some((event.at.ns(), format!("{} says {}", trace.names.of(message.from()), said(event.cause))))
        }
        EventKind::Output(output) => Some((event.at.ns(), format!("{} {}", output.name, output.value))),
        _ => None,
    });
    seen.collect()
}

/// The proof of impossibility, section 2: a lieutenant cannot tell the traitor among three
/// generals.
#[test]
fn alice_sees_the_same_no_matter_who_lies() {
    let run = |lie: &str| report::run(&generals("oral", 3, "", lie), Claims::Always).expect("a run");
    let alice = NodeId::new(1);
    let bob_lies = run(&traitors(&["bob"], "lie = \"flip\""));
    let commander_lies = run(&traitors(&["commander"], "lie = \"parity\""));
    assert_eq!(view(&bob_lies, alice), view(&commander_lies, alice));
    let words: Vec<String> = view(&bob_lies, alice).into_iter().map(|(_, seen)| seen).collect();
    assert_eq!(words, ["commander says attack", "bob says retreat", "decision retreat"]);
    // Bob is loyal in one of them only.
    assert!(bob_lies.trace.is_traitor(NodeId::new(2)) && !commander_lies.trace.is_traitor(NodeId::new(2)));
}

#[test]
fn what_is_late_is_silence() {
    let slow = "[[network.link]]\nfrom = \"commander\"\nto = \"alice\"\ndelay = { constant = \"35ms\" }\n";
    // Nobody lies. Alice hears nothing in round 1 and relays the default, and both see a tie.
    let oral = report::run(&generals("oral", 3, "", slow), Claims::Always).expect("a run");
    assert_eq!(view(&oral, NodeId::new(1)).last().map(|(_, seen)| seen.as_str()), Some("decision retreat"));
    let late: Vec<_> = oral.trace.notes("late").map(|(event, node, _)| (node, oral.trace.words.of(event.id))).collect();
    let words = "hears attack from the commander for round 1 after the end of round 1: as good as silence";
    assert_eq!(late, [(NodeId::new(1), Some(words))]);
    for (protocol, nodes, violated) in [("oral", 3, true), ("oral", 4, false), ("signed", 3, false)] {
        let scenario = generals(protocol, nodes, "", slow);
        assert_eq!(theory(&scenario, "validity"), None, "theory speaks of messages that come in time");
        assert_eq!(Bench::new(scenario).run(1).violates("validity"), violated, "{protocol}, {nodes} generals");
    }
    // With nobody to relay, a signed order that is late is none.
    let mut alone = Bench::new(generals("signed", 3, "m = 0", slow));
    assert_eq!(alone.run(1).told("decision"), ["attack", "retreat", "attack"]);
}

// ---- SM(m), section 4 ----

#[test]
fn sm_sends_each_order_once_from_everybody_to_everybody_who_has_not_signed_it() {
    for (nodes, m, messages) in
        [(3, 1, 4), (4, 1, 9), (4, 2, 9), (7, 1, 36), (7, 2, 36), (7, 5, 36), (4, 0, 3), (7, 0, 6), (13, 4, 144)]
    {
        let scenario = generals("signed", nodes, &format!("m = {m}"), "");
        assert_eq!(theory(&scenario, "messages"), Some(f64::from(messages)), "SM({m}), {nodes} generals");
        let mut bench = Bench::new(scenario);
        let run = bench.run(1);
        let measures = ["messages", "rounds", "values_per_lieutenant", "rejected"].map(|name| run.measure(name));
        assert_eq!(measures, [messages.into(), m + 1, 1, 0].map(Some), "SM({m}), {nodes} generals");
    }
}

#[test]
fn a_commander_who_signs_both_orders_makes_everybody_relay_both() {
    for (nodes, m, messages) in
        [(4, 2, 12), (5, 2, 24), (5, 3, 24), (7, 2, 60), (7, 3, 60), (4, 1, 9), (5, 1, 16), (7, 1, 36)]
    {
        let lies = traitors(&["commander"], "lie = \"split\"");
        let mut bench = Bench::new(generals("signed", nodes, &format!("m = {m}"), &lies));
        let run = bench.run(1);
        assert_eq!(run.measure("messages"), Some(messages), "SM({m}), {nodes} generals");
        assert_eq!(run.measure("values_per_lieutenant"), Some(2), "SM({m}), {nodes} generals");
        assert_eq!(run.measure("decided_attack"), Some(0), "SM({m}), {nodes} generals");
    }
}

/// How many of all the ways in which the traitors can speak make loyal lieutenants disagree.
fn disagreements(nodes: usize, params: &str, who: &[&str]) -> (u64, u64) {
    let mut bench = Bench::new(generals("signed", nodes, params, &traitors(who, "lie = \"flip\"")));
    let mut broken = 0;
    let runs = bench.run_all_lies(|run| broken += u64::from(run.violates("agreement")));
    (broken, runs)
}

#[test]
fn sm_1_bears_one_traitor_and_not_two() {
    for default in ORDERS {
        let params = |m| format!("m = {m}\ndefault = \"{default}\"");
        assert_eq!(disagreements(3, &params(1), &["commander"]), (0, 16));
        assert_eq!(disagreements(4, &params(1), &["commander"]), (0, 64));
        assert_eq!(disagreements(4, &params(1), &["commander", "carol"]), (30, 256));
        assert_eq!(disagreements(4, &params(2), &["commander", "carol"]), (0, 4_096));
    }
}

#[test]
fn lieutenants_cannot_break_sm_at_all() {
    for (nodes, m, who) in [(3, 1, &["bob"][..]), (4, 1, &["bob", "carol"]), (4, 2, &["bob", "carol"])] {
        for order in ORDERS {
            let params = format!("m = {m}\norder = \"{order}\"");
            let scenario = generals("signed", nodes, &params, &traitors(who, "lie = \"flip\""));
            assert_eq!(theory(&scenario, "validity"), Some(0.0));
            Bench::new(scenario).run_all_lies(|run| {
                assert!(!run.violates("validity") && !run.violates("agreement"), "SM({m}), {nodes} generals, {who:?}");
            });
        }
    }
}

#[test]
fn a_chain_withheld_until_the_last_round_breaks_sm_1_and_not_sm_2() {
    let both = format!(
        "{}{}",
        traitors(&["commander"], "lie = \"scripted\", words = { \"commander:bob:1\" = \"retreat\" }"),
        traitors(&["bob"], "lie = \"withhold\", victim = \"alice\"")
    );
    let run = |m: u32| report::run(&generals("signed", 4, &format!("m = {m}"), &both), Claims::Always).expect("a run");
    let told = |report: &Report, node| view(report, NodeId::new(node)).last().map(|(_, seen)| seen.clone());
    let one = run(1);
    assert_eq!(told(&one, 1).as_deref(), Some("decision retreat"), "alice holds both orders");
    assert_eq!(told(&one, 3).as_deref(), Some("decision attack"), "carol never hears of the other");
    // With a round more, two signatures come too late, and the third that the round asks for is not
    // to be had.
    let two = run(2);
    assert_eq!(told(&two, 1), told(&two, 3));
    let late: Vec<_> = two.trace.notes("late").filter_map(|(event, ..)| two.trace.words.of(event.id)).collect();
    assert_eq!(late, ["hears retreat from bob for round 2 after the end of round 2: as good as silence"]);
}

#[test]
fn a_forged_order_is_rejected_and_counted() {
    let scenario = generals("signed", 3, "", &traitors(&["bob"], "lie = \"flip\""));
    let report = report::run(&scenario, Claims::Always).expect("a run");
    let rejected: Vec<_> = report.trace.notes("rejected").collect();
    let [(event, alice, note)] = rejected[..] else { panic!("{rejected:?}") };
    assert_eq!((report.trace.names.of(alice), note.value.to_string()), ("alice", "forged".to_owned()));
    assert_eq!(report.trace.words.of(event.id), Some("rejects bob's message: the commander's signature is forged"));
    let sent = event.cause.and_then(|delivered| report.trace.event(delivered)?.cause);
    assert_eq!(sent.and_then(|sent| report.trace.words.of(sent)), Some("retreat:0?:2"));
    assert_eq!(Bench::new(scenario).run(1).measure("rejected"), Some(1));
}

// ---- where theory is silent ----

#[test]
fn theory_speaks_only_where_its_assumptions_hold() {
    let flip = traitors(&["bob"], "lie = \"flip\"");
    let silent = traitors(&["bob"], "lie = \"silent\"");
    let crash = "[[fault]]\ncrash = { node = \"alice\", at = \"5ms\" }\n".to_owned();
    let lossy = "[network]\nloss = 0.1\n".to_owned();
    let slow = "[network]\ndelay = { constant = \"20ms\" }\n".to_owned();
    let unbounded = "[network]\ndelay = { exponential = { mean = \"1ms\" } }\n".to_owned();
    let drifting = "[clock]\ndrift-ppm = 100\n".to_owned();
    let forced = "[force]\n\"commander:alice:1\" = \"lose\"\n".to_owned();
    for (protocol, rest, of, value) in [
        ("oral", &flip, "messages", Some(9.0)),
        ("oral", &silent, "messages", None),
        ("oral", &crash, "messages", None),
        ("oral", &drifting, "messages", None),
        // A general who hears nothing relays the default: oral messages are as many, however many
        // are lost.
        ("oral", &lossy, "messages", Some(9.0)),
        ("oral", &forced, "messages", Some(9.0)),
        ("oral", &silent, "values_per_lieutenant", Some(3.0)),
        ("oral", &crash, "values_per_lieutenant", None),
        ("oral", &flip, "agreement", Some(0.0)),
        ("oral", &silent, "validity", Some(0.0)),
        ("oral", &slow, "agreement", None),
        ("oral", &unbounded, "agreement", None),
        ("oral", &lossy, "validity", None),
        ("oral", &forced, "validity", None),
        ("signed", &flip, "messages", None),
        ("signed", &lossy, "messages", None),
        ("signed", &flip, "agreement", Some(0.0)),
        ("signed", &crash, "agreement", None),
        ("signed", &slow, "validity", None),
    ] {
        assert_eq!(theory(&generals(protocol, 4, "", rest), of), value, "{protocol}, {of}\n{rest}");
    }
    // What theory says of lost messages is so.
    let mut bench = Bench::new(generals("oral", 4, "", "[network]\nloss = 0.5\n"));
    assert!((0..100).all(|seed| bench.run(seed).measure("messages") == Some(9)));
    assert_eq!(theory(&generals("oral", 3, "", ""), "agreement"), None, "3 generals are not more than 3");
    assert_eq!(theory(&generals("oral", 4, "", &traitors(&["bob", "carol"], "lie = \"flip\"")), "agreement"), None);
}

// ---- what is claimed of nothing, and what holds of somebody ----

/// What a run says of each property: its sign and its reason.
fn said(text: &str) -> Vec<String> {
    let report = report::run(&load(text), Claims::Always).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    report.properties.iter().map(|judged| judged.verdict.to_string()).collect()
}

#[test]
fn a_verdict_of_nobody_is_told_from_one_of_somebody() {
    let of = |nodes: usize, rest: &str| {
        said(&format!("title = \"T\"\nproblem = \"byzantine-generals\"\nprotocol = \"oral\"\nnodes = {nodes}\n{rest}"))
    };
    let flip = |who: &str| format!("[[fault]]\ntraitor = {{ nodes = [{who}], lie = \"flip\" }}\n");
    let all_decided = "✓ Every loyal general that stayed up decided.";
    let traitor = "– The commander is a traitor, so there is no order that must be obeyed.";
    assert_eq!(of(4, &flip("\"commander\"")), ["✓ All loyal lieutenants retreat.", traitor, all_decided]);
    let obeyed = "✓ The commander ordered attack, and no loyal lieutenant did otherwise.";
    let nobody = "– No lieutenant is loyal, so no two have to agree.";
    let unheard = "– The commander ordered attack, and there is no loyal lieutenant that decided anything.";
    assert_eq!(of(3, &flip("\"alice\", \"bob\"")), [nobody, unheard, all_decided]);
    let only = "– alice is the only loyal lieutenant: no two can differ.";
    assert_eq!(of(2, "[params]\nm = 0\n"), [only, obeyed, all_decided]);
    assert_eq!(
        of(3, &flip("\"commander\", \"alice\", \"bob\"")),
        [nobody, traitor, "– No loyal general stayed up, so nobody had to decide."]
    );
}

/// One who lies and one who is dead are two that fail, and OM(2) among seven bears them wherever
/// the liar stands.
#[test]
fn om_2_bears_a_liar_and_a_dead_general_among_seven() {
    let mixed =
        "[[fault]]\ntraitor = { count = 1, lie = \"split\" }\n[[fault]]\ncrash = { node = \"dave\", at = \"15ms\" }\n";
    let scenario = generals("oral", 7, "m = 2", mixed);
    assert_eq!(theory(&scenario, "agreement"), None, "theory does not count the dead");
    let mut bench = Bench::new(scenario);
    let mut liars = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let run = bench.run(seed);
        liars.extend(run.trace.traitors.iter().copied());
        let broken = ["agreement", "validity", "termination"].into_iter().find(|property| run.violates(property));
        assert_eq!(broken, None, "seed {seed}, {:?} lies", run.trace.traitors);
    }
    assert_eq!(liars.len(), 7, "everybody lied in some run");
}
