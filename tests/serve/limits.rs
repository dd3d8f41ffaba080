//! What one run may cost, and who waits for whom.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use dsys::stage::Patience;
use serde_json::json;

use crate::client::{Answer, Server};

/// A run that would go on for millions of events.
fn endless() -> String {
    endless_of(1)
}

/// One such run for each seed.
fn endless_of(seed: u64) -> String {
    let set = [["params.orders", "100000"]];
    json!({ "scenario": "at-least-once-charges-twice", "seed": seed, "set": set }).to_string()
}

#[test]
fn a_run_that_is_too_large_is_cut_and_says_by_what() {
    let server = Server::start();
    let answer = server.post("/api/run", &endless());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    assert!(answer["remarks"].to_string().contains("stops a run at 50000 events"), "{}", answer["remarks"]);
    let report = &answer["report"];
    assert_eq!(report["ended"]["why"], "event-limit");
    assert_eq!((&report["counts"]["events"], &report["expected"]), (&json!(50_000), &json!(null)));
    let unknown: Vec<_> =
        report["properties"].as_array().unwrap().iter().filter(|p| p["verdict"] == "unknown").collect();
    assert!(!unknown.is_empty(), "{report}");
    assert!(unknown.iter().all(|p| p["because"].as_str().unwrap().contains("at most 50000 in all")), "{unknown:?}");
}

#[test]
fn more_nodes_than_can_be_drawn_are_refused() {
    let server = Server::start();
    let order = json!({ "scenario": "seven-generals", "set": [["nodes", "201"]] }).to_string();
    let answer = server.post("/api/run", &order);
    assert_eq!(answer.status, 422);
    assert!(answer.error().contains("201 nodes are more than the 200"), "{}", answer.text());
}

#[test]
fn runs_wait_for_their_turn_and_the_page_for_none() {
    let server = Server::with(Patience { turn: Duration::from_millis(100), ..Patience::default() }, None);
    let asked = ask_all(&server, (1..=16).map(endless_of));
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.get("/api/library").status, 200);
    let statuses: BTreeSet<u16> = asked.into_iter().map(|mut one| Answer::read(&mut one).unwrap().status).collect();
    assert!(statuses.iter().eq(&[200, 503]), "some run, and others are told that there is too much going on");
    server.assert_serving();
}

#[test]
fn a_room_that_asks_for_one_run_waits_for_one_run() {
    let server = Server::with(Patience { turn: Duration::from_millis(100), ..Patience::default() }, None);
    let asked = ask_all(&server, (1..=16).map(|_| endless()));
    let answers: Vec<Answer> = asked.into_iter().map(|mut one| Answer::read(&mut one).unwrap()).collect();
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body));
    assert_eq!(server.post("/api/run", &endless()).body, answers[0].body);
    assert!(server.post("/api/run", &endless_of(2)).body != answers[0].body, "another order has its own answer");
}

fn ask_all(server: &Server, orders: impl Iterator<Item = String>) -> Vec<TcpStream> {
    let ask = |order: String| {
        let mut stream = server.connect();
        stream.write_all(server.posted("/api/run", &order).as_bytes()).unwrap();
        stream
    };
    orders.map(ask).collect()
}

#[test]
fn a_run_that_takes_too_long_is_given_up() {
    let server = Server::with(Patience { run: Duration::from_millis(1), ..Patience::default() }, None);
    let answer = server.post("/api/run", &endless());
    assert_eq!(answer.status, 503);
    assert!(answer.error().contains("longer than the 1ms"), "{}", answer.text());
}

#[test]
fn a_server_that_stops_lets_answers_end_and_waits_for_nobody_else() {
    let mut server = Server::with(Patience { end: Duration::from_millis(500), ..Patience::default() }, None);
    let _idle = server.connect();
    let mut asked = server.connect();
    asked.write_all(server.posted("/api/run", &endless()).as_bytes()).unwrap();
    // Its request has been taken when another one's answer is there.
    assert_eq!(server.get("/").status, 200);
    server.stop();
    assert!(TcpStream::connect(server.address).is_err(), "nobody listens any more");
}
