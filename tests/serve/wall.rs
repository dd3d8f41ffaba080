//! A wall of seeds, told of while it fills.

use std::time::Duration;

use dsys::library;
use dsys::problems::SHIPPED;
use dsys::report::{self, Claims};
use dsys::scenario::Request;
use dsys::stage::Patience;
use serde_json::{Value as Json, json};

use crate::client::Server;

fn wall(scenario: &str, runs: u64) -> String {
    json!({ "order": { "scenario": scenario, "seed": "3" }, "runs": runs }).to_string()
}

/// The letters of all cells, in order.
fn cells(told: &[Json]) -> String {
    told.iter().filter_map(|line| line["cells"].as_str()).collect()
}

#[test]
fn every_cell_is_what_its_seed_comes_to_and_takes_a_byte() {
    let server = Server::start();
    let answer = server.post("/api/wall", &wall("more-acks-do-not-help", 2_000));
    let told = answer.lines();
    let properties = json!(["agreement", "validity", "termination"]);
    assert_eq!(told[0]["wall"], json!({ "seed": "3", "runs": 2_000, "properties": properties }));
    assert_eq!(told.last().unwrap(), &json!({ "filled": 2_000 }));
    let outcomes: Vec<&Json> = told.iter().filter_map(|line| line.get("outcome")).collect();
    let cells = cells(&told);
    assert_eq!(cells.len(), 2_000);
    assert!(answer.text().len() < 4 * 2_000, "{} bytes for 2,000 seeds", answer.text().len());
    let story = library::find("more-acks-do-not-help").unwrap();
    for (seed, cell) in (3..).zip(cells.bytes()).take(40) {
        let request = Request { seed: Some(seed), ..Request::new(&story.name, &story.text) };
        let report = report::run(&SHIPPED.load(&request).unwrap(), Claims::IfUntouched).unwrap();
        let verdicts: Vec<Json> = report.properties.iter().map(|judged| json!(judged.verdict.word())).collect();
        assert_eq!(outcomes[usize::from(cell - b'a')], &json!(verdicts), "seed {seed}");
    }
}

#[test]
fn what_is_no_wall_is_refused_with_a_status() {
    let server = Server::start();
    let check = |order: &str, status: u16, says: &str| {
        let answer = server.post("/api/wall", order);
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.json().to_string().contains(says), "{}", answer.text());
    };
    check("{}", 422, "say what to run");
    check(&wall("nobody", 10), 404, "no scenario");
    check(&wall("last-messenger", 0), 422, "from 1 to 10000 seeds");
    check(&wall("last-messenger", 10_001), 422, "from 1 to 10000 seeds");
    check(r#"{ "order": {}, "seeds": 3 }"#, 400, "seeds");
}

#[test]
fn a_wall_that_takes_too_long_tells_what_is_known() {
    let server = Server::with(Patience { survey: Duration::from_millis(300), ..Patience::default() }, None);
    let told = server.post("/api/wall", &wall("two-falsetickers-among-seven", 10_000)).lines();
    let filled = told.last().unwrap()["filled"].as_u64().unwrap();
    assert!(filled < 10_000);
    assert_eq!(cells(&told).len() as u64, filled);
    server.assert_serving();
}
