//! Why a node decides otherwise: what it heard in one of the runs and not in the other, followed
//! back to where the runs part.

use std::collections::BTreeMap;

use crate::arrange;
use crate::process::{MessageId, NodeId};
use crate::trace::{Event, EventId, EventKind, Trace};

use super::{Clause, Decision, Runs, moment, sent};

/// The most messages that are followed back, one behind the other.
const MOST_STEPS: usize = 3;

/// A message that a node heard: what it said, and when it came.
type Heard<'a> = (Option<&'a str>, EventId);

/// A message that a node hears in one run and not in the other, or with other words.
struct Otherwise<'a> {
    message: MessageId,
    before: Option<Heard<'a>>,
    after: Option<Heard<'a>>,
}

impl<'a> Runs<'a> {
    /// What the node of a changed decision hears otherwise, and what led to that; in order of time.
    /// The clause about the message `told` is left out. A node that is `stopped` hears at the same
    /// moments what it heard before, though it decides later.
    pub(super) fn heard_otherwise(
        &self,
        changed: &Decision,
        told: Option<MessageId>,
        stopped: Option<NodeId>,
    ) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let mut node = changed.node;
        let mut until = [changed.before, changed.after].map(|decision| decision.map(|(_, event)| event));
        for _ in 0..MOST_STEPS {
            let is_stopped = stopped == Some(node);
            let Some(otherwise) = self.first_otherwise(node, until, is_stopped) else {
                clauses.extend(self.forgotten(node).filter(|_| is_stopped));
                break;
            };
            if Some(otherwise.message.original()) == told.map(MessageId::original) {
                break;
            }
            clauses.push(self.clause(node, &otherwise));
            // One that was sent in both runs is the network's doing, and not the sender's.
            let began = [self.before, self.after].map(|trace| sent(trace, otherwise.message));
            let is_said_alike = matches!(began, [Some(was), Some(now)]
                if self.before.words.of(was.id) == self.after.words.of(now.id));
            // What a traitor says does not come of what it hears.
            let is_lie = [self.before, self.after].iter().any(|trace| trace.is_traitor(otherwise.message.from()));
            if is_said_alike || is_lie {
                break;
            }
            node = otherwise.message.from();
            until = began.map(|event| event.map(|event| event.id));
        }
        clauses.reverse();
        clauses
    }

    /// The first message that a node hears otherwise until it decides or speaks.
    fn first_otherwise(
        &self,
        node: NodeId,
        [before, after]: [Option<EventId>; 2],
        is_stopped: bool,
    ) -> Option<Otherwise<'a>> {
        let (before, after) = (heard(self.before, node, before), heard(self.after, node, after));
        let all = before.keys().chain(after.keys().filter(|message| !before.contains_key(message)));
        let otherwise = all.map(|&message| Otherwise {
            message,
            before: before.get(&message).copied(),
            after: after.get(&message).copied(),
        });
        // What came in another copy, or in another message of the same words, was heard.
        let says = |all: &BTreeMap<MessageId, Heard<'a>>, one: &Otherwise<'a>, words: Option<&str>| {
            all.iter().any(|(message, heard)| message.from() == one.message.from() && heard.0 == words)
        };
        let is_other = |one: &Otherwise<'a>| match (one.before, one.after) {
            (Some((was, _)), None) => !says(&after, one, was),
            (None, Some((now, event))) => {
                let at = self.after.event(event).map(|event| event.at);
                let is_moved = || arrival(self.before, one.message, now).map(|event| event.at) != at;
                !says(&before, one, now) && (!is_stopped || is_moved())
            }
            (was, now) => was.map(|(words, _)| words) != now.map(|(words, _)| words),
        };
        otherwise.filter(is_other).min_by_key(|one| one.after.or(one.before).map(|(_, event)| event))
    }

    /// That a node which is stopped and goes on has forgotten what it heard before, where it kept
    /// nothing on its disk.
    fn forgotten(&self, node: NodeId) -> Option<Clause> {
        let mut of_node = self.after.events.iter().filter(|event| event.node == Some(node));
        let earlier: Vec<&Event> = of_node.by_ref().take_while(|event| event.what != EventKind::Crashed).collect();
        let is_kept = earlier.iter().any(|event| event.what == EventKind::Wrote);
        let knows = earlier.iter().any(|event| matches!(event.what, EventKind::Delivered(_)));
        let restart = of_node.find(|event| event.what == EventKind::Restarted).filter(|_| knows && !is_kept)?;
        let says = format!("{} restarts and has forgotten what came before.", self.after.names.of(node));
        Some(Clause::of(says, None, restart.id))
    }

    fn clause(&self, node: NodeId, Otherwise { message, before, after }: &Otherwise<'_>) -> Clause {
        let names = &self.after.names;
        let (from, to) = (names.of(message.from()), names.of(node));
        let quoted = |heard: &Heard<'_>| heard.0.map_or("a message".to_owned(), |words| format!("“{words}”"));
        let says = match (before, after) {
            (Some(was), Some(now)) => format!("{to} hears {} from {from} instead of {}.", quoted(now), quoted(was)),
            (Some(was), None) => {
                // It may come after all that it could decide.
                let at = |trace, words| arrival(trace, *message, words).map(|event| moment(event.at));
                match (at(self.after, was.0), at(self.before, was.0)) {
                    (None, _) => format!("{to} no longer hears {} from {from}.", quoted(was)),
                    (now, then) if now == then => format!("{to} hears {} from {from} too late.", quoted(was)),
                    (Some(now), then) => {
                        let then = then.unwrap_or_default();
                        format!("{to} hears {} from {from} at {now} instead of {then}, too late.", quoted(was))
                    }
                }
            }
            (None, Some(now)) => match arrival(self.before, *message, now.0).map(|event| moment(event.at)) {
                None => format!("{to} now hears {} from {from}.", quoted(now)),
                Some(then) => {
                    let at = self.after.event(now.1).map(|event| moment(event.at)).unwrap_or_default();
                    let late = if at == then { String::new() } else { format!(" instead of {then}") };
                    format!("{to} hears {} from {from} at {at}{late}, now in time.", quoted(now))
                }
            },
            (None, None) => String::new(),
        };
        Clause::of(says, before.map(|(_, event)| event), after.map(|(_, event)| event))
    }
}

/// Where a message arrives, or else another one of the same sender that says the same.
fn arrival<'t>(trace: &'t Trace, message: MessageId, words: Option<&str>) -> Option<&'t Event> {
    let says_same = |event: &Event| trace.words.of(super::super::trace_lines::said(trace, event)) == words;
    let is_such = |event: &&Event| match event.what {
        EventKind::Delivered(other) => (other.from(), other.to()) == (message.from(), message.to()),
        _ => false,
    };
    let mut all = trace.events.iter().filter(is_such);
    let own = || trace.events.iter().find(|event| event.what == EventKind::Delivered(message));
    own().filter(|event| says_same(event)).or_else(|| all.find(|event| says_same(event)))
}

/// What a node hears until an event; in the whole run if there is none.
fn heard(trace: &Trace, node: NodeId, until: Option<EventId>) -> BTreeMap<MessageId, Heard<'_>> {
    let all = trace.events.iter().take_while(|event| until.is_none_or(|until| event.id < until));
    let of_node = all.filter(|event| event.node == Some(node));
    let delivered = of_node.filter_map(|event| match event.what {
        EventKind::Delivered(message) => {
            let said = super::super::trace_lines::said(trace, event);
            Some((message, (trace.words.of(said), event.id)))
        }
        _ => None,
    });
    arrange::map(delivered)
}
