//! Many runs, told of while they are run: sweeps, a line of JSON for each thing that there is to
//! tell.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::explore::sweep::{self, Plan, Progress, Row, Shard, Wanted};
use crate::library::Library;
use crate::scenario::{self, Limits, MOST_SWEPT, Scenario};
use crate::view::chart::{self, Drawn};

use super::lines::Lines;
use super::refusal::Refusal;
use super::run_request::{LARGE_TEXT, RunRequest};

/// The most runs of a sweep, all points together. `dsys sweep` takes more.
const MOST_RUNS: u64 = 2_000_000;
/// The most points, each of which is drawn.
const MOST_POINTS: usize = 1_000;
/// The most bytes that the scenarios of all points together may have: each is read once before
/// anything is run.
const MOST_PLANNED: usize = 16 << 20;
/// How long all that reading may take.
pub(super) const PLANNING: Duration = Duration::from_secs(5);
/// How often, about, a chart is drawn while it fills.
const MOST_CHARTS: usize = 50;

/// A sweep that is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "SweepRequest"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct SweepRequest {
    /// The scenario, and what is changed of it at every point.
    order: RunRequest,
    /// `KEY=VALUES` of each key of the grid; the scenario's own grid if there is none.
    over: Vec<String>,
    /// Runs at each point; the scenario's own number if there is none.
    runs: Option<u64>,
    /// The properties and measures to draw; those that are violated if there are none.
    plot: Vec<String>,
}

/// A line of a sweep.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum SweepTold<'a> {
    /// Once, before all others.
    Plan { plan: PlanTold<'a> },
    /// Now and then.
    Progress { progress: RunsDone },
    /// For each point that is done; now and then with the chart of all that are.
    Row {
        #[cfg_attr(test, schemars(with = "super::wire::read::SweepRow"))]
        row: Json,
        chart: Option<Drawn>,
    },
    /// At the end, with the chart as data and as a picture.
    Done {
        #[cfg_attr(test, schemars(with = "super::wire::read::SweepDone"))]
        done: Json,
        chart: Option<Drawn>,
        svg: Option<String>,
    },
}

/// What a sweep is about to do.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PlanTold<'a> {
    axes: Vec<AxisTold<'a>>,
    points: usize,
    /// The runs of all points together.
    runs: u64,
    /// The command that does the same in a terminal, word by word.
    command: Vec<String>,
}

/// A key of the grid with its values.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AxisTold<'a> {
    key: &'a str,
    values: &'a [String],
}

/// How many runs of how many are done.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RunsDone {
    done: u64,
    runs: u64,
}

/// Does what `POST /api/sweep` asks for.
///
/// Lines: `{ "plan" }` once; `{ "progress" }` now and then; `{ "row",
/// "chart" }` for each point that is done, now and then with the chart of all that are, unless the
/// scenario's text is large; `{ "done", "chart", "svg" }` at the end, with what `dsys sweep
/// --format json` prints and the picture that `--chart` makes.
pub(super) fn sweep(order: SweepRequest, library: &Library, lines: &Lines<'_>) -> Result<(), Refusal> {
    let begun = lines.clock();
    let in_time = || lines.is_wanted() && lines.clock().saturating_sub(begun) < PLANNING;
    let (order, plan) = plan(order, library, &in_time)?;
    run_sweep(&order, &plan, lines)
}

fn plan(order: SweepRequest, library: &Library, is_wanted: &dyn Fn() -> bool) -> Result<(SweepRequest, Plan), Refusal> {
    let refuse = Refusal::unfit;
    if order.over.len() > MOST_SWEPT {
        return Err(refuse(format!("a grid has at most {MOST_SWEPT} keys, and this one has {}", order.over.len())));
    }
    let asked = order.order.clone().read(library)?;
    let scenario = library.load(&asked.request())?;
    let axes = axes(&order, &scenario)?;
    if let Some((key, _)) = axes.iter().find(|(key, _)| key.starts_with("limits")) {
        return Err(refuse(format!("a sweep over `{key}` is not for the stage, which has limits of its own")));
    }
    // Each of them is loaded to be checked, so that too many are refused before.
    let points = axes.iter().map(|(_, values)| values.len()).fold(1, usize::saturating_mul);
    if points > MOST_POINTS {
        return Err(refuse(format!("the stage draws at most {MOST_POINTS} points; `dsys sweep` takes more")));
    }
    if points.saturating_mul(asked.size()) > MOST_PLANNED {
        let message = format!("{points} points of a scenario of {} KiB are too much to read", asked.size() >> 10);
        return Err(refuse(format!("{message}: the stage reads 16 MiB for a sweep; `dsys sweep` takes more")));
    }
    // One run that never ends would not hear that nobody waits for it.
    let (own, default) = (scenario.limits, Limits::default());
    let mut set = asked.set.clone();
    if own.events > default.events || own.messages > default.messages {
        set.push(format!("limits.events={}", own.events.min(default.events)));
        set.push(format!("limits.messages={}", own.messages.min(default.messages)));
    }
    let wanted = Wanted {
        scenario: asked.name.clone(),
        name: asked.name,
        origin: asked.origin,
        text: asked.text,
        set,
        force: asked.force,
        seed: asked.link.seed,
        over: order.over.clone(),
        runs: order.runs,
        precision: None,
    };
    let plan = Plan::while_wanted(library.registry(), wanted, Shard::WHOLE, is_wanted)?;
    let runs = plan.runs().saturating_mul(plan.points() as u64);
    if runs > MOST_RUNS {
        let message = format!("{} points of {} runs are more than the stage takes", plan.points(), plan.runs());
        return Err(refuse(format!("{message}: at most {MOST_RUNS} runs in all; `dsys sweep` takes more")));
    }
    let known: Vec<&str> =
        plan.properties().iter().map(|one| one.name).chain(plan.measures().iter().map(|one| one.name)).collect();
    match order.plot.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            Err(refuse(format!("there is no property or measure `{name}`: {}", scenario::known("names", known, name))))
        }
        None => Ok((order, plan)),
    }
}

/// The keys of the grid with their values: those that were asked for, else the scenario's own.
fn axes(order: &SweepRequest, scenario: &Scenario) -> Result<Vec<(String, Vec<String>)>, Refusal> {
    if order.over.is_empty() {
        return Ok(scenario.sweep.as_ref().map(|sweep| sweep.over.clone()).unwrap_or_default());
    }
    let axes: Result<Vec<_>, _> = order.over.iter().map(|over| scenario::over(over)).collect();
    axes.map_err(|complaint| Refusal::unfit(complaint.message))
}

fn run_sweep(order: &SweepRequest, plan: &Plan, lines: &Lines<'_>) -> Result<(), Refusal> {
    let axes = plan.axes().iter().map(|axis| AxisTold { key: &axis.key, values: &axis.values }).collect();
    let runs = plan.runs() * plan.points() as u64;
    lines.end(&SweepTold::Plan { plan: PlanTold { axes, points: plan.points(), runs, command: plan.command() } });
    // The lines of theory read the scenario again for each of their corners.
    let is_drawn = plan.wanted().text.len() <= LARGE_TEXT;
    let draw = |rows: &[Row]| is_drawn.then(|| chart::drawn(plan, rows, &order.plot)).flatten();
    let rows: Mutex<Vec<Row>> = Mutex::default();
    let step = plan.points().div_ceil(MOST_CHARTS);
    let watch = |progress: Progress<'_>| {
        let Progress { done, runs, row } = progress;
        match row {
            None => lines.mention(|| SweepTold::Progress { progress: RunsDone { done, runs } }),
            Some(row) => {
                let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                let place = rows.partition_point(|known| known.point < row.point);
                rows.insert(place, row.clone());
                let chart = rows.len().is_multiple_of(step).then(|| draw(&rows)).flatten();
                lines.tell(&SweepTold::Row { row: row_json(row), chart })
            }
        }
    };
    // One thread: the cores are for those who run, too.
    let swept = sweep::sweep(plan, NonZeroUsize::MIN, &watch)?;
    let rows = swept.rows(plan);
    let done = sweep::to_json(plan, &rows, swept.is_partial);
    let svg = is_drawn.then(|| chart::render(plan, &rows, &order.plot));
    lines.end(&SweepTold::Done { done, chart: draw(&rows), svg });
    Ok(())
}

fn row_json(row: &Row) -> Json {
    let mut json = row.to_json();
    json["point"] = row.point.into();
    json
}

/// The rows of a sweep, as its lines have them.
#[cfg(test)]
pub(super) fn rows(order: SweepRequest, library: &Library) -> Vec<Json> {
    let (_, plan) = plan(order, library, &|| true).unwrap();
    let swept = sweep::sweep(&plan, NonZeroUsize::MIN, &|_| std::ops::ControlFlow::Continue(())).unwrap();
    swept.rows(&plan).iter().map(row_json).collect()
}
