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
            "share of runs that violate it",
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
fn any_grid_can_be_drawn() {
    check(&drawn("One point", &[], 10, &[]), &["as it is"]);
    check(&drawn("Words", &["network.delay.constant=1ms,20ms,2s"], 10, &[]), &["network.delay.constant, in seconds"]);
    check(&drawn("Words", &["params.acks=0..2", "network.fifo=true,false"], 10, &[]), &["network.fifo = true"]);
    check(&drawn("Many", &["network.loss=0..0.9/0.1", "params.acks=0..9"], 5, &[]), &["2 of 10 series are left out"]);
    check(
        &drawn("Same", &["network.fifo=true,false"], 1, &["agreement", "validity", "messages", "attackers"]),
        &["mean, in generals"],
    );
    let all =
        ["agreement", "validity", "termination", "messages", "attackers", "knowledge_depth", "alone_given_attack"];
    check(&drawn(&"A long title ".repeat(30), &["network.loss=1"], 3, &all), &["Not shown: alone_given_attack."]);
}
