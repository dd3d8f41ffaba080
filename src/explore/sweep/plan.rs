//! What is to be swept: a scenario, a grid of its settings, how many runs at each point, and which
//! part of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::refused::Refused;
use super::shard::Shard;
use crate::check::{Measure, Property};
use crate::problems::{self, Bound, Entry, Registry};
use crate::scenario::{self, Invalid, MOST_SWEPT, Request, Scenario};
use crate::time::Span;

/// The most points that a grid may have.
pub const MOST_POINTS: usize = 10_000;
/// The most runs at a point.
pub const MOST_RUNS: u64 = 1_000_000_000;
/// Runs at a point where nobody says how many.
const RUNS: u64 = 1_000;
/// Keys that change nothing that a sweep counts.
const IDLE_KEYS: [&str; 6] = ["title", "story", "expect", "sweep", "search", "challenge"];

/// What somebody wants swept, in their own words: all that the answer depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// What commands call the scenario: a shipped name, or a path.
    pub scenario: String,
    /// The story's name.
    pub name: String,
    /// The path that errors show.
    pub origin: String,
    /// The scenario's text.
    pub text: String,
    /// `KEY=VALUE` of each `--set`.
    pub set: Vec<String>,
    /// `CHOICE=OPTION` of each `--force`.
    pub force: Vec<String>,
    /// The number of `--seed`.
    pub seed: Option<u64>,
    /// `KEY=VALUES` of each `--over`; without any, the scenario's `[sweep]` says it.
    pub over: Vec<String>,
    /// The number of `--runs`; without it, the scenario's `[sweep]` says it.
    pub runs: Option<u64>,
    /// `--precision`: a point is done when the interval of each rate is at most this wide. Parts
    /// never have it.
    #[serde(skip)]
    pub precision: Option<f64>,
}

/// One key of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The key's dotted path.
    pub key: String,
    /// Its values, each as one would write it after `--set KEY=`.
    pub values: Vec<String>,
}

impl Axis {
    /// Whether its values are durations, which sort as text in no order of use: `150ms`, `250ms`,
    /// `50ms`.
    pub fn is_of_durations(&self) -> bool {
        // A bare 0 is a duration and a number too.
        self.values.iter().all(|value| Axis::in_ns(value).is_some()) && self.values.iter().any(|value| value != "0")
    }

    /// The name of its nanoseconds beside its key.
    pub fn key_in_ns(&self) -> String {
        format!("{}_ns", self.key)
    }

    /// The nanoseconds of one of its values. `None` if that is no duration.
    pub fn in_ns(value: &str) -> Option<i64> {
        let unquoted = ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote));
        unquoted.unwrap_or(value).parse::<Span>().ok().map(Span::ns)
    }
}

/// A point of a grid: what is known of it before anything is run.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) entry: &'static Entry,
    /// The theory's value for each property, in the protocol's order.
    pub(super) rates: Vec<Option<f64>>,
    /// The theory's value for each measure, in the protocol's order.
    pub(super) means: Vec<Option<f64>>,
}

/// A sweep that was checked: every point of its grid is a sound scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    registry: Registry,
    wanted: Wanted,
    base: Bound,
    axes: Vec<Axis>,
    runs: u64,
    shard: Shard,
    points: Vec<Point>,
}

impl Plan {
    /// Checks what is wanted, and every point of the grid.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(registry: Registry, wanted: Wanted, shard: Shard) -> Result<Plan, Refused> {
        Plan::while_wanted(registry, wanted, shard, &|| true)
    }

    /// The same for as long as `is_wanted`, which is asked before each point.
    ///
    /// # Errors
    ///
    /// What is wrong with it; and that it is wanted no more.
    pub fn while_wanted(
        registry: Registry,
        wanted: Wanted,
        shard: Shard,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Plan, Refused> {
        let base = load(registry, &wanted, &[]).map_err(|invalid| invalid_at("", invalid))?;
        let axes = axes(&wanted, &base)?;
        let runs = wanted.runs.or(base.sweep.as_ref().map(|sweep| sweep.runs)).unwrap_or(RUNS);
        check_runs(&wanted, &base, runs, shard)?;
        let sizes = axes.iter().map(|axis| axis.values.len());
        let count = sizes.fold(1_usize, usize::saturating_mul);
        if count > MOST_POINTS {
            let sizes: Vec<String> = axes.iter().map(|axis| axis.values.len().to_string()).collect();
            let grid = if wanted.over.is_empty() { "`[sweep]`" } else { "`--over`" };
            let message =
                format!("the grid of {grid} has {} points: at most {MOST_POINTS} are allowed", sizes.join(" × "));
            return Err(Refused::new(message, "take larger steps, or fewer keys at once"));
        }
        let mut plan = Plan { registry, wanted, base, axes, runs, shard, points: Vec::new() };
        let check = |point| {
            if is_wanted() { plan.check_point(point) } else { Err(Refused::Ended { checked: point, of: count }) }
        };
        plan.points = (0..count).map(check).collect::<Result<_, _>>()?;
        Ok(plan)
    }

    fn check_point(&self, point: usize) -> Result<Point, Refused> {
        let scenario = self.load(point)?;
        let entry = scenario.entry;
        let theory = |name: &str| {
            let theories = entry.theory.iter().filter(|theory| theory.of == name);
            theories.filter_map(|theory| (theory.value)(&scenario)).find(|value| value.is_finite())
        };
        Ok(Point {
            entry,
            rates: entry.properties.iter().map(|property| theory(property.name)).collect(),
            means: entry.measures.iter().map(|measure| theory(measure.name)).collect(),
        })
    }

    /// The scenario at a point.
    pub(super) fn load(&self, point: usize) -> Result<Bound, Refused> {
        load(self.registry, &self.wanted, &self.settings(point)).map_err(|invalid| {
            let grid = if self.wanted.over.is_empty() { "`[sweep]`" } else { "`--over`" };
            let at = format!("This point of the grid of {grid} is no scenario: {}.", self.shown(point));
            invalid_at(&at, self.as_written(point, invalid))
        })
    }

    /// What is wrong with a point's settings, shown in the flags that were written: `--over`, and
    /// no `--set`.
    fn as_written(&self, point: usize, invalid: Invalid) -> Invalid {
        const WORD: &str = "--over ";
        self.at(point).into_iter().fold(invalid, |invalid, (key, value)| {
            let is_of_key = |over: &&String| over.split_once('=').is_some_and(|(known, _)| known.trim() == key);
            let Some(over) = self.wanted.over.iter().find(is_of_key) else { return invalid };
            let place = scenario::over_place(over, value);
            let place = place.start + WORD.len()..place.end + WORD.len();
            let key_at = WORD.len() + over.len() - over.trim_start().len();
            invalid.of_setting(&format!("{key}={value}"), &format!("{WORD}{over}"), key_at, place)
        })
    }

    /// What was asked for.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The scenario that the grid is around.
    pub fn scenario(&self) -> &Bound {
        &self.base
    }

    /// The keys of the grid, the first changing slowest.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many runs there are at each point, all parts together.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Which part of the runs this is.
    pub fn shard(&self) -> Shard {
        self.shard
    }

    /// How many points the grid has.
    pub fn points(&self) -> usize {
        self.points.len()
    }

    pub(super) fn point(&self, point: usize) -> &Point {
        &self.points[point]
    }

    /// The properties that the grid's points have, each once.
    pub fn properties(&self) -> Vec<&'static Property> {
        let all = self.points.iter().flat_map(|point| point.entry.properties);
        once(all, |property| property.name)
    }

    /// The measures that the grid's points have, each once.
    pub fn measures(&self) -> Vec<&'static Measure> {
        let all = self.points.iter().flat_map(|point| point.entry.measures);
        once(all, |measure| measure.name)
    }

    /// What theory says of a property or a measure: the formula, and what it assumes.
    pub fn theory(&self, name: &str) -> Option<&'static problems::Theory> {
        self.points.iter().flat_map(|point| point.entry.theory).find(|theory| theory.of == name)
    }

    /// What theory says of each property and measure at a point, if `key` had another value there,
    /// which may lie between those of the grid. `None` where that is no scenario.
    pub fn theory_between(&self, point: usize, key: &str, value: &str) -> Vec<(&'static str, f64)> {
        let settings = self.at(point).into_iter().map(|(known, own)| (known, if known == key { value } else { own }));
        let settings: Vec<String> = settings.map(|(key, value)| format!("{key}={value}")).collect();
        let Ok(scenario) = load(self.registry, &self.wanted, &settings) else { return Vec::new() };
        let theories = self.points[point].entry.theory.iter();
        theories.filter_map(|theory| Some((theory.of, (theory.value)(&scenario)?))).collect()
    }

    /// The settings of a point: each key with its value.
    pub fn at(&self, point: usize) -> Vec<(&str, &str)> {
        let mut rest = point;
        let mut at: Vec<(&str, &str)> = Vec::new();
        for axis in self.axes.iter().rev() {
            at.push((&axis.key, &axis.values[rest % axis.values.len()]));
            rest /= axis.values.len();
        }
        at.reverse();
        at
    }

    /// The settings of a point as one would write them after `--set`.
    pub fn settings(&self, point: usize) -> Vec<String> {
        self.at(point).iter().map(|(key, value)| format!("{key}={value}")).collect()
    }

    fn shown(&self, point: usize) -> String {
        self.settings(point).join(", ")
    }

    /// The seed of the `nth` run, from 0, at every point: so the points share their weather.
    pub fn seed(&self, nth: u64) -> u64 {
        self.base.seed + nth
    }

    /// The words of the command that makes this sweep again, all parts together, without the
    /// program's name.
    pub fn command(&self) -> Vec<String> {
        let Wanted { scenario, seed, over, runs, precision, .. } = &self.wanted;
        let mut words = vec!["sweep".to_owned(), scenario.clone()];
        words.extend(over.iter().flat_map(|over| ["--over".to_owned(), over.clone()]));
        words.extend(runs.iter().flat_map(|runs| ["--runs".to_owned(), runs.to_string()]));
        words.extend(precision.iter().flat_map(|width| ["--precision".to_owned(), width.to_string()]));
        words.extend(seed.iter().flat_map(|seed| ["--seed".to_owned(), seed.to_string()]));
        words.extend(self.flags(&[]));
        words
    }

    /// The words of the command that makes one run of a point again, without the program's name.
    pub fn replay(&self, point: usize, seed: u64) -> Vec<String> {
        let mut words = vec!["run".to_owned(), self.wanted.scenario.clone(), "--seed".to_owned(), seed.to_string()];
        words.extend(self.flags(&self.settings(point)));
        words
    }

    fn flags(&self, settings: &[String]) -> Vec<String> {
        let set = self.wanted.set.iter().chain(settings).flat_map(|set| ["--set".to_owned(), set.clone()]);
        let force = self.wanted.force.iter().flat_map(|force| ["--force".to_owned(), force.clone()]);
        set.chain(force).collect()
    }
}

fn once<'a, T>(all: impl Iterator<Item = &'a T>, name: fn(&T) -> &'static str) -> Vec<&'a T> {
    let mut found: Vec<&T> = Vec::new();
    for one in all {
        if !found.iter().any(|known| name(known) == name(one)) {
            found.push(one);
        }
    }
    found
}

fn load(registry: Registry, wanted: &Wanted, settings: &[String]) -> Result<Bound, Invalid> {
    let set: Vec<String> = wanted.set.iter().chain(settings).cloned().collect();
    let Wanted { name, origin, text, force, seed, .. } = wanted;
    registry.load(&Request { name, origin, text, set: &set, force, seed: *seed })
}

fn invalid_at(at: &str, invalid: Invalid) -> Refused {
    Refused::Scenario { at: at.to_owned(), invalid: Box::new(invalid) }
}

fn axes(wanted: &Wanted, base: &Scenario) -> Result<Vec<Axis>, Refused> {
    let (grid, flag) = match (&wanted.over[..], &base.sweep) {
        ([], Some(sweep)) => (sweep.over.clone(), "`[sweep]`"),
        (flags, _) => {
            check_keys(flags.len(), "`--over`")?;
            let read = |flag: &String| {
                scenario::over(flag).map_err(|complaint| Refused::new(complaint.message, complaint.help))
            };
            (flags.iter().map(read).collect::<Result<_, _>>()?, "`--over`")
        }
    };
    let axes: Vec<Axis> = grid.into_iter().map(|(key, values)| Axis { key, values }).collect();
    check_keys(axes.len(), flag)?;
    for (index, axis) in axes.iter().enumerate() {
        check_axis(axis, flag, &axes[..index], wanted)?;
    }
    Ok(axes)
}

fn check_keys(keys: usize, flag: &str) -> Result<(), Refused> {
    if keys > MOST_SWEPT {
        return Err(Refused::new(format!("{flag} has {keys} keys: at most {MOST_SWEPT} are allowed"), ""));
    }
    Ok(())
}

fn check_axis(axis: &Axis, flag: &str, before: &[Axis], wanted: &Wanted) -> Result<(), Refused> {
    let Axis { key, values } = axis;
    let first = key.split('.').next().unwrap_or_default();
    let mut known = BTreeSet::new();
    let mut twice = || values.iter().find(|&value| !known.insert(value));
    let refused = |message: String, help: &str| Err(Refused::new(message, help));
    if key == "seed" {
        refused(
            format!("{flag} cannot go over `seed`: every point is run with many seeds"),
            "say how many with `--runs`",
        )
    } else if IDLE_KEYS.contains(&first) {
        refused(format!("{flag} goes over `{key}`, which changes no run"), "")
    } else if before.iter().any(|other| other.key == *key) {
        refused(format!("{flag} goes over `{key}` twice"), "give all its values at once, with commas")
    } else if wanted.set.iter().any(|set| set.split('=').next().is_some_and(|set| set.trim() == *key)) {
        refused(format!("`{key}` is set by `--set` and gone over by {flag}"), "leave one of them out")
    } else if values.is_empty() {
        refused(format!("{flag} gives `{key}` no values"), "")
    } else if let Some(value) = twice() {
        refused(format!("{flag} gives `{key}` the value `{value}` twice"), "")
    } else {
        Ok(())
    }
}

fn check_runs(wanted: &Wanted, base: &Scenario, runs: u64, shard: Shard) -> Result<(), Refused> {
    if !(1..=MOST_RUNS).contains(&runs) {
        let message = format!("`--runs {runs}` is out of range: from 1 to {MOST_RUNS} at each point");
        return Err(Refused::new(message, ""));
    }
    if base.seed.checked_add(runs).is_none() {
        let message = format!("after the seed {} there are not {runs} more", base.seed);
        return Err(Refused::new(message, "take a smaller `--seed`: the runs have it and those that follow it"));
    }
    if shard.of > runs {
        let message = format!("`--shard {shard}`: {runs} runs cannot be divided into {} parts", shard.of);
        return Err(Refused::new(message, "give `--runs` more, or take fewer parts"));
    }
    match wanted.precision {
        Some(_) if shard != Shard::WHOLE => Err(Refused::new(
            "`--precision` cannot be held by a part of a sweep, which does not know the others",
            "leave it out, or sweep without `--shard`",
        )),
        Some(width) if !(width > 0.0 && width < 1.0) => {
            Err(Refused::new(format!("`--precision {width}` is out of range: above 0, and below 1"), ""))
        }
        _ => Ok(()),
    }
}
