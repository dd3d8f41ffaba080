//! The theories of the two generals, whose protocols send in chains, in crowds, in attempts and in
//! rounds.

use super::{Armed, armed, check, force, rows, set};

/// The protocols, each with parameters that leave chance something to decide.
const PROTOCOLS: [(&str, &str); 4] = [
    ("ack-chain", "acks = 3"),
    ("messengers", "messengers = 3\nack-messengers = 2"),
    ("retry", "attempts = 3"),
    ("randomized", "rounds = 4"),
];
/// Their last deadlines, and a moment before.
const UNTIL: [[Armed; 2]; 4] = [
    [set(&["until=80ms"]), set(&["until=79.999ms"])],
    [set(&["until=50ms"]), set(&["until=49.999ms"])],
    [set(&["until=160ms"]), set(&["until=159.999ms"])],
    [set(&["until=80ms"]), set(&["until=79.999ms"])],
];
/// All that each of them has: agreement, alone_given_attack, attackers, knowledge_depth or level,
/// and counts.
const ALL: [&str; 4] = ["+++++", "++++++", "+++++++", "+++++"];
const NONE: [&str; 4] = [".....", "......", ".......", "....."];

fn base(protocol: &str, params: &str) -> String {
    let head = "title = \"Armed\"\nproblem = \"two-generals\"\nnodes = [\"alice\", \"bob\"]\n";
    format!("{head}protocol = \"{protocol}\"\n[params]\n{params}\n")
}

fn check_all(what: &str, fault: Armed, speaks: [&str; 4]) {
    for ((protocol, params), speaks) in PROTOCOLS.into_iter().zip(speaks) {
        check(what, &base(protocol, params), fault, speaks);
    }
}

#[test]
fn theory_speaks_of_what_a_network_does_to_each_message_alone() {
    check_all("nothing", Armed::default(), ALL);
    check_all("loss", rows("[network]\nloss = 0.3"), ALL);
    check_all("corruption", rows("[network]\ncorrupt = 0.3"), ALL);
    check_all("loss and corruption", rows("[network]\nloss = 0.2\ncorrupt = 0.2"), ALL);
    check_all("copies", rows("[network]\nduplicate = 0.5"), ALL);
    check_all("copies and loss", rows("[network]\nduplicate = 0.5\nloss = 0.4\ndelay = { constant = \"5ms\" }"), ALL);
    check_all("everything", rows("[network]\nduplicate = 0.4\nloss = 0.3\ncorrupt = 0.2\nfifo = true"), ALL);
    check_all("order", rows("[network]\nfifo = true\nloss = 0.3"), ALL);
    check_all("copies of plans alone", rows(ONE_WAY_COPIES), ALL);
    check_all("copies of answers alone", rows(COPIES_BACK), ALL);
    check_all("a link of its own each way", rows(TWO_LINKS), ALL);
    // Where all plans are lost nobody attacks: there is no share of attacks to speak of, but in the
    // first two nobody who waits for an answer attacks either.
    let never = ["+.+++", "+.++++", "+.+++++", "+.+++"];
    check_all("nothing arrives", rows("[network]\nloss = 1.0"), never);
}

const ONE_WAY_COPIES: &str = "[network]\nloss = 0.3\n[[network.link]]\nfrom = \"alice\"\nto = \"bob\"\nduplicate = 0.7";
const COPIES_BACK: &str = "[network]\nloss = 0.3\n[[network.link]]\nfrom = \"bob\"\nto = \"alice\"\nduplicate = 0.7";
const TWO_LINKS: &str = "[[network.link]]\nfrom = \"alice\"\nto = \"bob\"\nloss = 0.2\nduplicate = 0.3\n\
     [[network.link]]\nfrom = \"bob\"\nto = \"alice\"\ncorrupt = 0.4\ndelay = \"4ms\"\nfifo = true";

#[test]
fn theory_speaks_where_no_delay_can_miss_a_deadline() {
    check_all("a constant delay", rows("[network]\nloss = 0.3\ndelay = \"12ms\""), ALL);
    check_all("no delay", rows("[network]\nloss = 0.3\ndelay = \"0ms\""), ALL);
    check_all("a wide delay", rows("[network]\nloss = 0.3\ndelay = { uniform = [\"1ms\", \"19ms\"] }"), ALL);
    check_all("a heavy tail", rows("[network]\ndelay = { log-normal = { median = \"5ms\", sigma = 0.5 } }"), NONE);
    check_all("no bound", rows("[network]\ndelay = { exponential = { mean = \"5ms\", min = \"1ms\" } }"), NONE);
    check_all("no bound, back", rows(UNBOUNDED_BACK), NONE);
    check_all(
        "no spread",
        rows("[network]\nloss = 0.3\ndelay = { log-normal = { median = \"9ms\", sigma = 0.0 } }"),
        ALL,
    );
    // Answers that come after the next attempt change the counts of a retry, and not what happens
    // to it.
    let slow = [".....", "......", "++++...", "....."];
    check_all("slow", rows("[network]\nloss = 0.3\nduplicate = 0.4\ndelay = \"26ms\""), slow);
    check_all("too slow", rows("[network]\ndelay = \"45ms\""), NONE);
}

const UNBOUNDED_BACK: &str =
    "[[network.link]]\nfrom = \"bob\"\nto = \"alice\"\ndelay = { exponential = { mean = \"5ms\", min = \"1ms\" } }";

#[test]
fn theory_is_silent_on_faults_that_name_messages_nodes_or_times() {
    for (what, row) in [
        ("lose", "lose = { message = \"alice:bob:1\" }"),
        ("corrupt", "corrupt = { message = \"alice:bob:1\" }"),
        ("twice", "twice = { message = \"alice:bob:1\" }"),
        ("delay", "delay = { message = \"alice:bob:1\", to = \"90ms\" }"),
        ("crash at", "crash = { node = \"bob\", at = \"12ms\" }"),
        ("crash for", "crash = { node = \"bob\", at = \"12ms\", for = \"5ms\" }"),
        ("crash after", "crash = { node = \"bob\", after = \"alice:bob:1\" }"),
        ("crash rate", "crash = { node = \"bob\", rate = 20.0, for = \"5ms\" }"),
        ("pause", "pause = { node = \"bob\", at = \"1ms\", for = \"60ms\" }"),
        ("partition", "partition = { groups = [[\"alice\"], [\"bob\"]], at = \"0ms\", for = \"9ms\" }"),
        ("one way", "partition = { groups = [[\"alice\"], [\"bob\"]], at = \"0ms\", for = \"9ms\", one-way = true }"),
        ("isolate", "isolate = { node = \"bob\", at = \"0ms\", for = \"9ms\" }"),
        ("degrade", "degrade = { from = \"alice\", at = \"0ms\", for = \"9ms\", loss = 0.5 }"),
        ("hold", "hold = { to = \"bob\", at = \"0ms\", for = \"90ms\" }"),
        ("clock-step", "clock-step = { node = \"bob\", at = \"1ms\", by = \"50ms\" }"),
        ("clock-drift", "clock-drift = { node = \"bob\", at = \"0ms\", ppm = 90000 }"),
    ] {
        let row: &'static str = format!("[[fault]]\n{row}").leak();
        check_all(what, rows(row), NONE);
    }
}

#[test]
fn theory_is_silent_on_choices_that_are_settled_by_hand() {
    for choice in
        ["alice:bob:1=lose", "alice:bob:1=deliver", "bob:alice:1.delay=90ms", "bob@3.crash=forever", "bob@3.pause=1s"]
    {
        check_all(choice, force(vec![choice].leak()), NONE);
    }
    check_all("an offset by hand", force(&["setup.offset:bob=5ms"]), NONE);
    check("a coin by hand", &base("randomized", "rounds = 4"), force(&["alice.coin:1=0"]), NONE[3]);
    check_all("in the file", rows("[force]\n\"alice:bob:1\" = \"lose\""), NONE);
    // The order that nobody has is no attack.
    for (at, (protocol, _)) in PROTOCOLS.into_iter().enumerate() {
        let none = if protocol == "randomized" { "orders = [\"attack\", \"none\"]" } else { "order = \"none\"" };
        check("no order", &base(protocol, none), Armed::default(), NONE[at]);
    }
}

#[test]
fn theory_speaks_of_clocks_that_are_off_and_not_of_ones_that_drift() {
    check_all("offset", rows("[network]\nloss = 0.3\n[clock]\noffset = { uniform = [\"-1s\", \"1s\"] }"), ALL);
    check_all("drift", rows("[clock]\ndrift-ppm = 100"), NONE);
    check_all("drift of one", rows("[clock.bob]\ndrift-ppm = -100"), NONE);
}

#[test]
fn theory_speaks_of_runs_that_no_limit_cuts_short() {
    for (at, (protocol, params)) in PROTOCOLS.into_iter().enumerate() {
        let base = base(protocol, params);
        let [enough, short] = UNTIL[at];
        check("until", &base, Armed { rows: "[network]\nloss = 0.3", ..enough }, ALL[at]);
        check("until too short", &base, short, NONE[at]);
        check("few events", &base, set(&["limits.events=20"]), NONE[at]);
        check("few messages", &base, set(&["limits.messages=3"]), NONE[at]);
        // Where it speaks again, no run is cut short, though the network copies all.
        let [events, messages] = ENOUGH[at];
        for (key, enough) in [("events", events), ("messages", messages)] {
            let limit =
                |limit: u64| -> &'static [&'static str] { vec![&*format!("limits.{key}={limit}").leak()].leak() };
            let copies = "[network]\nduplicate = 1.0";
            check("enough", &base, Armed { rows: copies, ..set(limit(enough)) }, ALL[at]);
            check("one too few", &base, Armed { rows: copies, ..set(limit(enough - 1)) }, NONE[at]);
        }
    }
}

/// The least limits of events and of messages under which each protocol's theory speaks.
const ENOUGH: [[u64; 2]; 4] = [[64, 8], [72, 10], [80, 12], [96, 16]];

#[test]
fn what_is_no_fault_of_two_generals_is_refused() {
    for (protocol, params) in PROTOCOLS {
        for row in ["traitor = { node = \"bob\", lie = \"flip\" }", "crash = { node = \"bob\", point = \"sent:1\" }"] {
            let row: &'static str = format!("[[fault]]\n{row}").leak();
            assert!(armed(&base(protocol, params), rows(row)).is_err(), "{protocol}, {row}");
        }
    }
}
