//! A fork told: what a change of a run came to, made from the traces of both runs.
//!
//! The clauses follow from each other: where the two runs part, what a node therefore hears and
//! does not hear, what it decides instead, and which verdicts change. Each clause names the events
//! that it is about, in one run or the other, so that a view can point at them.

mod alike;
mod decisions;
mod faults;
mod heard;
mod rows;
mod settings;
#[cfg(test)]
mod tests;
mod verdicts;
mod visible;

use serde::Serialize;

use crate::arrange::Arrange;
use crate::process::{MessageId, Names, NodeId};
use crate::report::Report;
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Trace};

use super::called::Called;
use super::text;
use decisions::{Decision, decisions, decisions_told};
use verdicts::{evidence_of_change, verdicts};
use visible::moment;

/// What became of most messages.
const ARRIVED: &str = "arrived";

/// One thing that changes, a sentence, with the events that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Clause {
    /// What it says.
    pub says: String,
    /// Events of the run as it was.
    pub before: Vec<EventId>,
    /// Events of the changed run.
    pub after: Vec<EventId>,
    /// Whether it says how settings were changed, and not what came of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_setting: bool,
    /// Whether it says what was done to the run, which is the change itself, and not what came of
    /// it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_change: bool,
}

impl Clause {
    fn of(says: String, before: impl Into<Option<EventId>>, after: impl Into<Option<EventId>>) -> Clause {
        Clause::about(says, before.into().into_iter().collect(), after.into().into_iter().collect())
    }

    fn about(says: String, before: Vec<EventId>, after: Vec<EventId>) -> Clause {
        Clause { says, before, after, is_setting: false, is_change: false }
    }
}

/// What a change came to; empty if the runs are the same, and what was set in each is, too.
///
/// Everything is called as the story calls it.
pub fn told(before: &Report, after: &Report) -> Vec<Clause> {
    let runs = Runs { before: &before.trace, after: &after.trace, reports: [before, after] };
    let called = Called::of(&after.scenario);
    let clauses = runs.told().into_iter();
    clauses.map(|clause| Clause { says: called.told(&clause.says), ..clause }).collect()
}

/// Whether the faults, or what is forced, were set otherwise.
fn is_fault_changed(before: &Report, after: &Report) -> bool {
    let [was, now] = [before, after].map(|report| {
        let set = report.scenario.overridden.iter().filter(|(key, _)| key == "fault" || key.starts_with("fault."));
        let forced = report.scenario.forced.iter().map(|forced| (&forced.choice, &forced.decision));
        (set.collect::<Vec<_>>(), forced.collect::<Vec<_>>())
    });
    was != now
}

/// Who takes part now, and who no longer does.
fn cast_told(before: &Names, after: &Names) -> String {
    let lacking = |here: &Names, there: &Names| {
        let all = here.iter().filter(|name| !there.iter().any(|other| other == *name));
        all.map(str::to_owned).collect::<Vec<String>>()
    };
    let told = |names: Vec<String>, one: &str, many: &str| match &names[..] {
        [] => None,
        [only] => Some(format!("{only} {one}.")),
        [first @ .., last] => Some(format!("{} and {last} {many}.", first.join(", "))),
    };
    let new = told(lacking(after, before), "takes part, too", "take part, too");
    let gone = told(lacking(before, after), "takes part no longer", "take part no longer");
    let told: Vec<String> = new.into_iter().chain(gone).collect();
    if told.is_empty() { "The nodes stand in another order.".to_owned() } else { told.join(" ") }
}

/// The two runs.
#[derive(Clone, Copy)]
struct Runs<'a> {
    before: &'a Trace,
    after: &'a Trace,
    reports: [&'a Report; 2],
}

/// Where the runs part, in words, and the message that it is about.
struct Parting {
    clause: Clause,
    message: Option<MessageId>,
    /// The node that is stopped there, if one is.
    stopped: Option<NodeId>,
    /// Whether it can be seen, and is no decision.
    is_seen: bool,
    /// Whether it is something that is done to the run, from which all else follows.
    is_done: bool,
}

impl Runs<'_> {
    fn told(&self) -> Vec<Clause> {
        let [before, after] = self.reports;
        let mut settings = settings::settings(before, after);
        if before.trace.names != after.trace.names {
            let says = cast_told(&before.trace.names, &after.trace.names);
            let mut all = Clause::of(says, last(self.before), last(self.after));
            all.is_change = settings.is_empty();
            let decisions = decisions(before, after);
            let judged = self.judged(decisions_told(self, &decisions, false), &decisions, |_| Vec::new());
            return [self.set(settings, &all), vec![all], judged].concat();
        }
        let faults = self.faults_told();
        // Beside another setting or another seed, what is done to the run may come of that.
        let is_all = settings.is_empty() && is_fault_changed(before, after);
        settings.extend(self.rows(&faults));
        let Some(parting) = self.parting() else {
            let verdicts = verdicts(before, after);
            let says = match verdicts.is_empty() {
                true => "Nothing comes of it: all nodes do the same, and all verdicts are as before.",
                false => "All nodes do the same at the same moments.",
            };
            let all = Clause::of(says.to_owned(), last(self.before), last(self.after));
            let settings = self.set(settings, &all);
            // What was set to what it was is a change of nothing, and yet it was asked for.
            let is_set = before.scenario.overridden != after.scenario.overridden;
            let is_changed = is_set || !settings.is_empty() || is_fault_changed(before, after);
            return if is_changed { [settings, vec![all], verdicts].concat() } else { verdicts };
        };
        let mut first = self.told_at(parting);
        first.clause.is_change = is_all && first.is_done;
        let decisions = decisions(before, after);
        let mut done: Vec<Clause> = faults.into_iter().map(|fault| fault.clause).collect();
        done.extend(self.draws(parting));
        done.iter_mut().for_each(|clause| clause.is_change = is_all);
        [self.set(settings, &first.clause), self.follows(parting, first, done, &decisions)].concat()
    }

    /// What is set otherwise. It is about where the runs part, which follows from it.
    fn set(&self, settings: Vec<String>, parting: &Clause) -> Vec<Clause> {
        settings.into_iter().map(|says| Clause { says, is_setting: true, ..parting.clone() }).collect()
    }

    /// What follows from where the runs part: what nodes hear, decide and tell otherwise, and how
    /// that is judged.
    /// What is `done` is told in any case, beside what is done where they part.
    fn follows(&self, parting: usize, first: Parting, done: Vec<Clause>, decisions: &[Decision]) -> Vec<Clause> {
        let [before, after] = self.reports;
        let (stopped, message) = (first.stopped, first.message);
        let is_done = first.is_done || !done.is_empty();
        // Who is down decides nothing, whatever it heard.
        let changed = decisions.iter().find(|decision| decision.is_changed());
        let heard = changed.filter(|one| one.after.is_some() || stopped != Some(one.node));
        let heard = heard.map(|changed| self.heard_otherwise(changed, message, stopped)).unwrap_or_default();
        // What shows a verdict says how it comes about, better than what merely differs first.
        let outputs = after.scenario.entry.decisions;
        let shows = evidence_of_change(before, after).filter(|_| changed.is_none());
        let is_same_word = shows.as_ref().is_some_and(|shows| shows.is_same_word);
        let chain = shows.filter(|_| !(is_done && is_same_word));
        let chain = chain.map(|shows| self.chain(parting, &shows.events, shows.is_after, outputs)).unwrap_or_default();
        let follows = is_done || !heard.is_empty();
        let mut clauses = Vec::new();
        // What is no longer done says by itself what happens now.
        let is_begun = is_done && first.clause.before.is_empty() && changed.is_none() && chain.is_empty();
        // Where nothing but a decision differs, that is told below.
        let is_explained = !heard.is_empty() || !chain.is_empty();
        let is_noise = !is_done && is_explained;
        let is_judged_otherwise = evidence_of_change(before, after).is_some();
        let is_told = done.iter().any(|one| one.says == first.clause.says) || !first.is_done && !done.is_empty();
        clauses.extend(done);
        if !is_told && !is_noise && (first.is_seen || changed.is_none() && !is_judged_otherwise) {
            clauses.push(first.clause);
        }
        clauses.extend(heard);
        // A message that fails or arrives and changes no verdict: what became of its words.
        let again = message.filter(|_| is_done && is_same_word).and_then(|message| self.heard_again(message));
        clauses.extend(again);
        let is_same_protocol = before.scenario.protocol == after.scenario.protocol;
        let only = self.told_only_once(outputs).into_iter().filter(|_| changed.is_none() && is_same_protocol);
        for clause in chain.into_iter().chain(only) {
            if !clauses.iter().any(|told: &Clause| told.says == clause.says) {
                clauses.push(clause);
            }
        }
        clauses.arrange_by_key(|clause| self.at(clause));
        clauses.extend(decisions_told(self, decisions, follows));
        self.judged(clauses, decisions, |runs| {
            let why = runs.made_no_difference(message, parting);
            let anew = runs.anew(parting, outputs).filter(|_| is_begun && why.len() < 2);
            anew.into_iter().chain(why).collect()
        })
    }

    /// When that begins what a clause is about, in either run.
    fn at(&self, clause: &Clause) -> Option<Time> {
        let of = |trace: &Trace, all: &[EventId]| all.first().and_then(|&id| trace.event(id)).map(|event| event.at);
        [of(self.after, &clause.after), of(self.before, &clause.before)].into_iter().flatten().min()
    }

    /// Clauses, and behind them the verdicts. Where all are as before and nobody decides otherwise,
    /// `why` says why.
    fn judged(
        &self,
        mut clauses: Vec<Clause>,
        decisions: &[Decision],
        why: impl Fn(&Self) -> Vec<Clause>,
    ) -> Vec<Clause> {
        let [before, after] = self.reports;
        let verdicts = verdicts(before, after);
        if verdicts.is_empty() && !after.properties.is_empty() {
            let is_decided_otherwise = decisions.iter().any(Decision::is_changed);
            let why = if is_decided_otherwise { Vec::new() } else { why(self) };
            let says = "All verdicts are as before.".to_owned();
            let is_told = !why.is_empty();
            clauses.extend(why);
            clauses.extend((!is_told).then(|| Clause::of(says, last(self.before), last(self.after))));
        }
        clauses.extend(verdicts);
        clauses
    }

    /// The number of the first event in which they differ; where all events are the same, of the
    /// first that leaves another state.
    fn parting(&self) -> Option<usize> {
        let Runs { before, after, .. } = self;
        // A state may tell of a setting that never comes to matter, so it is looked at last.
        let is_same = |one: &Event, other: &Event| one == other && before.words.of(one.id) == after.words.of(other.id);
        let is_alike = |one: &Event, other: &Event| before.states.of(one.id) == after.states.of(other.id);
        let first = |is_equal: &dyn Fn(&Event, &Event) -> bool| {
            let equal = before.events.iter().zip(&after.events).take_while(|(one, other)| is_equal(one, other)).count();
            (equal < before.events.len().max(after.events.len())).then_some(equal)
        };
        first(&is_same).or_else(|| first(&is_alike))
    }

    fn told_at(&self, parting: usize) -> Parting {
        let (before, after) = (self.before.events.get(parting), self.after.events.get(parting));
        if let Some(faults::Told { clause, stopped, .. }) = self.fault_told(before, after) {
            return Parting { clause, message: None, stopped, is_seen: true, is_done: true };
        }
        // What somebody did stands in one of them: a message that is lost, one that is a lie.
        let done = after.filter(|event| is_done(event)).and_then(|event| Some((event, self.done(event)?)));
        if let Some((event, says)) = done {
            let (clause, message) = (Clause::of(says, None, event.id), event.what.message());
            return Parting { clause, message, stopped: None, is_seen: true, is_done: true };
        }
        let undone = before.filter(|event| is_done(event)).and_then(|event| Some((event, self.undone(event)?)));
        if let Some((event, (says, instead))) = undone {
            let (clause, message) = (Clause::of(says, event.id, instead), event.what.message());
            return Parting { clause, message, stopped: None, is_seen: true, is_done: true };
        }
        let decisions = self.reports[1].scenario.entry.decisions;
        let visible = self.visible(parting, decisions).or_else(|| {
            // A decision that is the same at another moment is told nowhere else.
            let is_changed = self::decisions(self.reports[0], self.reports[1]).iter().any(Decision::is_changed);
            if is_changed { None } else { self.visible(parting, &[]) }
        });
        let is_seen = visible.is_some();
        let clause = visible.unwrap_or_else(|| {
            let at = after.or(before).map_or(Time::ZERO, |event| event.at);
            let says = format!("From {} on nodes differ only inside: they say and do the same.", moment(at));
            Clause::of(says, before.map(|event| event.id), after.map(|event| event.id))
        });
        Parting { clause, message: None, stopped: None, is_seen, is_done: false }
    }

    /// What is done in the changed run, and what became of it before.
    fn done(&self, event: &Event) -> Option<String> {
        let names = &self.after.names;
        let Some(message) = event.what.message() else {
            return (event.what == EventKind::Traitor).then(|| self.traitors());
        };
        let which = called(self.after, message);
        let instead =
            self.fate(self.before, message).map_or(String::new(), |(fate, _)| format!(", which {fate} before"));
        let words = |trace: &Trace, event: &Event| trace.words.of(event.id).map(str::to_owned);
        let (from, to) = (names.of(message.from()), names.of(message.to()));
        Some(match event.what {
            EventKind::Lost { .. } => format!("The network loses {which}{instead}."),
            EventKind::Corrupted(_) => format!("{} arrives damaged, and is dropped.", capital(&which)),
            EventKind::Copied(_) => format!("The network delivers {} twice.", called(self.after, message.original())),
            EventKind::Cut(_) => format!("A partition cuts off {which}{instead}."),
            EventKind::ToCrashed(_) => format!("{} finds {to} down.", capital(&which)),
            EventKind::Withheld(_) => {
                let was = sent(self.before, message).and_then(|event| words(self.before, event));
                if was.as_ref().is_some_and(|was| self.is_said_as_often(message, was)) {
                    return None;
                }
                let instead = was.map(|was| format!(" instead of “{}”", text::one_line(&was))).unwrap_or_default();
                format!("{from} says nothing to {to}{instead}.")
            }
            EventKind::Sent { .. } => {
                let now = words(self.after, event).unwrap_or_default();
                let was = sent(self.before, message).and_then(|event| words(self.before, event));
                // What is said in another message instead is no other lie.
                let is_moved = |was: &String| [was, &now].iter().all(|one| self.is_said_as_often(message, one));
                match was.filter(|was| *was != now && !is_moved(was)) {
                    Some(was) => format!("{from} says “{now}” to {to} instead of “{was}”."),
                    None => return None,
                }
            }
            _ => return None,
        })
    }

    /// Whether a sender says these words to a receiver as often in both runs, be it in other
    /// messages.
    fn is_said_as_often(&self, message: MessageId, words: &str) -> bool {
        let [was, now] = [self.before, self.after].map(|trace| {
            let is_such = |event: &&Event| match event.what {
                EventKind::Sent { message: other, .. } => {
                    (other.from(), other.to()) == (message.from(), message.to())
                        && trace.words.of(event.id) == Some(words)
                }
                _ => false,
            };
            trace.events.iter().filter(is_such).count()
        });
        was == now
    }

    /// Who is a traitor now, and who no longer is.
    fn traitors(&self) -> String {
        let lacking = |here: &Trace, there: &Trace| {
            let all = here.traitors.iter().copied().filter(|node| !there.traitors.contains(node));
            all.collect::<Vec<NodeId>>()
        };
        let names = &self.after.names;
        let told = |nodes: Vec<NodeId>, one: &str, many: &str| {
            let is = if nodes.len() == 1 { one } else { many };
            (!nodes.is_empty()).then(|| format!("{} {is}", names.list(&nodes)))
        };
        let new = told(lacking(self.after, self.before), "is now a traitor", "are now traitors");
        let gone = told(lacking(self.before, self.after), "is no traitor any more", "are no traitors any more");
        let told: Vec<String> = new.into_iter().chain(gone).collect();
        format!("{}.", told.join(", and "))
    }

    /// What was done before and is no longer, and the event that happens instead.
    fn undone(&self, event: &Event) -> Option<(String, Option<EventId>)> {
        let Some(message) = event.what.message() else {
            return (event.what == EventKind::Traitor).then(|| (self.traitors(), None));
        };
        let which = called(self.before, message);
        let (fate, instead) = self.fate(self.after, message)?;
        let fate = if fate == ARRIVED { "now arrives" } else { fate };
        let says = match event.what {
            EventKind::Lost { .. } => format!("{} {fate}; before, the network lost it.", capital(&which)),
            EventKind::Corrupted(_) => format!("{} {fate}; before, it arrived damaged.", capital(&which)),
            EventKind::Cut(_) => format!("{} {fate}; before, a partition cut it off.", capital(&which)),
            EventKind::ToCrashed(_) => format!("{} {fate}; before, it found its receiver down.", capital(&which)),
            EventKind::Copied(_) => format!("The network does not double {which} any more."),
            _ => return None,
        };
        Some((says, instead))
    }

    /// What became of a message in a run, in two words, and the event that says so.
    fn fate(&self, trace: &Trace, message: MessageId) -> Option<(&'static str, Option<EventId>)> {
        let is_fate = |event: &&Event| event.what.message() == Some(message) && event.what.is_fate();
        let Some(event) = trace.events.iter().find(is_fate) else {
            return sent(trace, message).map(|_| ("was still under way", None));
        };
        let fate = match event.what {
            EventKind::Delivered(_) => ARRIVED,
            EventKind::Lost { .. } => "was lost",
            EventKind::Corrupted(_) => "was damaged",
            EventKind::Cut(_) => "was cut off",
            EventKind::ToCrashed(_) => "found its receiver down",
            _ => return None,
        };
        Some((fate, Some(event.id)))
    }
}

/// Whether an event is something that is done to a run, and not what a process does in it.
fn is_done(event: &Event) -> bool {
    !matches!(
        event.what,
        EventKind::Started
            | EventKind::Delivered(_)
            | EventKind::TimerFired
            | EventKind::Output(_)
            | EventKind::Noted(_)
            | EventKind::Wrote
            | EventKind::Passed { .. }
            | EventKind::Resumed
            | EventKind::Restarted
            | EventKind::Healed(_)
    )
}

/// A message for people: `bob's 2nd message to alice (“yes”)`.
fn called(trace: &Trace, message: MessageId) -> String {
    let names = &trace.names;
    let (from, to, nth) = (names.of(message.from()), names.of(message.to()), text::ordinal(message.nth()));
    let words = sent(trace, message.original()).and_then(|event| trace.words.of(event.id));
    let words = words.map(|words| format!(" (“{}”)", text::one_line(words))).unwrap_or_default();
    let copy = if message.is_copy() { "the copy of " } else { "" };
    format!("{copy}{from}'s {nth} message to {to}{words}")
}

fn sent(trace: &Trace, message: MessageId) -> Option<&Event> {
    let begins = |event: &&Event| {
        event.what.message() == Some(message) && matches!(event.what, EventKind::Sent { .. } | EventKind::Copied(_))
    };
    trace.events.iter().find(begins)
}

/// A sentence's first word with a capital, unless it is a node's name.
fn capital(which: &str) -> String {
    which.replacen("the copy", "The copy", 1)
}

fn last(trace: &Trace) -> Option<EventId> {
    trace.events.last().map(|event| event.id)
}
