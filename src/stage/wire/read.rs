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
}

/// A point of a sweep that is done.
#[derive(Deserialize, JsonSchema)]
pub(in crate::stage) struct SweepRow {
    point: usize,
    /// The settings of the point.
    at: BTreeMap<String, SweptSetting>,
    runs: u64,
    properties: BTreeMap<String, RateTold>,
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
