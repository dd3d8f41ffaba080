//! Why a change made no difference: what came to the same all the same.

use std::collections::BTreeMap;

use crate::check::Verdict;
use crate::process::{MessageId, NodeId, Value};
use crate::report::Report;
use crate::scenario::Expected;
use crate::trace::{Event, EventKind, Trace};
use crate::view::text;

use super::visible::times;
use super::{Clause, Runs, last, moment, sent};

impl<'a> Runs<'a> {
    /// What happened in between in a run that is judged as before; and that it made no difference.
    pub(super) fn made_no_difference(&self, message: Option<MessageId>, parting: usize) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = message.and_then(|message| self.heard_again(message)).into_iter().collect();
        clauses.extend(self.came_too_late(parting));
        clauses.extend(self.still_holds());
        clauses.extend(self.told_the_same().filter(|_| clauses.is_empty()));
        let ends = (last(self.before), last(self.after));
        let says = match self.is_same_but_for_moments() {
            true => "It makes no difference: all verdicts are as before.",
            false => "All verdicts are as before.",
        };
        clauses.push(Clause::of(says.to_owned(), ends.0, ends.1));
        clauses
    }

    /// Whether nodes tell the user the same, and hear the same words as often, be it at other
    /// moments.
    fn is_same_but_for_moments(&self) -> bool {
        let counts = self.reports.map(|report| {
            let counts = outputs(report).into_iter().map(|(told, at)| (told, at.len()));
            counts.collect::<Vec<_>>()
        });
        counts[0] == counts[1] && words_heard(self.before) == words_heard(self.after)
    }

    /// Why what is done where the runs part changes nothing: who is stopped had decided before;
    /// what is cut off was known, or nothing was.
    fn came_too_late(&self, parting: usize) -> Option<Clause> {
        let done = self.after.events.get(parting)?;
        let entry = self.reports[1].scenario.entry;
        match done.what {
            EventKind::Crashed | EventKind::Paused => {
                let mut earlier = self.after.events[..parting].iter().rev();
                let decided = earlier.find(|event| event.node == done.node && entry.is_decision(event))?;
                let (name, what) =
                    (self.after.names.of(done.node?), if done.what == EventKind::Crashed { "crash" } else { "pause" });
                Some(Clause::of(format!("{name} had decided before the {what}."), decided.id, decided.id))
            }
            EventKind::Partitioned(_) => {
                let cut = self.after.events.iter().filter(|event| matches!(event.what, EventKind::Cut(_)));
                let cut: Vec<&Event> = cut.collect();
                let says = match cut.iter().all(|event| self.was_known(event)) {
                    true if cut.is_empty() => "No message comes to the cut.",
                    true => "What is cut off says nothing that its receiver had not heard before.",
                    false => return None,
                };
                Some(Clause::of(says.to_owned(), None, done.id))
            }
            _ => None,
        }
    }

    /// Whether the receiver of a message that is cut off had heard the same words from its sender.
    fn was_known(&self, cut: &Event) -> bool {
        let Some(message) = cut.what.message() else { return false };
        let words = self.after.words.of(super::super::trace_lines::said(self.after, cut));
        words.is_some_and(|words| heard(self.after, message, words).iter().any(|one| one.at <= cut.at))
    }

    /// How often a receiver hears what a message says, where it hears it in another message or more
    /// often.
    pub(super) fn heard_again(&self, message: MessageId) -> Option<Clause> {
        let words = [self.before, self.after].into_iter().find_map(|trace| trace.words.of(sent(trace, message)?.id))?;
        let [was, now] = [self.before, self.after].map(|trace| heard(trace, message, words));
        let of_message = |event: &&&Event| event.what.message() == Some(message.original());
        let (from, to) = (self.after.names.of(message.from()), self.after.names.of(message.to()));
        let words = text::one_line(words);
        let (first_was, first_now) = (was.first()?, now.first()?);
        if was.len() != now.len() {
            let says =
                format!("{to} hears “{words}” from {from} {} instead of {}.", times(now.len()), times(was.len()));
            return Some(Clause::of(says, was.last().map(|one| one.id), now.last().map(|one| one.id)));
        }
        // It failed in one of the runs, and another message says the same.
        let is_other = was.iter().find(of_message).is_some() != now.iter().find(of_message).is_some();
        let often = times(now.len());
        let at = match first_now.at == first_was.at {
            true => String::new(),
            false => format!(" at {} instead of {}", moment(first_now.at), moment(first_was.at)),
        };
        let says =
            format!("{to} hears “{words}” from {from}{at}, in another message, and hears it {often}, as before.");
        is_other.then(|| Clause::of(says, first_was.id, first_now.id))
    }

    /// A property that holds as before, and for a reason that says something else.
    fn still_holds(&self) -> Option<Clause> {
        let [before, after] = self.reports;
        let is_plain = |verdict: &Verdict| verdict.word() == Expected::Holds && !verdict.is_vacuous();
        let other = after.properties.iter().find(|now| {
            let was = before.properties.iter().find(|was| was.name == now.name);
            is_plain(&now.verdict) && was.is_some_and(|was| was.verdict.because() != now.verdict.because())
        })?;
        let because = other.verdict.because();
        let says = format!("{} still holds: {because}", other.name);
        (!because.is_empty()).then(|| Clause::of(says, last(self.before), last(self.after)))
    }

    /// That nodes tell their users the same.
    fn told_the_same(&self) -> Option<Clause> {
        let [was, now] = self.reports.map(outputs);
        let at = |all: &BTreeMap<_, Vec<_>>| all.values().flatten().copied().collect::<Vec<_>>();
        let is_same = was.len() == now.len()
            && was.iter().zip(&now).all(|(was, now)| was.0 == now.0 && was.1.len() == now.1.len());
        let does = match self.reports[1].scenario.entry.decisions.is_empty() {
            true => "All nodes say the same to their users",
            false => "All nodes decide the same",
        };
        let says = match at(&was) == at(&now) {
            true => format!("{does} at the same moments."),
            false => format!("{does}, though not all at the same moment."),
        };
        let ends = (last(self.before), last(self.after));
        (is_same && !was.is_empty()).then(|| Clause::of(says, ends.0, ends.1))
    }
}

/// How often each node hears what from whom.
fn words_heard(trace: &Trace) -> BTreeMap<(NodeId, NodeId, Option<&str>), usize> {
    let mut all = BTreeMap::new();
    for event in &trace.events {
        if let EventKind::Delivered(message) = event.what {
            let words = trace.words.of(super::super::trace_lines::said(trace, event));
            *all.entry((message.from(), message.to(), words)).or_default() += 1;
        }
    }
    all
}

/// Where a receiver hears these words from the sender of a message.
fn heard<'t>(trace: &'t Trace, message: MessageId, words: &str) -> Vec<&'t Event> {
    let is_such = |event: &&Event| match event.what {
        EventKind::Delivered(other) => {
            (other.from(), other.to()) == (message.from(), message.to())
                && trace.words.of(super::super::trace_lines::said(trace, event)) == Some(words)
        }
        _ => false,
    };
    trace.events.iter().filter(is_such).collect()
}

type Told = (Option<NodeId>, &'static str, String);

/// All that nodes tell the user, with its moments.
fn outputs(report: &Report) -> BTreeMap<Told, Vec<crate::time::Time>> {
    let mut all: BTreeMap<Told, Vec<_>> = BTreeMap::new();
    for event in &report.trace.events {
        if let EventKind::Output(output) = event.what {
            let value = match output.value {
                // Lengths of time that people could not tell apart are the same.
                Value::Span(span) => span.rounded(),
                value => value.to_string(),
            };
            all.entry((event.node, output.name, value)).or_default().push(event.at);
        }
    }
    all
}
