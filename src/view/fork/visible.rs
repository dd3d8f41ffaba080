//! The first difference of two runs that people can see: something that a node says, hears or tells
//! in one of them and not in the other, or at another time.

use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{Event, EventKind, Trace};

use super::{Clause, Runs};
use crate::view::text;

/// An event that people can see, as it is told: what a node does, and what with.
#[derive(PartialEq, Eq)]
struct Deed {
    node: NodeId,
    says: String,
}

impl Runs<'_> {
    /// The first visible difference from the event of this number on, decisions left aside; `None`
    /// if all that nodes say, hear and tell is the same.
    pub(super) fn visible(&self, parting: usize, decisions: &[&str]) -> Option<Clause> {
        let only = |here: &Trace, there: &Trace| {
            let mut seen = here.events.iter().skip(parting);
            seen.find_map(|event| {
                deed(here, event, decisions).filter(|one| !has(there, parting, event.at, one)).map(|one| (*event, one))
            })
        };
        let gone = only(self.before, self.after);
        let new = only(self.after, self.before);
        match (gone, new) {
            (Some((was, gone)), Some((now, new))) if gone == new => Some(self.moved(&was, &now, &new)),
            (Some((was, gone)), new) if new.as_ref().is_none_or(|(now, _)| was.at < now.at) => {
                Some(self.gone(&was, &gone))
            }
            (_, Some((now, new))) => Some(self.begun(&now, &new)),
            (_, None) => None,
        }
    }

    fn moved(&self, was: &Event, now: &Event, deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        let says = format!("{name} {} at {} instead of {}.", deed.says, moment(now.at), moment(was.at));
        Clause::of(says, was.id, now.id)
    }

    fn gone(&self, was: &Event, deed: &Deed) -> Clause {
        let name = self.before.names.of(deed.node);
        Clause::of(format!("At {}, {name} no longer {}.", moment(was.at), deed.says), was.id, None)
    }

    fn begun(&self, now: &Event, deed: &Deed) -> Clause {
        let name = self.after.names.of(deed.node);
        Clause::of(format!("At {}, {name} now {}.", moment(now.at), deed.says), None, now.id)
    }
}

/// Whether a node does the same at the same time in another run.
fn has(trace: &Trace, parting: usize, at: Time, one: &Deed) -> bool {
    let from = trace.events.partition_point(|event| event.at < at).max(parting);
    let same = trace.events[from.min(trace.events.len())..].iter().take_while(|event| event.at == at);
    same.filter_map(|event| deed(trace, event, &[])).any(|other| other == *one)
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
            format!("tells its user: {} {}", output.name, output.value)
        }
        _ => return None,
    };
    Some(Deed { node, says })
}

/// A moment of true time, rounded for people.
pub(super) fn moment(at: Time) -> String {
    at.since(Time::ZERO).rounded()
}
