//! The worst case: the fewest departures from calm that violate a property, or how much was ruled
//! out.
//!
//! What the enemy may decide comes as a list of choices, each with a calm option (see
//! [`crate::sim::choice`]). A search runs the calm run first, then all runs with one departure,
//! then all with two, and so on, each by running the scenario anew. So the first violation that it
//! meets is a smallest one, and its departures are the explanation.
//!
//! **Every behaviour is run once.** A run is determined up to a choice by what was decided before
//! it. Call the decisions that are not calm, in the order in which their choices come up, the run's
//! departures d1 … dk. The search extends a run only by departures from choices that come up
//! *after* its last one. Such a child makes its parent's departures and the new one, at the same
//! places, since it is the same run up to there. And every behaviour is found: the run of d1 … dj
//! is the same as that of d1 … dk up to the choice of dj+1, so that this choice comes up in it,
//! after dj, with the same options. So the behaviours are a tree in which a run's depth is the
//! number of its departures, its only parent being the run without the last of them; what a
//! departure changes later on makes other children, and no other parents.
//!
//! **The answer is the same on any number of threads.** The runs of a level are in a canonical
//! order, the parents' order and then that of places and options. They are run in blocks, several
//! at a time; the first violation in canonical order wins, and what comes after it does not count.
//!
//! **Memory does not grow with the runs.** The runs of a level are kept as what tells them apart
//! until they would take more than a fixed room; deeper levels then walk down from the last level
//! kept and run what lies between anew.
//!
//! Left out are options that cannot do what another does not (`without_equals`), and no others.

mod found;
mod level;
mod setup;
mod walk;
mod words;

use std::ops::ControlFlow;

use crate::problems::Bound;
use crate::scenario::{Complaint, EnemyMay, SearchSpec};

pub use found::{Found, Saved, Settled};
use setup::Setup;
use walk::{Beyond, Tally};

/// How much a search may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// The most runs. A level of the enumeration that does not fit is not begun: what is left of
    /// the runs is spent on behaviours beyond, at random.
    pub runs: u64,
    /// The bytes that the runs of a level may take that is still to be run. Without any, the search
    /// runs more often what does not count, and the answer is the same.
    pub room: usize,
    /// Whether options with the same effect are tried once. Without that the search is slower, and
    /// what it finds or rules out the same.
    pub prune: bool,
}

impl Effort {
    /// What a search does that is not told how much: enough for the plots of six lies among six
    /// generals.
    pub const DEFAULT: Effort = Effort { runs: 2_000_000, room: 64 << 20, prune: true };
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The runs so far.
    pub runs: u64,
    /// The number of departures that is being tried; of samples, the least.
    pub depth: u32,
    /// How many of the runs have this number.
    pub done: u64,
    /// How many there are; `None` where nobody knows.
    pub of: Option<u64>,
    /// Whether they are drawn at random.
    pub at_random: bool,
}

/// What a search calls every now and then, from any thread; it ends the search by breaking.
pub type Told<'a> = &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedBy {
    /// A violation was found.
    Found,
    /// There is nothing left to try.
    Exhausted,
    /// All that the enemy was allowed was tried.
    AtMost,
    /// The runs were used up, or somebody ended it.
    Budget,
}

/// What a search found, or ruled out.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The property that was to be violated, or that was; `None` if any would have done and none
    /// was.
    pub property: Option<&'static str>,
    /// What the enemy could decide.
    pub may: Vec<EnemyMay>,
    /// The violation.
    pub found: Option<Found>,
    /// Behaviours that were run in order; up to the one that was found, if it was found among them.
    pub enumerated: u64,
    /// How many of them belong to a level that was begun and not ended.
    pub of_unfinished: u64,
    /// The largest number of departures of which all behaviours were run, or that of a violation
    /// that was found in order.
    pub deepest: u32,
    /// Behaviours that were drawn at random beyond those.
    pub sampled: u64,
    /// The most choices that were the enemy's in one run.
    pub choices: u64,
    /// Runs of which nobody can say whether they violate the property: a limit cut them short.
    pub unknown: u64,
    /// Why it ended.
    pub stopped_by: StoppedBy,
    /// Whether `told` ended it.
    pub was_interrupted: bool,
    /// What the scenario's file settles that was the enemy's to decide instead, as it is forced.
    pub set_aside: Vec<String>,
    /// Whether faults of the scenario stay, since they are not the enemy's to decide.
    pub keeps_faults: bool,
}

/// Searches for the fewest departures from calm that violate the property of `spec`, or any
/// property.
///
/// What the scenario itself decides of the kinds that the enemy may decide is set aside: fault rows
/// and entries of `[force]` that depart from calm, the odds of the network, the strategies of
/// traitors. What a flag forces stays.
///
/// # Errors
///
/// What the protocol has against the scenario, or a property that it does not have.
pub fn search(scenario: &Bound, spec: &SearchSpec, effort: Effort, told: Told<'_>) -> Result<Answer, Vec<Complaint>> {
    let setup = Setup::new(scenario, spec, effort)?;
    let at_most = spec.at_most.unwrap_or(u32::MAX);
    let mut tally = Tally::default();
    let mut depth = 0;
    let mut level = setup.calm(told, &mut tally)?;
    let stopped_by = loop {
        if tally.found.is_some() {
            break StoppedBy::Found;
        }
        if tally.was_interrupted {
            break StoppedBy::Budget;
        }
        tally.end_level(depth);
        if tally.children == 0 {
            break StoppedBy::Exhausted;
        }
        if depth >= at_most {
            break StoppedBy::AtMost;
        }
        if tally.runs.saturating_add(tally.children) > effort.runs {
            let beyond = Beyond { least: depth + 1, at_most, samples: effort.runs - tally.runs };
            setup.sample(&beyond, told, &mut tally)?;
            break if tally.found.is_some() { StoppedBy::Found } else { StoppedBy::Budget };
        }
        depth += 1;
        level = setup.enumerate(&level, depth, told, &mut tally)?.unwrap_or(level);
    };
    let found = tally.found.as_ref().map(|found| setup.explain(found)).transpose()?;
    Ok(Answer {
        property: found.as_ref().map(|found| found.property).or(setup.wanted),
        may: spec.may.clone(),
        enumerated: tally.runs,
        of_unfinished: tally.of_level,
        deepest: if found.as_ref().is_some_and(|found| !found.by_chance) { depth } else { tally.deepest },
        sampled: tally.sampled,
        choices: tally.choices,
        unknown: tally.unknown,
        stopped_by,
        was_interrupted: tally.was_interrupted,
        set_aside: setup.set_aside.clone(),
        keeps_faults: !setup.scenario.faults.is_empty(),
        found,
    })
}
