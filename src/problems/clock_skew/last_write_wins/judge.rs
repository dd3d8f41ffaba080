//! What of a register with last write wins is judged and measured, and what theory says of it.

use crate::check::{self, Judge, Kind, Measure, Property, Run, Verdict};
use crate::problems::Theory;
use crate::process::{NodeId, Value};
use crate::scenario::Scenario;
use crate::time::{Distribution, Span, Time};
use crate::trace::{Event, EventId, Kinds, Why};

use super::super::theory;
use super::{Acks, Gaps, Params, StampWith, WRITERS};

const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::NOTED);

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        name: "no-lost-write",
        kind: Kind::Safety,
        says: "No acknowledged write is lost to one that was acknowledged before it began.",
        needs: NEEDS,
        judge: Judge::at_end(no_lost_write),
    },
    Property {
        name: "convergence",
        kind: Kind::Liveness,
        says: "In the end all replicas hold the same write.",
        needs: NEEDS,
        judge: Judge::at_end(convergence),
    },
    Property {
        name: "availability",
        kind: Kind::Liveness,
        says: "Every write is acknowledged before its user gives up.",
        needs: Kinds::OUTPUT,
        judge: Judge::at_end(availability),
    },
];

pub(super) const MEASURES: &[Measure] = &[
    check::MESSAGES,
    Measure {
        name: "lost_writes",
        unit: "writes",
        says: "Acknowledged writes that are lost to one that was acknowledged before they began.",
        needs: NEEDS,
        of: Judge::at_end(|run| i64::try_from(lost(run).count()).ok()),
        in_words: None,
    },
    Measure {
        name: "acknowledged",
        unit: "writes",
        says: "Writes that were acknowledged.",
        needs: Kinds::OUTPUT,
        of: Judge::at_end(|run| {
            i64::try_from(WRITERS.into_iter().filter(|&by| told(run, by, "acknowledged").is_some()).count()).ok()
        }),
        in_words: None,
    },
];

/// The event of a writer's output of this name. Each user writes once.
fn told<'a>(run: &Run<'a>, by: NodeId, name: &str) -> Option<&'a Event> {
    run.trace.outputs().find(|&(_, node, output)| node == by && output.name == name).map(|(event, ..)| event)
}

/// Whose write each replica holds at the end.
fn holdings(run: &Run<'_>) -> Vec<Option<NodeId>> {
    let mut holdings = vec![None; run.trace.names.count()];
    for (_, node, note) in run.trace.notes("holds") {
        holdings[node.index()] = WRITERS.into_iter().find(|by| note.value == Value::Number(by.index() as i64 + 1));
    }
    holdings
}

/// A write that is lost, and the one that it is lost to.
struct Lost<'a> {
    writer: NodeId,
    began: &'a Event,
    acknowledged: &'a Event,
    to: NodeId,
    older: &'a Event,
}

/// The lost writes: every replica holds one that was acknowledged before they began. A replica that takes a write holds
/// it or one with a greater stamp from then on, so what is lost here is lost for good.
fn lost<'a>(run: &Run<'a>) -> impl Iterator<Item = Lost<'a>> + use<'a> {
    let (run, holdings) = (*run, holdings(run));
    WRITERS.into_iter().filter_map(move |writer| {
        let (began, acknowledged) = (told(&run, writer, "writes")?, told(&run, writer, "acknowledged")?);
        let older = |held: &Option<NodeId>| {
            let older = held.and_then(|held| told(&run, held, "acknowledged"));
            older.filter(|older| older.id < began.id)
        };
        let all_older = holdings.iter().all(|held| older(held).is_some());
        let to = holdings.first().copied().flatten().filter(|_| all_older)?;
        Some(Lost { writer, began, acknowledged, to, older: older(&Some(to))? })
    })
}

fn no_lost_write(run: &Run<'_>) -> Verdict {
    if let Some(lost) = lost(run).next() {
        let discards = run.trace.notes("discards").map(|(event, ..)| event.id).next();
        let because = || {
            let (whose, other) = (run.name(lost.writer), run.name(lost.to));
            let [began, acknowledged, older] =
                [lost.began, lost.acknowledged, lost.older].map(|event| event.at.since(Time::ZERO).rounded());
            let [low, high] = [lost.writer, lost.to].map(|by| stamp_of(run, by));
            format!(
                "{whose}'s write of {began} was acknowledged at {acknowledged} and is lost: every replica holds {other}'s, \
                 which had been acknowledged at {older}, because its stamp {high} is greater than {low}."
            )
        };
        let evidence = [lost.older.id, lost.began.id, lost.acknowledged.id];
        return run.violated(because, evidence.into_iter().chain(discards));
    }
    match agreed(run) {
        Err(apart) if run.trace.ended != Why::Quiescent => {
            run.unknown(|| format!("{apart} It is not decided yet which write remains."))
        }
        _ => run.holds(|| "No acknowledged write was lost to one from before it.".to_owned()),
    }
}

/// A write's stamp, as a length of time.
fn stamp_of(run: &Run<'_>, by: NodeId) -> String {
    let mut numbers = run.trace.notes("stamp").filter(|&(_, node, _)| node == by);
    match numbers.next().map(|(_, _, note)| note.value) {
        Some(Value::Number(l)) => Span::from_ns(l).to_string(),
        _ => "?".to_owned(),
    }
}

/// The write that all replicas hold, or two that differ, in a sentence.
fn agreed(run: &Run<'_>) -> Result<Option<NodeId>, String> {
    let holdings = holdings(run);
    let first = holdings.first().copied().flatten();
    match holdings.iter().position(|&held| held != first) {
        None => Ok(first),
        Some(other) => {
            let told =
                |held: Option<NodeId>| held.map_or("nothing".to_owned(), |held| format!("{}'s write", run.name(held)));
            let nodes: Vec<NodeId> = NodeId::first(holdings.len()).collect();
            let (here, there) = (run.name(nodes[0]), run.name(nodes[other]));
            Err(format!("{here} holds {}, {there} {}.", told(first), told(holdings[other])))
        }
    }
}

fn convergence(run: &Run<'_>) -> Verdict {
    match agreed(run) {
        Ok(Some(held)) => run.holds(|| format!("All replicas hold {}'s write.", run.name(held))),
        Ok(None) => run.holds(|| "Nothing was written.".to_owned()),
        Err(apart) => {
            let last: Option<EventId> = run.trace.notes("holds").last().map(|(event, ..)| event.id);
            run.not_reached(|| apart, last.into_iter().collect())
        }
    }
}

fn availability(run: &Run<'_>) -> Verdict {
    if let Some((by, event)) = WRITERS.into_iter().find_map(|by| Some((by, told(run, by, "gives-up")?))) {
        let because = || {
            let at = event.at.since(Time::ZERO).rounded();
            format!("{}'s user gave up at {at}: the write was not acknowledged.", run.name(by))
        };
        return run.violated(because, [event.id]);
    }
    match WRITERS.into_iter().find(|&by| told(run, by, "acknowledged").is_none()) {
        Some(by) => run.not_reached(|| format!("{}'s write was not acknowledged.", run.name(by)), Vec::new()),
        None => run.holds(|| "Both writes were acknowledged.".to_owned()),
    }
}

/// What the closed forms assume.
const ASSUMES: &str = "Writes are acknowledged at once (`acks = \"one\"`); nothing is lost, no clock drifts, nothing else goes \
     wrong. Offsets are constants, or with a constant gap both uniform over the same range; with hybrid stamps offsets \
     and delay are constants.";

pub(super) const THEORY: &[Theory] = &[
    Theory {
        of: "no-lost-write",
        formula: "P(delta > gap); delta = how far the first clock is ahead of the second: 1 - exp(-delta/M) for an \
                  exponential gap of mean M, (2E - g)^2 / 8E^2 for offsets uniform in -E..E and a gap g < 2E; with hybrid \
                  stamps min(delta, delay) in the place of delta",
        assumes: ASSUMES,
        value: chance_of_loss,
    },
    Theory {
        of: "lost_writes",
        formula: "the chance that the second write is lost",
        assumes: ASSUMES,
        value: chance_of_loss,
    },
];

fn chance_of_loss(scenario: &Scenario) -> Option<f64> {
    let params: Params = scenario.params.read().ok()?;
    let network = &scenario.network;
    let is_calm = theory::is_calm(scenario) && theory::is_even(scenario) && params.acks == Acks::One;
    // An exponential gap is longer than twenty times its mean once in 500 million runs.
    let is_whole = Time::ZERO + params.first + params.gap.times(20) + params.patience < scenario.until;
    if !(is_calm && theory::is_steady(scenario) && is_whole) {
        return None;
    }
    let [first, second] = WRITERS.map(|by| scenario.clocks[by.index()].offset);
    match (params.stamp, first, second) {
        (_, Distribution::Constant(first), Distribution::Constant(second)) => {
            let ahead = first - second;
            match (params.stamp, network.default.delay) {
                (StampWith::Physical, _) => Some(chance_of_less(&params, ahead)),
                // The news comes too late also to a gap of exactly the delay: the write was due before it.
                (StampWith::Hybrid, Distribution::Constant(delay)) => {
                    Some(chance_of_less(&params, ahead.min(delay + Span::from_ns(1))))
                }
                (StampWith::Hybrid, _) => None,
            }
        }
        (StampWith::Physical, Distribution::Uniform { min, max }, second)
            if second == first && params.gaps == Gaps::Constant =>
        {
            let (range, gap) = ((max - min).ns() as f64, params.gap.ns() as f64);
            let rest = (range - gap).max(0.0);
            (range > 0.0).then(|| rest * rest / (2.0 * range * range))
        }
        _ => None,
    }
}

/// The chance that the gap is less than `span`.
fn chance_of_less(params: &Params, span: Span) -> f64 {
    match params.gaps {
        Gaps::Constant => f64::from(u8::from(params.gap < span)),
        Gaps::Exponential if span <= Span::ZERO => 0.0,
        Gaps::Exponential if params.gap == Span::ZERO => 1.0,
        Gaps::Exponential => -libm::expm1(-(span.ns() as f64) / params.gap.ns() as f64),
    }
}
