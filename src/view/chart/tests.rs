//! Charts read back as XML.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use super::*;
use crate::explore::sweep::{Shard, Wanted, sweep};
use crate::problems::SHIPPED;

/// A chart of the two generals over a grid, as its text.
fn drawn(title: &str, over: &[&str], runs: u64, names: &[&str]) -> String {
    let text = format!(
        "title = \"{title}\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = 2\n[network]\nloss = 0.2\n"
    );
    let over = over.iter().map(|&over| over.to_owned()).collect();
    let wanted = Wanted {
        scenario: "it's.toml".to_owned(),
        name: "its".to_owned(),
        text,
        over,
        runs: Some(runs),
        ..Wanted::default()
    };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap();
    let swept = sweep(&plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(())).unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    render(&plan, &swept.rows(&plan), &names)
}

/// Whether the chart is sound XML with title and description, and nothing stands outside of the
/// picture.
fn check(svg: &str, expect: &[&str]) {
    let document = roxmltree::Document::parse(svg).unwrap();
    let root = document.root_element();
    let name = |tag: &str| root.children().any(|child| child.has_tag_name(("http://www.w3.org/2000/svg", tag)));
    assert!(name("title") && name("desc") && root.attribute("role") == Some("img"));
    for node in document.descendants().filter(|node| node.is_element()) {
        for (names, most) in [(["x", "x1", "x2", "cx"], WIDTH), (["y", "y1", "y2", "cy"], HEIGHT)] {
            for value in names.iter().filter_map(|&name| node.attribute(name)) {
                let value: f64 = value.parse().unwrap();
                assert!((0.0..=most).contains(&value), "{node:?}");
            }
        }
    }
    let said: String = document.descendants().filter_map(|node| node.text()).collect::<Vec<_>>().join("\n");
    for expect in expect {
        assert!(said.contains(expect), "no `{expect}` in {said}");
    }
}

#[test]
fn a_chart_says_in_words_what_it_shows() {
    let svg = drawn("Loss & <b>", &["network.loss=0,0.5", "params.acks=0,1"], 100, &[]);
    check(
        &svg,
        &[
            "Loss & <b>",
            "params.acks = 1",
            "network.loss",
            "agreement is violated",
            "in % of the runs",
            "10 %",
            "theory: (1-p)^(k-1) p for a chain of k messages: all arrive but the last",
            "theory",
            "agreement, network.loss = 0, params.acks = 0: 0 (0 of 100 runs), 95 % interval 0 to 0.037; theory 0.",
            "dsys sweep 'it'\\''s.toml' --over network.loss=0,0.5 --over params.acks=0,1 --runs 100",
        ],
    );
    // Two series of two points, and one of each in the legend, which the second series of squares
    // has as well.
    assert_eq!(svg.matches("<polyline").count(), 2);
}

#[test]
fn what_is_asked_for_is_drawn_with_its_theory_and_the_rest_beside_it() {
    let text = include_str!("../../../scenarios/two-generals/more-acks-do-not-help.toml");
    let over = vec!["params.acks=0,6".to_owned()];
    let wanted = Wanted { name: "acks".to_owned(), text: text.to_owned(), over, runs: Some(300), ..Wanted::default() };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap();
    let rows = sweep(&plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(())).unwrap().rows(&plan);
    let words = ["Only one general attacks", "in % of the runs in which at least one general attacks"];
    check(&render(&plan, &rows, &[]), &words);
    let drawn = serde_json::to_value(super::drawn::drawn(&plan, &rows, &[]).unwrap()).unwrap();
    assert_eq!((&drawn["title"], &drawn["counted_in"]), (&words[0].into(), &words[1].into()));
    let series = drawn["series"].as_array().unwrap();
    let told: Vec<(&str, bool, usize)> = series
        .iter()
        .map(|line| (line["of"].as_str().unwrap(), line["is_aside"] == true, line["theory"].as_array().unwrap().len()))
        .collect();
    assert_eq!(told, [("alone_given_attack", false, 1), ("agreement", true, 0)]);
}

#[test]
fn what_the_scenario_itself_does_is_told_apart_from_what_is_swept() {
    let told = |text: &str, over: &str| {
        let text = format!(
            "title = 'T'\nproblem = 'two-generals'\nprotocol = 'ack-chain'\nnodes = 2\n[params]\nacks = 3\n{text}"
        );
        let wanted = Wanted { name: "own".to_owned(), text, over: vec![over.to_owned()], ..Wanted::default() };
        besides(&Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap())
    };
    let lost = "[[fault]]\nlose = { message = 'alice:bob:1' }\n[[fault]]\nlose = { message = 'bob:alice:1' }\n";
    let both = "Besides what is swept, every run loses alice's 1st message to bob and bob's 1st message to alice.";
    assert_eq!(told(lost, "network.loss=0,0.5").as_deref(), Some(both));
    let other = "Besides what is swept, every run loses bob's 1st message to alice.";
    assert_eq!(told(lost, "fault.0.lose.message=alice:bob:1,alice:bob:2").as_deref(), Some(other));
    let crash = "[[fault]]\ncrash = { node = 'bob', at = '1ms' }\n[force]\n'alice:bob:2' = 'lose'\n";
    let crashed = "Besides what is swept, every run crashes bob. In each of them, alice's 2nd message to bob is lost.";
    assert_eq!(told(crash, "network.loss=0,0.5").as_deref(), Some(crashed));
    assert_eq!(told("", "network.loss=0,0.5"), None);
}

#[test]
fn any_grid_can_be_drawn() {
    check(&drawn("One point", &[], 10, &[]), &["as it is"]);
    let delays = |values: &str| drawn("Words", &[&format!("network.delay.constant={values}")], 10, &[]);
    check(&delays("1ms,20ms,40ms"), &["network.delay.constant, in milliseconds"]);
    // To scale, the first two could not be told apart.
    check(&delays("1ms,20ms,2s"), &["1ms", "20ms", "2s"]);
    check(&drawn("Words", &["params.acks=0..2", "network.fifo=true,false"], 10, &[]), &["network.fifo = true"]);
    check(&drawn("Many", &["network.loss=0..0.9/0.1", "params.acks=0..9"], 5, &[]), &["2 of 10 series are left out"]);
    check(
        &drawn("Same", &["network.fifo=true,false"], 1, &["agreement", "validity", "messages", "attackers"]),
        &["attackers, in generals", "on average"],
    );
    let all =
        ["agreement", "validity", "termination", "messages", "attackers", "knowledge_depth", "alone_given_attack"];
    check(&drawn(&"A long title ".repeat(30), &["network.loss=1"], 3, &all), &["Not shown: alone_given_attack."]);
}
