//! Nothing is ignored in silence: what cannot be is refused, and what changes nothing is said.

use dsys::problems::{Problem, SHIPPED};
use dsys::report::{self, Claims};
use dsys::scenario::Request;

use super::{orders, run};

/// What is said of a scenario of two generals with these flags.
fn refused(problem: &str, more: &str, force: &[&str]) -> String {
    let text = format!("title = \"T\"\nproblem = \"{problem}\"\n{more}");
    let force: Vec<String> = force.iter().map(|&force| force.to_owned()).collect();
    let request = Request { force: &force, ..Request::new("t", &text) };
    SHIPPED.load(&request).expect_err(&text).to_string()
}

const CHAIN: &str = "protocol = \"ack-chain\"\nnodes = 2\n";

#[test]
fn a_word_that_is_no_option_is_refused() {
    for (force, expected) in [
        ("alice:bob:1=loose", "did you mean `lose`?"),
        ("alice:bob:1=attack", "`attack` is no option of `alice:bob:1`"),
        ("alice:bob:1.lie=attack", "there is no `alice:bob:1.lie`"),
        ("alice:bob:1b=lose", "nobody lies in `ack-chain`"),
        ("load.gap:1=5ms", "`ack-chain` has no choice `load.gap`"),
        ("alice.coin:1=1", "`ack-chain` has no choice `coin`"),
        ("alice.crash-gap:1=5s", "nothing leaves it to chance for alice"),
        ("alice.pause-length:1=5s", "nothing leaves it to chance for alice"),
        ("setup.traitors=alice", "the seed does not place any traitors here"),
    ] {
        let said = refused("two-generals", CHAIN, &[force]);
        assert!(said.contains(expected), "{force}: {said}");
    }
    let shop = "protocol = \"dedup\"\nnodes = 2\n";
    let said = refused("exactly-once", shop, &["load.gip:1=5ms"]);
    assert!(said.contains("did you mean `load.gap`?"), "{said}");
}

#[test]
fn what_is_to_be_tried_must_be_possible() {
    for (line, expected) in [
        ("--set params.ackz=1", "this cannot be tried: unknown key `ackz`"),
        ("--force alice:bob:1=loose", "this cannot be tried: `loose` is no fate of a message"),
        ("--sat nodes=2", "did you mean `--set`?"),
        ("--set", "`--set` has no value"),
        ("--seed one", "`one` is no seed"),
        ("--set 'nodes=2", "a quote that does not end"),
    ] {
        let said = refused("two-generals", &format!("{CHAIN}[story]\ntry = [\"--seed 2\", \"{line}\"]"), &[]);
        assert!(said.contains(expected), "{line}: {said}");
    }
}

#[test]
fn a_beat_on_a_link_that_cannot_be_is_refused() {
    for on in ["alice:carol:1", "alice:alice:1", "alice:bob:1b"] {
        let said = refused("two-generals", &format!("{CHAIN}[[story.beat]]\non = \"{on}\"\nsay = \"So.\""), &[]);
        assert!(said.contains("t:6:6"), "{on}: {said}");
    }
}

#[test]
fn what_changes_nothing_is_said_with_its_reason() {
    for (fault, expected) in [
        (
            "clock-step = { node = \"ledger\", at = \"15ms\", by = \"5s\" }",
            "the jump of the clock of ledger at 15ms changed nothing: nobody reads the clock of ledger from then on",
        ),
        (
            "clock-drift = { node = \"ledger\", at = \"15ms\", ppm = 5 }",
            "the new speed of the clock of ledger from 15ms on changed nothing: nobody reads the clock of ledger from then on, and no timer runs there",
        ),
        (
            "degrade = { at = \"5s\", for = \"1s\", loss = 1 }",
            "the weather from 5s to 6s changed nothing: the run ended before 5s",
        ),
        (
            "degrade = { to = \"shop\", at = \"0s\", for = \"1ms\", loss = 1 }",
            "the weather on the links to shop from 0s to 1ms changed nothing: no message was sent on its links from 0s to 1ms",
        ),
        (
            "degrade = { at = \"0s\", loss = 0 }",
            "the weather from 0s on changed nothing: all 6 messages that were sent then would have fared the same without it",
        ),
        (
            "hold = { from = \"ledger\", at = \"1ms\", for = \"1ms\" }",
            "the hold on the links from ledger from 1ms to 2ms changed nothing: no message was sent on its links from 1ms to 2ms",
        ),
        (
            "partition = { groups = [[\"shop\"], [\"ledger\"]], at = \"1ms\", for = \"1ms\" }",
            "the partition between shop and ledger from 1ms to 2ms touched no message: none was to arrive across it meanwhile",
        ),
        (
            "isolate = { node = \"shop\", at = \"5s\", for = \"1s\" }",
            "the partition between shop and ledger from 5s to 6s touched no message: none was to arrive across it meanwhile",
        ),
        (
            "pause = { node = \"ledger\", at = \"1ms\", for = \"1ms\" }",
            "the pause of ledger at 1ms changed nothing: ledger had nothing to do while it was paused",
        ),
        (
            "crash = { node = \"ledger\", rate = 0.001, for = \"1ms\", until = \"1ms\" }",
            "the rate of crashes of ledger changed nothing: chance gave ledger no crash in this run before 1ms",
        ),
        (
            "crash = { node = \"ledger\", point = \"received\", probability = 0, for = \"1ms\" }",
            "the chance that ledger crashes at `received` changed nothing: chance let ledger not crash at any of 3 passings of `received`",
        ),
    ] {
        let report = orders("at-least-once", &format!("params = {{ orders = 3, gap = \"10ms\" }}\n[[fault]]\n{fault}"));
        assert_eq!(report.warnings, [expected], "{fault}");
    }
    let twice = "[[fault]]\ncrash = { node = \"ledger\", at = \"15ms\", for = \"1s\" }\n[[fault]]\ncrash = { node = \"ledger\", at = \"16ms\", for = \"1s\" }";
    let report = orders("at-least-once", &format!("params = {{ orders = 3, gap = \"10ms\" }}\n{twice}"));
    assert_eq!(report.warnings, ["the crash of ledger at 16ms changed nothing: ledger was down already"]);
}

#[test]
fn what_changes_something_is_not_warned_of() {
    for fault in [
        "degrade = { at = \"0s\", loss = 0.9, for = \"100ms\" }",
        "degrade = { at = \"0s\", delay = \"40ms\" }",
        "hold = { at = \"0s\", for = \"100ms\" }",
        "pause = { node = \"ledger\", at = \"11ms\", for = \"50ms\" }",
        "pause = { node = \"shop\", at = \"11ms\", for = \"50ms\", oscillator = \"stops\" }",
        "clock-drift = { node = \"shop\", at = \"11ms\", ppm = 100000 }",
        "crash = { node = \"ledger\", point = \"received\", item = 2, for = \"1ms\", until = \"1s\" }",
        "isolate = { node = \"shop\", at = \"11ms\", for = \"50ms\" }",
    ] {
        let report = orders("at-least-once", &format!("params = {{ orders = 3, gap = \"10ms\" }}\n[[fault]]\n{fault}"));
        assert_eq!(report.warnings, [""; 0], "{fault}");
    }
    // The clocks of those who are to keep time are looked at by the judges, whether they look
    // themselves or not.
    let text = "title = \"T\"\nproblem = \"clock-skew\"\nprotocol = \"free-running\"\nnodes = 2\nuntil = \"10s\"\n\
                [[fault]]\nclock-step = { node = \"alice\", at = \"5s\", by = \"5s\" }";
    assert_eq!(run(text).warnings, [""; 0]);
}

#[test]
fn a_clock_that_a_way_of_stamping_does_not_read_is_told_from_one_that_it_does() {
    for (protocol, is_read) in [("lamport", false), ("vector", false), ("physical", true), ("hybrid", true)] {
        let report = run(&format!(
            "title = \"T\"\nproblem = \"clock-skew\"\nprotocol = \"{protocol}\"\nnodes = 3\n\
             [[fault]]\nclock-step = {{ node = \"alice\", at = \"1ms\", by = \"5s\" }}"
        ));
        assert_eq!(report.warnings.is_empty(), is_read, "{protocol}: {:?}", report.warnings);
    }
}

#[test]
fn a_beat_that_is_never_told_is_said() {
    let beat = "[[story.beat]]\non = \"shop:ledger:7\"\nsay = \"The seventh.\"";
    let report = orders("at-most-once", &format!("params = {{ orders = 3 }}\n{beat}"));
    assert_eq!(report.warnings, ["the beat on shop:ledger:7 is never told: it never came up in this run"]);
}

#[test]
fn a_claim_may_leave_properties_out_and_may_demand_emptiness() {
    let judged = |expect: &str| {
        let report = orders("at-most-once", &format!("params = {{ orders = 3 }}\nexpect = {{ {expect} }}"));
        (report.expected, report.warnings)
    };
    let (expected, warnings) = judged("no-loss = \"holds\"");
    assert_eq!(expected, Some(true));
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("`[expect]` claims nothing of `no-duplicate`"),
        "{warnings:?}"
    );
    // All three orders were charged: nothing of it is vacuous.
    let (expected, _) = judged("no-loss = \"holds vacuously\"");
    assert_eq!(expected, Some(false));
    let said = refused("exactly-once", "protocol = \"dedup\"\nnodes = 2\nexpect = { no-los = \"holds\" }", &[]);
    assert!(said.contains("did you mean `no-loss`?"), "{said}");
}

#[test]
fn a_number_of_nodes_that_a_protocol_cannot_take_is_marked_where_it_is_given() {
    for (problem, protocol, nodes) in [
        ("exactly-once", "dedup", "[\"a\", \"b\", \"c\"]"),
        ("exactly-once", "barriers", "3"),
        ("exactly-once", "transaction", "2"),
        ("two-generals", "retry", "3"),
        ("clock-skew", "lease", "2"),
        ("byzantine-generals", "oral", "2"),
    ] {
        let text =
            format!("title = \"T\"\nproblem = \"{problem}\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n[params]\n");
        let load = |text: &str, set: &[String]| {
            let request = Request { set, ..Request::new("t", text) };
            SHIPPED.load(&request).map(|_| ()).unwrap_err().to_string()
        };
        let said = load(&text, &[]);
        assert!(said.contains("t:4:9"), "{protocol}: {said}");
        if let Ok(count) = nodes.parse::<u32>() {
            let said = load(&text.replace(&format!("nodes = {nodes}"), "nodes = 4"), &[format!("nodes={count}")]);
            assert!(said.contains(&format!("--set nodes={count}")), "{protocol}: {said}");
        }
    }
}

#[test]
fn a_race_between_two_receivers_says_who_can_take_part() {
    // Two tabs before one table: not a cast of this protocol, and the error says which is.
    let said = refused("exactly-once", "protocol = \"dedup\"\nnodes = [\"tab-one\", \"tab-two\", \"ledger\"]\n", &[]);
    assert!(said.contains("`dedup` takes 2 nodes") && said.contains("in this order: shop, ledger"), "{said}");
}

#[test]
fn a_strike_that_falls_on_a_node_that_is_down_is_said() {
    let text = "title = \"T\"\nproblem = \"exactly-once\"\nprotocol = \"at-least-once\"\nnodes = 2\nparams = { orders = 1 }\n\
                [[fault]]\ncrash = { node = \"ledger\", at = \"1ms\", for = \"1s\" }";
    let force = ["ledger@3.crash=5ms".to_owned()];
    let request = Request { force: &force, ..Request::new("t", text) };
    let scenario = SHIPPED.load(&request).unwrap();
    let report = report::run(&scenario, Claims::Always).unwrap();
    assert!(
        report.warnings.contains(&"`ledger@3.crash=5ms` changed nothing: the node was down already".to_owned()),
        "{:?}",
        report.warnings
    );
}

/// A traitor's row in a protocol in which nobody can lie is refused, and never taken for a fault
/// that changes nothing.
#[test]
fn a_protocol_without_lies_refuses_traitors() {
    for (problem, entry) in SHIPPED.protocols() {
        if !entry.lies.is_empty() {
            continue;
        }
        let refused = (2..=6).any(|nodes| {
            let row = "[[fault]]\ntraitor = { count = 1, lie = \"flip\" }";
            let [plain, with] = ["", row].map(|row| {
                let Problem { name, .. } = problem;
                let text = format!(
                    "title = \"T\"\nproblem = \"{name}\"\nprotocol = \"{}\"\nnodes = {nodes}\n{row}",
                    entry.name
                );
                let request = Request::new("t", &text);
                SHIPPED.load(&request).map_err(|invalid| invalid.to_string())
            });
            plain.is_ok() && with.is_err_and(|said| said.contains("lies") || said.contains("loyal"))
        });
        assert!(refused, "{} accepts a traitor", entry.name);
    }
}
