//! The first difference of two runs that people can see: something that a node says, hears or tells
//! in one of them and not in the other, or at another time.

use std::collections::BTreeMap;

use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Trace};

use super::{Clause, Runs};
use crate::view::text;

/// An event that people can see, as it is told: what a node does, and what with.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Deed {
    node: NodeId,
    says: String,
}

/// One thing that a node does in one run and not in the other, as it is told.
enum Difference {
    /// It is done so many times in the one run and so many in the other, at the same moment.
    Counted([usize; 2]),
    /// It is done at another moment.
    Moved(EventId, Time),
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

    fn gone(&self, was: &Event, deed: &Deed, how: &Difference) -> Clause {
        let name = self.before.names.of(deed.node);
        match how {
            Difference::Moved(now, at) => self.moved((was.id, was.at), (*now, *at), deed),
            Difference::Counted([was_times, times]) => self.counted(was, [*was_times, *times], deed),
            Difference::Alone => {
                Clause::of(format!("At {}, {name} no longer {}.", moment(was.at), deed.says), was.id, None)
            }
        }
    }

    fn begun(&self, now: &Event, deed: &Deed, how: &Difference) -> Clause {
        let name = self.after.names.of(deed.node);
        match how {
            Difference::Moved(was, at) => self.moved((*was, *at), (now.id, now.at), deed),
            Difference::Counted([times, was_times]) => self.counted(now, [*was_times, *times], deed),
            Difference::Alone => Clause::of(format!("At {}, {name} now {}.", moment(now.at), deed.says), None, now.id),
        }
    }

    fn moved(&self, was: (EventId, Time), now: (EventId, Time), deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let says = format!("{name} {} at {} instead of {}.", deed.says, moment(now.1), moment(was.1));
        Clause::of(says, was.0, now.0)
    }

    fn counted(&self, event: &Event, [was, now]: [usize; 2], deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let says = format!("At {}, {name} {} {} instead of {}.", moment(event.at), deed.says, times(now), times(was));
        // Both runs have it: the page points at the moment in the changed one.
        let at = |trace: &Trace| of_moment(trace, event.at).find(|one| does(trace, one, deed)).map(|one| one.id);
        Clause::of(says, at(self.before), at(self.after))
    }
}

fn times(count: usize) -> String {
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
        let at = moment[0].at;
        let (ours, theirs) = (counted(here, moment.iter()), counted(there, of_moment(there, at)));
        moment.iter().find_map(|event| {
            let deed = deed(here, event, decisions)?;
            let count = |counts: &BTreeMap<Deed, usize>| counts.get(&deed).copied().unwrap_or_default();
            let how = match (count(&ours), count(&theirs)) {
                (ours, theirs) if ours == theirs => return None,
                (ours, theirs) if theirs > 0 => Difference::Counted([ours, theirs]),
                _ => elsewhere(here, there, at, &deed)
                    .map_or(Difference::Alone, |event| Difference::Moved(event.id, event.at)),
            };
            Some((event, deed, how))
        })
    })
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
    let says = match event.what {
        EventKind::Sent { message, .. } => format!("sends {} to {}", quoted(), trace.names.of(message.to())),
        EventKind::Delivered(message) => format!("hears {} from {}", quoted(), trace.names.of(message.from())),
        EventKind::Output(output) if !elsewhere.contains(&output.name) => {
            format!("tells the user: {} {}", output.name, output.value)
        }
        _ => return None,
    };
    Some(Deed { node, says })
}

/// A moment of true time, rounded for people.
pub(super) fn moment(at: Time) -> String {
    at.since(Time::ZERO).rounded()
}
