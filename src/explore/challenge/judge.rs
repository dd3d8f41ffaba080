//! Judging one answer: its own run, then the worst case, then many seeds.

use crate::check::Property;
use crate::explore::search::{self, Effort, Found};
use crate::problems::Bound;
use crate::report::{self, Claims, Report, Trials, statement};
use crate::scenario::statement::Statement;
use crate::scenario::{Challenge, Claim, Complaint, Must, SearchSpec, When};
use crate::trace::StopReason;

use super::Meter;

/// How an answer is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Nothing breaks it.
    Solved,
    /// Something does.
    Broken(Failure),
    /// Somebody stopped the judge.
    Stopped,
}

/// A run that does not meet what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The condition that it does not meet, as it is written.
    pub must: String,
    /// Why, a sentence.
    pub because: String,
    /// The run's seed.
    pub seed: u64,
    /// What must be forced, as `CHOICE=OPTION`: first what goes wrong, then what the scenario would
    /// decide otherwise itself. `None` if that is more than a command can hold, so that only a
    /// search finds the run again.
    pub force: Option<Vec<String>>,
    /// How much of that goes wrong: nothing, where a seed breaks it.
    pub departures: usize,
    /// The property that a search violated, if one did.
    pub property: Option<&'static str>,
}

/// The most runs of one search: what shipped challenges need, with room to spare.
const MOST_SEARCHED: u64 = 100_000;

/// Judges a scenario. The simplest failure comes first: of the run as it stands, then of the fewest
/// departures that a search finds, then of another seed.
pub(super) fn judge(scenario: &Bound, challenge: &Challenge, meter: &Meter<'_>) -> Result<Judged, Vec<Complaint>> {
    let mut seeds = Seeds::new(scenario, challenge)?;
    let own = seeds.judge(scenario.seed, meter)?;
    if own != Judged::Solved {
        return Ok(own);
    }
    if challenge.search {
        for must in &challenge.must {
            let searched = worst_case(scenario, must, meter)?;
            if searched != Judged::Solved {
                return Ok(searched);
            }
        }
    }
    for seed in (1..=challenge.runs).filter(|&seed| seed != scenario.seed) {
        if meter.goes_on().is_break() {
            return Ok(Judged::Stopped);
        }
        let judged = seeds.judge(seed, meter)?;
        if judged != Judged::Solved {
            return Ok(judged);
        }
    }
    Ok(Judged::Solved)
}

/// Searches for the fewest departures that violate a property which must hold.
fn worst_case(scenario: &Bound, must: &Must, meter: &Meter<'_>) -> Result<Judged, Vec<Complaint>> {
    let Some(spec) = &scenario.search else { return Ok(Judged::Solved) };
    let told = |_: search::Progress| meter.goes_on();
    for property in properties_that_hold(&must.when) {
        let spec = SearchSpec { property: Some(property.to_owned()), ..spec.clone() };
        let effort = Effort { runs: MOST_SEARCHED, ..Effort::DEFAULT };
        let answer = search::search(scenario, &spec, effort, &told)?;
        meter.add_searched(answer.enumerated + answer.sampled);
        if answer.was_interrupted {
            return Ok(Judged::Stopped);
        }
        if let Some(found) = &answer.found {
            return Ok(Judged::Broken(Failure::of_search(scenario, must, found)));
        }
    }
    Ok(Judged::Solved)
}

/// The properties that must hold for a condition to be met.
fn properties_that_hold(when: &When) -> Vec<&str> {
    match when {
        When::Is(Statement::Verdict { property, expected: Claim::Holds | Claim::HoldsVacuously }) => vec![property],
        When::All(several) => several.iter().flat_map(properties_that_hold).collect(),
        _ => Vec::new(),
    }
}

/// Judges run after run of a scenario.
struct Seeds<'a> {
    scenario: &'a Bound,
    must: &'a [Must],
    /// Where verdicts say it all, a run need not be kept.
    verdicts: Option<(Trials, Vec<&'static Property>)>,
}

impl<'a> Seeds<'a> {
    fn new(scenario: &'a Bound, challenge: &'a Challenge) -> Result<Seeds<'a>, Vec<Complaint>> {
        let statements: Vec<&Statement> = challenge.must.iter().flat_map(|must| must.when.statements()).collect();
        let is_verdict = |statement: &&Statement| matches!(statement, Statement::Verdict { .. });
        let properties: Vec<&'static Property> = scenario.entry.properties.iter().collect();
        let verdicts = match statements.iter().all(is_verdict) {
            true => Some((Trials::of_properties(scenario, &properties)?, properties)),
            false => None,
        };
        Ok(Seeds { scenario, must: &challenge.must, verdicts })
    }

    fn judge(&mut self, seed: u64, meter: &Meter<'_>) -> Result<Judged, Vec<Complaint>> {
        meter.add_seed();
        if self.is_met(seed, meter) == Some(true) {
            return Ok(Judged::Solved);
        }
        // Looked at closely: by its sentences, or since verdicts do not say it all.
        let mut scenario = self.scenario.scenario.clone();
        scenario.seed = seed;
        let report = report::run_while(&self.scenario.with(scenario), Claims::IfUntouched, &mut || meter.goes_on())?;
        if report.trace.ended == StopReason::Interrupted {
            return Ok(Judged::Stopped);
        }
        let is_true = |statement: &Statement| Some(statement::hold(statement, &report).is_ok());
        let broken = self.must.iter().find(|must| must.when.is_met(&is_true) != Some(true));
        Ok(broken.map_or(Judged::Solved, |must| Judged::Broken(Failure::of_seed(seed, must, &report))))
    }

    /// Whether the run of a seed meets everything; `None` where its verdicts do not tell.
    fn is_met(&mut self, seed: u64, meter: &Meter<'_>) -> Option<bool> {
        let (trials, properties) = self.verdicts.as_mut()?;
        let mut trial = trials.run(seed, None, &mut || meter.goes_on());
        if trial.is_interrupted() {
            return None;
        }
        let verdicts: Vec<_> = trial.verdicts().collect();
        let is_true = |statement: &Statement| match statement {
            Statement::Verdict { property, expected } => {
                let nth = properties.iter().position(|known| known.name == property)?;
                Some(verdicts.get(nth)?.is_as(*expected))
            }
            _ => None,
        };
        Some(self.must.iter().all(|must| must.when.is_met(&is_true) == Some(true)))
    }
}

impl Failure {
    /// What is forced only to take back what the scenario itself would do there.
    pub fn taken_back(&self) -> &[String] {
        self.force.as_ref().and_then(|force| force.get(self.departures..)).unwrap_or_default()
    }

    fn of_seed(seed: u64, must: &Must, report: &Report) -> Failure {
        let because = why(must, report);
        Failure { must: must.text.clone(), because, seed, force: Some(Vec::new()), departures: 0, property: None }
    }

    fn of_search(scenario: &Bound, must: &Must, found: &Found) -> Failure {
        let names = &scenario.names;
        let force = found.pinned.as_ref().map(|pinned| {
            let settled = found.departures.iter().chain(pinned);
            settled.map(|(choice, decision)| format!("{}={}", choice.name(names), decision.option(names))).collect()
        });
        Failure {
            must: must.text.clone(),
            because: found.because.clone(),
            seed: scenario.seed,
            force,
            departures: found.departures.len(),
            property: Some(found.property),
        }
    }
}

/// Why a run does not meet a condition, a sentence or two.
fn why(must: &Must, report: &Report) -> String {
    let of = |statement: &Statement| match statement {
        Statement::Verdict { property, expected } => {
            let verdict = statement::verdict_of(report, property).ok()?;
            (!verdict.is_as(*expected)).then(|| verdict.because().to_owned())
        }
        other => {
            let (message, _) = statement::hold(other, report).err()?;
            Some(format!("{message}. {}", reasons(other, report)).trim_end().to_owned())
        }
    };
    let reasons = must.when.statements().into_iter().find_map(of);
    reasons.unwrap_or_else(|| format!("`{}` is not so in this run.", must.text))
}

/// What a run says of its properties that explains a figure: of those that are violated, or else of
/// those that were not put to the test. What a run costs explains itself.
fn reasons(statement: &Statement, report: &Report) -> String {
    if matches!(statement, Statement::Figure { name, .. } if name == "messages") {
        return String::new();
    }
    let of = |claim: Claim| -> Vec<&str> {
        let verdicts = report.properties.iter().map(|judged| &judged.verdict);
        verdicts.filter(|verdict| verdict.is_as(claim)).map(|verdict| verdict.because()).collect()
    };
    [Claim::Violated, Claim::HoldsVacuously]
        .map(of)
        .into_iter()
        .find(|told| !told.is_empty())
        .unwrap_or_default()
        .join(" ")
}
