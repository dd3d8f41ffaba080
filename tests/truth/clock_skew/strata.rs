//! Servers that follow servers: RFC 5905, root delay and root dispersion (sections 7.3 and 11.2.3).

use super::{because, measure, run, scenario, verdict};
use dsys::process::Value;
use dsys::scenario::Expected::{Holds, Violated};

/// Servers of the given strata and a client, over links that take 10 ms each way.
fn strata(strata: &str, nodes: &str, rest: &str) -> String {
    format!(
        "nodes = {nodes}\nuntil = \"2h\"\n[params]\nstrata = {strata}\n\
         [network]\ndelay = {{ constant = \"10ms\" }}\n{rest}"
    )
}

const FOUR: &str = "[\"a\", \"b\", \"c\", \"d\"]";

#[test]
fn each_stratum_adds_its_own_delay_and_dispersion() {
    let report = run(&scenario("ntp", &strata("[1, 1, 1]", FOUR, "")));
    let claims = |node: usize| {
        let told = report.trace.outputs().filter(|(_, by, output)| by.index() == node && output.name == "distance");
        told.map(|(.., output)| output.value.number().unwrap()).collect::<Vec<i64>>()
    };
    // Each claims at least half of 20 ms for each way between it and the source, the source's own
    // millisecond, and MINDISP at each server.
    for (node, ways) in [(1, 1), (2, 2), (3, 3)] {
        let least = claims(node).into_iter().min().unwrap();
        assert!(least >= ways * 10_000_000 + 1_000_000 + ways * 5_000_000, "node {node} claims {least}");
        assert!(least < ways * 10_000_000 + 1_000_000 + ways * 8_000_000, "node {node} claims {least}");
    }
    assert_eq!(verdict(&report, "bounded-skew"), Holds, "{}", because(&report, "bounded-skew"));
    assert_eq!(verdict(&report, "clocks-set"), Holds);
}

#[test]
fn a_server_that_has_no_time_says_so_and_is_not_followed() {
    // The source never answers, so nobody has a time.
    let cut = "[[fault]]\npartition = { groups = [[\"a\"], [\"b\"]], at = \"0s\" }\n";
    let report = run(&scenario("ntp", &strata("[1, 1]", "[\"a\", \"b\", \"c\"]", cut)));
    assert_eq!(report.trace.outputs().count(), 0);
    assert_eq!(verdict(&report, "clocks-set"), Violated);
    let why = "2 of 2 clocks were never set, b's among them: no server answered often enough to be followed.";
    assert_eq!(because(&report, "clocks-set"), why);
}

#[test]
fn a_wrong_source_is_followed_through_all_strata_and_the_bounds_do_not_cover_it() {
    let lie = "[[fault]]\ntraitor = { node = \"a\", lie = \"offset-by\", by = \"100ms\" }\n";
    let report = run(&scenario("ntp", &strata("[1, 1]", "[\"a\", \"b\", \"c\"]", lie)));
    // The second follows the first's clock while that is still on its way.
    assert!(measure(&report, "final_error") > 90_000_000);
    assert_eq!(verdict(&report, "bounded-skew"), Violated);
    assert!(because(&report, "bounded-skew").contains("NTP assumes that most servers are right"));
}

#[test]
fn a_majority_of_the_second_stratum_outvotes_a_liar_in_it() {
    let lie = "[[fault]]\ntraitor = { node = \"e\", lie = \"offset-by\", by = \"5s\" }\n";
    let nodes = "[\"a\", \"b\", \"c\", \"d\", \"e\", \"client\"]";
    let report = run(&scenario("ntp", &strata("[2, 3]", nodes, lie)));
    assert_eq!(verdict(&report, "bounded-skew"), Holds, "{}", because(&report, "bounded-skew"));
    assert_eq!(measure(&report, "falsetickers"), 1);
    let table = report.table.as_ref().unwrap();
    let of_client: Vec<_> = table.rows.iter().filter(|row| row.cells[0] == Value::Number(6)).collect();
    assert_eq!(of_client.len(), 3, "one row a server");
    let dropped: Vec<_> = of_client.iter().filter(|row| row.cells[5] == Value::Word("no")).collect();
    assert_eq!((dropped.len(), dropped[0].remark.as_str()), (1, "client drops e"));
    assert!(measure(&report, "selection_width") > 0);
}

#[test]
fn bounds_hold_over_three_strata_whatever_delays_and_drifts_are_drawn() {
    let rest = "[clock]\noffset = { uniform = [\"-300ms\", \"300ms\"] }\n[clock.a]\noffset = \"0s\"\n[clock.b]\noffset = \"0s\"\n\
                [clock.d]\ndrift-ppm = 14\noffset = \"100ms\"\n[clock.e]\ndrift-ppm = -14\noffset = \"0s\"\n";
    let nodes = "[\"a\", \"b\", \"c\", \"d\", \"e\"]";
    let text = strata("[2, 2]", nodes, rest)
        .replace("constant = \"10ms\"", "exponential = { mean = \"40ms\", min = \"5ms\" }");
    for seed in 1..=20 {
        let mut scenario = scenario("ntp", &text);
        scenario.scenario.seed = seed;
        let report = run(&scenario);
        assert_eq!(verdict(&report, "bounded-skew"), Holds, "seed {seed}: {}", because(&report, "bounded-skew"));
    }
}
