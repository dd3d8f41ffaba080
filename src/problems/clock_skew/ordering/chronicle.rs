//! The events of a workload as a trace tells of them, one after the other, and what happened before
//! each.

use std::collections::BTreeMap;

use crate::check::Run;
use crate::process::{MessageId, NodeId, Value};
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind};

use super::{RECEIVE, SEND};

/// An event of the protocol.
#[derive(Clone, Debug)]
pub(in super::super) struct Happening {
    pub(in super::super) node: NodeId,
    /// The note that says so.
    pub(in super::super) note: EventId,
    pub(in super::super) at: Time,
    kind: &'static str,
    pub(in super::super) stamp: Vec<i64>,
    /// What was sent or received.
    message: Option<MessageId>,
    /// How many of each node's events are itself or happened before it.
    pub(super) known: Vec<usize>,
}

impl Happening {
    /// The event in words: `the sending of alice:bob:2 at 31ms`.
    pub(in super::super) fn told(&self, run: &Run<'_>) -> String {
        let (who, at) = (run.name(self.node), self.at.since(Time::ZERO).rounded());
        let message = self.message.map_or("a message".to_owned(), |message| run.trace.names.message(message));
        match self.kind {
            SEND => format!("the sending of {message} at {at}"),
            RECEIVE => format!("the receipt of {message} at {at}"),
            _ => format!("{who}'s local event at {at}"),
        }
    }
}

/// An event with those that came right before it.
#[derive(Debug)]
pub(in super::super) struct Entry {
    pub(in super::super) event: Happening,
    /// The event before it on its node.
    pub(in super::super) before: Option<Happening>,
    /// The sending of what it receives.
    pub(super) sending: Option<Happening>,
}

/// Puts a run's events together from their notes. It remembers the last event of each node, and the
/// sending of every message that may still arrive.
#[derive(Debug, Default)]
pub(in super::super) struct Chronicle {
    count: usize,
    /// The event whose notes are being read: a handler leaves them all before anything else
    /// happens.
    open: Option<Happening>,
    /// The sending of what the open event receives.
    sending: Option<Happening>,
    last: Vec<Option<Happening>>,
    /// What arrived at each node and is not handled yet, with its sending.
    arrived: Vec<Option<(MessageId, Option<Happening>)>>,
    /// Messages under way: how many copies, and their sending.
    under_way: BTreeMap<MessageId, (u32, Option<Happening>)>,
}

impl Chronicle {
    /// How many events there were.
    pub(in super::super) const fn count(&self) -> usize {
        self.count
    }

    /// What each node knows of the others' events, and what messages under way may yet tell.
    pub(super) fn knowledge(&self) -> impl Iterator<Item = &[usize]> {
        let last = self.last.iter().flatten();
        let arrived = self.arrived.iter().flatten().filter_map(|(_, sending)| sending.as_ref());
        let under_way = self.under_way.values().filter_map(|(_, sending)| sending.as_ref());
        last.chain(arrived).chain(under_way).chain(&self.open).map(|event| event.known.as_slice())
    }

    /// Takes in an event of the trace. Returns the event of the protocol that is now complete, if
    /// one is.
    pub(in super::super) fn see(&mut self, event: &Event, run: &Run<'_>) -> Option<Entry> {
        let node = event.node?;
        self.last.resize(run.trace.names.count(), None);
        self.arrived.resize(run.trace.names.count(), None);
        match event.what {
            EventKind::Noted(note) => match (note.name, note.value) {
                ("event", Value::Word(kind)) => {
                    let complete = self.complete();
                    self.begin(kind, node, event);
                    complete
                }
                ("stamp", Value::Number(number)) => {
                    self.open.as_mut()?.stamp.push(number);
                    None
                }
                _ => None,
            },
            EventKind::Sent { message, .. } => {
                self.open.as_mut()?.message = Some(message);
                self.under_way.insert(message, (1, self.open.clone()));
                self.complete()
            }
            EventKind::Copied(copy) => {
                self.under_way.entry(copy.original()).and_modify(|(copies, _)| *copies += 1);
                None
            }
            EventKind::Delivered(message) => {
                let complete = self.complete();
                let sending = self.under_way.get(&message.original()).and_then(|(_, sending)| sending.clone());
                self.arrived[node.index()] = Some((message.original(), sending));
                self.ends(message.original());
                complete
            }
            // What had arrived and was not yet handled is gone with the memory.
            EventKind::Crashed => {
                self.arrived[node.index()] = None;
                None
            }
            what if what.is_fate() => {
                self.ends(what.message()?.original());
                None
            }
            _ => None,
        }
    }

    /// One copy of a message has come to its end.
    fn ends(&mut self, message: MessageId) {
        if let Some((copies, _)) = self.under_way.get_mut(&message) {
            *copies = copies.saturating_sub(1);
            if *copies == 0 {
                self.under_way.remove(&message);
            }
        }
    }

    fn begin(&mut self, kind: &'static str, node: NodeId, event: &Event) {
        let received = self.arrived[node.index()].take().filter(|_| kind == RECEIVE);
        let (message, sending) = received.map_or((None, None), |(message, sending)| (Some(message), sending));
        let mut known = match &self.last[node.index()] {
            Some(before) => before.known.clone(),
            None => vec![0; self.last.len()],
        };
        if let Some(sending) = &sending {
            known.iter_mut().zip(&sending.known).for_each(|(own, sent)| *own = (*own).max(*sent));
        }
        known[node.index()] += 1;
        self.count += 1;
        self.sending = sending;
        self.open = Some(Happening { node, note: event.id, at: event.at, kind, stamp: Vec::new(), message, known });
    }

    /// The event whose notes were being read, if there was one: all notes of its handler have been
    /// read.
    pub(in super::super) fn complete(&mut self) -> Option<Entry> {
        let event = self.open.take()?;
        let sending = self.sending.take();
        let before = self.last[event.node.index()].replace(event.clone());
        Some(Entry { event, before, sending })
    }
}
