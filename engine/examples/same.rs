//! Whether the engine answers as the library does, byte for byte: every scenario, run, forked,
//! checked, swept, searched and judged, here and in node. `.ci/engine` runs it, after
//! `engine/build`: `cargo run --package dsys-engine --example same [FILE]`.

#![allow(clippy::print_stdout, reason = "a program tells its user")]

mod support;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dsys::library::Library;
use dsys::stage::door::{self, Listener};
use serde_json::json;
use support::Request;

/// Hears everything, with a clock that stands still: what is told does not hang on how quick a
/// machine is.
#[derive(Default)]
struct Ear(Mutex<Vec<Vec<u8>>>);

impl Listener for Ear {
    fn waits(&self) -> bool {
        true
    }

    fn clock(&self) -> Duration {
        Duration::ZERO
    }

    fn hear(&self, line: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

/// The requests of a scenario: its run, a fork, a small sweep, a small search, a wall and an answer
/// to its challenge; those that it has nothing for are refused, on both sides in the same words.
fn requests(scenario: &str) -> [Request; 7] {
    let order = json!({ "scenario": scenario });
    let other = json!({ "scenario": scenario, "seed": "18446744073709551615" });
    [
        ("run", order.clone()),
        ("fork", json!({ "before": order, "after": other })),
        ("check", order.clone()),
        ("sweep", json!({ "order": order, "runs": 3 })),
        ("search", json!({ "order": order, "runs": 200 })),
        ("wall", json!({ "order": order, "runs": 20 })),
        ("challenge", json!({ "order": order })),
    ]
}

/// What is asked beside that: what is refused, and texts of one's own.
fn others(library: &Library) -> anyhow::Result<Vec<Request>> {
    let text = library.find("three-generals")?.text;
    Ok(vec![
        ("run", json!({ "scenario": "three-general" })),
        ("run", json!({ "text": text, "scenario": "mine", "force": [["bob:alice:1", "attack"]] })),
        ("run", json!({ "link": "v=1&scenario=three-generals&colour=blue&seed=7" })),
        ("run", json!({ "link": "v=1&scenario=three-generals&text=AAAA" })),
        ("run", json!({ "script": "<script>" })),
        ("check", json!({ "text": "title = '<img src=x onerror=alert(1)>'\n[network]\nloss = 2\n" })),
        ("check", json!({ "text": text.replace("seed", "sede") })),
        ("nothing", json!({})),
    ])
}

fn main() -> anyhow::Result<()> {
    let library = Library::shipped();
    let paths: Vec<String> = library.stories().iter().map(|story| story.path()).collect();
    let asked: Vec<Request> = paths.iter().flat_map(|path| requests(path)).chain(others(&library)?).collect();
    let theirs: Vec<Vec<String>> = support::in_node(&library, &asked, None)?;
    anyhow::ensure!(theirs.len() == asked.len(), "{} answers to {} requests", theirs.len(), asked.len());
    let mut differ = Vec::new();
    for ((route, body), theirs) in asked.iter().zip(theirs) {
        let ear = Ear::default();
        door::answer(route, body.to_string().as_bytes(), &library, &ear);
        let ours = ear.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        anyhow::ensure!(!ours.is_empty(), "{route} is not answered: {body}");
        if !ours.iter().map(Vec::as_slice).eq(theirs.iter().map(String::as_bytes)) {
            differ.push(format!("{route} {body}"));
        }
    }
    anyhow::ensure!(differ.is_empty(), "{} of {} answers differ:\n{}", differ.len(), asked.len(), differ.join("\n"));
    println!("{} answers about {} scenarios are equal, byte for byte", asked.len(), paths.len());
    Ok(())
}
