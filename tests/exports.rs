//! Runs written for other programs, read back as those programs read them: every shipped scenario.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dsys::library::{self, Story};
use dsys::problems::SHIPPED;
use dsys::report::{self, Claims, Report};
use dsys::scenario::Request;
use dsys::trace::EventKind;
use dsys::view::{perfetto, shiviz};
use serde_json::Value as Json;

fn reports() -> impl Iterator<Item = (String, Report)> {
    library::stories().into_iter().map(|story| (story.path(), run(&story)))
}

fn run(story: &Story) -> Report {
    let origin = format!("{}.toml", story.path());
    let request = Request { origin: &origin, ..Request::new(&story.name, &story.text) };
    report::run(&SHIPPED.load(&request).unwrap(), Claims::IfUntouched).unwrap()
}

fn three_generals() -> Report {
    run(&library::find("three-generals").unwrap())
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn shiviz_of(report: &Report) -> String {
    written(|out| shiviz::write(report, out))
}

fn perfetto_of(report: &Report) -> Json {
    serde_json::from_str(&written(|out| perfetto::write(report, out))).unwrap()
}

/// Holds a text against a golden, which UPDATE_GOLDENS writes anew.
fn is_as_it_was(name: &str, text: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(name);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&golden, text).unwrap();
    }
    assert_eq!(fs::read_to_string(&golden).unwrap_or_default(), text, "{name}");
}

#[test]
fn three_generals_for_shiviz() {
    is_as_it_was("three-generals.shiviz.log", &shiviz_of(&three_generals()));
}

#[test]
fn three_generals_for_perfetto() {
    is_as_it_was("three-generals.perfetto.json", &written(|out| perfetto::write(&three_generals(), out)));
}

type Clock = BTreeMap<String, u64>;

#[test]
fn vector_clocks_say_what_came_before_what() {
    for (path, report) in reports() {
        let log = shiviz_of(&report);
        let mut lines = log.lines();
        assert_eq!(lines.next(), Some(r"(?<at>\S+) (?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})"), "{path}");
        assert_eq!(lines.next(), Some(""), "{path}");
        let of_nodes: Vec<_> = report.trace.events.iter().filter(|event| event.node.is_some()).collect();
        let lines: Vec<&str> = lines.collect();
        assert_eq!(lines.len(), 2 * of_nodes.len(), "{path}");
        let mut clocks: BTreeMap<u32, Clock> = BTreeMap::new();
        let mut latest: BTreeMap<&str, Clock> = BTreeMap::new();
        for (pair, event) in lines.chunks(2).zip(of_nodes) {
            assert!(pair[0].starts_with(&format!("{} ", event.at)), "{path}: {pair:?}");
            let (host, clock) = pair[1].split_once(' ').unwrap();
            assert_eq!(Some(host), event.node.map(|node| report.trace.names.of(node)), "{path}: {pair:?}");
            let clock: Clock = serde_json::from_str(clock).unwrap();
            // By the definition: the node's own last event, and the sending of what it receives,
            // came before; nothing else.
            let mut expect = latest.get(host).cloned().unwrap_or_default();
            if matches!(event.what, EventKind::Delivered(_) | EventKind::Corrupted(_)) {
                for (name, &count) in &clocks[&event.cause.unwrap().number()] {
                    let known = expect.entry(name.clone()).or_default();
                    *known = count.max(*known);
                }
            }
            *expect.entry(host.to_owned()).or_default() += 1;
            assert_eq!(clock, expect, "{path}: {pair:?}");
            clocks.insert(event.id.number(), clock.clone());
            latest.insert(host, clock);
        }
    }
}

#[test]
fn slices_lie_side_by_side_and_arrows_join_them() {
    for (path, report) in reports() {
        let trace = perfetto_of(&report);
        let events = trace["traceEvents"].as_array().unwrap();
        let of = |phase: &'static str| events.iter().filter(move |event| event["ph"] == phase);
        let ns = |micros: &Json| (micros.as_f64().unwrap() * 1e3).round() as u64;
        let mut slices: BTreeMap<u64, BTreeMap<u64, u64>> = BTreeMap::new();
        let mut told = 0;
        for slice in of("X") {
            let track = slices.entry(slice["tid"].as_u64().unwrap()).or_default();
            let (start, wide) = (ns(&slice["ts"]), ns(&slice["dur"]));
            assert!(wide > 0 && track.insert(start, start + wide).is_none(), "{path}: {slice}");
            told += slice["args"]["ids"].as_array().unwrap().len();
        }
        assert_eq!(told, report.trace.events.iter().filter(|event| event.node.is_some()).count(), "{path}");
        for track in slices.values() {
            let ends = track.values().zip(track.keys().skip(1));
            assert!(ends.into_iter().all(|(end, next)| end <= next), "{path}: slices overlap");
        }
        let is_start = |event: &Json| slices[&event["tid"].as_u64().unwrap()].contains_key(&ns(&event["ts"]));
        assert!(of("s").chain(of("f")).all(is_start), "{path}: an arrow without a slice");
        let counts = report.trace.counts;
        let arrived = counts.delivered + counts.corrupted + counts.cut + counts.to_crashed;
        assert_eq!((of("s").count() as u64, of("f").count() as u64), (arrived, arrived), "{path}");
        let begun: u64 = of("b").filter(|event| event["cat"] == "down").count() as u64;
        assert_eq!((begun, of("b").count()), (counts.crashes, of("e").count()), "{path}");
    }
}
