//! A trace, sorted once: by orders, by messages and by nodes. What is asked of it afterwards takes
//! as long as what is known of one order, never as long as the trace.

use crate::arrange::Arrange;
use crate::check::Run;
use crate::process::{MessageId, NodeId};
use crate::trace::{Event, EventId, EventKind, Trace};

use super::super::tally::order_of;

/// The outputs and notes whose value is the number of an order. There are others, whose value is a
/// total, or the number of a checkpoint.
const ABOUT_ORDERS: &[&str] = &[
    "asked",
    "ordered",
    "sent",
    "received",
    "processed",
    "charged",
    "recorded",
    "forgotten",
    "ignored",
    "acknowledging",
    "acknowledged",
    "committing",
    "committed",
    "gave-up",
    "aborted",
    "fenced",
    "renumbered",
    "rewound",
];

/// What a trace says, sorted.
pub(super) struct Index<'a> {
    pub(super) run: Run<'a>,
    /// By order.
    steps: Vec<Vec<Step>>,
    /// The notes that stand before a message, with the event of its sending.
    spoken: Vec<(EventId, EventId)>,
    /// How the way of a message ended, by the event with which it began.
    fates: Vec<Option<EventId>>,
    /// The events with which the network made a copy, by that of the original's sending.
    copied: Vec<(EventId, EventId)>,
    /// Where each event's causes end: at the restart that they go back to, or at the first of them.
    roots: Vec<EventId>,
    /// By node.
    strikes: Vec<Strikes>,
}

/// An output or a note about an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) event: EventId,
    pub(super) node: NodeId,
}

/// What happened to a node, each list in the order of the events.
#[derive(Default)]
struct Strikes {
    crashes: Vec<EventId>,
    pauses: Vec<EventId>,
    resumptions: Vec<EventId>,
    /// Messages to it that did not come.
    missed: Vec<EventId>,
}

/// The least event of a sorted list that comes after another.
fn next_after(events: &[EventId], event: EventId) -> Option<EventId> {
    events.get(events.partition_point(|&other| other <= event)).copied()
}

/// The greatest event of a sorted list that comes before another.
fn last_before(events: &[EventId], event: EventId) -> Option<EventId> {
    events[..events.partition_point(|&other| other < event)].last().copied()
}

impl<'a> Index<'a> {
    pub(super) fn new(run: &Run<'a>) -> Index<'a> {
        let events = &run.trace.events;
        let mut index = Index {
            run: *run,
            steps: Vec::new(),
            spoken: spoken(run.trace),
            fates: vec![None; events.len()],
            copied: Vec::new(),
            roots: Vec::with_capacity(events.len()),
            strikes: std::iter::repeat_with(Strikes::default).take(run.trace.names.count()).collect(),
        };
        events.iter().for_each(|event| index.take_in(event));
        index
    }

    fn take_in(&mut self, event: &Event) {
        let root = match event.cause {
            Some(cause) if event.what != EventKind::Restarted => self.roots.get(cause.number() as usize).copied(),
            _ => None,
        };
        self.roots.push(root.unwrap_or(event.id));
        if let (Some(cause), true) = (event.cause, event.what.is_fate()) {
            self.fates[cause.number() as usize].get_or_insert(event.id);
            if let (Some(message), false) = (event.what.message(), matches!(event.what, EventKind::Delivered(_))) {
                self.strikes[message.to().index()].missed.push(event.id);
            }
        }
        let Some(node) = event.node else { return };
        let strikes = &mut self.strikes[node.index()];
        match event.what {
            EventKind::Crashed => strikes.crashes.push(event.id),
            EventKind::Paused => strikes.pauses.push(event.id),
            EventKind::Resumed => strikes.resumptions.push(event.id),
            EventKind::Copied(_) => self.copied.extend(event.cause.map(|sent| (sent, event.id))),
            EventKind::Output(said) | EventKind::Noted(said) if ABOUT_ORDERS.contains(&said.name) => {
                let Some(order) = order_of(said, said.name) else { return };
                if order as usize >= self.steps.len() {
                    self.steps.resize(order as usize + 1, Vec::new());
                }
                self.steps[order as usize].push(Step { name: said.name, event: event.id, node });
            }
            _ => {}
        }
    }

    pub(super) fn event(&self, id: EventId) -> Option<&'a Event> {
        self.run.trace.event(id)
    }

    /// All that was said about an order.
    pub(super) fn steps(&self, order: u32) -> &[Step] {
        self.steps.get(order as usize).map_or(&[], Vec::as_slice)
    }

    /// What was said about an order under a name.
    pub(super) fn named(&self, order: u32, name: &'static str) -> impl DoubleEndedIterator<Item = Step> {
        self.steps(order).iter().copied().filter(move |step| step.name == name)
    }

    /// The first crash of a node after an event.
    pub(super) fn crash_after(&self, node: NodeId, event: EventId) -> Option<EventId> {
        next_after(&self.strikes[node.index()].crashes, event)
    }

    /// The last crash of a node before an event.
    pub(super) fn crash_before(&self, node: NodeId, event: EventId) -> Option<EventId> {
        last_before(&self.strikes[node.index()].crashes, event)
    }

    /// The crashes of a node between two events, in order.
    pub(super) fn crashes_between(&self, node: NodeId, from: EventId, to: EventId) -> &[EventId] {
        let crashes = &self.strikes[node.index()].crashes;
        let (from, to) =
            (crashes.partition_point(|&event| event <= from), crashes.partition_point(|&event| event < to));
        crashes.get(from..to).unwrap_or_default()
    }

    /// The first pause of a node after an event that ends before another: its beginning and its
    /// end.
    pub(super) fn pause_between(&self, node: NodeId, from: EventId, to: EventId) -> Option<(EventId, EventId)> {
        let strikes = &self.strikes[node.index()];
        let paused = next_after(&strikes.pauses, from)?;
        let resumed = next_after(&strikes.resumptions, paused)?;
        (resumed < to).then_some((paused, resumed))
    }

    /// The last message to a node that did not come, before an event.
    pub(super) fn missed_before(&self, node: NodeId, event: EventId) -> Option<EventId> {
        last_before(&self.strikes[node.index()].missed, event)
    }

    /// The event to which an event goes back, over all messages that led to it: a restart, or the
    /// first of all causes.
    pub(super) fn root(&self, event: EventId) -> Option<&'a Event> {
        self.event(*self.roots.get(event.number() as usize)?)
    }

    /// The message that a note speaks of, and its sending.
    pub(super) fn message_after(&self, note: Step) -> Option<(&'a Event, MessageId)> {
        let at = self.spoken.binary_search_by_key(&note.event, |&(note, _)| note).ok()?;
        let sent = self.event(self.spoken[at].1)?;
        Some((sent, sent.what.message()?))
    }

    /// How the way of a message ended, which began with this event.
    pub(super) fn fate(&self, sent: EventId) -> Option<&'a Event> {
        self.event((*self.fates.get(sent.number() as usize)?)?)
    }

    /// The delivery that an event goes back to.
    pub(super) fn arrival_before(&self, event: EventId) -> Option<&'a Event> {
        let mut event = self.event(event)?;
        loop {
            event = self.event(event.cause?)?;
            if matches!(event.what, EventKind::Delivered(_)) {
                return Some(event);
            }
        }
    }

    /// The other delivery of a message that the network doubled, if it came before this one.
    pub(super) fn twin(&self, arrival: &Event) -> Option<&'a Event> {
        let began = self.event(arrival.cause?)?;
        let other = match began.what {
            EventKind::Copied(_) => began.cause?,
            _ => self.copied[self.copied.binary_search_by_key(&began.id, |&(sent, _)| sent).ok()?].1,
        };
        self.fate(other).filter(|twin| matches!(twin.what, EventKind::Delivered(_)) && twin.id < arrival.id)
    }
}

/// The notes that stand right before a message which they speak of, each with the event of its
/// sending: several of the same name may speak of one. A note after which the node does anything
/// else speaks of none.
pub(in super::super) fn spoken(trace: &Trace) -> Vec<(EventId, EventId)> {
    let mut spoken = Vec::new();
    let mut pending: Vec<Vec<&Event>> = vec![Vec::new(); trace.names.count()];
    for event in &trace.events {
        let Some(node) = event.node else { continue };
        let pending = &mut pending[node.index()];
        match event.what {
            EventKind::Noted(note) => {
                if pending
                    .last()
                    .is_some_and(|last| !matches!(last.what, EventKind::Noted(other) if other.name == note.name))
                {
                    pending.clear();
                }
                pending.push(event);
            }
            EventKind::Sent { .. } => {
                let of_it = pending.drain(..).filter(|note| note.cause == event.cause);
                spoken.extend(of_it.map(|note| (note.id, event.id)));
            }
            _ => pending.clear(),
        }
    }
    spoken.arrange();
    spoken
}
