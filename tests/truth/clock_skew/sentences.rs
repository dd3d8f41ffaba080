//! The sentences of all protocols, at their edges: equal stamps, no gaps, no delays, one of
//! everything, nothing at all.

use dsys::report::Report;

use super::{run, scenario};
use crate::support::sentences::faults_of;

/// What nodes note and say in words, and what the verdicts say.
fn faults_in(report: &Report) -> Vec<String> {
    let verdicts = report.properties.iter().map(|judged| judged.verdict.because().to_owned());
    let remarks = report.table.iter().flat_map(|table| &table.rows).map(|row| row.remark.clone());
    let remarks = remarks.filter(|remark| !remark.is_empty()).map(|remark| format!("{remark}."));
    let words = report.trace.events.iter().filter_map(|event| report.trace.words.of(event.id));
    // What is noted is no whole sentence: it has no subject and no end.
    let words = words.map(|words| format!("Somebody {words}."));
    let all = verdicts.chain(remarks).chain(words);
    let faults = all.flat_map(|sentence| {
        let faults = faults_of(&sentence).into_iter();
        faults.map(|fault| format!("{fault}: {sentence}")).collect::<Vec<_>>()
    });
    let mut faults: Vec<String> = faults.collect();
    faults.sort();
    faults.dedup();
    faults
}

/// The edges of each protocol.
const PARAMS: [(&str, &[&str]); 13] = [
    ("free-running", &["", "rho-ppm = 0"]),
    ("cristian", &["", "rho-ppm = 0\nmin-delay = \"0s\"", "correct = \"slew\"", "max-rtt = \"1ms\""]),
    ("berkeley", &["", "rho-ppm = 0", "correct = \"slew\"", "gamma = \"0s\"", "max-rtt = \"1ms\""]),
    ("average", &["", "min-delay = \"0s\"\nmax-delay = \"0s\""]),
    ("midpoint", &["f = 0", "f = 0\nbeta = \"0s\"\nrho-ppm = 0"]),
    (
        "ntp",
        &[
            "",
            "servers = 1",
            "strata = [1, 1]",
            "algorithm = \"marzullo\"",
            "root-dispersion = \"0s\"",
            "iburst = false",
        ],
    ),
    ("physical", &["events = 1", "events = 5\ngap = \"1ns\""]),
    ("lamport", &["events = 1", "events = 5\ngap = \"1ns\""]),
    ("vector", &["events = 1", "events = 5\ngap = \"1ns\""]),
    ("hybrid", &["events = 1", "events = 5\ngap = \"1ns\"", "epsilon = \"0s\"\ntick = \"1ns\""]),
    (
        "last-write-wins",
        &[
            "",
            "gap = \"0s\"",
            "gap = \"0s\"\nstamp = \"hybrid\"",
            "acks = \"all\"",
            "writes = 0",
            "writes = 4\ngap = \"0s\"",
            "writers = 1",
        ],
    ),
    (
        "lease",
        &[
            "",
            "fencing = true",
            "from = \"reception\"",
            "writes = 0",
            "writes = 1",
            "stagger = \"0s\"",
            "work = \"20s\"",
        ],
    ),
    ("commit-wait", &["", "epsilon = \"0s\"", "wait = 0", "wait = 1", "transactions = 1", "round = \"1s\""]),
];

/// The weather: what each adds to the network and the rest, for nodes `n1`, `n2` and `n3`.
const WEATHER: [(&str, &str); 9] = [
    ("", ""),
    ("delay = \"0s\"", ""),
    ("delay = \"10ms\"", ""),
    ("loss = 1.0", ""),
    ("loss = 0.4\nduplicate = 0.4", ""),
    ("delay = \"10ms\"", "[clock.n1]\noffset = \"-1h\"\n[clock.n2]\noffset = \"7ms\"\n"),
    ("delay = \"0s\"", "[clock.n1]\noffset = \"4ms\"\n[clock.n2]\noffset = \"-4ms\"\n"),
    ("", "[[fault]]\ncrash = { node = \"n2\", at = \"0s\" }\n"),
    ("", "[[fault]]\nclock-step = { node = \"n2\", at = \"12ms\", by = \"-1s\" }\n"),
];

#[test]
fn sentences_are_true_at_their_edges() {
    let mut faults: Vec<String> = Vec::new();
    for (protocol, params) in PARAMS {
        for params in params {
            for (network, rest) in WEATHER {
                let text = format!(
                    "nodes = [\"n1\", \"n2\", \"n3\"]\nuntil = \"40s\"\n[params]\n{params}\n[network]\n{network}\n{rest}"
                );
                let scenario = scenario(protocol, &text);
                let found = faults_in(&run(&scenario));
                faults.extend(
                    found.into_iter().map(|fault| format!("{protocol} {params:?} {network:?} {rest:?}: {fault}")),
                );
            }
        }
    }
    faults.sort_by_key(String::len);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
}

#[test]
fn clocks_that_show_the_same_are_not_said_to_differ() {
    let text = "nodes = [\"server\", \"alice\"]\nuntil = \"1s\"\n[network]\ndelay = \"10ms\"\n";
    let report = run(&scenario("cristian", text));
    let bounded = report.properties.iter().find(|judged| judged.name == "bounded-skew").unwrap();
    assert!(
        bounded.verdict.because().starts_with("No clock was ever off; the bound was "),
        "{}",
        bounded.verdict.because()
    );
    // A correction by nothing is no step.
    assert_eq!(super::measure(&report, "steps"), 0);
    let estimate = report.trace.notes("estimate").next().unwrap().0.id;
    assert_eq!(report.trace.words.of(estimate), Some("the answer took 20ms, so the server's clock is the same"));
}
