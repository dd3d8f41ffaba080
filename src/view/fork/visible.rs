//! The first difference of two runs that people can see: something that a node says, hears or tells
//! in one of them and not in the other, or at another time.

use std::collections::BTreeMap;

use crate::problems::Role;
use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Trace};

use super::{Clause, Runs};
use crate::view::text;

/// The most steps that lead to what shows a verdict.
const MOST_STEPS: usize = 2;

/// The most names of outputs that only one run has and that are told.
const MOST_NAMES: usize = 2;

/// An event that people can see, as it is told: what a node does, and what with.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deed {
    node: NodeId,
    /// What it does: a verb, what is said, and to or from whom.
    does: &'static str,
    words: String,
    whom: String,
    /// The output's name, if it is one.
    output: Option<&'static str>,
}

/// One thing that a node does in one run and not in the other, as it is told.
enum Difference {
    /// It is done so many times in the one run and so many in the other, at the same moment.
    Counted([usize; 2]),
    /// It is done at another moment.
    Moved(EventId, Time),
    /// The same message, or the node's same output in order, says something else, as this event
    /// does.
    Otherwise(EventId),
    /// It is done in both runs, and so many times in all of each.
    InAll([usize; 2]),
    /// It is done in one run only.
    Alone,
}

impl Runs<'_> {
    /// The first visible difference from the event of this number on, decisions left aside; `None`
    /// if all that nodes say, hear and tell is the same.
    pub(super) fn visible(&self, parting: usize, decisions: &[&str]) -> Option<Clause> {
        let gone = only(self.before, self.after, parting, decisions);
        let new = only(self.after, self.before, parting, decisions);
        match (gone, new) {
            (Some((was, gone, how)), new) if new.as_ref().is_none_or(|(now, ..)| was.at <= now.at) => {
                Some(self.gone(was, &gone, &how))
            }
            (_, Some((now, new, how))) => Some(self.begun(now, &new, &how)),
            (_, None) => None,
        }
    }

    /// The first thing that nodes do anew, or at another moment, from the event of this number on:
    /// what follows where nothing is decided otherwise.
    pub(super) fn anew(&self, parting: usize, decisions: &[&str]) -> Option<Clause> {
        only(self.after, self.before, parting, decisions).map(|(now, new, how)| self.begun(now, &new, &how))
    }

    /// How the event that shows a verdict comes about in one of the runs and not in the other: at
    /// most two steps, in order of time, back along what caused it.
    pub(super) fn chain(
        &self,
        parting: usize,
        evidence: &[EventId],
        is_after: bool,
        decisions: &[&str],
    ) -> Vec<Clause> {
        let (here, there) = if is_after { (self.after, self.before) } else { (self.before, self.after) };
        let differs = |event: &Event| {
            let deed = deed(here, event, decisions)?;
            let counts = [counted(here, of_moment(here, event.at)), counted(there, of_moment(there, event.at))];
            let how = difference((here, there), event, &deed, &counts)?;
            Some((deed, how))
        };
        let Some(shows) = evidence.iter().filter_map(|&id| here.event(id)).find(|event| differs(event).is_some())
        else {
            return Vec::new();
        };
        let mut clauses = Vec::new();
        let mut last = None;
        let mut at = Some(shows);
        while let Some(event) = at.filter(|event| event.id.number() as usize >= parting && clauses.len() < MOST_STEPS) {
            // What was sent says what is heard.
            let is_heard = matches!(event.what, EventKind::Delivered(_)) && last.is_some();
            if let Some((deed, how)) = differs(event).filter(|_| !is_heard) {
                clauses.push(if is_after { self.begun(event, &deed, &how) } else { self.gone(event, &deed, &how) });
                last = Some(event.id);
            }
            at = event.cause.and_then(|cause| here.event(cause));
        }
        clauses.reverse();
        clauses
    }

    /// The first outputs of the names that a node has in one of the runs only; nothing where there
    /// are many such names.
    pub(super) fn told_only_once(&self, elsewhere: &[&str]) -> Vec<Clause> {
        let [was, now] = [self.before, self.after].map(names_told);
        let gone = was.iter().filter(|(name, _)| !now.contains_key(*name)).map(|(_, event)| (*event, true));
        let new = now.iter().filter(|(name, _)| !was.contains_key(*name)).map(|(_, event)| (*event, false));
        let all: Vec<(&Event, bool)> = gone.chain(new).collect();
        if all.len() > MOST_NAMES {
            return Vec::new();
        }
        let told = |(event, is_gone): (&Event, bool)| {
            let deed = deed(if is_gone { self.before } else { self.after }, event, elsewhere)?;
            let how = Difference::Alone;
            Some(if is_gone { self.gone(event, &deed, &how) } else { self.begun(event, &deed, &how) })
        };
        all.into_iter().filter_map(told).collect()
    }

    /// What somebody does: a verb, what with, and to whom.
    fn says(&self, deed: &Deed) -> String {
        let [does, words, whom] = self.parts(deed);
        format!("{does} {words}{whom}")
    }

    fn parts(&self, deed: &Deed) -> [String; 3] {
        let Deed { does, words, whom, .. } = deed;
        let Some(name) = deed.output else { return [(*does).to_owned(), words.clone(), whom.clone()] };
        let entry = self.reports[1].scenario.entry;
        // What is an entry of a table was done.
        if entry.tables.contains(&name) {
            return [done(name, entry.item), format!("{} {words}", entry.item), String::new()];
        }
        let whom = match (entry.roles)(deed.node, self.after.names.count()) {
            Role::User | Role::Client => "",
            role if role.is_thing() => " to its user",
            _ => " to the user",
        };
        [(*does).to_owned(), format!("“{} {words}”", name.replace('-', " ")), whom.to_owned()]
    }

    fn gone(&self, was: &Event, deed: &Deed, how: &Difference) -> Clause {
        let name = self.before.names.of(deed.node);
        match how {
            Difference::Moved(now, at) => self.moved((was.id, was.at), (*now, *at), deed),
            Difference::Otherwise(now) => self.otherwise(was.id, *now, deed),
            Difference::InAll([was_times, times]) => self.in_all([*was_times, *times], deed),
            Difference::Counted([was_times, times]) => self.counted(was, [*was_times, *times], deed),
            Difference::Alone => {
                Clause::of(format!("At {}, {name} no longer {}.", moment(was.at), self.says(deed)), was.id, None)
            }
        }
    }

    fn begun(&self, now: &Event, deed: &Deed, how: &Difference) -> Clause {
        let name = self.after.names.of(deed.node);
        match how {
            Difference::Moved(was, at) => self.moved((*was, *at), (now.id, now.at), deed),
            Difference::Otherwise(was) => self.otherwise(*was, now.id, deed),
            Difference::InAll([times, was_times]) => self.in_all([*was_times, *times], deed),
            Difference::Counted([times, was_times]) => self.counted(now, [*was_times, *times], deed),
            Difference::Alone => {
                Clause::of(format!("At {}, {name} now {}.", moment(now.at), self.says(deed)), None, now.id)
            }
        }
    }

    fn moved(&self, was: (EventId, Time), now: (EventId, Time), deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let says = format!("{name} {} at {} instead of {}.", self.says(deed), moment(now.1), moment(was.1));
        Clause::of(says, was.0, now.0)
    }

    /// What is done in both runs, and more often in one of them.
    fn in_all(&self, [was, now]: [usize; 2], deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let says = format!("{name} {} {} instead of {}.", self.says(deed), times(now), times(was));
        let at = |trace: &Trace| trace.events.iter().rev().find(|one| does(trace, one, deed)).map(|one| one.id);
        Clause::of(says, at(self.before), at(self.after))
    }

    /// What is said in both runs, and otherwise.
    fn otherwise(&self, was: EventId, now: EventId, deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let of = |trace: &Trace, id: EventId| {
            let event = trace.event(id)?;
            Some((event.at, self::deed(trace, event, &[])?))
        };
        let says = match (of(self.before, was), of(self.after, now)) {
            (Some((_, was)), Some((at, now))) => {
                let [does, words, whom] = self.parts(&now);
                format!("At {}, {name} {does} {words}{whom} instead of {}.", moment(at), self.parts(&was)[1])
            }
            _ => String::new(),
        };
        Clause::of(says, was, now)
    }

    fn counted(&self, event: &Event, [was, now]: [usize; 2], deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let says =
            format!("At {}, {name} {} {} instead of {}.", moment(event.at), self.says(deed), times(now), times(was));
        // Both runs have it: the page points at the moment in the changed one.
        let at = |trace: &Trace| of_moment(trace, event.at).find(|one| does(trace, one, deed)).map(|one| one.id);
        Clause::of(says, at(self.before), at(self.after))
    }
}

/// What somebody does that has `charged`, and what they do of whom it is said that they `gives-up`.
fn done(name: &str, item: &str) -> String {
    let Some(stem) = name.strip_suffix("ed") else {
        let verb = name.replace('-', " ");
        return if verb.strip_suffix('s') == Some(item) { "makes".to_owned() } else { verb };
    };
    if stem.ends_with('g') {
        return format!("{stem}es");
    }
    let mut letters = stem.chars().rev();
    let is_double = letters.next() == letters.next();
    format!("{}s", if is_double { &stem[..stem.len() - 1] } else { stem })
}

pub(super) fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// The first deed of a run, from the event of this number on, that another run does not have so
/// often at this moment.
fn only<'a>(
    here: &'a Trace,
    there: &Trace,
    parting: usize,
    decisions: &[&str],
) -> Option<(&'a Event, Deed, Difference)> {
    let from = here.events.get(parting)?.at;
    let from = here.events.partition_point(|event| event.at < from);
    here.events[from..].chunk_by(|one, other| one.at == other.at).find_map(|moment| {
        let counts = [counted(here, moment.iter()), counted(there, of_moment(there, moment[0].at))];
        moment.iter().find_map(|event| {
            let deed = deed(here, event, decisions)?;
            let how = difference((here, there), event, &deed, &counts)?;
            Some((event, deed, how))
        })
    })
}

/// How a deed of this run differs from what the other run has; `None` if that has the same at this
/// moment.
fn difference(
    (here, there): (&Trace, &Trace),
    event: &Event,
    deed: &Deed,
    [ours, theirs]: &[BTreeMap<Deed, usize>; 2],
) -> Option<Difference> {
    let count = |counts: &BTreeMap<Deed, usize>| counts.get(deed).copied().unwrap_or_default();
    Some(match (count(ours), count(theirs)) {
        (ours, theirs) if ours == theirs => return None,
        (ours, theirs) if theirs > 0 => Difference::Counted([ours, theirs]),
        _ => {
            let moved = || elsewhere(here, there, event.at, deed).map(|one| Difference::Moved(one.id, one.at));
            let otherwise = || otherwise((here, there), event, deed).map(Difference::Otherwise);
            let in_all = || {
                let all = [here, there].map(|trace| trace.events.iter().filter(|one| does(trace, one, deed)).count());
                (all[0] != all[1] && all[1] > 0).then_some(Difference::InAll(all))
            };
            in_all().or_else(otherwise).or_else(moved).unwrap_or(Difference::Alone)
        }
    })
}

/// The event of the other run that is the same but for what it says: of the same message, or of the
/// same output in order, at the same moment.
fn otherwise((here, there): (&Trace, &Trace), event: &Event, deed: &Deed) -> Option<EventId> {
    let pair = match event.what {
        EventKind::Output(output) => {
            let is_such = |one: &&Event| match one.what {
                EventKind::Output(other) => one.node == event.node && other.name == output.name,
                _ => false,
            };
            let nth = here.events[..event.id.number() as usize].iter().filter(is_such).count();
            there.events.iter().filter(is_such).nth(nth)?
        }
        what => {
            let is_pair = |one: &&Event| one.what.kind() == what.kind() && one.what.message() == what.message();
            there.events.iter().find(is_pair).filter(|_| what.message().is_some())?
        }
    };
    let other = self::deed(there, pair, &[])?;
    (pair.at == event.at && other.does == deed.does && other.words != deed.words).then_some(pair.id)
}

/// The names of what each node tells the user, with the first event of each.
fn names_told(trace: &Trace) -> BTreeMap<(Option<NodeId>, &'static str), &Event> {
    let mut all = BTreeMap::new();
    for event in &trace.events {
        if let EventKind::Output(output) = event.what {
            all.entry((event.node, output.name)).or_insert(event);
        }
    }
    all
}

/// How often each deed is done in these events.
fn counted<'e>(trace: &Trace, events: impl Iterator<Item = &'e Event>) -> BTreeMap<Deed, usize> {
    let mut counts = BTreeMap::new();
    for deed in events.filter_map(|event| deed(trace, event, &[])) {
        *counts.entry(deed).or_default() += 1;
    }
    counts
}

/// Where the other run has a deed of this run, at a moment at which this run does not have it.
fn elsewhere<'t>(here: &Trace, there: &'t Trace, at: Time, deed: &Deed) -> Option<&'t Event> {
    let is_free = |event: &&Event| !of_moment(here, event.at).any(|one| does(here, one, deed));
    let moments = there.events.chunk_by(|one, other| one.at == other.at).filter(|moment| moment[0].at != at);
    moments.filter_map(|moment| moment.iter().find(|event| does(there, event, deed))).find(is_free)
}

/// The events of a moment.
fn of_moment(trace: &Trace, at: Time) -> impl Iterator<Item = &Event> {
    let from = trace.events.partition_point(|event| event.at < at);
    trace.events[from..].iter().take_while(move |event| event.at == at)
}

fn does(trace: &Trace, event: &Event, one: &Deed) -> bool {
    event.node == Some(one.node) && deed(trace, event, &[]).is_some_and(|deed| deed == *one)
}

/// An event as people see it; `None` for what happens inside a node, and for the outputs that are
/// told elsewhere.
fn deed(trace: &Trace, event: &Event, elsewhere: &[&str]) -> Option<Deed> {
    let node = event.node?;
    let quoted = || {
        let words = trace.words.of(crate::view::trace_lines::said(trace, event));
        words.map_or("a message".to_owned(), |words| format!("“{}”", text::one_line(words)))
    };
    let (does, words, whom) = match event.what {
        EventKind::Sent { message, .. } => ("sends", quoted(), format!(" to {}", trace.names.of(message.to()))),
        EventKind::Delivered(message) => ("hears", quoted(), format!(" from {}", trace.names.of(message.from()))),
        EventKind::Output(output) if !elsewhere.contains(&output.name) => {
            ("says", output.value.to_string(), String::new())
        }
        _ => return None,
    };
    let output = match event.what {
        EventKind::Output(output) => Some(output.name),
        _ => None,
    };
    Some(Deed { node, does, words, whom, output })
}

/// A moment of true time, rounded for people.
pub(super) fn moment(at: Time) -> String {
    at.since(Time::ZERO).rounded()
}
