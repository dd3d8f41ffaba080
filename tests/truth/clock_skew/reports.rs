//! What was once wrong, or could easily be: clocks that are set between a question and its answer,
//! servers that disagree or lie by little, leap seconds, holders that are cut off, networks that
//! are not transitive.

use super::{because, measure, run, scenario, verdict};
use dsys::report::Report;
use dsys::scenario::Expected::{Holds, Violated};

/// One node's clock is set back by a second while an answer is under way.
fn set_back(protocol: &str, nodes: &str, who: &str, at: &str, more: &str) -> Report {
    run(&scenario(
        protocol,
        &format!(
            "nodes = {nodes}\n{more}[network]\ndelay = {{ constant = \"10ms\" }}\n\
             [[fault]]\nclock-step = {{ node = \"{who}\", at = \"{at}\", by = \"-1s\" }}\n"
        ),
    ))
}

/// What a client measured of its round trips.
fn round_trips(report: &Report) -> Vec<i64> {
    let rtts = report.trace.outputs().filter(|(.., output)| output.name == "rtt");
    rtts.filter_map(|(.., output)| output.value.number()).collect()
}

#[test]
fn a_round_trip_is_as_long_as_it_was_even_if_the_clock_is_set_meanwhile() {
    let report = set_back("cristian", "[\"server\", \"alice\"]", "alice", "5ms", "until = \"5s\"\n");
    assert_eq!(round_trips(&report), [20_000_000]);
    assert_eq!(verdict(&report, "bounded-skew"), Holds, "{}", because(&report, "bounded-skew"));
    assert_eq!(measure(&report, "final_error"), 0);
    assert_eq!(because(&report, "clocks-set"), "alice's clock was set.");
}

#[test]
fn a_leap_second_between_question_and_answer_is_told_as_what_it_is() {
    let more = "until = \"60s\"\n[params]\nevery = \"10s\"\n";
    let report = set_back("cristian", "[\"server\", \"client\"]", "client", "10035ms", more);
    assert!(round_trips(&report).iter().all(|&rtt| rtt == 20_000_000), "{:?}", round_trips(&report));
    // From the leap until the answer comes the clock is a second off, and no reading is to blame.
    assert_eq!(verdict(&report, "bounded-skew"), Violated);
    let said = because(&report, "bounded-skew");
    assert!(said.ends_with("A fault had set client's clock back by 1s at 10.035s."), "{said}");
    assert_eq!(measure(&report, "final_error"), 0);
}

#[test]
fn a_master_whose_clock_is_set_between_two_answers_compares_them_by_its_oscillator() {
    for at in ["5ms", "15ms", "25ms"] {
        // The second slave's answer comes 10 ms after the first's.
        let far = "[[network.link]]\nfrom = \"b\"\nto = \"m\"\ndelay = { constant = \"12ms\" }\n";
        let text = format!(
            "nodes = [\"m\", \"a\", \"b\"]\nuntil = \"5s\"\n[network]\ndelay = {{ constant = \"10ms\" }}\n{far}\
             [[fault]]\nclock-step = {{ node = \"m\", at = \"{at}\", by = \"-1s\" }}\n"
        );
        let report = run(&scenario("berkeley", &text));
        assert_eq!(verdict(&report, "bounded-skew"), Holds, "{at}: {}", because(&report, "bounded-skew"));
        assert!(measure(&report, "final_skew") <= 1_000_000, "{at}");
    }
}

#[test]
fn averages_do_not_mix_what_a_clock_showed_before_it_was_set_and_after() {
    // Node a's clock is set back by a second when it has heard some and not the others. Against the
    // clock as it is when it corrects it, everybody else is a second ahead.
    for (protocol, nodes, params, at, by) in [
        ("average", "[\"a\", \"b\", \"c\"]", "", "12ms", 666_666_666),
        ("midpoint", "[\"a\", \"b\", \"c\", \"d\"]", "[params]\nbeta = \"2s\"\nf = 1\n", "10012ms", 1_000_000_000),
    ] {
        let slow = |from: &str| {
            format!("[[network.link]]\nfrom = \"{from}\"\nto = \"a\"\ndelay = {{ constant = \"14ms\" }}\n")
        };
        let text = format!(
            "nodes = {nodes}\nuntil = \"15s\"\n{params}[network]\ndelay = {{ constant = \"10ms\" }}\n{}{}\
             [[fault]]\nclock-step = {{ node = \"a\", at = \"{at}\", by = \"-1s\" }}\n",
            slow("c"),
            if protocol == "midpoint" { slow("d") } else { String::new() },
        );
        let report = run(&scenario(protocol, &text));
        let corrections =
            report.trace.outputs().filter(|(_, node, output)| node.index() == 0 && output.name == "correction");
        let corrected = corrections.filter_map(|(.., output)| output.value.number()).next().unwrap();
        assert!((corrected - by).abs() < 10_000_000, "{protocol}: corrected by {corrected}, not {by}");
    }
}

#[test]
fn an_ntp_client_whose_clock_is_set_back_does_not_take_the_next_answer_for_the_quickest() {
    let text = "nodes = [\"s1\", \"s2\", \"s3\", \"client\"]\nuntil = \"2h\"\n\
                [[fault]]\nclock-step = { node = \"client\", at = \"3598.005s\", by = \"-1s\" }\n";
    let report = run(&scenario("ntp", text));
    // The offset is a whole second, never half of one, and is stepped once it has stayed.
    let steps = report.trace.outputs().filter(|(.., output)| output.name == "correction");
    let steps: Vec<i64> = steps.filter_map(|(.., output)| output.value.number()).collect();
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert!((steps[0] - 1_000_000_000).abs() < 10_000_000, "{steps:?}");
    assert!(measure(&report, "final_error") < 5_000_000);
}

#[test]
fn two_servers_cannot_outvote_each_other() {
    let text = "nodes = [\"pool-a\", \"pool-b\", \"intranet\"]\nuntil = \"2h\"\n[clock.intranet]\noffset = \"-5s\"\n\
                [[fault]]\ntraitor = { node = \"pool-b\", lie = \"offset-by\", by = \"1800s\" }\n";
    let report = run(&scenario("ntp", text));
    let why = "its two servers disagree, and two cannot outvote each other.";
    assert_eq!(because(&report, "bounded-skew"), format!("Nothing was promised: {why}"));
    let bounded = report.properties.iter().find(|judged| judged.name == "bounded-skew").unwrap();
    assert!(bounded.verdict.is_vacuous());
    assert_eq!(verdict(&report, "clocks-set"), Violated);
    assert_eq!(because(&report, "clocks-set"), format!("intranet's clock was never set: {why}"));
}

#[test]
fn a_quick_liar_inside_the_intervals_of_two_right_servers_is_beyond_what_is_promised() {
    let quick = |from: &str, to: &str| {
        format!("[[network.link]]\nfrom = \"{from}\"\nto = \"{to}\"\ndelay = {{ constant = \"1ms\" }}\n")
    };
    let text = format!(
        "nodes = [\"s1\", \"s2\", \"s3\", \"alice\"]\nuntil = \"3000s\"\n[network]\ndelay = {{ constant = \"40ms\" }}\n\
         {}{}[[fault]]\ntraitor = {{ node = \"s3\", lie = \"offset-by\", by = \"30ms\" }}\n",
        quick("s3", "alice"),
        quick("alice", "s3")
    );
    let report = run(&scenario("ntp", &text));
    assert_eq!(verdict(&report, "bounded-skew"), Violated);
    let said = because(&report, "bounded-skew");
    assert!(said.contains("This was not promised:") && said.contains("s3 was wrong by 30ms"), "{said}");
    assert!(said.contains("its interval overlapped that of s"), "{said}");
}

#[test]
fn a_majority_of_the_fit_servers_that_is_wrong_is_beyond_what_is_assumed() {
    // Three right servers of five, but not enough of them have answered when the two liars have.
    let text = "nodes = [\"s1\", \"s2\", \"s3\", \"s4\", \"s5\", \"a\"]\nseed = 9\nuntil = \"3000s\"\n\
                [params]\nservers = 5\n[network]\ndelay = { exponential = { mean = \"40ms\", min = \"5ms\" } }\n\
                loss = 0.2\nduplicate = 0.1\n[clock]\na = { offset = \"10ms\", drift-ppm = 15 }\n\
                [[fault]]\ntraitor = { nodes = [\"s2\", \"s4\"], lie = \"two-faced\", by = \"3s\" }\n";
    let mut seen = 0;
    for seed in 1..=40 {
        let mut scenario = scenario("ntp", text);
        scenario.scenario.seed = seed;
        let report = run(&scenario);
        if verdict(&report, "bounded-skew") == Violated {
            seen += 1;
            let said = because(&report, "bounded-skew");
            assert!(said.contains("NTP assumes that most servers are right: at "), "seed {seed}: {said}");
        }
    }
    assert!(seen > 0, "no seed of forty has a wrong majority");
}

#[test]
fn one_server_smears_a_leap_second_and_two_step() {
    let text = "nodes = [\"step-a\", \"step-b\", \"smear\", \"client\"]\nuntil = \"30h\"\n\
                [[fault]]\nclock-drift = { node = \"smear\", at = \"2h\", ppm = -12 }\n\
                [[fault]]\nclock-drift = { node = \"smear\", at = \"26h\", ppm = 0 }\n\
                [[fault]]\nclock-step = { node = \"step-a\", at = \"14h\", by = \"-1s\" }\n\
                [[fault]]\nclock-step = { node = \"step-b\", at = \"14h\", by = \"-1s\" }\n";
    let report = run(&scenario("ntp", text));
    let steps = report.trace.outputs().filter(|(.., output)| output.name == "correction");
    let after: Vec<u64> =
        steps.map(|(event, ..)| event.at.ns() / 1_000_000_000).filter(|&at| at > 14 * 3_600).collect();
    // A jump is a spike until it has stayed for the stepout time: then the client follows the two
    // that agree.
    assert_eq!(after.len(), 1, "{after:?}");
    let waited = after[0] - 14 * 3_600;
    assert!((600..1_500).contains(&waited), "stepped after {waited} s");
}

#[test]
fn a_fenced_store_accepts_a_stale_write_that_comes_before_the_new_holder_s_first() {
    let text = |fencing: bool| {
        format!(
            "nodes = [\"etcd\", \"disk\", \"primary\", \"standby\"]\n[params]\nlength = \"10s\"\ntrust = \"30s\"\n\
             from = \"sending\"\nwork = \"4s\"\nwrites = 6\nfencing = {fencing}\n[network]\ndelay = \"10ms\"\n\
             [[fault]]\npartition = {{ groups = [[\"primary\"], [\"etcd\"]], at = \"1s\" }}\n"
        )
    };
    let [loose, fenced] = [false, true].map(|fencing| run(&scenario("lease", &text(fencing))));
    assert_eq!(measure(&fenced, "stale_writes"), 1, "the one before standby's first");
    assert!(measure(&fenced, "rejected_writes") > 0);
    assert!(measure(&loose, "stale_writes") > measure(&fenced, "stale_writes"));
    assert_eq!(verdict(&fenced, "tokens-in-order"), Holds);
    assert_eq!(verdict(&fenced, "every-client-served"), Holds);
}

#[test]
fn a_third_node_that_reaches_both_does_not_carry_a_write_across() {
    let text = "nodes = [\"n1\", \"n2\", \"n3\"]\n[params]\nacks = \"all\"\n[network]\ndelay = \"10ms\"\n\
                [[fault]]\npartition = { groups = [[\"n1\"], [\"n2\"]], at = \"0s\", for = \"3s\" }\n";
    let report = run(&scenario("last-write-wins", text));
    // n3 has both writes at once; n1 and n2 get each other's only when the partition heals.
    assert_eq!(verdict(&report, "availability"), Violated);
    assert_eq!(verdict(&report, "convergence"), Holds);
    let held = |node: usize| {
        let notes = report.trace.notes("holds").filter(|(_, by, _)| by.index() == node);
        notes.map(|(event, ..)| event.at.ns() / 1_000_000).last().unwrap()
    };
    assert!(held(2) < 200 && held(0) > 3_000, "n3 at {} ms, n1 at {} ms", held(2), held(0));
}

#[test]
fn a_stamp_that_is_now_is_not_yet_past() {
    // Links that take no time, clocks as far apart as epsilon allows: a stamp that were past at
    // TT.now().earliest = s would be given again by the next server.
    let text = "nodes = [\"user\", \"a\", \"b\"]\n[network]\ndelay = { constant = \"0s\" }\n\
                [clock.a]\noffset = \"4ms\"\n[clock.b]\noffset = \"-4ms\"\n";
    let report = run(&scenario("commit-wait", text));
    assert_eq!(verdict(&report, "external-consistency"), Holds, "{}", because(&report, "external-consistency"));
    let one = run(&scenario("commit-wait", &text.replace("[network]", "[params]\nwait = 1\n[network]")));
    assert_eq!(verdict(&one, "external-consistency"), Violated);
}
