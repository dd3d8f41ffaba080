//! Random runs of the two problems of generals, with everything that can go wrong in them.

use dsys::report::{self, Claims, Report};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::support::load;
use crate::support::sentences::{faults_in, faults_of};

/// A problem, its protocols with parameters, and its nodes.
struct Cast {
    problem: &'static str,
    protocols: &'static [&'static str],
    nodes: &'static [&'static str],
    lies: &'static [&'static str],
}

const TWO: Cast = Cast {
    problem: "two-generals",
    protocols: &[
        "\"ack-chain\"\n[params]\nacks = 0",
        "\"ack-chain\"\n[params]\nacks = 1",
        "\"ack-chain\"\n[params]\nacks = 9",
        "\"ack-chain\"\n[params]\norder = \"none\"",
        "\"messengers\"\n[params]\nmessengers = 1",
        "\"messengers\"\n[params]\nmessengers = 2\nack-messengers = 1",
        "\"retry\"\n[params]\nattempts = 1",
        "\"retry\"\n[params]\nattempts = 3\nevery = \"12ms\"",
        "\"randomized\"\n[params]\nrounds = 1",
        "\"randomized\"\n[params]\nrounds = 4",
        "\"randomized\"\n[params]\norders = [\"attack\", \"none\"]",
    ],
    nodes: &["alice", "bob"],
    lies: &[],
};

const BYZANTINE: Cast = Cast {
    problem: "byzantine-generals",
    protocols: &[
        "\"oral\"\n[params]\nm = 0",
        "\"oral\"\n[params]\nm = 1",
        "\"oral\"\n[params]\nm = 2\norder = \"retreat\"",
        "\"signed\"\n[params]\nm = 0",
        "\"signed\"\n[params]\nm = 1",
        "\"signed\"\n[params]\nm = 2\ndefault = \"attack\"",
    ],
    nodes: &["commander", "alice", "bob", "carol"],
    lies: &["flip", "silent", "random", "parity", "split"],
};

/// Rows of faults that may go together.
fn faults(cast: &'static Cast) -> impl Strategy<Value = String> {
    let node = || select(cast.nodes);
    let at = || select(&["0ms", "5ms", "12ms", "20ms", "31ms", "60ms"][..]);
    let lasts = || select(&["", ", for = \"1ms\"", ", for = \"15ms\"", ", for = \"100ms\""][..]);
    let fault = prop_oneof![
        (node(), at(), lasts())
            .prop_map(|(node, at, lasts)| format!("crash = {{ node = \"{node}\", at = \"{at}\"{lasts} }}")),
        (node(), lasts()).prop_map(|(node, lasts)| format!("crash = {{ node = \"{node}\", rate = 30.0{lasts} }}")),
        (node(), at(), lasts())
            .prop_map(|(node, at, lasts)| format!("pause = {{ node = \"{node}\", at = \"{at}\"{lasts} }}")),
        (node(), at(), lasts())
            .prop_map(|(node, at, lasts)| format!("isolate = {{ node = \"{node}\", at = \"{at}\"{lasts} }}")),
        (node(), at())
            .prop_map(|(node, at)| format!("clock-drift = {{ node = \"{node}\", at = \"{at}\", ppm = 100000 }}")),
    ];
    let faults = prop::collection::vec(fault, 0..3);
    let traitors =
        (subsequence(cast.nodes, 0..=cast.nodes.len()), prop::collection::vec(any::<u32>(), cast.nodes.len()));
    (faults, traitors).prop_map(|(faults, (traitors, which))| {
        let lies = |_: &&&str| !cast.lies.is_empty();
        let traitors = traitors.iter().filter(lies).zip(which).map(|(node, which)| {
            format!("traitor = {{ node = \"{node}\", lie = \"{}\" }}", cast.lies[which as usize % cast.lies.len()])
        });
        faults.into_iter().chain(traitors).map(|row| format!("[[fault]]\n{row}\n")).collect()
    })
}

fn network() -> impl Strategy<Value = String> {
    let chance = || select(vec![0.0, 0.0, 0.3, 0.8, 1.0]);
    let delay = select(vec![
        "\"0ms\"",
        "\"10ms\"",
        "{ uniform = [\"1ms\", \"30ms\"] }",
        "{ exponential = { mean = \"15ms\" } }",
    ]);
    (chance(), chance(), chance(), delay).prop_map(|(loss, corrupt, duplicate, delay)| {
        format!("[network]\nloss = {loss:?}\ncorrupt = {corrupt:?}\nduplicate = {duplicate:?}\ndelay = {delay}\n")
    })
}

/// The text of a scenario.
fn scenario(cast: &'static Cast) -> impl Strategy<Value = String> {
    let until = select(&["1ns", "1ms", "19ms", "20ms", "45ms", "2s"][..]);
    (select(cast.protocols), until, 1..=u32::MAX, network(), faults(cast)).prop_map(
        |(protocol, until, seed, network, faults)| {
            let nodes = cast.nodes;
            format!(
                "title = \"A test\"\nproblem = \"{}\"\nuntil = \"{until}\"\nseed = {seed}\nnodes = {nodes:?}\n\
                 protocol = {protocol}\n{network}{faults}",
                cast.problem
            )
        },
    )
}

fn judged(text: &str) -> Report {
    report::run(&load(text), Claims::Always).unwrap_or_else(|wrong| panic!("{wrong:?}\n{text}"))
}

/// What cannot be read off a sentence alone: whether it is so.
fn untruths(report: &Report) -> Vec<String> {
    let because = |name: &str| report.properties.iter().find(|judged| judged.name == name).unwrap().verdict.because();
    let mut untruths = Vec::new();
    if let Some((_, levels)) = because("agreement").split_once("the key is ") {
        let numbers: Vec<u32> =
            levels.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
        if !(numbers[2] < numbers[0] && numbers[0] <= numbers[1]) {
            untruths.push(format!("the key does not lie between the levels: {levels}"));
        }
    }
    let told = |node| report.trace.outputs().any(|(_, by, _)| by == node);
    if because("agreement").starts_with("All loyal lieutenants ") && !because("agreement").contains("that decided") {
        let loyal = report.trace.names.iter().skip(1).filter_map(|name| report.trace.names.find(name));
        let silent = loyal.filter(|&node| !report.trace.is_traitor(node)).find(|&node| !told(node));
        untruths.extend(silent.map(|node| format!("{} decided nothing", report.trace.names.of(node))));
    }
    untruths
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sentences_of_generals_are_right_at_every_edge(text in prop_oneof![scenario(&TWO), scenario(&BYZANTINE)]) {
        let report = judged(&text);
        prop_assert_eq!(faults_in(&report), Vec::<String>::new());
        prop_assert_eq!(untruths(&report), Vec::<String>::new());
        for measured in &report.measures {
            if let (Some(in_words), Some(value)) = (measured.measure.in_words, measured.value) {
                let words = format!("{}.", in_words(value, &report.trace.names));
                prop_assert_eq!(faults_of(&words), Vec::<String>::new());
            }
        }
    }
}
