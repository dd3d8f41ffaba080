//! A wall of seeds, told of while it fills: what the run of each seed comes to, one letter a seed.

use std::ops::{ControlFlow, Range};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::explore::wall::{self, Done};
use crate::library::Library;
use crate::problems::Bound;
use crate::scenario::Expected;

use super::lines::Lines;
use super::refusal::Refusal;
use super::run_request::RunRequest;

/// The most seeds of a wall, each of which is a cell.
const MOST_SEEDS: u64 = 10_000;
/// How long cells wait for others to be told with.
const TOGETHER: Duration = Duration::from_millis(50);

/// A wall that is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "WallRequest"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct WallRequest {
    /// The scenario, and what is changed of it.
    order: RunRequest,
    /// How many seeds, from that of the scenario on; as many as there can be if not given.
    runs: Option<u64>,
}

/// A line of a wall.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum WallTold<'a> {
    /// Once, before all others.
    Wall { wall: WallPlan<'a> },
    /// An outcome that has not been met before, in the order in which they are numbered, and the
    /// verdicts of the properties in it; none where it stands for all that are too many.
    Outcome { outcome: &'a [Expected] },
    /// Of the seeds that follow, the outcome of each: `a` for the first outcome, `b` for the
    /// second.
    Cells { cells: String },
    /// At the end.
    Filled { filled: u64 },
}

/// What a wall is about to show.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WallPlan<'a> {
    /// The first seed, as digits, which JavaScript does not round.
    seed: String,
    runs: u64,
    properties: Vec<&'a str>,
}

/// Does what `POST /api/wall` asks for.
///
/// Lines: `{ "wall" }` once; `{ "outcome" }` for each that is met for
/// the first time; `{ "cells" }` again and again; `{ "filled" }` at the end, with how many seeds
/// were run.
pub(super) fn fill(request: WallRequest, library: &Library, lines: &Lines<'_>) -> Result<(), Refusal> {
    let WallRequest { order, runs } = request;
    let runs = runs.unwrap_or(MOST_SEEDS);
    if !(1..=MOST_SEEDS).contains(&runs) {
        let message = format!("a wall has from 1 to {MOST_SEEDS} seeds, and not {runs}; `dsys sweep` takes more");
        return Err(Refusal::unfit(message));
    }
    let scenario = order.stage(library)?.scenario;
    let seeds = scenario.seed..scenario.seed.saturating_add(runs);
    run(&scenario, seeds, lines)
}

fn run(scenario: &Bound, seeds: Range<u64>, lines: &Lines<'_>) -> Result<(), Refusal> {
    let properties = scenario.entry.properties.iter().map(|property| property.name).collect();
    let plan = WallPlan { seed: seeds.start.to_string(), runs: seeds.end - seeds.start, properties };
    lines.end(&WallTold::Wall { wall: plan });
    let mut cells = String::new();
    let mut told = lines.clock();
    let mut filled = 0;
    let mut watch = |done: Option<Done<'_>>| -> ControlFlow<()> {
        if let Some(Done { outcome, new }) = done {
            if let Some(outcome) = new {
                lines.end(&WallTold::Outcome { outcome });
            }
            cells.push(char::from(b'a' + outcome));
            filled += 1;
        }
        if !cells.is_empty() && lines.clock().saturating_sub(told) >= TOGETHER {
            told = lines.clock();
            lines.end(&WallTold::Cells { cells: std::mem::take(&mut cells) });
        }
        lines.goes_on()
    };
    wall::fill(scenario, seeds, &mut watch)?;
    if !cells.is_empty() {
        lines.end(&WallTold::Cells { cells });
    }
    lines.end(&WallTold::Filled { filled });
    Ok(())
}
