//! The theories of the Byzantine generals: of OM(1), `messages`, `values_per_lieutenant`,
//! `agreement` and `validity`; of SM(1), `messages`, `agreement` and `validity`.

use super::{Armed, check, force, rows, set};

fn base(protocol: &str, nodes: usize) -> String {
    format!(
        "title = \"Armed\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n[params]\nm = 1\n"
    )
}

/// Four generals, one of whom may lie, by oral and by signed messages.
fn check_both(what: &str, fault: Armed, [oral, signed]: [&str; 2]) {
    check(what, &base("oral", 4), fault, oral);
    check(what, &base("signed", 4), fault, signed);
}

const ALL: [&str; 2] = ["++++", "+++"];
const NONE: [&str; 2] = ["....", "..."];
/// Oral messages are as many whatever is lost or late: what is missing is relayed as the default.
const COUNTS: [&str; 2] = ["++..", "..."];

#[test]
fn theory_speaks_of_one_traitor_whatever_he_says() {
    let speaks = ["++++", ".++"];
    let at_times_silent = [".+++", ".++"];
    for (lie, expected) in [
        ("lie = \"flip\"", speaks),
        ("lie = \"random\"", speaks),
        ("lie = \"parity\"", speaks),
        ("lie = \"split\"", speaks),
        ("lie = \"constant\", word = \"attack\"", speaks),
        ("lie = \"constant\", word = \"silent\"", at_times_silent),
        ("lie = \"constant\", word = \"attack+retreat\"", at_times_silent),
        ("lie = \"silent\"", at_times_silent),
    ] {
        for who in ["node = \"commander\"", "node = \"bob\"", "count = 1"] {
            let row: &'static str = format!("[[fault]]\ntraitor = {{ {who}, {lie} }}").leak();
            check_both(lie, rows(row), expected);
        }
    }
    let scripted =
        "[[fault]]\ntraitor = { node = \"bob\", lie = \"scripted\", words = { \"bob:alice:1\" = \"retreat\" } }";
    check_both("a script", rows(scripted), at_times_silent);
    let withheld = "[[fault]]\ntraitor = { node = \"bob\", lie = \"withhold\", victim = \"alice\" }";
    check("withholding", &base("signed", 4), rows(withheld), at_times_silent[1]);
}

#[test]
fn theory_knows_how_many_traitors_are_too_many() {
    let two = "[[fault]]\ntraitor = { nodes = [\"bob\", \"carol\"], lie = \"random\" }";
    check_both("two", rows(two), ["++..", "..+"]);
    check("two of six", &base("oral", 6), rows(two), "++.+");
    let three = "[[fault]]\ntraitor = { nodes = [\"alice\", \"bob\", \"carol\"], lie = \"random\" }";
    check_both("nobody is loyal", rows(three), ["+...", "..+"]);
    check("three generals", &base("oral", 3), Armed::default(), "++.+");
}

#[test]
fn theory_speaks_of_counts_by_oral_messages_whatever_the_network_does() {
    check_both("nothing", Armed::default(), ALL);
    for (what, network, expected) in [
        ("loss", "loss = 0.3", COUNTS),
        ("corruption", "corrupt = 0.3", COUNTS),
        ("copies", "duplicate = 0.5", ALL),
        ("order", "fifo = true", ALL),
        ("a constant delay", "delay = \"12ms\"", ALL),
        ("a wide delay", "delay = { uniform = [\"0ms\", \"19ms\"] }\nduplicate = 0.5", ALL),
        ("too slow", "delay = \"20ms\"", COUNTS),
        ("a heavy tail", "delay = { log-normal = { median = \"10ms\", sigma = 0.5 } }", COUNTS),
        ("no bound", "delay = { exponential = { mean = \"9ms\", min = \"1ms\" } }", COUNTS),
        ("everything", "loss = 0.2\ncorrupt = 0.2\nduplicate = 0.4\nfifo = true", COUNTS),
    ] {
        check_both(what, rows(format!("[network]\n{network}").leak()), expected);
    }
    let link = "[[network.link]]\nfrom = \"commander\"\nto = \"alice\"\n";
    check_both("a lossy link", rows(format!("{link}loss = 0.3").leak()), COUNTS);
    check_both("a slow link", rows(format!("{link}delay = \"35ms\"").leak()), COUNTS);
    check_both("a link that copies", rows(format!("{link}duplicate = 0.3").leak()), ALL);
}

#[test]
fn theory_speaks_of_rows_that_leave_the_rounds_alone() {
    for (what, row, expected) in [
        ("lose", "lose = { message = \"commander:alice:1\" }", COUNTS),
        ("corrupt", "corrupt = { message = \"commander:alice:1\" }", COUNTS),
        ("twice", "twice = { message = \"commander:alice:1\" }", COUNTS),
        ("delay", "delay = { message = \"commander:alice:1\", to = \"35ms\" }", COUNTS),
        ("partition", "partition = { groups = [[\"commander\"], [\"alice\"]], at = \"0ms\" }", COUNTS),
        ("isolate", "isolate = { node = \"commander\", at = \"0ms\", for = \"30ms\" }", COUNTS),
        ("degrade", "degrade = { from = \"commander\", at = \"0ms\", for = \"9ms\", loss = 0.5 }", COUNTS),
        ("degrade, copies", "degrade = { at = \"0ms\", for = \"9ms\", duplicate = 0.5 }", COUNTS),
        ("hold", "hold = { to = \"alice\", at = \"0ms\", for = \"30ms\" }", COUNTS),
        ("clock-step", "clock-step = { node = \"alice\", at = \"5ms\", by = \"30ms\" }", ALL),
        ("clock-drift", "clock-drift = { node = \"alice\", at = \"0ms\", ppm = 90000 }", NONE),
        ("crash at", "crash = { node = \"alice\", at = \"15ms\" }", NONE),
        ("crash for", "crash = { node = \"alice\", at = \"15ms\", for = \"10ms\" }", NONE),
        ("crash after", "crash = { node = \"alice\", after = \"commander:alice:1\" }", NONE),
        ("crash rate", "crash = { node = \"alice\", rate = 20.0, for = \"5ms\" }", NONE),
        ("pause", "pause = { node = \"alice\", at = \"1ms\", for = \"60ms\" }", NONE),
    ] {
        check_both(what, rows(format!("[[fault]]\n{row}").leak()), expected);
    }
    check_both("offset", rows("[clock]\noffset = { uniform = [\"-1s\", \"1s\"] }"), ALL);
    check_both("drift", rows("[clock]\ndrift-ppm = 100"), NONE);
    check_both("drift of one", rows("[clock.bob]\ndrift-ppm = -100"), NONE);
}

#[test]
fn theory_knows_choices_that_are_settled_by_hand() {
    check_both("a fate", force(&["commander:alice:1=lose"]), COUNTS);
    check_both("a delay", force(&["commander:alice:1.delay=35ms"]), COUNTS);
    check_both("in the file", rows("[force]\n\"commander:alice:1\" = \"lose\""), COUNTS);
    check_both("a crash", force(&["alice@3.crash=forever"]), NONE);
    check_both("a pause", force(&["alice@3.pause=1s"]), NONE);
    check_both("an offset", force(&["setup.offset:alice=1s"]), NONE);
    let rows = "[[fault]]\ntraitor = { node = \"bob\", lie = \"flip\" }";
    let word = Armed { rows, ..force(&["bob:alice:1=silent"]) };
    check_both("a word", word, [".+++", ".++"]);
    let rows = "[[fault]]\ntraitor = { count = 1, lie = \"flip\" }";
    check_both("who lies", Armed { rows, ..force(&["setup.traitors=bob"]) }, NONE);
}

#[test]
fn theory_speaks_of_runs_that_no_limit_cuts_short() {
    check_both("until", set(&["until=40.001ms"]), ALL);
    check_both("until too short", set(&["until=39ms"]), NONE);
    check_both("few events", set(&["limits.events=20"]), NONE);
    check_both("few messages", set(&["limits.messages=8"]), NONE);
    // Where it speaks again, no run is cut short, though the network copies all that a traitor says
    // twice.
    let worst = "[network]\nduplicate = 1.0\ndelay = \"25ms\"\n[[fault]]\n\
         traitor = { nodes = [\"commander\", \"bob\"], lie = \"constant\", word = \"attack+retreat\" }";
    for (limit, speaks) in [
        ("limits.events=147", ".+.."),
        ("limits.events=146", "...."),
        ("limits.messages=36", ".+.."),
        ("limits.messages=35", "...."),
    ] {
        check(limit, &base("oral", 4), Armed { rows: worst, ..set(vec![limit].leak()) }, speaks);
    }
}
