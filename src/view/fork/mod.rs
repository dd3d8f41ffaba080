//! A fork told: what a change of a run came to, made from the traces of both runs.
//!
//! The clauses follow from each other: where the two runs part, what a node therefore hears and
//! does not hear, what it decides instead, and which verdicts change. Each clause names the events
//! that it is about, in one run or the other, so that a view can point at them.

mod decisions;
mod heard;
#[cfg(test)]
mod tests;
mod visible;

use serde::Serialize;

use crate::check::Verdict;
use crate::process::{MessageId, Names, NodeId};
use crate::report::{Judged, Report};
use crate::scenario::{Expected, Fault};
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Trace};

use super::text;
use decisions::{Decision, decisions, decisions_told};
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
}

impl Clause {
    fn of(says: String, before: impl Into<Option<EventId>>, after: impl Into<Option<EventId>>) -> Clause {
        Clause::about(says, before.into().into_iter().collect(), after.into().into_iter().collect())
    }

    fn about(says: String, before: Vec<EventId>, after: Vec<EventId>) -> Clause {
        Clause { says, before, after, is_setting: false }
    }
}

/// What a change came to; empty if the runs are the same.
pub fn told(before: &Report, after: &Report) -> Vec<Clause> {
    let runs = Runs { before: &before.trace, after: &after.trace };
    if before.trace.names != after.trace.names {
        let says = cast_told(&before.trace.names, &after.trace.names);
        let all = Clause::of(says, last(runs.before), last(runs.after));
        return [vec![all], verdicts(before, after)].concat();
    }
    let Some(parting) = runs.parting() else { return Vec::new() };
    let first = runs.told_at(parting, after);
    let decisions = decisions(before, after);
    let mut clauses: Vec<Clause> = settings(before, after, &first.clause).into_iter().collect();
    let (stopped, message, is_done) = (first.stopped, first.message, first.is_done);
    // What is no longer done says by itself what happens now.
    let is_begun = is_done && first.clause.before.is_empty();
    // Where nothing but a decision differs, that is told below.
    if first.is_seen || !decisions.iter().any(Decision::is_changed) {
        clauses.push(first.clause);
    }
    // Who is down decides nothing, whatever it heard.
    let changed = decisions.iter().find(|decision| decision.is_changed());
    let mut follows = is_done;
    if let Some(changed) = changed.filter(|one| one.after.is_some() || stopped != Some(one.node)) {
        let heard = runs.heard_otherwise(changed, message);
        follows |= !heard.is_empty();
        clauses.extend(heard);
    } else if changed.is_none() && is_begun {
        clauses.extend(runs.anew(parting, after.scenario.entry.decisions));
    }
    clauses.extend(decisions_told(&runs, &decisions, follows));
    let verdicts = verdicts(before, after);
    if verdicts.is_empty() && !after.properties.is_empty() {
        clauses.push(Clause::of("All verdicts are as before.".to_owned(), last(runs.before), last(runs.after)));
    }
    clauses.extend(verdicts);
    clauses
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

/// The settings that only the changed run has, as they were given: where the runs part follows from
/// them. A row of faults is told by what it does.
fn settings(before: &Report, after: &Report, parting: &Clause) -> Option<Clause> {
    let is_told = |(key, _): &&(String, String)| !key.starts_with("fault.");
    let new = after.scenario.overridden.iter().filter(|one| !before.scenario.overridden.contains(one)).filter(is_told);
    let new: Vec<String> = new.map(|(key, value)| format!("`{key}` is now {value}")).collect();
    let says = format!("{}.", new.join(", and "));
    (!new.is_empty()).then(|| Clause { says, is_setting: true, ..parting.clone() })
}

/// The two runs. Their nodes have the same names.
#[derive(Clone, Copy)]
struct Runs<'a> {
    before: &'a Trace,
    after: &'a Trace,
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
    /// The number of the first event in which they differ; where all events are the same, of the
    /// first that leaves another state.
    fn parting(&self) -> Option<usize> {
        let Runs { before, after } = self;
        // A state may tell of a setting that never comes to matter, so it is looked at last.
        let is_same = |one: &Event, other: &Event| one == other && before.words.of(one.id) == after.words.of(other.id);
        let is_alike = |one: &Event, other: &Event| before.states.of(one.id) == after.states.of(other.id);
        let first = |is_equal: &dyn Fn(&Event, &Event) -> bool| {
            let equal = before.events.iter().zip(&after.events).take_while(|(one, other)| is_equal(one, other)).count();
            (equal < before.events.len().max(after.events.len())).then_some(equal)
        };
        first(&is_same).or_else(|| first(&is_alike))
    }

    fn told_at(&self, parting: usize, report: &Report) -> Parting {
        let (before, after) = (self.before.events.get(parting), self.after.events.get(parting));
        // What somebody did stands in one of them: a message that is lost, a node that crashes.
        let done = after.filter(|event| is_done(event)).or_else(|| self.fault_amid(after?));
        let done = done.and_then(|event| Some((event, self.done(event, report)?)));
        if let Some((event, says)) = done {
            let stopped = event.node.filter(|_| matches!(event.what, EventKind::Crashed | EventKind::Paused));
            return Parting {
                clause: Clause::of(says, None, event.id),
                message: event.what.message(),
                stopped,
                is_seen: true,
                is_done: true,
            };
        }
        let undone = before.filter(|event| is_done(event)).and_then(|event| Some((event, self.undone(event)?)));
        if let Some((event, (says, instead))) = undone {
            return Parting {
                clause: Clause::of(says, event.id, instead),
                message: event.what.message(),
                stopped: None,
                is_seen: true,
                is_done: true,
            };
        }
        let visible = self.visible(parting, report.scenario.entry.decisions);
        let is_seen = visible.is_some();
        let clause = visible.unwrap_or_else(|| {
            let at = after.or(before).map_or(Time::ZERO, |event| event.at);
            let says = format!("From {} on nodes differ inside, and say and do the same.", moment(at));
            Clause::of(says, before.map(|event| event.id), after.map(|event| event.id))
        });
        Parting { clause, message: None, stopped: None, is_seen, is_done: false }
    }

    /// What stops a node amid what it does at an event of the changed run: the event then leaves
    /// another state, or none, and is no news.
    fn fault_amid(&self, event: &Event) -> Option<&Event> {
        let is_stop = |one: &&Event| matches!(one.what, EventKind::Crashed | EventKind::Paused);
        let later = self.after.events.iter().skip(event.id.number() as usize);
        let mut here = later.take_while(|one| one.at == event.at).filter(|one| one.node == event.node);
        let stop = here.find(is_stop)?;
        let was = |one: &Event| one.at == stop.at && one.node == stop.node && one.what == stop.what;
        (!self.before.events.iter().any(was)).then_some(stop)
    }

    /// What is done in the changed run, and what became of it before.
    fn done(&self, event: &Event, report: &Report) -> Option<String> {
        let names = &self.after.names;
        let Some(message) = event.what.message() else { return self.done_to_node(event, report) };
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
            EventKind::Withheld(_) => format!("{from} now says nothing to {to}."),
            EventKind::Sent { .. } => {
                let now = words(self.after, event).unwrap_or_default();
                let was = sent(self.before, message).and_then(|event| words(self.before, event));
                match was.filter(|was| *was != now) {
                    Some(was) => format!("{from} says “{now}” to {to} instead of “{was}”."),
                    None => return None,
                }
            }
            _ => return None,
        })
    }

    /// What happens to a node in the changed run.
    fn done_to_node(&self, event: &Event, report: &Report) -> Option<String> {
        let node = event.node.map_or("The network", |node| self.after.names.of(node));
        Some(match event.what {
            EventKind::Traitor => self.traitors(),
            EventKind::Crashed => {
                format!("{node} crashes at {}{}.", self.at(event), self.lasting(event, EventKind::Restarted))
            }
            EventKind::Paused => {
                format!("{node} stops at {}{}.", self.at(event), self.lasting(event, EventKind::Resumed))
            }
            EventKind::ClockStepped(by) => format!("The clock of {node} jumps by {}.", by.rounded()),
            EventKind::ClockDrifted(ppb) => format!("The oscillator of {node} now runs at {}.", text::drift(ppb)),
            EventKind::Partitioned(index) => {
                let groups = groups(report, index).unwrap_or_default();
                format!(
                    "At {} the network is cut{groups}{}.",
                    self.at(event),
                    self.lasting(event, EventKind::Healed(index))
                )
            }
            _ => return None,
        })
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

    /// When something is done, and when it was done before, if it was at another moment.
    fn at(&self, event: &Event) -> String {
        let is_like = |one: &&Event| (one.node, one.what) == (event.node, event.what);
        let was = self
            .before
            .events
            .iter()
            .filter(is_like)
            .find(|was| !self.after.events.iter().any(|now| is_like(&now) && now.at == was.at));
        let instead = was.map_or(String::new(), |was| format!(" instead of {}", moment(was.at)));
        format!("{}{instead}", moment(event.at))
    }

    /// How long what begins at an event lasts, after its words: until when, or to the end.
    fn lasting(&self, event: &Event, ends: EventKind) -> String {
        let mut later = self.after.events.iter().skip(event.id.number() as usize);
        let end = later.find(|one| one.node == event.node && one.what == ends);
        end.map_or(", for good".to_owned(), |end| format!(", until {}", moment(end.at)))
    }

    /// What was done before and is no longer, and the event that happens instead.
    fn undone(&self, event: &Event) -> Option<(String, Option<EventId>)> {
        let Some(message) = event.what.message() else {
            let node = event.node.map_or("The network", |node| self.before.names.of(node));
            let says = match event.what {
                EventKind::Traitor => self.traitors(),
                EventKind::Crashed => format!("{node} does not crash any more."),
                EventKind::Paused => format!("{node} does not stop any more."),
                EventKind::ClockStepped(_) => format!("The clock of {node} does not jump any more."),
                EventKind::ClockDrifted(_) => format!("The oscillator of {node} does not change any more."),
                EventKind::Partitioned(_) => "The network is not cut any more.".to_owned(),
                _ => return None,
            };
            return Some((says, None));
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

/// Between whom a partition cuts: ` between alice and bob`.
fn groups(report: &Report, index: u16) -> Option<String> {
    let partitions = report.scenario.faults.iter().filter_map(|fault| match fault {
        Fault::Partition { groups, .. } => Some(groups),
        _ => None,
    });
    let names = &report.trace.names;
    let groups = partitions.into_iter().nth(usize::from(index))?;
    let named: Vec<String> = groups.iter().map(|group| names.list(group)).collect();
    Some(match (&groups[..], &named[..]) {
        ([one, others], [name, _]) if one.len() == 1 && others.len() > 1 && others.len() + 1 == names.count() => {
            format!(" between {name} and all others")
        }
        ([_, _], [one, other]) if groups.iter().any(|group| group.len() > 1) => {
            format!(" between {one} on one side and {other} on the other")
        }
        _ => format!(" between {}", named.join(" and ")),
    })
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

/// The verdicts that are others than before, and violations that are of something else.
fn verdicts(before: &Report, after: &Report) -> Vec<Clause> {
    let was = |judged: &Judged| before.properties.iter().find(|one| one.name == judged.name).map(|one| &one.verdict);
    let told = |now: &Judged| {
        let because = now.verdict.because();
        let is_violated = now.verdict.word() == Expected::Violated;
        let is_other = |was: &&Verdict| {
            let kind = |verdict: &Verdict| (verdict.word(), is_vacuous(verdict));
            kind(was) != kind(&now.verdict) || is_violated && was.because() != because
        };
        let was = was(now).filter(is_other)?;
        let because = if because.is_empty() { ".".to_owned() } else { format!(": {because}") };
        let says = match now.verdict.word() {
            Expected::Violated if was.word() == Expected::Violated => {
                format!("Still {} is violated{because}", now.name)
            }
            Expected::Violated => format!("Now {} is violated{because}", now.name),
            Expected::Holds if is_vacuous(&now.verdict) => {
                format!("Now {} holds, with nothing to judge{because}", now.name)
            }
            Expected::Holds if was.word() == Expected::Holds => format!("{} holds{because}", now.name),
            Expected::Holds => format!("Now {} holds{because}", now.name),
            Expected::Unknown => format!("Now it cannot be told whether {} holds{because}", now.name),
        };
        // What is not there any more has no event; its run's end shows that.
        let or_last = |events: Vec<EventId>, trace: &Trace| {
            if events.is_empty() { last(trace).into_iter().collect() } else { events }
        };
        Some(Clause::about(says, evidence(was), or_last(evidence(&now.verdict), &after.trace)))
    };
    after.properties.iter().filter_map(told).collect()
}

fn is_vacuous(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Holds { vacuous: true, .. })
}

fn evidence(verdict: &Verdict) -> Vec<EventId> {
    match verdict {
        Verdict::Violated { evidence, .. } => evidence.clone(),
        _ => Vec::new(),
    }
}
