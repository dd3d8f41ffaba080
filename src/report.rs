//! The one door: [`run`] takes a scenario and returns the [`Report`] that everything shows.
//!
//! The command line, the pictures, the page, the notes and the tests all come through here, so that
//! they cannot disagree. A report is plain data: its JSON is a contract (see its `Serialize`), and
//! the same run gives the same report on every machine.

mod prediction;
pub mod statement;
#[cfg(test)]
mod tests;
mod trials;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::arrange;
use crate::check::chart::{self, Chart};
use crate::check::{self, Kind, Measure, Property, Run, Table, Verdict};
use crate::problems::{Bound, Entry};
use crate::process::{NodeId, Output, Value};
use crate::scenario::{Beat, BeatWhen, Claim, Complaint, Expected, Scenario};
use crate::trace::{Counts, Event, EventId, EventKind, Kinds, Recording, StopReason, Trace, Watch};
pub use prediction::{ChoiceTold, Prediction};
pub use trials::{Trial, Trials};

/// One run of a scenario, judged.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was set up, and the protocol that ran.
    pub scenario: Bound,
    /// What happened.
    pub trace: Trace,
    /// The verdict of each property, in the protocol's order.
    pub properties: Vec<Judged>,
    /// The protocol's own figures, in its order.
    pub measures: Vec<Measured>,
    /// The protocol's table of the run, if it has one.
    pub table: Option<Table>,
    /// How far clocks were off, if any was or the protocol is about them.
    pub chart: Option<Chart>,
    /// How long deliveries took.
    pub latency: Latency,
    /// What was asked for and did not happen.
    pub warnings: Vec<String>,
    /// Whether all verdicts are as the scenario claims; `None` where no claim was judged.
    pub expected: Option<bool>,
}

/// What a run came to, where nobody wants to know more.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// The verdict of each property, in the protocol's order, without its sentence.
    pub properties: Vec<Judged>,
    /// Whether all are as the scenario claims; `None` where no claim was judged.
    pub expected: Option<bool>,
    /// Why the run ended.
    pub ended: StopReason,
    /// How many events it had.
    pub events: u64,
}

/// A property's verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The property's name.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// The verdict.
    pub verdict: Verdict,
    /// What the scenario claims of it.
    pub expected: Option<Claim>,
}

/// A measure's value.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The measure.
    pub measure: &'static Measure,
    /// Its value; `None` where it is not defined in this run.
    pub value: Option<i64>,
}

/// The time from send to delivery, in nanoseconds of true time; a percentile is the least that so
/// many of a hundred do not exceed. All are zero where nothing was delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub struct Latency {
    pub n: u64,
    pub min: u64,
    pub p50: u64,
    pub p90: u64,
    pub p99: u64,
    pub max: u64,
}

/// Whether a scenario's claims are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Claims {
    /// If nothing was overridden.
    #[default]
    IfUntouched,
    /// Always.
    Always,
}

/// Runs a scenario once, with its own seed, and keeps everything.
///
/// # Errors
///
/// What the protocol has against the scenario; a scenario that was loaded has passed this before.
pub fn run(scenario: &Bound, claims: Claims) -> Result<Report, Vec<Complaint>> {
    run_while(scenario, claims, &mut || ControlFlow::Continue(()))
}

/// The same, for a run that somebody may stop: `goes_on` is asked every few thousand events. A run
/// that was stopped is told as far as it went; it ended [`StopReason::Interrupted`].
///
/// # Errors
///
/// As for [`run`].
pub fn run_while(
    scenario: &Bound,
    claims: Claims,
    goes_on: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<Report, Vec<Complaint>> {
    let (entry, mut runner) = (scenario.entry, scenario.prepare()?);
    let trace = runner.run_watched(scenario.seed, Recording::Everything, None, &mut Asking(goes_on)).clone();
    let warnings = scenario.warnings.iter().cloned().chain(runner.warnings(entry.chart.is_some()));
    let warnings = warnings.chain(untold_beats(scenario, &trace)).collect();
    let run = Run { scenario, trace: &trace };
    let verdicts = entry.properties.iter().map(|property| check::judge(property, &run));
    let properties = judged(entry, verdicts, scenario);
    let measured = |measure: &'static Measure| Measured { measure, value: measure.of.of(&run) };
    let measures = entry.measures.iter().map(measured).collect();
    let table = entry.table.map(|table| table(&run));
    let chart = entry.chart.map_or_else(|| chart::clocks(&run), |chart| Some(chart(&run)));
    let expected = as_claimed(&properties, scenario, claims);
    let latency = latency(&trace);
    let scenario = scenario.clone();
    let mut report = Report { scenario, trace, properties, measures, table, chart, latency, warnings, expected };
    report.warnings.extend(report.faults_of_questions());
    Ok(report)
}

/// Runs a scenario once, with its own seed, for its verdicts alone: without their sentences, and
/// without keeping what happened. `goes_on` is asked every few thousand events whether to go on.
///
/// # Errors
///
/// As for [`run`].
pub fn verdicts(
    scenario: &Bound,
    claims: Claims,
    goes_on: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<Verdicts, Vec<Complaint>> {
    let entry = scenario.entry;
    let mut trials = Trials::of_properties(scenario, &entry.properties.iter().collect::<Vec<_>>())?;
    let mut trial = trials.run(scenario.seed, None, goes_on);
    let properties = judged(entry, trial.verdicts(), scenario);
    let expected = as_claimed(&properties, scenario, claims);
    let trace = trial.trace();
    Ok(Verdicts { properties, expected, ended: trace.ended, events: trace.counts.events })
}

impl Report {
    /// The event from which on a property is violated; `None` where it is not, or where only the
    /// whole run tells.
    pub fn violated_since(&self, judged: &Judged) -> Option<EventId> {
        let property = self.scenario.entry.properties.iter().find(|property| property.name == judged.name)?;
        let run = Run { scenario: &self.scenario, trace: &self.trace };
        check::violated_since(property, &judged.verdict, &run)
    }
}

fn judged(entry: &Entry, verdicts: impl Iterator<Item = Verdict>, scenario: &Scenario) -> Vec<Judged> {
    let claimed = |name: &str| {
        let claim = scenario.expect.iter().flatten().find(|(property, _)| property == name);
        claim.map(|&(_, expected)| expected)
    };
    let judged = |(property, verdict): (&check::Property, Verdict)| Judged {
        name: property.name,
        kind: property.kind,
        verdict,
        expected: claimed(property.name),
    };
    entry.properties.iter().zip(verdicts).map(judged).collect()
}

/// Whether all verdicts are as the scenario claims; `None` where that is not to be judged.
fn as_claimed(properties: &[Judged], scenario: &Scenario, claims: Claims) -> Option<bool> {
    let is_judged = scenario.expect.is_some() && (claims == Claims::Always || scenario.is_untouched());
    is_judged.then(|| properties.iter().all(|judged| judged.expected.is_none_or(|claim| judged.verdict.is_as(claim))))
}

/// Asks whether a run is to go on, and lets it keep everything.
struct Asking<'a>(&'a mut dyn FnMut() -> ControlFlow<()>);

impl Watch for Asking<'_> {
    fn look(&mut self, _trace: &mut Trace) -> ControlFlow<()> {
        (self.0)()
    }
}

/// The kinds of events that a protocol's properties and measures read: what a run that nobody looks
/// at keeps.
pub fn needs(entry: &Entry) -> Kinds {
    needs_of(entry.properties, entry.measures)
}

fn needs_of<'a>(properties: impl IntoIterator<Item = &'a Property>, measures: &[Measure]) -> Kinds {
    let properties = properties.into_iter().map(|property| property.needs);
    properties.chain(measures.iter().map(|measure| measure.needs)).fold(Kinds::NONE, Kinds::or)
}

/// The beats of the story whose message neither arrived nor was lost, a sentence each.
fn untold_beats(scenario: &Scenario, trace: &Trace) -> Vec<String> {
    let on = |beat: &Beat| match beat.when {
        BeatWhen::On(message) => Some(message),
        BeatWhen::At(_) => None,
    };
    let mut untold = arrange::set(scenario.story.beats.iter().filter_map(on));
    // Of a run that was changed nothing is told.
    if untold.is_empty() || !scenario.is_untouched() {
        return Vec::new();
    }
    let mut sent = BTreeSet::new();
    for event in &trace.events {
        match event.what.message() {
            Some(message) if event.what.is_fate() => {
                untold.remove(&message);
            }
            Some(message) => {
                sent.insert(message);
            }
            None => {}
        }
    }
    let told = untold.into_iter().map(|message| {
        let name = trace.names.message(message);
        let why = if sent.contains(&message) { "it is still under way at the end" } else { "it never came up" };
        format!("the beat on {name} is never told: {why} in this run")
    });
    told.collect()
}

fn latency(trace: &Trace) -> Latency {
    let took = trace.events.iter().filter_map(|event| {
        let sent = trace.event(event.cause?)?;
        matches!(event.what, EventKind::Delivered(_)).then(|| event.at.since(sent.at).ns().unsigned_abs())
    });
    let mut took: Vec<u64> = took.collect();
    took.sort_unstable();
    let (Some(&min), Some(&max)) = (took.first(), took.last()) else { return Latency::default() };
    // The nearest rank: the least that so many of a hundred do not exceed.
    let at = |percent: usize| took[(took.len() * percent).div_ceil(100).max(1) - 1];
    Latency { n: took.len() as u64, min, p50: at(50), p90: at(90), p99: at(99), max }
}

/// The properties whose verdict is not what the scenario claims: name, claim, verdict.
pub fn unexpected(properties: &[Judged]) -> impl Iterator<Item = (&'static str, Claim, Expected)> {
    let claimed = properties.iter().filter_map(|judged| Some((judged, judged.expected?)));
    let differing = claimed.filter(|(judged, claim)| !judged.verdict.is_as(*claim));
    differing.map(|(judged, claim)| (judged.name, claim, judged.verdict.word()))
}

/// As `dsys run --format json` prints it: one object with stable names; times and measures are
/// integers, times in nanoseconds.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Told::of(self).serialize(serializer)
    }
}

#[derive(Serialize)]
struct Told<'a> {
    version: &'static str,
    scenario: &'a str,
    scenario_hash: &'a str,
    problem: &'a str,
    protocol: &'a str,
    seed: u64,
    settings: Map<String, Json>,
    forced: Map<String, Json>,
    warnings: &'a [String],
    ended: Ended,
    trace_hash: String,
    properties: Vec<ToldVerdict<'a>>,
    expected: Option<bool>,
    predictions: Vec<Prediction>,
    outputs: Vec<ToldOutput<'a>>,
    counts: &'a Counts,
    measures: Map<String, Json>,
    table: Option<&'a Table>,
    chart: Option<&'a Chart>,
    latency: Latency,
}

#[derive(Serialize)]
struct Ended {
    at: u64,
    why: StopReason,
}

#[derive(Serialize)]
struct ToldVerdict<'a> {
    name: &'a str,
    kind: Kind,
    verdict: Expected,
    vacuous: bool,
    because: &'a str,
    evidence: &'a [EventId],
}

#[derive(Serialize)]
struct ToldOutput<'a> {
    node: &'a str,
    at: u64,
    name: &'a str,
    value: Value,
}

impl<'a> Told<'a> {
    fn of(report: &'a Report) -> Told<'a> {
        let Report { scenario, trace, .. } = report;
        let settings = scenario.overridden.iter().map(|(key, value)| (key.clone(), Json::from(value.clone())));
        let forced = scenario
            .forced
            .iter()
            .map(|forced| (forced.choice.name(&scenario.names), Json::from(forced.decision.option(&scenario.names))));
        let output = |(event, node, output): (&Event, NodeId, Output)| {
            let node = trace.names.of(node);
            ToldOutput { node, at: event.at.ns(), name: output.name, value: output.value }
        };
        let measures = report.measures.iter().map(|m| (m.measure.name.to_owned(), Json::from(m.value)));
        let verdict = |judged: &'a Judged| ToldVerdict {
            name: judged.name,
            kind: judged.kind,
            verdict: judged.verdict.word(),
            vacuous: judged.verdict.is_vacuous(),
            because: judged.verdict.because(),
            evidence: judged.verdict.evidence(),
        };
        Told {
            version: env!("CARGO_PKG_VERSION"),
            scenario: &scenario.name,
            scenario_hash: &scenario.hash,
            problem: &scenario.problem,
            protocol: &scenario.protocol,
            seed: scenario.seed,
            settings: settings.collect(),
            forced: forced.collect(),
            warnings: &report.warnings,
            ended: Ended { at: trace.ended_at.ns(), why: trace.ended },
            trace_hash: trace.digest.to_string(),
            properties: report.properties.iter().map(verdict).collect(),
            expected: report.expected,
            predictions: report.predictions(),
            outputs: trace.outputs().map(output).collect(),
            counts: &trace.counts,
            measures: measures.collect(),
            table: report.table.as_ref(),
            chart: report.chart.as_ref(),
            latency: report.latency,
        }
    }
}
