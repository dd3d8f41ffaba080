//! A violation that was found: told by names, made again by an ordinary run, and written as a
//! scenario.

use std::ops::ControlFlow;

use crate::problems::Bound;
use crate::report::{self, Claims, Report};
use crate::scenario::{self, Choice, Complaint, Decision, Expected, Forced, Invalid, Request, Rewrite};
use crate::sim::choice::{Departure, Met};
use crate::trace::{Digest, Kinds, Recording, Trace, Watch};

use super::setup::Setup;
use super::walk::Bench;

/// A choice and what was decided of it.
pub type Settled = (Choice, Decision);

/// A violation.
#[derive(Clone, Debug)]
pub struct Found {
    /// The property that is violated.
    pub property: &'static str,
    /// Why, a sentence.
    pub because: String,
    /// What the enemy decided otherwise than calm, in the order of coming up: nothing else had to
    /// go wrong.
    pub departures: Vec<Settled>,
    /// What must be forced to be calm beside them where the scenario runs by itself, since it
    /// decides otherwise: a lie of its traitors' own strategy, a loss that chance draws. `None` if
    /// that is more than a command can hold.
    pub pinned: Option<Vec<Settled>>,
    /// Whether chance found it, so that smaller ones are not ruled out.
    pub by_chance: bool,
    /// The run.
    pub report: Report,
    /// Which rows of the scenario's faults are left.
    kept: Vec<bool>,
}

/// What a found case becomes as a scenario of its own.
#[derive(Clone, Copy, Debug)]
pub struct Saved<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its setup.
    pub setup: &'a str,
}

/// More pins than this are no explanation, and no command.
const MOST_PINS: usize = 100;

impl Setup<'_> {
    /// Names what was found, and runs it once more for somebody to look at.
    pub(super) fn explain(&self, (path, by_chance): &(Vec<Departure>, bool)) -> Result<Found, Vec<Complaint>> {
        let mut bench = self.bench(None)?;
        bench.enumeration.moves.naming = true;
        bench.run(path);
        let decided = decided(&bench, path);
        let departs = |(settled, departs): &(Settled, bool)| departs.then(|| settled.clone());
        let departures: Vec<Settled> = decided.iter().filter_map(departs).collect();
        let decided: Vec<Settled> = decided.into_iter().map(|(settled, _)| settled).collect();
        let meant = Meant::of(&self.scenario, &decided)?;
        let pins = |scenario| pins(scenario, &departures, &decided, &meant);
        let report = self.report(&departures, pins(&self.scenario)?, &decided)?;
        let pinned = pins(self.asked)?;
        let is_meant = |name: &str| self.properties.iter().any(|property| property.name == name);
        let mut violated = report.properties.iter().filter(|judged| judged.verdict.word() == Expected::Violated);
        let Some(violated) = violated.find(|judged| is_meant(judged.name)) else {
            let message = "forcing what was found does not make the same run again".to_owned();
            return Err(vec![Complaint { span: 0..0, message, help: String::new() }]);
        };
        let (property, because) = (violated.name, violated.verdict.because().to_owned());
        let (by_chance, kept) = (*by_chance, self.kept.clone());
        Ok(Found { property, because, departures, pinned, by_chance, report, kept })
    }

    /// The found run, with no more forced than its scenario needs to make it again.
    fn report(
        &self,
        departures: &[Settled],
        pinned: Option<Vec<Settled>>,
        decided: &[Settled],
    ) -> Result<Report, Vec<Complaint>> {
        let settled = match pinned {
            Some(pinned) => [departures, &pinned].concat(),
            None => decided.to_vec(),
        };
        report::run(&forced(&self.scenario, &settled), Claims::IfUntouched)
    }
}

impl Found {
    /// The found case as the text of a scenario that makes this run, and claims of each property
    /// what it is in it. `request` is what the scenario was loaded from.
    ///
    /// # Errors
    ///
    /// What is wrong with the request; `None` if it was loaded.
    pub fn as_scenario(&self, request: &Request<'_>, saved: &Saved<'_>) -> Result<String, Invalid> {
        let Report { scenario, properties, .. } = &self.report;
        let claims: Vec<(&str, Expected)> =
            properties.iter().map(|judged| (judged.name, judged.verdict.word())).collect();
        let Saved { title, setup } = *saved;
        scenario::written(request, &Rewrite { title, setup, scenario, kept: &self.kept, claims: &claims })
    }
}

/// What was decided of each choice of the enemy's in the bench's last run, in order, and whether it
/// departs from calm.
fn decided(bench: &Bench<'_>, path: &[Departure]) -> Vec<(Settled, bool)> {
    let met = (0_u32..).zip(&bench.enumeration.moves.met);
    let one = |(at, met): (u32, &Met)| {
        let departure = path.iter().find(|departure| departure.at == at).map_or(0, |departure| departure.option);
        Some(((met.choice.clone(), met.options.get(departure as usize)?.clone()), departure > 0))
    };
    met.filter_map(one).collect()
}

/// The calm choices that a scenario would decide otherwise by itself, so that they must be forced,
/// too, for the run that is meant; `None` if they are too many. The fewer are forced, the easier it
/// is to see what matters.
///
/// Two runs of a scenario are the same up to the first choice that is settled otherwise. So if all
/// of the first j choices are forced, and j is the least number for which the run is the one that
/// is meant, the jth is needed. What is needed before it is found in the same way, with it forced.
fn pins(
    scenario: &Bound,
    departures: &[Settled],
    decided: &[Settled],
    meant: &Meant,
) -> Result<Option<Vec<Settled>>, Vec<Complaint>> {
    let mut pinned: Vec<Settled> = Vec::new();
    let mut upto = decided.len();
    loop {
        let is_meant = |first: usize, pinned: &[Settled]| {
            let settled = [departures, pinned, &decided[..first]].concat();
            meant.is_that_of(scenario, &settled)
        };
        if is_meant(0, &pinned)? {
            pinned.reverse();
            return Ok(Some(pinned));
        }
        if pinned.len() == MOST_PINS || !is_meant(upto, &pinned)? {
            return Ok(None);
        }
        // More than `few` are needed, and `upto` are enough.
        let mut few = 0;
        while few + 1 < upto {
            let middle = few.midpoint(upto);
            if is_meant(middle, &pinned)? {
                upto = middle;
            } else {
                few = middle;
            }
        }
        upto -= 1;
        pinned.push(decided[upto].clone());
    }
}

/// The run that is to be made again.
struct Meant {
    digest: Digest,
    events: u64,
}

impl Meant {
    /// The run of a scenario in which these choices are settled.
    fn of(scenario: &Bound, settled: &[Settled]) -> Result<Meant, Vec<Complaint>> {
        let mut runner = forced(scenario, settled).prepare()?;
        let trace = runner.run(scenario.seed, Recording::Outputs(Kinds::NONE), None);
        Ok(Meant { digest: trace.digest, events: trace.counts.events })
    }

    /// Whether it is the run of a scenario in which these choices are settled. A run that goes on
    /// for longer is another, and is not run to its end: without what the enemy decided a scenario
    /// may go on for years.
    fn is_that_of(&self, scenario: &Bound, settled: &[Settled]) -> Result<bool, Vec<Complaint>> {
        let mut runner = forced(scenario, settled).prepare()?;
        let recording = Recording::Outputs(Kinds::NONE);
        Ok(runner.run_watched(scenario.seed, recording, None, &mut AtMost(self.events)).digest == self.digest)
    }
}

/// Ends a run that has more events than this.
struct AtMost(u64);

impl Watch for AtMost {
    fn look(&mut self, trace: &mut Trace) -> ControlFlow<()> {
        if trace.counts.events > self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The scenario with these choices forced, as by flags.
fn forced(bound: &Bound, settled: &[Settled]) -> Bound {
    let mut scenario = bound.scenario.clone();
    scenario.forced.retain(|forced| settled.iter().all(|(choice, _)| *choice != forced.choice));
    let by_flag = |(choice, decision): &Settled| Forced {
        choice: choice.clone(),
        decision: decision.clone(),
        span: 0..0,
        by_flag: true,
    };
    scenario.forced.extend(settled.iter().map(by_flag));
    scenario.forced_by_flag = true;
    bound.with(scenario)
}
