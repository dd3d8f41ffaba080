//! All that there is to choose from, for programs: problems in teaching order, their protocols,
//! their scenarios, and the path through these.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{LearningPath, Library, Step, Story};
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

/// What leads to a scenario from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// The path through the library.
    pub path: LearningPath,
    /// The notes of the topics that a scenario belongs to, by the scenario's path.
    pub topics: BTreeMap<String, Vec<String>>,
}

impl Guide {
    /// The path's steps. `scenarios` are the library's.
    pub fn steps(&self, scenarios: &[(Story, Bound)]) -> Vec<Json> {
        self.path.steps.iter().map(|step| self::step(step, level_of(&step.story, scenarios))).collect()
    }
}

/// The level of the scenario at this path.
pub fn level_of(path: &str, scenarios: &[(Story, Bound)]) -> Option<u8> {
    scenarios.iter().find(|(story, _)| story.path() == path)?.1.story.level
}

fn step(step: &Step, level: Option<u8>) -> Json {
    json!({
        "scenario": step.story,
        "minutes": step.minutes,
        "why": step.why,
        "level": level,
        "challenge": step.is_challenge,
    })
}

/// A problem with some of its protocols and those of the scenarios that use them.
pub fn problem(problem: &Problem, protocols: &[&Entry], scenarios: &[&(Story, Bound)], guide: &Guide) -> Json {
    let scenarios = scenarios.iter().map(|(story, scenario)| self::scenario(story, scenario, guide));
    json!({
        "name": problem.name,
        "title": problem.title,
        "summary": problem.summary,
        "protocols": protocols.iter().map(|entry| protocol(entry)).collect::<Vec<_>>(),
        "scenarios": scenarios.collect::<Vec<_>>(),
    })
}

fn scenario(story: &Story, scenario: &Scenario, guide: &Guide) -> Json {
    let (told, path) = (&scenario.story, story.path());
    let challenge = scenario.challenge.as_ref();
    json!({
        "name": story.name,
        "path": path,
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
        "level": told.level,
        "topics": guide.topics.get(&path).map_or(&[][..], Vec::as_slice),
        "next": guide.path.after(&path).map(|step| &step.story),
        "challenge": challenge.map(|task| json!({ "level": task.level, "par": task.par, "goal": task.goal })),
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
