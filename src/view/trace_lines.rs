//! A trace as JSON lines: one object an event, for tools that read traces.
//!
//! Every line has `id`, `at` (nanoseconds of true time), `node` (null for what concerns the
//! network), `what` (the kind, a word), `message` (its name, null for what is about none) and
//! `cause` (the event without which this one would not be). What else there is depends on the kind;
//! a name always means the same.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::process::facts::in_words;
use crate::trace::{Event, EventId, EventKind, Trace};

/// Writes every event of the trace, one a line.
///
/// # Errors
///
/// Those of the writer.
pub fn write(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    for event in &trace.events {
        serde_json::to_writer(&mut *out, &Line { trace, event })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One event as an object.
struct Line<'a> {
    trace: &'a Trace,
    event: &'a Event,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Line { trace, event } = *self;
        let message = event.what.message();
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("id", &event.id.number())?;
        line.serialize_entry("at", &event.at.ns())?;
        line.serialize_entry("node", &event.node.map(|node| trace.names.of(node)))?;
        line.serialize_entry("what", event.what.word())?;
        line.serialize_entry("message", &message.map(|id| trace.names.message(id)))?;
        line.serialize_entry("cause", &event.cause)?;
        if let Some(message) = message {
            line.serialize_entry("copy", &message.is_copy())?;
        }
        match event.what {
            EventKind::Sent { lie, .. } => line.serialize_entry("lie", &lie)?,
            EventKind::Withheld(_) => line.serialize_entry("lie", &true)?,
            EventKind::Lost { after, .. } => line.serialize_entry("after", &after.ns())?,
            EventKind::Output(output) | EventKind::Noted(output) => {
                line.serialize_entry("name", output.name)?;
                line.serialize_entry("value", &output.value)?;
            }
            EventKind::Passed { point, nth } => {
                line.serialize_entry("point", point)?;
                line.serialize_entry("nth", &nth)?;
            }
            EventKind::ClockStepped(by) | EventKind::ClockSlewed(by) => line.serialize_entry("by", &by.ns())?,
            EventKind::ClockDrifted(ppb) => line.serialize_entry("ppb", &ppb)?,
            EventKind::WritesLost { writes, all } => {
                line.serialize_entry("writes", &writes)?;
                line.serialize_entry("all", &all)?;
            }
            EventKind::Partitioned(index) | EventKind::Healed(index) => line.serialize_entry("partition", &index)?,
            _ => {}
        }
        // A message's words are those with which it was sent, wherever on its way it is met.
        let said = said(trace, event);
        for (key, text) in [("words", trace.words.of(said)), ("truth", trace.truths.of(said))] {
            if let Some(text) = text {
                line.serialize_entry(key, text)?;
            }
        }
        if let Some(facts) = trace.states.of(event.id) {
            line.serialize_entry("state", &in_words(facts, &trace.names))?;
            line.serialize_entry("facts", facts)?;
        }
        line.end()
    }
}

/// The event that holds the words of the message that `event` is about: its sending. Itself for any
/// other event.
pub(super) fn said(trace: &Trace, event: &Event) -> EventId {
    let mut found = event;
    while found.what.message().is_some() && !matches!(found.what, EventKind::Sent { .. } | EventKind::Withheld(_)) {
        match found.cause.and_then(|cause| trace.event(cause)) {
            Some(cause) => found = cause,
            None => break,
        }
    }
    found.id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Facts, MessageId, Names, NodeId, Output, Value};
    use crate::time::{Span, Time};

    #[test]
    fn every_kind_of_event_keeps_its_keys() {
        let mut trace = Trace::new(Names::new(["alice", "bob"]));
        let (alice, bob) = (Some(NodeId::new(0)), Some(NodeId::new(1)));
        let message = MessageId::first(NodeId::new(0), NodeId::new(1), 1);
        let copy = message.copy();
        let output = Output { name: "decision", value: Value::Word("attack") };
        let mut push = |node, cause: Option<u32>, what| {
            let cause = cause.map(EventId::new);
            trace.push(Time::from_ns(5), node, cause, what)
        };
        push(alice, None, EventKind::Traitor);
        push(alice, None, EventKind::Started);
        let sent = push(alice, Some(1), EventKind::Sent { message, lie: true });
        push(alice, Some(2), EventKind::Copied(copy));
        push(bob, Some(2), EventKind::Delivered(message));
        push(bob, Some(3), EventKind::Corrupted(copy));
        push(alice, Some(2), EventKind::Lost { message, after: Span::from_ns(7) });
        push(alice, Some(1), EventKind::Withheld(message));
        let timer = push(bob, None, EventKind::TimerFired);
        push(bob, Some(8), EventKind::Output(output));
        push(bob, Some(8), EventKind::Noted(Output { name: "n", value: Value::Number(3) }));
        push(bob, Some(8), EventKind::Passed { point: "charged", nth: 2 });
        push(bob, None, EventKind::ClockStepped(Span::from_ns(-9)));
        push(bob, None, EventKind::ClockDrifted(50));
        push(None, None, EventKind::Partitioned(0));
        trace.words.push(sent, &"attack");
        trace.words.push(timer, &"end of round 1");
        trace.truths.push(sent, &"retreat");
        let mut facts = Facts::default();
        let told = facts.renew(crate::process::facts::tests::every_kind).unwrap_or_default();
        trace.states.push(timer, told);
        let mut lines = Vec::new();
        write(&trace, &mut lines).unwrap();
        insta::assert_snapshot!(String::from_utf8(lines).unwrap());
    }
}
