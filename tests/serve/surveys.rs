//! Sweeps and searches, told of while they run.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::time::Duration;

use dsys::explore::search::{self, Effort, Settled};
use dsys::explore::sweep::{self, Plan, Shard, Wanted};
use dsys::library::{self, Library};
use dsys::problems::SHIPPED;
use dsys::stage::Patience;
use dsys::view::called::Called;
use dsys::view::choices;
use serde_json::{Value as Json, json};

use crate::client::{Answer, Server};

/// The first line that has this key.
#[track_caller]
fn line<'a>(lines: &'a [Json], key: &str) -> &'a Json {
    let found = lines.iter().find(|line| line.get(key).is_some());
    found.unwrap_or_else(|| panic!("no line has `{key}`: {lines:?}"))
}

fn losses(runs: u64) -> Json {
    json!({ "order": { "scenario": "last-messenger" }, "over": ["network.loss=0.1,0.5"], "runs": runs })
}

#[test]
fn a_sweep_tells_what_the_command_line_tells() {
    let server = Server::start();
    let answer = server.post("/api/sweep", &losses(50).to_string());
    let told = answer.lines();
    let plan = &told[0]["plan"];
    assert_eq!((&plan["points"], &plan["runs"]), (&json!(2), &json!(100)));
    assert_eq!(plan["axes"], json!([{ "key": "network.loss", "values": ["0.1", "0.5"] }]));
    let story = library::find("last-messenger").unwrap();
    let wanted = Wanted {
        scenario: story.name.clone(),
        name: story.name.clone(),
        origin: "last-messenger.toml".to_owned(),
        text: story.text,
        over: vec!["network.loss=0.1,0.5".to_owned()],
        runs: Some(50),
        ..Wanted::default()
    };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap();
    let swept = sweep::sweep(&plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(())).unwrap();
    let expect = sweep::to_json(&plan, &swept.rows(&plan), false);
    assert!(answer.text().lines().last().unwrap().starts_with(&format!("{{\"done\":{expect},")), "{}", answer.text());
    let rows: Vec<&Json> = told.iter().filter_map(|line| line.get("row")).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["point"], &rows[1]["point"]), (&json!(0), &json!(1)));
    assert!(told.iter().all(|line| line.get("error").is_none()));
}

#[test]
fn what_cannot_be_swept_is_refused_with_a_status() {
    let server = Server::start();
    let check = |order: Json, status: u16, says: &str| {
        let answer = server.post("/api/sweep", &order.to_string());
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.json().to_string().contains(says), "{}", answer.text());
    };
    let of = |over: &str| json!({ "order": { "scenario": "last-messenger" }, "over": [over] });
    check(json!({}), 422, "say what to run");
    check(json!({ "order": { "scenario": "nobody" } }), 404, "no scenario");
    check(json!({ "order": {}, "shard": "1/2" }), 400, "shard");
    check(of("network.loss"), 422, "network.loss");
    check(of("network.loss=0..9/1"), 422, "network.loss");
    check(of("limits.events=1..9"), 422, "limits of its own");
    check(of("limits={ events = 4000000000 }"), 422, "limits of its own");
    check(of("network.loss=0..0.9/0.0001"), 422, "at most 1000 points");
    check(losses(1_000_001), 422, "more than the stage takes");
    check(json!({ "order": { "scenario": "last-messenger" }, "plot": ["x"], "over": ["network.loss=0"] }), 422, "`x`");
}

/// Asks for a sweep that takes long, and reads until it has begun.
fn begin(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(server.posted("/api/sweep", &losses(1_000_000).to_string()).as_bytes()).unwrap();
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(b"\"progress\"") {
        stream.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
    stream
}

#[test]
fn a_sweep_keeps_no_run_waiting_and_ends_when_the_page_leaves() {
    let server = Server::start();
    // As many as may go on at once, and more that wait for their turn.
    let sweeps: Vec<TcpStream> =
        (0..std::thread::available_parallelism().unwrap().get() - 1).map(|_| begin(&server)).collect();
    let mut waiting = server.connect();
    waiting.write_all(server.posted("/api/sweep", &losses(10).to_string()).as_bytes()).unwrap();
    server.assert_serving();
    drop(sweeps);
    // The one that waits has its turn now, long before the others would have been done.
    let told = Answer::read(&mut waiting).unwrap().lines();
    assert!(told.last().unwrap().get("done").is_some(), "{told:?}");
}

#[test]
fn a_sweep_that_takes_too_long_tells_what_is_known() {
    let server = Server::with(Patience { survey: Duration::from_millis(300), ..Patience::default() }, None);
    let told = server.post("/api/sweep", &losses(1_000_000).to_string()).lines();
    assert_eq!(line(&told, "done")["done"]["partial"], true);
    server.assert_serving();
}

#[test]
fn every_shipped_sweep_can_be_asked_for() {
    let server = Server::start();
    for (story, scenario) in library::catalogue::scenarios(&Library::shipped()).unwrap() {
        let asked = json!({ "order": { "scenario": story.path() }, "runs": 2 });
        if scenario.sweep.is_some() {
            let told = server.post("/api/sweep", &asked.to_string()).lines();
            assert!(told.last().unwrap().get("done").is_some(), "{}: {told:?}", story.path());
        }
    }
}

#[test]
fn a_search_tells_what_the_command_line_tells_and_the_case_can_be_run() {
    let server = Server::start();
    let mut searched = 0;
    for (story, scenario) in library::catalogue::scenarios(&Library::shipped()).unwrap() {
        let Some(spec) = &scenario.search else { continue };
        // Small ones: what is found is found at any size.
        let effort = Effort { runs: 300, ..Effort::DEFAULT };
        let answer = search::search(&scenario, spec, effort, &|_| ControlFlow::Continue(())).unwrap();
        let asked = json!({ "order": { "scenario": story.path() }, "runs": 300 });
        let told = server.post("/api/search", &asked.to_string()).lines();
        let done = told.last().unwrap();
        assert_eq!(done["done"], answer.to_json(&scenario.name, &scenario.names), "{}", story.path());
        // The page says the same with the story's names, and choices in plain words.
        let called = Called::of(&scenario);
        let listed = |found: &[Settled]| {
            found
                .iter()
                .map(|(choice, decision)| choices::told(choice, decision, &called))
                .collect::<Vec<_>>()
                .join("; ")
        };
        assert_eq!(done["sentence"], called.told(&answer.in_words_by(&listed)), "{}", story.path());
        assert_eq!(done["order"].is_object(), answer.found.is_some(), "{}", story.path());
        if let Some(found) = &answer.found {
            let run = server.post("/api/run", &done["order"].to_string());
            assert_eq!(run.status, 200, "{}: {}", story.path(), run.text());
            let report = &run.json()["report"];
            assert_eq!(report["trace_hash"], found.report.trace.digest.to_string(), "{}", story.path());
            searched += 1;
        }
    }
    assert!(searched > 3, "only {searched} searches found anything");
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_status() {
    let server = Server::start();
    let check = |order: Json, status: u16, says: &str| {
        let answer = server.post("/api/search", &order.to_string());
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.json().to_string().contains(says), "{}", answer.text());
    };
    let story = |name: &str| json!({ "scenario": name });
    let silent = library::catalogue::scenarios(&Library::shipped())
        .unwrap()
        .into_iter()
        .find(|(_, scenario)| scenario.search.is_none());
    check(json!({ "order": story(&silent.unwrap().0.path()) }), 422, "no `[search]`");
    check(json!({ "order": story("last-messenger"), "may": ["steal"] }), 400, "steal");
    check(json!({ "order": story("last-messenger"), "property": "agreemen" }), 422, "did you mean `agreement`");
    check(json!({ "order": story("nobody") }), 404, "no scenario");
}

#[test]
fn a_search_that_takes_too_long_tells_what_is_known() {
    let server = Server::with(Patience { survey: Duration::from_millis(300), ..Patience::default() }, None);
    let asked = json!({ "order": { "scenario": "seven-generals" }, "may": ["lie"], "property": "agreement" });
    let told = server.post("/api/search", &asked.to_string()).lines();
    assert_eq!(line(&told, "done")["interrupted"], true, "{:?}", told.last());
    server.assert_serving();
}
