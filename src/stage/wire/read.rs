//! What the page reads of answers that layers below make as JSON. There is more in them.

#![allow(dead_code, reason = "what matters is their schema, and that real answers can be read by them")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::Expected;

/// What the page reads of a run's report.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct ReportRead {
    seed: u64,
    trace_hash: String,
    properties: Vec<PropertyRead>,
}

#[derive(Deserialize, JsonSchema)]
struct PropertyRead {
    name: String,
    verdict: Expected,
}

/// A table of a run.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<TableRow>,
}

#[derive(Deserialize, JsonSchema)]
struct TableRow {
    cells: Vec<Cell>,
    /// What is wrong with it; empty where nothing is.
    remark: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Cell {
    Number(i64),
    Text(String),
}

/// A problem in the library, with its protocols and its scenarios.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct ProblemListed {
    name: String,
    title: String,
    summary: String,
    protocols: Vec<ProtocolListed>,
    scenarios: Vec<ScenarioListed>,
}

#[derive(Deserialize, JsonSchema)]
struct ProtocolListed {
    name: String,
    title: String,
}

#[derive(Deserialize, JsonSchema)]
struct ScenarioListed {
    name: String,
    path: String,
    protocol: String,
    title: String,
    setup: String,
    nodes: Vec<String>,
    note: Option<String>,
    /// Whether it has a question to the room.
    predict: bool,
    /// Whether it has a grid of its own.
    sweep: bool,
    /// How much one has to know before, from 1 to 4.
    level: Option<u8>,
    /// The notes of its topics, as in the list of notes.
    topics: Vec<String>,
    /// The scenario of the next step, if this one is on the path.
    next: Option<String>,
    challenge: Option<ChallengeListed>,
}

/// A scenario's task, before it is told.
#[derive(Deserialize, JsonSchema)]
struct ChallengeListed {
    level: u8,
    /// The fewest changes that solve it.
    par: u8,
    goal: String,
}

/// A step of the path through the library.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct StepListed {
    /// The scenario: `PROBLEM/NAME`.
    scenario: String,
    minutes: u16,
    /// What one learns.
    why: String,
    level: Option<u8>,
    /// Whether the step is to solve the challenge, not only to watch the run.
    challenge: bool,
}

/// A point of a sweep that is done.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct SweepRow {
    point: usize,
    /// The settings of the point.
    at: BTreeMap<String, SweptSetting>,
    runs: u64,
    properties: BTreeMap<String, RateTold>,
    measures: BTreeMap<String, FigureTold>,
    /// For each property, seeds of runs to look at.
    example: BTreeMap<String, Example>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum SweptSetting {
    Truth(bool),
    Number(f64),
    Text(String),
}

/// How often a property is violated, with its interval, and what theory says.
#[derive(Deserialize, JsonSchema)]
struct RateTold {
    violated: u64,
    rate: f64,
    low: f64,
    high: f64,
    theory: Option<f64>,
}

/// How large a measure is on average, with its interval, and what theory says; of no run, nothing.
#[derive(Deserialize, JsonSchema)]
struct FigureTold {
    /// The runs in which it is defined.
    n: u64,
    mean: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    theory: Option<f64>,
}

#[derive(Deserialize, JsonSchema)]
struct Example {
    violated: Option<u64>,
    holds: Option<u64>,
}

/// What a sweep came to, beside its rows.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct SweepDone {
    /// The story's questions, with what the sweep answers.
    predictions: Vec<PredictionTold>,
}

#[derive(Deserialize, JsonSchema)]
struct PredictionTold {
    ask: String,
    choices: Vec<ChoiceTold>,
    answer: Option<usize>,
}

#[derive(Deserialize, JsonSchema)]
struct ChoiceTold {
    say: String,
}

/// What a search found.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct SearchFound {
    found: Option<CaseFound>,
    /// How many runs were tried one by one.
    enumerated: u64,
    /// How many runs were tried at random.
    sampled: u64,
    /// The most departures that were tried.
    deepest: u64,
}

#[derive(Deserialize, JsonSchema)]
struct CaseFound {
    /// The options to which choices are forced.
    forced: BTreeMap<String, String>,
    because: String,
}

impl SearchFound {
    pub(super) fn is_some(&self) -> bool {
        self.found.is_some()
    }
}
