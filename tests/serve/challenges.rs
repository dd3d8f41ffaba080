//! The judge of challenges, told of while it judges.

use std::time::Duration;

use dsys::library::{Library, catalogue};
use dsys::stage::Patience;
use serde_json::{Value as Json, json};

use crate::client::Server;

/// What the judge says of an answer.
fn judged(server: &Server, scenario: &str, set: &[(&str, &str)], impossible: bool) -> Json {
    let asked = json!({ "order": { "scenario": scenario, "set": set }, "impossible": impossible });
    server.post("/api/challenge", &asked.to_string()).done()
}

#[test]
fn what_breaks_a_scenario_as_it_stands_is_a_run_of_the_stage() {
    let server = Server::start();
    for (story, scenario) in catalogue::scenarios(&Library::shipped()).unwrap() {
        let Some(challenge) = &scenario.challenge else { continue };
        let done = judged(&server, &story.path(), &[], false);
        assert_eq!((&done["solved"], &done["lesson"]), (&json!(false), &json!([])), "{}: {done}", story.path());
        let order = &done["counterexample"]["order"];
        let run = server.post("/api/run", &order.to_string());
        assert_eq!(run.status, 200, "{}: {}", story.path(), run.text());
        let shown = &run.json()["show"]["challenge"];
        assert_eq!((&shown["goal"], &shown["par"]), (&json!(challenge.goal), &json!(challenge.par)));
        assert!(!shown.to_string().contains(&challenge.lesson), "{}: the lesson is told before", story.path());
        let violated = |property: &Json| {
            property["verdict"] == "violated"
                && done["counterexample"]["because"].to_string().contains(&inside(&property["because"]))
        };
        let properties = run.json()["report"]["properties"].as_array().unwrap().clone();
        let is_about_property = challenge.must.iter().all(|must| must.text.ends_with("holds"));
        assert!(!is_about_property || properties.iter().any(violated), "{}: {done}", story.path());
    }
}

/// A text as JSON writes it within another.
fn inside(text: &Json) -> String {
    text.to_string().trim_matches('"').to_owned()
}

#[test]
fn an_answer_is_judged_and_its_lesson_told() {
    let server = Server::start();
    let done = judged(&server, "one-storm", &[("params.ack-messengers", "1")], false);
    assert_eq!((&done["solved"], &done["changes"], &done["counterexample"]), (&json!(true), &json!(1), &Json::Null));
    assert_eq!(done["lesson"].as_array().unwrap().len(), 1, "{done}");
    let done = judged(&server, "last-messenger", &[], true);
    assert_eq!((&done["solved"], &done["par"], &done["changes"]), (&json!(true), &json!(1), &json!(0)), "{done}");
    assert!(done["lesson"].as_array().unwrap().len() > 1, "the theorem, what it means, and what is beyond: {done}");
    let done = judged(&server, "one-storm", &[], true);
    assert_eq!((&done["solved"], &done["lesson"]), (&json!(false), &json!([])), "{done}");
}

#[test]
fn what_is_no_answer_is_refused_with_a_status() {
    let server = Server::start();
    let check = |order: Json, status: u16, says: &str| {
        let answer = server.post("/api/challenge", &json!({ "order": order }).to_string());
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.error().contains(says), "{}", answer.text());
    };
    let storm = |set: Json| json!({ "scenario": "one-storm", "set": set });
    check(storm(json!([["params.ack-mesengers", "1"]])), 422, "did you mean `params.ack-messengers`");
    check(storm(json!([["params.ack-messengers", "7"]])), 422, "may not be `7`");
    check(storm(json!([["network.loss", "0"]])), 422, "may not be changed");
    let of_other = json!({ "scenario": "at-least-once-charges-twice", "set": [["params.order", "transaction"]] });
    check(of_other, 422, "it belongs to `dedup`");
    check(json!({ "scenario": "one-storm", "seed": 2 }), 422, "neither seeds nor choices");
    check(json!({ "scenario": "one-storm", "force": [["alice:bob:1", "deliver"]] }), 422, "neither seeds nor choices");
    check(json!({ "scenario": "three-generals" }), 422, "no challenge");
    check(json!({ "scenario": "nobody" }), 404, "no scenario");
}

#[test]
fn a_judge_who_runs_out_of_time_says_that_nothing_is_decided() {
    let server = Server::with(Patience { survey: Duration::from_millis(100), ..Patience::default() }, None);
    let story = Library::shipped().find("retry-until-the-deadline").unwrap();
    let text = story.text.replace("against = { runs = 2000 }", "against = { runs = 100000 }");
    let order = json!({ "scenario": "mine", "text": text, "set": [["params.attempts", "20"]] });
    let done = server.post("/api/challenge", &json!({ "order": order }).to_string()).done();
    assert_eq!((&done["solved"], &done["stopped"]), (&json!(false), &json!(true)), "{done}");
    server.assert_serving();
}
