//! The verdicts of both runs, and how a change of one is told.

use crate::check::Verdict;
use crate::report::{Judged, Report};
use crate::scenario::Expected;
use crate::trace::{EventId, Trace};

use super::{Clause, last};

/// What shows that a verdict is another one.
pub(super) struct Shows {
    /// The events.
    pub(super) events: Vec<EventId>,
    /// Whether they are of the changed run.
    pub(super) is_after: bool,
    /// Whether only the reason is another one.
    pub(super) is_same_word: bool,
}

/// The verdicts that are others than before, and violations that are of something else.
pub(super) fn verdicts(before: &Report, after: &Report) -> Vec<Clause> {
    changed(before, after).map(|(was, now)| told(was, now, after)).collect()
}

/// What shows the first verdict that is another one: events of the changed run if it is violated
/// there, else of the run as it was. A verdict that is another word goes before one that has
/// another reason.
pub(super) fn evidence_of_change(before: &Report, after: &Report) -> Option<Shows> {
    let all: Vec<(&Verdict, &Judged)> = changed(before, after).collect();
    let is_other_word = |(was, now): &&(&Verdict, &Judged)| was.word() != now.verdict.word();
    let (was, now) = all.iter().find(is_other_word).or_else(|| all.first())?;
    let is_same_word = was.word() == now.verdict.word();
    let is_after = now.verdict.word() == Expected::Violated;
    Some(Shows { events: evidence(if is_after { &now.verdict } else { was }), is_after, is_same_word })
}

fn changed<'r>(before: &'r Report, after: &'r Report) -> impl Iterator<Item = (&'r Verdict, &'r Judged)> {
    after.properties.iter().filter_map(|now| {
        let was = &before.properties.iter().find(|one| one.name == now.name)?.verdict;
        let kind = |verdict: &Verdict| (verdict.word(), verdict.is_vacuous());
        let is_violated = now.verdict.word() == Expected::Violated;
        let is_other = kind(was) != kind(&now.verdict) || is_violated && was.because() != now.verdict.because();
        is_other.then_some((was, now))
    })
}

fn told(was: &Verdict, now: &Judged, after: &Report) -> Clause {
    let because = now.verdict.because();
    let because = if because.is_empty() { ".".to_owned() } else { format!(": {because}") };
    let says = match now.verdict.word() {
        Expected::Violated if was.word() == Expected::Violated => format!("{} is still violated{because}", now.name),
        Expected::Violated => format!("{} is now violated{because}", now.name),
        Expected::Holds if now.verdict.is_vacuous() => {
            format!("{} now holds, with nothing to judge{because}", now.name)
        }
        Expected::Holds if was.word() == Expected::Holds => format!("{} still holds{because}", now.name),
        Expected::Holds => format!("{} now holds{because}", now.name),
        Expected::Unknown => format!("It can no longer be told whether {} holds{because}", now.name),
    };
    // What is not there any more has no event; its run's end shows that.
    let or_last = |events: Vec<EventId>, trace: &Trace| {
        if events.is_empty() { last(trace).into_iter().collect() } else { events }
    };
    Clause::about(says, evidence(was), or_last(evidence(&now.verdict), &after.trace))
}

fn evidence(verdict: &Verdict) -> Vec<EventId> {
    match verdict {
        Verdict::Violated { evidence, .. } => evidence.clone(),
        _ => Vec::new(),
    }
}
