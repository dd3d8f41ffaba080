//! All that there is to choose from, for programs: problems in teaching order, their protocols,
//! their scenarios.

use serde_json::{Value as Json, json};

use super::{Library, Story};
use crate::problems::{Bound, Entry, Problem};
use crate::scenario::{Invalid, Request, Scenario};

/// The scenarios of a library, from the simplest on: by protocol in teaching order, then by the
/// number of nodes.
///
/// # Errors
///
/// What is wrong with one of them. With those that ship nothing is.
pub fn scenarios(library: &Library) -> Result<Vec<(Story, Bound)>, Invalid> {
    let mut shipped = Vec::new();
    for story in library.stories() {
        let origin = story.shown_origin().to_owned();
        let request = Request { origin: &origin, ..Request::new(&story.name, &story.text) };
        let scenario = library.load(&request)?;
        shipped.push((story, scenario));
    }
    let place = |scenario: &Scenario| {
        let protocols = library.registry().problem(&scenario.problem).map_or(&[][..], |problem| problem.protocols);
        protocols.iter().position(|entry| entry.name == scenario.protocol)
    };
    // The sort is stable: where these are equal, the stories stay in the order of their names.
    shipped.sort_by_key(|(_, scenario)| (place(scenario), scenario.names.count()));
    Ok(shipped)
}

/// A problem with some of its protocols and those of the scenarios that use them.
pub fn problem(problem: &Problem, protocols: &[&Entry], scenarios: &[&(Story, Bound)]) -> Json {
    json!({
        "name": problem.name,
        "title": problem.title,
        "summary": problem.summary,
        "protocols": protocols.iter().map(|entry| protocol(entry)).collect::<Vec<_>>(),
        "scenarios": scenarios.iter().map(|(story, scenario)| self::scenario(story, scenario)).collect::<Vec<_>>(),
    })
}

fn scenario(story: &Story, scenario: &Scenario) -> Json {
    let told = &scenario.story;
    json!({
        "name": story.name,
        "path": story.path(),
        "hash": scenario.hash,
        "protocol": scenario.protocol,
        "title": scenario.title,
        "setup": told.setup,
        "nodes": scenario.names.iter().collect::<Vec<_>>(),
        "note": told.note,
        "beats": told.beats.len(),
        "predict": !told.predict.is_empty(),
        "sweep": scenario.sweep.is_some(),
        "search": scenario.search.is_some(),
    })
}

fn protocol(entry: &Entry) -> Json {
    let properties = entry.properties.iter().map(|of| json!({ "name": of.name, "kind": of.kind, "says": of.says }));
    let measures = entry.measures.iter().map(|of| json!({ "name": of.name, "unit": of.unit, "says": of.says }));
    let lies = entry.lies.iter().map(|of| json!({ "name": of.name, "arguments": of.arguments, "says": of.says }));
    json!({
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "paper": entry.paper,
        "params": (entry.params)(),
        "properties": properties.collect::<Vec<_>>(),
        "measures": measures.collect::<Vec<_>>(),
        "lies": lies.collect::<Vec<_>>(),
        "crash_points": entry.crash_points,
    })
}
