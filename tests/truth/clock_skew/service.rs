//! Verdicts of nothing are said to be so, and a run in which nobody is served violates what
//! promises service.

use super::{run, scenario};
use dsys::report::Report;
use dsys::scenario::Expected::{self, Holds, Violated};

/// A property's verdict, and whether it is vacuous.
fn judged(report: &Report, name: &str) -> (Expected, bool) {
    let found = report.properties.iter().find(|judged| judged.name == name);
    found.map(|judged| (judged.verdict.word(), judged.verdict.is_vacuous())).unwrap_or_else(|| panic!("no {name}"))
}

/// Each protocol that serves somebody, with what it promises them; nothing that is sent arrives.
const SERVES: [(&str, &str, &str); 9] = [
    ("cristian", "nodes = 3\nuntil = \"60s\"", "clocks-set"),
    ("berkeley", "nodes = 3\nuntil = \"60s\"", "clocks-set"),
    ("average", "nodes = 3\nuntil = \"60s\"", "clocks-set"),
    ("ntp", "nodes = 4\nuntil = \"1h\"", "clocks-set"),
    ("ntp", "nodes = 4\nuntil = \"1h\"\nparams.strata = [2, 1]", "clocks-set"),
    ("lease", "nodes = 4\nuntil = \"60s\"", "every-client-served"),
    ("last-write-wins", "nodes = 3\nuntil = \"60s\"\nparams.acks = \"all\"", "availability"),
    ("last-write-wins", "nodes = 3\nuntil = \"60s\"\nparams.acks = \"all\"\nparams.writes = 9", "availability"),
    ("commit-wait", "nodes = 3\nuntil = \"60s\"", "termination"),
];

#[test]
fn a_run_in_which_nobody_is_served_violates_what_promises_service() {
    for (protocol, text, property) in SERVES {
        let report = run(&scenario(protocol, &format!("{text}\nnetwork.loss = 1.0\n")));
        assert_eq!(judged(&report, property), (Violated, false), "{protocol}: {text}");
        let report = run(&scenario(protocol, text));
        assert_eq!(judged(&report, property), (Holds, false), "{protocol}: {text}");
    }
}

#[test]
fn what_claims_nothing_says_so() {
    let loss = "network.loss = 1.0";
    for (protocol, text, properties) in [
        ("cristian", format!("nodes = 2\n{loss}"), &["bounded-skew"][..]),
        ("average", format!("nodes = 2\n{loss}"), &["bounded-skew"]),
        ("ntp", format!("nodes = 4\n{loss}"), &["bounded-skew"]),
        ("lease", format!("nodes = 4\n{loss}"), &["mutual-exclusion", "no-stale-write", "tokens-in-order"]),
        (
            "last-write-wins",
            "nodes = 2\nparams.writes = 0".to_owned(),
            &["no-lost-write", "convergence", "availability"],
        ),
        ("commit-wait", format!("nodes = 3\n{loss}"), &["external-consistency", "true-time"]),
        ("hybrid", "nodes = 2\nparams.tick = \"1s\"".to_owned(), &["bounded-counter"]),
        ("lamport", "nodes = 2\nuntil = \"1ns\"".to_owned(), &["clock-condition", "strong-clock-condition"]),
        ("hybrid", "nodes = 2\nuntil = \"1ns\"".to_owned(), &["near-physical-time", "bounded-counter"]),
    ] {
        let report = run(&scenario(protocol, &text));
        for property in properties {
            assert_eq!(judged(&report, property), (Holds, true), "{property} of {protocol}: {text}");
        }
    }
}

#[test]
fn the_service_of_nodes_that_are_down_is_not_promised() {
    let down = "nodes = [\"server\", \"alice\"]\n[[fault]]\ncrash = { node = \"alice\", at = \"0s\" }\n";
    assert_eq!(judged(&run(&scenario("cristian", down)), "clocks-set"), (Holds, true));
    let down = "nodes = [\"locks\", \"store\", \"alice\"]\n[[fault]]\ncrash = { node = \"alice\", at = \"0s\" }\n";
    assert_eq!(judged(&run(&scenario("lease", down)), "every-client-served"), (Holds, true));
}
